/* td-film.h: the picture of sessions on its way to files, if the user wants that.
 *
 * Internal to src/engine; of one thread. A failure is told by td_film_problem() and stops the filming of
 * that session, nothing else; so does a disk that is nearly full, as the repetitions must find room.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-capture.h"
#include "td-store.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct TdFilm TdFilm;

/* STORE is borrowed. */
TdFilm *td_film_new (const char *folder, TdStore *store);
/* Finishes first. NULL is allowed. */
void td_film_free (TdFilm *self);

/* SESSION: 0 as long as there is nothing of it in the store: FRAME is not kept then. The first one
 * that is makes FOLDER/SESSION.webm and tells the store. */
void td_film_push (TdFilm *self, gint64 session, const TdFrame *frame);
/* The session has ended, or was deleted: a picture whose session the store does not have (any more)
 * is removed. */
void td_film_finish (TdFilm *self);
/* One sentence of why the session that runs, or ran last, is not filmed to its end; "" when all is well. */
const char *td_film_problem (const TdFilm *self);

G_END_DECLS
