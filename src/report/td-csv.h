/* td-csv.h: a session as CSV (RFC 4180, UTF-8, "." as decimal point in every locale).
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-store.h"

#include <stdio.h>

/* Lines end with CRLF. A text that a spreadsheet would take for a formula (a camera called "=1+1")
 * is written with an apostrophe before it. Numbers: angles in degrees, times in seconds.
 *
 * A row per repetition and attempt of SESSION, header first. start_s, bottom_s and top_s count from
 * the session's first stored frame, as t_s of td_csv_write_samples() does, so that both files have
 * one time axis. "load_kg" and "target" are the set's: empty when not told, a load of 0 is body
 * weight. "number" and "counted" are as the user corrected them, "counted_as_measured" and "reason"
 * as they were measured; "correction" says what was done: "counted", "not_counted", "added" (by hand,
 * nothing of it was measured), empty for nothing. "note" is the session's. Each measure has its sigma (standard deviation) beside it. Missing values are
 * empty and the column "missing" names them with their reasons ("fppa_deg: needs a front view;
 * …"). The FPPA columns' names say the sign (fppa_valgus_positive_deg: the knee inward).
 * "failed_checks" has the ids of those checks of the session's exercise, with their default limits,
 * that were failed for sure, a blank between them. */
TdStoreStatus td_csv_write_reps (TdStore *store, int64_t session, FILE *to, TdStoreError *error);

/* A row per stored frame: the same columns as teardrop-cli analyze --poses, t_s from the session's
 * first stored frame. */
TdStoreStatus td_csv_write_samples (TdStore *store, int64_t session, FILE *to, TdStoreError *error);

/* For teardrop-cli analyze --poses: the header, then a row per frame; t_s is POSE's own time. Where
 * nobody is present the joints are empty. Times and joints read back as they were, to the last bit,
 * so that teardrop-cli analyze can measure them again. false: the write failed, errno says why. */
bool td_csv_write_pose_header (FILE *to);
bool td_csv_write_pose (FILE *to, const TdPose *pose, const TdFrameMeasures *measures);
