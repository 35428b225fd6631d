/* td-tracker.cpp: follows the one person who squats.
 *
 * The network wants a crop of one person and there is no detector, so the crop comes from the last
 * pose. Only a search looks elsewhere: it tries windows over the picture, first the likely ones, a few
 * in each picture so that none takes long; once all were tried in vain, one a picture, so that an
 * empty room costs no more than somebody who is followed.
 *
 * While somebody is followed it can also look for others, who disturb: now and then, beside them.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "vision-internal.h"

#include <algorithm>
#include <cmath>

namespace
{

using td::Box;
using td::Crop;
using td::Prior;
using td::TRUSTED;

/* Scores of hips, knees and ankles, and of all joints. With the first two everybody in 39 clips is found
 * as soon as with lower ones; of 69 photographs of empty rooms and landscapes, looked at for two seconds
 * each, 4 show somebody, and none of 2,000 rendered rooms. */
constexpr float FOUND = 0.45f;     /* legs, to take up somebody */
constexpr float FOUND_ALL = 0.40f; /* all joints, at the same time */
constexpr float LIKELY = 0.40f;    /* legs in a window, to look again closer */
constexpr float KEPT = 0.17f;      /* legs in one picture, to believe it */
constexpr float KEPT_LONG = 0.34f; /* legs in the mean of a second or two, to go on with them */

constexpr float JUMP = 0.45f;          /* of the body's size: more is another person */
constexpr float SMALLEST = 40;         /* height of a crop, pixels of the frame */
constexpr double PATIENCE_S = 0.5;     /* of bad estimates before the search starts again */
constexpr double LONGEST_STEP_S = 0.5; /* between pictures, for the extrapolation */
/* Between pictures of one scene. A slow network of somebody's own takes seconds for one of a search, and must
 * not begin anew with each. */
constexpr double LONGEST_PAUSE_S = 10;
constexpr int MOST_RUNS = 4; /* of the network in one picture */
constexpr int RUNS_TO_VERIFY = 3;
constexpr size_t MOST_CANDIDATES = 3; /* of a scan */

/* Of the search for somebody beside the main person. */
constexpr int64_t RUN_NS = 500000000;      /* one run of the network in so long, on the average */
constexpr int64_t BETWEEN_NS = 4000000000; /* at most, of two looks that confirm each other */
constexpr int64_t SEEN_NS = 3000000000;    /* since the last one, to be still there */
constexpr float AWAY
    = 0.08f; /* from the main person's joints, of their height: flesh and clothes */
constexpr float NARROW = 0.15f; /* of their height: room for nobody */
constexpr float SMALL = 0.5f;   /* of their height: too far away to disturb */

const TdJoint LEGS[] = { TD_JOINT_HIP_LEFT,   TD_JOINT_HIP_RIGHT,  TD_JOINT_KNEE_LEFT,
                         TD_JOINT_KNEE_RIGHT, TD_JOINT_ANKLE_LEFT, TD_JOINT_ANKLE_RIGHT };

struct Point
{
  float x, y;
};

Point
middle (const TdPose &pose, TdJoint left)
{
  const TdKeypoint &a = pose.joints[left], &b = pose.joints[left + 1];
  return { (a.x + b.x) / 2, (a.y + b.y) / 2 };
}

float
distance (float x0, float y0, float x1, float y1)
{
  return std::hypot (x1 - x0, y1 - y0);
}

float
distance (const TdKeypoint &a, const TdKeypoint &b)
{
  return distance (a.x, a.y, b.x, b.y);
}

/* The mean of hips, knees and ankles. */
float
leg_score (const TdPose &pose)
{
  float sum = 0;
  for (TdJoint joint : LEGS)
    sum += pose.joints[joint].score;
  return sum / 6;
}

/* The mean of all joints that the network has, in which the lower body counts for 10 of 17 at least, as with
 * all of ours: a network without heels and toes could otherwise not find who is cut at the hips. */
