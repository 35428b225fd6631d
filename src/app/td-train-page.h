/* td-train-page.h: the page in front of which one squats: picture, count, gauge, start and stop.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-latency.h"
#include "td-trainer.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_TRAIN_PAGE (td_train_page_get_type ())
G_DECLARE_FINAL_TYPE (TdTrainPage, td_train_page, TD, TRAIN_PAGE, AdwBin)

/* Once, before the page is shown. LATENCY may be NULL; it is borrowed. */
void td_train_page_set_trainer (TdTrainPage *self, TdTrainer *trainer, GSettings *settings,
                                TdLatency *latency);

G_END_DECLS
