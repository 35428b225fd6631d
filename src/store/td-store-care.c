/* td-store-care.c: checking and backing up.
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

static TdStoreStatus
check_database (sqlite3 *db, const char *path, TdStoreError *error)
{
  char problem[160], shown[TD_SHOWN_PATH];
  TdStatement s;
  TdStep step = TD_STEP_ERROR;

  td_store_shown_path (path, shown);
  if (!td_schema_check (db, "PRAGMA integrity_check (1)", problem, sizeof problem))
    {
      int rc = sqlite3_errcode (db) & 0xff;
      if (rc == SQLITE_BUSY || rc == SQLITE_NOMEM || rc == SQLITE_IOERR)
        return td_store_sqlite_error (error, db, path);
      return td_store_error (error, TD_STORE_DAMAGED, "The database %s is damaged (%s).", shown,
                             problem);
    }
  if (td_statement_init (&s, db, "PRAGMA foreign_key_check"))
    step = td_statement_step (&s);
  TdStoreStatus status = TD_STORE_OK;
  if (step == TD_STEP_ERROR)
    status = td_store_sqlite_error (error, db, path);
  else if (step == TD_STEP_ROW)
    status = td_store_error (error, TD_STORE_DAMAGED,
                             "The database %s is damaged: a row of %s has lost what it belongs to.",
                             shown, td_statement_text (&s, 0));
  td_statement_clear (&s);
  return status;
}

TdStoreStatus
td_store_check (TdStore *self, TdStoreError *error)
{
  td_store_no_error (error);
  TdStoreStatus status = check_database (self->db, self->path, error);
  if (status == TD_STORE_DAMAGED)
    td_store_note_damage (self);
  return status;
}

/* Whether a backup may take the place of what is at TO: nothing, an empty file, or an earlier
 * backup that no program has open. */
static TdStoreStatus
may_replace (TdStore *self, const char *to, TdStoreError *error)
{
  unsigned char header[100];
  char shown[TD_SHOWN_PATH];
  struct stat mine, there;

  td_store_shown_path (to, shown);
  if (stat (to, &there) != 0)
    return TD_STORE_OK;
  if (S_ISDIR (there.st_mode))
    return td_store_error (error, TD_STORE_CANNOT_OPEN,
                           "The backup %s cannot be written: it is a folder.", shown);
  if (stat (self->path, &mine) == 0 && mine.st_dev == there.st_dev && mine.st_ino == there.st_ino)
    return td_store_error (error, TD_STORE_CANNOT_OPEN,
                           "The backup cannot take the place of the database itself, %s.", shown);
  if (S_ISREG (there.st_mode) && there.st_size == 0)
    return TD_STORE_OK;
  if (td_store_is_there (to, "-wal"))
    return td_store_error (error, TD_STORE_BUSY,
                           "The backup %s cannot be replaced: a program has it open.", shown);
  /* SQLite's file header holds the application's id at byte 68, most significant byte first. Who opens a
   * pipe would wait for its other end. */
  FILE *file = S_ISREG (there.st_mode) ? fopen (to, "rbe") : NULL;
  bool ours = file != NULL && fread (header, sizeof header, 1, file) == 1
              && memcmp (header, "SQLite format 3", 16) == 0
              && ((uint32_t) header[68] << 24 | (uint32_t) header[69] << 16
                  | (uint32_t) header[70] << 8 | header[71])
                     == TD_STORE_APPLICATION_ID;
  if (file != NULL)
    fclose (file);
  if (ours)
    return TD_STORE_OK;
  return td_store_error (error, TD_STORE_CANNOT_OPEN,
                         "The backup cannot be written: %s exists and is no Teardrop database.",
                         shown);
}

/* One file that needs no -wal beside it. */
static TdStoreStatus
copy_database (TdStore *self, sqlite3 *copy, const char *to, TdStoreError *error)
{
  sqlite3_backup *backup = sqlite3_backup_init (copy, "main", self->db, "main");
  if (backup == NULL)
    return td_store_sqlite_error (error, copy, to);
  /* All pages at once are one moment of the database; WAL lets others write meanwhile. */
  int rc = sqlite3_backup_step (backup, -1);
  sqlite3_backup_finish (backup);
  if (rc != SQLITE_DONE)
    {
      TdStoreError on_copy, on_source;
      TdStoreStatus copy_status = td_store_sqlite_error (&on_copy, copy, to);
      TdStoreStatus source_status = td_store_sqlite_error (&on_source, self->db, self->path);
      bool source_is_at_fault = sqlite3_errcode (self->db) != SQLITE_OK;
      return td_store_error (error, source_is_at_fault ? source_status : copy_status, "%s",
                             source_is_at_fault ? on_source.message : on_copy.message);
    }
  if (!td_sqlite_exec (copy, "PRAGMA journal_mode = DELETE"))
    return td_store_sqlite_error (error, copy, to);
  return check_database (copy, to, error);
}

/* With all that SQLite may have put beside it. */
static void
remove_part (const char *part)
{
  static const char *const endings[] = { "", "-journal", "-wal", "-shm" };
  char path[TD_STORE_NAME_MAX + 16];
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
    {
      snprintf (path, sizeof path, "%s%s", part, endings[i]);
      unlink (path);
    }
}

TdStoreStatus
td_store_backup (TdStore *self, const char *to, TdStoreError *error)
{
  char part[TD_STORE_NAME_MAX], folder[PATH_MAX];
  sqlite3 *copy = NULL;

  td_store_no_error (error);
  TdStoreStatus status = may_replace (self, to, error);
  if (status == TD_STORE_OK && !self->read_only)
    status = td_store_flush (self, error);
  if (status != TD_STORE_OK)
    return status;
  if (strlen (to) >= TD_STORE_PATH_MAX)
    return td_store_system_error (error, ENAMETOOLONG, "The backup", to, "written");
  snprintf (part, sizeof part, "%s.part-XXXXXX", to);
  td_store_folder_of (to, folder);

  /* A new name: nothing of another program is overwritten, and nothing of a killed run is in the
   * way. */
  int fd = mkostemp (part, O_CLOEXEC);
  if (fd < 0)
    return td_store_system_error (error, errno, "The backup", to, "written");
  close (fd);
  if (sqlite3_open_v2 (part, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    status = td_store_sqlite_error (error, copy, to);
  else
    status = copy_database (self, copy, to, error);
  sqlite3_close (copy);
  if (status == TD_STORE_OK && rename (part, to) != 0)
    status = td_store_system_error (error, errno, "The backup", to, "written");
  if (status != TD_STORE_OK)
    {
      remove_part (part);
      return status;
    }
  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0)
    {
      fsync (fd);
      close (fd);
    }
  return TD_STORE_OK;
}
