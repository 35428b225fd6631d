/* test-store.c: sessions on disk, and everything that can be wrong with a disk.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "old-store.h"
#include "td-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
  PAGE = 4096,
  FRAME_NS = 33333333
};

static const TdSessionInfo info = {
  .started_at = "2026-11-20T18:03:11+01:00",
  .exercise = "cyclist",
  .source = "Camera",
  .model = "seed",
};

/* --- A folder for each test --------------------------------------------------------------- */

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
remove_tree (const char *path)
{
  GDir *dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  if (dir != NULL)
    {
      const char *name;
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);
          remove_tree (child);
        }
      g_dir_close (dir);
    }
  g_remove (path);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  (void) data;
  f->folder = g_dir_make_tmp ("teardrop-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
  f->path = g_build_filename (f->folder, "data", "teardrop.db", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  (void) data;
  g_chmod (f->folder, 0700);
  remove_tree (f->folder);
  g_free (f->path);
  g_free (f->folder);
}

#define ok(call, error)                                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    TdStoreStatus ok_status = (call);                                                              \
    if (ok_status != TD_STORE_OK)                                                                  \
      g_error ("%s: status %d: %s", #call, ok_status, (error).message);                            \
  }                                                                                                \
  G_STMT_END

/* A failure is one line in plain words that names the thing it is about. */
static void
assert_failure (TdStoreStatus got, TdStoreStatus wanted, const TdStoreError *error,
                const char *words)
{
  g_test_message ("%s", error->message);
  g_assert_cmpint (got, ==, wanted);
  g_assert_cmpint (error->status, ==, wanted);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static TdStore *
open_sound (const char *path)
{
  TdStore *store;
  TdStoreError e;
  bool recovered;
  ok (td_store_open (path, &store, &recovered, &e), e);
  g_assert_false (recovered);
  g_assert_cmpstr (e.message, ==, "");
  return store;
}

/* SQL on the file behind the store's back, as a user with the sqlite3 command would. */
static int64_t
ask (const char *path, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *s;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 2000);
  if (sqlite3_prepare_v2 (db, sql, -1, &s, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  int rc = sqlite3_step (s);
  int64_t value = rc == SQLITE_ROW ? sqlite3_column_int64 (s, 0) : 0;
  g_assert_true (rc == SQLITE_ROW || rc == SQLITE_DONE);
  sqlite3_finalize (s);
  sqlite3_close (db);
  return value;
}

static void
execute (const char *path, const char *sql)
{
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  sqlite3_close (db);
}

/* --- Random repetitions and frames -------------------------------------------------------- */

static float
uniform (double lo, double hi)
{
  return (float) g_test_rand_double_range (lo, hi);
}

static TdMeasure
random_measure (double lo, double hi)
{
  if (g_test_rand_int_range (0, 3) == 0)
    return td_measure_missing ((TdMissing) g_test_rand_int_range (1, TD_N_MISSING));
  return td_measure (uniform (lo, hi), uniform (0.02, 20));
}

static TdMeasure *
measure_at (TdRep *rep, int m)
{
  return (TdMeasure *) td_rep_measure_at (rep, (TdRepMeasureId) m);
}

static TdRep
random_rep (int index, int64_t start)
{
  TdRep rep = { .index = index };
  rep.reason = (TdReason) g_test_rand_int_range (0, TD_N_REASONS);
  rep.counted = rep.reason == TD_REASON_COUNTED;
  rep.number = rep.counted ? index : 0;
  rep.start_ns = start;
  rep.bottom_ns = start + g_test_rand_int_range (1, 1000000000);
  rep.top_ns = rep.bottom_ns + g_test_rand_int_range (1, 1000000000);
  rep.view = (TdView) g_test_rand_int_range (0, TD_N_VIEWS);
  rep.depth = (TdDepth) g_test_rand_int_range (0, TD_N_DEPTHS);
  rep.depth_unsure = g_test_rand_bit ();
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *measure_at (&rep, m) = random_measure (-180, 180);
  rep.knee_flexion_max_deg = random_measure (0, 180);
  return rep;
}

static void
random_frame (int64_t time, double reach, TdPose *pose, TdFrameMeasures *m)
{
  *pose = (TdPose){ .time_ns = time, .width = 640, .height = 480 };
  *m = (TdFrameMeasures){ .time_ns = time };
  pose->present = g_test_rand_int_range (0, 4) != 0;
  pose->has_depth = pose->present && g_test_rand_bit ();
  pose->score = uniform (0, 1);
  pose->depth_sigma = pose->has_depth ? uniform (0.01, 0.5) : 0.f;
  for (int j = 0; pose->present && j < TD_N_JOINTS; j++)
    pose->joints[j] = (TdKeypoint){ uniform (-reach, reach), uniform (-reach, reach),
                                    pose->has_depth ? uniform (-reach, reach) : 0, uniform (0, 1) };
  m->view = (TdView) g_test_rand_int_range (0, TD_N_VIEWS);
  m->yaw_deg = random_measure (-180, 180);
  for (int side = 0; side < TD_N_SIDES; side++)
    {
      m->knee_flexion_deg[side] = random_measure (0, 180);
      m->thigh_inclination_deg[side] = random_measure (-90, 90);
      m->fppa_deg[side] = random_measure (-180, 180);
    }
  m->flexion_deg = random_measure (0, 180);
  m->thigh_deg = random_measure (-90, 90);
  m->hip_height = random_measure (0, 1.5);
  m->fppa_mean_deg = random_measure (-180, 180);
  m->trunk_lean_deg = random_measure (-180, 180);
  m->stance_ratio = random_measure (0, 5);
  m->hip_flexion_deg = random_measure (-30, 180);
  for (int side = 0; side < TD_N_SIDES; side++)
    m->knee_offset[side] = random_measure (-2, 2);
}

static void
assert_measure (TdMeasure got, TdMeasure wanted, double within)
{
  g_assert_cmpint (got.missing, ==, wanted.missing);
  if (!td_measure_ok (wanted))
    {
      g_assert_true (isnan (got.value) && isnan (got.sigma));
      return;
    }
  g_assert_cmpfloat (fabs ((double) got.value - (double) wanted.value), <=, within);
  g_assert_cmpfloat (fabs ((double) got.sigma - (double) wanted.sigma), <=, within);
}

static void
assert_rep (const TdRep *got, const TdRep *wanted)
{
  g_assert_cmpint (got->index, ==, wanted->index);
  g_assert_cmpint (got->number, ==, wanted->number);
  g_assert_cmpint (got->counted, ==, wanted->counted);
  g_assert_cmpint (got->reason, ==, wanted->reason);
  g_assert_cmpint (got->start_ns, ==, wanted->start_ns);
  g_assert_cmpint (got->bottom_ns, ==, wanted->bottom_ns);
  g_assert_cmpint (got->top_ns, ==, wanted->top_ns);
  g_assert_cmpint (got->view, ==, wanted->view);
  g_assert_cmpint (got->depth, ==, wanted->depth);
  g_assert_cmpint (got->depth_unsure, ==, wanted->depth_unsure);
  /* Repetitions are kept exactly. */
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    assert_measure (*td_rep_measure_at (got, (TdRepMeasureId) m),
                    *td_rep_measure_at (wanted, (TdRepMeasureId) m), 0);
}

static void
assert_frame (const TdSampleRow *got, const TdPose *pose, const TdFrameMeasures *m)
{
  const double degree = 0.00502, ratio = 0.000502;
  g_assert_cmpint (got->pose.time_ns, ==, pose->time_ns);
  g_assert_cmpint (got->measures.time_ns, ==, pose->time_ns);
  g_assert_cmpint (got->pose.width, ==, pose->width);
  g_assert_cmpint (got->pose.height, ==, pose->height);
  g_assert_cmpint (got->pose.present, ==, pose->present);
  g_assert_cmpint (got->pose.has_depth, ==, pose->has_depth);
  g_assert_cmpfloat (fabsf (got->pose.score - pose->score), <=, 0.51 / 255);
  g_assert_cmpfloat (fabsf (got->pose.depth_sigma - pose->depth_sigma), <=, ratio);
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      const TdKeypoint *a = &got->pose.joints[j], *b = &pose->joints[j];
      g_assert_cmpfloat (fabsf (a->x - b->x), <=, 1 / 16.);
      g_assert_cmpfloat (fabsf (a->y - b->y), <=, 1 / 16.);
      g_assert_cmpfloat (fabsf (a->z - b->z), <=, 1 / 16.);
      g_assert_cmpfloat (fabsf (a->score - b->score), <=, 0.51 / 255);
    }
  g_assert_cmpint (got->measures.view, ==, m->view);
  assert_measure (got->measures.yaw_deg, m->yaw_deg, degree);
  for (int side = 0; side < TD_N_SIDES; side++)
    {
      assert_measure (got->measures.knee_flexion_deg[side], m->knee_flexion_deg[side], degree);
      assert_measure (got->measures.thigh_inclination_deg[side], m->thigh_inclination_deg[side],
                      degree);
      assert_measure (got->measures.fppa_deg[side], m->fppa_deg[side], degree);
    }
  assert_measure (got->measures.flexion_deg, m->flexion_deg, degree);
  assert_measure (got->measures.thigh_deg, m->thigh_deg, degree);
  assert_measure (got->measures.hip_height, m->hip_height, ratio);
  assert_measure (got->measures.fppa_mean_deg, m->fppa_mean_deg, degree);
  assert_measure (got->measures.trunk_lean_deg, m->trunk_lean_deg, degree);
  assert_measure (got->measures.stance_ratio, m->stance_ratio, ratio);
  assert_measure (got->measures.hip_flexion_deg, m->hip_flexion_deg, degree);
  for (int side = 0; side < TD_N_SIDES; side++)
    assert_measure (got->measures.knee_offset[side], m->knee_offset[side], ratio);
}

/* --- Reading all -------------------------------------------------------------------------- */

static bool
collect_rep (const TdRepRow *row, void *data)
{
  g_array_append_val ((GArray *) data, *row);
  return true;
}

static bool
collect_sample (const TdSampleRow *row, void *data)
{
  g_array_append_val ((GArray *) data, *row);
  return true;
}

static bool
collect_session (const TdSessionRow *row, void *data)
{
  g_array_append_val ((GArray *) data, *row);
  return true;
}

static GArray *
all_reps (TdStore *store, int64_t session)
{
  TdStoreError e;
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (TdRepRow));
  ok (td_store_each_rep (store, session, collect_rep, rows, &e), e);
  return rows;
}

static GArray *
all_samples (TdStore *store, int64_t session)
{
  TdStoreError e;
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (TdSampleRow));
  ok (td_store_each_sample (store, session, collect_sample, rows, &e), e);
  return rows;
}

static GArray *
all_sessions (TdStore *store)
{
  TdStoreError e;
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (TdSessionRow));
  ok (td_store_each_session (store, collect_session, rows, &e), e);
  return rows;
}

/* A session of one set, N_REPS repetitions with FRAMES frames before each, all counted. */
static int64_t
write_session (TdStore *store, int n_reps, int frames, bool end)
{
  TdStoreError e;
  TdPose pose;
  TdFrameMeasures measures;
  int64_t session, set, time = 0;
  ok (td_store_begin_session (store, &info, &session, &e), e);
  ok (td_store_begin_set (store, session, NULL, &set, &e), e);
  for (int i = 1; i <= n_reps; i++)
    {
      int64_t start = time;
      for (int k = 0; k < frames; k++, time += FRAME_NS)
        {
          random_frame (time, 900, &pose, &measures);
          ok (td_store_add_sample (store, set, &pose, &measures, &e), e);
        }
      TdRep rep = random_rep (i, start);
      rep.counted = true;
      rep.reason = TD_REASON_COUNTED;
      rep.number = i;
      ok (td_store_add_rep (store, set, &rep, &e), e);
    }
  if (end)
    ok (td_store_end_session (store, session, &e), e);
  return session;
}

/* --- Tests: the way it is meant ----------------------------------------------------------- */

