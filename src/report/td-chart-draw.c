/* td-chart-draw.c: a chart on any cairo surface.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-draw.h"

#include "td-ink.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <pango/pangocairo.h>

/* Cairo's cost of one stroke grows faster than its length. */
#define POINTS_PER_STROKE 256

/* One picture that is being drawn. */
typedef struct
{
  const TdChart *chart;
  const TdChartStyle *style;
  const TdChartPart *part;
  cairo_t *cr;
  double width, height;
  TdChartFrame frame;
  PangoLayout *layout;
} Pen;

TdChartStyle
td_chart_style_light (void)
{
  return (TdChartStyle){
    .background = { 1, 1, 1, 1 },
    .text = { 0.12, 0.14, 0.15, 1 },
    .dim = { 0.36, 0.39, 0.41, 1 },
    .grid = { 0.88, 0.89, 0.9, 1 },
    .band = { 0.043, 0.478, 0.459, 0.09 },
    .main = { 0x0b / 255., 0x7a / 255., 0x75 / 255., 1 },
    .left = { 0, 0x72 / 255., 0xb2 / 255., 1 },
    .right = { 0xd5 / 255., 0x5e / 255., 0, 1 },
    .font = "Cantarell, sans-serif",
    .font_px = 12,
    .title = true,
    .origin = true,
  };
}

/* --- Text --------------------------------------------------------------------------------- */

/* What the layout holds; ALIGN 0: X is its left end, 0.5: its middle, 1: its right end. */
static void
show_layout (Pen *pen, double x, double y, double align, TdChartColour colour)
{
  double width, height;

  td_ink_size (pen->layout, &width, &height);
  td_ink_colour (pen->cr, colour);
  cairo_move_to (pen->cr, x - align * width, y);
  pango_cairo_show_layout (pen->cr, pen->layout);
}

static void
show_text (Pen *pen, const char *text, double x, double y, double align, TdChartColour colour)
{
  td_ink_text (pen->layout, text, 0, 2);
  show_layout (pen, x, y, align, colour);
}

/* Ends at X, readable over lines and bars. */
static void
show_on_ground (Pen *pen, const char *text, double x, double y)
{
  double width, height;

  td_ink_text (pen->layout, text, 0, 2);
  td_ink_size (pen->layout, &width, &height);
  td_ink_colour (pen->cr, td_ink_pale (pen->style->background, 0.8));
  cairo_rectangle (pen->cr, x - width - 2, y + 1, width + 4, height - 2);
  cairo_fill (pen->cr);
  show_layout (pen, x, y, 1, pen->style->text);
}

/* --- Where things are --------------------------------------------------------------------- */

static char *
tick_text (double value, int decimals)
{
  return value < 0 ? g_strdup_printf ("−%.*f", decimals, -value)
                   : g_strdup_printf ("%.*f", decimals, value);
}

static int
y_ticks (const TdChartPart *part, double height, double line, double ticks[TD_CHART_MAX_TICKS],
         int *decimals)
{
  return td_chart_ticks (part->y_lo, part->y_hi, (int) CLAMP (height / (2.5 * line), 2, 6),
                         TD_CHART_TICKS_DECIMAL, ticks, decimals);
}

static gboolean
has_names (const TdChart *chart)
{
  return !chart->nothing
         && (chart->form == TD_CHART_AGAINST || chart->n_lines > 0 || chart->n_bars > 0)
         && (chart->form == TD_CHART_AGAINST || chart->n_bars > 1
             || (chart->n_lines > 0 && chart->lines[0].name));
}

static const char *
label_name (const TdChart *chart, int i)
{
  if (chart->form == TD_CHART_AGAINST)
    return i == 0 ? _ ("down") : i == 1 ? _ ("up") : NULL;
  if (chart->form == TD_CHART_PER_REP)
    return i < chart->n_bars ? chart->bar_names[i] : NULL;
  return i < chart->n_lines ? chart->lines[i].name : NULL;
}

static gboolean
limits_beside (const TdChart *chart)
{
  return chart->form == TD_CHART_PER_REP && chart->n_limits > 0 && !has_names (chart);
}

/* The short line before a name. */
static double
sample_width (const TdChartStyle *style)
{
  return style->font_px * 1.4;
}

static TdChartFrame
make_frame (const TdChart *chart, const TdChartStyle *style, const TdChartPart *part, double width,
            double height, PangoLayout *layout)
{
  double line = td_ink_line (style), ticks[TD_CHART_MAX_TICKS];
  double widest = 0, title = 0.3 * line, names = 0;
  int decimals;

  if (style->title)
    {
      double title_width;
      td_ink_font (layout, style, 1.25, TRUE);
      td_ink_text (layout, chart->title, width - 2 * line, 2);
      td_ink_size (layout, &title_width, &title);
      td_ink_font (layout, style, 1, FALSE);
      title += 0.6 * line;
    }
  /* Title; the axis' name; the repetitions' numbers. Below: the ticks and the axis' name. */
  double top = ceil (title + 2.4 * line);
  /* Whole pixels: a clip between them costs a mask of the whole plot. */
  double bottom = floor (fmax (top + line, height - 2.4 * line));
  int n = y_ticks (part, bottom - top, line, ticks, &decimals);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *text = tick_text (ticks[i], decimals);
      widest = fmax (widest, td_ink_width (layout, text));
    }
  if (has_names (chart))
    for (int i = 0; label_name (chart, i); i++)
      names = fmax (names, td_ink_width (layout, label_name (chart, i)));
  /* Over bars a limit's name would hide a value. */
  if (limits_beside (chart))
    for (int i = 0; i < chart->n_limits; i++)
      names = fmax (names, td_ink_width (layout, chart->limits[i].name) - sample_width (style));
  double left = ceil (widest + line);
  double right = floor (
      width - (names > 0 ? names + sample_width (style) + 1.4 * style->font_px : 0.9 * line));
  right = fmax (right, left + 2 * line);
  return (TdChartFrame){
    .x = td_chart_scale (part->x_lo, part->x_hi, left, right),
    .y = td_chart_scale (part->y_lo, part->y_hi, bottom, top),
    .left = left,
    .top = top,
    .right = right,
    .bottom = bottom,
  };
}

TdChartFrame
td_chart_frame (const TdChart *chart, const TdChartStyle *style, const TdChartPart *part,
                double width, double height)
{
  g_autoptr (PangoLayout) layout = td_ink_layout (style);

  return make_frame (chart, style, part, width, height, layout);
}

