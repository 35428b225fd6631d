/* td-calibrate.h: measures the person: the live picture, what to do now, and how far it is.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-trainer.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_CALIBRATE (td_calibrate_get_type ())
G_DECLARE_FINAL_TYPE (TdCalibrate, td_calibrate, TD, CALIBRATE, AdwBin)

void td_calibrate_set_trainer (TdCalibrate *self, TdTrainer *trainer, GSettings *settings);

/* A window of its own with it. */
GtkWindow *td_calibrate_window_new (GtkWindow *parent, TdTrainer *trainer, GSettings *settings);

G_END_DECLS
