/* td-trend.c: how training goes over weeks and months, as data and words.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-trend.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#undef ngettext
#define ngettext(one, many, n) g_dngettext (GETTEXT_PACKAGE, one, many, n)

#define POUNDS_A_KG 2.20462262
/* Less than any disc: nothing. */
#define BODY_WEIGHT_BELOW_KG 0.1
/* More loads than this are shown as ranges. */
#define MOST_LOADS 8
/* Sessions that a month needs to be compared. */
#define LEAST_SESSIONS 3
/* A clock that was once wrong must not make a million weeks. */
#define MOST_WEEKS (60 * 53)
/* Weeks at the beginning and at the end that are held against each other, and by how much they must differ:
 * of a count there is no measuring error, but nobody trains the same every week. */
#define FEW_WEEKS 4
#define WEEKS_DIFFER 0.2

/* --- Measures ----------------------------------------------------------------------------- */

typedef enum
{
  UNIT_DEGREES,
  UNIT_SECONDS,
  UNIT_LEGS_A_SECOND
} Unit;

/* ERROR: how far to trust a measure (README and science.md): a smaller change is none. Sessions differ in where
 * the camera stood, so a mean of many repetitions is not much better than one. */
static const struct
{
  size_t offset; /* in TdSummaryRow */
  Unit unit;
  double error;
} measures[TD_N_TREND_MEASURES] = {
  [TD_TREND_MEAN_DEPTH] = { offsetof (TdSummaryRow, mean_flexion_deg), UNIT_DEGREES, 6 },
  [TD_TREND_BEST_DEPTH] = { offsetof (TdSummaryRow, best_flexion_deg), UNIT_DEGREES, 6 },
  [TD_TREND_FPPA] = { offsetof (TdSummaryRow, mean_fppa_worst_deg), UNIT_DEGREES, 6 },
  [TD_TREND_LOCKOUT] = { offsetof (TdSummaryRow, mean_lockout_deg), UNIT_DEGREES, 8 },
  [TD_TREND_DOWN] = { offsetof (TdSummaryRow, mean_eccentric_s), UNIT_SECONDS, 0.1 },
  [TD_TREND_UP] = { offsetof (TdSummaryRow, mean_concentric_s), UNIT_SECONDS, 0.1 },
  [TD_TREND_VELOCITY] = { offsetof (TdSummaryRow, mean_velocity), UNIT_LEGS_A_SECOND, 0.1 },
};

static double
measure_of (const TdSummaryRow *row, int measure)
{
  float value;

  memcpy (&value, (const char *) row + measures[measure].offset, sizeof value);
  return (double) value;
}

/* --- Values in words ---------------------------------------------------------------------- */

/* What a thousand and more is written with is the same in every language: a narrow space, from five digits on. */
static char *
grouped (const char *digits)
{
  size_t whole = strspn (digits, "0123456789");
  GString *text = g_string_new (digits);

  for (size_t at = whole; whole > 4 && at > 3;)
    g_string_insert (text, (gssize) (at -= 3), "\u202f");
  return g_string_free (text, FALSE);
}

char *
td_trend_number_words (double value, int digits)
{
  /* Never "-0". */
  if (fabs (value) < 0.5 * pow (10, -digits))
    value = 0;
  g_autofree char *plain = g_strdup_printf ("%.*f", digits, fabs (value));
  g_autofree char *text = grouped (plain);
  return g_strconcat (value < 0 ? "−" : "", text, NULL);
}

static int
digits_of (int measure)
{
  Unit unit = measures[measure].unit;

  return unit == UNIT_DEGREES ? 0 : unit == UNIT_SECONDS ? 1 : 2;
}

static char *
measure_words (double value, int measure)
{
  Unit unit = measures[measure].unit;
  g_autofree char *number = td_trend_number_words (value, digits_of (measure));

  switch (unit)
    {
    case UNIT_SECONDS:
      return g_strdup_printf (_ ("%s s"), number);
    case UNIT_LEGS_A_SECOND:
      return g_strdup_printf (_ ("%s leg lengths a second"), number);
    case UNIT_DEGREES:
    default:
      return g_strdup_printf (_ ("%s°"), number);
    }
}

/* By how much they differ where both are shown: nobody should have to wonder why 120 less 111 is 10. */
static char *
difference_words (double before, double after, int measure)
{
  double whole = pow (10, digits_of (measure));

  return measure_words (fabs (round (after * whole) - round (before * whole)) / whole, measure);
}

static double
shown_load (double kg, TdTrendUnits units)
{
  return units == TD_TREND_IMPERIAL ? kg * POUNDS_A_KG : kg;
}

/* At most one decimal, and none that says nothing. */
static char *
load_number (double shown)
{
  double tenth = round (10 * shown) / 10;

  return td_trend_number_words (tenth, fabs (tenth - round (tenth)) > 0.01 ? 1 : 0);
}

static char *
unit_of_load (const char *number, TdTrendUnits units)
{
  return units == TD_TREND_IMPERIAL ? g_strdup_printf (_ ("%s lb"), number)
                                    : g_strdup_printf (_ ("%s kg"), number);
}

static char *
load_words (double kg, TdTrendUnits units)
{
  g_autofree char *number = load_number (shown_load (kg, units));

  return kg < BODY_WEIGHT_BELOW_KG ? g_strdup (_ ("body weight")) : unit_of_load (number, units);
}

static char *
reps_words (int n)
{
  g_autofree char *number = td_trend_number_words (n, 0);

  return g_strdup_printf (ngettext ("%s repetition", "%s repetitions", (gulong) n), number);
}

char *
td_trend_day_words (int julian, const char *format)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) MAX (julian, 1));
  g_autoptr (GDateTime) time = g_date_time_new_utc (
      g_date_get_year (&date), (int) g_date_get_month (&date), g_date_get_day (&date), 12, 0, 0);
  return g_date_time_format (time, format);
}