static double
x_at (const Pen *pen, double value)
{
  return td_chart_scale_at (&pen->frame.x, value);
}

/* Far outside of the plot is as good as just outside, and cairo's numbers end at 2^23. */
static double
y_at (const Pen *pen, double value)
{
  double y = td_chart_scale_at (&pen->frame.y, value);

  return CLAMP (y, -10000, 10000);
}

static TdChartColour
colour_of (const TdChartStyle *style, TdChartInk which)
{
  return which == TD_CHART_INK_LEFT    ? style->left
         : which == TD_CHART_INK_RIGHT ? style->right
         : which == TD_CHART_INK_FIRST ? style->dim
                                       : style->main;
}

/* Never colour alone. */
static gboolean
is_dashed (TdChartInk which)
{
  return which == TD_CHART_INK_RIGHT || which == TD_CHART_INK_FIRST;
}

static void
set_dash (cairo_t *cr, gboolean dashed, double on, double off)
{
  cairo_set_dash (cr, (const double[]){ on, off }, dashed ? 2 : 0, 0);
}

static void
clip_plot (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;

  cairo_save (pen->cr);
  cairo_rectangle (pen->cr, f->left, f->top, f->right - f->left, f->bottom - f->top);
  cairo_clip (pen->cr);
}

/* A sharp line of one pixel. */
static double
sharp (double at)
{
  return floor (at) + 0.5;
}

static void
hatch (Pen *pen, double x, double y, double width, double height, TdChartColour colour, double step)
{
  cairo_t *cr = pen->cr;
  double from = fmax (x, pen->frame.left - height), to = fmin (x + width, pen->frame.right);

  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  td_ink_colour (cr, colour);
  cairo_set_line_width (cr, 1);
  set_dash (cr, FALSE, 0, 0);
  /* From a grid of its own, so that it stands still under a panned chart. */
  for (double at = floor ((from - height) / step) * step; at < to; at += step)
    {
      cairo_move_to (cr, at, y + height);
      cairo_line_to (cr, at + height, y);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* --- Axes --------------------------------------------------------------------------------- */

static void
draw_y_axis (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;
  double line = td_ink_line (pen->style), ticks[TD_CHART_MAX_TICKS];
  int decimals, n = y_ticks (pen->part, f->bottom - f->top, line, ticks, &decimals);

  cairo_set_line_width (pen->cr, 1);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *text = tick_text (ticks[i], decimals);
      double y = sharp (y_at (pen, ticks[i]));

      td_ink_colour (pen->cr, fabs (ticks[i]) < 1e-9 ? td_ink_pale (pen->style->dim, 0.7)
                                                     : pen->style->grid);
      cairo_move_to (pen->cr, f->left, y);
      cairo_line_to (pen->cr, f->right, y);
      cairo_stroke (pen->cr);
      show_text (pen, text, f->left - 0.5 * line, y - 0.5 * line, 1, pen->style->dim);
    }
}

/* The axis' name may be long and the picture narrow. */
static void
draw_names (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;
  double line = td_ink_line (pen->style);
  double x = 0.4 * line;

  td_ink_text (pen->layout, pen->chart->y_name, pen->width - x - 0.4 * line, 2);
  pango_layout_set_height (pen->layout, -1);
  show_layout (pen, x, f->top - 2.4 * line, 0, pen->style->dim);
}

static void
draw_time_axis (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;
  double line = td_ink_line (pen->style), ticks[TD_CHART_MAX_TICKS];
  gboolean clock = pen->part->x_hi >= 120;
  int decimals, n;
  double room = 4.5 * pen->style->font_px;

  n = td_chart_ticks (pen->part->x_lo, pen->part->x_hi,
                      (int) CLAMP ((f->right - f->left) / room, 2, 12),
                      clock ? TD_CHART_TICKS_TIME : TD_CHART_TICKS_DECIMAL, ticks, &decimals);
  for (int i = 0; i < n; i++)
    {
      /* Minutes and seconds, and no more than the step needs. */
      double whole = floor (ticks[i] + 1e-6);
      g_autofree char *text
          = clock ? decimals > 0 ? g_strdup_printf ("%d:%0*.*f", (int) (whole / 60), 3 + decimals,
                                                    decimals, ticks[i] - 60 * floor (whole / 60))
                                 : g_strdup_printf ("%d:%02d", (int) (whole / 60), (int) whole % 60)
                  : tick_text (ticks[i], decimals);
      double x = sharp (x_at (pen, ticks[i]));

      td_ink_colour (pen->cr, pen->style->dim);
      cairo_move_to (pen->cr, x, f->bottom);
      cairo_rel_line_to (pen->cr, 0, 4);
      cairo_stroke (pen->cr);
      show_text (pen, text, x, f->bottom + 0.3 * line, 0.5, pen->style->dim);
    }
  show_text (pen, clock ? _ ("Time, min:s") : _ ("Time, s"), f->right, f->bottom + 1.35 * line, 1,
             pen->style->dim);
}

static void
draw_value_axis (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;
  double line = td_ink_line (pen->style), ticks[TD_CHART_MAX_TICKS];
  int decimals, n = td_chart_ticks (pen->part->x_lo, pen->part->x_hi,
                                    (int) CLAMP ((f->right - f->left) / (4 * line), 2, 8),
                                    TD_CHART_TICKS_DECIMAL, ticks, &decimals);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *text = tick_text (ticks[i], decimals);
      double x = sharp (x_at (pen, ticks[i]));

      td_ink_colour (pen->cr, pen->style->grid);
      cairo_move_to (pen->cr, x, f->top);
      cairo_line_to (pen->cr, x, f->bottom);
      cairo_stroke (pen->cr);
      show_text (pen, text, x, f->bottom + 0.3 * line, 0.5, pen->style->dim);
    }
  show_text (pen, pen->chart->x_name, f->right, f->bottom + 1.35 * line, 1, pen->style->dim);
}

/* How many repetitions share one label. */
static size_t
label_step (double slot, double room)
{
  static const size_t steps[] = { 1, 2, 5, 10, 20, 50, 100 };

  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    if (slot * (double) steps[i] >= room)
      return steps[i];
  return 200;
}

