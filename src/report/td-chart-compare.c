/* td-chart-compare.c: two repetitions over each other, or two sessions beside each other.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-compare.h"

#include "td-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

/* What is counted is looked up in our own texts. */
#undef ngettext
#define ngettext(one, many, n) g_dngettext (GETTEXT_PACKAGE, one, many, n)

/* As fine as a quick camera. */
#define REAL_STEP_S (1. / 60)
#define SCALED_STEP 1. /* percent */
/* A difference of tempo that anybody notices. */
#define TEMPO_MATTERS_S 0.2

/* Sentences: %s are the second one, the difference, and the first one. */
typedef struct
{
  const char *more, *less;
  const char *same; /* the second one, the first one, their values */
} Difference;

static const Difference rep_differences[] = {
  [TD_CHART_KNEE] = { N_ ("%s goes %s deeper than %s"), N_ ("%s goes %s less deep than %s"),
                      N_ ("%s goes as deep as %s (%s, %s)") },
  [TD_CHART_VALGUS]
  = { N_ ("%s: knees %s further inward than at %s"), N_ ("%s: knees %s less far inward than at %s"),
      N_ ("%s: knees as far inward as at %s (%s, %s)") },
  [TD_CHART_TRUNK] = { N_ ("%s: you lean %s further forward than at %s"),
                       N_ ("%s: you lean %s less far forward than at %s"),
                       N_ ("%s: you lean as far forward as at %s (%s, %s)") },
  [TD_CHART_HIP_HEIGHT]
  = { N_ ("%s: your hips stay %s higher than at %s"), N_ ("%s: your hips go %s lower than at %s"),
      N_ ("%s: your hips go as low as at %s (%s, %s)") },
};

static const Difference session_differences[] = {
  [TD_CHART_REP_DEPTH]
  = { N_ ("%s: on average %s deeper than %s"), N_ ("%s: on average %s less deep than %s"),
      N_ ("%s: on average as deep as %s (%s, %s)") },
  [TD_CHART_REP_TEMPO] = { N_ ("%s: a repetition takes %s longer than %s"),
                           N_ ("%s: a repetition takes %s less than %s"),
                           N_ ("%s: a repetition takes as long as %s (%s, %s)") },
  [TD_CHART_REP_VALGUS] = { N_ ("%s: on average knees %s further inward than %s"),
                            N_ ("%s: on average knees %s less far inward than %s"),
                            N_ ("%s: on average knees as far inward as %s (%s, %s)") },
  [TD_CHART_REP_VELOCITY]
  = { N_ ("%s: you come up %s faster than %s"), N_ ("%s: you come up %s slower than %s"),
      N_ ("%s: you come up as fast as %s (%s, %s)") },
};

/* The formats come out of the tables, translated: what they take is fixed by Difference. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static char *
format_three (const char *format, const char *a, const char *b, const char *c)
{
  return g_strdup_printf (_ (format), a, b, c);
}

static char *
format_four (const char *format, const char *a, const char *b, const char *c, const char *d)
{
  return g_strdup_printf (_ (format), a, b, c, d);
}
#pragma GCC diagnostic pop

/* --- Names -------------------------------------------------------------------------------- */

typedef struct
{
  TdChartData *data[2];
  gboolean one_session, one_year, one_day, one_minute;
} Pair;

static GDateTime *
start_of (const TdChartData *data)
{
  return g_date_time_new_from_iso8601 (data->session.started_at, NULL);
}

static Pair
pair_of (TdChartData *a, TdChartData *b)
{
  Pair pair = { .data = { a, b }, .one_session = a->session.id == b->session.id };
  g_autoptr (GDateTime) first = start_of (a), second = start_of (b);

  if (first && second && !pair.one_session)
    pair.one_minute = llabs (g_date_time_difference (first, second)) < 60 * G_USEC_PER_SEC;
  pair.one_year
      = !first || !second || g_date_time_get_year (first) == g_date_time_get_year (second);
  if (first && second && !pair.one_session)
    pair.one_day = pair.one_year
                   && g_date_time_get_day_of_year (first) == g_date_time_get_day_of_year (second);
  return pair;
}

static char *
date_words (const Pair *pair, int which, gboolean tight)
{
  g_autoptr (GDateTime) start = start_of (pair->data[which]);

  if (!start)
    return g_strdup (which == 0 ? _ ("first session") : _ ("second session"));
  /* Translators: strftime. Day and month; the same day is told by its time. */
  return g_date_time_format (start, pair->one_minute          ? "%H:%M:%S"
                                    : pair->one_day           ? _ ("%H:%M")
                                    : pair->one_year && tight ? _ ("%-d %b")
                                    : pair->one_year          ? _ ("%-d %B")
                                    : tight                   ? _ ("%-d %b %Y")
                                                              : _ ("%-d %B %Y"));
}

