/* td-store.c: writing sessions, and correcting them.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-correct.h"
#include "td-store-private.h"

#include <stdio.h>
#include <stdlib.h>
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

TdStoreStatus
td_store_no_such (TdStore *self, const char *what, int64_t id, TdStoreError *error)
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

static void
bind_info (TdStatement *s, int index, const TdSetInfo *info)
{
  if (info == NULL)
    return;
  td_statement_bind_real (s, index, td_store_decimal (info->load_kg));
  if (info->target > 0)
    td_statement_bind_int (s, index + 1, info->target);
}

TdStoreStatus
td_store_begin_set (TdStore *self, int64_t session, const TdSetInfo *info, int64_t *set,
                    TdStoreError *error)
{
  TdStatement s;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  bool ok = td_statement_init (&s, self->db,
                               "INSERT INTO exercise_set (session_id, number, load_kg, target)"
                               " SELECT id, 1 + (SELECT ifnull (max(number), 0) FROM exercise_set"
                               " WHERE session_id = ?1), ?2, ?3 FROM session WHERE id = ?1");
  if (ok)
    {
      td_statement_bind_int (&s, 1, session);
      bind_info (&s, 2, info);
      ok = td_statement_step (&s) == TD_STEP_DONE;
    }
  td_statement_clear (&s);
  if (!ok)
    return roll_back (self, error);
  if (sqlite3_changes (self->db) == 0)
    return td_store_no_such (self, "session", session, error);
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
    status = td_store_no_such (self, "set", set, error);
  td_statement_reset (&self->insert_sample);
  td_statement_reset (&self->insert_rep);
  return status == TD_STORE_OK ? commit_waiting (self, error) : status;
}

#define ENDED                                                                                      \
  "ended = 1, first_ns = (SELECT min(time_ns) FROM sample WHERE set_id = exercise_set.id)"

TdStoreStatus
td_store_end_set (TdStore *self, int64_t set, TdStoreError *error)
{
  bool found = false;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  bool ok = write_waiting (self)
            && run_on (self, "UPDATE exercise_set SET " ENDED " WHERE id = ?1", set, &found);
  if (!ok)
    status = roll_back (self, error);
  else if (!found)
    status = td_store_no_such (self, "set", set, error);
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
        && run_on (self, "UPDATE exercise_set SET " ENDED " WHERE session_id = ?1", session, NULL)
        && run_on (self, "UPDATE session SET ended = 1 WHERE id = ?1", session, &found)
        && run_on (self,
                   "DELETE FROM session WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM exercise_set"
                   " AS s JOIN repetition ON set_id = s.id WHERE session_id = ?1)",
                   session, NULL);
  if (!ok)
    status = roll_back (self, error);
  else if (!found)
    status = td_store_no_such (self, "session", session, error);
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
    return td_store_no_such (self, "session", session, error);
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

/* --- Correcting --------------------------------------------------------------------------- */

/* Runs a prepared S that changes one row, and ends the transaction. false: there is no such row,
 * the transaction goes on. */
static bool
change_one (TdStore *self, TdStatement *s, TdStoreStatus *status, TdStoreError *error)
{
  bool ok = td_statement_step (s) == TD_STEP_DONE;
  if (!ok)
    *status = roll_back (self, error);
  td_statement_clear (s);
  if (ok && sqlite3_changes (self->db) == 0)
    return false;
  if (ok)
    *status = commit (self, error);
  return true;
}

TdStoreStatus
td_store_set_verdict (TdStore *self, int64_t rep, TdVerdict verdict, TdStoreError *error)
{
  bool found = false;
  TdStatement s;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  if (verdict != TD_VERDICT_ONE
      && !run_on (self, "DELETE FROM repetition WHERE id = ?1 AND by_hand = 1", rep, &found))
    return roll_back (self, error);
  if (found)
    return commit (self, error);
  if (td_statement_init (&s, self->db, "UPDATE repetition SET verdict = ?2 WHERE id = ?1"))
    {
      td_statement_bind_int (&s, 1, rep);
      td_statement_bind_text (&s, 2, td_verdict_name (verdict));
    }
  return change_one (self, &s, &status, error) ? status
                                               : td_store_no_such (self, "repetition", rep, error);
}

