/* td-train-page.c: the page in front of which one squats: picture, count, gauge, start and stop.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-train-page.h"

#include "td-count.h"
#include "td-gauge.h"
#include "td-stage.h"
#include "td-words.h"

#include <glib/gi18n.h>

/* Space between what lies on the picture and its edges. */
#define MARGIN 16
#define FEEDBACK_WIDTH 300
/* A window narrower than this has small text on the picture. */
#define COMPACT_WIDTH 600

struct _TdTrainPage
{
  AdwBin parent_instance;

  TdTrainer *trainer;
  GSettings *settings;
  TdLatency *latency;
  gulong after_paint;
  GdkFrameClock *clock;
  char *said; /* the status line */
  gboolean choosing;
  gboolean mirror;

  GtkStack *view;
  GtkOverlay *overlay;
  TdStage *stage;
  TdCount *count;
  TdGauge *gauge;
  GtkLabel *status;
  GtkLabel *feedback;
  AdwStatusPage *nothing;
  GtkButton *mend;
  GtkFlowBox *controls;
  GtkWidget *setup;
  GtkDropDown *source;
  GtkButton *start;
};

G_DEFINE_FINAL_TYPE (TdTrainPage, td_train_page, ADW_TYPE_BIN)

/* --- What is said ------------------------------------------------------------------------- */

static void
set_status (TdTrainPage *self, const char *text, gboolean wrong)
{
  if (g_strcmp0 (self->said, text) == 0)
    return;
  g_free (self->said);
  self->said = g_strdup (text);
  gtk_label_set_label (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->status), text[0] != '\0');
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->status), "wrong");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->status), "wrong");
}

