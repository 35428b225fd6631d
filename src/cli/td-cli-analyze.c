/* td-cli-analyze.c: teardrop-cli analyze, a video or its joints in, one JSON object out.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-check.h"
#include "td-cli-clip.h"
#include "td-cli.h"
#include "td-csv.h"
#include "td-json.h"
#include "td-set.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  const char *file;
  const TdProfile *profile;
  char *model_folder;
  TdBackend backend;
  int threads;
  gboolean save;
  gboolean calibrated;
  gboolean progress;
  double focal_length, camera_pitch, camera_roll; /* NAN: not given */
  char *database;
  char *poses;
} Options;

typedef struct
{
  TdClip *clip;
  TdStore *store;
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

/* Decimals of a value under NAME. */
static int
decimals (const char *name)
{
  return g_str_has_suffix (name, "_deg") ? 1 : 3;
}

static void
write_measures (TdJson *json, const TdRep *rep)
{
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      const char *name = td_rep_measures[m].name;
      const TdMeasure *measure = td_rep_measure_at (rep, (TdRepMeasureId) m);
      td_json_number (json, name, (double) measure->value, decimals (name));
      if (m != TD_REP_THIGH_INCLINATION)
        continue;
      td_json_string (json, "depth",
                      rep->depth == TD_DEPTH_UNKNOWN ? NULL : td_depth_name (rep->depth));
      td_json_bool (json, "depth_unsure", rep->depth_unsure);
    }
}

static void
write_sigmas (TdJson *json, const TdRep *rep)
{
  td_json_open_object (json, "sigma");
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      const char *name = td_rep_measures[m].name;
      const TdMeasure *measure = td_rep_measure_at (rep, (TdRepMeasureId) m);
      if (td_measure_ok (*measure))
        td_json_number (json, name, (double) measure->sigma, decimals (name) + 1);
    }
  td_json_close_object (json);
}

static void
write_checks (TdJson *json, const TdRep *rep, const TdProfile *profile)
{
  static const char *const verdicts[] = {
    [TD_VERDICT_UNKNOWN] = "unknown",
    [TD_VERDICT_PASSED] = "passed",
    [TD_VERDICT_UNSURE] = "unsure",
    [TD_VERDICT_FAILED] = "failed",
  };
  td_json_open_object (json, "checks");
  for (int i = 0; i < td_profile_n_checks (profile); i++)
    td_json_string (json, profile->checks[i].id, verdicts[td_check_rep (&profile->checks[i], rep)]);
  td_json_close_object (json);
}

static void
write_missing (TdJson *json, const TdRep *rep)
{
  td_json_open_object (json, "missing");
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      const TdMeasure *measure = td_rep_measure_at (rep, (TdRepMeasureId) m);
      if (!td_measure_ok (*measure))
        td_json_string (json, td_rep_measures[m].name, td_missing_text (measure->missing));
      if (m == TD_REP_THIGH_INCLINATION && rep->depth == TD_DEPTH_UNKNOWN)
        {
          TdMissing reason = rep->knee_flexion_max_deg.missing;
          td_json_string (
              json, "depth",
              td_missing_text (reason != TD_MISSING_NOTHING ? reason : TD_MISSING_JOINTS));
        }
    }
  td_json_close_object (json);
}

static void
write_rep (TdJson *json, const TdRep *rep, const TdProfile *profile)
{
  td_json_open_object (json, NULL);
  td_json_int (json, "index", rep->index);
  td_json_bool (json, "counted", rep->counted);
  td_json_string (json, "reason", rep->counted ? NULL : td_reason_name (rep->reason));
  td_json_number (json, "start_s", (double) rep->start_ns * 1e-9, 3);
  td_json_number (json, "bottom_s", (double) rep->bottom_ns * 1e-9, 3);
  td_json_number (json, "top_s", (double) rep->top_ns * 1e-9, 3);
  td_json_string (json, "view", td_view_name (rep->view));
  write_measures (json, rep);
  write_sigmas (json, rep);
  write_checks (json, rep, profile);
  write_missing (json, rep);
  td_json_close_object (json);
}

