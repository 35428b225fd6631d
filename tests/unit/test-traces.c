/* test-traces.c: counts on motion that is known: real people seen by virtual cameras, and what the
 * built-in network saw in rendered clips, in every way in which a picture can be worse or other.
 *
 * Whatever is done to a trace, the count stays the same: that is what these tests hold.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-geometry.h"
#include "td-motion.h"
#include "td-trace.h"

#include <math.h>
#include <string.h>

static const char *const clips[] = {
  "01_cyclist_side",
  "02_cyclist_front",
  "03_cyclist_oblique",
  "04_narrow_barbell_pause",
  "05_narrow_valgus_front",
  "06_left_valgus_front",
  "07_shallow_mix_side",
  "08_walk_in_out_side",
  "09_tempo_412",
  "10_fast_reps",
  "11_no_lockout",
  "12_no_squat",
  "13_view_change",
  "14_passer_behind",
  "15_legs_only_front",
  "16_loose_trousers_dim",
  "17_demo",
  "18_heel_rise_side",
};

/* What the network saw in each clip, and the truth; read once, for all tests. */
static TdTrace *seen[G_N_ELEMENTS (clips)];
static TdTake *truths[G_N_ELEMENTS (clips)];

/* A captured bottom has no start and top beside it. */
#define NEAR_S 0.8

/* ---- counting a trace ------------------------------------------------------------------------ */

/* All of TdRep that TRACE gives. */
static GArray *
count_with (TdMotion *motion, const TdTrace *trace)
{
  GArray *reps = g_array_new (FALSE, FALSE, sizeof (TdRep));
  TdMotionResult result;
  for (guint i = 0; i < trace->poses->len; i++)
    {
      td_motion_push (motion, &g_array_index (trace->poses, TdPose, i), &result);
      g_array_append_vals (reps, result.reps, (guint) result.n_reps);
    }
  td_motion_finish (motion, &result);
  g_array_append_vals (reps, result.reps, (guint) result.n_reps);
  return reps;
}

static GArray *
count (const TdTrace *trace)
{
  TdMotion *motion = td_motion_new (NULL);
  GArray *reps = count_with (motion, trace);
  td_motion_free (motion);
  return reps;
}

static gboolean
is_within (const TdRep *rep, const TdMovement *movement)
{
  double bottom = 1e-9 * (double) rep->bottom_ns;
  if (isnan (movement->start_s))
    return fabs (bottom - movement->bottom_s) <= NEAR_S;
  return bottom >= movement->start_s
         && bottom <= (isnan (movement->top_s) ? movement->end_s : movement->top_s);
}

/* The ways in which movements that are no squats may still be told as attempts. */
static gboolean
may_be_told (const TdRep *rep, const GArray *movements)
{
  for (guint i = 0; i < movements->len; i++)
    {
      const TdMovement *movement = &g_array_index (movements, TdMovement, i);
      if (!is_within (rep, movement))
        continue;
      if (rep->reason == TD_REASON_HINGE && strcmp (movement->kind, "hip_hinge") == 0)
        return TRUE;
      if (rep->reason == TD_REASON_ONE_LEG && g_str_has_prefix (movement->kind, "knee_lift"))
        return TRUE;
    }
  return FALSE;
}

typedef enum
{
  SQUATS_ONLY,
  ATTEMPTS_TOO
} Strictness;

/* What REPS and MOVEMENTS do not agree in, one phrase each, in *WRONG; empty when they agree. Each
 * squat has one counted repetition of its own; the first SKIPPED squats must have none. */
static void
compare (const GArray *reps, const GArray *movements, guint skipped, Strictness strictness,
         GString *wrong)
{
  g_string_truncate (wrong, 0);
  g_autofree gboolean *used = g_new0 (gboolean, reps->len + 1);
  guint squats = 0;
  for (guint i = 0; i < movements->len; i++)
    {
      const TdMovement *movement = &g_array_index (movements, TdMovement, i);
      gboolean squat = strcmp (movement->kind, "squat") == 0;
      if (!squat && (strcmp (movement->kind, "shallow") != 0 || strictness == SQUATS_ONLY))
        continue;
      if (squat && squats++ < skipped)
        continue;
      const TdRep *instead = NULL;
      gboolean found = FALSE;
      for (guint k = 0; k < reps->len && !found; k++)
        {
          const TdRep *rep = &g_array_index (reps, TdRep, k);
          if (used[k] || !is_within (rep, movement))
            continue;
          found = squat ? rep->counted : rep->reason == TD_REASON_SHALLOW;
          used[k] = found;
          instead = rep;
        }
      if (!found)
        g_string_append_printf (wrong, " missed the %s at %.1f s%s%s;", movement->kind,
                                movement->bottom_s, instead != NULL ? " as " : "",
                                instead != NULL && !instead->counted
                                    ? td_reason_name (instead->reason)
                                : instead != NULL ? "counted"
                                                  : "");
    }
  for (guint k = 0; k < reps->len; k++)
    {
      const TdRep *rep = &g_array_index (reps, TdRep, k);
      if (used[k] || (!rep->counted && (strictness == SQUATS_ONLY || may_be_told (rep, movements))))
        continue;
      g_string_append_printf (wrong, " %s at %.1f s (%.0f degrees);",
                              rep->counted ? "counted nothing" : td_reason_name (rep->reason),
                              1e-9 * (double) rep->bottom_ns, rep->knee_flexion_max_deg.value);
    }
}

