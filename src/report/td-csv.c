/* td-csv.c: a session as CSV.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-csv.h"

#include "td-check.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- Fields ------------------------------------------------------------------------------- */

typedef struct
{
  FILE *to;
  locale_t old;
  bool first; /* in its row */
} Row;

/* The thread's locale is C until the row ends: "." is the decimal point then. */
static bool
row_begin (Row *self, FILE *to)
{
  /* glibc gives its one built-in object for "C", which costs nothing and is not freed. */
  locale_t c = newlocale (LC_ALL_MASK, "C", NULL);
  if (c == NULL)
    return false;
  *self = (Row){ .to = to, .old = uselocale (c), .first = true };
  return true;
}

static bool
row_end (Row *self)
{
  fputs ("\r\n", self->to);
  uselocale (self->old);
  return !ferror (self->to);
}

static void
put_separator (Row *self)
{
  if (!self->first)
    putc (',', self->to);
  self->first = false;
}

static void
put_empty (Row *self)
{
  put_separator (self);
}

static void
put_int (Row *self, int64_t value)
{
  put_separator (self);
  fprintf (self->to, "%lld", (long long) value);
}

/* Empty when VALUE is not finite. */
static void
put_real (Row *self, double value, int decimals)
{
  put_separator (self);
  if (!isfinite (value))
    return;
  /* No "-0.000". */
  if (fabs (value) < 0.5 * pow (10, -decimals))
    value = 0;
  fprintf (self->to, "%.*f", decimals, value);
}

static void
put_seconds (Row *self, int64_t ns)
{
  put_real (self, (double) ns / 1e9, 6);
}

/* With the fewest digits that read back as the same float. Empty when VALUE is not finite. */
static void
put_float (Row *self, float value)
{
  char text[32];
  put_separator (self);
  if (!isfinite (value))
    return;
  for (int digits = 7; digits <= 9; digits++)
    {
      snprintf (text, sizeof text, "%.*g", digits, (double) value);
      if (strtof (text, NULL) == value)
        break;
    }
  fputs (text, self->to);
}

/* A sigma is never 0, so it has digits and not decimals. */
static void
put_sigma (Row *self, double value)
{
  put_separator (self);
  if (isfinite (value))
    fprintf (self->to, "%.3g", value);
}

static void
put_text (Row *self, const char *text)
{
  bool formula = text[0] != '\0' && strchr ("=+-@\t\r", text[0]) != NULL;
  bool quoted = formula || strpbrk (text, ",\"\r\n") != NULL || text[0] == ' ';

  put_separator (self);
  if (quoted)
    putc ('"', self->to);
  if (formula)
    putc ('\'', self->to);
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        putc ('"', self->to);
      putc (*text, self->to);
    }
  if (quoted)
    putc ('"', self->to);
}

/* --- Repetitions -------------------------------------------------------------------------- */

/* The FPPA's column says which way is positive. */
static void
put_measure_name (Row *self, const char *name)
{
  static const char fppa[] = "fppa", unit[] = "_deg";
  char column[64];
  size_t length = strlen (name) - (sizeof unit - 1);
  if (strncmp (name, fppa, sizeof fppa - 1) != 0)
    put_text (self, name);
  else
    {
      snprintf (column, sizeof column, "%.*s_valgus_positive%s", (int) length, name, unit);
      put_text (self, column);
    }
}

typedef struct
{
  FILE *to;
  TdSessionRow session;
  const TdProfile *profile; /* of the session; NULL when this version has none of that name */
  int write_error;          /* errno; 0: none */
  TdSetRow *sets;
  size_t n_sets;
} Export;

static bool
keep_set (const TdSetRow *row, void *data)
{
  Export *self = data;
  TdSetRow *sets = realloc (self->sets, (self->n_sets + 1) * sizeof *sets);
  if (sets == NULL)
    {
      self->write_error = ENOMEM;
      return false;
    }
  self->sets = sets;
  self->sets[self->n_sets++] = *row;
  return true;
}

static TdSetInfo
info_of_set (const Export *self, int64_t set)
{
  for (size_t i = 0; i < self->n_sets; i++)
    if (self->sets[i].id == set)
      return self->sets[i].info;
  return (TdSetInfo){ .load_kg = NAN };
}

