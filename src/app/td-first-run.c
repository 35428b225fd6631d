/* td-first-run.c: the first steps: camera, place, exercise, calibration, sound. Each can be skipped.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-first-run.h"

#include "td-calibrate.h"
#include "td-drawing.h"
#include "td-names.h"
#include "td-sound-check.h"
#include "td-stage.h"
#include "td-units.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _TdFirstRun
{
  AdwWindow parent_instance;

  TdTrainer *trainer;
  GSettings *settings;
  TdSoundCheck *sound;
  gboolean choosing; /* the program chooses, not the user */

  AdwCarousel *carousel;
  GtkWidget *back;
  GtkButton *next;
  GtkLabel *step;
  AdwComboRow *camera;
  GtkStack *picture;
  TdStage *stage;
  TdDrawing *squat;
  GtkCheckButton *cyclist;
  GtkCheckButton *narrow;
  GtkWidget *wedge_row;
  GtkSpinButton *wedge;
  TdCalibrate *calibrate;
  GtkSwitch *voice;
  GtkSwitch *beeps;
};

G_DEFINE_FINAL_TYPE (TdFirstRun, td_first_run, ADW_TYPE_WINDOW)

/* --- From page to page ----------------------------------------------------------------------- */

static guint
current_page (TdFirstRun *self)
{
  return (guint) lround (adw_carousel_get_position (self->carousel));
}

/* What is not in view must not take the keyboard either. */
static void
show_page (TdFirstRun *self, guint page)
{
  guint n = adw_carousel_get_n_pages (self->carousel);
  g_autofree char *text = NULL;

  for (guint i = 0; i < n; i++)
    gtk_widget_set_can_focus (adw_carousel_get_nth_page (self->carousel, i), i == page);
  gtk_widget_set_sensitive (self->back, page > 0);
  gtk_button_set_label (self->next, page + 1 < n ? _ ("_Next") : _ ("_Start"));
  td_names_fill (GTK_WIDGET (self->next));
  /* Translators: where one is in the first steps: "Step 2 of 5" */
  text = g_strdup_printf (_ ("Step %u of %u"), page + 1, n);
  gtk_label_set_label (self->step, text);
}

static void
go_to (TdFirstRun *self, guint page)
{
  adw_carousel_scroll_to (self->carousel, adw_carousel_get_nth_page (self->carousel, page), TRUE);
  show_page (self, page);
}

