/* pose-net-xnnpack.cpp: networks of convolutions, additions and doublings, on XNNPACK.
 *
 * On one thread this takes a third of the time that cv::dnn does, since nothing is rearranged between
 * operators: channels lie innermost everywhere. The graph is translated once into a list of steps
 * over a few buffers; ReLU is folded into the step before it. Whatever else a graph has leads to
 * "not known", and the caller takes OpenCV.
 *
 * XNNPACK has no nearest-neighbour resize, so that step is a copy of our own.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "onnx-graph.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <xnnpack.h>

namespace td
{
namespace
{

/* Larger than any network that a laptop runs 30 times a second; a damaged file asks for more. */
constexpr size_t MOST_FLOATS = 64u * 1024 * 1024;

/* Thrown here, caught here: the graph needs OpenCV. */
class NotKnown : public std::runtime_error
{
public:
  using std::runtime_error::runtime_error;
};

struct DeleteOperator
{
  void
  operator() (xnn_operator_t op) const
  {
    xnn_delete_operator (op);
  }
};
typedef std::unique_ptr<struct xnn_operator, DeleteOperator> Operator;

struct DeletePool
{
  void
  operator() (pthreadpool_t pool) const
  {
    pthreadpool_destroy (pool);
  }
};

void
check (enum xnn_status status, const char *what)
{
  if (status == xnn_status_success)
    return;
  if (status == xnn_status_out_of_memory)
    throw std::bad_alloc ();
  throw NotKnown (std::string (what) + " is refused");
}

struct Value
{
  size_t height, width, channels;
  int last_use = -1; /* number of the step */
  bool is_output = false;
  float *data = nullptr;
  size_t
  floats () const
  {
    return height * width * channels;
  }
};

enum class Kind
{
  CONVOLUTION,
  ADD,
  CLAMP,
  DOUBLE
};

struct Step
{
  Kind kind;
  size_t inputs[2];
  int n_inputs;
  size_t output;
  float least = -std::numeric_limits<float>::infinity ();
  float most = std::numeric_limits<float>::infinity ();
  const onnx::NodeProto *node;
  Operator op;
};

std::vector<int64_t>
ints_of (const onnx::NodeProto &node, const char *name, std::vector<int64_t> otherwise)
{
  if (const onnx::AttributeProto *a = attribute_of (node, name))
    return { a->ints ().begin (), a->ints ().end () };
  return otherwise;
}

int64_t
int_of (const onnx::NodeProto &node, const char *name, int64_t otherwise)
{
  const onnx::AttributeProto *a = attribute_of (node, name);
  return a ? a->i () : otherwise;
}

std::string
string_of (const onnx::NodeProto &node, const char *name, const char *otherwise)
{
  const onnx::AttributeProto *a = attribute_of (node, name);
  return a ? a->s () : otherwise;
}

class XnnpackNet final : public PoseNet
{
public:
  XnnpackNet (const ModelInfo &info, const onnx::ModelProto &onnx, int threads)
      : normalizer_ (info), info_ (info)
  {
    check (xnn_initialize (nullptr), "this processor");
    if (threads > 1)
      {
        pool_.reset (pthreadpool_create ((size_t) threads));
        if (!pool_)
          throw std::bad_alloc ();
      }
    read_graph (onnx.graph ());
    place_values ();
    for (Step &step : steps_)
      set_up (step);
    /* The weights are packed in the operators now, and the graph is the caller's. */
    tensors_.clear ();
    for (Step &step : steps_)
      step.node = nullptr;
  }

  const char *
  backend () const override
  {
    return "xnnpack";
  }