/* The line at the top: what is wrong, else what to do. POSE may be NULL. */
static void
say_status (TdTrainPage *self, const TdPose *pose)
{
  TdTrainerState state = td_trainer_get_state (self->trainer);
  const TdLiveUpdate *last = td_trainer_get_last (self->trainer);
  g_autofree char *trouble = td_words_trouble (last, td_trainer_in_session (self->trainer));
  g_autofree char *guidance = pose ? td_words_guidance (pose) : NULL;
  g_autofree char *end = NULL;

  switch (state)
    {
    case TD_TRAINER_LOST:
      set_status (self, trouble, TRUE);
      return;
    case TD_TRAINER_ENDED:
      end = td_words_end (last);
      set_status (self, end, trouble != NULL);
      return;
    case TD_TRAINER_RUNNING:
      if (trouble)
        set_status (self, trouble, TRUE);
      else
        set_status (self,
                    guidance           ? guidance
                    : last->count == 0 ? _ ("Squat when you are ready")
                                       : "",
                    FALSE);
      return;
    case TD_TRAINER_PREVIEW:
      if (trouble)
        set_status (self, trouble, TRUE);
      else if (guidance)
        set_status (self, guidance, FALSE);
      else if (pose)
        set_status (self, _ ("Ready: press Start, then squat"), FALSE);
      return;
    case TD_TRAINER_STARTING:
    case TD_TRAINER_LOOKING:
      set_status (self, _ ("Starting…"), FALSE);
      return;
    case TD_TRAINER_NO_CAMERA:
    case TD_TRAINER_FILE:
    case TD_TRAINER_FAILED:
      /* The page without picture says it. */
      set_status (self, "", FALSE);
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

  switch (td_trainer_get_state (self->trainer))
    {
    case TD_TRAINER_NO_CAMERA:
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
      if (td_source_item_get_kind (source) == TD_SOURCE_FILE)
        show_nothing (self, "dialog-warning-symbolic", _ ("This Video Cannot Be Counted"),
                      last->problem_detail, _ ("Open Another Video…"), "win.open");
      else
        show_nothing (self, "dialog-warning-symbolic",
                      last->problem == TD_LIVE_MODEL_PROBLEM ? _ ("The Pose Network Cannot Be Used")
                                                             : _ ("The Camera Cannot Be Used"),
                      last->problem_detail, _ ("Try Again"), "win.try-again");
      return TRUE;
    default:
      return FALSE;
    }
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
on_changed (TdTrainPage *self)
{
  TdTrainerState state = td_trainer_get_state (self->trainer);
  TdSourceItem *source = td_trainer_get_source (self->trainer);
  gboolean in_session = td_trainer_in_session (self->trainer);
  gboolean nothing = say_nothing (self);

  gtk_stack_set_visible_child_name (self->view, nothing ? "nothing" : "stage");
  if (nothing || state == TD_TRAINER_LOOKING)
    td_stage_clear (self->stage);
  td_stage_set_stale (self->stage, state == TD_TRAINER_LOST);
  self->mirror = source && td_source_item_get_kind (source) == TD_SOURCE_CAMERA
                 && g_settings_get_boolean (self->settings, "mirror");
  td_stage_set_mirror (self->stage, self->mirror);
  if (state != TD_TRAINER_RUNNING && state != TD_TRAINER_PREVIEW)
    td_gauge_set_measures (self->gauge, NULL);
  td_gauge_set_count_flexion (self->gauge,
                              td_trainer_get_profile (self->trainer)->count_flexion_deg);

  /* During a session the picture needs the room, and none of this can change. */
  gtk_widget_set_visible (self->setup, !in_session);
  gtk_flow_box_set_max_children_per_line (self->controls, in_session ? 1 : 2);
  gtk_button_set_label (self->start, in_session ? _ ("Stop") : _ ("Start"));
  if (in_session)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->start), "suggested-action");
      gtk_widget_add_css_class (GTK_WIDGET (self->start), "destructive-action");
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->start), "destructive-action");
      gtk_widget_add_css_class (GTK_WIDGET (self->start), "suggested-action");
    }

  gboolean has_count
      = in_session || state == TD_TRAINER_ENDED || td_trainer_get_count (self->trainer) > 0;
  gtk_widget_set_visible (GTK_WIDGET (self->count), has_count);
  gtk_widget_set_visible (GTK_WIDGET (self->gauge), state != TD_TRAINER_LOOKING);
  td_count_set_value (self->count, td_trainer_get_count (self->trainer));
  if (in_session && td_trainer_get_count (self->trainer) == 0
      && td_trainer_get_attempts (self->trainer) == 0)
    gtk_widget_set_visible (GTK_WIDGET (self->feedback), FALSE);
  say_status (self, NULL);
  select_source (self);
}

static void
on_updated (TdTrainPage *self, TdLiveUpdate *update)
{
  if (update->pixels && update->width > 0 && update->height > 0)
    {
      /* The texture keeps a reference to the engine's own buffer: nothing is copied. */
      g_autoptr (GdkTexture) texture = gdk_memory_texture_new (
          update->width, update->height, GDK_MEMORY_B8G8R8, update->pixels, (gsize) update->stride);
      td_stage_set_picture (self->stage, texture, update->preview_scale, &update->pose);
      td_gauge_set_measures (self->gauge, &update->measures);
      if (self->latency)
        td_latency_picture (self->latency, update->duration_s > 0 ? 0 : update->pose.time_ns,
                            update->arrived_ns);
      say_status (self, &update->pose);
    }

  td_count_set_value (self->count, td_trainer_get_count (self->trainer));
  if (update->n_reps > 0)
    {
      const TdRep *last = &update->reps[update->n_reps - 1];
      const TdProfile *profile = td_trainer_get_profile (self->trainer);
      g_autofree char *text = td_words_feedback (last, profile);
      g_autofree char *advice = td_words_advice (last, profile);
      gtk_label_set_label (self->feedback, text);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->feedback), advice);
      gtk_widget_set_visible (GTK_WIDGET (self->feedback), TRUE);
    }
}

/* --- Layout over the picture -------------------------------------------------------------- */

/* The count is a third of the window's height, in a corner; what was said of the last repetition
 * stands above it. Both leave the middle to the person. */