static void
go_next (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdFirstRun *self = TD_FIRST_RUN (widget);
  guint page = current_page (self);

  (void) name;
  (void) parameter;
  if (page + 1 < adw_carousel_get_n_pages (self->carousel))
    go_to (self, page + 1);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
go_back (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdFirstRun *self = TD_FIRST_RUN (widget);
  guint page = current_page (self);

  (void) name;
  (void) parameter;
  if (page > 0)
    go_to (self, page - 1);
}

/* Swiped. */
static void
on_page (TdFirstRun *self, guint page)
{
  show_page (self, page);
}

/* --- Camera ---------------------------------------------------------------------------------- */

static gboolean
is_camera (gpointer item, gpointer data)
{
  (void) data;
  return td_source_item_get_kind (item) == TD_SOURCE_CAMERA;
}

/* Under the choice of cameras: why there is nothing to choose, or to see. */
static char *
camera_words (TdFirstRun *self, gboolean any)
{
  const TdLiveUpdate *last = td_trainer_get_last (self->trainer);
  const char *denied = td_trainer_get_denied (self->trainer);

  if (any && td_trainer_get_state (self->trainer) == TD_TRAINER_FAILED
      && last->problem == TD_LIVE_SOURCE_PROBLEM)
    return td_words_camera (last->problem_reason,
                            td_source_item_get_name (td_trainer_get_source (self->trainer)),
                            last->problem_detail);
  if (any)
    return g_strdup ("");
  if (denied)
    return td_words_camera (TD_CAPTURE_DENIED, denied, "");
  return g_strdup (_ ("None is plugged in. A video or the demo works without."));
}

static void
show_camera (TdFirstRun *self)
{
  GListModel *cameras = adw_combo_row_get_model (self->camera);
  TdSourceItem *source = td_trainer_get_source (self->trainer);
  guint n = g_list_model_get_n_items (cameras);

  self->choosing = TRUE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TdSourceItem) item = g_list_model_get_item (cameras, i);
      if (td_source_item_equal (item, source))
        adw_combo_row_set_selected (self->camera, i);
    }
  self->choosing = FALSE;
  /* The row greys out when its list is empty, but there is something to read. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->camera), TRUE);
  g_autofree char *words = camera_words (self, n > 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->camera), words);
  if (td_trainer_get_state (self->trainer) != TD_TRAINER_PREVIEW)
    gtk_stack_set_visible_child_name (self->picture, "none");
}

static void
on_camera_chosen (TdFirstRun *self)
{
  TdSourceItem *item = adw_combo_row_get_selected_item (self->camera);

  if (item && !self->choosing)
    td_trainer_select_source (self->trainer, item);
}

static void
on_updated (TdFirstRun *self, const TdLiveUpdate *update)
{
  if (!update->pixels || td_trainer_get_state (self->trainer) != TD_TRAINER_PREVIEW
      || current_page (self) != 0)
    return;
  /* The texture keeps a reference to the engine's own buffer: nothing is copied. */
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (
      update->width, update->height, GDK_MEMORY_B8G8R8, update->pixels, (gsize) update->stride);
  td_stage_set_picture (self->stage, texture, update->preview_scale, &update->pose);
  td_stage_set_mirror (self->stage, g_settings_get_boolean (self->settings, "mirror"));
  gtk_stack_set_visible_child_name (self->picture, "live");
}

/* --- Exercise -------------------------------------------------------------------------------- */

static void
show_exercise (TdFirstRun *self)
{
  const char *id = td_trainer_get_profile (self->trainer)->id;
  gboolean cyclist = strcmp (id, "cyclist") == 0;

  self->choosing = TRUE;
  gtk_check_button_set_active (cyclist ? self->cyclist : self->narrow, TRUE);
  self->choosing = FALSE;
  g_object_set (self->squat, "drawing", id, NULL);
  gtk_widget_set_sensitive (self->wedge_row, cyclist);
}

static void
on_exercise (TdFirstRun *self)
{
  if (self->choosing)
    return;
  td_trainer_set_exercise (self->trainer,
                           gtk_check_button_get_active (self->cyclist) ? "cyclist" : "narrow");
  show_exercise (self);
}

static void
on_wedge (TdFirstRun *self)
{
  double cm = td_units_to_metric (td_units_get (self->settings), TD_UNITS_HEIGHT,
                                  gtk_spin_button_get_value (self->wedge));

  g_settings_set_double (self->settings, "wedge-cm", MIN (cm, 15));
}

static void
show_wedge (TdFirstRun *self)
{
  TdUnits units = td_units_get (self->settings);
  double cm = g_settings_get_double (self->settings, "wedge-cm");
  g_autofree char *text = NULL;

  gtk_adjustment_configure (gtk_spin_button_get_adjustment (self->wedge),
                            td_units_from_metric (units, TD_UNITS_HEIGHT, cm), 0,
                            td_units_from_metric (units, TD_UNITS_HEIGHT, 15),
                            td_units_step (units, TD_UNITS_HEIGHT),
                            td_units_step (units, TD_UNITS_HEIGHT) * 4, 0);
  gtk_spin_button_set_digits (self->wedge, units == TD_UNITS_METRIC ? 1 : 2);
  /* Translators: of the wedge's height, with its unit */
  text = g_strdup_printf (_ ("In %s; at least 7.6 cm (3 in) is usual."),
                          td_units_name (units, TD_UNITS_HEIGHT));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->wedge_row), text);
}

