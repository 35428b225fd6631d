/* td-cli-bench.c: teardrop-cli bench, what a frame costs on this machine.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-cli.h"
#include "td-engine.h"
#include "td-json.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>

enum
{
  N_RUNS = 2 /* with one thread and with two */
};

typedef enum
{
  STEP_CROP,
  STEP_NETWORK,
  STEP_DECODING, /* of the network's maps */
  STEP_MOTION,
  STEP_WHOLE, /* a frame, from the source to the next one */
  N_STEPS
} Step;

static const char *const step_names[N_STEPS]
    = { "crop_ms", "network_ms", "decoding_ms", "motion_ms", "frame_ms" };

typedef struct
{
  int threads;
  double step_ms[N_STEPS]; /* medians */
  double frames_per_s;
  double cpu_ms; /* of all threads, per frame */
} Run;

typedef struct
{
  int frames;
  int width, height;
  double duration_s;
  double decode_ms; /* the video alone, mean per frame */
  char *model;
  char *backend;
  Run runs[N_RUNS];
  double peak_mib;
} Bench;

static double
cpu_ms (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-3;
}

/* Each frame of FILE to EACH. FALSE and a line on stderr when it cannot be played to
 * its end. */
static gboolean
play (const char *file, gboolean (*each) (TdFrame *frame, gpointer data), gpointer data)
{
  TdSource *source = NULL;
  TdFrame *frame = NULL;
  TdCaptureError error;
  TdCaptureStatus status = td_source_open_file (file, TD_PACE_AS_FAST_AS_POSSIBLE, &source, &error);
  if (status != TD_CAPTURE_OK)
    {
      td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
      return FALSE;
    }
  gboolean go_on = TRUE;
  while (go_on
         && ((status = td_source_next (source, 1000, &frame, &error)) == TD_CAPTURE_OK
             || status == TD_CAPTURE_TIMEOUT))
    if (frame != NULL)
      {
        go_on = each (frame, data);
        td_frame_unref (frame);
      }
  td_source_free (source);
  if (go_on && status != TD_CAPTURE_END)
    td_cli_fail (TD_CLI_BAD_INPUT, "%s", error.message);
  return go_on && status == TD_CAPTURE_END;
}

static gboolean
see_frame (TdFrame *frame, gpointer data)
{
  Bench *bench = data;
  bench->frames++;
  bench->width = td_frame_width (frame);
  bench->height = td_frame_height (frame);
  bench->duration_s = (double) td_frame_time_ns (frame) * 1e-9;
  return TRUE;
}

typedef struct
{
  TdPipeline *pipeline;
  GArray *step_ms[N_STEPS];
  double last_ms;
} Timing;

static gboolean
time_frame (TdFrame *frame, gpointer data)
{
  Timing *timing = data;
  TdPipelineResult result;
  g_autoptr (GError) error = NULL;
  if (!td_pipeline_push (timing->pipeline, frame, &result, &error))
    {
      td_cli_fail (TD_CLI_BAD_INPUT, "%s", error->message);
      return FALSE;
    }
  double now = td_cli_now_ms ();
  const double ms[N_STEPS] = {
    result.vision.crop_ms, result.vision.network_ms, result.vision.decode_ms,
    result.motion_ms,      now - timing->last_ms,
  };
  timing->last_ms = now;
  for (int i = 0; i < N_STEPS; i++)
    g_array_append_val (timing->step_ms[i], ms[i]);
  return TRUE;
}

static gboolean
measure_run (Bench *bench, Run *run, const char *file, const char *model_folder, TdBackend backend)
{
  g_autoptr (GError) error = NULL;
  TdPipelineConfig config
      = { .model_folder = model_folder, .backend = backend, .threads = run->threads };
  Timing timing = { .pipeline = td_pipeline_new (&config, &error) };
  if (timing.pipeline == NULL)
    {
      td_cli_fail (TD_CLI_BAD_INPUT, "%s", error->message);
      return FALSE;
    }
  for (int i = 0; i < N_STEPS; i++)
    timing.step_ms[i] = g_array_new (FALSE, FALSE, sizeof (double));
  double cpu = cpu_ms ();
  double start = td_cli_now_ms ();
  timing.last_ms = start;
  gboolean ok = play (file, time_frame, &timing);
  guint n = timing.step_ms[0]->len;
  run->frames_per_s = 1e3 * n / (td_cli_now_ms () - start);
  run->cpu_ms = (cpu_ms () - cpu) / n;
  for (int i = 0; i < N_STEPS; i++)
    {
      run->step_ms[i] = td_cli_median (timing.step_ms[i]);
      g_array_unref (timing.step_ms[i]);
    }
  g_free (bench->model);
  g_free (bench->backend);
  bench->model = g_strdup (td_pipeline_model_name (timing.pipeline));
  bench->backend = g_strdup (td_pipeline_model_backend (timing.pipeline));
  td_pipeline_free (timing.pipeline);
  return ok;
}

