/* td-store-schema.c: the tables, and how an older file becomes a newer one.
 *
 * The comments inside the SQL are kept by SQLite: ".schema" shows them to who opens the file.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-store-private.h"

#include <stdio.h>
#include <string.h>

/* Ids are never used again (AUTOINCREMENT): a frame still waiting for a set that was deleted
 * meanwhile cannot end up in a later one.
 *
 * A repetition's measures are read by people, so they are plain columns; a frame's are written
 * thirty times a second, so they are small integers, and sample_list shows them in degrees. */
static const char tables[]
    = "CREATE TABLE session (\n"
      "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
      "  started_at TEXT, -- ISO 8601 with offset\n"
      "  exercise TEXT,\n"
      "  source TEXT, -- a camera's name or a file's\n"
      "  model TEXT,\n"
      "  ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)) -- 0: stopped in the middle\n"
      ") STRICT;\n"

      "CREATE TABLE exercise_set (\n"
      "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
      "  session_id INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,\n"
      "  number INTEGER NOT NULL, -- from 1 within the session\n"
      "  ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),\n"
      "  UNIQUE (session_id, number)\n"
      ") STRICT;\n"

      "CREATE TABLE repetition (\n"
      "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
      "  set_id INTEGER NOT NULL REFERENCES exercise_set ON DELETE CASCADE,\n"
      "  rep_index INTEGER NOT NULL, -- counted ones and attempts together\n"
      "  rep_number INTEGER, -- counted ones only\n"
      "  counted INTEGER NOT NULL CHECK (counted IN (0, 1)),\n"
      "  reason TEXT, -- why an attempt did not count\n"
      "  start_ns INTEGER NOT NULL, -- the frames' monotonic clock\n"
      "  bottom_ns INTEGER NOT NULL,\n"
      "  top_ns INTEGER NOT NULL,\n"
      "  view TEXT NOT NULL,\n"
      "  depth TEXT NOT NULL,\n"
      "  knee_flexion_max_deg REAL, knee_flexion_max_sigma_deg REAL,\n"
      "  thigh_inclination_deg REAL, thigh_inclination_sigma_deg REAL, -- negative: below level\n"
      "  fppa_deg REAL, fppa_sigma_deg REAL, -- positive: valgus, the knee inward\n"
      "  fppa_left_deg REAL, fppa_left_sigma_deg REAL,\n"
      "  fppa_right_deg REAL, fppa_right_sigma_deg REAL,\n"
      "  eccentric_s REAL, eccentric_sigma_s REAL,\n"
      "  pause_s REAL, pause_sigma_s REAL,\n"
      "  concentric_s REAL, concentric_sigma_s REAL,\n"
      "  lockout_deg REAL, lockout_sigma_deg REAL,\n"
      "  trunk_lean_deg REAL, trunk_lean_sigma_deg REAL,\n"
      "  stance_ratio REAL, stance_ratio_sigma REAL,\n"
      "  missing TEXT NOT NULL DEFAULT '{}' -- {\"fppa_deg\": \"front_view\"}: why it is NULL\n"
      "    CHECK (json_valid (missing)),\n"
      "  CHECK ((counted = 1) = (reason IS NULL))\n"
      ") STRICT;\n"
      "CREATE INDEX repetition_of_set ON repetition (set_id, start_ns);\n"

      "CREATE TABLE sample (\n"
      "  set_id INTEGER NOT NULL REFERENCES exercise_set ON DELETE CASCADE,\n"
      "  time_ns INTEGER NOT NULL,\n"
      "  width_px INTEGER NOT NULL,\n"
      "  height_px INTEGER NOT NULL,\n"
      "  has_depth INTEGER NOT NULL,\n"
      "  person_score_255 INTEGER NOT NULL,\n"
      "  view TEXT NOT NULL,\n"
      "  pose BLOB, -- NULL: nobody there; a byte 2 or 4, 17 x (x, y, z) as little-endian signed\n"
      "             -- integers of that many bytes in 1/8 pixel, 17 scores in 1/255\n"
      "  yaw_deg_x100 INTEGER, yaw_sigma_x100 INTEGER,\n"
      "  knee_flexion_left_deg_x100 INTEGER, knee_flexion_left_sigma_x100 INTEGER,\n"
      "  knee_flexion_right_deg_x100 INTEGER, knee_flexion_right_sigma_x100 INTEGER,\n"
      "  flexion_deg_x100 INTEGER, flexion_sigma_x100 INTEGER,\n"
      "  thigh_inclination_left_deg_x100 INTEGER, thigh_inclination_left_sigma_x100 INTEGER,\n"
      "  thigh_inclination_right_deg_x100 INTEGER, thigh_inclination_right_sigma_x100 INTEGER,\n"
      "  thigh_deg_x100 INTEGER, thigh_sigma_x100 INTEGER,\n"
      "  hip_height_x1000 INTEGER, hip_height_sigma_x1000 INTEGER,\n"
      "  fppa_left_deg_x100 INTEGER, fppa_left_sigma_x100 INTEGER,\n"
      "  fppa_right_deg_x100 INTEGER, fppa_right_sigma_x100 INTEGER,\n"
      "  fppa_mean_deg_x100 INTEGER, fppa_mean_sigma_x100 INTEGER,\n"
      "  trunk_lean_deg_x100 INTEGER, trunk_lean_sigma_x100 INTEGER,\n"
      "  stance_ratio_x1000 INTEGER, stance_ratio_sigma_x1000 INTEGER,\n"
      "  missing TEXT, -- a letter for each of the 13 measures above, in their order, - if there:\n"
      "                -- P no_person, J joints, F front_view, S side_view, D depth,\n"
      "                -- L foreshortened limb, R not_reached; NULL when all are there\n"
      "  PRIMARY KEY (set_id, time_ns)\n"
      ") STRICT, WITHOUT ROWID;\n";

