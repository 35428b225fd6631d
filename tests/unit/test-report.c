/* test-report.c: CSV, read back by a strict parser, by sqlite3 and by Python.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-csv.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- RFC 4180, nothing more --------------------------------------------------------------- */

/* Rows of fields, both as GPtrArray. Any deviation fails the test: a bare CR or LF, a quote within
 * an unquoted field, text after a closing quote, a last line without its end. */
static GPtrArray *
parse (const char *csv, size_t size)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  const char *at = csv, *end = csv + size;
  g_assert_true (g_utf8_validate (csv, (gssize) size, NULL));
  while (at < end)
    {
      GPtrArray *row = g_ptr_array_new_with_free_func (g_free);
      bool more = true;
      while (more)
        {
          GString *field = g_string_new (NULL);
          if (at < end && *at == '"')
            {
              for (at++;; at++)
                {
                  g_assert_true (at < end);
                  if (*at == '"' && at + 1 < end && at[1] == '"')
                    at++;
                  else if (*at == '"')
                    break;
                  g_string_append_c (field, *at);
                }
              at++;
            }
          else
            for (; at < end && *at != ',' && *at != '\r'; at++)
              {
                g_assert_true (*at != '"' && *at != '\n');
                g_string_append_c (field, *at);
              }
          g_ptr_array_add (row, g_string_free (field, FALSE));
          g_assert_true (at < end);
          more = *at == ',';
          if (more)
            at++;
        }
      g_assert_cmpint (end - at, >=, 2);
      g_assert_true (at[0] == '\r' && at[1] == '\n');
      at += 2;
      g_ptr_array_add (rows, row);
    }
  /* As many fields in each row as in the first. */
  for (guint i = 1; i < rows->len; i++)
    g_assert_cmpint (((GPtrArray *) rows->pdata[i])->len, ==, ((GPtrArray *) rows->pdata[0])->len);
  return rows;
}

/* The field of ROW (0: the first after the header) in the column called NAME. */
static const char *
field (GPtrArray *rows, guint row, const char *name)
{
  GPtrArray *header = rows->pdata[0];
  for (guint i = 0; i < header->len; i++)
    if (strcmp (header->pdata[i], name) == 0)
      return ((GPtrArray *) rows->pdata[row + 1])->pdata[i];
  g_error ("no column %s", name);
}

static double
number (GPtrArray *rows, guint row, const char *name)
{
  const char *text = field (rows, row, name);
  char *end;
  double value = g_ascii_strtod (text, &end);
  g_assert_true (text[0] != '\0' && *end == '\0');
  return value;
}

/* --- A session ---------------------------------------------------------------------------- */

typedef struct
{
  char *folder;
  TdStore *store;
  int64_t session;
} Fixture;

static const int64_t start = 987654321000000; /* the machine has been up for eleven days */

static TdRep
a_rep (int index, bool counted, int64_t start_ns)
{
  TdRep rep = {
    .index = index,
    .number = counted ? index : 0,
    .counted = counted,
    .reason = counted ? TD_REASON_COUNTED : TD_REASON_SHALLOW,
    .start_ns = start_ns,
    .bottom_ns = start_ns + 1500000000,
    .top_ns = start_ns + 2750000000,
    .view = TD_VIEW_SIDE,
    .depth = counted ? TD_DEPTH_PARALLEL : TD_DEPTH_QUARTER,
    .depth_unsure = !counted,
  };
  /* A value of its own for each. */
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) td_rep_measure_at (&rep, (TdRepMeasureId) m)
        = td_measure (0.125f * (float) m, 0.5f + (float) m);
  rep.knee_flexion_max_deg = td_measure (counted ? 121.25f : 55.5f, 1.5f);
  rep.thigh_inclination_deg = td_measure (-4.125f, 2.f);
  rep.fppa_deg = td_measure_missing (TD_MISSING_FRONT_VIEW);
  rep.fppa_side_deg[TD_SIDE_LEFT] = rep.fppa_side_deg[TD_SIDE_RIGHT] = rep.fppa_deg;
  rep.eccentric_s = td_measure (1.5f, 0.033f);
  rep.pause_s = td_measure (0.f, 0.033f);
  rep.concentric_s = td_measure (1.25f, 0.033f);
  rep.lockout_deg = td_measure (-0.0001f, 1.f);
  rep.trunk_lean_deg = td_measure (counted ? 33.f : 41.f, 0.00004f);
  rep.stance_ratio = td_measure_missing (TD_MISSING_JOINTS);
  return rep;
}

