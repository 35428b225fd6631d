/* td-preferences.c: the preferences: camera, training, limits, sound, and where all is kept.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-preferences.h"

#include "td-backup.h"
#include "td-limits.h"
#include "td-names.h"
#include "td-settings.h"
#include "td-sound-check.h"
#include "td-storage.h"
#include "td-units.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* In the order of the layout's lists. */
static const char *const resolutions[] = { "auto", "640x480", "1280x720", "1920x1080", NULL };
static const char *const starts[] = { "countdown", "still", NULL };
static const char *const unit_choices[] = { "auto", "metric", "imperial", NULL };

struct _TdPreferences
{
  AdwPreferencesWindow parent_instance;

  TdTrainer *trainer;
  GSettings *settings;
  TdSoundCheck *sound;
  char *store_path;
  GCancellable *cancellable;
  GPtrArray *limit_rows; /* LimitRow */
  GPtrArray *models;     /* folders in the order of the list; "" is the built-in one */
  GPtrArray *languages;  /* likewise, "" for the desktop's */
  gboolean choosing;     /* the program chooses, not the user */

  AdwComboRow *camera;
  AdwComboRow *resolution;
  GtkSwitch *mirror;
  AdwComboRow *model;
  GtkSpinButton *target_reps;
  GtkSpinButton *target_sets;
  AdwComboRow *start_when;
  GtkSpinButton *countdown;
  GtkSpinButton *stand;
  GtkSpinButton *rest;
  AdwComboRow *units;
  GtkSpinButton *wedge;
  AdwPreferencesPage *limits;
  GtkSwitch *voice;
  GtkSwitch *cues;
  GtkSwitch *beeps;
  GtkSwitch *depth_beep;
  GtkScale *volume;
  AdwComboRow *language;
  AdwActionRow *place;
  GtkWidget *show;
  GtkWidget *move;
  GtkWidget *backup;
  GtkWidget *erase;
  AdwActionRow *pictures;
  GtkSwitch *record;
};

enum
{
  RELEASE_STORE,
  USE_STORE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TdPreferences, td_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
tell (TdPreferences *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (escaped));
}

/* --- A choice of a list, kept as text -------------------------------------------------------- */

static gboolean
index_of_text (GValue *value, GVariant *variant, gpointer choices)
{
  const char *const *texts = choices;
  const char *text = g_variant_get_string (variant, NULL);

  for (guint i = 0; texts[i]; i++)
    if (strcmp (texts[i], text) == 0)
      {
        g_value_set_uint (value, i);
        return TRUE;
      }
  return FALSE;
}

static GVariant *
text_of_index (const GValue *value, const GVariantType *type, gpointer choices)
{
  const char *const *texts = choices;
  guint i = g_value_get_uint (value);

  (void) type;
  return i < g_strv_length ((char **) choices) ? g_variant_new_string (texts[i]) : NULL;
}

static void
bind_choice (TdPreferences *self, const char *key, AdwComboRow *row, const char *const *choices)
{
  g_settings_bind_with_mapping (self->settings, key, row, "selected", G_SETTINGS_BIND_DEFAULT,
                                index_of_text, text_of_index, (gpointer) choices, NULL);
}

static void
bind (TdPreferences *self, const char *key, gpointer widget, const char *property)
{
  g_settings_bind (self->settings, key, widget, property, G_SETTINGS_BIND_DEFAULT);
}

/* --- Camera ---------------------------------------------------------------------------------- */

static gboolean
is_camera (gpointer item, gpointer data)
{
  (void) data;
  return td_source_item_get_kind (item) == TD_SOURCE_CAMERA;
}

/* The cameras and the chosen one; a file that is watched leaves the camera to come back to. */
static void
show_camera (TdPreferences *self)
{
  GListModel *cameras = adw_combo_row_get_model (self->camera);
  g_autofree char *wanted = g_settings_get_string (self->settings, "camera-id");
  TdSourceItem *source = td_trainer_get_source (self->trainer);
  guint n = g_list_model_get_n_items (cameras);
  gboolean in_session = td_trainer_in_session (self->trainer);
  guint chosen = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TdSourceItem) item = g_list_model_get_item (cameras, i);
      if (td_source_item_equal (item, source)
          || ((!source || !is_camera (source, NULL))
              && strcmp (td_source_item_get_id (item), wanted) == 0))
        chosen = i;
    }
  self->choosing = TRUE;
  adw_combo_row_set_selected (self->camera, n ? chosen : GTK_INVALID_LIST_POSITION);
  self->choosing = FALSE;

  gtk_widget_set_sensitive (GTK_WIDGET (self->camera), n > 0 && !in_session);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->camera),
                               n == 0       ? _ ("No camera is plugged in.")
                               : in_session ? _ ("It can be changed after the session.")
                                            : "");
}

