/* td-replay.c: a session again, from the stored joints, and over its picture where it was recorded.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-replay.h"

#include "td-figure-view.h"
#include "td-film-reader.h"
#include "td-scrubber.h"
#include "td-stage.h"

#include <glib/gi18n.h>
#include <math.h>

#define SPEED_FACTOR 1.25
/* What a view shows that is turned further than this from where the camera stood was not seen by it. */
#define ESTIMATED_FROM_DEG 35.
/* A screen reader is told while it plays at most so often, seconds of the session. */
#define SAY_EVERY_S 2.

struct _TdReplay
{
  GtkBox parent_instance;

  TdChartData *data;
  double time_s;
  double said_s;
  guint tick; /* 0: it does not play */
  gint64 tick_us;
  gboolean setting;   /* the scrubber by us */
  TdChartView *mover; /* the chart whose cursor moves us now */
  double side_deg;    /* from where the side is seen */
  TdFigure figure;
  char *pictures;     /* folder; NULL: none */
  TdFilmReader *film; /* while the picture is shown */

  TdFigureView *side;
  TdFigureView *front;
  TdFigureView *turn;
  GtkLabel *side_name;
  GtkLabel *front_name;
  GtkLabel *turn_name;
  GtkToggleButton *view_front;
  GtkToggleButton *view_side;
  GtkToggleButton *view_filmed;
  GtkToggleButton *view_picture;
  GtkWidget *figures;
  TdStage *stage;
  GtkLabel *picture_problem;
  GtkWidget *controls;
  GtkButton *play;
  GtkSpinButton *speed;
  GtkLabel *now;
  TdScrubber *scrubber;
};

G_DEFINE_FINAL_TYPE (TdReplay, td_replay, GTK_TYPE_BOX)

enum
{
  TIME_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static double
end_of (TdReplay *self)
{
  return self->data && self->data->n > 0 ? self->data->time_s[self->data->n - 1] : 0;
}

static double
start_of (TdReplay *self)
{
  return self->data && self->data->n > 0 ? self->data->time_s[0] : 0;
}

/* --- What is shown ------------------------------------------------------------------------ */

/* A series between two samples; NAN unless both have it. */
static float
value_at (const TdChartData *data, TdSeries series, double time_s)
{
  const float *values = data->values[series];
  size_t k = td_chart_lower_bound (data->time_s, data->n, time_s);

  if (k == 0 || k == data->n)
    return data->n > 0 ? values[MIN (k, data->n - 1)] : NAN;
  double span = data->time_s[k] - data->time_s[k - 1];
  if (span > data->gap_s)
    return NAN;
  double share = (time_s - data->time_s[k - 1]) / span;
  return (float) ((1 - share) * (double) values[k - 1] + share * (double) values[k]);
}

static char *
turned_name (double yaw_deg)
{
  double turned = fabs (yaw_deg);

  if (turned < 0.5)
    return g_strdup (_ ("Front"));
  if (turned > 179.5)
    return g_strdup (_ ("Back"));
  if (fabs (turned - 90) < 0.5)
    return g_strdup (_ ("Side"));
  return yaw_deg > 0 ? g_strdup_printf (_ ("%.0f° to your left"), turned)
                     : g_strdup_printf (_ ("%.0f° to your right"), turned);
}

/* A number is measured or it says that it is not: so does a body. */
static void
name_view (TdReplay *self, TdFigureView *view, GtkLabel *label, const char *name)
{
  double off = remainder (td_figure_view_get_yaw (view) - (double) self->figure.yaw_deg, 180);
  gboolean estimated
      = self->figure.seen && self->figure.trust < 0.5f && fabs (off) > ESTIMATED_FROM_DEG;
  g_autofree char *text = estimated ? g_strdup_printf (_ ("%s, estimated"), name) : g_strdup (name);
  const char *tip = estimated ? _ ("The camera stood elsewhere: what it could not see follows from "
                                   "the length of your bones.")
                              : NULL;

  gtk_label_set_label (label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), tip);
}

static void
name_views (TdReplay *self)
{
  g_autofree char *turned = gtk_toggle_button_get_active (self->view_filmed)
                                ? g_strdup (_ ("As filmed"))
                                : turned_name (td_figure_view_get_yaw (self->turn));

  name_view (self, self->side, self->side_name, _ ("Side"));
  name_view (self, self->front, self->front_name, _ ("Front"));
  name_view (self, self->turn, self->turn_name, turned);
}

