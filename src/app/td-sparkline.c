/* td-sparkline.c: the depths of a session's repetitions as bars, small enough for a list.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-sparkline.h"

#include "td-history-words.h"

#include <string.h>

/* A bar begins where a repetition hardly is one, so that what differs among real ones is seen. */
#define LOW_DEG 60.f
#define HIGH_DEG 140.f
#define WIDTH 60
#define HEIGHT 24
#define WIDEST_BAR 6.f
#define GAP 1.f

struct _TdSparkline
{
  GtkWidget parent_instance;
  int n;
  guint8 depths_deg[TD_SESSION_DEPTHS];
};

G_DEFINE_FINAL_TYPE (TdSparkline, td_sparkline, GTK_TYPE_WIDGET)

static void
td_sparkline_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                      int *natural, int *minimum_baseline, int *natural_baseline)
{
  (void) widget;
  (void) for_size;
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
  *minimum_baseline = *natural_baseline = -1;
}

static void
td_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdSparkline *self = TD_SPARKLINE (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  GdkRGBA colour, best;
  int deepest = 0;

  if (self->n == 0)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &best);
  colour = best;
  colour.alpha *= 0.5f;
  for (int i = 1; i < self->n; i++)
    if (self->depths_deg[i] > self->depths_deg[deepest])
      deepest = i;

  float step = MIN (width / (float) self->n, WIDEST_BAR + GAP);
  /* At the end of the line, so that bars of a list stand under each other. */
  float x = width - step * (float) self->n;
  for (int i = 0; i < self->n; i++, x += step)
    {
      float share = ((float) self->depths_deg[i] - LOW_DEG) / (HIGH_DEG - LOW_DEG);
      float bar = MAX (1.f, CLAMP (share, 0.f, 1.f) * height);
      gtk_snapshot_append_color (
          snapshot, i == deepest ? &best : &colour,
          &GRAPHENE_RECT_INIT (x, height - bar, MAX (step - GAP, 0.8f), bar));
    }
}

static void
td_sparkline_class_init (TdSparklineClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->measure = td_sparkline_measure;
  widget_class->snapshot = td_sparkline_snapshot;
  gtk_widget_class_set_css_name (widget_class, "td-sparkline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
td_sparkline_init (TdSparkline *self)
{
  td_sparkline_set_depths (self, NULL, 0);
}

GtkWidget *
td_sparkline_new (void)
{
  return g_object_new (TD_TYPE_SPARKLINE, NULL);
}

void
td_sparkline_set_depths (TdSparkline *self, const guint8 *depths_deg, int n)
{
  g_return_if_fail (TD_IS_SPARKLINE (self));

  self->n = CLAMP (n, 0, TD_SESSION_DEPTHS);
  if (self->n > 0)
    memcpy (self->depths_deg, depths_deg, (gsize) self->n);
  g_autofree char *text = td_history_depths (self->depths_deg, self->n);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
