/* td-session-tile.c: one session in the list, under its month's name where the month begins.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-session-tile.h"

#include "td-history-words.h"
#include "td-sparkline.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>

struct _TdSessionTile
{
  GtkBox parent_instance;

  TdSessionItem *item;
  gulong changed;
  gboolean imperial;

  GtkLabel *month;
  GtkLabel *day;
  GtkLabel *exercise;
  GtkLabel *amount;
  GtkLabel *best;
  GtkWidget *note;
  TdSparkline *depths;
};

G_DEFINE_FINAL_TYPE (TdSessionTile, td_session_tile, GTK_TYPE_BOX)

static void
show_item (TdSessionTile *self)
{
  const TdSessionRow *row = td_session_item_get_row (self->item);
  g_autofree char *day = td_history_day (row->started_at);
  g_autofree char *date = td_words_date (row->started_at);
  g_autofree char *exercise = td_words_exercise (row->exercise);
  g_autofree char *reps = td_history_amount (row);
  g_autofree char *load = td_history_load (row->load_kg, self->imperial);
  g_autofree char *amount = g_strjoin (" · ", reps, load, NULL);
  g_autofree char *depths = td_history_depths (row->depths_deg, row->n_depths);
  g_autofree char *best = NULL;

  if (!isnan (row->best_flexion_deg))
    best = g_strdup_printf (_ ("deepest %.0f°"), (double) row->best_flexion_deg);
  gtk_label_set_label (self->day, day);
  gtk_label_set_label (self->exercise, exercise);
  gtk_label_set_label (self->amount, amount);
  gtk_label_set_label (self->best, best ? best : "");
  gtk_widget_set_visible (self->note, row->note[0] != '\0');
  td_sparkline_set_depths (self->depths, row->depths_deg, row->n_depths);

  g_autofree char *name = g_strjoin (", ", date, exercise, amount, best ? best : depths,
                                     best ? depths : row->source, best ? row->source : NULL, NULL);
  /* The row of the list is what takes the focus, and has no name of its own. */
  GtkWidget *named = gtk_widget_get_parent (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (named ? named : GTK_WIDGET (self)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
td_session_tile_set_item (TdSessionTile *self, TdSessionItem *item, gboolean imperial)
{
  g_return_if_fail (TD_IS_SESSION_TILE (self));

  if (self->item)
    g_clear_signal_handler (&self->changed, self->item);
  g_set_object (&self->item, item);
  self->imperial = imperial;
  if (!item)
    return;
  self->changed = g_signal_connect_swapped (item, "changed", G_CALLBACK (show_item), self);
  show_item (self);
}

void
td_session_tile_set_begins_month (TdSessionTile *self, gboolean begins)
{
  g_return_if_fail (TD_IS_SESSION_TILE (self));

  if (begins && self->item)
    {
      g_autofree char *name = td_history_month_name (td_session_item_get_month (self->item));
      gtk_label_set_label (self->month, name);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->month), begins);
}

gboolean
td_session_tile_get_begins_month (TdSessionTile *self)
{
  g_return_val_if_fail (TD_IS_SESSION_TILE (self), FALSE);
  return gtk_widget_get_visible (GTK_WIDGET (self->month));
}

static void
on_month_pressed (GtkGestureClick *gesture)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
td_session_tile_dispose (GObject *object)
{
  TdSessionTile *self = TD_SESSION_TILE (object);

  if (self->item)
    g_clear_signal_handler (&self->changed, self->item);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (td_session_tile_parent_class)->dispose (object);
}

static void
td_session_tile_class_init (TdSessionTileClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_session_tile_dispose;
  g_type_ensure (TD_TYPE_SPARKLINE);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-session-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, TdSessionTile, month);
  gtk_widget_class_bind_template_child (widget_class, TdSessionTile, day);
  gtk_widget_class_bind_template_child (widget_class, TdSessionTile, exercise);
  gtk_widget_class_bind_template_child (widget_class, TdSessionTile, amount);
  gtk_widget_class_bind_template_child (widget_class, TdSessionTile, best);
  gtk_widget_class_bind_template_child (widget_class, TdSessionTile, note);
  gtk_widget_class_bind_template_child (widget_class, TdSessionTile, depths);
  gtk_widget_class_bind_template_callback (widget_class, on_month_pressed);
}

static void
td_session_tile_init (TdSessionTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
td_session_tile_new (void)
{
  return g_object_new (TD_TYPE_SESSION_TILE, NULL);
}