static void
a_frame (int64_t time, bool present, bool has_depth, TdPose *pose, TdFrameMeasures *m)
{
  TdMeasure none = td_measure_missing (present ? TD_MISSING_JOINTS : TD_MISSING_NO_PERSON);
  *pose = (TdPose){ .time_ns = time, .width = 640, .height = 480, .present = present };
  pose->has_depth = present && has_depth;
  pose->depth_sigma = pose->has_depth ? 0.125f : 0.f;
  for (int j = 0; present && j < TD_N_JOINTS; j++)
    pose->joints[j]
        = (TdKeypoint){ 10.f + (float) j, -20.125f - (float) j, has_depth ? 0.5f : 0, 1.f };
  *m = (TdFrameMeasures){ .time_ns = time,
                          .yaw_deg = none,
                          .knee_flexion_deg = { none, none },
                          .flexion_deg = none,
                          .thigh_inclination_deg = { none, none },
                          .thigh_deg = none,
                          .hip_height = none,
                          .fppa_deg = { none, none },
                          .fppa_mean_deg = none,
                          .trunk_lean_deg = none,
                          .stance_ratio = none,
                          .hip_flexion_deg = none,
                          .knee_offset = { none, none } };
  if (present)
    {
      m->knee_flexion_deg[TD_SIDE_LEFT] = td_measure (90.5f, 2);
      m->thigh_deg = td_measure (1.25f, 2);
      m->fppa_deg[TD_SIDE_RIGHT] = td_measure (-7.75f, 2);
      m->yaw_deg = td_measure (178.5f, 2);
      m->hip_flexion_deg = td_measure (101.5f, 2);
      m->knee_offset[TD_SIDE_RIGHT] = td_measure (-0.25f, 0.1f);
    }
}

static int64_t
write_session (TdStore *store, const char *source)
{
  TdSessionInfo info = { "2026-11-20T18:03:11+01:00", "cyclist", source, "seed, \"v2\"" };
  TdStoreError e;
  TdPose pose;
  TdFrameMeasures m;
  int64_t session, set;
  g_assert_cmpint (td_store_begin_session (store, &info, &session, &e), ==, TD_STORE_OK);
  for (int s = 0; s < 2; s++)
    {
      int64_t set_start = start + s * 60 * G_GINT64_CONSTANT (1000000000);
      g_assert_cmpint (td_store_begin_set (store, session, NULL, &set, &e), ==, TD_STORE_OK);
      for (int i = 0; i < 3; i++)
        {
          a_frame (set_start + i * 33333333, i != 1, i == 2, &pose, &m);
          g_assert_cmpint (td_store_add_sample (store, set, &pose, &m, &e), ==, TD_STORE_OK);
        }
      for (int i = 1; i <= 2; i++)
        {
          TdRep rep = a_rep (i, i == 1, set_start + i * G_GINT64_CONSTANT (3000000000));
          g_assert_cmpint (td_store_add_rep (store, set, &rep, &e), ==, TD_STORE_OK);
        }
    }
  g_assert_cmpint (td_store_end_session (store, session, &e), ==, TD_STORE_OK);
  return session;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  TdStoreError e;
  f->folder = g_dir_make_tmp ("teardrop-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (f->folder, "teardrop.db", NULL);
  g_assert_cmpint (td_store_open (path, &f->store, NULL, &e), ==, TD_STORE_OK);
  f->session = write_session (f->store, data != NULL ? data : "USB camera");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  const char *name;
  (void) data;
  td_store_close (f->store);
  GDir *dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);
      g_remove (path);
    }
  g_dir_close (dir);
  g_rmdir (f->folder);
  g_free (f->folder);
}

typedef TdStoreStatus (*Writer) (TdStore *store, int64_t session, FILE *to, TdStoreError *error);

static char *
write_text (Fixture *f, Writer writer, size_t *size)
{
  char *text = NULL;
  TdStoreError e;
  FILE *to = open_memstream (&text, size);
  if (writer (f->store, f->session, to, &e) != TD_STORE_OK)
    g_error ("%s", e.message);
  fclose (to);
  return text;
}

static GPtrArray *
write_and_parse (Fixture *f, Writer writer)
{
  size_t size;
  char *text = write_text (f, writer, &size);
  GPtrArray *rows = parse (text, size);
  free (text);
  return rows;
}