  void
  run (const cv::Mat &crop, std::vector<Maps> &outputs) override
  {
    float *to = values_[input_].data;
    for (int y = 0; y < crop.rows; y++)
      {
        const uint8_t *from = crop.ptr<uint8_t> (y);
        for (int x = 0; x < crop.cols; x++, from += 3, to += 3)
          for (int c = 0; c < 3; c++)
            to[c] = normalizer_.table[c][from[normalizer_.from[c]]];
      }
    for (Step &step : steps_)
      if (step.kind == Kind::DOUBLE)
        run_double (step);
      else if (xnn_run_operator (step.op.get (), pool_.get ()) != xnn_status_success)
        throw Failure (TD_VISION_FAILED, "XNNPACK could not run the network");
    outputs.clear ();
    for (size_t output : outputs_)
      outputs.push_back (maps (output));
  }

private:
  size_t
  new_value (size_t height, size_t width, size_t channels)
  {
    Value value;
    value.height = height;
    value.width = width;
    value.channels = channels;
    if (height == 0 || width == 0 || channels == 0 || height > 4096 || width > 4096
        || channels > 65536 || value.floats () > MOST_FLOATS)
      throw NotKnown ("maps of a strange size");
    values_.push_back (value);
    return values_.size () - 1;
  }

  size_t
  value_of (const std::string &name) const
  {
    std::map<std::string, size_t>::const_iterator found = names_.find (name);
    if (found == names_.end ())
      throw NotKnown ("an operator that takes a constant");
    return found->second;
  }

  const onnx::TensorProto *
  tensor_of (const onnx::NodeProto &node, int input) const
  {
    if (input >= node.input_size () || node.input (input).empty ())
      return nullptr;
    std::map<std::string, const onnx::TensorProto *>::const_iterator found
        = tensors_.find (node.input (input));
    if (found == tensors_.end ())
      throw NotKnown (node.op_type () + " with weights that are computed");
    return found->second;
  }

  /* Folds bounds into the step that made VALUE, if nobody else wants what is between. */
  bool
  fold (const std::string &name, float least, float most)
  {
    size_t value = value_of (name);
    if (uses_[name] != 1 || steps_.empty ())
      return false;
    for (Step &step : steps_)
      if (step.output == value && (step.kind == Kind::CONVOLUTION || step.kind == Kind::ADD))
        {
          step.least = std::max (step.least, least);
          step.most = std::min (step.most, most);
          return true;
        }
    return false;
  }

  Step &
  new_step (Kind kind, const onnx::NodeProto &node, size_t output)
  {
    steps_.emplace_back ();
    Step &step = steps_.back ();
    step.kind = kind;
    step.node = &node;
    step.n_inputs = kind == Kind::ADD ? 2 : 1;
    for (int i = 0; i < step.n_inputs; i++)
      step.inputs[i] = value_of (node.input (i));
    step.output = output;
    names_[node.output (0)] = output;
    return step;
  }

  void
  read_graph (const onnx::GraphProto &graph)
  {
    for (const onnx::TensorProto &tensor : graph.initializer ())
      tensors_[tensor.name ()] = &tensor;
    for (const onnx::NodeProto &node : graph.node ())
      for (const std::string &input : node.input ())
        uses_[input]++;
    for (const onnx::ValueInfoProto &output : graph.output ())
      uses_[output.name ()]++;

    input_ = new_value ((size_t) info_.height, (size_t) info_.width, 3);
    names_[info_.input] = input_;
    for (const onnx::NodeProto &node : graph.node ())
      read_node (node);

    for (const std::string &name : info_.outputs)
      {
        size_t id = value_of (name);
        values_[id].is_output = true;
        outputs_.push_back (id);
      }
  }

  void
  read_node (const onnx::NodeProto &node)
  {
    const std::string &type = node.op_type ();
    if (!node.domain ().empty () || node.output_size () != 1)
      throw NotKnown ("operator " + type);
    if (type == "Constant")
      {
        for (const onnx::AttributeProto &a : node.attribute ())
          if (a.name () == "value" && a.has_t ())
            tensors_[node.output (0)] = &a.t ();
        return;
      }
    if (node.input_size () < 1)
      throw NotKnown ("operator " + type + " without an input");
    if (type == "Identity")
      {
        names_[node.output (0)] = value_of (node.input (0));
        /* Whoever else wants the value wants it under its first name. */
        uses_[node.output (0)] += uses_[node.input (0)] - 1;
      }
    else if (type == "Relu")
      read_clamp (node, 0, std::numeric_limits<float>::infinity ());
    else if (type == "Clip")
      read_clip (node);
    else if (type == "Conv")
      read_convolution (node);
    else if (type == "Add")
      read_add (node);
    else if (type == "Resize")
      read_resize (node);
    else
      throw NotKnown ("operator " + type);
  }

