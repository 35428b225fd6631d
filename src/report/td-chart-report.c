/* td-chart-report.c: a session on one page, for a physiotherapist.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-report.h"

#include "td-chart-draw.h"
#include "td-chart-export.h"
#include "td-set.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <pango/pangocairo.h>

#undef ngettext
#define ngettext(one, many, n) g_dngettext (GETTEXT_PACKAGE, one, many, n)

/* A4, points. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN 42.
#define TEXT_PT 8.5
#define ROW_PT 12.
/* A chart is as high as the page allows. */
#define CHART_LEAST_PT 128.
#define CHART_MOST_PT 200.
#define GAP_PT 9.

/* The measures of the table, in its order; one that no repetition has is told below it. */
static const struct
{
  TdRepMeasureId measure;
  const char *title;
  int digits;
} columns[] = {
  { TD_REP_KNEE_FLEXION_MAX, N_ ("Depth °"), 0 },
  { TD_REP_KNEE_FLEXION_DIFFERENCE, N_ ("L − R °"), 0 },
  { TD_REP_THIGH_INCLINATION, N_ ("Thigh °"), 0 },
  { TD_REP_FPPA, N_ ("FPPA °"), 0 },
  { TD_REP_TRUNK_LEAN, N_ ("Trunk °"), 0 },
  { TD_REP_LOCKOUT, N_ ("Lockout °"), 0 },
  { TD_REP_ECCENTRIC, N_ ("Down s"), 1 },
  { TD_REP_PAUSE, N_ ("Pause s"), 1 },
  { TD_REP_CONCENTRIC, N_ ("Up s"), 1 },
  { TD_REP_CONCENTRIC_VELOCITY, N_ ("Speed"), 2 },
};

enum
{
  N_COLUMNS = G_N_ELEMENTS (columns)
};

typedef struct
{
  const TdChartData *data;
  TdChart *charts[2];
} Report;

typedef struct
{
  cairo_t *cr;
  PangoLayout *layout;
  double y;
} Page;

static const TdChartColour dark = { 0.12, 0.14, 0.15, 1 };
static const TdChartColour grey = { 0.36, 0.39, 0.41, 1 };

/* --- Text --------------------------------------------------------------------------------- */

static void
set_font (Page *page, double size, gboolean bold)
{
  PangoFontDescription *font = pango_font_description_from_string (td_chart_style_light ().font);

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (page->layout, font);
  pango_font_description_free (font);
}

static double
set_text (Page *page, const char *text, double width)
{
  PangoRectangle box;

  pango_layout_set_width (page->layout, (int) (width * PANGO_SCALE));
  pango_layout_set_text (page->layout, text, -1);
  pango_layout_get_extents (page->layout, NULL, &box);
  return (double) box.height / PANGO_SCALE;
}

static void
show (Page *page, double x, double y, TdChartColour colour)
{
  cairo_set_source_rgb (page->cr, colour.red, colour.green, colour.blue);
  cairo_move_to (page->cr, x, y);
  pango_cairo_show_layout (page->cr, page->layout);
}

/* As wide as the page, then on below it. */
static void
paragraph (Page *page, const char *text, double size, gboolean bold, TdChartColour colour)
{
  set_font (page, size, bold);
  double height = set_text (page, text, PAGE_WIDTH - 2 * MARGIN);
  show (page, MARGIN, page->y, colour);
  page->y += height + 2;
}

static double
paragraph_height (Page *page, const char *text, double size)
{
  set_font (page, size, FALSE);
  return set_text (page, text, PAGE_WIDTH - 2 * MARGIN) + 2;
}

