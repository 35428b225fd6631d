/* td-film.c: see td-film.h.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-film.h"

#include "td-engine.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>

enum
{
  MAX_NAMES = 100
};

/* What is left for the repetitions and for whatever else the disk is needed for. */
#define LEAST_FREE_BYTES (UINT64_C (100) << 20)
#define LOOK_NS G_GINT64_CONSTANT (1000000000)

struct TdFilm
{
  char *folder;
  TdStore *store;
  gint64 session; /* that is filmed; 0: none */
  TdWriter *writer;
  char *path;
  int64_t looked_ns; /* how much room there is; the frames' clock */
  gboolean failed;   /* nothing more of this session */
  char *problem;
};

TdFilm *
td_film_new (const char *folder, TdStore *store)
{
  g_assert (folder != NULL && store != NULL);
  TdFilm *self = g_new0 (TdFilm, 1);
  self->folder = g_strdup (folder);
  self->store = store;
  self->problem = g_strdup ("");
  return self;
}

void
td_film_free (TdFilm *self)
{
  if (self == NULL)
    return;
  td_film_finish (self);
  g_free (self->folder);
  g_free (self->problem);
  g_free (self);
}

const char *
td_film_problem (const TdFilm *self)
{
  return self->problem;
}

static void
fail (TdFilm *self, const char *message)
{
  self->failed = TRUE;
  g_free (self->problem);
  self->problem = td_engine_sentence (message);
}

static gboolean
has_room (TdFilm *self, const TdFrame *frame)
{
  struct statvfs disk;
  self->looked_ns = td_frame_time_ns (frame);
  if (statvfs (self->folder, &disk) != 0
      || (uint64_t) disk.f_bavail * (uint64_t) disk.f_frsize >= LEAST_FREE_BYTES)
    return TRUE;
  fail (self, "the picture is not recorded: the disk is nearly full");
  return FALSE;
}

static void
begin (TdFilm *self, const TdFrame *frame)
{
  TdCaptureError error = { 0 };
  TdStoreError store_error;
  g_autofree char *name = NULL;

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    {
      g_autofree char *text = g_strdup_printf ("the picture cannot be recorded in “%s”: %s",
                                               self->folder, g_strerror (errno));
      fail (self, text);
      return;
    }
  if (!has_room (self, frame))
    return;
  /* A database that was deleted or exchanged may have left a file of that name. */
  for (int i = 1; i <= MAX_NAMES; i++)
    {
      g_free (name);
      g_free (self->path);
      name = i == 1 ? g_strdup_printf ("%" G_GINT64_FORMAT ".webm", self->session)
                    : g_strdup_printf ("%" G_GINT64_FORMAT "-%d.webm", self->session, i);
      self->path = g_build_filename (self->folder, name, NULL);
      if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
        break;
    }
  if (td_writer_open (self->path, td_frame_width (frame), td_frame_height (frame), &self->writer,
                      &error)
      != TD_CAPTURE_OK)
    fail (self, error.message);
  /* At once, so that a session that ends with the machine has its picture. */
  else if (td_store_set_picture (self->store, self->session, name, td_frame_time_ns (frame),
                                 &store_error)
           != TD_STORE_OK)
    {
      fail (self, store_error.message);
      td_writer_close (self->writer, NULL);
      self->writer = NULL;
      g_unlink (self->path);
    }
}

void
td_film_push (TdFilm *self, gint64 session, const TdFrame *frame)
{
  TdCaptureError error;
  if (session == 0)
    return;
  if (session != self->session)
    {
      td_film_finish (self);
      self->session = session;
      self->failed = FALSE;
      g_free (self->problem);
      self->problem = g_strdup ("");
      begin (self, frame);
    }
  if (self->failed)
    return;
  if (td_writer_push (self->writer, frame, &error) != TD_CAPTURE_OK)
    fail (self, error.message);
  else if (td_frame_time_ns (frame) - self->looked_ns >= LOOK_NS)
    has_room (self, frame);
  if (self->failed)
    {
      /* What there is can be read, and is the session's. */
      td_writer_close (self->writer, NULL);
      self->writer = NULL;
    }
}

void
td_film_finish (TdFilm *self)
{
  TdCaptureError error;
  TdSessionRow row;
  if (self->session == 0)
    return;
  if (self->writer != NULL && td_writer_close (self->writer, &error) != TD_CAPTURE_OK)
    fail (self, error.message);
  self->writer = NULL;
  if (self->path != NULL
      && td_store_get_session (self->store, self->session, &row, NULL) == TD_STORE_NOT_FOUND)
    g_unlink (self->path);
  g_clear_pointer (&self->path, g_free);
  self->session = 0;
}
