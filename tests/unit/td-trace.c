#include "td-trace.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

/* ---- files ----------------------------------------------------------------------------------- */

static char *
data_path (const char *name)
{
  return g_build_filename (g_getenv ("TD_TEST_SOURCE_ROOT"), "tests", "data", "motion", name, NULL);
}

/* What NAME holds, .gz unpacked. */
static char *
read_text (const char *name)
{
  g_autofree char *path = data_path (name);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  GInputStream *stream = G_INPUT_STREAM (g_file_read (file, NULL, &error));
  g_assert_no_error (error);
  if (g_str_has_suffix (name, ".gz"))
    {
      g_autoptr (GConverter) unpack
          = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
      GInputStream *packed = stream;
      stream = g_converter_input_stream_new (packed, unpack);
      g_object_unref (packed);
    }
  GString *text = g_string_new (NULL);
  char part[65536];
  for (gsize n = sizeof part; n == sizeof part;)
    {
      g_input_stream_read_all (stream, part, sizeof part, &n, NULL, &error);
      g_assert_no_error (error);
      g_string_append_len (text, part, (gssize) n);
    }
  g_object_unref (stream);
  return g_string_free (text, FALSE);
}

/* The rows of NAME without the header, each a GStrv. */
static GPtrArray *
read_table (const char *name)
{
  g_autofree char *text = read_text (name);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    g_ptr_array_add (rows, g_strsplit (lines[i], ",", -1));
  g_assert_cmpuint (rows->len, >, 0);
  return rows;
}

/* All values of NAME without the header, rows of N one after the other; NAN for an empty one. In
 * place: under a sanitizer a string for each of a million values takes minutes. */
static GArray *
read_values (const char *name, guint n)
{
  g_autofree char *text = read_text (name);
  GArray *values = g_array_new (FALSE, FALSE, sizeof (double));
  char *at = strchr (text, '\n');
  g_assert_nonnull (at);
  for (at++; *at != '\0';)
    for (guint i = 0; i < n; i++)
      {
        char *end = at;
        double value = *at == ',' || *at == '\n' ? NAN : g_ascii_strtod (at, &end);
        g_assert_true (*end == (i + 1 < n ? ',' : '\n'));
        at = end + 1;
        g_array_append_val (values, value);
      }
  g_assert_cmpuint (values->len, >, 0);
  return values;
}

static double
number (const char *text)
{
  return *text == '\0' ? NAN : g_ascii_strtod (text, NULL);
}

static GArray *
read_movements (const char *take)
{
  g_autoptr (GPtrArray) rows = read_table ("movements.csv");
  GArray *movements = g_array_new (FALSE, FALSE, sizeof (TdMovement));
  for (guint i = 0; i < rows->len; i++)
    {
      char **row = g_ptr_array_index (rows, i);
      g_assert_cmpuint (g_strv_length (row), ==, 11);
      if (strcmp (row[0], take) != 0)
        continue;
      TdMovement movement = { .end_s = number (row[3]),
                              .start_s = number (row[4]),
                              .bottom_s = number (row[5]),
                              .top_s = number (row[6]),
                              .onset5_s = number (row[7]),
                              .bottom_in5_s = number (row[8]),
                              .bottom_out5_s = number (row[9]),
                              .lockout5_s = number (row[10]) };
      g_assert_cmpuint (g_strlcpy (movement.kind, row[1], sizeof movement.kind), <,
                        sizeof movement.kind);
      g_array_append_val (movements, movement);
    }
  return movements;
}

double
td_virtual_camera_of_clip (const char *name, TdVirtualCamera *camera)
{
  g_autoptr (GPtrArray) rows = read_table ("cameras.csv");
  for (guint i = 0; i < rows->len; i++)
    {
      char **row = g_ptr_array_index (rows, i);
      g_assert_cmpuint (g_strv_length (row), ==, 11);
      if (strcmp (row[0], name) != 0)
        continue;
      *camera = (TdVirtualCamera){ .width = (int) number (row[1]),
                                   .height = (int) number (row[2]),
                                   .focal_px = number (row[4]) };
      for (int k = 0; k < 3; k++)
        {
          camera->eye[k] = number (row[5 + k]);
          camera->aim[k] = number (row[8 + k]);
        }
      return number (row[3]);
    }
  g_error ("no camera of %s", name);
}

