/* td-drawing.c: the drawings of the guide and the first steps, in the colours of the theme.
 *
 * A drawing is in metres, the origin at the left end of the floor, y up. People are thick round lines
 * from joint to joint, posed by three angles, as science.md's leg model is.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-drawing.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define SHANK 0.43
#define THIGH 0.43
#define TRUNK 0.50
#define ARM 0.56
#define ANKLE_HEIGHT 0.08
#define HEEL_TO_ANKLE 0.06
#define ANKLE_TO_TOE 0.17
#define WEDGE 0.076

/* A number's disc, in pixels. */
#define DISC 10.5
#define NATURAL_WIDTH 440

typedef struct
{
  double x, y;
} Point;

typedef struct
{
  Point heel, toe, ankle, knee, hip, shoulder, head, hand;
} Figure;

/* Degrees: shank and trunk forward of upright, thigh above level. RIGHT: 1 when the figure looks to
 * the right, -1 to the left. */
typedef struct
{
  double x; /* of the ankle */
  double wedge;
  double shank, thigh, trunk, arm;
  double right;
} Posture;

typedef struct
{
  cairo_t *cr;
  GtkWidget *widget;
  GdkRGBA text, accent;
  double scale;       /* pixels a metre */
  double left, floor; /* pixels */
  gboolean numbers;
} Canvas;

struct _TdDrawing
{
  GtkWidget parent_instance;
  char *name;
  gboolean numbers;
};

enum
{
  PROP_DRAWING = 1,
  PROP_NUMBERS
};

G_DEFINE_FINAL_TYPE (TdDrawing, td_drawing, GTK_TYPE_WIDGET)

/* --- Tools ----------------------------------------------------------------------------------- */

static double
radians (double degrees)
{
  return degrees * G_PI / 180;
}

static Point
along (Point from, double length, double degrees_from_up, double right)
{
  return (Point){ from.x + right * length * sin (radians (degrees_from_up)),
                  from.y + length * cos (radians (degrees_from_up)) };
}

static Point
between (Point a, Point b, double share)
{
  return (Point){ a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share };
}

static Figure
pose (const Posture *posture)
{
  Figure f;
  double foot = HEEL_TO_ANKLE + ANKLE_TO_TOE;
  double tilt = asin (posture->wedge / foot);

  f.toe = (Point){ posture->x + posture->right * ANKLE_TO_TOE, 0.02 };
  f.heel = (Point){ f.toe.x - posture->right * foot * cos (tilt), 0.02 + posture->wedge };
  f.ankle = (Point){ f.heel.x + posture->right * HEEL_TO_ANKLE, f.heel.y + ANKLE_HEIGHT };
  f.knee = along (f.ankle, SHANK, posture->shank, posture->right);
  /* From the knee back to the hip. */
  f.hip = along (f.knee, THIGH, -(90 - posture->thigh), posture->right);
  f.shoulder = along (f.hip, TRUNK, posture->trunk, posture->right);
  f.head = along (f.shoulder, 0.24, posture->trunk * 0.45, posture->right);
  f.hand = along (f.shoulder, ARM, posture->arm, posture->right);
  return f;
}

static void
colour (Canvas *c, const GdkRGBA *rgba, double alpha)
{
  cairo_set_source_rgba (c->cr, (double) rgba->red, (double) rgba->green, (double) rgba->blue,
                         alpha);
}

static void
move (Canvas *c, Point p)
{
  cairo_move_to (c->cr, c->left + p.x * c->scale, c->floor - p.y * c->scale);
}

static void
line (Canvas *c, Point p)
{
  cairo_line_to (c->cr, c->left + p.x * c->scale, c->floor - p.y * c->scale);
}

static void
limb (Canvas *c, Point from, Point to, double width)
{
  cairo_set_line_width (c->cr, width * c->scale);
  move (c, from);
  line (c, to);
  cairo_stroke (c->cr);
}

static void
ball (Canvas *c, Point at, double radius)
{
  cairo_new_sub_path (c->cr);
  cairo_arc (c->cr, c->left + at.x * c->scale, c->floor - at.y * c->scale, radius * c->scale, 0,
             2 * G_PI);
  cairo_fill (c->cr);
}

