/* td-store.h: sessions, sets, repetitions and samples on the user's own disk, by SQLite.
 *
 * A TdStore belongs to one thread; open the file once per thread that needs it (WAL lets one
 * write while others read). What td_store_add_rep() said yes to is on the disk: it survives the
 * program and the machine being killed. ERROR may be NULL everywhere.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

#include <stddef.h>

typedef enum
{
  TD_STORE_OK,
  TD_STORE_CANNOT_OPEN, /* the folder or file cannot be made, read or written */
  TD_STORE_FULL,        /* no space left on the disk */
  TD_STORE_BUSY,        /* another program holds a lock for too long */
  TD_STORE_DAMAGED,     /* not a database, or it does not pass its check */
  TD_STORE_TOO_NEW,     /* written by a later version of Teardrop */
  TD_STORE_NOT_FOUND,   /* no such session, no calibration yet */
  TD_STORE_FAILED
} TdStoreStatus;

/* message: one line in plain words, never empty after a failure. */
typedef struct
{
  TdStoreStatus status;
  char message[256];
} TdStoreError;

typedef struct TdStore TdStore;

/* $XDG_DATA_HOME/teardrop/teardrop.db, or ~/.local/share/…. To be freed with free(). */
char *td_store_default_path (void);

/* Where the pictures of the sessions in the database PATH are: "pictures" beside it. To be freed with
 * free(). */
char *td_store_pictures_folder (const char *path);

/* Opens or creates PATH (and its folder, mode 0700). A damaged file is moved aside together with
 * its -wal and -shm, what can be read is copied to a new file, and *RECOVERED (may be NULL) tells;
 * error->message then names the file moved aside even though the status is TD_STORE_OK. */
TdStoreStatus td_store_open (const char *path, TdStore **store, bool *recovered,
                             TdStoreError *error);
/* Opens an existing file for reading; TD_STORE_NOT_FOUND when there is none. */
TdStoreStatus td_store_open_read_only (const char *path, TdStore **store, TdStoreError *error);
void td_store_close (TdStore *store); /* NULL is allowed */

/* --- Writing ------------------------------------------------------------------------------ */

/* STARTED_AT: ISO 8601 with offset ("2026-11-20T18:03:11+01:00"). SOURCE: a camera's name or a
 * file's name, for people. NULL fields are stored as unknown. */
typedef struct
{
  const char *started_at;
  const char *exercise; /* TdProfile.id */
  const char *source;
  const char *model;
} TdSessionInfo;

TdStoreStatus td_store_begin_session (TdStore *store, const TdSessionInfo *info, int64_t *session,
                                      TdStoreError *error);
/* Marks the session ended; one without any attempt and repetition is removed. */
TdStoreStatus td_store_end_session (TdStore *store, int64_t session, TdStoreError *error);

/* What a set was done with. LOAD_KG: NAN when not told; 0: body weight. TARGET: repetitions, 0: none. */
typedef struct
{
  float load_kg;
  int target;
} TdSetInfo;

/* INFO may be NULL: nothing was told. */
TdStoreStatus td_store_begin_set (TdStore *store, int64_t session, const TdSetInfo *info,
                                  int64_t *set, TdStoreError *error);
TdStoreStatus td_store_end_set (TdStore *store, int64_t set, TdStoreError *error);

/* A pose and its measures, kept in memory until the next td_store_add_rep(), td_store_flush(),
 * td_store_end_set() or td_store_end_session() writes them in one transaction; at most 600 wait,
 * then they are flushed. When that fails the newest 540 go on waiting, and the error is returned;
 * the next try comes 60 samples later. Of two samples of the same time the first is kept. */
TdStoreStatus td_store_add_sample (TdStore *store, int64_t set, const TdPose *pose,
                                   const TdFrameMeasures *measures, TdStoreError *error);
TdStoreStatus td_store_flush (TdStore *store, TdStoreError *error);

