/* td-chart.c: a chart as data and words.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#undef ngettext
#define ngettext(one, many, n) g_dngettext (GETTEXT_PACKAGE, one, many, n)

/* Above this flexion an FPPA is little to trust (science.md, section 4). */
#define FPPA_TRUSTED_FLEXION_DEG 60.f
/* What noise of deep squats may add to the axis of an FPPA, degrees. */
#define FAINT_REACH_DEG 30.f
/* The default of the check "together", for exercises without it. */
#define TOGETHER_S 0.25f
/* Between repetitions a knee straighter than this is a stand. */
#define STANDING_DEG 30.f

typedef enum
{
  UNIT_DEGREES,
  UNIT_LEGS,
  UNIT_SECONDS,
  UNIT_LEGS_A_SECOND
} Unit;

/* How a measure of the repetitions went on, and whether that is told by its highest or lowest value. */
typedef struct
{
  const char *rises, *falls, *steady; /* %s: values */
  const char *most;                   /* %s: the value, %d: the repetition */
  const char *most_spoken;            /* the same within a sentence */
  gboolean lowest;
  double matters; /* a smaller change is none */
} Finding;

typedef struct
{
  const char *id;
  const char *name;
  const char *x_name, *y_name;
  TdChartForm form;
  gboolean sided;
  Unit unit;
  int digits;
  int series;  /* TdSeries; with sides the left and right ones follow it. -1: none */
  int measure; /* TdRepMeasureId. -1: none */
  gboolean from_zero;
  const Finding *finding;
} Kind;

static const Finding depth_finding = {
  N_ ("Depth grows from %s to %s"),
  N_ ("Depth falls from %s to %s"),
  N_ ("Depth stays near %s"),
  /* Translators: the value, then the number of the repetition */
  N_ ("Deepest %s, at repetition %d"),
  N_ ("deepest %s at repetition %d"),
  FALSE,
  5,
};
static const Finding valgus_finding = {
  N_ ("Knees go further inward: from %s to %s"),
  N_ ("Knees go less far inward: from %s to %s"),
  N_ ("Knees stay near %s (valgus is positive)"),
  N_ ("Knees furthest inward %s, at repetition %d"),
  N_ ("knees furthest inward %s at repetition %d"),
  FALSE,
  5,
};
static const Finding trunk_finding = {
  N_ ("You lean further forward: from %s to %s"),
  N_ ("You lean less forward: from %s to %s"),
  N_ ("Trunk lean stays near %s at the bottom"),
  N_ ("Trunk lean up to %s, at repetition %d"),
  N_ ("leaning furthest forward %s at repetition %d"),
  FALSE,
  5,
};
static const Finding hip_finding = {
  N_ ("Hips stay higher: lowest from %s to %s"),
  N_ ("Hips go lower: lowest from %s to %s"),
  N_ ("Hips go down to about %s"),
  N_ ("Hips lowest at %s, at repetition %d"),
  N_ ("hips lowest at %s at repetition %d"),
  TRUE,
  0.05,
};
static const Finding tempo_finding = {
  N_ ("Repetitions get slower: from %s to %s"),
  N_ ("Repetitions get faster: from %s to %s"),
  N_ ("A repetition takes about %s"),
  N_ ("Slowest %s, repetition %d"),
  N_ ("slowest %s at repetition %d"),
  FALSE,
  0.3,
};
static const Finding velocity_finding = {
  N_ ("You come up faster: from %s to %s"),
  N_ ("You come up slower: from %s to %s"),
  N_ ("Velocity going up stays near %s"),
  N_ ("Fastest %s, repetition %d"),
  N_ ("fastest %s at repetition %d"),
  FALSE,
  0.05,
};

static const Kind kinds[TD_CHART_KINDS_END] = {
  [TD_CHART_KNEE] = { "knee-flexion", N_ ("Knee flexion over time"), N_ ("Time"),
                      N_ ("Knee flexion, °"), TD_CHART_OVER_TIME, TRUE, UNIT_DEGREES, 0,
                      TD_SERIES_KNEE, TD_REP_KNEE_FLEXION_MAX, TRUE, &depth_finding },
  [TD_CHART_VALGUS] = { "valgus", N_ ("Knees inward (valgus) over time"), N_ ("Time"),
                        N_ ("FPPA, °: knees inward (valgus) is positive"), TD_CHART_OVER_TIME, TRUE,
                        UNIT_DEGREES, 0, TD_SERIES_FPPA, TD_REP_FPPA, TRUE, &valgus_finding },
  [TD_CHART_TRUNK] = { "trunk-lean", N_ ("Trunk lean over time"), N_ ("Time"), N_ ("Trunk lean, °"),
                       TD_CHART_OVER_TIME, FALSE, UNIT_DEGREES, 0, TD_SERIES_TRUNK,
                       TD_REP_TRUNK_LEAN, TRUE, &trunk_finding },
  [TD_CHART_HIP_HEIGHT]
  = { "hip-height", N_ ("Hip height over time"), N_ ("Time"), N_ ("Hip height, leg lengths"),
      TD_CHART_OVER_TIME, FALSE, UNIT_LEGS, 2, TD_SERIES_HIP_HEIGHT, -1, FALSE, &hip_finding },
  [TD_CHART_REP_DEPTH]
  = { "depth", N_ ("Depth per repetition"), N_ ("Repetition"), N_ ("Greatest knee flexion, °"),
      TD_CHART_PER_REP, TRUE, UNIT_DEGREES, 0, -1, TD_REP_KNEE_FLEXION_MAX, TRUE, &depth_finding },
  [TD_CHART_REP_TEMPO]
  = { "tempo", N_ ("Tempo per repetition"), N_ ("Repetition"), N_ ("Time, s"), TD_CHART_PER_REP,
      FALSE, UNIT_SECONDS, 1, -1, TD_REP_TENSION, TRUE, &tempo_finding },
  [TD_CHART_REP_VALGUS]
  = { "valgus-per-repetition", N_ ("Knees inward (valgus) per repetition"), N_ ("Repetition"),
      N_ ("FPPA at 30–60° of knee flexion, °: inward is positive"), TD_CHART_PER_REP, TRUE,
      UNIT_DEGREES, 0, -1, TD_REP_FPPA, TRUE, &valgus_finding },
  [TD_CHART_REP_VELOCITY]
  = { "velocity", N_ ("Velocity per repetition"), N_ ("Repetition"),
      N_ ("Velocity going up, leg lengths/s"), TD_CHART_PER_REP, FALSE, UNIT_LEGS_A_SECOND, 2, -1,
      TD_REP_CONCENTRIC_VELOCITY, TRUE, &velocity_finding },
  [TD_CHART_HIP_KNEE] = { "hip-knee", N_ ("Hip against knee"), N_ ("Knee flexion, °"),
                          N_ ("Hip flexion, °"), TD_CHART_AGAINST, FALSE, UNIT_DEGREES, 0,
                          TD_SERIES_HIP_FLEXION, TD_REP_HIP_KNEE_LAG, TRUE, NULL },
  [TD_CHART_TWO_REPS]
  = { "two-repetitions", N_ ("Two repetitions over each other"), N_ ("Time from the bottom, s"),
      N_ ("Knee flexion, °"), TD_CHART_OVERLAID, FALSE, UNIT_DEGREES, 0, TD_SERIES_KNEE,
      TD_REP_KNEE_FLEXION_MAX, TRUE, NULL },
  [TD_CHART_TWO_SESSIONS]
  = { "two-sessions", N_ ("Two sessions beside each other"), N_ ("Repetition"), NULL,
      TD_CHART_PER_REP, FALSE, UNIT_DEGREES, 0, -1, TD_REP_KNEE_FLEXION_MAX, TRUE, NULL },
};