float
all_score (const TdPoseModel &model, const TdPose &pose)
{
  constexpr int N_LOWER = TD_JOINT_SHOULDER_LEFT, N_UPPER = TD_N_JOINTS - N_LOWER;
  float lower = 0, upper = 0;
  int n_lower = 0, n_upper = 0;
  for (TdJoint joint : model.info.joints)
    if (joint < TD_JOINT_SHOULDER_LEFT)
      {
        lower += pose.joints[joint].score;
        n_lower++;
      }
    else if (joint != TD_N_JOINTS)
      {
        upper += pose.joints[joint].score;
        n_upper++;
      }
  float weight = std::max ((float) n_lower, (float) (n_upper * N_LOWER) / (float) N_UPPER);
  return (lower / (float) n_lower * weight + upper) / (weight + (float) n_upper);
}

/* Thigh and shank of the longer leg, in pixels. */
float
leg_length (const TdPose &pose)
{
  float longest = 0;
  for (int side = 0; side < TD_N_SIDES; side++)
    longest = std::max (longest, distance (pose.joints[TD_JOINT_HIP_LEFT + side],
                                           pose.joints[TD_JOINT_KNEE_LEFT + side])
                                     + distance (pose.joints[TD_JOINT_KNEE_LEFT + side],
                                                 pose.joints[TD_JOINT_ANKLE_LEFT + side]));
  return longest;
}

/* 1 for a body, less for joints that lie as no body's do. Only what holds for everyone who stands,
 * squats or walks. */
float
plausibility (const TdPose &pose, float crop_height)
{
  float good = 1;
  float leg = leg_length (pose);
  Point hip = middle (pose, TD_JOINT_HIP_LEFT), knee = middle (pose, TD_JOINT_KNEE_LEFT),
        ankle = middle (pose, TD_JOINT_ANKLE_LEFT);
  if (leg < 0.12f * crop_height)
    good *= 0.5f; /* all in one heap */
  if (ankle.y < knee.y || ankle.y < hip.y - 0.1f * leg)
    good *= 0.5f; /* upside down */
  float thigh = distance (hip.x, hip.y, knee.x, knee.y);
  float shank = distance (knee.x, knee.y, ankle.x, ankle.y);
  if (shank < 0.15f * leg || thigh > 4 * shank)
    good *= 0.6f;
  Point shoulder = middle (pose, TD_JOINT_SHOULDER_LEFT);
  if (pose.joints[TD_JOINT_SHOULDER_LEFT].score > TRUSTED
      && pose.joints[TD_JOINT_SHOULDER_RIGHT].score > TRUSTED && shoulder.y > ankle.y)
    good *= 0.6f;
  return good;
}

/* Of the trusted joints, cut by the picture's edge: what lies outside can't be seen anyway. */
Box
visible_box (const TdPose &pose)
{
  Box box = td::box_of (pose);
  for (float *x : { &box.x0, &box.x1 })
    *x = std::clamp (*x, 0.0f, (float) pose.width);
  for (float *y : { &box.y0, &box.y1 })
    *y = std::clamp (*y, 0.0f, (float) pose.height);
  return box;
}

/* Somebody, perhaps. */
struct Candidate
{
  float score = 0;
  int64_t time_ns = 0;
  TdPose pose = {};
};

/* Of the search for somebody beside the main person. */
struct Others
{
  bool wanted = false;
  int64_t due_ns = 0; /* when the network may run again */
  size_t next_window = 0;
  enum Step
  {
    LOOK,   /* into the next window */
    CLOSER, /* at POSE */
    AGAIN   /* at POSE, in another crop */
  };
  Step step = LOOK;
  bool at_once = false; /* the step, before somebody who walks has left the place */
  bool right = false;   /* POSE is on the main person's right in the picture */
  TdPose pose = {};
  bool seen = false, confirmed = false; /* once; twice, one soon after the other */
  int64_t seen_ns = 0;
};

/* Crops to look into, in this order. The first N_COARSE are as high as the picture, or where somebody was
 * last. */
struct Windows
{
  std::vector<Crop> crops;
  size_t n_coarse = 0;
};

} // namespace

