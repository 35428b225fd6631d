/* test-sound.c: what is beeped and said reaches device and server, in time or not at all.
 *
 * Beeps are played into a file, words are said to a server of the test's own. Times are generous: what
 * is asked is that nothing waits for what does not come.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-delays.h"
#include "td-fake-speech.h"
#include "td-sound.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

typedef struct
{
  char *folder;
  char *address;
  char *played; /* file of samples */
  char *sink;   /* that writes it */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  (void) data;
  f->folder = g_dir_make_tmp ("teardrop-sound-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
  f->address = td_fake_speech_address (f->folder);
  f->played = g_build_filename (f->folder, "played", NULL);
  f->sink = g_strdup_printf ("identity sync=true ! filesink buffer-mode=unbuffered location=%s",
                             f->played);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  (void) data;
  g_unlink (f->played);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->sink);
  g_free (f->played);
  g_free (f->address);
  g_free (f->folder);
}

static gint64
ms_since (gint64 start_us)
{
  return (g_get_monotonic_time () - start_us) / 1000;
}

/* --- Tones -------------------------------------------------------------------------------- */

/* Strength of HZ in N samples (Goertzel), 0..1 for a sine of that pitch. */
static double
strength (const float *samples, gsize n, double hz)
{
  double w = 2 * G_PI * hz / TD_TONE_RATE, before = 0, last = 0;

  for (gsize i = 0; i < n; i++)
    {
      double now = (double) samples[i] + 2 * cos (w) * last - before;
      before = last;
      last = now;
    }
  double power = last * last + before * before - 2 * cos (w) * last * before;
  return 2 * sqrt (fmax (0, power)) / (double) n;
}

static float *
samples_of (TdBeep beep, guint *n)
{
  *n = td_tone_length (beep);
  float *samples = g_new (float, *n);
  for (guint i = 0; i < *n; i++)
    samples[i] = td_tone_sample (beep, i);
  return samples;
}

static void
every_beep_is_short_and_neither_clicks_nor_clips (void)
{
  for (int beep = TD_BEEP_NONE + 1; beep < TD_N_BEEPS; beep++)
    {
      guint n;
      g_autofree float *samples = samples_of ((TdBeep) beep, &n);
      float most = 0, step = fabsf (samples[0]);

      g_assert_cmpuint (n, >, TD_TONE_RATE / 50);
      g_assert_cmpuint (n, <, TD_TONE_RATE);
      for (guint i = 0; i < n; i++)
        {
          most = fmaxf (most, fabsf (samples[i]));
          if (i > 0)
            step = fmaxf (step, fabsf (samples[i] - samples[i - 1]));
        }
      g_assert_cmpfloat (most, <=, 1);
      g_assert_cmpfloat (most, >, .5f);
      /* The steepest that a sine of 1568 Hz with its octave is; a click is a step of its height. */
      g_assert_cmpfloat (step, <, .35f);
      g_assert_cmpfloat (fabsf (samples[n - 1]), <, .01f);
      g_assert_cmpfloat (fabsf (td_tone_sample ((TdBeep) beep, n)), <, 1e-6f);
    }
  g_assert_cmpuint (td_tone_length (TD_BEEP_NONE), ==, 0);
}

static void
beeps_differ_in_pitch_or_rhythm (void)
{
  for (int a = TD_BEEP_NONE + 1; a < TD_N_BEEPS; a++)
    for (int b = a + 1; b < TD_N_BEEPS; b++)
      {
        guint na, nb;
        g_autofree float *x = samples_of ((TdBeep) a, &na);
        g_autofree float *y = samples_of ((TdBeep) b, &nb);
        double xy = 0, xx = 0, yy = 0;
        for (guint i = 0; i < MAX (na, nb); i++)
          {
            double s = i < na ? (double) x[i] : 0, t = i < nb ? (double) y[i] : 0;
            xy += s * t;
            xx += s * s;
            yy += t * t;
          }
        g_assert_cmpfloat (fabs (xy) / sqrt (xx * yy), <, .3);
      }
}