/* The one that was added is the last of its set, and in no case before the session began. */
static bool
time_of_added (TdStore *self, int64_t set, int64_t *at_ns)
{
  TdStatement s;
  bool ok = td_statement_init (
      &s, self->db,
      "SELECT max (?2, ifnull ((SELECT max(top_ns) FROM repetition WHERE set_id = ?1), ?2),"
      " ifnull ((SELECT l.first_ns FROM session_list AS l"
      " JOIN exercise_set AS s ON s.session_id = l.session WHERE s.id = ?1), ?2))");
  if (ok)
    {
      td_statement_bind_int (&s, 1, set);
      td_statement_bind_int (&s, 2, *at_ns);
      ok = td_statement_step (&s) == TD_STEP_ROW;
    }
  if (ok)
    *at_ns = td_statement_int (&s, 0);
  td_statement_clear (&s);
  return ok;
}

static TdStoreStatus
insert_by_hand (TdStore *self, int64_t set, int64_t at_ns, TdStoreError *error)
{
  char missing[TD_MISSING_TEXT_MAX];
  TdStoreStatus status = TD_STORE_OK;
  bool ok = time_of_added (self, set, &at_ns), found = false;
  if (ok)
    {
      TdRep rep = td_rep_by_hand (at_ns);
      td_rep_insert_bind (&self->insert_rep, set, &rep, missing, sizeof missing);
      ok = td_statement_step (&self->insert_rep) == TD_STEP_DONE;
      found = ok && sqlite3_changes (self->db) > 0;
    }
  if (found)
    ok = run_on (self,
                 "UPDATE repetition SET verdict = 'one', by_hand = 1, rep_number = NULL"
                 " WHERE id = ?1",
                 sqlite3_last_insert_rowid (self->db), NULL);
  if (!ok)
    status = roll_back (self, error);
  else if (!found)
    status = td_store_no_such (self, "set", set, error);
  td_statement_reset (&self->insert_rep);
  return status == TD_STORE_OK ? commit (self, error) : status;
}

/* The repetitions and attempts of a set, in the order in which they were done, as they are announced. */
typedef struct
{
  int64_t *ids;
  TdStanding *all;
  size_t n;
} Standings;

static void
standings_clear (Standings *self)
{
  free (self->ids);
  free (self->all);
}

/* Within a transaction, which a failure ends. To be cleared either way. */
static TdStoreStatus
standings_read (Standings *self, TdStore *store, int64_t set, TdStoreError *error)
{
  TdStatement s;
  TdStep step = TD_STEP_ERROR;
  TdStoreStatus status = TD_STORE_OK;
  *self = (Standings){ 0 };
  if (td_statement_init (&s, store->db,
                         "SELECT id, counted, " TD_SQL_COUNTS ", by_hand, count(*) OVER ()"
                         " FROM repetition WHERE set_id = ?1 ORDER BY top_ns, id"))
    {
      td_statement_bind_int (&s, 1, set);
      while ((step = td_statement_step (&s)) == TD_STEP_ROW)
        {
          if (self->n == 0)
            {
              self->ids = calloc ((size_t) td_statement_int (&s, 4), sizeof *self->ids);
              self->all = calloc ((size_t) td_statement_int (&s, 4), sizeof *self->all);
            }
          if (self->ids == NULL || self->all == NULL)
            break;
          self->ids[self->n] = td_statement_int (&s, 0);
          self->all[self->n++]
              = (TdStanding){ td_statement_int (&s, 1) != 0, td_statement_int (&s, 2) != 0,
                              td_statement_int (&s, 3) != 0 };
        }
    }
  if (step == TD_STEP_ERROR)
    status = roll_back (store, error);
  else if (step == TD_STEP_ROW)
    status = td_store_error (error, TD_STORE_FAILED, "Not enough memory.");
  td_statement_clear (&s);
  if (step == TD_STEP_ROW)
    td_sqlite_exec (store->db, "ROLLBACK");
  return status;
}

