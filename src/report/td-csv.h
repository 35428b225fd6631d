/* td-csv.h: a session as CSV (RFC 4180, UTF-8, "." as decimal point in every locale).
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-store.h"

#include <stdio.h>

/* A row per repetition and attempt of SESSION, header first; missing values are empty and the
 * column "missing" names them with their reasons. Times are seconds from the first row's set
 * start; angles degrees; the FPPA columns' names say the sign (…_valgus_positive). */
TdStoreStatus td_csv_write_reps (TdStore *store, int64_t session, FILE *to, TdStoreError *error);

/* A row per stored frame: t_s, <joint>_<side>_{x,y,z,score}, measures: the same columns as
 * teardrop-cli analyze --poses. */
TdStoreStatus td_csv_write_samples (TdStore *store, int64_t session, FILE *to, TdStoreError *error);

/* For teardrop-cli analyze --poses: the header, then a row per frame. false: the write failed,
 * errno says why. */
bool td_csv_write_pose_header (FILE *to);
bool td_csv_write_pose (FILE *to, const TdPose *pose, const TdFrameMeasures *measures);
