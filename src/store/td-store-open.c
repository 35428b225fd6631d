/* td-store-open.c: a file found, made, checked, repaired and opened.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum
{
  /* Checked whole at every start up to here; at 200 MB/s that takes 0.3 s. */
  SMALL_BYTES = 64 << 20,
  LOCK_WAIT_MS = 10000
};

/* --- Paths -------------------------------------------------------------------------------- */

char *
td_store_default_path (void)
{
  const char *data = getenv ("XDG_DATA_HOME");
  const char *home = getenv ("HOME");
  char *path = NULL;
  int n;

  /* The base directory specification: a relative path there is to be ignored. */
  if (data != NULL && data[0] == '/')
    n = asprintf (&path, "%s/teardrop/teardrop.db", data);
  else
    {
      if (home == NULL || home[0] == '\0')
        {
          const struct passwd *user = getpwuid (getuid ());
          home = user != NULL ? user->pw_dir : "";
        }
      n = asprintf (&path, "%s/.local/share/teardrop/teardrop.db", home);
    }
  return n >= 0 ? path : NULL;
}

char *
td_store_pictures_folder (const char *path)
{
  const char *slash = strrchr (path, '/');
  char *folder = NULL;
  int length = slash != NULL ? (int) (slash - path + 1) : 0;
  return asprintf (&folder, "%.*spictures", length, path) >= 0 ? folder : NULL;
}

void
td_store_folder_of (const char *path, char folder[PATH_MAX])
{
  char copy[PATH_MAX];
  snprintf (copy, sizeof copy, "%s", path);
  snprintf (folder, PATH_MAX, "%s", dirname (copy));
}