static bool
write_reps_header (FILE *to)
{
  static const char *const fixed[]
      = { "session",    "started_at",  "exercise", "source",   "model",   "set",
          "load_kg",    "target",      "index",    "number",   "counted", "counted_as_measured",
          "correction", "reason",      "start_s",  "bottom_s", "top_s",   "view",
          "depth",      "depth_unsure" };
  Row row;
  if (!row_begin (&row, to))
    return false;
  for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
    put_text (&row, fixed[i]);
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      put_measure_name (&row, td_rep_measures[m].name);
      put_text (&row, td_rep_measures[m].sigma);
    }
  put_text (&row, "failed_checks");
  put_text (&row, "missing");
  put_text (&row, "note");
  return row_end (&row);
}

/* The ids of the checks that REP failed, in the profile's order. */
static void
put_failed_checks (Row *self, const TdProfile *profile, const TdRep *rep)
{
  char failed[256] = "";
  size_t length = 0;
  for (int i = 0; profile != NULL && i < td_profile_n_checks (profile); i++)
    if (td_check_rep (&profile->checks[i], rep) == TD_VERDICT_FAILED && length < sizeof failed)
      length += (size_t) snprintf (failed + length, sizeof failed - length, "%s%s",
                                   length > 0 ? " " : "", profile->checks[i].id);
  put_text (self, failed);
}

static const char *
correction_name (const TdRepRow *row)
{
  static const char *const names[] = {
    [TD_VERDICT_MEASURED] = "",
    [TD_VERDICT_NOT_ONE] = "not_counted",
    [TD_VERDICT_ONE] = "counted",
  };
  return row->by_hand ? "added" : names[row->verdict];
}

static void
put_set_info (Row *self, TdSetInfo info)
{
  put_float (self, info.load_kg);
  if (info.target > 0)
    put_int (self, info.target);
  else
    put_empty (self);
}

/* Of one that was added by hand there is no index, and nobody measured whether it counts. */
static void
put_counts (Row *self, const TdRepRow *row)
{
  bool counts = td_rep_row_counts (row);
  if (row->by_hand)
    put_empty (self);
  else
    put_int (self, row->rep.index);
  if (counts)
    put_int (self, row->number);
  else
    put_empty (self);
  put_int (self, counts);
  if (row->by_hand)
    put_empty (self);
  else
    put_int (self, row->rep.counted);
  put_text (self, correction_name (row));
}

static bool
write_rep (const TdRepRow *rep_row, void *data)
{
  Export *self = data;
  const TdRep *rep = &rep_row->rep;
  char missing[4096];
  size_t length = 0;
  Row row;

  missing[0] = '\0';
  if (!row_begin (&row, self->to))
    {
      self->write_error = errno != 0 ? errno : EIO;
      return false;
    }
  put_int (&row, rep_row->session);
  put_text (&row, self->session.started_at);
  put_text (&row, self->session.exercise);
  put_text (&row, self->session.source);
  put_text (&row, self->session.model);
  put_int (&row, rep_row->set_number);
  put_set_info (&row, info_of_set (self, rep_row->set));
  put_counts (&row, rep_row);
  put_text (&row, td_reason_name (rep->reason));
  put_seconds (&row, rep->start_ns - self->session.first_ns);
  put_seconds (&row, rep->bottom_ns - self->session.first_ns);
  put_seconds (&row, rep->top_ns - self->session.first_ns);
  put_text (&row, td_view_name (rep->view));
  put_text (&row, td_depth_name (rep->depth));
  put_int (&row, rep->depth_unsure);
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      const TdMeasure *measure = td_rep_measure_at (rep, (TdRepMeasureId) m);
      put_real (&row, (double) measure->value, 3);
      put_sigma (&row, (double) measure->sigma);
      if (!td_measure_ok (*measure) && !rep_row->by_hand && length < sizeof missing)
        length += (size_t) snprintf (missing + length, sizeof missing - length, "%s%s: %s",
                                     length > 0 ? "; " : "", td_rep_measures[m].name,
                                     td_missing_text (measure->missing));
    }
  put_failed_checks (&row, self->profile, rep);
  put_text (&row, rep_row->by_hand ? td_missing_text (TD_MISSING_BY_HAND) : missing);
  put_text (&row, self->session.note);
  if (!row_end (&row))
    self->write_error = errno != 0 ? errno : EIO;
  return self->write_error == 0;
}