/* ---- real motion ----------------------------------------------------------------------------- */

/* Whole bodies fit into these pictures, arms overhead too. */
static const struct
{
  double distance_m, lens_deg;
  int width, height;
} views[] = {
  { 2.00, 60., 640, 480 },
  { 2.75, 50., 1280, 720 },
  { 3.50, 45., 640, 480 },
  { 4.50, 40., 640, 480 },
};
static const double heights_m[] = { 0.5, 1.4 };
static const double noises[] = { 0.005, 0.010, 0.015 };

/* Networks see depth, but less of it, and worse than the rest. */
#define DEPTH_SEEN 0.6
#define DEPTH_NOISE 3.

typedef enum
{
  NOTHING_ELSE,
  JOINTS_DROPPED,
  SIDES_SWAPPED,
  GAPS,
  N_TROUBLES
} Trouble;

static const char *const trouble_names[] = { "", ", joints dropped", ", sides swapped", ", gaps" };

typedef struct
{
  const char *name;
  gboolean hides_trunk;
  /* Cameras from which it may be wrong, and of those with a bad picture. */
  guint wrong, wrong_bad;
} Person;

/* One camera of 24 may be wrong with whom many other movements come near a squat: with 1.5 % of
 * noise a limit is passed by chance. */
static const Person people[] = {
  { .name = "cmu_13_29", .wrong = 1 },
  { .name = "cmu_13_30", .wrong_bad = 2 },
  { .name = "cmu_13_31", .wrong = 1 },
  { .name = "cmu_14_14", .wrong = 1 },
  { .name = "cmu_14_20" },
  { .name = "markers_squat", .wrong = 1, .wrong_bad = 1 },
  /* Legs alone tell sitting down from squatting by a few centimetres, which noise hides: a squat
   * is rather counted than lost. */
  { .name = "markers_sit_to_stand", .wrong = 24, .wrong_bad = 12 },
  { .name = "markers_walk" },
  /* Its lumbar angles, added to the pelvis' own, lean the trunk by 70° in a half squat. At 78°
   * of flexion 1.5 % of noise may make an attempt of it. */
  { .name = "opensim_half_squat", .hides_trunk = TRUE, .wrong = 3, .wrong_bad = 2 },
  { .name = "kinect_deep_squat" },
};

static void
check_camera (const TdTake *take, int yaw, double height_m, guint view, double noise,
              Trouble trouble, guint32 seed, gboolean hides_trunk, guint *failures)
{
  static const TdJoint trunk[] = { TD_JOINT_SHOULDER_LEFT, TD_JOINT_SHOULDER_RIGHT };
  TdVirtualCamera camera
      = td_virtual_camera_around (yaw, views[view].distance_m, height_m, 0.9, views[view].lens_deg,
                                  views[view].width, views[view].height);
  TdTrace *trace = td_virtual_camera_film (&camera, take, 30., TRUE);
  if (hides_trunk)
    td_trace_hide (trace, trunk, G_N_ELEMENTS (trunk));
  td_trace_scale_depth (trace, DEPTH_SEEN);
  td_trace_add_network_noise (trace, noise, DEPTH_NOISE, seed);
  if (trouble == JOINTS_DROPPED)
    td_trace_drop_joints (trace, 0.08, seed);
  else if (trouble == SIDES_SWAPPED)
    td_trace_swap_sides (trace, 0.05, seed);
  else if (trouble == GAPS)
    td_trace_make_gaps (trace, 0.3, 2.5, seed);
  g_autoptr (GArray) reps = count (trace);
  g_autoptr (GString) wrong = g_string_new (NULL);
  compare (reps, take->movements, 0, SQUATS_ONLY, wrong);
  if (wrong->len > 0)
    {
      (*failures)++;
      g_test_message ("from %d degrees, %.1f m high, %.2f m away, noise %.1f %%%s:%s", yaw,
                      height_m, views[view].distance_m, 100. * noise, trouble_names[trouble],
                      wrong->str);
    }
  td_trace_free (trace);
}

