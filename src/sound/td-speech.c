/* td-speech.c: has speech-dispatcher say short texts, at once or never.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-speech.h"

#include "td-delays.h"
#include "td-monitor.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <math.h>
#include <string.h>

/* A later number would be taken for that of the next repetition. */
#define TOO_LATE_US (700 * G_TIME_SPAN_MILLISECOND)
/* A server that is busy starting answers late. */
#define GREETING_PATIENCE_US (2 * G_TIME_SPAN_SECOND)
/* One that takes texts answers within a millisecond or two. */
#define ANSWER_PATIENCE_US (400 * G_TIME_SPAN_MILLISECOND)
#define SPAWN_PATIENCE_US (5 * G_TIME_SPAN_SECOND)
#define SPAWN_RETRY_US (60 * G_TIME_SPAN_SECOND)
/* After no server, and after one that does not answer. */
#define ABSENT_RETRY_US (2 * G_TIME_SPAN_SECOND)
#define MUTE_RETRY_US (60 * G_TIME_SPAN_SECOND)
/* While a server is being waited for, a text becomes a beep. */
#define HURRY_US (100 * G_TIME_SPAN_MILLISECOND)
#define SLICE_US (50 * G_TIME_SPAN_MILLISECOND)
#define LINGER_US (5 * G_TIME_SPAN_SECOND)
/* Of one answer. */
#define MAX_ANSWER 65536

typedef struct
{
  char *text;
  TdBeep instead;
  gint64 asked_us;
  gint64 since_ns;
  gboolean again; /* the server was gone at the first try */
} Text;

struct TdSpeech
{
  char *path; /* of the socket; NULL: no server that can be reached */
  gboolean spawn;
  TdSpeechFailed failed;
  gpointer data;
  pthread_t thread;
  gboolean has_thread;

  TdMonitor monitor; /* of all below, to the blank line */
  gboolean quit;
  gboolean wanted, connect_asked;
  gint64 linger_until_us;
  Text waiting; /* text NULL: none */
  char *language;
  int volume; /* SSIP's, -100..100 */
  gboolean muted;
  gboolean connected;
  guint n_said, n_dropped, n_failed;

  /* Of the thread. */
  GSocket *socket; /* NULL: not connected */
  GString *received;
  char *set_language; /* what the server knows */
  int set_volume;
  gint64 retry_us, spawn_retry_us;
  gboolean told; /* that there is no server */

  TdDelays to_server, since_to_server;
};

static void
text_clear (Text *text)
{
  g_clear_pointer (&text->text, g_free);
}

/* --- The socket --------------------------------------------------------------------------- */

static char *
usual_path (void)
{
  return g_build_filename (g_get_user_runtime_dir (), "speech-dispatcher", "speechd.sock", NULL);
}

/* The socket's path in ADDRESS, as its own library reads it, or NULL. */
static char *
path_of (const char *address)
{
  if (strcmp (address, "unix_socket") == 0)
    return usual_path ();
  if (g_str_has_prefix (address, "unix_socket:"))
    return g_strdup (address + strlen ("unix_socket:"));
  g_debug ("no voice: %s is no server on this machine", address);
  return NULL;
}

static void
disconnect (TdSpeech *self)
{
  g_clear_object (&self->socket);
  g_string_truncate (self->received, 0);
  g_clear_pointer (&self->set_language, g_free);
  td_monitor_lock (&self->monitor);
  self->connected = FALSE;
  td_monitor_unlock (&self->monitor);
}

static gboolean
is_quitting (TdSpeech *self)
{
  td_monitor_lock (&self->monitor);
  gboolean quit = self->quit;
  td_monitor_unlock (&self->monitor);
  return quit;
}

/* Who waits for a server must not keep the user waiting. */
static void
give_up_waiting_text (TdSpeech *self)
{
  Text text = { 0 };

  td_monitor_lock (&self->monitor);
  if (self->waiting.text && g_get_monotonic_time () - self->waiting.asked_us > HURRY_US)
    {
      text = self->waiting;
      self->waiting = (Text){ 0 };
      self->n_failed++;
    }
  td_monitor_unlock (&self->monitor);
  if (text.text)
    self->failed (text.instead, text.since_ns, self->data);
  text_clear (&text);
}

/* FALSE: the server is gone, or too slow. */
static gboolean
wait_for (TdSpeech *self, GIOCondition condition, gint64 until_us, gboolean greeting)
{
  for (;;)
    {
      gint64 left_us = until_us - g_get_monotonic_time ();
      if (left_us <= 0 || is_quitting (self))
        return FALSE;
      if (g_socket_condition_timed_wait (self->socket, condition, MIN (left_us, SLICE_US), NULL,
                                         NULL))
        return TRUE;
      if (greeting)
        give_up_waiting_text (self);
    }
}

