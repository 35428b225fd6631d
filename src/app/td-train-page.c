/* td-train-page.c: the page in front of which one squats: picture, count, gauge, what to do now.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-train-page.h"

#include "td-count.h"
#include "td-done-view.h"
#include "td-gauge.h"
#include "td-guidance.h"
#include "td-history-words.h"
#include "td-rest-view.h"
#include "td-stage.h"
#include "td-tempo.h"
#include "td-validity-bar.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

/* Space between what lies on the picture and its edges. */
#define MARGIN 16
#define FEEDBACK_WIDTH 420
/* What stands in the middle between sets is no wider. */
#define BETWEEN_WIDTH 560
/* A window smaller than this has small text on the picture, and one narrower than that has icons for words. */
#define COMPACT_WIDTH 760
#define COMPACT_HEIGHT 600
#define ICONS_WIDTH 1000
/* On a window this large, which may well be a television across the room, text grows with it. */
#define LARGE_WIDTH 2400
#define LARGE_HEIGHT 1350
#define HUGE_WIDTH 3200
#define HUGE_HEIGHT 1800
/* So much room below the picture holds the gauge. */
#define ROOM_BELOW 220
/* Two lines about the last repetition, between picture and count of an upright window. */
#define FEEDBACK_HEIGHT 72
#define FEEDBACK_HEIGHT_COMPACT 52
/* An upright window leaves this share of itself to the picture; the count is smaller then. */
#define LEAST_PICTURE 5
/* Around plus and minus, beside the count. */
#define CORRECT_MARGIN 8
/* Of the panel, in style.css: left and right. */
#define PANEL_PADDING 12
/* How long the end of a calibration is told. */
#define CALIBRATED_US (5 * G_USEC_PER_SEC)
/* A set needs the line for its cues; that the picture is not recorded is said in the rest again. */
#define FILM_TOLD_US (10 * G_USEC_PER_SEC)

struct _TdTrainPage
{
  AdwBin parent_instance;

  TdTrainer *trainer;
  GSettings *settings;
  TdLatency *latency;
  gulong after_paint;
  GdkFrameClock *clock;
  char *said; /* the status line */
  char *cue;  /* for the last repetition; NULL: none */
  TdGuidance guidance;
  TdTempo tempo_now;
  gint64 film_us;       /* when it was first told that the picture is not recorded; 0: it is */
  gint64 calibrated_us; /* when a calibration was done */
  TdCalibrationStage calibration;
  guint n_ended;    /* sessions whose end was shown */
  gboolean summary; /* the end of a session is shown */
  gboolean had_session;
  gboolean choosing;
  gboolean showing_load; /* the spin button is being set, not the setting */
  gboolean mirror;
  gboolean imperial;
  gboolean compact;       /* the window is very narrow */
  gboolean upright;       /* it is higher than wide: nothing of a set lies on the picture */
  float zoom;             /* of what is on the picture */
  gboolean icons;         /* for words: the window is narrow */
  gboolean target_beside; /* the count shows the target */
  gboolean gauge_wanted;  /* there is a depth to show */
  gboolean between;       /* countdown or rest */

  GtkStack *view;
  GtkOverlay *overlay;
  TdStage *stage;
  TdGauge *gauge;
  GtkWidget *top;
  TdValidityBar *validity;
  GtkLabel *status;
  GtkWidget *panel;
  TdCount *count;
  GtkBox *correct;
  GtkLabel *tempo;
  GtkLabel *about;
  GtkWidget *feedback_box;
  GtkLabel *feedback;
  GtkButton *not_so;
  TdCount *countdown;
  TdRestView *rest;
  TdDoneView *done;
  GtkWidget *lost;
  GtkLabel *lost_text;
  GtkButton *lost_mend;
  GtkWidget *live_bar;
  GtkProgressBar *progress;
  GtkButton *pause;
  GtkButton *end_set;
  GtkButton *finish;
  GtkButton *discard;
  AdwStatusPage *nothing;
  GtkButton *mend;
  GtkWidget *setup;
  GtkDropDown *source;
  GtkButton *open;
  GtkFlowBox *plan;
  GtkWidget *exercise;
  GtkWidget *begin;
  GtkWidget *calibrate;
  GtkSpinButton *target;
  GtkSpinButton *sets;
  GtkSpinButton *load;
};

G_DEFINE_FINAL_TYPE (TdTrainPage, td_train_page, ADW_TYPE_BIN)

static gboolean
is_file (TdTrainPage *self)
{
  TdSourceItem *source = td_trainer_get_source (self->trainer);

  return source && td_source_item_get_kind (source) == TD_SOURCE_FILE;
}

/* --- What is said ------------------------------------------------------------------------- */

typedef enum
{
  SAID_PLAINLY,
  SAID_WRONG, /* something does not work */
  SAID_CUE    /* two or three words, to be read from four metres */
} Manner;

static void
set_class (gpointer widget, const char *class, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, class);
  else
    gtk_widget_remove_css_class (widget, class);
}

static void
set_status (TdTrainPage *self, const char *text, Manner manner)
{
  if (g_strcmp0 (self->said, text) == 0)
    return;
  g_free (self->said);
  self->said = g_strdup (text);
  gtk_label_set_label (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->status), text[0] != '\0');
  set_class (self->status, "wrong", manner == SAID_WRONG);
  set_class (self->status, "cue", manner == SAID_CUE);
}

static gboolean
just_calibrated (TdTrainPage *self)
{
  return self->calibrated_us != 0 && g_get_monotonic_time () - self->calibrated_us < CALIBRATED_US;
}