  void
  read_clamp (const onnx::NodeProto &node, float least, float most)
  {
    if (!(least < most))
      throw NotKnown ("Clip to nothing");
    if (fold (node.input (0), least, most))
      {
        names_[node.output (0)] = value_of (node.input (0));
        return;
      }
    const Value v = values_[value_of (node.input (0))];
    Step &step = new_step (Kind::CLAMP, node, new_value (v.height, v.width, v.channels));
    step.least = least;
    step.most = most;
  }

  void
  read_clip (const onnx::NodeProto &node)
  {
    float bounds[2]
        = { -std::numeric_limits<float>::infinity (), std::numeric_limits<float>::infinity () };
    for (int i = 0; i < 2; i++)
      if (const onnx::TensorProto *tensor = tensor_of (node, i + 1))
        {
          std::vector<float> value = floats_of (*tensor);
          if (value.size () != 1)
            throw NotKnown ("Clip with more than one bound");
          bounds[i] = value[0];
        }
    for (const onnx::AttributeProto &a : node.attribute ())
      if (a.name () == "min" || a.name () == "max")
        bounds[a.name () == "max"] = a.f ();
    read_clamp (node, bounds[0], bounds[1]);
  }

  void
  read_convolution (const onnx::NodeProto &node)
  {
    const Value in = values_[value_of (node.input (0))];
    const onnx::TensorProto *weights = tensor_of (node, 1);
    if (!weights || weights->dims_size () != 4)
      throw NotKnown ("Conv that is not in two dimensions");
    if (string_of (node, "auto_pad", "NOTSET") != "NOTSET")
      throw NotKnown ("Conv with auto_pad");
    std::vector<int64_t> strides = ints_of (node, "strides", { 1, 1 });
    std::vector<int64_t> dilations = ints_of (node, "dilations", { 1, 1 });
    std::vector<int64_t> pads = ints_of (node, "pads", { 0, 0, 0, 0 });
    int64_t groups = int_of (node, "group", 1);
    int64_t kh = weights->dims (2), kw = weights->dims (3);
    if (strides.size () != 2 || dilations.size () != 2 || pads.size () != 4)
      throw NotKnown ("Conv that is not in two dimensions");
    for (int64_t v : { strides[0], strides[1], dilations[0], dilations[1], kh, kw })
      if (v < 1 || v > 64)
        throw NotKnown ("Conv of a strange size");
    for (int64_t v : pads)
      if (v < 0 || v > 64)
        throw NotKnown ("Conv of a strange size");
    if (groups < 1 || weights->dims (1) < 1 || weights->dims (0) < 1
        || in.channels != (size_t) groups * (size_t) weights->dims (1)
        || weights->dims (0) % groups != 0)
      throw NotKnown ("Conv whose channels don't fit");
    int64_t tall = (int64_t) in.height + pads[0] + pads[2] - ((kh - 1) * dilations[0] + 1);
    int64_t wide = (int64_t) in.width + pads[1] + pads[3] - ((kw - 1) * dilations[1] + 1);
    if (tall < 0 || wide < 0)
      throw NotKnown ("Conv larger than its maps");
    new_step (Kind::CONVOLUTION, node,
              new_value ((size_t) (tall / strides[0] + 1), (size_t) (wide / strides[1] + 1),
                         (size_t) weights->dims (0)));
  }

  void
  read_add (const onnx::NodeProto &node)
  {
    if (node.input_size () != 2)
      throw NotKnown ("Add of one");
    const Value a = values_[value_of (node.input (0))];
    const Value b = values_[value_of (node.input (1))];
    if (a.height != b.height || a.width != b.width || a.channels != b.channels)
      throw NotKnown ("Add of unlike maps");
    new_step (Kind::ADD, node, new_value (a.height, a.width, a.channels));
  }

