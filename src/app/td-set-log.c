/* td-set-log.c: the sets of a session as they stand, with what the user corrected.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-set-log.h"

#include "td-correct.h"

struct TdSetLog
{
  GPtrArray *sets; /* of GArray of TdLoggedRep; sets[0] is set 1 */
};

TdSetLog *
td_set_log_new (void)
{
  TdSetLog *self = g_new (TdSetLog, 1);

  self->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  return self;
}

void
td_set_log_free (TdSetLog *self)
{
  g_ptr_array_unref (self->sets);
  g_free (self);
}

void
td_set_log_clear (TdSetLog *self)
{
  g_ptr_array_set_size (self->sets, 0);
}

static GArray *
set_at (TdSetLog *self, int set)
{
  while ((int) self->sets->len < set)
    g_ptr_array_add (self->sets, g_array_new (FALSE, FALSE, sizeof (TdLoggedRep)));
  return self->sets->pdata[set - 1];
}

void
td_set_log_add (TdSetLog *self, int set, const TdRep *rep)
{
  TdLoggedRep one = { .rep = *rep, .counts = rep->counted };

  g_return_if_fail (set > 0);
  g_array_append_val (set_at (self, set), one);
}

static void
correct (GArray *reps, gboolean plus)
{
  g_autofree TdStanding *all = g_new (TdStanding, reps->len + 1);
  TdLoggedRep *logged = (TdLoggedRep *) (void *) reps->data;
  size_t n = reps->len;

  for (size_t i = 0; i < n; i++)
    all[i] = (TdStanding){ logged[i].rep.counted, logged[i].counts, logged[i].by_hand };
  size_t at = plus ? td_standing_more (all, n) : td_standing_less (all, n);
  if (at < n && logged[at].by_hand)
    g_array_remove_index (reps, (guint) at);
  else if (at < n)
    logged[at].counts = plus;
  else if (plus)
    {
      TdLoggedRep one = { .rep.counted = true, .counts = TRUE, .by_hand = TRUE };
      for (int m = 0; m < TD_N_REP_MEASURES; m++)
        *(TdMeasure *) td_rep_measure_at (&one.rep, (TdRepMeasureId) m)
            = td_measure_missing (TD_MISSING_BY_HAND);
      g_array_append_val (reps, one);
    }
}

void
td_set_log_settle (TdSetLog *self, int set, int count)
{
  if (set <= 0 || (count == 0 && (int) self->sets->len < set))
    return;

  int more = count - td_set_log_count (self, set);
  for (int i = 0; i < ABS (more); i++)
    correct (set_at (self, set), more > 0);
}

int
td_set_log_n_sets (const TdSetLog *self)
{
  return (int) self->sets->len;
}

const TdLoggedRep *
td_set_log_reps (const TdSetLog *self, int set, guint *n)
{
  *n = 0;
  if (set <= 0 || (int) self->sets->len < set)
    return NULL;

  const GArray *reps = self->sets->pdata[set - 1];
  *n = reps->len;
  return reps->len > 0 ? (const TdLoggedRep *) reps->data : NULL;
}

static int
count_in (const GArray *reps, gboolean counts)
{
  int n = 0;

  for (guint i = 0; i < reps->len; i++)
    n += g_array_index (reps, TdLoggedRep, i).counts == counts;
  return n;
}

static int
count_of (const TdSetLog *self, int set, gboolean counts)
{
  int n = 0;

  for (int s = 1; s <= (int) self->sets->len; s++)
    if (set == 0 || s == set)
      n += count_in (self->sets->pdata[s - 1], counts);
  return n;
}

int
td_set_log_count (const TdSetLog *self, int set)
{
  return count_of (self, set, TRUE);
}

int
td_set_log_attempts (const TdSetLog *self, int set)
{
  return count_of (self, set, FALSE);
}

TdMeasure
td_set_log_deepest (const TdSetLog *self, int set)
{
  TdMeasure deepest = td_measure_missing (TD_MISSING_NOT_REACHED);

  for (int s = 1; s <= (int) self->sets->len; s++)
    {
      const GArray *reps = self->sets->pdata[s - 1];
      for (guint i = 0; i < reps->len && (set == 0 || s == set); i++)
        {
          const TdLoggedRep *one = &g_array_index (reps, TdLoggedRep, i);
          TdMeasure depth = one->rep.knee_flexion_max_deg;
          if (one->counts && td_measure_ok (depth)
              && (!td_measure_ok (deepest) || depth.value > deepest.value))
            deepest = depth;
        }
    }
  return deepest;
}