static void
a_new_file_is_private_and_strict (Fixture *f, gconstpointer data)
{
  (void) data;
  struct stat st;
  td_store_close (open_sound (f->path));
  g_assert_cmpint (ask (f->path, "PRAGMA application_id"), ==, 0x54447270);
  g_assert_cmpint (ask (f->path, "PRAGMA user_version"), >, 0);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main'"
                                 " AND type = 'table' AND name NOT LIKE 'sqlite%' AND NOT strict"),
                   ==, 0);
  g_assert_cmpint (ask (f->path, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), ==, 1);
  g_assert_cmpint (stat (f->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_autofree char *folder = g_path_get_dirname (f->path);
  g_assert_cmpint (stat (folder, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0700);
}

static void
what_was_written_is_read_back (Fixture *f, gconstpointer data)
{
  (void) data;
  enum
  {
    N_SETS = 3,
    N_REPS = 40,
    N_FRAMES = 25
  };
  g_autofree TdRep *reps = g_new0 (TdRep, N_SETS * N_REPS);
  g_autofree TdPose *poses = g_new0 (TdPose, N_SETS * N_REPS * N_FRAMES);
  g_autofree TdFrameMeasures *measures = g_new0 (TdFrameMeasures, N_SETS * N_REPS * N_FRAMES);
  TdStoreError e;
  int64_t session, time = 1234567890123456789;
  int n_reps = 0, n_frames = 0, n_counted = 0;
  float best = NAN;

  TdStore *store = open_sound (f->path);
  write_session (store, 2, 3, true); /* another one, which must not be mixed in */
  ok (td_store_begin_session (store, &info, &session, &e), e);
  int64_t first = time;
  for (int s = 0; s < N_SETS; s++)
    {
      int64_t set;
      ok (td_store_begin_set (store, session, NULL, &set, &e), e);
      for (int i = 0; i < N_REPS; i++)
        {
          int64_t start = time;
          for (int k = 0; k < N_FRAMES; k++, n_frames++, time += FRAME_NS)
            {
              /* Some joints far outside what two bytes hold. */
              random_frame (time, i == 7 ? 1e6 : 900, &poses[n_frames], &measures[n_frames]);
              /* No float is as fine as 1/8 pixel so far out. */
              for (int j = 0; i == 7 && j < TD_N_JOINTS; j++)
                poses[n_frames].joints[j].x = roundf (poses[n_frames].joints[j].x);
              ok (td_store_add_sample (store, set, &poses[n_frames], &measures[n_frames], &e), e);
            }
          reps[n_reps] = random_rep (i + 1, start);
          ok (td_store_add_rep (store, set, &reps[n_reps], &e), e);
          if (reps[n_reps].counted)
            {
              n_counted++;
              best = fmaxf (best, reps[n_reps].knee_flexion_max_deg.value);
            }
          n_reps++;
        }
      ok (td_store_end_set (store, set, &e), e);
    }
  ok (td_store_end_session (store, session, &e), e);
  td_store_close (store);

  ok (td_store_open_read_only (f->path, &store, &e), e);
  g_autoptr (GArray) rep_rows = all_reps (store, session);
  g_assert_cmpint (rep_rows->len, ==, n_reps);
  for (int i = 0; i < n_reps; i++)
    {
      const TdRepRow *row = &g_array_index (rep_rows, TdRepRow, i);
      g_assert_cmpint (row->session, ==, session);
      g_assert_cmpint (row->set_number, ==, 1 + i / N_REPS);
      assert_rep (&row->rep, &reps[i]);
    }
  g_autoptr (GArray) sample_rows = all_samples (store, session);
  g_assert_cmpint (sample_rows->len, ==, n_frames);
  for (int i = 0; i < n_frames; i++)
    {
      const TdSampleRow *row = &g_array_index (sample_rows, TdSampleRow, i);
      g_assert_cmpint (row->set_number, ==, 1 + i / (N_REPS * N_FRAMES));
      assert_frame (row, &poses[i], &measures[i]);
    }
  g_autoptr (GArray) sessions = all_sessions (store);
  g_assert_cmpint (sessions->len, ==, 2);
  const TdSessionRow *row = &g_array_index (sessions, TdSessionRow, 0); /* the newest */
  g_assert_cmpint (row->id, ==, session);
  g_assert_cmpstr (row->started_at, ==, info.started_at);
  g_assert_cmpstr (row->exercise, ==, info.exercise);
  g_assert_cmpstr (row->source, ==, info.source);
  g_assert_cmpstr (row->model, ==, info.model);
  g_assert_true (row->ended);
  g_assert_cmpint (row->n_sets, ==, N_SETS);
  g_assert_cmpint (row->n_reps, ==, n_counted);
  g_assert_cmpint (row->n_attempts, ==, n_reps - n_counted);
  g_assert_cmpfloat (row->best_flexion_deg, ==, best);
  g_assert_cmpint (row->first_ns, ==, first);
  td_store_close (store);
}

static void
a_frame_takes_about_200_bytes (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  write_session (store, 20, 300, true);
  td_store_close (store);
  int64_t bytes = ask (f->path, "SELECT sum(payload) FROM dbstat WHERE name = 'sample'");
  int64_t pages = ask (f->path, "SELECT sum(pgsize) FROM dbstat WHERE name = 'sample'");
  g_test_message ("%d bytes a frame, %d with page overhead", (int) (bytes / 6000),
                  (int) (pages / 6000));
  g_assert_cmpint (pages / 6000, <, 250);
}

static void
numbers_in_the_file_are_readable (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStoreError e;
  int64_t session, set;
  TdRep rep = random_rep (1, 0);
  rep.counted = true;
  rep.number = 1;
  rep.reason = TD_REASON_COUNTED;
  rep.knee_flexion_max_deg = td_measure (92.3f, 1.1f);
  rep.fppa_deg = td_measure_missing (TD_MISSING_FRONT_VIEW);
  rep.view = TD_VIEW_SIDE;

  TdStore *store = open_sound (f->path);
  ok (td_store_begin_session (store, &info, &session, &e), e);
  ok (td_store_begin_set (store, session, NULL, &set, &e), e);
  ok (td_store_add_rep (store, set, &rep, &e), e);
  td_store_close (store);
  /* 92.3, and not 92.3000030517578. */
  g_assert_cmpint (ask (f->path, "SELECT knee_flexion_max_deg = 92.3"
                                 " AND knee_flexion_max_sigma_deg = 1.1 AND fppa_deg IS NULL"
                                 " AND missing ->> 'fppa_deg' = 'front_view' AND view = 'side'"
                                 " FROM repetition"),
                   ==, 1);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM repetition_list WHERE started_at LIKE"
                                 " '2026%' AND set_number = 1 AND start_s = 0"),
                   ==, 1);
}

static void
unknown_fields_of_a_session_are_empty (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStoreError e;
  TdSessionRow row;
  int64_t session;
  TdSessionInfo nothing = { 0 };
  g_autofree char *long_name = g_malloc0 (4001);
  for (int i = 0; i < 4000; i += 2)
    memcpy (long_name + i, "é", 2);
  TdStore *store = open_sound (f->path);
  ok (td_store_begin_session (store, &nothing, &session, &e), e);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpstr (row.started_at, ==, "");
  g_assert_cmpstr (row.source, ==, "");
  g_assert_true (isnan (row.best_flexion_deg));
  nothing.source = long_name;
  nothing.model = long_name + 1; /* not UTF-8 from its first byte on */
  ok (td_store_begin_session (store, &nothing, &session, &e), e);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_true (g_utf8_validate (row.source, -1, NULL));
  g_assert_cmpint (strlen (row.source), ==, 254);
  td_store_close (store);
}

static void
an_empty_session_is_removed (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStoreError e;
  TdPose pose;
  TdFrameMeasures measures;
  int64_t empty, kept, set;
  TdStore *store = open_sound (f->path);
  ok (td_store_begin_session (store, &info, &empty, &e), e);
  ok (td_store_begin_set (store, empty, NULL, &set, &e), e);
  random_frame (5, 900, &pose, &measures);
  ok (td_store_add_sample (store, set, &pose, &measures, &e), e);
  ok (td_store_end_session (store, empty, &e), e);

  ok (td_store_begin_session (store, &info, &kept, &e), e);
  g_assert_cmpint (kept, >, empty);
  ok (td_store_begin_set (store, kept, NULL, &set, &e), e);
  TdRep attempt = random_rep (1, 0);
  attempt.counted = false;
  attempt.number = 0;
  attempt.reason = TD_REASON_SHALLOW;
  ok (td_store_add_rep (store, set, &attempt, &e), e);
  ok (td_store_end_session (store, kept, &e), e);

  g_autoptr (GArray) sessions = all_sessions (store);
  g_assert_cmpint (sessions->len, ==, 1);
  g_assert_cmpint (g_array_index (sessions, TdSessionRow, 0).id, ==, kept);
  g_assert_cmpint (g_array_index (sessions, TdSessionRow, 0).n_attempts, ==, 1);
  td_store_close (store);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM sample"), ==, 0);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM exercise_set"), ==, 1);
}

static void
a_deleted_session_takes_all_its_rows_along (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStoreError e;
  TdPose pose;
  TdFrameMeasures measures;
  int64_t set;
  TdStore *store = open_sound (f->path);
  int64_t kept = write_session (store, 3, 10, true);
  int64_t session = write_session (store, 3, 10, false);
  ok (td_store_begin_set (store, session, NULL, &set, &e), e);
  random_frame (5, 900, &pose, &measures);
  ok (td_store_add_sample (store, set, &pose, &measures, &e), e);
  ok (td_store_delete_session (store, session, &e), e);

  /* A frame that still waited, and a repetition that comes too late. */
  TdRep rep = random_rep (1, 0);
  assert_failure (td_store_add_rep (store, set, &rep, &e), TD_STORE_NOT_FOUND, &e, "no set");
  ok (td_store_flush (store, &e), e);
  g_autoptr (GArray) reps = all_reps (store, kept);
  g_assert_cmpint (reps->len, ==, 3);
  td_store_close (store);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM repetition"), ==, 3);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM sample"), ==, 30);
}

static void
what_is_not_there_is_not_found (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStoreError e;
  TdSessionRow row;
  TdStore *store;
  int64_t set;
  assert_failure (td_store_open_read_only (f->path, &store, &e), TD_STORE_NOT_FOUND, &e,
                  "There is no database");
  g_assert_null (store);
  store = open_sound (f->path);
  assert_failure (td_store_get_session (store, 7, &row, &e), TD_STORE_NOT_FOUND, &e, "session 7");
  assert_failure (td_store_each_rep (store, 7, collect_rep, NULL, &e), TD_STORE_NOT_FOUND, &e,
                  "session 7");
  assert_failure (td_store_each_sample (store, 7, collect_sample, NULL, &e), TD_STORE_NOT_FOUND, &e,
                  "session 7");
  assert_failure (td_store_begin_set (store, 7, NULL, &set, &e), TD_STORE_NOT_FOUND, &e,
                  "session 7");
  assert_failure (td_store_end_set (store, 7, &e), TD_STORE_NOT_FOUND, &e, "set 7");
  assert_failure (td_store_end_session (store, 7, &e), TD_STORE_NOT_FOUND, &e, "session 7");
  assert_failure (td_store_delete_session (store, 7, &e), TD_STORE_NOT_FOUND, &e, "session 7");
  /* And none of these left a transaction open. */
  write_session (store, 1, 1, true);
  td_store_close (store);
}

static void
the_default_path_follows_the_environment (void)
{
  g_setenv ("XDG_DATA_HOME", "/x", TRUE);
  char *path = td_store_default_path ();
  g_assert_cmpstr (path, ==, "/x/teardrop/teardrop.db");
  free (path);
  g_setenv ("HOME", "/h", TRUE);
  g_setenv ("XDG_DATA_HOME", "relative", TRUE);
  path = td_store_default_path ();
  g_assert_cmpstr (path, ==, "/h/.local/share/teardrop/teardrop.db");
  free (path);
}

static void
frames_are_flushed_before_too_many_wait (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStoreError e;
  TdPose pose;
  TdFrameMeasures measures;
  int64_t session, set;
  TdStore *store = open_sound (f->path);
  ok (td_store_begin_session (store, &info, &session, &e), e);
  ok (td_store_begin_set (store, session, NULL, &set, &e), e);
  for (int i = 0; i < 1300; i++)
    {
      random_frame (i, 900, &pose, &measures);
      ok (td_store_add_sample (store, set, &pose, &measures, &e), e);
    }
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM sample"), ==, 1200);
  /* The same time again: the first is kept. */
  random_frame (1299, 900, &pose, &measures);
  ok (td_store_add_sample (store, set, &pose, &measures, &e), e);
  td_store_close (store);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM sample"), ==, 1300);
}

/* A file as version VERSION (1 to 5) left it, made by version 2 or 1. */
static void
make_old_file (const char *path, int version)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *pragma = g_strdup_printf ("PRAGMA user_version = %d", version);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  execute (path, "PRAGMA journal_mode = WAL");
  execute (path, old_tables);
  if (version >= 2)
    execute (path, old_views);
  execute (path, "PRAGMA application_id = 0x54447270");
  execute (path, old_rows);
  execute (path, old_frames);
  if (version >= 3)
    execute (path, old_more_measures);
  if (version >= 4)
    {
      execute (path, old_more_views);
      execute (path, old_rows_4);
    }
  if (version >= 5)
    {
      execute (path, old_corrections);
      execute (path, old_rows_5);
    }
  execute (path, pragma);
}

static const TdRepMeasureId first_measures[]
    = { TD_REP_KNEE_FLEXION_MAX, TD_REP_THIGH_INCLINATION, TD_REP_FPPA,  TD_REP_FPPA_LEFT,
        TD_REP_FPPA_RIGHT,       TD_REP_ECCENTRIC,         TD_REP_PAUSE, TD_REP_CONCENTRIC,
        TD_REP_LOCKOUT,          TD_REP_TRUNK_LEAN,        TD_REP_STANCE };

/* Of the VALUE and SIGMA of each of first_measures, in order; all others were not measured then. */
static void
assert_old_measures (const TdRep *got, const TdMeasure *wanted)
{
  bool is_first[TD_N_REP_MEASURES] = { false };
  for (size_t i = 0; i < G_N_ELEMENTS (first_measures); i++)
    {
      is_first[first_measures[i]] = true;
      assert_measure (*td_rep_measure_at (got, first_measures[i]), wanted[i], 0);
    }
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    if (!is_first[m])
      assert_measure (*td_rep_measure_at (got, (TdRepMeasureId) m),
                      td_measure_missing (TD_MISSING_NOT_TAKEN), 0);
  g_assert_false (got->depth_unsure);
}

static void
assert_old_reps (TdStore *store)
{
  const TdMeasure first[] = {
    td_measure (101.5f, 1.5f),   td_measure (-2.25f, 2),      td_measure (3.5f, 4),
    td_measure (2.5f, 5),        td_measure (4.5f, 5),        td_measure (1.5f, 0.0625f),
    td_measure (0.25f, 0.0625f), td_measure (1.25f, 0.0625f), td_measure (4, 3),
    td_measure (21, 5),          td_measure (0.75f, 0.125f),
  };
  const TdMeasure second[] = {
    td_measure (55.5f, 1.5f),
    td_measure_missing (TD_MISSING_JOINTS),
    td_measure_missing (TD_MISSING_FRONT_VIEW),
    td_measure_missing (TD_MISSING_FRONT_VIEW),
    td_measure_missing (TD_MISSING_FRONT_VIEW),
    td_measure_missing (TD_MISSING_NOT_REACHED),
    td_measure_missing (TD_MISSING_NOT_REACHED),
    td_measure_missing (TD_MISSING_NOT_REACHED),
    td_measure_missing (TD_MISSING_FORESHORTENED),
    td_measure_missing (TD_MISSING_SIDE_VIEW),
    td_measure_missing (TD_MISSING_DEPTH),
  };
  g_autoptr (GArray) reps = all_reps (store, 3);
  g_assert_cmpint (reps->len, ==, 2);
  const TdRep *rep = &g_array_index (reps, TdRepRow, 0).rep;
  g_assert_true (rep->counted);
  g_assert_cmpint (rep->number, ==, 1);
  g_assert_cmpint (rep->bottom_ns, ==, 2000);
  g_assert_cmpint (rep->depth, ==, TD_DEPTH_PARALLEL);
  assert_old_measures (rep, first);
  rep = &g_array_index (reps, TdRepRow, 1).rep;
  g_assert_cmpint (rep->reason, ==, TD_REASON_SHALLOW);
  g_assert_cmpint (rep->view, ==, TD_VIEW_SIDE);
  assert_old_measures (rep, second);
}

/* All that there is now was measured then, and nothing of it was corrected. */
static void
assert_reps_of_version_4 (TdStore *store, const TdSessionRow *session)
{
  g_assert_cmpint (session->id, ==, 4);
  g_assert_false (session->ended);
  g_assert_cmpint (session->first_ns, ==, 10500);
  g_autoptr (GArray) reps = all_reps (store, 4);
  g_assert_cmpint (reps->len, ==, 2);
  const TdRepRow *row = &g_array_index (reps, TdRepRow, 0);
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    g_assert_true (td_measure_ok (*td_rep_measure_at (&row->rep, (TdRepMeasureId) m)));
  assert_measure (row->rep.heel_rise_ratio, td_measure (0.03125f, 0.25f), 0);
  assert_measure (row->rep.calf_gap_deg, td_measure (28, 3), 0);
  g_assert_true (row->rep.depth_unsure);
  for (guint i = 0; i < 2; i++)
    {
      row = &g_array_index (reps, TdRepRow, i);
      g_assert_cmpint (row->id, ==, 9 + i);
      g_assert_cmpint (row->set, ==, 6);
      g_assert_cmpint (row->verdict, ==, TD_VERDICT_MEASURED);
      g_assert_false (row->by_hand);
      g_assert_cmpint (td_rep_row_counts (row), ==, i == 0);
      g_assert_cmpint (row->number, ==, i == 0 ? 1 : 0);
    }
}