const char *
td_chart_kind_id (TdChartKind kind)
{
  return kinds[kind].id;
}

const char *
td_chart_kind_name (TdChartKind kind)
{
  return _ (kinds[kind].name);
}

bool
td_chart_kind_has_sides (TdChartKind kind)
{
  return kinds[kind].sided;
}

const char *
td_chart_sides_name (TdChartSides sides)
{
  static const char *const names[TD_N_CHART_SIDES]
      = { N_ ("Both knees"), N_ ("Left knee"), N_ ("Right knee"), N_ ("Left and right") };

  return _ (names[sides]);
}

/* --- Values in words ---------------------------------------------------------------------- */

static char *
number_words (double value, int digits)
{
  /* Never "-0". */
  if (fabs (value) < 0.5 * pow (10, -digits))
    value = 0;
  char *text = g_strdup_printf ("%.*f", digits, value);
  if (text[0] != '-')
    return text;
  char *minus = g_strconcat ("−", text + 1, NULL);
  g_free (text);
  return minus;
}

static char *
unit_words (double value, Unit unit, int digits)
{
  g_autofree char *number = number_words (value, digits);

  switch (unit)
    {
    case UNIT_LEGS:
      return g_strdup_printf (_ ("%s leg lengths"), number);
    case UNIT_SECONDS:
      return g_strdup_printf (_ ("%s s"), number);
    case UNIT_LEGS_A_SECOND:
      return g_strdup_printf (_ ("%s leg lengths a second"), number);
    case UNIT_DEGREES:
    default:
      return g_strdup_printf (_ ("%s°"), number);
    }
}

char *
td_chart_value_words (const TdChart *self, double value)
{
  if (!isfinite (value))
    return g_strdup ("–");
  return unit_words (value, kinds[self->of].unit, self->digits);
}

/* With its sigma where that can be seen at all. */
char *
td_chart_measure_words (const TdChart *self, TdMeasure measure)
{
  if (!td_measure_ok (measure))
    return g_strdup_printf (_ ("not measured, %s"), _ (td_missing_text (measure.missing)));
  g_autofree char *value = td_chart_value_words (self, (double) measure.value);
  if (!((double) measure.sigma >= 0.5 * pow (10, -self->digits)))
    return g_steal_pointer (&value);
  g_autofree char *sigma = number_words ((double) measure.sigma, self->digits);
  /* Translators: a value, and by how much it may be wrong */
  return g_strdup_printf (_ ("%s ± %s"), value, sigma);
}

char *
td_chart_seconds_words (double seconds)
{
  return unit_words (seconds, UNIT_SECONDS, 1);
}

static char *
duration_words (double seconds)
{
  long all = lround (fmax (seconds, 0));
  int hours = (int) (all / 3600), minutes = (int) (all / 60 % 60), rest = (int) (all % 60);
  g_autofree char *h
      = hours ? g_strdup_printf (ngettext ("%d hour", "%d hours", (gulong) hours), hours) : NULL;
  g_autofree char *m
      = minutes ? g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) minutes), minutes)
                : NULL;
  g_autofree char *s
      = (rest && !hours) || all == 0
            ? g_strdup_printf (ngettext ("%d second", "%d seconds", (gulong) rest), rest)
            : NULL;
  GPtrArray *parts = g_ptr_array_new ();
  char *text;

  for (int i = 0; i < 3; i++)
    {
      char *part = (char *const[]){ h, m, s }[i];
      if (part)
        g_ptr_array_add (parts, part);
    }
  g_ptr_array_add (parts, NULL);
  text = g_strjoinv (" ", (char **) parts->pdata);
  g_ptr_array_unref (parts);
  return text;
}

static char *
time_words (double seconds)
{
  if (fabs (seconds) < 60)
    return unit_words (seconds, UNIT_SECONDS, 1);
  /* To the tenth first: 119.96 s is 2:00.0. */
  double tenths = round (seconds * 10);
  double minutes = floor (tenths / 600);
  double rest = tenths - 600 * minutes;

  /* Translators: minutes, seconds, tenths of a second: "2:05.3" */
  return g_strdup_printf (_ ("%d:%02d.%d min"), (int) minutes, (int) (rest / 10),
                          (int) fmod (rest, 10));
}

static gboolean
has_sets (const TdChart *self)
{
  return self->data->session.n_sets > 1;
}

const char *
td_rep_row_reason_text (const TdRepRow *row)
{
  /* Measured to be one, and taken away. */
  return row->rep.counted && !td_rep_row_counts (row) ? N_ ("taken away by hand")
                                                      : td_reason_text (row->rep.reason);
}

static char *
row_words (const TdChartData *data, const TdRepRow *row)
{
  gboolean counts = td_rep_row_counts (row);
  g_autofree char *what
      = counts && row->by_hand ? g_strdup_printf (_ ("repetition %d, added by hand"), row->number)
        : counts
            ? g_strdup_printf (_ ("repetition %d"), row->number)
            : g_strdup_printf (_ ("attempt, not counted: %s"), _ (td_rep_row_reason_text (row)));

  return data->session.n_sets > 1 ? g_strdup_printf (_ ("set %d, %s"), row->set_number, what)
                                  : g_steal_pointer (&what);
}

/* --- What happened, in one line ----------------------------------------------------------- */

static TdRepMeasureId
sided_measure (const Kind *kind, TdChartSides sides)
{
  /* In the table of measures left and right lie behind that of both. */
  return (TdRepMeasureId) (kind->measure
                           + (kind->sided && sides == TD_CHART_LEFT    ? 1
                              : kind->sided && sides == TD_CHART_RIGHT ? 2
                                                                       : 0));
}

/* The lowest of the series within a repetition, where no measure of repetitions says it. */
static TdMeasure
lowest (const TdChart *self, const TdChartData *data, const TdRepRow *row)
{
  TdSeries series = (TdSeries) kinds[self->of].series;
  double from = (double) (row->rep.start_ns - data->session.first_ns) / 1e9;
  double to = (double) (row->rep.top_ns - data->session.first_ns) / 1e9;
  TdMeasure least = td_measure_missing (TD_MISSING_JOINTS);

  if (row->by_hand)
    return td_measure_missing (TD_MISSING_BY_HAND);

  for (size_t i = td_chart_lower_bound (data->time_s, data->n, from);
       i < data->n && data->time_s[i] <= to; i++)
    {
      float value = data->values[series][i];
      if (!isnan (value) && (!td_measure_ok (least) || value < least.value))
        least = td_measure (value, 0.02f);
      else if (!td_measure_ok (least))
        least.missing = (TdMissing) data->missing[series][i];
    }
  return least;
}