static void
test_count_of_a_take_is_right_from_every_camera (gconstpointer data)
{
  const Person *person = data;
  TdTake *take = td_take_read (person->name, TRUE);
  guint failures = 0, n = 0;
  for (guint h = 0; h < G_N_ELEMENTS (heights_m); h++)
    for (guint i = 0; i < 12; i++, n++)
      check_camera (take, 30 * (int) i, heights_m[h], (i + 2 * h) % G_N_ELEMENTS (views),
                    noises[(i + h) % G_N_ELEMENTS (noises)], NOTHING_ELSE, 1000 + n,
                    person->hides_trunk, &failures);
  td_take_free (take);
  if (failures > person->wrong)
    g_test_fail_printf ("wrong from %u of %u cameras", failures, n);
}

static void
test_count_of_a_take_survives_a_bad_picture (gconstpointer data)
{
  const Person *person = data;
  TdTake *take = td_take_read (person->name, TRUE);
  guint failures = 0, n = 0;
  for (guint i = 0; i < 12; i++, n++)
    check_camera (take, 30 * (int) i, 0.9, (i + 1) % G_N_ELEMENTS (views), noises[1],
                  (Trouble) (1 + i % (N_TROUBLES - 1)), 2000 + n, person->hides_trunk, &failures);
  td_take_free (take);
  if (failures > person->wrong_bad)
    g_test_fail_printf ("wrong from %u of %u cameras", failures, n);
}

/* ---- what the network saw -------------------------------------------------------------------- */

typedef struct
{
  const char *name; /* "the count is right …" */
  /* May be NULL. TAKE: the true joints of the same clip. */
  void (*change) (TdTrace *trace, const TdTake *take, guint32 seed);
  Strictness strictness;
  guint skipped; /* first squats that must not count */
  double least_fps;
  guint wrong; /* clips on which it may be */
} Change;

static void
mirror (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  td_trace_mirror (trace);
}

static void
halve (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  td_trace_scale (trace, 0.5);
}

static void
twice (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  td_trace_scale (trace, 2.);
}

static void
move_left (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  td_trace_move (trace, -120., -20.);
}

static void
move_right (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  td_trace_move (trace, 120., 30.);
}

static void
every_second (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  td_trace_keep_every (trace, 2);
}

static void
every_third (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  td_trace_keep_every (trace, 3);
}

static void
sixty_a_second (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  td_trace_resample (trace, 60.);
}

static void
unevenly (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, guint32 seed)
{
  td_trace_resample_unevenly (trace, 0.016, 0.075, seed);
}

static void
wander (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, guint32 seed)
{
  td_trace_add_network_noise (trace, 0.015, 2., seed);
}

static void
jitter (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, guint32 seed)
{
  td_trace_add_white_noise (trace, 0.015, 2., seed);
}

static void
drop (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, guint32 seed)
{
  td_trace_drop_joints (trace, 0.08, seed);
}

static void
swap (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, guint32 seed)
{
  td_trace_swap_sides (trace, 0.05, seed);
}

static void
gaps (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, guint32 seed)
{
  td_trace_make_gaps (trace, 0.3, 2.5, seed);
}

static void
cut_head (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  static const TdJoint joints[]
      = { TD_JOINT_SHOULDER_LEFT, TD_JOINT_SHOULDER_RIGHT, TD_JOINT_NOSE };
  td_trace_hide (trace, joints, G_N_ELEMENTS (joints));
}

static void
legs_only (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  static const TdJoint joints[]
      = { TD_JOINT_SHOULDER_LEFT, TD_JOINT_SHOULDER_RIGHT, TD_JOINT_ELBOW_LEFT,
          TD_JOINT_ELBOW_RIGHT,   TD_JOINT_WRIST_LEFT,     TD_JOINT_WRIST_RIGHT,
          TD_JOINT_NOSE };
  td_trace_hide (trace, joints, G_N_ELEMENTS (joints));
}

static const TdMovement *
first_squat (const TdTrace *trace)
{
  for (guint i = 0; i < trace->movements->len; i++)
    {
      const TdMovement *movement = &g_array_index (trace->movements, TdMovement, i);
      if (strcmp (movement->kind, "squat") == 0)
        return movement;
    }
  return NULL;
}

