/* td-store.c: writing and reading sessions.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-store-private.h"

#include <stdio.h>
#include <string.h>

enum
{
  /* Given up, the oldest first, when no more can wait and writing fails: two seconds of frames,
   * so that the disk is tried again every two seconds and not at every frame. */
  DROP_WAITING = 60
};

/* --- Writing ------------------------------------------------------------------------------ */

/* The error of the last call, and everything since BEGIN undone. */
static TdStoreStatus
roll_back (TdStore *self, TdStoreError *error)
{
  TdStoreStatus status = td_store_failed (self, error);
  if (!sqlite3_get_autocommit (self->db))
    td_sqlite_exec (self->db, "ROLLBACK");
  return status;
}

static TdStoreStatus
begin (TdStore *self, TdStoreError *error)
{
  char shown[TD_SHOWN_PATH];
  td_store_no_error (error);
  if (self->read_only)
    return td_store_error (error, TD_STORE_CANNOT_OPEN, "The database %s is open for reading only.",
                           td_store_shown_path (self->path, shown));
  return td_sqlite_exec (self->db, "BEGIN IMMEDIATE") ? TD_STORE_OK : td_store_failed (self, error);
}

static TdStoreStatus
commit (TdStore *self, TdStoreError *error)
{
  return td_sqlite_exec (self->db, "COMMIT") ? TD_STORE_OK : roll_back (self, error);
}

static TdStoreStatus
no_such (TdStore *self, const char *what, int64_t id, TdStoreError *error)
{
  char shown[TD_SHOWN_PATH];
  if (!sqlite3_get_autocommit (self->db))
    td_sqlite_exec (self->db, "ROLLBACK");
  return td_store_error (error, TD_STORE_NOT_FOUND, "There is no %s %lld in the database %s.", what,
                         (long long) id, td_store_shown_path (self->path, shown));
}

/* Runs SQL, which changes the row ID and no other; false with *FOUND set when there is none. */
static bool
run_on (TdStore *self, const char *sql, int64_t id, bool *found)
{
  TdStatement s;
  bool ok = td_statement_init (&s, self->db, sql);
  if (ok)
    {
      td_statement_bind_int (&s, 1, id);
      ok = td_statement_step (&s) == TD_STEP_DONE;
    }
  td_statement_clear (&s);
  if (ok && found != NULL)
    *found = sqlite3_changes (self->db) > 0;
  return ok;
}

TdStoreStatus
td_store_begin_session (TdStore *self, const TdSessionInfo *info, int64_t *session,
                        TdStoreError *error)
{
  TdStatement s;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  bool ok = td_statement_init (&s, self->db,
                               "INSERT INTO session (started_at, exercise, source, model)"
                               " VALUES (?1, ?2, ?3, ?4)");
  if (ok)
    {
      td_statement_bind_text (&s, 1, info->started_at);
      td_statement_bind_text (&s, 2, info->exercise);
      td_statement_bind_text (&s, 3, info->source);
      td_statement_bind_text (&s, 4, info->model);
      ok = td_statement_step (&s) == TD_STEP_DONE;
    }
  td_statement_clear (&s);
  if (!ok)
    return roll_back (self, error);
  int64_t id = sqlite3_last_insert_rowid (self->db);
  status = commit (self, error);
  if (status == TD_STORE_OK)
    *session = id;
  return status;
}

TdStoreStatus
td_store_begin_set (TdStore *self, int64_t session, int64_t *set, TdStoreError *error)
{
  bool found = false;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  if (!run_on (self,
               "INSERT INTO exercise_set (session_id, number) SELECT id, 1 + (SELECT"
               " ifnull (max(number), 0) FROM exercise_set WHERE session_id = ?1)"
               " FROM session WHERE id = ?1",
               session, &found))
    return roll_back (self, error);
  if (!found)
    return no_such (self, "session", session, error);
  int64_t id = sqlite3_last_insert_rowid (self->db);
  status = commit (self, error);
  if (status == TD_STORE_OK)
    *set = id;
  return status;
}

