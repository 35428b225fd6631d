/* td-rep-table.c: a session's repetitions and attempts as a table.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-rep-table.h"

#include "td-history-words.h"
#include "td-menu.h"
#include "td-tab.h"
#include "td-words.h"

#include <glib/gi18n.h>
#include <math.h>

/* A column: its title, what it means, and for a measure where it lies in a TdRep and how many decimals
 * it shows. */
typedef enum
{
  COLUMN_SET,
  COLUMN_NUMBER,
  COLUMN_RESULT,
  COLUMN_DEPTH_CLASS,
  COLUMN_MEASURE,
  COLUMN_CORRECT /* a button */
} ColumnKind;

typedef struct
{
  ColumnKind kind;
  const char *title;
  const char *tip;
  gsize measure;
  int digits;
} Column;

#define MEASURE(member) G_STRUCT_OFFSET (TdRep, member)

static const Column columns[] = {
  { COLUMN_SET, N_ ("Set"), N_ ("Number of the set"), 0, 0 },
  { COLUMN_NUMBER, N_ ("Rep"), N_ ("Number of the repetition in its set"), 0, 0 },
  { COLUMN_RESULT, N_ ("Result"), N_ ("Counted, or why not"), 0, 0 },
  { COLUMN_CORRECT, N_ ("Correct"), N_ ("The camera can be wrong: say what it was"), 0, 0 },
  { COLUMN_MEASURE, N_ ("Depth °"), N_ ("Largest knee flexion, both knees"),
    MEASURE (knee_flexion_max_deg), 0 },
  { COLUMN_DEPTH_CLASS, N_ ("Depth class"), N_ ("Quarter, half, parallel or deep"), 0, 0 },
  { COLUMN_MEASURE, N_ ("Thigh °"),
    N_ ("Thigh against level at the bottom; negative: hip below the knee"),
    MEASURE (thigh_inclination_deg), 0 },
  { COLUMN_MEASURE, N_ ("FPPA °"),
    N_ ("Frontal plane projection angle; positive: knees inward (valgus)"), MEASURE (fppa_deg), 0 },
  { COLUMN_MEASURE, N_ ("Worse knee °"), N_ ("The same of the knee that goes further inward"),
    MEASURE (fppa_worst_deg), 0 },
  { COLUMN_MEASURE, N_ ("Trunk °"), N_ ("Forward lean at the bottom"), MEASURE (trunk_lean_deg),
    0 },
  { COLUMN_MEASURE, N_ ("Down s"), N_ ("Eccentric phase"), MEASURE (eccentric_s), 1 },
  { COLUMN_MEASURE, N_ ("Pause s"), N_ ("At the bottom"), MEASURE (pause_s), 1 },
  { COLUMN_MEASURE, N_ ("Up s"), N_ ("Concentric phase"), MEASURE (concentric_s), 1 },
  { COLUMN_MEASURE, N_ ("Velocity legs/s"), N_ ("Of the hips going up, leg lengths a second"),
    MEASURE (concentric_velocity), 2 },
  { COLUMN_MEASURE, N_ ("Lockout °"), N_ ("Least knee flexion at the top that follows"),
    MEASURE (lockout_deg), 0 },
};

struct _TdRepTable
{
  AdwBin parent_instance;

  GListStore *reps; /* TdRepItem */
  GtkFilterListModel *in_set;
  GtkSingleSelection *rows;
  GtkCustomFilter *filter;
  guint wanted_set; /* 0: all */
  /* A missing value comes last whichever way the rest is sorted. GTK 4.8 does not tell which way that
   * is, so two rows that differ in every column are asked. */
  gboolean descending;
  TdRepItem *low, *high;
  guint sorted_by; /* from the menu; G_MAXUINT: not yet */
  gboolean sort_descending;
  GtkWidget *menu;
  GtkWidget *menu_before; /* closed */

  GtkDropDown *sets;
  GtkColumnView *table;
};

G_DEFINE_FINAL_TYPE (TdRepTable, td_rep_table, ADW_TYPE_BIN)

