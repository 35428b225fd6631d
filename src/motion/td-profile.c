#include "td-profile.h"

#include "td-motion.h"

#include <string.h>

#define N_(text) text

/* Shared by both exercises. No cut-off for a double-leg squat is established: up to 5° of FPPA
 * is neutral, over 10° valgus (science.md, section 4). Between them, since networks read knees
 * that fall inward a few degrees too low. */
#define KNEES                                                                                      \
  {                                                                                                \
    .id = "knees", .measure = TD_REP_FPPA_WORST, .sense = TD_CHECK_AT_MOST, .limit = 7.f,          \
    .limit_min = 0.f, .limit_max = 30.f, .name = N_ ("Knees not inward"), .cue = N_ ("Knees out"), \
    .advice = N_ ("A knee fell inward. Push your knees out, over your toes."),                     \
  }
/* A habit of not extending fully is the main cause of a weak vastus medialis (section 1).
 * Straight legs read up to 10° bent. */
#define LOCKOUT                                                                                    \
  {                                                                                                \
    .id = "lockout", .measure = TD_REP_LOCKOUT, .sense = TD_CHECK_AT_MOST, .limit = 15.f,          \
    .limit_min = 5.f, .limit_max = 45.f, .name = N_ ("Straight at the top"),                       \
    .cue = N_ ("Stand tall"),                                                                      \
    .advice = N_ ("Your legs stayed bent at the top. Straighten them fully."),                     \
  }
#define SMOOTH                                                                                     \
  {                                                                                                \
    .id = "descent", .measure = TD_REP_ECCENTRIC, .sense = TD_CHECK_AT_LEAST, .limit = 0.8f,       \
    .limit_min = 0.f, .limit_max = 6.f, .name = N_ ("Smooth descent"), .cue = N_ ("Slower down"),  \
    .advice = N_ ("You dropped fast. Go down slower."),                                            \
  }
#define EVEN                                                                                       \
  {                                                                                                \
    .id = "sides", .measure = TD_REP_KNEE_FLEXION_DIFFERENCE, .sense = TD_CHECK_WITHIN,            \
    .limit = 12.f, .limit_min = 3.f, .limit_max = 40.f, .name = N_ ("Both legs alike"),            \
    .cue = N_ ("Both legs alike"),                                                                 \
    .advice = N_ ("One knee bent more than the other. Share the weight between both legs."),       \
  }

/* count_flexion_deg: below half-squat depth a movement is an attempt; half is 80-100 degrees of
 * flexion, quarter 40-70 (section 2), so the border lies between the two. Depth itself is judged
 * apart from the count. Depth: hamstrings on calves begins at 120-165° (section 2); thigh level
 * is a hip joint no higher than the knee, its centre about 10° above the crease. Stance: feet
 * together <= 0.5, narrow <= 1.0 (section 5). Trunk: high chest for the cyclist, whose heels are
 * raised. */
static const TdProfile profiles[] = {
  {
      .id = "cyclist",
      .name = N_ ("Cyclist squat"),
      .count_flexion_deg = 70.f,
      .checks = {
          KNEES,
          {
              .id = "depth",
              .measure = TD_REP_KNEE_FLEXION_MAX,
              .sense = TD_CHECK_AT_LEAST,
              .limit = 120.f,
              .limit_min = 70.f,
              .limit_max = 160.f,
              .name = N_ ("Hamstrings to the calves"),
              .cue = N_ ("Deeper"),
              .advice = N_ ("Go down until your hamstrings touch your calves."),
          },
          LOCKOUT,
          {
              .id = "trunk",
              .measure = TD_REP_TRUNK_LEAN,
              .sense = TD_CHECK_AT_MOST,
              .limit = 35.f,
              .limit_min = 10.f,
              .limit_max = 70.f,
              .name = N_ ("Chest high"),
              .cue = N_ ("Chest up"),
              .advice = N_ ("You leaned forward. Keep your chest high."),
          },
          {
              .id = "stance",
              .measure = TD_REP_STANCE,
              .sense = TD_CHECK_AT_MOST,
              .limit = 0.5f,
              .limit_min = 0.2f,
              .limit_max = 1.5f,
              .name = N_ ("Feet together"),
              .cue = N_ ("Feet together"),
              .advice = N_ ("Put your feet closer together."),
          },
          {
              .id = "toes",
              .measure = TD_REP_TOE_OUT,
              .sense = TD_CHECK_WITHIN,
              .limit = 15.f,
              .limit_min = 5.f,
              .limit_max = 45.f,
              .name = N_ ("Feet parallel"),
              .cue = N_ ("Feet parallel"),
              .advice = N_ ("Your feet point to the sides. Keep them parallel."),
          },
          SMOOTH,
          EVEN,
      },
  },
  {
      .id = "narrow",
      .name = N_ ("Narrow-stance squat"),
      .count_flexion_deg = 70.f,
      .checks = {
          KNEES,
          {
              .id = "depth",
              .measure = TD_REP_THIGH_INCLINATION,
              .sense = TD_CHECK_AT_MOST,
              .limit = 10.f,
              .limit_min = -30.f,
              .limit_max = 45.f,
              .name = N_ ("Thighs level"),
              .cue = N_ ("Deeper"),
              .advice = N_ ("Go down until your thighs are level."),
          },
          LOCKOUT,
          {
              .id = "together",
              .measure = TD_REP_HIP_KNEE_LAG,
              .sense = TD_CHECK_WITHIN,
              .limit = 0.25f,
              .limit_min = 0.05f,
              .limit_max = 1.f,
              .name = N_ ("Hips and knees together"),
              .cue = N_ ("Hips and knees together"),
              .advice = N_ ("Bend your hips and knees at the same time."),
          },
          {
              .id = "heels",
              .measure = TD_REP_HEEL_RISE,
              .sense = TD_CHECK_AT_MOST,
              .limit = 0.035f,
              .limit_min = 0.01f,
              .limit_max = 0.2f,
              .name = N_ ("Heels down"),
              .cue = N_ ("Heels down"),
              .advice = N_ ("Your heels came up. Keep them on the floor, or raise them with a low wedge."),
          },
          {
              .id = "trunk",
              .measure = TD_REP_TRUNK_LEAN,
              .sense = TD_CHECK_AT_MOST,
              .limit = 50.f,
              .limit_min = 10.f,
              .limit_max = 70.f,
              .name = N_ ("Chest high"),
              .cue = N_ ("Chest up"),
              .advice = N_ ("You leaned forward a lot. Keep your chest higher."),
          },
          {
              .id = "stance",
              .measure = TD_REP_STANCE,
              .sense = TD_CHECK_AT_MOST,
              .limit = 1.f,
              .limit_min = 0.2f,
              .limit_max = 1.5f,
              .name = N_ ("Narrow stance"),
              .cue = N_ ("Feet closer"),
              .advice = N_ ("Put your feet closer together."),
          },
          SMOOTH,
          EVEN,
      },
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

int
td_profile_n_checks (const TdProfile *profile)
{
  int n = 0;
  while (n < TD_MAX_CHECKS && profile->checks[n].id)
    n++;
  return n;
}

TdCheck *
td_profile_check (TdProfile *profile, const char *id)
{
  for (int i = 0; i < td_profile_n_checks (profile); i++)
    if (strcmp (profile->checks[i].id, id) == 0)
      return &profile->checks[i];
  return NULL;
}