TdMeasure
td_chart_rep_value (const TdChart *self, const TdChartData *data, const TdRepRow *row)
{
  const Kind *kind = &kinds[self->of];

  if (kind->measure < 0)
    return lowest (self, data, row);
  return *td_rep_measure_at (&row->rep, sided_measure (kind, self->sides));
}

typedef struct
{
  int n;         /* counted repetitions with a value */
  int n_counted; /* all counted */
  int n_attempts;
  double first, last; /* means of up to three */
  double change_sigma;
  double mean;
  double sigma;    /* of one value: the mean */
  double furthest; /* of a value from the mean */
  double most;
  const TdRepRow *most_at;
  TdMissing missing; /* of the counted ones without, the most common */
} Course;

static double
mean_of (const double *values, int n)
{
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += values[i];
  return n > 0 ? sum / n : NAN;
}

static TdMissing
most_common (const size_t counts[TD_N_MISSING])
{
  TdMissing most = TD_MISSING_NOTHING;

  for (int m = TD_MISSING_NOTHING + 1; m < TD_N_MISSING; m++)
    if (counts[m] > 0 && (most == TD_MISSING_NOTHING || counts[m] > counts[most]))
      most = (TdMissing) m;
  return most;
}

static Course
course_of (const TdChart *self)
{
  const TdChartData *data = self->data;
  gboolean lowest_counts = kinds[self->kind].finding && kinds[self->kind].finding->lowest;
  g_autofree double *values = g_new (double, data->n_reps + 1);
  size_t missing[TD_N_MISSING] = { 0 };
  Course course = { .most = NAN };

  for (size_t i = 0; i < data->n_reps; i++)
    {
      const TdRepRow *row = &data->reps[i];
      if (!td_rep_row_counts (row))
        {
          course.n_attempts++;
          continue;
        }
      course.n_counted++;
      TdMeasure value = td_chart_rep_value (self, data, row);
      if (!td_measure_ok (value))
        {
          missing[value.missing]++;
          continue;
        }
      values[course.n++] = (double) value.value;
      course.sigma += (double) value.sigma;
      if (isnan (course.most)
          || (lowest_counts ? (double) value.value < course.most
                            : (double) value.value > course.most))
        {
          course.most = (double) value.value;
          course.most_at = row;
        }
    }
  course.missing = most_common (missing);
  course.mean = mean_of (values, course.n);
  course.sigma /= MAX (course.n, 1);
  for (int i = 0; i < course.n; i++)
    course.furthest = fmax (course.furthest, fabs (values[i] - course.mean));

  /* What differs between neighbours is chance; what differs between the ends by much more is not. */
  int ends = MIN (3, course.n / 2);
  course.first = mean_of (values, ends);
  course.last = mean_of (values + course.n - ends, ends);
  if (course.n >= 4)
    {
      double squares = 0;
      for (int i = 1; i < course.n; i++)
        squares += (values[i] - values[i - 1]) * (values[i] - values[i - 1]);
      course.change_sigma = sqrt (squares / 2 / (course.n - 1) * 2 / ends);
    }
  return course;
}

/* The formats come out of the table, translated: what they take is fixed by Finding. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static char *
format_two (const char *format, const char *a, const char *b)
{
  return g_strdup_printf (_ (format), a, b);
}

static char *
format_one (const char *format, const char *a)
{
  return g_strdup_printf (_ (format), a);
}

static char *
format_at (const char *format, const char *a, int number)
{
  return g_strdup_printf (_ (format), a, number);
}
#pragma GCC diagnostic pop

static char *
nothing_words (const TdChart *self)
{
  size_t counts[TD_N_MISSING] = { 0 };
  const TdChartData *data = self->data;

  if (self->form == TD_CHART_PER_REP)
    {
      for (size_t i = 0; i < self->n_slots * (size_t) self->n_bars; i++)
        {
          if (td_measure_ok (self->bars[i]))
            return NULL;
          counts[self->bars[i].missing]++;
        }
      if (self->n_slots == 0)
        return g_strdup (_ ("No repetition was seen"));
    }
  else if (self->form == TD_CHART_AGAINST)
    {
      if (self->n_points > 1)
        return NULL;
      for (size_t b = 0; b < self->n_bands; b++)
        for (size_t i = td_chart_lower_bound (data->time_s, data->n, self->bands[b].from);
             i < data->n && data->time_s[i] <= self->bands[b].to; i++)
          counts[data->missing[TD_SERIES_HIP_FLEXION][i]]++;
    }
  else
    {
      for (int l = 0; l < self->n_lines; l++)
        for (size_t i = 0; i < data->n; i++)
          {
            if (!isnan (self->lines[l].values[i]))
              return NULL;
            counts[self->lines[l].missing[i]]++;
          }
      if (data->n == 0)
        return g_strdup (_ ("Nothing over time was kept of this session"));
    }
  TdMissing missing = most_common (counts);
  if (missing == TD_MISSING_NOTHING)
    return g_strdup (_ ("Not measured"));
  return g_strdup_printf (_ ("Not measured: %s"), _ (td_missing_text (missing)));
}

static char *
together_title (const TdChart *self, const Course *course)
{
  TdProfile profile;
  float limit = TOGETHER_S;

  if (course->n == 0)
    return g_strdup (_ ("Hip flexion against knee flexion"));
  if (self->data->profile)
    {
      profile = *self->data->profile;
      const TdCheck *check = td_profile_check (&profile, "together");
      limit = check ? check->limit : limit;
    }
  if (fabs (course->mean) <= (double) limit)
    return g_strdup (_ ("Hips and knees bend together"));
  g_autofree char *lag = unit_words (fabs (course->mean), UNIT_SECONDS, 2);
  return course->mean > 0 ? g_strdup_printf (_ ("The hips bend %s after the knees"), lag)
                          : g_strdup_printf (_ ("The hips bend %s before the knees"), lag);
}

/* Which sentence of FINDING tells the course, or NULL: none, the one that stands out does. */
static const char *
course_form (const Finding *finding, const Course *course)
{
  double change = course->last - course->first;

  if (course->n < 4)
    return NULL;
  if (fabs (change) >= finding->matters && fabs (change) > 2 * course->change_sigma
      && fabs (change) > course->sigma)
    return change > 0 ? finding->rises : finding->falls;
  /* One repetition unlike the others is worth more than their mean. */
  return course->furthest <= fmax (finding->matters, 2 * course->sigma) ? finding->steady : NULL;
}

static char *
make_title (const TdChart *self, const Course *course)
{
  const Finding *finding = kinds[self->kind].finding;

  if (self->nothing)
    return g_strdup (td_chart_kind_name (self->kind));
  if (!finding)
    return together_title (self, course);
  if (course->n == 0)
    return g_strdup (course->n_counted == 0 ? _ ("No repetition was counted")
                                            : td_chart_kind_name (self->kind));
  const char *form = course_form (finding, course);
  if (form && form != finding->steady)
    {
      /* A long unit is said once. */
      g_autofree char *first = kinds[self->kind].unit == UNIT_DEGREES
                                   ? td_chart_value_words (self, course->first)
                                   : number_words (course->first, self->digits);
      g_autofree char *last = td_chart_value_words (self, course->last);
      return format_two (form, first, last);
    }
  g_autofree char *value = td_chart_value_words (self, form ? course->mean : course->most);
  return form ? format_one (form, value)
              : format_at (finding->most, value, course->most_at->number);
}