/* A line with a head at its end; of a few pixels, whatever the scale. */
static void
arrow (Canvas *c, Point from, Point to)
{
  double angle = atan2 (from.y - to.y, to.x - from.x);
  double x = c->left + to.x * c->scale, y = c->floor - to.y * c->scale;

  cairo_set_line_width (c->cr, 2);
  move (c, from);
  cairo_line_to (c->cr, x, y);
  cairo_stroke (c->cr);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (c->cr, x, y);
      cairo_line_to (c->cr, x - 9 * cos (angle + side * 0.5), y - 9 * sin (angle + side * 0.5));
    }
  cairo_stroke (c->cr);
}

/* TEXT centred on AT. */
static void
words (Canvas *c, Point at, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (c->widget, text);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  colour (c, &c->text, 1);
  cairo_move_to (c->cr, c->left + at.x * c->scale - width / 2.,
                 c->floor - at.y * c->scale - height / 2.);
  pango_cairo_show_layout (c->cr, layout);
}

/* The disc with NUMBER, DX and DY pixels from AT, and a line to it. */
static void
number (Canvas *c, int value, Point at, double dx, double dy)
{
  char text[8];
  double x = c->left + at.x * c->scale, y = c->floor - at.y * c->scale;
  double far = hypot (dx, dy);
  int width, height;

  if (!c->numbers)
    return;
  g_snprintf (text, sizeof text, "%d", value);
  if (far > DISC)
    {
      colour (c, &c->text, 0.7);
      cairo_set_line_width (c->cr, 1.5);
      cairo_move_to (c->cr, x, y);
      cairo_line_to (c->cr, x + dx * (1 - DISC / far), y + dy * (1 - DISC / far));
      cairo_stroke (c->cr);
    }
  colour (c, &c->text, 1);
  cairo_arc (c->cr, x + dx, y + dy, DISC, 0, 2 * G_PI);
  cairo_fill (c->cr);

  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (c->widget, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  /* On the text's own colour: black on white or white on black, whichever the theme has. */
  double shade = (double) (c->text.red + c->text.green + c->text.blue) / 3 > 0.5 ? 0 : 1;
  cairo_set_source_rgb (c->cr, shade, shade, shade);
  cairo_move_to (c->cr, x + dx - width / 2., y + dy - height / 2.);
  pango_cairo_show_layout (c->cr, layout);
}

/* --- Things ---------------------------------------------------------------------------------- */

static void
draw_floor (Canvas *c, double width)
{
  colour (c, &c->text, 0.35);
  cairo_set_line_width (c->cr, 2);
  move (c, (Point){ 0, 0 });
  line (c, (Point){ width, 0 });
  cairo_stroke (c->cr);
}

/* The thigh's inner head over the knee, as in the icon: what all this is for. */
static void
draw_drop (Canvas *c, const Figure *f, double right)
{
  Point at = between (f->knee, f->hip, 0.26);
  double angle = atan2 (f->hip.x - f->knee.x, f->hip.y - f->knee.y);

  cairo_save (c->cr);
  cairo_translate (c->cr, c->left + at.x * c->scale, c->floor - at.y * c->scale);
  cairo_rotate (c->cr, angle + right * 0.12);
  cairo_scale (c->cr, c->scale * 0.048, c->scale * 0.048);
  cairo_move_to (c->cr, 0, -2.1);
  cairo_curve_to (c->cr, 0.35, -1.1, 1, -0.5, 1, 0.25);
  cairo_arc (c->cr, 0, 0.25, 1, 0, G_PI);
  cairo_curve_to (c->cr, -1, -0.5, -0.35, -1.1, 0, -2.1);
  cairo_close_path (c->cr);
  cairo_restore (c->cr);
  cairo_set_source_rgb (c->cr, 1, 1, 1);
  cairo_fill (c->cr);
}

static Figure
draw_person (Canvas *c, const Posture *posture)
{
  Figure f = pose (posture);

  cairo_set_line_cap (c->cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (c->cr, CAIRO_LINE_JOIN_ROUND);
  if (posture->wedge > 0)
    {
      colour (c, &c->text, 0.55);
      move (c, (Point){ f.heel.x - posture->right * 0.05, 0 });
      line (c, (Point){ f.heel.x - posture->right * 0.05, posture->wedge });
      line (c, (Point){ f.heel.x + posture->right * 0.19, 0 });
      cairo_close_path (c->cr);
      cairo_fill (c->cr);
    }
  /* One shape of one shade, however its parts overlap. */
  cairo_push_group (c->cr);
  colour (c, &c->text, 1);
  limb (c, f.hip, f.shoulder, 0.2);
  limb (c, f.shoulder, f.head, 0.08);
  ball (c, f.head, 0.11);
  cairo_pop_group_to_source (c->cr);
  cairo_paint_with_alpha (c->cr, 0.5);

  colour (c, &c->accent, 1);
  limb (c, f.heel, f.toe, 0.06);
  limb (c, f.heel, f.ankle, 0.08);
  limb (c, f.ankle, f.knee, 0.115);
  limb (c, f.knee, f.hip, 0.165);
  draw_drop (c, &f, posture->right);

  colour (c, &c->text, 0.75);
  limb (c, f.shoulder, f.hand, 0.07);
  return f;
}

/* Its foot in the middle of the seat at X, looking right. */
static Point
draw_laptop_on_chair (Canvas *c, double x)
{
  const double seat = 0.46, half = 0.22;
  Point camera = { x + 0.02, seat + 0.24 };

  cairo_set_line_cap (c->cr, CAIRO_LINE_CAP_ROUND);
  colour (c, &c->text, 0.45);
  limb (c, (Point){ x - half, seat - 0.02 }, (Point){ x + half, seat - 0.02 }, 0.05);
  limb (c, (Point){ x - half, 0.01 }, (Point){ x - half, 0.9 }, 0.045);
  limb (c, (Point){ x + half, 0.01 }, (Point){ x + half, seat - 0.02 }, 0.045);
  colour (c, &c->text, 1);
  limb (c, (Point){ x - 0.02, seat + 0.02 }, (Point){ x + 0.2, seat + 0.02 }, 0.03);
  limb (c, (Point){ x - 0.02, seat + 0.02 }, (Point){ camera.x - 0.12, camera.y }, 0.03);
  camera.x -= 0.12;
  return camera;
}

/* What a camera at AT sees, up to X. */
static void
draw_sight (Canvas *c, Point at, double x, double low, double high)
{
  colour (c, &c->accent, 0.14);
  move (c, at);
  line (c, (Point){ x, low });
  line (c, (Point){ x, high });
  cairo_close_path (c->cr);
  cairo_fill (c->cr);
}

/* --- Drawings -------------------------------------------------------------------------------- */

static void
draw_cyclist (Canvas *c)
{
  Posture top = { .x = 0.55, .wedge = WEDGE, .thigh = 88, .trunk = 2, .arm = 172, .right = 1 };
  Posture bottom = {
    .x = 1.72, .wedge = WEDGE, .shank = 42, .thigh = -12, .trunk = 17, .arm = 84, .right = 1
  };

  draw_floor (c, 2.6);
  Figure start = draw_person (c, &top);
  Figure deep = draw_person (c, &bottom);
  colour (c, &c->text, 0.7);
  arrow (c, (Point){ 0.98, 0.75 }, (Point){ 1.2, 0.75 });
  number (c, 1, start.heel, -26, -14);
  number (c, 2, between (start.hip, start.shoulder, 0.75), -34, 0);
  number (c, 3, deep.knee, 30, -14);
  number (c, 4, between (deep.knee, deep.hip, 0.66), -44, 34);
  number (c, 5, between (deep.hip, deep.shoulder, 0.7), -38, -16);
}

static void
draw_narrow (Canvas *c)
{
  Posture top = { .x = 0.55, .thigh = 88, .trunk = 3, .arm = 172, .right = 1 };
  Posture bottom = { .x = 1.68, .shank = 29, .thigh = 0, .trunk = 36, .arm = 82, .right = 1 };

  draw_floor (c, 2.6);
  Figure start = draw_person (c, &top);
  Figure deep = draw_person (c, &bottom);
  colour (c, &c->text, 0.7);
  arrow (c, (Point){ 0.98, 0.75 }, (Point){ 1.2, 0.75 });
  /* Level thighs. */
  double dash[] = { 5, 4 };
  cairo_set_dash (c->cr, dash, 2, 0);
  cairo_set_line_width (c->cr, 1.5);
  move (c, (Point){ deep.hip.x - 0.2, deep.hip.y });
  line (c, (Point){ deep.knee.x + 0.3, deep.hip.y });
  cairo_stroke (c->cr);
  cairo_set_dash (c->cr, NULL, 0, 0);
  number (c, 1, start.heel, -26, -14);
  number (c, 2, between (start.hip, start.shoulder, 0.75), -34, 0);
  number (c, 3, (Point){ deep.knee.x + 0.3, deep.hip.y }, 10, 0);
  number (c, 4, deep.heel, -30, -16);
  number (c, 5, between (deep.hip, deep.shoulder, 0.7), -38, -16);
}

static void
draw_place (Canvas *c)
{
  Posture stand = { .x = 3.35, .thigh = 88, .trunk = 2, .arm = 172, .right = -1 };

  draw_floor (c, 4);
  Point camera = draw_laptop_on_chair (c, 0.42);
  draw_sight (c, camera, 3.75, -0.04, 2.0);
  Figure f = draw_person (c, &stand);
  colour (c, &c->text, 0.7);
  arrow (c, (Point){ 1.55, -0.17 }, (Point){ 0.42, -0.17 });
  arrow (c, (Point){ 2.2, -0.17 }, (Point){ f.ankle.x, -0.17 });
  /* Translators: how far the laptop stands from the person, in a drawing */
  words (c, (Point){ 1.875, -0.17 }, _ ("2–3 m"));
  number (c, 1, camera, 0, -30);
  number (c, 2, (Point){ 1.2, -0.17 }, 0, -40);
  number (c, 3, f.head, -40, 0);
}

/* Somebody from above, turned by DEGREES from facing down. */
static void
draw_from_above (Canvas *c, Point at, double degrees)
{
  cairo_save (c->cr);
  cairo_translate (c->cr, c->left + at.x * c->scale, c->floor - at.y * c->scale);
  cairo_rotate (c->cr, radians (degrees));
  cairo_scale (c->cr, c->scale, c->scale);

  cairo_set_line_cap (c->cr, CAIRO_LINE_CAP_ROUND);
  colour (c, &c->accent, 1);
  cairo_set_line_width (c->cr, 0.08);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (c->cr, side * 0.075, 0.02);
      cairo_line_to (c->cr, side * 0.075, 0.19);
    }
  cairo_stroke (c->cr);
  cairo_push_group (c->cr);
  colour (c, &c->text, 1);
  cairo_set_line_width (c->cr, 0.17);
  cairo_move_to (c->cr, -0.16, 0);
  cairo_line_to (c->cr, 0.16, 0);
  cairo_stroke (c->cr);
  cairo_pop_group_to_source (c->cr);
  cairo_paint_with_alpha (c->cr, 0.5);
  colour (c, &c->text, 1);
  cairo_arc (c->cr, 0, 0, 0.1, 0, 2 * G_PI);
  cairo_fill (c->cr);
  /* The nose tells front from back. */
  cairo_move_to (c->cr, -0.04, 0.08);
  cairo_line_to (c->cr, 0, 0.15);
  cairo_line_to (c->cr, 0.04, 0.08);
  cairo_fill (c->cr);
  cairo_restore (c->cr);
}

static void
draw_views (Canvas *c)
{
  for (int i = 0; i < 3; i++)
    {
      Point laptop = { 0.6 + 1.2 * i, 0.12 };
      Point person = { laptop.x, 1.15 };

      colour (c, &c->accent, 0.14);
      move (c, laptop);
      line (c, (Point){ person.x - 0.48, person.y + 0.35 });
      line (c, (Point){ person.x + 0.48, person.y + 0.35 });
      cairo_close_path (c->cr);
      cairo_fill (c->cr);
      cairo_set_line_cap (c->cr, CAIRO_LINE_CAP_ROUND);
      colour (c, &c->text, 1);
      limb (c, (Point){ laptop.x - 0.15, laptop.y }, (Point){ laptop.x + 0.15, laptop.y }, 0.045);
      draw_from_above (c, person, (2 - i) * 45);
      number (c, i + 1, (Point){ laptop.x + 0.3, laptop.y + 0.02 }, 0, 0);
    }
}

static const struct
{
  const char *name;
  double width, low, high; /* metres */
  void (*draw) (Canvas *c);
} drawings[] = {
  { "cyclist", 2.6, -0.06, 1.98, draw_cyclist },
  { "narrow", 2.6, -0.06, 1.92, draw_narrow },
  { "place", 4, -0.34, 2.02, draw_place },
  { "views", 3.6, 0, 1.55, draw_views },
};

static guint
find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (drawings); i++)
    if (g_strcmp0 (drawings[i].name, name) == 0)
      return i;
  return G_N_ELEMENTS (drawings);
}

