/* td-store-read.c: reading sessions.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-store-private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void
copy_text (TdStatement *s, int column, char *to, size_t size)
{
  const char *text = td_statement_text (s, column);
  snprintf (to, size, "%s", text != NULL ? text : "");
  /* No half character where a long name was cut. */
  size_t length = strlen (to);
  if (text != NULL && strlen (text) > length)
    {
      while (length > 0 && ((unsigned char) text[length] & 0xc0) == 0x80)
        length--;
      to[length] = '\0';
    }
}

/* --- Sessions ----------------------------------------------------------------------------- */

#define SESSION_COLUMNS                                                                            \
  "SELECT id, started_at, exercise, source, model, ended, note, picture, picture_ns FROM session "

/* A session at a time, with the same three statements for all. */
typedef struct
{
  TdStatement sessions;
  TdStatement reps;  /* sets and repetitions of one; answered from the index alone */
  TdStatement first; /* frame of a set that has not ended: one step in the primary key */
} SessionReader;

static bool
session_reader_init (SessionReader *self, sqlite3 *db, const char *sql)
{
  *self = (SessionReader){ 0 };
  return td_statement_init (&self->sessions, db, sql)
         && td_statement_init (&self->reps, db,
                               "SELECT s.id, s.load_kg, r.start_ns, " TD_SQL_COUNTS
                               ", knee_flexion_max_deg, s.ended, s.first_ns FROM exercise_set AS s"
                               " LEFT JOIN repetition AS r ON r.set_id = s.id"
                               " WHERE s.session_id = ?1 ORDER BY s.number, r.start_ns, r.id")
         && td_statement_init (&self->first, db,
                               "SELECT min(time_ns) FROM sample WHERE set_id = ?1");
}

static void
session_reader_clear (SessionReader *self)
{
  td_statement_clear (&self->sessions);
  td_statement_clear (&self->reps);
  td_statement_clear (&self->first);
}

/* Of the set that SELF->reps is at. *AT_NS is unchanged when it has no frame. */
static bool
read_first_frame (SessionReader *self, int64_t *at_ns)
{
  TdStatement *s = &self->reps;
  int column = 6;
  if (td_statement_int (s, 5) == 0)
    {
      s = &self->first;
      column = 0;
      td_statement_reset (s);
      td_statement_bind_int (s, 1, td_statement_int (&self->reps, 0));
      if (td_statement_step (s) != TD_STEP_ROW)
        return false;
    }
  if (!td_statement_is_null (s, column) && td_statement_int (s, column) < *at_ns)
    *at_ns = td_statement_int (s, column);
  return true;
}

/* Which of a session's depths are kept: every STRIDE-th, which is doubled when no more fit. */
typedef struct
{
  int stride;
  int n_seen;
} Thinning;

static void
add_depth (TdSessionRow *row, Thinning *thinning, float flexion_deg)
{
  if (thinning->n_seen++ % thinning->stride != 0)
    return;
  if (row->n_depths == TD_SESSION_DEPTHS)
    {
      row->n_depths /= 2;
      thinning->stride *= 2;
      for (int i = 0; i < row->n_depths; i++)
        row->depths_deg[i] = row->depths_deg[2 * i];
    }
  row->depths_deg[row->n_depths++]
      = (uint8_t) lroundf (fmaxf (0.f, fminf (UINT8_MAX, flexion_deg)));
}

static void
add_rep_to_session (TdStatement *s, TdSessionRow *row, Thinning *thinning)
{
  if (td_statement_int (s, 3) == 0)
    {
      row->n_attempts++;
      return;
    }
  float flexion = (float) td_statement_real (s, 4);
  row->n_reps++;
  if (isnan (flexion))
    return;
  row->best_flexion_deg = fmaxf (row->best_flexion_deg, flexion); /* that is no NAN */
  add_depth (row, thinning, flexion);
}

