/* td-columns.h: lays children out in rows of as many equal columns as are wide enough.
 *
 * For what GtkFlowBox would do but for its own idea of the Tab key. The last one of a row that is not full takes the
 * rest of it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TD_TYPE_COLUMNS (td_columns_get_type ())
G_DECLARE_FINAL_TYPE (TdColumns, td_columns, TD, COLUMNS, GtkLayoutManager)

/* Properties: "least" and "most" columns, "column-width" (at least), "spacing". */

G_END_DECLS