/* The same after "deeper than" or "as deep as". */
static char *
than_words (const Pair *pair, int which)
{
  g_autoptr (GDateTime) start = start_of (pair->data[which]);

  if (!start)
    return g_strdup (which == 0 ? _ ("in the first session") : _ ("in the second session"));
  if (pair->one_minute)
    /* Translators: strftime, after "deeper than" or "as deep as"; so are the next ones */
    return g_date_time_format (start, _ ("at %H:%M:%S"));
  if (pair->one_day)
    return g_date_time_format (start, _ ("at %H:%M"));
  return g_date_time_format (start, pair->one_year ? _ ("on %-d %B") : _ ("on %-d %B %Y"));
}

/* START: at the beginning of a sentence. TIGHT: beside a line. */
static char *
rep_name (const Pair *pair, int which, const TdRepRow *row, gboolean start, gboolean tight)
{
  g_autofree char *number = td_rep_row_counts (row) ? g_strdup_printf ("%d", row->number) : NULL;
  g_autofree char *what
      = tight ? number ? g_strdup_printf (_ ("rep %s"), number) : g_strdup (_ ("attempt"))
        : start
            ? number ? g_strdup_printf (_ ("Repetition %s"), number) : g_strdup (_ ("The attempt"))
        : number ? g_strdup_printf (_ ("repetition %s"), number)
                 : g_strdup (_ ("the attempt"));
  g_autofree char *of_set
      = pair->data[which]->session.n_sets > 1
            /* Translators: "repetition 3" and the number of its set */
            ? g_strdup_printf (tight ? _ ("%s, set %d") : _ ("%s of set %d"), what, row->set_number)
            : g_steal_pointer (&what);

  if (pair->one_session)
    return g_steal_pointer (&of_set);
  g_autofree char *date = date_words (pair, which, tight);
  /* Translators: "repetition 3" and a date or time: "repetition 3 (20 November)" */
  return g_strdup_printf (tight ? _ ("%s, %s") : _ ("%s (%s)"), of_set, date);
}

/* --- Two repetitions ---------------------------------------------------------------------- */

static double
seconds_of (const TdChartData *data, int64_t time_ns)
{
  return (double) (time_ns - data->session.first_ns) / 1e9;
}

/* Where X of the axis is on the session's time axis; NAN: before the start or after the end. */
static double
time_at (const TdChart *self, const TdChartData *data, const TdRepRow *row, double x)
{
  double start = seconds_of (data, row->rep.start_ns), top = seconds_of (data, row->rep.top_ns);
  double bottom = seconds_of (data, row->rep.bottom_ns);
  double at = !self->scaled ? bottom + x
              : x < 0       ? bottom + x / 100 * (bottom - start)
                            : bottom + x / 100 * (top - bottom);

  return at < start - 1e-6 || at > top + 1e-6 ? NAN : at;
}

/* The series at TIME_S, straight between two samples. */
static float
value_at (const TdChartData *data, TdSeries series, double time_s, uint8_t *missing)
{
  const float *values = data->values[series];
  size_t k = td_chart_lower_bound (data->time_s, data->n, time_s);

  *missing = TD_MISSING_NOTHING;
  /* A repetition may end with the last sample, or a little after it. */
  if (k == data->n && k > 0 && time_s - data->time_s[k - 1] <= data->gap_s)
    {
      *missing = data->missing[series][k - 1];
      return values[k - 1];
    }
  if (k == data->n || (k > 0 && data->time_s[k] - data->time_s[k - 1] > data->gap_s))
    {
      *missing = TD_MISSING_NO_PERSON;
      return NAN;
    }
  if (k == 0)
    {
      *missing = data->missing[series][0];
      return values[0];
    }
  double share = (time_s - data->time_s[k - 1]) / (data->time_s[k] - data->time_s[k - 1]);
  float value = (float) ((1 - share) * (double) values[k - 1] + share * (double) values[k]);
  if (isnan (value))
    *missing = data->missing[series][isnan (values[k]) ? k : k - 1];
  return value;
}