static void
say_in_session (TdTrainPage *self, const char *guidance)
{
  switch (td_trainer_get_flow (self->trainer))
    {
    case TD_FLOW_PAUSED:
      set_status (self, _ ("❚❚ Paused"), SAID_CUE);
      return;
    case TD_FLOW_REST:
      /* The rest's own view says what is next. */
      set_status (self, "", SAID_PLAINLY);
      return;
    case TD_FLOW_WAITING:
      set_status (self, guidance ? guidance : _ ("Walk into place"), SAID_PLAINLY);
      return;
    case TD_FLOW_OFF:
    case TD_FLOW_SET:
    default:
      if (guidance)
        set_status (self, guidance, SAID_PLAINLY);
      else if (self->cue)
        set_status (self, self->cue, SAID_CUE);
      else if (td_trainer_get_count (self->trainer) == 0 && !td_trainer_is_analysis (self->trainer))
        set_status (self, _ ("Squat when you are ready"), SAID_PLAINLY);
      else
        set_status (self, "", SAID_PLAINLY);
    }
}

/* What is wrong; NULL when all is well, or has been told long enough. */
static char *
trouble_words (TdTrainPage *self)
{
  const TdLiveUpdate *last = td_trainer_get_last (self->trainer);
  gboolean in_session = td_trainer_in_session (self->trainer);
  gint64 now_us = g_get_monotonic_time ();

  if (!last->film_detail[0])
    self->film_us = 0;
  else if (self->film_us == 0)
    self->film_us = now_us;
  if (self->film_us == 0 || now_us - self->film_us < FILM_TOLD_US
      || td_trainer_get_flow (self->trainer) != TD_FLOW_SET)
    return td_words_trouble (last, in_session);
  TdLiveUpdate but_the_film = *last;
  but_the_film.film_detail[0] = '\0';
  return td_words_trouble (&but_the_film, in_session);
}

/* The line at the top: what is wrong, else what to do, else the cue. */
static void
say_status (TdTrainPage *self)
{
  const TdLiveUpdate *last = td_trainer_get_last (self->trainer);
  g_autofree char *trouble = trouble_words (self);
  /* Nobody in a video can follow it. */
  const char *guidance
      = self->guidance.started && !is_file (self) ? td_guidance_text (self->guidance.shown) : NULL;
  g_autofree char *end = NULL;

  switch (td_trainer_get_state (self->trainer))
    {
    case TD_TRAINER_ENDED:
      /* The summary says it; without it the picture alone would be no answer. */
      if (!self->summary)
        end = td_words_end (last, td_set_log_count (td_trainer_get_log (self->trainer), 0),
                            td_set_log_attempts (td_trainer_get_log (self->trainer), 0));
      set_status (self, end ? end : "", trouble ? SAID_WRONG : SAID_PLAINLY);
      return;
    case TD_TRAINER_RUNNING:
      if (trouble)
        set_status (self, trouble, SAID_WRONG);
      else
        say_in_session (self, guidance);
      return;
    case TD_TRAINER_PREVIEW:
      if (trouble)
        set_status (self, trouble, SAID_WRONG);
      else if (self->summary)
        set_status (self, "", SAID_PLAINLY);
      else if (just_calibrated (self))
        set_status (self, _ ("✓ Measured: your own depth is on the gauge"), SAID_PLAINLY);
      else if (guidance)
        set_status (self, guidance, SAID_PLAINLY);
      else if (self->guidance.started)
        set_status (self, _ ("Ready: press Start, then squat"), SAID_PLAINLY);
      return;
    case TD_TRAINER_STARTING:
    case TD_TRAINER_LOOKING:
      set_status (self, _ ("Starting…"), SAID_PLAINLY);
      return;
    case TD_TRAINER_LOST:
    case TD_TRAINER_NO_CAMERA:
    case TD_TRAINER_FILE:
    case TD_TRAINER_FAILED:
      /* Said in the middle. */
      set_status (self, "", SAID_PLAINLY);
      return;
    }
}

static void
show_nothing (TdTrainPage *self, const char *icon, const char *title, const char *description,
              const char *button, const char *action)
{
  /* The description is Pango markup, a file's name is not. */
  g_autofree char *escaped = g_markup_escape_text (description, -1);

  adw_status_page_set_icon_name (self->nothing, icon);
  adw_status_page_set_title (self->nothing, title);
  adw_status_page_set_description (self->nothing, escaped);
  gtk_button_set_label (self->mend, button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->mend), action);
}

/* States with no picture. */
static gboolean
say_nothing (TdTrainPage *self)
{
  TdSourceItem *source = td_trainer_get_source (self->trainer);
  const TdLiveUpdate *last = td_trainer_get_last (self->trainer);
  g_autofree char *title = NULL;
  g_autofree char *what = NULL;

  switch (td_trainer_get_state (self->trainer))
    {
    case TD_TRAINER_NO_CAMERA:
      if (td_trainer_get_denied (self->trainer))
        {
          what = td_words_camera (TD_CAPTURE_DENIED, td_trainer_get_denied (self->trainer), "");
          show_nothing (self, "camera-disabled-symbolic", td_words_camera_title (TD_CAPTURE_DENIED),
                        what, _ ("Look Again"), "win.try-again");
          return TRUE;
        }
      show_nothing (self, "camera-web-symbolic", _ ("No Camera"),
                    td_trainer_looked_again (self->trainer)
                        ? _ ("Plug one in, or open a video. If your computer's camera service "
                             "has only just started, close Teardrop and open it again.")
                        : _ ("Plug one in, or open a video."),
                    _ ("Look Again"), "win.try-again");
      return TRUE;
    case TD_TRAINER_FILE:
      title = g_markup_escape_text (td_source_item_get_name (source), -1);
      show_nothing (self, "video-x-generic-symbolic", title,
                    _ ("Its repetitions are counted from the first picture on."), _ ("Start"),
                    "win.start-stop");
      return TRUE;
    case TD_TRAINER_FAILED:
      if (is_file (self))
        show_nothing (self, "dialog-warning-symbolic", _ ("This Video Cannot Be Counted"),
                      last->problem_detail, _ ("Open Another Video…"), "win.open");
      else if (last->problem == TD_LIVE_MODEL_PROBLEM)
        show_nothing (self, "dialog-warning-symbolic", _ ("The Pose Network Cannot Be Used"),
                      last->problem_detail, _ ("Try Again"), "win.try-again");
      else
        {
          what = td_words_camera (last->problem_reason, td_source_item_get_name (source),
                                  last->problem_detail);
          show_nothing (self,
                        last->problem_reason == TD_CAPTURE_DENIED ? "camera-disabled-symbolic"
                                                                  : "camera-web-symbolic",
                        td_words_camera_title (last->problem_reason), what, _ ("Try Again"),
                        "win.try-again");
        }
      return TRUE;
    default:
      return FALSE;
    }
}