static void
assert_session_of_version_5 (TdStore *store, const TdSessionRow *session)
{
  g_assert_cmpint (session->id, ==, 5);
  g_assert_cmpstr (session->note, ==, "a note");
  g_assert_cmpfloat (session->load_kg, ==, 32.5f);
  g_assert_cmpint (session->first_ns, ==, 20500);
  g_assert_cmpint (session->n_reps, ==, 0);
  g_autoptr (GArray) reps = all_reps (store, 5);
  g_assert_cmpint (reps->len, ==, 1);
  g_assert_cmpint (g_array_index (reps, TdRepRow, 0).verdict, ==, TD_VERDICT_NOT_ONE);
}

static void
assert_old_frames (TdStore *store)
{
  TdMeasure not_measured = td_measure_missing (TD_MISSING_NOT_TAKEN);
  TdMeasure nobody = td_measure_missing (TD_MISSING_NO_PERSON);
  g_autoptr (GArray) samples = all_samples (store, 3);
  g_assert_cmpint (samples->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const TdSampleRow *row = &g_array_index (samples, TdSampleRow, i);
      const TdFrameMeasures *m = &row->measures;
      g_assert_cmpint (row->pose.present, ==, i == 0);
      g_assert_cmpfloat (row->pose.depth_sigma, ==, 0);
      assert_measure (m->yaw_deg, i == 0 ? td_measure (1, 2) : nobody, 1e-5);
      assert_measure (m->hip_height, i == 0 ? td_measure (0.9f, 0.01f) : nobody, 1e-5);
      assert_measure (m->fppa_deg[TD_SIDE_RIGHT], i == 0 ? td_measure (4, 4) : nobody, 1e-5);
      assert_measure (m->stance_ratio, i == 0 ? td_measure (0.8f, 0.1f) : nobody, 1e-5);
      assert_measure (m->hip_flexion_deg, not_measured, 0);
      for (int side = 0; side < TD_N_SIDES; side++)
        assert_measure (m->knee_offset[side], not_measured, 0);
    }
}

static void
an_older_file_is_brought_up_to_date (Fixture *f, gconstpointer data)
{
  int version = GPOINTER_TO_INT (data);
  TdStore *store;
  TdStoreError e;
  TdCalibrationRow calibration;
  make_old_file (f->path, version);
  assert_failure (td_store_open_read_only (f->path, &store, &e), TD_STORE_CANNOT_OPEN, &e,
                  "earlier version");
  store = open_sound (f->path);
  g_autoptr (GArray) sessions = all_sessions (store);
  g_assert_cmpint (sessions->len, ==, MAX (version, 3) - 2);
  const TdSessionRow *row = &g_array_index (sessions, TdSessionRow, sessions->len - 1);
  g_assert_cmpstr (row->source, ==, "Old camera");
  g_assert_cmpint (row->n_reps, ==, 1);
  g_assert_cmpint (row->n_attempts, ==, 1);
  g_assert_cmpint (row->first_ns, ==, 900);
  g_assert_true (isnan (row->load_kg));
  g_assert_cmpstr (row->note, ==, "");
  g_assert_cmpstr (row->picture, ==, "");
  g_assert_cmpint (row->n_depths, ==, 1);
  g_assert_cmpint (row->depths_deg[0], ==, 102);
  assert_old_reps (store);
  if (version >= 4)
    assert_reps_of_version_4 (store, &g_array_index (sessions, TdSessionRow, sessions->len - 2));
  if (version == 5)
    assert_session_of_version_5 (store, &g_array_index (sessions, TdSessionRow, 0));
  assert_old_frames (store);
  assert_failure (td_store_latest_calibration (store, &calibration, &e), TD_STORE_NOT_FOUND, &e,
                  "no calibration");
  ok (td_store_check (store, &e), e);

  /* What is old can be corrected. */
  ok (td_store_set_verdict (store, 8, TD_VERDICT_ONE, &e), e);
  ok (td_store_set_note (store, 3, "long ago", &e), e);
  ok (td_store_set_info (store, 5, &(TdSetInfo){ 20, 12 }, &e), e);
  ok (td_store_set_picture (store, 3, "3.webm", 900, &e), e);
  TdSessionRow corrected;
  ok (td_store_get_session (store, 3, &corrected, &e), e);
  g_assert_cmpint (corrected.n_reps, ==, 2);
  g_assert_cmpfloat (corrected.load_kg, ==, 20);
  g_assert_cmpstr (corrected.note, ==, "long ago");
  g_assert_cmpstr (corrected.picture, ==, "3.webm");

  /* New rows go beside the old ones. */
  int64_t session = write_session (store, 3, 5, true);
  g_autoptr (GArray) reps = all_reps (store, session);
  g_assert_cmpint (reps->len, ==, 3);
  td_store_close (store);
  g_assert_cmpint (ask (f->path, "PRAGMA user_version"), ==, 6);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM repetition_list WHERE depth_unsure = 0"
                                 " AND calf_gap_deg IS NULL AND session = 3"),
                   ==, 2);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM sample_list WHERE hip_flexion_deg IS NULL"
                                 " AND knee_offset_left IS NULL AND session = 3"),
                   ==, 2);
  store = open_sound (f->path);
  assert_old_reps (store);
  td_store_close (store);
}

static void
assert_float (float got, float wanted)
{
  if (isnan (wanted))
    g_assert_true (isnan (got));
  else
    g_assert_cmpfloat (got, ==, wanted);
}

static void
assert_calibration (const TdCalibration *got, const TdCalibration *wanted)
{
  g_assert_cmpint (got->standing_known, ==, wanted->standing_known);
  g_assert_cmpint (got->range_known, ==, wanted->range_known);
  if (wanted->standing_known)
    {
      assert_float (got->thigh_share, wanted->thigh_share);
      assert_float (got->trunk_share, wanted->trunk_share);
      for (int side = 0; side < TD_N_SIDES; side++)
        assert_float (got->fppa_deg[side], wanted->fppa_deg[side]);
      assert_float (got->straight_deg, wanted->straight_deg);
      assert_float (got->pitch_deg, wanted->pitch_deg);
      assert_float (got->roll_deg, wanted->roll_deg);
    }
  if (wanted->range_known)
    {
      assert_float (got->flexion_max_deg, wanted->flexion_max_deg);
      assert_float (got->contact_deg, wanted->contact_deg);
    }
}

static const TdCalibration whole_calibration = {
  .standing_known = true,
  .thigh_share = 0.4876529f,
  .trunk_share = 0.55f,
  .fppa_deg = { 2.9711f, -0.4f },
  .straight_deg = 7.1667f,
  .pitch_deg = 2.7061f,
  .roll_deg = -1.2032f,
  .range_known = true,
  .flexion_max_deg = 141.25f,
  .contact_deg = 141.25f,
};

static void
a_calibration_is_kept_as_it_was (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  TdCalibrationRow row;
  TdCalibration calibrations[5];
  for (size_t i = 0; i < G_N_ELEMENTS (calibrations); i++)
    calibrations[i] = whole_calibration;
  calibrations[1].contact_deg = NAN;
  calibrations[1].fppa_deg[TD_SIDE_RIGHT] = NAN;
  calibrations[1].pitch_deg = calibrations[1].roll_deg = NAN;
  calibrations[2].trunk_share = 0; /* not seen */
  calibrations[3].range_known = false;
  calibrations[4].standing_known = false;
  for (size_t i = 0; i < G_N_ELEMENTS (calibrations); i++)
    {
      ok (td_store_add_calibration (store, info.started_at, "seed", &calibrations[i], &e), e);
      ok (td_store_latest_calibration (store, &row, &e), e);
      g_assert_cmpint (row.id, ==, (int64_t) i + 1);
      g_assert_cmpstr (row.at, ==, info.started_at);
      g_assert_cmpstr (row.model, ==, "seed");
      assert_calibration (&row.calibration, &calibrations[i]);
    }
  td_store_close (store);
  /* What is not known is NULL, never 0. */
  g_assert_cmpint (ask (f->path,
                        "SELECT fppa_right_deg IS NULL AND contact_deg IS NULL AND pitch_deg"
                        " IS NULL AND fppa_left_deg = 2.9711 FROM calibration"
                        " WHERE id = 2"),
                   ==, 1);
  g_assert_cmpint (ask (f->path, "SELECT trunk_share IS NULL FROM calibration WHERE id = 3"), ==,
                   1);
  g_assert_cmpint (ask (f->path, "SELECT flexion_max_deg IS NULL FROM calibration WHERE id = 4"),
                   ==, 1);
  g_assert_cmpint (ask (f->path, "SELECT thigh_share IS NULL FROM calibration WHERE id = 5"), ==,
                   1);
}

static void
the_newest_calibration_is_given (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  TdCalibrationRow row;
  TdCalibration later = whole_calibration;
  assert_failure (td_store_latest_calibration (store, &row, &e), TD_STORE_NOT_FOUND, &e,
                  "There is no calibration");
  ok (td_store_add_calibration (store, info.started_at, NULL, &whole_calibration, &e), e);
  later.flexion_max_deg = 120;
  /* The clock may have been set back in between. */
  ok (td_store_add_calibration (store, "2020-01-01T00:00:00+01:00", "later", &later, &e), e);
  td_store_close (store);
  ok (td_store_open_read_only (f->path, &store, &e), e);
  ok (td_store_latest_calibration (store, &row, &e), e);
  g_assert_cmpstr (row.model, ==, "later");
  assert_calibration (&row.calibration, &later);
  assert_failure (td_store_add_calibration (store, info.started_at, NULL, &later, &e),
                  TD_STORE_CANNOT_OPEN, &e, "reading only");
  td_store_close (store);
}

static gpointer
open_and_write (gpointer path)
{
  TdStore *store = open_sound (path);
  write_session (store, 5, 5, true);
  td_store_close (store);
  return NULL;
}

static void
many_threads_open_a_new_file_at_once (Fixture *f, gconstpointer data)
{
  (void) data;
  GThread *threads[6];
  for (int i = 0; i < 6; i++)
    threads[i] = g_thread_new ("store", open_and_write, f->path);
  for (int i = 0; i < 6; i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM repetition"), ==, 30);
}

/* --- Tests: what the user says beside what was measured ------------------------------------ */

static TdRep
plain_rep (int index, bool counted, int64_t start, float flexion_deg)
{
  TdRep rep = random_rep (index, start);
  rep.counted = counted;
  rep.reason = counted ? TD_REASON_COUNTED : TD_REASON_SHALLOW;
  rep.number = counted ? index : 0;
  rep.bottom_ns = start + 10;
  rep.top_ns = start + 20;
  rep.knee_flexion_max_deg = td_measure (flexion_deg, 1);
  return rep;
}

static int64_t
begin_plain_set (TdStore *store, int64_t *session)
{
  TdStoreError e;
  int64_t set;
  ok (td_store_begin_session (store, &info, session, &e), e);
  ok (td_store_begin_set (store, *session, NULL, &set, &e), e);
  return set;
}

static void
add_plain (TdStore *store, int64_t set, int index, bool counted, float flexion_deg)
{
  TdStoreError e;
  TdRep rep = plain_rep (index, counted, 1000 * index, flexion_deg);
  ok (td_store_add_rep (store, set, &rep, &e), e);
}

/* Of the repetitions of SESSION in order a letter each: what the user says and, before it, what was
 * measured ("c" counted, "a" attempt, "h" by hand); and the numbers of those that count. */
static char *
state_of (TdStore *store, int64_t session)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GArray) reps = all_reps (store, session);
  for (guint i = 0; i < reps->len; i++)
    {
      const TdRepRow *row = &g_array_index (reps, TdRepRow, i);
      g_assert_cmpint (row->session, ==, session);
      g_assert_cmpint (td_rep_row_counts (row), ==, row->number > 0);
      g_string_append (text, i > 0 ? " " : "");
      g_string_append_c (text, row->by_hand ? 'h' : row->rep.counted ? 'c' : 'a');
      g_string_append_c (text, "-NY"[row->verdict]);
      if (row->number > 0)
        g_string_append_printf (text, "%d", row->number);
    }
  return g_string_free (text, FALSE);
}

#define assert_state(store, session, wanted)                                                       \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *state = state_of (store, session);                                            \
    g_assert_cmpstr (state, ==, wanted);                                                           \
  }                                                                                                \
  G_STMT_END

