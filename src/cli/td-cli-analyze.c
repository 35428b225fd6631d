/* td-cli-analyze.c: teardrop-cli analyze, a video in, one JSON object out.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-cli.h"
#include "td-csv.h"
#include "td-engine.h"
#include "td-json.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum
{
  FRAME_WAIT_MS = 200 /* how long Ctrl-C may go unnoticed */
};

typedef struct
{
  const char *file;
  const TdProfile *profile;
  char *model_folder;
  TdBackend backend;
  int threads;
  gboolean save;
  gboolean progress;
  char *database;
  char *poses;
} Options;

typedef struct
{
  TdSource *source;
  TdStore *store;
  TdPipeline *pipeline;
  FILE *poses;
  char *note;        /* of a repaired database; all is said in one line, at the end */
  GPtrArray *errors; /* what does not end the analysis is said after it, in one line */

  int width, height;
  int frames;
  double fps;
  int64_t first_ns, last_ns;
  int count;
  GArray *reps; /* TdRep */
  GArray *decode_ms, *pose_ms, *motion_ms;
  double wall_ms;
} Analysis;

static volatile sig_atomic_t interrupted;

static void
on_interrupt (int number)
{
  (void) number;
  interrupted = 1;
}

static void
add_error (Analysis *self, const char *message)
{
  g_autofree char *sentence = td_engine_sentence (message);
  for (guint i = 0; i < self->errors->len; i++)
    if (strcmp (g_ptr_array_index (self->errors, i), sentence) == 0)
      return;
  g_ptr_array_add (self->errors, g_steal_pointer (&sentence));
}

/* --- JSON --------------------------------------------------------------------------------- */

/* The depth is told behind it. */
static gboolean
is_inclination (int m)
{
  return strcmp (td_rep_measures[m].name, "thigh_inclination_deg") == 0;
}

static void
write_rep (TdJson *json, const TdRep *rep)
{
  td_json_open_object (json, NULL);
  td_json_int (json, "index", rep->index);
  td_json_bool (json, "counted", rep->counted);
  td_json_string (json, "reason", rep->counted ? NULL : td_reason_name (rep->reason));
  td_json_number (json, "start_s", (double) rep->start_ns * 1e-9, 3);
  td_json_number (json, "bottom_s", (double) rep->bottom_ns * 1e-9, 3);
  td_json_number (json, "top_s", (double) rep->top_ns * 1e-9, 3);
  td_json_string (json, "view", td_view_name (rep->view));
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      const char *name = td_rep_measures[m].name;
      const TdMeasure *measure = td_rep_measure_at (rep, m);
      if (td_measure_ok (*measure))
        td_json_number (json, name, (double) measure->value,
                        g_str_has_suffix (name, "_deg") ? 1 : 2);
      else
        td_json_null (json, name);
      if (is_inclination (m))
        td_json_string (json, "depth",
                        rep->depth == TD_DEPTH_UNKNOWN ? NULL : td_depth_name (rep->depth));
    }

  td_json_open_object (json, "missing");
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      const TdMeasure *measure = td_rep_measure_at (rep, m);
      if (!td_measure_ok (*measure))
        td_json_string (json, td_rep_measures[m].name, td_missing_text (measure->missing));
      if (is_inclination (m) && rep->depth == TD_DEPTH_UNKNOWN)
        {
          TdMissing reason = rep->knee_flexion_max_deg.missing;
          td_json_string (
              json, "depth",
              td_missing_text (reason != TD_MISSING_NOTHING ? reason : TD_MISSING_JOINTS));
        }
    }
  td_json_close_object (json);
  td_json_close_object (json);
}