/* Within a transaction. The samples stay until the commit has succeeded. */
static bool
write_waiting (TdStore *self)
{
  TdSampleScratch scratch;
  for (int i = 0; i < self->n_waiting; i++)
    {
      td_sample_insert_bind (&self->insert_sample, &self->waiting[i], &scratch);
      bool ok = td_statement_step (&self->insert_sample) == TD_STEP_DONE;
      if (!ok)
        return false;
      td_statement_reset (&self->insert_sample);
    }
  return true;
}

static TdStoreStatus
commit_waiting (TdStore *self, TdStoreError *error)
{
  TdStoreStatus status = commit (self, error);
  if (status == TD_STORE_OK)
    self->n_waiting = 0;
  return status;
}

TdStoreStatus
td_store_flush (TdStore *self, TdStoreError *error)
{
  if (self->n_waiting == 0)
    return td_store_no_error (error);
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  if (!write_waiting (self))
    {
      status = roll_back (self, error);
      td_statement_reset (&self->insert_sample);
      return status;
    }
  return commit_waiting (self, error);
}

TdStoreStatus
td_store_add_sample (TdStore *self, int64_t set, const TdPose *pose,
                     const TdFrameMeasures *measures, TdStoreError *error)
{
  TdStoreStatus status = TD_STORE_OK;
  td_store_no_error (error);
  if (self->read_only)
    return begin (self, error);
  if (self->n_waiting == TD_STORE_MAX_WAITING)
    {
      status = td_store_flush (self, error);
      if (status != TD_STORE_OK)
        {
          self->n_waiting -= DROP_WAITING;
          memmove (self->waiting, self->waiting + DROP_WAITING,
                   (size_t) self->n_waiting * sizeof *self->waiting);
        }
    }
  self->waiting[self->n_waiting++] = (TdSample){ .set = set, .pose = *pose, .measures = *measures };
  return status;
}

TdStoreStatus
td_store_add_rep (TdStore *self, int64_t set, const TdRep *rep, TdStoreError *error)
{
  char missing[TD_MISSING_TEXT_MAX];
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;

  bool ok = write_waiting (self), found = false;
  if (ok)
    {
      td_rep_insert_bind (&self->insert_rep, set, rep, missing, sizeof missing);
      ok = td_statement_step (&self->insert_rep) == TD_STEP_DONE;
      found = ok && sqlite3_changes (self->db) > 0;
    }
  if (!ok)
    status = roll_back (self, error);
  else if (!found)
    status = no_such (self, "set", set, error);
  td_statement_reset (&self->insert_sample);
  td_statement_reset (&self->insert_rep);
  return status == TD_STORE_OK ? commit_waiting (self, error) : status;
}

TdStoreStatus
td_store_end_set (TdStore *self, int64_t set, TdStoreError *error)
{
  bool found = false;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  bool ok = write_waiting (self)
            && run_on (self, "UPDATE exercise_set SET ended = 1 WHERE id = ?1", set, &found);
  if (!ok)
    status = roll_back (self, error);
  else if (!found)
    status = no_such (self, "set", set, error);
  td_statement_reset (&self->insert_sample);
  return status == TD_STORE_OK ? commit_waiting (self, error) : status;
}

TdStoreStatus
td_store_end_session (TdStore *self, int64_t session, TdStoreError *error)
{
  bool found = false;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  bool ok
      = write_waiting (self)
        && run_on (self, "UPDATE exercise_set SET ended = 1 WHERE session_id = ?1", session, NULL)
        && run_on (self, "UPDATE session SET ended = 1 WHERE id = ?1", session, &found)
        && run_on (self,
                   "DELETE FROM session WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM exercise_set"
                   " AS s JOIN repetition ON set_id = s.id WHERE session_id = ?1)",
                   session, NULL);
  if (!ok)
    status = roll_back (self, error);
  else if (!found)
    status = no_such (self, "session", session, error);
  td_statement_reset (&self->insert_sample);
  return status == TD_STORE_OK ? commit_waiting (self, error) : status;
}

TdStoreStatus
td_store_delete_session (TdStore *self, int64_t session, TdStoreError *error)
{
  bool found = false;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  if (!run_on (self, "DELETE FROM session WHERE id = ?1", session, &found))
    return roll_back (self, error);
  if (!found)
    return no_such (self, "session", session, error);
  return commit (self, error);
}

