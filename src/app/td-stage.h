/* td-stage.h: the live picture with the skeleton drawn over it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-motion.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_STAGE (td_stage_get_type ())
G_DECLARE_FINAL_TYPE (TdStage, td_stage, TD, STAGE, GtkWidget)

GtkWidget *td_stage_new (void);

/* A new picture and the pose that was found in it, always together. TEXTURE NULL: the picture
 * stays. SCALE: picture pixels per pixel of the pose. POSE is copied; NULL: no skeleton. */
void td_stage_set_picture (TdStage *self, GdkTexture *texture, float scale, const TdPose *pose);
void td_stage_clear (TdStage *self);
/* Of the same picture: how far each knee is beside the line from hip to foot. Drawn as an arrow at
 * the knee where it is more than a few degrees, while the knees are as far bent as it is judged at.
 * NULL: not known. */
void td_stage_set_measures (TdStage *self, const TdFrameMeasures *measures);
/* The picture lies in the middle of the widget's upper left WIDTH x HEIGHT pixels; 0: of all of it. */
void td_stage_set_room (TdStage *self, int width, int height);

/* As in a mirror, picture and skeleton alike. */
void td_stage_set_mirror (TdStage *self, gboolean mirror);
/* The picture is not live any more (a lost camera): shown faint, without skeleton. */
void td_stage_set_stale (TdStage *self, gboolean stale);
gboolean td_stage_get_stale (TdStage *self);

/* It is of a session that is over: for who cannot see it. */
void td_stage_set_recorded (TdStage *self, gboolean recorded);

/* The height that the picture takes in a widget of WIDTH x HEIGHT; 0 when there is none. */
int td_stage_picture_height (TdStage *self, int width, int height);
/* Where the pose's pixel (X, Y) is drawn, in the widget; FALSE when there is no picture. */
gboolean td_stage_map (TdStage *self, float x, float y, graphene_point_t *to);

G_END_DECLS
