/* td-guide.h: the guide: both squats, where to stand, the measures, why one did not count.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TD_TYPE_GUIDE (td_guide_get_type ())
G_DECLARE_FINAL_TYPE (TdGuide, td_guide, TD, GUIDE, AdwPreferencesWindow)

/* Beside PARENT, which goes on: a guide is read while one tries. */
TdGuide *td_guide_new (GtkWindow *parent);

G_END_DECLS