TdTake *
td_take_read (const char *name, gboolean mocap)
{
  g_autofree char *file = g_strdup_printf ("%s_%s.csv.gz", mocap ? "mocap" : "true", name);
  const guint n = 1 + 3 * TD_N_JOINTS;
  g_autoptr (GArray) values = read_values (file, n);
  TdTake *self = g_new0 (TdTake, 1);
  self->frames = g_array_new (FALSE, FALSE, sizeof (TdBodyFrame));
  self->movements = read_movements (name);
  for (guint i = 0; i < values->len; i += n)
    {
      const double *row = &g_array_index (values, double, i);
      TdBodyFrame frame = { .time_s = row[0] };
      for (int j = 0; j < TD_N_JOINTS; j++)
        for (int k = 0; k < 3; k++)
          frame.joints[j][k] = 0.001 * row[1 + 3 * j + k];
      g_array_append_val (self->frames, frame);
    }
  return self;
}

void
td_take_free (TdTake *self)
{
  g_array_unref (self->frames);
  g_array_unref (self->movements);
  g_free (self);
}

TdTrace *
td_trace_read_network (const char *name)
{
  g_autofree char *file = g_strdup_printf ("network_%s.csv.gz", name);
  const guint n = 1 + 4 * TD_N_JOINTS;
  g_autoptr (GArray) values = read_values (file, n);
  TdVirtualCamera camera;
  TdTrace *self = g_new0 (TdTrace, 1);
  self->fps = td_virtual_camera_of_clip (name, &camera);
  self->poses = g_array_new (FALSE, FALSE, sizeof (TdPose));
  self->movements = read_movements (name);
  for (guint i = 0; i < values->len; i += n)
    {
      const double *row = &g_array_index (values, double, i);
      TdPose pose = { .time_ns = (int64_t) llround (1e9 * row[0]),
                      .width = camera.width,
                      .height = camera.height,
                      .present = !isnan (row[1]) };
      pose.has_depth = pose.present;
      for (int j = 0; j < TD_N_JOINTS && pose.present; j++)
        {
          const double *joint = &row[1 + 4 * j];
          pose.joints[j] = (TdKeypoint){ .x = (float) joint[0],
                                         .y = (float) joint[1],
                                         .z = (float) joint[2],
                                         .score = (float) joint[3] };
          pose.score += pose.joints[j].score / (float) TD_N_JOINTS;
        }
      g_array_append_val (self->poses, pose);
    }
  return self;
}

TdTrace *
td_trace_copy (const TdTrace *self)
{
  TdTrace *copy = g_new0 (TdTrace, 1);
  copy->fps = self->fps;
  copy->poses = g_array_copy (self->poses);
  copy->movements = g_array_copy (self->movements);
  return copy;
}

void
td_trace_free (TdTrace *self)
{
  g_array_unref (self->poses);
  g_array_unref (self->movements);
  g_free (self);
}

/* ---- cameras --------------------------------------------------------------------------------- */

TdVirtualCamera
td_virtual_camera_around (double yaw_deg, double distance_m, double height_m, double aim_m,
                          double lens_deg, int width, int height)
{
  double yaw = yaw_deg * G_PI / 180.;
  return (TdVirtualCamera){ .eye = { distance_m * sin (yaw), height_m, distance_m * cos (yaw) },
                            .aim = { 0., aim_m, 0. },
                            .focal_px = 0.5 * height / tan (0.5 * lens_deg * G_PI / 180.),
                            .width = width,
                            .height = height };
}

