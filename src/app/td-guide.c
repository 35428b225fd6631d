/* td-guide.c: the guide: both squats, where to stand, the measures, why one did not count.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-guide.h"

#include "td-drawing.h"
#include "td-names.h"

struct _TdGuide
{
  AdwPreferencesWindow parent_instance;
};

G_DEFINE_FINAL_TYPE (TdGuide, td_guide, ADW_TYPE_PREFERENCES_WINDOW)

static void
td_guide_class_init (TdGuideClass *class)
{
  g_type_ensure (TD_TYPE_DRAWING);
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (class),
                                               "/io/github/teardrop/Teardrop/td-guide.ui");
}

static void
td_guide_init (TdGuide *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  td_names_fill (GTK_WIDGET (self));
}

TdGuide *
td_guide_new (GtkWindow *parent)
{
  /* Among the program's windows, so that its keys work here too and a second one finds this. */
  return g_object_new (TD_TYPE_GUIDE, "transient-for", parent, "application",
                       gtk_window_get_application (parent), NULL);
}