  void
  read_resize (const onnx::NodeProto &node)
  {
    std::string rounding = string_of (node, "nearest_mode", "round_prefer_floor");
    std::string place = string_of (node, "coordinate_transformation_mode", "half_pixel");
    if (string_of (node, "mode", "nearest") != "nearest" || place != "asymmetric"
        || rounding != "floor")
      throw NotKnown ("Resize other than by copying");
    const onnx::TensorProto *scales = tensor_of (node, 2);
    if (!scales || node.input_size () > 3)
      throw NotKnown ("Resize to a size");
    if (floats_of (*scales) != std::vector<float>{ 1, 1, 2, 2 })
      throw NotKnown ("Resize other than to the double");
    const Value in = values_[value_of (node.input (0))];
    new_step (Kind::DOUBLE, node, new_value (in.height * 2, in.width * 2, in.channels));
  }

  /* A value's buffer is free again after its last use, so that a handful stays in the cache. */
  void
  place_values ()
  {
    for (size_t i = 0; i < steps_.size (); i++)
      for (int k = 0; k < steps_[i].n_inputs; k++)
        values_[steps_[i].inputs[k]].last_use = (int) i;

    struct Buffer
    {
      size_t index;
      int busy_until;
    };
    std::vector<Buffer> places;
    const int forever = std::numeric_limits<int>::max ();
    std::vector<size_t> sizes;
    std::vector<size_t> place_of (values_.size (), 0);
    auto take = [&] (size_t id, int now) {
      const Value &value = values_[id];
      int until = value.is_output || id == input_ ? forever : value.last_use;
      Buffer *best = nullptr;
      for (Buffer &place : places)
        if (place.busy_until < now && (!best || sizes[place.index] > sizes[best->index]))
          best = &place;
      if (!best)
        {
          sizes.push_back (0);
          places.push_back ({ sizes.size () - 1, 0 });
          best = &places.back ();
        }
      best->busy_until = std::max (until, now);
      sizes[best->index] = std::max (sizes[best->index], value.floats ());
      place_of[id] = best->index;
    };
    take (input_, -1);
    for (size_t i = 0; i < steps_.size (); i++)
      take (steps_[i].output, (int) i);

    for (size_t size : sizes)
      buffers_.emplace_back (size + XNN_EXTRA_BYTES / sizeof (float));
    take_addresses (place_of);
  }

  void
  take_addresses (const std::vector<size_t> &place_of)
  {
    for (size_t id = 0; id < values_.size (); id++)
      values_[id].data = buffers_[place_of[id]].data ();
  }

  void
  set_up (Step &step)
  {
    const Value &in = values_[step.inputs[0]], &out = values_[step.output];
    xnn_operator_t op = nullptr;
    switch (step.kind)
      {
      case Kind::CONVOLUTION:
        set_up_convolution (step, in, out);
        break;
      case Kind::ADD:
        {
          const size_t shape[] = { in.height, in.width, in.channels };
          check (xnn_create_add_nd_f32 (step.least, step.most, 0, &op), "Add");
          step.op.reset (op);
          check (xnn_setup_add_nd_f32 (op, 3, shape, 3, shape, in.data,
                                       values_[step.inputs[1]].data, out.data, pool_.get ()),
                 "Add");
          break;
        }
      case Kind::CLAMP:
        check (xnn_create_clamp_nc_f32 (in.channels, in.channels, in.channels, step.least,
                                        step.most, 0, &op),
               "Clip");
        step.op.reset (op);
        check (xnn_setup_clamp_nc_f32 (op, in.height * in.width, in.data, out.data, pool_.get ()),
               "Clip");
        break;
      case Kind::DOUBLE:
        break;
      }
  }