static void
percentile_is_of_the_last_ones (void)
{
  TdDelays delays;

  td_delays_init (&delays);
  g_assert_cmpfloat (td_delays_percentile (&delays, .5), ==, 0);
  td_delays_add (&delays, 0, 1000000);
  g_assert_cmpuint (td_delays_n (&delays), ==, 0);
  for (int ms = 0; ms <= 100; ms++)
    td_delays_add (&delays, 1, 1 + ms * 1000000);
  g_assert_cmpfloat_with_epsilon (td_delays_percentile (&delays, .5), 50, .01);
  g_assert_cmpfloat_with_epsilon (td_delays_percentile (&delays, .95), 95, .01);
  g_assert_cmpfloat_with_epsilon (td_delays_percentile (&delays, 1), 100, .01);
  for (int i = 0; i < TD_DELAYS_KEPT; i++)
    td_delays_add (&delays, 1, 1 + 7 * 1000000);
  g_assert_cmpfloat_with_epsilon (td_delays_percentile (&delays, 1), 7, .01);
  td_delays_clear (&delays);
}

/* --- Beeps -------------------------------------------------------------------------------- */

static gboolean
wait_for_beeps (TdBeeper *beeper, guint n, TdBeeperStats *stats)
{
  for (int i = 0; i < 500; i++)
    {
      td_beeper_get_stats (beeper, stats);
      if (stats->n_played + stats->n_dropped >= n)
        return TRUE;
      g_usleep (10000);
    }
  return FALSE;
}

static void
wait_until_running (TdBeeper *beeper, gboolean running)
{
  TdBeeperStats stats;

  for (int i = 0; i < 500; i++)
    {
      td_beeper_get_stats (beeper, &stats);
      if (stats.running == running)
        return;
      g_usleep (10000);
    }
  g_assert_not_reached ();
}

/* What was played, as floats. */
static float *
read_played (Fixture *f, gsize *n)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (f->played, &bytes, &length, NULL));
  *n = length / sizeof (gint16);
  float *samples = g_new (float, *n + 1);
  for (gsize i = 0; i < *n; i++)
    {
      gint16 sample;
      memcpy (&sample, bytes + i * sizeof sample, sizeof sample);
      samples[i] = (float) sample / 32768.f;
    }
  return samples;
}

static float
loudest (const float *samples, gsize n)
{
  float most = 0;
  for (gsize i = 0; i < n; i++)
    most = fmaxf (most, fabsf (samples[i]));
  return most;
}

static float
play_count_at (Fixture *f, double volume)
{
  TdBeeper *beeper = td_beeper_new (f->sink);
  TdBeeperStats stats;
  gsize n;

  td_beeper_set_volume (beeper, volume);
  td_beeper_set_open (beeper, TRUE);
  wait_until_running (beeper, TRUE);
  td_beeper_play (beeper, TD_BEEP_COUNT, 0);
  if (volume > 0)
    g_assert_true (wait_for_beeps (beeper, 1, &stats));
  g_usleep (200000);
  /* Closing plays it to its end. */
  td_beeper_set_open (beeper, FALSE);
  wait_until_running (beeper, FALSE);
  td_beeper_get_stats (beeper, &stats);
  g_assert_cmpuint (stats.n_played, ==, volume > 0);
  g_assert_cmpuint (stats.n_dropped, ==, 0);
  td_beeper_free (beeper);

  g_autofree float *samples = read_played (f, &n);
  g_assert_cmpuint (n, >, TD_TONE_RATE / 10);
  float most = loudest (samples, n);
  if (volume > 0)
    {
      gsize start = 0;
      while (start < n && fabsf (samples[start]) < 1e-4f)
        start++;
      gsize length = td_tone_length (TD_BEEP_COUNT);
      g_assert_cmpuint (start + length, <=, n);
      double right = strength (samples + start, length, 880);
      g_assert_cmpfloat (right, >, 4 * strength (samples + start, length, 1568));
      g_assert_cmpfloat (right, >, 4 * strength (samples + start, length, 659));
    }
  return most;
}

