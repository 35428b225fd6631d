/* td-store-recover.c: what can still be read of a damaged file, in a new one.
 *
 * First each table is read as usual, up to the first page that is damaged. That page hides all
 * that lies behind it, and all of its table if it was the root. So then every page of the file
 * that holds rows is read by itself: it is made the only page of its table in an otherwise empty
 * scratch database, and SQLite reads it there.
 *
 * The new file is built next to the old one and gets the name "….recovered" only when it is whole.
 * From then on the exchange can be finished at any later start, so the program may be killed at
 * any point.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
  PAGE = 4096, /* SQLite's default page size; nothing here changes it */
  WAL_HEADER = 32,
  FRAME_HEADER = 24,
  TABLE_LEAF = 0x0d,  /* first byte of a page that holds rows */
  INDEX_LEAF = 0x0a,  /* … of a table WITHOUT ROWID, or an index */
  INDEX_INNER = 0x02, /* such a table has rows on its inner pages too */
  N_TABLES = 5
};

enum
{
  N_EARLIER = 2
};

typedef struct
{
  const char *name;
  uint8_t leaf;
  bool number_second;      /* its second column is an integer, never NULL; else text */
  int n_before[N_EARLIER]; /* columns of rows from before some were added; 0: no others */
} Table;

/* Those that not every version has are last. */
static const Table tables[N_TABLES] = {
  { "session", TABLE_LEAF, false, { 6, 7 } },     { "exercise_set", TABLE_LEAF, true, { 4 } },
  { "repetition", TABLE_LEAF, true, { 34, 69 } }, { "sample", INDEX_LEAF, true, { 35 } },
  { "calibration", TABLE_LEAF, false, { 0 } },
};

typedef struct
{
  sqlite3 *to;
  int n_tables; /* of the old file's version, at which the new one is made */
  TdStatement insert[N_TABLES];
  int n_columns[N_TABLES];
  bool write_failed; /* TO's error says why; nothing goes on */
} Copy;

/* --- Rows --------------------------------------------------------------------------------- */

static bool
init_select (TdStatement *self, sqlite3 *db, const char *table)
{
  char sql[64];
  snprintf (sql, sizeof sql, "SELECT * FROM %s", table);
  return td_statement_init (self, db, sql);
}

/* OR IGNORE skips a row that was copied before, or whose content does not pass the checks. */
static bool
init_insert (Copy *self, int table)
{
  char sql[512];
  TdStatement select;
  size_t length = (size_t) snprintf (sql, sizeof sql, "INSERT OR IGNORE INTO %s VALUES (",
                                     tables[table].name);
  if (!init_select (&select, self->to, tables[table].name))
    return false;
  self->n_columns[table] = sqlite3_column_count (select.stmt);
  td_statement_clear (&select);
  for (int i = 1; i <= self->n_columns[table] && length < sizeof sql; i++)
    length += (size_t) snprintf (sql + length, sizeof sql - length, "%s?%d", i > 1 ? ", " : "", i);
  if (length >= sizeof sql - 1)
    return false;
  strcpy (sql + length, ")");
  return td_statement_init (&self->insert[table], self->to, sql);
}

/* Copies TABLE up to its end (true) or the first row that cannot be read. The columns are the same
 * on both sides: the new file is made at the old one's version. */
static bool
copy_rows (Copy *self, sqlite3 *from, int table)
{
  TdStatement row, *insert = &self->insert[table];
  TdStep step = TD_STEP_ERROR;

  if (init_select (&row, from, tables[table].name)
      && sqlite3_column_count (row.stmt) == self->n_columns[table])
    while (!self->write_failed && (step = td_statement_step (&row)) == TD_STEP_ROW)
      {
        td_statement_reset (insert);
        for (int i = 0; i < self->n_columns[table]; i++)
          if (sqlite3_bind_value (insert->stmt, i + 1, sqlite3_column_value (row.stmt, i))
              != SQLITE_OK)
            insert->bind_failed = true;
        /* A value of the wrong type is not among the things that OR IGNORE ignores. */
        if (td_statement_step (insert) == TD_STEP_ERROR
            && (sqlite3_errcode (self->to) & 0xff) != SQLITE_CONSTRAINT)
          self->write_failed = true;
      }
  td_statement_clear (&row);
  return step == TD_STEP_DONE;
}

/* --- Pages -------------------------------------------------------------------------------- */