enum
{
  CORRECT,
  ROW_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- Cells -------------------------------------------------------------------------------- */

/* The reason why there is nothing to show goes to *MISSING, NULL when there is something. */
static char *
cell_text (const Column *column, const TdRepRow *row, const char **missing)
{
  *missing = NULL;
  switch (column->kind)
    {
    case COLUMN_SET:
      return g_strdup_printf ("%d", row->set_number);
    case COLUMN_NUMBER:
      if (row->number > 0)
        return g_strdup_printf ("%d", row->number);
      *missing = _ ("not counted, so it has no number");
      return g_strdup ("–");
    case COLUMN_RESULT:
      return td_history_result (row);
    case COLUMN_DEPTH_CLASS:
      if (row->rep.depth == TD_DEPTH_UNKNOWN)
        *missing = _ (td_missing_text (row->rep.knee_flexion_max_deg.missing));
      return td_words_depth_class (&row->rep);
    case COLUMN_MEASURE:
      {
        const TdMeasure *measure = G_STRUCT_MEMBER_P (&row->rep, column->measure);
        if (!td_measure_ok (*measure))
          *missing = _ (td_missing_text (measure->missing));
        return td_words_measure (*measure, column->digits);
      }
    case COLUMN_CORRECT:
    default:
      return g_strdup ("");
    }
}

static void
show_label (GtkWidget *label, const Column *column, const TdRepRow *row)
{
  const char *missing;
  g_autofree char *text = cell_text (column, row, &missing);
  g_autofree char *tip = NULL;

  gtk_label_set_label (GTK_LABEL (label), text);
  if (missing && missing[0])
    tip = g_strdup_printf ("%s: %s", _ (column->title), missing);
  gtk_widget_set_tooltip_text (label, tip);
  if (tip)
    gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    tip, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  if (td_rep_row_counts (row))
    gtk_widget_remove_css_class (label, "dim-label");
  else
    gtk_widget_add_css_class (label, "dim-label");
}

/* The row takes the focus, and has no name of its own. CELL: any of it. */
static void
name_row (GtkWidget *cell, const TdRepRow *row)
{
  GtkWidget *column = gtk_widget_get_parent (cell);
  GtkWidget *widget = column ? gtk_widget_get_parent (column) : NULL;
  g_autofree char *result = td_history_result (row);
  g_autofree char *depth = td_words_depth (&row->rep);
  g_autofree char *name = NULL;

  if (!widget)
    return;
  if (row->number > 0)
    /* Translators: set, repetition in it, result, depth in words */
    name = g_strdup_printf (_ ("Set %d, repetition %d: %s, %s"), row->set_number, row->number,
                            result, depth);
  else
    /* Translators: set, why an attempt was not counted, depth in words */
    name = g_strdup_printf (_ ("Set %d, attempt: %s, %s"), row->set_number, result, depth);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static const char *
correction_icon (const TdRepRow *row)
{
  switch (td_history_correction (row))
    {
    case TD_VERDICT_NOT_ONE:
      return "list-remove-symbolic";
    case TD_VERDICT_ONE:
      return "list-add-symbolic";
    case TD_VERDICT_MEASURED:
    default:
      return "edit-undo-symbolic";
    }
}

static void
show_button (GtkWidget *button, const TdRepRow *row)
{
  const char *what = td_history_correction_name (row);
  g_autofree char *name = NULL;

  if (row->number > 0)
    /* Translators: set, repetition in it, what its button does */
    name = g_strdup_printf (_ ("Set %d, repetition %d: %s"), row->set_number, row->number, what);
  else
    /* Translators: set, what the button of an attempt does */
    name = g_strdup_printf (_ ("Set %d, attempt: %s"), row->set_number, what);
  gtk_button_set_icon_name (GTK_BUTTON (button), correction_icon (row));
  gtk_widget_set_tooltip_text (button, what);
  /* The arrow keys go from button to button, so each says what its row is. */
  g_autofree char *result = td_history_result (row);
  g_autofree char *depth = td_words_depth (&row->rep);
  g_autofree char *is = g_strdup_printf ("%s, %s", result, depth);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, is, -1);
}

static void
correct (TdRepTable *self, TdRepItem *item)
{
  const TdRepRow *row = td_rep_item_get_row (item);

  g_signal_emit (self, signals[CORRECT], 0, row->id, (int) td_history_correction (row));
}

static TdRepTable *
table_of (GtkWidget *cell)
{
  return TD_REP_TABLE (gtk_widget_get_ancestor (cell, TD_TYPE_REP_TABLE));
}

static void
on_correct_clicked (GtkButton *button, gpointer data)
{
  GtkListItem *item = data;

  correct (table_of (GTK_WIDGET (button)), gtk_list_item_get_item (item));
}

static void
open_menu (TdRepTable *self, GtkWidget *at, double x, double y)
{
  TdRepItem *chosen = td_rep_table_get_chosen (self);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) sort = g_menu_new ();
  double to_x = 0, to_y = 0;

