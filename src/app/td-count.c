/* td-count.c: the count, large enough to be read from four metres.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-count.h"

#include "td-words.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

/* The digits are laid out once at this size and scaled to what the widget is given. */
#define REFERENCE_SIZE 100
/* Room beside the digits, as a share of their height. */
#define ROOM 0.07
/* The target beside it, as a share of the number's size. */
#define TARGET_SIZE 0.36
/* How narrow the digits may become before they become smaller; less where the target stands beside
 * them, which can as well be said elsewhere. */
#define NARROWEST 0.6
#define NARROW_WITH_TARGET 0.8
/* How far the number swells. */
#define SWELL 0.10

struct _TdCount
{
  GtkWidget parent_instance;
  int value;
  int target;
  int digit_height, max_width;
  gboolean seconds;
  PangoLayout *layout;
  PangoRectangle zero_ink, zero; /* in it: nothing moves from digit to digit */
  PangoLayout *target_layout;
  AdwAnimation *swelling;
  double swell;
};

G_DEFINE_FINAL_TYPE (TdCount, td_count, GTK_TYPE_WIDGET)

static void
lay_out (TdCount *self)
{
  g_autofree char *text = g_strdup_printf ("%d", self->value);
  g_autofree char *target = g_strdup_printf ("/%d", self->target);

  if (!self->layout)
    {
      PangoFontDescription *font = pango_font_description_copy (
          pango_context_get_font_description (gtk_widget_get_pango_context (GTK_WIDGET (self))));
      PangoAttrList *attributes = pango_attr_list_new ();

      pango_font_description_set_weight (font, PANGO_WEIGHT_ULTRAHEAVY);
      pango_font_description_set_absolute_size (font, REFERENCE_SIZE * PANGO_SCALE);
      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
      pango_layout_set_font_description (self->layout, font);
      pango_layout_set_attributes (self->layout, attributes);
      pango_layout_set_text (self->layout, "0", -1);
      pango_layout_get_extents (self->layout, &self->zero_ink, &self->zero);
      pango_attr_list_unref (attributes);
      pango_font_description_free (font);
    }
  pango_layout_set_text (self->layout, text, -1);
  if (self->target > 0 && !self->target_layout)
    {
      PangoFontDescription *font
          = pango_font_description_copy (pango_layout_get_font_description (self->layout));

      pango_font_description_set_absolute_size (font, REFERENCE_SIZE * TARGET_SIZE * PANGO_SCALE);
      self->target_layout = pango_layout_copy (self->layout);
      pango_layout_set_font_description (self->target_layout, font);
      pango_font_description_free (font);
    }
  if (self->target > 0)
    pango_layout_set_text (self->target_layout, target, -1);
}

static double
target_width (TdCount *self)
{
  PangoRectangle logical = { 0 };

  if (self->target > 0)
    pango_layout_get_extents (self->target_layout, NULL, &logical);
  return (double) logical.width / PANGO_SCALE;
}

static int
digits_in (int number)
{
  int n = 1;

  for (; number >= 10; number /= 10)
    n++;
  return n;
}

/* How the number lies in its room. Lengths of the layout are at the reference size. */
typedef struct
{
  gboolean beside;      /* the target stands beside the number */
  double number;        /* the number's own advance width */
  double field;         /* room for it: as many digits as the target has, up to two */
  double across;        /* field and target */
  double top, high;     /* ink of a zero */
  double narrow, scale; /* across and down: pixels per unit of the layout */
  double width, height; /* of the widget, in pixels */
} Fit;

static Fit
fit (TdCount *self)
{
  PangoRectangle logical;
  Fit fit;

  lay_out (self);
  pango_layout_get_extents (self->layout, NULL, &logical);
  fit.number = (double) logical.width / PANGO_SCALE;
  /* Nothing moves at ten; at a hundred, which few come to, it does. */
  fit.field = MAX (fit.number,
                   MIN (digits_in (self->target), 2) * (double) self->zero.width / PANGO_SCALE);
  fit.top = (double) self->zero_ink.y / PANGO_SCALE;
  fit.high = MAX ((double) self->zero_ink.height / PANGO_SCALE, 1);

  double room = 2 * ROOM * self->digit_height;
  double scale = self->digit_height / fit.high;
  double with_target = fit.field + target_width (self);
  fit.beside
      = self->target > 0 && with_target * scale * NARROW_WITH_TARGET + room <= self->max_width;
  fit.across = fit.beside ? with_target : fit.field;

  /* Narrower first: height is what is read from four metres. Then smaller. */
  double squeeze = (self->max_width - room) / (fit.across * scale);
  if (squeeze < NARROWEST)
    {
      scale *= self->max_width / (fit.across * scale * NARROWEST + room);
      room = 2 * ROOM * scale * fit.high;
    }
  fit.scale = scale;
  fit.narrow = scale * CLAMP (squeeze, NARROWEST, 1);
  fit.width = fit.across * fit.narrow + room;
  fit.height = fit.high * scale * TD_COUNT_HEIGHT;
  return fit;
}