static void
beep_is_played_at_its_volume (Fixture *f, gconstpointer data)
{
  (void) data;
  float full = play_count_at (f, 1);
  g_assert_cmpfloat (full, >, .5f);
  float half = play_count_at (f, .5);
  g_assert_cmpfloat (half, <, .35f * full);
  g_assert_cmpfloat (half, >, .15f * full);
  g_assert_cmpfloat (play_count_at (f, 0), <=, 0);
}

static void
beep_reaches_the_device_at_once (void)
{
  TdBeeper *beeper = td_beeper_new ("fakesink sync=true");
  TdBeeperStats stats;

  td_beeper_set_open (beeper, TRUE);
  wait_until_running (beeper, TRUE);
  for (guint i = 0; i < 10; i++)
    {
      gint64 now_us = g_get_monotonic_time ();
      td_beeper_play (beeper, TD_BEEP_TICK, (now_us - 20000) * 1000);
      g_assert_true (wait_for_beeps (beeper, i + 1, &stats));
      g_usleep (7000);
    }
  g_assert_cmpuint (stats.n_played, ==, 10);
  /* A block is 10 ms; the rest is for a busy machine. */
  g_assert_cmpfloat (stats.to_sink_ms_p50, >, 0);
  g_assert_cmpfloat (stats.to_sink_ms_p50, <, 50);
  g_assert_cmpfloat_with_epsilon (stats.since_to_sink_ms_p50, stats.to_sink_ms_p50 + 20, 2);
  td_beeper_free (beeper);
}

static void
beep_opens_a_closed_device_for_a_moment (Fixture *f, gconstpointer data)
{
  (void) data;
  TdBeeper *beeper = td_beeper_new (f->sink);
  TdBeeperStats stats;

  td_beeper_play (beeper, TD_BEEP_GO, 0);
  g_assert_true (wait_for_beeps (beeper, 1, &stats));
  g_assert_cmpuint (stats.n_played, ==, 1);
  wait_until_running (beeper, FALSE);
  td_beeper_free (beeper);
}

static void
without_a_device_nothing_waits (void)
{
  TdBeeper *beeper = td_beeper_new ("fakesink state-error=ready-to-paused");
  TdBeeperStats stats;
  gint64 start_us = g_get_monotonic_time ();

  td_beeper_set_open (beeper, TRUE);
  td_beeper_play (beeper, TD_BEEP_COUNT, 0);
  g_assert_cmpint (ms_since (start_us), <, 100);
  g_assert_true (wait_for_beeps (beeper, 1, &stats));
  g_assert_cmpuint (stats.n_dropped, ==, 1);
  g_assert_false (stats.running);
  start_us = g_get_monotonic_time ();
  td_beeper_free (beeper);
  g_assert_cmpint (ms_since (start_us), <, 450);
}

static void
wrong_sink_is_no_device (void)
{
  TdBeeper *beeper = td_beeper_new ("no-such-element");
  TdBeeperStats stats;

  td_beeper_play (beeper, TD_BEEP_COUNT, 0);
  g_assert_true (wait_for_beeps (beeper, 1, &stats));
  g_assert_cmpuint (stats.n_dropped, ==, 1);
  td_beeper_free (beeper);
}

/* A device that fails after 0.2 s, and again after it was opened again. */
static void
lost_device_is_opened_again (void)
{
  TdBeeper *beeper = td_beeper_new ("identity error-after=20 ! fakesink sync=true");

  td_beeper_set_open (beeper, TRUE);
  wait_until_running (beeper, TRUE);
  wait_until_running (beeper, FALSE);
  wait_until_running (beeper, TRUE);
  td_beeper_free (beeper);
}