static void
on_camera_chosen (TdPreferences *self)
{
  TdSourceItem *item = adw_combo_row_get_selected_item (self->camera);

  if (item && !self->choosing)
    td_trainer_select_source (self->trainer, item);
}

/* --- Pose network ---------------------------------------------------------------------------- */

static void
add_model (TdPreferences *self, GtkStringList *names, const char *folder, const char *name)
{
  g_ptr_array_add (self->models, g_strdup (folder));
  gtk_string_list_append (names, name);
}

static void
list_models (TdPreferences *self)
{
  g_autoptr (GPtrArray) found = td_engine_list_models ();
  g_autofree char *built_in = td_engine_model_folder (NULL);
  g_autofree char *chosen = g_settings_get_string (self->settings, "model");
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < found->len; i++)
    {
      const TdEngineModel *model = found->pdata[i];
      gboolean own = strcmp (model->folder, built_in) != 0;
      /* Translators: of the pose network that comes with the program, after its name */
      g_autofree char *shown = g_strdup_printf (_ ("%s (built-in)"), model->name);
      add_model (self, names, own ? model->folder : "", own ? model->name : shown);
    }
  /* Not even found: "" is still what the training page tries. */
  if (!g_ptr_array_find_with_equal_func (self->models, "", g_str_equal, NULL))
    add_model (self, names, "", _ ("Built-in"));
  /* One that is gone stays chosen: the training page says what is wrong with it. */
  if (!g_ptr_array_find_with_equal_func (self->models, chosen, g_str_equal, NULL))
    {
      g_autofree char *shown = g_filename_display_name (chosen);
      add_model (self, names, chosen, shown);
    }
  g_ptr_array_find_with_equal_func (self->models, chosen, g_str_equal, &selected);
  adw_combo_row_set_model (self->model, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->model, selected);
}

static void
on_model_chosen (TdPreferences *self)
{
  guint i = adw_combo_row_get_selected (self->model);

  if (i < self->models->len)
    g_settings_set_string (self->settings, "model", self->models->pdata[i]);
}

/* --- Wedge ----------------------------------------------------------------------------------- */

static void
show_wedge (TdPreferences *self)
{
  TdUnits units = td_units_get (self->settings);
  GtkAdjustment *adjustment = gtk_spin_button_get_adjustment (self->wedge);
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (self->wedge), ADW_TYPE_ACTION_ROW);
  double cm = g_settings_get_double (self->settings, "wedge-cm");

  self->choosing = TRUE;
  gtk_adjustment_configure (adjustment, td_units_from_metric (units, TD_UNITS_HEIGHT, cm), 0,
                            td_units_from_metric (units, TD_UNITS_HEIGHT, 15),
                            td_units_step (units, TD_UNITS_HEIGHT),
                            td_units_step (units, TD_UNITS_HEIGHT) * 4, 0);
  gtk_spin_button_set_digits (self->wedge, units == TD_UNITS_METRIC ? 1 : 2);
  self->choosing = FALSE;

  /* Translators: of the wedge's height, with its unit: "in cm" */
  g_autofree char *text = g_strdup_printf (_ ("For the cyclist squat, in %s."),
                                           td_units_name (units, TD_UNITS_HEIGHT));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
}

static void
on_wedge (TdPreferences *self)
{
  TdUnits units = td_units_get (self->settings);
  double value = gtk_spin_button_get_value (self->wedge);

  if (!self->choosing)
    g_settings_set_double (self->settings, "wedge-cm",
                           MIN (td_units_to_metric (units, TD_UNITS_HEIGHT, value), 15));
}

/* --- Limits ---------------------------------------------------------------------------------- */

typedef struct
{
  TdPreferences *window;
  const TdProfile *profile;
  const TdCheck *check; /* NULL: the heading of PROFILE */
  GtkSpinButton *spin;
  GtkWidget *reset;
} LimitRow;