static void
add_rep_line (TdChart *self, const TdChartData *data, const TdRepRow *row, int which)
{
  TdChartLine *line = &self->lines[self->n_lines++];
  TdSeries series = (TdSeries) td_chart_kind_series (self->of);

  line->name = self->names[which];
  line->ink = which == 0 ? TD_CHART_INK_FIRST : TD_CHART_INK_SECOND;
  line->own_values = g_new (float, self->n_x);
  line->own_missing = g_new (uint8_t, self->n_x);
  for (size_t i = 0; i < self->n_x; i++)
    {
      double at = time_at (self, data, row, self->xs[i]);
      line->own_missing[i] = TD_CHART_OUTSIDE;
      line->own_values[i] = isnan (at) ? NAN : value_at (data, series, at, &line->own_missing[i]);
      td_chart_include (self, (double) line->own_values[i]);
    }
  line->values = line->strong = line->own_values;
  line->missing = line->own_missing;
}

static void
make_places (TdChart *self, const TdRepRow *rows[2])
{
  double step = self->scaled ? SCALED_STEP : REAL_STEP_S;

  self->x_lo = self->scaled ? -100 : 0;
  self->x_hi = self->scaled ? 100 : 0;
  for (int w = 0; w < 2 && !self->scaled; w++)
    {
      self->x_lo
          = fmin (self->x_lo, (double) (rows[w]->rep.start_ns - rows[w]->rep.bottom_ns) / 1e9);
      self->x_hi = fmax (self->x_hi, (double) (rows[w]->rep.top_ns - rows[w]->rep.bottom_ns) / 1e9);
    }
  /* 0, the bottom, is one of them. */
  long before = lround (floor (-self->x_lo / step + 1e-6));
  long after = lround (floor (self->x_hi / step + 1e-6));
  self->n_x = (size_t) (before + after + 1);
  self->own_xs = g_new (double, self->n_x);
  for (size_t i = 0; i < self->n_x; i++)
    self->own_xs[i] = ((double) i - (double) before) * step;
  self->xs = self->own_xs;
  self->gap = 1.5 * step;
}

/* ", and 0.4 s slower down"; "" when nobody would notice. */
static char *
tempo_words (const TdRepRow *rows[2])
{
  const TdMeasure *down[2] = { &rows[0]->rep.eccentric_s, &rows[1]->rep.eccentric_s };
  const TdMeasure *up[2] = { &rows[0]->rep.concentric_s, &rows[1]->rep.concentric_s };
  double most = 0;
  gboolean is_down = FALSE;

  for (int phase = 0; phase < 2; phase++)
    {
      const TdMeasure *const *pair = phase == 0 ? down : up;
      if (!td_measure_ok (*pair[0]) || !td_measure_ok (*pair[1]))
        continue;
      double by = (double) (pair[1]->value - pair[0]->value);
      double noise = hypot ((double) pair[0]->sigma, (double) pair[1]->sigma);
      if (fabs (by) > fmax (TEMPO_MATTERS_S, 2 * noise) && fabs (by) > fabs (most))
        {
          most = by;
          is_down = phase == 0;
        }
    }
  if (fabs (most) <= 0)
    return g_strdup ("");
  g_autofree char *by = td_chart_seconds_words (fabs (most));
  return is_down    ? most > 0 ? g_strdup_printf (_ (", and %s slower down"), by)
                               : g_strdup_printf (_ (", and %s faster down"), by)
            : most > 0 ? g_strdup_printf (_ (", and %s slower up"), by)
                    : g_strdup_printf (_ (", and %s faster up"), by);
}

static char *
difference_words (const TdChart *self, const Difference *texts, TdMeasure first, TdMeasure second,
                  const char *first_name, const char *second_name)
{
  double by = (double) (second.value - first.value);
  g_autofree char *amount = td_chart_value_words (self, fabs (by));
  g_autofree char *value_1 = td_chart_value_words (self, (double) first.value);
  g_autofree char *value_2 = td_chart_value_words (self, (double) second.value);

  /* Less than either may be wrong by is no difference. */
  if (fabs (by) <= hypot ((double) first.sigma, (double) second.sigma)
      || lround (fabs (by) * pow (10, self->digits)) == 0)
    return format_four (texts->same, second_name, first_name, value_2, value_1);
  return format_three (by > 0 ? texts->more : texts->less, second_name, amount, first_name);
}

