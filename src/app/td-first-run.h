/* td-first-run.h: the first steps: camera, place, exercise, calibration, sound. Each can be skipped.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-trainer.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_FIRST_RUN (td_first_run_get_type ())
G_DECLARE_FINAL_TYPE (TdFirstRun, td_first_run, TD, FIRST_RUN, AdwWindow)

/* However it is closed, the setting "welcomed" is true after it. */
TdFirstRun *td_first_run_new (GtkWindow *parent, TdTrainer *trainer, GSettings *settings);

G_END_DECLS
