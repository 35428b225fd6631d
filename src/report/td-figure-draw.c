/* td-figure-draw.c: the person from any side on any cairo surface.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-figure-draw.h"

#include "td-ink.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <pango/pangocairo.h>

/* Leg lengths: a person stands 2.04 tall (Winter, figure 4.1), on a wedge and with hands up a little more. */
#define TALL 2.3
#define WIDE 1.5
#define FLOOR_SHARE 0.06 /* of the height, below the floor */
#define HEAD 0.13f       /* radius */
#define NOSE_BACK 0.13f  /* the middle of the head behind the nose */
#define NOSE_UP 0.04f
#define SIDEWAYS 0.7 /* of the sine of yaw: one knee hides the other */

typedef struct
{
  const TdFigure *figure;
  const TdChartStyle *style;
  cairo_t *cr;
  double middle, floor, scale; /* pixels; a leg length */
  TdVec3 points[TD_N_JOINTS];  /* as seen */
} Pen;

typedef struct
{
  TdJoint first, second;
  float depth;
} Bone;

static double
x_of (const Pen *pen, TdVec3 point)
{
  return pen->middle + (double) point.x * pen->scale;
}

static double
y_of (const Pen *pen, TdVec3 point)
{
  return pen->floor - (double) point.y * pen->scale;
}

static gboolean
is_leg (TdJoint joint)
{
  return joint <= TD_JOINT_TOE_RIGHT;
}

static int
compare_bones (const void *a, const void *b)
{
  float x = ((const Bone *) a)->depth, y = ((const Bone *) b)->depth;

  /* The farther one first. */
  return (x < y) - (x > y);
}

static void
draw_bone (Pen *pen, const Bone *bone)
{
  cairo_t *cr = pen->cr;
  const TdChartStyle *style = pen->style;
  gboolean leg
      = is_leg (bone->first) && is_leg (bone->second) && bone->first % 2 == bone->second % 2;
  gboolean right = bone->first % 2 == 1;
  double width = fmax (pen->scale * (leg ? 0.055 : 0.035), 2);
  double dash[] = { 1.6 * width, 1.7 * width };
  TdVec3 from = pen->points[bone->first], to = pen->points[bone->second];

  cairo_move_to (cr, x_of (pen, from), y_of (pen, from));
  cairo_line_to (cr, x_of (pen, to), y_of (pen, to));
  /* An edge of the ground keeps what is nearer apart from what is behind it. */
  td_ink_colour (cr, style->background);
  cairo_set_line_width (cr, width + 3);
  cairo_stroke_preserve (cr);
  td_ink_colour (cr, !leg ? style->dim : right ? style->right : style->left);
  cairo_set_line_width (cr, width);
  cairo_set_dash (cr, dash, leg && right ? 2 : 0, 0);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
draw_joint (Pen *pen, TdJoint joint)
{
  double radius = fmax (pen->scale * 0.045, 2.5);
  TdVec3 at = pen->points[joint];

  cairo_new_sub_path (pen->cr);
  cairo_arc (pen->cr, x_of (pen, at), y_of (pen, at), radius, 0, 2 * G_PI);
  td_ink_colour (pen->cr, joint % 2 == 1 ? pen->style->right : pen->style->left);
  cairo_fill_preserve (pen->cr);
  td_ink_colour (pen->cr, pen->style->background);
  cairo_set_line_width (pen->cr, 1.5);
  cairo_stroke (pen->cr);
}

static void
draw_head (Pen *pen, double yaw_deg)
{
  const TdFigure *figure = pen->figure;

  if (!td_figure_has (figure, TD_JOINT_NOSE))
    return;
  TdVec3 nose = figure->points[TD_JOINT_NOSE];
  TdVec3 at
      = td_figure_turn (td_vec3 (nose.x, nose.y + NOSE_UP, nose.z - NOSE_BACK), (float) yaw_deg);
  double x = x_of (pen, at), y = y_of (pen, at), radius = (double) HEAD * pen->scale;
  double width = fmax (pen->scale * 0.035, 2);

  cairo_new_sub_path (pen->cr);
  cairo_arc (pen->cr, x, y, radius, 0, 2 * G_PI);
  td_ink_colour (pen->cr, pen->style->background);
  cairo_fill_preserve (pen->cr);
  td_ink_colour (pen->cr, pen->style->dim);
  cairo_set_line_width (pen->cr, width);
  cairo_stroke (pen->cr);
  /* Which way it looks, unless that is towards the eye or away from it. */
  TdVec3 ahead = td_figure_turn (td_vec3 (0, 0, 1), (float) yaw_deg);
  if (fabsf (ahead.x) > 0.4f)
    {
      cairo_set_line_cap (pen->cr, CAIRO_LINE_CAP_ROUND);
      cairo_move_to (pen->cr, x + (double) ahead.x * radius, y);
      cairo_rel_line_to (pen->cr, (double) ahead.x * radius * 0.45, 0.12 * radius);
      cairo_stroke (pen->cr);
    }
}

static void
draw_floor (Pen *pen, double width)
{
  double y = floor (pen->floor) + 0.5;

  td_ink_colour (pen->cr, pen->style->dim);
  cairo_set_line_width (pen->cr, pen->style->strong ? 2 : 1);
  cairo_move_to (pen->cr, 0.04 * width, y);
  cairo_line_to (pen->cr, 0.96 * width, y);
  cairo_stroke (pen->cr);
}

/* --- Knees -------------------------------------------------------------------------------- */

static PangoLayout *
new_layout (const TdChartStyle *style)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_from_string (style->font);

  pango_font_description_set_absolute_size (font, style->font_px * PANGO_SCALE);
  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  g_object_unref (context);
  return layout;
}

