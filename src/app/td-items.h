/* td-items.h: a source, a session and a repetition as list items.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where pictures come from. */
typedef enum
{
  TD_SOURCE_NONE, /* no camera is plugged in */
  TD_SOURCE_CAMERA,
  TD_SOURCE_FILE
} TdSourceKind;

#define TD_TYPE_SOURCE_ITEM (td_source_item_get_type ())
G_DECLARE_FINAL_TYPE (TdSourceItem, td_source_item, TD, SOURCE_ITEM, GObject)

/* ID: the camera's id or the file's path. The property "name" is NAME. */
TdSourceItem *td_source_item_new (TdSourceKind kind, const char *id, const char *name);
TdSourceKind td_source_item_get_kind (TdSourceItem *self);
const char *td_source_item_get_id (TdSourceItem *self);
const char *td_source_item_get_name (TdSourceItem *self);
/* What selects: the same kind and id. NULL equals NULL only. */
gboolean td_source_item_equal (TdSourceItem *a, TdSourceItem *b);

#define TD_TYPE_SESSION_ITEM (td_session_item_get_type ())
G_DECLARE_FINAL_TYPE (TdSessionItem, td_session_item, TD, SESSION_ITEM, GObject)

TdSessionItem *td_session_item_new (const TdSessionRow *row);
const TdSessionRow *td_session_item_get_row (TdSessionItem *self);
/* Signal "changed" tells. */
void td_session_item_set_row (TdSessionItem *self, const TdSessionRow *row);
/* What is searched of it (td_history_search_key()), made when it is first asked for. Owned by SELF. */
const char *td_session_item_get_search_key (TdSessionItem *self);
/* td_history_month() of its start. */
int td_session_item_get_month (TdSessionItem *self);

#define TD_TYPE_REP_ITEM (td_rep_item_get_type ())
G_DECLARE_FINAL_TYPE (TdRepItem, td_rep_item, TD, REP_ITEM, GObject)

TdRepItem *td_rep_item_new (const TdRepRow *row);
const TdRepRow *td_rep_item_get_row (TdRepItem *self);
/* Signal "changed" tells. */
void td_rep_item_set_row (TdRepItem *self, const TdRepRow *row);

G_END_DECLS
