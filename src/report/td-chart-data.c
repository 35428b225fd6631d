/* td-chart-data.c: what a session's charts are made of, as plain arrays.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-chart-data.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

/* While it grows; what is public points into these. */
typedef struct
{
  TdChartData data;
  TdProfile profile; /* the user's own */
  GArray *time_s, *set, *values[TD_N_SERIES], *missing[TD_N_SERIES], *reps, *poses, *drift;
} Box;

/* A camera that slows down to 4 pictures a second in the dark still has a line. */
#define LEAST_GAP_S 0.3

static Box *
box (TdChartData *self)
{
  return (Box *) self;
}

TdChartData *
td_chart_data_new (const TdSessionRow *session)
{
  Box *self = g_atomic_rc_box_new0 (Box);

  self->data.session = *session;
  self->data.profile = td_profile_find (session->exercise);
  self->data.gap_s = LEAST_GAP_S;
  self->data.figures = td_figures_new ();
  self->time_s = g_array_new (FALSE, FALSE, sizeof (double));
  self->set = g_array_new (FALSE, FALSE, sizeof (int));
  self->reps = g_array_new (FALSE, FALSE, sizeof (TdRepRow));
  self->poses = g_array_new (FALSE, FALSE, sizeof (TdPose));
  self->drift = g_array_new (FALSE, FALSE, sizeof (TdMeasure));
  for (int s = 0; s < TD_N_SERIES; s++)
    {
      self->values[s] = g_array_new (FALSE, FALSE, sizeof (float));
      self->missing[s] = g_array_new (FALSE, FALSE, sizeof (uint8_t));
    }
  return &self->data;
}

void
td_chart_data_add_sample (TdChartData *self, const TdSampleRow *sample)
{
  const TdFrameMeasures *m = &sample->measures;
  const TdMeasure *const from[TD_N_SERIES] = {
    [TD_SERIES_KNEE] = &m->flexion_deg,
    [TD_SERIES_KNEE_LEFT] = &m->knee_flexion_deg[TD_SIDE_LEFT],
    [TD_SERIES_KNEE_RIGHT] = &m->knee_flexion_deg[TD_SIDE_RIGHT],
    [TD_SERIES_FPPA] = &m->fppa_mean_deg,
    [TD_SERIES_FPPA_LEFT] = &m->fppa_deg[TD_SIDE_LEFT],
    [TD_SERIES_FPPA_RIGHT] = &m->fppa_deg[TD_SIDE_RIGHT],
    [TD_SERIES_TRUNK] = &m->trunk_lean_deg,
    [TD_SERIES_HIP_HEIGHT] = &m->hip_height,
    [TD_SERIES_HIP_FLEXION] = &m->hip_flexion_deg,
  };
  double time_s = (double) (sample->pose.time_ns - self->session.first_ns) / 1e9;

  g_array_append_val (box (self)->time_s, time_s);
  g_array_append_val (box (self)->set, sample->set_number);
  for (int s = 0; s < TD_N_SERIES; s++)
    {
      gboolean ok = td_measure_ok (*from[s]) && isfinite (from[s]->value);
      float value = ok ? from[s]->value : NAN;
      uint8_t missing = (uint8_t) (ok                         ? TD_MISSING_NOTHING
                                   : td_measure_ok (*from[s]) ? TD_MISSING_JOINTS
                                                              : from[s]->missing);

      g_array_append_val (box (self)->values[s], value);
      g_array_append_val (box (self)->missing[s], missing);
    }
  if (self->session.picture[0] != '\0')
    {
      g_array_append_val (box (self)->poses, sample->pose);
      g_array_append_vals (box (self)->drift, m->fppa_deg, TD_N_SIDES);
    }
  td_figures_add (self->figures, &sample->pose,
                  td_measure_ok (m->yaw_deg) ? m->yaw_deg.value : NAN);
}

void
td_chart_data_add_rep (TdChartData *self, const TdRepRow *rep)
{
  GArray *reps = box (self)->reps;
  TdRepRow row = *rep;
  int number = 1;

  for (guint i = reps->len; i > 0; i--)
    {
      const TdRepRow *before = &g_array_index (reps, TdRepRow, i - 1);
      if (before->set_number == row.set_number && before->number == 0)
        continue;
      if (before->set_number == row.set_number)
        number = before->number + 1;
      break;
    }
  row.number = td_rep_row_counts (&row) ? number : 0;
  g_array_append_val (reps, row);
}

static int
compare_steps (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

void
td_chart_data_seal (TdChartData *self)
{
  Box *b = box (self);

  td_figures_seal (self->figures);
  self->n = b->time_s->len;
  self->time_s = (double *) (void *) b->time_s->data;
  self->set = (int *) (void *) b->set->data;
  self->poses = b->poses->len > 0 ? (TdPose *) (void *) b->poses->data : NULL;
  self->drift = self->poses ? (TdMeasure *) (void *) b->drift->data : NULL;
  self->n_reps = b->reps->len;
  self->reps = (TdRepRow *) (void *) b->reps->data;
  for (int s = 0; s < TD_N_SERIES; s++)
    {
      self->values[s] = (float *) (void *) b->values[s]->data;
      self->missing[s] = (uint8_t *) b->missing[s]->data;
    }
  if (self->n > 2)
    {
      g_autofree double *steps = g_new (double, self->n - 1);
      for (size_t i = 1; i < self->n; i++)
        steps[i - 1] = self->time_s[i] - self->time_s[i - 1];
      qsort (steps, self->n - 1, sizeof *steps, compare_steps);
      self->gap_s = fmax (LEAST_GAP_S, 4 * steps[(self->n - 1) / 2]);
    }
}

static bool
add_rep (const TdRepRow *row, void *data)
{
  td_chart_data_add_rep (data, row);
  return true;
}

static bool
add_sample (const TdSampleRow *row, void *data)
{
  td_chart_data_add_sample (data, row);
  return true;
}

TdStoreStatus
td_chart_data_read (TdStore *store, int64_t session, TdChartData **data, TdStoreError *error)
{
  TdSessionRow row;
  TdStoreStatus status = td_store_get_session (store, session, &row, error);

  *data = NULL;
  if (status != TD_STORE_OK)
    return status;

  TdChartData *self = td_chart_data_new (&row);
  status = td_store_each_rep (store, session, add_rep, self, error);
  if (status == TD_STORE_OK)
    status = td_store_each_sample (store, session, add_sample, self, error);
  td_chart_data_seal (self);
  if (status == TD_STORE_OK)
    *data = self;
  else
    td_chart_data_unref (self);
  return status;
}

void
td_chart_data_set_profile (TdChartData *self, const TdProfile *profile)
{
  box (self)->profile = *profile;
  self->profile = &box (self)->profile;
}

TdChartData *
td_chart_data_ref (TdChartData *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  Box *self = data;

  g_array_unref (self->time_s);
  g_array_unref (self->set);
  g_array_unref (self->reps);
  g_array_unref (self->poses);
  g_array_unref (self->drift);
  td_figures_free (self->data.figures);
  for (int s = 0; s < TD_N_SERIES; s++)
    {
      g_array_unref (self->values[s]);
      g_array_unref (self->missing[s]);
    }
}

void
td_chart_data_unref (TdChartData *self)
{
  if (self)
    g_atomic_rc_box_release_full (self, clear);
}
