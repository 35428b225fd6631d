/* td-csv.c: a session as CSV.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-csv.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
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
  int write_error; /* errno; 0: none */
} Export;

static bool
write_reps_header (FILE *to)
{
  static const char *const fixed[]
      = { "session", "started_at", "exercise", "source",   "model", "set",  "index", "number",
          "counted", "reason",     "start_s",  "bottom_s", "top_s", "view", "depth" };
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
  put_text (&row, "missing");
  return row_end (&row);
}

static bool
write_rep (const TdRepRow *rep_row, void *data)
{
  Export *self = data;
  const TdRep *rep = &rep_row->rep;
  char missing[1024];
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
  put_int (&row, rep->index);
  if (rep->counted)
    put_int (&row, rep->number);
  else
    put_empty (&row);
  put_int (&row, rep->counted);
  put_text (&row, td_reason_name (rep->reason));
  put_seconds (&row, rep->start_ns - self->session.first_ns);
  put_seconds (&row, rep->bottom_ns - self->session.first_ns);
  put_seconds (&row, rep->top_ns - self->session.first_ns);
  put_text (&row, td_view_name (rep->view));
  put_text (&row, td_depth_name (rep->depth));
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      const TdMeasure *measure = td_rep_measure_at (rep, m);
      put_real (&row, (double) measure->value, 3);
      put_sigma (&row, (double) measure->sigma);
      if (!td_measure_ok (*measure) && length < sizeof missing)
        length += (size_t) snprintf (missing + length, sizeof missing - length, "%s%s: %s",
                                     length > 0 ? "; " : "", td_rep_measures[m].name,
                                     td_missing_text (measure->missing));
    }
  put_text (&row, missing);
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
  if (!write_reps_header (to))
    self.write_error = errno != 0 ? errno : EIO;
  else
    status = td_store_each_rep (store, session, write_rep, &self, error);
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
                                      "yaw_deg" };
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
  put_seconds (&row, pose->time_ns);
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      const TdKeypoint *joint = &pose->joints[j];
      put_real (&row, pose->present ? (double) joint->x : NAN, 3);
      put_real (&row, pose->present ? (double) joint->y : NAN, 3);
      put_real (&row, pose->present && pose->has_depth ? (double) joint->z : NAN, 3);
      put_real (&row, pose->present ? (double) joint->score : NAN, 4);
    }
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    put_real (&row, (double) values[i].value, 3);
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