/* first_ns asks each set for its first frame, which is one step in the primary key; a plain
 * min() over the session would read every frame of it. */
static const char views[]
    = "CREATE VIEW session_list AS\n"
      "SELECT session.id AS session, started_at, exercise, source, model, ended,\n"
      "  (SELECT count(*) FROM exercise_set WHERE session_id = session.id) AS sets,\n"
      "  (SELECT count(*) FROM exercise_set AS s JOIN repetition ON set_id = s.id\n"
      "    WHERE session_id = session.id AND counted = 1) AS repetitions,\n"
      "  (SELECT count(*) FROM exercise_set AS s JOIN repetition ON set_id = s.id\n"
      "    WHERE session_id = session.id AND counted = 0) AS attempts,\n"
      "  (SELECT max(knee_flexion_max_deg) FROM exercise_set AS s JOIN repetition\n"
      "    ON set_id = s.id WHERE session_id = session.id AND counted = 1) AS best_flexion_deg,\n"
      "  (SELECT min(at) FROM (\n"
      "    SELECT (SELECT min(time_ns) FROM sample WHERE set_id = s.id) AS at\n"
      "      FROM exercise_set AS s WHERE session_id = session.id\n"
      "    UNION ALL\n"
      "    SELECT (SELECT min(start_ns) FROM repetition WHERE set_id = s.id)\n"
      "      FROM exercise_set AS s WHERE session_id = session.id)) AS first_ns\n"
      "FROM session;\n"

      "CREATE VIEW repetition_list AS\n"
      "SELECT l.session, l.started_at, l.exercise, s.number AS set_number, r.rep_index,\n"
      "  r.rep_number, r.counted, r.reason,\n"
      "  round ((r.start_ns - l.first_ns) / 1e9, 3) AS start_s,\n"
      "  round ((r.bottom_ns - l.first_ns) / 1e9, 3) AS bottom_s,\n"
      "  round ((r.top_ns - l.first_ns) / 1e9, 3) AS top_s,\n"
      "  r.view, r.depth, r.knee_flexion_max_deg, r.thigh_inclination_deg,\n"
      "  r.fppa_deg AS fppa_valgus_positive_deg,\n"
      "  r.fppa_left_deg AS fppa_left_valgus_positive_deg,\n"
      "  r.fppa_right_deg AS fppa_right_valgus_positive_deg,\n"
      "  r.eccentric_s, r.pause_s, r.concentric_s, r.lockout_deg, r.trunk_lean_deg,\n"
      "  r.stance_ratio, r.missing\n"
      "FROM repetition AS r JOIN exercise_set AS s ON s.id = r.set_id\n"
      "  JOIN session_list AS l ON l.session = s.session_id\n"
      "ORDER BY l.session, s.number, r.start_ns, r.id;\n"

      "CREATE VIEW sample_list AS\n"
      "SELECT s.session_id AS session, s.number AS set_number, f.time_ns,\n"
      "  f.pose IS NOT NULL AS present, f.view, f.yaw_deg_x100 / 100.0 AS yaw_deg,\n"
      "  f.knee_flexion_left_deg_x100 / 100.0 AS knee_flexion_left_deg,\n"
      "  f.knee_flexion_right_deg_x100 / 100.0 AS knee_flexion_right_deg,\n"
      "  f.flexion_deg_x100 / 100.0 AS flexion_deg,\n"
      "  f.thigh_inclination_left_deg_x100 / 100.0 AS thigh_inclination_left_deg,\n"
      "  f.thigh_inclination_right_deg_x100 / 100.0 AS thigh_inclination_right_deg,\n"
      "  f.thigh_deg_x100 / 100.0 AS thigh_deg, f.hip_height_x1000 / 1000.0 AS hip_height,\n"
      "  f.fppa_left_deg_x100 / 100.0 AS fppa_left_valgus_positive_deg,\n"
      "  f.fppa_right_deg_x100 / 100.0 AS fppa_right_valgus_positive_deg,\n"
      "  f.fppa_mean_deg_x100 / 100.0 AS fppa_mean_valgus_positive_deg,\n"
      "  f.trunk_lean_deg_x100 / 100.0 AS trunk_lean_deg,\n"
      "  f.stance_ratio_x1000 / 1000.0 AS stance_ratio\n"
      "FROM exercise_set AS s JOIN sample AS f ON f.set_id = s.id\n"
      "ORDER BY s.session_id, s.number, f.time_ns;\n";

