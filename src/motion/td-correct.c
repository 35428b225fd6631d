/* td-correct.c: what one repetition more or less in a set means.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "td-correct.h"

size_t
td_standing_more (const TdStanding *set, size_t n)
{
  size_t first = n;

  /* Of those taken away at the end the first one: it was taken last. */
  while (first > 0 && set[first - 1].counted && !set[first - 1].counts)
    first--;
  if (first < n)
    return first;
  return n > 0 && !set[n - 1].counts ? n - 1 : n;
}

size_t
td_standing_less (const TdStanding *set, size_t n)
{
  for (size_t i = n; i > 0; i--)
    if (set[i - 1].counts)
      return i - 1;
  return n;
}