/* The session that SELF->sessions is at. */
static bool
read_session (SessionReader *self, TdSessionRow *row)
{
  TdStatement *s = &self->sessions;
  Thinning thinning = { .stride = 1 };
  int64_t set = 0, first_ns = INT64_MAX;
  TdStep step;

  *row = (TdSessionRow){ .best_flexion_deg = NAN, .load_kg = NAN };
  row->id = td_statement_int (s, 0);
  copy_text (s, 1, row->started_at, sizeof row->started_at);
  copy_text (s, 2, row->exercise, sizeof row->exercise);
  copy_text (s, 3, row->source, sizeof row->source);
  copy_text (s, 4, row->model, sizeof row->model);
  row->ended = td_statement_int (s, 5) != 0;
  copy_text (s, 6, row->note, sizeof row->note);
  /* It is opened and deleted: never what lies in another folder. */
  copy_text (s, 7, row->picture, sizeof row->picture);
  if (strchr (row->picture, '/') != NULL || row->picture[0] == '.')
    row->picture[0] = '\0';
  row->picture_ns = td_statement_int (s, 8);

  s = &self->reps;
  td_statement_reset (s);
  td_statement_bind_int (s, 1, row->id);
  while ((step = td_statement_step (s)) == TD_STEP_ROW)
    {
      if (td_statement_int (s, 0) != set)
        {
          set = td_statement_int (s, 0);
          row->n_sets++;
          row->load_kg = fmaxf (row->load_kg, (float) td_statement_real (s, 1));
          if (!read_first_frame (self, &first_ns))
            return false;
        }
      if (td_statement_is_null (s, 2))
        continue; /* a set without any */
      if (td_statement_int (s, 2) < first_ns)
        first_ns = td_statement_int (s, 2);
      add_rep_to_session (s, row, &thinning);
    }
  row->first_ns = first_ns != INT64_MAX ? first_ns : 0;
  return step == TD_STEP_DONE;
}

static TdStoreStatus
read_failed (TdStore *self, TdStatement *s, TdStoreError *error)
{
  TdStoreStatus status = td_store_failed (self, error);
  td_statement_clear (s);
  return status;
}

static TdStoreStatus
bad_row (TdStore *self, TdStatement *s, const char *what, TdStoreError *error)
{
  char shown[TD_SHOWN_PATH];
  td_statement_clear (s);
  return td_store_error (error, TD_STORE_DAMAGED,
                         "The database %s holds a %s that cannot be understood.",
                         td_store_shown_path (self->path, shown), what);
}

TdStoreStatus
td_store_each_session (TdStore *self, TdEachSession each, void *data, TdStoreError *error)
{
  SessionReader reader;
  TdSessionRow row;
  TdStoreStatus status = TD_STORE_OK;
  TdStep step = TD_STEP_ERROR;
  bool more = true;

  td_store_no_error (error);
  if (session_reader_init (&reader, self->db, SESSION_COLUMNS "ORDER BY id DESC"))
    while (more && (step = td_statement_step (&reader.sessions)) == TD_STEP_ROW)
      {
        if (!read_session (&reader, &row))
          {
            step = TD_STEP_ERROR;
            break;
          }
        more = each (&row, data);
      }
  if (step == TD_STEP_ERROR)
    status = td_store_failed (self, error);
  session_reader_clear (&reader);
  return status;
}

TdStoreStatus
td_store_get_session (TdStore *self, int64_t session, TdSessionRow *row, TdStoreError *error)
{
  SessionReader reader;
  TdStoreStatus status = TD_STORE_OK;
  TdStep step = TD_STEP_ERROR;

  td_store_no_error (error);
  if (session_reader_init (&reader, self->db, SESSION_COLUMNS "WHERE id = ?1"))
    {
      td_statement_bind_int (&reader.sessions, 1, session);
      step = td_statement_step (&reader.sessions);
    }
  if (step == TD_STEP_ROW && !read_session (&reader, row))
    step = TD_STEP_ERROR;
  if (step == TD_STEP_ERROR)
    status = td_store_failed (self, error);
  session_reader_clear (&reader);
  return step == TD_STEP_DONE ? td_store_no_such (self, "session", session, error) : status;
}

/* Sums of each set first: they come in the order of the index, where a session's repetitions of
 * one load would have to be sorted. */