/* More measures of repetitions and frames, and the person's own.
 *
 * Columns are added and tables not rebuilt: the frames of years would be copied. "missing" of old
 * rows says nothing of the new measures. */
static const char more_measures[]
    = "ALTER TABLE repetition ADD COLUMN depth_unsure INTEGER NOT NULL DEFAULT 0"
      " CHECK (depth_unsure IN (0, 1));\n"
      "ALTER TABLE repetition ADD COLUMN knee_flexion_left_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN knee_flexion_left_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN knee_flexion_right_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN knee_flexion_right_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN knee_flexion_difference_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN knee_flexion_difference_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN calf_gap_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN calf_gap_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN fppa_worst_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN fppa_worst_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN fppa_down_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN fppa_down_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN fppa_up_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN fppa_up_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN fppa_bottom_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN fppa_bottom_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN fppa_change_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN fppa_change_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN knee_offset_ratio REAL;\n"
      "ALTER TABLE repetition ADD COLUMN knee_offset_sigma_ratio REAL;\n"
      "ALTER TABLE repetition ADD COLUMN top_pause_s REAL;\n"
      "ALTER TABLE repetition ADD COLUMN top_pause_sigma_s REAL;\n"
      "ALTER TABLE repetition ADD COLUMN tension_s REAL;\n"
      "ALTER TABLE repetition ADD COLUMN tension_sigma_s REAL;\n"
      "ALTER TABLE repetition ADD COLUMN concentric_velocity_per_s REAL;\n"
      "ALTER TABLE repetition ADD COLUMN concentric_velocity_sigma_per_s REAL;\n"
      "ALTER TABLE repetition ADD COLUMN trunk_lean_change_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN trunk_lean_change_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN hip_knee_lag_s REAL;\n"
      "ALTER TABLE repetition ADD COLUMN hip_knee_lag_sigma_s REAL;\n"
      "ALTER TABLE repetition ADD COLUMN toe_out_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN toe_out_sigma_deg REAL;\n"
      "ALTER TABLE repetition ADD COLUMN heel_rise_ratio REAL;\n"
      "ALTER TABLE repetition ADD COLUMN heel_rise_sigma_ratio REAL;\n"

      "ALTER TABLE sample ADD COLUMN hip_flexion_deg_x100 INTEGER;\n"
      "ALTER TABLE sample ADD COLUMN hip_flexion_sigma_x100 INTEGER;\n"
      "ALTER TABLE sample ADD COLUMN knee_offset_left_x1000 INTEGER;\n"
      "ALTER TABLE sample ADD COLUMN knee_offset_left_sigma_x1000 INTEGER;\n"
      "ALTER TABLE sample ADD COLUMN knee_offset_right_x1000 INTEGER;\n"
      "ALTER TABLE sample ADD COLUMN knee_offset_right_sigma_x1000 INTEGER;\n"
      "ALTER TABLE sample ADD COLUMN depth_sigma_x1000 INTEGER;\n"

      "CREATE TABLE calibration (\n"
      "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
      "  at TEXT, -- ISO 8601 with offset\n"
      "  model TEXT,\n"
      "  standing_known INTEGER NOT NULL CHECK (standing_known IN (0, 1)),\n"
      "  thigh_share REAL, -- of the leg\n"
      "  trunk_share REAL, -- leg lengths\n"
      "  fppa_left_deg REAL, -- standing\n"
      "  fppa_right_deg REAL,\n"
      "  straight_deg REAL, -- what was read for the straight leg\n"
      "  pitch_deg REAL, -- of the camera\n"
      "  roll_deg REAL,\n"
      "  range_known INTEGER NOT NULL CHECK (range_known IN (0, 1)),\n"
      "  flexion_max_deg REAL,\n"
      "  contact_deg REAL -- hamstrings on calves\n"
      ") STRICT;\n";