static char *
week_words (int monday)
{
  /* Translators: day, month in words, year: strftime */
  g_autofree char *day = td_trend_day_words (monday, _ ("%-d %B %Y"));

  return g_strdup_printf (_ ("Week of %s"), day);
}

static int
month_of (int julian)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) julian);
  return 12 * g_date_get_year (&date) + (int) g_date_get_month (&date) - 1;
}

/* The year only where it is not this one. */
static char *
month_words (int month, int today)
{
  g_autoptr (GDateTime) time = g_date_time_new_utc (month / 12, month % 12 + 1, 1, 12, 0, 0);

  return g_date_time_format (time, month / 12 == month_of (today) / 12
                                       /* Translators: a month that stands alone: strftime */
                                       ? _ ("%OB")
                                       /* Translators: a month with its year: strftime */
                                       : _ ("%OB %Y"));
}

/* --- Which sessions ----------------------------------------------------------------------- */

/* The day by the calendar that the user had then; 0: none. */
static int
day_of (const char *started_at)
{
  /* Without an offset it is what a clock on the wall said, wherever that was. */
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (started_at, utc);
  int year, month, day;

  if (!time)
    return 0;
  g_date_time_get_ymd (time, &year, &month, &day);
  GDate date;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return (int) g_date_get_julian (&date);
}

/* The first day of GDate's count, 1 January of the year 1, was a Monday. */
static int
monday_of (int julian)
{
  return julian - (julian - 1) % 7;
}

static TdTrendLoadKind
kind_of_load (float load_kg)
{
  return isnan (load_kg)                           ? TD_TREND_NOT_TOLD
         : (double) load_kg < BODY_WEIGHT_BELOW_KG ? TD_TREND_BODY_WEIGHT
                                                   : TD_TREND_LOADED;
}

static gboolean
is_of_exercise (const TdSummaryRow *row, const char *exercise)
{
  return exercise[0] == '\0' || strcmp (row->exercise, exercise) == 0;
}

static gboolean
passes (const TdSummaryRow *row, const TdTrendFilter *filter)
{
  const TdTrendLoad *load = &filter->load;
  double kg = (double) row->load_kg;

  return row->n_reps > 0 && is_of_exercise (row, filter->exercise)
         && (load->kind == TD_TREND_ALL_LOADS
             || (load->kind == kind_of_load (row->load_kg)
                 && (load->kind != TD_TREND_LOADED || (kg >= load->from_kg && kg < load->to_kg))));
}

typedef struct
{
  const char *exercise;
  int day;
} Trained;

static int
latest_first (gconstpointer a, gconstpointer b)
{
  return ((const Trained *) b)->day - ((const Trained *) a)->day;
}

char **
td_trend_exercises (const TdSummaryRow *rows, size_t n)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Trained));
  GPtrArray *names = g_ptr_array_new ();

  for (size_t i = 0; i < n; i++)
    {
      int day = day_of (rows[i].started_at);
      guint k = 0;
      while (k < found->len
             && strcmp (g_array_index (found, Trained, k).exercise, rows[i].exercise) != 0)
        k++;
      if (k == found->len)
        {
          Trained new = { rows[i].exercise, day };
          g_array_append_val (found, new);
        }
      else if (day > g_array_index (found, Trained, k).day)
        g_array_index (found, Trained, k).day = day;
    }
  g_array_sort (found, latest_first);
  for (guint k = 0; k < found->len; k++)
    g_ptr_array_add (names, g_strdup (g_array_index (found, Trained, k).exercise));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

static int
ascending (gconstpointer a, gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

/* The numbers of the cells of STEP (shown units) that have a load, each once. A cell begins at OFFSET before its
 * number's multiple of STEP. */
static GArray *
cells_of (const TdSummaryRow *rows, size_t n, const char *exercise, TdTrendUnits units, double step,
          double offset)
{
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (int));

  for (size_t i = 0; i < n; i++)
    if (is_of_exercise (&rows[i], exercise) && kind_of_load (rows[i].load_kg) == TD_TREND_LOADED)
      {
        double shown = shown_load ((double) rows[i].load_kg, units);
        int cell = (int) floor ((shown + offset) / step + 1e-9);
        guint k = 0;
        while (k < cells->len && g_array_index (cells, int, k) != cell)
          k++;
        if (k == cells->len)
          g_array_append_val (cells, cell);
      }
  g_array_sort (cells, ascending);
  return cells;
}

TdTrendLoad *
td_trend_loads (const TdSummaryRow *rows, size_t n, const char *exercise, TdTrendUnits units,
                size_t *n_loads)
{
  static const double steps[] = { 0.5, 10, 20, 50, 100, 1000 };
  GArray *loads = g_array_new (FALSE, FALSE, sizeof (TdTrendLoad));
  TdTrendLoad all = { TD_TREND_ALL_LOADS, 0, 0 };
  gboolean any[TD_TREND_LOADED + 1] = { FALSE };
  double a_kg = shown_load (1, units), step = steps[0];

  g_array_append_val (loads, all);
  for (size_t i = 0; i < n; i++)
    if (is_of_exercise (&rows[i], exercise))
      any[kind_of_load (rows[i].load_kg)] = TRUE;
  if (any[TD_TREND_BODY_WEIGHT])
    g_array_append_val (loads, ((TdTrendLoad){ TD_TREND_BODY_WEIGHT, 0, 0 }));

  /* What differs by less than half a unit is one load. */
  GArray *cells = cells_of (rows, n, exercise, units, step, step / 2);
  for (size_t s = 1; s < G_N_ELEMENTS (steps) && cells->len > MOST_LOADS; s++)
    {
      g_array_unref (cells);
      step = steps[s];
      cells = cells_of (rows, n, exercise, units, step, 0);
    }
  for (guint k = 0; k < cells->len; k++)
    {
      double from = g_array_index (cells, int, k) * step - (step < 1 ? step / 2 : 0);
      TdTrendLoad load = { TD_TREND_LOADED, from / a_kg, (from + step) / a_kg };
      g_array_append_val (loads, load);
    }
  g_array_unref (cells);

  if (any[TD_TREND_NOT_TOLD])
    g_array_append_val (loads, ((TdTrendLoad){ TD_TREND_NOT_TOLD, 0, 0 }));
  *n_loads = loads->len;
  return (TdTrendLoad *) (void *) g_array_free (loads, FALSE);
}