static void
show_limits (TdPreferences *self)
{
  g_autoptr (GVariant) limits = g_settings_get_value (self->settings, "limits");

  self->choosing = TRUE;
  for (guint i = 0; i < self->limit_rows->len; i++)
    {
      LimitRow *row = self->limit_rows->pdata[i];

      gtk_widget_set_sensitive (row->reset, td_limits_changed (limits, row->profile, row->check));
      if (row->check)
        {
          TdProfile own = *row->profile;
          td_limits_apply (limits, &own);
          gtk_spin_button_set_value (row->spin,
                                     (double) td_profile_check (&own, row->check->id)->limit
                                         * td_limits_unit (row->check).factor);
        }
    }
  self->choosing = FALSE;
}

static void
on_limit (GtkSpinButton *spin, LimitRow *row)
{
  g_autoptr (GVariant) before = g_settings_get_value (row->window->settings, "limits");

  if (row->window->choosing)
    return;
  g_autoptr (GVariant) after
      = td_limits_with (before, row->profile, row->check,
                        gtk_spin_button_get_value (spin) / td_limits_unit (row->check).factor);
  g_settings_set_value (row->window->settings, "limits", after);
}

static void
on_reset (GtkButton *button, LimitRow *row)
{
  g_autoptr (GVariant) before = g_settings_get_value (row->window->settings, "limits");
  g_autoptr (GVariant) after = td_limits_without (before, row->profile, row->check);

  (void) button;
  /* A button that is going to be insensitive would take the keyboard with it. */
  if (row->check)
    gtk_widget_grab_focus (GTK_WIDGET (row->spin));
  g_settings_set_value (row->window->settings, "limits", after);
}

static LimitRow *
add_limit_row (TdPreferences *self, const TdProfile *profile, const TdCheck *check)
{
  LimitRow *row = g_new0 (LimitRow, 1);

  row->window = self;
  row->profile = profile;
  row->check = check;
  g_ptr_array_add (self->limit_rows, row);
  return row;
}

static GtkWidget *
limit_row_new (TdPreferences *self, const TdProfile *profile, const TdCheck *check)
{
  LimitRow *row = add_limit_row (self, profile, check);
  TdLimitUnit unit = td_limits_unit (check);
  GtkWidget *widget = adw_action_row_new ();
  g_autofree char *about = td_limits_describe (check);
  g_autofree char *undo = NULL;

  row->spin = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (
      (double) check->limit_min * unit.factor, (double) check->limit_max * unit.factor, unit.step));
  gtk_spin_button_set_digits (row->spin, (guint) unit.digits);
  gtk_spin_button_set_numeric (row->spin, TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (row->spin), 4);
  gtk_widget_set_valign (GTK_WIDGET (row->spin), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->spin), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  about, -1);
  g_signal_connect (row->spin, "value-changed", G_CALLBACK (on_limit), row);

  /* Translators: "%s" is what a limit is for: "Reset “Chest high”" */
  undo = g_strdup_printf (_ ("Reset “%s”"), _ (check->name));
  row->reset = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  gtk_widget_add_css_class (row->reset, "flat");
  gtk_widget_set_valign (row->reset, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (row->reset, undo);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->reset), GTK_ACCESSIBLE_PROPERTY_LABEL, undo,
                                  -1);
  g_signal_connect (row->reset, "clicked", G_CALLBACK (on_reset), row);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (widget), _ (check->name));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (widget), FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (widget), about);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), row->reset);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), GTK_WIDGET (row->spin));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (widget), GTK_WIDGET (row->spin));
  return widget;
}

static void
add_limits (TdPreferences *self)
{
  size_t n;
  const TdProfile *profiles = td_profile_all (&n);

  for (size_t p = 0; p < n; p++)
    {
      const TdProfile *profile = &profiles[p];
      AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
      LimitRow *all = add_limit_row (self, profile, NULL);

      all->reset = gtk_button_new_with_label (_ ("Reset All"));
      gtk_widget_add_css_class (all->reset, "flat");
      gtk_widget_set_valign (all->reset, GTK_ALIGN_CENTER);
      g_signal_connect (all->reset, "clicked", G_CALLBACK (on_reset), all);
      adw_preferences_group_set_title (group, _ (profile->name));
      if (p == 0)
        adw_preferences_group_set_description (
            group, _ ("A repetition beyond a limit counts all the same; you are told what to do "
                      "better. Limits are for coaching, not medical."));
      adw_preferences_group_set_header_suffix (group, all->reset);
      for (int i = 0; i < td_profile_n_checks (profile); i++)
        adw_preferences_group_add (group, limit_row_new (self, profile, &profile->checks[i]));
      adw_preferences_page_add (self->limits, group);
    }
}