static const char more_views[]
    = "DROP VIEW repetition_list;\n"
      "DROP VIEW sample_list;\n"

      "CREATE VIEW repetition_list AS\n"
      "SELECT l.session, l.started_at, l.exercise, s.number AS set_number, r.rep_index,\n"
      "  r.rep_number, r.counted, r.reason,\n"
      "  round ((r.start_ns - l.first_ns) / 1e9, 3) AS start_s,\n"
      "  round ((r.bottom_ns - l.first_ns) / 1e9, 3) AS bottom_s,\n"
      "  round ((r.top_ns - l.first_ns) / 1e9, 3) AS top_s,\n"
      "  r.view, r.depth, r.depth_unsure,\n"
      "  r.knee_flexion_max_deg, r.knee_flexion_left_deg, r.knee_flexion_right_deg,\n"
      "  r.knee_flexion_difference_deg, r.thigh_inclination_deg, r.calf_gap_deg,\n"
      "  r.fppa_deg AS fppa_valgus_positive_deg,\n"
      "  r.fppa_left_deg AS fppa_left_valgus_positive_deg,\n"
      "  r.fppa_right_deg AS fppa_right_valgus_positive_deg,\n"
      "  r.fppa_worst_deg AS fppa_worst_valgus_positive_deg,\n"
      "  r.fppa_down_deg AS fppa_down_valgus_positive_deg,\n"
      "  r.fppa_up_deg AS fppa_up_valgus_positive_deg,\n"
      "  r.fppa_bottom_deg AS fppa_bottom_valgus_positive_deg,\n"
      "  r.fppa_change_deg AS fppa_change_valgus_positive_deg, r.knee_offset_ratio,\n"
      "  r.eccentric_s, r.pause_s, r.concentric_s, r.top_pause_s, r.tension_s,\n"
      "  r.concentric_velocity_per_s, r.lockout_deg, r.trunk_lean_deg,\n"
      "  r.trunk_lean_change_deg, r.hip_knee_lag_s, r.stance_ratio, r.toe_out_deg,\n"
      "  r.heel_rise_ratio,\n"
      "  r.missing -- {\"fppa_deg\": \"front_view\"}: why it is NULL; when it says nothing,\n"
      "            -- an earlier version wrote the row, which did not measure it\n"
      "FROM repetition AS r JOIN exercise_set AS s ON s.id = r.set_id\n"
      "  JOIN session_list AS l ON l.session = s.session_id\n"
      "ORDER BY l.session, s.number, r.start_ns, r.id;\n"

      "CREATE VIEW sample_list AS\n"
      "SELECT s.session_id AS session, s.number AS set_number, f.time_ns,\n"
      "  f.pose IS NOT NULL AS present,\n"
      "  f.depth_sigma_x1000 / 1000.0 AS depth_sigma, -- of z, leg lengths\n"
      "  f.view, f.yaw_deg_x100 / 100.0 AS yaw_deg,\n"
      "  f.knee_flexion_left_deg_x100 / 100.0 AS knee_flexion_left_deg,\n"
      "  f.knee_flexion_right_deg_x100 / 100.0 AS knee_flexion_right_deg,\n"
      "  f.flexion_deg_x100 / 100.0 AS flexion_deg,\n"
      "  f.thigh_inclination_left_deg_x100 / 100.0 AS thigh_inclination_left_deg,\n"
      "  f.thigh_inclination_right_deg_x100 / 100.0 AS thigh_inclination_right_deg,\n"
      "  f.thigh_deg_x100 / 100.0 AS thigh_deg, f.hip_height_x1000 / 1000.0 AS hip_height,\n"
      "  f.fppa_left_deg_x100 / 100.0 AS fppa_left_valgus_positive_deg,\n"
      "  f.fppa_right_deg_x100 / 100.0 AS fppa_right_valgus_positive_deg,\n"
      "  f.fppa_mean_deg_x100 / 100.0 AS fppa_mean_valgus_positive_deg,\n"
      "  f.trunk_lean_deg_x100 / 100.0 AS trunk_lean_deg,\n"
      "  f.stance_ratio_x1000 / 1000.0 AS stance_ratio,\n"
      "  f.hip_flexion_deg_x100 / 100.0 AS hip_flexion_deg,\n"
      "  f.knee_offset_left_x1000 / 1000.0 AS knee_offset_left, -- inward, hip widths\n"
      "  f.knee_offset_right_x1000 / 1000.0 AS knee_offset_right,\n"
      "  f.missing -- a letter for each of the 16 measures before it, in their order, - if there:\n"
      "            -- as in the table, and C calibration, N too_few; 13 letters: written before\n"
      "            -- there were hip_flexion and knee_offset\n"
      "FROM exercise_set AS s JOIN sample AS f ON f.set_id = s.id\n"
      "ORDER BY s.session_id, s.number, f.time_ns;\n";

