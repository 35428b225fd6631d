/* td-trend-draw.c: a chart over weeks on any cairo surface, and as a file.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-trend-draw.h"

#include "td-chart-export.h"
#include "td-ink.h"
#include "td-motion.h"
#include "td-profile.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <pango/pangocairo.h>

/* Up to here the axis names weeks, then months. */
#define MOST_NAMED_WEEKS 9

typedef struct
{
  const TdTrendChart *chart;
  const TdChartStyle *style;
  cairo_t *cr;
  double width, height;
  TdChartFrame frame;
  PangoLayout *layout;
} Pen;

/* --- Text --------------------------------------------------------------------------------- */

/* ALIGN 0: X is the text's left end, 0.5: its middle, 1: its right end. */
static void
show_text (Pen *pen, const char *text, double x, double y, double align, TdChartColour colour)
{
  double width, height;

  td_ink_text (pen->layout, text, 0, 1);
  td_ink_size (pen->layout, &width, &height);
  td_ink_colour (pen->cr, colour);
  cairo_move_to (pen->cr, x - align * width, y);
  pango_cairo_show_layout (pen->cr, pen->layout);
}

/* --- Where things are --------------------------------------------------------------------- */

static int
y_ticks (const TdTrendChart *chart, double height, double line, double ticks[TD_CHART_MAX_TICKS],
         int *decimals)
{
  return td_chart_ticks (chart->y_lo, chart->y_hi, (int) CLAMP (height / (1.8 * line), 2, 6),
                         chart->bars ? TD_CHART_TICKS_WHOLE : TD_CHART_TICKS_DECIMAL, ticks,
                         decimals);
}

static TdChartFrame
make_frame (const TdTrendChart *chart, const TdChartStyle *style, double width, double height,
            PangoLayout *layout)
{
  double line = td_ink_line (style), ticks[TD_CHART_MAX_TICKS], widest = 0, names = 0;
  double title = 0.2 * line;
  int decimals;

  if (style->title)
    {
      double title_width;
      td_ink_font (layout, style, 1.25, TRUE);
      td_ink_text (layout, chart->title, width - 2 * line, 2);
      td_ink_size (layout, &title_width, &title);
      title += 0.6 * line;
    }
  td_ink_font (layout, style, 1, FALSE);
  /* Title; the axis' name; room for a value or a drop above the highest. Below: months, years; in a file what
   * it is of. */
  double top = ceil (title + 2.5 * line);
  double bottom = floor (fmax (top + line, height - (style->origin ? 3.7 : 2.5) * line));
  int n = y_ticks (chart, bottom - top, line, ticks, &decimals);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *text = td_trend_number_words (ticks[i], decimals);
      widest = fmax (widest, td_ink_width (layout, text));
    }
  for (int l = 0; l < chart->n_lines && !chart->nothing; l++)
    if (chart->line_names[l])
      names = fmax (names, td_ink_width (layout, chart->line_names[l]));
  double left = ceil (widest + line);
  double right = floor (width - (names > 0 ? names + 1.1 * line : 0.9 * line));
  right = fmax (right, left + 2 * line);
  return (TdChartFrame){
    .x = td_chart_scale (0, (double) MAX (chart->trend->n_weeks, 1), left, right),
    .y = td_chart_scale (chart->y_lo, chart->y_hi, bottom, top),
    .left = left,
    .top = top,
    .right = right,
    .bottom = bottom,
  };
}

TdChartFrame
td_trend_chart_frame (const TdTrendChart *chart, const TdChartStyle *style, double width,
                      double height)
{
  g_autoptr (PangoLayout) layout = td_ink_layout (style);

  return make_frame (chart, style, width, height, layout);
}

size_t
td_trend_chart_week_at (const TdTrendChart *chart, const TdChartFrame *frame, double x)
{
  double week = floor (td_chart_scale_invert (&frame->x, x));

  return (size_t) CLAMP (week, 0, (double) chart->trend->n_weeks - 1);
}

static double
x_of (const Pen *pen, double weeks)
{
  return td_chart_scale_at (&pen->frame.x, weeks);
}

static double
x_of_day (const Pen *pen, int day)
{
  return x_of (pen, (day - pen->chart->trend->weeks[0].monday) / 7.);
}

static double
y_of (const Pen *pen, double value)
{
  return td_chart_scale_at (&pen->frame.y, value);
}

/* A sharp line of one pixel. */
static double
sharp (double at)
{
  return floor (at) + 0.5;
}

static double
slot_of (const Pen *pen)
{
  return (pen->frame.right - pen->frame.left) / (double) pen->chart->trend->n_weeks;
}