/* One line within WIDTH, smaller where a language's word is long; ALIGN as in pango. */
static void
cell (Page *page, const char *text, double x, double width, PangoAlignment align, gboolean bold,
      TdChartColour colour)
{
  int needed;

  set_font (page, TEXT_PT, bold);
  pango_layout_set_width (page->layout, -1);
  pango_layout_set_text (page->layout, text, -1);
  pango_layout_get_size (page->layout, &needed, NULL);
  double share = width * PANGO_SCALE / MAX (needed, 1);
  if (share < 1)
    set_font (page, TEXT_PT * fmax (share * 0.99, 0.6), bold);
  pango_layout_set_alignment (page->layout, align);
  pango_layout_set_ellipsize (page->layout, PANGO_ELLIPSIZE_END);
  double height = set_text (page, text, width);
  show (page, x, page->y + (share < 1 ? fmax (1.3 * TEXT_PT - height, 0) / 2 : 0), colour);
  pango_layout_set_ellipsize (page->layout, PANGO_ELLIPSIZE_NONE);
  pango_layout_set_alignment (page->layout, PANGO_ALIGN_LEFT);
}

static char *
number (double value, int digits)
{
  if (fabs (value) < 0.5 * pow (10, -digits))
    value = 0;
  return value < 0 ? g_strdup_printf ("−%.*f", digits, -value)
                   : g_strdup_printf ("%.*f", digits, value);
}

/* --- Parts -------------------------------------------------------------------------------- */

static void
draw_heading (Page *page, const Report *self)
{
  const TdSessionRow *row = &self->data->session;
  const TdProfile *profile = self->data->profile;
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (row->started_at, NULL);
  g_autofree char *date
      /* Translators: day, month in words, year, time of day: strftime */
      = time ? g_date_time_format (time, _ ("%-d %B %Y, %H:%M")) : g_strdup (row->started_at);
  g_autofree char *title
      = g_strdup_printf ("%s, %s", profile ? _ (profile->name) : row->exercise, date);
  g_autofree char *sets
      = g_strdup_printf (ngettext ("%d set", "%d sets", (gulong) row->n_sets), row->n_sets);
  g_autofree char *reps = g_strdup_printf (
      ngettext ("%d repetition", "%d repetitions", (gulong) row->n_reps), row->n_reps);
  g_autofree char *attempts = row->n_attempts > 0
                                  ? g_strdup_printf (_ (", %d not counted"), row->n_attempts)
                                  : g_strdup ("");
  g_autofree char *what = g_strdup_printf ("%s · %s%s", sets, reps, attempts);
  g_autofree char *by
      = g_strdup_printf (_ ("Measured by Teardrop %s from one camera (%s). Own measurements of the "
                            "person who trains, not a clinical examination."),
                         TD_VERSION, row->source[0] ? row->source : _ ("unknown"));

  paragraph (page, title, 17, TRUE, dark);
  paragraph (page, what, 11, FALSE, dark);
  paragraph (page, by, TEXT_PT, FALSE, grey);
}

/* So many sets leave room for charts and table. */
#define MOST_SETS 20

static int
count_sets (const TdChartData *data)
{
  int n = 0;

  for (size_t i = 0; i < data->n_reps; i++)
    n += i == 0 || data->reps[i].set_number != data->reps[i - 1].set_number;
  return n;
}

/* Of each set how many, and the mean depth with its spread. */
static void
draw_sets (Page *page, const Report *self)
{
  const TdChartData *data = self->data;
  g_autofree TdRep *reps = g_new (TdRep, data->n_reps + 1);
  GString *text = g_string_new (NULL);
  int n_sets = count_sets (data), shown = 0;

  for (size_t from = 0, to; from < data->n_reps && shown < MOST_SETS; from = to, shown++)
    {
      int set = data->reps[from].set_number;
      TdSetSummary summary;

      for (to = from; to < data->n_reps && data->reps[to].set_number == set; to++)
        {
          reps[to - from] = data->reps[to].rep;
          reps[to - from].counted = td_rep_row_counts (&data->reps[to]);
        }
      td_set_summarise (reps, to - from, &summary);
      TdMeasure mean = summary.measures[TD_REP_KNEE_FLEXION_MAX].mean;
      TdMeasure spread = summary.measures[TD_REP_KNEE_FLEXION_MAX].spread;
      g_string_append_printf (text,
                              ngettext ("%sSet %d: %d repetition", "%sSet %d: %d repetitions",
                                        (gulong) summary.n_counted),
                              text->len ? " · " : "", set, summary.n_counted);
      if (td_measure_ok (mean))
        {
          g_autofree char *value = number ((double) mean.value, 0);
          g_string_append_printf (text, _ (", depth %s°"), value);
          if (td_measure_ok (spread))
            g_string_append_printf (text, _ (" (varies by %.0f°)"), (double) spread.value);
        }
    }
  if (shown < n_sets)
    g_string_append_printf (
        text, ngettext (" · and %d more set", " · and %d more sets", (gulong) (n_sets - shown)),
        n_sets - shown);
  if (text->len)
    paragraph (page, text->str, TEXT_PT, FALSE, dark);
  g_string_free (text, TRUE);
}