/* What the user says of sets and repetitions beside what was measured, which stays. Whether a
 * repetition counts is "ifnull (verdict = 'one', counted)".
 *
 * A list of all sessions touches neither the long rows of repetitions nor the frames: the index has
 * all that it needs of a repetition, and a set that has ended knows its first frame. */
static const char corrections[]
    = "ALTER TABLE session ADD COLUMN note TEXT;\n"
      "ALTER TABLE exercise_set ADD COLUMN load_kg REAL;\n"
      "ALTER TABLE exercise_set ADD COLUMN target INTEGER;\n"
      "ALTER TABLE exercise_set ADD COLUMN first_ns INTEGER;\n"
      "UPDATE exercise_set SET first_ns = (SELECT min(time_ns) FROM sample WHERE set_id = id)"
      " WHERE ended = 1;\n"
      "ALTER TABLE repetition ADD COLUMN verdict TEXT CHECK (verdict IN ('one', 'not_one'));\n"
      "ALTER TABLE repetition ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0"
      " CHECK (by_hand IN (0, 1));\n"
      "DROP INDEX repetition_of_set;\n"
      "CREATE INDEX repetition_of_set ON repetition (set_id, start_ns, id, counted, verdict,"
      " knee_flexion_max_deg);\n"

      "DROP VIEW repetition_list;\n"
      "DROP VIEW session_list;\n"

      "CREATE VIEW session_list AS\n"
      "SELECT session.id AS session, started_at, exercise, source, model, ended,\n"
      "  (SELECT count(*) FROM exercise_set WHERE session_id = session.id) AS sets,\n"
      "  (SELECT count(*) FROM exercise_set AS s JOIN repetition ON set_id = s.id\n"
      "    WHERE session_id = session.id\n"
      "    AND ifnull (verdict = 'one', counted) = 1) AS repetitions, -- as the user corrected it\n"
      "  (SELECT count(*) FROM exercise_set AS s JOIN repetition ON set_id = s.id\n"
      "    WHERE session_id = session.id\n"
      "    AND ifnull (verdict = 'one', counted) = 0) AS attempts,\n"
      "  (SELECT max(knee_flexion_max_deg) FROM exercise_set AS s JOIN repetition\n"
      "    ON set_id = s.id WHERE session_id = session.id\n"
      "    AND ifnull (verdict = 'one', counted) = 1) AS best_flexion_deg,\n"
      "  (SELECT max(load_kg) FROM exercise_set\n"
      "    WHERE session_id = session.id) AS load_kg, -- NULL: not told, 0: body weight\n"
      "  (SELECT min(at) FROM (\n"
      "    SELECT iif (s.ended, s.first_ns,\n"
      "      (SELECT min(time_ns) FROM sample WHERE set_id = s.id)) AS at\n"
      "      FROM exercise_set AS s WHERE session_id = session.id\n"
      "    UNION ALL\n"
      "    SELECT (SELECT min(start_ns) FROM repetition WHERE set_id = s.id)\n"
      "      FROM exercise_set AS s WHERE session_id = session.id)) AS first_ns,\n"
      "  note\n"
      "FROM session;\n"

      "CREATE VIEW repetition_list AS\n"
      "SELECT l.session, l.started_at, l.exercise, s.number AS set_number,\n"
      "  s.load_kg, -- NULL: not told, 0: body weight\n"
      "  s.target, -- repetitions; NULL: none\n"
      "  r.rep_index, r.rep_number, -- as measured\n"
      "  ifnull (r.verdict = 'one', r.counted) AS counted, -- as the user corrected it\n"
      "  r.counted AS counted_as_measured,\n"
      "  r.verdict, -- the user's; NULL: none\n"
      "  r.by_hand, -- 1: the user added it, nothing of it was measured\n"
      "  r.reason, -- why it was not counted as measured\n"
      "  round ((r.start_ns - l.first_ns) / 1e9, 3) AS start_s,\n"
      "  round ((r.bottom_ns - l.first_ns) / 1e9, 3) AS bottom_s,\n"
      "  round ((r.top_ns - l.first_ns) / 1e9, 3) AS top_s,\n"
      "  r.view, r.depth, r.depth_unsure,\n"
      "  r.knee_flexion_max_deg, r.knee_flexion_left_deg, r.knee_flexion_right_deg,\n"
      "  r.knee_flexion_difference_deg, r.thigh_inclination_deg, r.calf_gap_deg,\n"
      "  r.fppa_deg AS fppa_valgus_positive_deg,\n"
      "  r.fppa_left_deg AS fppa_left_valgus_positive_deg,\n"
      "  r.fppa_right_deg AS fppa_right_valgus_positive_deg,\n"
      "  r.fppa_worst_deg AS fppa_worst_valgus_positive_deg,\n"
      "  r.fppa_down_deg AS fppa_down_valgus_positive_deg,\n"
      "  r.fppa_up_deg AS fppa_up_valgus_positive_deg,\n"
      "  r.fppa_bottom_deg AS fppa_bottom_valgus_positive_deg,\n"
      "  r.fppa_change_deg AS fppa_change_valgus_positive_deg, r.knee_offset_ratio,\n"
      "  r.eccentric_s, r.pause_s, r.concentric_s, r.top_pause_s, r.tension_s,\n"
      "  r.concentric_velocity_per_s, r.lockout_deg, r.trunk_lean_deg,\n"
      "  r.trunk_lean_change_deg, r.hip_knee_lag_s, r.stance_ratio, r.toe_out_deg,\n"
      "  r.heel_rise_ratio,\n"
      "  r.missing -- {\"fppa_deg\": \"front_view\"}: why it is NULL; when it says nothing,\n"
      "            -- an earlier version wrote the row, which did not measure it\n"
      "FROM repetition AS r JOIN exercise_set AS s ON s.id = r.set_id\n"
      "  JOIN session_list AS l ON l.session = s.session_id\n"
      "ORDER BY l.session, s.number, r.start_ns, r.id;\n";