/* --- Axes --------------------------------------------------------------------------------- */

static void
draw_y_axis (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;
  double line = td_ink_line (pen->style), ticks[TD_CHART_MAX_TICKS];
  int decimals, n = y_ticks (pen->chart, f->bottom - f->top, line, ticks, &decimals);

  cairo_set_line_width (pen->cr, 1);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *text = td_trend_number_words (ticks[i], decimals);
      double y = sharp (y_of (pen, ticks[i]));

      td_ink_colour (pen->cr, fabs (ticks[i]) < 1e-9 ? td_ink_pale (pen->style->dim, 0.7)
                                                     : pen->style->grid);
      cairo_move_to (pen->cr, f->left, y);
      cairo_line_to (pen->cr, f->right, y);
      cairo_stroke (pen->cr);
      show_text (pen, text, f->left - 0.5 * line, y - 0.5 * line, 1, pen->style->dim);
    }
}

static void
draw_tick (Pen *pen, double x, const char *text, const char *below)
{
  double line = td_ink_line (pen->style);

  td_ink_colour (pen->cr, pen->style->dim);
  cairo_set_line_width (pen->cr, 1);
  cairo_move_to (pen->cr, sharp (x), pen->frame.bottom);
  cairo_rel_line_to (pen->cr, 0, 4);
  cairo_stroke (pen->cr);
  show_text (pen, text, x, pen->frame.bottom + 0.3 * line, 0.5, pen->style->dim);
  if (below)
    show_text (pen, below, x, pen->frame.bottom + 1.35 * line, 0.5, pen->style->dim);
}

static void
draw_week_axis (Pen *pen)
{
  const TdTrend *trend = pen->chart->trend;
  double room = 4 * pen->style->font_px;
  size_t step = slot_of (pen) >= room ? 1 : slot_of (pen) * 2 >= room ? 2 : 4;

  for (size_t w = 0; w < trend->n_weeks; w += step)
    {
      /* Translators: day and short month on an axis: strftime */
      g_autofree char *text = td_trend_day_words (trend->weeks[w].monday, _ ("%-d %b"));
      draw_tick (pen, x_of (pen, (double) w + 0.5), text, NULL);
    }
}

static void
draw_month_axis (Pen *pen)
{
  static const int steps[] = { 1, 2, 3, 6, 12, 24, 60, 120 };
  const TdTrend *trend = pen->chart->trend;
  double month = slot_of (pen) * 365.25 / 12 / 7, room = 3.4 * pen->style->font_px;
  size_t s = 0;
  int year = 0;
  GDate date;

  while (s + 1 < G_N_ELEMENTS (steps) && month * steps[s] < room)
    s++;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) trend->weeks[0].monday);
  if (g_date_get_day (&date) > 1)
    {
      g_date_set_day (&date, 1);
      g_date_add_months (&date, 1);
    }
  for (;; g_date_add_months (&date, 1))
    {
      int day = (int) g_date_get_julian (&date);
      int number = 12 * g_date_get_year (&date) + (int) g_date_get_month (&date) - 1;
      double x = x_of_day (pen, day);

      if (x > pen->frame.right + 0.5)
        break;
      if (number % steps[s] != 0)
        continue;
      g_autofree char *text = td_trend_day_words (
          day, steps[s] >= 12
                   ? "%Y"
                   /* Translators: a short month that stands alone on an axis: strftime */
                   : _ ("%Ob"));
      g_autofree char *years = td_trend_day_words (day, "%Y");
      gboolean other = g_date_get_year (&date) != year && steps[s] < 12;
      year = g_date_get_year (&date);
      draw_tick (pen, x, text, other ? years : NULL);
    }
}

/* --- Personal best ------------------------------------------------------------------------ */

/* The drop of the program's icon, its tip up, with its foot at X, Y. */
static void
draw_drop (Pen *pen, double x, double y, double size)
{
  double r = 0.36 * size;

  cairo_save (pen->cr);
  cairo_translate (pen->cr, x, y - r);
  cairo_rotate (pen->cr, 15 * G_PI / 180);
  cairo_new_path (pen->cr);
  cairo_move_to (pen->cr, 0, -size + r);
  cairo_curve_to (pen->cr, 0.07 * size, -0.4 * size, r, -0.3 * size, r, 0);
  cairo_arc (pen->cr, 0, 0, r, 0, G_PI);
  cairo_curve_to (pen->cr, -r, -0.3 * size, -0.07 * size, -0.4 * size, 0, -size + r);
  cairo_close_path (pen->cr);
  td_ink_colour (pen->cr, pen->style->main);
  cairo_fill_preserve (pen->cr);
  if (pen->style->background.alpha > 0)
    {
      td_ink_colour (pen->cr, pen->style->background);
      cairo_set_line_width (pen->cr, 1);
      cairo_stroke (pen->cr);
    }
  cairo_new_path (pen->cr);
  cairo_restore (pen->cr);
}