static void
plus_and_minus_correct_the_newest (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  TdSessionRow row;
  int64_t session, set = begin_plain_set (store, &session);

  assert_failure (td_store_take_one (store, set, &e), TD_STORE_NOT_FOUND, &e,
                  "no repetition that counts");
  add_plain (store, set, 1, true, 100);
  add_plain (store, set, 2, true, 110);
  add_plain (store, set, 3, false, 60);
  assert_state (store, session, "c-1 c-2 a-");

  /* The newest attempt was one after all; then it was none again. */
  ok (td_store_add_one (store, set, 9000, &e), e);
  assert_state (store, session, "c-1 c-2 aY3");
  ok (td_store_take_one (store, set, &e), e);
  assert_state (store, session, "c-1 c-2 a-");

  /* Two taken away, and two brought back: the attempt is the newest, the repetition is not. */
  ok (td_store_take_one (store, set, &e), e);
  assert_state (store, session, "c-1 cN a-");
  ok (td_store_take_one (store, set, &e), e);
  assert_state (store, session, "cN cN a-");
  assert_failure (td_store_take_one (store, set, &e), TD_STORE_NOT_FOUND, &e,
                  "no repetition that counts");
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpint (row.n_reps, ==, 0);
  g_assert_cmpint (row.n_attempts, ==, 3);
  g_assert_true (isnan (row.best_flexion_deg));
  g_assert_cmpint (row.n_depths, ==, 0);
  ok (td_store_add_one (store, set, 9000, &e), e);
  assert_state (store, session, "cN cN aY1");

  /* Now something counts after all else: the next one is by hand, at the given time or the last top. */
  ok (td_store_add_one (store, set, 9000, &e), e);
  ok (td_store_add_one (store, set, 5, &e), e);
  assert_state (store, session, "cN cN aY1 hY2 hY3");
  {
    g_autoptr (GArray) reps = all_reps (store, session);
    const TdRepRow *by_hand = &g_array_index (reps, TdRepRow, 4);
    g_assert_cmpint (g_array_index (reps, TdRepRow, 3).rep.start_ns, ==, 9000);
    g_assert_cmpint (by_hand->rep.start_ns, ==, 9000);
    g_assert_cmpint (by_hand->rep.top_ns, ==, 9000);
    g_assert_true (by_hand->rep.counted);
    for (int m = 0; m < TD_N_REP_MEASURES; m++)
      g_assert_cmpint (td_rep_measure_at (&by_hand->rep, (TdRepMeasureId) m)->missing, ==,
                       TD_MISSING_BY_HAND);
  }
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpint (row.n_reps, ==, 3);
  g_assert_cmpint (row.n_attempts, ==, 2);
  g_assert_cmpfloat (row.best_flexion_deg, ==, 60);
  g_assert_cmpint (row.n_depths, ==, 1);
  g_assert_cmpint (row.depths_deg[0], ==, 60);
  g_assert_cmpint (row.first_ns, ==, 1000);

  /* One that was added leaves no trace when it is taken away. */
  ok (td_store_take_one (store, set, &e), e);
  assert_state (store, session, "cN cN aY1 hY2");
  ok (td_store_take_one (store, set, &e), e);
  assert_state (store, session, "cN cN aY1");

  /* What comes later goes on from there. */
  add_plain (store, set, 10, true, 90);
  assert_state (store, session, "cN cN aY1 c-2");

  /* Plus takes back minus, however often. */
  for (int i = 11; i <= 13; i++)
    add_plain (store, set, i, true, 80);
  for (int i = 0; i < 3; i++)
    ok (td_store_take_one (store, set, &e), e);
  assert_state (store, session, "cN cN aY1 c-2 cN cN cN");
  ok (td_store_add_one (store, set, 99000, &e), e);
  assert_state (store, session, "cN cN aY1 c-2 c-3 cN cN");
  ok (td_store_add_one (store, set, 99000, &e), e);
  ok (td_store_add_one (store, set, 99000, &e), e);
  assert_state (store, session, "cN cN aY1 c-2 c-3 c-4 c-5");
  ok (td_store_add_one (store, set, 99000, &e), e);
  assert_state (store, session, "cN cN aY1 c-2 c-3 c-4 c-5 hY6");
  for (int i = 0; i < 4; i++)
    ok (td_store_take_one (store, set, &e), e);
  assert_state (store, session, "cN cN aY1 c-2 cN cN cN");
  ok (td_store_end_session (store, session, &e), e);
  ok (td_store_check (store, &e), e);
  td_store_close (store);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM repetition"), ==, 7);
  /* Who opens the file finds the same, and what was measured. */
  g_assert_cmpint (ask (f->path, "SELECT repetitions = 2 AND attempts = 5 AND best_flexion_deg = 90"
                                 " AND first_ns = 1000 FROM session_list"),
                   ==, 1);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM repetition_list WHERE counted = 1"
                                 " AND counted_as_measured = 0 AND verdict = 'one'"
                                 " AND reason = 'shallow' AND by_hand = 0"),
                   ==, 1);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM repetition_list WHERE counted = 0"
                                 " AND counted_as_measured = 1 AND verdict = 'not_one'"),
                   ==, 5);
}

/* Plus is pressed on the way down of a repetition that counts all the same: that one is the newest then. */
static void
the_newest_is_the_one_that_was_done_last (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  int64_t session, set = begin_plain_set (store, &session);
  TdRep rep = plain_rep (1, true, 1000, 100);
  rep.top_ns = 3000;
  ok (td_store_add_one (store, set, 2000, &e), e);
  ok (td_store_add_rep (store, set, &rep, &e), e);
  assert_state (store, session, "c-1 hY2");
  ok (td_store_take_one (store, set, &e), e);
  assert_state (store, session, "cN hY1");
  ok (td_store_add_one (store, set, 4000, &e), e);
  assert_state (store, session, "c-1 hY2");
  td_store_close (store);
}

/* A set that nothing was seen in. */
static void
one_by_hand_in_an_empty_set_is_not_before_the_session (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  TdSessionRow row;
  int64_t session, set = begin_plain_set (store, &session);
  add_plain (store, set, 1, true, 100);
  ok (td_store_begin_set (store, session, NULL, &set, &e), e);
  ok (td_store_add_one (store, set, 0, &e), e);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpint (row.first_ns, ==, 1000);
  g_assert_cmpint (row.n_reps, ==, 2);
  assert_state (store, session, "c-1 hY1"); /* numbers begin anew in each set */
  assert_failure (td_store_add_one (store, 77, 0, &e), TD_STORE_NOT_FOUND, &e, "set 77");
  write_session (store, 1, 1, true); /* no transaction was left open */
  td_store_close (store);
}

static void
any_repetition_can_be_corrected (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  int64_t session, set = begin_plain_set (store, &session), id[4];
  add_plain (store, set, 1, true, 100);
  add_plain (store, set, 2, false, 60);
  add_plain (store, set, 3, true, 110);
  ok (td_store_add_one (store, set, 9000, &e), e);
  ok (td_store_end_session (store, session, &e), e);
  {
    g_autoptr (GArray) reps = all_reps (store, session);
    for (guint i = 0; i < 4; i++)
      id[i] = g_array_index (reps, TdRepRow, i).id;
  }

  ok (td_store_set_verdict (store, id[0], TD_VERDICT_NOT_ONE, &e), e);
  ok (td_store_set_verdict (store, id[1], TD_VERDICT_ONE, &e), e);
  assert_state (store, session, "cN aY1 c-2 hY3");
  ok (td_store_set_verdict (store, id[2], TD_VERDICT_ONE, &e), e); /* so it was measured */
  ok (td_store_set_verdict (store, id[3], TD_VERDICT_ONE, &e), e);
  assert_state (store, session, "cN aY1 cY2 hY3");
  ok (td_store_set_verdict (store, id[0], TD_VERDICT_MEASURED, &e), e);
  ok (td_store_set_verdict (store, id[1], TD_VERDICT_MEASURED, &e), e);
  ok (td_store_set_verdict (store, id[2], TD_VERDICT_MEASURED, &e), e);
  assert_state (store, session, "c-1 a- c-2 hY3");
  ok (td_store_set_verdict (store, id[3], TD_VERDICT_NOT_ONE, &e), e);
  assert_state (store, session, "c-1 a- c-2");
  assert_failure (td_store_set_verdict (store, id[3], TD_VERDICT_ONE, &e), TD_STORE_NOT_FOUND, &e,
                  "repetition");
  ok (td_store_add_one (store, set, 9000, &e), e);
  {
    g_autoptr (GArray) reps = all_reps (store, session);
    id[3] = g_array_index (reps, TdRepRow, 3).id;
  }
  ok (td_store_set_verdict (store, id[3], TD_VERDICT_MEASURED, &e), e);
  assert_state (store, session, "c-1 a- c-2");
  td_store_close (store);

  ok (td_store_open_read_only (f->path, &store, &e), e);
  assert_failure (td_store_set_verdict (store, id[0], TD_VERDICT_ONE, &e), TD_STORE_CANNOT_OPEN, &e,
                  "reading only");
  assert_failure (td_store_add_one (store, set, 1, &e), TD_STORE_CANNOT_OPEN, &e, "reading only");
  assert_failure (td_store_take_one (store, set, &e), TD_STORE_CANNOT_OPEN, &e, "reading only");
  assert_failure (td_store_set_note (store, session, "x", &e), TD_STORE_CANNOT_OPEN, &e,
                  "reading only");
  assert_failure (td_store_set_info (store, set, NULL, &e), TD_STORE_CANNOT_OPEN, &e,
                  "reading only");
  td_store_close (store);
}

static bool
collect_set (const TdSetRow *row, void *data)
{
  g_array_append_val ((GArray *) data, *row);
  return true;
}

static void
assert_info (TdSetInfo got, float load_kg, int target)
{
  assert_float (got.load_kg, load_kg);
  g_assert_cmpint (got.target, ==, target);
}

static void
a_set_keeps_its_load_and_target (Fixture *f, gconstpointer data)
{
  static const TdSetInfo given[] = { { 22.5f, 12 }, { 0, 0 }, { NAN, 5 }, { 12.1f, 0 } };
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  TdSessionRow row;
  int64_t session, set, time = 0;
  g_autoptr (GArray) sets = g_array_new (FALSE, FALSE, sizeof (TdSetRow));
  ok (td_store_begin_session (store, &info, &session, &e), e);
  for (int s = 0; s < 5; s++)
    {
      ok (td_store_begin_set (store, session, s < 4 ? &given[s] : NULL, &set, &e), e);
      for (int i = 1; i <= s; i++, time += 1000)
        {
          TdRep rep = plain_rep (i, i != 2, time, 100);
          ok (td_store_add_rep (store, set, &rep, &e), e);
        }
    }
  ok (td_store_take_one (store, set, &e), e);
  ok (td_store_each_set (store, session, collect_set, sets, &e), e);
  g_assert_cmpint (sets->len, ==, 5);
  for (int s = 0; s < 5; s++)
    {
      const TdSetRow *got = &g_array_index (sets, TdSetRow, s);
      int n_attempts = (s >= 2) + (s == 4);
      g_assert_cmpint (got->number, ==, s + 1);
      g_assert_cmpint (got->n_reps, ==, s - n_attempts);
      g_assert_cmpint (got->n_attempts, ==, n_attempts);
      g_assert_cmpint (got->start_ns, ==, 1000 * s * (s - 1) / 2);
      g_assert_cmpint (got->end_ns, ==, s > 0 ? 1000 * (s * (s + 1) / 2 - 1) + 20 : 0);
      assert_info (got->info, s < 4 ? given[s].load_kg : NAN, s < 4 ? given[s].target : 0);
    }
  g_assert_cmpint (g_array_index (sets, TdSetRow, 4).id, ==, set);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpfloat (row.load_kg, ==, 22.5);
  g_assert_cmpint (row.n_sets, ==, 5);

  ok (td_store_set_info (store, set, &(TdSetInfo){ 100.25f, 3 }, &e), e);
  ok (td_store_set_info (store, g_array_index (sets, TdSetRow, 0).id, NULL, &e), e);
  g_array_set_size (sets, 0);
  ok (td_store_each_set (store, session, collect_set, sets, &e), e);
  assert_info (g_array_index (sets, TdSetRow, 4).info, 100.25f, 3);
  assert_info (g_array_index (sets, TdSetRow, 0).info, NAN, 0);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpfloat (row.load_kg, ==, 100.25);
  assert_failure (td_store_set_info (store, 99, &given[0], &e), TD_STORE_NOT_FOUND, &e, "set 99");
  assert_failure (td_store_each_set (store, 99, collect_set, sets, &e), TD_STORE_NOT_FOUND, &e,
                  "session 99");
  td_store_close (store);
  /* As it was typed, not as a float. */
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM exercise_set WHERE load_kg = 12.1"
                                 " AND target IS NULL"),
                   ==, 1);
  g_assert_cmpint (ask (f->path, "SELECT load_kg = 100.25 FROM session_list"), ==, 1);
}

static void
a_picture_is_a_file_of_the_session_s_own_folder (Fixture *f, gconstpointer data)
{
  (void) data;
  static const char *const elsewhere[] = { "../teardrop.db", "/etc/passwd", "..", ".", "a/b.webm" };
  TdStoreError e;
  TdSessionRow row;
  TdStore *store = open_sound (f->path);
  int64_t session = write_session (store, 1, 1, true);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpstr (row.picture, ==, "");
  g_assert_cmpint (row.picture_ns, ==, 0);
  ok (td_store_set_picture (store, session, "1.webm", INT64_C (1) << 50, &e), e);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpstr (row.picture, ==, "1.webm");
  g_assert_cmpint (row.picture_ns, ==, INT64_C (1) << 50);
  for (size_t i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    {
      ok (td_store_set_picture (store, session, elsewhere[i], 1, &e), e);
      ok (td_store_get_session (store, session, &row, &e), e);
      g_assert_cmpstr (row.picture, ==, "");
    }
  ok (td_store_set_picture (store, session, "", 1, &e), e);
  assert_failure (td_store_set_picture (store, 99, "x", 1, &e), TD_STORE_NOT_FOUND, &e,
                  "session 99");
  td_store_close (store);
  g_assert_cmpint (ask (f->path, "SELECT picture IS NULL AND picture_ns IS NULL FROM session"), ==,
                   1);
  char *folder = td_store_pictures_folder ("/home/me/teardrop.db");
  g_assert_cmpstr (folder, ==, "/home/me/pictures");
  free (folder);
}

static void
a_note_is_kept_and_cut_at_a_character (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  TdSessionRow row;
  int64_t session = write_session (store, 1, 1, true);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpstr (row.note, ==, "");
  ok (td_store_set_note (store, session, "Knie zwickte; „nächstes Mal“ 'weniger'\nund früher", &e),
      e);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpstr (row.note, ==, "Knie zwickte; „nächstes Mal“ 'weniger'\nund früher");

  /* Each way a character of four bytes can lie across the end. */
  for (int before = 0; before < 4; before++)
    {
      GString *note = g_string_new (NULL);
      for (int i = 0; i < before; i++)
        g_string_append_c (note, 'x');
      for (int i = 0; i < 400; i++)
        g_string_append (note, "🏋");
      ok (td_store_set_note (store, session, note->str, &e), e);
      ok (td_store_get_session (store, session, &row, &e), e);
      g_assert_true (g_utf8_validate (row.note, -1, NULL));
      g_assert_true (g_str_has_prefix (note->str, row.note));
      g_assert_cmpint (strlen (row.note), ==, before + (TD_NOTE_SIZE - 1 - before) / 4 * 4);
      g_autoptr (GArray) sessions = all_sessions (store);
      g_assert_cmpstr (g_array_index (sessions, TdSessionRow, 0).note, ==, row.note);
      g_string_free (note, TRUE);
    }
  ok (td_store_set_note (store, session, "", &e), e);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpstr (row.note, ==, "");
  assert_failure (td_store_set_note (store, 99, "x", &e), TD_STORE_NOT_FOUND, &e, "session 99");
  td_store_close (store);
  g_assert_cmpint (ask (f->path, "SELECT note IS NULL FROM session"), ==, 1);
}

/* Never more than there is room for, evenly spaced, the first one always. */
static void
a_long_sessions_depths_are_thinned_out (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  TdSessionRow row;
  int64_t session, set = begin_plain_set (store, &session);
  for (int n = 1; n <= 150; n++)
    {
      add_plain (store, set, 2 * n, true, (float) n + 0.4f);
      add_plain (store, set, 2 * n + 1, false, 5);
      ok (td_store_get_session (store, session, &row, &e), e);
      g_assert_cmpint (row.n_reps, ==, n);
      g_assert_cmpint (row.n_depths, <=, TD_SESSION_DEPTHS);
      g_assert_cmpint (row.n_depths, >=, MIN (n, TD_SESSION_DEPTHS / 2 + 1));
      int stride = row.n_depths > 1 ? row.depths_deg[1] - row.depths_deg[0] : 1;
      for (int i = 0; i < row.n_depths; i++)
        g_assert_cmpint (row.depths_deg[i], ==, 1 + i * stride);
      g_assert_cmpint (row.depths_deg[row.n_depths - 1] + stride, >, n);
      if (n <= TD_SESSION_DEPTHS)
        g_assert_cmpint (row.n_depths, ==, n);
    }
  g_assert_cmpfloat (row.best_flexion_deg, ==, 150.4f);
  td_store_close (store);
}

static bool
collect_summary (const TdSummaryRow *row, void *data)
{
  g_array_append_val ((GArray *) data, *row);
  return true;
}

static GArray *
all_summaries (TdStore *store)
{
  TdStoreError e;
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (TdSummaryRow));
  ok (td_store_each_summary (store, collect_summary, rows, &e), e);
  return rows;
}