static void
normalise (double v[3])
{
  double length = sqrt (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  for (int k = 0; k < 3; k++)
    v[k] /= length;
}

/* Right, down, ahead. */
static void
look (const TdVirtualCamera *camera, double axes[3][3])
{
  double *right = axes[0], *down = axes[1], *ahead = axes[2];
  for (int k = 0; k < 3; k++)
    ahead[k] = camera->aim[k] - camera->eye[k];
  normalise (ahead);
  memcpy (right, ((double[]){ -ahead[2], 0., ahead[0] }), sizeof axes[0]);
  normalise (right);
  down[0] = ahead[1] * right[2] - ahead[2] * right[1];
  down[1] = ahead[2] * right[0] - ahead[0] * right[2];
  down[2] = ahead[0] * right[1] - ahead[1] * right[0];
}

TdTrace *
td_virtual_camera_film (const TdVirtualCamera *camera, const TdTake *take, double fps,
                        gboolean crop)
{
  double axes[3][3];
  look (camera, axes);
  TdTrace *trace = g_new0 (TdTrace, 1);
  trace->fps = fps;
  trace->poses = g_array_new (FALSE, FALSE, sizeof (TdPose));
  trace->movements = g_array_copy (take->movements);
  for (guint i = 0; i < take->frames->len; i++)
    {
      const TdBodyFrame *frame = &g_array_index (take->frames, TdBodyFrame, i);
      TdPose pose = { .time_ns = (int64_t) llround (1e9 * frame->time_s),
                      .width = camera->width,
                      .height = camera->height,
                      .present = true,
                      .has_depth = true,
                      .score = 0.8f };
      double seen[TD_N_JOINTS][3];
      for (int j = 0; j < TD_N_JOINTS; j++)
        for (int k = 0; k < 3; k++)
          {
            seen[j][k] = 0.;
            for (int l = 0; l < 3; l++)
              seen[j][k] += axes[k][l] * (frame->joints[j][l] - camera->eye[l]);
          }
      double hips = 0.5 * (seen[TD_JOINT_HIP_LEFT][2] + seen[TD_JOINT_HIP_RIGHT][2]);
      for (int j = 0; j < TD_N_JOINTS; j++)
        {
          TdKeypoint *joint = &pose.joints[j];
          double x = 0.5 * camera->width + camera->focal_px * seen[j][0] / seen[j][2];
          double y = 0.5 * camera->height + camera->focal_px * seen[j][1] / seen[j][2];
          if (isnan (x) || seen[j][2] < 0.1
              || (crop && (x < 0. || y < 0. || x >= camera->width || y >= camera->height)))
            continue;
          *joint = (TdKeypoint){ .x = (float) x,
                                 .y = (float) y,
                                 .z = (float) (camera->focal_px * (seen[j][2] - hips) / hips),
                                 .score = 0.8f };
        }
      g_array_append_val (trace->poses, pose);
    }
  return trace;
}

/* ---- space ----------------------------------------------------------------------------------- */

static TdPose *
pose_at (const TdTrace *self, guint i)
{
  return &g_array_index (self->poses, TdPose, i);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Pixels: a leg at its longest, which it is when it stands, over its share of the stature. */
static double
stature (const TdTrace *self)
{
  g_autoptr (GArray) legs = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < self->poses->len; i++)
    for (int s = 0; s < TD_N_SIDES; s++)
      {
        const TdKeypoint *joints = pose_at (self, i)->joints;
        const TdKeypoint *hip = &joints[TD_JOINT_HIP_LEFT + s];
        const TdKeypoint *knee = &joints[TD_JOINT_KNEE_LEFT + s];
        const TdKeypoint *ankle = &joints[TD_JOINT_ANKLE_LEFT + s];
        if (hip->score <= 0.f || knee->score <= 0.f || ankle->score <= 0.f)
          continue;
        double leg = hypot (hip->x - knee->x, hip->y - knee->y)
                     + hypot (ankle->x - knee->x, ankle->y - knee->y);
        g_array_append_val (legs, leg);
      }
  g_assert_cmpuint (legs->len, >, 0);
  g_array_sort (legs, compare_doubles);
  return g_array_index (legs, double, legs->len * 9 / 10) / 0.491;
}

/* Sum of twelve: exact enough within three standard deviations, and none beyond six. */
static double
gauss (GRand *random)
{
  double sum = -6.;
  for (int i = 0; i < 12; i++)
    sum += g_rand_int (random) / 4294967296.;
  return sum;
}

/* FADE_S 0: all of the noise is white. */
static void
add_noise (TdTrace *self, double share, double depth, double fade_s, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  double unit = share * stature (self);
  double slow[TD_N_JOINTS][3];
  for (int j = 0; j < TD_N_JOINTS; j++)
    for (int k = 0; k < 3; k++)
      slow[j][k] = gauss (random);
  for (guint i = 0; i < self->poses->len; i++)
    {
      TdPose *pose = pose_at (self, i);
      double step_s = i > 0 ? 1e-9 * (double) (pose->time_ns - pose_at (self, i - 1)->time_ns) : 0.;
      double keep = fade_s > 0. ? exp (-step_s / fade_s) : 0.;
      for (int j = 0; j < TD_N_JOINTS; j++)
        {
          double error[3];
          for (int k = 0; k < 3; k++)
            {
              slow[j][k] = keep * slow[j][k] + sqrt (1. - keep * keep) * gauss (random);
              error[k] = fade_s > 0. ? 0.95 * slow[j][k] + 0.31 * gauss (random) : slow[j][k];
            }
          TdKeypoint *joint = &pose->joints[j];
          if (joint->score <= 0.f)
            continue;
          joint->x += (float) (unit * error[0]);
          joint->y += (float) (unit * error[1]);
          joint->z += (float) (unit * depth * error[2]);
        }
    }
}

void
td_trace_add_network_noise (TdTrace *self, double share, double depth, guint32 seed)
{
  add_noise (self, share, depth, 0.5, seed);
}

void
td_trace_add_white_noise (TdTrace *self, double share, double depth, guint32 seed)
{
  add_noise (self, share, depth, 0., seed);
}

void
td_trace_scale_depth (TdTrace *self, double factor)
{
  for (guint i = 0; i < self->poses->len; i++)
    for (int j = 0; j < TD_N_JOINTS; j++)
      pose_at (self, i)->joints[j].z *= (float) factor;
}

static void
swap_sides (TdPose *pose)
{
  for (int j = 0; j < TD_JOINT_NOSE; j += 2)
    {
      TdKeypoint left = pose->joints[j];
      pose->joints[j] = pose->joints[j + 1];
      pose->joints[j + 1] = left;
    }
}

void
td_trace_mirror (TdTrace *self)
{
  for (guint i = 0; i < self->poses->len; i++)
    {
      TdPose *pose = pose_at (self, i);
      if (!pose->present)
        continue;
      swap_sides (pose);
      for (int j = 0; j < TD_N_JOINTS; j++)
        if (pose->joints[j].score > 0.f)
          pose->joints[j].x = (float) pose->width - pose->joints[j].x;
    }
}

void
td_trace_scale (TdTrace *self, double factor)
{
  for (guint i = 0; i < self->poses->len; i++)
    {
      TdPose *pose = pose_at (self, i);
      pose->width = (int) lround (factor * pose->width);
      pose->height = (int) lround (factor * pose->height);
      for (int j = 0; j < TD_N_JOINTS; j++)
        {
          pose->joints[j].x *= (float) factor;
          pose->joints[j].y *= (float) factor;
          pose->joints[j].z *= (float) factor;
        }
    }
}

void
td_trace_move (TdTrace *self, double x, double y)
{
  for (guint i = 0; i < self->poses->len; i++)
    for (int j = 0; j < TD_N_JOINTS; j++)
      {
        TdKeypoint *joint = &pose_at (self, i)->joints[j];
        if (joint->score <= 0.f)
          continue;
        joint->x += (float) x;
        joint->y += (float) y;
      }
}

/* ---- time ------------------------------------------------------------------------------------ */

void
td_trace_keep_every (TdTrace *self, guint n)
{
  guint kept = 0;
  for (guint i = 0; i < self->poses->len; i += n)
    *pose_at (self, kept++) = *pose_at (self, i);
  g_array_set_size (self->poses, kept);
  self->fps /= n;
}

static double
time_of (const TdTrace *self, guint i)
{
  return 1e-9 * (double) pose_at (self, i)->time_ns;
}

/* *BEFORE goes from the pose that was last used on, since times only grow. */
static TdPose
pose_between (const TdTrace *self, double time_s, guint *before)
{
  while (*before + 2 < self->poses->len && time_of (self, *before + 1) <= time_s)
    (*before)++;
  const TdPose *a = pose_at (self, *before), *b = pose_at (self, *before + 1);
  double f = (time_s - time_of (self, *before))
             / (time_of (self, *before + 1) - time_of (self, *before));
  f = CLAMP (f, 0., 1.);
  TdPose pose = f < 0.5 ? *a : *b;
  if (!a->present || !b->present)
    return pose;
  pose.score = (float) ((1. - f) * a->score + f * b->score);
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      const TdKeypoint *p = &a->joints[j], *q = &b->joints[j];
      if (p->score <= 0.f || q->score <= 0.f)
        continue;
      pose.joints[j] = (TdKeypoint){ .x = (float) ((1. - f) * p->x + f * q->x),
                                     .y = (float) ((1. - f) * p->y + f * q->y),
                                     .z = (float) ((1. - f) * p->z + f * q->z),
                                     .score = (float) ((1. - f) * p->score + f * q->score) };
    }
  return pose;
}