/* --- Bars and lines ----------------------------------------------------------------------- */

static void
set_dash (cairo_t *cr, gboolean dashed, double on, double off)
{
  cairo_set_dash (cr, (const double[]){ on, off }, dashed ? 2 : 0, 0);
}

static void
draw_bars (Pen *pen)
{
  const TdTrendChart *chart = pen->chart;
  const TdTrend *trend = chart->trend;
  double slot = slot_of (pen), line = td_ink_line (pen->style);
  double width = CLAMP (floor (0.74 * slot), 1, 3.5 * pen->style->font_px);
  double zero = y_of (pen, 0);

  for (size_t w = 0; w < trend->n_weeks; w++)
    {
      double value = td_trend_chart_value (chart, 0, w);
      double middle = x_of (pen, (double) w + 0.5), top = round (y_of (pen, value));
      double left = floor (middle - width / 2);
      gboolean open = trend->weeks[w].monday + 7 > trend->today;

      if (value <= 0)
        continue;
      /* A week that is not over yet is hollow. */
      td_ink_colour (pen->cr, td_ink_pale (pen->style->main, open ? 0.2 : 0.88));
      cairo_rectangle (pen->cr, left, top, width, zero - top);
      cairo_fill (pen->cr);
      if (open && width >= 4)
        {
          td_ink_colour (pen->cr, pen->style->main);
          cairo_set_line_width (pen->cr, 1);
          set_dash (pen->cr, TRUE, 3, 2);
          cairo_rectangle (pen->cr, left + 0.5, top + 0.5, width - 1, zero - top - 1);
          cairo_stroke (pen->cr);
          set_dash (pen->cr, FALSE, 0, 0);
        }
      g_autofree char *text = td_trend_number_words (value, 0);
      double above = top - 2;
      if (td_ink_width (pen->layout, text) + 4 <= slot)
        {
          show_text (pen, text, middle, top - 1.1 * line, 0.5, pen->style->text);
          above -= 1.05 * line;
        }
      if ((int) w == chart->best_week)
        draw_drop (pen, middle, above, 1.1 * pen->style->font_px);
    }
}

static void
draw_dot (Pen *pen, double x, double y, double radius)
{
  cairo_new_sub_path (pen->cr);
  cairo_arc (pen->cr, x, y, radius, 0, 2 * G_PI);
  cairo_fill (pen->cr);
}

/* Each session beside its week's mean. */
static void
draw_sessions (Pen *pen)
{
  const TdTrend *trend = pen->chart->trend;

  if (slot_of (pen) < 8)
    return;
  td_ink_colour (pen->cr, td_ink_pale (pen->style->main, pen->style->strong ? 0.7 : 0.38));
  for (size_t i = 0; i < trend->n_sessions; i++)
    {
      const TdTrendSession *session = &trend->sessions[i];
      TdTrendMeasure measure = td_trend_chart_measure (pen->chart, 0);
      if (!isnan (session->values[measure]) && session->day >= trend->weeks[0].monday)
        draw_dot (pen, x_of_day (pen, session->day) + slot_of (pen) / 14,
                  y_of (pen, session->values[measure]), 1.8);
    }
}

static TdChartColour
colour_of (const Pen *pen, int line)
{
  return line == 0 ? pen->style->main : td_ink_pale (pen->style->text, 0.75);
}

