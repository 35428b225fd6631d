/* onnx-check.cpp: is this file a network at all, and the one that model.ini describes?
 *
 * The file comes from whoever made the network, and neither protobuf nor OpenCV is made for files that
 * mean harm. So nothing reaches them unseen: the bytes are walked through here before protobuf turns them
 * into objects, and a back end gets a graph of its own, of which onnx-operators.cpp has seen every part.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "onnx-graph.h"

#include <google/protobuf/stubs/logging.h>

namespace td
{

namespace
{

/* Bytes of the file that are no weights. A network of 800 operators, PP-TinyPose, has 100 kB. */
constexpr size_t MOST_STRUCTURE = 2 * 1024 * 1024;

[[noreturn]] void
fail (const std::string &what)
{
  throw Failure (TD_VISION_BAD_MODEL, "model.onnx: " + what);
}

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

/* --- Bytes ---------------------------------------------------------------------------------- */

/* A few bytes can ask protobuf for an object of a hundred, so what is no weights is counted first. */
enum class Message
{
  MODEL,
  GRAPH,
  NODE,
  ATTRIBUTE,
  TENSOR,
  WEIGHTS, /* taken whole */
  OTHER    /* likewise, but counted */
};

Message
message_in (Message outer, unsigned int field)
{
  switch (outer)
    {
    case Message::MODEL:
      return field == 7 ? Message::GRAPH : Message::OTHER;
    case Message::GRAPH:
      return field == 1 ? Message::NODE : field == 5 ? Message::TENSOR : Message::OTHER;
    case Message::NODE:
      return field == 5 ? Message::ATTRIBUTE : Message::OTHER;
    case Message::ATTRIBUTE:
      return field == 5 ? Message::TENSOR : Message::OTHER;
    case Message::TENSOR:
      return field == 4 || field == 9 ? Message::WEIGHTS : Message::OTHER;
    case Message::WEIGHTS:
    case Message::OTHER:
      break;
    }
  return Message::OTHER;
}

bool
take_number (const char *&at, const char *end, uint64_t *number)
{
  *number = 0;
  for (int shift = 0; shift < 64; shift += 7)
    {
      if (at == end)
        return false;
      unsigned char byte = (unsigned char) *at++;
      *number |= (uint64_t) (byte & 0x7F) << shift;
      if (byte < 0x80)
        return true;
    }
  return false;
}

/* Bytes from AT to END that are no weights; *GOOD: they are fields from end to end. */
size_t
structure_of (Message message, const char *at, const char *end, bool *good)
{
  size_t weights = 0;
  const size_t all = (size_t) (end - at);
  while (*good && at != end)
    {
      uint64_t tag, size = 0;
      *good = take_number (at, end, &tag);
      if (!*good)
        break;
      switch (tag & 7)
        {
        case 0:
          *good = take_number (at, end, &size);
          size = 0;
          break;
        case 1:
          size = 8;
          break;
        case 2:
          *good = take_number (at, end, &size);
          break;
        case 5:
          size = 4;
          break;
        default:
          *good = false;
          break;
        }
      *good = *good && size <= (uint64_t) (end - at);
      if (!*good)
        break;
      Message inner
          = (tag & 7) == 2 ? message_in (message, (unsigned int) (tag >> 3)) : Message::OTHER;
      if (inner == Message::WEIGHTS)
        weights += size;
      else if (inner != Message::OTHER)
        weights += size - structure_of (inner, at, at + size, good);
      at += size;
    }
  return all - weights;
}

} // namespace

std::unique_ptr<onnx::ModelProto>
onnx_parse (const ModelInfo &info, std::string data)
{
  bool good = true;
  size_t structure
      = structure_of (Message::MODEL, data.data (), data.data () + data.size (), &good);
  onnx::ModelProto file;
  if (good && structure <= MOST_STRUCTURE)
    {
      QuietProtobuf quiet;
      good = file.ParseFromString (data);
    }
  if (!good)
    throw Failure (TD_VISION_BAD_MODEL, "model.onnx is damaged or not an ONNX network");
  if (structure > MOST_STRUCTURE)
    fail ("too large for a network, its weights not counted");
  data = std::string (); /* the weights are in memory twice already */

  int64_t opset = 0;
  for (const onnx::OperatorSetIdProto &set : file.opset_import ())
    if (set.domain ().empty () || set.domain () == "ai.onnx")
      opset = set.version ();
  if (opset < 7 || opset > 30)
    fail ("operators of a version that is not known");

  std::unique_ptr<onnx::ModelProto> model = std::make_unique<onnx::ModelProto> ();
  model->set_ir_version (6);
  model->add_opset_import ()->set_version (opset);
  graph_check (info, *file.mutable_graph (), model->mutable_graph ());
  return model;
}

} // namespace td