/* --- The widget ------------------------------------------------------------------------------ */

static void
td_drawing_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdDrawing *self = TD_DRAWING (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  guint i = find (self->name);

  if (i == G_N_ELEMENTS (drawings))
    return;

  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  double tall = drawings[i].high - drawings[i].low;
  Canvas c = { .widget = widget, .numbers = self->numbers };
  c.scale = MIN ((double) width / drawings[i].width, (double) height / tall);
  c.left = ((double) width - drawings[i].width * c.scale) / 2;
  c.floor = ((double) height + tall * c.scale) / 2 + drawings[i].low * c.scale;
  gtk_style_context_get_color (style, &c.text);
  if (!gtk_style_context_lookup_color (style, "accent_color", &c.accent))
    c.accent = c.text;
  c.cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  drawings[i].draw (&c);
  cairo_destroy (c.cr);
}

static GtkSizeRequestMode
td_drawing_get_request_mode (GtkWidget *widget)
{
  (void) widget;
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
td_drawing_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                    int *natural, int *minimum_baseline, int *natural_baseline)
{
  guint i = find (TD_DRAWING (widget)->name);
  double aspect
      = i < G_N_ELEMENTS (drawings) ? (drawings[i].high - drawings[i].low) / drawings[i].width : 1;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 240;
      *natural = NATURAL_WIDTH;
    }
  else
    /* A scrolled page gives no more than the minimum. */
    *minimum = *natural
        = (int) ((for_size > 0 ? MIN (for_size, NATURAL_WIDTH) : NATURAL_WIDTH) * aspect);
  *minimum_baseline = *natural_baseline = -1;
}