char *
td_trend_load_name (const TdTrendLoad *load, TdTrendUnits units)
{
  double from = shown_load (load->from_kg, units), to = shown_load (load->to_kg, units);

  switch (load->kind)
    {
    case TD_TREND_BODY_WEIGHT:
      return g_strdup (_ ("Body weight"));
    case TD_TREND_NOT_TOLD:
      return g_strdup (_ ("Load not told"));
    case TD_TREND_LOADED:
      if (to - from < 1)
        return load_words ((load->from_kg + load->to_kg) / 2, units);
      else
        {
          g_autofree char *low = load_number (from);
          g_autofree char *high = load_number (to);
          g_autofree char *top = unit_of_load (high, units);
          /* Translators: a range of loads: "20 to under 30 kg" */
          return g_strdup_printf (_ ("%s to under %s"), low, top);
        }
    case TD_TREND_ALL_LOADS:
    default:
      return g_strdup (_ ("All loads"));
    }
}

/* --- Sessions and weeks ------------------------------------------------------------------- */

/* Means of what several rows measured; of the best depth the greatest. */
typedef struct
{
  double sums[TD_N_TREND_MEASURES], weights[TD_N_TREND_MEASURES];
} Pool;

static void
pool_add (Pool *pool, const double values[TD_N_TREND_MEASURES], int n_reps)
{
  for (int m = 0; m < TD_N_TREND_MEASURES; m++)
    if (isfinite (values[m]))
      {
        if (m == TD_TREND_BEST_DEPTH)
          {
            pool->sums[m] = pool->weights[m] > 0 ? fmax (pool->sums[m], values[m]) : values[m];
            pool->weights[m] = 1;
          }
        else
          {
            pool->sums[m] += n_reps * values[m];
            pool->weights[m] += n_reps;
          }
      }
}

static void
pool_means (const Pool *pool, double values[TD_N_TREND_MEASURES])
{
  for (int m = 0; m < TD_N_TREND_MEASURES; m++)
    values[m] = pool->weights[m] > 0 ? pool->sums[m] / pool->weights[m] : NAN;
}

static int
by_day (gconstpointer a, gconstpointer b)
{
  const TdTrendSession *first = a, *second = b;

  return first->day != second->day ? first->day - second->day
         : first->id < second->id  ? -1
                                   : first->id > second->id;
}

static void
gather_sessions (TdTrend *self, const TdSummaryRow *rows, size_t n)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree Pool *pools = g_new0 (Pool, n + 1);
  TdTrendBest *heaviest = &self->bests[TD_TREND_HEAVIEST];

  self->sessions = g_new0 (TdTrendSession, n + 1);
  for (size_t i = 0; i < n; i++)
    {
      const TdSummaryRow *row = &rows[i];
      int day = passes (row, &self->filter) ? day_of (row->started_at) : 0;
      double values[TD_N_TREND_MEASURES], kg = (double) row->load_kg;

      if (day == 0)
        continue;
      gpointer place = g_hash_table_lookup (places, &row->session);
      size_t at = place ? GPOINTER_TO_SIZE (place) - 1 : self->n_sessions++;
      TdTrendSession *session = &self->sessions[at];
      if (!place)
        g_hash_table_insert (places, (gpointer) &row->session, GSIZE_TO_POINTER (at + 1));
      session->id = row->session;
      session->day = day;
      session->n_reps += row->n_reps;
      if (kind_of_load (row->load_kg) != TD_TREND_NOT_TOLD)
        session->n_told += row->n_reps;
      if (kind_of_load (row->load_kg) == TD_TREND_LOADED)
        {
          session->volume_kg += row->n_reps * kg;
          self->loaded = true;
          if (!heaviest->any || kg > heaviest->value + 1e-3
              || (kg > heaviest->value - 1e-3 && day < heaviest->day))
            *heaviest = (TdTrendBest){ true, kg, day };
        }
      for (int m = 0; m < TD_N_TREND_MEASURES; m++)
        values[m] = measure_of (row, m);
      pool_add (&pools[at], values, row->n_reps);
    }
  for (size_t i = 0; i < self->n_sessions; i++)
    {
      pool_means (&pools[i], self->sessions[i].values);
      self->n_reps += self->sessions[i].n_reps;
    }
  qsort (self->sessions, self->n_sessions, sizeof *self->sessions, by_day);
}

static void
gather_weeks (TdTrend *self, int today)
{
  if (self->n_sessions == 0)
    return;
  int last = monday_of (MAX (self->sessions[self->n_sessions - 1].day, today));
  int first = MAX (monday_of (self->sessions[0].day), last - 7 * (MOST_WEEKS - 1));
  size_t at = 0;

  self->n_weeks = (size_t) (last - first) / 7 + 1;
  self->weeks = g_new0 (TdTrendWeek, self->n_weeks);
  while (at < self->n_sessions && self->sessions[at].day < first)
    at++;
  for (size_t w = 0; w < self->n_weeks; w++)
    {
      TdTrendWeek *week = &self->weeks[w];
      Pool pool = { 0 };

      week->monday = first + 7 * (int) w;
      for (; at < self->n_sessions && self->sessions[at].day < week->monday + 7; at++)
        {
          const TdTrendSession *session = &self->sessions[at];
          week->n_sessions++;
          week->n_reps += session->n_reps;
          week->volume_kg += session->volume_kg;
          pool_add (&pool, session->values, session->n_reps);
        }
      pool_means (&pool, week->values);
    }
}

/* --- Personal bests ----------------------------------------------------------------------- */

static void
better (TdTrendBest *best, double value, int day)
{
  if (!isnan (value) && (!best->any || value > best->value))
    *best = (TdTrendBest){ true, value, day };
}