static void
begin_halfway_down (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  const TdMovement *squat = first_squat (trace);
  if (squat != NULL)
    td_trace_cut_start (trace, 0.5 * (squat->start_s + squat->bottom_in5_s));
}

static void
begin_at_the_bottom (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  const TdMovement *squat = first_squat (trace);
  if (squat != NULL)
    td_trace_cut_start (trace, squat->bottom_s);
}

static void
begin_halfway_up (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  const TdMovement *squat = first_squat (trace);
  if (squat != NULL)
    td_trace_cut_start (trace, 0.5 * (squat->bottom_out5_s + squat->top_s));
}

/* Knots of a warp of time; before the first and after the last one time runs as ever. */
typedef struct
{
  GArray *from, *to;
} Warp;

static Warp
warp_new (void)
{
  Warp warp = { g_array_new (FALSE, FALSE, sizeof (double)),
                g_array_new (FALSE, FALSE, sizeof (double)) };
  double zero = 0.;
  g_array_append_val (warp.from, zero);
  g_array_append_val (warp.to, zero);
  return warp;
}

/* What lasted from the last knot to FROM lasts LASTS_S; NAN: as long as it did. */
static void
warp_add (Warp *warp, double from, double lasts_s)
{
  double before = g_array_index (warp->from, double, warp->from->len - 1);
  g_assert_cmpfloat (from, >, before);
  double to = g_array_index (warp->to, double, warp->to->len - 1)
              + (isnan (lasts_s) ? from - before : lasts_s);
  g_array_append_val (warp->from, from);
  g_array_append_val (warp->to, to);
}

static void
warp_apply (Warp *warp, TdTrace *trace)
{
  warp_add (warp, g_array_index (warp->from, double, warp->from->len - 1) + 1000., NAN);
  td_trace_warp (trace, (const double *) (void *) warp->from->data,
                 (const double *) (void *) warp->to->data, warp->from->len);
  g_array_unref (warp->from);
  g_array_unref (warp->to);
}

/* Every repetition goes down in DOWN_S, stays for STAY_S and comes up in UP_S. */
static void
pace (TdTrace *trace, double down_s, double stay_s, double up_s)
{
  Warp warp = warp_new ();
  for (guint i = 0; i < trace->movements->len; i++)
    {
      const TdMovement *m = &g_array_index (trace->movements, TdMovement, i);
      if (isnan (m->bottom_in5_s))
        continue;
      warp_add (&warp, m->start_s, NAN);
      warp_add (&warp, m->bottom_in5_s, down_s);
      warp_add (&warp, m->bottom_out5_s, stay_s);
      warp_add (&warp, m->top_s, up_s);
    }
  warp_apply (&warp, trace);
}

static void
slow (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  pace (trace, 5.5, 1., 5.5);
}

static void
fast (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, G_GNUC_UNUSED guint32 seed)
{
  pace (trace, 0.31, 0.08, 0.31);
}

/* The frames beside the bottom, over and over, with a network's unrest. */
static void
pause_at_the_bottom (TdTrace *trace, G_GNUC_UNUSED const TdTake *take, guint32 seed)
{
  Warp warp = warp_new ();
  for (guint i = 0; i < trace->movements->len; i++)
    {
      const TdMovement *m = &g_array_index (trace->movements, TdMovement, i);
      if (isnan (m->bottom_in5_s))
        continue;
      warp_add (&warp, m->bottom_s - 0.03, NAN);
      warp_add (&warp, m->bottom_s + 0.03, 5.);
    }
  warp_apply (&warp, trace);
  td_trace_add_network_noise (trace, 0.003, 2., seed);
}

static double
true_flexion (const TdBodyFrame *frame, TdSide side)
{
  /* Law of cosines on the three distances: another formula than td-geometry's. */
  const double *hip = frame->joints[TD_JOINT_HIP_LEFT + side];
  const double *knee = frame->joints[TD_JOINT_KNEE_LEFT + side];
  const double *ankle = frame->joints[TD_JOINT_ANKLE_LEFT + side];
  double thigh = 0., shank = 0., across = 0.;
  for (int k = 0; k < 3; k++)
    {
      thigh += (hip[k] - knee[k]) * (hip[k] - knee[k]);
      shank += (ankle[k] - knee[k]) * (ankle[k] - knee[k]);
      across += (hip[k] - ankle[k]) * (hip[k] - ankle[k]);
    }
  double cosine = (thigh + shank - across) / (2. * sqrt (thigh * shank));
  return 180. - acos (CLAMP (cosine, -1., 1.)) * 180. / G_PI;
}