/* Of the counted repetitions as a whole. */
static void
write_set (TdJson *json, const GArray *reps)
{
  TdSetSummary set;
  td_set_summarise ((const TdRep *) (const void *) reps->data, reps->len, &set);
  td_json_open_object (json, "set");
  for (int m = 0; m < TD_N_REP_MEASURES; m++)
    {
      const TdSetMeasure *measure = &set.measures[m];
      const char *name = td_rep_measures[m].name;
      if (measure->n == 0)
        continue;
      td_json_open_object (json, name);
      td_json_number (json, "mean", (double) measure->mean.value, decimals (name));
      td_json_number (json, "spread", (double) measure->spread.value, decimals (name) + 1);
      td_json_number (json, "change", (double) measure->change.value, decimals (name));
      td_json_close_object (json);
    }
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
  td_json_string (&json, "model", td_clip_model_name (self->clip));
  td_json_string (&json, "exercise", options->profile->id);
  td_json_int (&json, "count", self->count);
  td_json_open_array (&json, "reps");
  for (guint i = 0; i < self->reps->len; i++)
    write_rep (&json, &g_array_index (self->reps, TdRep, i), options->profile);
  td_json_close_array (&json);
  write_set (&json, self->reps);
  td_json_open_object (&json, "timing");
  td_json_number (&json, "decode_ms", td_cli_median (self->decode_ms), 3);
  td_json_number (&json, "pose_ms", td_cli_median (self->pose_ms), 3);
  td_json_number (&json, "motion_ms", td_cli_median (self->motion_ms), 3);
  td_json_number (&json, "frames_per_s", 1e3 * self->frames / self->wall_ms, 1);
  td_json_close_object (&json);
  if (td_clip_session (self->clip) != 0)
    td_json_int (&json, "session", td_clip_session (self->clip));
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

static void
write_poses (Analysis *self, const TdMotionResult *motion)
{
  for (int i = 0; self->poses != NULL && i < motion->n_settled; i++)
    if (!td_csv_write_pose (self->poses, &motion->settled[i].pose, &motion->settled[i].measures))
      {
        g_autofree char *text
            = g_strdup_printf ("The poses cannot be written: %s.", g_strerror (errno));
        add_error (self, text);
        fclose (g_steal_pointer (&self->poses));
      }
}

static void
take_pose (Analysis *self, const TdClipFrame *frame)
{
  if (self->frames == 0)
    {
      self->width = frame->pose.width;
      self->height = frame->pose.height;
      self->first_ns = frame->pose.time_ns;
    }
  self->frames++;
  self->last_ns = frame->pose.time_ns;
  g_array_append_val (self->motion_ms, frame->motion_ms);
  if (td_clip_is_table (self->clip))
    return;
  g_array_append_val (self->decode_ms, frame->decode_ms);
  g_array_append_val (self->pose_ms, frame->pose_ms);
}

static void
play (Analysis *self, const Options *options)
{
  TdClipFrame frame;
  char *problem;
  double start = td_cli_now_ms ();
  while (td_clip_next (self->clip, &frame, &problem))
    {
      if (problem != NULL)
        add_error (self, problem);
      g_free (problem);
      if (frame.has_pose)
        take_pose (self, &frame);
      take_reps (self, options, &frame.motion);
      write_poses (self, &frame.motion);
    }
  self->wall_ms = td_cli_now_ms () - start;

  double length_s = (double) (self->last_ns - self->first_ns) * 1e-9;
  self->fps = td_clip_fps (self->clip);
  if (isnan (self->fps) && length_s > 0)
    self->fps = (self->frames - 1) / length_s;
}

/* The one line on stderr. */
static int
fail (const Analysis *self, int status, const char *message)
{
  g_autofree char *sentence = td_engine_sentence (message);
  return td_cli_fail (status, "%s%s%s", sentence, self->note != NULL ? " " : "",
                      self->note != NULL ? self->note : "");
}

static void
open_store (Analysis *self, const Options *options)
{
  g_autofree char *path = td_cli_database (options->database);
  TdStoreError error;
  bool recovered = false;
  if (td_store_open (path, &self->store, &recovered, &error) != TD_STORE_OK)
    {
      self->store = NULL;
      add_error (self, error.message);
    }
  else if (recovered)
    self->note = td_engine_sentence (error.message);
}

/* The newest calibration that is kept. */
static gboolean
find_calibration (const Analysis *self, const Options *options, TdCalibration *calibration,
                  TdStoreError *error)
{
  g_autofree char *path = td_cli_database (options->database);
  TdStore *store = self->store;
  TdCalibrationRow row;
  if (store == NULL && td_store_open_read_only (path, &store, error) != TD_STORE_OK)
    return FALSE;
  TdStoreStatus status = td_store_latest_calibration (store, &row, error);
  if (store != self->store)
    td_store_close (store);
  if (status != TD_STORE_OK)
    return FALSE;
  *calibration = row.calibration;
  return TRUE;
}

/* GIVEN on the command line, else KNOWN from the calibration, else 0. */
static float
or_known (double given, float known)
{
  return !isnan (given) ? (float) given : !isnan (known) ? known : 0.f;
}

static TdCamera
find_camera (const Options *options, const TdCalibration *calibration)
{
  gboolean known = calibration->standing_known;
  return (TdCamera){
    .focal_px = or_known (options->focal_length, NAN),
    .pitch_deg = or_known (options->camera_pitch, known ? calibration->pitch_deg : NAN),
    .roll_deg = or_known (options->camera_roll, known ? calibration->roll_deg : NAN),
  };
}

/* TD_CLI_DONE, or what fail() said; likewise the next one. */
static int
start (Analysis *self, const Options *options)
{
  g_autofree char *problem = NULL;
  TdStoreError error;
  TdCalibration calibration = { 0 };
  if (options->calibrated && !find_calibration (self, options, &calibration, &error))
    return fail (self, TD_CLI_BAD_INPUT, error.message);
  TdCamera camera = find_camera (options, &calibration);
  gboolean has_camera = !isnan (options->focal_length) || !isnan (options->camera_pitch)
                        || !isnan (options->camera_roll);
  TdClipConfig config = {
    .profile = options->profile,
    .calibration = options->calibrated ? &calibration : NULL,
    .camera = has_camera ? &camera : NULL,
    .model_folder = options->model_folder,
    .backend = options->backend,
    .threads = options->threads,
    .store = self->store,
  };
  if (!td_clip_start (self->clip, &config, &problem))
    return fail (self, TD_CLI_BAD_INPUT, problem);
  return TD_CLI_DONE;
}

static int
prepare (Analysis *self, const Options *options)
{
  g_autofree char *problem = NULL;
  self->clip = td_clip_open (options->file, &problem);
  if (self->clip == NULL)
    return fail (self, TD_CLI_BAD_INPUT, problem);
  if (td_clip_is_table (self->clip) && (options->save || options->model_folder != NULL))
    return fail (self, TD_CLI_WRONG_USAGE, "--save and --model are of use only with a video.");
  /* A table was read as a whole. */
  if (options->poses != NULL && !td_clip_is_table (self->clip)
      && !td_cli_may_write (options->poses, options->file))
    return TD_CLI_BAD_INPUT;
  if (options->save)
    open_store (self, options);
  int status = start (self, options);
  if (status != TD_CLI_DONE)
    return status;
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
  td_clip_obey_interrupt ();
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
    return fail (self, td_clip_was_interrupted () ? TD_CLI_STOPPED : TD_CLI_BAD_INPUT, error);
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
  td_clip_free (self.clip);
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

/* TEXT, an option's value, as a number; NAN for NULL: it was not given. */
static gboolean
read_number (const char *text, double least, double most, double *value)
{
  char *end;
  *value = NAN;
  if (text == NULL)
    return TRUE;
  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && *value >= least && *value <= most;
}

/* Options that are texts at first. */
typedef struct
{
  char *exercise;
  char *backend;
  char *focal_length, *camera_pitch, *camera_roll;
} Texts;

/* TD_CLI_DONE, or what was said on stderr. */
static int
read_options (Options *options, const Texts *texts)
{
  int backend = TD_BACKEND_AUTO;
  options->profile = td_cli_find_profile (texts->exercise);
  if (options->profile == NULL)
    return TD_CLI_BAD_INPUT;
  if (texts->backend != NULL && !td_cli_find_backend (texts->backend, &backend))
    return td_cli_fail (TD_CLI_WRONG_USAGE,
                        "There is no backend “%s”; there are auto, xnnpack and opencv.",
                        texts->backend);
  options->backend = (TdBackend) backend;
  if (options->threads < 1 || options->threads > 64)
    return td_cli_fail (TD_CLI_WRONG_USAGE, "--threads goes from 1 to 64.");
  if (options->database != NULL && !options->save && !options->calibrated)
    return td_cli_fail (TD_CLI_WRONG_USAGE,
                        "--database is of use only with --save or --calibrated.");
  if (!read_number (texts->focal_length, 10, 100000, &options->focal_length))
    return td_cli_fail (TD_CLI_WRONG_USAGE, "--focal-length goes from 10 to 100000 pixels.");
  if (!read_number (texts->camera_pitch, -90, 90, &options->camera_pitch))
    return td_cli_fail (TD_CLI_WRONG_USAGE, "--camera-pitch goes from -90 to 90 degrees.");
  if (!read_number (texts->camera_roll, -180, 180, &options->camera_roll))
    return td_cli_fail (TD_CLI_WRONG_USAGE, "--camera-roll goes from -180 to 180 degrees.");
  return TD_CLI_DONE;
}

int
td_cli_analyze (int argc, char **argv)
{
  Options options = { .threads = td_engine_default_threads () };
  Texts texts = { 0 };
  char *arguments[1];
  const GOptionEntry entries[] = {
    { "exercise", 'e', 0, G_OPTION_ARG_STRING, &texts.exercise, "cyclist (default) or narrow",
      "NAME" },
    { "save", 0, 0, G_OPTION_ARG_NONE, &options.save, "Keep the session in the database", NULL },
    { "poses", 0, 0, G_OPTION_ARG_FILENAME, &options.poses,
      "Write the joints and angles of every frame there, as CSV", "FILE" },
    { "progress", 0, 0, G_OPTION_ARG_NONE, &options.progress,
      "Say each repetition on stderr as soon as it is counted (and saved)", NULL },
    { "calibrated", 0, 0, G_OPTION_ARG_NONE, &options.calibrated,
      "Use the newest calibration that is kept", NULL },
    { "focal-length", 0, 0, G_OPTION_ARG_STRING, &texts.focal_length,
      "Focal length of the camera; a usual webcam's otherwise", "PX" },
    { "camera-pitch", 0, 0, G_OPTION_ARG_STRING, &texts.camera_pitch,
      "The camera looks down by this", "DEG" },
    { "camera-roll", 0, 0, G_OPTION_ARG_STRING, &texts.camera_roll,
      "The camera is turned clockwise by this, seen from behind it", "DEG" },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model_folder, "Use this model", "FOLDER" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "Threads of the network", "N" },
    { "backend", 0, 0, G_OPTION_ARG_STRING, &texts.backend, "auto (default), xnnpack or opencv",
      "NAME" },
    { "database", 0, 0, G_OPTION_ARG_FILENAME, &options.database,
      "With --save or --calibrated: this database", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  int status = TD_CLI_WRONG_USAGE;
  if (td_cli_parse (argc, argv, entries,
                    "\nFILE is a video, or a table of joints that --poses wrote.\n"
                    "Prints what was counted even when the video is damaged after some frames, "
                    "or on Ctrl-C.\nTimes are medians per frame; decoding runs beside the rest, "
                    "its time is what was waited.",
                    arguments, 1))
    {
      options.file = arguments[0];
      status = read_options (&options, &texts);
      if (status == TD_CLI_DONE)
        status = analyze_file (&options);
    }
  g_free (options.model_folder);
  g_free (options.database);
  g_free (options.poses);
  g_free (texts.exercise);
  g_free (texts.backend);
  g_free (texts.focal_length);
  g_free (texts.camera_pitch);
  g_free (texts.camera_roll);
  return status;
}