TdStoreStatus
td_store_add_calibration (TdStore *self, const char *at, const char *model,
                          const TdCalibration *calibration, TdStoreError *error)
{
  TdStatement s;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  bool ok = td_calibration_insert_init (&s, self->db);
  if (ok)
    {
      td_calibration_insert_bind (&s, at, model, calibration);
      ok = td_statement_step (&s) == TD_STEP_DONE;
    }
  td_statement_clear (&s);
  return ok ? commit (self, error) : roll_back (self, error);
}

/* --- Reading ------------------------------------------------------------------------------ */

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

#define SESSION_COLUMNS                                                                            \
  "SELECT session, started_at, exercise, source, model, ended, sets, repetitions, attempts,"       \
  " best_flexion_deg, first_ns FROM session_list "

static void
read_session (TdStatement *s, TdSessionRow *row)
{
  *row = (TdSessionRow){ 0 };
  row->id = td_statement_int (s, 0);
  copy_text (s, 1, row->started_at, sizeof row->started_at);
  copy_text (s, 2, row->exercise, sizeof row->exercise);
  copy_text (s, 3, row->source, sizeof row->source);
  copy_text (s, 4, row->model, sizeof row->model);
  row->ended = td_statement_int (s, 5) != 0;
  row->n_sets = (int) td_statement_int (s, 6);
  row->n_reps = (int) td_statement_int (s, 7);
  row->n_attempts = (int) td_statement_int (s, 8);
  row->best_flexion_deg = (float) td_statement_real (s, 9);
  row->first_ns = td_statement_int (s, 10);
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
  TdStatement s;
  TdSessionRow row;
  TdStep step = TD_STEP_ERROR;
  bool more = true;

  td_store_no_error (error);
  if (td_statement_init (&s, self->db, SESSION_COLUMNS "ORDER BY session DESC"))
    while (more && (step = td_statement_step (&s)) == TD_STEP_ROW)
      {
        read_session (&s, &row);
        more = each (&row, data);
      }
  if (step == TD_STEP_ERROR)
    return read_failed (self, &s, error);
  td_statement_clear (&s);
  return TD_STORE_OK;
}

TdStoreStatus
td_store_get_session (TdStore *self, int64_t session, TdSessionRow *row, TdStoreError *error)
{
  TdStatement s;
  TdStep step = TD_STEP_ERROR;

  td_store_no_error (error);
  if (td_statement_init (&s, self->db, SESSION_COLUMNS "WHERE session = ?1"))
    {
      td_statement_bind_int (&s, 1, session);
      step = td_statement_step (&s);
    }
  if (step == TD_STEP_ERROR)
    return read_failed (self, &s, error);
  if (step == TD_STEP_ROW)
    read_session (&s, row);
  td_statement_clear (&s);
  return step == TD_STEP_ROW ? TD_STORE_OK : no_such (self, "session", session, error);
}

typedef enum
{
  GIVEN_MORE,
  GIVEN_ENOUGH,
  GIVEN_BAD_ROW
} Given;

/* Of one session: gives S's row to whoever asked for it. */
typedef Given (*Give) (TdStatement *s, const void *asked);

static TdStoreStatus
each_row (TdStore *self, int64_t session, bool (*prepare) (TdStatement *s, sqlite3 *db), Give give,
          const void *asked, const char *what, TdStoreError *error)
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
  TdEachRep each;
  void *data;
} AskedReps;

static Given
give_rep (TdStatement *s, const void *asked)
{
  const AskedReps *to = asked;
  TdRepRow row;
  if (!td_rep_select_read (s, &row))
    return GIVEN_BAD_ROW;
  return to->each (&row, to->data) ? GIVEN_MORE : GIVEN_ENOUGH;
}

TdStoreStatus
td_store_each_rep (TdStore *self, int64_t session, TdEachRep each, void *data, TdStoreError *error)
{
  const AskedReps asked = { each, data };
  return each_row (self, session, td_rep_select_init, give_rep, &asked, "repetition", error);
}

typedef struct
{
  TdEachSample each;
  void *data;
} AskedSamples;

static Given
give_sample (TdStatement *s, const void *asked)
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
  const AskedSamples asked = { each, data };
  return each_row (self, session, td_sample_select_init, give_sample, &asked, "frame", error);
}

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
