/* td-tone.c: the beeps, as numbers.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-tone.h"

#include <math.h>

enum
{
  MAX_NOTES = 3
};

typedef struct
{
  float hz;
  float start_s;
  float length_s; /* 0: no further note */
} Note;

/* Rising is good, falling is not. */
static const Note beeps[TD_N_BEEPS][MAX_NOTES] = {
  [TD_BEEP_COUNT] = { { 880, 0, 0.12f } },
  [TD_BEEP_ATTEMPT] = { { 392, 0, 0.1f }, { 330, 0.11f, 0.16f } },
  [TD_BEEP_DEPTH] = { { 1568, 0, 0.08f } },
  [TD_BEEP_TICK] = { { 740, 0, 0.06f } },
  [TD_BEEP_GO] = { { 1047, 0, 0.3f } },
  [TD_BEEP_SET_END] = { { 659, 0, 0.12f }, { 784, 0.13f, 0.12f }, { 1047, 0.26f, 0.24f } },
  [TD_BEEP_ERROR] = { { 523, 0, 0.18f }, { 392, 0.2f, 0.18f }, { 330, 0.4f, 0.3f } },
};

/* So fast that it is heard at once, so slow that it does not click. */
#define ATTACK_S 0.004f
/* Of the end; the notes fade like a struck bar all along. */
#define RELEASE_S 0.02f
#define FADE_PER_S 6.f
/* The octave above is heard where a small loudspeaker loses the tone itself. */
#define OCTAVE 0.25f

static float
envelope (float t, float length)
{
  const float pi = (float) G_PI;
  float level = expf (-FADE_PER_S * t);

  if (t < ATTACK_S)
    level *= 0.5f - 0.5f * cosf (pi * t / ATTACK_S);
  if (length - t < RELEASE_S)
    level *= 0.5f - 0.5f * cosf (pi * (length - t) / RELEASE_S);
  return level;
}

guint
td_tone_length (TdBeep beep)
{
  float end = 0;

  for (int i = 0; i < MAX_NOTES; i++)
    end = fmaxf (end, beeps[beep][i].start_s + beeps[beep][i].length_s);
  return (guint) ceilf (end * TD_TONE_RATE);
}

float
td_tone_sample (TdBeep beep, guint i)
{
  float t = (float) i / TD_TONE_RATE;
  float sum = 0;

  for (int n = 0; n < MAX_NOTES; n++)
    {
      const Note *note = &beeps[beep][n];
      float at = t - note->start_s;
      if (at < 0 || at >= note->length_s)
        continue;
      float phase = 2 * (float) G_PI * note->hz * at;
      sum += envelope (at, note->length_s) * (sinf (phase) + OCTAVE * sinf (2 * phase))
             / (1 + OCTAVE);
    }
  return sum;
}
