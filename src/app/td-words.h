/* td-words.h: what Teardrop says about a repetition and a pose, as plain text. No widgets.
 *
 * Every function returns translated text to be freed with g_free(), never NULL
 * unless they say so.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-engine.h"

G_BEGIN_DECLS

/* "parallel, 112°", "about parallel, 112°" */
char *td_words_depth (const TdRep *rep);
/* "deep", "about parallel" …; "–" when the depth is not known. */
char *td_words_depth_class (const TdRep *rep);
/* "knees steady (2°)", "knees inward (valgus, 12°)", "valgus: needs a front view" */
char *td_words_valgus (const TdRep *rep);
/* "Counted", or "Not counted: too shallow (62°, needs 70°)". PROFILE may be NULL. */
char *td_words_verdict (const TdRep *rep, const TdProfile *profile);
/* Two lines: what it was, and its knees; a third with the cue for the most important check of the
 * exercise that it failed. PROFILE may be NULL. */
char *td_words_feedback (const TdRep *rep, const TdProfile *profile);
/* That cue in a sentence or two; NULL when there is none. */
char *td_words_advice (const TdRep *rep, const TdProfile *profile);

/* A measure as a number with DIGITS decimals, in the user's own locale, or "–". */
char *td_words_measure (TdMeasure measure, int digits);

/* "◂▸ Knees out": the cue for the most important check that REP failed, with its sign; NULL when
 * there is none. */
char *td_words_cue (const TdRep *rep, const TdProfile *profile);

/* What is wrong now and what is safe, or NULL when all is well. IN_SESSION: counting goes on, or
 * will when the camera is back. */
char *td_words_trouble (const TdLiveUpdate *update, gboolean in_session);
/* Why a camera cannot be used: a title, not to be freed, */
const char *td_words_camera_title (TdCaptureStatus reason);
/* and what to do. NAME: of the camera, or of its device file; DETAIL: what the system said. */
char *td_words_camera (TdCaptureStatus reason, const char *name, const char *detail);
/* A session has ended: what was counted in all of it, and whether it is saved. */
char *td_words_end (const TdLiveUpdate *update, int count, int attempts);

/* "Cyclist squat"; the id itself when there is no such profile, "Unknown exercise" for "". */
char *td_words_exercise (const char *id);
/* "20 November 2026, 18:03" of an ISO 8601 time; the text itself when it is none, "Unknown date"
 * for "". */
char *td_words_date (const char *iso8601);
/* "teardrop-2026-11-20-1803.csv" */
char *td_words_csv_name (const char *iso8601);

/* "6 repetitions", "1 repetition" */
char *td_words_reps (int n);
/* "3 sets × 8", "3 sets: 8, 8, 6", "1 set × 8" of the COUNTS of N sets. */
char *td_words_sets (const int *counts, int n);
/* "Set 2 of 4"; TARGET 0: "Set 2". */
char *td_words_set (int number, int target);
/* "1:12" of whole seconds, rounded down. */
char *td_words_clock (double seconds);
/* A sentence or two on a set: the deepest, and how it changed from first to last; "" when nothing
 * is known of it. */
char *td_words_set_summary (const TdRep *reps, gsize n);

G_END_DECLS