static gboolean
send_all (TdSpeech *self, const char *bytes, gint64 until_us, gboolean greeting)
{
  gsize left = strlen (bytes);

  while (left > 0)
    {
      g_autoptr (GError) error = NULL;
      gssize n = g_socket_send (self->socket, bytes, left, NULL, &error);
      if (n > 0)
        {
          bytes += n;
          left -= (gsize) n;
        }
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)
               || !wait_for (self, G_IO_OUT, until_us, greeting))
        return FALSE;
    }
  return TRUE;
}

/* Moves one line out of what was received. */
static gboolean
take_line (TdSpeech *self, char **line)
{
  char *end = memchr (self->received->str, '\n', self->received->len);

  if (!end)
    return FALSE;
  gssize length = end - self->received->str;
  *line = g_strchomp (g_strndup (self->received->str, (gsize) length));
  g_string_erase (self->received, 0, length + 1);
  return TRUE;
}

/* The code of the next answer ("225-17", then "225 OK MESSAGE QUEUED"), or 0: there is no server
 * any more. */
static int
receive (TdSpeech *self, gint64 until_us, gboolean greeting)
{
  for (;;)
    {
      g_autofree char *line = NULL;
      if (take_line (self, &line))
        {
          if (strlen (line) < 3 || !g_ascii_isdigit (line[0]))
            return 0;
          /* A code that begins with 7 tells of an event, and is no answer. */
          if (line[3] != '-' && line[0] != '7')
            return atoi (line);
          continue;
        }

      char bytes[512];
      g_autoptr (GError) error = NULL;
      gssize n = g_socket_receive (self->socket, bytes, sizeof bytes, NULL, &error);
      if (n > 0 && self->received->len + (gsize) n < MAX_ANSWER)
        g_string_append_len (self->received, bytes, n);
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)
               || !wait_for (self, G_IO_IN, until_us, greeting))
        return 0;
    }
}

/* Sends LINE, a whole one, and waits for the answer: its code, or 0. */
static int
ask (TdSpeech *self, const char *line, gboolean greeting)
{
  gint64 until_us
      = g_get_monotonic_time () + (greeting ? GREETING_PATIENCE_US : ANSWER_PATIENCE_US);

  return send_all (self, line, until_us, greeting) ? receive (self, until_us, greeting) : 0;
}

static gboolean
is_yes (int code)
{
  return code >= 200 && code < 300;
}

/* --- The server --------------------------------------------------------------------------- */

static gboolean
open_socket (TdSpeech *self)
{
  g_autoptr (GSocket) socket
      = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);

  if (!socket)
    return FALSE;
  /* A full queue of a server that takes nobody is an error then, and not a wait. */
  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_connect (socket, address, NULL, NULL))
    return FALSE;
  self->socket = g_steal_pointer (&socket);
  return TRUE;
}

/* The server ends by itself, so nobody looks after it. */
static gboolean
spawn_server (TdSpeech *self)
{
  const char *argv[] = { "speech-dispatcher", "--spawn", NULL };
  gint64 until_us = g_get_monotonic_time () + SPAWN_PATIENCE_US;

  if (!self->spawn || g_get_monotonic_time () < self->spawn_retry_us)
    return FALSE;
  self->spawn_retry_us = g_get_monotonic_time () + SPAWN_RETRY_US;
  if (!g_spawn_async (NULL, (char **) argv, NULL,
                      G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                      NULL, NULL, NULL, NULL))
    return FALSE;
  while (!is_quitting (self) && g_get_monotonic_time () < until_us)
    {
      if (open_socket (self))
        return TRUE;
      give_up_waiting_text (self);
      td_monitor_lock (&self->monitor);
      if (!self->quit)
        td_monitor_wait (&self->monitor, g_get_monotonic_time () + SLICE_US);
      td_monitor_unlock (&self->monitor);
    }
  return FALSE;
}

/* Says who is speaking. What is said with this priority waits for nobody and is cut short by
 * nobody but us. */
static gboolean
greet (TdSpeech *self)
{
  g_autofree char *name
      = g_strdup_printf ("SET SELF CLIENT_NAME %s:teardrop:coach\r\n", g_get_user_name ());

  return is_yes (ask (self, name, TRUE))
         && is_yes (ask (self, "SET SELF PRIORITY MESSAGE\r\n", TRUE));
}

