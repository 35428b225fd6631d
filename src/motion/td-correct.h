/* td-correct.h: what one repetition more or less in a set means, the same wherever it is asked.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* How a repetition or attempt stands; a set is an array of them, in the order in which they were done. */
typedef struct
{
  bool counted; /* as measured */
  bool counts;  /* as the user says where they said something, else as measured */
  bool by_hand; /* the user added it; it counts, and is gone when it is taken away */
} TdStanding;

/* One more: the index of that which counts from now on, or N: one is added by hand. It is what was taken
 * away last when nothing came since, or the newest attempt when nothing counts after it. */
size_t td_standing_more (const TdStanding *set, size_t n);
/* One less: the index of the newest that counts, or N: there is none. */
size_t td_standing_less (const TdStanding *set, size_t n);