static char *
rep_description (const TdChart *self, const Pair *pair, const TdRepRow *rows[2])
{
  GString *text = g_string_new (NULL);

  /* Translators: "Knee flexion over time" */
  g_string_append_printf (text, _ ("%s: two repetitions over each other, their bottoms together."),
                          td_chart_kind_name (self->of));
  for (int w = 0; w < 2; w++)
    {
      const TdRep *rep = &rows[w]->rep;
      g_autofree char *name = rep_name (pair, w, rows[w], TRUE, FALSE);
      g_autofree char *value
          = td_chart_measure_words (self, td_chart_rep_value (self, pair->data[w], rows[w]));
      g_string_append_printf (text, " %s: %s", name, value);
      if (td_measure_ok (rep->eccentric_s) && td_measure_ok (rep->concentric_s))
        {
          g_autofree char *down = td_chart_seconds_words ((double) rep->eccentric_s.value);
          g_autofree char *up = td_chart_seconds_words ((double) rep->concentric_s.value);
          g_string_append_printf (text, _ (", %s down, %s up"), down, up);
        }
      g_string_append_c (text, '.');
    }
  g_string_append_printf (text, " %s.", self->nothing ? self->nothing : self->title);
  return g_string_free (text, FALSE);
}

static char *
rep_nothing (const TdChart *self)
{
  for (int l = 0; l < self->n_lines; l++)
    for (size_t i = 0; i < self->n_x; i++)
      if (!isnan (self->lines[l].values[i]))
        return NULL;
  for (int l = 0; l < self->n_lines; l++)
    for (size_t i = 0; i < self->n_x; i++)
      if (self->lines[l].missing[i] != TD_CHART_OUTSIDE)
        return g_strdup_printf (_ ("Not measured: %s"),
                                _ (td_missing_text ((TdMissing) self->lines[l].missing[i])));
  return g_strdup (_ ("Not measured"));
}

TdChart *
td_chart_new_two_reps (TdChartData *a, size_t rep_a, TdChartData *b, size_t rep_b, TdChartKind of,
                       TdChartClock clock)
{
  TdChart *self = td_chart_begin (a, TD_CHART_TWO_REPS, of);
  Pair pair = pair_of (a, b);
  const TdRepRow *rows[2] = { &a->reps[rep_a], &b->reps[rep_b] };

  self->other = td_chart_data_ref (b);
  self->scaled = clock == TD_CHART_CLOCK_SCALED;
  if (self->scaled)
    self->x_name = _ ("Way down and up, %");
  make_places (self, rows);
  for (int w = 0; w < 2; w++)
    {
      self->names[w] = rep_name (&pair, w, rows[w], FALSE, TRUE);
      add_rep_line (self, pair.data[w], rows[w], w);
    }
  self->nothing = rep_nothing (self);
  td_chart_seal_axes (self);

  TdMeasure first = td_chart_rep_value (self, a, rows[0]);
  TdMeasure second = td_chart_rep_value (self, b, rows[1]);
  if (self->nothing || !td_measure_ok (first) || !td_measure_ok (second))
    self->title = g_strdup (td_chart_kind_name (self->kind));
  else
    {
      g_autofree char *first_name = rep_name (&pair, 0, rows[0], FALSE, FALSE);
      g_autofree char *second_name = rep_name (&pair, 1, rows[1], TRUE, FALSE);
      g_autofree char *finding
          = difference_words (self, &rep_differences[of], first, second, first_name, second_name);
      g_autofree char *tempo = tempo_words (rows);
      self->title = g_strconcat (finding, tempo, NULL);
    }
  self->description = rep_description (self, &pair, rows);
  return self;
}

/* --- Two sessions ------------------------------------------------------------------------- */

/* What counted, in order; their number is returned. */
static size_t
counted (const TdChartData *data, const TdRepRow **rows)
{
  size_t n = 0;

  for (size_t i = 0; i < data->n_reps; i++)
    if (td_rep_row_counts (&data->reps[i]))
      rows[n++] = &data->reps[i];
  return n;
}

/* Of one session's bars; its sigma is that of the mean: what the repetitions spread by, over their number. */
static TdMeasure
mean_of (const TdChart *self, int which, int *n)
{
  double sum = 0, squares = 0;
  TdMissing missing = TD_MISSING_TOO_FEW;

  *n = 0;
  for (size_t i = 0; i < self->n_slots; i++)
    {
      TdMeasure m = self->bars[2 * i + (size_t) which];
      if (td_measure_ok (m))
        {
          sum += (double) m.value;
          squares += (double) m.value * (double) m.value;
          ++*n;
        }
      else if (self->slots[i].rows[which])
        missing = m.missing;
    }
  if (*n == 0)
    return td_measure_missing (missing);
  double mean = sum / *n, spread = fmax (squares / *n - mean * mean, 0);
  return td_measure ((float) mean, (float) fmax (sqrt (spread / *n), 1e-3));
}

