/* vision-internal.h: what the C++ files of this folder share. Nothing here is seen outside of it.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "td-vision.h"

#include <cmath>
#include <memory>
#include <opencv2/core.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace onnx
{
class ModelProto;
}

namespace td
{

/* Cells to each side of a peak: 2.5 times the widest spread. */
constexpr int LARGEST_REACH = 10;

/* What the caller is told; the barrier turns it into a value. */
class Failure : public std::runtime_error
{
public:
  Failure (TdVisionStatus s, const std::string &message) : std::runtime_error (message), status (s)
  {
  }
  TdVisionStatus status;
};

/* How a network says where the joints are. */
enum class Decoding
{
  HEAT_MAPS,  /* a map per joint, highest where the joint is */
  SIMCC,      /* two rows per joint, one over the columns and one over the rows of the input */
  COORDINATES /* numbers per joint */
};

/* What model.ini says. */
struct ModelInfo
{
  std::string name, version;

  std::string input;
  int width = 0, height = 0; /* of the network's input */
  bool rgb = true;
  float mean[3] = {}, std[3] = {};

  Decoding decoding = Decoding::HEAT_MAPS;
  /* By name. HEAT_MAPS: heat, then depth if the network has it. SIMCC: x, then y. COORDINATES: one. */
  std::vector<std::string> outputs;
  bool has_depth = false;
  bool sigmoid = false; /* scores come as logits */
  float depth_scale = 1;
  int stride = 4;    /* HEAT_MAPS: pixels of the input per cell */
  float spread = 0;  /* of the hills the network was taught to draw, in cells; 0: not known */
  float split = 2;   /* SIMCC: cells per pixel of the input */
  int n_columns = 0; /* COORDINATES: numbers per joint, and which of them is what; -1: none */
  int column_x = -1, column_y = -1, column_z = -1, column_score = -1;
  bool fractions = false;      /* COORDINATES: of the input's size rather than pixels */
  std::vector<TdJoint> joints; /* in the network's order; TD_N_JOINTS: a joint that we do not use */

  /* What the network's own score means: pairs of it and of the share of joints that are right with it,
   * both ascending. In between on straight lines, beyond the ends as at them. Empty: taken as it is. */
  std::vector<std::pair<float, float>> score_curve;

  /* Where the network draws a hip and an ankle, measured against markers: parts of the thigh and of the shank
   * by which they are to be moved to the knee. Below 0: away from it. */
  float hip_to_knee = 0, ankle_to_knee = 0;

  float margin = 1.25f;
};

/* How much a joint may be trusted, 0..1, whose own score is RAW. */
float trust_in (const ModelInfo &info, float raw);

/* Throws Failure (BAD_MODEL) with the line's number. */
ModelInfo model_info_parse (const std::string &text);

/* Its name and version alone, likewise. */
std::string model_info_name (const std::string &text);

/* One output of one run: value (map, y, x) = data[map * map_step + y * row_step + x * column_step].
 * Valid until the network runs again. */
struct Maps
{
  const float *data = nullptr;
  int n = 0, height = 0, width = 0;
  size_t map_step = 0, row_step = 0, column_step = 0;

  float
  at (int map, int y, int x) const
  {
    return data[(size_t) map * map_step + (size_t) y * row_step + (size_t) x * column_step];
  }
};

/* One network on one back end. */
class PoseNet
{
public:
  virtual ~PoseNet () = default;
  virtual const char *backend () const = 0;

  /* CROP: 8-bit BGR, the size of the network's input. OUTPUTS: in the order of ModelInfo.outputs. */
  virtual void run (const cv::Mat &crop, std::vector<Maps> &outputs) = 0;
};

/* ONNX: a network in its file format. */
std::unique_ptr<PoseNet> pose_net_opencv (const ModelInfo &info, const std::string &onnx);

/* Returns nullptr, with the reason in *WHY_NOT, if the graph has something that this back end
 * does not know. */
std::unique_ptr<PoseNet> pose_net_xnnpack (const ModelInfo &info, const onnx::ModelProto &onnx,
                                           int threads, std::string *why_not);

/* Fills TABLE[value][channel] with (value - mean) / std in the network's channel order, for crops
 * in BGR: channel c of the network is taken from the crop's channel `from[c]`. */