static void
draw_rep_axis (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;
  const TdChart *chart = pen->chart;
  double line = td_ink_line (pen->style);
  double slot = (f->right - f->left) / (pen->part->x_hi - pen->part->x_lo);
  size_t step = label_step (slot, 2.2 * pen->style->font_px);

  for (size_t i = 0; i < chart->n_slots; i++)
    {
      int number = chart->slots[i].number;
      double x = x_at (pen, (double) i + 1);

      if (x < f->left || x > f->right)
        continue;
      if (number > 0 ? (size_t) number % step == 0 || number == 1 : step == 1)
        {
          g_autofree char *text = number > 0 ? g_strdup_printf ("%d", number) : g_strdup ("×");
          show_text (pen, text, x, f->bottom + 0.3 * line, 0.5,
                     number > 0 ? pen->style->text : pen->style->dim);
        }
      if (chart->slots[i].set_starts)
        {
          td_ink_colour (pen->cr, pen->style->dim);
          set_dash (pen->cr, TRUE, 1, 3);
          cairo_move_to (pen->cr, sharp (x - slot / 2), f->top);
          cairo_rel_line_to (pen->cr, 0, f->bottom - f->top);
          cairo_stroke (pen->cr);
          set_dash (pen->cr, FALSE, 0, 0);
        }
    }
  show_text (pen, pen->chart->x_name, f->right, f->bottom + 1.35 * line, 1, pen->style->dim);
}

/* Names lie above their line, unless another one's line is there; then below. Over everything. */
static void
draw_limits (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;
  double line = td_ink_line (pen->style);

  td_ink_font (pen->layout, pen->style, 0.9, FALSE);
  for (int i = 0; i < pen->chart->n_limits; i++)
    {
      const TdChartLimit *limit = &pen->chart->limits[i];
      double y = sharp (y_at (pen, limit->value));
      gboolean below = y - line < f->top;

      if (y < f->top - 1 || y > f->bottom + 1)
        continue;
      for (int k = 0; k < pen->chart->n_limits; k++)
        {
          double above = y - sharp (y_at (pen, pen->chart->limits[k].value));
          below |= above > 0 && above < line;
        }
      gboolean mean = limit->ink != TD_CHART_INK_MAIN;
      td_ink_colour (pen->cr, mean ? colour_of (pen->style, limit->ink) : pen->style->dim);
      cairo_set_line_width (pen->cr, mean ? 2 : 1);
      set_dash (pen->cr, !mean || is_dashed (limit->ink), 6, 3);
      cairo_move_to (pen->cr, f->left, y);
      cairo_line_to (pen->cr, f->right, y);
      cairo_stroke (pen->cr);
      set_dash (pen->cr, FALSE, 0, 0);
      if (!limit->name)
        continue;
      if (limits_beside (pen->chart))
        show_text (pen, limit->name, f->right + 6, y - 0.5 * line, 0, pen->style->dim);
      else
        show_on_ground (pen, limit->name, f->right - 4, below ? y + 1 : y - 0.98 * line);
    }
  td_ink_font (pen->layout, pen->style, 1, FALSE);
}

/* --- Over time ---------------------------------------------------------------------------- */

/* The part of BAND that is in view; FALSE: none. */
static gboolean
band_in_view (const Pen *pen, const TdChartBand *band, double *from, double *to)
{
  *from = fmax (x_at (pen, band->from), pen->frame.left);
  *to = fmin (x_at (pen, band->to), pen->frame.right);
  return *to > *from;
}

static void
draw_attempt (Pen *pen, double from, double to)
{
  double top = pen->frame.top, height = pen->frame.bottom - pen->frame.top;

  hatch (pen, from, top, to - from, height, td_ink_pale (pen->style->dim, 0.35), 7);
  td_ink_colour (pen->cr, pen->style->dim);
  set_dash (pen->cr, TRUE, 3, 3);
  cairo_move_to (pen->cr, sharp (from), top);
  cairo_rel_line_to (pen->cr, 0, height);
  cairo_move_to (pen->cr, sharp (to), top);
  cairo_rel_line_to (pen->cr, 0, height);
  cairo_stroke (pen->cr);
  set_dash (pen->cr, FALSE, 0, 0);
}

static void
draw_bands (Pen *pen)
{
  const TdChart *chart = pen->chart;
  const TdChartFrame *f = &pen->frame;
  double line = td_ink_line (pen->style), last = -INFINITY, from, to;

  for (size_t i = 0; i < chart->n_bands; i++)
    if (td_rep_row_counts (chart->bands[i].row) && band_in_view (pen, &chart->bands[i], &from, &to))
      cairo_rectangle (pen->cr, round (from), f->top, round (to) - round (from),
                       f->bottom - f->top);
  td_ink_colour (pen->cr, pen->style->band);
  cairo_fill (pen->cr);

  for (size_t i = 0; i < chart->n_bands; i++)
    {
      const TdRepRow *row = chart->bands[i].row;
      gboolean counts = td_rep_row_counts (row);
      double middle, width;

      if (!band_in_view (pen, &chart->bands[i], &from, &to))
        continue;
      if (!counts)
        draw_attempt (pen, from, to);
      /* Laying out a number costs more than all the rest of its band. */
      middle = (from + to) / 2;
      if (middle < last + 0.8 * pen->style->font_px)
        continue;
      g_autofree char *number = counts ? g_strdup_printf ("%d", row->number) : g_strdup ("×");
      width = td_ink_width (pen->layout, number);
      if (middle - width / 2 > last + 3)
        {
          show_layout (pen, middle, f->top - 1.15 * line, 0.5,
                       counts ? pen->style->text : pen->style->dim);
          last = middle + width / 2;
        }
    }
}

/* Why an attempt did not count, within its band where there is room for words. Over the lines. */
static void
draw_reasons (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;

  td_ink_font (pen->layout, pen->style, 0.85, FALSE);
  for (size_t i = 0; i < pen->chart->n_bands; i++)
    {
      const TdChartBand *band = &pen->chart->bands[i];
      double from, to, width, height;

      if (td_rep_row_counts (band->row) || !band_in_view (pen, band, &from, &to)
          || to - from < 4 * pen->style->font_px)
        continue;
      td_ink_text (pen->layout, _ (td_rep_row_reason_text (band->row)), to - from - 4, 2);
      td_ink_size (pen->layout, &width, &height);
      double x = (from + to - width) / 2, y = f->top + 2;
      td_ink_colour (pen->cr, td_ink_pale (pen->style->background, 0.85));
      cairo_rectangle (pen->cr, x - 2, y, width + 4, height);
      cairo_fill (pen->cr);
      show_layout (pen, x, y, 0, pen->style->text);
    }
  td_ink_font (pen->layout, pen->style, 1, FALSE);
}

