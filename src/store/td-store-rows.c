/* td-store-rows.c: a repetition and a frame as rows, and back.
 *
 * On disk every enum is a word or a letter, never a number of a C enum: those may be reordered.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-store-private.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Names -------------------------------------------------------------------------------- */

typedef struct
{
  const char *word;
  char letter;
} MissingName;

static const MissingName missing_names[TD_N_MISSING] = {
  [TD_MISSING_NOTHING] = { "", '-' },
  [TD_MISSING_NO_PERSON] = { "no_person", 'P' },
  [TD_MISSING_JOINTS] = { "joints", 'J' },
  [TD_MISSING_FRONT_VIEW] = { "front_view", 'F' },
  [TD_MISSING_SIDE_VIEW] = { "side_view", 'S' },
  [TD_MISSING_DEPTH] = { "depth", 'D' },
  [TD_MISSING_FORESHORTENED] = { "foreshortened", 'L' },
  [TD_MISSING_NOT_REACHED] = { "not_reached", 'R' },
  [TD_MISSING_CALIBRATION] = { "calibration", 'C' },
  [TD_MISSING_TOO_FEW] = { "too_few", 'N' },
  [TD_MISSING_NOT_TAKEN] = { "not_taken", 'V' },
  [TD_MISSING_BY_HAND] = { "by_hand", 'H' },
};

static bool
view_from_name (const char *name, TdView *view)
{
  for (int v = 0; v < TD_N_VIEWS; v++)
    if (strcmp (name, td_view_name ((TdView) v)) == 0)
      {
        *view = (TdView) v;
        return true;
      }
  return false;
}

static bool
depth_from_name (const char *name, TdDepth *depth)
{
  for (int d = 0; d < TD_N_DEPTHS; d++)
    if (strcmp (name, td_depth_name ((TdDepth) d)) == 0)
      {
        *depth = (TdDepth) d;
        return true;
      }
  return false;
}

static const char *const verdict_names[] = {
  [TD_VERDICT_MEASURED] = NULL,
  [TD_VERDICT_NOT_ONE] = "not_one",
  [TD_VERDICT_ONE] = "one",
};

const char *
td_verdict_name (TdVerdict verdict)
{
  return verdict_names[verdict];
}

static bool
verdict_from_name (const char *name, TdVerdict *verdict)
{
  *verdict = TD_VERDICT_MEASURED;
  if (name == NULL)
    return true;
  *verdict
      = strcmp (name, verdict_names[TD_VERDICT_ONE]) == 0 ? TD_VERDICT_ONE : TD_VERDICT_NOT_ONE;
  return strcmp (name, verdict_names[*verdict]) == 0;
}

/* NULL for a counted repetition. */
static bool
reason_from_name (const char *name, TdReason *reason)
{
  *reason = TD_REASON_COUNTED;
  if (name == NULL)
    return true;
  for (int r = TD_REASON_COUNTED + 1; r < TD_N_REASONS; r++)
    if (strcmp (name, td_reason_name ((TdReason) r)) == 0)
      {
        *reason = (TdReason) r;
        return true;
      }
  return false;
}

static bool
missing_from_word (const char *word, TdMissing *missing)
{
  for (int m = TD_MISSING_NOTHING + 1; m < TD_N_MISSING; m++)
    if (strcmp (word, missing_names[m].word) == 0)
      {
        *missing = (TdMissing) m;
        return true;
      }
  return false;
}

static bool
missing_from_letter (char letter, TdMissing *missing)
{
  for (int m = TD_MISSING_NOTHING + 1; m < TD_N_MISSING; m++)
    if (letter == missing_names[m].letter)
      {
        *missing = (TdMissing) m;
        return true;
      }
  return false;
}

/* --- SQL text ----------------------------------------------------------------------------- */

typedef struct
{
  char text[4096];
  size_t length;
} Sql;

__attribute__ ((format (printf, 2, 3))) static void
sql_add (Sql *self, const char *format, ...)
{
  size_t room = sizeof self->text - self->length;
  va_list args;
  va_start (args, format);
  int n = vsnprintf (self->text + self->length, room, format, args);
  va_end (args);
  assert (n >= 0 && (size_t) n < room);
  self->length += (size_t) n;
}

/* ?FIRST … ?LAST */
static void
sql_add_parameters (Sql *self, int first, int last)
{
  for (int i = first; i <= last; i++)
    sql_add (self, "%s?%d", i == first ? "" : ", ", i);
}