/* Two sets with 20 kg and one of body weight, one where the load was not told; one repetition and
 * one attempt each, where what is measured grows with the set. */
static void
write_loads (TdStore *store, const char *exercise, int64_t *session)
{
  static const float loads[] = { 20, 0, NAN, 20 };
  TdSessionInfo of = info;
  TdStoreError e;
  int64_t set;
  of.exercise = exercise;
  ok (td_store_begin_session (store, &of, session, &e), e);
  for (int s = 0; s < 4; s++)
    {
      const TdMeasure none = td_measure_missing (TD_MISSING_FRONT_VIEW);
      float value = (float) (s + 1);
      ok (td_store_begin_set (store, *session, &(TdSetInfo){ loads[s], 0 }, &set, &e), e);
      TdRep rep = plain_rep (1, true, 1000 * s, 100 + value);
      rep.fppa_worst_deg = s == 0 ? none : td_measure (value, 1);
      rep.lockout_deg = s == 1 ? none : td_measure (2 * value, 1);
      rep.eccentric_s = td_measure (3 * value, 1);
      rep.concentric_s = td_measure (4 * value, 1);
      rep.concentric_velocity = td_measure (0.5f * value, 1);
      ok (td_store_add_rep (store, set, &rep, &e), e);
      rep = plain_rep (2, false, 1000 * s + 500, 170);
      ok (td_store_add_rep (store, set, &rep, &e), e);
    }
  ok (td_store_end_session (store, *session, &e), e);
}

static void
assert_summary (const TdSummaryRow *got, float load_kg, int n, float best, float flexion,
                float fppa, float lockout, float unit)
{
  assert_float (got->load_kg, load_kg);
  g_assert_cmpstr (got->started_at, ==, info.started_at);
  g_assert_cmpint (got->n_sets, ==, n);
  g_assert_cmpint (got->n_reps, ==, n);
  g_assert_cmpfloat (got->best_flexion_deg, ==, best);
  g_assert_cmpfloat (got->mean_flexion_deg, ==, flexion);
  assert_float (got->mean_fppa_worst_deg, fppa);
  assert_float (got->mean_lockout_deg, lockout);
  g_assert_cmpfloat (got->mean_eccentric_s, ==, 3 * unit);
  g_assert_cmpfloat (got->mean_concentric_s, ==, 4 * unit);
  g_assert_cmpfloat (got->mean_velocity, ==, 0.5f * unit);
}

static void
summaries_are_by_session_and_load (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  int64_t first, second, none, set = begin_plain_set (store, &none);
  add_plain (store, set, 1, false, 50);
  write_loads (store, "narrow", &first);
  write_loads (store, "cyclist", &second);
  g_autoptr (GArray) rows = all_summaries (store);
  g_assert_cmpint (rows->len, ==, 6);
  for (guint i = 0; i < 6; i++)
    {
      const TdSummaryRow *row = &g_array_index (rows, TdSummaryRow, i);
      g_assert_cmpint (row->session, ==, i < 3 ? first : second);
      g_assert_cmpstr (row->exercise, ==, i < 3 ? "narrow" : "cyclist");
      if (i % 3 == 0)
        assert_summary (row, NAN, 1, 103, 103, 3, 6, 3);
      else if (i % 3 == 1)
        assert_summary (row, 0, 1, 102, 102, 2, NAN, 2);
      else
        assert_summary (row, 20, 2, 104, 102.5f, 4, 5, 2.5f);
    }

  /* As corrected: the attempt of the last set counts, the repetitions of the 0 kg set do not. */
  ok (td_store_add_one (store, set, 1, &e), e);
  g_autoptr (GArray) sets = g_array_new (FALSE, FALSE, sizeof (TdSetRow));
  ok (td_store_each_set (store, second, collect_set, sets, &e), e);
  ok (td_store_take_one (store, g_array_index (sets, TdSetRow, 1).id, &e), e);
  ok (td_store_add_one (store, g_array_index (sets, TdSetRow, 3).id, 1, &e), e);
  ok (td_store_add_one (store, g_array_index (sets, TdSetRow, 3).id, 1, &e), e); /* by hand */
  g_autoptr (GArray) corrected = all_summaries (store);
  g_assert_cmpint (corrected->len, ==, 6);
  g_assert_cmpint (g_array_index (corrected, TdSummaryRow, 0).session, ==, none);
  const TdSummaryRow *last = &g_array_index (corrected, TdSummaryRow, 5);
  g_assert_cmpfloat (last->load_kg, ==, 20);
  g_assert_cmpint (last->n_sets, ==, 2);
  g_assert_cmpint (last->n_reps, ==, 4);
  g_assert_cmpfloat (last->best_flexion_deg, ==, 170);
  g_assert_cmpfloat_with_epsilon (last->mean_flexion_deg, (101 + 104 + 170) / 3., 1e-3);
  td_store_close (store);
}

/* What the list gives is what the view in the file gives, ended or not, in sets with frames only,
 * with repetitions only, with both and with none. */
static void
the_list_agrees_with_the_view (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  TdPose pose;
  TdFrameMeasures measures;
  for (int i = 0; i < 16; i++)
    {
      int64_t session, set;
      ok (td_store_begin_session (store, &info, &session, &e), e);
      for (int s = 0; s < 2; s++)
        {
          int what = s == 0 ? i / 4 : i % 4;
          ok (td_store_begin_set (store, session, &(TdSetInfo){ (float) what, 0 }, &set, &e), e);
          random_frame (100000 * (s + 1) + i, 900, &pose, &measures);
          if (what & 1)
            ok (td_store_add_sample (store, set, &pose, &measures, &e), e);
          if (what & 2)
            add_plain (store, set, 100 * (s + 1) + i, i % 3 > 0, 90);
          if (i % 2 == 0)
            ok (td_store_end_set (store, set, &e), e);
        }
      ok (td_store_flush (store, &e), e);
    }
  g_autoptr (GArray) sessions = all_sessions (store);
  g_assert_cmpint (sessions->len, ==, 16);
  for (guint i = 0; i < sessions->len; i++)
    {
      const TdSessionRow *row = &g_array_index (sessions, TdSessionRow, i);
      TdSessionRow alone;
      g_autofree char *sql = g_strdup_printf (
          "SELECT ifnull (first_ns, 0) = %" G_GINT64_FORMAT " AND sets = %d AND repetitions = %d"
          " AND attempts = %d AND load_kg = %d FROM session_list WHERE session = %" G_GINT64_FORMAT,
          row->first_ns, row->n_sets, row->n_reps, row->n_attempts, (int) row->load_kg, row->id);
      g_assert_cmpint (ask (f->path, sql), ==, 1);
      ok (td_store_get_session (store, row->id, &alone, &e), e);
      g_assert_cmpmem (&alone, sizeof alone, row, sizeof *row);
    }
  td_store_close (store);
}

/* --- Tests: kill -9 ----------------------------------------------------------------------- */

/* Adds repetitions for ever; tells each number only after td_store_add_rep() has said yes. */
static void
write_until_killed (const char *path, int report)
{
  TdStore *store;
  TdStoreError e;
  TdPose pose;
  TdFrameMeasures measures;
  int64_t session, set;
  if (td_store_open (path, &store, NULL, &e) != TD_STORE_OK
      || td_store_begin_session (store, &info, &session, &e) != TD_STORE_OK
      || td_store_begin_set (store, session, NULL, &set, &e) != TD_STORE_OK)
    _exit (1);
  for (int i = 1;; i++)
    {
      for (int k = 0; k < 10; k++)
        {
          random_frame (((int64_t) i * 10 + k) * FRAME_NS, 900, &pose, &measures);
          if (td_store_add_sample (store, set, &pose, &measures, &e) != TD_STORE_OK)
            _exit (1);
        }
      TdRep rep = random_rep (i, (int64_t) i * 10 * FRAME_NS);
      if (td_store_add_rep (store, set, &rep, &e) != TD_STORE_OK
          || write (report, &i, sizeof i) != sizeof i)
        _exit (1);
    }
}

static void
what_was_announced_survives_a_kill (Fixture *f, gconstpointer data)
{
  (void) data;
  int total = 0, round = 0;
  /* On a machine that is busy a program may be killed many times before it has said anything. */
  while (round < 20 || (total <= 20 && round < 200))
    {
      round++;
      TdStoreError e;
      int report[2], status, n, announced = 0;
      g_assert_cmpint (pipe (report), ==, 0);
      pid_t child = fork ();
      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          close (report[0]);
          write_until_killed (f->path, report[1]);
        }
      close (report[1]);
      /* At any moment: sometimes while the file is being made, sometimes within a commit. */
      g_usleep ((gulong) g_test_rand_int_range (0, 120000));
      kill (child, SIGKILL);
      while (read (report[0], &n, sizeof n) == sizeof n)
        announced = n;
      close (report[0]);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));

      TdStore *store = open_sound (f->path);
      ok (td_store_check (store, &e), e);
      g_autoptr (GArray) sessions = all_sessions (store);
      if (announced > 0)
        {
          g_assert_cmpint (sessions->len, >, 0);
          const TdSessionRow *last = &g_array_index (sessions, TdSessionRow, 0);
          g_autoptr (GArray) reps = all_reps (store, last->id);
          g_assert_false (last->ended);
          /* One more may be there: written, and killed before it was told. */
          g_assert_cmpint (reps->len, >=, announced);
          g_assert_cmpint (reps->len, <=, announced + 1);
          for (guint i = 0; i < reps->len; i++)
            g_assert_cmpint (g_array_index (reps, TdRepRow, i).rep.index, ==, (int) i + 1);
          /* A repetition and its frames are one transaction. */
          g_autoptr (GArray) samples = all_samples (store, last->id);
          g_assert_cmpint (samples->len, ==, 10 * reps->len);
        }
      td_store_close (store);
      total += announced;
    }
  g_test_message ("%d repetitions announced before %d kills, all there", total, round);
  g_assert_cmpint (total, >, 20);
}

/* Takes away and adds for ever; tells the count only after the store has said yes. */
static void
correct_until_killed (const char *path, int64_t set, int report)
{
  TdStore *store;
  TdStoreError e;
  int count = 10, step = 1;
  if (td_store_open (path, &store, NULL, &e) != TD_STORE_OK
      || write (report, &count, sizeof count) != sizeof count)
    _exit (1);
  for (;;)
    {
      /* Up to 15 and down to 5: by hand, counted ones, and back. */
      step = count == 15 ? -1 : count == 5 ? 1 : step;
      TdStoreStatus status = step > 0 ? td_store_add_one (store, set, 1000000, &e)
                                      : td_store_take_one (store, set, &e);
      count += step;
      if (status != TD_STORE_OK || write (report, &count, sizeof count) != sizeof count)
        _exit (1);
    }
}

static void
a_correction_survives_a_kill (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStoreError e;
  int n_told = 0;
  TdStore *store = open_sound (f->path);
  int64_t session, set = begin_plain_set (store, &session);
  for (int i = 1; i <= 10; i++)
    add_plain (store, set, i, true, 100);
  td_store_close (store);
  for (int round = 0; round < 10; round++)
    {
      TdSessionRow row;
      int report[2], status, count, told = 10;
      g_assert_cmpint (pipe (report), ==, 0);
      pid_t child = fork ();
      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          close (report[0]);
          correct_until_killed (f->path, set, report[1]);
        }
      close (report[1]);
      /* After some corrections, which take as long as they take, and at any moment of the next. */
      for (int wanted = g_test_rand_int_range (1, 12); wanted > 0; wanted--, n_told++)
        {
          g_assert_cmpint (read (report[0], &count, sizeof count), ==, sizeof count);
          told = count;
        }
      g_usleep ((gulong) g_test_rand_int_range (0, 3000));
      kill (child, SIGKILL);
      while (read (report[0], &count, sizeof count) == sizeof count)
        {
          told = count;
          n_told++;
        }
      close (report[0]);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));

      store = open_sound (f->path);
      ok (td_store_check (store, &e), e);
      ok (td_store_get_session (store, session, &row, &e), e);
      /* One more may have been done, and killed before it was told. */
      g_assert_cmpint (abs (row.n_reps - told), <=, 1);
      for (; row.n_reps < 10; row.n_reps++)
        ok (td_store_add_one (store, set, 1000000, &e), e);
      for (; row.n_reps > 10; row.n_reps--)
        ok (td_store_take_one (store, set, &e), e);
      assert_state (store, session, "c-1 c-2 c-3 c-4 c-5 c-6 c-7 c-8 c-9 c-10");
      td_store_close (store);
    }
  g_test_message ("%d corrections told, all there", n_told);
}

static void
a_wal_left_behind_is_read_back (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStoreError e;
  TdStore *store = open_sound (f->path);
  int64_t session = write_session (store, 5, 20, false);
  /* What a killed writer leaves: the file and its -wal as they are at this moment. */
  g_autofree char *folder = g_build_filename (f->folder, "copy", NULL);
  g_autofree char *copy = g_build_filename (folder, "teardrop.db", NULL);
  g_mkdir (folder, 0700);
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *from = g_strconcat (f->path, i == 0 ? "" : "-wal", NULL);
      g_autofree char *to = g_strconcat (copy, i == 0 ? "" : "-wal", NULL);
      g_autofree char *bytes = NULL;
      gsize size;
      g_assert_true (g_file_get_contents (from, &bytes, &size, NULL));
      g_assert_true (g_file_set_contents (to, bytes, (gssize) size, NULL));
      if (i == 1)
        g_assert_cmpint (size, >, 0);
    }
  td_store_close (store);

  ok (td_store_open_read_only (copy, &store, &e), e);
  g_autoptr (GArray) read_only = all_reps (store, session);
  g_assert_cmpint (read_only->len, ==, 5);
  td_store_close (store);
  store = open_sound (copy);
  ok (td_store_check (store, &e), e);
  g_autoptr (GArray) reps = all_reps (store, session);
  g_assert_cmpint (reps->len, ==, 5);
  td_store_close (store);
}

/* --- Tests: what a disk can refuse -------------------------------------------------------- */