static void
stuck_device_is_not_waited_for (void)
{
  /* Each block takes two seconds. */
  TdBeeper *beeper = td_beeper_new ("identity sleep-time=2000000 ! fakesink");

  td_beeper_set_open (beeper, TRUE);
  td_beeper_play (beeper, TD_BEEP_COUNT, 0);
  g_usleep (300000);
  gint64 start_us = g_get_monotonic_time ();
  td_beeper_free (beeper);
  g_assert_cmpint (ms_since (start_us), <, 1500);
  g_assert_false (td_beeper_all_ended ());
  /* Its thread ends by itself. */
  for (int i = 0; i < 1000 && !td_beeper_all_ended (); i++)
    g_usleep (10000);
  g_assert_true (td_beeper_all_ended ());
}

/* --- Words -------------------------------------------------------------------------------- */

/* What could not be said. */
typedef struct
{
  gint n; /* atomic */
  gint instead;
} Failures;

static void
on_failed (TdBeep instead, gint64 since_ns, gpointer data)
{
  Failures *failures = data;

  (void) since_ns;
  g_atomic_int_set (&failures->instead, (gint) instead);
  g_atomic_int_inc (&failures->n);
}

static gboolean
wait_for_failures (Failures *failures, gint n)
{
  for (int i = 0; i < 500 && g_atomic_int_get (&failures->n) < n; i++)
    g_usleep (10000);
  return g_atomic_int_get (&failures->n) >= n;
}

/* Until so many texts were said, dropped or failed. */
static TdSpeechStats
wait_for_texts (TdSpeech *speech, guint n)
{
  TdSpeechStats stats;

  for (int i = 0; i < 500; i++)
    {
      td_speech_get_stats (speech, &stats);
      if (stats.n_said + stats.n_dropped + stats.n_failed >= n)
        return stats;
      g_usleep (10000);
    }
  g_assert_not_reached ();
}

static void
text_is_spoken_as_it_is (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autoptr (TdFakeSpeech) server = td_fake_speech_new (f->folder, TD_FAKE_ANSWERS, 0);
  Failures failures = { 0 };
  TdSpeech *speech = td_speech_new (f->address, FALSE, on_failed, &failures);

  td_speech_set_language (speech, "de");
  td_speech_set_volume (speech, .75);
  td_speech_say (speech, "Knie nach außen", TD_BEEP_NONE, 0);
  g_assert_cmpuint (wait_for_texts (speech, 1).n_said, ==, 1);
  g_autofree char *first = td_fake_speech_log (server);
  g_autofree char *expected
      = g_strdup_printf ("SET SELF CLIENT_NAME %s:teardrop:coach|SET SELF PRIORITY MESSAGE|"
                         "SET SELF LANGUAGE de|SET SELF VOLUME 50|CANCEL SELF|SPEAK|"
                         "Knie nach außen|.|",
                         g_get_user_name ());
  g_assert_cmpstr (first, ==, expected);

  /* A dot alone would end the text; what the server knows is not told again. */
  td_speech_say (speech, ".5\n8", TD_BEEP_NONE, 0);
  g_assert_cmpuint (wait_for_texts (speech, 2).n_said, ==, 2);
  g_autofree char *both = td_fake_speech_log (server);
  g_assert_cmpstr (both + strlen (first), ==, "CANCEL SELF|SPEAK|..5 8|.|");

  td_speech_free (speech);
  g_assert_cmpint (failures.n, ==, 0);
}