static uint32_t
get_be (const uint8_t *from, int bytes)
{
  uint32_t value = 0;
  for (int i = 0; i < bytes; i++)
    value = value << 8 | from[i];
  return value;
}

static void
put_be32 (uint8_t *to, uint32_t value)
{
  for (int i = 0; i < 4; i++)
    to[i] = (uint8_t) (value >> (24 - 8 * i));
}

/* SQLite's variable-length integer at *AT, which is moved behind it; -1 when the page ends. */
static int64_t
get_varint (const uint8_t *page, int *at)
{
  uint64_t value = 0;
  for (int i = 0; i < 9; i++)
    {
      if (*at >= PAGE)
        return -1;
      uint8_t byte = page[(*at)++];
      if (i == 8)
        return (int64_t) (value << 8 | byte);
      value = value << 7 | (byte & 0x7f);
      if ((byte & 0x80) == 0)
        break;
    }
  return (int64_t) value;
}

/* The number of columns of the row at AT; 0: there is none. */
static int
count_columns (const uint8_t *page, int at, bool *number_second)
{
  int n = 0;
  get_varint (page, &at); /* size */
  if (page[0] == TABLE_LEAF)
    get_varint (page, &at); /* row id */
  int start = at;
  int64_t header = get_varint (page, &at);
  if (header < 1 || header > PAGE - start)
    return 0;
  for (; at < start + header; n++)
    {
      int64_t type = get_varint (page, &at);
      if (type < 0)
        return 0;
      if (n == 1)
        *number_second = (type >= 1 && type <= 6) || type == 8 || type == 9;
    }
  return n;
}

static bool
may_have_columns (const Copy *self, int table, int n)
{
  bool may = self->n_columns[table] == n;
  for (int i = 0; i < N_EARLIER; i++)
    may = may || tables[table].n_before[i] == n;
  return may;
}

/* Which table's rows PAGE holds, by their number of columns and what the second is;
 * N_TABLES: none's. A row that is short of the columns that were added later is a good row to
 * SQLite. */
static int
table_of_page (const Copy *self, const uint8_t *page)
{
  if (page[0] != TABLE_LEAF && page[0] != INDEX_LEAF)
    return N_TABLES;
  int n_cells = (int) get_be (page + 3, 2);
  for (int cell = 0; cell < n_cells && 8 + 2 * cell + 2 <= PAGE; cell++)
    {
      bool number_second = false;
      int n = count_columns (page, (int) get_be (page + 8 + 2 * cell, 2), &number_second);
      for (int t = 0; n > 0 && t < self->n_tables; t++)
        if (tables[t].leaf == page[0] && tables[t].number_second == number_second
            && may_have_columns (self, t, n))
          return t;
    }
  return N_TABLES;
}

typedef struct
{
  sqlite3 *db;
  int file;
  uint32_t changes;
  off_t root[N_TABLES]; /* where each table's only page lies in the file */
} Scratch;

static bool
scratch_open (Scratch *self, const char *path, int version, int n_tables)
{
  char sql[96];
  int64_t root;
  bool ok = sqlite3_open_v2 (path, &self->db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL)
                == SQLITE_OK
            && td_schema_migrate (self->db, version);
  for (int t = 0; ok && t < n_tables; t++)
    {
      snprintf (sql, sizeof sql, "SELECT rootpage FROM sqlite_schema WHERE name = '%s'",
                tables[t].name);
      ok = td_sqlite_get_int (self->db, sql, &root);
      self->root[t] = ok ? (root - 1) * PAGE : 0;
    }
  self->file = ok ? open (path, O_RDWR | O_CLOEXEC) : -1;
  self->changes = 1000; /* more than making the tables took */
  return self->file >= 0;
}

static void
scratch_close (Scratch *self)
{
  sqlite3_close (self->db);
  if (self->file >= 0)
    close (self->file); /* after SQLite's: closing drops the locks of the process */
}

/* An inner page is a leaf whose header is 4 bytes longer and whose rows each come after the 4-byte
 * number of another page. */
static void
make_leaf (uint8_t *page)
{
  int n_cells = (int) get_be (page + 3, 2);
  page[0] = INDEX_LEAF;
  for (int cell = 0; cell < n_cells && 12 + 2 * cell + 2 <= PAGE; cell++)
    {
      uint32_t at = get_be (page + 12 + 2 * cell, 2) + 4;
      page[8 + 2 * cell] = (uint8_t) (at >> 8);
      page[8 + 2 * cell + 1] = (uint8_t) at;
    }
}