/* "Knee flexion over 42 seconds, 6 repetitions, deepest 118° at repetition 4. …" */
static char *
make_description (const TdChart *self, const Course *course)
{
  const TdChartData *data = self->data;
  const Kind *kind = &kinds[self->kind];
  GString *text = g_string_new (NULL);
  g_autofree char *reps = g_strdup_printf (
      ngettext ("%d repetition", "%d repetitions", (gulong) course->n_counted), course->n_counted);

  if (self->form == TD_CHART_OVER_TIME)
    {
      static const char *const names[] = {
        [TD_CHART_KNEE] = N_ ("Knee flexion"),
        [TD_CHART_VALGUS] = N_ ("Knees inward (valgus)"),
        [TD_CHART_TRUNK] = N_ ("Trunk lean"),
        [TD_CHART_HIP_HEIGHT] = N_ ("Hip height"),
      };
      g_autofree char *over = duration_words (self->x_hi - self->x_lo);
      /* Translators: a measure, a duration ("42 seconds"), "6 repetitions" */
      g_string_printf (text, _ ("%s over %s, %s"), _ (names[self->kind]), over, reps);
    }
  else
    g_string_printf (text, "%s, %s", td_chart_kind_name (self->kind), reps);

  if (kind->finding && course->most_at)
    {
      g_autofree char *value = td_chart_value_words (self, course->most);
      g_autofree char *most
          = format_at (kind->finding->most_spoken, value, course->most_at->number);
      g_string_append_printf (text, ", %s", most);
      if (has_sets (self))
        g_string_append_printf (text, _ (" of set %d"), course->most_at->set_number);
    }
  g_string_append (text, ".");
  if (!self->nothing && (!kind->finding || course_form (kind->finding, course)))
    g_string_append_printf (text, " %s.", self->title);
  if (course->n_attempts > 0)
    g_string_append_printf (text,
                            ngettext (" %d attempt was not counted.",
                                      " %d attempts were not counted.",
                                      (gulong) course->n_attempts),
                            course->n_attempts);

  if (self->nothing)
    g_string_append_printf (text, " %s.", self->nothing);
  else if (self->form == TD_CHART_OVER_TIME)
    {
      size_t counts[TD_N_MISSING] = { 0 }, gone = 0;
      for (size_t i = 0; i < data->n; i++)
        if (isnan (self->lines[0].values[i]))
          {
            counts[self->lines[0].missing[i]]++;
            gone++;
          }
      int percent = data->n ? (int) lround (100. * (double) gone / (double) data->n) : 0;
      if (percent > 0)
        g_string_append_printf (text, _ (" Not measured in %d%% of the time: %s."), percent,
                                _ (td_missing_text (most_common (counts))));
    }
  else if (course->n < course->n_counted)
    g_string_append_printf (text,
                            ngettext (" Missing for %d repetition: %s.",
                                      " Missing for %d repetitions: %s.",
                                      (gulong) (course->n_counted - course->n)),
                            course->n_counted - course->n, _ (td_missing_text (course->missing)));
  return g_string_free (text, FALSE);
}

/* --- Making ------------------------------------------------------------------------------- */

void
td_chart_include (TdChart *self, double value)
{
  if (!isfinite (value))
    return;
  self->y_lo = fmin (self->y_lo, value);
  self->y_hi = fmax (self->y_hi, value);
}

static void
add_limit (TdChart *self, double value, const char *format)
{
  g_autofree char *text = td_chart_value_words (self, value);

  g_assert (self->n_limits < TD_CHART_MAX_LIMITS);
  self->limits[self->n_limits++]
      = (TdChartLimit){ value, format_one (format, text), TD_CHART_INK_MAIN };
  td_chart_include (self, value);
}

static void
add_limits (TdChart *self)
{
  const TdProfile *profile = self->data->profile;
  const Kind *kind = &kinds[self->of];

  if (!profile)
    return;
  if (kind->measure == TD_REP_KNEE_FLEXION_MAX)
    add_limit (self, (double) profile->count_flexion_deg, N_ ("counts from %s"));
  for (int i = 0; i < td_profile_n_checks (profile); i++)
    {
      const TdCheck *check = &profile->checks[i];
      /* The worse knee's limit is each knee's. */
      gboolean same = check->measure == kind->measure
                      || (kind->measure == TD_REP_FPPA && check->measure == TD_REP_FPPA_WORST);

      if (same && self->form != TD_CHART_AGAINST && self->n_limits < TD_CHART_MAX_LIMITS)
        add_limit (self, (double) check->limit,
                   check->sense == TD_CHECK_AT_LEAST ? N_ ("at least %s") : N_ ("at most %s"));
    }
}

static void
add_bands (TdChart *self)
{
  const TdChartData *data = self->data;

  self->bands = g_new0 (TdChartBand, data->n_reps + 1);
  for (size_t i = 0; i < data->n_reps; i++)
    {
      const TdRep *rep = &data->reps[i].rep;
      self->bands[self->n_bands++]
          = (TdChartBand){ (double) (rep->start_ns - data->session.first_ns) / 1e9,
                           (double) (rep->top_ns - data->session.first_ns) / 1e9, &data->reps[i] };
    }
}

/* Splits a line at the flexion above which it is little to trust; both parts meet. */
static void
split_line (TdChart *self, TdChartLine *line)
{
  const TdChartData *data = self->data;
  const float *flexion = data->values[TD_SERIES_KNEE];

  line->own_strong = g_new (float, self->n_x + 1);
  line->faint = g_new (float, self->n_x + 1);
  for (size_t i = 0; i < self->n_x; i++)
    {
      gboolean weak = !isnan (flexion[i]) && flexion[i] > FPPA_TRUSTED_FLEXION_DEG;
      gboolean weak_before
          = i > 0 && !isnan (flexion[i - 1]) && flexion[i - 1] > FPPA_TRUSTED_FLEXION_DEG;
      gboolean weak_after = i + 1 < self->n_x && !isnan (flexion[i + 1])
                            && flexion[i + 1] > FPPA_TRUSTED_FLEXION_DEG;
      line->own_strong[i] = weak ? NAN : line->values[i];
      line->faint[i] = weak || weak_before || weak_after ? line->values[i] : NAN;
    }
  line->strong = line->own_strong;
}

static void
add_line (TdChart *self, TdSeries series, const char *name, TdChartInk ink)
{
  TdChartLine *line = &self->lines[self->n_lines++];

  *line = (TdChartLine){ .name = name,
                         .ink = ink,
                         .values = self->data->values[series],
                         .strong = self->data->values[series],
                         .missing = self->data->missing[series] };
  if (self->of == TD_CHART_VALGUS)
    split_line (self, line);
  for (size_t i = 0; i < self->n_x; i++)
    {
      td_chart_include (self, (double) line->strong[i]);
      if (line->faint)
        td_chart_include (self, (double) CLAMP (line->faint[i], -FAINT_REACH_DEG, FAINT_REACH_DEG));
    }
}