static void
say (TdReplay *self, const char *words)
{
  self->said_s = self->time_s;
  td_figure_view_set_words (self->side, _ ("Body from the side"), words);
  td_figure_view_set_words (self->front, _ ("Body from the front"), words);
  td_figure_view_set_words (self->turn, _ ("Body from any side: the arrow keys turn it"), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scrubber),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, words,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

/* --- The picture -------------------------------------------------------------------------- */

/* Which pose was found in a picture of TIME_S; -1: none. */
static gssize
pose_at (const TdChartData *data, double time_s)
{
  size_t k = td_chart_lower_bound (data->time_s, data->n, time_s);

  if (k == data->n || (k > 0 && time_s - data->time_s[k - 1] < data->time_s[k] - time_s))
    k--;
  return fabs (data->time_s[k] - time_s) <= data->gap_s ? (gssize) k : -1;
}

/* What the arrows at the knees are drawn from. */
static TdFrameMeasures
measures_at (const TdChartData *data, gssize k)
{
  float flexion = data->values[TD_SERIES_KNEE][k];

  return (TdFrameMeasures){
    .flexion_deg
    = isnan (flexion) ? td_measure_missing (TD_MISSING_JOINTS) : td_measure (flexion, 0),
    .fppa_deg = { data->drift[2 * k], data->drift[2 * k + 1] },
  };
}

static void
on_film (GdkTexture *texture, gint64 time_ns, gboolean over, const char *problem,
         gpointer user_data)
{
  TdReplay *self = user_data;
  const TdChartData *data = self->data;

  if (!texture)
    {
      g_autofree char *text = g_strdup_printf (_ ("The picture cannot be shown: %s"), problem);
      gtk_label_set_label (self->picture_problem, text);
      gtk_widget_set_visible (GTK_WIDGET (self->picture_problem), TRUE);
      gtk_toggle_button_set_active (self->view_filmed, TRUE);
      return;
    }
  /* That of the picture and not of the moment, which may be ahead. */
  double time_s = (double) (data->session.picture_ns + time_ns - data->session.first_ns) / 1e9;
  gssize k = pose_at (data, time_s);
  const TdPose *pose = k >= 0 ? &data->poses[k] : NULL;
  TdFrameMeasures measures = { 0 };
  double width = pose && pose->width > 0 ? (double) pose->width : 1;
  if (pose)
    measures = measures_at (data, k);
  td_stage_set_picture (self->stage, texture,
                        (float) ((double) gdk_texture_get_width (texture) / width), pose);
  td_stage_set_measures (self->stage, pose ? &measures : NULL);
  /* A disk that got full, or a program that was killed. */
  td_stage_set_stale (self->stage, over);
  if (over)
    gtk_label_set_label (self->picture_problem,
                         _ ("The recorded picture ends before this moment."));
  gtk_widget_set_visible (GTK_WIDGET (self->picture_problem), over);
}

static void
show_picture (TdReplay *self)
{
  const TdChartData *data = self->data;

  if (self->film)
    td_film_reader_want (self->film, data->session.first_ns + (gint64) (self->time_s * 1e9)
                                         - data->session.picture_ns);
}

/* Opens or closes the file as the picture is wanted or not. */
static void
update_film (TdReplay *self)
{
  gboolean wanted = gtk_toggle_button_get_active (self->view_picture);

  if (!wanted)
    {
      g_clear_pointer (&self->film, td_film_reader_free);
      if (td_stage_get_stale (self->stage))
        gtk_widget_set_visible (GTK_WIDGET (self->picture_problem), FALSE);
      td_stage_clear (self->stage);
    }
  else if (!self->film)
    {
      g_autofree char *path = g_build_filename (self->pictures, self->data->session.picture, NULL);
      gtk_widget_set_visible (GTK_WIDGET (self->picture_problem), FALSE);
      self->film = td_film_reader_new (path, on_film, self);
      show_picture (self);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->stage), wanted);
  gtk_widget_set_visible (self->figures, !wanted);
}