static void
write_json (Analysis *self, const Options *options, const char *error)
{
  TdJson json;
  g_autofree char *name = g_filename_display_name (options->file);
  td_json_init (&json, stdout);
  td_json_open_object (&json, NULL);
  td_json_string (&json, "file", name);
  td_json_int (&json, "frames", self->frames);
  td_json_number (&json, "fps", self->fps, 3);
  td_json_int (&json, "width", self->width);
  td_json_int (&json, "height", self->height);
  td_json_string (&json, "model", td_pipeline_model_name (self->pipeline));
  td_json_string (&json, "exercise", options->profile->id);
  td_json_int (&json, "count", self->count);
  td_json_open_array (&json, "reps");
  for (guint i = 0; i < self->reps->len; i++)
    write_rep (&json, &g_array_index (self->reps, TdRep, i));
  td_json_close_array (&json);
  td_json_open_object (&json, "timing");
  td_json_number (&json, "decode_ms", td_cli_median (self->decode_ms), 3);
  td_json_number (&json, "pose_ms", td_cli_median (self->pose_ms), 3);
  td_json_number (&json, "motion_ms", td_cli_median (self->motion_ms), 3);
  td_json_number (&json, "frames_per_s", 1e3 * self->frames / self->wall_ms, 1);
  td_json_close_object (&json);
  if (td_pipeline_session (self->pipeline) != 0)
    td_json_int (&json, "session", td_pipeline_session (self->pipeline));
  if (error != NULL)
    td_json_string (&json, "error", error);
  td_json_close_object (&json);
}

/* --- Analysis ----------------------------------------------------------------------------- */

static void
take_reps (Analysis *self, const Options *options, const TdMotionResult *motion)
{
  for (int i = 0; i < motion->n_reps; i++)
    {
      const TdRep *rep = &motion->reps[i];
      char flexion[32] = "-";
      g_array_append_val (self->reps, *rep);
      if (!options->progress)
        continue;
      if (td_measure_ok (rep->knee_flexion_max_deg))
        {
          g_ascii_formatd (flexion, sizeof flexion, "%.1f",
                           (double) rep->knee_flexion_max_deg.value);
        }
      fprintf (stderr, "rep %d %s %s\n", rep->index,
               rep->counted ? "counted" : td_reason_name (rep->reason), flexion);
    }
  self->count = MAX (self->count, motion->count);
}

/* FALSE: the network failed, there is no sense in going on. */
static gboolean
take_frame (Analysis *self, const Options *options, TdFrame *frame)
{
  TdPipelineResult result;
  g_autoptr (GError) error = NULL;
  if (self->frames == 0)
    {
      self->width = td_frame_width (frame);
      self->height = td_frame_height (frame);
      self->first_ns = td_frame_time_ns (frame);
    }
  self->frames++;
  self->last_ns = td_frame_time_ns (frame);
  if (!td_pipeline_push (self->pipeline, frame, &result, &error))
    add_error (self, error->message);
  g_array_append_val (self->pose_ms, result.pose_ms);
  g_array_append_val (self->motion_ms, result.motion_ms);
  take_reps (self, options, &result.motion);
  if (self->poses != NULL && !td_csv_write_pose (self->poses, &result.pose, &result.motion.frame))
    {
      g_autofree char *text
          = g_strdup_printf ("The poses cannot be written: %s.", g_strerror (errno));
      add_error (self, text);
      fclose (g_steal_pointer (&self->poses));
    }
  return !g_error_matches (error, TD_ENGINE_ERROR, TD_ENGINE_ERROR_MODEL);
}

static void
play (Analysis *self, const Options *options)
{
  double start = td_cli_now_ms ();
  double asked = start;
  gboolean go_on = TRUE;
  while (go_on && !interrupted)
    {
      TdFrame *frame = NULL;
      TdCaptureError error;
      TdCaptureStatus status = td_source_next (self->source, FRAME_WAIT_MS, &frame, &error);
      if (status == TD_CAPTURE_TIMEOUT)
        continue;
      if (status != TD_CAPTURE_OK)
        {
          if (status != TD_CAPTURE_END)
            add_error (self, error.message);
          break;
        }
      /* Decoding runs beside the network; what counts is how long the frame was waited for. */
      double waited = td_cli_now_ms () - asked;
      g_array_append_val (self->decode_ms, waited);
      go_on = take_frame (self, options, frame);
      td_frame_unref (frame);
      asked = td_cli_now_ms ();
    }
  if (interrupted)
    add_error (self, "Stopped before the end of the video.");

  TdPipelineResult result;
  g_autoptr (GError) error = NULL;
  if (!td_pipeline_finish (self->pipeline, &result, &error))
    add_error (self, error->message);
  take_reps (self, options, &result.motion);
  self->wall_ms = td_cli_now_ms () - start;

  double length_s = (double) (self->last_ns - self->first_ns) * 1e-9;
  self->fps = td_source_fps (self->source);
  if (!(self->fps > 0))
    self->fps = length_s > 0 ? (self->frames - 1) / length_s : (double) NAN;
}

