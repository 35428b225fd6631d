/* test-settings.c: the user's units and limits, as values.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-limits.h"
#include "td-settings.h"
#include "td-storage.h"
#include "td-store.h"
#include "td-units.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* --- Units ----------------------------------------------------------------------------------- */

static void
units_follow_the_choice_and_else_the_region (void)
{
  g_autoptr (GSettings) settings = td_settings_new ();

  g_assert_cmpint (td_units_choose ("metric", TD_UNITS_IMPERIAL), ==, TD_UNITS_METRIC);
  g_assert_cmpint (td_units_choose ("imperial", TD_UNITS_METRIC), ==, TD_UNITS_IMPERIAL);
  g_assert_cmpint (td_units_choose ("auto", TD_UNITS_IMPERIAL), ==, TD_UNITS_IMPERIAL);
  g_assert_cmpint (td_units_choose ("auto", TD_UNITS_METRIC), ==, TD_UNITS_METRIC);

  g_settings_set_string (settings, "units", "imperial");
  g_assert_cmpint (td_units_get (settings), ==, TD_UNITS_IMPERIAL);
  g_settings_set_string (settings, "units", "auto");
  g_assert_cmpint (td_units_get (settings), ==, TD_UNITS_METRIC); /* the tests' region is C */
}

static void
amounts_are_written_with_at_most_one_decimal (void)
{
  static const struct
  {
    TdUnits units;
    TdUnitsOf of;
    double metric;
    const char *text;
  } cases[] = {
    { TD_UNITS_METRIC, TD_UNITS_LOAD, 20, "20 kg" },
    { TD_UNITS_METRIC, TD_UNITS_LOAD, 22.5, "22.5 kg" },
    { TD_UNITS_METRIC, TD_UNITS_LOAD, 0, "0 kg" },
    { TD_UNITS_IMPERIAL, TD_UNITS_LOAD, 20.4116565, "45 lb" },
    { TD_UNITS_IMPERIAL, TD_UNITS_LOAD, 20, "44.1 lb" },
    { TD_UNITS_METRIC, TD_UNITS_HEIGHT, 7.6, "7.6 cm" },
    { TD_UNITS_IMPERIAL, TD_UNITS_HEIGHT, 7.62, "3 in" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = td_units_format (cases[i].units, cases[i].of, cases[i].metric);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
amounts_are_read_with_either_decimal_sign_and_any_unit (void)
{
  static const struct
  {
    TdUnits units;
    TdUnitsOf of;
    const char *text;
    double metric; /* NAN: refused */
  } cases[] = {
    { TD_UNITS_METRIC, TD_UNITS_LOAD, "20", 20 },
    { TD_UNITS_METRIC, TD_UNITS_LOAD, " 22,5 ", 22.5 },
    { TD_UNITS_METRIC, TD_UNITS_LOAD, "22.5kg", 22.5 },
    { TD_UNITS_IMPERIAL, TD_UNITS_LOAD, "45", 20.41165665 },
    { TD_UNITS_IMPERIAL, TD_UNITS_LOAD, "20 KG", 20 },
    { TD_UNITS_METRIC, TD_UNITS_LOAD, "45 lbs", 20.41165665 },
    { TD_UNITS_METRIC, TD_UNITS_HEIGHT, "3\"", 7.62 },
    { TD_UNITS_METRIC, TD_UNITS_HEIGHT, "3 kg", (double) NAN },
    { TD_UNITS_METRIC, TD_UNITS_LOAD, "", (double) NAN },
    { TD_UNITS_METRIC, TD_UNITS_LOAD, "kg", (double) NAN },
    { TD_UNITS_METRIC, TD_UNITS_LOAD, "-5", (double) NAN },
    { TD_UNITS_METRIC, TD_UNITS_LOAD, "1.2.3", (double) NAN },
    { TD_UNITS_METRIC, TD_UNITS_LOAD, "20 stone", (double) NAN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double metric = -1;
      gboolean read = td_units_parse (cases[i].units, cases[i].of, cases[i].text, &metric);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (read, ==, !isnan (cases[i].metric));
      if (read)
        g_assert_cmpfloat_with_epsilon (metric, cases[i].metric, 1e-6);
      else
        g_assert_cmpfloat (metric, ==, -1); /* left alone */
    }
}

static void
what_is_converted_comes_back (void)
{
  for (TdUnits units = TD_UNITS_METRIC; units <= TD_UNITS_IMPERIAL; units++)
    for (TdUnitsOf of = TD_UNITS_LOAD; of <= TD_UNITS_HEIGHT; of++)
      g_assert_cmpfloat_with_epsilon (
          td_units_to_metric (units, of, td_units_from_metric (units, of, 12.34)), 12.34, 1e-9);
  g_assert_cmpfloat_with_epsilon (td_units_from_metric (TD_UNITS_IMPERIAL, TD_UNITS_HEIGHT, 2.54),
                                  1, 1e-9);
}

/* --- Limits ---------------------------------------------------------------------------------- */

static GVariant *
limits (const char *text)
{
  return g_variant_ref_sink (g_variant_new_parsed (text));
}

static float
limit_of (GVariant *limits_now, const char *exercise, const char *check)
{
  TdProfile profile = *td_profile_find (exercise);

  td_limits_apply (limits_now, &profile);
  return td_profile_check (&profile, check)->limit;
}

static const TdCheck *
check_of (const TdProfile *profile, const char *id)
{
  for (int i = 0; i < td_profile_n_checks (profile); i++)
    if (strcmp (profile->checks[i].id, id) == 0)
      return &profile->checks[i];
  g_assert_not_reached ();
}

static void
own_limits_reach_only_the_check_they_are_for (void)
{
  g_autoptr (GVariant) own = limits ("{'cyclist/depth': 100.0, 'nobody/knees': 3.0}");

  g_assert_cmpfloat (limit_of (own, "cyclist", "depth"), ==, 100);
  g_assert_cmpfloat (limit_of (own, "cyclist", "knees"), ==,
                     check_of (td_profile_find ("cyclist"), "knees")->limit);
  g_assert_cmpfloat (limit_of (own, "narrow", "depth"), ==,
                     check_of (td_profile_find ("narrow"), "depth")->limit);
}

static void
a_limit_out_of_range_is_brought_into_it_and_no_number_is_passed_over (void)
{
  const TdCheck *depth = check_of (td_profile_find ("cyclist"), "depth");
  g_autoptr (GVariant) low = limits ("{'cyclist/depth': -1000.0}");
  g_autoptr (GVariant) high = limits ("{'cyclist/depth': 1e300}");
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sd}"));

  g_assert_cmpfloat (limit_of (low, "cyclist", "depth"), ==, depth->limit_min);
  g_assert_cmpfloat (limit_of (high, "cyclist", "depth"), ==, depth->limit_max);

  g_variant_builder_add (&builder, "{sd}", "cyclist/depth", (double) NAN);
  g_autoptr (GVariant) none = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_assert_cmpfloat (limit_of (none, "cyclist", "depth"), ==, depth->limit);
}

static void
the_usual_limit_is_not_kept (void)
{
  const TdProfile *profile = td_profile_find ("cyclist");
  const TdCheck *depth = check_of (profile, "depth");
  g_autoptr (GVariant) empty = limits ("@a{sd} {}");
  g_autoptr (GVariant) own = td_limits_with (empty, profile, depth, 100);
  TdProfile mine = *profile;

  g_assert_true (td_limits_changed (own, profile, depth));
  g_assert_cmpfloat (limit_of (own, "cyclist", "depth"), ==, 100);

  /* Also when it is asked with a profile that has the user's limit already. */
  td_limits_apply (own, &mine);
  g_autoptr (GVariant) same
      = td_limits_with (own, &mine, check_of (&mine, "depth"), (double) mine.checks[1].limit);
  g_assert_true (td_limits_changed (same, profile, depth));
  g_autoptr (GVariant) back
      = td_limits_with (own, &mine, check_of (&mine, "depth"), (double) depth->limit);
  g_assert_false (td_limits_changed (back, profile, depth));
  g_assert_cmpuint (g_variant_n_children (back), ==, 0);
}

static void
one_is_reset_alone_and_all_of_an_exercise_together (void)
{
  const TdProfile *profile = td_profile_find ("cyclist");
  g_autoptr (GVariant) own
      = limits ("{'cyclist/depth': 100.0, 'cyclist/knees': 3.0, 'narrow/depth': 5.0}");
  g_autoptr (GVariant) one = td_limits_without (own, profile, check_of (profile, "depth"));
  g_autoptr (GVariant) all = td_limits_without (own, profile, NULL);

  g_assert_cmpfloat (limit_of (one, "cyclist", "depth"), ==, check_of (profile, "depth")->limit);
  g_assert_cmpfloat (limit_of (one, "cyclist", "knees"), ==, 3);
  g_assert_true (td_limits_changed (one, profile, NULL));
  g_assert_false (td_limits_changed (all, profile, NULL));
  g_assert_cmpfloat (limit_of (all, "narrow", "depth"), ==, 5);
  g_assert_cmpuint (g_variant_n_children (own), ==, 3); /* itself untouched */
}

static void
limits_live_in_the_settings (void)
{
  g_autoptr (GSettings) settings = td_settings_new ();
  const TdProfile *profile = td_profile_find ("narrow");
  const TdCheck *knees = check_of (profile, "knees");
  g_autoptr (GVariant) before = g_settings_get_value (settings, "limits");
  g_autoptr (GVariant) own = td_limits_with (before, profile, knees, 4);

  g_settings_set_value (settings, "limits", own);
  TdProfile mine = td_limits_of (settings, profile);
  g_assert_cmpfloat (check_of (&mine, "knees")->limit, ==, 4);
  g_assert_cmpfloat (knees->limit, !=, 4);
  g_settings_reset (settings, "limits");
}

static void
every_limit_can_be_shown_and_set_in_its_unit (void)
{
  size_t n;
  const TdProfile *profiles = td_profile_all (&n);

  for (size_t p = 0; p < n; p++)
    for (int i = 0; i < td_profile_n_checks (&profiles[p]); i++)
      {
        const TdCheck *check = &profiles[p].checks[i];
        TdLimitUnit unit = td_limits_unit (check);
        double shown = (double) check->limit * unit.factor;
        g_autofree char *text = td_limits_describe (check);
        g_autofree char *written = g_strdup_printf ("%.*f", unit.digits, shown);

        g_test_message ("%s: %s %s, %s", check->id, written, unit.unit, text);
        /* Nothing of the usual limit is lost by showing it, and the steps meet it. */
        g_assert_cmpfloat_with_epsilon (g_ascii_strtod (written, NULL), shown, 1e-4);
        g_assert_cmpfloat (unit.step, >, 0);
        g_assert_nonnull (strstr (text, unit.unit));
      }
}

/* --- Storage --------------------------------------------------------------------------------- */

static void
make (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "12345", 5, NULL));
}

static void
take_result (GObject *object, GAsyncResult *result, gpointer data)
{
  (void) object;
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
only_what_belongs_to_the_sessions_is_erased (void)
{
  static const char *const gone[]
      = { "teardrop.db",           "teardrop.db-wal",       "teardrop.db-shm",
          "teardrop.db.damaged-1", "teardrop.db.recovered", NULL };
  static const char *const stay[]
      = { "teardrop.db2", "teardrop.db.backup", "teardrop-2026-11-21.db", "my-teardrop.db", NULL };
  g_autofree char *folder = g_dir_make_tmp ("teardrop-test-XXXXXX", NULL);
  g_autofree char *path = td_storage_file_in (folder);
  g_autoptr (GAsyncResult) result = NULL;

  for (int i = 0; gone[i]; i++)
    make (folder, gone[i]);
  for (int i = 0; stay[i]; i++)
    make (folder, stay[i]);
  g_assert_cmpuint (td_storage_size (path), ==, 15); /* with -wal and -shm */
  g_autofree char *pictures = td_storage_pictures (path);
  g_assert_cmpuint (td_storage_pictures_size (path), ==, 0);
  g_mkdir (pictures, 0700);
  make (pictures, "1.webm");
  make (pictures, "12-2.webm");
  make (pictures, "holiday.webm");
  g_assert_cmpuint (td_storage_pictures_size (path), ==, 10);

  td_storage_erase_async (path, NULL, take_result, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (td_storage_erase_finish (result, NULL));
  g_assert_cmpuint (td_storage_size (path), ==, 0);
  for (int i = 0; gone[i]; i++)
    {
      g_autofree char *name = g_build_filename (folder, gone[i], NULL);
      g_assert_false (g_file_test (name, G_FILE_TEST_EXISTS));
    }
  for (int i = 0; stay[i]; i++)
    {
      g_autofree char *name = g_build_filename (folder, stay[i], NULL);
      g_assert_cmpint (g_unlink (name), ==, 0);
    }
  /* Somebody else's. */
  g_autofree char *holiday = g_build_filename (pictures, "holiday.webm", NULL);
  g_assert_cmpuint (td_storage_pictures_size (path), ==, 0);
  g_assert_cmpint (g_unlink (holiday), ==, 0);
  g_assert_cmpint (g_rmdir (pictures), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
the_sessions_are_copied_with_their_pictures (void)
{
  g_autofree char *folder = g_dir_make_tmp ("teardrop-test-XXXXXX", NULL);
  g_autofree char *from = g_build_filename (folder, "old", "teardrop.db", NULL);
  g_autofree char *to = g_build_filename (folder, "new", "teardrop.db", NULL);
  g_autofree char *pictures = td_storage_pictures (from);
  g_autofree char *new_folder = g_path_get_dirname (to);
  g_autoptr (GAsyncResult) copied = NULL;
  GAsyncResult *erased[2] = { NULL, NULL };
  g_autoptr (GError) error = NULL;
  TdStore *store;

  g_assert_cmpint (td_store_open (from, &store, NULL, NULL), ==, TD_STORE_OK);
  td_store_close (store);
  g_mkdir (pictures, 0700);
  g_mkdir (new_folder, 0700);
  make (pictures, "1.webm");
  td_storage_copy_async (from, to, NULL, take_result, &copied);
  while (!copied)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (td_storage_backup_finish (copied, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (td_storage_pictures_size (from), ==, 5);
  g_assert_cmpuint (td_storage_pictures_size (to), ==, 5);
  g_assert_cmpuint (td_storage_size (to), >, 0);

  td_storage_erase_async (from, NULL, take_result, &erased[0]);
  td_storage_erase_async (to, NULL, take_result, &erased[1]);
  while (!erased[0] || !erased[1])
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&erased[0]);
  g_clear_object (&erased[1]);
  g_assert_cmpint (g_rmdir (new_folder), ==, 0);
  g_autofree char *old_folder = g_path_get_dirname (from);
  g_assert_cmpint (g_rmdir (old_folder), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
nothing_kept_cannot_be_backed_up_and_is_erased_at_once (void)
{
  g_autofree char *folder = g_dir_make_tmp ("teardrop-test-XXXXXX", NULL);
  g_autofree char *absent = g_build_filename (folder, "never", "teardrop.db", NULL);
  g_autofree char *copy = g_build_filename (folder, "copy.db", NULL);
  g_autoptr (GAsyncResult) backup = NULL;
  g_autoptr (GAsyncResult) erased = NULL;
  g_autoptr (GError) error = NULL;

  td_storage_backup_async (absent, copy, NULL, take_result, &backup);
  td_storage_erase_async (absent, NULL, take_result, &erased);
  while (!backup || !erased)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (td_storage_backup_finish (backup, &error));
  g_assert_nonnull (error);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_true (td_storage_erase_finish (erased, NULL));
  g_rmdir (folder);
}

static void
the_usual_place_is_used_until_another_one_is_chosen (void)
{
  g_autoptr (GSettings) settings = td_settings_new ();
  g_autofree char *usual = td_settings_default_database ();
  g_autofree char *first = td_settings_database (settings);

  g_assert_cmpstr (first, ==, usual);
  g_settings_set_string (settings, "database", "/elsewhere/teardrop.db");
  g_autofree char *chosen = td_settings_database (settings);
  g_assert_cmpstr (chosen, ==, "/elsewhere/teardrop.db");
  g_settings_reset (settings, "database");

  g_autoptr (GPtrArray) languages = td_settings_languages ();
  g_assert_cmpstr (languages->pdata[0], ==, "en");
  g_assert_cmpstr (td_settings_language_name ("de"), ==, "Deutsch");
  g_assert_cmpstr (td_settings_language_name ("xx"), ==, "xx");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/units/units_follow_the_choice_and_else_the_region",
                   units_follow_the_choice_and_else_the_region);
  g_test_add_func ("/units/amounts_are_written_with_at_most_one_decimal",
                   amounts_are_written_with_at_most_one_decimal);
  g_test_add_func ("/units/amounts_are_read_with_either_decimal_sign_and_any_unit",
                   amounts_are_read_with_either_decimal_sign_and_any_unit);
  g_test_add_func ("/units/what_is_converted_comes_back", what_is_converted_comes_back);
  g_test_add_func ("/limits/own_limits_reach_only_the_check_they_are_for",
                   own_limits_reach_only_the_check_they_are_for);
  g_test_add_func ("/limits/a_limit_out_of_range_is_brought_into_it_and_no_number_is_passed_over",
                   a_limit_out_of_range_is_brought_into_it_and_no_number_is_passed_over);
  g_test_add_func ("/limits/the_usual_limit_is_not_kept", the_usual_limit_is_not_kept);
  g_test_add_func ("/limits/one_is_reset_alone_and_all_of_an_exercise_together",
                   one_is_reset_alone_and_all_of_an_exercise_together);
  g_test_add_func ("/limits/limits_live_in_the_settings", limits_live_in_the_settings);
  g_test_add_func ("/limits/every_limit_can_be_shown_and_set_in_its_unit",
                   every_limit_can_be_shown_and_set_in_its_unit);
  g_test_add_func ("/storage/only_what_belongs_to_the_sessions_is_erased",
                   only_what_belongs_to_the_sessions_is_erased);
  g_test_add_func ("/storage/the_sessions_are_copied_with_their_pictures",
                   the_sessions_are_copied_with_their_pictures);
  g_test_add_func ("/storage/nothing_kept_cannot_be_backed_up_and_is_erased_at_once",
                   nothing_kept_cannot_be_backed_up_and_is_erased_at_once);
  g_test_add_func ("/storage/the_usual_place_is_used_until_another_one_is_chosen",
                   the_usual_place_is_used_until_another_one_is_chosen);
  return g_test_run ();
}