TdStoreStatus
td_store_add_one (TdStore *self, int64_t set, int64_t at_ns, TdStoreError *error)
{
  Standings in;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  status = standings_read (&in, self, set, error);
  if (status == TD_STORE_OK)
    {
      size_t at = td_standing_more (in.all, in.n);
      if (at == in.n)
        status = insert_by_hand (self, set, at_ns, error);
      else
        status = run_on (self,
                         "UPDATE repetition SET verdict = iif (counted = 1, NULL, 'one')"
                         " WHERE id = ?1",
                         in.ids[at], NULL)
                     ? commit (self, error)
                     : roll_back (self, error);
    }
  standings_clear (&in);
  return status;
}

TdStoreStatus
td_store_take_one (TdStore *self, int64_t set, TdStoreError *error)
{
  char shown[TD_SHOWN_PATH];
  Standings in;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  status = standings_read (&in, self, set, error);
  if (status == TD_STORE_OK)
    {
      size_t at = td_standing_less (in.all, in.n);
      if (at == in.n)
        {
          td_sqlite_exec (self->db, "ROLLBACK");
          status = td_store_error (error, TD_STORE_NOT_FOUND,
                                   "There is no repetition that counts in set %lld of the database"
                                   " %s.",
                                   (long long) set, td_store_shown_path (self->path, shown));
        }
      else
        status = run_on (self,
                         in.all[at].by_hand ? "DELETE FROM repetition WHERE id = ?1"
                                            : "UPDATE repetition SET verdict = iif (counted = 1,"
                                              " 'not_one', NULL) WHERE id = ?1",
                         in.ids[at], NULL)
                     ? commit (self, error)
                     : roll_back (self, error);
    }
  standings_clear (&in);
  return status;
}

TdStoreStatus
td_store_set_note (TdStore *self, int64_t session, const char *note, TdStoreError *error)
{
  TdStatement s;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  if (td_statement_init (&s, self->db, "UPDATE session SET note = nullif (?2, '') WHERE id = ?1"))
    {
      td_statement_bind_int (&s, 1, session);
      td_statement_bind_text (&s, 2, note);
    }
  return change_one (self, &s, &status, error) ? status
                                               : td_store_no_such (self, "session", session, error);
}

TdStoreStatus
td_store_set_info (TdStore *self, int64_t set, const TdSetInfo *info, TdStoreError *error)
{
  TdStatement s;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  if (td_statement_init (&s, self->db,
                         "UPDATE exercise_set SET load_kg = ?2, target = ?3 WHERE id = ?1"))
    {
      td_statement_bind_int (&s, 1, set);
      bind_info (&s, 2, info);
    }
  return change_one (self, &s, &status, error) ? status
                                               : td_store_no_such (self, "set", set, error);
}

TdStoreStatus
td_store_set_picture (TdStore *self, int64_t session, const char *picture, int64_t picture_ns,
                      TdStoreError *error)
{
  TdStatement s;
  TdStoreStatus status = begin (self, error);
  if (status != TD_STORE_OK)
    return status;
  if (td_statement_init (&s, self->db,
                         "UPDATE session SET picture = nullif (?2, ''),"
                         " picture_ns = iif (?2 = '', NULL, ?3) WHERE id = ?1"))
    {
      td_statement_bind_int (&s, 1, session);
      td_statement_bind_text (&s, 2, picture);
      td_statement_bind_int (&s, 3, picture_ns);
    }
  return change_one (self, &s, &status, error) ? status
                                               : td_store_no_such (self, "session", session, error);
}