struct Normalizer
{
  explicit Normalizer (const ModelInfo &info);
  float table[3][256];
  int from[3];
};

/* A piece of the picture for the network: its centre and the height of the network's input in
 * pixels of the frame. */
struct Crop
{
  float x = 0, y = 0, height = 0;
};

constexpr float TRUSTED = 0.12f; /* score of a joint that tells where somebody is */

struct Box
{
  float x0 = 1e9f, y0 = 1e9f, x1 = -1e9f, y1 = -1e9f;
  int n = 0; /* joints in it */
};

/* Of the trusted joints. */
Box box_of (const TdPose &pose);

/* Where a joint is expected; spread 0: anywhere. Pixels of the frame. */
struct Prior
{
  float x[TD_N_JOINTS] = {}, y[TD_N_JOINTS] = {}, spread[TD_N_JOINTS] = {};
};

/* The highest cell of a heat map, or of a row. */
struct Summit
{
  /* Where the joint is expected, in pixels of the network's input; spread 0: anywhere. */
  double x = 0, y = 0, spread = 0;

  float value = -1e30f; /* weighed by the expectation */
  int cell_x = 0, cell_y = 0;
};

/* A joint in continuous pixels of the network's input; z in the same unit. */
struct Peak
{
  float x = 0, y = 0, z = 0, score = 0;
};

/* Throws Failure (BAD_MODEL) unless OUTPUTS have the sizes that INFO says. */
void check_outputs (const ModelInfo &info, const std::vector<Maps> &outputs);

/* What decoding needs and gives, kept to save its allocation. */
struct DecodeState
{
  std::vector<Summit> summits; /* by joint of ModelInfo: where it is expected */
  std::vector<Peak> peaks;     /* likewise: where it is */
  std::vector<float> values;
};

void decode (const ModelInfo &info, const std::vector<Maps> &outputs, DecodeState &state);

bool is_utf8 (const std::string &text);

/* "text" without line breaks and control characters, cut to fit. */
void error_set (TdVisionError *error, TdVisionStatus status, const std::string &text);

} // namespace td

struct TdPoseModel
{
  td::ModelInfo info;
  std::string full_name;
  std::unique_ptr<td::PoseNet> net;
  std::string why_not_xnnpack; /* empty where it is XNNPACK, or OpenCV was asked for */
  /* Kept to save their allocation. */
  cv::Mat crop; /* the network's input */
  std::vector<td::Maps> outputs;
  td::DecodeState decoding;
};

namespace td
{
/* One warp, one run, decoding. PRIOR may be NULL. POSE gets joints in pixels of the frame; score, present and the
 * time are left to the caller. */
void model_run (TdPoseModel *model, const cv::Mat &frame, const Crop &crop, const Prior *prior,
                TdPose *pose, TdVisionTimes *times);

/* Grows a box to the network's aspect by its longer side, then by FACTOR. */
Crop crop_of_box (const ModelInfo &info, float x0, float y0, float x1, float y1, float factor);
} // namespace td

namespace td
{
TdTracker *tracker_new (TdPoseModel *model);
void tracker_free (TdTracker *tracker);
void tracker_reset (TdTracker *tracker);
void tracker_watch_others (TdTracker *tracker, bool watch);
int tracker_others (const TdTracker *tracker);
void tracker_process (TdTracker *tracker, const cv::Mat &frame, int64_t time_ns, TdPose *pose,
                      TdVisionTimes *times);
} // namespace td

namespace td
{
class SceneWatch
{
public:
  void push (const cv::Mat &frame, int64_t time_ns, const TdPose *pose);
  /* Of the last picture that was looked at; NAN: not known. */
  float brightness = NAN, shake = NAN;

private:
  float shake_of (const cv::Mat &relief, const cv::Mat &half, const cv::Rect &box) const;

  cv::Mat last_, last_half_; /* small and grey, less the mean around; of half its size */
  cv::Rect last_box_;        /* of the person in it */
  int64_t last_ns_ = 0;
  int width_ = 0, height_ = 0; /* of the picture it was made of */
};
} // namespace td

struct TdSceneWatch
{
  td::SceneWatch watch;
};