/* The picture is a file of its own in the folder "pictures" beside this one; picture_ns is the frames'
 * clock at its first frame. */
static const char pictures[] = "ALTER TABLE session ADD COLUMN picture TEXT;\n"
                               "ALTER TABLE session ADD COLUMN picture_ns INTEGER;\n";

/* Step I brings a file from version I to I + 1. Steps that were ever released do not change; a
 * new one is added at the end. */
static const char *const steps[]
    = { tables, views, more_measures, more_views, corrections, pictures };

int
td_schema_version (void)
{
  return (int) (sizeof steps / sizeof steps[0]);
}

static bool
migrate_one (sqlite3 *db, int version, bool *done)
{
  int64_t found = 0;
  char pragmas[96];

  /* Asked inside the transaction: another program may have been faster. */
  if (!td_sqlite_get_int (db, "PRAGMA user_version", &found))
    return false;
  *done = found >= version;
  if (*done)
    return true;
  snprintf (pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
            TD_STORE_APPLICATION_ID, (int) found + 1);
  return td_sqlite_exec (db, steps[found]) && td_sqlite_exec (db, pragmas);
}

bool
td_schema_migrate (sqlite3 *db, int version)
{
  bool done = false;
  while (!done)
    {
      if (!td_sqlite_exec (db, "BEGIN IMMEDIATE"))
        return false;
      if (!migrate_one (db, version, &done) || !td_sqlite_exec (db, "COMMIT"))
        return false; /* the caller reads the error, then closes: that rolls back */
    }
  return true;
}

static const char *
without_preamble (const char *text)
{
  static const char preamble[] = "*** in database main ***";
  if (strncmp (text, preamble, sizeof preamble - 1) == 0)
    text += sizeof preamble - 1;
  return text + strspn (text, " \n");
}

bool
td_schema_check (sqlite3 *db, const char *sql, char *problem, size_t size)
{
  TdStatement s;
  TdStep step = TD_STEP_ERROR;
  bool ok = td_statement_init (&s, db, sql);

  problem[0] = '\0';
  if (ok)
    while ((step = td_statement_step (&s)) == TD_STEP_ROW && ok)
      {
        const char *text = td_statement_text (&s, 0);
        ok = text != NULL && strcmp (text, "ok") == 0;
        if (!ok && text != NULL)
          snprintf (problem, size, "%s", without_preamble (text));
      }
  if (ok && step == TD_STEP_ERROR)
    ok = false;
  if (!ok && problem[0] == '\0')
    snprintf (problem, size, "%s", sqlite3_errmsg (db));
  /* Some of SQLite's problems span lines; a message is one. */
  for (char *c = problem; *c != '\0'; c++)
    if (*c == '\n')
      *c = ' ';
  td_statement_clear (&s);
  return ok;
}