struct TdTracker
{
  explicit TdTracker (TdPoseModel *m) : model (m) {}

  TdPoseModel *model;
  bool first = true;
  bool following = false;
  int width = 0, height = 0; /* of the last picture */
  int64_t last_ns = 0;       /* of the last picture */
  int64_t accepted_ns = 0;   /* of the last pose that was believed */
  Crop crop;
  float velocity_x = 0, velocity_y = 0; /* of the crop, pixels a second */
  TdPose last = {};                     /* the last pose that was believed */
  float body = 0;                       /* slow mean of the crop's height without its margin */
  float trust = 0;                      /* slow mean of the leg score */

  /* Of the search. */
  bool scanning = true;    /* all windows once; then one after the other, again and again */
  bool never_found = true; /* the scan may follow up any hint */
  size_t next_window = 0;
  std::vector<Candidate> found; /* in the windows of this scan */
  std::vector<Candidate> open;  /* to be verified, the best one last */
  Candidate best;               /* of those that were */

  Others others;

  void restart ();
  int count_others () const;
  void process (const cv::Mat &frame, int64_t time_ns, TdPose *pose, TdVisionTimes *times);

private:
  void start (const TdPose &pose, int64_t time_ns);
  bool follow (const cv::Mat &frame, int64_t time_ns, double step_s, TdPose *pose,
               TdVisionTimes *times);
  void begin_search ();
  bool search (const cv::Mat &frame, int64_t time_ns, TdPose *pose, TdVisionTimes *times);
  bool scan (const cv::Mat &frame, int64_t time_ns, TdPose *pose, TdVisionTimes *times);
  bool watch (const cv::Mat &frame, int64_t time_ns, TdPose *pose, TdVisionTimes *times);
  void follow_up (float least);
  bool verify (const cv::Mat &frame, Candidate *candidate, TdVisionTimes *times);
  Windows windows (const cv::Mat &frame) const;
  float try_crop (const cv::Mat &frame, const Crop &c, TdPose *pose, TdVisionTimes *times);
  float nearness (const cv::Mat &frame, const TdPose &pose) const;
  bool refine (const cv::Mat &frame, TdPose *pose, float *score, TdVisionTimes *times);
  bool confirm (const cv::Mat &frame, const TdPose &pose, TdVisionTimes *times);
  Crop crop_of (const Box &box) const;
  cv::Rect beside (const TdPose &pose, bool right) const;
  std::vector<Crop> windows_beside (const cv::Rect &part) const;
  void look_for_others (const cv::Mat &frame, int64_t time_ns, const TdPose &pose,
                        TdVisionTimes *times);
  bool look_beside (const cv::Mat &frame, const TdPose &pose, TdVisionTimes *times);
};

Crop
TdTracker::crop_of (const Box &box) const
{
  return td::crop_of_box (model->info, box.x0, box.y0, box.x1, box.y1, model->info.margin);
}

float
TdTracker::try_crop (const cv::Mat &frame, const Crop &c, TdPose *pose, TdVisionTimes *times)
{
  td::model_run (model, frame, c, nullptr, pose, times);
  return leg_score (*pose) * plausibility (*pose, c.height);
}

/* The nearer of two people is the one who trains. */
float
TdTracker::nearness (const cv::Mat &frame, const TdPose &pose) const
{
  return std::sqrt (std::min (1.0f, crop_of (visible_box (pose)).height / (float) frame.rows));
}

/* Looks again, closer, at what *POSE shows. */
bool
TdTracker::refine (const cv::Mat &frame, TdPose *pose, float *score, TdVisionTimes *times)
{
  Box box = visible_box (*pose);
  if (box.n < 4)
    return false;
  Crop c = crop_of (box);
  if (c.height < SMALLEST)
    return false;
  *score = try_crop (frame, c, pose, times);
  return *score >= FOUND && all_score (*model, *pose) >= FOUND_ALL;
}

/* Somebody who is there is there in another crop as well; what only looks like a person in one crop
 * scores less in the next. Leaves *POSE alone. */
