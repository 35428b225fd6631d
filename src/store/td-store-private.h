/* td-store-private.h: what the parts of td-store share.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-statement.h"
#include "td-store.h"

#include <limits.h>

enum
{
  TD_STORE_PATH_MAX = PATH_MAX - 64, /* of a database's or a backup's name */
  TD_STORE_NAME_MAX = PATH_MAX + 64  /* room for such a name with an ending */
};

/* --- Errors (td-store-error.c) ------------------------------------------------------------ */

/* Fills ERROR (may be NULL) and returns STATUS. */
TdStoreStatus td_store_error (TdStoreError *error, TdStoreStatus status, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
TdStoreStatus td_store_no_error (TdStoreError *error);

/* What the last failed call on DB means, for people. To be called before anything else is done
 * with DB, a ROLLBACK included. */
TdStoreStatus td_store_sqlite_error (TdStoreError *error, sqlite3 *db, const char *path);

/* The same for a failed system call. WHAT: "The database", "The folder". */
TdStoreStatus td_store_system_error (TdStoreError *error, int number, const char *what,
                                     const char *path, const char *verb);

/* PATH as a message can show it: one line, its beginning left out when it is long. */
enum
{
  TD_SHOWN_PATH = 128
};
const char *td_store_shown_path (const char *path, char shown[TD_SHOWN_PATH]);

/* --- Schema (td-store-schema.c) ----------------------------------------------------------- */

enum
{
  TD_STORE_APPLICATION_ID = 0x54447270, /* "TDrp" */
  TD_STORE_BUSY_MS = 2000
};

enum
{
  TD_SCHEMA_CALIBRATION = 3 /* the first version with the table of that name */
};

int td_schema_version (void);
/* Brings DB from its version to VERSION, each step a transaction. */
bool td_schema_migrate (sqlite3 *db, int version);
/* The first thing that is wrong with the database's pages and rows goes to PROBLEM; false then.
 * SQL is one of SQLite's checking pragmas. */
bool td_schema_check (sqlite3 *db, const char *sql, char *problem, size_t size);

/* --- Rows (td-store-rows.c) --------------------------------------------------------------- */

typedef struct
{
  int64_t set;
  TdPose pose;
  TdFrameMeasures measures;
} TdSample;

/* Whether a repetition counts, as the user corrected it; in SQL. */
#define TD_SQL_COUNTS "ifnull (verdict = 'one', counted)"

const char *td_verdict_name (TdVerdict verdict); /* NULL for TD_VERDICT_MEASURED */
/* The shortest decimal number that is VALUE again when read as a float. */
double td_store_decimal (float value);

/* One that the user added. */
TdRep td_rep_by_hand (int64_t at_ns);
bool td_rep_insert_init (TdStatement *self, sqlite3 *db);
void td_rep_insert_bind (TdStatement *self, int64_t set, const TdRep *rep, char *missing,
                         size_t size);
bool td_rep_select_init (TdStatement *self, sqlite3 *db);
/* false: the row holds a name that this version does not know. ROW's number is left 0. */
bool td_rep_select_read (TdStatement *self, TdRepRow *row);

enum
{
  TD_POSE_BLOB_MAX = 1 + TD_N_JOINTS * (3 * 4 + 1),
  TD_MISSING_TEXT_MAX = 2048
};

typedef struct
{
  uint8_t pose[TD_POSE_BLOB_MAX];
  char missing[32];
} TdSampleScratch;

bool td_sample_insert_init (TdStatement *self, sqlite3 *db);
void td_sample_insert_bind (TdStatement *self, const TdSample *sample, TdSampleScratch *scratch);
bool td_sample_select_init (TdStatement *self, sqlite3 *db);
bool td_sample_select_read (TdStatement *self, TdSampleRow *row);

bool td_calibration_insert_init (TdStatement *self, sqlite3 *db);
void td_calibration_insert_bind (TdStatement *self, const char *at, const char *model,
                                 const TdCalibration *calibration);
/* The newest; its id, time and model are the first three columns. */
bool td_calibration_select_init (TdStatement *self, sqlite3 *db);
TdCalibration td_calibration_select_read (TdStatement *self);

/* --- The store (td-store-open.c) ---------------------------------------------------------- */

enum
{
  TD_STORE_MAX_WAITING = 600
};

struct TdStore
{
  sqlite3 *db;
  char *path;
  bool read_only;
  bool is_sound; /* counted among those that hold a file known to be sound */
  TdStatement insert_rep;
  TdStatement insert_sample;
  TdSample *waiting;
  int n_waiting;
};

/* As td_store_sqlite_error(), and damage is remembered. */
TdStoreStatus td_store_failed (TdStore *self, TdStoreError *error);
/* Rolls back what has begun and says that WHAT ("session") number ID is not there. */
TdStoreStatus td_store_no_such (TdStore *self, const char *what, int64_t id, TdStoreError *error);
/* The file is checked whole the next time it is opened. */
void td_store_note_damage (TdStore *self);

bool td_store_is_there (const char *path, const char *suffix);
void td_store_folder_of (const char *path, char folder[PATH_MAX]);

/* --- Recovery (td-store-recover.c) -------------------------------------------------------- */

/* Both are called with the folder locked against other openers. */

/* A replacement that an earlier run had ready but did not put in place: finishes that. */
bool td_recover_finish (const char *path, char *aside, size_t size);
/* Copies what can be read of PATH to a new file, moves PATH aside (its new name goes to ASIDE)
 * and puts the new file in its place. On failure PATH is as it was. */
TdStoreStatus td_recover (const char *path, char *aside, size_t size, TdStoreError *error);