static void
draw_set_starts (Pen *pen)
{
  const TdChartData *data = pen->chart->data;
  const TdChartFrame *f = &pen->frame;
  double line = td_ink_line (pen->style);

  if (data->session.n_sets < 2)
    return;
  for (size_t i = 0; i < data->n; i++)
    {
      if (i > 0 && data->set[i] == data->set[i - 1])
        continue;
      double x = sharp (x_at (pen, data->time_s[i]));
      if (x < f->left - 1 || x > f->right)
        continue;
      g_autofree char *text = g_strdup_printf (_ ("set %d"), data->set[i]);
      td_ink_colour (pen->cr, pen->style->dim);
      cairo_set_line_width (pen->cr, 1);
      set_dash (pen->cr, TRUE, 1, 3);
      cairo_move_to (pen->cr, x, f->top);
      cairo_line_to (pen->cr, x, f->bottom);
      cairo_stroke (pen->cr);
      set_dash (pen->cr, FALSE, 0, 0);
      if (x + td_ink_width (pen->layout, text) < f->right)
        show_text (pen, text, x + 3, f->bottom - 1.1 * line, 0, pen->style->dim);
    }
}

/* A path that is stroked piece by piece. */
typedef struct
{
  cairo_t *cr;
  int n;
  gboolean alone; /* the last point was the first of its piece */
  double x, y;
} Path;

static void
path_end (Path *path)
{
  /* A value with a gap on either side is still seen: a line without length has round ends. */
  if (path->alone)
    cairo_line_to (path->cr, path->x, path->y);
  if (path->n > 0)
    cairo_stroke (path->cr);
  path->n = 0;
  path->alone = FALSE;
}

static void
path_move (Path *path, double x, double y)
{
  if (path->alone)
    cairo_line_to (path->cr, path->x, path->y);
  cairo_move_to (path->cr, x, y);
  path->alone = TRUE;
  path->x = x;
  path->y = y;
  path->n++;
}

static void
path_line (Path *path, double x, double y)
{
  if (path->n > POINTS_PER_STROKE)
    {
      path_end (path);
      cairo_move_to (path->cr, path->x, path->y);
    }
  cairo_line_to (path->cr, x, y);
  path->alone = FALSE;
  path->x = x;
  path->y = y;
  path->n++;
}

static void
draw_each_sample (Pen *pen, const float *values, size_t from, size_t to)
{
  const TdChart *chart = pen->chart;
  Path path = { .cr = pen->cr };
  gboolean joined = FALSE;

  for (size_t i = from; i < to; i++)
    {
      if (isnan (values[i]))
        {
          joined = FALSE;
          continue;
        }
      if (i > from && chart->xs[i] - chart->xs[i - 1] > chart->gap)
        joined = FALSE;
      double x = x_at (pen, chart->xs[i]), y = y_at (pen, (double) values[i]);
      if (joined)
        path_line (&path, x, y);
      else
        path_move (&path, x, y);
      joined = TRUE;
    }
  path_end (&path);
}

/* Covers column C of MASK from TOP to BOTTOM (pixels of the mask). */
static void
cover (cairo_surface_t *mask, size_t c, double top, double bottom)
{
  int height = cairo_image_surface_get_height (mask);
  int stride = cairo_image_surface_get_stride (mask);
  unsigned char *at = cairo_image_surface_get_data (mask) + c;

  top = CLAMP (top, 0, height);
  bottom = CLAMP (bottom, 0, height);
  /* Whole pixels in between need no sum: an hour has hundreds of them in every column. */
  int whole = (int) ceil (top), end = (int) floor (bottom);
  if (whole > end)
    at[(ptrdiff_t) end * stride] = (unsigned char) (255 * (bottom - top) + 0.5);
  else
    {
      if (whole > top)
        at[(ptrdiff_t) (whole - 1) * stride] = (unsigned char) (255 * (whole - top) + 0.5);
      for (int y = whole; y < end; y++)
        at[(ptrdiff_t) y * stride] = 255;
      if (bottom > end)
        at[(ptrdiff_t) end * stride] = (unsigned char) (255 * (bottom - end) + 0.5);
    }
}

/* Columns of pixels into a mask of the plot: many times faster than stroking a path as jagged as this, and no
 * slower for more samples. SCALE: pixels of a unit. ON, OFF: columns of a dash; OFF 0: none. */
static void
draw_mask (Pen *pen, const TdChartColumn *columns, size_t n, double scale, double width, size_t on,
           size_t off)
{
  const TdChartFrame *f = &pen->frame;
  /* A line that is nearly upright is as wide as a level one. */
  size_t wide = (size_t) fmax (1, round (width * scale));
  g_autofree double *tops = g_new (double, n), *bottoms = g_new (double, n);
  cairo_surface_t *mask = cairo_image_surface_create (CAIRO_FORMAT_A8, (int) n,
                                                      (int) ceil ((f->bottom - f->top) * scale));
  double last = NAN;

  cairo_surface_flush (mask);
  for (size_t c = 0; c < n; c++)
    {
      tops[c] = INFINITY;
      bottoms[c] = -INFINITY;
      if (!columns[c].any)
        continue;
      double from
          = columns[c].joined && !isnan (last) ? last : y_at (pen, (double) columns[c].first);
      tops[c] = fmin (from, y_at (pen, (double) columns[c].max)) - width / 2;
      bottoms[c] = fmax (from, y_at (pen, (double) columns[c].min)) + width / 2;
      last = y_at (pen, (double) columns[c].last);
    }
  for (size_t c = 0; c < n && cairo_surface_status (mask) == CAIRO_STATUS_SUCCESS; c++)
    {
      double top = INFINITY, bottom = -INFINITY;
      if (off > 0 && c % (on + off) >= on)
        continue;
      for (size_t k = c + 1 > wide ? c + 1 - wide : 0; k <= c; k++)
        {
          top = fmin (top, tops[k]);
          bottom = fmax (bottom, bottoms[k]);
        }
      if (top < bottom)
        cover (mask, c, (top - f->top) * scale, (bottom - f->top) * scale);
    }
  cairo_surface_mark_dirty (mask);
  cairo_surface_set_device_scale (mask, scale, scale);
  cairo_mask_surface (pen->cr, mask, f->left, f->top);
  cairo_surface_destroy (mask);
}