/* --- Repetitions -------------------------------------------------------------------------- */

enum
{
  REP_FIXED = 11, /* set_id … depth_unsure, in the order of the INSERT */
  REP_MISSING = REP_FIXED + 2 * TD_N_REP_MEASURES + 1
};

/* Those that there were in the first versions are never NULL without a reason. */
static bool
is_first_measure (TdRepMeasureId m)
{
  switch (m)
    {
    case TD_REP_KNEE_FLEXION_MAX:
    case TD_REP_THIGH_INCLINATION:
    case TD_REP_FPPA:
    case TD_REP_FPPA_LEFT:
    case TD_REP_FPPA_RIGHT:
    case TD_REP_ECCENTRIC:
    case TD_REP_PAUSE:
    case TD_REP_CONCENTRIC:
    case TD_REP_LOCKOUT:
    case TD_REP_TRUNK_LEAN:
    case TD_REP_STANCE:
      return true;
    default:
      return false;
    }
}

/* The shortest decimal number that is VALUE again when read as a float, so that who opens the file
 * sees 92.3 and not 92.3000030517578. */
double
td_store_decimal (float value)
{
  char text[40];
  if (!isfinite (value))
    return NAN;
  for (int digits = 6; digits < 9; digits++)
    {
      snprintf (text, sizeof text, "%.*g", digits, (double) value);
      double d = strtod (text, NULL);
      if (memcmp (&(float){ (float) d }, &value, sizeof value) == 0)
        return d;
    }
  return (double) value;
}

bool
td_rep_insert_init (TdStatement *self, sqlite3 *db)
{
  Sql sql = { .length = 0 };
  sql_add (&sql, "INSERT INTO repetition (set_id, rep_index, rep_number, counted, reason, start_ns,"
                 " bottom_ns, top_ns, view, depth, depth_unsure");
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    sql_add (&sql, ", %s, %s", td_rep_measures[m].name, td_rep_measures[m].sigma);
  sql_add (&sql, ", missing) SELECT ");
  sql_add_parameters (&sql, 1, REP_MISSING);
  /* A set that is gone then shows as no row inserted. */
  sql_add (&sql, " FROM exercise_set WHERE id = ?1");
  return td_statement_init (self, db, sql.text);
}

void
td_rep_insert_bind (TdStatement *self, int64_t set, const TdRep *rep, char *missing, size_t size)
{
  size_t length = 0;
  assert (rep->counted == (rep->reason == TD_REASON_COUNTED));

  td_statement_bind_int (self, 1, set);
  td_statement_bind_int (self, 2, rep->index);
  if (rep->counted)
    td_statement_bind_int (self, 3, rep->number);
  td_statement_bind_int (self, 4, rep->counted);
  if (!rep->counted)
    td_statement_bind_text (self, 5, td_reason_name (rep->reason));
  td_statement_bind_int (self, 6, rep->start_ns);
  td_statement_bind_int (self, 7, rep->bottom_ns);
  td_statement_bind_int (self, 8, rep->top_ns);
  td_statement_bind_text (self, 9, td_view_name (rep->view));
  td_statement_bind_text (self, 10, td_depth_name (rep->depth));
  td_statement_bind_int (self, 11, rep->depth_unsure);

  length += (size_t) snprintf (missing, size, "{");
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      const TdMeasure *measure = td_rep_measure_at (rep, (TdRepMeasureId) m);
      if (td_measure_ok (*measure))
        {
          assert (isfinite (measure->value));
          td_statement_bind_real (self, REP_FIXED + 2 * m + 1, td_store_decimal (measure->value));
          td_statement_bind_real (self, REP_FIXED + 2 * m + 2, td_store_decimal (measure->sigma));
          continue;
        }
      length += (size_t) snprintf (missing + length, size - length, "%s\"%s\": \"%s\"",
                                   length > 1 ? ", " : "", td_rep_measures[m].name,
                                   missing_names[measure->missing].word);
      assert (length < size);
    }
  snprintf (missing + length, size - length, "}");
  td_statement_bind_text (self, REP_MISSING, missing);
}

