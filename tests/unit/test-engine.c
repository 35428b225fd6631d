/* test-engine.c: the way of a frame, of a repetition to the disk, and the mailbox.
 *
 * On the demo clip: its first repetition is complete after about 100 frames.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-engine.h"
#include "td-film.h"
#include "td-recorder.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sched.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>

enum
{
  MAX_FRAMES = 300 /* the first repetition is long over */
};

typedef struct
{
  char *folder;
  char *database;
  char *model;
  char *clip;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  (void) data;
  const char *root = g_getenv ("TD_TEST_SOURCE_ROOT");
  g_assert_nonnull (root);
  f->folder = g_dir_make_tmp ("teardrop-engine-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
  f->database = g_build_filename (f->folder, "teardrop.db", NULL);
  f->model = g_build_filename (root, "models", "teardrop-legs", NULL);
  f->clip = g_build_filename (root, "ui", "data", "demo.mp4", NULL);
  td_capture_init ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  (void) data;
  g_assert_true (td_live_end_all (60000));
  g_autoptr (GDir) folder = g_dir_open (f->folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->database);
  g_free (f->model);
  g_free (f->clip);
}

static TdStore *
open_store (Fixture *f)
{
  TdStore *store = NULL;
  TdStoreError error;
  if (td_store_open (f->database, &store, NULL, &error) != TD_STORE_OK)
    g_error ("%s", error.message);
  return store;
}

static TdPipeline *
new_pipeline (Fixture *f, TdStore *store)
{
  g_autoptr (GError) error = NULL;
  TdPipelineConfig config
      = { .model_folder = f->model, .threads = 1, .store = store, .source_name = "demo.mp4" };
  TdPipeline *pipeline = td_pipeline_new (&config, &error);
  g_assert_no_error (error);
  return pipeline;
}

static TdSource *
open_file (const char *file)
{
  TdSource *source = NULL;
  TdCaptureError error;
  if (td_source_open_file (file, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &error) != TD_CAPTURE_OK)
    g_error ("%s", error.message);
  return source;
}

static TdSource *
open_clip (Fixture *f)
{
  return open_file (f->clip);
}

/* The clip at two fifths of its speed, in which the person stands for three seconds first. NULL: it
 * cannot be made here, and the test is skipped. */
static char *
make_slow_clip (Fixture *f)
{
  g_autofree char *program = g_find_program_in_path ("gst-launch-1.0");
  if (program == NULL)
    {
      g_test_skip ("gst-launch-1.0 is not installed");
      return NULL;
    }
  char *path = g_build_filename (f->folder, "slow.mkv", NULL);
  g_autofree char *command = g_strdup_printf (
      "%s -q filesrc location='%s' ! decodebin ! videorate rate=0.4 !"
      " video/x-raw,framerate=15/1 ! videoconvert ! identity eos-after=300 ! jpegenc !"
      " matroskamux ! filesink location='%s'",
      program, f->clip, path);
  int status;
  g_autoptr (GError) error = NULL;
  g_spawn_command_line_sync (command, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return path;
}

/* What is on the disk, as another program sees it. */
typedef struct
{
  int n_sessions;
  int n_ended;
  int n_reps;
  TdSessionRow newest;
} Kept;

static bool
count_session (const TdSessionRow *row, void *data)
{
  Kept *kept = data;
  if (kept->n_sessions == 0)
    kept->newest = *row;
  kept->n_sessions++;
  kept->n_ended += row->ended;
  kept->n_reps += row->n_reps + row->n_attempts;
  return true;
}

static Kept
look (Fixture *f)
{
  Kept kept = { 0 };
  TdStore *store = NULL;
  TdStoreError error;
  if (td_store_open_read_only (f->database, &store, &error) != TD_STORE_OK
      || td_store_each_session (store, count_session, &kept, &error) != TD_STORE_OK)
    g_error ("%s", error.message);
  td_store_close (store);
  return kept;
}

static TdRep
some_rep (int index)
{
  TdRep rep = {
    .index = index,
    .number = index,
    .counted = true,
    .start_ns = index * G_GINT64_CONSTANT (3000000000),
    .bottom_ns = index * G_GINT64_CONSTANT (3000000000) + 1000000000,
    .top_ns = index * G_GINT64_CONSTANT (3000000000) + 2000000000,
    .view = TD_VIEW_SIDE,
    .depth = TD_DEPTH_HALF,
  };
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) td_rep_measure_at (&rep, (TdRepMeasureId) m)
        = td_measure_missing (TD_MISSING_JOINTS);
  rep.knee_flexion_max_deg = td_measure (95.0f, 3.0f);
  return rep;
}

/* --- Folders ------------------------------------------------------------------------------ */

static void
the_data_folder_can_be_named (void)
{
  g_setenv ("TEARDROP_DATA_DIR", "/somewhere", TRUE);
  g_autofree char *model = td_engine_model_folder (NULL);
  g_autofree char *clip = td_engine_demo_clip ();
  g_autofree char *wanted = td_engine_model_folder ("mine");
  g_assert_cmpstr (model, ==, "/somewhere/models/teardrop-legs");
  g_assert_cmpstr (clip, ==, "/somewhere/demo.mp4");
  g_assert_cmpstr (wanted, ==, "mine");

  g_unsetenv ("TEARDROP_DATA_DIR");
  g_autofree char *installed = td_engine_model_folder (NULL);
  g_assert_true (g_path_is_absolute (installed));
  g_assert_true (g_str_has_suffix (installed, "/teardrop/models/teardrop-legs"));
}

static void
a_message_becomes_a_sentence (void)
{
  static const struct
  {
    const char *message, *sentence;
  } rows[] = {
    { "there is no camera", "There is no camera." },
    { "The disk is full.", "The disk is full." },
    { "“x.mp4” is empty", "“x.mp4” is empty." },
    { "really?", "Really?" },
    { "a line\n", "A line." },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *sentence = td_engine_sentence (rows[i].message);
      g_assert_cmpstr (sentence, ==, rows[i].sentence);
    }
}

/* --- Recorder ----------------------------------------------------------------------------- */

static void
a_failed_write_waits_and_is_written_later (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdRecorder *recorder = td_recorder_new (store, "cyclist", "test", "model", NULL);
  TdRep reps[] = { some_rep (1), some_rep (2), some_rep (3) };
  g_autoptr (GError) error = NULL;
  g_assert_true (td_recorder_add_rep (recorder, &reps[0], &error));

  sqlite3 *other = NULL;
  g_assert_cmpint (sqlite3_open (f->database, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false (td_recorder_add_rep (recorder, &reps[1], &error));
  g_assert_error (error, TD_ENGINE_ERROR, TD_ENGINE_ERROR_STORE);
  g_assert_null (strchr (error->message, '\n'));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_cmpuint (td_recorder_n_waiting (recorder), ==, 1);
  g_assert_cmpint (look (f).n_reps, ==, 1);

  sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close (other);
  g_clear_error (&error);
  g_assert_true (td_recorder_add_rep (recorder, &reps[2], &error));
  g_assert_cmpuint (td_recorder_n_waiting (recorder), ==, 0);
  g_assert_cmpint (look (f).n_reps, ==, 3);
  g_assert_true (td_recorder_close (recorder, &error));
  g_assert_cmpint (look (f).n_ended, ==, 1);
  td_recorder_free (recorder);
  td_store_close (store);
}

static void
a_session_that_could_not_begin_begins_later (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdRecorder *recorder = td_recorder_new (store, "cyclist", "test", "model", NULL);
  sqlite3 *other = NULL;
  g_assert_cmpint (sqlite3_open (f->database, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);

  TdRep rep = some_rep (1);
  TdPose pose = { .width = 640, .height = 480 };
  TdFrameMeasures measures = { 0 };
  g_autoptr (GError) error = NULL;
  g_assert_false (td_recorder_add_sample (recorder, &pose, &measures, &error));
  g_assert_error (error, TD_ENGINE_ERROR, TD_ENGINE_ERROR_STORE);
  /* The next frame does not wait for the lock again. */
  gint64 before = g_get_monotonic_time ();
  g_assert_true (td_recorder_add_sample (recorder, &pose, &measures, NULL));
  g_assert_cmpint (g_get_monotonic_time () - before, <, 50000);
  g_assert_false (td_recorder_add_rep (recorder, &rep, NULL));

  sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close (other);
  g_assert_true (td_recorder_close (recorder, NULL));
  g_assert_true (td_recorder_close (recorder, NULL));
  Kept kept = look (f);
  g_assert_cmpint (kept.n_reps, ==, 1);
  g_assert_cmpint (kept.n_ended, ==, 1);
  td_recorder_free (recorder);
  td_store_close (store);
}

static void
a_session_says_when_where_and_what (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdRecorder *recorder = td_recorder_new (store, "narrow", "A camera", "some model 1", NULL);
  TdRep rep = some_rep (1);
  g_assert_true (td_recorder_add_rep (recorder, &rep, NULL));
  g_assert_true (td_recorder_close (recorder, NULL));
  Kept kept = look (f);
  g_assert_cmpstr (kept.newest.exercise, ==, "narrow");
  g_assert_cmpstr (kept.newest.source, ==, "A camera");
  g_assert_cmpstr (kept.newest.model, ==, "some model 1");
  /* ISO 8601 with offset. */
  g_assert_true (
      g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d\\d:\\d\\d$",
                            kept.newest.started_at, 0, 0));
  td_recorder_free (recorder);
  td_store_close (store);
}

/* What is kept of the newest session's sets. */
typedef struct
{
  int n;
  TdSetRow rows[8];
} Sets;

static bool
add_set_row (const TdSetRow *row, void *data)
{
  Sets *sets = data;
  g_assert_cmpint (sets->n, <, (int) G_N_ELEMENTS (sets->rows));
  sets->rows[sets->n++] = *row;
  return true;
}

static Sets
look_at_sets (Fixture *f)
{
  Sets sets = { 0 };
  TdStore *store = NULL;
  TdStoreError error;
  int64_t session = look (f).newest.id;
  if (td_store_open_read_only (f->database, &store, &error) != TD_STORE_OK
      || td_store_each_set (store, session, add_set_row, &sets, &error) != TD_STORE_OK)
    g_error ("%s", error.message);
  td_store_close (store);
  return sets;
}

static bool
count_samples (const TdSampleRow *row, void *data)
{
  int *n = data;
  g_assert_cmpint (row->set_number, <, 8);
  n[row->set_number]++;
  return true;
}

static TdRep
numbered (int index, double start_s, gboolean counted)
{
  TdRep rep = some_rep (index);
  rep.start_ns = (int64_t) (start_s * 1e9);
  rep.bottom_ns = rep.start_ns + 1000000000;
  rep.top_ns = rep.start_ns + 2000000000;
  rep.counted = counted;
  rep.reason = counted ? TD_REASON_COUNTED : TD_REASON_SHALLOW;
  rep.number = counted ? index : 0;
  return rep;
}

/* Ten frames a second from FROM_S to TO_S. */
static void
record_frames (TdRecorder *recorder, double from_s, double to_s)
{
  for (int i = (int) (from_s * 10); i < (int) (to_s * 10); i++)
    {
      TdPose pose = { .time_ns = i * G_GINT64_CONSTANT (100000000), .width = 640, .height = 480 };
      TdFrameMeasures measures = { .time_ns = pose.time_ns };
      g_assert_true (td_recorder_add_sample (recorder, &pose, &measures, NULL));
    }
}

static void
a_rest_keeps_only_what_leads_to_the_next_set (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdSetInfo info = { .load_kg = 20, .target = 8 };
  TdRecorder *recorder = td_recorder_new (store, "cyclist", "test", "model", &info);
  TdRep first = numbered (1, 1, TRUE), late = numbered (2, 4, TRUE);
  TdRep hinge = numbered (3, 40, FALSE), next = numbered (1, 60, TRUE);
  record_frames (recorder, 0, 5);
  g_assert_true (td_recorder_add_rep (recorder, &first, NULL));
  g_assert_true (td_recorder_end_set (recorder, 5 * G_GINT64_CONSTANT (1000000000), NULL));
  /* The button was pressed on its way up. */
  g_assert_true (td_recorder_add_rep (recorder, &late, NULL));
  g_assert_cmpint (td_recorder_set_number (recorder), ==, 1);

  info = (TdSetInfo){ .load_kg = 30, .target = 6 };
  g_assert_true (td_recorder_set_info (recorder, &info, NULL));
  record_frames (recorder, 5, 63);
  g_assert_false (td_recorder_takes (recorder, &hinge));
  g_assert_true (td_recorder_add_rep (recorder, &hinge, NULL));
  g_assert_cmpint (td_recorder_set_number (recorder), ==, 1);
  g_assert_true (td_recorder_add_rep (recorder, &next, NULL));
  g_assert_cmpint (td_recorder_set_number (recorder), ==, 2);
  record_frames (recorder, 63, 64);
  g_assert_true (td_recorder_close (recorder, NULL));

  Sets sets = look_at_sets (f);
  g_assert_cmpint (sets.n, ==, 2);
  g_assert_cmpint (sets.rows[0].n_reps, ==, 2);
  g_assert_cmpint (sets.rows[0].n_attempts, ==, 0);
  g_assert_cmpfloat (sets.rows[0].info.load_kg, ==, 20);
  g_assert_cmpint (sets.rows[1].n_reps, ==, 1);
  g_assert_cmpint (sets.rows[1].n_attempts, ==, 0);
  g_assert_cmpfloat (sets.rows[1].info.load_kg, ==, 30);
  g_assert_cmpint (sets.rows[1].info.target, ==, 6);

  /* Of the rest, the second before the repetition and what followed. */
  int samples[8] = { 0 };
  g_assert_cmpint (
      td_store_each_sample (store, td_recorder_session (recorder), count_samples, samples, NULL),
      ==, TD_STORE_OK);
  g_assert_cmpint (samples[1], ==, 50);
  g_assert_cmpint (samples[2], ==, 50);
  td_recorder_free (recorder);
  td_store_close (store);
}

/* The button was pressed on the way up: the last repetition is kept to its top. */
static void
the_last_repetition_of_a_set_keeps_all_its_frames (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdRecorder *recorder = td_recorder_new (store, "cyclist", "test", "model", NULL);
  TdRep late = numbered (1, 4, TRUE), next = numbered (2, 60, TRUE);
  record_frames (recorder, 0, 5);
  g_assert_true (td_recorder_end_set (recorder, 5 * G_GINT64_CONSTANT (1000000000), NULL));
  record_frames (recorder, 5, 7);
  g_assert_true (td_recorder_add_rep (recorder, &late, NULL));
  record_frames (recorder, 7, 62);
  g_assert_true (td_recorder_add_rep (recorder, &next, NULL));
  g_assert_true (td_recorder_close (recorder, NULL));
  int samples[8] = { 0 };
  g_assert_cmpint (
      td_store_each_sample (store, td_recorder_session (recorder), count_samples, samples, NULL),
      ==, TD_STORE_OK);
  /* Its top is at 6 s. */
  g_assert_cmpint (samples[1], ==, 61);
  g_assert_cmpint (samples[2], ==, 30);
  td_recorder_free (recorder);
  td_store_close (store);
}

static void
sets_of_a_busy_disk_keep_their_repetitions (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdRecorder *recorder = td_recorder_new (store, "cyclist", "test", "model", NULL);
  sqlite3 *other = NULL;
  g_assert_cmpint (sqlite3_open (f->database, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  TdRep first = numbered (1, 1, TRUE), second = numbered (1, 60, TRUE);
  g_assert_false (td_recorder_add_rep (recorder, &first, NULL));
  g_assert_false (td_recorder_end_set (recorder, 5 * G_GINT64_CONSTANT (1000000000), NULL));
  g_assert_false (td_recorder_add_rep (recorder, &second, NULL));
  g_assert_cmpuint (td_recorder_n_waiting (recorder), ==, 2);
  sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close (other);
  g_assert_true (td_recorder_close (recorder, NULL));
  Sets sets = look_at_sets (f);
  g_assert_cmpint (sets.n, ==, 2);
  g_assert_cmpint (sets.rows[0].n_reps, ==, 1);
  g_assert_cmpint (sets.rows[1].n_reps, ==, 1);
  td_recorder_free (recorder);
  td_store_close (store);
}

static void
a_load_told_to_a_busy_disk_is_kept_later (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdSetInfo light = { .load_kg = 20, .target = 8 }, heavy = { .load_kg = 30, .target = 6 };
  TdRecorder *recorder = td_recorder_new (store, "cyclist", "test", "model", &light);
  TdRep first = numbered (1, 1, TRUE);
  g_assert_true (td_recorder_add_rep (recorder, &first, NULL));
  sqlite3 *other = NULL;
  g_assert_cmpint (sqlite3_open (f->database, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false (td_recorder_set_info (recorder, &heavy, NULL));
  sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close (other);
  g_assert_true (td_recorder_end_set (recorder, 5 * G_GINT64_CONSTANT (1000000000), NULL));
  g_assert_true (td_recorder_close (recorder, NULL));
  Sets sets = look_at_sets (f);
  g_assert_cmpint (sets.n, ==, 1);
  g_assert_cmpfloat (sets.rows[0].info.load_kg, ==, 30);
  g_assert_cmpint (sets.rows[0].info.target, ==, 6);
  td_recorder_free (recorder);
  td_store_close (store);
}

static void
what_is_corrected_or_discarded_is_so_on_disk (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdRecorder *recorder = td_recorder_new (store, "cyclist", "test", "model", NULL);
  TdRep counted = numbered (1, 1, TRUE), shallow = numbered (2, 4, FALSE);
  g_assert_true (td_recorder_add_rep (recorder, &counted, NULL));
  g_assert_true (td_recorder_add_rep (recorder, &shallow, NULL));
  g_assert_true (td_recorder_correct (recorder, TRUE, 7, NULL)); /* the attempt was one */
  g_assert_cmpint (look (f).newest.n_reps, ==, 2);
  g_assert_true (td_recorder_correct (recorder, TRUE, 8, NULL)); /* one was missed */
  g_assert_cmpint (look (f).newest.n_reps, ==, 3);
  g_assert_true (td_recorder_correct (recorder, FALSE, 9, NULL));
  g_assert_true (td_recorder_correct (recorder, FALSE, 9, NULL));
  g_assert_cmpint (look (f).newest.n_reps, ==, 1);
  g_assert_cmpint (look (f).newest.n_attempts, ==, 1);
  g_assert_true (td_recorder_discard (recorder, NULL));
  g_assert_true (td_recorder_close (recorder, NULL));
  g_assert_cmpint (look (f).n_sessions, ==, 0);
  td_recorder_free (recorder);
  td_store_close (store);
}

/* --- Film --------------------------------------------------------------------------------- */

static void
the_last_of_a_disk_is_not_for_the_picture (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autofree char *disk = g_build_filename (f->folder, "disk", NULL);
  g_autofree char *pictures = g_build_filename (disk, "pictures", NULL);
  g_mkdir (disk, 0700);
  if (unshare (CLONE_NEWNS) != 0 || mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("none", disk, "tmpfs", 0, "size=32m") != 0)
    {
      g_test_skip ("needs the right to mount");
      g_rmdir (disk);
      return;
    }
  TdStore *store = open_store (f);
  TdSessionInfo info = { .exercise = "cyclist" };
  TdSessionRow row;
  int64_t session;
  g_assert_cmpint (td_store_begin_session (store, &info, &session, NULL), ==, TD_STORE_OK);
  TdSource *source = open_clip (f);
  TdFilm *film = td_film_new (pictures, store);
  for (int i = 0; i < 40; i++)
    {
      TdFrame *frame = NULL;
      g_assert_cmpint (td_source_next (source, 20000, &frame, NULL), ==, TD_CAPTURE_OK);
      td_film_push (film, session, frame);
      td_frame_unref (frame);
    }
  g_assert_nonnull (strstr (td_film_problem (film), "nearly full"));
  td_film_finish (film);
  g_assert_cmpint (td_store_get_session (store, session, &row, NULL), ==, TD_STORE_OK);
  g_assert_cmpstr (row.picture, ==, "");
  td_film_free (film);
  td_source_free (source);
  td_store_close (store);
  g_assert_cmpint (umount (disk), ==, 0);
  g_rmdir (disk);
}

/* --- Pipeline ----------------------------------------------------------------------------- */

static void
a_missing_model_is_one_line (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autoptr (GError) error = NULL;
  TdPipelineConfig config = { .model_folder = f->folder, .threads = 1 };
  g_assert_null (td_pipeline_new (&config, &error));
  g_assert_error (error, TD_ENGINE_ERROR, TD_ENGINE_ERROR_MODEL);
  g_assert_cmpuint (strlen (error->message), >, 10);
  g_assert_null (strchr (error->message, '\n'));
}

/* Pushes until something is announced; -1 when the clip ends first. */
static int
push_until_announced (TdPipeline *pipeline, TdSource *source, TdPipelineResult *result)
{
  for (int n = 0; n < MAX_FRAMES; n++)
    {
      TdFrame *frame = NULL;
      if (td_source_next (source, 20000, &frame, NULL) != TD_CAPTURE_OK)
        return -1;
      g_autoptr (GError) error = NULL;
      td_pipeline_push (pipeline, frame, result, &error);
      g_assert_no_error (error);
      td_frame_unref (frame);
      if (result->motion.n_reps > 0)
        return n;
    }
  return -1;
}

static void
a_repetition_is_on_disk_when_it_is_announced (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdPipeline *pipeline = new_pipeline (f, store);
  TdSource *source = open_clip (f);
  TdPipelineResult result;
  g_assert_cmpint (push_until_announced (pipeline, source, &result), >, 0);
  g_assert_cmpint (result.motion.count, ==, 1);
  g_assert_true (result.motion.reps[0].counted);
  g_assert_true (result.pose.present);

  Kept kept = look (f);
  g_assert_cmpint (kept.n_reps, ==, 1);
  g_assert_cmpint (kept.n_ended, ==, 0);
  g_assert_cmpint (kept.newest.id, ==, td_pipeline_session (pipeline));
  g_assert_cmpuint (td_pipeline_n_unsaved (pipeline), ==, 0);

  g_autoptr (GError) error = NULL;
  g_assert_true (td_pipeline_finish (pipeline, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (look (f).n_ended, ==, 1);
  /* Nothing is open: nothing to do. */
  g_assert_true (td_pipeline_finish (pipeline, &result, &error));

  td_source_free (source);
  td_pipeline_free (pipeline);
  td_store_close (store);
}

static void
a_preview_counts_and_keeps_nothing (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdPipeline *pipeline = new_pipeline (f, store);
  TdSource *source = open_clip (f);
  TdPipelineResult result;
  td_pipeline_set_counting (pipeline, FALSE);
  /* Up to the middle of the second repetition. */
  gboolean measured = FALSE;
  for (int n = 0; n < 140; n++)
    {
      TdFrame *frame = NULL;
      g_assert_cmpint (td_source_next (source, 20000, &frame, NULL), ==, TD_CAPTURE_OK);
      g_assert_true (td_pipeline_push (pipeline, frame, &result, NULL));
      td_frame_unref (frame);
      g_assert_cmpint (result.motion.n_reps, ==, 0);
      g_assert_cmpint (result.motion.count, ==, 0);
      measured |= td_measure_ok (result.motion.frame.flexion_deg);
    }
  g_assert_true (measured);
  g_assert_cmpint (look (f).n_sessions, ==, 0);

  td_pipeline_set_counting (pipeline, TRUE);
  g_assert_cmpint (push_until_announced (pipeline, source, &result), >, 0);
  g_assert_cmpint (result.motion.reps[0].index, ==, 1);
  g_assert_cmpint (look (f).n_sessions, ==, 1);
  td_source_free (source);
  td_pipeline_free (pipeline);
  td_store_close (store);
}

static void
without_a_store_the_count_goes_on (Fixture *f, gconstpointer data)
{
  (void) data;
  TdPipeline *pipeline = new_pipeline (f, NULL);
  TdSource *source = open_clip (f);
  TdPipelineResult result;
  g_assert_cmpint (push_until_announced (pipeline, source, &result), >, 0);
  g_assert_cmpuint (td_pipeline_n_unsaved (pipeline), ==, 1);
  g_assert_cmpint (td_pipeline_session (pipeline), ==, 0);
  td_source_free (source);
  td_pipeline_free (pipeline);
}

typedef struct
{
  int n;
  int64_t last_ns;
  int n_measured;
} Samples;

static bool
count_sample (const TdSampleRow *row, void *data)
{
  Samples *samples = data;
  if (samples->n > 0)
    g_assert_cmpint (row->pose.time_ns, >, samples->last_ns);
  samples->n++;
  samples->last_ns = row->pose.time_ns;
  samples->n_measured += td_measure_ok (row->measures.flexion_deg);
  return true;
}

static void
each_frame_is_kept_once_when_it_has_settled (Fixture *f, gconstpointer data)
{
  enum
  {
    N_FRAMES = 120
  };
  (void) data;
  TdStore *store = open_store (f);
  TdPipeline *pipeline = new_pipeline (f, store);
  TdSource *source = open_clip (f);
  TdPipelineResult result;
  TdStoreError error;
  int n_settled = 0;
  int64_t last_ns = 0;
  for (int n = 0; n < N_FRAMES; n++)
    {
      TdFrame *frame = NULL;
      g_assert_cmpint (td_source_next (source, 20000, &frame, NULL), ==, TD_CAPTURE_OK);
      g_assert_true (td_pipeline_push (pipeline, frame, &result, NULL));
      n_settled += result.motion.n_settled;
      last_ns = td_frame_time_ns (frame);
      td_frame_unref (frame);
    }
  /* Some wait for what comes after them. */
  g_assert_cmpint (n_settled, <, N_FRAMES);
  g_assert_true (td_pipeline_finish (pipeline, &result, NULL));
  n_settled += result.motion.n_settled;
  g_assert_cmpint (n_settled, ==, N_FRAMES);

  Samples samples = { 0 };
  TdStoreStatus status = td_store_each_sample (store, td_pipeline_session (pipeline), count_sample,
                                               &samples, &error);
  g_assert_cmpint (status, ==, TD_STORE_OK);
  g_assert_cmpint (samples.n, ==, N_FRAMES);
  g_assert_cmpint (samples.last_ns, ==, last_ns);
  g_assert_cmpint (samples.n_measured, >, N_FRAMES / 2);
  td_source_free (source);
  td_pipeline_free (pipeline);
  td_store_close (store);
}

static void
a_calibration_begins_with_standing_and_ends_with_a_deep_repetition (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autofree char *clip = make_slow_clip (f);
  if (clip == NULL)
    return;
  TdPipeline *pipeline = new_pipeline (f, NULL);
  TdSource *source = open_file (clip);
  TdPipelineResult result = { 0 };
  TdCalibrationStage stage = TD_CALIBRATION_STAND;
  float progress = 0.0f;
  int n_stages = 0;
  g_assert_false (td_pipeline_calibration (pipeline).standing_known);
  td_pipeline_begin_calibration (pipeline);
  while (stage != TD_CALIBRATION_DONE)
    {
      TdFrame *frame = NULL;
      g_assert_cmpint (td_source_next (source, 20000, &frame, NULL), ==, TD_CAPTURE_OK);
      g_assert_true (td_pipeline_push (pipeline, frame, &result, NULL));
      td_frame_unref (frame);
      TdCalibration known = td_pipeline_calibration (pipeline);
      g_assert_cmpint (result.motion.calibration, >=, stage);
      n_stages += result.motion.calibration != stage;
      stage = result.motion.calibration;
      if (stage == TD_CALIBRATION_STAND)
        progress = fmaxf (progress, result.motion.calibration_progress);
      g_assert_cmpint (known.standing_known, ==, stage >= TD_CALIBRATION_DEEP);
      g_assert_cmpint (known.range_known, ==, stage == TD_CALIBRATION_DONE);
    }
  g_assert_cmpint (n_stages, ==, 2);
  g_assert_cmpfloat (progress, >, 0.5f);
  TdCalibration known = td_pipeline_calibration (pipeline);
  g_assert_true (known.thigh_share > 0.4f && known.thigh_share < 0.6f);
  g_assert_true (known.flexion_max_deg >= 80.0f && known.flexion_max_deg < 180.0f);
  td_source_free (source);
  td_pipeline_free (pipeline);
}

static void
a_cancelled_calibration_leaves_what_was_known (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autofree char *clip = make_slow_clip (f);
  if (clip == NULL)
    return;
  TdPipeline *pipeline = new_pipeline (f, NULL);
  TdSource *source = open_file (clip);
  TdPipelineResult result = { 0 };
  TdFrame *frame = NULL;
  td_pipeline_begin_calibration (pipeline);
  while (td_source_next (source, 20000, &frame, NULL) == TD_CAPTURE_OK)
    {
      g_assert_true (td_pipeline_push (pipeline, frame, &result, NULL));
      td_frame_unref (frame);
      if (result.motion.calibration == TD_CALIBRATION_DEEP)
        {
          g_assert_true (td_pipeline_calibration (pipeline).standing_known);
          td_pipeline_cancel_calibration (pipeline);
          g_assert_false (td_pipeline_calibration (pipeline).standing_known);
        }
    }
  g_assert_cmpint (result.motion.calibration, ==, TD_CALIBRATION_OFF);
  g_assert_cmpint (result.motion.count, >=, 1);
  g_assert_false (td_pipeline_calibration (pipeline).range_known);
  td_source_free (source);
  td_pipeline_free (pipeline);
}

static const TdCalibration earlier = {
  .standing_known = true,
  .thigh_share = 0.5f,
  .trunk_share = 0.6f,
  .fppa_deg = { 1.5f, 2.5f },
  .straight_deg = 5.0f,
  .pitch_deg = 4.0f,
  .roll_deg = 0.5f,
  .range_known = true,
  .flexion_max_deg = 90.0f,
  .contact_deg = 90.0f,
};

static void
who_is_alone_with_furniture_is_alone (Fixture *f, gconstpointer data)
{
  (void) data;
  TdPipelineConfig config = { .model_folder = f->model, .threads = 1, .watch_others = true };
  TdPipeline *watching = td_pipeline_new (&config, NULL), *plain = new_pipeline (f, NULL);
  g_assert_nonnull (watching);
  TdSource *source = open_clip (f);
  TdFrame *frame = NULL;
  int runs = 0;
  while (td_source_next (source, 60000, &frame, NULL) == TD_CAPTURE_OK)
    {
      TdPipelineResult with, without;
      td_pipeline_push (watching, frame, &with, NULL);
      td_pipeline_push (plain, frame, &without, NULL);
      g_assert_cmpint (with.n_others, ==, 0);
      g_assert_cmpmem (&with.pose.joints, sizeof with.pose.joints, &without.pose.joints,
                       sizeof without.pose.joints);
      g_assert_true (with.pose.present == without.pose.present);
      runs += with.vision.network_runs - without.vision.network_runs;
      td_frame_unref (frame);
    }
  g_assert_cmpint (runs, >=, 20); /* it did look */
  td_source_free (source);
  td_pipeline_free (watching);
  td_pipeline_free (plain);
}

/* What the first repetition of the clip is measured as with CONFIG's calibration and camera. */
static TdRep
first_rep_with (Fixture *f, const TdCalibration *calibration, const TdCamera *camera)
{
  g_autoptr (GError) error = NULL;
  TdPipelineConfig config = {
    .model_folder = f->model,
    .threads = 1,
    .calibration = calibration,
    .camera = camera,
  };
  TdPipeline *pipeline = td_pipeline_new (&config, &error);
  g_assert_no_error (error);
  g_assert_cmpint (td_pipeline_calibration (pipeline).standing_known, ==, calibration != NULL);
  TdSource *source = open_clip (f);
  TdPipelineResult result;
  g_assert_cmpint (push_until_announced (pipeline, source, &result), >, 0);
  /* A session's end forgets nothing of the person. */
  TdRep rep = result.motion.reps[0];
  g_assert_true (td_pipeline_finish (pipeline, &result, NULL));
  TdCalibration known = td_pipeline_calibration (pipeline);
  g_assert_cmpint (known.range_known, ==, calibration != NULL);
  if (calibration != NULL)
    g_assert_cmpfloat (known.flexion_max_deg, ==, calibration->flexion_max_deg);
  td_source_free (source);
  td_pipeline_free (pipeline);
  return rep;
}

static void
calibration_and_camera_reach_the_measures (Fixture *f, gconstpointer data)
{
  (void) data;
  const TdCamera looking_down = { .pitch_deg = 15.0f };
  TdRep plain = first_rep_with (f, NULL, NULL);
  TdRep calibrated = first_rep_with (f, &earlier, NULL);
  TdRep pitched = first_rep_with (f, NULL, &looking_down);
  g_assert_cmpint (plain.calf_gap_deg.missing, ==, TD_MISSING_CALIBRATION);
  g_assert_true (td_measure_ok (calibrated.calf_gap_deg));
  g_assert_cmpfloat_with_epsilon (calibrated.calf_gap_deg.value,
                                  90.0f - calibrated.knee_flexion_max_deg.value, 0.1f);
  /* What is level to a camera that looks down is not level. */
  g_assert_cmpfloat (
      fabsf (pitched.thigh_inclination_deg.value - plain.thigh_inclination_deg.value), >, 3.0f);
}

static void
a_set_ends_and_the_next_repetition_begins_another (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdPipeline *pipeline = new_pipeline (f, store);
  TdSource *source = open_clip (f);
  TdPipelineResult result;
  g_assert_cmpint (td_pipeline_tally (pipeline).set_number, ==, 0);
  g_assert_cmpint (push_until_announced (pipeline, source, &result), >, 0);
  g_assert_true (td_pipeline_end_set (pipeline, NULL));
  g_assert_true (td_pipeline_tally (pipeline).resting);
  g_assert_cmpint (push_until_announced (pipeline, source, &result), >, 0);
  g_assert_cmpint (result.motion.reps[0].index, ==, 1);
  g_assert_cmpint (result.motion.reps[0].number, ==, 1);
  TdTally tally = td_pipeline_tally (pipeline);
  g_assert_false (tally.resting);
  g_assert_cmpint (tally.set_number, ==, 2);
  g_assert_cmpint (tally.count, ==, 1);
  g_assert_cmpint (tally.session_count, ==, 2);

  g_assert_true (td_pipeline_correct (pipeline, TD_CORRECT_PLUS, NULL));
  g_assert_cmpint (td_pipeline_tally (pipeline).count, ==, 2);
  g_assert_true (td_pipeline_correct (pipeline, TD_CORRECT_MINUS, NULL));
  g_assert_true (td_pipeline_correct (pipeline, TD_CORRECT_MINUS, NULL));
  /* No further than to nothing. */
  g_assert_true (td_pipeline_correct (pipeline, TD_CORRECT_MINUS, NULL));
  tally = td_pipeline_tally (pipeline);
  g_assert_cmpint (tally.count, ==, 0);
  g_assert_cmpint (tally.attempts, ==, 1);
  g_assert_cmpint (tally.session_count, ==, 1);
  Sets sets = look_at_sets (f);
  g_assert_cmpint (sets.n, ==, 2);
  g_assert_cmpint (sets.rows[1].n_reps, ==, 0);
  g_assert_cmpint (sets.rows[1].n_attempts, ==, 1);

  g_assert_true (td_pipeline_discard (pipeline, NULL));
  g_assert_cmpint (look (f).n_sessions, ==, 0);
  td_source_free (source);
  td_pipeline_free (pipeline);
  td_store_close (store);
}

static void
in_a_pause_nothing_counts (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f);
  TdPipeline *pipeline = new_pipeline (f, store);
  TdSource *source = open_clip (f);
  TdPipelineResult result;
  g_assert_cmpint (push_until_announced (pipeline, source, &result), >, 0);
  td_pipeline_set_paused (pipeline, TRUE);
  /* Through the second repetition, into the third. */
  for (int n = 0; n < 130; n++)
    {
      TdFrame *frame = NULL;
      g_assert_cmpint (td_source_next (source, 20000, &frame, NULL), ==, TD_CAPTURE_OK);
      g_assert_true (td_pipeline_push (pipeline, frame, &result, NULL));
      td_frame_unref (frame);
      g_assert_cmpint (result.motion.n_reps, ==, 0);
    }
  g_assert_cmpint (result.motion.phase, !=, TD_PHASE_TOP);
  td_pipeline_set_paused (pipeline, FALSE);
  int64_t on = 0;
  g_assert_cmpint (push_until_announced (pipeline, source, &result), >, 0);
  on = result.motion.reps[0].start_ns;
  g_assert_cmpint (result.motion.reps[0].index, ==, 2);
  g_assert_cmpint (result.motion.reps[0].number, ==, 2);
  g_assert_cmpint (td_pipeline_tally (pipeline).count, ==, 2);
  /* It began after the pause: the fourth. */
  g_assert_cmpfloat ((double) on * 1e-9, >, 9.0);
  g_assert_cmpint (look (f).n_reps, ==, 2);
  td_source_free (source);
  td_pipeline_free (pipeline);
  td_store_close (store);
}

/* --- Live --------------------------------------------------------------------------------- */

typedef struct
{
  int n_wakes;
  TdLiveUpdate last;
  int n_reps;
  int n_pictures;
} Window;

static void
on_update (TdLive *live, gpointer data)
{
  Window *window = data;
  window->n_wakes++;
  td_live_update_clear (&window->last);
  g_assert_true (td_live_take (live, &window->last));
  window->n_reps += (int) window->last.n_reps;
  if (window->last.pixels != NULL)
    {
      gsize least = (gsize) (window->last.height - 1) * (gsize) window->last.stride
                    + (gsize) window->last.width * 3;
      g_assert_cmpuint (g_bytes_get_size (window->last.pixels), >=, least);
      g_assert_cmpint (window->last.width, <=, 960);
      g_assert_true (window->last.preview_scale > 0);
      window->n_pictures++;
    }
}

static gboolean
never_mind (gpointer data)
{
  (void) data;
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until the state is STATE and COUNT is reached, at most 60 s. */
static void
run_until (Window *window, TdLiveState state, int count)
{
  gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  guint tick = g_timeout_add (20, never_mind, NULL);
  while (window->last.state != state || window->last.count < count)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
}

static void
free_promptly (TdLive *live)
{
  gint64 before = g_get_monotonic_time ();
  td_live_free (live);
  g_assert_cmpint (g_get_monotonic_time () - before, <, G_TIME_SPAN_SECOND);
}

static void
a_slow_window_loses_pictures_and_no_repetition (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdLiveConfig config = {
    .file = f->clip,
    .model_folder = f->model,
    .store_path = f->database,
    .pace = TD_PACE_REAL_TIME,
    .start_at_once = TRUE,
  };
  td_store_close (open_store (f)); /* so that it can be looked into from the start */
  TdLive *live = td_live_new (&config, on_update, &window);
  /* The window hangs while the first two repetitions are done, as the disk shows. */
  gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  while (look (f).n_reps < 2)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (50000);
    }
  /* Stored first, announced then: give the second one time to arrive. */
  g_usleep (200000);
  g_assert_cmpint (window.n_wakes, ==, 0);
  while (g_main_context_iteration (NULL, FALSE) && window.n_wakes == 0)
    ;
  g_assert_cmpint (window.n_wakes, ==, 1);
  g_assert_cmpint (window.n_reps, ==, 2);
  g_assert_cmpint (window.n_pictures, ==, 1);
  g_assert_cmpint (window.last.state, ==, TD_LIVE_RUNNING);
  g_assert_cmpint (window.last.count, ==, 2);
  g_assert_cmpint (window.last.problem, ==, TD_LIVE_NO_PROBLEM);
  g_assert_cmpint (window.last.saving, ==, TD_LIVE_SAVING);
  g_assert_cmpuint (window.last.n_unsaved, ==, 0);
  g_assert_true (window.last.duration_s > 18 && window.last.duration_s < 20);

  td_live_stop_session (live);
  run_until (&window, TD_LIVE_PREVIEW, 2);
  g_assert_cmpint (look (f).n_ended, ==, 1);
  td_live_start_session (live);
  run_until (&window, TD_LIVE_RUNNING, 0);
  g_assert_cmpint (window.last.count, ==, 0);
  free_promptly (live);
  td_live_update_clear (&window.last);
}

static void
wait_for_kept (Fixture *f, int n_reps)
{
  gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  while (look (f).n_reps < n_reps)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (50000);
    }
  /* Stored first, announced then. */
  g_usleep (200000);
}

static void
a_slow_window_knows_whose_repetitions_they_are (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdLiveConfig config = {
    .file = f->clip,
    .model_folder = f->model,
    .store_path = f->database,
    .pace = TD_PACE_REAL_TIME,
    .start_at_once = TRUE,
  };
  td_store_close (open_store (f));
  TdLive *live = td_live_new (&config, on_update, &window);
  wait_for_kept (f, 1);
  td_live_end_set (live);
  wait_for_kept (f, 2);
  while (g_main_context_iteration (NULL, FALSE) && window.n_wakes == 0)
    ;
  g_assert_cmpint (window.last.set_number, ==, 2);
  g_assert_cmpuint (window.last.n_reps, ==, 2);
  g_assert_cmpint (window.last.rep_sets[0], ==, 1);
  g_assert_cmpint (window.last.rep_sets[1], ==, 2);
  free_promptly (live);
  td_live_update_clear (&window.last);
}

static void
a_file_that_is_not_there_is_said (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdLiveConfig config = { .file = "/nowhere/x.mp4", .model_folder = f->model };
  TdLive *live = td_live_new (&config, on_update, &window);
  run_until (&window, TD_LIVE_FAILED, 0);
  g_assert_cmpint (window.last.problem, ==, TD_LIVE_SOURCE_PROBLEM);
  g_assert_nonnull (strstr (window.last.problem_detail, "x.mp4"));
  free_promptly (live);
  td_live_update_clear (&window.last);
}

static void
a_model_that_is_not_there_is_said (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdLiveConfig config = { .file = f->clip, .model_folder = f->folder };
  TdLive *live = td_live_new (&config, on_update, &window);
  run_until (&window, TD_LIVE_FAILED, 0);
  g_assert_cmpint (window.last.problem, ==, TD_LIVE_MODEL_PROBLEM);
  g_assert_cmpstr (window.last.problem_detail, !=, "");
  free_promptly (live);
  td_live_update_clear (&window.last);
}

static void
a_store_that_cannot_open_does_not_stop_the_count (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  /* The clip is a file: nothing can lie in it. */
  g_autofree char *nowhere = g_build_filename (f->clip, "teardrop.db", NULL);
  TdLiveConfig config = {
    .file = f->clip,
    .model_folder = f->model,
    .store_path = nowhere,
    .start_at_once = TRUE,
  };
  TdLive *live = td_live_new (&config, on_update, &window);
  run_until (&window, TD_LIVE_RUNNING, 1);
  g_assert_cmpint (window.last.saving, ==, TD_LIVE_SAVING_OFF);
  g_assert_cmpstr (window.last.saving_detail, !=, "");
  g_assert_cmpuint (window.last.n_unsaved, >=, 1);
  free_promptly (live);
  td_live_update_clear (&window.last);
}

static void
it_can_be_freed_at_once (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdLiveConfig config = { .file = f->clip, .model_folder = f->model };
  for (int i = 0; i < 3; i++)
    {
      TdLive *live = td_live_new (&config, on_update, &window);
      gint64 before = g_get_monotonic_time ();
      td_live_free (live);
      /* The model takes longer to load: it is not waited for. */
      g_assert_cmpint (g_get_monotonic_time () - before, <, 20000);
    }
  g_assert_true (td_live_end_all (60000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (window.n_wakes, ==, 0);
}

static void
a_session_is_closed_when_it_is_freed (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdLiveConfig config = {
    .file = f->clip,
    .model_folder = f->model,
    .store_path = f->database,
    .start_at_once = TRUE,
  };
  TdLive *live = td_live_new (&config, on_update, &window);
  run_until (&window, TD_LIVE_RUNNING, 1);
  int n_wakes = window.n_wakes;
  free_promptly (live);
  Kept kept = look (f);
  g_assert_cmpint (kept.n_ended, ==, 1);
  g_assert_cmpint (kept.n_reps, >=, 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (window.n_wakes, ==, n_wakes);
  td_live_update_clear (&window.last);
}

static void
run_until_stage (Window *window, TdCalibrationStage stage)
{
  gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  guint tick = g_timeout_add (20, never_mind, NULL);
  while (window->last.calibration_stage != stage)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
}

static void
the_window_follows_a_calibration (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  g_autofree char *clip = make_slow_clip (f);
  if (clip == NULL)
    return;
  TdLiveConfig config = { .file = clip, .model_folder = f->model };
  TdLive *live = td_live_new (&config, on_update, &window);
  /* Before anything is loaded; it waits. */
  td_live_begin_calibration (live);
  run_until_stage (&window, TD_CALIBRATION_STAND);
  g_assert_false (window.last.calibration.standing_known);
  run_until_stage (&window, TD_CALIBRATION_DEEP);
  g_assert_true (window.last.calibration.standing_known);
  g_assert_false (window.last.calibration.range_known);
  g_assert_cmpfloat (window.last.calibration_progress, ==, 1.0f);
  /* Again from the start, in a session. */
  td_live_start_session (live);
  td_live_begin_calibration (live);
  run_until_stage (&window, TD_CALIBRATION_STAND);
  /* What was known before stays until it is replaced. */
  g_assert_true (window.last.calibration.standing_known);
  free_promptly (live);
  td_live_update_clear (&window.last);
}

static void
an_earlier_calibration_is_known_from_the_start (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdCalibration copied = earlier;
  TdLiveConfig config = { .file = f->clip, .model_folder = f->model, .calibration = &copied };
  TdLive *live = td_live_new (&config, on_update, &window);
  memset (&copied, 0, sizeof copied);
  run_until (&window, TD_LIVE_PREVIEW, 0);
  g_assert_cmpint (window.last.calibration_stage, ==, TD_CALIBRATION_OFF);
  g_assert_true (window.last.calibration.range_known);
  g_assert_cmpfloat (window.last.calibration.contact_deg, ==, 90.0f);
  free_promptly (live);
  td_live_update_clear (&window.last);
}

/* Until CONDITION (which reads window.last) holds. */
static void
run_until_flow (Window *window, TdFlowState flow, int set_number, int count)
{
  gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  while (window->last.flow != flow || window->last.set_number != set_number
         || window->last.count != count)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
}

/* Nobody touches anything from the start to the end of the second set but for two corrections. */
static void
a_session_goes_hands_free (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdFlowConfig flow = { .countdown_s = 0.3f, .stand_s = 60 };
  TdLiveConfig config = {
    .file = f->clip,
    .model_folder = f->model,
    .store_path = f->database,
    .flow = &flow,
    .set = { .load_kg = 12.5f, .target = 5 },
    .pace = TD_PACE_REAL_TIME,
  };
  TdLive *live = td_live_new (&config, on_update, &window);
  run_until (&window, TD_LIVE_PREVIEW, 0);
  g_assert_cmpint (window.last.flow, ==, TD_FLOW_OFF);
  td_live_start_session (live);
  run_until_flow (&window, TD_FLOW_WAITING, 1, 0);
  g_assert_cmpint (window.last.state, ==, TD_LIVE_RUNNING);
  run_until_flow (&window, TD_FLOW_SET, 1, 1);
  td_live_correct (live, TD_CORRECT_PLUS);
  run_until_flow (&window, TD_FLOW_SET, 1, 2);
  g_assert_cmpuint (window.last.corrections, ==, 1);
  td_live_correct (live, TD_CORRECT_MINUS);
  run_until_flow (&window, TD_FLOW_SET, 1, 1);
  td_live_end_set (live);
  run_until_flow (&window, TD_FLOW_REST, 1, 1);
  TdSetInfo heavier = { .load_kg = 15, .target = 4 };
  td_live_set_info (live, &heavier);
  run_until_flow (&window, TD_FLOW_SET, 2, 1);
  g_assert_cmpint (window.last.session_count, ==, 2);
  td_live_set_paused (live, TRUE);
  run_until_flow (&window, TD_FLOW_PAUSED, 2, 1);
  td_live_set_paused (live, FALSE);
  run_until_flow (&window, TD_FLOW_SET, 2, 1);
  td_live_stop_session (live);
  run_until (&window, TD_LIVE_PREVIEW, 1);
  g_assert_cmpint (window.last.flow, ==, TD_FLOW_OFF);

  Sets sets = look_at_sets (f);
  g_assert_cmpint (sets.n, ==, 2);
  g_assert_cmpfloat (sets.rows[0].info.load_kg, ==, 12.5);
  g_assert_cmpfloat (sets.rows[1].info.load_kg, ==, 15);
  g_assert_cmpint (sets.rows[0].n_reps, ==, 1);
  g_assert_cmpint (sets.rows[1].n_reps, ==, 1);

  /* A second session, thrown away. */
  td_live_start_session (live);
  run_until_flow (&window, TD_FLOW_SET, 1, 1);
  g_assert_cmpint (look (f).n_sessions, ==, 2);
  td_live_discard_session (live);
  run_until (&window, TD_LIVE_PREVIEW, 0);
  g_assert_cmpint (look (f).n_sessions, ==, 1);
  free_promptly (live);
  td_live_update_clear (&window.last);
}

static void
what_was_written_after_all_is_not_told_as_lost (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdFlowConfig flow = { .countdown_s = 0.3f };
  TdLiveConfig config = {
    .file = f->clip,
    .model_folder = f->model,
    .store_path = f->database,
    .flow = &flow,
    .pace = TD_PACE_REAL_TIME,
  };
  TdLive *live = td_live_new (&config, on_update, &window);
  run_until (&window, TD_LIVE_PREVIEW, 0);
  td_live_start_session (live);
  run_until_flow (&window, TD_FLOW_SET, 1, 1);
  sqlite3 *other = NULL;
  g_assert_cmpint (sqlite3_open (f->database, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  td_live_end_set (live);
  run_until_flow (&window, TD_FLOW_REST, 1, 1);
  g_assert_cmpint (window.last.saving, ==, TD_LIVE_SAVING_FAILS);
  sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close (other);
  td_live_stop_session (live);
  run_until (&window, TD_LIVE_PREVIEW, 1);
  g_assert_cmpint (look (f).n_ended, ==, 1);
  g_assert_cmpint (window.last.saving, ==, TD_LIVE_SAVING);
  free_promptly (live);
  td_live_update_clear (&window.last);
}

/* Of all threads, seconds. */
static double
cpu_s (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static void
what_is_asked_of_one_that_has_failed_costs_nothing (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdLiveConfig config = { .file = "/nowhere/x.mp4", .model_folder = f->model };
  TdLive *live = td_live_new (&config, on_update, &window);
  run_until (&window, TD_LIVE_FAILED, 0);
  TdSetInfo info = { .load_kg = 20 };
  td_live_set_info (live, &info);
  double before = cpu_s ();
  g_usleep (500000);
  g_assert_cmpfloat (cpu_s () - before, <, 0.1);
  free_promptly (live);
  td_live_update_clear (&window.last);
}

/* The set's end and the pause may be asked for in one breath. */
static void
a_set_that_ends_in_a_pause_is_followed_by_the_next (Fixture *f, gconstpointer data)
{
  (void) data;
  Window window = { 0 };
  TdFlowConfig flow = { .countdown_s = 0.3f, .stand_s = 60 };
  TdLiveConfig config = {
    .file = f->clip,
    .model_folder = f->model,
    .flow = &flow,
    .pace = TD_PACE_REAL_TIME,
  };
  TdLive *live = td_live_new (&config, on_update, &window);
  run_until (&window, TD_LIVE_PREVIEW, 0);
  td_live_start_session (live);
  run_until_flow (&window, TD_FLOW_SET, 1, 1);
  td_live_set_paused (live, TRUE);
  td_live_end_set (live);
  run_until_flow (&window, TD_FLOW_REST, 1, 1);
  run_until_flow (&window, TD_FLOW_SET, 2, 1);
  free_promptly (live);
  td_live_update_clear (&window.last);
}

static void
a_session_that_is_discarded_before_it_begins_never_does (Fixture *f, gconstpointer data)
{
  (void) data;
  for (int way = 0; way < 2; way++)
    {
      Window window = { 0 };
      TdLiveConfig config = {
        .file = f->clip,
        .model_folder = f->model,
        .store_path = f->database,
        .pace = TD_PACE_REAL_TIME,
        .start_at_once = way == 0,
      };
      TdLive *live = td_live_new (&config, on_update, &window);
      if (way == 1)
        td_live_start_session (live);
      td_live_discard_session (live);
      run_until (&window, TD_LIVE_PREVIEW, 0);
      while (window.last.position_s < 1)
        {
          g_main_context_iteration (NULL, TRUE);
          g_assert_cmpint (window.last.state, !=, TD_LIVE_RUNNING);
        }
      free_promptly (live);
      g_assert_cmpint (look (f).n_sessions, ==, 0);
      td_live_update_clear (&window.last);
    }
}

/* In the history, say, while it runs. */
static void
a_session_that_was_deleted_meanwhile_is_over (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_store (f), *other = open_store (f);
  TdPipeline *pipeline = new_pipeline (f, store);
  TdSource *source = open_clip (f);
  TdPipelineResult result;
  g_assert_cmpint (push_until_announced (pipeline, source, &result), >, 0);
  g_assert_cmpint (td_store_delete_session (other, td_pipeline_session (pipeline), NULL), ==,
                   TD_STORE_OK);
  g_autoptr (GError) error = NULL;
  g_assert_true (td_pipeline_finish (pipeline, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (td_pipeline_n_unsaved (pipeline), ==, 0);
  /* The next one is kept as ever. */
  g_assert_cmpint (push_until_announced (pipeline, source, &result), >, 0);
  g_assert_true (td_pipeline_finish (pipeline, &result, NULL));
  g_assert_cmpint (look (f).n_ended, ==, 1);
  td_source_free (source);
  td_pipeline_free (pipeline);
  td_store_close (other);
  td_store_close (store);
}

#define ADD(name, test) g_test_add ("/engine/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/the_data_folder_can_be_named", the_data_folder_can_be_named);
  g_test_add_func ("/engine/a_message_becomes_a_sentence", a_message_becomes_a_sentence);
  ADD ("a_failed_write_waits_and_is_written_later", a_failed_write_waits_and_is_written_later);
  ADD ("a_session_that_could_not_begin_begins_later", a_session_that_could_not_begin_begins_later);
  ADD ("a_session_says_when_where_and_what", a_session_says_when_where_and_what);
  ADD ("a_rest_keeps_only_what_leads_to_the_next_set",
       a_rest_keeps_only_what_leads_to_the_next_set);
  ADD ("sets_of_a_busy_disk_keep_their_repetitions", sets_of_a_busy_disk_keep_their_repetitions);
  ADD ("what_is_corrected_or_discarded_is_so_on_disk",
       what_is_corrected_or_discarded_is_so_on_disk);
  ADD ("a_missing_model_is_one_line", a_missing_model_is_one_line);
  ADD ("a_repetition_is_on_disk_when_it_is_announced",
       a_repetition_is_on_disk_when_it_is_announced);
  ADD ("a_set_ends_and_the_next_repetition_begins_another",
       a_set_ends_and_the_next_repetition_begins_another);
  ADD ("in_a_pause_nothing_counts", in_a_pause_nothing_counts);
  ADD ("a_preview_counts_and_keeps_nothing", a_preview_counts_and_keeps_nothing);
  ADD ("without_a_store_the_count_goes_on", without_a_store_the_count_goes_on);
  ADD ("each_frame_is_kept_once_when_it_has_settled", each_frame_is_kept_once_when_it_has_settled);
  ADD ("a_calibration_begins_with_standing_and_ends_with_a_deep_repetition",
       a_calibration_begins_with_standing_and_ends_with_a_deep_repetition);
  ADD ("a_cancelled_calibration_leaves_what_was_known",
       a_cancelled_calibration_leaves_what_was_known);
  ADD ("who_is_alone_with_furniture_is_alone", who_is_alone_with_furniture_is_alone);
  ADD ("calibration_and_camera_reach_the_measures", calibration_and_camera_reach_the_measures);
  ADD ("the_window_follows_a_calibration", the_window_follows_a_calibration);
  ADD ("an_earlier_calibration_is_known_from_the_start",
       an_earlier_calibration_is_known_from_the_start);
  ADD ("a_slow_window_loses_pictures_and_no_repetition",
       a_slow_window_loses_pictures_and_no_repetition);
  ADD ("a_file_that_is_not_there_is_said", a_file_that_is_not_there_is_said);
  ADD ("a_model_that_is_not_there_is_said", a_model_that_is_not_there_is_said);
  ADD ("a_store_that_cannot_open_does_not_stop_the_count",
       a_store_that_cannot_open_does_not_stop_the_count);
  ADD ("a_session_goes_hands_free", a_session_goes_hands_free);
  ADD ("it_can_be_freed_at_once", it_can_be_freed_at_once);
  ADD ("a_session_is_closed_when_it_is_freed", a_session_is_closed_when_it_is_freed);
  ADD ("what_is_asked_of_one_that_has_failed_costs_nothing",
       what_is_asked_of_one_that_has_failed_costs_nothing);
  ADD ("a_set_that_ends_in_a_pause_is_followed_by_the_next",
       a_set_that_ends_in_a_pause_is_followed_by_the_next);
  ADD ("a_session_that_was_deleted_meanwhile_is_over",
       a_session_that_was_deleted_meanwhile_is_over);
  ADD ("a_session_that_is_discarded_before_it_begins_never_does",
       a_session_that_is_discarded_before_it_begins_never_does);
  ADD ("the_last_of_a_disk_is_not_for_the_picture", the_last_of_a_disk_is_not_for_the_picture);
  ADD ("a_load_told_to_a_busy_disk_is_kept_later", a_load_told_to_a_busy_disk_is_kept_later);
  ADD ("what_was_written_after_all_is_not_told_as_lost",
       what_was_written_after_all_is_not_told_as_lost);
  ADD ("a_slow_window_knows_whose_repetitions_they_are",
       a_slow_window_knows_whose_repetitions_they_are);
  ADD ("the_last_repetition_of_a_set_keeps_all_its_frames",
       the_last_repetition_of_a_set_keeps_all_its_frames);
  return g_test_run ();
}