  if (chosen)
    g_menu_append (menu, td_history_correction_name (td_rep_item_get_row (chosen)), "rep.correct");
  g_menu_append (menu, _ ("Copy the Table"), "rep.copy");
  /* The titles of columns take no focus in GTK 4.8. */
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (columns[i].kind != COLUMN_CORRECT)
      {
        g_autofree char *action = g_strdup_printf ("rep.sort(uint32 %u)", i);
        g_menu_append (sort, _ (columns[i].title), action);
      }
  g_menu_append_submenu (menu, _ ("Sort By"), G_MENU_MODEL (sort));
  /* A new one each time: GTK 4.8 does not give the focus back from one that was left within its submenu
   * before. The last one stays meanwhile: the pointer may still be known to be in it, and leaves it when the new
   * one opens. */
  g_clear_pointer (&self->menu_before, gtk_widget_unparent);
  self->menu_before = self->menu;
  self->menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  gtk_widget_translate_coordinates (at, GTK_WIDGET (self), x, y, &to_x, &to_y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) to_x, (int) to_y, 1, 1 });
  td_menu_gives_back (GTK_POPOVER (self->menu), at);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_right_click (GtkGestureClick *gesture, int n, double x, double y, gpointer data)
{
  GtkListItem *item = data;
  GtkWidget *cell = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  TdRepTable *self = table_of (cell);

  (void) n;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_single_selection_set_selected (self->rows, gtk_list_item_get_position (item));
  open_menu (self, cell, x, y);
}

static void
on_setup_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const Column *column = data;
  GtkGesture *click = gtk_gesture_click_new ();
  GtkWidget *child;

  (void) factory;
  if (column->kind == COLUMN_CORRECT)
    {
      child = gtk_button_new ();
      gtk_widget_add_css_class (child, "flat");
      gtk_widget_add_css_class (child, "correct");
      gtk_widget_set_halign (child, GTK_ALIGN_CENTER);
      g_signal_connect_object (child, "clicked", G_CALLBACK (on_correct_clicked), item, 0);
    }
  else
    {
      gboolean words = column->kind == COLUMN_RESULT || column->kind == COLUMN_DEPTH_CLASS;
      child = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (child), words ? 0 : 1);
      gtk_widget_add_css_class (child, "numeric");
    }
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_right_click), item, 0);
  gtk_widget_add_controller (child, GTK_EVENT_CONTROLLER (click));
  g_object_set_data (G_OBJECT (child), "item", item);
  gtk_list_item_set_child (item, child);
}

static void
show_cell (GtkListItem *item, const Column *column)
{
  const TdRepRow *row = td_rep_item_get_row (gtk_list_item_get_item (item));
  GtkWidget *child = gtk_list_item_get_child (item);

  if (column->kind == COLUMN_CORRECT)
    show_button (child, row);
  else
    show_label (child, column, row);
  if (column->kind == COLUMN_RESULT)
    name_row (child, row);
}

static void
on_row_changed (TdRepItem *rep, gpointer data)
{
  GtkListItem *item = data;

  (void) rep;
  show_cell (item, g_object_get_data (G_OBJECT (item), "column"));
}

static void
on_bind_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  (void) factory;
  g_object_set_data (G_OBJECT (item), "column", data);
  g_signal_connect_object (gtk_list_item_get_item (item), "changed", G_CALLBACK (on_row_changed),
                           item, 0);
  show_cell (item, data);
}

static void
on_unbind_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  (void) factory;
  (void) data;
  g_signal_handlers_disconnect_matched (gtk_list_item_get_item (item), G_SIGNAL_MATCH_DATA, 0, 0,
                                        NULL, NULL, item);
}

/* --- Order -------------------------------------------------------------------------------- */