static void
find_bests (TdTrend *self)
{
  for (size_t i = 0; i < self->n_sessions; i++)
    {
      const TdTrendSession *session = &self->sessions[i];
      better (&self->bests[TD_TREND_DEEPEST], session->values[TD_TREND_BEST_DEPTH], session->day);
      better (&self->bests[TD_TREND_MOST_IN_SESSION], session->n_reps, session->day);
    }
  for (size_t w = 0; w < self->n_weeks; w++)
    if (self->weeks[w].n_reps > 0)
      better (&self->bests[TD_TREND_MOST_IN_WEEK], self->weeks[w].n_reps, self->weeks[w].monday);
}

const char *
td_trend_best_name (TdTrendBestKind kind)
{
  static const char *const names[TD_N_TREND_BESTS] = {
    [TD_TREND_DEEPEST] = N_ ("Deepest repetition"),
    [TD_TREND_MOST_IN_SESSION] = N_ ("Most in a session"),
    [TD_TREND_HEAVIEST] = N_ ("Heaviest load"),
    [TD_TREND_MOST_IN_WEEK] = N_ ("Most in a week"),
  };

  return _ (names[kind]);
}

char *
td_trend_best_value (const TdTrend *self, TdTrendBestKind kind)
{
  const TdTrendBest *best = &self->bests[kind];

  if (!best->any)
    return g_strdup ("–");
  switch (kind)
    {
    case TD_TREND_DEEPEST:
      return measure_words (best->value, TD_TREND_BEST_DEPTH);
    case TD_TREND_HEAVIEST:
      return load_words (best->value, self->units);
    case TD_TREND_MOST_IN_SESSION:
    case TD_TREND_MOST_IN_WEEK:
    case TD_N_TREND_BESTS:
    default:
      return g_strdup_printf (ngettext ("%d rep", "%d reps", (gulong) best->value),
                              (int) best->value);
    }
}

char *
td_trend_best_date (const TdTrend *self, TdTrendBestKind kind)
{
  const TdTrendBest *best = &self->bests[kind];

  if (!best->any)
    return g_strdup ("");
  if (kind == TD_TREND_MOST_IN_WEEK)
    return week_words (best->day);
  return td_trend_day_words (best->day, _ ("%-d %B %Y"));
}

/* --- Change ------------------------------------------------------------------------------- */

typedef struct
{
  int n;
  double mean, variance;
} Sample;

/* The sessions of MONTH in which MEASURE was measured; those of one month follow one another. */
static Sample
sample_of (const TdTrend *self, int month, int measure)
{
  Sample sample = { 0 };
  double squares = 0;

  for (size_t i = 0; i < self->n_sessions; i++)
    {
      double value = self->sessions[i].values[measure];
      if (isnan (value) || month_of (self->sessions[i].day) != month)
        continue;
      double from_mean = value - sample.mean;
      sample.mean += from_mean / ++sample.n;
      squares += from_mean * (value - sample.mean);
    }
  if (sample.n > 1)
    sample.variance = squares / (sample.n - 1);
  return sample;
}

/* Student's t for 95 % of both sides; within 0.5 % of the table from 4 degrees of freedom on. */
static double
student (int freedom)
{
  return 1.96 + 2.4 / freedom + 3.6 / (freedom * freedom);
}

/* A change is one where it is more than the measuring error and more than the sessions of a month differ by
 * chance; there is none where it is less than the measuring error and a greater one would have shown. */
static TdTrendChange
change_of (const TdTrend *self, int measure)
{
  Sample before = sample_of (self, self->first_month, measure);
  Sample after = sample_of (self, self->last_month, measure);
  TdTrendChange change = { TD_TREND_UNKNOWN, NAN, NAN };
  double error = measures[measure].error;

  if (before.n < LEAST_SESSIONS || after.n < LEAST_SESSIONS)
    return change;
  change.before = before.mean;
  change.after = after.mean;
  int freedom = before.n + after.n - 2;
  double pooled = ((before.n - 1) * before.variance + (after.n - 1) * after.variance) / freedom;
  double chance = student (freedom) * sqrt (pooled * (1. / before.n + 1. / after.n));
  double difference = after.mean - before.mean;
  if (fabs (difference) > error && fabs (difference) > chance)
    change.verdict = difference > 0 ? TD_TREND_ROSE : TD_TREND_FELL;
  else if (fabs (difference) <= error && chance <= error)
    change.verdict = TD_TREND_SAME;
  return change;
}

/* LOAD_KG: the mean of the repetitions whose load was told; NAN: it was of none. */
static int
sessions_in (const TdTrend *self, int month, double *load_kg)
{
  double volume = 0;
  int n = 0, told = 0;

  for (size_t i = 0; i < self->n_sessions; i++)
    if (month_of (self->sessions[i].day) == month)
      {
        n++;
        told += self->sessions[i].n_told;
        volume += self->sessions[i].volume_kg;
      }
  *load_kg = told > 0 ? volume / told : NAN;
  return n;
}

static void
compare_months (TdTrend *self)
{
  double load;

  self->first_month = self->last_month = -1;
  for (int m = 0; m < TD_N_TREND_MEASURES; m++)
    self->changes[m] = (TdTrendChange){ TD_TREND_UNKNOWN, NAN, NAN };
  for (size_t i = 0; i < self->n_sessions;)
    {
      int month = month_of (self->sessions[i].day), n = sessions_in (self, month, &load);
      if (n >= LEAST_SESSIONS)
        {
          if (self->first_month < 0)
            self->first_month = month;
          self->last_month = month;
        }
      i += (size_t) n;
    }
  self->compared = self->last_month > self->first_month;
  if (self->compared)
    for (int m = 0; m < TD_N_TREND_MEASURES; m++)
      self->changes[m] = change_of (self, m);
}

