/* td-chart-report.h: a session on one page, for a physiotherapist.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-chart-data.h"

/* One page A4 as PDF: what was done, a table of the repetitions with what was measured, why the rest was not,
 * two charts, and how far to trust the numbers. Any thread; PATH as in td_chart_save(). */
TdStoreStatus td_chart_report_save (TdChartData *data, const char *path, TdStoreError *error);
