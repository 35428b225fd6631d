/* td-words.h: what Teardrop says about a repetition and a pose, as plain text. No widgets.
 *
 * Every function returns translated text to be freed with g_free(), never NULL.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

#include <glib.h>

G_BEGIN_DECLS

/* "parallel, 112°" */
char *td_words_depth (const TdRep *rep);
/* "deep", "parallel" …; "–" when the depth is not known. */
char *td_words_depth_class (TdDepth depth);
/* "knees steady (2°)", "knees inward (valgus, 12°)", "valgus: needs a front view" */
char *td_words_valgus (const TdRep *rep);
/* "Counted", or "Not counted: too shallow (62°, needs 70°)". PROFILE may be NULL. */
char *td_words_verdict (const TdRep *rep, const TdProfile *profile);
/* Two lines: what it was, and its form. */
char *td_words_feedback (const TdRep *rep, const TdProfile *profile);

/* A measure as a number with DIGITS decimals, in the user's own locale, or "–". */
char *td_words_measure (TdMeasure measure, int digits);

/* What to do so that the camera sees enough ("Step back: your feet are cut off"), or NULL when all
 * is well: the one function here that may return NULL. */
char *td_words_guidance (const TdPose *pose);

/* "20 November 2026, 18:03" of an ISO 8601 time; the text itself when it is none. */
char *td_words_date (const char *iso8601);
/* "teardrop-2026-11-20-1803.csv" */
char *td_words_csv_name (const char *iso8601);

/* "6 repetitions", "1 repetition" */
char *td_words_reps (int n);

G_END_DECLS