bool
TdTracker::confirm (const cv::Mat &frame, const TdPose &pose, TdVisionTimes *times)
{
  Box box = visible_box (pose);
  if (box.n < 4)
    return false;
  Crop c = crop_of (box);
  c.x += 0.05f * c.height;
  c.y += 0.04f * c.height;
  TdPose other;
  float score = try_crop (frame, c, &other, times);
  Box there = visible_box (other);
  return there.n >= 4 && (score + leg_score (pose)) / 2 >= FOUND
         && distance (middle (pose, TD_JOINT_HIP_LEFT).x, middle (pose, TD_JOINT_HIP_LEFT).y,
                      middle (other, TD_JOINT_HIP_LEFT).x, middle (other, TD_JOINT_HIP_LEFT).y)
                < 0.1f * c.height;
}

/* Both together take RUNS_TO_VERIFY runs. Where somebody is looked for the first time a poor window may
 * show little of them, so what the first closer look says does not count. */
bool
TdTracker::verify (const cv::Mat &frame, Candidate *candidate, TdVisionTimes *times)
{
  float score = 0;
  bool seen = refine (frame, &candidate->pose, &score, times);
  if ((!seen && !never_found) || !refine (frame, &candidate->pose, &score, times)
      || !confirm (frame, candidate->pose, times))
    return false;
  candidate->score = score * nearness (frame, candidate->pose);
  return true;
}

/* The whole picture, then overlapping pieces: for somebody near, far, and at either side. */
Windows
TdTracker::windows (const cv::Mat &frame) const
{
  float w = (float) frame.cols, h = (float) frame.rows;
  float aspect = (float) model->info.height / (float) model->info.width;
  float whole = std::max (h, w * aspect);
  Windows list;
  if (crop.height > 0)
    list.crops.push_back ({ crop.x, crop.y, crop.height * 1.2f });
  list.crops.push_back ({ w / 2, h / 2, whole });
  float full = std::min (h, w * aspect);
  for (float size : { full * 1.1f, full * 0.62f })
    {
      float span_x = std::max (w - size / aspect, 0.0f), span_y = std::max (h - size, 0.0f);
      int nx = 1 + (int) std::ceil (span_x / (size / aspect * 0.6f) - 0.01f);
      int ny = 1 + (int) std::ceil (span_y / (size * 0.5f) - 0.01f);
      nx = std::clamp (nx, 1, 5);
      ny = std::clamp (ny, 1, 3);
      for (int iy = 0; iy < ny; iy++)
        for (int ix = 0; ix < nx; ix++)
          {
            float x = nx > 1 ? w / 2 + span_x * ((float) ix / (float) (nx - 1) - 0.5f) : w / 2;
            float y = ny > 1 ? h / 2 + span_y * ((float) iy / (float) (ny - 1) - 0.5f) : h / 2;
            list.crops.push_back ({ x, y, size });
          }
      if (list.n_coarse == 0)
        list.n_coarse = list.crops.size ();
    }
  return list;
}

void
TdTracker::begin_search ()
{
  scanning = true;
  next_window = 0;
  found.clear ();
  open.clear ();
  best = Candidate ();
}

/* Opens the best of those found with LEAST or more, each person once. */
void
TdTracker::follow_up (float least)
{
  std::sort (found.begin (), found.end (),
             [] (const Candidate &a, const Candidate &b) { return a.score > b.score; });
  for (const Candidate &candidate : found)
    {
      Point hip = middle (candidate.pose, TD_JOINT_HIP_LEFT);
      auto same = [&] (const Candidate &other) {
        Point there = middle (other.pose, TD_JOINT_HIP_LEFT);
        return distance (hip.x, hip.y, there.x, there.y) < 0.5f * leg_length (other.pose);
      };
      if (candidate.score >= least && open.size () < MOST_CANDIDATES
          && std::none_of (open.begin (), open.end (), same))
        open.insert (open.begin (), candidate);
    }
}

