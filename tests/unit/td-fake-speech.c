/* td-fake-speech.c: a speech server that writes down what it is told, for tests.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-fake-speech.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>

struct TdFakeSpeech
{
  char *path;
  TdFakeManner manner;
  guint delay_ms;
  GSocket *listener;
  GCancellable *end;
  pthread_t thread;
  pthread_mutex_t mutex;
  GString *log;
};

static char *
socket_path (const char *folder)
{
  return g_build_filename (folder, "speechd.sock", NULL);
}

char *
td_fake_speech_address (const char *folder)
{
  g_autofree char *path = socket_path (folder);
  return g_strconcat ("unix_socket:", path, NULL);
}

static const char *
answer_to (TdFakeSpeech *self, const char *line, gboolean *in_text)
{
  if (*in_text)
    {
      if (strcmp (line, ".") != 0)
        return NULL;
      *in_text = FALSE;
      return "225-17\r\n225 OK MESSAGE QUEUED\r\n";
    }
  if (strcmp (line, "SPEAK") == 0)
    {
      if (self->manner == TD_FAKE_REFUSES)
        return "300 ERR INTERNAL\r\n";
      *in_text = TRUE;
      return "230 OK RECEIVING DATA\r\n";
    }
  return strcmp (line, "CANCEL SELF") == 0 ? "210 OK CANCELED\r\n" : "200 OK\r\n";
}

static void
serve (TdFakeSpeech *self, GSocket *client)
{
  g_autoptr (GSocketConnection) connection = g_socket_connection_factory_create_connection (client);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) in
      = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  gboolean in_text = FALSE;

  g_data_input_stream_set_newline_type (in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (in, NULL, self->end, NULL);
      if (!line)
        return;
      pthread_mutex_lock (&self->mutex);
      g_string_append_printf (self->log, "%s|", line);
      pthread_mutex_unlock (&self->mutex);
      const char *answer = self->manner == TD_FAKE_MUTE ? NULL : answer_to (self, line, &in_text);
      if (!answer)
        continue;
      g_usleep (self->delay_ms * 1000);
      if (!g_output_stream_write_all (out, answer, strlen (answer), NULL, self->end, NULL))
        return;
    }
}

static void *
run (void *data)
{
  TdFakeSpeech *self = data;

  /* One client after the other. */
  for (;;)
    {
      g_autoptr (GSocket) client = g_socket_accept (self->listener, self->end, NULL);
      if (!client)
        return NULL;
      serve (self, client);
    }
}

TdFakeSpeech *
td_fake_speech_new (const char *folder, TdFakeManner manner, guint delay_ms)
{
  TdFakeSpeech *self = g_new0 (TdFakeSpeech, 1);
  g_autoptr (GError) error = NULL;

  self->path = socket_path (folder);
  self->manner = manner;
  self->delay_ms = delay_ms;
  self->log = g_string_new (NULL);
  self->end = g_cancellable_new ();
  pthread_mutex_init (&self->mutex, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);
  self->listener = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_no_error (error);
  g_socket_bind (self->listener, address, FALSE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->listener, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pthread_create (&self->thread, NULL, run, self), ==, 0);
  return self;
}

void
td_fake_speech_free (TdFakeSpeech *self)
{
  g_cancellable_cancel (self->end);
  pthread_join (self->thread, NULL);
  g_socket_close (self->listener, NULL);
  g_unlink (self->path);
  g_object_unref (self->listener);
  g_object_unref (self->end);
  pthread_mutex_destroy (&self->mutex);
  g_string_free (self->log, TRUE);
  g_free (self->path);
  g_free (self);
}

char *
td_fake_speech_log (TdFakeSpeech *self)
{
  pthread_mutex_lock (&self->mutex);
  char *log = g_strdup (self->log->str);
  pthread_mutex_unlock (&self->mutex);
  return log;
}

static guint
count (const char *log, const char *text)
{
  guint n = 0;
  for (const char *at = strstr (log, text); at; at = strstr (at + 1, text))
    n++;
  return n;
}

gboolean
td_fake_speech_wait (TdFakeSpeech *self, const char *text, guint times)
{
  for (int i = 0; i < 500; i++)
    {
      g_autofree char *log = td_fake_speech_log (self);
      if (count (log, text) >= times)
        return TRUE;
      g_usleep (10000);
    }
  return FALSE;
}