/* --- Tests -------------------------------------------------------------------------------- */

static void
check_reps (Fixture *f)
{
  g_autoptr (GPtrArray) rows = write_and_parse (f, td_csv_write_reps);
  g_assert_cmpint (rows->len, ==, 5);
  for (guint i = 0; i < 4; i++)
    {
      bool counted = i % 2 == 0;
      double set_start = i < 2 ? 0 : 60, rep_start = counted ? 3 : 6;
      g_assert_cmpfloat (number (rows, i, "session"), ==, (double) f->session);
      g_assert_cmpstr (field (rows, i, "started_at"), ==, "2026-11-20T18:03:11+01:00");
      g_assert_cmpstr (field (rows, i, "exercise"), ==, "cyclist");
      g_assert_cmpstr (field (rows, i, "source"), ==, "USB camera");
      g_assert_cmpstr (field (rows, i, "model"), ==, "seed, \"v2\"");
      g_assert_cmpfloat (number (rows, i, "set"), ==, i < 2 ? 1 : 2);
      g_assert_cmpfloat (number (rows, i, "index"), ==, counted ? 1 : 2);
      g_assert_cmpstr (field (rows, i, "number"), ==, counted ? "1" : "");
      g_assert_cmpstr (field (rows, i, "counted"), ==, counted ? "1" : "0");
      g_assert_cmpstr (field (rows, i, "counted_as_measured"), ==, counted ? "1" : "0");
      g_assert_cmpstr (field (rows, i, "correction"), ==, "");
      g_assert_cmpstr (field (rows, i, "load_kg"), ==, "");
      g_assert_cmpstr (field (rows, i, "target"), ==, "");
      g_assert_cmpstr (field (rows, i, "note"), ==, "");
      g_assert_cmpstr (field (rows, i, "reason"), ==, counted ? "" : "shallow");
      g_assert_cmpfloat (number (rows, i, "start_s"), ==, set_start + rep_start);
      g_assert_cmpfloat (number (rows, i, "bottom_s"), ==, set_start + rep_start + 1.5);
      g_assert_cmpfloat (number (rows, i, "top_s"), ==, set_start + rep_start + 2.75);
      g_assert_cmpstr (field (rows, i, "view"), ==, "side");
      g_assert_cmpstr (field (rows, i, "depth"), ==, counted ? "parallel" : "quarter");
      g_assert_cmpstr (field (rows, i, "depth_unsure"), ==, counted ? "0" : "1");
      g_assert_cmpfloat (number (rows, i, "knee_flexion_max_deg"), ==, counted ? 121.25 : 55.5);
      g_assert_cmpfloat (number (rows, i, "knee_flexion_max_sigma_deg"), ==, 1.5);
      g_assert_cmpfloat (number (rows, i, "thigh_inclination_deg"), ==, -4.125);
      /* A zero that was measured is there; one that is only rounded has no sign. */
      g_assert_cmpstr (field (rows, i, "pause_s"), ==, "0.000");
      g_assert_cmpstr (field (rows, i, "lockout_deg"), ==, "0.000");
      /* A sigma never reads as 0. */
      g_assert_cmpfloat (number (rows, i, "trunk_lean_sigma_deg"), >, 0);
      g_assert_cmpstr (field (rows, i, "fppa_valgus_positive_deg"), ==, "");
      g_assert_cmpstr (field (rows, i, "fppa_sigma_deg"), ==, "");
      g_assert_cmpstr (field (rows, i, "stance_ratio"), ==, "");
      /* The attempt leaned too far, too. What is only unsure or was not measured is no failure. */
      g_assert_cmpstr (field (rows, i, "failed_checks"), ==, counted ? "" : "depth trunk");
      g_assert_cmpstr (field (rows, i, "missing"), ==,
                       "fppa_deg: needs a front view; fppa_left_deg: needs a front view; "
                       "fppa_right_deg: needs a front view; "
                       "stance_ratio: a joint it needs is not in view");
    }
}

static void
a_row_for_each_repetition_and_attempt (Fixture *f, gconstpointer data)
{
  (void) data;
  check_reps (f);
}

static bool
keep_rep_id (const TdRepRow *row, void *data)
{
  g_array_append_val ((GArray *) data, row->id);
  return true;
}

static bool
keep_set_id (const TdSetRow *row, void *data)
{
  g_array_append_val ((GArray *) data, row->id);
  return true;
}

