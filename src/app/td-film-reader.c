/* td-film-reader.c: see td-film-reader.h.
 *
 * A thread follows the wanted time: forward by decoding, back and far ahead by a seek to the key frame
 * before. Two frames are held, the one that shows and the one after it, so that most moments of a slow replay
 * need no decoding at all.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-film-reader.h"

#include "td-capture.h"
#include "td-engine.h"

#include <pthread.h>

#define SEEK_AHEAD_NS (3 * G_GINT64_CONSTANT (1000000000))
#define FRAME_WAIT_MS 2000
/* A picture shows until the next one, which is not there after the last. */
#define OVER_AFTER_NS G_GINT64_CONSTANT (1000000000)

struct _TdFilmReader
{
  gatomicrefcount references; /* the owner's, the thread's, and one for each picture on its way */
  char *path;
  TdFilmShow show; /* the main thread's; NULL after td_film_reader_free() */
  gpointer data;

  pthread_mutex_t mutex;
  pthread_cond_t changed;
  gint64 wanted_ns; /* -1: nothing */
  gboolean quit;

  /* The thread's alone. */
  TdSource *source;
  TdFrame *shown, *next; /* shown is not later than what was wanted last, next is */
  gboolean ended;
};

typedef struct
{
  TdFilmReader *reader;
  GdkTexture *texture;
  gint64 time_ns;
  gboolean over;
  char *problem;
} Delivery;

static void
unref (TdFilmReader *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->mutex);
  g_free (self->path);
  g_free (self);
}

static gboolean
deliver (gpointer data)
{
  Delivery *delivery = data;
  TdFilmReader *reader = delivery->reader;

  if (reader->show)
    reader->show (delivery->texture, delivery->time_ns, delivery->over, delivery->problem,
                  reader->data);
  return G_SOURCE_REMOVE;
}

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_clear_object (&delivery->texture);
  g_free (delivery->problem);
  unref (delivery->reader);
  g_free (delivery);
}

static void
send (TdFilmReader *self, GdkTexture *texture, gint64 time_ns, gboolean over, char *problem)
{
  Delivery *delivery = g_new (Delivery, 1);

  *delivery = (Delivery){ self, texture, time_ns, over, problem };
  g_atomic_ref_count_inc (&self->references);
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, deliver, delivery, delivery_free);
}

static void
unref_frame (gpointer frame)
{
  td_frame_unref (frame);
}

static void
send_frame (TdFilmReader *self, TdFrame *frame, gboolean over)
{
  int width = td_frame_width (frame), height = td_frame_height (frame);
  gsize stride = (gsize) td_frame_stride (frame);
  gsize size = stride * (gsize) (height - 1) + (gsize) width * 3;
  g_autoptr (GBytes) bytes
      = g_bytes_new_with_free_func (td_frame_data (frame), size, unref_frame, td_frame_ref (frame));

  send (self, gdk_memory_texture_new (width, height, GDK_MEMORY_B8G8R8, bytes, stride),
        td_frame_time_ns (frame), over, NULL);
}

static gboolean
quitting (TdFilmReader *self)
{
  pthread_mutex_lock (&self->mutex);
  gboolean quit = self->quit;
  pthread_mutex_unlock (&self->mutex);
  return quit;
}

static void
drop_frames (TdFilmReader *self)
{
  td_frame_unref (self->shown);
  td_frame_unref (self->next);
  self->shown = self->next = NULL;
  self->ended = FALSE;
}

/* FALSE: there is no picture at all, and PROBLEM says why. */
static gboolean
go_to (TdFilmReader *self, gint64 time_ns, TdCaptureError *problem)
{
  gint64 at = self->shown ? td_frame_time_ns (self->shown) : -1;

  if (self->source && at >= 0 && (time_ns < at || time_ns > at + SEEK_AHEAD_NS))
    {
      if (td_source_seek (self->source, time_ns))
        drop_frames (self);
      else if (time_ns < at)
        {
          /* From the beginning then. */
          td_source_free (self->source);
          self->source = NULL;
          drop_frames (self);
        }
    }
  if (!self->source
      && td_source_open_file (self->path, TD_PACE_AS_FAST_AS_POSSIBLE, &self->source, problem)
             != TD_CAPTURE_OK)
    return FALSE;
  while (!quitting (self))
    {
      if (!self->next && !self->ended)
        self->ended
            = td_source_next (self->source, FRAME_WAIT_MS, &self->next, problem) != TD_CAPTURE_OK;
      if (!self->next || (self->shown && td_frame_time_ns (self->next) > time_ns))
        break;
      td_frame_unref (self->shown);
      self->shown = g_steal_pointer (&self->next);
    }
  return self->shown != NULL || quitting (self);
}

static void *
work (void *data)
{
  TdFilmReader *self = data;
  gint64 sent_ns = -1;
  gboolean sent_over = FALSE;

  for (;;)
    {
      TdCaptureError problem = { 0 };

      pthread_mutex_lock (&self->mutex);
      while (!self->quit && self->wanted_ns < 0)
        pthread_cond_wait (&self->changed, &self->mutex);
      gint64 wanted = self->wanted_ns;
      gboolean quit = self->quit;
      self->wanted_ns = -1;
      pthread_mutex_unlock (&self->mutex);
      if (quit)
        break;
      if (!go_to (self, wanted, &problem))
        {
          send (self, NULL, 0, FALSE, td_engine_sentence (problem.message));
          break;
        }
      gboolean over
          = self->shown && self->ended && wanted - td_frame_time_ns (self->shown) > OVER_AFTER_NS;
      if (self->shown && (td_frame_time_ns (self->shown) != sent_ns || over != sent_over))
        {
          sent_ns = td_frame_time_ns (self->shown);
          sent_over = over;
          send_frame (self, self->shown, over);
        }
    }
  drop_frames (self);
  td_source_free (self->source);
  self->source = NULL;
  unref (self);
  return NULL;
}

TdFilmReader *
td_film_reader_new (const char *path, TdFilmShow show, gpointer data)
{
  TdFilmReader *self = g_new0 (TdFilmReader, 1);
  pthread_t thread;

  g_atomic_ref_count_init (&self->references);
  g_atomic_ref_count_inc (&self->references);
  self->path = g_strdup (path);
  self->show = show;
  self->data = data;
  self->wanted_ns = -1;
  pthread_mutex_init (&self->mutex, NULL);
  pthread_cond_init (&self->changed, NULL);
  int rc = pthread_create (&thread, NULL, work, self);
  if (rc != 0)
    g_error ("cannot start a thread: %s", g_strerror (rc));
  pthread_detach (thread);
  return self;
}

void
td_film_reader_free (TdFilmReader *self)
{
  if (!self)
    return;
  self->show = NULL;
  pthread_mutex_lock (&self->mutex);
  self->quit = TRUE;
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->mutex);
  unref (self);
}

void
td_film_reader_want (TdFilmReader *self, gint64 time_ns)
{
  pthread_mutex_lock (&self->mutex);
  self->wanted_ns = MAX (time_ns, 0);
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->mutex);
}
