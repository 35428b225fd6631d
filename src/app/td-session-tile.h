/* td-session-tile.h: one session in the list, under its month's name where the month begins.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-items.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_SESSION_TILE (td_session_tile_get_type ())
G_DECLARE_FINAL_TYPE (TdSessionTile, td_session_tile, TD, SESSION_TILE, GtkBox)

GtkWidget *td_session_tile_new (void);

/* Follows ITEM, which may be NULL: none. IMPERIAL: loads in pounds. */
void td_session_tile_set_item (TdSessionTile *self, TdSessionItem *item, gboolean imperial);
/* Whether the name of its month stands above it. A click there chooses nothing. */
void td_session_tile_set_begins_month (TdSessionTile *self, gboolean begins);
gboolean td_session_tile_get_begins_month (TdSessionTile *self);

G_END_DECLS
