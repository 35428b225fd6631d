/* td-items.c: a source, a session and a repetition as list items.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-items.h"

#include "td-history-words.h"

struct _TdSourceItem
{
  GObject parent_instance;
  TdSourceKind kind;
  char *id;
  char *name;
};

G_DEFINE_FINAL_TYPE (TdSourceItem, td_source_item, G_TYPE_OBJECT)

enum
{
  PROP_NAME = 1
};

static void
td_source_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_NAME)
    g_value_set_string (value, TD_SOURCE_ITEM (object)->name);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
td_source_item_finalize (GObject *object)
{
  TdSourceItem *self = TD_SOURCE_ITEM (object);

  g_free (self->id);
  g_free (self->name);
  G_OBJECT_CLASS (td_source_item_parent_class)->finalize (object);
}

static void
td_source_item_class_init (TdSourceItemClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = td_source_item_get_property;
  object_class->finalize = td_source_item_finalize;
  g_object_class_install_property (
      object_class, PROP_NAME,
      g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
td_source_item_init (TdSourceItem *self)
{
  (void) self;
}

TdSourceItem *
td_source_item_new (TdSourceKind kind, const char *id, const char *name)
{
  TdSourceItem *self = g_object_new (TD_TYPE_SOURCE_ITEM, NULL);

  self->kind = kind;
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  return self;
}

TdSourceKind
td_source_item_get_kind (TdSourceItem *self)
{
  return self->kind;
}

const char *
td_source_item_get_id (TdSourceItem *self)
{
  return self->id;
}

const char *
td_source_item_get_name (TdSourceItem *self)
{
  return self->name;
}

gboolean
td_source_item_equal (TdSourceItem *a, TdSourceItem *b)
{
  if (!a || !b)
    return a == b;
  return a->kind == b->kind && g_strcmp0 (a->id, b->id) == 0;
}

struct _TdSessionItem
{
  GObject parent_instance;
  TdSessionRow row;
  int month;
  char *search_key; /* NULL until it is asked for */
};

G_DEFINE_FINAL_TYPE (TdSessionItem, td_session_item, G_TYPE_OBJECT)

static guint session_changed;

static void
td_session_item_finalize (GObject *object)
{
  g_free (TD_SESSION_ITEM (object)->search_key);
  G_OBJECT_CLASS (td_session_item_parent_class)->finalize (object);
}

static void
td_session_item_class_init (TdSessionItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = td_session_item_finalize;
  session_changed = g_signal_new ("changed", TD_TYPE_SESSION_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
td_session_item_init (TdSessionItem *self)
{
  (void) self;
}

TdSessionItem *
td_session_item_new (const TdSessionRow *row)
{
  TdSessionItem *self = g_object_new (TD_TYPE_SESSION_ITEM, NULL);

  self->row = *row;
  self->month = td_history_month (row->started_at);
  return self;
}

const TdSessionRow *
td_session_item_get_row (TdSessionItem *self)
{
  return &self->row;
}

void
td_session_item_set_row (TdSessionItem *self, const TdSessionRow *row)
{
  self->row = *row;
  self->month = td_history_month (row->started_at);
  g_clear_pointer (&self->search_key, g_free);
  g_signal_emit (self, session_changed, 0);
}

const char *
td_session_item_get_search_key (TdSessionItem *self)
{
  if (!self->search_key)
    self->search_key = td_history_search_key (&self->row);
  return self->search_key;
}

int
td_session_item_get_month (TdSessionItem *self)
{
  return self->month;
}

struct _TdRepItem
{
  GObject parent_instance;
  TdRepRow row;
};

G_DEFINE_FINAL_TYPE (TdRepItem, td_rep_item, G_TYPE_OBJECT)

static guint rep_changed;

static void
td_rep_item_class_init (TdRepItemClass *class)
{
  (void) class;
  rep_changed = g_signal_new ("changed", TD_TYPE_REP_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 0);
}

static void
td_rep_item_init (TdRepItem *self)
{
  (void) self;
}

TdRepItem *
td_rep_item_new (const TdRepRow *row)
{
  TdRepItem *self = g_object_new (TD_TYPE_REP_ITEM, NULL);

  self->row = *row;
  return self;
}

const TdRepRow *
td_rep_item_get_row (TdRepItem *self)
{
  return &self->row;
}

void
td_rep_item_set_row (TdRepItem *self, const TdRepRow *row)
{
  self->row = *row;
  g_signal_emit (self, rep_changed, 0);
}
