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
      : normalizer_ (info), input_ (info.input), names_ (info.outputs.begin (), info.outputs.end ())
  {
    net_ = cv::dnn::readNetFromONNX (onnx.data (), onnx.size ());
    net_.setPreferableBackend (cv::dnn::DNN_BACKEND_OPENCV);
    net_.setPreferableTarget (cv::dnn::DNN_TARGET_CPU);
    const int sizes[] = { 1, 3, info.height, info.width };
    blob_.create (4, sizes, CV_32F);
  }

  const char *
  backend () const override
  {
    return "opencv";
  }

  void
  run (const cv::Mat &crop, std::vector<Maps> &outputs) override
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
    outputs.clear ();
    for (const cv::Mat &output : outputs_)
      outputs.push_back (maps (output));
  }

private:
  /* 1 x N x HEIGHT x WIDTH, or less: 1 x N x WIDTH (rows), N or 1 x N (numbers). */
  static Maps
  maps (const cv::Mat &output)
  {
    int first = output.dims > 2 || (output.dims == 2 && output.size[0] == 1) ? 1 : 0;
    if (output.type () != CV_32F || !output.isContinuous () || output.dims - first > 3
        || (first == 1 && output.size[0] != 1))
      throw Failure (TD_VISION_BAD_MODEL, "model.onnx gives something else than maps");
    auto side = [&] (int i) { return first + i < output.dims ? output.size[first + i] : 1; };
    Maps m;
    m.data = output.ptr<float> ();
    m.n = side (0);
    m.height = output.dims - first == 3 ? side (1) : 1;
    m.width = output.dims - first == 3 ? side (2) : side (1);
    m.map_step = (size_t) m.height * (size_t) m.width;
    m.row_step = (size_t) m.width;
    m.column_step = 1;
    return m;
  }

  Normalizer normalizer_;
  cv::dnn::Net net_;
  std::string input_;
  std::vector<cv::String> names_;
  std::vector<cv::Mat> outputs_;
  cv::Mat blob_;
};

} // namespace

std::unique_ptr<PoseNet>
pose_net_opencv (const ModelInfo &info, const std::string &onnx)
{
  return std::make_unique<OpencvNet> (info, onnx);
}

} // namespace td