static void
show_moment (TdReplay *self)
{
  const TdChartData *data = self->data;
  TdFigureKnees knees = { { NAN, NAN }, NAN };
  g_autofree char *words = NULL;

  const TdFigure *moment = data && data->n > 0 ? &self->figure : NULL;

  self->figure = (TdFigure){ 0 };
  if (moment)
    {
      self->figure = td_figures_at (data->figures, data->time_s, data->gap_s, self->time_s);
      knees.side[TD_SIDE_LEFT] = value_at (data, TD_SERIES_KNEE_LEFT, self->time_s);
      knees.side[TD_SIDE_RIGHT] = value_at (data, TD_SERIES_KNEE_RIGHT, self->time_s);
      knees.both = value_at (data, TD_SERIES_KNEE, self->time_s);
      words = td_chart_moment_words (data, self->time_s);
    }
  else
    words = g_strdup (data ? _ ("Nothing was kept of this session that could be replayed")
                           : _ ("No session"));

  if (gtk_toggle_button_get_active (self->view_filmed) && self->figure.seen)
    td_figure_view_set_yaw (self->turn, (double) self->figure.yaw_deg);
  td_figure_view_set_figure (self->side, moment, &knees);
  td_figure_view_set_figure (self->front, moment, &knees);
  td_figure_view_set_figure (self->turn, moment, &knees);
  name_views (self);
  gtk_label_set_label (self->now, words);
  if (self->tick == 0 || fabs (self->time_s - self->said_s) >= SAY_EVERY_S)
    say (self, words);
  self->setting = TRUE;
  gtk_range_set_value (GTK_RANGE (self->scrubber), self->time_s);
  self->setting = FALSE;
  show_picture (self);
}

double
td_replay_get_time (TdReplay *self)
{
  g_return_val_if_fail (TD_IS_REPLAY (self), 0);
  return self->time_s;
}

void
td_replay_set_time (TdReplay *self, double time_s)
{
  g_return_if_fail (TD_IS_REPLAY (self));

  if (isnan (time_s))
    return;
  time_s = CLAMP (time_s, start_of (self), end_of (self));
  if (fabs (time_s - self->time_s) < 1e-9)
    return;
  self->time_s = time_s;
  show_moment (self);
  g_signal_emit (self, signals[TIME_CHANGED], 0);
}

/* --- Playing ------------------------------------------------------------------------------ */

static void
show_playing (TdReplay *self)
{
  gboolean playing = self->tick != 0;
  const char *name = playing ? _ ("Pause") : _ ("Play");

  gtk_button_set_icon_name (self->play, playing ? "media-playback-pause-symbolic"
                                                : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->play), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  TdReplay *self = TD_REPLAY (widget);
  gint64 now_us = gdk_frame_clock_get_frame_time (clock);
  double passed = self->tick_us ? (double) (now_us - self->tick_us) / 1e6 : 0;

  (void) data;
  self->tick_us = now_us;
  td_replay_set_time (self, self->time_s + passed * gtk_spin_button_get_value (self->speed));
  if (self->time_s < end_of (self))
    return G_SOURCE_CONTINUE;
  td_replay_set_playing (self, FALSE);
  return G_SOURCE_REMOVE;
}

gboolean
td_replay_get_playing (TdReplay *self)
{
  g_return_val_if_fail (TD_IS_REPLAY (self), FALSE);
  return self->tick != 0;
}

void
td_replay_set_playing (TdReplay *self, gboolean playing)
{
  g_return_if_fail (TD_IS_REPLAY (self));

  if (playing == (self->tick != 0) || (playing && end_of (self) <= start_of (self)))
    return;
  if (playing)
    {
      /* From the end it starts again. */
      if (self->time_s >= end_of (self))
        td_replay_set_time (self, start_of (self));
      self->tick_us = 0;
      self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
    }
  else
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
      self->tick = 0;
      say (self, gtk_label_get_label (self->now));
    }
  show_playing (self);
}

static void
on_play (TdReplay *self)
{
  td_replay_set_playing (self, self->tick == 0);
}

/* --- Steps -------------------------------------------------------------------------------- */

static void
step (TdReplay *self, int direction)
{
  const TdChartData *data = self->data;

  td_replay_set_playing (self, FALSE);
  if (!data || data->n == 0)
    return;
  if (direction > 0)
    {
      size_t i = td_chart_lower_bound (data->time_s, data->n, self->time_s + 1e-6);
      td_replay_set_time (self, data->time_s[MIN (i, data->n - 1)]);
    }
  else
    {
      size_t i = td_chart_lower_bound (data->time_s, data->n, self->time_s - 1e-6);
      td_replay_set_time (self, data->time_s[i > 0 ? i - 1 : 0]);
    }
}

/* To the bottom of the next repetition or attempt, or of the one before. */
static void
jump (TdReplay *self, int direction)
{
  const TdChartData *data = self->data;

  for (size_t k = 0; data && k < data->n_reps; k++)
    {
      const TdRep *rep = &data->reps[direction > 0 ? k : data->n_reps - 1 - k].rep;
      double bottom = (double) (rep->bottom_ns - data->session.first_ns) / 1e9;

      if (direction > 0 ? bottom > self->time_s + 1e-3 : bottom < self->time_s - 1e-3)
        {
          td_replay_set_time (self, bottom);
          if (self->tick)
            say (self, gtk_label_get_label (self->now));
          return;
        }
    }
}