/* The one line on stderr. */
static int
fail (const Analysis *self, int status, const char *message)
{
  g_autofree char *sentence = td_engine_sentence (message);
  return td_cli_fail (status, "%s%s%s", sentence, self->note != NULL ? " " : "",
                      self->note != NULL ? self->note : "");
}

/* TD_CLI_DONE, or what fail() said. */
static int
prepare (Analysis *self, const Options *options)
{
  TdCaptureError capture_error;
  g_autoptr (GError) error = NULL;
  g_autofree char *source_name = g_filename_display_basename (options->file);
  g_autofree char *model_folder = td_engine_model_folder (options->model_folder);
  td_capture_init ();
  if (td_source_open_file (options->file, TD_PACE_AS_FAST_AS_POSSIBLE, &self->source,
                           &capture_error)
      != TD_CAPTURE_OK)
    return fail (self, TD_CLI_BAD_INPUT, capture_error.message);
  if (options->save)
    {
      g_autofree char *path = td_cli_database (options->database);
      TdStoreError store_error;
      bool recovered = false;
      if (td_store_open (path, &self->store, &recovered, &store_error) != TD_STORE_OK)
        {
          self->store = NULL;
          add_error (self, store_error.message);
        }
      else if (recovered)
        self->note = td_engine_sentence (store_error.message);
    }
  TdPipelineConfig config = {
    .model_folder = model_folder,
    .backend = options->backend,
    .threads = options->threads,
    .profile = options->profile,
    .store = self->store,
    .source_name = source_name,
  };
  self->pipeline = td_pipeline_new (&config, &error);
  if (self->pipeline == NULL)
    return fail (self, TD_CLI_BAD_INPUT, error->message);
  if (options->poses != NULL)
    {
      self->poses = fopen (options->poses, "we");
      if (self->poses == NULL || !td_csv_write_pose_header (self->poses))
        {
          g_autofree char *text = g_strdup_printf ("The poses cannot be written to %s: %s.",
                                                   options->poses, g_strerror (errno));
          return fail (self, TD_CLI_BAD_INPUT, text);
        }
    }
  return TD_CLI_DONE;
}

static int
analyze (Analysis *self, const Options *options)
{
  int status = prepare (self, options);
  if (status != TD_CLI_DONE)
    return status;
  /* The second Ctrl-C ends the program where it is. */
  struct sigaction action = { .sa_handler = on_interrupt, .sa_flags = SA_RESETHAND };
  sigaction (SIGINT, &action, NULL);
  play (self, options);
  if (self->poses != NULL && fclose (g_steal_pointer (&self->poses)) != 0)
    {
      g_autofree char *text
          = g_strdup_printf ("The poses cannot be written: %s.", g_strerror (errno));
      add_error (self, text);
    }

  g_ptr_array_add (self->errors, NULL);
  char **errors = (char **) self->errors->pdata;
  g_autofree char *error = errors[0] != NULL ? g_strjoinv (" ", errors) : NULL;
  if (self->frames > 0)
    {
      write_json (self, options, error);
      if (!td_cli_flush_output ())
        return TD_CLI_BAD_INPUT;
    }
  if (error != NULL)
    return fail (self, interrupted ? TD_CLI_STOPPED : TD_CLI_BAD_INPUT, error);
  if (self->note != NULL)
    td_cli_fail (TD_CLI_DONE, "%s", self->note);
  return TD_CLI_DONE;
}