static char *
session_description (const TdChart *self, const Pair *pair, const TdMeasure means[2],
                     const int n[2])
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _ ("%s: two sessions beside each other."),
                          td_chart_kind_name (self->of));
  for (int w = 0; w < 2; w++)
    {
      g_autofree char *name = date_words (pair, w, FALSE);
      g_autofree char *value = td_measure_ok (means[w])
                                   ? td_chart_value_words (self, (double) means[w].value)
                                   : g_strdup (_ (td_missing_text (means[w].missing)));
      g_string_append_c (text, ' ');
      g_string_append_printf (
          text,
          ngettext ("%s: %d repetition, mean %s.", "%s: %d repetitions, mean %s.", (gulong) n[w]),
          name, n[w], value);
    }
  g_string_append_printf (text, " %s.", self->nothing ? self->nothing : self->title);
  return g_string_free (text, FALSE);
}

/* The mean of session WHICH as a line, and in its name. */
static void
add_mean (TdChart *self, const Pair *pair, int which, TdMeasure mean)
{
  g_autofree char *value = td_chart_value_words (self, (double) mean.value);
  g_autofree char *date = date_words (pair, which, TRUE);

  self->limits[self->n_limits++]
      = (TdChartLimit){ (double) mean.value, NULL, self->bar_inks[which] };
  g_free (self->names[which]);
  /* Translators: a date or time and a value */
  self->names[which] = g_strdup_printf (_ ("%s: mean %s"), date, value);
  self->bar_names[which] = self->names[which];
}

TdChart *
td_chart_new_two_sessions (TdChartData *a, TdChartData *b, TdChartKind of)
{
  TdChart *self = td_chart_begin (a, TD_CHART_TWO_SESSIONS, of);
  Pair pair = pair_of (a, b);
  g_autofree const TdRepRow **first_rows = g_new (const TdRepRow *, a->n_reps + 1);
  g_autofree const TdRepRow **second_rows = g_new (const TdRepRow *, b->n_reps + 1);
  const TdRepRow **rows[2] = { first_rows, second_rows };
  size_t n_rows[2] = { counted (a, first_rows), counted (b, second_rows) };
  TdRepMeasureId measure = (TdRepMeasureId) td_chart_kind_measure (of);
  TdMeasure means[2];
  int n[2];

  self->other = td_chart_data_ref (b);
  self->n_bars = 2;
  self->bar_inks[0] = TD_CHART_INK_FIRST;
  self->bar_inks[1] = TD_CHART_INK_SECOND;
  self->n_slots = MAX (n_rows[0], n_rows[1]);
  self->slots = g_new0 (TdChartSlot, self->n_slots + 1);
  self->bars = g_new0 (TdMeasure, 2 * self->n_slots + 1);
  for (int w = 0; w < 2; w++)
    {
      self->bar_names[w] = self->names[w] = date_words (&pair, w, TRUE);
      self->whose[w] = date_words (&pair, w, FALSE);
    }
  for (size_t i = 0; i < self->n_slots; i++)
    {
      self->slots[i].number = (int) i + 1;
      for (int w = 0; w < 2; w++)
        {
          TdMeasure m = td_measure_missing (TD_MISSING_TOO_FEW);
          if (i < n_rows[w])
            {
              self->slots[i].rows[w] = rows[w][i];
              m = *td_rep_measure_at (&rows[w][i]->rep, measure);
            }
          self->bars[2 * i + (size_t) w] = m;
          if (td_measure_ok (m))
            {
              td_chart_include (self, (double) (m.value + m.sigma));
              td_chart_include (self, (double) (m.value - m.sigma));
            }
        }
    }
  for (int w = 0; w < 2; w++)
    means[w] = mean_of (self, w, &n[w]);
  if (n[0] == 0 && n[1] == 0)
    self->nothing = self->n_slots == 0 ? g_strdup (_ ("No repetition was counted"))
                                       : g_strdup_printf (_ ("Not measured: %s"),
                                                          _ (td_missing_text (means[0].missing)));
  self->x_lo = 0.5;
  self->x_hi = fmax ((double) self->n_slots, 1) + 0.5;
  for (int w = 0; w < 2 && !self->nothing; w++)
    if (n[w] > 0)
      add_mean (self, &pair, w, means[w]);
  td_chart_seal_axes (self);

  if (n[0] == 0 || n[1] == 0)
    self->title = g_strdup (td_chart_kind_name (self->kind));
  else
    {
      g_autofree char *first = than_words (&pair, 0), *second = date_words (&pair, 1, FALSE);
      self->title
          = difference_words (self, &session_differences[of], means[0], means[1], first, second);
    }
  self->description = session_description (self, &pair, means, n);
  return self;
}