static double
true_thigh (const TdBodyFrame *frame, TdSide side)
{
  const double *hip = frame->joints[TD_JOINT_HIP_LEFT + side];
  const double *knee = frame->joints[TD_JOINT_KNEE_LEFT + side];
  return atan2 (hip[1] - knee[1], hypot (hip[0] - knee[0], hip[2] - knee[2])) * 180. / G_PI;
}

/* On the way up the knees stay bent by 30° for four seconds before they straighten. */
static void
hold_unlocked (TdTrace *trace, const TdTake *take, guint32 seed)
{
  Warp warp = warp_new ();
  guint k = 0;
  for (guint i = 0; i < trace->movements->len; i++)
    {
      const TdMovement *m = &g_array_index (trace->movements, TdMovement, i);
      if (isnan (m->bottom_out5_s))
        continue;
      double hold = m->top_s - 0.05;
      for (; k < take->frames->len; k++)
        {
          const TdBodyFrame *frame = &g_array_index (take->frames, TdBodyFrame, k);
          if (frame->time_s > m->bottom_out5_s
              && 0.5 * (true_flexion (frame, TD_SIDE_LEFT) + true_flexion (frame, TD_SIDE_RIGHT))
                     < 30.)
            {
              hold = frame->time_s;
              break;
            }
        }
      warp_add (&warp, hold - 0.03, NAN);
      warp_add (&warp, hold + 0.03, 4.);
    }
  warp_apply (&warp, trace);
  td_trace_add_network_noise (trace, 0.003, 2., seed);
}

/* When the input begins in the middle of a repetition: seen going down and up again it is one, for
 * a repetition is lost only if it is none. If only its way up is seen it is not, since getting up
 * from a seat or from the floor looks the same. */
static const Change changes[] = {
  { .name = "as_they_are", .strictness = ATTEMPTS_TOO },
  { .name = "in_a_mirror", .change = mirror, .strictness = ATTEMPTS_TOO },
  { .name = "at_half_the_size", .change = halve, .strictness = ATTEMPTS_TOO },
  { .name = "at_twice_the_size", .change = twice, .strictness = ATTEMPTS_TOO },
  { .name = "moved_to_the_left", .change = move_left },
  { .name = "moved_to_the_right", .change = move_right },
  { .name = "with_every_second_frame", .change = every_second, .least_fps = 20. },
  { .name = "with_every_third_frame", .change = every_third, .least_fps = 30. },
  { .name = "at_60_frames_a_second", .change = sixty_a_second },
  { .name = "at_uneven_times", .change = unevenly },
  /* Twice the network's own error. */
  { .name = "with_wandering_joints", .change = wander, .wrong = 1 },
  { .name = "with_jittering_joints", .change = jitter },
  { .name = "with_joints_missing", .change = drop },
  { .name = "with_sides_swapped", .change = swap },
  { .name = "with_gaps", .change = gaps },
  { .name = "without_a_head", .change = cut_head },
  { .name = "with_legs_alone", .change = legs_only },
  { .name = "from_halfway_down_on", .change = begin_halfway_down },
  { .name = "from_the_bottom_on", .change = begin_at_the_bottom, .skipped = 1 },
  { .name = "from_halfway_up_on", .change = begin_halfway_up, .skipped = 1 },
  { .name = "with_a_hold_unlocked_at_the_top", .change = hold_unlocked },
  { .name = "with_pauses_of_5_s_at_the_bottom", .change = pause_at_the_bottom },
  { .name = "with_repetitions_of_12_s", .change = slow },
  { .name = "with_repetitions_of_0.7_s", .change = fast },
};

static void
test_count_is_right_whatever_happens_to_the_picture (gconstpointer data)
{
  const Change *change = data;
  guint failures = 0, n = 0;
  g_autoptr (GString) wrong = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      TdTrace *trace = td_trace_copy (seen[i]);
      if (trace->fps >= change->least_fps)
        {
          if (change->change != NULL)
            change->change (trace, truths[i], 3000 + i);
          g_autoptr (GArray) reps = count (trace);
          compare (reps, trace->movements, change->skipped, change->strictness, wrong);
          n++;
          if (wrong->len > 0)
            {
              failures++;
              g_test_message ("%s:%s", clips[i], wrong->str);
            }
        }
      td_trace_free (trace);
    }
  g_assert_cmpuint (n, >, 0);
  if (failures > change->wrong)
    g_test_fail_printf ("wrong on %u of %u clips", failures, n);
}

/* ---- angles ---------------------------------------------------------------------------------- */

/* How far the angles of A and B are apart at most over all frames, degrees; left against right when
 * SWAPPED. A value that only one of them has is infinitely far. */
