/* td-count.h: the count, large enough to be read from four metres.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_COUNT (td_count_get_type ())
G_DECLARE_FINAL_TYPE (TdCount, td_count, TD, COUNT, GtkWidget)

GtkWidget *td_count_new (void);

/* Swells once (150 ms) when the number grows, unless the desktop's animations are off. */
void td_count_set_value (TdCount *self, int value);

/* The size of the widget whose digits are DIGIT_HEIGHT pixels high but no wider than MAX_WIDTH
 * allows. */
void td_count_size_for (TdCount *self, int digit_height, int max_width, int *width, int *height);

G_END_DECLS