static void
draw_columns (Pen *pen, const float *values, size_t from, size_t to, double width, double on,
              double off)
{
  const TdChart *chart = pen->chart;
  gboolean pixels = cairo_surface_get_type (cairo_get_target (pen->cr)) == CAIRO_SURFACE_TYPE_IMAGE;
  double scale = 1, unused = 0;

  /* A file without pixels has a column for each of its units, too, and a path that joins them. */
  cairo_user_to_device_distance (pen->cr, &scale, &unused);
  scale = pixels ? fmax (scale, 1) : 1;
  size_t n = (size_t) ceil ((pen->frame.right - pen->frame.left) * scale);
  g_autofree TdChartColumn *columns = g_new (TdChartColumn, n);
  TdChartScale x_scale = pen->frame.x;
  Path path = { .cr = pen->cr };

  x_scale.to = x_scale.from + (x_scale.to - x_scale.from) * scale;
  td_chart_decimate (chart->xs, values, from, to, &x_scale, chart->gap, columns, n);
  if (pixels)
    {
      draw_mask (pen, columns, n, scale, width, (size_t) ceil (on * scale),
                 (size_t) ceil (off * scale));
      return;
    }
  for (size_t c = 0; c < n; c++)
    {
      if (!columns[c].any)
        continue;
      double x = pen->frame.left + (double) c + 0.5;
      double first = y_at (pen, (double) columns[c].first);
      double last = y_at (pen, (double) columns[c].last);
      double lowest = y_at (pen, (double) columns[c].min);
      double highest = y_at (pen, (double) columns[c].max);

      if (columns[c].joined && path.n > 0)
        path_line (&path, x, first);
      else
        path_move (&path, x, first);
      /* What cannot be seen is not drawn. */
      if (fabs (lowest - first) > 0.2)
        path_line (&path, x, lowest);
      if (fabs (highest - path.y) > 0.2)
        path_line (&path, x, highest);
      if (fabs (last - path.y) > 0.2)
        path_line (&path, x, last);
    }
  path_end (&path);
}

/* ON, OFF: lengths of a dash; OFF 0: none. */
static void
draw_values (Pen *pen, const float *values, double width, double on, double off)
{
  const TdChart *chart = pen->chart;
  size_t from = td_chart_lower_bound (chart->xs, chart->n_x, pen->part->x_lo);
  size_t to = td_chart_lower_bound (chart->xs, chart->n_x, pen->part->x_hi);

  /* To the edges of the plot. */
  from -= from > 0;
  to += to < chart->n_x;
  cairo_set_line_width (pen->cr, width);
  set_dash (pen->cr, off > 0, on, off);
  if ((double) (to - from) > 2 * (pen->frame.right - pen->frame.left))
    draw_columns (pen, values, from, to, width, on, off);
  else
    draw_each_sample (pen, values, from, to);
  set_dash (pen->cr, FALSE, 0, 0);
}