/* The count is the user's, what was measured stands beside it. */
static void
corrections_are_told (Fixture *f, gconstpointer data)
{
  static const char *const wanted[5][7] = {
    /* load_kg, target, index, number, counted, counted_as_measured, correction */
    { "22.5", "8", "1", "", "0", "1", "not_counted" },
    { "22.5", "8", "2", "1", "1", "0", "counted" },
    { "22.5", "8", "", "2", "1", "", "added" },
    { "0", "", "1", "1", "1", "1", "" },
    { "0", "", "2", "", "0", "0", "" },
  };
  static const char *const columns[]
      = { "load_kg", "target", "index", "number", "counted", "counted_as_measured", "correction" };
  (void) data;
  TdStoreError e;
  g_autoptr (GArray) reps = g_array_new (FALSE, FALSE, sizeof (int64_t));
  g_autoptr (GArray) sets = g_array_new (FALSE, FALSE, sizeof (int64_t));
  td_store_each_rep (f->store, f->session, keep_rep_id, reps, &e);
  td_store_each_set (f->store, f->session, keep_set_id, sets, &e);
  int64_t first_set = g_array_index (sets, int64_t, 0);
  g_assert_cmpint (
      td_store_set_verdict (f->store, g_array_index (reps, int64_t, 0), TD_VERDICT_NOT_ONE, &e), ==,
      TD_STORE_OK);
  g_assert_cmpint (td_store_add_one (f->store, first_set, start, &e), ==, TD_STORE_OK);
  g_assert_cmpint (td_store_add_one (f->store, first_set, start, &e), ==, TD_STORE_OK);
  g_assert_cmpint (td_store_set_info (f->store, first_set, &(TdSetInfo){ 22.5f, 8 }, &e), ==,
                   TD_STORE_OK);
  g_assert_cmpint (
      td_store_set_info (f->store, g_array_index (sets, int64_t, 1), &(TdSetInfo){ 0, 0 }, &e), ==,
      TD_STORE_OK);
  g_assert_cmpint (td_store_set_note (f->store, f->session, "left knee,\n\"hm\"", &e), ==,
                   TD_STORE_OK);

  g_autoptr (GPtrArray) rows = write_and_parse (f, td_csv_write_reps);
  g_assert_cmpint (rows->len, ==, 6);
  for (guint i = 0; i < 5; i++)
    {
      for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
        g_assert_cmpstr (field (rows, i, columns[c]), ==, wanted[i][c]);
      g_assert_cmpstr (field (rows, i, "note"), ==, "left knee,\n\"hm\"");
    }
  g_assert_cmpstr (field (rows, 1, "reason"), ==, "shallow");
  g_assert_cmpstr (field (rows, 2, "missing"), ==, "added by hand, nothing was measured");
  g_assert_cmpstr (field (rows, 2, "knee_flexion_max_deg"), ==, "");
  g_assert_cmpstr (field (rows, 2, "failed_checks"), ==, "");
  /* At the top of the one before. */
  g_assert_cmpfloat (number (rows, 2, "start_s"), ==, number (rows, 1, "top_s"));
}