/* NAN: nothing to compare. */
static double
sort_value (const Column *column, const TdRepRow *row)
{
  switch (column->kind)
    {
    case COLUMN_SET:
      return row->set_number;
    case COLUMN_NUMBER:
      return row->number > 0 ? row->number : NAN;
    case COLUMN_RESULT:
      return td_rep_row_counts (row) ? 0 : 1 + (double) row->rep.reason;
    case COLUMN_DEPTH_CLASS:
      return row->rep.depth == TD_DEPTH_UNKNOWN ? NAN : (double) row->rep.depth;
    case COLUMN_MEASURE:
      {
        const TdMeasure *measure = G_STRUCT_MEMBER_P (&row->rep, column->measure);
        return td_measure_ok (*measure) ? (double) measure->value : NAN;
      }
    case COLUMN_CORRECT:
    default:
      return NAN;
    }
}

typedef struct
{
  TdRepTable *table; /* outlives its columns */
  const Column *column;
} Order;

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  const Order *order = data;
  double x = sort_value (order->column, td_rep_item_get_row ((TdRepItem *) a));
  double y = sort_value (order->column, td_rep_item_get_row ((TdRepItem *) b));

  if (isnan (x) || isnan (y))
    return (isnan (x) - isnan (y)) * (order->table->descending ? -1 : 1);
  return (x > y) - (x < y);
}

static void
on_order_changed (TdRepTable *self)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->table);

  self->descending = gtk_sorter_compare (sorter, self->low, self->high) == GTK_ORDERING_LARGER;
}

static TdRepItem *
probe (int value)
{
  TdRepRow row = { .set_number = value, .number = value };

  row.rep.counted = value == 1;
  row.rep.reason = value == 1 ? TD_REASON_COUNTED : TD_REASON_SHALLOW;
  row.rep.depth = (TdDepth) value;
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    if (columns[i].kind == COLUMN_MEASURE)
      *(TdMeasure *) G_STRUCT_MEMBER_P (&row.rep, columns[i].measure)
          = td_measure ((float) value, 1);
  return td_rep_item_new (&row);
}

/* --- The table ---------------------------------------------------------------------------- */

static void
add_columns (TdRepTable *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      GtkColumnViewColumn *column;

      g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cell), (gpointer) &columns[i]);
      g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cell), (gpointer) &columns[i]);
      g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind_cell), (gpointer) &columns[i]);
      column = gtk_column_view_column_new (_ (columns[i].title), factory);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_column_set_expand (column, columns[i].kind == COLUMN_RESULT);
      if (columns[i].kind != COLUMN_CORRECT)
        {
          Order *order = g_new (Order, 1);
          *order = (Order){ self, &columns[i] };
          g_autoptr (GtkSorter) sorter
              = GTK_SORTER (gtk_custom_sorter_new (compare_rows, order, g_free));
          gtk_column_view_column_set_sorter (column, sorter);
        }
      gtk_column_view_append_column (self->table, column);
      g_object_unref (column);
    }

  /* What holds the rows within has no name of its own. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_last_child (GTK_WIDGET (self->table))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Repetitions"), -1);

  /* A column cannot be given its tip in GTK 4.8, the widget of its title can. */
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->table));
  GtkWidget *title = header ? gtk_widget_get_first_child (header) : NULL;
  for (gsize i = 0; title && i < G_N_ELEMENTS (columns); i++)
    {
      gtk_widget_set_tooltip_text (title, _ (columns[i].tip));
      title = gtk_widget_get_next_sibling (title);
    }
}

static gboolean
is_in_set (gpointer item, gpointer data)
{
  TdRepTable *self = data;

  return self->wanted_set == 0
         || (guint) td_rep_item_get_row (item)->set_number == self->wanted_set;
}

static void
on_set_chosen (TdRepTable *self)
{
  guint wanted = gtk_drop_down_get_selected (self->sets);

  self->wanted_set = wanted == GTK_INVALID_LIST_POSITION ? 0 : wanted;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
offer_sets (TdRepTable *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->reps));
  int n_sets = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TdRepItem) item = g_list_model_get_item (G_LIST_MODEL (self->reps), i);
      n_sets = MAX (n_sets, td_rep_item_get_row (item)->set_number);
    }
  gtk_string_list_append (names, _ ("All sets"));
  for (int s = 1; s <= n_sets; s++)
    {
      g_autofree char *name = g_strdup_printf (_ ("Set %d"), s);
      gtk_string_list_append (names, name);
    }
  gtk_drop_down_set_model (self->sets, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->sets, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->sets), n_sets > 1);

  g_autoptr (GtkColumnViewColumn) set_column
      = g_list_model_get_item (gtk_column_view_get_columns (self->table), 0);
  gtk_column_view_column_set_visible (set_column, n_sets > 1);
}