/* "of 15 · Set 2 of 4 · 20 kg", with the repetitions to do where the count has no room for them. */
static void
say_about_set (TdTrainPage *self)
{
  g_autofree char *text = NULL;
  g_autofree char *set = NULL, *load = NULL;
  int target = td_trainer_get_target (self->trainer);

  self->target_beside = td_count_shows_target (self->count);
  if (!is_file (self))
    {
      g_autofree char *of = target > 0 && !self->target_beside
                                /* Translators: below the number of repetitions, "12" "of 15" */
                                ? g_strdup_printf (_ ("of %d"), target)
                                : NULL;
      set = td_words_set (MAX (td_trainer_get_set_number (self->trainer), 1),
                          td_trainer_get_target_sets (self->trainer));
      load = td_history_load ((float) td_trainer_get_load_kg (self->trainer), self->imperial);
      text = g_strconcat (of ? of : "", of ? " · " : "", set, " · ", load, NULL);
    }
  else
    text = g_strdup (td_source_item_get_name (td_trainer_get_source (self->trainer)));
  gtk_label_set_label (self->about, text);
}

/* The camera is gone: what is safe, and what to do. */
static void
say_lost (TdTrainPage *self)
{
  gboolean in_session = td_trainer_in_session (self->trainer);
  g_autofree char *text = td_words_trouble (td_trainer_get_last (self->trainer), in_session);

  gtk_label_set_label (self->lost_text, text ? text : "");
  gtk_button_set_label (self->lost_mend, in_session ? _ ("Finish") : _ ("Look Again"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->lost_mend),
                                  in_session ? "win.finish" : "win.try-again");
}

/* --- What is shown ------------------------------------------------------------------------ */

/* The mark of depth as knee flexion, for the bars; NAN when the exercise asks for another measure. */
static float
depth_limit (TdTrainPage *self)
{
  TdProfile profile = *td_trainer_get_profile (self->trainer);
  const TdCheck *depth = td_profile_check (&profile, "depth");

  return depth && depth->measure == TD_REP_KNEE_FLEXION_MAX ? depth->limit : NAN;
}

static void
label_button (GtkButton *button, gboolean icon, const char *icon_name, const char *label)
{
  if (icon)
    gtk_button_set_icon_name (button, icon_name);
  else
    gtk_button_set_label (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static void
label_live_bar (TdTrainPage *self)
{
  gboolean paused = td_trainer_get_flow (self->trainer) == TD_FLOW_PAUSED;
  gboolean file = is_file (self);

  label_button (self->pause, self->icons,
                paused ? "media-playback-start-symbolic" : "media-playback-pause-symbolic",
                paused ? _ ("Go On") : _ ("Pause"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->pause), paused
                                                             ? _ ("Go on counting (P)")
                                                             : _ ("Count nothing for a while (P)"));
  label_button (self->end_set, self->icons, "media-skip-forward-symbolic", _ ("End Set"));
  label_button (self->finish, self->icons && !file, "object-select-symbolic",
                file ? _ ("Stop") : _ ("Finish"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->finish),
                               file ? _ ("Stop; what was counted is kept (space)")
                                    : _ ("Finish the session (Ctrl+Enter)"));
  label_button (self->discard, self->icons, "user-trash-symbolic", _ ("Discard…"));
}

static void
show_rest (TdTrainPage *self)
{
  td_rest_view_set_set (
      self->rest, td_trainer_get_log (self->trainer), td_trainer_get_set_number (self->trainer),
      td_trainer_get_target_sets (self->trainer), td_trainer_get_rest_s (self->trainer));
  td_rest_view_set_limit (self->rest, depth_limit (self));
  td_rest_view_set_elapsed (self->rest,
                            (double) td_trainer_get_last (self->trainer)->flow_elapsed_s);
}

static void
show_summary (TdTrainPage *self)
{
  const TdSetLog *log = td_trainer_get_log (self->trainer);
  const TdLiveUpdate *last = td_trainer_get_last (self->trainer);
  int count = td_set_log_count (log, 0), attempts = td_set_log_attempts (log, 0);
  g_autofree char *end = td_words_end (last, count, attempts);

  td_done_view_set_session (self->done, log, end,
                            count + attempts > 0 && last->saving != TD_LIVE_SAVING_OFF);
  td_done_view_set_limit (self->done, depth_limit (self));
}

static void
end_summary (TdTrainPage *self)
{
  self->summary = FALSE;
}

/* A session has ended since the last look: its summary comes. */
static void
notice_end (TdTrainPage *self)
{
  const TdSetLog *log = td_trainer_get_log (self->trainer);
  guint n_ended = td_trainer_get_n_ended (self->trainer);

  if (td_trainer_in_session (self->trainer))
    end_summary (self);
  if (n_ended == self->n_ended)
    return;
  self->n_ended = n_ended;
  gboolean any = td_set_log_count (log, 0) + td_set_log_attempts (log, 0) > 0;
  self->summary = !td_trainer_in_session (self->trainer)
                  && !td_trainer_was_discarded (self->trainer)
                  && (any || td_trainer_get_state (self->trainer) == TD_TRAINER_ENDED);
  if (self->summary)
    show_summary (self);
}

static void
select_source (TdTrainPage *self)
{
  GListModel *sources = td_trainer_get_sources (self->trainer);
  guint n = g_list_model_get_n_items (sources);

  self->choosing = TRUE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TdSourceItem) item = g_list_model_get_item (sources, i);
      if (td_source_item_equal (item, td_trainer_get_source (self->trainer)))
        gtk_drop_down_set_selected (self->source, i);
    }
  self->choosing = FALSE;
}

