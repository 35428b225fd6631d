/* td-cli-poses.h: joints that analyze --poses wrote, read back to be measured again.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-pose.h"

#include <glib.h>

G_BEGIN_DECLS

/* Whether FILE begins like such a table: its name says nothing. */
gboolean td_cli_is_pose_table (const char *file);

/* Every row of FILE as a TdPose, at least one, times growing, all frames of one size. Columns are
 * found by their names; others than t_s, the joints' and the frame's size, and depth_sigma where
 * there is one, are not looked at. A
 * joint whose fields are empty was not seen, a row with none was without a person. NULL: what is
 * wrong is in *PROBLEM, one sentence, to be freed with g_free(). */
GArray *td_cli_read_pose_table (const char *file, char **problem);

G_END_DECLS