typedef struct
{
  double flexion, thigh, fppa, trunk, yaw;
} Gap;

static void
widen (double *gap, const TdMeasure *a, const TdMeasure *b)
{
  if (td_measure_ok (*a) != td_measure_ok (*b))
    *gap = INFINITY;
  else if (td_measure_ok (*a))
    *gap = MAX (*gap, fabs ((double) a->value - (double) b->value));
}

static Gap
compare_angles (const TdTrace *a, const TdTrace *b, gboolean swapped)
{
  g_assert_cmpuint (a->poses->len, ==, b->poses->len);
  TdMotion *motion_a = td_motion_new (NULL), *motion_b = td_motion_new (NULL);
  TdMotionResult result_a, result_b;
  Gap gap = { 0 };
  for (guint i = 0; i < a->poses->len; i++)
    {
      td_motion_push (motion_a, &g_array_index (a->poses, TdPose, i), &result_a);
      td_motion_push (motion_b, &g_array_index (b->poses, TdPose, i), &result_b);
      const TdFrameMeasures *p = &result_a.frame, *q = &result_b.frame;
      for (int s = 0; s < TD_N_SIDES; s++)
        {
          int o = swapped ? !s : s;
          widen (&gap.flexion, &p->knee_flexion_deg[s], &q->knee_flexion_deg[o]);
          widen (&gap.thigh, &p->thigh_inclination_deg[s], &q->thigh_inclination_deg[o]);
          widen (&gap.fppa, &p->fppa_deg[s], &q->fppa_deg[o]);
        }
      widen (&gap.flexion, &p->flexion_deg, &q->flexion_deg);
      widen (&gap.fppa, &p->fppa_mean_deg, &q->fppa_mean_deg);
      widen (&gap.trunk, &p->trunk_lean_deg, &q->trunk_lean_deg);
      if (td_measure_ok (p->yaw_deg) && td_measure_ok (q->yaw_deg))
        {
          double turned
              = (double) p->yaw_deg.value + (swapped ? 1. : -1.) * (double) q->yaw_deg.value;
          gap.yaw = MAX (gap.yaw, fabs (remainder (turned, 360.)));
        }
    }
  td_motion_free (motion_a);
  td_motion_free (motion_b);
  return gap;
}

static void
check_gap (const char *clip, const Gap *gap, double tolerance)
{
  if (fmax (fmax (gap->flexion, gap->thigh), fmax (gap->fppa, fmax (gap->trunk, gap->yaw)))
      <= tolerance)
    return;
  g_test_fail ();
  g_test_message ("%s: apart by flexion %.3f, thigh %.3f, FPPA %.3f, trunk %.3f, yaw %.3f", clip,
                  gap->flexion, gap->thigh, gap->fppa, gap->trunk, gap->yaw);
}

static void
test_mirror_exchanges_the_sides_and_nothing_else (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      TdTrace *trace = td_trace_copy (seen[i]), *mirrored = td_trace_copy (trace);
      td_trace_mirror (mirrored);
      Gap gap = compare_angles (trace, mirrored, TRUE);
      check_gap (clips[i], &gap, 0.01);
      td_trace_free (mirrored);
      td_trace_free (trace);
    }
}

static void
test_angles_do_not_depend_on_the_size_of_the_picture (void)
{
  static const double factors[] = { 0.5, 2., 3. };
  for (guint i = 0; i < G_N_ELEMENTS (clips); i++)
    for (guint k = 0; k < G_N_ELEMENTS (factors); k++)
      {
        TdTrace *trace = td_trace_copy (seen[i]), *scaled = td_trace_copy (trace);
        td_trace_scale (scaled, factors[k]);
        Gap gap = compare_angles (trace, scaled, FALSE);
        check_gap (clips[i], &gap, 0.05);
        td_trace_free (scaled);
        td_trace_free (trace);
      }
}

/* In td-geometry's axes: y down. Which way x and z point does not matter to an angle. */
static TdVec3
joint_of (const TdBodyFrame *frame, TdJoint joint)
{
  const double *p = frame->joints[joint];
  return td_vec3 ((float) p[0], (float) -p[1], (float) -p[2]);
}