static void
forget_repetition (TdTrainPage *self)
{
  g_clear_pointer (&self->cue, g_free);
  gtk_widget_set_visible (self->feedback_box, FALSE);
}

/* What depends on the window's shape as well. */
static void
show_for_shape (TdTrainPage *self)
{
  /* In an upright window the gauge would lie behind the countdown and the rest. */
  gtk_widget_set_visible (GTK_WIDGET (self->gauge),
                          self->gauge_wanted && !(self->upright && self->between));
  /* Where there is no room for it, minus and plus do the same. */
  gtk_widget_set_visible (GTK_WIDGET (self->not_so), !is_file (self) && !self->compact);
}

static void
on_changed (TdTrainPage *self)
{
  TdTrainerState state = td_trainer_get_state (self->trainer);
  TdFlowState flow = td_trainer_get_flow (self->trainer);
  TdSourceItem *source = td_trainer_get_source (self->trainer);
  gboolean in_session = td_trainer_in_session (self->trainer);
  gboolean lost = state == TD_TRAINER_LOST;
  gboolean analysis = td_trainer_is_analysis (self->trainer);
  gboolean live = state == TD_TRAINER_RUNNING || state == TD_TRAINER_PREVIEW;

  notice_end (self);
  gboolean nothing = say_nothing (self) && !self->summary;
  gtk_stack_set_visible_child_name (self->view, nothing ? "nothing" : "stage");
  if (nothing || state == TD_TRAINER_LOOKING)
    td_stage_clear (self->stage);
  td_stage_set_stale (self->stage, lost || self->summary);
  self->mirror = source && td_source_item_get_kind (source) == TD_SOURCE_CAMERA
                 && g_settings_get_boolean (self->settings, "mirror");
  td_stage_set_mirror (self->stage, self->mirror);
  if (!live)
    {
      td_gauge_set_measures (self->gauge, NULL);
      td_guidance_init (&self->guidance);
      td_tempo_init (&self->tempo_now);
    }
  td_gauge_set_profile (self->gauge, td_trainer_get_profile (self->trainer));

  /* A session needs the room, and none of this can change in it; when the camera is gone it says
   * what else there is. */
  gtk_widget_set_visible (self->setup, !in_session || lost);
  gtk_widget_set_visible (GTK_WIDGET (self->plan), !in_session && !is_file (self));
  gtk_widget_set_visible (self->exercise, !in_session);
  gtk_widget_set_visible (self->begin, !in_session);
  gtk_widget_set_visible (self->calibrate, !is_file (self));
  /* A file has no plan: what is left fits into one row, of a camera there are two. */
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->setup), is_file (self) ? 3 : 2);
  gtk_widget_set_sensitive (GTK_WIDGET (self->source), !in_session);

  gboolean in_set = in_session && !lost && (flow == TD_FLOW_SET || flow == TD_FLOW_PAUSED);
  /* Of a lost camera the message tells the count. */
  gtk_widget_set_visible (self->panel, in_set);
  gtk_widget_set_visible (GTK_WIDGET (self->correct), in_set && !is_file (self));
  gtk_widget_set_visible (GTK_WIDGET (self->tempo), in_set && !analysis);
  self->gauge_wanted = state != TD_TRAINER_LOOKING && !self->summary && !lost;
  self->between = in_session && !in_set;
  show_for_shape (self);
  gtk_widget_set_visible (GTK_WIDGET (self->validity), live && !self->summary);
  td_count_set_target (self->count, is_file (self) ? 0 : td_trainer_get_target (self->trainer));
  td_count_set_value (self->count, td_trainer_get_count (self->trainer));
  if (!in_set)
    forget_repetition (self);
  say_about_set (self);

  gtk_widget_set_visible (GTK_WIDGET (self->rest), in_session && !lost && flow == TD_FLOW_REST);
  if (in_session && flow == TD_FLOW_REST)
    show_rest (self);
  gtk_widget_set_visible (GTK_WIDGET (self->done), self->summary);
  gtk_widget_set_visible (self->lost, lost);
  if (lost)
    say_lost (self);

  gtk_widget_set_visible (self->live_bar, in_session && !lost);
  gtk_widget_set_visible (GTK_WIDGET (self->pause), !is_file (self));
  gtk_widget_set_visible (GTK_WIDGET (self->end_set), flow == TD_FLOW_SET && !is_file (self));
  gtk_widget_set_visible (GTK_WIDGET (self->finish), flow != TD_FLOW_REST);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), analysis);
  label_live_bar (self);
  /* What had the keyboard may be gone now; the keys of a session are this page's. */
  if (in_session != self->had_session && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self));
  self->had_session = in_session;
  if (flow != TD_FLOW_WAITING)
    gtk_widget_set_visible (GTK_WIDGET (self->countdown), FALSE);
  say_status (self);
  select_source (self);
}

static void
follow_calibration (TdTrainPage *self, const TdLiveUpdate *update)
{
  if (self->calibration != TD_CALIBRATION_DONE && update->calibration_stage == TD_CALIBRATION_DONE)
    self->calibrated_us = g_get_monotonic_time ();
  self->calibration = update->calibration_stage;
  td_gauge_set_contact (self->gauge,
                        update->calibration.range_known ? update->calibration.contact_deg : NAN);
}

