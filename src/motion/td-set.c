#include "td-set.h"

#include <math.h>

/* Of so many repetitions at each end of a set. */
#define ENDS 3

/* One pass over the counted repetitions that have the measure: the first and the last ones are
 * kept. */
static void
summarise (const TdRep *reps, size_t n_reps, TdRepMeasureId id, TdSetMeasure *measure)
{
  double sum = 0., squares = 0., first = 0., last[ENDS] = { 0. }, sigma = 0.;
  int n = 0;
  for (size_t i = 0; i < n_reps; i++)
    {
      const TdMeasure *m = td_rep_measure_at (&reps[i], id);
      if (!reps[i].counted || !td_measure_ok (*m))
        continue;
      double value = (double) m->value;
      sum += value;
      sigma = (double) m->sigma;
      squares += value * value;
      if (n < ENDS)
        first += value / ENDS;
      else
        last[n % ENDS] = value;
      n++;
    }
  *measure = (TdSetMeasure){
    .n = n,
    .mean = td_measure_missing (TD_MISSING_TOO_FEW),
    .spread = td_measure_missing (TD_MISSING_TOO_FEW),
    .change = td_measure_missing (TD_MISSING_TOO_FEW),
  };
  if (n == 0)
    return;
  double mean = sum / n;
  double variance = n > 1 ? fmax ((squares - n * mean * mean) / (n - 1), 0.) : 0.;
  double spread = sqrt (variance);
  measure->mean = td_measure ((float) mean, (float) (n > 1 ? spread / sqrt (n) : sigma));
  if (n > 1)
    measure->spread = td_measure ((float) spread, (float) (spread / sqrt (2. * (n - 1))));
  if (n <= ENDS)
    return;
  int n_last = n - ENDS < ENDS ? n - ENDS : ENDS;
  double late = 0.;
  for (int i = 0; i < n_last; i++)
    late += last[(n - 1 - i) % ENDS] / n_last;
  measure->change
      = td_measure ((float) (late - first), (float) (spread * sqrt (1. / ENDS + 1. / n_last)));
}

void
td_set_summarise (const TdRep *reps, size_t n, TdSetSummary *summary)
{
  *summary = (TdSetSummary){ 0 };
  for (size_t i = 0; i < n; i++)
    {
      summary->n_counted += reps[i].counted;
      summary->n_attempts += !reps[i].counted;
    }
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    summarise (reps, n, (TdRepMeasureId) m, &summary->measures[m]);
}