static void
draw_lines (Pen *pen)
{
  const TdChart *chart = pen->chart;

  clip_plot (pen);
  cairo_set_line_join (pen->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (pen->cr, CAIRO_LINE_CAP_ROUND);
  for (int l = 0; l < chart->n_lines; l++)
    {
      const TdChartLine *line = &chart->lines[l];
      TdChartColour colour = colour_of (pen->style, line->ink);
      gboolean dashed = is_dashed (line->ink);

      if (line->faint)
        {
          td_ink_colour (pen->cr, td_ink_pale (colour, pen->style->strong ? 0.9 : 0.65));
          draw_values (pen, line->faint, 1.25, 1, 2.5);
        }
      td_ink_colour (pen->cr, colour);
      draw_values (pen, line->strong, pen->style->strong ? 2.5 : 1.75, 6, dashed ? 4 : 0);
    }
  cairo_set_line_cap (pen->cr, CAIRO_LINE_CAP_BUTT);
  cairo_restore (pen->cr);
}

/* Where two repetitions are aligned. */
static void
draw_bottom (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;
  double line = td_ink_line (pen->style), x = sharp (x_at (pen, 0));

  if (x < f->left || x > f->right)
    return;
  td_ink_colour (pen->cr, pen->style->dim);
  cairo_set_line_width (pen->cr, 1);
  cairo_move_to (pen->cr, x, f->top);
  cairo_line_to (pen->cr, x, f->bottom);
  cairo_stroke (pen->cr);
  show_text (pen, _ ("bottom"), x, f->top - 1.15 * line, 0.5, pen->style->dim);
}

/* --- Names beside what they name ---------------------------------------------------------- */

typedef struct
{
  double y; /* where it should be */
  int index;
} Label;

static int
compare_labels (const void *a, const void *b)
{
  double x = ((const Label *) a)->y, y = ((const Label *) b)->y;

  return (x > y) - (x < y);
}

/* The last value in view of line or bar INDEX, or NAN. */
static double
last_value (const Pen *pen, int index)
{
  const TdChart *chart = pen->chart;

  if (chart->form != TD_CHART_PER_REP)
    {
      size_t to = td_chart_lower_bound (chart->xs, chart->n_x, pen->part->x_hi);
      for (size_t i = to; i > 0 && chart->xs[i - 1] >= pen->part->x_lo; i--)
        if (!isnan (chart->lines[index].values[i - 1]))
          return (double) chart->lines[index].values[i - 1];
      return NAN;
    }
  for (size_t i = chart->n_slots; i > 0; i--)
    {
      const TdMeasure *bars = &chart->bars[(i - 1) * (size_t) chart->n_bars];
      double below = 0;
      if ((double) i > pen->part->x_hi)
        continue;
      if (!td_measure_ok (bars[index]))
        continue;
      for (int b = 0; chart->stacked && b < index; b++)
        below += td_measure_ok (bars[b]) ? (double) bars[b].value : 0;
      return chart->stacked ? below + (double) bars[index].value / 2 : (double) bars[index].value;
    }
  return NAN;
}

static void draw_bar (Pen *pen, int bar, gboolean counted, double x, double y, double width,
                      double height);

static void
draw_labels (Pen *pen)
{
  const TdChart *chart = pen->chart;
  const TdChartFrame *f = &pen->frame;
  double line = td_ink_line (pen->style);
  Label labels[TD_CHART_MAX_BARS];
  int n = 0;

  if (!has_names (chart))
    return;
  for (int i = 0; label_name (chart, i); i++)
    {
      double value = chart->form == TD_CHART_AGAINST ? NAN : last_value (pen, i);
      labels[n++] = (Label){ isnan (value) ? f->top + line * i : y_at (pen, value), i };
    }
  qsort (labels, (size_t) n, sizeof *labels, compare_labels);
  /* Apart from each other, and then up again from the bottom. */
  for (int i = 0; i < n; i++)
    labels[i].y = fmax (labels[i].y, i > 0 ? labels[i - 1].y + line : f->top + 0.5 * line);
  for (int i = n - 1; i >= 0; i--)
    labels[i].y = fmin (labels[i].y, i < n - 1 ? labels[i + 1].y - line : f->bottom - 0.5 * line);

  for (int i = 0; i < n; i++)
    {
      int index = labels[i].index;
      double x = f->right + 0.6 * pen->style->font_px, y = labels[i].y;
      double sample = sample_width (pen->style);
      TdChartColour colour = pen->style->main;

      if (chart->form == TD_CHART_PER_REP)
        {
          double side = 0.8 * pen->style->font_px;
          draw_bar (pen, index, TRUE, x + sample - side - 2, y - side / 2, side, side);
        }
      else
        {
          gboolean dashed
              = chart->form == TD_CHART_AGAINST ? index == 1 : is_dashed (chart->lines[index].ink);
          if (chart->form != TD_CHART_AGAINST)
            colour = colour_of (pen->style, chart->lines[index].ink);
          td_ink_colour (pen->cr, colour);
          cairo_set_line_width (pen->cr, 2);
          set_dash (pen->cr, dashed, 4, 3);
          cairo_move_to (pen->cr, x, y);
          cairo_rel_line_to (pen->cr, sample - 3, 0);
          cairo_stroke (pen->cr);
          set_dash (pen->cr, FALSE, 0, 0);
        }
      show_text (pen, label_name (chart, index), x + sample, y - 0.5 * line, 0, pen->style->text);
    }
}

/* --- Bars --------------------------------------------------------------------------------- */

/* Never colour alone: the right leg and the way up are hatched, a pause is pale, an attempt is hollow and dashed. */
static void
draw_bar (Pen *pen, int bar, gboolean counted, double x, double y, double width, double height)
{
  cairo_t *cr = pen->cr;
  const TdChart *chart = pen->chart;
  TdChartColour colour = colour_of (pen->style, chart->bar_inks[bar]);
  gboolean hatched = chart->stacked ? bar == 2 : is_dashed (chart->bar_inks[bar]);
  gboolean paler = chart->stacked && bar == 1;

  if (height < 0)
    {
      y += height;
      height = -height;
    }
  if (counted)
    {
      td_ink_colour (cr, td_ink_pale (colour, paler ? 0.15 : hatched ? 0.4 : 0.9));
      cairo_rectangle (cr, x, y, width, height);
      cairo_fill (cr);
      if (hatched)
        hatch (pen, x, y, width, height, colour, 5);
    }
  td_ink_colour (cr, colour);
  cairo_set_line_width (cr, pen->style->strong ? 2 : 1);
  set_dash (cr, !counted, 3, 2);
  cairo_rectangle (cr, x + 0.5, y + 0.5, fmax (width - 1, 0), fmax (height - 1, 0));
  cairo_stroke (cr);
  set_dash (cr, FALSE, 0, 0);
}

static void
draw_whisker (Pen *pen, double x, double value, double sigma, double cap)
{
  cairo_t *cr = pen->cr;
  double high = y_at (pen, value + sigma), low = y_at (pen, value - sigma);

  if (low - high < 3)
    return;
  td_ink_colour (cr, pen->style->text);
  cairo_set_line_width (cr, pen->style->strong ? 2 : 1.25);
  cairo_move_to (cr, x, high);
  cairo_line_to (cr, x, low);
  cairo_move_to (cr, x - cap, high);
  cairo_rel_line_to (cr, 2 * cap, 0);
  cairo_move_to (cr, x - cap, low);
  cairo_rel_line_to (cr, 2 * cap, 0);
  cairo_stroke (cr);
}

static void
draw_value_above (Pen *pen, double value, double x, double top, double room)
{
  g_autofree char *text = tick_text (fabs (value) < 0.5 * pow (10, -pen->chart->digits) ? 0 : value,
                                     pen->chart->digits);
  double line = td_ink_line (pen->style);

  if (td_ink_width (pen->layout, text) > room)
    return;
  show_layout (pen, x, fmax (top - 1.1 * line, pen->frame.top - 1.1 * line), 0.5, pen->style->text);
}

static void
draw_bars (Pen *pen)
{
  const TdChart *chart = pen->chart;
  const TdChartFrame *f = &pen->frame;
  double slot = (f->right - f->left) / (pen->part->x_hi - pen->part->x_lo);
  int beside = chart->stacked ? 1 : chart->n_bars;
  double width = fmin (floor (slot * 0.72 / beside), 3.5 * pen->style->font_px);
  double zero = CLAMP (y_at (pen, 0), f->top, f->bottom);
  double line = td_ink_line (pen->style);

  width = fmax (width, 1);
  cairo_save (pen->cr);
  /* Above the plot there may be a number. */
  cairo_rectangle (pen->cr, f->left, 0, f->right - f->left, pen->height);
  cairo_clip (pen->cr);
  for (size_t i = 0; i < chart->n_slots; i++)
    {
      const TdChartSlot *slot_at = &chart->slots[i];
      double middle = x_at (pen, (double) i + 1);
      double from = floor (middle - width * beside / 2);
      double below = 0, top = zero;

      if (middle < f->left - slot || middle > f->right + slot)
        continue;
      for (int b = 0; b < chart->n_bars; b++)
        {
          TdMeasure m = chart->bars[i * (size_t) chart->n_bars + (size_t) b];
          double x = chart->stacked ? from : from + width * b;

          if (!td_measure_ok (m))
            {
              /* Of two sessions one may be shorter. */
              if (!chart->stacked && (!chart->other || slot_at->rows[b]))
                show_text (pen, "–", x + width / 2, zero - line, 0.5, pen->style->dim);
              continue;
            }
          double start = chart->stacked ? y_at (pen, below) : zero;
          below += (double) m.value;
          double end = y_at (pen, chart->stacked ? below : (double) m.value);
          draw_bar (pen, b, slot_at->number > 0, x, start, width - (beside > 1), end - start);
          top = fmin (top, end);
          if (!chart->stacked)
            {
              double high = fmin (y_at (pen, (double) m.value + (double) m.sigma), zero);
              draw_whisker (pen, x + width / 2, (double) m.value, (double) m.sigma,
                            fmin (4, width / 4));
              draw_value_above (pen, (double) m.value, x + width / 2, high,
                                beside > 1 ? width : slot - 4);
            }
        }
      if (chart->stacked)
        {
          TdMeasure whole = slot_at->rows[0]->rep.tension_s;
          if (top < zero && td_measure_ok (whole))
            {
              draw_whisker (pen, middle, (double) whole.value, (double) whole.sigma, 4);
              draw_value_above (pen, (double) whole.value, middle,
                                fmin (top, y_at (pen, (double) (whole.value + whole.sigma))),
                                slot - 4);
            }
          else if (top >= zero)
            show_text (pen, "–", middle, zero - line, 0.5, pen->style->dim);
        }
    }
  cairo_restore (pen->cr);
}

/* --- One measure against another ---------------------------------------------------------- */

static void
draw_rep_curve (Pen *pen, size_t from, size_t to, gboolean up)
{
  const TdChart *chart = pen->chart;
  const TdChartData *data = chart->data;
  double bottom
      = (double) (data->reps[chart->points[from].rep].rep.bottom_ns - data->session.first_ns) / 1e9;
  Path path = { .cr = pen->cr };
  gboolean joined = FALSE;

  for (size_t i = from; i < to; i++)
    {
      const TdChartPoint *point = &chart->points[i];
      double time = data->time_s[point->sample];

      if (up ? time < bottom : time > bottom)
        {
          joined = FALSE;
          continue;
        }
      if (i > from && time - data->time_s[chart->points[i - 1].sample] > data->gap_s)
        joined = FALSE;
      double x = x_at (pen, point->x), y = y_at (pen, (double) point->y);
      if (!joined)
        path_move (&path, x, y);
      else if (hypot (x - path.x, y - path.y) > 0.7)
        path_line (&path, x, y);
      joined = TRUE;
    }
  path_end (&path);
}

static void
draw_points (Pen *pen)
{
  const TdChart *chart = pen->chart;
  double reach = fmin (pen->part->x_hi, pen->part->y_hi);
  double start = fmax (pen->part->x_lo, pen->part->y_lo);

  clip_plot (pen);
  if (reach > start)
    {
      double x = x_at (pen, reach), y = y_at (pen, reach);
      td_ink_colour (pen->cr, pen->style->dim);
      cairo_set_line_width (pen->cr, 1);
      set_dash (pen->cr, TRUE, 6, 3);
      cairo_move_to (pen->cr, x_at (pen, start), y_at (pen, start));
      cairo_line_to (pen->cr, x, y);
      cairo_stroke (pen->cr);
      set_dash (pen->cr, FALSE, 0, 0);
      td_ink_font (pen->layout, pen->style, 0.9, FALSE);
      show_on_ground (pen, _ ("both alike"), fmin (x, pen->frame.right) - 10,
                      fmax (y, pen->frame.top) + 2);
      td_ink_font (pen->layout, pen->style, 1, FALSE);
    }

  cairo_set_line_join (pen->cr, CAIRO_LINE_JOIN_ROUND);
  for (size_t from = 0, to; from < chart->n_points; from = to)
    {
      for (to = from; to < chart->n_points && chart->points[to].rep == chart->points[from].rep;)
        to++;
      /* The last one stands out. */
      gboolean last = to == chart->n_points;
      td_ink_colour (pen->cr, td_ink_pale (pen->style->main, last || pen->style->strong ? 1 : 0.4));
      cairo_set_line_width (pen->cr, last ? 2.25 : 1.25);
      draw_rep_curve (pen, from, to, FALSE);
      set_dash (pen->cr, TRUE, 4, 3);
      draw_rep_curve (pen, from, to, TRUE);
      set_dash (pen->cr, FALSE, 0, 0);
      if (from == 0 || last)
        {
          size_t deepest = from;
          for (size_t i = from; i < to; i++)
            if (chart->points[i].x > chart->points[deepest].x)
              deepest = i;
          const TdChartPoint *point = &chart->points[deepest];
          g_autofree char *number = g_strdup_printf ("%d", chart->data->reps[point->rep].number);
          show_text (pen, number, x_at (pen, point->x) + 4,
                     y_at (pen, (double) point->y) - td_ink_line (pen->style), 0, pen->style->text);
        }
    }
  cairo_restore (pen->cr);
}

/* --- All of it ---------------------------------------------------------------------------- */

static void
draw_title (Pen *pen)
{
  double line = td_ink_line (pen->style);

  td_ink_font (pen->layout, pen->style, 1.25, TRUE);
  td_ink_text (pen->layout, pen->chart->title, pen->width - 2 * line, 2);
  show_layout (pen, 0.4 * line, 0.2 * line, 0, pen->style->text);
  td_ink_font (pen->layout, pen->style, 1, FALSE);
}

static char *
origin_words (const TdChartData *data)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (data->session.started_at, NULL);
  /* Translators: day, month in words, year, time of day: strftime */
  g_autofree char *date = time ? g_date_time_format (time, _ ("%-d %B %Y, %H:%M")) : NULL;

  return g_strdup_printf ("%s%s%s",
                          data->profile ? _ (data->profile->name) : data->session.exercise,
                          date ? ", " : "", date ? date : "");
}