static gboolean
measure (Bench *bench, const char *file, const char *model_folder, TdBackend backend)
{
  double start = td_cli_now_ms ();
  if (!play (file, see_frame, bench))
    return FALSE;
  bench->decode_ms = (td_cli_now_ms () - start) / bench->frames;
  for (int i = 0; i < N_RUNS; i++)
    {
      bench->runs[i].threads = i + 1;
      if (!measure_run (bench, &bench->runs[i], file, model_folder, backend))
        return FALSE;
    }
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  bench->peak_mib = (double) usage.ru_maxrss / 1024.0;
  return TRUE;
}

static double
times_real_time (const Bench *bench, const Run *run)
{
  return bench->duration_s > 0 ? run->frames_per_s * bench->duration_s / bench->frames
                               : (double) NAN;
}

static void
print_json (const Bench *bench, const char *file)
{
  TdJson json;
  g_autofree char *name = g_filename_display_name (file);
  td_json_init (&json, stdout);
  td_json_open_object (&json, NULL);
  td_json_string (&json, "file", name);
  td_json_int (&json, "frames", bench->frames);
  td_json_int (&json, "width", bench->width);
  td_json_int (&json, "height", bench->height);
  td_json_string (&json, "model", bench->model);
  td_json_string (&json, "backend", bench->backend);
  td_json_number (&json, "decode_ms", bench->decode_ms, 3);
  td_json_open_array (&json, "runs");
  for (int i = 0; i < N_RUNS; i++)
    {
      const Run *run = &bench->runs[i];
      td_json_open_object (&json, NULL);
      td_json_int (&json, "threads", run->threads);
      for (int step = 0; step < N_STEPS; step++)
        td_json_number (&json, step_names[step], run->step_ms[step], 3);
      td_json_number (&json, "cpu_ms", run->cpu_ms, 3);
      td_json_number (&json, "frames_per_s", run->frames_per_s, 1);
      td_json_number (&json, "times_real_time", times_real_time (bench, run), 2);
      td_json_close_object (&json);
    }
  td_json_close_array (&json);
  td_json_number (&json, "peak_mib", bench->peak_mib, 1);
  td_json_close_object (&json);
}

static void
print_table (const Bench *bench, const char *file)
{
  static const char *const labels[N_STEPS] = {
    "crop", "network", "decoding of the maps", "motion", "whole frame",
  };
  g_autofree char *name = g_filename_display_basename (file);
  printf ("%s: %d × %d, %d frames; %s, %s\n\n", name, bench->width, bench->height, bench->frames,
          bench->model, bench->backend);
  printf ("%-28s  %10s  %10s\n", "", "1 thread", "2 threads");
  for (int step = 0; step < N_STEPS; step++)
    printf ("%-25s ms  %10.3f  %10.3f\n", labels[step], bench->runs[0].step_ms[step],
            bench->runs[1].step_ms[step]);
  printf ("%-25s ms  %10.3f  %10.3f\n", "processor time, mean", bench->runs[0].cpu_ms,
          bench->runs[1].cpu_ms);
  printf ("%-28s  %10.1f  %10.1f\n", "frames per second", bench->runs[0].frames_per_s,
          bench->runs[1].frames_per_s);
  printf ("%-28s  %10.2f  %10.2f\n\n", "times real time", times_real_time (bench, &bench->runs[0]),
          times_real_time (bench, &bench->runs[1]));
  printf ("Medians per frame. The video alone decodes in %.3f ms a frame, beside the rest.\n"
          "Peak memory %.0f MiB.\n",
          bench->decode_ms, bench->peak_mib);
}

int
td_cli_bench (int argc, char **argv)
{
  gboolean as_json = FALSE;
  g_autofree char *model = NULL;
  g_autofree char *backend_name = NULL;
  char *arguments[1];
  int backend = TD_BACKEND_AUTO;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON", NULL },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model, "Use this model", "FOLDER" },
    { "backend", 0, 0, G_OPTION_ARG_STRING, &backend_name, "auto (default), xnnpack or opencv",
      "NAME" },
    G_OPTION_ENTRY_NULL,
  };
  if (!td_cli_parse (argc, argv, entries, NULL, arguments, 1))
    return TD_CLI_WRONG_USAGE;
  if (backend_name != NULL && !td_cli_find_backend (backend_name, &backend))
    return td_cli_fail (TD_CLI_WRONG_USAGE,
                        "There is no backend “%s”; there are auto, xnnpack and opencv.",
                        backend_name);
  g_autofree char *model_folder = td_engine_model_folder (model);
  Bench bench = { 0 };
  td_capture_init ();
  gboolean ok = measure (&bench, arguments[0], model_folder, (TdBackend) backend);
  if (ok)
    (as_json ? print_json : print_table) (&bench, arguments[0]);
  g_free (bench.model);
  g_free (bench.backend);
  if (!ok || !td_cli_flush_output ())
    return TD_CLI_BAD_INPUT;
  return TD_CLI_DONE;
}