static gboolean
on_get_child_position (GtkOverlay *overlay, GtkWidget *child, GdkRectangle *place, gpointer data)
{
  TdTrainPage *self = data;
  int width = gtk_widget_get_width (GTK_WIDGET (overlay));
  int height = gtk_widget_get_height (GTK_WIDGET (overlay));
  int count_width = 0, count_height = 0, gauge_width = 0;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (overlay));

  if ((child != GTK_WIDGET (self->count) && child != GTK_WIDGET (self->feedback)) || !root)
    return FALSE;

  if (gtk_widget_get_visible (GTK_WIDGET (self->gauge)))
    gtk_widget_measure (GTK_WIDGET (self->gauge), GTK_ORIENTATION_HORIZONTAL, -1, NULL,
                        &gauge_width, NULL, NULL);
  int room = width - gauge_width - 3 * MARGIN;
  if (gtk_widget_get_visible (GTK_WIDGET (self->count)))
    td_count_size_for (self->count, gtk_widget_get_height (GTK_WIDGET (root)) / 3, MAX (room, 48),
                       &count_width, &count_height);
  count_height = MIN (count_height, height);

  if (child == GTK_WIDGET (self->count))
    {
      *place = (GdkRectangle){ MARGIN, MAX (height - count_height - MARGIN, 0), count_width,
                               count_height };
      return TRUE;
    }

  int minimum, natural, text_width, text_height;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  text_width = MIN (natural, MIN (MAX (count_width, FEEDBACK_WIDTH), room));
  text_width = MAX (text_width, minimum);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, text_width, NULL, &text_height, NULL, NULL);
  *place = (GdkRectangle){ MARGIN, MAX (height - count_height - text_height - 2 * MARGIN, 0),
                           text_width, text_height };
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

static void
on_after_paint (GdkFrameClock *clock, gpointer data)
{
  TdTrainPage *self = data;

  (void) clock;
  td_latency_painted (self->latency, g_get_monotonic_time () * 1000);
}

/* Smaller text in a narrow window, or it would cover the person. */
static void
on_layout (TdTrainPage *self, int width)
{
  if (width < COMPACT_WIDTH)
    gtk_widget_add_css_class (GTK_WIDGET (self), "compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "compact");
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

/* The picture takes the keyboard first, where the space key means start and stop. */
static gboolean
td_train_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TD_TRAIN_PAGE (widget)->stage));
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
  g_signal_connect_object (trainer, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (trainer, "updated", G_CALLBACK (on_updated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::mirror", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  self->choosing = TRUE;
  gtk_drop_down_set_model (self->source, td_trainer_get_sources (trainer));
  self->choosing = FALSE;
  g_signal_connect_object (self->source, "notify::selected-item", G_CALLBACK (on_source_selected),
                           self, G_CONNECT_SWAPPED);
  on_changed (self);
}

static void
td_train_page_dispose (GObject *object)
{
  TdTrainPage *self = TD_TRAIN_PAGE (object);

  g_clear_object (&self->trainer);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->said, g_free);
  G_OBJECT_CLASS (td_train_page_parent_class)->dispose (object);
}

static void
td_train_page_class_init (TdTrainPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = td_train_page_dispose;
  widget_class->grab_focus = td_train_page_grab_focus;
  widget_class->realize = td_train_page_realize;
  widget_class->unrealize = td_train_page_unrealize;

  g_type_ensure (TD_TYPE_STAGE);
  g_type_ensure (TD_TYPE_COUNT);
  g_type_ensure (TD_TYPE_GAUGE);
  g_type_ensure (TD_TYPE_SOURCE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-train-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, view);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, overlay);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, stage);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, count);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, gauge);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, status);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, feedback);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, nothing);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, mend);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, controls);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, setup);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, source);
  gtk_widget_class_bind_template_child (widget_class, TdTrainPage, start);
  gtk_widget_class_bind_template_callback (widget_class, on_get_child_position);
}

static void
td_train_page_init (TdTrainPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* GTK 4.8 does not hand the drop-down's name on to the button inside of it. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->source))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Camera or video"), -1);
}