static void
check_frames (Fixture *f)
{
  static const char *const last[] = { "knee_flexion_left_deg",
                                      "knee_flexion_right_deg",
                                      "thigh_inclination_deg",
                                      "fppa_left_deg",
                                      "fppa_right_deg",
                                      "trunk_lean_deg",
                                      "yaw_deg",
                                      "frame_width",
                                      "frame_height",
                                      "depth_sigma",
                                      "hip_flexion_deg",
                                      "knee_offset_left",
                                      "knee_offset_right" };
  static const char *const parts[] = { "x", "y", "z", "score" };
  g_autoptr (GPtrArray) rows = write_and_parse (f, td_csv_write_samples);
  GPtrArray *header = rows->pdata[0];

  g_assert_cmpint (header->len, ==, 1 + 4 * TD_N_JOINTS + (int) G_N_ELEMENTS (last));
  g_assert_cmpstr (header->pdata[0], ==, "t_s");
  g_assert_cmpstr (header->pdata[1], ==, "hip_left_x");
  g_assert_cmpstr (header->pdata[4 * TD_N_JOINTS], ==, "nose_score");
  for (guint i = 0; i < G_N_ELEMENTS (last); i++)
    g_assert_cmpstr (header->pdata[1 + 4 * TD_N_JOINTS + i], ==, last[i]);

  g_assert_cmpint (rows->len, ==, 7);
  g_assert_cmpstr (field (rows, 0, "t_s"), ==, "0.000000000");
  g_assert_cmpstr (field (rows, 1, "t_s"), ==, "0.033333333");
  g_assert_cmpstr (field (rows, 3, "t_s"), ==, "60.000000000");
  for (guint i = 0; i < 6; i++)
    {
      bool present = i % 3 != 1, has_depth = i % 3 == 2;
      for (int j = 0; j < TD_N_JOINTS; j++)
        for (int p = 0; p < 4; p++)
          {
            const double values[] = { 10. + j, -20.125 - j, 0.5, 1 };
            g_autofree char *name
                = g_strdup_printf ("%s_%s", td_joint_name ((TdJoint) j), parts[p]);
            if (present && (p != 2 || has_depth))
              g_assert_cmpfloat (number (rows, i, name), ==, values[p]);
            else
              g_assert_cmpstr (field (rows, i, name), ==, "");
          }
      g_assert_cmpstr (field (rows, i, "knee_flexion_left_deg"), ==, present ? "90.500" : "");
      g_assert_cmpstr (field (rows, i, "knee_flexion_right_deg"), ==, "");
      g_assert_cmpstr (field (rows, i, "thigh_inclination_deg"), ==, present ? "1.250" : "");
      g_assert_cmpstr (field (rows, i, "fppa_left_deg"), ==, "");
      g_assert_cmpstr (field (rows, i, "fppa_right_deg"), ==, present ? "-7.750" : "");
      g_assert_cmpstr (field (rows, i, "trunk_lean_deg"), ==, "");
      g_assert_cmpstr (field (rows, i, "yaw_deg"), ==, present ? "178.500" : "");
      g_assert_cmpstr (field (rows, i, "frame_width"), ==, "640");
      g_assert_cmpstr (field (rows, i, "frame_height"), ==, "480");
      g_assert_cmpstr (field (rows, i, "depth_sigma"), ==, has_depth ? "0.125" : "");
      g_assert_cmpstr (field (rows, i, "hip_flexion_deg"), ==, present ? "101.500" : "");
      g_assert_cmpstr (field (rows, i, "knee_offset_left"), ==, "");
      g_assert_cmpstr (field (rows, i, "knee_offset_right"), ==, present ? "-0.250" : "");
    }
}

/* Each measure in a column of its own beside its sigma, whatever is added to them. */
static void
every_measure_has_its_columns (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autoptr (GPtrArray) rows = write_and_parse (f, td_csv_write_reps);
  const TdRep rep = a_rep (1, true, 0);
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      const TdMeasure *measure = td_rep_measure_at (&rep, (TdRepMeasureId) m);
      g_auto (GStrv) stem = g_strsplit (td_rep_measures[m].name, "_deg", 2);
      g_autofree char *name = g_str_has_prefix (stem[0], "fppa")
                                  ? g_strconcat (stem[0], "_valgus_positive_deg", NULL)
                                  : g_strdup (td_rep_measures[m].name);
      if (!td_measure_ok (*measure))
        g_assert_cmpstr (field (rows, 0, name), ==, "");
      else
        {
          g_assert_cmpfloat_with_epsilon (number (rows, 0, name), (double) measure->value, 1e-3);
          g_assert_cmpfloat_with_epsilon (number (rows, 0, td_rep_measures[m].sigma),
                                          (double) measure->sigma, 0.05);
        }
    }
}

/* Ids as they are in the tables of motion, in the order of their weight. */
static void
failed_checks_are_those_of_the_sessions_exercise (Fixture *f, gconstpointer data)
{
  (void) data;
  static const struct
  {
    const char *exercise, *failed;
  } rows[] = {
    { "cyclist", "depth trunk" }, { "narrow", "" }, { "deadlift", "" }, /* of a later version */
  };
  TdStoreError e;
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TdSessionInfo info = { .exercise = rows[i].exercise };
      int64_t set;
      TdRep rep = a_rep (1, false, start);
      g_assert_cmpint (td_store_begin_session (f->store, &info, &f->session, &e), ==, TD_STORE_OK);
      g_assert_cmpint (td_store_begin_set (f->store, f->session, NULL, &set, &e), ==, TD_STORE_OK);
      g_assert_cmpint (td_store_add_rep (f->store, set, &rep, &e), ==, TD_STORE_OK);
      g_autoptr (GPtrArray) parsed = write_and_parse (f, td_csv_write_reps);
      g_assert_cmpstr (field (parsed, 0, "failed_checks"), ==, rows[i].failed);
    }
}