static gboolean
connect_to_server (TdSpeech *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (self->socket)
    return TRUE;
  if (!self->path || now_us < self->retry_us)
    return FALSE;
  if (!open_socket (self) && !spawn_server (self))
    {
      if (!self->told)
        g_debug ("no voice: no speech-dispatcher at %s", self->path);
      self->told = TRUE;
      self->retry_us = g_get_monotonic_time () + ABSENT_RETRY_US;
      return FALSE;
    }
  if (!greet (self))
    {
      if (!is_quitting (self))
        g_debug ("no voice: speech-dispatcher at %s does not answer", self->path);
      disconnect (self);
      self->retry_us = g_get_monotonic_time () + MUTE_RETRY_US;
      return FALSE;
    }
  self->told = FALSE;
  self->set_volume = G_MAXINT;
  td_monitor_lock (&self->monitor);
  self->connected = TRUE;
  td_monitor_unlock (&self->monitor);
  return TRUE;
}

/* --- A text ------------------------------------------------------------------------------- */

/* Language and volume, where the server knows others. FALSE: there is no server any more; one that
 * does not know the language speaks its own. */
static gboolean
update_voice (TdSpeech *self)
{
  td_monitor_lock (&self->monitor);
  g_autofree char *language = g_strdup (self->language);
  int volume = self->volume;
  td_monitor_unlock (&self->monitor);

  if (language && g_strcmp0 (language, self->set_language) != 0)
    {
      g_autofree char *line = g_strdup_printf ("SET SELF LANGUAGE %s\r\n", language);
      if (ask (self, line, FALSE) == 0)
        return FALSE;
      g_free (self->set_language);
      self->set_language = g_steal_pointer (&language);
    }
  if (volume != self->set_volume)
    {
      g_autofree char *line = g_strdup_printf ("SET SELF VOLUME %d\r\n", volume);
      if (ask (self, line, FALSE) == 0)
        return FALSE;
      self->set_volume = volume;
    }
  return TRUE;
}

/* TEXT as SSIP's data: one line, ended by a lonely dot. */
static char *
as_data (const char *text)
{
  g_autofree char *line = g_utf8_make_valid (text, -1);

  g_strdelimit (line, "\r\n", ' ');
  return g_strconcat (line[0] == '.' ? "." : "", line, "\r\n.\r\n", NULL);
}

typedef enum
{
  SAID,
  REFUSED,
  GONE /* the server */
} Outcome;

static Outcome
say_now (TdSpeech *self, const char *text)
{
  g_autofree char *data = as_data (text);

  if (!update_voice (self) || ask (self, "CANCEL SELF\r\n", FALSE) == 0)
    return GONE;
  if (text[0] == '\0')
    return SAID;
  int code = ask (self, "SPEAK\r\n", FALSE);
  if (is_yes (code))
    code = ask (self, data, FALSE);
  return is_yes (code) ? SAID : code ? REFUSED : GONE;
}

static gboolean
is_too_late (const Text *text)
{
  return g_get_monotonic_time () - text->asked_us > TOO_LATE_US;
}

static void
speak (TdSpeech *self, Text *text)
{
  gboolean late = is_too_late (text);
  gboolean silence = text->text[0] == '\0';
  gboolean connected = self->socket != NULL;
  Outcome outcome = connected && !late ? say_now (self, text->text) : GONE;

  if (connected && !late && outcome == GONE)
    disconnect (self);
  if (silence)
    return;
  if (outcome == SAID)
    {
      gint64 now_ns = td_monitor_now_ns ();
      td_delays_add (&self->to_server, text->asked_us * 1000, now_ns);
      td_delays_add (&self->since_to_server, text->since_ns, now_ns);
    }

  td_monitor_lock (&self->monitor);
  gboolean tell = FALSE;
  /* A server that has been restarted since is noticed only now. */
  gboolean again = outcome == GONE && connected && !late && !text->again && !self->waiting.text;
  if (again)
    {
      self->waiting = *text;
      self->waiting.again = TRUE;
      text->text = NULL;
    }
  else if (outcome == SAID)
    self->n_said++;
  else if (late)
    self->n_dropped++;
  else
    {
      self->n_failed++;
      tell = !self->quit;
    }
  td_monitor_unlock (&self->monitor);
  if (tell)
    self->failed (text->instead, text->since_ns, self->data);
}