TdRep
td_rep_by_hand (int64_t at_ns)
{
  TdRep rep = {
    .counted = true,
    .reason = TD_REASON_COUNTED,
    .start_ns = at_ns,
    .bottom_ns = at_ns,
    .top_ns = at_ns,
    .view = TD_VIEW_UNKNOWN,
    .depth = TD_DEPTH_UNKNOWN,
  };
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    *(TdMeasure *) td_rep_measure_at (&rep, (TdRepMeasureId) m)
        = td_measure_missing (TD_MISSING_BY_HAND);
  return rep;
}

bool
td_rep_select_init (TdStatement *self, sqlite3 *db)
{
  Sql sql = { .length = 0 };
  sql_add (&sql, "SELECT s.session_id, s.number, rep_index, rep_number, counted, reason, start_ns,"
                 " bottom_ns, top_ns, view, depth, depth_unsure, r.id, s.id, verdict, by_hand");
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    sql_add (&sql, ", %s, %s, missing ->> '%s'", td_rep_measures[m].name, td_rep_measures[m].sigma,
             td_rep_measures[m].name);
  sql_add (&sql, " FROM exercise_set AS s JOIN repetition AS r ON r.set_id = s.id"
                 " WHERE s.session_id = ?1 ORDER BY s.number, start_ns, r.id");
  return td_statement_init (self, db, sql.text);
}

bool
td_rep_select_read (TdStatement *self, TdRepRow *row)
{
  TdRep *rep = &row->rep;
  *row = (TdRepRow){ 0 };
  row->session = td_statement_int (self, 0);
  row->set_number = (int) td_statement_int (self, 1);
  rep->index = (int) td_statement_int (self, 2);
  rep->number = (int) td_statement_int (self, 3);
  rep->counted = td_statement_int (self, 4) != 0;
  rep->start_ns = td_statement_int (self, 6);
  rep->bottom_ns = td_statement_int (self, 7);
  rep->top_ns = td_statement_int (self, 8);
  if (!reason_from_name (td_statement_text (self, 5), &rep->reason)
      || !view_from_name (td_statement_text (self, 9), &rep->view)
      || !depth_from_name (td_statement_text (self, 10), &rep->depth))
    return false;
  rep->depth_unsure = td_statement_int (self, 11) != 0;
  row->id = td_statement_int (self, 12);
  row->set = td_statement_int (self, 13);
  row->by_hand = td_statement_int (self, 15) != 0;
  if (!verdict_from_name (td_statement_text (self, 14), &row->verdict))
    return false;
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      TdMeasure *measure = (TdMeasure *) td_rep_measure_at (rep, (TdRepMeasureId) m);
      int column = 16 + 3 * m;
      if (!td_statement_is_null (self, column))
        {
          *measure = td_measure ((float) td_statement_real (self, column),
                                 (float) td_statement_real (self, column + 1));
          continue;
        }
      const char *word = td_statement_text (self, column + 2);
      TdMissing missing = TD_MISSING_NOT_TAKEN;
      if (word != NULL ? !missing_from_word (word, &missing)
                       : is_first_measure ((TdRepMeasureId) m))
        return false;
      *measure = td_measure_missing (missing);
    }
  return true;
}

/* --- Frames ------------------------------------------------------------------------------- */

typedef struct
{
  const char *value;
  const char *sigma;
  size_t offset; /* in TdFrameMeasures */
  float scale;
} FrameMeasure;

#define ANGLE(stem, member)                                                                        \
  {                                                                                                \
    stem "_deg_x100", stem "_sigma_x100", offsetof (TdFrameMeasures, member), 100.f                \
  }
#define RATIO(stem, member)                                                                        \
  {                                                                                                \
    stem "_x1000", stem "_sigma_x1000", offsetof (TdFrameMeasures, member), 1000.f                 \
  }

/* In the order of the letters in "missing". */
static const FrameMeasure frame_measures[] = {
  ANGLE ("yaw", yaw_deg),
  ANGLE ("knee_flexion_left", knee_flexion_deg[TD_SIDE_LEFT]),
  ANGLE ("knee_flexion_right", knee_flexion_deg[TD_SIDE_RIGHT]),
  ANGLE ("flexion", flexion_deg),
  ANGLE ("thigh_inclination_left", thigh_inclination_deg[TD_SIDE_LEFT]),
  ANGLE ("thigh_inclination_right", thigh_inclination_deg[TD_SIDE_RIGHT]),
  ANGLE ("thigh", thigh_deg),
  RATIO ("hip_height", hip_height),
  ANGLE ("fppa_left", fppa_deg[TD_SIDE_LEFT]),
  ANGLE ("fppa_right", fppa_deg[TD_SIDE_RIGHT]),
  ANGLE ("fppa_mean", fppa_mean_deg),
  ANGLE ("trunk_lean", trunk_lean_deg),
  RATIO ("stance_ratio", stance_ratio),
  ANGLE ("hip_flexion", hip_flexion_deg),
  RATIO ("knee_offset_left", knee_offset[TD_SIDE_LEFT]),
  RATIO ("knee_offset_right", knee_offset[TD_SIDE_RIGHT]),
};

