/* td-stage.c: the live picture with the skeleton drawn over it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-stage.h"

#include <glib/gi18n.h>
#include <math.h>

/* Below it a joint is a guess: drawn, but faint. Below the second it is not drawn at all. */
#define SURE_SCORE 0.35f
#define GUESS_SCORE 0.05f
/* Up to here knees are steady and measuring is not much surer. */
#define DRIFT_DEG 5.f

struct _TdStage
{
  GtkWidget parent_instance;
  GdkTexture *texture;
  gboolean recorded;
  float scale;
  int room_width, room_height; /* 0: the widget's */
  TdPose pose;
  TdMeasure drift[TD_N_SIDES]; /* FPPA: inward is positive */
  gboolean mirror;
  gboolean stale;
  int described; /* what the accessible description says: a Description */
};

typedef enum
{
  DESCRIBED_NOTHING,
  DESCRIBED_EMPTY,
  DESCRIBED_NOBODY,
  DESCRIBED_PERSON,
  DESCRIBED_STALE,
  DESCRIBED_OVER
} Description;

G_DEFINE_FINAL_TYPE (TdStage, td_stage, GTK_TYPE_WIDGET)

/* Picture to widget: uniform scale, centred, mirrored if wanted. */
typedef struct
{
  float x, y, width, height; /* of the picture in the widget */
  float factor;              /* widget pixels per pixel of the pose */
} Placing;

static gboolean
place (TdStage *self, Placing *placing)
{
  int width = self->room_width > 0 ? self->room_width : gtk_widget_get_width (GTK_WIDGET (self));
  int height
      = self->room_height > 0 ? self->room_height : gtk_widget_get_height (GTK_WIDGET (self));

  if (!self->texture || width <= 0 || height <= 0)
    return FALSE;

  float picture_width = (float) gdk_texture_get_width (self->texture);
  float picture_height = (float) gdk_texture_get_height (self->texture);
  float fit = MIN ((float) width / picture_width, (float) height / picture_height);
  placing->width = picture_width * fit;
  placing->height = picture_height * fit;
  placing->x = ((float) width - placing->width) / 2;
  placing->y = ((float) height - placing->height) / 2;
  placing->factor = fit * self->scale;
  return TRUE;
}

static graphene_point_t
to_widget (TdStage *self, const Placing *placing, float x, float y)
{
  float across = x * placing->factor;

  if (self->mirror)
    across = placing->width - across;
  return GRAPHENE_POINT_INIT (placing->x + across, placing->y + y * placing->factor);
}

int
td_stage_picture_height (TdStage *self, int width, int height)
{
  g_return_val_if_fail (TD_IS_STAGE (self), 0);

  if (!self->texture)
    return 0;
  double wide = gdk_texture_get_width (self->texture),
         high = gdk_texture_get_height (self->texture);
  return (int) (high * MIN (width / wide, height / high));
}

gboolean
td_stage_map (TdStage *self, float x, float y, graphene_point_t *to)
{
  Placing placing;

  if (!place (self, &placing))
    return FALSE;
  *to = to_widget (self, &placing, x, y);
  return TRUE;
}

typedef enum
{
  PART_MIDDLE,
  PART_LEFT,
  PART_RIGHT
} Part;

static Part
part_of (TdJoint joint)
{
  if (joint == TD_JOINT_NOSE)
    return PART_MIDDLE;
  return joint % 2 == 0 ? PART_LEFT : PART_RIGHT;
}

static gboolean
is_leg (TdJoint joint)
{
  return joint <= TD_JOINT_TOE_RIGHT;
}

static void
set_colour (cairo_t *cr, Part part, gboolean leg, double alpha)
{
  if (!leg || part == PART_MIDDLE)
    cairo_set_source_rgba (cr, 1, 1, 1, 0.75 * alpha);
  else if (part == PART_LEFT)
    cairo_set_source_rgba (cr, 0x00 / 255., 0x72 / 255., 0xb2 / 255., alpha);
  else
    cairo_set_source_rgba (cr, 0xd5 / 255., 0x5e / 255., 0x00 / 255., alpha);
}

