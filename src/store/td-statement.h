/* td-statement.h: one prepared SQL statement.
 *
 * Private to td-store. A failed bind is remembered and makes the next step an error, so callers
 * check in one place only.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

typedef enum
{
  TD_STEP_ROW,
  TD_STEP_DONE,
  TD_STEP_ERROR /* sqlite3_extended_errcode() says which */
} TdStep;

typedef struct
{
  sqlite3_stmt *stmt;
  bool bind_failed;
} TdStatement;

/* false: sqlite3_errmsg() of DB says why; SELF is still safe to clear. */
bool td_statement_init (TdStatement *self, sqlite3 *db, const char *sql);
void td_statement_clear (TdStatement *self);

/* Ready for new values; all are NULL again. */
void td_statement_reset (TdStatement *self);
TdStep td_statement_step (TdStatement *self);

/* INDEX is from 1. Text and blobs are not copied: they must live until reset or clear. NULL text
 * and a value that is not finite become NULL. */
void td_statement_bind_int (TdStatement *self, int index, int64_t value);
void td_statement_bind_real (TdStatement *self, int index, double value);
void td_statement_bind_text (TdStatement *self, int index, const char *value);
void td_statement_bind_blob (TdStatement *self, int index, const void *data, int size);

/* COLUMN is from 0. */
bool td_statement_is_null (TdStatement *self, int column);
int64_t td_statement_int (TdStatement *self, int column);
double td_statement_real (TdStatement *self, int column); /* NAN for NULL */
const char *td_statement_text (TdStatement *self, int column);
const void *td_statement_blob (TdStatement *self, int column, int *size);

/* Runs SQL, which gives one integer; false and *VALUE unchanged when it gives none. */
bool td_sqlite_get_int (sqlite3 *db, const char *sql, int64_t *value);
/* Runs SQL, one or more statements without a result. */
bool td_sqlite_exec (sqlite3 *db, const char *sql);