bool
TdTracker::scan (const cv::Mat &frame, int64_t time_ns, TdPose *pose, TdVisionTimes *times)
{
  const Windows list = windows (frame);
  for (int runs = 0; runs < MOST_RUNS; runs++)
    {
      if (!open.empty ())
        {
          if (runs + RUNS_TO_VERIFY > MOST_RUNS)
            return false;
          runs += RUNS_TO_VERIFY - 1;
          Candidate candidate = open.back ();
          open.pop_back ();
          candidate.time_ns = time_ns;
          if (verify (frame, &candidate, times) && candidate.score > best.score)
            best = candidate;
          if (open.empty () && best.score > 0)
            {
              const Candidate chosen = best;
              start (chosen.pose, chosen.time_ns);
              *pose = chosen.pose;
              /* One of an earlier picture is followed from the next one on. */
              return chosen.time_ns == time_ns;
            }
          continue;
        }
      if (next_window >= list.crops.size ())
        {
          scanning = false;
          next_window = 0;
          return false;
        }
      Candidate candidate;
      candidate.score = try_crop (frame, list.crops[next_window++], &candidate.pose, times);
      if (visible_box (candidate.pose).n >= 4)
        {
          candidate.score *= nearness (frame, candidate.pose);
          found.push_back (candidate);
        }
      if (next_window == 1 || next_window == list.n_coarse)
        follow_up (LIKELY);
      else if (next_window == list.crops.size ())
        follow_up (never_found ? 0 : LIKELY);
    }
  return false;
}

/* Nobody was there. People walk in as large as the coarse windows show them, so these are looked into
 * every other time. */
bool
TdTracker::watch (const cv::Mat &frame, int64_t time_ns, TdPose *pose, TdVisionTimes *times)
{
  if (!open.empty ())
    {
      Candidate candidate = open.back ();
      open.clear ();
      if (!verify (frame, &candidate, times))
        return false;
      *pose = candidate.pose;
      start (*pose, time_ns);
      return true;
    }
  const Windows list = windows (frame);
  const size_t n_fine = list.crops.size () - list.n_coarse, turn = next_window++;
  size_t i = turn % 2 == 0 ? turn / 2 % list.n_coarse : list.n_coarse + turn / 2 % n_fine;
  Candidate candidate;
  if (try_crop (frame, list.crops[i], &candidate.pose, times) >= LIKELY)
    open.push_back (candidate);
  return false;
}

bool
TdTracker::search (const cv::Mat &frame, int64_t time_ns, TdPose *pose, TdVisionTimes *times)
{
  return scanning ? scan (frame, time_ns, pose, times) : watch (frame, time_ns, pose, times);
}

void
TdTracker::start (const TdPose &pose, int64_t time_ns)
{
  following = true;
  crop = crop_of (visible_box (pose));
  body = crop.height / model->info.margin;
  velocity_x = velocity_y = 0;
  last = pose;
  accepted_ns = time_ns;
  trust = leg_score (pose);
  never_found = false;
  begin_search ();
}

