/* td-validity.c: which measures the view allows, and for each that it does not, why.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-validity.h"

#include <glib/gi18n.h>

#define SETTLE_NS G_GINT64_CONSTANT (800000000)

void
td_validity_init (TdValidity *self)
{
  *self = (TdValidity){ 0 };
  for (int i = 0; i < TD_N_VALIDITY; i++)
    self->shown[i] = self->next[i] = TD_MISSING_NO_PERSON;
}

/* One of both sides is enough to say something of the knees. */
static TdMissing
either (const TdMeasure sides[TD_N_SIDES])
{
  return td_measure_ok (sides[TD_SIDE_RIGHT]) ? TD_MISSING_NOTHING : sides[TD_SIDE_LEFT].missing;
}

gboolean
td_validity_push (TdValidity *self, const TdFrameMeasures *measures, gint64 time_ns)
{
  const TdMissing now[TD_N_VALIDITY] = {
    [TD_VALIDITY_DEPTH] = measures->flexion_deg.missing,
    [TD_VALIDITY_VALGUS] = either (measures->fppa_deg),
    [TD_VALIDITY_TRUNK] = measures->trunk_lean_deg.missing,
  };
  gboolean changed = FALSE;

  if (self->started && time_ns < self->now_ns)
    td_validity_init (self);
  for (int i = 0; i < TD_N_VALIDITY; i++)
    {
      if (!self->started || now[i] != self->next[i])
        {
          self->next[i] = now[i];
          self->next_ns[i] = time_ns;
        }
      if (self->next[i] != self->shown[i]
          && (!self->started || time_ns - self->next_ns[i] >= SETTLE_NS))
        {
          self->shown[i] = self->next[i];
          changed = TRUE;
        }
    }
  self->started = TRUE;
  self->now_ns = time_ns;
  return changed;
}

static const char *
name_of (TdValidityId id)
{
  static const char *const names[TD_N_VALIDITY] = {
    [TD_VALIDITY_DEPTH] = N_ ("depth"),
    [TD_VALIDITY_VALGUS] = N_ ("valgus"),
    [TD_VALIDITY_TRUNK] = N_ ("trunk"),
  };
  return _ (names[id]);
}

/* In two or three words. */
static const char *
short_reason (TdMissing missing)
{
  switch (missing)
    {
    case TD_MISSING_NO_PERSON:
      return _ ("nobody in view");
    case TD_MISSING_JOINTS:
      return _ ("joints hidden");
    case TD_MISSING_FRONT_VIEW:
      return _ ("front view only");
    case TD_MISSING_SIDE_VIEW:
      return _ ("side view only");
    case TD_MISSING_DEPTH:
      return _ ("front or side view only");
    case TD_MISSING_FORESHORTENED:
      return _ ("points at the camera");
    default:
      return _ (td_missing_text (missing));
    }
}

char *
td_validity_text (const TdValidity *self, TdValidityId id)
{
  if (self->shown[id] == TD_MISSING_NOTHING)
    return g_strdup_printf ("%s ✓", name_of (id));
  /* Translators: a measure, then why there is none: "valgus – front view only" */
  return g_strdup_printf (_ ("%s – %s"), name_of (id), short_reason (self->shown[id]));
}

char *
td_validity_sentence (const TdValidity *self, TdValidityId id)
{
  static const char *const there[TD_N_VALIDITY] = {
    [TD_VALIDITY_DEPTH] = N_ ("Depth is measured"),
    [TD_VALIDITY_VALGUS] = N_ ("Knees inward (valgus) is measured"),
    [TD_VALIDITY_TRUNK] = N_ ("Trunk lean is measured"),
  };
  static const char *const missing[TD_N_VALIDITY] = {
    [TD_VALIDITY_DEPTH] = N_ ("Depth is not measured"),
    [TD_VALIDITY_VALGUS] = N_ ("Knees inward (valgus) is not measured"),
    [TD_VALIDITY_TRUNK] = N_ ("Trunk lean is not measured"),
  };

  if (self->shown[id] == TD_MISSING_NOTHING)
    return g_strdup (_ (there[id]));
  return g_strconcat (_ (missing[id]), ": ", _ (td_missing_text (self->shown[id])), NULL);
}