static void
newer_text_replaces_what_waits (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autoptr (TdFakeSpeech) server = td_fake_speech_new (f->folder, TD_FAKE_ANSWERS, 50);
  Failures failures = { 0 };
  TdSpeech *speech = td_speech_new (f->address, FALSE, on_failed, &failures);

  td_speech_set_open (speech, TRUE);
  g_assert_true (td_fake_speech_wait (server, "SET SELF PRIORITY", 1));
  g_usleep (100000);
  td_speech_say (speech, "one", TD_BEEP_COUNT, 0);
  g_assert_true (td_fake_speech_wait (server, "SPEAK", 1));
  td_speech_say (speech, "two", TD_BEEP_COUNT, 0);
  td_speech_say (speech, "three", TD_BEEP_COUNT, 0);
  TdSpeechStats stats = wait_for_texts (speech, 3);
  g_assert_cmpuint (stats.n_said, ==, 2);
  g_assert_cmpuint (stats.n_dropped, ==, 1);
  g_autofree char *log = td_fake_speech_log (server);
  g_assert_null (strstr (log, "two"));
  g_assert_nonnull (strstr (log, "SPEAK|three|.|"));
  td_speech_free (speech);
  g_assert_cmpint (failures.n, ==, 0);
}

static void
late_text_is_dropped (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autoptr (TdFakeSpeech) server = td_fake_speech_new (f->folder, TD_FAKE_ANSWERS, 300);
  Failures failures = { 0 };
  TdSpeech *speech = td_speech_new (f->address, FALSE, on_failed, &failures);

  td_speech_set_open (speech, TRUE);
  g_assert_true (td_fake_speech_wait (server, "SET SELF PRIORITY", 1));
  g_usleep (400000);
  /* Volume, CANCEL, SPEAK and the text: more than a second. */
  td_speech_say (speech, "one", TD_BEEP_COUNT, 0);
  g_assert_true (td_fake_speech_wait (server, "SET SELF VOLUME", 1));
  td_speech_say (speech, "two", TD_BEEP_COUNT, 0);
  TdSpeechStats stats = wait_for_texts (speech, 2);
  g_assert_cmpuint (stats.n_said, ==, 1);
  g_assert_cmpuint (stats.n_dropped, ==, 1);
  g_autofree char *log = td_fake_speech_log (server);
  g_assert_null (strstr (log, "two"));
  td_speech_free (speech);
  /* Nor is it beeped. */
  g_assert_cmpint (failures.n, ==, 0);
}

static void
without_a_server_a_text_is_told_at_once (Fixture *f, gconstpointer data)
{
  (void) data;
  Failures failures = { 0 };
  TdSpeech *speech = td_speech_new (f->address, TRUE, on_failed, &failures);
  gint64 start_us = g_get_monotonic_time ();

  for (int i = 0; i < 3; i++)
    {
      td_speech_say (speech, "8", TD_BEEP_COUNT, 0);
      g_assert_true (wait_for_failures (&failures, i + 1));
    }
  g_assert_cmpint (ms_since (start_us), <, 500);
  g_assert_cmpint (failures.instead, ==, TD_BEEP_COUNT);
  td_speech_free (speech);
}

static void
only_a_local_server_is_spoken_to (void)
{
  Failures failures = { 0 };
  TdSpeech *speech = td_speech_new ("inet_socket:127.0.0.1:9", TRUE, on_failed, &failures);

  td_speech_say (speech, "8", TD_BEEP_COUNT, 0);
  g_assert_true (wait_for_failures (&failures, 1));
  td_speech_free (speech);
}

static void
mute_server_blocks_nobody (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autoptr (TdFakeSpeech) server = td_fake_speech_new (f->folder, TD_FAKE_MUTE, 0);
  Failures failures = { 0 };
  TdSpeech *speech = td_speech_new (f->address, FALSE, on_failed, &failures);

  td_speech_set_open (speech, TRUE);
  g_assert_true (td_fake_speech_wait (server, "CLIENT_NAME", 1));
  gint64 start_us = g_get_monotonic_time ();
  td_speech_say (speech, "1", TD_BEEP_COUNT, 0);
  g_assert_cmpint (ms_since (start_us), <, 50);
  /* While it is still being waited for. */
  g_assert_true (wait_for_failures (&failures, 1));
  g_assert_cmpint (ms_since (start_us), <, 600);
  /* Quitting does not wait for it either. */
  start_us = g_get_monotonic_time ();
  td_speech_free (speech);
  g_assert_cmpint (ms_since (start_us), <, 300);
}