static void
show_picture (TdTrainPage *self, TdLiveUpdate *update)
{
  /* The texture keeps a reference to the engine's own buffer: nothing is copied. */
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (
      update->width, update->height, GDK_MEMORY_B8G8R8, update->pixels, (gsize) update->stride);
  g_autofree char *tempo = NULL;

  td_stage_set_picture (self->stage, texture, update->preview_scale, &update->pose);
  td_stage_set_measures (self->stage, &update->measures);
  td_gauge_set_measures (self->gauge, &update->measures);
  td_validity_bar_push (self->validity, &update->measures, update->pose.time_ns);
  td_guidance_push (&self->guidance, update, td_trainer_get_profile (self->trainer));
  td_tempo_push (&self->tempo_now, update->phase, update->pose.time_ns);
  tempo = td_tempo_text (&self->tempo_now);
  gtk_label_set_label (self->tempo, tempo);
  if (self->target_beside != td_count_shows_target (self->count))
    say_about_set (self);
  if (self->latency)
    td_latency_picture (self->latency, update->duration_s > 0 ? 0 : update->pose.time_ns,
                        update->arrived_ns);
}

/* What was measured of the newest repetition, and the one thing to do better. */
static void
say_repetition (TdTrainPage *self, const TdRep *newest)
{
  const TdProfile *profile = td_trainer_get_profile (self->trainer);
  TdRep rep = *newest;

  /* After a correction the number is the user's. */
  if (rep.counted)
    rep.number = MAX (td_trainer_get_count (self->trainer), 1);

  /* Its cue stands alone, large. */
  g_autofree char *text = td_words_feedback (&rep, rep.counted ? NULL : profile);
  g_autofree char *advice = td_words_advice (&rep, profile);
  g_free (self->cue);
  self->cue = td_words_cue (&rep, profile);
  gtk_label_set_label (self->feedback, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->feedback), advice);
  gtk_button_set_label (self->not_so, rep.counted ? _ ("Not One") : _ ("It Was One"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->not_so), rep.counted
                                                              ? _ ("That was not a repetition")
                                                              : _ ("That was a repetition"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->not_so),
                                  rep.counted ? "win.count-minus" : "win.count-plus");
  gtk_widget_set_visible (self->feedback_box, gtk_widget_get_visible (self->panel));
}

static void
show_flow (TdTrainPage *self, const TdLiveUpdate *update)
{
  TdFlowState flow = td_trainer_get_flow (self->trainer);
  gboolean counts_down = flow == TD_FLOW_WAITING && update->flow_left_s > 0;

  if (flow == TD_FLOW_REST)
    td_rest_view_set_elapsed (self->rest, (double) update->flow_elapsed_s);
  gtk_widget_set_visible (GTK_WIDGET (self->countdown), counts_down);
  if (counts_down)
    td_count_set_value (self->countdown, (int) ceilf (update->flow_left_s));
  if (update->duration_s > 0)
    {
      double share = CLAMP (update->position_s / update->duration_s, 0, 1);
      g_autofree char *text = g_strdup_printf (_ ("Analysing: %.0f %%"), share * 100);
      gtk_progress_bar_set_fraction (self->progress, share);
      gtk_progress_bar_set_text (self->progress, text);
    }
}

static void
on_updated (TdTrainPage *self, TdLiveUpdate *update)
{
  if (update->pixels && update->width > 0 && update->height > 0)
    show_picture (self, update);
  follow_calibration (self, update);
  td_count_set_value (self->count, td_trainer_get_count (self->trainer));
  if (update->n_reps > 0)
    say_repetition (self, &update->reps[update->n_reps - 1]);
  show_flow (self, update);
  if (update->pixels)
    say_status (self);
}

/* --- Layout over the picture -------------------------------------------------------------- */

/* The room on and below the picture. */
typedef struct
{
  int width, height;
  int third;      /* of the window's height: how high the count is to be */
  gboolean below; /* the gauge stands below the picture, not on it */
  int picture_height;
  int gauge_width;
  int correct_width;
} Room;

static int
natural_size (gpointer widget, GtkOrientation orientation, int for_size)
{
  int natural = 0;

  if (gtk_widget_get_visible (widget))
    gtk_widget_measure (widget, orientation, for_size, NULL, &natural, NULL, NULL);
  return natural;
}

static Room
room_of (TdTrainPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  Room room = { .width = gtk_widget_get_width (GTK_WIDGET (self->overlay)),
                .height = gtk_widget_get_height (GTK_WIDGET (self->overlay)),
                .third = gtk_widget_get_height (GTK_WIDGET (root)) / 3 };

  room.picture_height = td_stage_picture_height (self->stage, room.width, room.height);
  room.gauge_width = natural_size (self->gauge, GTK_ORIENTATION_HORIZONTAL, -1);
  room.correct_width = natural_size (self->correct, GTK_ORIENTATION_HORIZONTAL, -1);
  room.below
      = self->upright && room.picture_height > 0 && room.height - room.picture_height >= ROOM_BELOW;
  return room;
}

static GdkRectangle
centred (const Room *room, GtkWidget *child, int most, int beside)
{
  int minimum = 0, width, height;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &width, NULL, NULL);
  int free = MAX (room->width - beside - 2 * MARGIN, minimum);
  width = MIN (most > 0 ? most : width, free);
  height = MIN (natural_size (child, GTK_ORIENTATION_VERTICAL, width), room->height);
  return (GdkRectangle){ (room->width - beside - width) / 2, (room->height - height) / 2, width,
                         height };
}

/* A set in an upright window, from top to bottom: picture and gauge, the last repetition, count,
 * buttons. */