static void
test_angles_of_true_joints_are_right (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      const TdTake *take = truths[i];
      for (guint k = 0; k < take->frames->len; k++)
        {
          const TdBodyFrame *frame = &g_array_index (take->frames, TdBodyFrame, k);
          for (int s = 0; s < TD_N_SIDES; s++)
            {
              TdVec3 hip = joint_of (frame, td_joint_on (TD_JOINT_HIP_LEFT, (TdSide) s));
              TdVec3 knee = joint_of (frame, td_joint_on (TD_JOINT_KNEE_LEFT, (TdSide) s));
              TdVec3 ankle = joint_of (frame, td_joint_on (TD_JOINT_ANKLE_LEFT, (TdSide) s));
              g_assert_cmpfloat_with_epsilon (td_knee_flexion (hip, knee, ankle),
                                              true_flexion (frame, (TdSide) s), 0.1);
              g_assert_cmpfloat_with_epsilon (td_thigh_inclination (hip, knee),
                                              true_thigh (frame, (TdSide) s), 0.1);
            }
        }
    }
}

/* ---- true joints through a known camera ------------------------------------------------------ */

/* Knee against the line from hip to ankle in the person's own frontal plane: the hips' horizontal
 * direction and the vertical. NAN where a bone shows less than 40 % of its length in it: there the
 * angle is not defined. */
static double
true_fppa (const TdBodyFrame *frame, TdSide side)
{
  const double *left = frame->joints[TD_JOINT_HIP_LEFT], *right = frame->joints[TD_JOINT_HIP_RIGHT];
  double x = left[0] - right[0], z = left[2] - right[2], wide = hypot (x, z);
  const double *places[]
      = { frame->joints[TD_JOINT_HIP_LEFT + side], frame->joints[TD_JOINT_KNEE_LEFT + side],
          frame->joints[TD_JOINT_ANKLE_LEFT + side] };
  double out[3], up[3];
  for (int i = 0; i < 3; i++)
    {
      out[i] = (x * places[i][0] + z * places[i][2]) / wide * (side == TD_SIDE_LEFT ? 1. : -1.);
      up[i] = places[i][1];
    }
  for (int i = 0; i < 2; i++)
    {
      double length = 0.;
      for (int k = 0; k < 3; k++)
        length += (places[i][k] - places[i + 1][k]) * (places[i][k] - places[i + 1][k]);
      if (hypot (out[i] - out[i + 1], up[i] - up[i + 1]) < 0.4 * sqrt (length))
        return NAN;
    }
  double thigh = atan2 (out[0] - out[1], up[0] - up[1]);
  double shank = atan2 (out[1] - out[2], up[1] - up[2]);
  return remainder (thigh - shank, 2. * G_PI) * 180. / G_PI;
}

typedef struct
{
  double worst, sum;
  guint n;
} Error;

static void
add_error (Error *error, double value, double truth)
{
  if (isnan (value) || isnan (truth))
    return;
  error->worst = MAX (error->worst, fabs (value - truth));
  error->sum += fabs (value - truth);
  error->n++;
}

/* CLIP as a network without any error would see it, its camera known. */
static TdTrace *
film_truth (guint clip, TdMotion **motion)
{
  TdVirtualCamera lens;
  double fps = td_virtual_camera_of_clip (clips[clip], &lens);
  double level = hypot (lens.aim[0] - lens.eye[0], lens.aim[2] - lens.eye[2]);
  TdCamera camera
      = { .focal_px = (float) lens.focal_px,
          .pitch_deg = (float) (atan2 (lens.eye[1] - lens.aim[1], level) * 180. / G_PI) };
  *motion = td_motion_new (NULL);
  td_motion_set_camera (*motion, &camera);
  TdTrace *trace = td_virtual_camera_film (&lens, truths[clip], fps, FALSE);
  /* The depth is as exact as the rest. */
  for (guint i = 0; i < trace->poses->len; i++)
    g_array_index (trace->poses, TdPose, i).depth_sigma = 0.0005f;
  return trace;
}

static void
compare_frames (const TdMotionResult *result, const TdTake *take, guint *k, Error *flexion,
                Error *thigh, Error *fppa)
{
  for (int i = 0; i < result->n_settled; i++, (*k)++)
    {
      const TdBodyFrame *frame = &g_array_index (take->frames, TdBodyFrame, *k);
      const TdFrameMeasures *measures = &result->settled[i].measures;
      for (int s = 0; s < TD_N_SIDES; s++)
        {
          TdSide side = (TdSide) s;
          add_error (flexion, measures->knee_flexion_deg[s].value, true_flexion (frame, side));
          add_error (thigh, measures->thigh_inclination_deg[s].value, true_thigh (frame, side));
          add_error (fppa, measures->fppa_deg[s].value, true_fppa (frame, side));
        }
    }
}

