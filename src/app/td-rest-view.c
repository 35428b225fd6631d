/* td-rest-view.c: between two sets: the rest's clock, what the set was, and what comes next.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-rest-view.h"

#include "td-depth-bars.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>

struct _TdRestView
{
  AdwBin parent_instance;
  int planned_s;
  double elapsed_s;

  GtkLabel *clock;
  GtkLabel *title;
  TdDepthBars *bars;
  GtkLabel *summary;
  GtkWidget *longer;
};

G_DEFINE_FINAL_TYPE (TdRestView, td_rest_view, ADW_TYPE_BIN)

char *
td_rest_clock (double elapsed_s, int planned_s)
{
  double left = planned_s - elapsed_s;

  if (planned_s <= 0)
    return td_words_clock (elapsed_s);
  /* A countdown is over when it shows nothing left, not a second before. */
  if (left > 0)
    return td_words_clock (ceil (left));
  g_autofree char *over = td_words_clock (-left);
  return g_strconcat ("+", over, NULL);
}

static void
show_clock (TdRestView *self)
{
  g_autofree char *text = td_rest_clock (self->elapsed_s, self->planned_s);
  gboolean over = self->planned_s > 0 && self->elapsed_s >= self->planned_s;

  if (g_strcmp0 (gtk_label_get_label (self->clock), text) == 0)
    return;
  gtk_label_set_label (self->clock, text);
  if (over)
    gtk_widget_add_css_class (GTK_WIDGET (self->clock), "over");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->clock), "over");
}

void
td_rest_view_set_set (TdRestView *self, const TdSetLog *log, int set, int target_sets,
                      int planned_s)
{
  guint n;
  const TdLoggedRep *reps = td_set_log_reps (log, set, &n);
  g_autoptr (GArray) counted = g_array_new (FALSE, FALSE, sizeof (TdRep));

  g_return_if_fail (TD_IS_REST_VIEW (self));

  self->planned_s = planned_s;
  for (guint i = 0; i < n; i++)
    {
      TdRep rep = reps[i].rep;
      rep.counted = reps[i].counts;
      g_array_append_val (counted, rep);
    }

  g_autofree char *which = td_words_set (set, target_sets);
  g_autofree char *how_many = td_words_reps (td_set_log_count (log, set));
  g_autofree char *title = g_strconcat (which, " · ", how_many, NULL);
  g_autofree char *summary = td_words_set_summary ((const TdRep *) counted->data, counted->len);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), summary[0] != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->bars), n > 0);
  gtk_widget_set_visible (self->longer, planned_s > 0);
  td_depth_bars_set_log (self->bars, log, set);
  show_clock (self);
}

void
td_rest_view_set_limit (TdRestView *self, float flexion_deg)
{
  g_return_if_fail (TD_IS_REST_VIEW (self));
  td_depth_bars_set_limit (self->bars, flexion_deg);
}

void
td_rest_view_set_elapsed (TdRestView *self, double seconds)
{
  g_return_if_fail (TD_IS_REST_VIEW (self));

  self->elapsed_s = seconds;
  show_clock (self);
}

static void
td_rest_view_class_init (TdRestViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_type_ensure (TD_TYPE_DEPTH_BARS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-rest-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TdRestView, clock);
  gtk_widget_class_bind_template_child (widget_class, TdRestView, title);
  gtk_widget_class_bind_template_child (widget_class, TdRestView, bars);
  gtk_widget_class_bind_template_child (widget_class, TdRestView, summary);
  gtk_widget_class_bind_template_child (widget_class, TdRestView, longer);
}

static void
td_rest_view_init (TdRestView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
td_rest_view_new (void)
{
  return g_object_new (TD_TYPE_REST_VIEW, NULL);
}