/* Beside the knee, on the side away from X (pixels), within 0 to WIDTH. */
static void
draw_knee (Pen *pen, PangoLayout *layout, TdJoint knee, float flexion, double from_x, double width,
           TdChartColour colour)
{
  g_autofree char *text = g_strdup_printf (_ ("%.0f°"), (double) flexion);
  double x = x_of (pen, pen->points[knee]), y = y_of (pen, pen->points[knee]);
  double gap = fmax (pen->scale * 0.08, 6), pad = 4;
  PangoRectangle box;

  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_extents (layout, NULL, &box);
  double left = x >= from_x ? x + gap : x - gap - box.width - 2 * pad;
  left = CLAMP (left, 1, fmax (width - box.width - 2 * pad - 1, 1));
  double top = y - box.height / 2. - 1;
  cairo_rectangle (pen->cr, left, top, box.width + 2 * pad, box.height + 2);
  td_ink_colour (pen->cr, pen->style->background);
  cairo_fill_preserve (pen->cr);
  td_ink_colour (pen->cr, colour);
  cairo_set_line_width (pen->cr, 1.5);
  cairo_stroke (pen->cr);
  cairo_move_to (pen->cr, left + pad, top + 1);
  td_ink_colour (pen->cr, pen->style->text);
  pango_cairo_show_layout (pen->cr, layout);
}

static void
draw_knees (Pen *pen, const TdFigureKnees *knees, double width, double yaw_deg)
{
  const TdFigure *figure = pen->figure;
  g_autoptr (PangoLayout) layout = new_layout (pen->style);
  gboolean has[TD_N_SIDES];
  int n = 0;

  for (int s = 0; s < TD_N_SIDES; s++)
    n += has[s] = td_figure_has (figure, td_joint_on (TD_JOINT_KNEE_LEFT, (TdSide) s));
  TdVec3 left = pen->points[TD_JOINT_KNEE_LEFT], right = pen->points[TD_JOINT_KNEE_RIGHT];

  if (n == 2 && fabs (sin (yaw_deg * G_PI / 180)) > SIDEWAYS)
    {
      /* One over the other. */
      TdJoint nearer = left.z <= right.z ? TD_JOINT_KNEE_LEFT : TD_JOINT_KNEE_RIGHT;
      TdJoint hip = nearer == TD_JOINT_KNEE_LEFT ? TD_JOINT_HIP_LEFT : TD_JOINT_HIP_RIGHT;
      /* Ahead of it, also while it is straight. */
      double ahead = sin (yaw_deg * G_PI / 180) > 0 ? 0.2 : -0.2;
      if (!isnan (knees->both))
        draw_knee (pen, layout, nearer, knees->both,
                   x_of (pen, pen->points[hip]) + ahead * pen->scale, width, pen->style->dim);
      return;
    }
  double middle = n == 2 ? (x_of (pen, left) + x_of (pen, right)) / 2 : pen->middle;
  for (int s = 0; s < TD_N_SIDES; s++)
    if (has[s] && !isnan (knees->side[s]))
      draw_knee (pen, layout, td_joint_on (TD_JOINT_KNEE_LEFT, (TdSide) s), knees->side[s], middle,
                 width, s == TD_SIDE_LEFT ? pen->style->left : pen->style->right);
}

/* --- All of it ---------------------------------------------------------------------------- */

void
td_figure_draw (const TdFigure *figure, const TdFigureKnees *knees, const TdChartStyle *style,
                cairo_t *cr, double width, double height, double yaw_deg)
{
  Pen pen = { .figure = figure, .style = style, .cr = cr, .middle = width / 2 };
  Bone bones[TD_N_JOINTS * 2];
  size_t n = 0;

  pen.floor = height * (1 - FLOOR_SHARE);
  pen.scale = fmin (pen.floor / TALL, width / WIDE);
  cairo_save (cr);
  draw_floor (&pen, width);
  if (figure->seen)
    {
      for (int j = 0; j < TD_N_JOINTS; j++)
        pen.points[j] = td_figure_turn (figure->points[j], (float) yaw_deg);
      for (const TdBone *bone = td_bones (); bone->first != TD_N_JOINTS; bone++)
        if (td_figure_has (figure, bone->first) && td_figure_has (figure, bone->second))
          bones[n++] = (Bone){ bone->first, bone->second,
                               pen.points[bone->first].z + pen.points[bone->second].z };
      qsort (bones, n, sizeof *bones, compare_bones);
      cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
      cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
      for (size_t i = 0; i < n; i++)
        {
          draw_bone (&pen, &bones[i]);
          for (int e = 0; e < 2; e++)
            {
              TdJoint joint = e == 0 ? bones[i].first : bones[i].second;
              if (is_leg (joint))
                draw_joint (&pen, joint);
            }
        }
      draw_head (&pen, yaw_deg);
      if (knees)
        draw_knees (&pen, knees, width, yaw_deg);
    }
  cairo_restore (cr);
}