static void
take_poses (TdTrace *self, GArray *poses)
{
  g_array_unref (self->poses);
  self->poses = poses;
}

void
td_trace_resample (TdTrace *self, double fps)
{
  double first = time_of (self, 0), last = time_of (self, self->poses->len - 1);
  GArray *poses = g_array_new (FALSE, FALSE, sizeof (TdPose));
  guint before = 0;
  for (guint i = 0; first + i / fps <= last + 1e-9; i++)
    {
      TdPose pose = pose_between (self, first + i / fps, &before);
      pose.time_ns = (int64_t) llround (1e9 * (first + i / fps));
      g_array_append_val (poses, pose);
    }
  take_poses (self, poses);
  self->fps = fps;
}

void
td_trace_resample_unevenly (TdTrace *self, double least_s, double most_s, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  double last = time_of (self, self->poses->len - 1);
  GArray *poses = g_array_new (FALSE, FALSE, sizeof (TdPose));
  guint before = 0;
  for (double t = time_of (self, 0); t <= last; t += g_rand_double_range (random, least_s, most_s))
    {
      TdPose pose = pose_between (self, t, &before);
      pose.time_ns = (int64_t) llround (1e9 * t);
      g_array_append_val (poses, pose);
    }
  take_poses (self, poses);
}

void
td_trace_cut_start (TdTrace *self, double time_s)
{
  guint n = 0;
  while (n < self->poses->len && time_of (self, n) < time_s)
    n++;
  g_array_remove_range (self->poses, 0, n);
}