enum
{
  N_FRAME_MEASURES = sizeof frame_measures / sizeof frame_measures[0],
  N_FIRST_MEASURES = 13, /* that there were in the first versions, likewise */
  SAMPLE_FIXED = 8,      /* set_id … pose */
  SAMPLE_MISSING = SAMPLE_FIXED + 2 * N_FRAME_MEASURES + 1,
  SAMPLE_DEPTH_SIGMA,
  DEPTH_SIGMA_STEPS = 1000, /* of a leg length */
  JOINT_STEPS = 8           /* of a pixel */
};

static const TdMeasure *
frame_measure (const TdFrameMeasures *measures, int m)
{
  return (const TdMeasure *) ((const char *) measures + frame_measures[m].offset);
}

/* VALUE in 1/SCALE, held within what a coordinate has room for. */
static int32_t
quantise (float value, float scale)
{
  double scaled = round ((double) value * (double) scale);
  return isfinite (scaled) ? (int32_t) fmax (-INT32_MAX, fmin (INT32_MAX, scaled)) : 0;
}

static uint8_t
quantise_score (float score)
{
  return (uint8_t) quantise (fmaxf (0.f, fminf (1.f, score)), 255.f);
}

static int
encode_pose (const TdPose *pose, uint8_t *to)
{
  int32_t values[3 * TD_N_JOINTS];
  int width = 2;
  uint8_t *at = to + 1;

  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      values[3 * j] = quantise (pose->joints[j].x, JOINT_STEPS);
      values[3 * j + 1] = quantise (pose->joints[j].y, JOINT_STEPS);
      values[3 * j + 2] = quantise (pose->joints[j].z, JOINT_STEPS);
    }
  /* Two bytes reach 4096 pixels; a joint far outside the frame or an 8K camera needs four. */
  for (int i = 0; i < 3 * TD_N_JOINTS; i++)
    if (values[i] < INT16_MIN || values[i] > INT16_MAX)
      width = 4;
  to[0] = (uint8_t) width;
  for (int i = 0; i < 3 * TD_N_JOINTS; i++)
    for (int byte = 0; byte < width; byte++)
      *at++ = (uint8_t) ((uint32_t) values[i] >> (8 * byte));
  for (int j = 0; j < TD_N_JOINTS; j++)
    *at++ = quantise_score (pose->joints[j].score);
  return (int) (at - to);
}

static bool
decode_pose (const uint8_t *from, int size, TdPose *pose)
{
  int width = size > 0 ? from[0] : 0;
  if ((width != 2 && width != 4) || size != 1 + TD_N_JOINTS * (3 * width + 1))
    return false;
  const uint8_t *at = from + 1;
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      float *xyz[] = { &pose->joints[j].x, &pose->joints[j].y, &pose->joints[j].z };
      for (int i = 0; i < 3; i++)
        {
          uint32_t bits = 0;
          for (int byte = 0; byte < width; byte++)
            bits |= (uint32_t) *at++ << (8 * byte);
          int32_t value = width == 2 ? (int16_t) bits : (int32_t) bits;
          *xyz[i] = (float) value / JOINT_STEPS;
        }
    }
  for (int j = 0; j < TD_N_JOINTS; j++)
    pose->joints[j].score = (float) *at++ / 255.f;
  return true;
}

