/* td-columns.c: lays children out in rows of as many equal columns as are wide enough.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-columns.h"

struct _TdColumns
{
  GtkLayoutManager parent_instance;

  int least, most, column_width, spacing;
};

G_DEFINE_FINAL_TYPE (TdColumns, td_columns, GTK_TYPE_LAYOUT_MANAGER)

enum
{
  LEAST = 1,
  MOST,
  COLUMN_WIDTH,
  SPACING,
  N_PROPERTIES
};

static GtkWidget *
next_shown (GtkWidget *child)
{
  while (child && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static int
columns_of (TdColumns *self, int width)
{
  int fit = (width + self->spacing) / (self->column_width + self->spacing);

  return CLAMP (fit, self->least, self->most);
}

/* The children from *FIRST on that share a row, and how wide all but the last are; *FIRST becomes the one after
 * them. */
static int
take_row (GtkWidget **first, int columns)
{
  int n = 0;

  for (; *first && n < columns; n++)
    *first = next_shown (gtk_widget_get_next_sibling (*first));
  return n;
}

static void
lay_out (TdColumns *self, GtkWidget *widget, int width, gboolean allocate, int *height)
{
  int columns = columns_of (self, width), y = 0;
  int column = MAX ((width - (columns - 1) * self->spacing) / columns, 1);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child;)
    {
      GtkWidget *end = child;
      int n = take_row (&end, columns), row = 0, last = width - (n - 1) * (column + self->spacing);
      int i = 0;

      for (GtkWidget *at = child; at != end; i++)
        {
          int least;
          gtk_widget_measure (at, GTK_ORIENTATION_VERTICAL, i == n - 1 ? last : column, NULL,
                              &least, NULL, NULL);
          row = MAX (row, least);
          at = next_shown (gtk_widget_get_next_sibling (at));
        }
      i = 0;
      for (GtkWidget *at = child; at != end; i++)
        {
          GtkAllocation box = { i * (column + self->spacing), y, i == n - 1 ? last : column, row };
          if (mirrored)
            box.x = width - box.x - box.width;
          if (allocate)
            gtk_widget_size_allocate (at, &box, -1);
          at = next_shown (gtk_widget_get_next_sibling (at));
        }
      y += row + (end ? self->spacing : 0);
      child = end;
    }
  *height = y;
}

static GtkSizeRequestMode
td_columns_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  (void) manager;
  (void) widget;
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
td_columns_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation,
                    int for_size, int *minimum, int *natural, int *minimum_baseline,
                    int *natural_baseline)
{
  TdColumns *self = TD_COLUMNS (manager);
  int widest = 0;

  *minimum_baseline = *natural_baseline = -1;
  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      int least;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      widest = MAX (widest, least);
    }
  int narrowest = self->least * widest + (self->least - 1) * self->spacing;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = narrowest;
      *natural
          = MAX (narrowest, self->most * self->column_width + (self->most - 1) * self->spacing);
      return;
    }
  lay_out (self, widget, for_size < 0 ? narrowest : for_size, FALSE, minimum);
  *natural = *minimum;
}

static void
td_columns_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                     int baseline)
{
  (void) baseline;
  lay_out (TD_COLUMNS (manager), widget, width, TRUE, &height);
}

static int *
property_of (TdColumns *self, guint id)
{
  int *properties[N_PROPERTIES]
      = { NULL, &self->least, &self->most, &self->column_width, &self->spacing };

  return properties[id];
}

static void
td_columns_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  (void) spec;
  *property_of (TD_COLUMNS (object), id) = g_value_get_int (value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
td_columns_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  (void) spec;
  g_value_set_int (value, *property_of (TD_COLUMNS (object), id));
}

static void
td_columns_class_init (TdColumnsClass *class)
{
  static const struct
  {
    const char *name;
    int least, usual;
  } properties[N_PROPERTIES] = { [LEAST] = { "least", 1, 1 },
                                 [MOST] = { "most", 1, 2 },
                                 [COLUMN_WIDTH] = { "column-width", 1, 400 },
                                 [SPACING] = { "spacing", 0, 12 } };
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (class);
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->set_property = td_columns_set_property;
  object_class->get_property = td_columns_get_property;
  layout_class->get_request_mode = td_columns_get_request_mode;
  layout_class->measure = td_columns_measure;
  layout_class->allocate = td_columns_allocate;
  for (guint id = 1; id < N_PROPERTIES; id++)
    g_object_class_install_property (
        object_class, id,
        g_param_spec_int (properties[id].name, NULL, NULL, properties[id].least, 10000,
                          properties[id].usual,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
}

static void
td_columns_init (TdColumns *self)
{
  (void) self;
}