static void
refusing_server_is_told (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autoptr (TdFakeSpeech) server = td_fake_speech_new (f->folder, TD_FAKE_REFUSES, 0);
  Failures failures = { 0 };
  TdSpeech *speech = td_speech_new (f->address, FALSE, on_failed, &failures);

  td_speech_say (speech, "1", TD_BEEP_SET_END, 0);
  g_assert_true (wait_for_failures (&failures, 1));
  g_assert_cmpint (failures.instead, ==, TD_BEEP_SET_END);
  g_assert_cmpuint (wait_for_texts (speech, 1).n_failed, ==, 1);
  td_speech_free (speech);
}

static void
server_may_die_and_come_back (Fixture *f, gconstpointer data)
{
  (void) data;
  TdFakeSpeech *server = td_fake_speech_new (f->folder, TD_FAKE_ANSWERS, 0);
  Failures failures = { 0 };
  TdSpeech *speech = td_speech_new (f->address, FALSE, on_failed, &failures);

  td_speech_set_language (speech, "en");
  td_speech_say (speech, "1", TD_BEEP_COUNT, 0);
  g_assert_cmpuint (wait_for_texts (speech, 1).n_said, ==, 1);

  /* Restarted between two repetitions: nothing is lost, and the new one learns the language. */
  td_fake_speech_free (server);
  server = td_fake_speech_new (f->folder, TD_FAKE_ANSWERS, 0);
  td_speech_say (speech, "2", TD_BEEP_COUNT, 0);
  g_assert_cmpuint (wait_for_texts (speech, 2).n_said, ==, 2);
  g_autofree char *log = td_fake_speech_log (server);
  g_assert_nonnull (
      strstr (log, "SET SELF LANGUAGE en|SET SELF VOLUME 100|CANCEL SELF|SPEAK|2|.|"));
  g_assert_cmpint (g_atomic_int_get (&failures.n), ==, 0);

  /* Gone for good. */
  td_fake_speech_free (server);
  td_speech_say (speech, "3", TD_BEEP_COUNT, 0);
  g_assert_true (wait_for_failures (&failures, 1));
  td_speech_free (speech);
}

static void
silence_is_silent (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autoptr (TdFakeSpeech) server = td_fake_speech_new (f->folder, TD_FAKE_ANSWERS, 0);
  Failures failures = { 0 };
  TdSpeech *speech = td_speech_new (f->address, FALSE, on_failed, &failures);

  /* Nothing to stop: not even a connection. */
  td_speech_say (speech, "", TD_BEEP_NONE, 0);
  td_speech_set_volume (speech, 0);
  td_speech_say (speech, "1", TD_BEEP_COUNT, 0);
  g_usleep (100000);
  g_autofree char *nothing = td_fake_speech_log (server);
  g_assert_cmpstr (nothing, ==, "");

  td_speech_set_volume (speech, 1);
  td_speech_say (speech, "2", TD_BEEP_COUNT, 0);
  wait_for_texts (speech, 1);
  td_speech_say (speech, "", TD_BEEP_NONE, 0);
  g_assert_true (td_fake_speech_wait (server, "CANCEL SELF", 2));
  g_usleep (50000);
  g_autofree char *log = td_fake_speech_log (server);
  g_assert_true (g_str_has_suffix (log, "SPEAK|2|.|CANCEL SELF|"));
  td_speech_free (speech);
  g_assert_cmpint (failures.n, ==, 0);
}

/* --- Both --------------------------------------------------------------------------------- */