/* A file goes alone: which session it is of. */
static void
draw_origin (Pen *pen)
{
  const TdChartData *data = pen->chart->data, *other = pen->chart->other;
  g_autofree char *first = origin_words (data);
  g_autofree char *second
      = other && other->session.id != data->session.id ? origin_words (other) : NULL;
  g_autofree char *text = second ? g_strdup_printf ("%s – %s", first, second) : g_strdup (first);
  double line = td_ink_line (pen->style), y = pen->height - 1.05 * line;
  double room = pen->frame.right - td_ink_width (pen->layout, pen->chart->x_name) - 1.5 * line;

  td_ink_text (pen->layout, text, fmax (room, 4 * line), 2);
  pango_layout_set_height (pen->layout, -1);
  show_layout (pen, 0.4 * line, fmax (y, pen->frame.bottom + line), 0, pen->style->dim);
}

static void
draw_nothing (Pen *pen)
{
  const TdChartFrame *f = &pen->frame;
  double width, height;

  td_ink_text (pen->layout, pen->chart->nothing, f->right - f->left - 8, 2);
  pango_layout_set_alignment (pen->layout, PANGO_ALIGN_CENTER);
  td_ink_size (pen->layout, &width, &height);
  td_ink_colour (pen->cr, pen->style->dim);
  /* The layout is as wide as it may wrap. */
  cairo_move_to (pen->cr, f->left + 4, (f->top + f->bottom - height) / 2);
  pango_cairo_show_layout (pen->cr, pen->layout);
  pango_layout_set_alignment (pen->layout, PANGO_ALIGN_LEFT);
}