static GdkRectangle
place_upright (TdTrainPage *self, const Room *room, GtkWidget *child)
{
  const int pad = MARGIN / 2;
  const int wide = MAX (room->width - 2 * pad, 1);
  const int beside_gauge = MAX (wide - room->gauge_width - pad, 1);
  int top_height = natural_size (self->top, GTK_ORIENTATION_VERTICAL, beside_gauge);
  int feedback_height
      = MAX (self->compact ? FEEDBACK_HEIGHT_COMPACT : (int) (FEEDBACK_HEIGHT * self->zoom),
             natural_size (self->feedback_box, GTK_ORIENTATION_VERTICAL, wide));
  int correct_height = natural_size (self->correct, GTK_ORIENTATION_VERTICAL, -1);
  int bar_width = natural_size (self->live_bar, GTK_ORIENTATION_HORIZONTAL, -1);
  int bar_height = natural_size (self->live_bar, GTK_ORIENTATION_VERTICAL, bar_width);
  int bar_top = room->height - pad - MAX (correct_height, bar_height);

  /* All that the panel holds besides the count, whatever size that has now. */
  int words = natural_size (self->panel, GTK_ORIENTATION_VERTICAL, wide)
              - natural_size (self->count, GTK_ORIENTATION_VERTICAL, -1);
  int shared = bar_top - feedback_height - 3 * pad - words;
  double most
      = (shared - MAX (room->height / LEAST_PICTURE, top_height + 2 * pad)) / TD_COUNT_HEIGHT;
  td_count_set_size (self->count, MAX (MIN (room->third, (int) most), 40), wide - 2 * pad);
  int count_height = natural_size (self->count, GTK_ORIENTATION_VERTICAL, -1);
  int panel_height = words + count_height, picture_height = MAX (shared - count_height, 1);
  int panel_top = bar_top - pad - panel_height;
  td_stage_set_room (self->stage, MAX (room->width - room->gauge_width - 2 * pad, 1),
                     picture_height);

  if (child == GTK_WIDGET (self->gauge))
    return (GdkRectangle){ room->width - pad - room->gauge_width, pad, room->gauge_width,
                           MAX (picture_height - pad, 1) };
  if (child == self->top)
    return (GdkRectangle){ pad, pad, beside_gauge, top_height };
  if (child == self->feedback_box)
    {
      int needed = natural_size (child, GTK_ORIENTATION_VERTICAL, wide);
      return (GdkRectangle){ pad, panel_top - pad - needed, wide, needed };
    }
  if (child == self->panel)
    return (GdkRectangle){ pad, panel_top, wide, panel_height };
  if (child == GTK_WIDGET (self->correct))
    return (GdkRectangle){ pad, bar_top, room->correct_width, correct_height };
  bar_width = MIN (bar_width, wide - room->correct_width - pad);
  return (GdkRectangle){ room->width - pad - bar_width, bar_top, bar_width, bar_height };
}

/* The gauge beside the picture, count and buttons on it. */
static GdkRectangle
place_on_picture (TdTrainPage *self, const Room *room, GtkWidget *child)
{
  int bottom = room->height - MARGIN;
  int beside = room->gauge_width > 0 ? room->gauge_width + MARGIN : 0;
  int right = room->width - MARGIN - (room->below ? 0 : beside);
  int correct = room->correct_width > 0 ? room->correct_width + 2 * CORRECT_MARGIN : 0;
  int bar_width = MIN (natural_size (self->live_bar, GTK_ORIENTATION_HORIZONTAL, -1),
                       room->width - 2 * MARGIN);
  int bar_height = natural_size (self->live_bar, GTK_ORIENTATION_VERTICAL, bar_width);
  int bar_left = MAX (right - bar_width, MARGIN);
  int top_height = natural_size (self->top, GTK_ORIENTATION_VERTICAL, MAX (right - MARGIN, 1));

  td_stage_set_room (self->stage, room->width, room->below ? room->picture_height : room->height);
  /* The count leaves the person alone, if that leaves it a third. */
  int most
      = MAX (room->width * 2 / 5 - correct, MIN (td_count_least_width (self->count, room->third),
                                                 right - MARGIN - PANEL_PADDING - correct));
  td_count_set_size (self->count, room->third, MAX (most, 48));

  /* Its words take two lines rather than the room of the buttons; if it is too wide itself, it stands
   * above them. */
  int count_width
      = natural_size (self->count, GTK_ORIENTATION_HORIZONTAL, -1) + PANEL_PADDING + correct;
  int free = bar_left - MARGIN / 2 - MARGIN;
  int panel_width = natural_size (self->panel, GTK_ORIENTATION_HORIZONTAL, -1);
  panel_width = MAX (count_width, bar_width > 0 ? MIN (panel_width, free) : panel_width);
  int panel_height = natural_size (self->panel, GTK_ORIENTATION_VERTICAL, panel_width);
  int panel_top = bottom - panel_height;
  if (bar_width > 0 && panel_width > free)
    panel_top -= bar_height + MARGIN / 2;

  if (child == GTK_WIDGET (self->gauge))
    {
      int top = room->below ? room->picture_height + MARGIN / 2 : MARGIN;
      /* Below the picture, the buttons are below it, too. */
      int end = room->below && bar_height > 0 ? bottom - bar_height - MARGIN / 2 : bottom;
      return (GdkRectangle){ room->width - MARGIN - room->gauge_width, top, room->gauge_width,
                             MAX (end - top, 1) };
    }
  if (child == self->top)
    return (GdkRectangle){ MARGIN, MARGIN, MAX (right - MARGIN, 1), top_height };
  if (child == self->panel)
    return (GdkRectangle){ MARGIN, panel_top, panel_width, panel_height };
  if (child == GTK_WIDGET (self->correct))
    {
      int high = natural_size (child, GTK_ORIENTATION_VERTICAL, -1);
      int middle = natural_size (self->count, GTK_ORIENTATION_VERTICAL, -1) / 2;
      return (GdkRectangle){ MARGIN + panel_width - CORRECT_MARGIN - room->correct_width,
                             panel_top + MAX (middle - high / 2, CORRECT_MARGIN),
                             room->correct_width, high };
    }
  if (child == self->feedback_box)
    {
      int minimum = 0, wide = right - MARGIN;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      int most_wide = MIN (natural_size (child, GTK_ORIENTATION_HORIZONTAL, -1),
                           (int) (FEEDBACK_WIDTH * self->zoom));
      wide = MAX (MIN (wide, MAX (panel_width, most_wide)), minimum);
      int high = natural_size (child, GTK_ORIENTATION_VERTICAL, wide);
      int y = panel_top - MARGIN / 2 - high;
      if (y >= MARGIN + top_height)
        return (GdkRectangle){ MARGIN, y, wide, high };
      /* In a low window it would cover what to do: beside the count then, above the buttons. */
      int x = MARGIN + panel_width + MARGIN / 2;
      wide = MAX (MIN (wide, right - x), minimum);
      high = natural_size (child, GTK_ORIENTATION_VERTICAL, wide);
      return (GdkRectangle){ x, bottom - bar_height - MARGIN / 2 - high, wide, high };
    }
  return (GdkRectangle){ bar_left, bottom - bar_height, bar_width, bar_height };
}

