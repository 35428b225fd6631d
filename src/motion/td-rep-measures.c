#include "td-motion.h"

#define N_(text) text
#define AT(member) offsetof (TdRep, member)

const TdRepMeasure td_rep_measures[TD_N_REP_MEASURES] = {
  [TD_REP_KNEE_FLEXION_MAX] = { "knee_flexion_max_deg", "knee_flexion_max_sigma_deg",
                                N_ ("Greatest knee flexion"), AT (knee_flexion_max_deg) },
  [TD_REP_KNEE_FLEXION_LEFT]
  = { "knee_flexion_left_deg", "knee_flexion_left_sigma_deg", N_ ("Left knee at the bottom"),
      AT (knee_flexion_side_deg[TD_SIDE_LEFT]) },
  [TD_REP_KNEE_FLEXION_RIGHT]
  = { "knee_flexion_right_deg", "knee_flexion_right_sigma_deg", N_ ("Right knee at the bottom"),
      AT (knee_flexion_side_deg[TD_SIDE_RIGHT]) },
  [TD_REP_KNEE_FLEXION_DIFFERENCE]
  = { "knee_flexion_difference_deg", "knee_flexion_difference_sigma_deg",
      N_ ("Left knee less right knee"), AT (knee_flexion_difference_deg) },
  [TD_REP_THIGH_INCLINATION] = { "thigh_inclination_deg", "thigh_inclination_sigma_deg",
                                 N_ ("Thigh at the bottom"), AT (thigh_inclination_deg) },
  [TD_REP_CALF_GAP]
  = { "calf_gap_deg", "calf_gap_sigma_deg", N_ ("Short of calf contact"), AT (calf_gap_deg) },
  [TD_REP_FPPA] = { "fppa_deg", "fppa_sigma_deg", N_ ("Valgus, both knees"), AT (fppa_deg) },
  [TD_REP_FPPA_LEFT] = { "fppa_left_deg", "fppa_left_sigma_deg", N_ ("Valgus, left knee"),
                         AT (fppa_side_deg[TD_SIDE_LEFT]) },
  [TD_REP_FPPA_RIGHT] = { "fppa_right_deg", "fppa_right_sigma_deg", N_ ("Valgus, right knee"),
                          AT (fppa_side_deg[TD_SIDE_RIGHT]) },
  [TD_REP_FPPA_WORST]
  = { "fppa_worst_deg", "fppa_worst_sigma_deg", N_ ("Valgus, worse knee"), AT (fppa_worst_deg) },
  [TD_REP_FPPA_DOWN]
  = { "fppa_down_deg", "fppa_down_sigma_deg", N_ ("Valgus, going down"), AT (fppa_down_deg) },
  [TD_REP_FPPA_UP]
  = { "fppa_up_deg", "fppa_up_sigma_deg", N_ ("Valgus, going up"), AT (fppa_up_deg) },
  [TD_REP_FPPA_BOTTOM] = { "fppa_bottom_deg", "fppa_bottom_sigma_deg", N_ ("Valgus at the bottom"),
                           AT (fppa_bottom_deg) },
  [TD_REP_FPPA_CHANGE] = { "fppa_change_deg", "fppa_change_sigma_deg",
                           N_ ("Valgus against standing"), AT (fppa_change_deg) },
  [TD_REP_KNEE_OFFSET] = { "knee_offset_ratio", "knee_offset_sigma_ratio",
                           N_ ("Knees inward, hip widths"), AT (knee_offset_ratio) },
  [TD_REP_ECCENTRIC] = { "eccentric_s", "eccentric_sigma_s", N_ ("Down"), AT (eccentric_s) },
  [TD_REP_PAUSE] = { "pause_s", "pause_sigma_s", N_ ("Pause at the bottom"), AT (pause_s) },
  [TD_REP_CONCENTRIC] = { "concentric_s", "concentric_sigma_s", N_ ("Up"), AT (concentric_s) },
  [TD_REP_TOP_PAUSE]
  = { "top_pause_s", "top_pause_sigma_s", N_ ("Pause at the top before"), AT (top_pause_s) },
  [TD_REP_TENSION] = { "tension_s", "tension_sigma_s", N_ ("Time under tension"), AT (tension_s) },
  [TD_REP_CONCENTRIC_VELOCITY]
  = { "concentric_velocity_per_s", "concentric_velocity_sigma_per_s",
      N_ ("Velocity going up, leg lengths a second"), AT (concentric_velocity) },
  [TD_REP_LOCKOUT]
  = { "lockout_deg", "lockout_sigma_deg", N_ ("Knee flexion at the top"), AT (lockout_deg) },
  [TD_REP_TRUNK_LEAN] = { "trunk_lean_deg", "trunk_lean_sigma_deg", N_ ("Trunk lean at the bottom"),
                          AT (trunk_lean_deg) },
  [TD_REP_TRUNK_LEAN_CHANGE] = { "trunk_lean_change_deg", "trunk_lean_change_sigma_deg",
                                 N_ ("Change of trunk lean"), AT (trunk_lean_change_deg) },
  [TD_REP_HIP_KNEE_LAG]
  = { "hip_knee_lag_s", "hip_knee_lag_sigma_s", N_ ("Hips after knees"), AT (hip_knee_lag_s) },
  [TD_REP_STANCE]
  = { "stance_ratio", "stance_ratio_sigma", N_ ("Stance over shoulder width"), AT (stance_ratio) },
  [TD_REP_TOE_OUT] = { "toe_out_deg", "toe_out_sigma_deg", N_ ("Toes outward"), AT (toe_out_deg) },
  [TD_REP_HEEL_RISE] = { "heel_rise_ratio", "heel_rise_sigma_ratio", N_ ("Heels up, leg lengths"),
                         AT (heel_rise_ratio) },
};

const TdMeasure *
td_rep_measure_at (const TdRep *rep, TdRepMeasureId measure)
{
  return (const TdMeasure *) ((const char *) rep + td_rep_measures[measure].offset);
}
