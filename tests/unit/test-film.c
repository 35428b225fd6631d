/* test-film.c: the picture of sessions on its way to files, and what keeps it from there.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-film.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *pictures;
  TdStore *store;
  TdSource *clip;
  TdFilm *film;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  (void) data;
  const char *root = g_getenv ("TD_TEST_SOURCE_ROOT");
  g_assert_nonnull (root);
  g_autofree char *clip = g_build_filename (root, "ui", "data", "demo.mp4", NULL);
  f->folder = g_dir_make_tmp ("teardrop-film-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
  g_autofree char *database = g_build_filename (f->folder, "teardrop.db", NULL);
  f->pictures = td_store_pictures_folder (database);
  td_capture_init ();
  g_assert_cmpint (td_store_open (database, &f->store, NULL, NULL), ==, TD_STORE_OK);
  g_assert_cmpint (td_source_open_file (clip, TD_PACE_AS_FAST_AS_POSSIBLE, &f->clip, NULL), ==,
                   TD_CAPTURE_OK);
  f->film = td_film_new (f->pictures, f->store);
}

static void
empty_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  (void) data;
  td_film_free (f->film);
  td_source_free (f->clip);
  td_store_close (f->store);
  empty_folder (f->pictures);
  empty_folder (f->folder);
  free (f->pictures);
  g_free (f->folder);
}

/* --- What the engine does with it --------------------------------------------------------- */

static gint64
new_session (Fixture *f)
{
  TdStoreError error;
  int64_t session;
  const TdSessionInfo info = { .started_at = "2026-11-20T18:03:00+01:00",
                               .exercise = "cyclist",
                               .source = "camera",
                               .model = "model" };
  if (td_store_begin_session (f->store, &info, &session, &error) != TD_STORE_OK)
    g_error ("%s", error.message);
  return session;
}

/* Films the next N frames of the clip as of SESSION, so slowly that the encoder keeps up; fewer once
 * something is wrong. Returns the time of the first. */
static gint64
shoot (Fixture *f, gint64 session, int n)
{
  gint64 first_ns = -1;
  for (int i = 0; i < n && td_film_problem (f->film)[0] == '\0'; i++)
    {
      TdFrame *frame = NULL;
      g_assert_cmpint (td_source_next (f->clip, 20000, &frame, NULL), ==, TD_CAPTURE_OK);
      if (first_ns < 0)
        first_ns = td_frame_time_ns (frame);
      td_film_push (f->film, session, frame);
      td_frame_unref (frame);
      g_usleep (8000);
    }
  return first_ns;
}

static TdSessionRow
row_of (Fixture *f, gint64 session)
{
  TdSessionRow row = { 0 };
  g_assert_cmpint (td_store_get_session (f->store, session, &row, NULL), ==, TD_STORE_OK);
  return row;
}

static char *
path_of (Fixture *f, const char *name)
{
  return g_build_filename (f->pictures, name, NULL);
}

