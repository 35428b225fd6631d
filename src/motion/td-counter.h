/* td-counter.h: finds the cycles of a flexion signal: down from the top, and up again.
 *
 * A cycle is only a candidate; td-rep.h judges whether it was a squat. Counting is kept apart from
 * the form: nothing here looks at anything but knee flexion and time.
 *
 * The top is the person's own: whoever never locks out still has one. A cycle is told when the leg
 * is extended again and has come to rest or starts down anew, never on the way down.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef enum
{
  TD_CYCLE_NONE,
  TD_CYCLE_DONE,   /* down and up */
  TD_CYCLE_NO_TOP, /* down, but not up within TD_CYCLE_MAX_S, or the input ended */
  TD_CYCLE_LOST    /* the signal was gone for more than TD_CYCLE_GAP_S on the way */
} TdCycleEnd;

#define TD_CYCLE_GAP_S 0.75f
/* 12 s for the slowest repetition and 5 s of pause at the bottom. */
#define TD_CYCLE_MAX_S 20.f

typedef enum
{
  TD_CYCLE_AT_TOP,
  TD_CYCLE_GOING_DOWN,
  TD_CYCLE_GOING_UP
} TdCycleStage;

typedef struct
{
  TdCycleStage stage;
  float rest_deg;   /* flexion at the top: the lowest of late, forgotten slowly */
  int64_t since_ns; /* at the top since */
  int64_t rest_ns;  /* when flexion last was near it */
  float deepest_deg;
  int64_t deepest_ns;
  float highest_deg; /* least flexion of the way up */
  int64_t highest_ns;
  float last_deg;
  float speed_deg_s;
  int64_t last_ns; /* of the last value that was there; 0: none yet */
  bool primed;
} TdCounter;

typedef struct
{
  TdCycleEnd end;
  int64_t since_ns; /* at the top since: the movement before ended then */
  int64_t start_ns; /* last near the top */
  int64_t bottom_ns;
  int64_t top_ns;
} TdCycle;

void td_counter_init (TdCounter *self);

/* FLEXION_DEG: NAN when it is missing. Returns cycle->end. */
TdCycleEnd td_counter_push (TdCounter *self, int64_t time_ns, float flexion_deg, TdCycle *cycle);

/* The signal does not go on where it was: another shot, or another person. Returns cycle->end. */
TdCycleEnd td_counter_break_off (TdCounter *self, TdCycle *cycle);

/* The input has ended: an ascent that has come most of the way is DONE. */
TdCycleEnd td_counter_finish (TdCounter *self, TdCycle *cycle);
