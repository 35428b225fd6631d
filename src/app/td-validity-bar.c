/* td-validity-bar.c: always on the picture: what is measured in this view, and what is not.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-validity-bar.h"

#include <glib/gi18n.h>

struct _TdValidityBar
{
  AdwBin parent_instance;
  TdValidity validity;
  GtkLabel *depth;
  GtkLabel *valgus;
  GtkLabel *trunk;
};

G_DEFINE_FINAL_TYPE (TdValidityBar, td_validity_bar, ADW_TYPE_BIN)

static void
show (TdValidityBar *self)
{
  GtkLabel *const labels[TD_N_VALIDITY] = {
    [TD_VALIDITY_DEPTH] = self->depth,
    [TD_VALIDITY_VALGUS] = self->valgus,
    [TD_VALIDITY_TRUNK] = self->trunk,
  };

  for (int i = 0; i < TD_N_VALIDITY; i++)
    {
      g_autofree char *text = td_validity_text (&self->validity, (TdValidityId) i);
      g_autofree char *sentence = td_validity_sentence (&self->validity, (TdValidityId) i);

      gtk_label_set_label (labels[i], text);
      gtk_widget_set_tooltip_text (GTK_WIDGET (labels[i]), sentence);
      gtk_accessible_update_property (GTK_ACCESSIBLE (labels[i]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      sentence, -1);
      if (self->validity.shown[i] == TD_MISSING_NOTHING)
        gtk_widget_remove_css_class (GTK_WIDGET (labels[i]), "missing");
      else
        gtk_widget_add_css_class (GTK_WIDGET (labels[i]), "missing");
    }
}

void
td_validity_bar_push (TdValidityBar *self, const TdFrameMeasures *measures, gint64 time_ns)
{
  g_return_if_fail (TD_IS_VALIDITY_BAR (self));

  if (td_validity_push (&self->validity, measures, time_ns))
    show (self);
}

static void
td_validity_bar_class_init (TdValidityBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-validity-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TdValidityBar, depth);
  gtk_widget_class_bind_template_child (widget_class, TdValidityBar, valgus);
  gtk_widget_class_bind_template_child (widget_class, TdValidityBar, trunk);
}

static void
td_validity_bar_init (TdValidityBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  td_validity_init (&self->validity);
  show (self);
}

GtkWidget *
td_validity_bar_new (void)
{
  return g_object_new (TD_TYPE_VALIDITY_BAR, NULL);
}