static void
test_angles_are_right_when_the_joints_are (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      TdMotion *motion;
      TdTrace *trace = film_truth (i, &motion);
      Error flexion = { 0 }, thigh = { 0 }, fppa = { 0 };
      TdMotionResult result;
      guint k = 0;
      for (guint f = 0; f < trace->poses->len; f++)
        {
          td_motion_push (motion, &g_array_index (trace->poses, TdPose, f), &result);
          compare_frames (&result, truths[i], &k, &flexion, &thigh, &fppa);
        }
      td_motion_finish (motion, &result);
      compare_frames (&result, truths[i], &k, &flexion, &thigh, &fppa);
      g_assert_cmpuint (k, ==, truths[i]->frames->len);
      g_assert_cmpuint (flexion.n, >, k);
      if (fmax (flexion.worst, fmax (thigh.worst, fppa.worst)) > 0.1)
        {
          g_test_fail ();
          g_test_message ("%s: off by at most (on average) flexion %.2f (%.2f), thigh %.2f (%.2f), "
                          "FPPA %.2f (%.2f) degrees",
                          clips[i], flexion.worst, flexion.sum / flexion.n, thigh.worst,
                          thigh.sum / thigh.n, fppa.worst, fppa.sum / MAX (fppa.n, 1));
        }
      td_motion_free (motion);
      td_trace_free (trace);
    }
}

static void
test_tempo_is_right_when_the_joints_are (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      TdMotion *motion;
      TdTrace *trace = film_truth (i, &motion);
      double frame_s = 1. / trace->fps + 0.002;
      g_autoptr (GArray) reps = count_with (motion, trace);
      g_autoptr (GString) wrong = g_string_new (NULL);
      compare (reps, trace->movements, 0, ATTEMPTS_TOO, wrong);
      for (guint k = 0; k < reps->len; k++)
        for (guint l = 0; l < trace->movements->len; l++)
          {
            const TdRep *rep = &g_array_index (reps, TdRep, k);
            const TdMovement *m = &g_array_index (trace->movements, TdMovement, l);
            if (isnan (m->onset5_s) || !is_within (rep, m))
              continue;
            double down = (double) rep->eccentric_s.value - (m->bottom_in5_s - m->onset5_s);
            double stay = (double) rep->pause_s.value - (m->bottom_out5_s - m->bottom_in5_s);
            double up = (double) rep->concentric_s.value - (m->lockout5_s - m->bottom_out5_s);
            double bottom = 1e-9 * (double) rep->bottom_ns - m->bottom_s;
            if (!(fabs (down) <= frame_s && fabs (stay) <= frame_s && fabs (up) <= frame_s
                  && fabs (bottom) <= frame_s))
              g_string_append_printf (wrong, " at %.1f s off by %+.3f %+.3f %+.3f, bottom %+.3f s;",
                                      m->bottom_s, down, stay, up, bottom);
          }
      if (wrong->len > 0)
        {
          g_test_fail ();
          g_test_message ("%s:%s", clips[i], wrong->str);
        }
      td_motion_free (motion);
      td_trace_free (trace);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      seen[i] = td_trace_read_network (clips[i]);
      truths[i] = td_take_read (clips[i], FALSE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autofree char *path
          = g_strdup_printf ("/traces/the_count_is_right_from_every_camera/%s", people[i].name);
      g_test_add_data_func (path, &people[i], test_count_of_a_take_is_right_from_every_camera);
    }
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autofree char *path
          = g_strdup_printf ("/traces/the_count_survives_a_bad_picture/%s", people[i].name);
      g_test_add_data_func (path, &people[i], test_count_of_a_take_survives_a_bad_picture);
    }
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/traces/the_count_is_right/%s", changes[i].name);
      g_test_add_data_func (path, &changes[i], test_count_is_right_whatever_happens_to_the_picture);
    }
  g_test_add_func ("/traces/a_mirror_exchanges_the_sides_and_nothing_else",
                   test_mirror_exchanges_the_sides_and_nothing_else);
  g_test_add_func ("/traces/angles_do_not_depend_on_the_size_of_the_picture",
                   test_angles_do_not_depend_on_the_size_of_the_picture);
  g_test_add_func ("/traces/angles_of_true_joints_are_right", test_angles_of_true_joints_are_right);
  g_test_add_func ("/traces/angles_are_right_when_the_joints_are",
                   test_angles_are_right_when_the_joints_are);
  g_test_add_func ("/traces/tempo_is_right_when_the_joints_are",
                   test_tempo_is_right_when_the_joints_are);
  int status = g_test_run ();
  for (guint i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      td_trace_free (seen[i]);
      td_take_free (truths[i]);
    }
  return status;
}
