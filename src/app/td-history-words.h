/* td-history-words.h: what the history says about sessions, sets and corrected repetitions, as plain
 * text, and how it is searched. No widgets.
 *
 * Every function that gives a char * returns translated text to be freed with g_free(), never NULL
 * unless it says so.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The month of an ISO 8601 time, by its own time zone: 12 * year + month (from 0); -1 when the text
 * is no time. */
int td_history_month (const char *iso8601);
/* "November 2026"; "Unknown date" for -1. */
char *td_history_month_name (int month);
/* "Saturday 21, 18:03": the month stands above. As td_words_date() when the text is no time. */
char *td_history_day (const char *iso8601);

/* Whether loads are shown in pounds: the setting "units", or the desktop's region. */
gboolean td_history_imperial (GSettings *settings);
double td_history_load_from_kg (double kg, gboolean imperial);
double td_history_load_to_kg (double shown, gboolean imperial);
/* "20 kg", "45 lb", "body weight"; NULL when it was not told. */
char *td_history_load (float kg, gboolean imperial);

/* "3 sets · 24 reps", "8 reps" */
char *td_history_amount (const TdSessionRow *session);
/* "3 × 8", "10 + 8 + 6": repetitions of N sets. */
char *td_history_sets (const int *reps, gsize n);
/* "42 s", "1:30 min" */
char *td_history_duration (gint64 ns);
/* "Depth of 8 repetitions: 104° to 124°, ends 12° shallower"; "No depth was measured". */
char *td_history_depths (const guint8 *depths_deg, int n);

/* "Counted", "Not counted: too shallow", and where the user corrected it "Counted by you" … */
char *td_history_result (const TdRepRow *row);
/* The one correction that makes sense for ROW, and what it is called. */
TdVerdict td_history_correction (const TdRepRow *row);
const char *td_history_correction_name (const TdRepRow *row);

/* What is searched of a session: exercise, source, note and date, folded. */
char *td_history_search_key (const TdSessionRow *session);
/* The words of QUERY, folded likewise. To be freed with g_strfreev(). */
char **td_history_search_words (const char *query);
/* Every one of WORDS is somewhere in KEY; no words are everywhere. */
gboolean td_history_search_matches (const char *key, const char *const *words);

G_END_DECLS