static void
make_lines (TdChart *self)
{
  const TdChartData *data = self->data;
  int series = kinds[self->kind].series;

  self->n_x = data->n;
  self->xs = data->time_s;
  self->gap = data->gap_s;
  switch (self->sides)
    {
    case TD_CHART_LEFT:
      add_line (self, (TdSeries) (series + 1), _ ("left"), TD_CHART_INK_LEFT);
      break;
    case TD_CHART_RIGHT:
      add_line (self, (TdSeries) (series + 2), _ ("right"), TD_CHART_INK_RIGHT);
      break;
    case TD_CHART_EACH:
      add_line (self, (TdSeries) (series + 1), _ ("left"), TD_CHART_INK_LEFT);
      add_line (self, (TdSeries) (series + 2), _ ("right"), TD_CHART_INK_RIGHT);
      break;
    case TD_CHART_BOTH:
    default:
      add_line (self, (TdSeries) series, NULL, TD_CHART_INK_MAIN);
    }
  self->x_lo = data->n ? data->time_s[0] : 0;
  self->x_hi = data->n ? data->time_s[data->n - 1] : 0;
  for (size_t i = 0; i < self->n_bands; i++)
    {
      self->x_lo = fmin (self->x_lo, self->bands[i].from);
      self->x_hi = fmax (self->x_hi, self->bands[i].to);
    }
}

static void
make_bars (TdChart *self)
{
  static const TdRepMeasureId tempo[] = { TD_REP_ECCENTRIC, TD_REP_PAUSE, TD_REP_CONCENTRIC };
  const TdChartData *data = self->data;
  const Kind *kind = &kinds[self->kind];
  TdRepMeasureId measures[TD_CHART_MAX_BARS];

  self->stacked = self->kind == TD_CHART_REP_TEMPO;
  if (self->stacked)
    {
      self->n_bars = G_N_ELEMENTS (tempo);
      for (int b = 0; b < self->n_bars; b++)
        measures[b] = tempo[b];
      self->bar_names[0] = _ ("down");
      self->bar_names[1] = _ ("pause");
      self->bar_names[2] = _ ("up");
    }
  else if (self->sides == TD_CHART_EACH)
    {
      self->n_bars = TD_N_SIDES;
      measures[0] = (TdRepMeasureId) (kind->measure + 1);
      measures[1] = (TdRepMeasureId) (kind->measure + 2);
      self->bar_names[0] = _ ("left");
      self->bar_names[1] = _ ("right");
      self->bar_inks[0] = TD_CHART_INK_LEFT;
      self->bar_inks[1] = TD_CHART_INK_RIGHT;
    }
  else
    {
      self->n_bars = 1;
      measures[0] = sided_measure (kind, self->sides);
      self->bar_inks[0] = self->sides == TD_CHART_LEFT    ? TD_CHART_INK_LEFT
                          : self->sides == TD_CHART_RIGHT ? TD_CHART_INK_RIGHT
                                                          : TD_CHART_INK_MAIN;
    }

  self->n_slots = data->n_reps;
  self->slots = g_new0 (TdChartSlot, data->n_reps + 1);
  for (size_t i = 0; i < data->n_reps; i++)
    self->slots[i] = (TdChartSlot){
      .rows = { &data->reps[i] },
      .number = data->reps[i].number,
      .set_starts = i > 0 && data->reps[i].set_number != data->reps[i - 1].set_number,
    };
  self->bars = g_new0 (TdMeasure, data->n_reps * (size_t) self->n_bars + 1);
  for (size_t i = 0; i < data->n_reps; i++)
    {
      double sum = 0;
      for (int b = 0; b < self->n_bars; b++)
        {
          TdMeasure m = *td_rep_measure_at (&data->reps[i].rep, measures[b]);
          self->bars[i * (size_t) self->n_bars + (size_t) b] = m;
          if (!td_measure_ok (m))
            continue;
          sum += (double) m.value;
          td_chart_include (self, self->stacked ? sum : (double) m.value + (double) m.sigma);
          if (!self->stacked)
            td_chart_include (self, (double) m.value - (double) m.sigma);
        }
    }
  /* Never beside their repetition, however few there are. */
  self->x_lo = 0.5;
  self->x_hi = fmax ((double) data->n_reps, 1) + 0.5;
}

static void
make_points (TdChart *self)
{
  const TdChartData *data = self->data;
  const float *knee = data->values[TD_SERIES_KNEE], *hip = data->values[TD_SERIES_HIP_FLEXION];
  GArray *points = g_array_new (FALSE, FALSE, sizeof (TdChartPoint));

  self->x_lo = 0;
  self->x_hi = 0;
  for (size_t b = 0; b < self->n_bands; b++)
    {
      if (!td_rep_row_counts (self->bands[b].row))
        continue;
      for (size_t i = td_chart_lower_bound (data->time_s, data->n, self->bands[b].from);
           i < data->n && data->time_s[i] <= self->bands[b].to; i++)
        {
          TdChartPoint point = { (double) knee[i], hip[i], i, b };
          if (isnan (knee[i]) || isnan (hip[i]))
            continue;
          g_array_append_val (points, point);
          self->x_lo = fmin (self->x_lo, (double) knee[i]);
          self->x_hi = fmax (self->x_hi, (double) knee[i]);
          td_chart_include (self, (double) hip[i]);
        }
    }
  self->n_points = points->len;
  self->points = (TdChartPoint *) (void *) g_array_free (points, FALSE);
  td_chart_round_range (&self->x_lo, &self->x_hi, 6);
}

TdChart *
td_chart_begin (TdChartData *data, TdChartKind kind, TdChartKind of)
{
  TdChart *self = g_new0 (TdChart, 1);
  const Kind *table = &kinds[of];

  self->kind = kind;
  self->of = of;
  self->form = kinds[kind].form;
  self->data = td_chart_data_ref (data);
  self->x_name = _ (kinds[kind].x_name);
  self->y_name = _ (table->y_name);
  self->digits = table->digits;
  self->y_lo = table->from_zero ? 0 : INFINITY;
  self->y_hi = table->from_zero ? 0 : -INFINITY;
  return self;
}

void
td_chart_seal_axes (TdChart *self)
{
  /* Two sessions have their means to be held against. */
  if (!self->nothing && self->kind != TD_CHART_TWO_SESSIONS)
    add_limits (self);
  TdChartScale x = td_chart_scale (self->x_lo, self->x_hi, 0, 1);
  self->x_lo = x.lo;
  self->x_hi = x.hi;
  td_chart_round_range (&self->y_lo, &self->y_hi, 5);
}

int
td_chart_kind_series (TdChartKind kind)
{
  return kinds[kind].series;
}

int
td_chart_kind_measure (TdChartKind kind)
{
  return kinds[kind].measure;
}

