/* td-cli-poses.c: see td-cli-poses.h.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-cli-poses.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FIRST_COLUMN "t_s,"
/* No row of ours comes near; a longer one is no table. */
#define MAX_LINE (64 * 1024)
/* Times beyond would lose nanoseconds in a double: 100 days. */
#define MAX_SECONDS 8.64e6
#define MAX_PIXELS 1e6
#define MAX_FRAME_SIDE 65535
#define MAX_DEPTH_SIGMA 10. /* leg lengths */

enum
{
  PART_X,
  PART_Y,
  PART_Z,
  PART_SCORE,
  N_PARTS
};

static const char *const part_names[N_PARTS] = { "x", "y", "z", "score" };

/* The fields that are read, in this order; those of the joints come first. */
enum
{
  FIELD_JOINTS,
  FIELD_TIME = FIELD_JOINTS + TD_N_JOINTS * N_PARTS,
  FIELD_WIDTH,
  FIELD_HEIGHT,
  FIELD_DEPTH_SIGMA, /* may lack */
  N_FIELDS
};

typedef struct
{
  int line; /* of the file, from 1; 0: the file as a whole */
  char *problem;
  int n_columns;
  int columns[N_FIELDS]; /* where in a row the field is; -1: nowhere */
  double values[N_FIELDS];
} Reader;

gboolean
td_cli_is_pose_table (const char *file)
{
  char start[sizeof FIRST_COLUMN - 1];
  struct stat status;
  /* What is read from a pipe is gone for whoever reads it next. */
  if (stat (file, &status) != 0 || !S_ISREG (status.st_mode))
    return FALSE;
  FILE *from = fopen (file, "re");
  if (from == NULL)
    return FALSE;
  gboolean is_table = fread (start, 1, sizeof start, from) == sizeof start
                      && memcmp (start, FIRST_COLUMN, sizeof start) == 0;
  fclose (from);
  return is_table;
}

static gboolean G_GNUC_PRINTF (2, 3) complain (Reader *self, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->problem
      = self->line > 0 ? g_strdup_printf ("line %d %s", self->line, what) : g_strdup (what);
  return FALSE;
}

static void
name_field (int field, char *name, size_t size)
{
  static const char *const others[] = { "t_s", "frame_width", "frame_height", "depth_sigma" };
  if (field >= FIELD_TIME)
    snprintf (name, size, "%s", others[field - FIELD_TIME]);
  else
    snprintf (name, size, "%s_%s", td_joint_name ((TdJoint) (field / N_PARTS)),
              part_names[field % N_PARTS]);
}

static gboolean
read_header (Reader *self, char *line)
{
  g_auto (GStrv) names = g_strsplit (line, ",", -1);
  self->n_columns = (int) g_strv_length (names);
  for (int field = 0; field < N_FIELDS; field++)
    {
      char name[64];
      int column = 0;
      name_field (field, name, sizeof name);
      while (column < self->n_columns && strcmp (names[column], name) != 0)
        column++;
      if (column == self->n_columns && field != FIELD_DEPTH_SIGMA)
        return complain (self, "has no column %s", name);
      self->columns[field] = column < self->n_columns ? column : -1;
    }
  return TRUE;
}

/* NAN: the field is empty. */
static gboolean
read_number (Reader *self, int field, const char *text)
{
  double *value = &self->values[field];
  char *end;
  *value = NAN;
  if (text[0] == '\0')
    return TRUE;
  *value = g_ascii_strtod (text, &end);
  if (*end == '\0' && !g_ascii_isspace (text[0]) && isfinite (*value))
    return TRUE;
  char name[64];
  name_field (field, name, sizeof name);
  return complain (self, "has “%.40s” for %s, which is no number", text, name);
}

static gboolean
check_range (Reader *self, int field, double least, double most)
{
  double value = self->values[field];
  char name[64];
  name_field (field, name, sizeof name);
  if (isnan (value))
    return complain (self, "has no %s", name);
  gboolean is_whole = field == FIELD_WIDTH || field == FIELD_HEIGHT;
  if (value < least || value > most || (is_whole && floor (value) < value))
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];
      return complain (self, "has %s for %s, which cannot be",
                       g_ascii_formatd (text, sizeof text, "%g", value), name);
    }
  return TRUE;
}