static gboolean
any_has (const TdChartData *data, TdRepMeasureId measure)
{
  for (size_t i = 0; i < data->n_reps; i++)
    if (td_measure_ok (*td_rep_measure_at (&data->reps[i].rep, measure)))
      return TRUE;
  return FALSE;
}

#define NUMBER_PT 30.
#define RESULT_PT 84.

/* TEXTS: one for each shown column. */
static void
draw_row (Page *page, const char *name, const char *result, char **texts, gboolean bold,
          TdChartColour colour)
{
  guint n = g_strv_length (texts);
  double width = (PAGE_WIDTH - 2 * MARGIN - NUMBER_PT - RESULT_PT) / MAX (n, 1);

  cell (page, name, MARGIN, NUMBER_PT - 8, PANGO_ALIGN_RIGHT, bold, colour);
  cell (page, result, MARGIN + NUMBER_PT, RESULT_PT - 4, PANGO_ALIGN_LEFT, bold, colour);
  for (guint c = 0; c < n; c++)
    cell (page, texts[c], MARGIN + NUMBER_PT + RESULT_PT + c * width, width - 4, PANGO_ALIGN_RIGHT,
          bold, colour);
  page->y += ROW_PT;
}

static void
draw_rule (Page *page)
{
  cairo_set_source_rgb (page->cr, grey.red, grey.green, grey.blue);
  cairo_set_line_width (page->cr, 0.75);
  cairo_move_to (page->cr, MARGIN, page->y);
  cairo_line_to (page->cr, PAGE_WIDTH - MARGIN, page->y);
  cairo_stroke (page->cr);
  page->y += 2;
}

static void
draw_rep (Page *page, const Report *self, const TdRepRow *row, const int *shown, int n_shown)
{
  gboolean counts = td_rep_row_counts (row);
  g_autofree char *name = !counts ? g_strdup ("–")
                          : self->data->session.n_sets > 1
                              ? g_strdup_printf ("%d.%d", row->set_number, row->number)
                              : g_strdup_printf ("%d", row->number);
  g_auto (GStrv) texts = g_new0 (char *, n_shown + 1);

  for (int c = 0; c < n_shown; c++)
    {
      TdMeasure m = *td_rep_measure_at (&row->rep, columns[shown[c]].measure);
      texts[c] = td_measure_ok (m) ? number ((double) m.value, columns[shown[c]].digits)
                                   : g_strdup ("–");
    }
  draw_row (page, name,
            row->by_hand       ? _ ("Added by hand")
            : !counts          ? _ (td_rep_row_reason_text (row))
            : row->rep.counted ? _ ("Counted")
                               : _ ("Counted by hand"),
            texts, FALSE, counts ? dark : grey);
}

/* By how much the numbers of a column may be wrong: the mean of their sigmas. */
static void
draw_errors (Page *page, const TdChartData *data, const int *shown, int n_shown)
{
  g_auto (GStrv) texts = g_new0 (char *, n_shown + 1);

  for (int c = 0; c < n_shown; c++)
    {
      double sum = 0;
      int n = 0;
      for (size_t i = 0; i < data->n_reps; i++)
        {
          TdMeasure m = *td_rep_measure_at (&data->reps[i].rep, columns[shown[c]].measure);
          if (td_measure_ok (m) && isfinite (m.sigma))
            {
              sum += (double) m.sigma;
              n++;
            }
        }
      texts[c]
          = n > 0 ? g_strdup_printf ("±%.*f", columns[shown[c]].digits, sum / n) : g_strdup ("");
    }
  draw_row (page, "", _ ("typical error"), texts, FALSE, grey);
}