static double
map (const double *from, const double *to, guint n, double x)
{
  guint i = 0;
  while (i + 2 < n && from[i + 1] <= x)
    i++;
  return to[i] + (x - from[i]) * (to[i + 1] - to[i]) / (from[i + 1] - from[i]);
}

void
td_trace_warp (TdTrace *self, const double *from, const double *to, guint n)
{
  GArray *poses = g_array_new (FALSE, FALSE, sizeof (TdPose));
  double first = map (from, to, n, time_of (self, 0));
  double last = map (from, to, n, time_of (self, self->poses->len - 1));
  guint before = 0;
  for (guint i = 0; first + i / self->fps <= last + 1e-9; i++)
    {
      double t = first + i / self->fps;
      TdPose pose = pose_between (self, map (to, from, n, t), &before);
      pose.time_ns = (int64_t) llround (1e9 * t);
      g_array_append_val (poses, pose);
    }
  take_poses (self, poses);
  for (guint i = 0; i < self->movements->len; i++)
    {
      TdMovement *m = &g_array_index (self->movements, TdMovement, i);
      double *times[] = { &m->start_s,      &m->end_s,         &m->bottom_s, &m->top_s,
                          &m->bottom_in5_s, &m->bottom_out5_s, &m->onset5_s, &m->lockout5_s };
      for (guint k = 0; k < G_N_ELEMENTS (times); k++)
        *times[k] = map (from, to, n, *times[k]);
    }
}

/* ---- what goes missing ----------------------------------------------------------------------- */

void
td_trace_hide (TdTrace *self, const TdJoint *joints, guint n)
{
  for (guint i = 0; i < self->poses->len; i++)
    for (guint k = 0; k < n; k++)
      pose_at (self, i)->joints[joints[k]] = (TdKeypoint){ 0 };
}

void
td_trace_drop_joints (TdTrace *self, double share, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < self->poses->len; i++)
    for (int j = 0; j < TD_N_JOINTS; j++)
      if (g_rand_double (random) < share)
        pose_at (self, i)->joints[j] = (TdKeypoint){ 0 };
}

void
td_trace_swap_sides (TdTrace *self, double share, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < self->poses->len; i++)
    if (g_rand_double (random) < share)
      swap_sides (pose_at (self, i));
}

void
td_trace_make_gaps (TdTrace *self, double gap_s, double every_s, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  double start = g_rand_double_range (random, 0., every_s - gap_s);
  double slot = 0.;
  for (guint i = 0; i < self->poses->len; i++)
    {
      TdPose *pose = pose_at (self, i);
      double t = 1e-9 * (double) (pose->time_ns - pose_at (self, 0)->time_ns);
      if (t >= slot + every_s)
        {
          slot += every_s;
          start = slot + g_rand_double_range (random, 0., every_s - gap_s);
        }
      if (t < start || t >= start + gap_s)
        continue;
      pose->present = false;
      pose->score = 0.f;
      memset (pose->joints, 0, sizeof pose->joints);
    }
}