static void
td_count_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                  int *natural, int *minimum_baseline, int *natural_baseline)
{
  Fit f = fit (TD_COUNT (widget));

  (void) for_size;
  *minimum = *natural = (int) (orientation == GTK_ORIENTATION_HORIZONTAL ? f.width : f.height);
  *minimum_baseline = *natural_baseline = -1;
}

static void
td_count_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdCount *self = TD_COUNT (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  Fit f = fit (self);
  double swelling = MIN (MIN (width / f.width, height / f.height), 1) * (1 + SWELL * self->swell);
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) (width / 2), (float) (height / 2)));
  gtk_snapshot_scale (snapshot, (float) (f.narrow * swelling), (float) (f.scale * swelling));
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float) (-f.across / 2), (float) (-f.top - f.high / 2)));
  /* Next to its target, or in the middle. */
  double before = (f.field - f.number) / (f.beside ? 1 : 2);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) before, 0));
  gtk_snapshot_append_layout (snapshot, self->layout, &colour);
  if (f.beside)
    {
      /* On the digits' own line. */
      double down = (double) (pango_layout_get_baseline (self->layout)
                              - pango_layout_get_baseline (self->target_layout))
                    / PANGO_SCALE;
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) f.number, (float) down));
      colour.alpha *= 0.75f;
      gtk_snapshot_append_layout (snapshot, self->target_layout, &colour);
    }
  gtk_snapshot_restore (snapshot);
}

int
td_count_least_width (TdCount *self, int digit_height)
{
  g_return_val_if_fail (TD_IS_COUNT (self), 0);

  Fit f = fit (self);
  return (int) ceil (digit_height * (f.field / f.high * NARROWEST + 2 * ROOM));
}

gboolean
td_count_shows_target (TdCount *self)
{
  g_return_val_if_fail (TD_IS_COUNT (self), FALSE);

  return fit (self).beside;
}

static void
on_swell (double value, gpointer data)
{
  TdCount *self = data;

  /* 0 to 1 is once out and back. */
  self->swell = value < 0.5 ? 2 * value : 2 * (1 - value);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
say (TdCount *self)
{
  g_autofree char *reps = td_words_reps (self->value);
  g_autofree char *text = NULL;

  if (self->seconds)
    text
        = g_strdup_printf (ngettext ("%d second", "%d seconds", (gulong) self->value), self->value);
  else if (self->target > 0)
    /* Translators: "12 repetitions of 15" */
    text = g_strdup_printf (_ ("%s of %d"), reps, self->target);
  else
    text = g_steal_pointer (&reps);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
td_count_set_value (TdCount *self, int value)
{
  g_return_if_fail (TD_IS_COUNT (self));

  if (self->value == value)
    return;

  gboolean grew = value > self->value;
  self->value = value;
  say (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  if (grew && gtk_widget_get_mapped (GTK_WIDGET (self)))
    adw_animation_play (self->swelling);
}

void
td_count_set_size (TdCount *self, int digit_height, int max_width)
{
  g_return_if_fail (TD_IS_COUNT (self));

  if (self->digit_height == digit_height && self->max_width == max_width)
    return;
  self->digit_height = digit_height;
  self->max_width = max_width;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
td_count_set_target (TdCount *self, int target)
{
  g_return_if_fail (TD_IS_COUNT (self));

  if (self->target == target)
    return;
  self->target = target;
  say (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
td_count_set_seconds (TdCount *self, gboolean seconds)
{
  g_return_if_fail (TD_IS_COUNT (self));

  self->seconds = seconds;
  say (self);
}

/* The font may have changed. */
static void
td_count_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (td_count_parent_class)->css_changed (widget, change);
  g_clear_object (&TD_COUNT (widget)->layout);
  g_clear_object (&TD_COUNT (widget)->target_layout);
  gtk_widget_queue_resize (widget);
}

static void
td_count_dispose (GObject *object)
{
  TdCount *self = TD_COUNT (object);

  g_clear_object (&self->layout);
  g_clear_object (&self->target_layout);
  g_clear_object (&self->swelling);
  G_OBJECT_CLASS (td_count_parent_class)->dispose (object);
}

static void
td_count_class_init (TdCountClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_count_dispose;
  widget_class->measure = td_count_measure;
  widget_class->snapshot = td_count_snapshot;
  widget_class->css_changed = td_count_css_changed;
  gtk_widget_class_set_css_name (widget_class, "td-count");
  /* "status" is a live region: a screen reader says the new number by itself. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static void
td_count_init (TdCount *self)
{
  self->digit_height = 48;
  self->max_width = G_MAXINT;
  self->swelling = adw_timed_animation_new (
      GTK_WIDGET (self), 0, 1, 150, adw_callback_animation_target_new (on_swell, self, NULL));
  say (self);
}

GtkWidget *
td_count_new (void)
{
  return g_object_new (TD_TYPE_COUNT, NULL);
}