/* As many rows as fit into ROOM. */
static void
draw_table (Page *page, const Report *self, double room)
{
  const TdChartData *data = self->data;
  g_auto (GStrv) titles = g_new0 (char *, N_COLUMNS + 1);
  int shown[N_COLUMNS], n_shown = 0;
  /* The heading, its rule, and the line of errors. */
  double rest = room - 2 * ROW_PT - 4;
  size_t fit = rest > 2 * ROW_PT ? (size_t) (rest / ROW_PT) : 2;
  size_t rows = data->n_reps <= fit ? data->n_reps : fit - 1;

  for (int k = 0; k < N_COLUMNS; k++)
    if (any_has (data, columns[k].measure))
      {
        titles[n_shown] = g_strdup (_ (columns[k].title));
        shown[n_shown++] = k;
      }
  draw_row (page, _ ("Rep"), _ ("Result"), titles, TRUE, dark);
  draw_rule (page);
  for (size_t i = 0; i < rows; i++)
    draw_rep (page, self, &data->reps[i], shown, n_shown);
  if (rows < data->n_reps)
    {
      g_autofree char *more = g_strdup_printf (
          ngettext ("and %zu more: the export as CSV has all of them",
                    "and %zu more: the export as CSV has all of them", data->n_reps - rows),
          data->n_reps - rows);
      cell (page, more, MARGIN + NUMBER_PT, PAGE_WIDTH - 2 * MARGIN - NUMBER_PT, PANGO_ALIGN_LEFT,
            FALSE, grey);
      page->y += ROW_PT;
    }
  draw_rule (page);
  draw_errors (page, data, shown, n_shown);
}

/* "Not measured: FPPA (needs a front view), …"; where only some lack it, for how many. NULL: all is there. */
static char *
missing_words (const TdChartData *data)
{
  GString *text = g_string_new (NULL);

  for (int k = 0; k < N_COLUMNS; k++)
    {
      TdMissing reason = TD_MISSING_NOTHING;
      size_t n = 0;

      for (size_t i = 0; i < data->n_reps; i++)
        {
          TdMeasure m = *td_rep_measure_at (&data->reps[i].rep, columns[k].measure);
          if (td_measure_ok (m))
            continue;
          n++;
          if (reason == TD_MISSING_NOTHING)
            reason = m.missing;
        }
      if (n == 0)
        continue;
      g_string_append_printf (text, "%s%s (%s", text->len ? "; " : "",
                              _ (td_rep_measures[columns[k].measure].label),
                              _ (td_missing_text (reason)));
      if (n < data->n_reps)
        /* Translators: of so many repetitions */
        g_string_append_printf (text, _ (", in %zu of %zu"), n, data->n_reps);
      g_string_append (text, ")");
    }
  if (text->len == 0)
    {
      g_string_free (text, TRUE);
      return NULL;
    }
  g_string_prepend (text, _ ("Not measured: "));
  g_string_append (text, ".");
  return g_string_free (text, FALSE);
}

static void
draw_chart (Page *page, const TdChart *chart, double height)
{
  TdChartStyle style = td_chart_style_light ();
  TdChartPart part = td_chart_part_all (chart);

  style.font_px = 8;
  style.origin = false; /* the page says it */
  cairo_save (page->cr);
  cairo_translate (page->cr, MARGIN, page->y);
  td_chart_draw (chart, &style, &part, page->cr, PAGE_WIDTH - 2 * MARGIN, height);
  cairo_restore (page->cr);
  page->y += height + GAP_PT;
}