/* How a measure's change is told. GOES: after "you go", otherwise a clause of its own. */
static const struct
{
  TdTrendMeasure measure;
  gboolean goes;
  const char *rose, *fell; /* %s: by how much */
  const char *same;        /* NULL: not worth a word */
} clauses[] = {
  { TD_TREND_MEAN_DEPTH, TRUE,
    /* Translators: "Since March you go 9° deeper" */
    N_ ("%s deeper"), N_ ("%s less deep"), N_ ("your depth stays as it was") },
  { TD_TREND_DOWN, TRUE, N_ ("%s slower down"), N_ ("%s faster down"), NULL },
  { TD_TREND_UP, TRUE, N_ ("%s slower up"), N_ ("%s faster up"), NULL },
  { TD_TREND_FPPA, FALSE, N_ ("your knees come %s further inward"),
    N_ ("your knees come %s less far inward"), N_ ("your knees stay as they were") },
  { TD_TREND_LOCKOUT, FALSE, N_ ("your legs stay %s more bent at the top"),
    N_ ("your legs get %s straighter at the top"), NULL },
};

/* The texts of WORDS (at least one) in one: "a, b and c". */
static char *
list_words (GPtrArray *words)
{
  char *text = g_strdup (words->pdata[0]);

  for (guint i = 1; i < words->len; i++)
    {
      char *longer = g_strdup_printf (i + 1 < words->len
                                          /* Translators: a list: first, second */
                                          ? _ ("%s, %s")
                                          /* Translators: the end of a list: first and second */
                                          : _ ("%s and %s"),
                                      text, (const char *) words->pdata[i]);
      g_free (text);
      text = longer;
    }
  return text;
}

static char *
change_words (const TdTrend *self)
{
  g_autoptr (GPtrArray) goes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);
  gboolean any = FALSE;

  for (size_t i = 0; i < G_N_ELEMENTS (clauses); i++)
    {
      const TdTrendChange *change = &self->changes[clauses[i].measure];
      if (change->verdict == TD_TREND_ROSE || change->verdict == TD_TREND_FELL)
        {
          g_autofree char *by
              = difference_words (change->before, change->after, clauses[i].measure);
          const char *format
              = change->verdict == TD_TREND_ROSE ? _ (clauses[i].rose) : _ (clauses[i].fell);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
          g_ptr_array_add (clauses[i].goes ? goes : others, g_strdup_printf (format, by));
#pragma GCC diagnostic pop
          any = TRUE;
        }
      else if (change->verdict == TD_TREND_SAME && clauses[i].same)
        g_ptr_array_add (others, g_strdup (_ (clauses[i].same)));
    }

  g_autofree char *since = month_words (self->first_month, self->today);
  if (!any && others->len == 0)
    return g_strdup_printf (
        _ ("Since %s nothing has changed by more than the measuring error and chance."), since);
  g_ptr_array_add (others, NULL);
  g_autofree char *rest = g_strjoinv ("; ", (char **) others->pdata);
  if (goes->len == 0)
    /* Translators: month, then clauses: "Since March: your knees stay as they were." */
    return g_strdup_printf (_ ("Since %s: %s."), since, rest);
  g_autofree char *gone = list_words (goes);
  return rest[0] ? /* Translators: "Since March you go 9° deeper; your knees stay as they were." */
             g_strdup_printf (_ ("Since %s you go %s; %s."), since, gone, rest)
                 : g_strdup_printf (_ ("Since %s you go %s."), since, gone);
}

/* "March: 7 sessions, 5 kg on average" */
static char *
month_basis (const TdTrend *self, int month)
{
  double load_kg;
  int n = sessions_in (self, month, &load_kg);
  g_autofree char *name = month_words (month, self->today);
  g_autofree char *load = load_words (load_kg, self->units);
  /* Translators: month and number of sessions */
  g_autofree char *sessions
      = g_strdup_printf (ngettext ("%s: %d session", "%s: %d sessions", (gulong) n), name, n);

  if (!self->loaded || self->filter.load.kind != TD_TREND_ALL_LOADS || isnan (load_kg))
    return g_steal_pointer (&sessions);
  /* Who goes less deep with more load has not become worse. */
  return load_kg < BODY_WEIGHT_BELOW_KG
             ? g_strdup_printf ("%s, %s", sessions, load)
             /* Translators: "March: 7 sessions", then the mean load of a repetition */
             : g_strdup_printf (_ ("%s, %s on average"), sessions, load);
}

static void
say_change (TdTrend *self, gboolean mixed)
{
  self->basis = g_strdup ("");
  if (mixed)
    self->change = g_strdup (_ ("Choose one exercise to see what has changed."));
  else if (!self->compared)
    self->change
        = g_strdup (_ ("Once two months have three sessions each, what has changed stands here."));
  else
    {
      g_autofree char *first = month_basis (self, self->first_month);
      g_autofree char *last = month_basis (self, self->last_month);
      self->change = change_words (self);
      g_free (self->basis);
      self->basis = g_strconcat (first, " · ", last, NULL);
    }
}

/* --- All of it ---------------------------------------------------------------------------- */

/* Two exercises have each their own depth and tempo: what changed may be which one was trained. */
static gboolean
is_mixed (const TdSummaryRow *rows, size_t n, const TdTrendFilter *filter)
{
  const char *first = NULL;

  for (size_t i = 0; i < n; i++)
    if (passes (&rows[i], filter))
      {
        if (first && strcmp (first, rows[i].exercise) != 0)
          return TRUE;
        first = rows[i].exercise;
      }
  return FALSE;
}

TdTrend *
td_trend_new (const TdSummaryRow *rows, size_t n, const TdTrendFilter *filter, TdTrendUnits units,
              int today)
{
  TdTrend *self = g_new0 (TdTrend, 1);
  gboolean mixed = is_mixed (rows, n, filter);

  self->n_refs = 1;
  self->filter = *filter;
  self->units = units;
  self->today = today;
  gather_sessions (self, rows, n);
  gather_weeks (self, today);
  find_bests (self);
  compare_months (self);
  if (mixed)
    {
      self->compared = false;
      for (int m = 0; m < TD_N_TREND_MEASURES; m++)
        self->changes[m].verdict = TD_TREND_UNKNOWN;
    }
  say_change (self, mixed);
  return self;
}