static void
what_cannot_be_said_is_beeped (Fixture *f, gconstpointer data)
{
  (void) data;
  TdSoundConfig config = { .sink = f->sink, .address = f->address };
  TdSound *sound = td_sound_new (&config);
  TdSoundStats stats;

  td_sound_set_awake (sound, TRUE);
  for (int i = 0; i < 500; i++)
    {
      td_sound_get_stats (sound, &stats);
      if (stats.beeps.running)
        break;
      g_usleep (10000);
    }
  td_sound_say (sound, "8", TD_BEEP_COUNT, (g_get_monotonic_time () - 5000) * 1000);
  for (int i = 0; i < 500 && stats.beeps.n_played == 0; i++)
    {
      g_usleep (10000);
      td_sound_get_stats (sound, &stats);
    }
  g_assert_cmpuint (stats.beeps.n_played, ==, 1);
  g_assert_cmpuint (stats.speech.n_failed, ==, 1);
  g_assert_cmpfloat (stats.beeps.since_to_sink_ms_p50, >, 5);
  g_autofree char *report = td_sound_report (sound);
  g_assert_true (g_str_has_prefix (report, "sound-ms said 0 failed 1 dropped 0 say-p50 0.0 "));
  td_sound_free (sound);
}

/* Who turns the volume down to nothing wants silence now, not after the sentence. */
static void
no_volume_ends_what_is_being_said (Fixture *f, gconstpointer data)
{
  (void) data;
  g_autoptr (TdFakeSpeech) server = td_fake_speech_new (f->folder, TD_FAKE_ANSWERS, 0);
  TdSoundConfig config = { .sink = f->sink, .address = f->address };
  TdSound *sound = td_sound_new (&config);

  td_sound_say (sound, "a long sentence", TD_BEEP_NONE, 0);
  g_assert_true (td_fake_speech_wait (server, "a long sentence", 1));
  td_sound_set_volume (sound, 0);
  g_assert_true (td_fake_speech_wait (server, "CANCEL SELF", 2));
  td_sound_free (sound);
}

/* --- The real server ---------------------------------------------------------------------- */

/* The real one, with a voice that writes into a file and a device that swallows everything. It is a
 * child of the test and ends with it. FALSE: it does not start here. */
static gboolean
start_real_server (Fixture *f, GPid *pid)
{
  g_autofree char *program = g_find_program_in_path ("speech-dispatcher");
  g_autofree char *server
      = g_strconcat ("AudioOutputMethod \"libao\"\nLogLevel 0\nLogDir \"", f->folder,
                     "\"\nDefaultLanguage \"en\"\n"
                     "AddModule \"file\" \"sd_generic\" \"file.conf\"\n"
                     "DefaultModule file\n",
                     NULL);
  g_autofree char *voice = g_strdup_printf (
      "GenericExecuteSynth \"printf '%%s|' \\'$DATA\\' >> %s/spoken\"\n"
      "GenericLanguage \"de\" \"de\" \"utf-8\"\nAddVoice \"de\" \"MALE1\" \"any\"\nDefaultVoice "
      "\"any\"\n",
      f->folder);
  g_autofree char *socket = g_build_filename (f->folder, "speechd.sock", NULL);
  g_autofree char *pid_file = g_build_filename (f->folder, "pid", NULL);
  const char *const files[][2] = {
    { "speechd.conf", server },
    { "modules/file.conf", voice },
    { ".libao", "default_driver=null\n" },
  };
  const char *argv[] = { program, "-s", "-l",     "0",  "-C", f->folder, "-S",
                         socket,  "-P", pid_file, "-t", "0",  NULL };

  if (!program)
    return FALSE;
  g_autofree char *modules = g_build_filename (f->folder, "modules", NULL);
  g_assert_cmpint (g_mkdir (modules, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (f->folder, files[i][0], NULL);
      g_assert_true (g_file_set_contents (path, files[i][1], -1, NULL));
    }
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "HOME", f->folder, TRUE);
  g_assert_true (g_spawn_async (NULL, (char **) argv, environment,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL
                                    | G_SPAWN_STDERR_TO_DEV_NULL,
                                NULL, NULL, pid, NULL));
  for (int i = 0; i < 500 && !g_file_test (socket, G_FILE_TEST_EXISTS); i++)
    g_usleep (10000);
  g_usleep (200000);
  if (waitpid (*pid, NULL, WNOHANG) == 0)
    return TRUE;
  g_spawn_close_pid (*pid);
  return FALSE;
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);
      if (g_file_test (inside, G_FILE_TEST_IS_DIR))
        remove_all (inside);
      g_remove (inside);
    }
}