static const char summaries[]
    = "WITH of_set AS (SELECT set_id, count(*) AS n, max(knee_flexion_max_deg) AS best,"
      "  sum(knee_flexion_max_deg) AS flexion, count(knee_flexion_max_deg) AS n_flexion,"
      "  sum(fppa_worst_deg) AS fppa, count(fppa_worst_deg) AS n_fppa,"
      "  sum(lockout_deg) AS lockout, count(lockout_deg) AS n_lockout,"
      "  sum(eccentric_s) AS eccentric, count(eccentric_s) AS n_eccentric,"
      "  sum(concentric_s) AS concentric, count(concentric_s) AS n_concentric,"
      "  sum(concentric_velocity_per_s) AS velocity,"
      "  count(concentric_velocity_per_s) AS n_velocity"
      "  FROM repetition WHERE " TD_SQL_COUNTS " = 1 GROUP BY set_id) "
      "SELECT session.id, started_at, exercise, load_kg, count(*), sum(n), max(best),"
      "  sum(flexion) / sum(n_flexion), sum(fppa) / sum(n_fppa), sum(lockout) / sum(n_lockout),"
      "  sum(eccentric) / sum(n_eccentric), sum(concentric) / sum(n_concentric),"
      "  sum(velocity) / sum(n_velocity) "
      "FROM of_set JOIN exercise_set AS s ON s.id = set_id JOIN session ON session.id = session_id "
      "GROUP BY session.id, load_kg ORDER BY session.id, load_kg";

static void
read_summary (TdStatement *s, TdSummaryRow *row)
{
  float *const means[]
      = { &row->mean_flexion_deg, &row->mean_fppa_worst_deg, &row->mean_lockout_deg,
          &row->mean_eccentric_s, &row->mean_concentric_s,   &row->mean_velocity };

  *row = (TdSummaryRow){ .session = td_statement_int (s, 0) };
  copy_text (s, 1, row->started_at, sizeof row->started_at);
  copy_text (s, 2, row->exercise, sizeof row->exercise);
  row->load_kg = (float) td_statement_real (s, 3);
  row->n_sets = (int) td_statement_int (s, 4);
  row->n_reps = (int) td_statement_int (s, 5);
  row->best_flexion_deg = (float) td_statement_real (s, 6);
  for (int i = 0; i < (int) (sizeof means / sizeof means[0]); i++)
    *means[i] = (float) td_statement_real (s, 7 + i);
}

TdStoreStatus
td_store_each_summary (TdStore *self, TdEachSummary each, void *data, TdStoreError *error)
{
  TdStatement s;
  TdSummaryRow row;
  TdStep step = TD_STEP_ERROR;
  bool more = true;

  td_store_no_error (error);
  if (td_statement_init (&s, self->db, summaries))
    while (more && (step = td_statement_step (&s)) == TD_STEP_ROW)
      {
        read_summary (&s, &row);
        more = each (&row, data);
      }
  if (step == TD_STEP_ERROR)
    return read_failed (self, &s, error);
  td_statement_clear (&s);
  return TD_STORE_OK;
}

/* --- Of one session ----------------------------------------------------------------------- */

typedef enum
{
  GIVEN_MORE,
  GIVEN_ENOUGH,
  GIVEN_BAD_ROW
} Given;

/* Of one session: gives S's row to whoever asked for it. */
typedef Given (*Give) (TdStatement *s, void *asked);

static TdStoreStatus
each_row (TdStore *self, int64_t session, bool (*prepare) (TdStatement *s, sqlite3 *db), Give give,
          void *asked, const char *what, TdStoreError *error)
{
  TdStatement s;
  TdSessionRow unused;
  TdStep step = TD_STEP_ERROR;
  Given given = GIVEN_MORE;

  TdStoreStatus status = td_store_get_session (self, session, &unused, error);
  if (status != TD_STORE_OK)
    return status;
  if (prepare (&s, self->db))
    {
      td_statement_bind_int (&s, 1, session);
      while (given == GIVEN_MORE && (step = td_statement_step (&s)) == TD_STEP_ROW)
        given = give (&s, asked);
    }
  if (step == TD_STEP_ERROR)
    return read_failed (self, &s, error);
  if (given == GIVEN_BAD_ROW)
    return bad_row (self, &s, what, error);
  td_statement_clear (&s);
  return TD_STORE_OK;
}

typedef struct
{
  TdEachSet each;
  void *data;
} AskedSets;