static char *
meaning_words (void)
{
  return g_strconcat (
      _ ("Depth: the greatest knee flexion, of both knees; 0° is a straight leg. L − R: left knee "
         "less right knee at the bottom. Thigh: against level at the bottom; negative means that "
         "the hip is below the knee. FPPA, the frontal plane projection angle at 30–60° of knee "
         "flexion: the knee inward (valgus) is positive. Trunk: its lean from upright, at the "
         "bottom. Lockout: the flexion left when standing up. Speed: of the hips going up, in leg "
         "lengths a second."),
      "\n",
      _ ("The typical error is one standard deviation as the program estimates it. One camera sees "
         "a "
         "body from one side: angles across the line of sight are good to a few degrees, others "
         "less. "
         "By hand from video an FPPA repeats within 2–4°; from joints found by a network expect "
         "more, and compare this person with themselves rather than with a norm. There is no "
         "accepted limit for FPPA in a squat on two legs. What could not be seen is left out and "
         "never guessed."),
      NULL);
}

static cairo_status_t
produce (const void *what, cairo_write_func_t write, void *closure)
{
  const Report *self = what;
  cairo_surface_t *surface
      = cairo_pdf_surface_create_for_stream (write, closure, PAGE_WIDTH, PAGE_HEIGHT);
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  Page page = { .cr = cairo_create (surface), .y = MARGIN };
  g_autofree char *missing = missing_words (self->data);
  g_autofree char *meaning = meaning_words ();
  const char *caution = _ ("Teardrop is a training aid and not a medical device. It gives no "
                           "diagnosis. Pain is a reason to stop and to ask a professional.");

  pango_context_set_round_glyph_positions (context, FALSE);
  page.layout = pango_layout_new (context);
  g_object_unref (context);
  pango_layout_set_wrap (page.layout, PANGO_WRAP_WORD_CHAR);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, _ ("Squat session"));
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Teardrop " TD_VERSION);

  draw_heading (&page, self);
  draw_sets (&page, self);
  page.y += GAP_PT;

  /* The words have their place, then the table, then the charts take what is left. */
  double words = paragraph_height (&page, _ ("What the numbers mean, and how far to trust them"),
                                   TEXT_PT + 1)
                 + paragraph_height (&page, meaning, TEXT_PT) + 4
                 + 1.1 * paragraph_height (&page, caution, TEXT_PT);
  double below = words + 2 * (CHART_LEAST_PT + GAP_PT) + GAP_PT + 3
                 + (missing ? paragraph_height (&page, missing, TEXT_PT) : 0);
  draw_table (&page, self, PAGE_HEIGHT - MARGIN - below - page.y);
  page.y += 3;
  if (missing)
    paragraph (&page, missing, TEXT_PT, FALSE, grey);
  page.y += GAP_PT;
  double height = (PAGE_HEIGHT - MARGIN - words - page.y) / 2 - GAP_PT;
  for (int i = 0; i < 2; i++)
    draw_chart (&page, self->charts[i], CLAMP (height, CHART_LEAST_PT, CHART_MOST_PT));
  paragraph (&page, _ ("What the numbers mean, and how far to trust them"), TEXT_PT + 1, TRUE,
             dark);
  paragraph (&page, meaning, TEXT_PT, FALSE, dark);
  page.y += 4;
  paragraph (&page, caution, TEXT_PT, TRUE, dark);

  g_object_unref (page.layout);
  cairo_destroy (page.cr);
  cairo_surface_finish (surface);
  cairo_status_t status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

TdStoreStatus
td_chart_report_save (TdChartData *data, const char *path, TdStoreError *error)
{
  /* What a front view shows is told by its bars; what a side view shows by the time that it took. */
  TdChartKind second = any_has (data, TD_REP_FPPA) ? TD_CHART_REP_VALGUS : TD_CHART_REP_TEMPO;
  Report self = { .data = data,
                  .charts = { td_chart_new (data, TD_CHART_KNEE, TD_CHART_BOTH),
                              td_chart_new (data, second, TD_CHART_BOTH) } };
  TdStoreStatus status = td_chart_write_file (path, "The report", produce, &self, error);

  for (int i = 0; i < 2; i++)
    td_chart_free (self.charts[i]);
  return status;
}