TdChart *
td_chart_new (TdChartData *data, TdChartKind kind, TdChartSides sides)
{
  TdChart *self = td_chart_begin (data, kind, kind);

  self->sides = kinds[kind].sided ? sides : TD_CHART_BOTH;
  add_bands (self);
  if (self->form == TD_CHART_OVER_TIME)
    make_lines (self);
  else if (self->form == TD_CHART_PER_REP)
    make_bars (self);
  else
    make_points (self);
  self->nothing = nothing_words (self);
  td_chart_seal_axes (self);

  Course course = course_of (self);
  self->title = make_title (self, &course);
  self->description = make_description (self, &course);
  return self;
}

void
td_chart_free (TdChart *self)
{
  if (!self)
    return;
  for (int i = 0; i < self->n_lines; i++)
    {
      g_free (self->lines[i].faint);
      g_free (self->lines[i].own_strong);
      g_free (self->lines[i].own_values);
      g_free (self->lines[i].own_missing);
    }
  for (int i = 0; i < self->n_limits; i++)
    g_free (self->limits[i].name);
  g_free (self->bands);
  g_free (self->bars);
  g_free (self->points);
  g_free (self->title);
  g_free (self->description);
  g_free (self->nothing);
  g_free (self->own_xs);
  g_free (self->slots);
  g_free (self->names[0]);
  g_free (self->names[1]);
  g_free (self->whose[0]);
  g_free (self->whose[1]);
  td_chart_data_unref (self->data);
  td_chart_data_unref (self->other);
  g_free (self);
}

/* --- What is in view ---------------------------------------------------------------------- */

TdChartPart
td_chart_part_all (const TdChart *self)
{
  return (TdChartPart){ self->x_lo, self->x_hi, self->y_lo, self->y_hi };
}

bool
td_chart_part_is_all (const TdChart *self, const TdChartPart *part)
{
  return part->x_lo <= self->x_lo && part->x_hi >= self->x_hi && part->y_lo <= self->y_lo
         && part->y_hi >= self->y_hi;
}

/* LO..HI, as long as it is or as long as all, within ALL_LO..ALL_HI. */
static void
keep_within (double *lo, double *hi, double all_lo, double all_hi)
{
  double length = fmin (*hi - *lo, all_hi - all_lo);

  if (*lo < all_lo)
    *lo = all_lo;
  if (*lo + length > all_hi)
    *lo = all_hi - length;
  *hi = *lo + length;
}

static void
zoom_axis (double *lo, double *hi, double all_lo, double all_hi, double least, double factor,
           double about)
{
  double length = CLAMP ((*hi - *lo) / factor, fmin (least, all_hi - all_lo), all_hi - all_lo);
  double share = (CLAMP (about, *lo, *hi) - *lo) / (*hi - *lo);

  *lo = CLAMP (about, *lo, *hi) - share * length;
  *hi = *lo + length;
  keep_within (lo, hi, all_lo, all_hi);
}

TdChartPart
td_chart_part_zoom (const TdChart *self, const TdChartPart *part, double factor, double x, double y)
{
  TdChartPart to = *part;
  /* Half a second; two repetitions; a tenth of the range. */
  double least = self->form == TD_CHART_OVER_TIME ? 0.5
                 : self->form == TD_CHART_PER_REP ? 2
                                                  : (self->x_hi - self->x_lo) / 10;

  zoom_axis (&to.x_lo, &to.x_hi, self->x_lo, self->x_hi, least, factor, x);
  if (self->form == TD_CHART_AGAINST)
    zoom_axis (&to.y_lo, &to.y_hi, self->y_lo, self->y_hi, (self->y_hi - self->y_lo) / 10, factor,
               y);
  return to;
}

TdChartPart
td_chart_part_pan (const TdChart *self, const TdChartPart *part, double dx, double dy)
{
  TdChartPart to = { part->x_lo + dx, part->x_hi + dx, part->y_lo + dy, part->y_hi + dy };

  keep_within (&to.x_lo, &to.x_hi, self->x_lo, self->x_hi);
  keep_within (&to.y_lo, &to.y_hi, self->y_lo, self->y_hi);
  return to;
}

TdChartPart
td_chart_part_reveal (const TdChart *self, const TdChartPart *part, double x, double y)
{
  double dx = x < part->x_lo ? x - part->x_lo : x > part->x_hi ? x - part->x_hi : 0;
  double dy = y < part->y_lo ? y - part->y_lo : y > part->y_hi ? y - part->y_hi : 0;

  return td_chart_part_pan (self, part, dx, isfinite (dy) ? dy : 0);
}

/* --- The cursor --------------------------------------------------------------------------- */

size_t
td_chart_n_positions (const TdChart *self)
{
  if (self->nothing)
    return 0;
  return self->form == TD_CHART_PER_REP   ? self->n_slots
         : self->form == TD_CHART_AGAINST ? self->n_points
                                          : self->n_x;
}

size_t
td_chart_position_at (const TdChart *self, double x, double y)
{
  size_t n = td_chart_n_positions (self);

  g_assert (n > 0);
  if (self->form == TD_CHART_PER_REP)
    return (size_t) CLAMP (lround (x) - 1, 0, (long) n - 1);
  if (self->form != TD_CHART_AGAINST)
    {
      const double *times = self->xs;
      size_t i = td_chart_lower_bound (times, n, x);
      if (i == n)
        return n - 1;
      return i > 0 && x - times[i - 1] < times[i] - x ? i - 1 : i;
    }

  size_t nearest = 0;
  double least = INFINITY;
  for (size_t i = 0; i < n; i++)
    {
      double dx = (self->points[i].x - x) / (self->x_hi - self->x_lo);
      double dy = ((double) self->points[i].y - y) / (self->y_hi - self->y_lo);
      double distance = dx * dx + dy * dy;
      if (distance < least)
        {
          least = distance;
          nearest = i;
        }
    }
  return nearest;
}

void
td_chart_position_xy (const TdChart *self, size_t position, double *x, double *y)
{
  g_assert (position < td_chart_n_positions (self));
  *y = NAN;
  if (self->form == TD_CHART_PER_REP)
    {
      const TdMeasure *bars = &self->bars[position * (size_t) self->n_bars];
      double sum = 0;
      *x = (double) position + 1;
      for (int b = 0; b < self->n_bars; b++)
        if (td_measure_ok (bars[b]))
          {
            sum += (double) bars[b].value;
            *y = self->stacked ? sum : fmax (isnan (*y) ? -INFINITY : *y, (double) bars[b].value);
          }
    }
  else if (self->form != TD_CHART_AGAINST)
    {
      *x = self->xs[position];
      for (int l = 0; l < self->n_lines && isnan (*y); l++)
        *y = (double) self->lines[l].values[position];
    }
  else
    {
      *x = self->points[position].x;
      *y = (double) self->points[position].y;
    }
}

const TdRepRow *
td_chart_position_rep (const TdChart *self, size_t position)
{
  if (self->form == TD_CHART_PER_REP)
    return self->slots[position].rows[0] ? self->slots[position].rows[0]
                                         : self->slots[position].rows[1];
  if (self->form == TD_CHART_AGAINST)
    return &self->data->reps[self->points[position].rep];
  if (self->form == TD_CHART_OVERLAID)
    return NULL;
  double x = self->data->time_s[position];
  for (size_t i = 0; i < self->n_bands; i++)
    if (x >= self->bands[i].from && x <= self->bands[i].to)
      return self->bands[i].row;
  return NULL;
}