static void
a_row_for_each_frame (Fixture *f, gconstpointer data)
{
  (void) data;
  check_frames (f);
}

/* A locale with a decimal comma: one that is installed, or one made on the spot. */
static void
a_decimal_comma_changes_nothing (Fixture *f, gconstpointer data)
{
  (void) data;
  static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "pl_PL.UTF-8" };
  g_autofree char *made = g_build_filename (f->folder, "de_DE.UTF-8", NULL);
  const char *found = NULL;
  for (size_t i = 0; found == NULL && i < G_N_ELEMENTS (names); i++)
    found = setlocale (LC_ALL, names[i]);
  if (found == NULL && g_file_test ("/usr/share/i18n/locales/de_DE", G_FILE_TEST_EXISTS))
    {
      const char *argv[] = { "localedef", "-i", "de_DE", "-f", "UTF-8", made, NULL };
      g_spawn_sync (NULL, (char **) argv, NULL,
                    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                    NULL, NULL, NULL, NULL, NULL, NULL);
      g_setenv ("LOCPATH", f->folder, TRUE);
      found = setlocale (LC_ALL, "de_DE.UTF-8");
    }
  if (found == NULL)
    g_test_skip ("no locale with a decimal comma here");
  else
    {
      char text[16];
      g_snprintf (text, sizeof text, "%.1f", 1.5);
      g_assert_cmpstr (text, ==, "1,5");
      check_reps (f);
      check_frames (f);
      /* Numbers in the database do not depend on it either: written and read in this locale. */
      f->session = write_session (f->store, "USB camera");
      check_reps (f);
      g_snprintf (text, sizeof text, "%.1f", 1.5); /* and the caller's locale is as it was */
      g_assert_cmpstr (text, ==, "1,5");
    }
  setlocale (LC_ALL, "C");
  g_unsetenv ("LOCPATH");
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", made);
  g_assert_true (g_spawn_command_line_sync (remove, NULL, NULL, NULL, NULL));
}

static void
a_text_is_never_a_formula (Fixture *f, gconstpointer data)
{
  static const char *const sources[]
      = { "=HYPERLINK(\"http://x\",\"y\")", "+1", "-1", "@SUM(A1)", "\tx", "\rx" };
  (void) data;
  for (size_t i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      f->session = write_session (f->store, sources[i]);
      g_autoptr (GPtrArray) rows = write_and_parse (f, td_csv_write_reps);
      g_autofree char *wanted = g_strconcat ("'", sources[i], NULL);
      g_assert_cmpstr (field (rows, 0, "source"), ==, wanted);
      /* Numbers are left alone, negative ones too. */
      g_assert_cmpfloat (number (rows, 0, "thigh_inclination_deg"), ==, -4.125);
    }
}

static void
odd_texts_stay_one_field (Fixture *f, gconstpointer data)
{
  static const char *const sources[]
      = { "a,b", "say \"hi\"", "two\r\nlines", " spaced", "näme 📷", "a=b", "" };
  (void) data;
  for (size_t i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      f->session = write_session (f->store, sources[i]);
      g_autoptr (GPtrArray) rows = write_and_parse (f, td_csv_write_reps);
      g_assert_cmpint (rows->len, ==, 5);
      g_assert_cmpstr (field (rows, 3, "source"), ==, sources[i]);
    }
}

static void
an_unknown_session_writes_nothing (Fixture *f, gconstpointer data)
{
  (void) data;
  TdStoreError e;
  char *text = NULL;
  size_t size;
  FILE *to = open_memstream (&text, &size);
  g_assert_cmpint (td_csv_write_reps (f->store, 99, to, &e), ==, TD_STORE_NOT_FOUND);
  g_assert_nonnull (strstr (e.message, "session 99"));
  g_assert_cmpint (td_csv_write_samples (f->store, 99, to, &e), ==, TD_STORE_NOT_FOUND);
  fclose (to);
  g_assert_cmpint (size, ==, 0);
  free (text);
}