/* --- Language -------------------------------------------------------------------------------- */

static void
list_languages (TdPreferences *self)
{
  g_autoptr (GPtrArray) codes = td_settings_languages ();
  g_autofree char *chosen = g_settings_get_string (self->settings, "language");
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  g_ptr_array_add (self->languages, g_strdup (""));
  gtk_string_list_append (names, _ ("Desktop’s"));
  for (guint i = 0; i < codes->len; i++)
    {
      g_ptr_array_add (self->languages, g_strdup (codes->pdata[i]));
      gtk_string_list_append (names, td_settings_language_name (codes->pdata[i]));
      if (strcmp (codes->pdata[i], chosen) == 0)
        selected = i + 1;
    }
  adw_combo_row_set_model (self->language, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->language, selected);
}

static void
on_language_chosen (TdPreferences *self)
{
  guint i = adw_combo_row_get_selected (self->language);

  if (i < self->languages->len)
    g_settings_set_string (self->settings, "language", self->languages->pdata[i]);
}

/* --- Storage --------------------------------------------------------------------------------- */

static void
show_pictures (TdPreferences *self, guint64 bytes)
{
  g_autofree char *folder = td_storage_pictures (self->store_path);
  g_autofree char *shown = g_filename_display_name (folder);
  g_autofree char *size = g_format_size (bytes);
  g_autofree char *text = g_strdup_printf (
      "%s\n%s\n%s",
      _ ("Each session in front of the camera is also kept as a video without sound, "
         "about 8 MB a minute, to be replayed under the skeleton. Deleting the session "
         "deletes it; it is in no backup."),
      shown, bytes > 0 ? size : _ ("no video yet"));
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_action_row_set_subtitle (self->pictures, escaped);
}

static void
show_place (TdPreferences *self)
{
  guint64 pictures = td_storage_pictures_size (self->store_path);
  guint64 bytes = td_storage_size (self->store_path) + pictures;
  g_autofree char *shown = g_filename_display_name (self->store_path);
  g_autofree char *size = g_format_size (bytes);
  g_autofree char *text = bytes > 0 ? g_strdup_printf ("%s\n%s", shown, size)
                                    /* Translators: of the file of the sessions, after its place */
                                    : g_strdup_printf ("%s\n%s", shown, _ ("nothing kept yet"));
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  gboolean in_session = td_trainer_in_session (self->trainer);

  adw_action_row_set_subtitle (self->place, escaped);
  show_pictures (self, pictures);
  gtk_widget_set_sensitive (self->backup, bytes > 0);
  gtk_widget_set_sensitive (self->move, !in_session);
  gtk_widget_set_sensitive (self->erase, bytes > 0 && !in_session);
}