  void
  set_up_convolution (Step &step, const Value &in, const Value &out)
  {
    const onnx::NodeProto &node = *step.node;
    const onnx::TensorProto *tensor = tensor_of (node, 1);
    std::vector<float> weights = floats_of (*tensor), bias;
    size_t n_out = (size_t) tensor->dims (0), n_in = (size_t) tensor->dims (1);
    size_t area = (size_t) tensor->dims (2) * (size_t) tensor->dims (3);
    /* From output, input, row, column to output, row, column, input. */
    std::vector<float> kernel (weights.size ());
    for (size_t o = 0; o < n_out; o++)
      for (size_t i = 0; i < n_in; i++)
        for (size_t k = 0; k < area; k++)
          kernel[(o * area + k) * n_in + i] = weights[(o * n_in + i) * area + k];
    if (const onnx::TensorProto *b = tensor_of (node, 2))
      bias = floats_of (*b);
    else
      bias.assign (n_out, 0);
    if (bias.size () != n_out)
      throw Failure (TD_VISION_BAD_MODEL, "model.onnx is damaged: weights are missing");

    std::vector<int64_t> strides = ints_of (node, "strides", { 1, 1 });
    std::vector<int64_t> dilations = ints_of (node, "dilations", { 1, 1 });
    std::vector<int64_t> pads = ints_of (node, "pads", { 0, 0, 0, 0 });
    size_t groups = (size_t) int_of (node, "group", 1);
    xnn_operator_t op = nullptr;
    check (xnn_create_convolution2d_nhwc_f32 (
               (uint32_t) pads[0], (uint32_t) pads[3], (uint32_t) pads[2], (uint32_t) pads[1],
               (uint32_t) tensor->dims (2), (uint32_t) tensor->dims (3), (uint32_t) strides[0],
               (uint32_t) strides[1], (uint32_t) dilations[0], (uint32_t) dilations[1],
               (uint32_t) groups, n_in, n_out / groups, in.channels, n_out, kernel.data (),
               bias.data (), step.least, step.most, 0, &op),
           "Conv");
    step.op.reset (op);
    check (xnn_setup_convolution2d_nhwc_f32 (op, 1, in.height, in.width, in.data, out.data,
                                             pool_.get ()),
           "Conv");
  }

  void
  run_double (const Step &step)
  {
    const Value &in = values_[step.inputs[0]], &out = values_[step.output];
    size_t pixel = in.channels, row = out.width * out.channels;
    for (size_t y = 0; y < in.height; y++)
      {
        const float *from = in.data + y * in.width * pixel;
        float *to = out.data + 2 * y * row;
        for (size_t x = 0; x < in.width; x++, from += pixel, to += 2 * pixel)
          {
            memcpy (to, from, pixel * sizeof (float));
            memcpy (to + pixel, from, pixel * sizeof (float));
          }
        memcpy (out.data + (2 * y + 1) * row, out.data + 2 * y * row, row * sizeof (float));
      }
  }

  Maps
  maps (size_t id) const
  {
    const Value &value = values_[id];
    Maps m;
    m.data = value.data;
    m.n = (int) value.channels;
    m.height = (int) value.height;
    m.width = (int) value.width;
    m.map_step = 1;
    m.row_step = value.width * value.channels;
    m.column_step = value.channels;
    return m;
  }

  Normalizer normalizer_;
  const ModelInfo info_;
  std::map<std::string, const onnx::TensorProto *> tensors_; /* the constants, by name */
  std::map<std::string, int> uses_;
  std::map<std::string, size_t> names_;
  std::vector<Value> values_;
  std::vector<std::vector<float>> buffers_;
  std::unique_ptr<struct pthreadpool, DeletePool> pool_;
  std::vector<Step> steps_;
  size_t input_ = 0;
  std::vector<size_t> outputs_;
};

} // namespace

std::unique_ptr<PoseNet>
pose_net_xnnpack (const ModelInfo &info, const onnx::ModelProto &onnx, int threads,
                  std::string *why_not)
{
  try
    {
      return std::make_unique<XnnpackNet> (info, onnx, threads);
    }
  catch (const NotKnown &reason)
    {
      *why_not = reason.what ();
      return nullptr;
    }
}

} // namespace td