/* Writes REP and all waiting samples in one transaction, durable when it returns. After a failure
 * nothing of them is on disk and the samples go on waiting: call it again with the same REP. */
TdStoreStatus td_store_add_rep (TdStore *store, int64_t set, const TdRep *rep, TdStoreError *error);

TdStoreStatus td_store_delete_session (TdStore *store, int64_t session, TdStoreError *error);

/* What the user says of a repetition; the measured verdict (TdRep.counted) stays beside it. */
typedef enum
{
  TD_VERDICT_MEASURED, /* nothing: what was measured holds */
  TD_VERDICT_NOT_ONE,
  TD_VERDICT_ONE
} TdVerdict;

/* Corrects the repetition or attempt REP (TdRepRow.id). One that was added by the user is removed by
 * all but TD_VERDICT_ONE: nothing of it was measured. TD_STORE_NOT_FOUND when there is none. */
TdStoreStatus td_store_set_verdict (TdStore *store, int64_t rep, TdVerdict verdict,
                                    TdStoreError *error);
/* One repetition more in SET, by td_standing_more(); one that is added has no measure
 * (TD_MISSING_BY_HAND) and is at AT_NS on the frames' clock, or at the last repetition's top when that is
 * later. */
TdStoreStatus td_store_add_one (TdStore *store, int64_t set, int64_t at_ns, TdStoreError *error);
/* One less: the newest one of SET that counts is none. TD_STORE_NOT_FOUND when none counts. */
TdStoreStatus td_store_take_one (TdStore *store, int64_t set, TdStoreError *error);

/* Of a session that may have ended. NOTE: UTF-8, "" for none. */
TdStoreStatus td_store_set_note (TdStore *store, int64_t session, const char *note,
                                 TdStoreError *error);
TdStoreStatus td_store_set_info (TdStore *store, int64_t set, const TdSetInfo *info,
                                 TdStoreError *error);
/* The session was filmed. PICTURE: the name of a file in the folder td_store_pictures_folder(), "" for
 * none; PICTURE_NS: the frames' clock at its first frame. */
TdStoreStatus td_store_set_picture (TdStore *store, int64_t session, const char *picture,
                                    int64_t picture_ns, TdStoreError *error);

/* --- Reading ------------------------------------------------------------------------------ */

enum
{
  TD_SESSION_DEPTHS = 32,
  TD_NOTE_SIZE = 1024
};

typedef struct
{
  int64_t id;
  char started_at[40];
  char exercise[32];
  char source[256];
  char model[64];
  bool ended; /* false: the program stopped in the middle */
  int n_sets;
  int n_reps;             /* counted, as corrected by the user; likewise all that follows */
  int n_attempts;         /* not counted */
  float best_flexion_deg; /* of counted ones; NAN when none */
  float load_kg;          /* greatest of its sets; NAN when not told */
  int64_t first_ns;       /* the first stored frame or start of a repetition: zero of a time axis */
  int n_depths;
  uint8_t depths_deg[TD_SESSION_DEPTHS]; /* flexion of counted repetitions with one, in order; of
                                            more than fit every k-th */
  char note[TD_NOTE_SIZE];               /* "" for none; a longer one ends at a whole character */
  char picture[256];                     /* the name of a file without any folder; "" for none */
  int64_t picture_ns;                    /* the frames' clock at its first frame */
} TdSessionRow;

/* Calls EACH for every session, the newest first, until it returns false. */
typedef bool (*TdEachSession) (const TdSessionRow *row, void *data);
TdStoreStatus td_store_each_session (TdStore *store, TdEachSession each, void *data,
                                     TdStoreError *error);
TdStoreStatus td_store_get_session (TdStore *store, int64_t session, TdSessionRow *row,
                                    TdStoreError *error);

typedef struct
{
  int64_t id;
  int number;     /* from 1 within the session */
  int n_reps;     /* as corrected */
  int n_attempts; /* likewise */
  TdSetInfo info;
  int64_t start_ns; /* of the first repetition or attempt; 0: none */
  int64_t end_ns;   /* top of the last one */
} TdSetRow;