void
td_chart_draw (const TdChart *chart, const TdChartStyle *style, const TdChartPart *part,
               cairo_t *cr, double width, double height)
{
  Pen pen = { .chart = chart,
              .style = style,
              .part = part,
              .cr = cr,
              .width = width,
              .height = height,
              .layout = td_ink_layout (style) };

  pen.frame = make_frame (chart, style, part, width, height, pen.layout);
  cairo_save (cr);
  if (style->background.alpha > 0)
    {
      td_ink_colour (cr, style->background);
      cairo_rectangle (cr, 0, 0, width, height);
      cairo_fill (cr);
    }
  if (style->title)
    {
      draw_title (&pen);
      if (style->origin)
        draw_origin (&pen);
    }
  draw_names (&pen);
  if (chart->nothing)
    draw_nothing (&pen);
  else
    {
      if (chart->form == TD_CHART_OVER_TIME)
        draw_bands (&pen);
      draw_y_axis (&pen);
      if (chart->form == TD_CHART_OVER_TIME)
        {
          draw_time_axis (&pen);
          draw_set_starts (&pen);
          draw_lines (&pen);
          draw_limits (&pen);
          draw_reasons (&pen);
        }
      else if (chart->form == TD_CHART_OVERLAID)
        {
          draw_value_axis (&pen);
          draw_bottom (&pen);
          draw_lines (&pen);
          draw_limits (&pen);
        }
      else if (chart->form == TD_CHART_PER_REP)
        {
          draw_rep_axis (&pen);
          /* Means are behind the bars that they come from. */
          if (chart->other)
            draw_limits (&pen);
          draw_bars (&pen);
          if (!chart->other)
            draw_limits (&pen);
        }
      else
        {
          draw_value_axis (&pen);
          draw_points (&pen);
        }
      draw_labels (&pen);
    }
  cairo_restore (cr);
  g_object_unref (pen.layout);
}

/* --- The cursor --------------------------------------------------------------------------- */

static void
draw_dot (Pen *pen, double x, double y, TdChartColour colour)
{
  if (!isfinite (y) || y < pen->frame.top - 6 || y > pen->frame.bottom + 6)
    return;
  cairo_new_sub_path (pen->cr);
  cairo_arc (pen->cr, x, y, 4.5, 0, 2 * G_PI);
  td_ink_colour (pen->cr, colour);
  cairo_fill_preserve (pen->cr);
  td_ink_colour (pen->cr, pen->style->background);
  cairo_set_line_width (pen->cr, 1.5);
  cairo_stroke (pen->cr);
}

/* Beside the line, on the side with more room, and never under it. */
static void
draw_bubble (Pen *pen, const char *words, double x)
{
  const TdChartFrame *f = &pen->frame;
  double pad = 6, width, height;
  gboolean at_left = x > (f->left + f->right) / 2;
  double room = (at_left ? x - f->left : f->right - x) - 14;

  pango_layout_set_width (pen->layout, -1);
  td_ink_text (pen->layout, words, 0, 2);
  td_ink_size (pen->layout, &width, &height);
  if (width > room - 2 * pad)
    {
      td_ink_text (pen->layout, words, fmax (room - 2 * pad, 60), 2);
      pango_layout_set_height (pen->layout, -5);
      td_ink_size (pen->layout, &width, &height);
    }
  double left = at_left ? x - 8 - width - 2 * pad : x + 8;
  double top = f->top + 4;

  td_ink_colour (pen->cr, pen->style->background);
  cairo_rectangle (pen->cr, left, top, width + 2 * pad, height + 2 * pad);
  cairo_fill_preserve (pen->cr);
  td_ink_colour (pen->cr, pen->style->dim);
  cairo_set_line_width (pen->cr, 1);
  cairo_stroke (pen->cr);
  show_layout (pen, left + pad, top + pad, 0, pen->style->text);
}

void
td_chart_draw_cursor (const TdChart *chart, const TdChartStyle *style, const TdChartPart *part,
                      cairo_t *cr, double width, double height, size_t position)
{
  Pen pen = { .chart = chart,
              .style = style,
              .part = part,
              .cr = cr,
              .width = width,
              .height = height,
              .layout = td_ink_layout (style) };
  g_autofree char *words = td_chart_words_at (chart, position);
  double value_x, value_y;

  pen.frame = make_frame (chart, style, part, width, height, pen.layout);
  td_chart_position_xy (chart, position, &value_x, &value_y);
  double x = x_at (&pen, value_x);
  if (x >= pen.frame.left - 1 && x <= pen.frame.right + 1)
    {
      cairo_save (cr);
      td_ink_colour (cr, style->text);
      cairo_set_line_width (cr, 1);
      cairo_move_to (cr, sharp (x), pen.frame.top);
      cairo_line_to (cr, sharp (x), pen.frame.bottom);
      cairo_stroke (cr);
      if (chart->form == TD_CHART_OVER_TIME || chart->form == TD_CHART_OVERLAID)
        for (int l = 0; l < chart->n_lines; l++)
          {
            float value = chart->lines[l].values[position];
            if (!isnan (value))
              draw_dot (&pen, x, y_at (&pen, (double) value),
                        colour_of (style, chart->lines[l].ink));
          }
      else if (chart->form == TD_CHART_AGAINST)
        draw_dot (&pen, x, y_at (&pen, value_y), style->main);
      draw_bubble (&pen, words, x);
      cairo_restore (cr);
    }
  g_object_unref (pen.layout);
}