/* A week without a value is a gap. */
static void
draw_line (Pen *pen, int l)
{
  const TdTrendChart *chart = pen->chart;
  size_t n = chart->trend->n_weeks;
  gboolean joined = FALSE, dots = slot_of (pen) >= 9;

  td_ink_colour (pen->cr, colour_of (pen, l));
  cairo_set_line_width (pen->cr, (l == 0 ? 2 : 1.5) + (pen->style->strong ? 0.75 : 0));
  cairo_set_line_join (pen->cr, CAIRO_LINE_JOIN_ROUND);
  set_dash (pen->cr, l > 0, 4, 3);
  for (size_t w = 0; w < n; w++)
    {
      double value = td_trend_chart_value (chart, l, w);
      if (!isnan (value) && joined)
        cairo_line_to (pen->cr, x_of (pen, (double) w + 0.5), y_of (pen, value));
      else if (!isnan (value))
        cairo_move_to (pen->cr, x_of (pen, (double) w + 0.5), y_of (pen, value));
      joined = !isnan (value);
    }
  cairo_stroke (pen->cr);
  set_dash (pen->cr, FALSE, 0, 0);
  for (size_t w = 0; w < n; w++)
    {
      double value = td_trend_chart_value (chart, l, w);
      gboolean alone = (w == 0 || isnan (td_trend_chart_value (chart, l, w - 1)))
                       && (w + 1 == n || isnan (td_trend_chart_value (chart, l, w + 1)));
      if (!isnan (value) && (alone || dots))
        draw_dot (pen, x_of (pen, (double) w + 0.5), y_of (pen, value), l == 0 ? 3 : 2.2);
    }
  if (l == 1 && chart->best_week >= 0)
    {
      double value = td_trend_chart_value (chart, l, (size_t) chart->best_week);
      draw_drop (pen, x_of (pen, chart->best_week + 0.5), y_of (pen, value) - 5,
                 1.1 * pen->style->font_px);
    }
}

/* Beside the last value of each line, apart from each other. */
static void
draw_line_names (Pen *pen)
{
  const TdTrendChart *chart = pen->chart;
  double line = td_ink_line (pen->style), at[TD_TREND_MAX_LINES];

  for (int l = 0; l < chart->n_lines; l++)
    {
      at[l] = pen->frame.bottom - line;
      for (size_t w = 0; w < chart->trend->n_weeks; w++)
        if (!isnan (td_trend_chart_value (chart, l, w)))
          at[l] = y_of (pen, td_trend_chart_value (chart, l, w)) - 0.5 * line;
    }
  if (chart->n_lines == 2 && fabs (at[0] - at[1]) < line)
    {
      int lower = at[0] > at[1] ? 0 : 1;
      double middle = (at[0] + at[1]) / 2;
      at[lower] = middle + line / 2;
      at[1 - lower] = middle - line / 2;
    }
  for (int l = 0; l < chart->n_lines; l++)
    if (chart->line_names[l])
      show_text (pen, chart->line_names[l], pen->frame.right + 0.5 * line, at[l], 0,
                 colour_of (pen, l));
}

/* --- All of it ---------------------------------------------------------------------------- */

/* A file goes alone: what it is of. */
static void
draw_origin (Pen *pen)
{
  const TdTrend *trend = pen->chart->trend;
  const TdProfile *profile = td_profile_find (trend->filter.exercise);
  g_autofree char *load = td_trend_load_name (&trend->filter.load, trend->units);
  g_autofree char *from = td_trend_day_words (trend->weeks[0].monday, _ ("%-d %B %Y"));
  g_autofree char *to = td_trend_day_words (trend->today, _ ("%-d %B %Y"));
  g_autofree char *text = g_strdup_printf (
      /* Translators: exercise, load, first and last day */
      _ ("%s · %s · %s to %s"),
      profile                     ? _ (profile->name)
      : trend->filter.exercise[0] ? trend->filter.exercise
                                  : _ ("All exercises"),
      load, from, to);
  double line = td_ink_line (pen->style);

  show_text (pen, text, 0.4 * line, pen->height - 1.15 * line, 0, pen->style->dim);
}

static void
draw_nothing (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;
  double width, height;

  td_ink_text (pen->layout, pen->chart->nothing, f->right - f->left - 8, 4);
  pango_layout_set_alignment (pen->layout, PANGO_ALIGN_CENTER);
  td_ink_size (pen->layout, &width, &height);
  td_ink_colour (pen->cr, pen->style->dim);
  /* The layout is as wide as it may wrap. */
  cairo_move_to (pen->cr, f->left + 4, (f->top + f->bottom - height) / 2);
  pango_cairo_show_layout (pen->cr, pen->layout);
  pango_layout_set_alignment (pen->layout, PANGO_ALIGN_LEFT);
}

static Pen
new_pen (const TdTrendChart *chart, const TdChartStyle *style, cairo_t *cr, double width,
         double height)
{
  Pen pen = { .chart = chart,
              .style = style,
              .cr = cr,
              .width = width,
              .height = height,
              .layout = td_ink_layout (style) };

  pen.frame = make_frame (chart, style, width, height, pen.layout);
  return pen;
}