static void
a_folder_in_place_of_the_file_is_refused (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store;
  TdStoreError e;
  g_assert_cmpint (g_mkdir_with_parents (f->path, 0700), ==, 0);
  assert_failure (td_store_open (f->path, &store, NULL, &e), TD_STORE_CANNOT_OPEN, &e,
                  "it is a folder");
  g_assert_null (store);
  assert_failure (td_store_open_read_only (f->path, &store, &e), TD_STORE_CANNOT_OPEN, &e,
                  "it is a folder");
  g_autofree char *below_file = g_build_filename (f->folder, "file", "teardrop.db", NULL);
  g_autofree char *file = g_build_filename (f->folder, "file", NULL);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  assert_failure (td_store_open (below_file, &store, NULL, &e), TD_STORE_CANNOT_OPEN, &e,
                  "not a directory");
  g_autofree char *name = g_strnfill (5000, 'n');
  assert_failure (td_store_open (name, &store, NULL, &e), TD_STORE_CANNOT_OPEN, &e,
                  "name too long");
}

/* Runs PART as a user without rights, when the tests run as root. */
static void
as_somebody (Fixture *f, void (*part) (Fixture *f))
{
  int status;
  pid_t child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      if (geteuid () == 0 && (setgid (65534) != 0 || setuid (65534) != 0))
        _exit (77);
      part (f);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
    g_test_skip ("cannot become another user here");
  else
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void
open_without_rights (Fixture *f)
{
  TdStore *store;
  TdStoreError e;
  assert_failure (td_store_open (f->path, &store, NULL, &e), TD_STORE_CANNOT_OPEN, &e,
                  "permission denied");
  g_assert_null (store);
}

static void
an_unwritable_folder_is_refused (Fixture *f, gconstpointer data)
{
  (void) data;
  g_chmod (f->folder, 0555);
  as_somebody (f, open_without_rights);
}

static void
read_without_rights (Fixture *f)
{
  TdStore *store;
  TdStoreError e;
  TdSessionInfo nothing = { 0 };
  int64_t session;
  open_without_rights (f);
  ok (td_store_open_read_only (f->path, &store, &e), e);
  g_autoptr (GArray) reps = all_reps (store, 1);
  g_assert_cmpint (reps->len, ==, 3);
  assert_failure (td_store_begin_session (store, &nothing, &session, &e), TD_STORE_CANNOT_OPEN, &e,
                  "reading only");
  td_store_close (store);
}

static void
a_read_only_file_can_still_be_read (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  write_session (store, 3, 5, true);
  td_store_close (store);
  g_autofree char *folder = g_path_get_dirname (f->path);
  g_chmod (f->folder, 0755);
  g_chmod (f->path, 0444);
  g_chmod (folder, 0555);
  as_somebody (f, read_without_rights);
  g_chmod (folder, 0700);
}

static void
open_without_read_right (Fixture *f)
{
  TdStore *store;
  TdStoreError e;
  assert_failure (td_store_open_read_only (f->path, &store, &e), TD_STORE_CANNOT_OPEN, &e,
                  "permission denied");
}

static void
an_unreadable_file_says_so (Fixture *f, gconstpointer data)
{
  (void) data;
  td_store_close (open_sound (f->path));
  g_autofree char *folder = g_path_get_dirname (f->path);
  g_chmod (f->folder, 0755);
  g_chmod (folder, 0755);
  g_chmod (f->path, 0000);
  as_somebody (f, open_without_read_right);
}

/* Fills the disk, checks what a full disk does, then makes room. */
static void
fill_and_retry (const char *path, void (*make_room) (const char *path))
{
  TdStore *store;
  TdStoreError e;
  TdPose pose;
  TdFrameMeasures measures;
  int64_t session, set, time = 0;
  TdRep rep = { 0 };
  int written = 0, waiting = 0;
  TdStoreStatus status = TD_STORE_OK;

  ok (td_store_open (path, &store, NULL, &e), e);
  ok (td_store_begin_session (store, &info, &session, &e), e);
  ok (td_store_begin_set (store, session, NULL, &set, &e), e);
  while (status == TD_STORE_OK && written < 10000)
    {
      for (waiting = 0; waiting < 50; waiting++, time += FRAME_NS)
        {
          random_frame (time, 900, &pose, &measures);
          ok (td_store_add_sample (store, set, &pose, &measures, &e), e);
        }
      rep = random_rep (written + 1, time);
      status = td_store_add_rep (store, set, &rep, &e);
      written += status == TD_STORE_OK;
    }
  assert_failure (status, TD_STORE_FULL, &e, "the disk is full");
  g_assert_cmpint (written, >, 0);

  /* Nothing half-written: neither the repetition nor any of its frames. */
  g_autoptr (GArray) reps = all_reps (store, session);
  g_assert_cmpint (reps->len, ==, written);
  g_autoptr (GArray) samples = all_samples (store, session);
  g_assert_cmpint (samples->len, ==, 50 * written);
  assert_failure (td_store_add_rep (store, set, &rep, &e), TD_STORE_FULL, &e, "full");

  /* However long it lasts, what waits stays bounded, and the newest of it is kept. */
  int n_errors = 0;
  for (int i = 0; i < 2000; i++, time += FRAME_NS)
    {
      random_frame (time, 900, &pose, &measures);
      n_errors += td_store_add_sample (store, set, &pose, &measures, &e) != TD_STORE_OK;
    }
  g_assert_cmpint (n_errors, >, 10);
  g_assert_cmpint (n_errors, <, 40);

  make_room (path);
  ok (td_store_add_rep (store, set, &rep, &e), e);
  ok (td_store_check (store, &e), e);
  g_autoptr (GArray) after = all_reps (store, session);
  g_assert_cmpint (after->len, ==, written + 1);
  assert_rep (&g_array_index (after, TdRepRow, (guint) written).rep, &rep);
  g_autoptr (GArray) frames = all_samples (store, session);
  g_assert_cmpint (frames->len, >=, 50 * written + 540);
  g_assert_cmpint (frames->len, <=, 50 * written + 600);
  assert_frame (&g_array_index (frames, TdSampleRow, frames->len - 1), &pose, &measures);
  td_store_close (store);
}

static void
make_room_on_mount (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  if (mount ("none", folder, "tmpfs", MS_REMOUNT, "size=8m") != 0)
    g_error ("remount: %s", g_strerror (errno));
}

static void
raise_limit (const char *path)
{
  struct rlimit limit;
  (void) path;
  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
fill_mount (Fixture *f)
{
  g_autofree char *folder = g_path_get_dirname (f->path);
  g_mkdir (folder, 0700);
  if (unshare (CLONE_NEWNS) != 0 || mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("none", folder, "tmpfs", 0, "size=512k") != 0)
    _exit (77);
  fill_and_retry (f->path, make_room_on_mount);
}

static void
fill_limit (Fixture *f)
{
  struct rlimit limit;
  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = 300 * 1024;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  fill_and_retry (f->path, raise_limit);
}

static void
in_child (Fixture *f, void (*part) (Fixture *f), const char *skipped)
{
  int status;
  pid_t child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      part (f);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
    g_test_skip (skipped);
  else
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

/* Corrections on a full disk: none of it happens, and all of it when there is room again. */
static void
correct_when_full (Fixture *f)
{
  TdStore *store;
  TdStoreError e;
  TdSessionRow row;
  struct rlimit limit;
  g_autofree char *note = g_strnfill (400 * 1024, 'n');
  int64_t session, set;
  ok (td_store_open (f->path, &store, NULL, &e), e);
  set = begin_plain_set (store, &session);
  add_plain (store, set, 1, true, 100);
  add_plain (store, set, 2, true, 100);
  getrlimit (RLIMIT_FSIZE, &limit);
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);
  struct stat st;
  g_assert_cmpint (stat (wal, &st), ==, 0);
  limit.rlim_cur = (rlim_t) st.st_size; /* not a page more */
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  assert_failure (td_store_take_one (store, set, &e), TD_STORE_FULL, &e, "full");
  assert_failure (td_store_add_one (store, set, 1, &e), TD_STORE_FULL, &e, "full");
  assert_failure (td_store_set_verdict (store, 1, TD_VERDICT_NOT_ONE, &e), TD_STORE_FULL, &e,
                  "full");
  assert_failure (td_store_set_info (store, set, &(TdSetInfo){ 5, 5 }, &e), TD_STORE_FULL, &e,
                  "full");
  assert_failure (td_store_set_note (store, session, note, &e), TD_STORE_FULL, &e, "full");
  assert_state (store, session, "c-1 c-2");
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpstr (row.note, ==, "");
  g_assert_true (isnan (row.load_kg));

  raise_limit (NULL);
  ok (td_store_take_one (store, set, &e), e);
  ok (td_store_set_verdict (store, 1, TD_VERDICT_NOT_ONE, &e), e);
  ok (td_store_set_info (store, set, &(TdSetInfo){ 5, 5 }, &e), e);
  ok (td_store_set_note (store, session, note, &e), e);
  assert_state (store, session, "cN cN");
  ok (td_store_check (store, &e), e);
  ok (td_store_get_session (store, session, &row, &e), e);
  g_assert_cmpint (strlen (row.note), ==, TD_NOTE_SIZE - 1);
  g_assert_cmpfloat (row.load_kg, ==, 5);
  td_store_close (store);
}

static void
a_full_disk_leaves_corrections_undone (Fixture *f, gconstpointer data)
{
  (void) data;
  in_child (f, correct_when_full, "");
}

static void
a_full_disk_loses_nothing (Fixture *f, gconstpointer data)
{
  (void) data;
  in_child (f, fill_mount, "no right to mount a small disk");
}

static void
a_file_size_limit_loses_nothing (Fixture *f, gconstpointer data)
{
  (void) data;
  in_child (f, fill_limit, "");
}

static void
a_locked_file_is_busy_after_two_seconds (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStoreError e;
  int64_t session, set;
  int ready[2], status;
  char byte;
  TdStore *store = open_sound (f->path);
  ok (td_store_begin_session (store, &info, &session, &e), e);
  ok (td_store_begin_set (store, session, NULL, &set, &e), e);

  g_assert_cmpint (pipe (ready), ==, 0);
  pid_t child = fork ();
  if (child == 0)
    {
      /* Another program, with the lock taken. */
      close (ready[0]);
      sqlite3 *db;
      if (sqlite3_open (f->path, &db) != SQLITE_OK
          || sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK
          || write (ready[1], "x", 1) != 1)
        _exit (1);
      for (;;)
        pause ();
    }
  close (ready[1]);
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  close (ready[0]);

  TdRep rep = random_rep (1, 0);
  gint64 before = g_get_monotonic_time ();
  assert_failure (td_store_add_rep (store, set, &rep, &e), TD_STORE_BUSY, &e,
                  "locked by another program");
  double waited = (double) (g_get_monotonic_time () - before) / 1e6;
  g_test_message ("gave up after %.2f s", waited);
  g_assert_cmpfloat (waited, >, 1.5);
  /* Reading is not hindered, and the same call works when the lock is gone. */
  g_autoptr (GArray) none = all_reps (store, session);
  g_assert_cmpint (none->len, ==, 0);
  kill (child, SIGKILL);
  waitpid (child, &status, 0);
  ok (td_store_add_rep (store, set, &rep, &e), e);
  td_store_close (store);
}

/* --- Tests: files that are not what they should be ---------------------------------------- */

static void
put_file (const char *path, const char *bytes, gssize size)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
}

/* Opens PATH, which must be found damaged, and checks the file moved aside and the message. */
static TdStore *
open_damaged (const char *path, int number)
{
  TdStore *store;
  TdStoreError e;
  bool recovered;
  ok (td_store_open (path, &store, &recovered, &e), e);
  g_assert_true (recovered);
  g_autofree char *aside = g_strdup_printf ("%s.damaged-%d", path, number);
  g_autofree char *base = g_path_get_basename (aside);
  g_test_message ("%s", e.message);
  g_assert_nonnull (strstr (e.message, base));
  g_assert_true (g_file_test (aside, G_FILE_TEST_IS_REGULAR));
  ok (td_store_check (store, &e), e);
  /* Nothing of the work is left lying about. */
  g_autofree char *folder = g_path_get_dirname (path);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (strstr (name, "recover") == NULL && strstr (name, "scratch") == NULL);
  g_dir_close (dir);
  return store;
}

static void
a_text_file_is_moved_aside (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store;
  TdStoreError e;
  g_autofree char *text = g_strnfill (20000, 'a');
  put_file (f->path, text, 20000);
  assert_failure (td_store_open_read_only (f->path, &store, &e), TD_STORE_DAMAGED, &e,
                  "not a database");
  store = open_damaged (f->path, 1);
  g_autoptr (GArray) sessions = all_sessions (store);
  g_assert_cmpint (sessions->len, ==, 0);
  td_store_close (store);

  g_autofree char *aside = g_strconcat (f->path, ".damaged-1", NULL);
  g_autofree char *kept = NULL;
  gsize size;
  g_assert_true (g_file_get_contents (aside, &kept, &size, NULL));
  g_assert_cmpmem (kept, size, text, 20000);

  put_file (f->path, "short", 5);
  td_store_close (open_damaged (f->path, 2));
}

static void
an_empty_file_becomes_a_database (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store;
  TdStoreError e;
  put_file (f->path, "", 0);
  assert_failure (td_store_open_read_only (f->path, &store, &e), TD_STORE_NOT_FOUND, &e,
                  "still empty");
  store = open_sound (f->path);
  write_session (store, 1, 1, true);
  td_store_close (store);
}

static void
another_programs_database_is_not_touched (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store;
  TdStoreError e;
  g_autofree char *before = NULL, *after = NULL;
  gsize size_before, size_after;
  g_autofree char *folder = g_path_get_dirname (f->path);
  g_mkdir_with_parents (folder, 0700);
  execute (f->path, "CREATE TABLE bookmarks (url); INSERT INTO bookmarks VALUES (1)");
  g_assert_true (g_file_get_contents (f->path, &before, &size_before, NULL));
  assert_failure (td_store_open (f->path, &store, NULL, &e), TD_STORE_CANNOT_OPEN, &e,
                  "another program");
  assert_failure (td_store_open_read_only (f->path, &store, &e), TD_STORE_CANNOT_OPEN, &e,
                  "another program");
  g_assert_true (g_file_get_contents (f->path, &after, &size_after, NULL));
  g_assert_cmpmem (before, size_before, after, size_after);
}

static void
a_later_versions_file_is_not_touched (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  bool recovered;
  write_session (store, 3, 5, true);
  td_store_close (store);
  execute (f->path, "PRAGMA user_version = 999");
  assert_failure (td_store_open (f->path, &store, &recovered, &e), TD_STORE_TOO_NEW, &e,
                  "later version");
  g_assert_false (recovered);
  assert_failure (td_store_open_read_only (f->path, &store, &e), TD_STORE_TOO_NEW, &e,
                  "later version");
  g_assert_cmpint (ask (f->path, "PRAGMA user_version"), ==, 999);
  g_assert_cmpint (ask (f->path, "SELECT count(*) FROM repetition"), ==, 3);
}

static void
a_row_of_unknown_words_is_an_error (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (TdSampleRow));
  int64_t session = write_session (store, 2, 5, true);
  static const char *const changes[] = {
    "UPDATE repetition SET view = 'sideways' WHERE rep_index = 2",
    "UPDATE repetition SET view = 'side', depth = 'abyssal' WHERE rep_index = 2",
    "UPDATE repetition SET depth = 'deep', missing = '{}', fppa_deg = NULL WHERE rep_index = 2",
  };
  for (size_t i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GArray) reps = g_array_new (FALSE, FALSE, sizeof (TdRepRow));
      execute (f->path, changes[i]);
      assert_failure (td_store_each_rep (store, session, collect_rep, reps, &e), TD_STORE_DAMAGED,
                      &e, "cannot be understood");
      g_assert_cmpint (reps->len, ==, 1);
    }
  static const char *const poses[] = { "x''", "x'02'", "x'0201'", "x'0700'" };
  for (size_t i = 0; i < G_N_ELEMENTS (poses); i++)
    {
      g_autofree char *sql = g_strdup_printf ("UPDATE sample SET pose = %s", poses[i]);
      execute (f->path, sql);
      assert_failure (td_store_each_sample (store, session, collect_sample, rows, &e),
                      TD_STORE_DAMAGED, &e, "cannot be understood");
    }
  execute (f->path, "UPDATE sample SET pose = NULL, missing = 'P', yaw_deg_x100 = NULL");
  assert_failure (td_store_each_sample (store, session, collect_sample, rows, &e), TD_STORE_DAMAGED,
                  &e, "cannot be understood");
  g_assert_cmpint (rows->len, ==, 0);
  td_store_close (store);
}

