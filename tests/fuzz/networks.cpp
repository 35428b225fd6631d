/* networks.cpp: small networks for tests that are to be broken.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "networks.h"

#include <cstring>
#include <initializer_list>
#include <vector>

namespace
{

typedef std::vector<int64_t> Sides;
typedef std::initializer_list<std::string> Names;

class Builder
{
public:
  Builder (int64_t height, int64_t width)
  {
    model_.set_ir_version (6);
    model_.add_opset_import ()->set_version (11);
    graph ().set_name ("test");
    value (graph ().add_input (), "image", { 1, 3, height, width });
  }

  onnx::GraphProto &
  graph ()
  {
    return *model_.mutable_graph ();
  }

  Builder &
  node (const char *type, Names inputs, Names outputs)
  {
    onnx::NodeProto *node = graph ().add_node ();
    node->set_op_type (type);
    for (const std::string &input : inputs)
      node->add_input (input);
    for (const std::string &output : outputs)
      node->add_output (output);
    return *this;
  }

  /* Attributes of the node that was added last. */
  Builder &
  with (const char *name, const Sides &values)
  {
    onnx::AttributeProto *a = attribute (name, onnx::AttributeProto_AttributeType_INTS);
    for (int64_t value : values)
      a->add_ints (value);
    return *this;
  }
  Builder &
  with (const char *name, int64_t value)
  {
    attribute (name, onnx::AttributeProto_AttributeType_INT)->set_i (value);
    return *this;
  }
  Builder &
  with (const char *name, const char *value)
  {
    attribute (name, onnx::AttributeProto_AttributeType_STRING)->set_s (value);
    return *this;
  }

  Builder &
  weights (const char *name, const Sides &sides)
  {
    onnx::TensorProto *tensor = graph ().add_initializer ();
    tensor->set_name (name);
    tensor->set_data_type (onnx::TensorProto_DataType_FLOAT);
    int64_t count = 1;
    for (int64_t side : sides)
      {
        tensor->add_dims (side);
        count *= side;
      }
    std::vector<float> values;
    for (int64_t i = 0; i < count; i++)
      values.push_back (0.05f * (float) (1 + i % 7));
    tensor->set_raw_data (values.data (), values.size () * sizeof (float));
    return *this;
  }

  Builder &
  sizes (const char *name, const Sides &values)
  {
    onnx::TensorProto *tensor = graph ().add_initializer ();
    tensor->set_name (name);
    tensor->set_data_type (onnx::TensorProto_DataType_INT64);
    tensor->add_dims ((int64_t) values.size ());
    for (int64_t value : values)
      tensor->add_int64_data (value);
    return *this;
  }

  Builder &
  factors (const char *name, std::initializer_list<float> values)
  {
    onnx::TensorProto *tensor = graph ().add_initializer ();
    tensor->set_name (name);
    tensor->set_data_type (onnx::TensorProto_DataType_FLOAT);
    tensor->add_dims ((int64_t) values.size ());
    for (float v : values)
      tensor->add_float_data (v);
    return *this;
  }

  Builder &
  convolution (const std::string &from, const std::string &to, int64_t in, int64_t out,
               int64_t kernel, int64_t stride)
  {
    std::string w = to + "_w", b = to + "_b";
    weights (w.c_str (), { out, in, kernel, kernel });
    weights (b.c_str (), { out });
    return node ("Conv", { from, w, b }, { to })
        .with ("kernel_shape", { kernel, kernel })
        .with ("strides", { stride, stride })
        .with ("pads", { kernel / 2, kernel / 2, kernel / 2, kernel / 2 });
  }

  Builder &
  output (const char *name, const Sides &sides)
  {
    value (graph ().add_output (), name, sides);
    return *this;
  }

  Network
  done (const char *name, const std::string &ini)
  {
    return { name, ini, model_ };
  }

private:
  onnx::AttributeProto *
  attribute (const char *name, onnx::AttributeProto_AttributeType type)
  {
    onnx::AttributeProto *a = graph ().mutable_node (graph ().node_size () - 1)->add_attribute ();
    a->set_name (name);
    a->set_type (type);
    return a;
  }

  static void
  value (onnx::ValueInfoProto *to, const char *name, const Sides &sides)
  {
    to->set_name (name);
    onnx::TypeProto_Tensor *type = to->mutable_type ()->mutable_tensor_type ();
    type->set_elem_type (onnx::TensorProto_DataType_FLOAT);
    for (int64_t side : sides)
      type->mutable_shape ()->add_dim ()->set_dim_value (side);
  }

  onnx::ModelProto model_;
};