static gboolean
read_joint (Reader *self, TdJoint j, TdPose *pose)
{
  int field = FIELD_JOINTS + (int) j * N_PARTS;
  const double *part = &self->values[field];
  if (isnan (part[PART_X]) && isnan (part[PART_Y]) && isnan (part[PART_Z])
      && isnan (part[PART_SCORE]))
    return TRUE;
  if (!check_range (self, field + PART_X, -MAX_PIXELS, MAX_PIXELS)
      || !check_range (self, field + PART_Y, -MAX_PIXELS, MAX_PIXELS)
      || !check_range (self, field + PART_SCORE, 0, 1))
    return FALSE;
  bool has_depth = !isnan (part[PART_Z]);
  if (has_depth && !check_range (self, field + PART_Z, -MAX_PIXELS, MAX_PIXELS))
    return FALSE;
  if (pose->present && has_depth != pose->has_depth)
    return complain (self, "has a z for some joints only");
  pose->present = true;
  pose->has_depth = has_depth;
  pose->joints[j] = (TdKeypoint){
    .x = (float) part[PART_X],
    .y = (float) part[PART_Y],
    .z = has_depth ? (float) part[PART_Z] : 0.f,
    .score = (float) part[PART_SCORE],
  };
  return TRUE;
}

static gboolean
read_pose (Reader *self, const TdPose *last, TdPose *pose)
{
  if (!check_range (self, FIELD_TIME, -MAX_SECONDS, MAX_SECONDS)
      || !check_range (self, FIELD_WIDTH, 1, MAX_FRAME_SIDE)
      || !check_range (self, FIELD_HEIGHT, 1, MAX_FRAME_SIDE))
    return FALSE;
  *pose = (TdPose){
    .time_ns = llround (self->values[FIELD_TIME] * 1e9),
    .width = (int) self->values[FIELD_WIDTH],
    .height = (int) self->values[FIELD_HEIGHT],
  };
  if (last != NULL && pose->time_ns <= last->time_ns)
    return complain (self, "is no later than the row before");
  if (last != NULL && (pose->width != last->width || pose->height != last->height))
    return complain (self, "has another frame size than the row before");
  /* The person's score is, as the tracker has it, the mean of hips, knees and ankles. */
  float sum = 0.f;
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      if (!read_joint (self, (TdJoint) j, pose))
        return FALSE;
      if (j <= TD_JOINT_ANKLE_RIGHT)
        sum += pose->joints[j].score;
    }
  pose->score = sum / (TD_JOINT_ANKLE_RIGHT + 1);
  if (isnan (self->values[FIELD_DEPTH_SIGMA]))
    return TRUE;
  pose->depth_sigma = (float) self->values[FIELD_DEPTH_SIGMA];
  return check_range (self, FIELD_DEPTH_SIGMA, 0, MAX_DEPTH_SIGMA);
}

static gboolean
read_row (Reader *self, char *line, const TdPose *last, TdPose *pose)
{
  g_auto (GStrv) fields = g_strsplit (line, ",", -1);
  int n = (int) g_strv_length (fields);
  if (n != self->n_columns)
    return complain (self, "has %d fields instead of %d", n, self->n_columns);
  for (int field = 0; field < N_FIELDS; field++)
    if (!read_number (self, field, self->columns[field] < 0 ? "" : fields[self->columns[field]]))
      return FALSE;
  return read_pose (self, last, pose);
}

static void
read_line (Reader *self, char *line, GArray *poses)
{
  self->line++;
  size_t length = strcspn (line, "\r\n");
  if (line[length] == '\0' && length == MAX_LINE - 1)
    {
      complain (self, "is too long");
      return;
    }
  line[length] = '\0';
  if (self->line == 1)
    {
      read_header (self, line);
      return;
    }
  const TdPose *last = poses->len > 0 ? &g_array_index (poses, TdPose, poses->len - 1) : NULL;
  TdPose pose;
  if (read_row (self, line, last, &pose))
    g_array_append_val (poses, pose);
}

GArray *
td_cli_read_pose_table (const char *file, char **problem)
{
  Reader self = { 0 };
  g_autoptr (GArray) poses = g_array_new (FALSE, FALSE, sizeof (TdPose));
  g_autofree char *name = g_filename_display_basename (file);
  g_autofree char *line = g_malloc (MAX_LINE);
  FILE *from = fopen (file, "re");
  if (from == NULL)
    {
      *problem = g_strdup_printf ("The joints in %s cannot be read: %s.", name, g_strerror (errno));
      return NULL;
    }
  while (self.problem == NULL && fgets (line, MAX_LINE, from) != NULL)
    read_line (&self, line, poses);
  if (self.problem == NULL && ferror (from))
    self.problem = g_strdup (g_strerror (errno));
  if (self.problem == NULL && poses->len == 0)
    self.problem = g_strdup ("there is no row below the header");
  fclose (from);
  if (self.problem == NULL)
    return g_steal_pointer (&poses);
  *problem = g_strdup_printf ("The joints in %s cannot be used: %s.", name, self.problem);
  g_free (self.problem);
  return NULL;
}