static void *
run (void *data)
{
  TdSpeech *self = data;

  td_monitor_lock (&self->monitor);
  while (!self->quit)
    {
      gboolean linger = g_get_monotonic_time () < self->linger_until_us;

      if (self->waiting.text)
        {
          /* The text goes on waiting, so that it can be given up if this takes too long. */
          gboolean connect = self->waiting.text[0] != '\0';
          td_monitor_unlock (&self->monitor);
          if (connect)
            connect_to_server (self);
          td_monitor_lock (&self->monitor);
          if (!self->waiting.text || self->quit)
            continue;
          Text text = self->waiting;
          self->waiting = (Text){ 0 };
          td_monitor_unlock (&self->monitor);
          speak (self, &text);
          text_clear (&text);
          td_monitor_lock (&self->monitor);
        }
      else if (self->connect_asked)
        {
          self->connect_asked = FALSE;
          td_monitor_unlock (&self->monitor);
          connect_to_server (self);
          td_monitor_lock (&self->monitor);
        }
      else if (self->socket && !self->wanted && !linger)
        {
          td_monitor_unlock (&self->monitor);
          disconnect (self);
          td_monitor_lock (&self->monitor);
        }
      else
        td_monitor_wait (&self->monitor,
                         self->socket && !self->wanted ? self->linger_until_us : G_MAXINT64);
    }
  td_monitor_unlock (&self->monitor);
  disconnect (self);
  return NULL;
}

/* --- The owner ---------------------------------------------------------------------------- */

TdSpeech *
td_speech_new (const char *address, gboolean spawn, TdSpeechFailed failed, gpointer data)
{
  TdSpeech *self = g_new0 (TdSpeech, 1);

  if (!address)
    address = g_getenv ("SPEECHD_ADDRESS");
  self->path = address ? path_of (address) : usual_path ();
  /* Who names an address looks after the server there. */
  self->spawn = spawn && !address;
  self->failed = failed;
  self->data = data;
  self->volume = 100;
  self->received = g_string_new (NULL);
  td_monitor_init (&self->monitor);
  td_delays_init (&self->to_server);
  td_delays_init (&self->since_to_server);
  self->has_thread = pthread_create (&self->thread, NULL, run, self) == 0;
  if (!self->has_thread)
    g_debug ("no voice: no thread for it");
  return self;
}

void
td_speech_free (TdSpeech *self)
{
  td_monitor_lock (&self->monitor);
  self->quit = TRUE;
  td_monitor_notify (&self->monitor);
  td_monitor_unlock (&self->monitor);
  if (self->has_thread)
    pthread_join (self->thread, NULL);

  text_clear (&self->waiting);
  td_delays_clear (&self->since_to_server);
  td_delays_clear (&self->to_server);
  td_monitor_clear (&self->monitor);
  g_string_free (self->received, TRUE);
  g_free (self->set_language);
  g_free (self->language);
  g_free (self->path);
  g_free (self);
}

void
td_speech_set_open (TdSpeech *self, gboolean open)
{
  td_monitor_lock (&self->monitor);
  self->connect_asked = open && !self->wanted;
  self->wanted = open;
  if (!open)
    self->linger_until_us = g_get_monotonic_time () + LINGER_US;
  td_monitor_notify (&self->monitor);
  td_monitor_unlock (&self->monitor);
}

void
td_speech_set_language (TdSpeech *self, const char *language)
{
  td_monitor_lock (&self->monitor);
  g_free (self->language);
  self->language = g_strdup (language);
  td_monitor_unlock (&self->monitor);
}

void
td_speech_set_volume (TdSpeech *self, double volume)
{
  double v = CLAMP (volume, 0., 1.);

  td_monitor_lock (&self->monitor);
  self->volume = (int) lround (-100 + 200 * v);
  self->muted = v <= 0;
  td_monitor_unlock (&self->monitor);
}

void
td_speech_say (TdSpeech *self, const char *text, TdBeep instead, gint64 since_ns)
{
  gint64 now_us = g_get_monotonic_time ();

  td_monitor_lock (&self->monitor);
  if (!self->muted || text[0] == '\0')
    {
      if (self->waiting.text && self->waiting.text[0] != '\0')
        self->n_dropped++;
      text_clear (&self->waiting);
      self->waiting = (Text){ g_strdup (text), instead, now_us, since_ns, FALSE };
      if (!self->wanted)
        self->linger_until_us = now_us + LINGER_US;
      td_monitor_notify (&self->monitor);
    }
  td_monitor_unlock (&self->monitor);
}

void
td_speech_get_stats (TdSpeech *self, TdSpeechStats *stats)
{
  td_monitor_lock (&self->monitor);
  *stats = (TdSpeechStats){
    .connected = self->connected,
    .n_said = self->n_said,
    .n_dropped = self->n_dropped,
    .n_failed = self->n_failed,
  };
  td_monitor_unlock (&self->monitor);
  stats->to_server_ms_p50 = td_delays_percentile (&self->to_server, .5);
  stats->to_server_ms_p95 = td_delays_percentile (&self->to_server, .95);
  stats->since_to_server_ms_p50 = td_delays_percentile (&self->since_to_server, .5);
  stats->since_to_server_ms_p95 = td_delays_percentile (&self->since_to_server, .95);
}