static void
a_full_disk_is_an_error (Fixture *f, gconstpointer data)
{
  (void) data;
  const Writer writers[] = { td_csv_write_reps, td_csv_write_samples };
  for (int i = 0; i < 4; i++)
    {
      TdStoreError e;
      FILE *full = fopen ("/dev/full", "w");
      if (full == NULL)
        {
          g_test_skip ("no /dev/full here");
          return;
        }
      /* Failing at the end, and failing on the way. */
      if (i >= 2)
        setvbuf (full, NULL, _IONBF, 0);
      g_assert_cmpint (writers[i % 2](f->store, f->session, full, &e), ==, TD_STORE_FULL);
      g_assert_cmpstr (e.message, ==, "The CSV cannot be written: no space left on device.");
      fclose (full);
    }
}

/* --- Other programs ----------------------------------------------------------------------- */

static char *
write_file (Fixture *f, Writer writer, const char *name)
{
  size_t size;
  char *text = write_text (f, writer, &size);
  char *path = g_build_filename (f->folder, name, NULL);
  g_assert_true (g_file_set_contents (path, text, (gssize) size, NULL));
  free (text);
  return path;
}

static char *
output_of (const char *const *argv)
{
  char *out = NULL;
  int status;
  GError *error = NULL;
  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
                     &status, &error))
    g_error ("%s", error->message);
  g_assert_cmpint (status, ==, 0);
  return out;
}

static void
sqlite_imports_it (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autofree char *program = g_find_program_in_path ("sqlite3");
  if (program == NULL)
    {
      g_test_skip ("no sqlite3 command here");
      return;
    }
  g_autofree char *path = write_file (f, td_csv_write_reps, "reps.csv");
  g_autofree char *frames = write_file (f, td_csv_write_samples, "frames.csv");
  g_autofree char *import = g_strdup_printf (".import --csv '%s' reps", path);
  g_autofree char *import_frames = g_strdup_printf (".import --csv '%s' frames", frames);
  const char *const argv[]
      = { program,
          "-batch",
          ":memory:",
          import,
          import_frames,
          "SELECT count(*), sum(counted), source, model, \"set\", max(start_s + 0), missing LIKE"
          " '%not in view' FROM reps WHERE \"set\" = '2'",
          "SELECT count(*), max(t_s + 0), sum(yaw_deg), sum(yaw_deg = '178.500') FROM frames",
          NULL };
  g_autofree char *out = output_of (argv);
  g_assert_cmpstr (out, ==, "2|1|USB camera|seed, \"v2\"|2|66.0|1\n6|60.066666666|714.0|4\n");
}

static void
python_reads_it (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autofree char *program = g_find_program_in_path ("python3");
  if (program == NULL)
    {
      g_test_skip ("no python3 here");
      return;
    }
  g_autofree char *path = write_file (f, td_csv_write_reps, "reps.csv");
  g_autofree char *frames = write_file (f, td_csv_write_samples, "frames.csv");
  const char *const argv[] = { program,
                               "-c",
                               "import csv, sys\n"
                               "reps = list(csv.DictReader(open(sys.argv[1], newline='',"
                               " encoding='utf-8'), strict=True))\n"
                               "frames = list(csv.DictReader(open(sys.argv[2], newline='',"
                               " encoding='utf-8'), strict=True))\n"
                               "assert not any(None in r or None in r.values() for r in reps)\n"
                               "print(len(reps), sum(int(r['counted']) for r in reps),"
                               " reps[0]['model'], float(reps[3]['start_s']),"
                               " reps[0]['missing'].count(';'))\n"
                               "print(len(frames), len(frames[0]), list(frames[0])[-1],"
                               " frames[1]['nose_x'] == '', float(frames[0]['yaw_deg']))\n",
                               path,
                               frames,
                               NULL };
  g_autofree char *out = output_of (argv);
  g_assert_cmpstr (out, ==, "4 2 seed, \"v2\" 66.0 3\n6 82 knee_offset_right True 178.5\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(test) g_test_add ("/report/" #test, Fixture, NULL, set_up, test, tear_down)
  ADD (a_row_for_each_repetition_and_attempt);
  ADD (corrections_are_told);
  ADD (every_measure_has_its_columns);
  ADD (failed_checks_are_those_of_the_sessions_exercise);
  ADD (a_row_for_each_frame);
  ADD (a_decimal_comma_changes_nothing);
  ADD (a_text_is_never_a_formula);
  ADD (odd_texts_stay_one_field);
  ADD (an_unknown_session_writes_nothing);
  ADD (a_full_disk_is_an_error);
  ADD (sqlite_imports_it);
  ADD (python_reads_it);
  return g_test_run ();
}
