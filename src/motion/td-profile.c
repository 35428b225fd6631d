#include "td-profile.h"

#include <string.h>

#define N_(text) text

/* count_flexion_deg: below half-squat depth a movement is an attempt; half is 80-100 degrees of
 * flexion, quarter 40-70 (science.md, section 2), so the border lies between the two. Depth itself
 * is judged apart from the count.
 * stance_ratio_max: feet together <= 0.5, narrow <= 1.0 (section 5). */
static const TdProfile profiles[] = {
  {
      .id = "cyclist",
      .name = N_ ("Cyclist squat"),
      .count_flexion_deg = 70.f,
      .top_flexion_deg = 45.f,
      .stance_ratio_max = 0.5f,
      .trunk_lean_max_deg = 35.f,
  },
  {
      .id = "narrow",
      .name = N_ ("Narrow-stance squat"),
      .count_flexion_deg = 70.f,
      .top_flexion_deg = 45.f,
      .stance_ratio_max = 1.0f,
      .trunk_lean_max_deg = 50.f,
  },
};

const TdProfile *
td_profile_find (const char *id)
{
  for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++)
    if (strcmp (profiles[i].id, id) == 0)
      return &profiles[i];
  return NULL;
}

const TdProfile *
td_profile_all (size_t *n)
{
  *n = sizeof profiles / sizeof profiles[0];
  return profiles;
}