bool
TdTracker::follow (const cv::Mat &frame, int64_t time_ns, double step_s, TdPose *pose,
                   TdVisionTimes *times)
{
  float step = (float) std::min (step_s, LONGEST_STEP_S);
  Crop ahead = crop;
  ahead.x += velocity_x * step;
  ahead.y += velocity_y * step;

  /* Keeps each joint with this person when another one comes into the crop, and left and right where
   * they were: without it joints of lunging legs jump, with it none of 39 clips has a swap from one
   * picture to the next. */
  Prior prior;
  for (int j = 0; j < TD_N_JOINTS; j++)
    {
      const TdKeypoint &joint = last.joints[j];
      prior.x[j] = joint.x + velocity_x * step;
      prior.y[j] = joint.y + velocity_y * step;
      prior.spread[j] = joint.score > TRUSTED ? 0.2f * body : 0;
    }
  td::model_run (model, frame, ahead, &prior, pose, times);

  double unsure_s = (double) (time_ns - accepted_ns) * 1e-9;
  Point hip = middle (*pose, TD_JOINT_HIP_LEFT), hip_before = middle (last, TD_JOINT_HIP_LEFT);
  float moved
      = distance (hip.x, hip.y, hip_before.x + velocity_x * step, hip_before.y + velocity_y * step);
  Box box = visible_box (*pose);
  bool good = leg_score (*pose) >= KEPT && box.n >= 4
              && leg_score (*pose) * plausibility (*pose, ahead.height) >= 0.7f * KEPT
              && moved < JUMP * body * (float) (1 + unsure_s);
  trust += (leg_score (*pose) - trust) * (1 - std::exp (-step));
  if (trust < KEPT_LONG)
    following = false;
  if (!good || !following)
    {
      float calm = std::exp (-step * 6);
      velocity_x *= calm;
      velocity_y *= calm;
      if (unsure_s > PATIENCE_S)
        following = false;
      return false;
    }

  Crop wanted = crop_of (box);
  wanted.height = std::max (wanted.height, SMALLEST);
  /* The box breathes with arms and wrong joints: its size may follow slowly, its middle faster. */
  float follow_size = 1 - std::exp (-step * 4), follow_place = 1 - std::exp (-step * 20);
  float ratio = std::clamp (wanted.height / crop.height, 0.7f, 1.4f);
  Crop now = ahead;
  now.x += (wanted.x - ahead.x) * follow_place;
  now.y += (wanted.y - ahead.y) * follow_place;
  now.height = crop.height * std::pow (ratio, follow_size);
  if (step > 0)
    {
      float gain = 1 - std::exp (-step * 8);
      velocity_x += ((now.x - crop.x) / step - velocity_x) * gain;
      velocity_y += ((now.y - crop.y) / step - velocity_y) * gain;
    }
  crop = now;
  body += (crop.height / model->info.margin - body) * (1 - std::exp (-step * 2));
  last = *pose;
  accepted_ns = time_ns;
  return true;
}

/* The part of the picture that lies on one side of the main person, who shows POSE. */
cv::Rect
TdTracker::beside (const TdPose &pose, bool right) const
{
  Box box = visible_box (pose);
  int from = right ? (int) std::ceil (box.x1 + AWAY * body) : 0;
  int to = right ? width : (int) std::floor (box.x0 - AWAY * body);
  return { from, 0, std::max (to - from, 0), height };
}

/* Crops in PART's own pixels: as high as the picture, then as high as the main person's. */
std::vector<Crop>
TdTracker::windows_beside (const cv::Rect &part) const
{
  std::vector<Crop> list;
  if ((float) part.width < NARROW * body)
    return list;
  float w = (float) part.width, aspect = (float) model->info.height / (float) model->info.width;
  const Crop sizes[]
      = { { 0, (float) part.height / 2, (float) part.height }, { 0, crop.y, crop.height * 1.1f } };
  for (Crop c : sizes)
    {
      float span = std::max (w - c.height / aspect, 0.0f);
      int n = std::min (1 + (int) std::ceil (span / (c.height / aspect * 0.6f) - 0.01f), 4);
      for (int i = 0; i < n; i++)
        {
          c.x = n > 1 ? w / 2 + span * ((float) i / (float) (n - 1) - 0.5f) : w / 2;
          list.push_back (c);
        }
    }
  return list;
}

/* One run of the network, or none where there is no room; true when that was the last of those that
 * see somebody. The main person is not in the part that is looked at, so it can only be another one. */