static gboolean
on_get_child_position (GtkOverlay *overlay, GtkWidget *child, GdkRectangle *place, gpointer data)
{
  TdTrainPage *self = data;

  (void) overlay;
  if (!gtk_widget_get_root (GTK_WIDGET (self)))
    return FALSE;

  Room room = room_of (self);
  int beside = room.gauge_width > 0 && !room.below ? room.gauge_width + MARGIN : 0;

  td_count_set_size (self->countdown, room.third, room.width - 2 * MARGIN);
  if (child == GTK_WIDGET (self->countdown))
    *place = centred (&room, child, 0, 0);
  else if (child == GTK_WIDGET (self->rest) || child == GTK_WIDGET (self->done)
           || child == self->lost)
    *place = centred (&room, child, (int) (BETWEEN_WIDTH * self->zoom), beside);
  else if (self->upright && gtk_widget_get_visible (self->panel))
    *place = place_upright (self, &room, child);
  else
    *place = place_on_picture (self, &room, child);
  return TRUE;
}

/* --- Choosing ----------------------------------------------------------------------------- */

static void
on_source_selected (TdTrainPage *self)
{
  TdSourceItem *item = gtk_drop_down_get_selected_item (self->source);

  if (item && !self->choosing)
    td_trainer_select_source (self->trainer, item);
}

/* Nothing asked for is a dash. */
static gboolean
on_output_number (GtkSpinButton *spin)
{
  int value = gtk_spin_button_get_value_as_int (spin);
  g_autofree char *text = value > 0 ? g_strdup_printf ("%d", value) : g_strdup ("–");

  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static gboolean
on_output_load (GtkSpinButton *spin, gpointer data)
{
  TdTrainPage *self = data;
  double shown = gtk_spin_button_get_value (spin);
  g_autofree char *text = g_strdup_printf ("%.*f %s", fabs (shown - round (shown)) < 0.05 ? 0 : 1,
                                           shown, self->imperial ? _ ("lb") : _ ("kg"));

  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

/* The number at the start of what stands there, with either decimal sign; a dash is 0. */
static int
on_input_number (GtkSpinButton *spin, double *value)
{
  *value = g_strtod (gtk_editable_get_text (GTK_EDITABLE (spin)), NULL);
  return TRUE;
}

static void
on_load (TdTrainPage *self)
{
  if (!self->showing_load)
    {
      double kg = td_history_load_to_kg (gtk_spin_button_get_value (self->load), self->imperial);
      g_settings_set_double (self->settings, "load-kg", CLAMP (kg, 0, 500));
    }
}

/* The user's units may have changed, or the load elsewhere. */
static void
show_load (TdTrainPage *self)
{
  double kg = g_settings_get_double (self->settings, "load-kg");

  self->imperial = td_history_imperial (self->settings);
  self->showing_load = TRUE;
  gtk_spin_button_set_range (self->load, 0, floor (td_history_load_from_kg (500, self->imperial)));
  gtk_spin_button_set_increments (self->load, self->imperial ? 5 : 2.5, self->imperial ? 25 : 10);
  gtk_spin_button_set_digits (self->load, 1);
  gtk_spin_button_set_value (self->load, td_history_load_from_kg (kg, self->imperial));
  gtk_spin_button_update (self->load);
  self->showing_load = FALSE;
  say_about_set (self);
}

static void
close_summary (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdTrainPage *self = TD_TRAIN_PAGE (widget);

  (void) name;
  (void) parameter;
  end_summary (self);
  on_changed (self);
  gtk_widget_grab_focus (widget);
}

static void
rest_longer (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  td_trainer_rest_longer (TD_TRAIN_PAGE (widget)->trainer, 30);
}

static void
on_after_paint (GdkFrameClock *clock, gpointer data)
{
  TdTrainPage *self = data;

  (void) clock;
  td_latency_painted (self->latency, g_get_monotonic_time () * 1000);
}

/* Smaller text in a narrow window, or it would cover the person, and larger in a large one. */
static void
on_layout (TdTrainPage *self, int width, int height)
{
  gboolean huge = width >= HUGE_WIDTH && height >= HUGE_HEIGHT;
  gboolean compact = width < COMPACT_WIDTH || height < COMPACT_HEIGHT;
  gboolean large = !huge && width >= LARGE_WIDTH && height >= LARGE_HEIGHT;

  self->upright = height > width;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->correct), self->upright
                                                                      ? GTK_ORIENTATION_HORIZONTAL
                                                                      : GTK_ORIENTATION_VERTICAL);
  /* Plus and minus stand beside it, or below. */
  gtk_widget_set_halign (GTK_WIDGET (self->count),
                         self->upright ? GTK_ALIGN_CENTER : GTK_ALIGN_START);
  set_class (self->correct, "scrim", self->upright);
  set_class (self->correct, "live-bar", self->upright);
  self->zoom = huge ? 2 : large ? 1.5f : 1;
  set_class (self, "large", large);
  set_class (self, "huge", huge);
  if (self->compact != compact)
    {
      self->compact = compact;
      set_class (self, "compact", self->compact);
      if (self->compact)
        gtk_button_set_icon_name (self->open, "document-open-symbolic");
      else
        gtk_button_set_label (self->open, _ ("Open a Video…"));
      td_gauge_set_names (self->gauge, !self->compact);
      /* Or it would ask for the height of two lines where there is one. */
      gtk_flow_box_set_min_children_per_line (self->plan, self->compact ? 2 : 3);
    }
  show_for_shape (self);
  if (self->icons == (width < ICONS_WIDTH))
    return;
  self->icons = width < ICONS_WIDTH;
  label_live_bar (self);
}