static bool
make_folder (const char *folder)
{
  char partial[PATH_MAX];
  snprintf (partial, sizeof partial, "%s", folder);
  for (char *slash = strchr (partial + 1, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    {
      *slash = '\0';
      if (mkdir (partial, 0700) != 0 && errno != EEXIST)
        return false;
      *slash = '/';
    }
  return mkdir (partial, 0700) == 0 || errno == EEXIST;
}

/* Held while a file is opened for writing, so that of two programs, or two threads of one, only
 * one makes, updates or exchanges it. Where folders cannot be locked it goes without. */
static bool
lock_folder (const char *folder, int *fd)
{
  *fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (*fd < 0)
    return true;
  for (int waited = 0; flock (*fd, LOCK_EX | LOCK_NB) != 0; waited += 10)
    {
      if (errno != EWOULDBLOCK && errno != EINTR)
        return true;
      if (waited >= LOCK_WAIT_MS)
        {
          close (*fd);
          return false;
        }
      nanosleep (&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    }
  return true;
}

static void
unlock_folder (int fd)
{
  if (fd >= 0)
    {
      fsync (fd); /* the names of files made or exchanged */
      close (fd);
    }
}

/* --- Opening ------------------------------------------------------------------------------ */

bool
td_store_is_there (const char *path, const char *suffix)
{
  char name[TD_STORE_NAME_MAX];
  snprintf (name, sizeof name, "%s%s", path, suffix);
  return access (name, F_OK) == 0;
}

/* The file that this process has found sound and has open: the window's and the engine's
 * connections need not check it each. Once it is closed, another file may get its number. */
static pthread_mutex_t sound_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct
{
  dev_t device;
  ino_t file;
  int n_open; /* 0: none is known */
} sound;

static bool
is_known_sound (const struct stat *file)
{
  pthread_mutex_lock (&sound_mutex);
  bool known = sound.n_open > 0 && sound.device == file->st_dev && sound.file == file->st_ino;
  pthread_mutex_unlock (&sound_mutex);
  return known;
}

static void
remember_sound (TdStore *self)
{
  struct stat file;
  if (stat (self->path, &file) != 0)
    return;
  pthread_mutex_lock (&sound_mutex);
  bool same = sound.device == file.st_dev && sound.file == file.st_ino;
  if (sound.n_open == 0 || same)
    {
      sound.device = file.st_dev;
      sound.file = file.st_ino;
      sound.n_open++;
      self->is_sound = true;
    }
  pthread_mutex_unlock (&sound_mutex);
}

static void
forget_sound (TdStore *self)
{
  pthread_mutex_lock (&sound_mutex);
  if (self->is_sound && sound.n_open > 0)
    sound.n_open--;
  self->is_sound = false;
  pthread_mutex_unlock (&sound_mutex);
}

void
td_store_note_damage (TdStore *self)
{
  pthread_mutex_lock (&sound_mutex);
  sound.n_open = 0; /* whoever else has it open */
  self->is_sound = false;
  pthread_mutex_unlock (&sound_mutex);
  if (!self->read_only)
    sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

TdStoreStatus
td_store_failed (TdStore *self, TdStoreError *error)
{
  TdStoreStatus status = td_store_sqlite_error (error, self->db, self->path);
  if (status == TD_STORE_DAMAGED)
    td_store_note_damage (self);
  return status;
}

/* Whose file this is and of which version. 0: an empty file. */
static TdStoreStatus
identify (TdStore *self, int64_t *version, TdStoreError *error)
{
  char shown[TD_SHOWN_PATH];
  int64_t application = 0, n_tables = 0;

  if (!td_sqlite_get_int (self->db, "PRAGMA user_version", version)
      || !td_sqlite_get_int (self->db, "PRAGMA application_id", &application)
      || !td_sqlite_get_int (self->db, "SELECT count(*) FROM sqlite_schema", &n_tables))
    return td_store_failed (self, error);
  td_store_shown_path (self->path, shown);
  if (application != TD_STORE_APPLICATION_ID && (application != 0 || n_tables > 0))
    return td_store_error (error, TD_STORE_CANNOT_OPEN,
                           "The database %s belongs to another program; it was not touched.",
                           shown);
  if (*version > td_schema_version ())
    return td_store_error (error, TD_STORE_TOO_NEW,
                           "The database %s was written by a later version of Teardrop; it was not"
                           " touched.",
                           shown);
  return TD_STORE_OK;
}

/* The small tables always; the frames, which are nearly all of the file, when it is small or was
 * not closed (then a power cut may have been the reason). After damage was met in use, the file is
 * left unclosed on purpose. */
static TdStoreStatus
check_at_start (TdStore *self, int64_t version, bool whole, TdStoreError *error)
{
  static const char *const parts[]
      = { "PRAGMA quick_check (session)", "PRAGMA quick_check (exercise_set)",
          "PRAGMA quick_check (repetition)", "PRAGMA quick_check (calibration)" };
  size_t n_parts = version >= TD_SCHEMA_CALIBRATION ? 4 : 3;
  char problem[160], shown[TD_SHOWN_PATH];
  bool ok = true;

  if (whole)
    ok = td_schema_check (self->db, "PRAGMA quick_check (1)", problem, sizeof problem);
  else
    for (size_t i = 0; ok && i < n_parts; i++)
      ok = td_schema_check (self->db, parts[i], problem, sizeof problem);
  if (ok)
    return TD_STORE_OK;
  int rc = sqlite3_errcode (self->db);
  if (rc == SQLITE_BUSY || rc == SQLITE_NOMEM || rc == SQLITE_IOERR)
    return td_store_failed (self, error);
  return td_store_error (error, TD_STORE_DAMAGED, "The database %s is damaged (%s).",
                         td_store_shown_path (self->path, shown), problem);
}

static void
free_store (TdStore *self)
{
  forget_sound (self);
  td_statement_clear (&self->insert_rep);
  td_statement_clear (&self->insert_sample);
  sqlite3_close (self->db);
  free (self->waiting);
  free (self->path);
  free (self);
}

static TdStore *
new_store (const char *path)
{
  TdStore *self = calloc (1, sizeof *self);
  if (self != NULL)
    self->path = strdup (path);
  if (self == NULL || self->path == NULL)
    {
      free (self);
      return NULL;
    }
  return self;
}

static TdStoreStatus
set_up_for_writing (TdStore *self, TdStoreError *error)
{
  struct stat before;
  int64_t version = 0;
  bool is_new = stat (self->path, &before) != 0;
  bool whole = td_store_is_there (self->path, "-wal") || is_new || before.st_size <= SMALL_BYTES;
  if (!is_new && is_known_sound (&before))
    whole = false;

  if (sqlite3_open_v2 (self->path, &self->db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL)
      != SQLITE_OK)
    return td_store_failed (self, error);
  if (sqlite3_db_readonly (self->db, "main") == 1)
    return td_store_system_error (error, access (self->path, W_OK) != 0 ? errno : EROFS,
                                  "The database", self->path, "written");
  if (is_new)
    chmod (self->path, 0600);
  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_timeout (self->db, TD_STORE_BUSY_MS);

  TdStoreStatus status = identify (self, &version, error);
  if (status == TD_STORE_OK && version > 0)
    status = check_at_start (self, version, whole, error);
  if (status != TD_STORE_OK)
    return status;

  self->waiting = malloc (TD_STORE_MAX_WAITING * sizeof *self->waiting);
  if (self->waiting == NULL)
    return td_store_error (error, TD_STORE_FAILED, "Not enough memory.");
  /* A file system without shared memory keeps its rollback journal: as safe, only slower.
   * secure_delete: what the user deletes is not left in free pages, nor found there by recovery. */
  if (!td_sqlite_exec (self->db, "PRAGMA journal_mode = WAL")
      || !td_sqlite_exec (self->db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                                    "PRAGMA secure_delete = ON")
      || !td_schema_migrate (self->db, td_schema_version ())
      || !td_rep_insert_init (&self->insert_rep, self->db)
      || !td_sample_insert_init (&self->insert_sample, self->db))
    return td_store_failed (self, error);
  remember_sound (self);
  return TD_STORE_OK;
}

static TdStoreStatus
open_for_writing (const char *path, TdStore **store, TdStoreError *error)
{
  TdStore *self = new_store (path);
  if (self == NULL)
    return td_store_error (error, TD_STORE_FAILED, "Not enough memory.");
  TdStoreStatus status = set_up_for_writing (self, error);
  if (status == TD_STORE_OK)
    *store = self;
  else
    {
      if (status == TD_STORE_DAMAGED)
        td_store_note_damage (self);
      free_store (self);
    }
  return status;
}

TdStoreStatus
td_store_open (const char *path, TdStore **store, bool *recovered, TdStoreError *error)
{
  char folder[PATH_MAX], aside[TD_STORE_NAME_MAX], shown[TD_SHOWN_PATH];
  struct stat st;
  int lock;
  bool exchanged = false;

  *store = NULL;
  if (recovered != NULL)
    *recovered = false;
  td_store_no_error (error);
  if (strlen (path) >= TD_STORE_PATH_MAX)
    return td_store_system_error (error, ENAMETOOLONG, "The database", path, "opened");
  td_store_folder_of (path, folder);
  if (!make_folder (folder))
    return td_store_system_error (error, errno, "The folder", folder, "made");
  if (stat (path, &st) == 0 && !S_ISREG (st.st_mode))
    return td_store_error (
        error, TD_STORE_CANNOT_OPEN, "The database %s cannot be opened: it is %s.",
        td_store_shown_path (path, shown), S_ISDIR (st.st_mode) ? "a folder" : "not a file");
  if (!lock_folder (folder, &lock))
    return td_store_error (error, TD_STORE_BUSY, "The database %s is locked by another program.",
                           td_store_shown_path (path, shown));

  exchanged = td_recover_finish (path, aside, sizeof aside);
  TdStoreStatus status = open_for_writing (path, store, error);
  if (status == TD_STORE_DAMAGED)
    {
      status = td_recover (path, aside, sizeof aside, error);
      if (status == TD_STORE_OK)
        {
          exchanged = true;
          status = open_for_writing (path, store, error);
        }
    }
  unlock_folder (lock);

  if (status == TD_STORE_OK && exchanged)
    {
      if (recovered != NULL)
        *recovered = true;
      td_store_error (error, TD_STORE_OK,
                      "The database was damaged. What could be read is in a new one; the old one"
                      " is now %s.",
                      td_store_shown_path (aside, shown));
    }
  return status;
}

/* As a file: URI, for "immutable". */
static char *
immutable_uri (const char *path)
{
  static const char hex[] = "0123456789ABCDEF";
  char *uri = malloc (3 * strlen (path) + 32);
  if (uri == NULL)
    return NULL;
  char *to = stpcpy (uri, "file:");
  for (const unsigned char *c = (const unsigned char *) path; *c != '\0'; c++)
    if (*c == '?' || *c == '#' || *c == '%')
      {
        *to++ = '%';
        *to++ = hex[*c >> 4];
        *to++ = hex[*c & 15];
      }
    else
      *to++ = (char) *c;
  strcpy (to, "?immutable=1");
  return uri;
}

static TdStoreStatus
set_up_for_reading (TdStore *self, bool immutable, int64_t *version, TdStoreError *error)
{
  char *uri = immutable ? immutable_uri (self->path) : NULL;
  sqlite3_close (self->db);
  int rc = sqlite3_open_v2 (
      immutable && uri != NULL ? uri : self->path, &self->db,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | (immutable ? SQLITE_OPEN_URI : 0), NULL);
  free (uri);
  if (rc != SQLITE_OK)
    return td_store_failed (self, error);
  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_timeout (self->db, TD_STORE_BUSY_MS);
  return identify (self, version, error);
}

TdStoreStatus
td_store_open_read_only (const char *path, TdStore **store, TdStoreError *error)
{
  char shown[TD_SHOWN_PATH];
  int64_t version = 0;
  struct stat st;

  *store = NULL;
  td_store_no_error (error);
  td_store_shown_path (path, shown);
  if (stat (path, &st) != 0)
    {
      if (errno == ENOENT)
        return td_store_error (error, TD_STORE_NOT_FOUND, "There is no database %s.", shown);
      return td_store_system_error (error, errno, "The database", path, "opened");
    }
  if (!S_ISREG (st.st_mode))
    return td_store_error (error, TD_STORE_CANNOT_OPEN,
                           "The database %s cannot be opened: it is %s.", shown,
                           S_ISDIR (st.st_mode) ? "a folder" : "not a file");
  TdStore *self = new_store (path);
  if (self == NULL)
    return td_store_error (error, TD_STORE_FAILED, "Not enough memory.");
  self->read_only = true;

  TdStoreStatus status = set_up_for_reading (self, false, &version, error);
  /* A WAL database in a folder that cannot be written, and nobody is writing to it. */
  if (status == TD_STORE_CANNOT_OPEN && access (path, R_OK) == 0
      && !td_store_is_there (path, "-wal"))
    status = set_up_for_reading (self, true, &version, error);
  if (status == TD_STORE_OK && version == 0)
    status = td_store_error (error, TD_STORE_NOT_FOUND, "The database %s is still empty.", shown);
  else if (status == TD_STORE_OK && version < td_schema_version ())
    status = td_store_error (error, TD_STORE_CANNOT_OPEN,
                             "The database %s is of an earlier version; start Teardrop once to"
                             " update it.",
                             shown);
  if (status == TD_STORE_OK)
    *store = self;
  else
    free_store (self);
  return status;
}

void
td_store_close (TdStore *self)
{
  if (self == NULL)
    return;
  if (self->n_waiting > 0)
    td_store_flush (self, NULL);
  free_store (self);
}
