/* td-film-reader.h: the recorded picture of a session at any of its times, decoded beside the main loop.
 *
 * Main thread only.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _TdFilmReader TdFilmReader;

/* A picture that was asked for, and its time since the first one; OVER: the file ended before what was asked
 * for, and this is its last one; or TEXTURE NULL and PROBLEM, one sentence
 * of why there will be none. */
typedef void (*TdFilmShow) (GdkTexture *texture, gint64 time_ns, gboolean over, const char *problem,
                            gpointer data);

TdFilmReader *td_film_reader_new (const char *path, TdFilmShow show, gpointer data);
/* SHOW is not called any more. Does not wait. NULL is allowed. */
void td_film_reader_free (TdFilmReader *self);
/* The picture that shows at TIME_NS since the first one. Of several that are asked for while one is decoded
 * only the last is given. */
void td_film_reader_want (TdFilmReader *self, gint64 time_ns);

G_END_DECLS
