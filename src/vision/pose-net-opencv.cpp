/* pose-net-opencv.cpp: any network that cv::dnn can read.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "vision-internal.h"

#include <opencv2/dnn.hpp>

namespace td
{
namespace
{

class OpencvNet final : public PoseNet
{
public:
  OpencvNet (const ModelInfo &info, const std::string &onnx)
      : normalizer_ (info), n_maps_ ((int) info.joints.size ()),
        map_height_ (info.height / info.stride), map_width_ (info.width / info.stride)
  {
    net_ = cv::dnn::readNetFromONNX (onnx.data (), onnx.size ());
    net_.setPreferableBackend (cv::dnn::DNN_BACKEND_OPENCV);
    net_.setPreferableTarget (cv::dnn::DNN_TARGET_CPU);
    input_ = info.input;
    names_.push_back (info.heat);
    if (!info.depth.empty ())
      names_.push_back (info.depth);
    const int sizes[] = { 1, 3, info.height, info.width };
    blob_.create (4, sizes, CV_32F);
  }

  const char *
  backend () const override
  {
    return "opencv";
  }

  void
  run (const cv::Mat &crop, Maps &heat, Maps &depth) override
  {
    size_t plane = (size_t) crop.rows * (size_t) crop.cols;
    for (int c = 0; c < 3; c++)
      {
        float *to = blob_.ptr<float> () + (size_t) c * plane;
        const float *table = normalizer_.table[c];
        for (int y = 0; y < crop.rows; y++)
          {
            const uint8_t *from = crop.ptr<uint8_t> (y) + normalizer_.from[c];
            for (int x = 0; x < crop.cols; x++)
              *to++ = table[from[3 * x]];
          }
      }
    net_.setInput (blob_, input_);
    net_.forward (outputs_, names_);
    heat = maps (outputs_.at (0));
    depth = names_.size () > 1 ? maps (outputs_.at (1)) : Maps ();
  }

private:
  Maps
  maps (const cv::Mat &output) const
  {
    if (output.dims != 4 || output.type () != CV_32F || output.size[0] != 1
        || output.size[1] != n_maps_ || output.size[2] != map_height_
        || output.size[3] != map_width_)
      throw Failure (TD_VISION_BAD_MODEL,
                     "model.onnx gives maps of another size than model.ini says");
    Maps m;
    m.data = output.ptr<float> ();
    m.n = n_maps_;
    m.height = map_height_;
    m.width = map_width_;
    m.map_step = (size_t) map_height_ * (size_t) map_width_;
    m.row_step = (size_t) map_width_;
    m.column_step = 1;
    return m;
  }

  Normalizer normalizer_;
  cv::dnn::Net net_;
  std::string input_;
  std::vector<cv::String> names_;
  std::vector<cv::Mat> outputs_;
  cv::Mat blob_;
  int n_maps_, map_height_, map_width_;
};

} // namespace

std::unique_ptr<PoseNet>
pose_net_opencv (const ModelInfo &info, const std::string &onnx)
{
  return std::make_unique<OpencvNet> (info, onnx);
}

} // namespace td