static gboolean
are_the_same (TdRepTable *self, GPtrArray *reps)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->reps)) != reps->len)
    return FALSE;
  for (guint i = 0; i < reps->len; i++)
    {
      g_autoptr (TdRepItem) item = g_list_model_get_item (G_LIST_MODEL (self->reps), i);
      if (td_rep_item_get_row (item)->id != td_rep_item_get_row (reps->pdata[i])->id)
        return FALSE;
    }
  return TRUE;
}

void
td_rep_table_set_reps (TdRepTable *self, GPtrArray *reps)
{
  g_return_if_fail (TD_IS_REP_TABLE (self));

  if (are_the_same (self, reps))
    for (guint i = 0; i < reps->len; i++)
      {
        g_autoptr (TdRepItem) item = g_list_model_get_item (G_LIST_MODEL (self->reps), i);
        td_rep_item_set_row (item, td_rep_item_get_row (reps->pdata[i]));
      }
  else
    {
      g_list_store_splice (self->reps, 0, g_list_model_get_n_items (G_LIST_MODEL (self->reps)),
                           reps->pdata, reps->len);
      offer_sets (self);
    }
}

TdRepItem *
td_rep_table_get_chosen (TdRepTable *self)
{
  g_return_val_if_fail (TD_IS_REP_TABLE (self), NULL);
  return gtk_single_selection_get_selected_item (self->rows);
}

static void
on_chosen (TdRepTable *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rep.correct",
                                 td_rep_table_get_chosen (self) != NULL);
  g_signal_emit (self, signals[ROW_CHOSEN], 0);
}

char *
td_rep_table_get_text (TdRepTable *self)
{
  g_return_val_if_fail (TD_IS_REP_TABLE (self), NULL);

  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  GString *text = g_string_new (NULL);

  for (gsize c = 0; c < G_N_ELEMENTS (columns); c++)
    if (columns[c].kind != COLUMN_CORRECT)
      g_string_append_printf (text, c ? "\t%s" : "%s", _ (columns[c].title));
  g_string_append_c (text, '\n');
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TdRepItem) item = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      for (gsize c = 0; c < G_N_ELEMENTS (columns); c++)
        if (columns[c].kind != COLUMN_CORRECT)
          {
            const char *missing;
            g_autofree char *cell = cell_text (&columns[c], td_rep_item_get_row (item), &missing);
            /* An empty cell is what a spreadsheet leaves out of its sums. */
            g_string_append_printf (text, c ? "\t%s" : "%s", missing ? "" : cell);
          }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

/* --- Actions ------------------------------------------------------------------------------ */

static void
correct_chosen (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdRepItem *chosen = td_rep_table_get_chosen (TD_REP_TABLE (widget));

  (void) name;
  (void) parameter;
  if (chosen)
    correct (TD_REP_TABLE (widget), chosen);
}

static void
copy (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *text = td_rep_table_get_text (TD_REP_TABLE (widget));

  (void) name;
  (void) parameter;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

/* Once more the other way round. */
static void
sort_by (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdRepTable *self = TD_REP_TABLE (widget);
  guint wanted = g_variant_get_uint32 (parameter);
  g_autoptr (GtkColumnViewColumn) column
      = g_list_model_get_item (gtk_column_view_get_columns (self->table), wanted);

  (void) name;
  if (!column)
    return;
  self->sort_descending = wanted == self->sorted_by && !self->sort_descending;
  self->sorted_by = wanted;
  gtk_column_view_sort_by_column (self->table, column,
                                  self->sort_descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
  /* The row that had the focus may be another one now. */
  td_menu_give (GTK_WIDGET (self->table));
}

/* A list of GTK 4.8 keeps the keys to the side for itself and does nothing with them: columns that do not
 * fit would be for the mouse alone. */
static gboolean
on_table_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
              gpointer data)
{
  TdRepTable *self = data;
  GtkAdjustment *across = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->table));
  gboolean right = key == GDK_KEY_Right || key == GDK_KEY_KP_Right;

  (void) keys;
  (void) code;
  if ((!right && key != GDK_KEY_Left && key != GDK_KEY_KP_Left)
      || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return FALSE;
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    right = !right;
  gtk_adjustment_set_value (across,
                            gtk_adjustment_get_value (across)
                                + (right ? 1 : -1) * gtk_adjustment_get_page_size (across) / 3);
  return TRUE;
}