/* A short arrow at the knee, the way it went, with the degrees: where it happens. */
static void
draw_drift (TdStage *self, cairo_t *cr, const graphene_point_t *points, TdSide side, double width)
{
  TdMeasure drift = self->drift[side];
  TdJoint knee = td_joint_on (TD_JOINT_KNEE_LEFT, side);
  TdSide other = side == TD_SIDE_LEFT ? TD_SIDE_RIGHT : TD_SIDE_LEFT;

  if (!td_measure_ok (drift) || fabsf (drift.value) < MAX (DRIFT_DEG, drift.sigma)
      || self->pose.joints[knee].score < SURE_SCORE)
    return;

  /* Knees may touch or cross, hips do not: they tell which way is inward. */
  double inward = (double) (points[td_joint_on (TD_JOINT_HIP_LEFT, other)].x
                            - points[td_joint_on (TD_JOINT_HIP_LEFT, side)].x);
  double way = (inward > 0) == (drift.value > 0) ? 1 : -1;
  double length = width * CLAMP (2.5 + fabs ((double) drift.value) * 0.22, 3, 9);
  double head = width * 1.9;
  /* An inward arrow comes from outside and ends at the knee: between the knees is no room. */
  double tip = (double) points[knee].x + way * (drift.value > 0 ? -width * 1.4 : length + width);
  double y = (double) points[knee].y;
  double tail = tip - way * length;

  for (int edge = 1; edge >= 0; edge--)
    {
      /* Dark under light: readable on any clothes. */
      cairo_set_source_rgba (cr, edge ? 0 : 1, edge ? 0 : 0.83, edge ? 0 : 0.25, edge ? 0.75 : 1);
      cairo_set_line_width (cr, edge ? width * 1.4 : width);
      cairo_move_to (cr, tail, y);
      cairo_line_to (cr, tip, y);
      cairo_move_to (cr, tip - way * head, y - head);
      cairo_line_to (cr, tip, y);
      cairo_line_to (cr, tip - way * head, y + head);
      cairo_stroke (cr);
    }

  g_autofree char *text = g_strdup_printf ("%.0f°", fabs ((double) drift.value));
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoFontDescription *font = pango_font_description_copy (
      pango_context_get_font_description (pango_layout_get_context (layout)));
  int text_width, text_height;
  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_font_description_set_absolute_size (font, CLAMP (width * 4.2, 15, 100) * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  cairo_move_to (
      cr, drift.value > 0 ? tail - (way > 0 ? text_width : 0) : tip - (way < 0 ? text_width : 0),
      y - head - text_height);
  pango_cairo_layout_path (cr, layout);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.8);
  cairo_set_line_width (cr, MAX (width * 0.4, 3));
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_fill (cr);
}