TdTrend *
td_trend_ref (TdTrend *self)
{
  g_atomic_int_inc (&self->n_refs);
  return self;
}

void
td_trend_unref (TdTrend *self)
{
  if (!self || !g_atomic_int_dec_and_test (&self->n_refs))
    return;
  g_free (self->sessions);
  g_free (self->weeks);
  g_free (self->change);
  g_free (self->basis);
  g_free (self);
}

/* --- Charts ------------------------------------------------------------------------------- */

typedef struct
{
  const char *id;
  const char *name;
  const char *y_name;            /* NULL: depends on the units */
  int lines[TD_TREND_MAX_LINES]; /* TdTrendMeasure; -1: none. Of bars both are */
  const char *names[TD_TREND_MAX_LINES];
  const char *spoken[TD_TREND_MAX_LINES]; /* %s: the value; NULL: the value alone */
  const char *missing;                    /* why there may be nothing */
  double least_span;
  gboolean from_zero;
  const char *rose, *fell; /* %s: before and after */
  const char *same, *mean; /* %s: the value */
  const char *open;        /* %s: the value of a week that is not over; of bars */
} Kind;

static const Kind kinds[TD_N_TREND_CHARTS] = {
  [TD_TREND_CHART_REPS] = {
    .id = "repetitions-a-week", .name = N_ ("Repetitions a week"), .y_name = N_ ("Repetitions"),
    .lines = { -1, -1 }, .least_span = 5,
    .rose = N_ ("You do more: from %s to %s repetitions a week"),
    .fell = N_ ("You do fewer: from %s to %s repetitions a week"),
    .mean = N_ ("About %s repetitions a week"), .open = N_ ("%s repetitions so far this week"),
  },
  [TD_TREND_CHART_VOLUME] = {
    .id = "volume-a-week", .name = N_ ("Volume a week"), .lines = { -1, -1 }, .least_span = 5,
    .missing = N_ ("With body weight alone there are only repetitions"),
    .rose = N_ ("You move more: from %s to %s a week"),
    .fell = N_ ("You move less: from %s to %s a week"),
    .mean = N_ ("About %s a week"), .open = N_ ("%s so far this week"),
  },
  [TD_TREND_CHART_DEPTH] = {
    .id = "depth", .name = N_ ("Depth"), .y_name = N_ ("Knee flexion, °"),
    .lines = { TD_TREND_MEAN_DEPTH, TD_TREND_BEST_DEPTH },
    .names = { N_ ("mean"), N_ ("deepest") },
    .spoken = { N_ ("mean %s"), N_ ("deepest %s") },
    .missing = N_ ("Depth was not measured"), .least_span = 20,
    .rose = N_ ("You go deeper: from %s to %s"), .fell = N_ ("You go less deep: from %s to %s"),
    .same = N_ ("Depth stays near %s"), .mean = N_ ("Depth about %s on average"),
  },
  [TD_TREND_CHART_VALGUS] = {
    .id = "valgus", .name = N_ ("Knees inward (valgus)"),
    .y_name = N_ ("FPPA of the worse knee, °: inward is positive"),
    .lines = { TD_TREND_FPPA, -1 }, .spoken = { N_ ("worse knee %s") },
    .missing = N_ ("Not measured yet: face the camera, so that your knees can be seen from the front"),
    .least_span = 10, .from_zero = TRUE,
    .rose = N_ ("Knees come further inward: from %s to %s"),
    .fell = N_ ("Knees come less far inward: from %s to %s"),
    .same = N_ ("Knees stay near %s"), .mean = N_ ("The worse knee at %s on average"),
  },
  [TD_TREND_CHART_LOCKOUT] = {
    .id = "lockout", .name = N_ ("Straight at the top"), .y_name = N_ ("Knee flexion at the top, °"),
    .lines = { TD_TREND_LOCKOUT, -1 }, .spoken = { N_ ("bent %s at the top") },
    .missing = N_ ("The top was not measured"), .least_span = 15, .from_zero = TRUE,
    .rose = N_ ("Legs less straight at the top: from %s to %s"),
    .fell = N_ ("Legs straighter at the top: from %s to %s"),
    .same = N_ ("Legs stay near %s at the top"), .mean = N_ ("Legs bent %s at the top on average"),
  },
  [TD_TREND_CHART_TEMPO] = {
    .id = "tempo", .name = N_ ("Tempo"), .y_name = N_ ("Time, s"),
    .lines = { TD_TREND_DOWN, TD_TREND_UP }, .names = { N_ ("down"), N_ ("up") },
    .spoken = { N_ ("down %s"), N_ ("up %s") },
    .missing = N_ ("Tempo was not measured"), .least_span = 2, .from_zero = TRUE,
    .rose = N_ ("You go down slower: from %s to %s"),
    .fell = N_ ("You go down faster: from %s to %s"),
    .same = N_ ("About %s down"), .mean = N_ ("About %s down on average"),
  },
  [TD_TREND_CHART_VELOCITY] = {
    .id = "velocity", .name = N_ ("Velocity going up"), .y_name = N_ ("Hips, leg lengths/s"),
    .lines = { TD_TREND_VELOCITY, -1 }, 
    .missing = N_ ("Velocity was not measured"), .least_span = 0.4, .from_zero = TRUE,
    .rose = N_ ("You come up faster: from %s to %s"),
    .fell = N_ ("You come up slower: from %s to %s"),
    .same = N_ ("You come up at about %s"), .mean = N_ ("You come up at about %s on average"),
  },
};

const char *
td_trend_chart_id (TdTrendChartKind kind)
{
  return kinds[kind].id;
}

const char *
td_trend_chart_name (TdTrendChartKind kind)
{
  return _ (kinds[kind].name);
}