/* --- Sound ----------------------------------------------------------------------------------- */

static void
on_test (TdFirstRun *self)
{
  td_sound_check_play (self->sound);
}

/* --- The window ------------------------------------------------------------------------------ */

static void
on_trainer_changed (TdFirstRun *self)
{
  show_camera (self);
  show_exercise (self);
}

static gboolean
td_first_run_close_request (GtkWindow *window)
{
  g_settings_set_boolean (TD_FIRST_RUN (window)->settings, "welcomed", TRUE);
  return GTK_WINDOW_CLASS (td_first_run_parent_class)->close_request (window);
}

/* Not before: a window that has a focus earlier is no window to a screen reader in GTK 4.8. */
static void
td_first_run_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (td_first_run_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (TD_FIRST_RUN (widget)->next));
}

static void
td_first_run_dispose (GObject *object)
{
  TdFirstRun *self = TD_FIRST_RUN (object);

  g_clear_object (&self->trainer);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->sound, td_sound_check_free);
  G_OBJECT_CLASS (td_first_run_parent_class)->dispose (object);
}

static void
td_first_run_class_init (TdFirstRunClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_first_run_dispose;
  GTK_WINDOW_CLASS (class)->close_request = td_first_run_close_request;
  widget_class->map = td_first_run_map;

  g_type_ensure (TD_TYPE_CALIBRATE);
  g_type_ensure (TD_TYPE_DRAWING);
  g_type_ensure (TD_TYPE_SOURCE_ITEM);
  g_type_ensure (TD_TYPE_STAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-first-run.ui");
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, carousel);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, back);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, next);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, step);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, camera);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, picture);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, stage);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, squat);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, cyclist);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, narrow);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, wedge_row);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, wedge);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, calibrate);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, voice);
  gtk_widget_class_bind_template_child (widget_class, TdFirstRun, beeps);
  gtk_widget_class_bind_template_callback (widget_class, on_page);
  gtk_widget_class_bind_template_callback (widget_class, on_test);
  gtk_widget_class_bind_template_callback (widget_class, on_exercise);
  gtk_widget_class_install_action (widget_class, "first-run.next", NULL, go_next);
  gtk_widget_class_install_action (widget_class, "first-run.back", NULL, go_back);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, 0, "first-run.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, 0, "first-run.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, GDK_ALT_MASK, "first-run.next",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "first-run.back",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
td_first_run_init (TdFirstRun *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  td_names_fill (GTK_WIDGET (self));
}

TdFirstRun *
td_first_run_new (GtkWindow *parent, TdTrainer *trainer, GSettings *settings)
{
  TdFirstRun *self = g_object_new (TD_TYPE_FIRST_RUN, "transient-for", parent, NULL);
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_camera, NULL, NULL));
  g_autoptr (GtkFilterListModel) cameras
      = gtk_filter_list_model_new (g_object_ref (td_trainer_get_sources (trainer)), filter);

  self->trainer = g_object_ref (trainer);
  self->settings = g_object_ref (settings);
  self->sound = td_sound_check_new (settings);
  td_calibrate_set_trainer (self->calibrate, trainer, settings);

  self->choosing = TRUE;
  adw_combo_row_set_model (self->camera, G_LIST_MODEL (cameras));
  self->choosing = FALSE;
  g_signal_connect_object (self->camera, "notify::selected", G_CALLBACK (on_camera_chosen), self,
                           G_CONNECT_SWAPPED);
  show_wedge (self);
  g_signal_connect_object (self->wedge, "value-changed", G_CALLBACK (on_wedge), self,
                           G_CONNECT_SWAPPED);
  g_settings_bind (settings, "voice", self->voice, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "beeps", self->beeps, "active", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (trainer, "updated", G_CALLBACK (on_updated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (trainer, "changed", G_CALLBACK (on_trainer_changed), self,
                           G_CONNECT_SWAPPED);
  on_trainer_changed (self);
  show_page (self, 0);
  return self;
}