static void
draw_skeleton (TdStage *self, GtkSnapshot *snapshot, const Placing *placing)
{
  graphene_point_t points[TD_N_JOINTS];
  graphene_rect_t bounds;
  gboolean any = FALSE;

  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      const TdKeypoint *joint = &self->pose.joints[j];
      points[j] = to_widget (self, placing, joint->x, joint->y);
      if (joint->score < GUESS_SCORE)
        continue;
      graphene_rect_t point = GRAPHENE_RECT_INIT (points[j].x, points[j].y, 0, 0);
      if (any)
        graphene_rect_union (&bounds, &point, &bounds);
      else
        bounds = point;
      any = TRUE;
    }
  if (!any)
    return;

  /* Line width follows the person's size, so that near and far look alike. */
  double width = CLAMP ((double) bounds.size.height / 60, 2.5, 27);
  /* Room for what is drawn beside the knees. */
  graphene_rect_inset (&bounds, (float) -width * 16, (float) -width * 8);
  graphene_rect_t picture
      = GRAPHENE_RECT_INIT (placing->x, placing->y, placing->width, placing->height);
  if (!graphene_rect_intersection (&bounds, &picture, &bounds))
    return;

  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (const TdBone *bone = td_bones (); bone->first != TD_N_JOINTS; bone++)
    {
      float score
          = MIN (self->pose.joints[bone->first].score, self->pose.joints[bone->second].score);
      if (score < GUESS_SCORE)
        continue;

      Part part
          = part_of (bone->first) == part_of (bone->second) ? part_of (bone->first) : PART_MIDDLE;
      gboolean leg = is_leg (bone->first) && is_leg (bone->second);
      double alpha = score >= SURE_SCORE ? 1 : 0.5;
      double dashes[] = { width * 2.2, width * 2 };
      double dots[] = { 0.1, width * 2 };

      cairo_move_to (cr, (double) points[bone->first].x, (double) points[bone->first].y);
      cairo_line_to (cr, (double) points[bone->second].x, (double) points[bone->second].y);
      /* A white edge keeps both colours readable on any clothes. */
      cairo_set_dash (cr, NULL, 0, 0);
      cairo_set_source_rgba (cr, 1, 1, 1, leg ? 0.8 * alpha : 0);
      cairo_set_line_width (cr, leg ? width * 1.3 + 0.5 : width * 0.6);
      /* Left is solid, right is dashed, and a guess of either is dotted and faint. */
      if (score < SURE_SCORE)
        cairo_set_dash (cr, dots, 2, 0);
      cairo_stroke_preserve (cr);
      set_colour (cr, part, leg, alpha);
      cairo_set_line_width (cr, leg ? width : width * 0.6);
      if (leg && part == PART_RIGHT && score >= SURE_SCORE)
        cairo_set_dash (cr, dashes, 2, 0);
      cairo_stroke (cr);
    }

  cairo_set_dash (cr, NULL, 0, 0);
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      float score = self->pose.joints[j].score;
      if (score < GUESS_SCORE || !is_leg ((TdJoint) j))
        continue;
      double alpha = score >= SURE_SCORE ? 1 : 0.5;
      cairo_arc (cr, (double) points[j].x, (double) points[j].y, width * 0.9, 0, 2 * G_PI);
      set_colour (cr, part_of ((TdJoint) j), TRUE, alpha);
      cairo_fill_preserve (cr);
      cairo_set_source_rgba (cr, 1, 1, 1, alpha);
      cairo_set_line_width (cr, MAX (width / 6, 1.5));
      cairo_stroke (cr);
    }
  for (int side = 0; side < TD_N_SIDES; side++)
    draw_drift (self, cr, points, (TdSide) side, width);
  cairo_destroy (cr);
}

static void
td_stage_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TdStage *self = TD_STAGE (widget);
  Placing placing;

  if (!place (self, &placing))
    return;

  gtk_snapshot_push_clip (snapshot,
                          &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                               (float) gtk_widget_get_height (widget)));
  if (self->stale)
    gtk_snapshot_push_opacity (snapshot, 0.3);
  gtk_snapshot_save (snapshot);
  if (self->mirror)
    {
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (2 * placing.x + placing.width, 0));
      gtk_snapshot_scale (snapshot, -1, 1);
    }
  gtk_snapshot_append_texture (
      snapshot, self->texture,
      &GRAPHENE_RECT_INIT (placing.x, placing.y, placing.width, placing.height));
  gtk_snapshot_restore (snapshot);
  if (self->stale)
    gtk_snapshot_pop (snapshot);
  else if (self->pose.present)
    draw_skeleton (self, snapshot, &placing);
  gtk_snapshot_pop (snapshot);
}

static void
td_stage_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                  int *natural, int *minimum_baseline, int *natural_baseline)
{
  (void) widget;
  (void) for_size;
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 180;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 640 : 480;
  *minimum_baseline = *natural_baseline = -1;
}

