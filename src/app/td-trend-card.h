/* td-trend-card.h: a chart over weeks with its name, its finding and a button that saves it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-trend.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_TREND_CARD (td_trend_card_get_type ())
G_DECLARE_FINAL_TYPE (TdTrendCard, td_trend_card, TD, TREND_CARD, AdwBin)

/* Its button activates "trends.save-chart" with KIND. */
GtkWidget *td_trend_card_new (TdTrendChartKind kind);

/* Shows its chart of TREND. */
void td_trend_card_set_trend (TdTrendCard *self, TdTrend *trend);
/* Owned by the card; NULL before td_trend_card_set_trend(). */
TdTrendChart *td_trend_card_get_chart (TdTrendCard *self);

G_END_DECLS