static void
on_step_back (TdReplay *self)
{
  step (self, -1);
}

static void
on_step_on (TdReplay *self)
{
  step (self, 1);
}

static void
on_rep_before (TdReplay *self)
{
  jump (self, -1);
}

static void
on_rep_next (TdReplay *self)
{
  jump (self, 1);
}

static void
on_scrubbed (TdReplay *self)
{
  if (!self->setting)
    td_replay_set_time (self, gtk_range_get_value (GTK_RANGE (self->scrubber)));
}

static gboolean
on_speed_output (TdReplay *self)
{
  g_autofree char *text = g_strdup_printf (_ ("%.4g×"), gtk_spin_button_get_value (self->speed));

  gtk_editable_set_text (GTK_EDITABLE (self->speed), text);
  return TRUE;
}

/* "2×" as well as "2". */
static int
on_speed_input (TdReplay *self, double *value)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->speed));
  char *end = NULL;

  *value = g_strtod (text, &end);
  return end == text ? GTK_INPUT_ERROR : TRUE;
}

static void
change_speed (TdReplay *self, double factor)
{
  gtk_spin_button_set_value (self->speed, gtk_spin_button_get_value (self->speed) * factor);
}

/* --- Views -------------------------------------------------------------------------------- */

static void
on_view (TdReplay *self)
{
  update_film (self);
  if (gtk_toggle_button_get_active (self->view_front))
    td_figure_view_set_yaw (self->turn, 0);
  else if (gtk_toggle_button_get_active (self->view_side))
    td_figure_view_set_yaw (self->turn, self->side_deg);
  else if (gtk_toggle_button_get_active (self->view_filmed) && self->figure.seen)
    td_figure_view_set_yaw (self->turn, (double) self->figure.yaw_deg);
  name_views (self);
}

/* It is none of the three any more. */
static void
on_turned (TdReplay *self)
{
  gtk_toggle_button_set_active (self->view_front, FALSE);
  gtk_toggle_button_set_active (self->view_side, FALSE);
  gtk_toggle_button_set_active (self->view_filmed, FALSE);
  gtk_toggle_button_set_active (self->view_picture, FALSE);
  name_views (self);
}

/* --- Keys --------------------------------------------------------------------------------- */

static gboolean
in_speed (TdReplay *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  return focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->speed));
}

/* Before the widget that has the focus: a scale takes Ctrl with an arrow for itself. */
static gboolean
on_early_key (TdReplay *self, guint key, guint code, GdkModifierType state)
{
  (void) code;
  if (!(state & GDK_CONTROL_MASK) || in_speed (self))
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    jump (self, -1);
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    jump (self, 1);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static gboolean
on_key (TdReplay *self, guint key, guint code, GdkModifierType state)
{
  (void) code;
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK) || in_speed (self))
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_space:
      on_play (self);
      return GDK_EVENT_STOP;
    case GDK_KEY_comma:
      step (self, -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_period:
      step (self, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_bracketleft:
      change_speed (self, 1 / SPEED_FACTOR);
      return GDK_EVENT_STOP;
    case GDK_KEY_bracketright:
      change_speed (self, SPEED_FACTOR);
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
      td_replay_set_time (self, start_of (self));
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
      td_replay_set_time (self, end_of (self));
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* --- The session and its charts ----------------------------------------------------------- */

void
td_replay_set_data (TdReplay *self, TdChartData *data)
{
  g_return_if_fail (TD_IS_REPLAY (self));

  /* Read again, after a correction: it stays as it is looked at. */
  gboolean same = data && self->data && data->session.id == self->data->session.id
                  && !data->poses == !self->data->poses;
  td_replay_set_playing (self, FALSE);
  if (!same)
    {
      gtk_toggle_button_set_active (self->view_filmed, TRUE);
      update_film (self);
    }
  if (data)
    td_chart_data_ref (data);
  td_chart_data_unref (self->data);
  self->data = data;
  self->side_deg = data ? (double) td_figures_side (data->figures) : 90;
  self->time_s = start_of (self);
  td_figure_view_set_yaw (self->side, self->side_deg);
  td_figure_view_set_yaw (self->front, 0);
  gtk_widget_set_sensitive (self->controls, data && data->n > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->scrubber), data && data->n > 0);
  self->setting = TRUE;
  td_scrubber_set_data (self->scrubber, data);
  self->setting = FALSE;
  if (!same)
    gtk_widget_set_visible (GTK_WIDGET (self->picture_problem), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->view_picture), data && data->poses && self->pictures);
  show_moment (self);
  on_view (self);
  g_signal_emit (self, signals[TIME_CHANGED], 0);
}