bool
TdTracker::look_beside (const cv::Mat &frame, const TdPose &pose, TdVisionTimes *times)
{
  if (others.step == Others::LOOK)
    {
      const cv::Rect parts[] = { beside (pose, false), beside (pose, true) };
      const std::vector<Crop> left = windows_beside (parts[0]), right = windows_beside (parts[1]);
      const size_t n = left.size () + right.size ();
      if (n == 0)
        return false;
      size_t i = others.next_window++ % n;
      others.right = i >= left.size ();
      const cv::Rect &part = parts[others.right];
      const Crop &window = others.right ? right[i - left.size ()] : left[i];
      if (try_crop (frame (part), window, &others.pose, times) < LIKELY)
        return false;
      others.step = Others::CLOSER;
    }
  else
    {
      const cv::Rect part = beside (pose, others.right);
      const bool again = others.step == Others::AGAIN;
      others.step = Others::LOOK;
      if ((float) part.width < NARROW * body)
        return false;
      TdPose there = others.pose;
      there.width = part.width;
      for (TdKeypoint &joint : there.joints)
        joint.x -= (float) part.x;
      if (again)
        {
          if (!confirm (frame (part), there, times))
            return false;
          others.step = Others::CLOSER; /* where they are is where to look next */
          return true;
        }
      float score;
      if (!refine (frame (part), &there, &score, times)
          || crop_of (visible_box (there)).height < SMALL * body * model->info.margin)
        return false;
      others.pose = there;
      others.step = Others::AGAIN;
    }
  const float offset = (float) beside (pose, others.right).x;
  for (TdKeypoint &joint : others.pose.joints)
    joint.x += offset;
  others.at_once = true;
  return false;
}

/* Changes nothing of what is known of the main person. */
void
TdTracker::look_for_others (const cv::Mat &frame, int64_t time_ns, const TdPose &pose,
                            TdVisionTimes *times)
{
  if (others.seen && time_ns - others.seen_ns > BETWEEN_NS)
    others.seen = others.confirmed = false;
  if (!others.at_once && time_ns < others.due_ns)
    return;
  others.due_ns = (others.at_once ? others.due_ns : time_ns) + RUN_NS;
  others.at_once = false;
  if (!look_beside (frame, pose, times))
    return;
  others.confirmed = others.seen;
  others.seen = true;
  others.seen_ns = time_ns;
}

int
TdTracker::count_others () const
{
  return others.confirmed && last_ns - others.seen_ns <= SEEN_NS ? 1 : 0;
}

void
TdTracker::restart ()
{
  const bool wanted = others.wanted;
  *this = TdTracker (model);
  others.wanted = wanted;
}

void
TdTracker::process (const cv::Mat &frame, int64_t time_ns, TdPose *pose, TdVisionTimes *times)
{
  /* Another source, a long pause or a jump back in time: nothing of before holds. */
  double step_s = (double) (time_ns - last_ns) * 1e-9;
  if (!first
      && (step_s < 0 || step_s > LONGEST_PAUSE_S || frame.cols != width || frame.rows != height))
    restart ();
  first = false;
  width = frame.cols;
  height = frame.rows;
  last_ns = time_ns;

  bool present = false;
  const bool followed = following;
  if (following)
    present = follow (frame, time_ns, step_s, pose, times);
  else
    present = search (frame, time_ns, pose, times);

  float score = leg_score (*pose);
  bool has_depth = pose->has_depth;
  if (!present)
    *pose = TdPose ();
  pose->time_ns = time_ns;
  pose->width = frame.cols;
  pose->height = frame.rows;
  pose->present = present;
  pose->score = present ? score : 0;
  pose->has_depth = present && has_depth;

  /* Before the search had found the person this picture's runs were many. */
  if (others.wanted && followed && present)
    look_for_others (frame, time_ns, *pose, times);
}

namespace td
{

TdTracker *
tracker_new (TdPoseModel *model)
{
  return new TdTracker (model);
}

void
tracker_free (TdTracker *tracker)
{
  delete tracker;
}

void
tracker_reset (TdTracker *tracker)
{
  tracker->restart ();
}

void
tracker_watch_others (TdTracker *tracker, bool watch)
{
  tracker->others = Others ();
  tracker->others.wanted = watch;
}

int
tracker_others (const TdTracker *tracker)
{
  return tracker->count_others ();
}

void
tracker_process (TdTracker *tracker, const cv::Mat &frame, int64_t time_ns, TdPose *pose,
                 TdVisionTimes *times)
{
  tracker->process (frame, time_ns, pose, times);
}

} // namespace td
