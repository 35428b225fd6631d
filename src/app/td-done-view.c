/* td-done-view.c: a session has ended: what it was, and where to see more of it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-done-view.h"

#include "td-depth-bars.h"
#include "td-words.h"

#include <glib/gi18n.h>

struct _TdDoneView
{
  AdwBin parent_instance;
  GtkLabel *title;
  GtkLabel *deepest;
  TdDepthBars *bars;
  GtkLabel *end;
  GtkWidget *history;
};

G_DEFINE_FINAL_TYPE (TdDoneView, td_done_view, ADW_TYPE_BIN)

void
td_done_view_set_session (TdDoneView *self, const TdSetLog *log, const char *end, gboolean saved)
{
  int n_sets = td_set_log_n_sets (log);
  g_autofree int *counts = g_new0 (int, (gsize) MAX (n_sets, 1));
  TdMeasure depth = td_set_log_deepest (log, 0);
  g_autofree char *deepest = NULL;
  g_autofree char *title = NULL;
  int n = 0;

  g_return_if_fail (TD_IS_DONE_VIEW (self));

  /* A set of attempts alone is none that one did. */
  for (int s = 1; s <= n_sets; s++)
    if (td_set_log_count (log, s) > 0)
      counts[n++] = td_set_log_count (log, s);
  title = n > 0 ? td_words_sets (counts, n) : g_strdup (_ ("No repetition"));
  if (td_measure_ok (depth))
    deepest = g_strdup_printf (_ ("Deepest %.0f°"), (double) depth.value);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->deepest, deepest ? deepest : "");
  gtk_widget_set_visible (GTK_WIDGET (self->deepest), deepest != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->bars),
                          td_set_log_count (log, 0) + td_set_log_attempts (log, 0) > 0);
  td_depth_bars_set_log (self->bars, log, 0);
  gtk_label_set_label (self->end, end);
  gtk_widget_set_visible (self->history, saved);
}

void
td_done_view_set_limit (TdDoneView *self, float flexion_deg)
{
  g_return_if_fail (TD_IS_DONE_VIEW (self));
  td_depth_bars_set_limit (self->bars, flexion_deg);
}

static void
td_done_view_class_init (TdDoneViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_type_ensure (TD_TYPE_DEPTH_BARS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-done-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TdDoneView, title);
  gtk_widget_class_bind_template_child (widget_class, TdDoneView, deepest);
  gtk_widget_class_bind_template_child (widget_class, TdDoneView, bars);
  gtk_widget_class_bind_template_child (widget_class, TdDoneView, end);
  gtk_widget_class_bind_template_child (widget_class, TdDoneView, history);
}

static void
td_done_view_init (TdDoneView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
td_done_view_new (void)
{
  return g_object_new (TD_TYPE_DONE_VIEW, NULL);
}
