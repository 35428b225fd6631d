/* td-calibrate.c: measures the person: the live picture, what to do now, and how far it is.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-calibrate.h"

#include "td-guidance.h"
#include "td-stage.h"

#include <glib/gi18n.h>

struct _TdCalibrate
{
  AdwBin parent_instance;

  TdTrainer *trainer;
  GSettings *settings;
  gboolean asked; /* by this widget */
  gboolean began; /* and the engine has heard of it */
  gboolean done;
  TdCalibration result;

  GtkStack *picture;
  TdStage *stage;
  GtkLabel *what;
  GtkLabel *hint;
  GtkProgressBar *progress;
  GtkButton *begin;
};

G_DEFINE_FINAL_TYPE (TdCalibrate, td_calibrate, ADW_TYPE_BIN)

static void
set_text (GtkLabel *label, const char *text)
{
  /* A screen reader says a label anew only when it changes. */
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

static char *
result_words (const TdCalibration *result)
{
  if (!result->range_known)
    return g_strdup (_ ("The length of your legs is known now."));
  if (result->contact_deg == result->contact_deg)
    return g_strdup_printf (_ ("Your hamstrings touch your calves at %.0f°."),
                            (double) result->contact_deg);
  return g_strdup_printf (_ ("Your deepest is %.0f°."), (double) result->flexion_max_deg);
}

/* POSE: what was seen now; may be NULL. */
static void
show (TdCalibrate *self, const TdPose *pose)
{
  const TdLiveUpdate *last = td_trainer_get_last (self->trainer);
  gboolean watching = td_trainer_get_state (self->trainer) == TD_TRAINER_PREVIEW;
  const char *seen = pose ? td_guidance_text (td_guidance_of_pose (pose)) : NULL;
  g_autofree char *guidance = g_strdup (seen);
  g_autofree char *hint = NULL;
  const char *what;
  double share = 0;

  if (!watching)
    {
      what = _ ("This needs a camera");
      hint = g_strdup (_ ("Plug one in, or choose it on the training page."));
    }
  else if (self->done)
    {
      what = _ ("Done");
      hint = result_words (&self->result);
      share = 1;
    }
  else if (!self->began)
    {
      what = _ ("Stand where your whole body is in the picture");
      hint = guidance ? g_steal_pointer (&guidance)
                      : g_strdup (_ ("Then press Begin and follow what is written here."));
    }
  else if (last->calibration_stage == TD_CALIBRATION_DEEP)
    {
      what = _ ("Now one slow squat, as deep as you can");
      hint = guidance ? g_steal_pointer (&guidance) : g_strdup (_ ("And up again."));
      share = 0.5;
    }
  else
    {
      what = _ ("Stand straight and still");
      hint = guidance ? g_steal_pointer (&guidance) : g_strdup (_ ("For two seconds."));
      share = (double) last->calibration_progress / 2;
    }

  set_text (self->what, what);
  set_text (self->hint, hint);
  gtk_progress_bar_set_fraction (self->progress, share);
  gtk_widget_set_sensitive (GTK_WIDGET (self->begin), watching);
  gtk_button_set_label (self->begin, self->began || self->done ? _ ("Start Over") : _ ("Begin"));
  gtk_stack_set_visible_child_name (self->picture, watching ? "live" : "none");
  if (!watching)
    td_stage_clear (self->stage);
}

static void
on_begin (TdCalibrate *self)
{
  self->asked = TRUE;
  self->began = self->done = FALSE;
  td_trainer_begin_calibration (self->trainer);
}

/* Nobody would see any more how far it is, nor mean the next squat as the deepest. */
static void
on_unmap (TdCalibrate *self)
{
  if (self->asked)
    td_trainer_cancel_calibration (self->trainer);
  self->asked = self->began = FALSE;
}

static void
on_updated (TdCalibrate *self, const TdLiveUpdate *update)
{
  TdCalibrationStage stage = update->calibration_stage;

  /* An update from before the engine heard of it still tells of an earlier calibration. */
  if (self->asked && (stage == TD_CALIBRATION_STAND || stage == TD_CALIBRATION_DEEP))
    self->began = TRUE;
  if (self->began && stage == TD_CALIBRATION_DONE)
    {
      self->asked = self->began = FALSE;
      self->done = TRUE;
      self->result = update->calibration;
    }

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || !update->pixels)
    return;
  /* The texture keeps a reference to the engine's own buffer: nothing is copied. */
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (
      update->width, update->height, GDK_MEMORY_B8G8R8, update->pixels, (gsize) update->stride);
  td_stage_set_picture (self->stage, texture, update->preview_scale, &update->pose);
  td_stage_set_mirror (self->stage, g_settings_get_boolean (self->settings, "mirror"));
  show (self, &update->pose);
}

static void
on_changed (TdCalibrate *self)
{
  if (td_trainer_get_state (self->trainer) != TD_TRAINER_PREVIEW)
    self->asked = self->began = FALSE;
  show (self, NULL);
}

void
td_calibrate_set_trainer (TdCalibrate *self, TdTrainer *trainer, GSettings *settings)
{
  g_return_if_fail (TD_IS_CALIBRATE (self));
  g_return_if_fail (self->trainer == NULL);

  self->trainer = g_object_ref (trainer);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (trainer, "updated", G_CALLBACK (on_updated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (trainer, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  show (self, NULL);
}

static void
td_calibrate_dispose (GObject *object)
{
  TdCalibrate *self = TD_CALIBRATE (object);

  g_clear_object (&self->trainer);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (td_calibrate_parent_class)->dispose (object);
}

static void
td_calibrate_class_init (TdCalibrateClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_calibrate_dispose;
  g_type_ensure (TD_TYPE_STAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-calibrate.ui");
  gtk_widget_class_bind_template_child (widget_class, TdCalibrate, picture);
  gtk_widget_class_bind_template_child (widget_class, TdCalibrate, stage);
  gtk_widget_class_bind_template_child (widget_class, TdCalibrate, what);
  gtk_widget_class_bind_template_child (widget_class, TdCalibrate, hint);
  gtk_widget_class_bind_template_child (widget_class, TdCalibrate, progress);
  gtk_widget_class_bind_template_child (widget_class, TdCalibrate, begin);
  gtk_widget_class_bind_template_callback (widget_class, on_begin);
}

static void
td_calibrate_init (TdCalibrate *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "unmap", G_CALLBACK (on_unmap), NULL);
}

static gboolean
on_escape (GtkWidget *window, GVariant *arguments, gpointer data)
{
  (void) arguments;
  (void) data;
  gtk_window_close (GTK_WINDOW (window));
  return TRUE;
}

GtkWindow *
td_calibrate_window_new (GtkWindow *parent, TdTrainer *trainer, GSettings *settings)
{
  TdCalibrate *self
      = g_object_new (TD_TYPE_CALIBRATE, "vexpand", TRUE, "margin-top", 6, "margin-bottom", 18,
                      "margin-start", 18, "margin-end", 18, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window
      = g_object_new (ADW_TYPE_WINDOW, "transient-for", parent, "modal", TRUE, "title",
                      _ ("Calibrate"), "default-width", 640, "default-height", 640, NULL);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  td_calibrate_set_trainer (self, trainer, settings);
  gtk_box_append (GTK_BOX (box), g_object_new (ADW_TYPE_HEADER_BAR, "css-classes",
                                               (const char *const[]){ "flat", NULL }, NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self));
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                        gtk_callback_action_new (on_escape, NULL, NULL)));
  gtk_widget_add_controller (window, keys);
  return GTK_WINDOW (window);
}