size_t
td_chart_position_jump (const TdChart *self, size_t position, int direction)
{
  size_t n = td_chart_n_positions (self);

  if (self->form == TD_CHART_PER_REP)
    return direction > 0 ? MIN (position + 1, n - 1) : position > 0 ? position - 1 : 0;
  if (self->form == TD_CHART_AGAINST)
    {
      size_t rep = self->points[position].rep, i = position;
      while (direction > 0 && i < n && self->points[i].rep == rep)
        i++;
      while (direction < 0 && i > 0 && self->points[i].rep == rep)
        i--;
      if (i == n || self->points[i].rep == rep)
        return position;
      /* The deepest of that one. */
      size_t deepest = i;
      for (size_t k = i; k < n && self->points[k].rep == self->points[i].rep; k++)
        deepest = self->points[k].x > self->points[deepest].x ? k : deepest;
      for (size_t k = i; direction < 0 && self->points[k].rep == self->points[i].rep; k--)
        {
          deepest = self->points[k].x > self->points[deepest].x ? k : deepest;
          if (k == 0)
            break;
        }
      return deepest;
    }
  if (self->form == TD_CHART_OVERLAID)
    {
      /* From the start to the bottom to the end. */
      size_t bottom = td_chart_position_at (self, 0, NAN);
      if (direction > 0)
        return position < bottom ? bottom : n - 1;
      return position > bottom ? bottom : 0;
    }

  const TdChartData *data = self->data;
  for (size_t k = 0; k < data->n_reps; k++)
    {
      const TdRep *rep = &data->reps[direction > 0 ? k : data->n_reps - 1 - k].rep;
      double bottom = (double) (rep->bottom_ns - data->session.first_ns) / 1e9;
      size_t there = td_chart_position_at (self, bottom, NAN);
      if (direction > 0 ? there > position : there < position)
        return there;
    }
  return position;
}

double
td_chart_position_time (const TdChart *self, size_t position)
{
  g_assert (position < td_chart_n_positions (self));
  if (self->other || self->form == TD_CHART_OVERLAID)
    return NAN;
  if (self->form == TD_CHART_PER_REP)
    return (double) (self->slots[position].rows[0]->rep.bottom_ns - self->data->session.first_ns)
           / 1e9;
  return self->data
      ->time_s[self->form == TD_CHART_AGAINST ? self->points[position].sample : position];
}

/* The repetition or attempt during which TIME_S is. */
static const TdRepRow *
rep_at (const TdChartData *data, double time_s)
{
  int64_t time_ns = data->session.first_ns + (int64_t) llround (time_s * 1e9);

  for (size_t i = 0; i < data->n_reps; i++)
    if (time_ns >= data->reps[i].rep.start_ns && time_ns <= data->reps[i].rep.top_ns)
      return &data->reps[i];
  return NULL;
}

bool
td_chart_position_at_time (const TdChart *self, double time_s, size_t *position)
{
  size_t n = td_chart_n_positions (self);

  if (n == 0 || isnan (time_s) || self->other || self->form == TD_CHART_OVERLAID)
    return false;
  if (self->form == TD_CHART_OVER_TIME)
    {
      *position = td_chart_position_at (self, time_s, NAN);
      return true;
    }
  const TdRepRow *row = rep_at (self->data, time_s);
  if (!row)
    return false;
  if (self->form == TD_CHART_PER_REP)
    {
      *position = (size_t) (row - self->data->reps);
      return true;
    }
  /* Points are in order of time. */
  size_t low = 0, high = n;
  while (low < high)
    {
      size_t middle = low + (high - low) / 2;
      if (self->data->time_s[self->points[middle].sample] < time_s)
        low = middle + 1;
      else
        high = middle;
    }
  *position = MIN (low, n - 1);
  return &self->data->reps[self->points[*position].rep] == row;
}

static void
append_two (const TdChart *self, GString *text, size_t position)
{
  const TdChartSlot *slot = &self->slots[position];
  const TdMeasure *bars = &self->bars[position * (size_t) self->n_bars];

  g_string_append_printf (text, _ ("repetition %d: "), slot->number);
  for (int b = 0; b < 2; b++)
    {
      g_autofree char *value = slot->rows[b] ? td_chart_measure_words (self, bars[b])
                                             : g_strdup (_ ("no such repetition"));
      g_string_append_printf (text, "%s%s: %s", b > 0 ? ", " : "", self->whose[b], value);
    }
}

static void
append_bars (const TdChart *self, GString *text, size_t position)
{
  const TdMeasure *bars = &self->bars[position * (size_t) self->n_bars];

  for (int b = 0; b < self->n_bars; b++)
    {
      g_autofree char *value = td_chart_measure_words (self, bars[b]);
      g_string_append (text, b > 0 ? ", " : "");
      if (self->bar_names[b])
        g_string_append_printf (text, "%s ", self->bar_names[b]);
      g_string_append (text, value);
    }
  if (self->stacked)
    {
      TdMeasure top = self->slots[position].rows[0]->rep.top_pause_s;
      if (td_measure_ok (top))
        {
          g_autofree char *value = td_chart_value_words (self, (double) top.value);
          /* Translators: the tempo's fourth phase, standing */
          g_string_append_printf (text, _ (", at the top before %s"), value);
        }
    }
}

static void
append_lines (const TdChart *self, GString *text, size_t position)
{
  for (int l = 0; l < self->n_lines; l++)
    {
      const TdChartLine *line = &self->lines[l];
      float at = line->values[position];
      g_autofree char *value
          = !isnan (at) ? td_chart_value_words (self, (double) at)
            : line->missing[position] == TD_CHART_OUTSIDE
                ? g_strdup ("–")
                : g_strdup_printf (_ ("not measured, %s"),
                                   _ (td_missing_text ((TdMissing) line->missing[position])));

      g_string_append (text, l > 0 ? ", " : "");
      if (line->name)
        g_string_append_printf (text, "%s ", line->name);
      g_string_append (text, value);
      if (line->faint && !isnan (at) && isnan (line->strong[position]))
        /* Translators: after a value that was measured with bent knees */
        g_string_append (text, _ (" (little to trust this deep)"));
    }
}

char *
td_chart_overlaid_words (const TdChart *self, double x)
{
  g_autofree char *amount = self->scaled ? g_strdup_printf ("%.0f%%", x < 0 ? x + 100 : x)
                                         : unit_words (fabs (x), UNIT_SECONDS, 1);

  if (fabs (x) < (self->scaled ? 0.5 : 0.05))
    return g_strdup (_ ("at the bottom"));
  if (self->scaled)
    return x < 0 ? g_strdup_printf (_ ("%s of the way down"), amount)
                 : g_strdup_printf (_ ("%s of the way up"), amount);
  return x < 0 ? g_strdup_printf (_ ("%s before the bottom"), amount)
               : g_strdup_printf (_ ("%s after the bottom"), amount);
}

