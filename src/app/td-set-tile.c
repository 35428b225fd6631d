/* td-set-tile.c: one set of a session in words, and its load to be changed in place.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-set-tile.h"

#include "td-history-words.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define STEP_KG 2.5
#define STEP_LB 5.0
#define MOST_KG 500.0

struct _TdSetTile
{
  AdwActionRow parent_instance;

  TdSetRow set;
  gboolean imperial;
  gboolean changed; /* by the user, and not taken yet */
  gboolean showing; /* the value changes because it is shown */

  GtkSpinButton *load;
  GtkLabel *unit;
};

G_DEFINE_FINAL_TYPE (TdSetTile, td_set_tile, ADW_TYPE_ACTION_ROW)

enum
{
  LOAD_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One step below body weight alone stands for "not told". */
static gboolean
is_told (double value)
{
  return value >= 0;
}

float
td_set_tile_get_load (TdSetTile *self)
{
  g_return_val_if_fail (TD_IS_SET_TILE (self), NAN);

  double value = gtk_spin_button_get_value (self->load);
  return is_told (value) ? (float) td_history_load_to_kg (value, self->imperial) : NAN;
}

static int
on_input (GtkSpinButton *spin, double *value)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (spin)));

  g_strstrip (text);
  if (text[0] != '\0' && strcmp (text, "–") != 0 && strcmp (text, "-") != 0)
    return FALSE; /* a number */
  *value = gtk_adjustment_get_lower (gtk_spin_button_get_adjustment (spin));
  return TRUE;
}

static gboolean
on_output (GtkSpinButton *spin, gpointer data)
{
  TdSetTile *self = data;
  double value = gtk_spin_button_get_value (spin);
  double tenths = round (10 * value) / 10;
  g_autofree char *text = NULL;
  g_autofree char *words = NULL;

  if (is_told (value))
    {
      text = g_strdup_printf ("%.*f", fabs (tenths - round (tenths)) < 0.05 ? 0 : 1, tenths);
      words
          = td_history_load ((float) td_history_load_to_kg (value, self->imperial), self->imperial);
    }
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (spin)), text ? text : "–") != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin), text ? text : "–");
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  words ? words : _ ("not told"), -1);
  return TRUE;
}

static void
on_value_changed (TdSetTile *self)
{
  if (self->showing)
    return;
  self->changed = TRUE;
  g_signal_emit (self, signals[LOAD_CHANGED], 0);
}

static char *
set_words (const TdSetRow *set, gint64 rest_ns)
{
  g_autofree char *reps = NULL;
  g_autofree char *lasted = NULL;
  GString *text = g_string_new (NULL);

  if (set->info.target > 0)
    /* Translators: done of wanted */
    reps = g_strdup_printf (_ ("%d of %d repetitions"), set->n_reps, set->info.target);
  else
    reps = td_words_reps (set->n_reps);
  g_string_append (text, reps);
  if (set->n_attempts > 0)
    g_string_append_printf (text, _ (", %d not counted"), set->n_attempts);
  if (set->start_ns > 0 && set->end_ns > set->start_ns)
    {
      lasted = td_history_duration (set->end_ns - set->start_ns);
      g_string_append_printf (text, " · %s", lasted);
    }
  if (rest_ns >= 0)
    {
      g_autofree char *rest = td_history_duration (rest_ns);
      g_string_append_printf (text, " · ");
      g_string_append_printf (text, _ ("after %s of rest"), rest);
    }
  return g_string_free (text, FALSE);
}

void
td_set_tile_show (TdSetTile *self, const TdSetRow *set, gint64 rest_ns)
{
  g_return_if_fail (TD_IS_SET_TILE (self));

  g_autofree char *title = g_strdup_printf (_ ("Set %d"), set->number);
  g_autofree char *words = set_words (set, rest_ns);
  g_autofree char *name = g_strdup_printf (self->imperial ? _ ("Load of set %d in pounds")
                                                          : _ ("Load of set %d in kilograms"),
                                           set->number);

  self->set = *set;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->load), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  if (self->changed)
    return;
  self->showing = TRUE;
  gtk_spin_button_set_value (
      self->load, isnan (set->info.load_kg)
                      ? gtk_adjustment_get_lower (gtk_spin_button_get_adjustment (self->load))
                      : td_history_load_from_kg ((double) set->info.load_kg, self->imperial));
  self->showing = FALSE;
}

gint64
td_set_tile_get_id (TdSetTile *self)
{
  g_return_val_if_fail (TD_IS_SET_TILE (self), 0);
  return self->set.id;
}

gboolean
td_set_tile_take_change (TdSetTile *self, TdSetInfo *info)
{
  g_return_val_if_fail (TD_IS_SET_TILE (self), FALSE);

  if (!self->changed)
    return FALSE;
  self->changed = FALSE;
  self->set.info.load_kg = td_set_tile_get_load (self);
  *info = self->set.info;
  return TRUE;
}

static void
td_set_tile_class_init (TdSetTileClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  signals[LOAD_CHANGED] = g_signal_new ("load-changed", TD_TYPE_SET_TILE, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-set-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, TdSetTile, load);
  gtk_widget_class_bind_template_child (widget_class, TdSetTile, unit);
  gtk_widget_class_bind_template_callback (widget_class, on_input);
  gtk_widget_class_bind_template_callback (widget_class, on_output);
  gtk_widget_class_bind_template_callback (widget_class, on_value_changed);
}

static void
td_set_tile_init (TdSetTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
td_set_tile_new (gboolean imperial)
{
  TdSetTile *self = g_object_new (TD_TYPE_SET_TILE, NULL);
  double step = imperial ? STEP_LB : STEP_KG;

  self->imperial = imperial;
  self->showing = TRUE;
  gtk_spin_button_set_adjustment (
      self->load, gtk_adjustment_new (-step, -step, td_history_load_from_kg (MOST_KG, imperial),
                                      step, 4 * step, 0));
  self->showing = FALSE;
  gtk_label_set_label (self->unit, imperial ? _ ("lb") : _ ("kg"));
  return GTK_WIDGET (self);
}