const char joints[]
    = "joints = left_hip right_hip left_knee right_knee left_ankle right_ankle tail\n";

std::string
ini_of (const char *shape, const std::string &output)
{
  return std::string ("[model]\nname = test\nversion = 1\n[input]\nname = image\nshape = ") + shape
         + "\nchannels = rgb\nmean = 0 0 0\nstd = 255 255 255\n[output]\n" + output + joints
         + "[crop]\nmargin = 1.25\n";
}

} // namespace

Network
network_of_convolutions ()
{
  Builder b (64, 48);
  b.convolution ("image", "a", 3, 8, 3, 2).node ("Relu", { "a" }, { "a1" });
  b.convolution ("a1", "b", 8, 8, 3, 2).node ("Clip", { "b", "least", "most" }, { "b1" });
  b.factors ("least", { 0 }).factors ("most", { 6 });
  b.convolution ("b1", "c", 8, 8, 1, 1);
  b.factors ("double", { 1, 1, 2, 2 }).factors ("nowhere", {});
  b.node ("Resize", { "c", "nowhere", "double" }, { "d" })
      .with ("mode", "nearest")
      .with ("coordinate_transformation_mode", "asymmetric")
      .with ("nearest_mode", "floor");
  b.node ("Add", { "a1", "d" }, { "e" }).node ("Identity", { "e" }, { "f" });
  b.convolution ("f", "heat", 8, 7, 1, 1).convolution ("f", "depth", 8, 7, 1, 1);
  b.output ("heat", { 1, 7, 32, 24 }).output ("depth", { 1, 7, 32, 24 });
  return b.done ("convolutions",
                 ini_of ("1 3 64 48", "heat = heat\ndepth = depth\ndepth_scale = 64\n"
                                      "stride = 2\nspread = 1.5\n"));
}

/* The bits of a 16-bit float from those of a 32-bit one that is neither tiny nor huge, its last digits cut off. */
static uint16_t
half_of (uint32_t whole)
{
  const uint32_t exponent = ((whole >> 23) & 0xFF) - 127 + 15;
  return (uint16_t) ((whole >> 16 & 0x8000) | exponent << 10 | (whole >> 13 & 0x3FF));
}

Network
with_halves (Network network)
{
  onnx::GraphProto *graph = network.model.mutable_graph ();
  std::vector<onnx::NodeProto> casts;
  for (onnx::TensorProto &tensor : *graph->mutable_initializer ())
    {
      if (!tensor.has_raw_data () || tensor.data_type () != onnx::TensorProto_DataType_FLOAT)
        continue;
      std::string halves;
      for (size_t i = 0; i < tensor.raw_data ().size (); i += 4)
        {
          uint32_t whole;
          memcpy (&whole, tensor.raw_data ().data () + i, 4);
          const uint16_t half = half_of (whole);
          halves.append ((const char *) &half, 2);
        }
      onnx::NodeProto cast;
      cast.set_op_type ("Cast");
      cast.add_output (tensor.name ());
      tensor.set_name (tensor.name () + "_half");
      cast.add_input (tensor.name ());
      onnx::AttributeProto *to = cast.add_attribute ();
      to->set_name ("to");
      to->set_type (onnx::AttributeProto_AttributeType_INT);
      to->set_i (onnx::TensorProto_DataType_FLOAT);
      casts.push_back (cast);
      tensor.set_data_type (onnx::TensorProto_DataType_FLOAT16);
      tensor.set_raw_data (halves);
    }
  /* What makes a value comes before what takes it. */
  for (const onnx::NodeProto &node : graph->node ())
    casts.push_back (node);
  graph->clear_node ();
  for (const onnx::NodeProto &node : casts)
    *graph->add_node () = node;
  return network;
}

Network
network_of_halves ()
{
  Network network = with_halves (network_of_convolutions ());
  network.name = "halves";
  return network;
}

