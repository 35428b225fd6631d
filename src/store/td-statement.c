/* td-statement.c: one prepared SQL statement.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-statement.h"

#include <math.h>
#include <stddef.h>

bool
td_statement_init (TdStatement *self, sqlite3 *db, const char *sql)
{
  *self = (TdStatement){ 0 };
  return sqlite3_prepare_v2 (db, sql, -1, &self->stmt, NULL) == SQLITE_OK;
}

void
td_statement_clear (TdStatement *self)
{
  sqlite3_finalize (self->stmt);
  *self = (TdStatement){ 0 };
}

void
td_statement_reset (TdStatement *self)
{
  sqlite3_reset (self->stmt);
  sqlite3_clear_bindings (self->stmt);
  self->bind_failed = false;
}

TdStep
td_statement_step (TdStatement *self)
{
  if (self->stmt == NULL || self->bind_failed)
    return TD_STEP_ERROR;
  switch (sqlite3_step (self->stmt))
    {
    case SQLITE_ROW:
      return TD_STEP_ROW;
    case SQLITE_DONE:
      return TD_STEP_DONE;
    default:
      return TD_STEP_ERROR;
    }
}

static void
note (TdStatement *self, int rc)
{
  if (rc != SQLITE_OK)
    self->bind_failed = true;
}

void
td_statement_bind_int (TdStatement *self, int index, int64_t value)
{
  note (self, sqlite3_bind_int64 (self->stmt, index, value));
}

void
td_statement_bind_real (TdStatement *self, int index, double value)
{
  if (isfinite (value))
    note (self, sqlite3_bind_double (self->stmt, index, value));
  else
    note (self, sqlite3_bind_null (self->stmt, index));
}

void
td_statement_bind_text (TdStatement *self, int index, const char *value)
{
  note (self, sqlite3_bind_text (self->stmt, index, value, -1, SQLITE_STATIC));
}

void
td_statement_bind_blob (TdStatement *self, int index, const void *data, int size)
{
  note (self, sqlite3_bind_blob (self->stmt, index, data, size, SQLITE_STATIC));
}

bool
td_statement_is_null (TdStatement *self, int column)
{
  return sqlite3_column_type (self->stmt, column) == SQLITE_NULL;
}

int64_t
td_statement_int (TdStatement *self, int column)
{
  return sqlite3_column_int64 (self->stmt, column);
}

double
td_statement_real (TdStatement *self, int column)
{
  return td_statement_is_null (self, column) ? NAN : sqlite3_column_double (self->stmt, column);
}

const char *
td_statement_text (TdStatement *self, int column)
{
  return (const char *) sqlite3_column_text (self->stmt, column);
}

const void *
td_statement_blob (TdStatement *self, int column, int *size)
{
  const void *data = sqlite3_column_blob (self->stmt, column);
  *size = sqlite3_column_bytes (self->stmt, column);
  return data;
}

bool
td_sqlite_get_int (sqlite3 *db, const char *sql, int64_t *value)
{
  TdStatement s;
  bool got = td_statement_init (&s, db, sql) && td_statement_step (&s) == TD_STEP_ROW;
  if (got)
    *value = td_statement_int (&s, 0);
  td_statement_clear (&s);
  return got;
}

bool
td_sqlite_exec (sqlite3 *db, const char *sql)
{
  return sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK;
}