static void
on_show (TdPreferences *self)
{
  g_autofree char *folder = g_path_get_dirname (self->store_path);
  g_autofree char *uri = NULL;

  g_mkdir_with_parents (folder, 0700);
  uri = g_filename_to_uri (folder, NULL, NULL);
  gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

static void
use_store (TdPreferences *self, const char *path)
{
  g_autofree char *usual = td_settings_default_database ();

  if (path != self->store_path)
    {
      g_free (self->store_path);
      self->store_path = g_strdup (path);
    }
  g_settings_set_string (self->settings, "database", strcmp (path, usual) == 0 ? "" : path);
  g_signal_emit (self, signals[USE_STORE], 0, self->store_path);
  show_place (self);
}

typedef struct
{
  TdPreferences *window;
  char *to;
} Copy;

static Copy *
copy_new (TdPreferences *self, const char *to)
{
  Copy *copy = g_new0 (Copy, 1);

  copy->window = g_object_ref (self);
  copy->to = g_strdup (to);
  return copy;
}

static void
copy_free (Copy *copy)
{
  g_object_unref (copy->window);
  g_free (copy->to);
  g_free (copy);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Copy, copy_free)

static void
tell_window (GtkWindow *window, const char *text)
{
  tell (TD_PREFERENCES (window), text);
}

static void
on_backup (TdPreferences *self)
{
  td_backup_ask (GTK_WINDOW (self), self->store_path, tell_window);
}

static void
on_moved (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (Copy) copy = data;
  g_autoptr (GError) error = NULL;

  (void) object;
  if (!td_storage_backup_finish (result, &error))
    {
      g_autofree char *text
          = g_strdup_printf (_ ("Not moved, all is where it was: %s"), error->message);
      tell (copy->window, text);
      return;
    }
  /* A session that began meanwhile goes to the old file, which stays. */
  if (td_trainer_in_session (copy->window->trainer))
    {
      tell (copy->window, _ ("Not moved: a session is running"));
      return;
    }
  use_store (copy->window, copy->to);
  tell (copy->window, _ ("Kept in the new place from now on. The old file is still where it was."));
}

static void
on_take_response (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Copy *copy = data;

  (void) dialog;
  if (strcmp (response, "use") == 0)
    use_store (copy->window, copy->to);
}

static void
free_copy (gpointer data, GClosure *closure)
{
  (void) closure;
  copy_free (data);
}

static void
move_to (TdPreferences *self, const char *folder)
{
  g_autofree char *to = td_storage_file_in (folder);

  if (strcmp (to, self->store_path) == 0)
    return;
  if (g_file_test (to, G_FILE_TEST_EXISTS))
    {
      g_autofree char *shown = g_filename_display_name (to);
      GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self),
                                                  _ ("Use the Sessions That Are There?"), NULL);
      adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                      _ ("“%s” is there already. Yours stay where they are."),
                                      shown);
      adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "use",
                                        _ ("_Use Them"), NULL);
      adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
      g_signal_connect_data (dialog, "response", G_CALLBACK (on_take_response), copy_new (self, to),
                             free_copy, 0);
      gtk_window_present (GTK_WINDOW (dialog));
    }
  else if (td_storage_size (self->store_path) == 0)
    use_store (self, to);
  else
    td_storage_copy_async (self->store_path, to, NULL, on_moved, copy_new (self, to));
}

static void
on_move_response (GtkNativeDialog *dialog, int response, gpointer data)
{
  TdPreferences *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *folder = g_file_get_path (file);
      if (folder)
        move_to (self, folder);
      else
        tell (self, _ ("The folder must be on this machine."));
    }
  g_object_unref (dialog);
}

static void
on_move (TdPreferences *self)
{
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (_ ("Keep Sessions In"), GTK_WINDOW (self),
                                     GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Choose"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_move_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_erased (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (TdPreferences) self = data;
  g_autoptr (GError) error = NULL;

  (void) object;
  if (td_storage_erase_finish (result, &error))
    tell (self, _ ("Everything is deleted"));
  else
    {
      g_autofree char *text = g_strdup_printf (_ ("Not all is deleted: %s"), error->message);
      tell (self, text);
    }
  /* The same place, but all that is shown of it is to be read again. */
  use_store (self, self->store_path);
}

static void
on_erase_response (TdPreferences *self, const char *response)
{
  if (strcmp (response, "delete") != 0 || td_trainer_in_session (self->trainer))
    return;
  g_signal_emit (self, signals[RELEASE_STORE], 0);
  td_storage_erase_async (self->store_path, NULL, on_erased, g_object_ref (self));
}

static void
on_erase (TdPreferences *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (self), _ ("Delete Everything?"),
      _ ("All sessions, their videos and your calibration will be gone. This "
         "cannot be undone. Backups that you have made stay."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "delete",
                                    _ ("_Delete Everything"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_erase_response), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Sound ----------------------------------------------------------------------------------- */

static void
on_test (TdPreferences *self)
{
  td_sound_check_play (self->sound);
}

/* --- The window ------------------------------------------------------------------------------ */

static void
on_trainer_changed (TdPreferences *self)
{
  show_camera (self);
  show_place (self);
}

static void
td_preferences_dispose (GObject *object)
{
  TdPreferences *self = TD_PREFERENCES (object);

  g_clear_object (&self->trainer);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->sound, td_sound_check_free);
  g_clear_pointer (&self->store_path, g_free);
  G_OBJECT_CLASS (td_preferences_parent_class)->dispose (object);
}

static void
td_preferences_finalize (GObject *object)
{
  TdPreferences *self = TD_PREFERENCES (object);

  g_ptr_array_unref (self->limit_rows);
  g_ptr_array_unref (self->models);
  g_ptr_array_unref (self->languages);
  G_OBJECT_CLASS (td_preferences_parent_class)->finalize (object);
}

static void
td_preferences_class_init (TdPreferencesClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_preferences_dispose;
  G_OBJECT_CLASS (class)->finalize = td_preferences_finalize;
  signals[RELEASE_STORE] = g_signal_new ("release-store", TD_TYPE_PREFERENCES, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[USE_STORE] = g_signal_new ("use-store", TD_TYPE_PREFERENCES, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (TD_TYPE_SOURCE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, camera);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, resolution);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, mirror);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, model);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, target_reps);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, target_sets);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, start_when);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, countdown);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, stand);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, rest);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, units);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, wedge);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, limits);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, voice);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, cues);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, beeps);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, depth_beep);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, volume);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, language);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, place);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, show);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, move);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, backup);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, erase);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, pictures);
  gtk_widget_class_bind_template_child (widget_class, TdPreferences, record);
  gtk_widget_class_bind_template_callback (widget_class, on_show);
  gtk_widget_class_bind_template_callback (widget_class, on_test);
  gtk_widget_class_bind_template_callback (widget_class, on_move);
  gtk_widget_class_bind_template_callback (widget_class, on_backup);
  gtk_widget_class_bind_template_callback (widget_class, on_erase);
}