static gboolean
is_there (Fixture *f, const char *name)
{
  g_autofree char *path = path_of (f, name);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static int
n_frames_of (Fixture *f, const char *name)
{
  g_autofree char *path = path_of (f, name);
  TdSource *source;
  TdCaptureError error;
  TdFrame *frame;
  int n = 0;
  if (td_source_open_file (path, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &error) != TD_CAPTURE_OK)
    g_error ("%s", error.message);
  for (; td_source_next (source, 20000, &frame, NULL) == TD_CAPTURE_OK; n++)
    td_frame_unref (frame);
  td_source_free (source);
  return n;
}

/* --- Tests -------------------------------------------------------------------------------- */

static void
each_session_has_a_file_of_its_own (Fixture *f, gconstpointer data)
{
  (void) data;
  shoot (f, 0, 2);
  g_assert_false (g_file_test (f->pictures, G_FILE_TEST_EXISTS));

  const gint64 first = new_session (f), second = new_session (f);
  const gint64 first_ns = shoot (f, first, 10);
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT ".webm", first);
  /* At once and not at the end, which may never come. */
  g_assert_cmpstr (row_of (f, first).picture, ==, name);
  g_assert_cmpint (row_of (f, first).picture_ns, ==, first_ns);
  g_assert_cmpstr (row_of (f, second).picture, ==, "");

  /* The next one ends it. */
  shoot (f, second, 5);
  td_film_finish (f->film);
  td_film_finish (f->film);
  g_assert_cmpstr (td_film_problem (f->film), ==, "");
  g_assert_cmpint (n_frames_of (f, name), >=, 5);
  g_autofree char *other = g_strdup_printf ("%" G_GINT64_FORMAT ".webm", second);
  g_assert_cmpstr (row_of (f, second).picture, ==, other);
  g_assert_cmpint (n_frames_of (f, other), >=, 2);

  struct stat info;
  g_assert_cmpint (stat (f->pictures, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

static void
what_lies_there_is_not_written_over (Fixture *f, gconstpointer data)
{
  (void) data;
  const gint64 session = new_session (f);
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT ".webm", session);
  g_autofree char *there = path_of (f, name);
  g_autofree char *bytes = NULL;
  g_assert_cmpint (g_mkdir (f->pictures, 0700), ==, 0);
  g_assert_true (g_file_set_contents (there, "mine", -1, NULL));
  shoot (f, session, 5);
  td_film_finish (f->film);
  g_assert_true (g_file_get_contents (there, &bytes, NULL, NULL));
  g_assert_cmpstr (bytes, ==, "mine");
  g_autofree char *other = g_strdup_printf ("%" G_GINT64_FORMAT "-2.webm", session);
  g_assert_cmpstr (row_of (f, session).picture, ==, other);
  g_assert_cmpint (n_frames_of (f, other), >=, 2);
}

static void
a_session_that_is_deleted_takes_its_picture_along (Fixture *f, gconstpointer data)
{
  (void) data;
  const gint64 session = new_session (f);
  shoot (f, session, 5);
  g_autofree char *name = g_strdup (row_of (f, session).picture);
  g_assert_true (is_there (f, name));
  g_assert_cmpint (td_store_delete_session (f->store, session, NULL), ==, TD_STORE_OK);
  td_film_finish (f->film);
  g_assert_false (is_there (f, name));
  g_assert_cmpstr (td_film_problem (f->film), ==, "");
}

static void
a_folder_that_cannot_be_had_is_told_and_tried_again (Fixture *f, gconstpointer data)
{
  (void) data;
  const gint64 first = new_session (f), second = new_session (f);
  g_assert_true (g_file_set_contents (f->pictures, "in the way", -1, NULL));
  shoot (f, first, 5);
  g_test_message ("%s", td_film_problem (f->film));
  g_assert_true (
      g_str_has_prefix (td_film_problem (f->film), "The picture cannot be recorded in “"));
  g_assert_cmpstr (row_of (f, first).picture, ==, "");
  td_film_finish (f->film);
  /* Still what the session ended with. */
  g_assert_cmpstr (td_film_problem (f->film), !=, "");

  g_assert_cmpint (g_unlink (f->pictures), ==, 0);
  TdFrame *frame = NULL;
  for (int i = 0; i < 5; i++)
    {
      g_assert_cmpint (td_source_next (f->clip, 20000, &frame, NULL), ==, TD_CAPTURE_OK);
      td_film_push (f->film, second, frame);
      td_frame_unref (frame);
    }
  td_film_finish (f->film);
  g_assert_cmpstr (td_film_problem (f->film), ==, "");
  g_assert_cmpint (n_frames_of (f, row_of (f, second).picture), >=, 1);
}

static void
a_folder_that_is_read_only_is_told (Fixture *f, gconstpointer data)
{
  (void) data;
  const gint64 session = new_session (f);
  g_assert_cmpint (g_mkdir (f->pictures, 0700), ==, 0);
  g_assert_cmpint (g_chmod (f->folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (f->pictures, 0555), ==, 0);
  const uid_t me = geteuid ();
  if (me == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
  shoot (f, session, 3);
  if (me == 0)
    g_assert_cmpint (seteuid (me), ==, 0);
  g_test_message ("%s", td_film_problem (f->film));
  g_assert_nonnull (strstr (td_film_problem (f->film), "Permission denied"));
  td_film_finish (f->film);
  g_assert_cmpstr (row_of (f, session).picture, ==, "");
  g_assert_cmpint (g_chmod (f->pictures, 0755), ==, 0);
}

static void
a_session_that_is_not_in_the_store_leaves_no_file (Fixture *f, gconstpointer data)
{
  (void) data;
  shoot (f, 4711, 3);
  g_assert_cmpstr (td_film_problem (f->film), !=, "");
  g_assert_false (is_there (f, "4711.webm"));
}

/* A limit is a disk that is full. */
static void
a_disk_that_gets_full_ends_the_picture_alone (Fixture *f, gconstpointer data)
{
  (void) data;
  const gint64 session = new_session (f);
  struct rlimit usual, limit;
  /* The store has its say before. */
  shoot (f, session, 1);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &usual), ==, 0);
  void (*handler) (int) = signal (SIGXFSZ, SIG_IGN);
  limit = (struct rlimit){ .rlim_cur = 150000, .rlim_max = usual.rlim_max };
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  shoot (f, session, 250);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &usual), ==, 0);
  signal (SIGXFSZ, handler);
  g_test_message ("%s", td_film_problem (f->film));
  g_assert_true (g_str_has_prefix (td_film_problem (f->film), "The picture cannot be recorded: "));

  /* What follows is not kept, and harms nothing. */
  TdFrame *frame = NULL;
  g_assert_cmpint (td_source_next (f->clip, 20000, &frame, NULL), ==, TD_CAPTURE_OK);
  td_film_push (f->film, session, frame);
  td_frame_unref (frame);
  g_assert_cmpint (td_store_set_note (f->store, session, "all is well", NULL), ==, TD_STORE_OK);
  td_film_finish (f->film);
  g_assert_cmpstr (td_film_problem (f->film), !=, "");
  const TdSessionRow row = row_of (f, session);
  g_assert_cmpint (n_frames_of (f, row.picture), >, 0);

  /* The next session has its own chance. */
  const gint64 next = new_session (f);
  g_assert_cmpint (td_source_next (f->clip, 20000, &frame, NULL), ==, TD_CAPTURE_OK);
  td_film_push (f->film, next, frame);
  td_frame_unref (frame);
  g_assert_cmpstr (td_film_problem (f->film), ==, "");
}

static void
nothing_filmed_leaves_nothing (Fixture *f, gconstpointer data)
{
  (void) data;
  td_film_finish (f->film);
  td_film_free (NULL);
  g_assert_cmpstr (td_film_problem (f->film), ==, "");
  g_assert_false (g_file_test (f->pictures, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(function) g_test_add ("/film/" #function, Fixture, NULL, set_up, function, tear_down)
  ADD (each_session_has_a_file_of_its_own);
  ADD (what_lies_there_is_not_written_over);
  ADD (a_session_that_is_deleted_takes_its_picture_along);
  ADD (a_folder_that_cannot_be_had_is_told_and_tried_again);
  ADD (a_folder_that_is_read_only_is_told);
  ADD (a_session_that_is_not_in_the_store_leaves_no_file);
  ADD (a_disk_that_gets_full_ends_the_picture_alone);
  ADD (nothing_filmed_leaves_nothing);
#undef ADD
  return g_test_run ();
}