bool
td_sample_insert_init (TdStatement *self, sqlite3 *db)
{
  Sql sql = { .length = 0 };
  sql_add (&sql, "INSERT INTO sample (set_id, time_ns, width_px, height_px, has_depth,"
                 " person_score_255, view, pose");
  for (int m = 0; m < N_FRAME_MEASURES; m++)
    sql_add (&sql, ", %s, %s", frame_measures[m].value, frame_measures[m].sigma);
  sql_add (&sql, ", missing, depth_sigma_x1000) SELECT ");
  sql_add_parameters (&sql, 1, SAMPLE_DEPTH_SIGMA);
  /* A set that was deleted meanwhile takes no more frames; of two frames of the same time the
   * first is kept, as motion does. */
  sql_add (&sql, " FROM exercise_set WHERE id = ?1 ON CONFLICT (set_id, time_ns) DO NOTHING");
  return td_statement_init (self, db, sql.text);
}

void
td_sample_insert_bind (TdStatement *self, const TdSample *sample, TdSampleScratch *scratch)
{
  const TdPose *pose = &sample->pose;
  bool any_missing = false;

  td_statement_bind_int (self, 1, sample->set);
  td_statement_bind_int (self, 2, pose->time_ns);
  td_statement_bind_int (self, 3, pose->width);
  td_statement_bind_int (self, 4, pose->height);
  td_statement_bind_int (self, 5, pose->has_depth);
  td_statement_bind_int (self, 6, quantise_score (pose->score));
  td_statement_bind_text (self, 7, td_view_name (sample->measures.view));
  if (pose->present)
    td_statement_bind_blob (self, 8, scratch->pose, encode_pose (pose, scratch->pose));
  for (int m = 0; m < N_FRAME_MEASURES; m++)
    {
      const TdMeasure *measure = frame_measure (&sample->measures, m);
      float scale = frame_measures[m].scale;
      scratch->missing[m] = missing_names[measure->missing].letter;
      if (!td_measure_ok (*measure))
        {
          any_missing = true;
          continue;
        }
      assert (isfinite (measure->value));
      td_statement_bind_int (self, SAMPLE_FIXED + 2 * m + 1, quantise (measure->value, scale));
      /* A sigma is never 0. */
      if (isfinite (measure->sigma))
        td_statement_bind_int (self, SAMPLE_FIXED + 2 * m + 2,
                               (int64_t) fmax (1, quantise (measure->sigma, scale)));
    }
  scratch->missing[N_FRAME_MEASURES] = '\0';
  if (any_missing)
    td_statement_bind_text (self, SAMPLE_MISSING, scratch->missing);
  if (pose->depth_sigma > 0.f)
    td_statement_bind_int (self, SAMPLE_DEPTH_SIGMA,
                           (int64_t) fmax (1, quantise (pose->depth_sigma, DEPTH_SIGMA_STEPS)));
}

bool
td_sample_select_init (TdStatement *self, sqlite3 *db)
{
  Sql sql = { .length = 0 };
  sql_add (&sql, "SELECT s.number, time_ns, width_px, height_px, has_depth, person_score_255,"
                 " view, pose");
  for (int m = 0; m < N_FRAME_MEASURES; m++)
    sql_add (&sql, ", %s, %s", frame_measures[m].value, frame_measures[m].sigma);
  sql_add (&sql,
           ", missing, depth_sigma_x1000 FROM exercise_set AS s JOIN sample AS f ON f.set_id = s.id"
           " WHERE s.session_id = ?1 ORDER BY s.number, time_ns");
  return td_statement_init (self, db, sql.text);
}

bool
td_sample_select_read (TdStatement *self, TdSampleRow *row)
{
  TdPose *pose = &row->pose;
  *row = (TdSampleRow){ 0 };
  row->set_number = (int) td_statement_int (self, 0);
  row->measures.time_ns = pose->time_ns = td_statement_int (self, 1);
  pose->width = (int) td_statement_int (self, 2);
  pose->height = (int) td_statement_int (self, 3);
  pose->has_depth = td_statement_int (self, 4) != 0;
  pose->score = (float) td_statement_int (self, 5) / 255.f;
  if (!view_from_name (td_statement_text (self, 6), &row->measures.view))
    return false;
  pose->present = !td_statement_is_null (self, 7);
  if (pose->present)
    {
      int size;
      const void *blob = td_statement_blob (self, 7, &size);
      if (!decode_pose (blob, size, pose))
        return false;
    }

  if (!td_statement_is_null (self, SAMPLE_DEPTH_SIGMA - 1))
    pose->depth_sigma = (float) td_statement_int (self, SAMPLE_DEPTH_SIGMA - 1) / DEPTH_SIGMA_STEPS;

  const char *letters = td_statement_text (self, SAMPLE_MISSING - 1);
  size_t n_letters = letters != NULL ? strlen (letters) : 0;
  if (letters != NULL && n_letters != N_FRAME_MEASURES && n_letters != N_FIRST_MEASURES)
    return false;
  for (int m = 0; m < N_FRAME_MEASURES; m++)
    {
      TdMeasure *measure = (TdMeasure *) frame_measure (&row->measures, m);
      int column = SAMPLE_FIXED + 2 * m;
      TdMissing missing;
      if (!td_statement_is_null (self, column))
        *measure = td_measure (
            (float) (td_statement_real (self, column) / (double) frame_measures[m].scale),
            (float) (td_statement_real (self, column + 1) / (double) frame_measures[m].scale));
      else if ((size_t) m < n_letters && missing_from_letter (letters[m], &missing))
        *measure = td_measure_missing (missing);
      else if ((size_t) m >= n_letters && m >= N_FIRST_MEASURES)
        *measure = td_measure_missing (TD_MISSING_NOT_TAKEN); /* an old row */
      else
        return false;
    }
  return true;
}