static void
show_menu (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TdRepTable *self = TD_REP_TABLE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  (void) name;
  (void) parameter;
  if (!focus || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->table)))
    focus = GTK_WIDGET (self->table);
  /* Its row may have the focus and not be chosen: by Tab it only came near. */
  GtkListItem *item = g_object_get_data (G_OBJECT (focus), "item");
  if (item)
    gtk_single_selection_set_selected (self->rows, gtk_list_item_get_position (item));
  open_menu (self, focus, 48, gtk_widget_get_height (focus) * 0.75);
}

static void
td_rep_table_dispose (GObject *object)
{
  TdRepTable *self = TD_REP_TABLE (object);

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->menu_before, gtk_widget_unparent);
  g_clear_object (&self->reps);
  G_OBJECT_CLASS (td_rep_table_parent_class)->dispose (object);
}

static void
td_rep_table_finalize (GObject *object)
{
  TdRepTable *self = TD_REP_TABLE (object);

  /* The order changes once more when the columns go. */
  g_object_unref (self->low);
  g_object_unref (self->high);
  G_OBJECT_CLASS (td_rep_table_parent_class)->finalize (object);
}

static void
td_rep_table_class_init (TdRepTableClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_rep_table_dispose;
  G_OBJECT_CLASS (class)->finalize = td_rep_table_finalize;
  signals[CORRECT] = g_signal_new ("correct", TD_TYPE_REP_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT);
  signals[ROW_CHOSEN] = g_signal_new ("row-chosen", TD_TYPE_REP_TABLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-rep-table.ui");
  gtk_widget_class_bind_template_child (widget_class, TdRepTable, sets);
  gtk_widget_class_bind_template_child (widget_class, TdRepTable, table);
  gtk_widget_class_bind_template_callback (widget_class, on_set_chosen);
  gtk_widget_class_install_action (widget_class, "rep.correct", NULL, correct_chosen);
  gtk_widget_class_install_action (widget_class, "rep.copy", NULL, copy);
  gtk_widget_class_install_action (widget_class, "rep.menu", NULL, show_menu);
  gtk_widget_class_install_action (widget_class, "rep.sort", "u", sort_by);
}

static void
td_rep_table_init (TdRepTable *self)
{
  self->reps = g_list_store_new (TD_TYPE_REP_ITEM);
  self->low = probe (1);
  self->high = probe (2);
  self->sorted_by = G_MAXUINT;
  self->filter = gtk_custom_filter_new (is_in_set, self, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_columns (self);
  td_tab_leaves (GTK_WIDGET (self->table));
  GtkEventController *keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_table_key), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->table), keys);
  /* The button within is what takes the focus, and has no name of its own. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->sets))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Sets in the table"), -1);

  /* Before the rows hear of it: they are sorted at once. */
  GtkSorter *sorter = gtk_column_view_get_sorter (self->table);
  g_signal_connect_object (sorter, "changed", G_CALLBACK (on_order_changed), self,
                           G_CONNECT_SWAPPED);
  self->in_set = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->reps)),
                                            GTK_FILTER (self->filter));
  GtkSortListModel *sorted
      = gtk_sort_list_model_new (G_LIST_MODEL (self->in_set), g_object_ref (sorter));
  self->rows = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_single_selection_set_autoselect (self->rows, FALSE);
  gtk_single_selection_set_can_unselect (self->rows, TRUE);
  gtk_single_selection_set_selected (self->rows, GTK_INVALID_LIST_POSITION);
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (self->rows));
  g_object_unref (self->rows); /* the view keeps it */
  g_signal_connect_object (self->rows, "notify::selected-item", G_CALLBACK (on_chosen), self,
                           G_CONNECT_SWAPPED);
  on_chosen (self);
}

GtkWidget *
td_rep_table_new (void)
{
  return g_object_new (TD_TYPE_REP_TABLE, NULL);
}