void
td_trend_chart_draw (const TdTrendChart *chart, const TdChartStyle *style, cairo_t *cr,
                     double width, double height)
{
  Pen pen = new_pen (chart, style, cr, width, height);
  double line = td_ink_line (style);

  cairo_save (cr);
  if (style->background.alpha > 0)
    {
      td_ink_colour (cr, style->background);
      cairo_rectangle (cr, 0, 0, width, height);
      cairo_fill (cr);
    }
  if (style->title)
    {
      td_ink_font (pen.layout, style, 1.25, TRUE);
      td_ink_text (pen.layout, chart->title, width - 2 * line, 2);
      td_ink_colour (cr, style->text);
      cairo_move_to (cr, 0.4 * line, 0.2 * line);
      pango_cairo_show_layout (cr, pen.layout);
      td_ink_font (pen.layout, style, 1, FALSE);
    }
  if (style->origin && chart->trend->n_weeks > 0)
    draw_origin (&pen);
  if (chart->nothing)
    draw_nothing (&pen);
  else
    {
      td_ink_text (pen.layout, chart->y_name, width - 0.8 * line, 1);
      td_ink_colour (cr, style->dim);
      /* Under the title, wherever that is. */
      cairo_move_to (cr, style->title ? 0.4 * line : 0, pen.frame.top - 2.5 * line);
      pango_cairo_show_layout (cr, pen.layout);
      draw_y_axis (&pen);
      if (chart->trend->n_weeks <= MOST_NAMED_WEEKS)
        draw_week_axis (&pen);
      else
        draw_month_axis (&pen);
      if (chart->bars)
        draw_bars (&pen);
      else
        {
          draw_sessions (&pen);
          for (int l = chart->n_lines - 1; l >= 0; l--)
            draw_line (&pen, l);
          draw_line_names (&pen);
        }
    }
  cairo_restore (cr);
  g_object_unref (pen.layout);
}

/* --- The cursor --------------------------------------------------------------------------- */

/* Beside the line, on the side with more room, and never under it. */
static void
draw_bubble (Pen *pen, const char *words, double x)
{
  const TdChartFrame *f = &pen->frame;
  double pad = 6, width, height;
  gboolean at_left = x > (f->left + f->right) / 2;
  double room = (at_left ? x - f->left : f->right - x) - 14 - 2 * pad;

  td_ink_text (pen->layout, words, 0, 1);
  td_ink_size (pen->layout, &width, &height);
  if (width > room)
    {
      td_ink_text (pen->layout, words, fmax (room, 60), 5);
      td_ink_size (pen->layout, &width, &height);
    }
  double left = at_left ? x - 8 - width - 2 * pad : x + 8, top = f->top + 4;

  td_ink_colour (pen->cr, pen->style->background);
  cairo_rectangle (pen->cr, left, top, width + 2 * pad, height + 2 * pad);
  cairo_fill_preserve (pen->cr);
  td_ink_colour (pen->cr, pen->style->dim);
  cairo_set_line_width (pen->cr, 1);
  cairo_stroke (pen->cr);
  td_ink_colour (pen->cr, pen->style->text);
  cairo_move_to (pen->cr, left + pad, top + pad);
  pango_cairo_show_layout (pen->cr, pen->layout);
}

void
td_trend_chart_draw_cursor (const TdTrendChart *chart, const TdChartStyle *style, cairo_t *cr,
                            double width, double height, size_t week)
{
  Pen pen = new_pen (chart, style, cr, width, height);
  g_autofree char *words = td_trend_chart_words_at (chart, week);
  double x = x_of (&pen, (double) week + 0.5);

  cairo_save (cr);
  td_ink_colour (cr, style->text);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, sharp (x), pen.frame.top);
  cairo_line_to (cr, sharp (x), pen.frame.bottom);
  cairo_stroke (cr);
  for (int l = 0; l < chart->n_lines && !chart->bars; l++)
    {
      double value = td_trend_chart_value (chart, l, week);
      if (isnan (value))
        continue;
      td_ink_colour (cr, style->background);
      draw_dot (&pen, x, y_of (&pen, value), 6);
      td_ink_colour (cr, colour_of (&pen, l));
      draw_dot (&pen, x, y_of (&pen, value), 4.5);
    }
  draw_bubble (&pen, words, x);
  cairo_restore (cr);
  g_object_unref (pen.layout);
}

/* --- Files -------------------------------------------------------------------------------- */

static void
draw_whole (const void *chart, const TdChartStyle *style, cairo_t *cr, double width, double height)
{
  td_trend_chart_draw (chart, style, cr, width, height);
}

TdStoreStatus
td_trend_chart_save (const TdTrendChart *chart, const char *path, TdStoreError *error)
{
  return td_chart_save_drawing (
      &(TdChartDrawing){ draw_whole, chart, chart->title, chart->description }, path, error);
}
