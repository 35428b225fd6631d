/* td-count.h: the count, large enough to be read from four metres.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_COUNT (td_count_get_type ())
G_DECLARE_FINAL_TYPE (TdCount, td_count, TD, COUNT, GtkWidget)

/* The widget's height as a multiple of the digits': some room above and below. */
#define TD_COUNT_HEIGHT 1.12

GtkWidget *td_count_new (void);

/* The repetitions to do, small beside the number ("/15") where there is room for both; 0: none. */
void td_count_set_target (TdCount *self, int target);
/* Whether there is; if not, the page says the target in another place. */
gboolean td_count_shows_target (TdCount *self);
/* Counts seconds down instead of repetitions up: what a screen reader says of it. */
void td_count_set_seconds (TdCount *self, gboolean seconds);
/* Swells once (150 ms) when the number grows, unless the desktop's animations are off. */
void td_count_set_value (TdCount *self, int value);

/* Makes the digits DIGIT_HEIGHT pixels high, narrower and then less high where the widget would be
 * wider than MAX_WIDTH. */
void td_count_set_size (TdCount *self, int digit_height, int max_width);
/* The least MAX_WIDTH with which they are that high. */
int td_count_least_width (TdCount *self, int digit_height);

G_END_DECLS