static GArray *
new_doubles (void)
{
  return g_array_new (FALSE, FALSE, sizeof (double));
}

static int
analyze_file (const Options *options)
{
  Analysis self = {
    .errors = g_ptr_array_new_with_free_func (g_free),
    .reps = g_array_new (FALSE, FALSE, sizeof (TdRep)),
    .decode_ms = new_doubles (),
    .pose_ms = new_doubles (),
    .motion_ms = new_doubles (),
  };
  int status = analyze (&self, options);
  td_source_free (self.source);
  td_pipeline_free (self.pipeline);
  td_store_close (self.store);
  if (self.poses != NULL)
    fclose (self.poses);
  g_ptr_array_unref (self.errors);
  g_free (self.note);
  g_array_unref (self.reps);
  g_array_unref (self.decode_ms);
  g_array_unref (self.pose_ms);
  g_array_unref (self.motion_ms);
  return status;
}

static const TdProfile *
find_profile (const char *id, char **known)
{
  size_t n;
  const TdProfile *all = td_profile_all (&n);
  GString *names = g_string_new (NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (names, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " and ", all[i].id);
  *known = g_string_free (names, FALSE);
  return id != NULL ? td_profile_find (id) : &all[0];
}

int
td_cli_analyze (int argc, char **argv)
{
  Options options = { .backend = TD_BACKEND_AUTO, .threads = td_engine_default_threads () };
  g_autofree char *exercise = NULL;
  g_autofree char *backend_name = NULL;
  g_autofree char *known = NULL;
  char *arguments[1];
  int backend = TD_BACKEND_AUTO;
  const GOptionEntry entries[] = {
    { "exercise", 'e', 0, G_OPTION_ARG_STRING, &exercise, "cyclist (default) or narrow", "NAME" },
    { "save", 0, 0, G_OPTION_ARG_NONE, &options.save, "Keep the session in the database", NULL },
    { "poses", 0, 0, G_OPTION_ARG_FILENAME, &options.poses,
      "Write the joints and angles of every frame there, as CSV", "FILE" },
    { "progress", 0, 0, G_OPTION_ARG_NONE, &options.progress,
      "Say each repetition on stderr as soon as it is counted (and saved)", NULL },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model_folder, "Use this model", "FOLDER" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "Threads of the network", "N" },
    { "backend", 0, 0, G_OPTION_ARG_STRING, &backend_name, "auto (default), xnnpack or opencv",
      "NAME" },
    { "database", 0, 0, G_OPTION_ARG_FILENAME, &options.database,
      "With --save: keep the session in this database", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  int status = TD_CLI_WRONG_USAGE;
  if (!td_cli_parse (argc, argv, entries,
                     "\nPrints what was counted even when the video is damaged after some frames, "
                     "or on Ctrl-C.\nTimes are medians per frame; decoding runs beside the rest, "
                     "its time is what was waited.",
                     arguments, 1))
    goto out;
  options.file = arguments[0];
  options.profile = find_profile (exercise, &known);
  if (options.profile == NULL)
    status = td_cli_fail (TD_CLI_BAD_INPUT, "There is no exercise “%s”; there are %s.", exercise,
                          known);
  else if (backend_name != NULL && !td_cli_find_backend (backend_name, &backend))
    status = td_cli_fail (TD_CLI_WRONG_USAGE,
                          "There is no backend “%s”; there are auto, xnnpack and opencv.",
                          backend_name);
  else if (options.threads < 1 || options.threads > 64)
    status = td_cli_fail (TD_CLI_WRONG_USAGE, "--threads goes from 1 to 64.");
  else if (options.database != NULL && !options.save)
    status = td_cli_fail (TD_CLI_WRONG_USAGE, "--database is of use only with --save.");
  else
    {
      options.backend = (TdBackend) backend;
      status = analyze_file (&options);
    }
out:
  g_free (options.model_folder);
  g_free (options.database);
  g_free (options.poses);
  return status;
}