/* What stdio still holds may fail only now. */
static TdStoreStatus
finish (Export *self, TdStoreStatus status, TdStoreError *error)
{
  if (status == TD_STORE_OK && self->write_error == 0 && fflush (self->to) != 0)
    self->write_error = errno != 0 ? errno : EIO;
  return self->write_error != 0 ? td_store_write_error ("The CSV", self->write_error, error)
                                : status;
}

TdStoreStatus
td_csv_write_reps (TdStore *store, int64_t session, FILE *to, TdStoreError *error)
{
  Export self = { .to = to };
  TdStoreStatus status = td_store_get_session (store, session, &self.session, error);
  if (status != TD_STORE_OK)
    return status;
  self.profile = td_profile_find (self.session.exercise);
  status = td_store_each_set (store, session, keep_set, &self, error);
  if (status == TD_STORE_OK && self.write_error == 0 && !write_reps_header (to))
    self.write_error = errno != 0 ? errno : EIO;
  if (status == TD_STORE_OK && self.write_error == 0)
    status = td_store_each_rep (store, session, write_rep, &self, error);
  free (self.sets);
  return finish (&self, status, error);
}

/* --- Frames ------------------------------------------------------------------------------- */

bool
td_csv_write_pose_header (FILE *to)
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
  char name[64];
  Row row;

  if (!row_begin (&row, to))
    return false;
  put_text (&row, "t_s");
  for (int j = 0; j < TD_N_JOINTS; j++)
    for (int p = 0; p < 4; p++)
      {
        snprintf (name, sizeof name, "%s_%s", td_joint_name ((TdJoint) j), parts[p]);
        put_text (&row, name);
      }
  for (size_t i = 0; i < sizeof last / sizeof last[0]; i++)
    put_text (&row, last[i]);
  return row_end (&row);
}

bool
td_csv_write_pose (FILE *to, const TdPose *pose, const TdFrameMeasures *frame)
{
  const TdMeasure values[] = {
    frame->knee_flexion_deg[TD_SIDE_LEFT],
    frame->knee_flexion_deg[TD_SIDE_RIGHT],
    frame->thigh_deg,
    frame->fppa_deg[TD_SIDE_LEFT],
    frame->fppa_deg[TD_SIDE_RIGHT],
    frame->trunk_lean_deg,
    frame->yaw_deg,
  };
  Row row;

  if (!row_begin (&row, to))
    return false;
  put_real (&row, (double) pose->time_ns / 1e9, 9);
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      const TdKeypoint *joint = &pose->joints[j];
      put_float (&row, pose->present ? joint->x : NAN);
      put_float (&row, pose->present ? joint->y : NAN);
      put_float (&row, pose->present && pose->has_depth ? joint->z : NAN);
      put_float (&row, pose->present ? joint->score : NAN);
    }
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    put_real (&row, (double) values[i].value, 3);
  put_int (&row, pose->width);
  put_int (&row, pose->height);
  put_float (&row, pose->present && pose->has_depth ? pose->depth_sigma : NAN);
  put_real (&row, (double) frame->hip_flexion_deg.value, 3);
  put_real (&row, (double) frame->knee_offset[TD_SIDE_LEFT].value, 3);
  put_real (&row, (double) frame->knee_offset[TD_SIDE_RIGHT].value, 3);
  return row_end (&row);
}

static bool
write_sample (const TdSampleRow *sample, void *data)
{
  Export *self = data;
  TdPose pose = sample->pose;
  pose.time_ns -= self->session.first_ns;
  if (!td_csv_write_pose (self->to, &pose, &sample->measures))
    self->write_error = errno != 0 ? errno : EIO;
  return self->write_error == 0;
}

TdStoreStatus
td_csv_write_samples (TdStore *store, int64_t session, FILE *to, TdStoreError *error)
{
  Export self = { .to = to };
  TdStoreStatus status = td_store_get_session (store, session, &self.session, error);
  if (status != TD_STORE_OK)
    return status;
  if (!td_csv_write_pose_header (to))
    self.write_error = errno != 0 ? errno : EIO;
  else
    status = td_store_each_sample (store, session, write_sample, &self, error);
  return finish (&self, status, error);
}