/* Only when it changes: a screen reader must not be told thirty times a second. */
static void
describe (TdStage *self)
{
  static const char *const texts[] = {
    [DESCRIBED_EMPTY] = N_ ("No picture"),
    [DESCRIBED_NOBODY] = N_ ("Nobody is in the picture"),
    [DESCRIBED_PERSON] = N_ ("A person, with the skeleton drawn over the body"),
    [DESCRIBED_STALE] = N_ ("The last picture of a camera that is gone"),
    [DESCRIBED_OVER] = N_ ("The last picture that was recorded"),
  };
  Description now = !self->texture       ? DESCRIBED_EMPTY
                    : self->stale        ? (self->recorded ? DESCRIBED_OVER : DESCRIBED_STALE)
                    : self->pose.present ? DESCRIBED_PERSON
                                         : DESCRIBED_NOBODY;

  if ((int) now == self->described)
    return;
  self->described = (int) now;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->recorded ? _ ("Recorded picture") : _ ("Live picture"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ (texts[now]), -1);
}

void
td_stage_set_picture (TdStage *self, GdkTexture *texture, float scale, const TdPose *pose)
{
  g_return_if_fail (TD_IS_STAGE (self));

  if (texture)
    {
      g_set_object (&self->texture, texture);
      self->scale = scale;
    }
  if (pose)
    self->pose = *pose;
  else
    self->pose.present = false;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Of a repetition the knees' drift is read at 30 to 60 degrees of flexion, where it is sure enough
 * (science.md, section 4): standing there is none, and deep the thighs point at the camera. */
static gboolean
shows_drift (TdMeasure flexion)
{
  return td_measure_ok (flexion) && flexion.value >= 30 && flexion.value <= 60;
}

void
td_stage_set_measures (TdStage *self, const TdFrameMeasures *measures)
{
  g_return_if_fail (TD_IS_STAGE (self));

  gboolean shown = measures && shows_drift (measures->flexion_deg);
  for (int side = 0; side < TD_N_SIDES; side++)
    self->drift[side]
        = shown ? measures->fppa_deg[side] : td_measure_missing (TD_MISSING_NO_PERSON);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_stage_set_room (TdStage *self, int width, int height)
{
  g_return_if_fail (TD_IS_STAGE (self));

  if (self->room_width == width && self->room_height == height)
    return;
  self->room_width = width;
  self->room_height = height;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_stage_clear (TdStage *self)
{
  g_return_if_fail (TD_IS_STAGE (self));

  g_clear_object (&self->texture);
  self->pose.present = false;
  td_stage_set_measures (self, NULL);
  self->stale = FALSE;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_stage_set_mirror (TdStage *self, gboolean mirror)
{
  g_return_if_fail (TD_IS_STAGE (self));

  self->mirror = mirror;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
td_stage_set_stale (TdStage *self, gboolean stale)
{
  g_return_if_fail (TD_IS_STAGE (self));

  if (self->stale == stale)
    return;
  self->stale = stale;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
td_stage_get_stale (TdStage *self)
{
  g_return_val_if_fail (TD_IS_STAGE (self), FALSE);
  return self->stale;
}

void
td_stage_set_recorded (TdStage *self, gboolean recorded)
{
  g_return_if_fail (TD_IS_STAGE (self));

  self->recorded = recorded;
  self->described = -1;
  describe (self);
}

static void
td_stage_dispose (GObject *object)
{
  g_clear_object (&TD_STAGE (object)->texture);
  G_OBJECT_CLASS (td_stage_parent_class)->dispose (object);
}

static void
td_stage_class_init (TdStageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_stage_dispose;
  widget_class->snapshot = td_stage_snapshot;
  widget_class->measure = td_stage_measure;
  gtk_widget_class_set_css_name (widget_class, "td-stage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
td_stage_init (TdStage *self)
{
  self->scale = 1;
  td_stage_set_measures (self, NULL);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  describe (self);
}

GtkWidget *
td_stage_new (void)
{
  return g_object_new (TD_TYPE_STAGE, NULL);
}