TdTrendMeasure
td_trend_chart_measure (const TdTrendChart *self, int line)
{
  return (TdTrendMeasure) kinds[self->kind].lines[line];
}

double
td_trend_chart_value (const TdTrendChart *self, int line, size_t week)
{
  const TdTrendWeek *at = &self->trend->weeks[week];

  if (self->kind == TD_TREND_CHART_REPS)
    return at->n_reps;
  if (self->kind == TD_TREND_CHART_VOLUME)
    return shown_load (at->volume_kg, self->trend->units);
  return at->values[kinds[self->kind].lines[line]];
}

/* In the units shown. */
static char *
value_words (const TdTrendChart *self, int line, double value)
{
  g_autofree char *number = td_trend_number_words (value, 0);

  if (self->kind == TD_TREND_CHART_REPS)
    return g_steal_pointer (&number);
  if (self->kind == TD_TREND_CHART_VOLUME)
    return unit_of_load (number, self->trend->units);
  return measure_words (value, kinds[self->kind].lines[line]);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static char *
one_value (const TdTrendChart *self, const char *format, int line, double value)
{
  g_autofree char *words = value_words (self, line, value);

  return g_strdup_printf (_ (format), words);
}

static char *
two_values (const TdTrendChart *self, const char *format, int line, double first, double second)
{
  g_autofree char *before = value_words (self, line, first);
  g_autofree char *after = value_words (self, line, second);

  return g_strdup_printf (_ (format), before, after);
}

#pragma GCC diagnostic pop

/* The mean of N weeks from FROM on. */
static double
mean_of_weeks (const TdTrendChart *self, size_t from, size_t n)
{
  double sum = 0;

  for (size_t w = from; w < from + n; w++)
    sum += td_trend_chart_value (self, 0, w);
  return sum / (double) n;
}

/* The week that is not over yet says little. */
static size_t
whole_weeks (const TdTrend *trend)
{
  size_t n = trend->n_weeks;

  return trend->weeks[n - 1].monday + 7 > trend->today ? n - 1 : n;
}

static char *
bars_title (const TdTrendChart *self)
{
  const Kind *kind = &kinds[self->kind];
  size_t n = whole_weeks (self->trend);

  if (n == 0)
    return one_value (self, kind->open, 0, td_trend_chart_value (self, 0, 0));
  if (n >= 2 * FEW_WEEKS)
    {
      double first = mean_of_weeks (self, 0, FEW_WEEKS);
      double last = mean_of_weeks (self, n - FEW_WEEKS, FEW_WEEKS);
      if (fabs (last - first) > WEEKS_DIFFER * fmax (first, last))
        return two_values (self, last > first ? kind->rose : kind->fell, 0, first, last);
    }
  return one_value (self, kind->mean, 0, mean_of_weeks (self, 0, n));
}

/* Of the sessions, as months are compared. */
static double
mean_of_sessions (const TdTrend *trend, int measure)
{
  double sum = 0;
  int n = 0;

  for (size_t i = 0; i < trend->n_sessions; i++)
    if (!isnan (trend->sessions[i].values[measure]))
      {
        sum += trend->sessions[i].values[measure];
        n++;
      }
  return n > 0 ? sum / n : NAN;
}

static char *
lines_title (const TdTrendChart *self)
{
  const Kind *kind = &kinds[self->kind];
  const TdTrendChange *change = &self->trend->changes[kind->lines[0]];

  if (change->verdict == TD_TREND_ROSE || change->verdict == TD_TREND_FELL)
    return two_values (self, change->verdict == TD_TREND_ROSE ? kind->rose : kind->fell, 0,
                       change->before, change->after);
  if (change->verdict == TD_TREND_SAME)
    return one_value (self, kind->same, 0, (change->before + change->after) / 2);
  return one_value (self, kind->mean, 0, mean_of_sessions (self->trend, kind->lines[0]));
}

static gboolean
has_values (const TdTrendChart *self)
{
  if (self->kind == TD_TREND_CHART_VOLUME)
    return self->trend->loaded;
  for (size_t w = 0; w < self->trend->n_weeks; w++)
    for (int l = 0; l < self->n_lines; l++)
      if (!isnan (td_trend_chart_value (self, l, w)))
        return TRUE;
  return FALSE;
}

static void
find_range (TdTrendChart *self)
{
  const Kind *kind = &kinds[self->kind];
  const TdTrend *trend = self->trend;
  double lo = INFINITY, hi = -INFINITY;

  for (size_t w = 0; w < trend->n_weeks; w++)
    for (int l = 0; l < self->n_lines; l++)
      {
        double value = td_trend_chart_value (self, l, w);
        lo = fmin (lo, value);
        hi = fmax (hi, value);
      }
  if (!self->bars)
    for (size_t i = 0; i < trend->n_sessions; i++)
      {
        lo = fmin (lo, trend->sessions[i].values[kind->lines[0]]);
        hi = fmax (hi, trend->sessions[i].values[kind->lines[0]]);
      }
  if (!isfinite (lo))
    lo = hi = 0;
  if (self->bars || kind->from_zero)
    {
      lo = fmin (lo, 0);
      hi = fmax (hi, 0);
    }
  gboolean grounded = self->bars || kind->from_zero;
  double lack = kind->least_span - (hi - lo);
  if (lack > 0)
    {
      lo -= grounded ? 0 : lack / 2;
      hi += grounded ? lack : lack / 2;
    }
  double margin = 0.06 * (hi - lo);
  lo -= grounded && lo >= 0 ? 0 : margin;
  hi += margin;
  self->y_lo = lo;
  self->y_hi = hi;
}

static int
best_week (const TdTrendChart *self)
{
  TdTrendBestKind kind = self->kind == TD_TREND_CHART_REPS    ? TD_TREND_MOST_IN_WEEK
                         : self->kind == TD_TREND_CHART_DEPTH ? TD_TREND_DEEPEST
                                                              : TD_N_TREND_BESTS;

  if (kind == TD_N_TREND_BESTS || !self->trend->bests[kind].any)
    return -1;
  int day = self->trend->bests[kind].day;
  return day < self->trend->weeks[0].monday ? -1 : (day - self->trend->weeks[0].monday) / 7;
}

/* "Lowest 110°, highest 124°" of LINE, with their weeks. */
static void
describe_line (const TdTrendChart *self, int line, GString *text)
{
  const TdTrend *trend = self->trend;
  int lowest = -1, highest = -1, first = -1, last = -1;

  for (size_t w = 0; w < trend->n_weeks; w++)
    {
      double value = td_trend_chart_value (self, line, w);
      if (isnan (value))
        continue;
      if (lowest < 0 || value < td_trend_chart_value (self, line, (size_t) lowest))
        lowest = (int) w;
      if (highest < 0 || value > td_trend_chart_value (self, line, (size_t) highest))
        highest = (int) w;
      if (first < 0)
        first = (int) w;
      last = (int) w;
    }
  if (first < 0)
    return;
  int weeks[] = { first, last, lowest, highest };
  char *values[4];
  for (int i = 0; i < 4; i++)
    values[i] = value_words (self, line, td_trend_chart_value (self, line, (size_t) weeks[i]));
  g_autofree char *low_day = td_trend_day_words (trend->weeks[lowest].monday, _ ("%-d %B %Y"));
  g_autofree char *high_day = td_trend_day_words (trend->weeks[highest].monday, _ ("%-d %B %Y"));
  g_string_append_c (text, ' ');
  if (self->line_names[line])
    g_string_append_printf (text, "%s: ", self->line_names[line]);
  /* Translators: four values, the last two each with the Monday of its week */
  g_string_append_printf (text,
                          _ ("first week %s, last week %s, lowest %s in the week of %s, highest %s "
                             "in the week of %s."),
                          values[0], values[1], values[2], low_day, values[3], high_day);
  for (int i = 0; i < 4; i++)
    g_free (values[i]);
}

static char *
describe (const TdTrendChart *self)
{
  const TdTrend *trend = self->trend;
  GString *text = g_string_new (self->title);
  int empty = 0;

  if (self->nothing)
    return g_string_free (text, FALSE);
  for (size_t w = 0; w < trend->n_weeks; w++)
    empty += trend->weeks[w].n_sessions == 0;
  g_string_append (text, ". ");
  g_string_append_printf (text, ngettext ("%d week", "%d weeks", (gulong) trend->n_weeks),
                          (int) trend->n_weeks);
  if (empty > 0)
    g_string_append_printf (text,
                            ngettext (", %d of them without a session",
                                      ", %d of them without a session", (gulong) empty),
                            empty);
  g_string_append_c (text, '.');
  for (int l = 0; l < self->n_lines; l++)
    describe_line (self, l, text);
  return g_string_free (text, FALSE);
}

TdTrendChart *
td_trend_chart_new (TdTrend *trend, TdTrendChartKind which)
{
  TdTrendChart *self = g_new0 (TdTrendChart, 1);
  const Kind *kind = &kinds[which];

  self->trend = td_trend_ref (trend);
  self->kind = which;
  self->bars = kind->lines[0] < 0;
  self->n_lines = kind->lines[1] < 0 ? 1 : 2;
  for (int l = 0; l < self->n_lines; l++)
    self->line_names[l] = kind->names[l] ? _ (kind->names[l]) : NULL;
  self->y_name = g_strdup (kind->y_name                        ? _ (kind->y_name)
                           : trend->units == TD_TREND_IMPERIAL ? _ ("Repetitions × load, lb")
                                                               : _ ("Repetitions × load, kg"));
  self->best_week = -1;
  if (trend->n_weeks == 0)
    self->nothing = g_strdup (_ ("No session"));
  else if (!has_values (self))
    self->nothing = g_strdup (_ (kind->missing));
  else
    self->best_week = best_week (self);
  self->title = self->nothing ? g_strdup (self->nothing)
                : self->bars  ? bars_title (self)
                              : lines_title (self);
  find_range (self);
  self->description = describe (self);
  return self;
}

void
td_trend_chart_free (TdTrendChart *self)
{
  if (!self)
    return;
  td_trend_unref (self->trend);
  g_free (self->title);
  g_free (self->description);
  g_free (self->nothing);
  g_free (self->y_name);
  g_free (self);
}

char *
td_trend_chart_words_at (const TdTrendChart *self, size_t week)
{
  const TdTrend *trend = self->trend;
  const TdTrendWeek *at = &trend->weeks[week];
  const Kind *kind = &kinds[self->kind];
  g_autofree char *when
      = at->monday + 7 > trend->today ? g_strdup (_ ("This week so far")) : week_words (at->monday);
  GString *text = g_string_new (when);
  gboolean any = FALSE;

  g_string_append (text, ": ");
  if (at->n_sessions == 0)
    g_string_append (text, _ ("no session"));
  else if (self->kind == TD_TREND_CHART_REPS)
    {
      g_autofree char *reps = reps_words (at->n_reps);
      /* Translators: "45 repetitions in 2 sessions" */
      g_string_append_printf (
          text, ngettext ("%s in %d session", "%s in %d sessions", (gulong) at->n_sessions), reps,
          at->n_sessions);
    }
  else if (self->bars)
    {
      g_autofree char *volume = value_words (self, 0, td_trend_chart_value (self, 0, week));
      g_string_append (text, volume);
    }
  else
    {
      for (int l = 0; l < self->n_lines; l++)
        {
          double value = td_trend_chart_value (self, l, week);
          if (isnan (value))
            continue;
          g_autofree char *words = kind->spoken[l] ? one_value (self, kind->spoken[l], l, value)
                                                   : value_words (self, l, value);
          g_string_append_printf (text, "%s%s", any ? ", " : "", words);
          any = TRUE;
        }
      if (!any)
        g_string_append (text, _ ("not measured"));
    }
  return g_string_free (text, FALSE);
}