/* --- Calibrations ------------------------------------------------------------------------- */

/* Where a NULL stands for a number that is no NAN. */
static float
real_or (TdStatement *self, int column, float otherwise)
{
  return td_statement_is_null (self, column) ? otherwise : (float) td_statement_real (self, column);
}

bool
td_calibration_insert_init (TdStatement *self, sqlite3 *db)
{
  return td_statement_init (self, db,
                            "INSERT INTO calibration (at, model, standing_known, thigh_share,"
                            " trunk_share, fppa_left_deg, fppa_right_deg, straight_deg, pitch_deg,"
                            " roll_deg, range_known, flexion_max_deg, contact_deg)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
}

void
td_calibration_insert_bind (TdStatement *self, const char *at, const char *model,
                            const TdCalibration *calibration)
{
  td_statement_bind_text (self, 1, at);
  td_statement_bind_text (self, 2, model);
  td_statement_bind_int (self, 3, calibration->standing_known);
  if (calibration->standing_known)
    {
      td_statement_bind_real (self, 4, td_store_decimal (calibration->thigh_share));
      if (calibration->trunk_share > 0.f)
        td_statement_bind_real (self, 5, td_store_decimal (calibration->trunk_share));
      td_statement_bind_real (self, 6, td_store_decimal (calibration->fppa_deg[TD_SIDE_LEFT]));
      td_statement_bind_real (self, 7, td_store_decimal (calibration->fppa_deg[TD_SIDE_RIGHT]));
      td_statement_bind_real (self, 8, td_store_decimal (calibration->straight_deg));
      td_statement_bind_real (self, 9, td_store_decimal (calibration->pitch_deg));
      td_statement_bind_real (self, 10, td_store_decimal (calibration->roll_deg));
    }
  td_statement_bind_int (self, 11, calibration->range_known);
  if (calibration->range_known)
    {
      td_statement_bind_real (self, 12, td_store_decimal (calibration->flexion_max_deg));
      td_statement_bind_real (self, 13, td_store_decimal (calibration->contact_deg));
    }
}

bool
td_calibration_select_init (TdStatement *self, sqlite3 *db)
{
  return td_statement_init (self, db,
                            "SELECT id, at, model, standing_known, thigh_share, trunk_share,"
                            " fppa_left_deg, fppa_right_deg, straight_deg, pitch_deg, roll_deg,"
                            " range_known, flexion_max_deg, contact_deg"
                            " FROM calibration ORDER BY id DESC LIMIT 1");
}

TdCalibration
td_calibration_select_read (TdStatement *self)
{
  return (TdCalibration){
    .standing_known = td_statement_int (self, 3) != 0,
    .thigh_share = real_or (self, 4, 0.f),
    .trunk_share = real_or (self, 5, 0.f),
    .fppa_deg = { real_or (self, 6, NAN), real_or (self, 7, NAN) },
    .straight_deg = real_or (self, 8, NAN),
    .pitch_deg = real_or (self, 9, NAN),
    .roll_deg = real_or (self, 10, NAN),
    .range_known = td_statement_int (self, 11) != 0,
    .flexion_max_deg = real_or (self, 12, NAN),
    .contact_deg = real_or (self, 13, NAN),
  };
}