/* In order. */
typedef bool (*TdEachSet) (const TdSetRow *row, void *data);
TdStoreStatus td_store_each_set (TdStore *store, int64_t session, TdEachSet each, void *data,
                                 TdStoreError *error);

/* What a session's repetitions of one exercise with one load come to: for trends. */
typedef struct
{
  int64_t session;
  char started_at[40];
  char exercise[32];
  float load_kg; /* NAN: not told */
  int n_sets;
  int n_reps;
  /* Of counted repetitions in which it was measured; NAN when in none. */
  float best_flexion_deg;
  float mean_flexion_deg;
  float mean_fppa_worst_deg;
  float mean_lockout_deg;
  float mean_eccentric_s;
  float mean_concentric_s;
  float mean_velocity; /* leg lengths a second */
} TdSummaryRow;

/* Of all sessions, the oldest first; those without a counted repetition are left out. */
typedef bool (*TdEachSummary) (const TdSummaryRow *row, void *data);
TdStoreStatus td_store_each_summary (TdStore *store, TdEachSummary each, void *data,
                                     TdStoreError *error);

typedef struct
{
  int64_t id;
  int64_t session;
  int64_t set;
  int set_number; /* from 1 within the session */
  int number;     /* from 1 within the set, of those that count; 0: does not count */
  TdVerdict verdict;
  bool by_hand; /* added by the user: nothing of it was measured, REP only says that it counts */
  TdRep rep;
} TdRepRow;

/* As the user corrected it. */
bool td_rep_row_counts (const TdRepRow *row);

/* By set, in order of time, attempts included. A measure that the version of Teardrop that wrote the row did
 * not take yet is missing for TD_MISSING_JOINTS; likewise in samples. */
typedef bool (*TdEachRep) (const TdRepRow *row, void *data);
TdStoreStatus td_store_each_rep (TdStore *store, int64_t session, TdEachRep each, void *data,
                                 TdStoreError *error);

typedef struct
{
  int set_number;
  TdPose pose;              /* joints to 1/8 pixel, scores to 1/255, depth_sigma to 1/1000 */
  TdFrameMeasures measures; /* angles to 1/100 degree, ratios to 1/1000 */
} TdSampleRow;

typedef bool (*TdEachSample) (const TdSampleRow *row, void *data);
TdStoreStatus td_store_each_sample (TdStore *store, int64_t session, TdEachSample each, void *data,
                                    TdStoreError *error);

/* --- The person's own --------------------------------------------------------------------- */

typedef struct
{
  int64_t id;
  char at[40];    /* ISO 8601 with offset */
  char model[64]; /* of the network that measured it; "" when unknown */
  TdCalibration calibration;
} TdCalibrationRow;

/* Keeps CALIBRATION beside the earlier ones. AT and MODEL as in the row; MODEL may be NULL. */
TdStoreStatus td_store_add_calibration (TdStore *store, const char *at, const char *model,
                                        const TdCalibration *calibration, TdStoreError *error);
/* The one that was added last; TD_STORE_NOT_FOUND when there is none. */
TdStoreStatus td_store_latest_calibration (TdStore *store, TdCalibrationRow *row,
                                           TdStoreError *error);

/* --- Care --------------------------------------------------------------------------------- */

/* Copies the whole database to TO while it may be in use, and checks the copy. TO may be an earlier
 * backup, which is replaced only when the copy is whole; any other existing file is refused. */
TdStoreStatus td_store_backup (TdStore *store, const char *to, TdStoreError *error);
/* integrity_check and foreign_key_check. */
TdStoreStatus td_store_check (TdStore *store, TdStoreError *error);

/* For who writes elsewhere what is read here: fills ERROR for a system call that failed with NUMBER
 * ("WHAT cannot be written: no space left on device.") and returns its status. */
TdStoreStatus td_store_write_error (const char *what, int number, TdStoreError *error);