static void
real_server_says_it (Fixture *f, gconstpointer data)
{
  (void) data;
  Failures failures = { 0 };
  GPid pid;

  if (!start_real_server (f, &pid))
    {
      remove_all (f->folder);
      g_test_skip ("speech-dispatcher is not installed, or has no libao");
      return;
    }

  TdSpeech *speech = td_speech_new (f->address, FALSE, on_failed, &failures);
  td_speech_set_language (speech, "de");
  td_speech_set_volume (speech, .5);
  td_speech_set_open (speech, TRUE);
  const char *const texts[] = { "7", "Tiefer", "Knie nach außen", "8" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      td_speech_say (speech, texts[i], TD_BEEP_COUNT, 0);
      wait_for_texts (speech, i + 1);
      g_usleep (300000);
    }
  TdSpeechStats stats;
  td_speech_get_stats (speech, &stats);
  g_test_message ("median %.2f ms, at most %.2f ms", stats.to_server_ms_p50,
                  stats.to_server_ms_p95);
  td_speech_free (speech);

  kill (pid, SIGTERM);
  waitpid (pid, NULL, 0);
  g_spawn_close_pid (pid);
  g_autofree char *spoken_path = g_build_filename (f->folder, "spoken", NULL);
  g_autofree char *spoken = NULL;
  g_file_get_contents (spoken_path, &spoken, NULL, NULL);
  remove_all (f->folder);
  g_assert_cmpuint (stats.n_said, ==, G_N_ELEMENTS (texts));
  g_assert_cmpint (failures.n, ==, 0);
  g_assert_cmpstr (spoken, ==, "7|Tiefer|Knie nach außen|8|");
}

#define TEST(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tone/short-without-click", every_beep_is_short_and_neither_clicks_nor_clips);
  g_test_add_func ("/tone/told-apart", beeps_differ_in_pitch_or_rhythm);
  g_test_add_func ("/delays/percentile", percentile_is_of_the_last_ones);
  TEST ("/beep/volume", beep_is_played_at_its_volume);
  g_test_add_func ("/beep/at-once", beep_reaches_the_device_at_once);
  TEST ("/beep/closed", beep_opens_a_closed_device_for_a_moment);
  g_test_add_func ("/beep/no-device", without_a_device_nothing_waits);
  g_test_add_func ("/beep/wrong-sink", wrong_sink_is_no_device);
  g_test_add_func ("/beep/lost", lost_device_is_opened_again);
  g_test_add_func ("/beep/stuck", stuck_device_is_not_waited_for);
  TEST ("/speech/as-it-is", text_is_spoken_as_it_is);
  TEST ("/speech/newest", newer_text_replaces_what_waits);
  TEST ("/speech/late", late_text_is_dropped);
  TEST ("/speech/no-server", without_a_server_a_text_is_told_at_once);
  g_test_add_func ("/speech/local-only", only_a_local_server_is_spoken_to);
  TEST ("/speech/mute", mute_server_blocks_nobody);
  TEST ("/speech/refuses", refusing_server_is_told);
  TEST ("/speech/dies", server_may_die_and_come_back);
  TEST ("/speech/silence", silence_is_silent);
  TEST ("/speech/real-server", real_server_says_it);
  TEST ("/sound/instead", what_cannot_be_said_is_beeped);
  TEST ("/sound/no_volume", no_volume_ends_what_is_being_said);
  return g_test_run ();
}