char *
td_chart_words_at (const TdChart *self, size_t position)
{
  const TdRepRow *row = td_chart_position_rep (self, position);
  g_autofree char *rep = row ? row_words (self->data, row) : NULL;
  GString *text = g_string_new (NULL);

  g_assert (position < td_chart_n_positions (self));
  if (self->form == TD_CHART_OVERLAID)
    {
      g_autofree char *where = td_chart_overlaid_words (self, self->xs[position]);
      g_string_append_printf (text, "%s: ", where);
      append_lines (self, text, position);
    }
  else if (self->other)
    append_two (self, text, position);
  else if (self->form == TD_CHART_PER_REP)
    {
      g_string_append_printf (text, "%s: ", rep);
      append_bars (self, text, position);
    }
  else if (self->form == TD_CHART_OVER_TIME)
    {
      g_autofree char *time = time_words (self->data->time_s[position]);
      g_string_append (text, time);
      if (rep)
        g_string_append_printf (text, ", %s", rep);
      g_string_append (text, ": ");
      append_lines (self, text, position);
    }
  else
    {
      const TdChartPoint *point = &self->points[position];
      double start = self->bands[point->rep].from;
      g_autofree char *after
          = unit_words (self->data->time_s[point->sample] - start, UNIT_SECONDS, 1);
      g_autofree char *knee = unit_words (point->x, UNIT_DEGREES, 0);
      g_autofree char *hip = unit_words ((double) point->y, UNIT_DEGREES, 0);
      /* Translators: "repetition 3", "1.2 s", "84°", "70°" */
      g_string_printf (text, _ ("%s, %s after its start: knee %s, hip %s"), rep, after, knee, hip);
    }
  return g_string_free (text, FALSE);
}

/* --- A moment of a session ---------------------------------------------------------------- */

/* What the person does at TIME_S of ROW, or NULL. */
static const char *
doing (const TdRepRow *row, double seconds)
{
  double down = (double) (row->rep.bottom_ns - row->rep.start_ns) / 1e9, pause = 0;

  if (td_measure_ok (row->rep.eccentric_s))
    down = (double) row->rep.eccentric_s.value;
  if (td_measure_ok (row->rep.pause_s))
    pause = (double) row->rep.pause_s.value;
  return seconds < down            ? _ ("going down")
         : seconds <= down + pause ? _ ("at the bottom")
                                   : _ ("going up");
}

char *
td_chart_moment_words (const TdChartData *data, double time_s)
{
  const TdRepRow *row = rep_at (data, time_s);
  g_autofree char *time = time_words (time_s);
  GString *text = g_string_new (time);
  size_t i = td_chart_lower_bound (data->time_s, data->n, time_s);

  if (row)
    {
      double since = time_s - (double) (row->rep.start_ns - data->session.first_ns) / 1e9;
      g_autofree char *rep = row_words (data, row);
      g_string_append_printf (text, ", %s, %s", rep, doing (row, since));
    }
  if (i > 0 && (i == data->n || time_s - data->time_s[i - 1] < data->time_s[i] - time_s))
    i--;
  if (i >= data->n || fabs (data->time_s[i] - time_s) > data->gap_s)
    {
      g_string_append_printf (text, ", %s", _ ("nothing was kept"));
      return g_string_free (text, FALSE);
    }
  float knee = data->values[TD_SERIES_KNEE][i];
  if (isnan (knee))
    g_string_append_printf (text, ", %s",
                            _ (td_missing_text ((TdMissing) data->missing[TD_SERIES_KNEE][i])));
  else
    {
      g_autofree char *value = unit_words ((double) knee, UNIT_DEGREES, 0);
      if (!row && knee < STANDING_DEG)
        g_string_append_printf (text, ", %s", _ ("standing"));
      g_string_append (text, ", ");
      g_string_append_printf (text, _ ("knee flexion %s"), value);
    }
  return g_string_free (text, FALSE);
}

/* --- As a table --------------------------------------------------------------------------- */

static void
append_cell (GString *text, double value, int digits)
{
  g_string_append_c (text, '\t');
  if (isfinite (value))
    g_string_append_printf (text, "%.*f", digits, value);
}

static void
append_rep (GString *text, const TdChart *self, const TdRepRow *row)
{
  g_autofree char *words = row ? row_words (self->data, row) : NULL;

  g_string_append_printf (text, "\t%s", words ? words : "");
}

static void
append_head (GString *text, const TdChart *self)
{
  gboolean time = self->form == TD_CHART_OVER_TIME || self->form == TD_CHART_AGAINST;

  g_string_append (text, time ? _ ("Time, s") : self->x_name);
  if (time)
    g_string_append_printf (text, "\t%s", _ ("Repetition"));
  if (self->form == TD_CHART_AGAINST)
    g_string_append_printf (text, "\t%s\t%s", self->x_name, self->y_name);
  else if (self->form == TD_CHART_PER_REP)
    for (int b = 0; b < self->n_bars; b++)
      g_string_append_printf (text, self->bar_names[b] ? "\t%s: %s" : "\t%s", self->y_name,
                              self->bar_names[b]);
  else
    for (int l = 0; l < self->n_lines; l++)
      g_string_append_printf (text, self->lines[l].name ? "\t%s: %s" : "\t%s", self->y_name,
                              self->lines[l].name);
  g_string_append_c (text, '\n');
}

char *
td_chart_table (const TdChart *self, const TdChartPart *part)
{
  GString *text = g_string_new (self->title);
  size_t n = td_chart_n_positions (self);

  g_string_append_c (text, '\n');
  if (self->nothing)
    {
      g_string_append_printf (text, "%s\n", self->nothing);
      return g_string_free (text, FALSE);
    }
  append_head (text, self);
  for (size_t i = 0; i < n; i++)
    {
      double x, y;
      td_chart_position_xy (self, i, &x, &y);
      if (x < part->x_lo || x > part->x_hi
          || (self->form == TD_CHART_AGAINST && (y < part->y_lo || y > part->y_hi)))
        continue;
      if (self->form == TD_CHART_AGAINST)
        {
          g_string_append_printf (text, "%.3f", self->data->time_s[self->points[i].sample]);
          append_rep (text, self, td_chart_position_rep (self, i));
          append_cell (text, x, 1);
          append_cell (text, y, 1);
        }
      else if (self->form == TD_CHART_PER_REP)
        {
          const TdMeasure *bars = &self->bars[i * (size_t) self->n_bars];
          g_autofree char *words = self->other ? g_strdup_printf ("%d", self->slots[i].number)
                                               : row_words (self->data, self->slots[i].rows[0]);
          g_string_append (text, words);
          for (int b = 0; b < self->n_bars; b++)
            append_cell (text, td_measure_ok (bars[b]) ? (double) bars[b].value : NAN,
                         self->digits + 1);
        }
      else
        {
          g_string_append_printf (text, self->scaled ? "%.0f" : "%.3f", x);
          if (self->form == TD_CHART_OVER_TIME)
            append_rep (text, self, td_chart_position_rep (self, i));
          for (int l = 0; l < self->n_lines; l++)
            append_cell (text, (double) self->lines[l].values[i], self->digits + 1);
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