static void
td_train_page_realize (GtkWidget *widget)
{
  TdTrainPage *self = TD_TRAIN_PAGE (widget);

  GTK_WIDGET_CLASS (td_train_page_parent_class)->realize (widget);
  g_signal_connect_object (gtk_native_get_surface (gtk_widget_get_native (widget)), "layout",
                           G_CALLBACK (on_layout), self, G_CONNECT_SWAPPED);
  if (self->latency)
    {
      self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
      self->after_paint
          = g_signal_connect (self->clock, "after-paint", G_CALLBACK (on_after_paint), self);
    }
}

static void
td_train_page_unrealize (GtkWidget *widget)
{
  TdTrainPage *self = TD_TRAIN_PAGE (widget);

  if (self->clock)
    g_clear_signal_handler (&self->after_paint, self->clock);
  g_clear_object (&self->clock);
  GTK_WIDGET_CLASS (td_train_page_parent_class)->unrealize (widget);
}

/* The picture takes the keyboard first, where the space key means the next step. */
static gboolean
td_train_page_grab_focus (GtkWidget *widget)
{
  TdTrainPage *self = TD_TRAIN_PAGE (widget);

  /* Not when it is hidden behind a message, whose button would never get the keyboard. */
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->view), "stage") == 0
         && gtk_widget_grab_focus (GTK_WIDGET (self->stage));
}

/* From control to control: by itself GTK would try the page first, which gives the keyboard to the picture; Tab
 * would skip what lies before that, and Shift+Tab never get past it. */
static gboolean
td_train_page_focus (GtkWidget *widget, GtkDirectionType direction)
{
  GtkWidget *child = adw_bin_get_child (ADW_BIN (widget));

  return child && gtk_widget_child_focus (child, direction);
}

void
td_train_page_set_trainer (TdTrainPage *self, TdTrainer *trainer, GSettings *settings,
                           TdLatency *latency)
{
  g_return_if_fail (TD_IS_TRAIN_PAGE (self));
  g_return_if_fail (self->trainer == NULL);

  self->trainer = g_object_ref (trainer);
  self->settings = g_object_ref (settings);
  self->latency = latency;
  self->n_ended = td_trainer_get_n_ended (trainer);
  /* A window opens no smaller than its page asks for: the smallest until its size is known. */
  on_layout (self, 1, 1);
  g_signal_connect_object (trainer, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (trainer, "updated", G_CALLBACK (on_updated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::mirror", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  g_settings_bind (settings, "target-reps", self->target, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "target-sets", self->sets, "value", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (settings, "changed::units", G_CALLBACK (show_load), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::load-kg", G_CALLBACK (show_load), self,
                           G_CONNECT_SWAPPED);
  self->choosing = TRUE;
  gtk_drop_down_set_model (self->source, td_trainer_get_sources (trainer));
  self->choosing = FALSE;
  g_signal_connect_object (self->source, "notify::selected-item", G_CALLBACK (on_source_selected),
                           self, G_CONNECT_SWAPPED);
  on_changed (self);
  show_load (self);
}

static void
td_train_page_dispose (GObject *object)
{
  TdTrainPage *self = TD_TRAIN_PAGE (object);

  g_clear_object (&self->trainer);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->said, g_free);
  g_clear_pointer (&self->cue, g_free);
  G_OBJECT_CLASS (td_train_page_parent_class)->dispose (object);
}

static void
td_train_page_class_init (TdTrainPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_train_page_dispose;
  widget_class->grab_focus = td_train_page_grab_focus;
  widget_class->focus = td_train_page_focus;
  widget_class->realize = td_train_page_realize;
  widget_class->unrealize = td_train_page_unrealize;

  g_type_ensure (TD_TYPE_STAGE);
  g_type_ensure (TD_TYPE_COUNT);
  g_type_ensure (TD_TYPE_GAUGE);
  g_type_ensure (TD_TYPE_VALIDITY_BAR);
  g_type_ensure (TD_TYPE_REST_VIEW);
  g_type_ensure (TD_TYPE_DONE_VIEW);
  g_type_ensure (TD_TYPE_SOURCE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-train-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, view);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, overlay);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, stage);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, gauge);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, top);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, validity);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, status);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, panel);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, count);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, correct);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, tempo);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, about);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, feedback_box);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, feedback);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, not_so);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, countdown);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, rest);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, done);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, lost);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, lost_text);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, lost_mend);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, live_bar);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, progress);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, pause);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, end_set);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, finish);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, discard);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, nothing);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, mend);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, setup);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, source);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, open);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, plan);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, target);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, sets);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, load);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, exercise);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, begin);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, calibrate);
  gtk_widget_class_bind_template_callback (widget_class, on_get_child_position);
  gtk_widget_class_bind_template_callback (widget_class, on_output_number);
  gtk_widget_class_bind_template_callback (widget_class, on_output_load);
  gtk_widget_class_bind_template_callback (widget_class, on_input_number);
  gtk_widget_class_bind_template_callback (widget_class, on_load);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_space, 0, "win.start-stop", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Space, 0, "win.start-stop", NULL);
  gtk_widget_class_install_action (widget_class, "train.close-summary", NULL, close_summary);
  gtk_widget_class_install_action (widget_class, "train.rest-longer", NULL, rest_longer);
}

static void
td_train_page_init (TdTrainPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->zoom = 1;
  td_guidance_init (&self->guidance);
  td_tempo_init (&self->tempo_now);
  td_count_set_seconds (self->countdown, TRUE);
  /* GTK 4.8 does not hand the drop-down's name on to the button inside of it. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->source))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Camera or video"), -1);
}