static void
td_preferences_init (TdPreferences *self)
{
  self->limit_rows = g_ptr_array_new_with_free_func (g_free);
  self->models = g_ptr_array_new_with_free_func (g_free);
  self->languages = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  td_names_fill (GTK_WIDGET (self));
}

TdPreferences *
td_preferences_new (GtkWindow *parent, TdTrainer *trainer, GSettings *settings,
                    const char *store_path)
{
  TdPreferences *self = g_object_new (TD_TYPE_PREFERENCES, "transient-for", parent, NULL);
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_camera, NULL, NULL));
  g_autoptr (GtkFilterListModel) cameras
      = gtk_filter_list_model_new (g_object_ref (td_trainer_get_sources (trainer)), filter);

  self->trainer = g_object_ref (trainer);
  self->settings = g_object_ref (settings);
  self->sound = td_sound_check_new (settings);
  self->store_path = g_strdup (store_path);

  self->choosing = TRUE;
  adw_combo_row_set_model (self->camera, G_LIST_MODEL (cameras));
  self->choosing = FALSE;
  show_camera (self);
  g_signal_connect_object (self->camera, "notify::selected", G_CALLBACK (on_camera_chosen), self,
                           G_CONNECT_SWAPPED);
  bind_choice (self, "resolution", self->resolution, resolutions);
  bind (self, "mirror", self->mirror, "active");
  list_models (self);
  g_signal_connect_object (self->model, "notify::selected", G_CALLBACK (on_model_chosen), self,
                           G_CONNECT_SWAPPED);

  bind (self, "target-reps", self->target_reps, "value");
  bind (self, "target-sets", self->target_sets, "value");
  bind_choice (self, "start-when", self->start_when, starts);
  bind (self, "countdown-s", self->countdown, "value");
  bind (self, "stand-s", self->stand, "value");
  bind (self, "rest-s", self->rest, "value");
  bind_choice (self, "units", self->units, unit_choices);
  show_wedge (self);
  g_signal_connect_object (settings, "changed::units", G_CALLBACK (show_wedge), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->wedge, "value-changed", G_CALLBACK (on_wedge), self,
                           G_CONNECT_SWAPPED);

  add_limits (self);
  show_limits (self);
  g_signal_connect_object (settings, "changed::limits", G_CALLBACK (show_limits), self,
                           G_CONNECT_SWAPPED);

  bind (self, "voice", self->voice, "active");
  bind (self, "cues", self->cues, "active");
  bind (self, "beeps", self->beeps, "active");
  bind (self, "depth-beep", self->depth_beep, "active");
  bind (self, "volume", gtk_range_get_adjustment (GTK_RANGE (self->volume)), "value");

  list_languages (self);
  g_signal_connect_object (self->language, "notify::selected", G_CALLBACK (on_language_chosen),
                           self, G_CONNECT_SWAPPED);
  bind (self, "record-picture", self->record, "active");
  show_place (self);
  g_signal_connect_object (trainer, "changed", G_CALLBACK (on_trainer_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}
