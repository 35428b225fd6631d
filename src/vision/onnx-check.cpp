/* onnx-check.cpp: is this file a network at all, and the one that model.ini describes?
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "onnx-graph.h"

#include <google/protobuf/stubs/logging.h>

namespace td
{

namespace
{

/* protobuf tells standard error what it dislikes; the caller is told by a Failure. */
class QuietProtobuf
{
public:
  QuietProtobuf () : before_ (google::protobuf::SetLogHandler (nullptr)) {}
  ~QuietProtobuf () { google::protobuf::SetLogHandler (before_); }
  QuietProtobuf (const QuietProtobuf &) = delete;
  QuietProtobuf &operator= (const QuietProtobuf &) = delete;

private:
  google::protobuf::LogHandler *before_;
};

} // namespace

std::unique_ptr<onnx::ModelProto>
onnx_parse (const ModelInfo &info, const std::string &data)
{
  std::unique_ptr<onnx::ModelProto> model = std::make_unique<onnx::ModelProto> ();
  {
    QuietProtobuf quiet;
    if (!model->ParseFromString (data))
      throw Failure (TD_VISION_BAD_MODEL, "model.onnx is damaged or not an ONNX network");
  }
  const onnx::GraphProto &graph = model->graph ();
  if (graph.node_size () == 0)
    throw Failure (TD_VISION_BAD_MODEL, "model.onnx holds no network");

  bool input = false, heat = false, depth = info.depth.empty ();
  for (const onnx::ValueInfoProto &value : graph.input ())
    input = input || value.name () == info.input;
  for (const onnx::ValueInfoProto &value : graph.output ())
    {
      heat = heat || value.name () == info.heat;
      depth = depth || value.name () == info.depth;
    }
  if (!input)
    throw Failure (TD_VISION_BAD_MODEL, "model.onnx has no input called " + info.input);
  if (!heat)
    throw Failure (TD_VISION_BAD_MODEL, "model.onnx has no output called " + info.heat);
  if (!depth)
    throw Failure (TD_VISION_BAD_MODEL, "model.onnx has no output called " + info.depth);
  return model;
}

} // namespace td
