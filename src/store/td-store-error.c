/* td-store-error.c: SQLite's and the system's errors in plain words.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-store-private.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

TdStoreStatus
td_store_error (TdStoreError *error, TdStoreStatus status, const char *format, ...)
{
  if (error != NULL)
    {
      va_list args;
      va_start (args, format);
      error->status = status;
      vsnprintf (error->message, sizeof error->message, format, args);
      va_end (args);
    }
  return status;
}

TdStoreStatus
td_store_no_error (TdStoreError *error)
{
  return td_store_error (error, TD_STORE_OK, "%s", "");
}

const char *
td_store_shown_path (const char *path, char shown[TD_SHOWN_PATH])
{
  static const char ellipsis[] = "…";
  size_t length = strlen (path);
  shown[0] = '\0';
  if (length >= TD_SHOWN_PATH)
    {
      /* The end of a path says more than its beginning. */
      path += length - (TD_SHOWN_PATH - sizeof ellipsis);
      while (((unsigned char) *path & 0xc0) == 0x80)
        path++;
      strcpy (shown, ellipsis);
    }
  strcat (shown, path);
  for (char *c = shown; *c != '\0'; c++)
    if (iscntrl ((unsigned char) *c))
      *c = '?';
  return shown;
}

/* strerror() would follow the locale and is not thread-safe. */
static const char *
describe (int number, char text[64])
{
  const char *description = strerrordesc_np (number);
  snprintf (text, 64, "%s", description != NULL ? description : "unknown error");
  text[0] = (char) tolower ((unsigned char) text[0]);
  return text;
}

static bool
is_full (int number)
{
  return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

TdStoreStatus
td_store_system_error (TdStoreError *error, int number, const char *what, const char *path,
                       const char *verb)
{
  char shown[TD_SHOWN_PATH], text[64];
  return td_store_error (error, is_full (number) ? TD_STORE_FULL : TD_STORE_CANNOT_OPEN,
                         "%s %s cannot be %s: %s.", what, td_store_shown_path (path, shown), verb,
                         describe (number, text));
}

TdStoreStatus
td_store_write_error (const char *what, int number, TdStoreError *error)
{
  char text[64];
  return td_store_error (error, is_full (number) ? TD_STORE_FULL : TD_STORE_FAILED,
                         "%s cannot be written: %s.", what, describe (number, text));
}

TdStoreStatus
td_store_sqlite_error (TdStoreError *error, sqlite3 *db, const char *path)
{
  int last = errno;
  int extended = sqlite3_extended_errcode (db);
  int number = sqlite3_system_errno (db);
  char shown[TD_SHOWN_PATH], text[64];
  td_store_shown_path (path, shown);
  /* SQLite keeps the number for files it cannot open, not for those it cannot write. */
  if (number == 0 && extended == SQLITE_IOERR_WRITE)
    number = last;

  switch (extended & 0xff)
    {
    case SQLITE_FULL:
      return td_store_error (error, TD_STORE_FULL,
                             "The database %s cannot be written: the disk is full.", shown);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return td_store_error (error, TD_STORE_BUSY, "The database %s is locked by another program.",
                             shown);
    case SQLITE_CORRUPT:
      return td_store_error (error, TD_STORE_DAMAGED, "The database %s is damaged.", shown);
    case SQLITE_NOTADB:
      return td_store_error (error, TD_STORE_DAMAGED, "The file %s is not a database.", shown);
    case SQLITE_READONLY:
      return td_store_error (error, TD_STORE_CANNOT_OPEN,
                             "The database %s cannot be written: it is read-only.", shown);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      if (number == 0)
        number = EACCES;
      return td_store_system_error (error, number, "The database", path, "opened");
    case SQLITE_IOERR:
      if (is_full (number))
        return td_store_error (error, TD_STORE_FULL,
                               "The database %s cannot be written: the disk is full.", shown);
      return td_store_error (error, TD_STORE_FAILED,
                             "The database %s cannot be read or written: %s.", shown,
                             describe (number != 0 ? number : EIO, text));
    case SQLITE_NOMEM:
      return td_store_error (error, TD_STORE_FAILED, "The database %s: not enough memory.", shown);
    default:
      return td_store_error (error, TD_STORE_FAILED, "The database %s: %s.", shown,
                             sqlite3_errmsg (db));
    }
}