static void
td_drawing_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TdDrawing *self = TD_DRAWING (object);

  switch (id)
    {
    case PROP_DRAWING:
      g_free (self->name);
      self->name = g_value_dup_string (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    case PROP_NUMBERS:
      self->numbers = g_value_get_boolean (value);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
td_drawing_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  TdDrawing *self = TD_DRAWING (object);

  switch (id)
    {
    case PROP_DRAWING:
      g_value_set_string (value, self->name);
      break;
    case PROP_NUMBERS:
      g_value_set_boolean (value, self->numbers);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
td_drawing_finalize (GObject *object)
{
  g_free (TD_DRAWING (object)->name);
  G_OBJECT_CLASS (td_drawing_parent_class)->finalize (object);
}

static void
td_drawing_class_init (TdDrawingClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->set_property = td_drawing_set_property;
  G_OBJECT_CLASS (class)->get_property = td_drawing_get_property;
  G_OBJECT_CLASS (class)->finalize = td_drawing_finalize;
  widget_class->snapshot = td_drawing_snapshot;
  widget_class->measure = td_drawing_measure;
  widget_class->get_request_mode = td_drawing_get_request_mode;
  g_object_class_install_property (
      G_OBJECT_CLASS (class), PROP_DRAWING,
      g_param_spec_string ("drawing", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      G_OBJECT_CLASS (class), PROP_NUMBERS,
      g_param_spec_boolean ("numbers", NULL, NULL, TRUE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_css_name (widget_class, "td-drawing");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
td_drawing_init (TdDrawing *self)
{
  self->numbers = TRUE;
}

GtkWidget *
td_drawing_new (const char *name)
{
  return g_object_new (TD_TYPE_DRAWING, "drawing", name, NULL);
}
