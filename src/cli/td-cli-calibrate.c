/* td-cli-calibrate.c: teardrop-cli calibrate, a person measured once, for later sets.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-cli-clip.h"
#include "td-cli.h"
#include "td-json.h"

#include <math.h>
#include <stdio.h>

typedef struct
{
  const char *file;
  const TdProfile *profile;
  gboolean save;
  char *model_folder;
  char *database;
} Options;

typedef struct
{
  TdClip *clip;
  char *problem; /* the first one; it does not undo what was measured */
  char *note;    /* of a repaired database */
  int frames;
  TdCalibrationStage stage;
  TdCalibration calibration;
} Session;

static void
add_problem (Session *self, const char *problem)
{
  if (self->problem == NULL)
    self->problem = td_engine_sentence (problem);
}

/* --- JSON --------------------------------------------------------------------------------- */

static const char *
stage_name (TdCalibrationStage stage)
{
  static const char *const names[] = {
    [TD_CALIBRATION_OFF] = "off",
    [TD_CALIBRATION_STAND] = "stand",
    [TD_CALIBRATION_DEEP] = "deep",
    [TD_CALIBRATION_DONE] = "done",
  };
  return names[stage];
}

/* What is not KNOWN is no 0. */
static void
write_number (TdJson *json, const char *name, float value, gboolean known)
{
  td_json_number (json, name, known ? (double) value : (double) NAN,
                  g_str_has_suffix (name, "_deg") ? 2 : 4);
}

static void
write_json (const Session *self, const Options *options)
{
  TdJson json;
  const TdCalibration *c = &self->calibration;
  gboolean stood = c->standing_known;
  gboolean squatted = c->range_known;
  g_autofree char *name = g_filename_display_name (options->file);
  td_json_init (&json, stdout);
  td_json_open_object (&json, NULL);
  td_json_string (&json, "file", name);
  td_json_int (&json, "frames", self->frames);
  td_json_string (&json, "model", td_clip_model_name (self->clip));
  td_json_string (&json, "exercise", options->profile->id);
  td_json_string (&json, "stage", stage_name (self->stage));
  td_json_bool (&json, "standing_known", stood);
  write_number (&json, "thigh_share", c->thigh_share, stood);
  write_number (&json, "trunk_share", c->trunk_share, stood && c->trunk_share > 0.f);
  write_number (&json, "fppa_left_deg", c->fppa_deg[TD_SIDE_LEFT], stood);
  write_number (&json, "fppa_right_deg", c->fppa_deg[TD_SIDE_RIGHT], stood);
  write_number (&json, "straight_deg", c->straight_deg, stood);
  write_number (&json, "pitch_deg", c->pitch_deg, stood);
  write_number (&json, "roll_deg", c->roll_deg, stood);
  td_json_bool (&json, "range_known", squatted);
  write_number (&json, "flexion_max_deg", c->flexion_max_deg, squatted);
  write_number (&json, "contact_deg", c->contact_deg, squatted);
  if (self->problem != NULL)
    td_json_string (&json, "error", self->problem);
  td_json_close_object (&json);
}

/* --- Calibration -------------------------------------------------------------------------- */

/* Up to the end of the calibration, or of the clip. */
static void
play (Session *self)
{
  TdClipFrame frame;
  char *problem = NULL;
  while (self->stage != TD_CALIBRATION_DONE && td_clip_next (self->clip, &frame, &problem))
    {
      if (problem != NULL)
        add_problem (self, problem);
      g_clear_pointer (&problem, g_free);
      self->frames += frame.has_pose;
      self->stage = frame.motion.calibration;
    }
  self->calibration = td_clip_calibration (self->clip);
  if (self->stage == TD_CALIBRATION_DEEP)
    add_problem (self, "After standing no slow, deep repetition was seen.");
  else if (self->stage != TD_CALIBRATION_DONE)
    add_problem (self, "Nobody was seen standing straight and still for two seconds.");
}

static void
keep (Session *self, const Options *options)
{
  g_autofree char *path = td_cli_database (options->database);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *at = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S%:z");
  TdStore *store = NULL;
  TdStoreError error;
  bool recovered = false;
  if (td_store_open (path, &store, &recovered, &error) != TD_STORE_OK)
    {
      add_problem (self, error.message);
      return;
    }
  if (recovered)
    self->note = td_engine_sentence (error.message);
  if (td_store_add_calibration (store, at, td_clip_model_name (self->clip), &self->calibration,
                                &error)
      != TD_STORE_OK)
    add_problem (self, error.message);
  td_store_close (store);
}

/* The exit status. */
static int
calibrate (Session *self, const Options *options)
{
  g_autofree char *problem = NULL;
  TdClipConfig config = {
    .profile = options->profile,
    .calibrate = TRUE,
    .model_folder = options->model_folder,
    .threads = td_engine_default_threads (),
  };
  self->clip = td_clip_open (options->file, &problem);
  if (self->clip == NULL || !td_clip_start (self->clip, &config, &problem))
    return td_cli_fail (TD_CLI_BAD_INPUT, "%s", problem);
  td_clip_obey_interrupt ();
  play (self);
  if (options->save && self->stage == TD_CALIBRATION_DONE)
    keep (self, options);
  if (self->frames > 0)
    {
      write_json (self, options);
      if (!td_cli_flush_output ())
        return TD_CLI_BAD_INPUT;
    }
  if (self->problem != NULL)
    return td_cli_fail (td_clip_was_interrupted () ? TD_CLI_STOPPED : TD_CLI_BAD_INPUT, "%s%s%s",
                        self->problem, self->note != NULL ? " " : "",
                        self->note != NULL ? self->note : "");
  if (self->note != NULL)
    td_cli_fail (TD_CLI_DONE, "%s", self->note);
  return TD_CLI_DONE;
}

static int
calibrate_file (const Options *options)
{
  Session self = { .stage = TD_CALIBRATION_STAND };
  int status = calibrate (&self, options);
  td_clip_free (self.clip);
  g_free (self.problem);
  g_free (self.note);
  return status;
}

int
td_cli_calibrate (int argc, char **argv)
{
  Options options = { 0 };
  g_autofree char *exercise = NULL;
  char *arguments[1];
  const GOptionEntry entries[] = {
    { "exercise", 'e', 0, G_OPTION_ARG_STRING, &exercise, "cyclist (default) or narrow", "NAME" },
    { "save", 0, 0, G_OPTION_ARG_NONE, &options.save, "Keep the calibration in the database",
      NULL },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model_folder, "Use this model", "FOLDER" },
    { "database", 0, 0, G_OPTION_ARG_FILENAME, &options.database,
      "With --save: keep it in this database", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  int status = TD_CLI_WRONG_USAGE;
  if (td_cli_parse (argc, argv, entries,
                    "\nFILE is a video, or a table of joints that analyze --poses wrote, in which "
                    "the person stands straight for two\nseconds and then squats once, slowly and "
                    "as deep as it goes.\nPrints what was measured as JSON. analyze --calibrated "
                    "uses what --save kept.",
                    arguments, 1))
    {
      options.file = arguments[0];
      options.profile = td_cli_find_profile (exercise);
      if (options.profile == NULL)
        status = TD_CLI_BAD_INPUT;
      else if (options.database != NULL && !options.save)
        status = td_cli_fail (TD_CLI_WRONG_USAGE, "--database is of use only with --save.");
      else
        status = calibrate_file (&options);
    }
  g_free (options.model_folder);
  g_free (options.database);
  return status;
}