/* Overwrites each page in turn of a real database; all but what lay on it must come back. */
static void
a_damaged_page_costs_only_its_own_rows (Fixture *f, gconstpointer data)
{
  enum
  {
    N_REPS = 30,
    N_FRAMES = 12
  };
  bool zeros = GPOINTER_TO_INT (data) != 0;
  g_autofree char *sound = NULL;
  gsize size;
  int recovered_times = 0, worst_reps = N_REPS, worst_frames = N_REPS * N_FRAMES;

  TdStore *store = open_sound (f->path);
  int64_t session = write_session (store, N_REPS, N_FRAMES, true);
  g_autoptr (GArray) wanted = all_reps (store, session);
  td_store_close (store);
  g_assert_true (g_file_get_contents (f->path, &sound, &size, NULL));
  /* Session and set are one row each on one page each: when they are lost, so are their facts. */
  for (gsize page = 0; page < size / PAGE; page++)
    {
      g_autofree char *folder = g_strdup_printf ("%s/page-%d", f->folder, (int) page);
      g_autofree char *path = g_build_filename (folder, "teardrop.db", NULL);
      g_autofree char *bytes = g_memdup2 (sound, size);
      TdStoreError e;
      bool recovered;

      for (int i = 0; i < PAGE; i++)
        bytes[page * PAGE + (gsize) i] = zeros ? 0 : (char) g_test_rand_int ();
      put_file (path, bytes, (gssize) size);
      ok (td_store_open (path, &store, &recovered, &e), e);
      recovered_times += recovered;
      ok (td_store_check (store, &e), e);
      g_autoptr (GArray) sessions = all_sessions (store);
      int n_reps = 0, n_frames = 0;
      for (guint s = 0; s < sessions->len; s++)
        {
          int64_t id = g_array_index (sessions, TdSessionRow, s).id;
          g_autoptr (GArray) reps = all_reps (store, id);
          g_autoptr (GArray) samples = all_samples (store, id);
          for (guint i = 0; i < reps->len; i++)
            {
              const TdRep *rep = &g_array_index (reps, TdRepRow, i).rep;
              g_assert_cmpint (rep->index, >=, 1);
              g_assert_cmpint (rep->index, <=, N_REPS);
              assert_rep (rep, &g_array_index (wanted, TdRepRow, rep->index - 1).rep);
            }
          n_reps += (int) reps->len;
          n_frames += (int) samples->len;
        }
      /* The store works on. */
      write_session (store, 1, 1, true);
      td_store_close (store);
      worst_reps = MIN (worst_reps, n_reps);
      worst_frames = MIN (worst_frames, n_frames);
      remove_tree (folder);
    }
  g_test_message ("%d pages, %d found damaged; at worst %d of %d repetitions and %d of %d frames",
                  (int) (size / PAGE), recovered_times, worst_reps, N_REPS, worst_frames,
                  N_REPS * N_FRAMES);
  g_assert_cmpint (recovered_times, >=, (int) (size / PAGE) - 2);
  g_assert_cmpint (worst_reps, >=, N_REPS - 20);
  g_assert_cmpint (worst_frames, >=, N_REPS * N_FRAMES - 40);
}

/* More rows than one page holds: counted repetitions of set 5, and frames without a person. */
static void
fill_old_file (const char *path)
{
  execute (path, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                 " INSERT INTO repetition SELECT NULL, 5, 10 + i, i, 1, NULL, 10000 + i, 10001 + i,"
                 " 10002 + i, view, depth, i, 1.5, -2.25, 2, 3.5, 4, 2.5, 5, 4.5, 5, 1.5, 0.0625,"
                 " 0.25, 0.0625, 1.25, 0.0625, 4, 3, 21, 5, 0.75, 0.125, '{}'"
                 " FROM n, repetition WHERE repetition.id = 7");
  execute (path, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                 " INSERT INTO sample (set_id, time_ns, width_px, height_px, has_depth,"
                 " person_score_255, view, missing)"
                 " SELECT 5, 10000 + i, 640, 480, 0, 0, 'unknown', 'PPPPPPPPPPPPP' FROM n");
}

/* Zeroes page PAGE (from 0) of the file. */
static void
wipe_page (const char *path, int64_t page)
{
  const char zeros[PAGE] = { 0 };
  int file = open (path, O_WRONLY);
  g_assert_cmpint (pwrite (file, zeros, PAGE, page * PAGE), ==, PAGE);
  close (file);
}

/* Damaged before it was brought up to date (0), or after: then its old rows are short of columns,
 * and with the first page gone nothing but the number of their columns tells whose they are. */
static void
old_rows_survive_damage (Fixture *f, gconstpointer data)
{
  bool after = GPOINTER_TO_INT (data) != 0;
  TdStoreError e;
  TdStore *store;
  TdCalibrationRow row;
  make_old_file (f->path, 2);
  fill_old_file (f->path);
  if (after)
    {
      store = open_sound (f->path);
      write_session (store, 20, 20, true);
      ok (td_store_add_calibration (store, info.started_at, "seed", &whole_calibration, &e), e);
      td_store_close (store);
      execute (f->path, "PRAGMA wal_checkpoint (TRUNCATE)");
      wipe_page (f->path, 0);
    }
  else
    {
      execute (f->path, "PRAGMA wal_checkpoint (TRUNCATE)");
      wipe_page (f->path, ask (f->path, "SELECT max(pageno) FROM dbstat WHERE name = 'sample'"
                                        " AND pagetype = 'leaf'")
                              - 1);
    }
  store = open_damaged (f->path, 1);
  int n_reps = 0, n_frames = 0;
  g_autoptr (GArray) sessions = all_sessions (store);
  for (guint s = 0; s < sessions->len; s++)
    {
      int64_t id = g_array_index (sessions, TdSessionRow, s).id;
      g_autoptr (GArray) reps = all_reps (store, id);
      g_autoptr (GArray) samples = all_samples (store, id);
      n_reps += (int) reps->len;
      n_frames += (int) samples->len;
    }
  g_test_message ("%d repetitions, %d frames", n_reps, n_frames);
  g_assert_cmpint (n_reps, ==, after ? 222 : 202);
  g_assert_cmpint (n_frames, >=, after ? 2402 : 2002 - 150);
  if (after)
    {
      ok (td_store_latest_calibration (store, &row, &e), e);
      assert_calibration (&row.calibration, &whole_calibration);
    }
  else
    ok (td_store_add_calibration (store, info.started_at, "seed", &whole_calibration, &e), e);
  td_store_close (store);
  g_assert_cmpint (ask (f->path, "PRAGMA user_version"), ==, 6);
}

/* More sessions, sets and repetitions of version 4 or 5 than a page holds. */
static void
fill_with_old_rows (const char *path, int version)
{
  const char *tables[]
      = { "INSERT INTO session SELECT 100 + i, started_at, exercise, source, model, 1"
          " FROM n, session WHERE id = 4",
          "INSERT INTO exercise_set SELECT 100 + i, 100 + i, 1, 0 FROM n" };
  if (version == 5)
    {
      tables[0] = "INSERT INTO session SELECT 100 + i, started_at, exercise, source, model, 1, note"
                  " FROM n, session WHERE id = 4";
      tables[1] = "INSERT INTO exercise_set SELECT 100 + i, 100 + i, 1, 0, 20, 5, NULL FROM n";
    }
  const char *numbers = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
                        " WHERE i < 999)";
  for (size_t i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("%s %s", numbers, tables[i]);
      execute (path, sql);
    }
  execute (path, "CREATE TEMP TABLE copy AS SELECT * FROM repetition WHERE id = 9;"
                 "UPDATE copy SET id = NULL;"
                 "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 499)"
                 " INSERT INTO repetition SELECT copy.* FROM n, copy;"
                 "UPDATE repetition SET set_id = 89 + id, rep_number = id WHERE id > 10");
}

/* What the user said is found on its pages: sets and sessions have as many columns as each other,
 * or as the other's rows had before. */
static void
what_the_user_said_survives_damage (Fixture *f, gconstpointer data)
{
  int older = GPOINTER_TO_INT (data); /* the version of sessions that the file held; 0: none */
  enum
  {
    N = 120 /* more sets and sessions than a page holds */
  };
  TdStoreError e;
  TdStore *store;
  int64_t session, set, first;
  if (older)
    {
      make_old_file (f->path, older);
      fill_with_old_rows (f->path, older);
    }
  store = open_sound (f->path);
  g_autoptr (GArray) before = all_sessions (store);
  first = before->len > 0 ? g_array_index (before, TdSessionRow, 0).id + 1 : 1;
  for (int i = 0; i < N; i++)
    {
      g_autofree char *note = g_strdup_printf ("note %d", i);
      ok (td_store_begin_session (store, &info, &session, &e), e);
      ok (td_store_begin_set (store, session, &(TdSetInfo){ (float) i, i + 1 }, &set, &e), e);
      add_plain (store, set, 1, i % 2 == 0, 100);
      ok (td_store_add_one (store, set, 5000, &e), e);
      if (i % 3 > 0)
        ok (td_store_set_note (store, session, note, &e), e);
      if (i % 4 > 0)
        ok (td_store_set_picture (store, session, note, i, &e), e);
      ok (td_store_end_session (store, session, &e), e);
    }
  td_store_close (store);
  execute (f->path, "PRAGMA wal_checkpoint (TRUNCATE)");
  wipe_page (f->path, 0);
  store = open_damaged (f->path, 1);
  g_autoptr (GArray) sessions = all_sessions (store);
  g_assert_cmpint (sessions->len, ==, N + before->len);
  for (int i = 0; i < N; i++)
    {
      const TdSessionRow *row = &g_array_index (sessions, TdSessionRow, N - 1 - i);
      g_autofree char *note = g_strdup_printf (i % 3 > 0 ? "note %d" : "", i);
      g_autoptr (GArray) sets = g_array_new (FALSE, FALSE, sizeof (TdSetRow));
      g_assert_cmpint (row->id, ==, first + i);
      g_assert_cmpstr (row->started_at, ==, info.started_at);
      g_assert_cmpstr (row->note, ==, note);
      g_autofree char *picture = g_strdup_printf (i % 4 > 0 ? "note %d" : "", i);
      g_assert_cmpstr (row->picture, ==, picture);
      g_assert_cmpint (row->picture_ns, ==, i % 4 > 0 ? i : 0);
      g_assert_cmpfloat (row->load_kg, ==, (float) i);
      assert_state (store, row->id, i % 2 == 0 ? "c-1 hY2" : "aY1");
      ok (td_store_each_set (store, row->id, collect_set, sets, &e), e);
      g_assert_cmpint (sets->len, ==, 1);
      g_assert_cmpint (g_array_index (sets, TdSetRow, 0).info.target, ==, i + 1);
    }
  for (guint i = 0; i < before->len; i++)
    {
      const TdSessionRow *row = &g_array_index (sessions, TdSessionRow, N + i);
      const TdSessionRow *old = &g_array_index (before, TdSessionRow, i);
      g_assert_cmpint (row->id, ==, old->id);
      g_assert_cmpstr (row->started_at, ==, old->started_at);
      g_assert_cmpint (row->n_sets, ==, old->n_sets);
      g_assert_cmpint (row->n_reps, ==, old->n_reps);
      g_assert_cmpint (row->n_attempts, ==, old->n_attempts);
      g_assert_cmpint (row->first_ns, ==, old->first_ns);
    }
  td_store_close (store);
}

static void
a_cut_off_file_keeps_its_beginning (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autofree char *bytes = NULL;
  gsize size;
  TdStore *store = open_sound (f->path);
  int64_t session = write_session (store, 60, 30, true);
  td_store_close (store);
  g_assert_true (g_file_get_contents (f->path, &bytes, &size, NULL));
  put_file (f->path, bytes, (gssize) (size / 2 + 100));
  store = open_damaged (f->path, 1);
  g_autoptr (GArray) reps = all_reps (store, session);
  g_autoptr (GArray) samples = all_samples (store, session);
  g_test_message ("%u repetitions, %u frames", reps->len, samples->len);
  g_assert_cmpint (reps->len, >=, 15);
  g_assert_cmpint (samples->len, >=, 60 * 30 / 3);
  td_store_close (store);
}

/* A killed writer and a damaged file at once: what was only in the -wal is found too. */
static void
damage_with_a_wal_keeps_the_wal (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autofree char *folder = g_build_filename (f->folder, "copy", NULL);
  g_autofree char *copy = g_build_filename (folder, "teardrop.db", NULL);
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);
  g_autofree char *copy_wal = g_strconcat (copy, "-wal", NULL);
  g_autofree char *aside_wal = g_strconcat (copy, ".damaged-1-wal", NULL);
  g_autofree char *bytes = NULL, *wal_bytes = NULL;
  gsize size, wal_size;

  TdStore *store = open_sound (f->path);
  write_session (store, 40, 30, true);
  td_store_close (store);
  store = open_sound (f->path);
  int64_t second = write_session (store, 7, 10, false);
  g_assert_true (g_file_get_contents (f->path, &bytes, &size, NULL));
  g_assert_true (g_file_get_contents (wal, &wal_bytes, &wal_size, NULL));
  td_store_close (store);

  /* SQLite finds the header and the schema in the -wal; the rows of the first session it does
   * not. */
  for (gsize page = 0; page < size / PAGE; page += page < 3 ? 1 : 5)
    memset (bytes + page * PAGE, 0xff, PAGE);
  put_file (copy, bytes, (gssize) size);
  put_file (copy_wal, wal_bytes, (gssize) wal_size);
  store = open_damaged (copy, 1);
  g_assert_true (g_file_test (aside_wal, G_FILE_TEST_EXISTS));
  int64_t n = ask (copy, "SELECT count(*) FROM repetition");
  int64_t frames = ask (copy, "SELECT count(*) FROM sample");
  g_test_message ("%d of 47 repetitions, %d of 1270 frames", (int) n, (int) frames);
  g_autoptr (GArray) reps = all_reps (store, second);
  g_assert_cmpint (reps->len, ==, 7);
  g_autoptr (GArray) samples = all_samples (store, second);
  g_assert_cmpint (samples->len, ==, 70);
  g_assert_cmpint (n, >=, 7 + 10);
  g_assert_cmpint (frames, >=, 70 + 800);
  td_store_close (store);
}