void
td_replay_set_mirror (TdReplay *self, gboolean mirror)
{
  g_return_if_fail (TD_IS_REPLAY (self));

  td_stage_set_mirror (self->stage, mirror);
}

void
td_replay_set_pictures (TdReplay *self, const char *folder)
{
  g_return_if_fail (TD_IS_REPLAY (self));

  g_free (self->pictures);
  self->pictures = g_strdup (folder);
}

static void
on_chart_moved (TdChartView *chart, TdReplay *self)
{
  double time_s = td_chart_view_get_time (chart);

  if (self->tick || isnan (time_s))
    return;
  self->mover = chart;
  td_replay_set_time (self, time_s);
  self->mover = NULL;
}

static void
on_time_changed (TdReplay *self, TdChartView *chart)
{
  /* Its cursor is there already, and stays whose it is. */
  if (self->mover != chart)
    td_chart_view_set_time (chart, self->time_s);
}

void
td_replay_join (TdReplay *self, TdChartView *chart)
{
  g_return_if_fail (TD_IS_REPLAY (self));
  g_return_if_fail (TD_IS_CHART_VIEW (chart));

  g_signal_connect_object (chart, "cursor-moved", G_CALLBACK (on_chart_moved), self, 0);
  g_signal_connect_object (self, "time-changed", G_CALLBACK (on_time_changed), chart, 0);
}

static void
td_replay_unmap (GtkWidget *widget)
{
  td_replay_set_playing (TD_REPLAY (widget), FALSE);
  /* No file is held open for what nobody sees. */
  g_clear_pointer (&TD_REPLAY (widget)->film, td_film_reader_free);
  GTK_WIDGET_CLASS (td_replay_parent_class)->unmap (widget);
}

static void
td_replay_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (td_replay_parent_class)->map (widget);
  update_film (TD_REPLAY (widget));
}

static void
td_replay_finalize (GObject *object)
{
  td_film_reader_free (TD_REPLAY (object)->film);
  g_free (TD_REPLAY (object)->pictures);
  td_chart_data_unref (TD_REPLAY (object)->data);
  G_OBJECT_CLASS (td_replay_parent_class)->finalize (object);
}

static void
td_replay_class_init (TdReplayClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = td_replay_finalize;
  widget_class->map = td_replay_map;
  widget_class->unmap = td_replay_unmap;
  signals[TIME_CHANGED] = g_signal_new ("time-changed", TD_TYPE_REPLAY, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (TD_TYPE_FIGURE_VIEW);
  g_type_ensure (TD_TYPE_SCRUBBER);
  g_type_ensure (TD_TYPE_STAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teardrop/Teardrop/td-replay.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TdReplay, name)
  CHILD (side);
  CHILD (front);
  CHILD (turn);
  CHILD (side_name);
  CHILD (front_name);
  CHILD (turn_name);
  CHILD (view_front);
  CHILD (view_side);
  CHILD (view_filmed);
  CHILD (view_picture);
  CHILD (figures);
  CHILD (stage);
  CHILD (picture_problem);
  CHILD (controls);
  CHILD (play);
  CHILD (speed);
  CHILD (now);
  CHILD (scrubber);
#undef CHILD
#define CALLBACK(name) gtk_widget_class_bind_template_callback (widget_class, name)
  CALLBACK (on_play);
  CALLBACK (on_step_back);
  CALLBACK (on_step_on);
  CALLBACK (on_rep_before);
  CALLBACK (on_rep_next);
  CALLBACK (on_scrubbed);
  CALLBACK (on_speed_output);
  CALLBACK (on_speed_input);
  CALLBACK (on_view);
  CALLBACK (on_turned);
#undef CALLBACK
}

static void
td_replay_init (TdReplay *self)
{
  GtkEventController *early = gtk_event_controller_key_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (early, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (early, "key-pressed", G_CALLBACK (on_early_key), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), early);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  td_stage_set_recorded (self->stage, TRUE);
  show_playing (self);
  td_replay_set_data (self, NULL);
}

GtkWidget *
td_replay_new (void)
{
  return g_object_new (TD_TYPE_REPLAY, NULL);
}