Network
network_of_everything ()
{
  Builder b (64, 64);
  b.sizes ("pads", { 0, 0, 1, 1, 0, 0, 1, 1 });
  b.node ("Pad", { "image", "pads" }, { "padded" }).with ("mode", "constant");
  b.weights ("a_w", { 8, 3, 3, 3 });
  b.node ("Conv", { "padded", "a_w" }, { "a" })
      .with ("kernel_shape", { 3, 3 })
      .with ("strides", { 2, 2 });
  b.weights ("gain", { 8 })
      .weights ("shift", { 8 })
      .weights ("mean", { 8 })
      .weights ("spread", { 8 });
  b.node ("BatchNormalization", { "a", "gain", "shift", "mean", "spread" }, { "b" });
  b.node ("HardSwish", { "b" }, { "b1" });
  b.node ("MaxPool", { "b1" }, { "c" }).with ("kernel_shape", { 2, 2 }).with ("strides", { 2, 2 });
  b.node ("AveragePool", { "b1" }, { "c1" })
      .with ("kernel_shape", { 2, 2 })
      .with ("strides", { 2, 2 });
  b.node ("Concat", { "c", "c1" }, { "d" }).with ("axis", (int64_t) 1);
  /* A gate over channels. */
  b.node ("GlobalAveragePool", { "d" }, { "g" });
  b.convolution ("g", "g1", 16, 16, 1, 1).node ("Sigmoid", { "g1" }, { "g2" });
  b.node ("Mul", { "d", "g2" }, { "e" });
  /* Channels shuffled. */
  b.sizes ("five", { 1, 2, 8, 256 }).sizes ("four", { 1, 16, 16, 16 });
  b.node ("Reshape", { "e", "five" }, { "s" });
  b.node ("Transpose", { "s" }, { "s1" }).with ("perm", { 0, 2, 1, 3 });
  b.node ("Reshape", { "s1", "four" }, { "s2" });
  b.node ("Split", { "s2" }, { "left", "right" })
      .with ("axis", (int64_t) 1)
      .with ("split", { 8, 8 });
  b.weights ("up_w", { 8, 8, 2, 2 });
  b.node ("ConvTranspose", { "left", "up_w" }, { "u" })
      .with ("kernel_shape", { 2, 2 })
      .with ("strides", { 2, 2 });
  b.factors ("nowhere", {}).factors ("double", { 1, 1, 2, 2 });
  b.node ("Resize", { "right", "nowhere", "double" }, { "v" })
      .with ("mode", "linear")
      .with ("coordinate_transformation_mode", "align_corners");
  b.weights ("slopes", { 8 }).node ("PRelu", { "v", "slopes" }, { "v1" });
  b.node ("Add", { "u", "v1" }, { "w" }).node ("LeakyRelu", { "w" }, { "w1" });
  b.weights ("half", { 1 }).node ("Mul", { "w1", "half" }, { "w2" });
  b.convolution ("w2", "heat", 8, 7, 1, 1).output ("heat", { 1, 7, 32, 32 });
  return b.done ("everything",
                 ini_of ("1 3 64 64", "heat = heat\nstride = 2\nactivation = sigmoid\n"));
}

Network
network_of_rows ()
{
  Builder b (64, 48);
  b.weights ("x_w", { 7, 3, 64, 1 }).weights ("y_w", { 7, 3, 1, 48 });
  b.node ("Conv", { "image", "x_w" }, { "x1" }).with ("kernel_shape", { 64, 1 });
  b.node ("Conv", { "image", "y_w" }, { "y1" }).with ("kernel_shape", { 1, 48 });
  b.sizes ("x_s", { 1, 7, 48 }).sizes ("y_s", { 1, 7, 64 });
  b.node ("Reshape", { "x1", "x_s" }, { "x" }).node ("Reshape", { "y1", "y_s" }, { "y" });
  b.output ("x", { 1, 7, 48 }).output ("y", { 1, 7, 64 });
  return b.done ("rows",
                 ini_of ("1 3 64 48", "decoding = simcc\nsimcc_x = x\nsimcc_y = y\nsplit = 1\n"));
}

Network
network_of_numbers ()
{
  Builder b (32, 32);
  b.convolution ("image", "a", 3, 4, 3, 4).node ("Relu", { "a" }, { "a1" });
  b.node ("Flatten", { "a1" }, { "f" }).with ("axis", (int64_t) 1);
  b.weights ("g_w", { 28, 256 }).weights ("g_b", { 28 });
  b.node ("Gemm", { "f", "g_w", "g_b" }, { "g" }).with ("transB", (int64_t) 1);
  b.weights ("m_w", { 28, 28 }).node ("MatMul", { "g", "m_w" }, { "numbers" });
  b.output ("numbers", { 1, 28 });
  return b.done ("numbers",
                 ini_of ("1 3 32 32",
                         "decoding = coordinates\ncoordinates = numbers\ncolumns = x y z score\n"
                         "depth_scale = 1\nactivation = sigmoid\n"));
}