static bool
set_select_init (TdStatement *self, sqlite3 *db)
{
  return td_statement_init (self, db,
                            "SELECT s.id, number, load_kg, target, sum(" TD_SQL_COUNTS "),"
                            " count(r.id), min(start_ns), max(top_ns) FROM exercise_set AS s"
                            " LEFT JOIN repetition AS r ON r.set_id = s.id"
                            " WHERE session_id = ?1 GROUP BY number ORDER BY number");
}

static Given
give_set (TdStatement *s, void *asked)
{
  const AskedSets *to = asked;
  TdSetRow row = {
    .id = td_statement_int (s, 0),
    .number = (int) td_statement_int (s, 1),
    .info
    = { .load_kg = (float) td_statement_real (s, 2), .target = (int) td_statement_int (s, 3) },
    .n_reps = (int) td_statement_int (s, 4),
    .start_ns = td_statement_int (s, 6),
    .end_ns = td_statement_int (s, 7),
  };
  row.n_attempts = (int) td_statement_int (s, 5) - row.n_reps;
  return to->each (&row, to->data) ? GIVEN_MORE : GIVEN_ENOUGH;
}

TdStoreStatus
td_store_each_set (TdStore *self, int64_t session, TdEachSet each, void *data, TdStoreError *error)
{
  AskedSets asked = { each, data };
  return each_row (self, session, set_select_init, give_set, &asked, "set", error);
}

bool
td_rep_row_counts (const TdRepRow *row)
{
  return row->verdict == TD_VERDICT_MEASURED ? row->rep.counted : row->verdict == TD_VERDICT_ONE;
}

typedef struct
{
  TdEachRep each;
  void *data;
  int64_t set;
  int n_counted; /* of the set so far */
} AskedReps;

static Given
give_rep (TdStatement *s, void *asked)
{
  AskedReps *to = asked;
  TdRepRow row;
  if (!td_rep_select_read (s, &row))
    return GIVEN_BAD_ROW;
  if (row.set != to->set)
    to->n_counted = 0;
  to->set = row.set;
  if (td_rep_row_counts (&row))
    row.number = ++to->n_counted;
  return to->each (&row, to->data) ? GIVEN_MORE : GIVEN_ENOUGH;
}

TdStoreStatus
td_store_each_rep (TdStore *self, int64_t session, TdEachRep each, void *data, TdStoreError *error)
{
  AskedReps asked = { .each = each, .data = data };
  return each_row (self, session, td_rep_select_init, give_rep, &asked, "repetition", error);
}

typedef struct
{
  TdEachSample each;
  void *data;
} AskedSamples;

static Given
give_sample (TdStatement *s, void *asked)
{
  const AskedSamples *to = asked;
  TdSampleRow row;
  if (!td_sample_select_read (s, &row))
    return GIVEN_BAD_ROW;
  return to->each (&row, to->data) ? GIVEN_MORE : GIVEN_ENOUGH;
}

TdStoreStatus
td_store_each_sample (TdStore *self, int64_t session, TdEachSample each, void *data,
                      TdStoreError *error)
{
  AskedSamples asked = { each, data };
  return each_row (self, session, td_sample_select_init, give_sample, &asked, "frame", error);
}

/* --- The person's own --------------------------------------------------------------------- */

TdStoreStatus
td_store_latest_calibration (TdStore *self, TdCalibrationRow *row, TdStoreError *error)
{
  TdStatement s;
  char shown[TD_SHOWN_PATH];
  TdStep step = TD_STEP_ERROR;

  td_store_no_error (error);
  if (td_calibration_select_init (&s, self->db))
    step = td_statement_step (&s);
  if (step == TD_STEP_ERROR)
    return read_failed (self, &s, error);
  if (step == TD_STEP_ROW)
    {
      *row = (TdCalibrationRow){ .id = td_statement_int (&s, 0) };
      copy_text (&s, 1, row->at, sizeof row->at);
      copy_text (&s, 2, row->model, sizeof row->model);
      row->calibration = td_calibration_select_read (&s);
    }
  td_statement_clear (&s);
  if (step == TD_STEP_ROW)
    return TD_STORE_OK;
  return td_store_error (error, TD_STORE_NOT_FOUND, "There is no calibration in the database %s.",
                         td_store_shown_path (self->path, shown));
}
