/* td-trends-page.h: how training goes over weeks and months.
 *
 * Reads what is stored each time it comes on the screen.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_TRENDS_PAGE (td_trends_page_get_type ())
G_DECLARE_FINAL_TYPE (TdTrendsPage, td_trends_page, TD, TRENDS_PAGE, AdwBin)

/* PATH: the database; SETTINGS: for the units. */
void td_trends_page_set_store (TdTrendsPage *self, const char *path, GSettings *settings,
                               AdwToastOverlay *toasts);
/* Something was stored meanwhile. */
void td_trends_page_reload (TdTrendsPage *self);

G_END_DECLS
