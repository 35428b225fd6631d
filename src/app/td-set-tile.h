/* td-set-tile.h: one set of a session in words, and its load to be changed in place.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_SET_TILE (td_set_tile_get_type ())
G_DECLARE_FINAL_TYPE (TdSetTile, td_set_tile, TD, SET_TILE, AdwActionRow)

/* IMPERIAL: the load in pounds. Signal "load-changed": the user gave another one. */
GtkWidget *td_set_tile_new (gboolean imperial);

/* REST_NS: since the set before; negative: there is none, or it is not known. A load that the user
 * has changed stays until td_set_tile_take_change() was called. */
void td_set_tile_show (TdSetTile *self, const TdSetRow *set, gint64 rest_ns);

/* Of what is shown. */
gint64 td_set_tile_get_id (TdSetTile *self);
/* In kilograms; NAN: not told; 0: body weight. */
float td_set_tile_get_load (TdSetTile *self);
/* TRUE once after the user has changed the load; *INFO is then what the set is to have. */
gboolean td_set_tile_take_change (TdSetTile *self, TdSetInfo *info);

G_END_DECLS