static void
copy_page (Copy *self, Scratch *scratch, uint8_t *page)
{
  uint8_t changes[4];
  if (page[0] == INDEX_INNER)
    make_leaf (page);
  int table = table_of_page (self, page);
  if (table == N_TABLES)
    return;
  /* The counter in the file header tells SQLite that the pages it remembers are old. */
  put_be32 (changes, ++scratch->changes);
  if (pwrite (scratch->file, page, PAGE, scratch->root[table]) == PAGE
      && pwrite (scratch->file, changes, 4, 24) == 4 && pwrite (scratch->file, changes, 4, 92) == 4)
    copy_rows (self, scratch->db, table);
}

/* The pages of the commits in PATH's -wal, the newest first: what is copied first is kept. */
static void
copy_wal_pages (Copy *self, Scratch *scratch, const char *path)
{
  char name[TD_STORE_NAME_MAX + 8];
  uint8_t header[WAL_HEADER], frame[FRAME_HEADER + PAGE];
  off_t n = 0, last = 0;

  snprintf (name, sizeof name, "%s-wal", path);
  int file = open (name, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return;
  if (pread (file, header, sizeof header, 0) == sizeof header)
    /* Frames with another salt are left over from before the last checkpoint; a frame that names
     * the size of the database ends a commit. */
    while (pread (file, frame, sizeof frame, WAL_HEADER + n * (off_t) sizeof frame)
               == (ssize_t) sizeof frame
           && memcmp (frame + 8, header + 16, 8) == 0)
      {
        n++;
        if (get_be (frame + 4, 4) != 0)
          last = n;
      }
  for (n = last - 1; n >= 0 && !self->write_failed; n--)
    if (pread (file, frame, sizeof frame, WAL_HEADER + n * (off_t) sizeof frame)
        == (ssize_t) sizeof frame)
      copy_page (self, scratch, frame + FRAME_HEADER);
  close (file);
}

static void
copy_file_pages (Copy *self, Scratch *scratch, const char *path)
{
  uint8_t page[PAGE];
  int file = open (path, O_RDONLY | O_CLOEXEC);
  struct stat st;
  if (file < 0)
    return;
  if (fstat (file, &st) == 0)
    for (off_t at = 0; at < st.st_size && !self->write_failed; at += PAGE)
      if (pread (file, page, PAGE, at) == PAGE)
        copy_page (self, scratch, page);
  close (file);
}

/* --- The new file ------------------------------------------------------------------------- */

static void
remove_database (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
  char name[TD_STORE_NAME_MAX + 16];
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
    {
      snprintf (name, sizeof name, "%s%s", path, endings[i]);
      unlink (name);
    }
}

/* Alone with the file, and without changing it: no other program may be writing to what is
 * about to be moved aside, and its -wal stays as it is. */
static sqlite3 *
open_damaged (const char *path, bool *busy)
{
  sqlite3 *db = NULL;
  int64_t n;
  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
    {
      sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
      sqlite3_busy_timeout (db, TD_STORE_BUSY_MS);
      td_sqlite_exec (db, "PRAGMA locking_mode = EXCLUSIVE");
      if (td_sqlite_get_int (db, "SELECT count(*) FROM sqlite_schema", &n))
        return db;
    }
  *busy = (sqlite3_errcode (db) & 0xff) == SQLITE_BUSY;
  sqlite3_close (db);
  return NULL;
}

/* A repetition whose set or session is lost is still a repetition: it gets a new one, about
 * which nothing is known. */
static const char adopt_orphans[]
    = "INSERT INTO session (id) SELECT DISTINCT session_id FROM exercise_set"
      "  WHERE session_id NOT IN (SELECT id FROM session);"
      "CREATE TEMP TABLE lost_set AS SELECT set_id FROM repetition UNION SELECT set_id FROM sample"
      "  EXCEPT SELECT id FROM exercise_set;"
      "INSERT INTO session (started_at) SELECT NULL WHERE EXISTS (SELECT 1 FROM lost_set);"
      "INSERT INTO exercise_set (id, session_id, number)"
      "  SELECT set_id, (SELECT max(id) FROM session), row_number() OVER (ORDER BY set_id)"
      "  FROM lost_set;"
      "DROP TABLE lost_set;";

static bool
copy_all (Copy *self, sqlite3 *from, const char *path, const char *scratch_path, int version)
{
  bool whole = from != NULL;

  if (!td_sqlite_exec (self->to, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE"))
    return false;
  for (int t = 0; t < self->n_tables; t++)
    if (!init_insert (self, t))
      return false;
  for (int t = 0; from != NULL && t < self->n_tables && !self->write_failed; t++)
    whole = copy_rows (self, from, t) && whole;
  if (!whole && !self->write_failed)
    {
      Scratch scratch = { .file = -1 };
      if (scratch_open (&scratch, scratch_path, version, self->n_tables))
        {
          copy_wal_pages (self, &scratch, path);
          copy_file_pages (self, &scratch, path);
        }
      scratch_close (&scratch);
    }
  for (int t = 0; t < self->n_tables; t++)
    td_statement_reset (&self->insert[t]);
  return !self->write_failed && td_sqlite_exec (self->to, adopt_orphans)
         && td_sqlite_exec (self->to, "COMMIT");
}

static TdStoreStatus
build (const char *path, const char *work, const char *scratch, TdStoreError *error)
{
  bool busy = false;
  int64_t version = 0;
  Copy copy = { 0 };
  TdStoreStatus status = TD_STORE_OK;

  sqlite3 *from = open_damaged (path, &busy);
  if (busy)
    {
      char shown[TD_SHOWN_PATH];
      return td_store_error (error, TD_STORE_BUSY,
                             "The database %s is damaged and in use: close the other program.",
                             td_store_shown_path (path, shown));
    }
  if (from == NULL || !td_sqlite_get_int (from, "PRAGMA user_version", &version) || version < 1
      || version > td_schema_version ())
    version = td_schema_version ();
  copy.n_tables = version >= TD_SCHEMA_CALIBRATION ? N_TABLES : N_TABLES - 1;

  if (sqlite3_open_v2 (work, &copy.to,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL)
          != SQLITE_OK
      || !td_sqlite_exec (copy.to, "PRAGMA synchronous = FULL")
      || !td_schema_migrate (copy.to, (int) version)
      || !copy_all (&copy, from, path, scratch, (int) version))
    status = td_store_sqlite_error (error, copy.to, path);
  for (int t = 0; t < N_TABLES; t++)
    td_statement_clear (&copy.insert[t]);
  sqlite3_close (from);
  sqlite3_close (copy.to);
  return status;
}

/* --- The exchange ------------------------------------------------------------------------- */

static bool
move (const char *path, const char *suffix, const char *to)
{
  char from_name[TD_STORE_NAME_MAX + 16], to_name[TD_STORE_NAME_MAX + 16];
  snprintf (from_name, sizeof from_name, "%s%s", path, suffix);
  snprintf (to_name, sizeof to_name, "%s%s", to, suffix);
  return rename (from_name, to_name) == 0 || errno == ENOENT;
}

bool
td_recover_finish (const char *path, char *aside, size_t size)
{
  char ready[TD_STORE_NAME_MAX];
  bool moved = !td_store_is_there (path, "");
  int n = 0;

  if (!td_store_is_there (path, ".recovered"))
    return false;
  snprintf (ready, sizeof ready, "%s.recovered", path);
  do
    snprintf (aside, size, "%s.damaged-%d", path, ++n);
  while (td_store_is_there (aside, ""));
  if (moved && n > 1)
    snprintf (aside, size, "%s.damaged-%d", path, n - 1);

  /* The main file last: while it is there, nobody makes an empty one in its place. */
  return move (path, "-wal", aside) && move (path, "-shm", aside) && move (path, "", aside)
         && rename (ready, path) == 0;
}

TdStoreStatus
td_recover (const char *path, char *aside, size_t size, TdStoreError *error)
{
  char work[TD_STORE_NAME_MAX], scratch[TD_STORE_NAME_MAX], ready[TD_STORE_NAME_MAX];

  snprintf (work, sizeof work, "%s.recovering", path);
  snprintf (scratch, sizeof scratch, "%s.scratch", path);
  snprintf (ready, sizeof ready, "%s.recovered", path);
  remove_database (work);
  remove_database (scratch);

  TdStoreStatus status = build (path, work, scratch, error);
  remove_database (scratch);
  if (status != TD_STORE_OK)
    {
      remove_database (work);
      return status;
    }
  chmod (work, 0600);
  if (rename (work, ready) != 0 || !td_recover_finish (path, aside, size))
    {
      int number = errno;
      unlink (work);
      return td_store_system_error (error, number, "The damaged database", path, "moved aside");
    }
  return TD_STORE_OK;
}
