/* td-trend-card.c: a chart over weeks with its name, its finding and a button that saves it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-trend-card.h"

#include "td-trend-view.h"

#include <glib/gi18n.h>

struct _TdTrendCard
{
  AdwBin parent_instance;

  TdTrendChartKind kind;
  GtkLabel *name;
  GtkLabel *finding;
  GtkWidget *save;
  TdTrendView *view;
};

G_DEFINE_FINAL_TYPE (TdTrendCard, td_trend_card, ADW_TYPE_BIN)

void
td_trend_card_set_trend (TdTrendCard *self, TdTrend *trend)
{
  g_return_if_fail (TD_IS_TREND_CARD (self));

  TdTrendChart *chart = td_trend_chart_new (trend, self->kind);
  /* Why there is nothing stands in the chart itself. */
  gtk_label_set_label (self->finding, chart->nothing ? "" : chart->title);
  gtk_widget_set_visible (GTK_WIDGET (self->finding), !chart->nothing);
  gtk_widget_set_visible (self->save, !chart->nothing);
  td_trend_view_set_chart (self->view, chart);
}

TdTrendChart *
td_trend_card_get_chart (TdTrendCard *self)
{
  g_return_val_if_fail (TD_IS_TREND_CARD (self), NULL);
  return td_trend_view_get_chart (self->view);
}

static void
td_trend_card_class_init (TdTrendCardClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_type_ensure (TD_TYPE_TREND_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-trend-card.ui");
  gtk_widget_class_bind_template_child (widget_class, TdTrendCard, name);
  gtk_widget_class_bind_template_child (widget_class, TdTrendCard, finding);
  gtk_widget_class_bind_template_child (widget_class, TdTrendCard, save);
  gtk_widget_class_bind_template_child (widget_class, TdTrendCard, view);
}

static void
td_trend_card_init (TdTrendCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
td_trend_card_new (TdTrendChartKind kind)
{
  TdTrendCard *self = g_object_new (TD_TYPE_TREND_CARD, NULL);
  /* Translators: the name of a chart */
  g_autofree char *save = g_strdup_printf (_ ("Save the chart “%s”"), td_trend_chart_name (kind));

  self->kind = kind;
  gtk_label_set_label (self->name, td_trend_chart_name (kind));
  gtk_widget_set_tooltip_text (self->save, save);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->save), GTK_ACCESSIBLE_PROPERTY_LABEL, save,
                                  -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->save), "i", (int) kind);
  return GTK_WIDGET (self);
}