static void
damage_met_in_use_is_repaired_at_the_next_start (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  TdStoreStatus status;
  int64_t session = write_session (store, 60, 30, true);
  td_store_close (store);
  /* The second connection trusts the first one's check, and has not read the frames. */
  TdStore *first = open_sound (f->path);
  store = open_sound (f->path);
  /* A page of frames goes bad while the file is open. */
  int64_t page = ask (f->path, "SELECT max(pageno) FROM dbstat WHERE name = 'sample'"
                               " AND pagetype = 'leaf'");
  int file = open (f->path, O_WRONLY);
  g_autofree char *noise = g_strnfill (PAGE, '\x5a');
  g_assert_cmpint (pwrite (file, noise, PAGE, (page - 1) * PAGE), ==, PAGE);
  close (file);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (TdSampleRow));
  status = td_store_each_sample (store, session, collect_sample, rows, &e);
  assert_failure (status, TD_STORE_DAMAGED, &e, "is damaged");
  assert_failure (td_store_check (store, &e), TD_STORE_DAMAGED, &e, "is damaged");
  td_store_close (store);
  td_store_close (first);
  store = open_damaged (f->path, 1);
  g_autoptr (GArray) reps = all_reps (store, session);
  g_assert_cmpint (reps->len, ==, 60);
  td_store_close (store);
}

static void
an_exchange_cut_short_is_finished (Fixture *f, gconstpointer data)
{
  (void) data;
  bool moved = GPOINTER_TO_INT (data) != 0;
  g_autofree char *ready = g_strconcat (f->path, ".recovered", NULL);
  g_autofree char *aside = g_strconcat (f->path, ".damaged-1", NULL);
  TdStore *store = open_sound (ready);
  TdStoreError e;
  bool recovered;
  int64_t session = write_session (store, 3, 1, true);
  td_store_close (store);
  put_file (moved ? aside : f->path, "old", 3);
  ok (td_store_open (f->path, &store, &recovered, &e), e);
  g_assert_true (recovered);
  g_assert_nonnull (strstr (e.message, "teardrop.db.damaged-1"));
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (ready, G_FILE_TEST_EXISTS));
  g_autoptr (GArray) reps = all_reps (store, session);
  g_assert_cmpint (reps->len, ==, 3);
  td_store_close (store);
}

static void
a_damaged_file_in_use_is_left_alone (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *user = open_sound (f->path), *store;
  TdStoreError e;
  int status;
  int64_t session = write_session (user, 60, 30, true);
  td_store_close (user);
  user = open_sound (f->path);
  int64_t page = ask (f->path, "SELECT max(pageno) FROM dbstat WHERE name = 'sample'");
  int file = open (f->path, O_WRONLY);
  g_autofree char *noise = g_strnfill (PAGE, '\x5a');
  g_assert_cmpint (pwrite (file, noise, PAGE, (page - 1) * PAGE), ==, PAGE);
  close (file);
  /* Closing dropped this process's locks on it; another program takes one by reading. */
  td_store_close (user);
  int ready[2];
  char byte;
  g_assert_cmpint (pipe (ready), ==, 0);
  pid_t child = fork ();
  if (child == 0)
    {
      sqlite3 *db;
      if (sqlite3_open (f->path, &db) != SQLITE_OK
          || sqlite3_exec (db, "SELECT count(*) FROM session", NULL, NULL, NULL) != SQLITE_OK
          || write (ready[1], "x", 1) != 1)
        _exit (1);
      for (;;)
        pause ();
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  close (ready[0]);
  close (ready[1]);
  /* Nobody in this process knows the damage yet. */
  execute (f->path, "PRAGMA user_version");
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);
  g_assert_true (g_file_test (wal, G_FILE_TEST_EXISTS));
  ok (td_store_open_read_only (f->path, &store, &e), e);
  assert_failure (td_store_check (store, &e), TD_STORE_DAMAGED, &e, "damaged");
  td_store_close (store);
  assert_failure (td_store_open (f->path, &store, NULL, &e), TD_STORE_BUSY, &e,
                  "damaged and in use");
  kill (child, SIGKILL);
  waitpid (child, &status, 0);
  store = open_damaged (f->path, 1);
  g_autoptr (GArray) reps = all_reps (store, session);
  g_assert_cmpint (reps->len, ==, 60);
  td_store_close (store);
}

/* --- Tests: backup ------------------------------------------------------------------------ */

static void
a_backup_is_whole_and_stands_alone (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path), *copy;
  TdStoreError e;
  TdPose pose;
  TdFrameMeasures measures;
  int64_t session = write_session (store, 10, 20, false), set;
  g_autofree char *to = g_build_filename (f->folder, "backup.db", NULL);
  ok (td_store_begin_set (store, session, NULL, &set, &e), e);
  random_frame (1, 900, &pose, &measures);
  ok (td_store_add_sample (store, set, &pose, &measures, &e), e); /* still waiting */
  ok (td_store_backup (store, to, &e), e);
  ok (td_store_backup (store, to, &e), e); /* an earlier backup is replaced */
  ok (td_store_open_read_only (to, &copy, &e), e);
  ok (td_store_check (copy, &e), e);
  g_autoptr (GArray) reps = all_reps (copy, session);
  g_autoptr (GArray) samples = all_samples (copy, session);
  g_assert_cmpint (reps->len, ==, 10);
  g_assert_cmpint (samples->len, ==, 201);
  td_store_close (copy);
  g_autofree char *wal = g_strconcat (to, "-wal", NULL);
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
  td_store_close (store);
}

/* What killed runs left beside it is in nobody's way, and no backup of it is touched. */
static void
a_backup_minds_no_leavings (Fixture *f, gconstpointer data)
{
  TdStore *store;
  TdStoreError e;
  g_autofree char *to = g_build_filename (f->folder, "backup.db", NULL);
  g_autofree char *left = g_strdup_printf ("%s.part-%d", to, (int) getpid ());
  (void) data;
  g_assert_true (g_file_set_contents (left, "half a backup", -1, NULL));
  ok (td_store_open (f->path, &store, NULL, &e), e);
  write_session (store, 2, 10, true);
  ok (td_store_backup (store, to, &e), e);
  ok (td_store_backup (store, to, &e), e);
  td_store_close (store);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (left, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "half a backup");
  GDir *dir = g_dir_open (f->folder, 0, NULL);
  int n = 0;
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    n += g_str_has_prefix (name, "backup");
  g_dir_close (dir);
  g_assert_cmpint (n, ==, 2);
}

static void
a_backup_overwrites_nothing_else (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store = open_sound (f->path);
  TdStoreError e;
  write_session (store, 2, 2, true);
  g_autofree char *text = g_build_filename (f->folder, "letter.txt", NULL);
  g_autofree char *nowhere = g_build_filename (f->folder, "no", "backup.db", NULL);
  g_autofree char *foreign = g_build_filename (f->folder, "foreign.db", NULL);
  g_autofree char *pipe = g_build_filename (f->folder, "pipe", NULL);
  g_autofree char *kept = NULL;
  put_file (text, "Dear Sir", 8);
  execute (foreign, "CREATE TABLE t (x)");
  assert_failure (td_store_backup (store, text, &e), TD_STORE_CANNOT_OPEN, &e,
                  "no Teardrop database");
  assert_failure (td_store_backup (store, foreign, &e), TD_STORE_CANNOT_OPEN, &e,
                  "no Teardrop database");
  assert_failure (td_store_backup (store, f->path, &e), TD_STORE_CANNOT_OPEN, &e,
                  "the database itself");
  assert_failure (td_store_backup (store, f->folder, &e), TD_STORE_CANNOT_OPEN, &e, "a folder");
  assert_failure (td_store_backup (store, nowhere, &e), TD_STORE_CANNOT_OPEN, &e,
                  "no such file or directory");
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  assert_failure (td_store_backup (store, pipe, &e), TD_STORE_CANNOT_OPEN, &e,
                  "no Teardrop database");
  g_assert_true (g_file_get_contents (text, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "Dear Sir");
  td_store_close (store);
}

static void
fill_backup (Fixture *f)
{
  TdStore *store;
  TdStoreError e;
  struct rlimit limit;
  g_autofree char *to = g_build_filename (f->folder, "backup.db", NULL);
  ok (td_store_open (f->path, &store, NULL, &e), e);
  write_session (store, 20, 100, true);
  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = 100 * 1024;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  assert_failure (td_store_backup (store, to, &e), TD_STORE_FULL, &e, "full");
  GDir *dir = g_dir_open (f->folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_prefix (name, "backup"));
  g_dir_close (dir);
  raise_limit (NULL);
  ok (td_store_backup (store, to, &e), e);
  td_store_close (store);
}

static void
a_backup_that_does_not_fit_leaves_nothing (Fixture *f, gconstpointer data)
{
  (void) data;
  in_child (f, fill_backup, "");
}

static void
a_long_path_still_says_what_happened (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStore *store;
  TdStoreError e;
  GString *path = g_string_new (f->folder);
  for (int i = 0; i < 12; i++)
    g_string_append_printf (path, "/a folder with a long näme and a\nnumber %d", i);
  g_assert_cmpint (g_mkdir_with_parents (path->str, 0700), ==, 0);
  assert_failure (td_store_open (path->str, &store, NULL, &e), TD_STORE_CANNOT_OPEN, &e,
                  "number 11 cannot be opened: it is a folder.");
  g_string_free (path, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD_WITH(name, test, with)                                                                 \
  g_test_add ("/store/" name, Fixture, GINT_TO_POINTER (with), set_up, test, tear_down)
#define ADD(test) ADD_WITH (#test, test, 0)
  g_test_add_func ("/store/the_default_path_follows_the_environment",
                   the_default_path_follows_the_environment);
  ADD (a_new_file_is_private_and_strict);
  ADD (what_was_written_is_read_back);
  ADD (a_frame_takes_about_200_bytes);
  ADD (numbers_in_the_file_are_readable);
  ADD (unknown_fields_of_a_session_are_empty);
  ADD (an_empty_session_is_removed);
  ADD (a_deleted_session_takes_all_its_rows_along);
  ADD (what_is_not_there_is_not_found);
  ADD (frames_are_flushed_before_too_many_wait);
  ADD_WITH ("an_older_file_is_brought_up_to_date", an_older_file_is_brought_up_to_date, 2);
  ADD_WITH ("a_file_from_before_the_views_is_too", an_older_file_is_brought_up_to_date, 1);
  ADD_WITH ("a_file_of_version_3_is_too", an_older_file_is_brought_up_to_date, 3);
  ADD_WITH ("a_file_from_before_corrections_is_too", an_older_file_is_brought_up_to_date, 4);
  ADD_WITH ("a_file_from_before_pictures_is_too", an_older_file_is_brought_up_to_date, 5);
  ADD (a_calibration_is_kept_as_it_was);
  ADD (the_newest_calibration_is_given);
  ADD (many_threads_open_a_new_file_at_once);
  ADD (plus_and_minus_correct_the_newest);
  ADD (the_newest_is_the_one_that_was_done_last);
  ADD (one_by_hand_in_an_empty_set_is_not_before_the_session);
  ADD (any_repetition_can_be_corrected);
  ADD (a_set_keeps_its_load_and_target);
  ADD (a_note_is_kept_and_cut_at_a_character);
  ADD (a_picture_is_a_file_of_the_session_s_own_folder);
  ADD (a_long_sessions_depths_are_thinned_out);
  ADD (summaries_are_by_session_and_load);
  ADD (the_list_agrees_with_the_view);
  ADD (what_was_announced_survives_a_kill);
  ADD (a_correction_survives_a_kill);
  ADD (a_wal_left_behind_is_read_back);
  ADD (a_folder_in_place_of_the_file_is_refused);
  ADD (an_unwritable_folder_is_refused);
  ADD (a_read_only_file_can_still_be_read);
  ADD (an_unreadable_file_says_so);
  ADD (a_full_disk_loses_nothing);
  ADD (a_file_size_limit_loses_nothing);
  ADD (a_full_disk_leaves_corrections_undone);
  ADD (a_locked_file_is_busy_after_two_seconds);
  ADD (a_text_file_is_moved_aside);
  ADD (an_empty_file_becomes_a_database);
  ADD (another_programs_database_is_not_touched);
  ADD (a_later_versions_file_is_not_touched);
  ADD (a_row_of_unknown_words_is_an_error);
  ADD (a_damaged_page_costs_only_its_own_rows);
  ADD_WITH ("a_zeroed_page_costs_only_its_own_rows", a_damaged_page_costs_only_its_own_rows, 1);
  ADD_WITH ("old_rows_survive_damage", old_rows_survive_damage, 0);
  ADD_WITH ("old_rows_survive_damage_after_the_update", old_rows_survive_damage, 1);
  ADD_WITH ("what_the_user_said_survives_damage", what_the_user_said_survives_damage, 0);
  ADD_WITH ("what_the_user_said_in_an_older_file_does_too", what_the_user_said_survives_damage, 4);
  ADD_WITH ("what_the_user_said_before_pictures_does_too", what_the_user_said_survives_damage, 5);
  ADD (a_cut_off_file_keeps_its_beginning);
  ADD (damage_with_a_wal_keeps_the_wal);
  ADD (damage_met_in_use_is_repaired_at_the_next_start);
  ADD_WITH ("an_exchange_cut_short_is_finished", an_exchange_cut_short_is_finished, 0);
  ADD_WITH ("an_exchange_cut_shorter_is_finished", an_exchange_cut_short_is_finished, 1);
  ADD (a_damaged_file_in_use_is_left_alone);
  ADD (a_backup_is_whole_and_stands_alone);
  ADD (a_backup_minds_no_leavings);
  ADD (a_backup_overwrites_nothing_else);
  ADD (a_backup_that_does_not_fit_leaves_nothing);
  ADD (a_long_path_still_says_what_happened);
  return g_test_run ();
}
