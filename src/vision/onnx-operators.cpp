/* onnx-operators.cpp: every operator, attribute and size of a graph is looked at before a back end sees it.
 *
 * What leads from the input to the outputs is followed operator by operator, as a back end would, with
 * sizes instead of numbers: what does not fit, is not known or asks for too much is refused by name. The
 * back end gets what was looked at, and nothing else of the file.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "onnx-graph.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <map>
#include <set>

namespace td
{

namespace
{

/* Beyond these it would not run beside a camera, and a damaged file asks for more. HRNet-W32, a large pose
 * network, has 29 million weights and 7.1 billion multiplications; the built-in one 2.0 million and 188
 * million. */
constexpr int MOST_NODES = 4000;
constexpr int64_t MOST_WEIGHTS = 32 * 1024 * 1024; /* numbers, all together */
constexpr int64_t MOST_VALUES = 64 * 1024 * 1024;  /* numbers in all maps */
constexpr int64_t MOST_WORK = 8'000'000'000;       /* multiplications */
constexpr int64_t MOST_PLACES = 16 * 1024 * 1024;  /* places of a kernel, over all convolutions */
constexpr int64_t LONGEST_SIDE = 65536;
constexpr int MOST_SIDES = 6;
constexpr int64_t LARGEST_KERNEL = 64;
constexpr int HALF = onnx::TensorProto_DataType_FLOAT16;

[[noreturn]] void
fail (const std::string &what)
{
  throw Failure (TD_VISION_BAD_MODEL, "model.onnx: " + what);
}

typedef std::vector<int64_t> Sides;

int64_t
count_of (const Sides &sides)
{
  int64_t count = 1;
  for (int64_t side : sides)
    count *= side;
  return count;
}

class GraphCheck
{
public:
  GraphCheck (const ModelInfo &info, onnx::GraphProto &graph) : info_ (info), graph_ (graph) {}

  /* Moves into TO what leads from the input to the outputs, and nothing else. */
  void
  rewrite (onnx::GraphProto *to)
  {
    read_ends ();
    read_weights ();
    std::vector<bool> needed = needed_nodes ();
    sides_[info_.input] = { 1, 3, info_.height, info_.width };
    for (int i = 0; i < graph_.node_size (); i++)
      {
        if (!needed[(size_t) i])
          continue;
        node_ = &graph_.node (i);
        check_node ();
        if (node_->op_type () == "Cast")
          continue; /* its weights are there, wider */
        onnx::NodeProto *copy = to->add_node ();
        *copy = *node_;
        copy->set_name ("node" + std::to_string (i));
        copy->clear_doc_string ();
        copy->clear_domain ();
        if (copy->op_type () == "Clip")
          bounds_to_attributes (copy);
      }
    node_ = nullptr;
    to->set_name ("network");
    add_end (to->add_input (), info_.input);
    for (const std::string &output : info_.outputs)
      {
        if (!sides_.count (output))
          fail ("the output " + output + " is no result of the network");
        add_end (to->add_output (), output);
      }
    for (onnx::TensorProto &tensor : *graph_.mutable_initializer ())
      if (used_.count (tensor.name ()) && tensor.data_type () != HALF)
        {
          tensor.clear_doc_string ();
          to->add_initializer ()->Swap (&tensor);
        }
    for (onnx::TensorProto &tensor : widened_)
      to->add_initializer ()->Swap (&tensor);
  }

private:
  /* --- Names --- */

  static bool
  has_name (const google::protobuf::RepeatedPtrField<onnx::ValueInfoProto> &values,
            const std::string &name)
  {
    return std::any_of (values.begin (), values.end (),
                        [&] (const onnx::ValueInfoProto &value) { return value.name () == name; });
  }

  void
  read_ends ()
  {
    if (graph_.node_size () == 0)
      throw Failure (TD_VISION_BAD_MODEL, "model.onnx holds no network");
    if (graph_.node_size () > MOST_NODES)
      fail ("too many operators");
    if (graph_.sparse_initializer_size () > 0)
      fail ("sparse weights are not known");
    if (!has_name (graph_.input (), info_.input))
      throw Failure (TD_VISION_BAD_MODEL, "model.onnx has no input called " + info_.input);
    for (const std::string &output : info_.outputs)
      if (!has_name (graph_.output (), output))
        throw Failure (TD_VISION_BAD_MODEL, "model.onnx has no output called " + output);
    for (const onnx::ValueInfoProto &input : graph_.input ())
      if (input.name () == info_.input)
        check_input (input);
  }

  /* A side may be left open in the file ("batch"), but not be another one. */
  void
  check_input (const onnx::ValueInfoProto &input)
  {
    const onnx::TypeProto_Tensor &type = input.type ().tensor_type ();
    if (type.elem_type () != onnx::TensorProto_DataType_FLOAT)
      fail ("the input wants other numbers than 32-bit floats");
    if (!type.has_shape ())
      return;
    const int64_t wanted[] = { 1, 3, info_.height, info_.width };
    bool good = type.shape ().dim_size () == 4;
    for (int i = 0; good && i < 4; i++)
      {
        int64_t side = type.shape ().dim (i).dim_value ();
        good = !type.shape ().dim (i).has_dim_value () || side == wanted[i] || side == -1;
      }
    if (!good)
      throw Failure (TD_VISION_BAD_MODEL,
                     "model.onnx takes pictures of another size than model.ini says");
  }

  void
  read_weights ()
  {
    for (const onnx::TensorProto &tensor : graph_.initializer ())
      {
        if (tensor.name ().empty () || tensor.name () == info_.input
            || !constants_.insert ({ tensor.name (), &tensor }).second)
          fail ("two values of one name");
      }
  }

  std::vector<bool>
  needed_nodes ()
  {
    std::map<std::string, int> makers;
    for (int i = 0; i < graph_.node_size (); i++)
      for (const std::string &output : graph_.node (i).output ())
        if (!output.empty ()
            && (output == info_.input || constants_.count (output)
                || !makers.insert ({ output, i }).second))
          fail ("two values of one name");

    std::vector<bool> needed ((size_t) graph_.node_size (), false);
    std::vector<std::string> open (info_.outputs.begin (), info_.outputs.end ());
    std::set<std::string> seen;
    while (!open.empty ())
      {
        std::string name = open.back ();
        open.pop_back ();
        if (name.empty () || name == info_.input || !seen.insert (name).second)
          continue;
        if (constants_.count (name))
          {
            used_.insert (name);
            continue;
          }
        std::map<std::string, int>::const_iterator maker = makers.find (name);
        if (maker == makers.end ())
          fail ("a value is used that nothing makes: " + name);
        needed[(size_t) maker->second] = true;
        for (const std::string &input : graph_.node (maker->second).input ())
          open.push_back (input);
      }
    for (const std::string &name : used_)
      check_tensor (*constants_[name]);
    return needed;
  }

  void
  add_end (onnx::ValueInfoProto *to, const std::string &name)
  {
    to->set_name (name);
    onnx::TypeProto_Tensor *type = to->mutable_type ()->mutable_tensor_type ();
    type->set_elem_type (onnx::TensorProto_DataType_FLOAT);
    for (int64_t side : sides_[name])
      type->mutable_shape ()->add_dim ()->set_dim_value (side);
  }

  /* --- Constants --- */

  void
  check_tensor (const onnx::TensorProto &tensor)
  {
    if (tensor.external_data_size () > 0
        || (tensor.has_data_location ()
            && tensor.data_location () != onnx::TensorProto_DataLocation_DEFAULT))
      fail ("weights in another file are not read");
    if (tensor.has_segment ())
      fail ("weights in segments are not known");
    if (tensor.dims_size () > MOST_SIDES)
      fail ("weights of a strange size");
    int64_t count = 1;
    for (int64_t side : tensor.dims ())
      {
        if (side < 0 || side > MOST_WEIGHTS || (side > 0 && count > MOST_WEIGHTS / side))
          fail ("weights of a strange size");
        count *= side;
      }
    if (tensor.data_type () != HALF) /* which count when they are widened */
      n_weights_ += count;
    if (n_weights_ > MOST_WEIGHTS)
      fail ("too many weights");
    int64_t listed = 0, bytes = 0; /* numbers in the type's own list; of one number */
    switch (tensor.data_type ())
      {
      case onnx::TensorProto_DataType_FLOAT:
        listed = tensor.float_data_size ();
        bytes = 4;
        break;
      case onnx::TensorProto_DataType_INT64:
        listed = tensor.int64_data_size ();
        bytes = 8;
        break;
      case onnx::TensorProto_DataType_INT32:
        listed = tensor.int32_data_size ();
        bytes = 4;
        break;
      case HALF:
        listed = -1;
        bytes = 2;
        break;
      default:
        fail ("weights of another type than 16- or 32-bit floats");
      }
    /* In one place alone: where there is another list as well, OpenCV reads that one, as far as the sides
     * say. */
    const int64_t in_lists = (int64_t) tensor.float_data_size () + tensor.int32_data_size ()
                             + tensor.int64_data_size () + tensor.double_data_size ()
                             + tensor.uint64_data_size () + tensor.string_data_size ();
    if (in_lists != (tensor.has_raw_data () || listed < 0 ? 0 : listed))
      fail ("weights in two places");
    if (tensor.has_raw_data () ? (int64_t) tensor.raw_data ().size () != count * bytes
                               : listed != count)
      throw Failure (TD_VISION_BAD_MODEL, "model.onnx is damaged: weights are missing");
    if (tensor.data_type () == onnx::TensorProto_DataType_FLOAT)
      for (float value : floats_of (tensor))
        /* A bound may be without end. */
        if (std::isnan (value) || (count > 1 && std::isinf (value)))
          fail ("weights that are no numbers");
  }

  static Sides
  wholes_of (const onnx::TensorProto &tensor)
  {
    Sides values;
    if (tensor.data_type () == onnx::TensorProto_DataType_INT64 && tensor.has_raw_data ())
      {
        values.resize (tensor.raw_data ().size () / 8);
        if (!values.empty ())
          memcpy (values.data (), tensor.raw_data ().data (), values.size () * 8);
      }
    else if (tensor.data_type () == onnx::TensorProto_DataType_INT64)
      values.assign (tensor.int64_data ().begin (), tensor.int64_data ().end ());
    else if (tensor.data_type () == onnx::TensorProto_DataType_INT32 && !tensor.has_raw_data ())
      values.assign (tensor.int32_data ().begin (), tensor.int32_data ().end ());
    else
      fail ("whole numbers are wanted where there are others");
    return values;
  }

  /* --- What an operator has --- */

  [[noreturn]] void
  fail_here (const std::string &what) const
  {
    fail (node_->op_type () + " " + what);
  }

  bool
  has_input (int i) const
  {
    return i < node_->input_size () && !node_->input (i).empty ();
  }

  const onnx::TensorProto *
  constant (int i) const
  {
    if (!has_input (i))
      return nullptr;
    std::map<std::string, const onnx::TensorProto *>::const_iterator found
        = constants_.find (node_->input (i));
    return found == constants_.end () ? nullptr : found->second;
  }

  /* Of an input that must be a constant, or nullptr where it may be left out and is. */
  const onnx::TensorProto *
  maybe_constant (int i) const
  {
    if (has_input (i) && !constant (i))
      fail_here ("with weights or sizes that are computed");
    return constant (i);
  }

  const onnx::TensorProto &
  need_constant (int i) const
  {
    if (!maybe_constant (i))
      fail_here ("without weights or sizes");
    return *constant (i);
  }

  static Sides
  sides_of (const onnx::TensorProto &tensor)
  {
    return { tensor.dims ().begin (), tensor.dims ().end () };
  }

  /* Of an input that is computed. */
  const Sides &
  computed (int i) const
  {
    if (!has_input (i))
      fail_here ("without an input");
    std::map<std::string, Sides>::const_iterator found = sides_.find (node_->input (i));
    if (found == sides_.end ())
      fail_here (constant (i) ? "that takes a constant" : "that takes what comes after it");
    return found->second;
  }

  const Sides &
  picture (int i) const
  {
    const Sides &sides = computed (i);
    if (sides.size () != 4 || sides[0] != 1)
      fail_here ("that is not in two dimensions");
    return sides;
  }

  const onnx::AttributeProto *
  attribute (const char *name, onnx::AttributeProto_AttributeType type) const
  {
    const onnx::AttributeProto *a = attribute_of (*node_, name);
    if (a && a->type () != type)
      fail_here (std::string ("with a strange ") + name);
    return a;
  }

  Sides
  wholes (const char *name, Sides otherwise) const
  {
    const onnx::AttributeProto *a = attribute (name, onnx::AttributeProto_AttributeType_INTS);
    return a ? Sides (a->ints ().begin (), a->ints ().end ()) : otherwise;
  }

  int64_t
  whole (const char *name, int64_t otherwise, int64_t least, int64_t most) const
  {
    const onnx::AttributeProto *a = attribute (name, onnx::AttributeProto_AttributeType_INT);
    int64_t value = a ? a->i () : otherwise;
    if (value < least || value > most)
      fail_here (std::string ("with a strange ") + name);
    return value;
  }

  void
  real (const char *name) const
  {
    const onnx::AttributeProto *a = attribute (name, onnx::AttributeProto_AttributeType_FLOAT);
    if (a && std::isnan (a->f ()))
      fail_here (std::string ("with a strange ") + name);
  }

  std::string
  one_of (const char *name, const std::vector<std::string> &known) const
  {
    const onnx::AttributeProto *a = attribute (name, onnx::AttributeProto_AttributeType_STRING);
    if (!a)
      return known[0];
    if (std::find (known.begin (), known.end (), a->s ()) == known.end ())
      fail_here (std::string ("with a ") + name + " that is not known");
    return a->s ();
  }

  /* LEAST to MOST each, and N of them. */
  Sides
  bounded (const char *name, const Sides &values, size_t n, int64_t least, int64_t most) const
  {
    bool good = values.size () == n;
    for (int64_t value : values)
      good = good && value >= least && value <= most;
    if (!good)
      fail_here (std::string ("with strange ") + name);
    return values;
  }

  size_t
  axis_of (int64_t axis, size_t n) const
  {
    if (axis < -(int64_t) n || axis >= (int64_t) n)
      fail_here ("with a strange axis");
    return (size_t) (axis < 0 ? axis + (int64_t) n : axis);
  }

  /* Axes, given as an attribute or (since opset 13) as a constant. */
  std::set<size_t>
  axes (int input, size_t n, bool *given) const
  {
    Sides list = wholes ("axes", {});
    *given = attribute ("axes", onnx::AttributeProto_AttributeType_INTS) != nullptr;
    if (const onnx::TensorProto *tensor = maybe_constant (input))
      {
        list = wholes_of (*tensor);
        *given = true;
      }
    std::set<size_t> result;
    for (int64_t axis : list)
      if (!result.insert (axis_of (axis, n)).second)
        fail_here ("with an axis twice");
    return result;
  }

  /* --- What an operator gives --- */

  void
  give (int i, const Sides &sides)
  {
    if (sides.empty () || sides.size () > (size_t) MOST_SIDES)
      fail_here ("that gives maps of a strange size");
    int64_t count = 1;
    for (int64_t side : sides)
      {
        if (side < 1 || side > LONGEST_SIDE || count > MOST_VALUES / side)
          fail_here ("that gives maps of a strange size");
        count *= side;
      }
    n_values_ += count;
    work_ += count;
    if (n_values_ > MOST_VALUES)
      fail ("its maps take too much memory");
    sides_[node_->output (i)] = sides;
  }

  /* COUNT times WORK multiplications. */
  void
  add_work (int64_t count, int64_t work)
  {
    if (work > 0 && count > MOST_WORK / work)
      fail ("too slow for live pictures");
    work_ += count * work;
  }

  /* Where OpenCV looks for them. */
  void
  bounds_to_attributes (onnx::NodeProto *clip) const
  {
    const char *const names[] = { "min", "max" };
    for (int i = 0; i < 2; i++)
      if (const onnx::TensorProto *bound = constant (1 + i))
        {
          onnx::AttributeProto *a = clip->add_attribute ();
          a->set_name (names[i]);
          a->set_type (onnx::AttributeProto_AttributeType_FLOAT);
          a->set_f (floats_of (*bound)[0]);
        }
    while (clip->input_size () > 1)
      clip->mutable_input ()->RemoveLast ();
  }

  /* --- Operators --- */

  void
  check_same ()
  {
    give (0, computed (0));
  }

  void
  check_clip ()
  {
    for (int i = 1; i <= 2; i++)
      if (const onnx::TensorProto *bound = maybe_constant (i))
        if (floats_of (*bound).size () != 1 || node_->attribute_size () > 0)
          fail_here ("with more than one bound");
    real ("min");
    real ("max");
    give (0, computed (0));
  }

  void
  check_softmax ()
  {
    const Sides &sides = computed (0);
    axis_of (whole ("axis", (int64_t) sides.size () - 1, -MOST_SIDES, MOST_SIDES), sides.size ());
    give (0, sides);
  }

  void
  check_prelu ()
  {
    const Sides &sides = computed (0);
    int64_t n = count_of (sides_of (need_constant (1)));
    floats_of (need_constant (1));
    if (sides.size () < 2 || (n != 1 && n != sides[1]))
      fail_here ("of unlike maps");
    give (0, sides);
  }

  void
  check_batch_norm ()
  {
    const Sides &sides = picture (0);
    for (int i = 1; i <= 4; i++)
      if ((int64_t) floats_of (need_constant (i)).size () != sides[1])
        fail_here ("whose channels don't fit");
    whole ("training_mode", 0, 0, 0);
    give (0, sides);
  }

  /* Of one size, or one of them a number, one number a channel, or a constant that is repeated over the
   * other. OpenCV knows no wider rules. */
  void
  check_two ()
  {
    if (node_->input_size () != 2)
      fail_here ("of another number than two");
    Sides sides[2];
    bool fixed[2];
    for (int i = 0; i < 2; i++)
      {
        fixed[i] = constant (i) != nullptr;
        sides[i] = fixed[i] ? sides_of (*constant (i)) : computed (i);
        if (fixed[i])
          floats_of (*constant (i));
      }
    if (fixed[0] && fixed[1])
      fail_here ("of two constants");
    int large = fixed[0] || (!fixed[1] && count_of (sides[1]) > count_of (sides[0])) ? 1 : 0;
    const Sides &whole_one = sides[large], &other = sides[1 - large];
    bool good = other == whole_one || (fixed[1 - large] && count_of (other) == 1);
    /* Counted from the last side, each is the same or 1. */
    if (!good && other.size () <= whole_one.size ())
      {
        Sides padded (whole_one.size () - other.size (), 1);
        padded.insert (padded.end (), other.begin (), other.end ());
        good = padded.size () > 1 && padded[0] == 1;
        for (size_t k = 0; good && k < padded.size (); k++)
          good = padded[k] == 1 || (k == 1 && padded[k] == whole_one[k]);
      }
    if (!good)
      fail_here ("of unlike maps");
    give (0, whole_one);
  }

  void
  check_convolution ()
  {
    const Sides in = picture (0);
    const onnx::TensorProto &weights = need_constant (1);
    Sides w = bounded ("weights", sides_of (weights), 4, 1, LONGEST_SIDE);
    if (weights.data_type () != onnx::TensorProto_DataType_FLOAT)
      fail_here ("with weights of another type");
    bool transposed = node_->op_type () == "ConvTranspose";
    Sides kernel = bounded ("kernel_shape", { w[2], w[3] }, 2, 1, LARGEST_KERNEL);
    if (wholes ("kernel_shape", kernel) != kernel)
      fail_here ("whose kernel_shape is not that of its weights");
    Sides strides = bounded ("strides", wholes ("strides", { 1, 1 }), 2, 1, LARGEST_KERNEL);
    Sides dilations = bounded ("dilations", wholes ("dilations", { 1, 1 }), 2, 1, LARGEST_KERNEL);
    Sides pads = bounded ("pads", wholes ("pads", { 0, 0, 0, 0 }), 4, 0, LARGEST_KERNEL);
    int64_t groups = whole ("group", 1, 1, transposed ? 1 : LONGEST_SIDE);
    std::string auto_pad
        = one_of ("auto_pad", transposed ? std::vector<std::string>{ "NOTSET" }
                                         : std::vector<std::string>{ "NOTSET", "VALID",
                                                                     "SAME_UPPER", "SAME_LOWER" });
    if (auto_pad == "VALID")
      pads = { 0, 0, 0, 0 };
    int64_t n_out = transposed ? w[1] : w[0], n_in = transposed ? w[0] : w[1] * groups;
    if (in[1] != n_in || n_out % groups != 0)
      fail_here ("whose channels don't fit");
    if (const onnx::TensorProto *bias = maybe_constant (2))
      if ((int64_t) floats_of (*bias).size () != n_out)
        fail_here ("whose channels don't fit");

    Sides out = { 1, n_out, 0, 0 };
    Sides more
        = bounded ("output_padding", wholes ("output_padding", { 0, 0 }), 2, 0, LARGEST_KERNEL);
    for (size_t k = 0; k < 2; k++)
      {
        int64_t reach = (kernel[k] - 1) * dilations[k] + 1, side = in[2 + k];
        if (transposed)
          {
            if (more[k] >= strides[k])
              fail_here ("with strange output_padding");
            out[2 + k] = (side - 1) * strides[k] + reach + more[k] - pads[k] - pads[2 + k];
          }
        else if (auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER")
          out[2 + k] = (side + strides[k] - 1) / strides[k];
        else if (side + pads[k] + pads[2 + k] < reach)
          fail_here ("larger than its maps");
        else
          out[2 + k] = (side + pads[k] + pads[2 + k] - reach) / strides[k] + 1;
      }
    give (0, out);
    add_work (out[2] * out[3] * (transposed ? n_in : n_out), w[1] * w[2] * w[3]);
    places_ += out[2] * out[3] * w[2] * w[3];
    if (places_ > MOST_PLACES)
      fail ("its convolutions take too much memory");
  }

  void
  check_pool ()
  {
    const Sides in = picture (0);
    Sides kernel = bounded ("kernel_shape", wholes ("kernel_shape", {}), 2, 1, LARGEST_KERNEL);
    Sides strides = bounded ("strides", wholes ("strides", { 1, 1 }), 2, 1, LARGEST_KERNEL);
    bounded ("dilations", wholes ("dilations", { 1, 1 }), 2, 1, 1);
    Sides pads = bounded ("pads", wholes ("pads", { 0, 0, 0, 0 }), 4, 0, LARGEST_KERNEL);
    one_of ("auto_pad", { "NOTSET" });
    int64_t ceil_mode = whole ("ceil_mode", 0, 0, 1);
    whole ("count_include_pad", 0, 0, 1);
    whole ("storage_order", 0, 0, 0);
    Sides out = { 1, in[1], 0, 0 };
    for (size_t k = 0; k < 2; k++)
      {
        int64_t room = in[2 + k] + pads[k] + pads[2 + k] - kernel[k];
        if (room < 0 || pads[k] >= kernel[k] || pads[2 + k] >= kernel[k])
          fail_here ("larger than its maps");
        out[2 + k] = (room + (ceil_mode ? strides[k] - 1 : 0)) / strides[k] + 1;
      }
    give (0, out);
    add_work (count_of (out), kernel[0] * kernel[1]);
  }

  void
  check_global_pool ()
  {
    const Sides &in = picture (0);
    give (0, { 1, in[1], 1, 1 });
  }

  void
  check_reduce ()
  {
    const Sides in = computed (0);
    bool given;
    std::set<size_t> over = axes (1, in.size (), &given);
    int64_t keep = whole ("keepdims", 1, 0, 1);
    whole ("noop_with_empty_axes", 0, 0, 0);
    if (over.empty ())
      fail_here ("without axes");
    Sides out;
    for (size_t k = 0; k < in.size (); k++)
      if (!over.count (k))
        out.push_back (in[k]);
      else if (keep)
        out.push_back (1);
    give (0, out);
  }

  void
  check_concat ()
  {
    Sides out = computed (0);
    const onnx::AttributeProto *a = attribute ("axis", onnx::AttributeProto_AttributeType_INT);
    if (!a)
      fail_here ("without an axis");
    size_t axis = axis_of (a->i (), out.size ());
    for (int i = 1; i < node_->input_size (); i++)
      {
        Sides next = computed (i);
        if (next.size () != out.size ())
          fail_here ("of unlike maps");
        int64_t sum = out[axis] + next[axis];
        next[axis] = out[axis];
        if (next != out)
          fail_here ("of unlike maps");
        out[axis] = sum;
      }
    give (0, out);
  }

  void
  check_split ()
  {
    const Sides in = computed (0);
    size_t axis = axis_of (whole ("axis", 0, -MOST_SIDES, MOST_SIDES), in.size ());
    const int n = node_->output_size ();
    Sides parts = wholes ("split", {});
    if (const onnx::TensorProto *tensor = maybe_constant (1))
      parts = wholes_of (*tensor);
    if (parts.empty () && in[axis] % n == 0)
      parts.assign ((size_t) n, in[axis] / n);
    bounded ("split", parts, (size_t) n, 1, LONGEST_SIDE);
    int64_t sum = 0;
    for (int64_t part : parts)
      sum += part;
    if (sum != in[axis])
      fail_here ("into parts that are not the whole");
    for (int i = 0; i < n; i++)
      {
        Sides out = in;
        out[axis] = parts[(size_t) i];
        give (i, out);
      }
  }

  void
  check_reshape ()
  {
    const Sides in = computed (0);
    whole ("allowzero", 0, 0, 0);
    Sides out = wholes_of (need_constant (1));
    if (out.empty () || out.size () > (size_t) MOST_SIDES)
      fail_here ("to a strange size");
    int64_t known = 1;
    int open = 0;
    for (size_t k = 0; k < out.size (); k++)
      {
        if (out[k] == 0)
          {
            if (k >= in.size ())
              fail_here ("to a strange size");
            out[k] = in[k];
          }
        if (out[k] == -1)
          open++;
        else if (out[k] < 1 || out[k] > LONGEST_SIDE || known > MOST_VALUES / out[k])
          fail_here ("to a strange size");
        else
          known *= out[k];
      }
    const int64_t count = count_of (in);
    if (open > 1 || (open == 0 && known != count) || count % known != 0)
      fail_here ("to a strange size");
    for (int64_t &side : out)
      if (side == -1)
        side = count / known;
    give (0, out);
  }

  void
  check_flatten ()
  {
    const Sides in = computed (0);
    size_t axis = axis_of (whole ("axis", 1, 0, (int64_t) in.size () - 1), in.size ());
    Sides out = { 1, 1 };
    for (size_t k = 0; k < in.size (); k++)
      out[k < axis ? 0 : 1] *= in[k];
    give (0, out);
  }

  void
  check_transpose ()
  {
    const Sides in = computed (0);
    Sides order = wholes ("perm", {});
    Sides sorted = order, out;
    std::sort (sorted.begin (), sorted.end ());
    bool good = order.size () == in.size ();
    for (size_t k = 0; good && k < sorted.size (); k++)
      good = sorted[k] == (int64_t) k;
    if (!good)
      fail_here ("with a strange order");
    for (int64_t from : order)
      out.push_back (in[(size_t) from]);
    give (0, out);
  }

  void
  check_squeeze ()
  {
    const Sides in = computed (0);
    bool given;
    std::set<size_t> gone = axes (1, in.size (), &given);
    if (!given)
      fail_here ("without axes");
    Sides out;
    for (size_t k = 0; k < in.size (); k++)
      if (!gone.count (k))
        out.push_back (in[k]);
      else if (in[k] != 1)
        fail_here ("of a side that is not 1");
    give (0, out);
  }

  void
  check_unsqueeze ()
  {
    const Sides in = computed (0);
    bool given;
    Sides list = wholes ("axes", {});
    if (const onnx::TensorProto *tensor = maybe_constant (1))
      list = wholes_of (*tensor);
    if (list.empty () || list.size () > (size_t) MOST_SIDES)
      fail_here ("without axes");
    std::set<size_t> added;
    for (int64_t axis : list)
      given = added.insert (axis_of (axis, in.size () + list.size ())).second;
    if (added.size () != list.size ())
      fail_here ("with an axis twice");
    (void) given;
    Sides out;
    for (size_t k = 0, from = 0; k < in.size () + list.size (); k++)
      out.push_back (added.count (k) ? 1 : in[from++]);
    give (0, out);
  }

  void
  check_slice ()
  {
    const Sides in = computed (0);
    Sides starts = wholes ("starts", {}), ends = wholes ("ends", {}), over = wholes ("axes", {});
    if (has_input (1) || has_input (2))
      {
        starts = wholes_of (need_constant (1));
        ends = wholes_of (need_constant (2));
        if (const onnx::TensorProto *tensor = maybe_constant (3))
          over = wholes_of (*tensor);
        if (const onnx::TensorProto *tensor = maybe_constant (4))
          for (int64_t step : wholes_of (*tensor))
            if (step != 1)
              fail_here ("with steps");
      }
    if (over.empty ())
      for (size_t k = 0; k < starts.size (); k++)
        over.push_back ((int64_t) k);
    if (starts.empty () || starts.size () > in.size () || ends.size () != starts.size ()
        || over.size () != starts.size ())
      fail_here ("with strange bounds");
    Sides out = in;
    std::set<size_t> seen;
    for (size_t k = 0; k < over.size (); k++)
      {
        size_t axis = axis_of (over[k], in.size ());
        int64_t side = in[axis], from = starts[k], to = ends[k];
        if (from < 0)
          from = from < -side ? -1 : from + side;
        if (to < 0)
          to = to < -side ? -1 : to + side;
        to = std::min (to, side);
        if (from < 0 || to <= from || !seen.insert (axis).second)
          fail_here ("with strange bounds");
        out[axis] = to - from;
      }
    give (0, out);
  }

  void
  check_pad ()
  {
    const Sides in = picture (0);
    Sides pads = wholes ("pads", {});
    if (has_input (1))
      pads = wholes_of (need_constant (1));
    if (const onnx::TensorProto *value = maybe_constant (2))
      if (floats_of (*value).size () != 1)
        fail_here ("with more than one value");
    real ("value");
    std::string mode = one_of ("mode", { "constant", "reflect", "edge" });
    bounded ("pads", pads, 8, 0, LONGEST_SIDE);
    Sides out = in;
    for (size_t k = 0; k < 4; k++)
      {
        if (mode != "constant" && (pads[k] >= in[k] || pads[4 + k] >= in[k]))
          fail_here ("larger than its maps");
        out[k] += pads[k] + pads[4 + k];
      }
    if (out[0] != 1)
      fail_here ("of the batch");
    give (0, out);
  }

  void
  check_resize ()
  {
    const Sides in = picture (0);
    one_of ("mode", { "nearest", "linear", "bilinear" });
    one_of ("coordinate_transformation_mode",
            { "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel" });
    one_of ("nearest_mode", { "round_prefer_floor", "floor", "round_prefer_ceil", "ceil" });
    real ("cubic_coeff_a");
    real ("extrapolation_value");
    whole ("exclude_outside", 0, 0, 0);
    const bool old = node_->op_type () == "Upsample" || node_->input_size () == 2;
    if (!old)
      maybe_constant (1); /* a region of interest, which no mode that is known here looks at */
    const onnx::TensorProto *scales = maybe_constant (old ? 1 : 2);
    const onnx::TensorProto *sizes = old ? nullptr : maybe_constant (3);
    std::vector<float> factors;
    if (scales)
      factors = floats_of (*scales);
    else if (const onnx::AttributeProto *a
             = attribute ("scales", onnx::AttributeProto_AttributeType_FLOATS))
      factors.assign (a->floats ().begin (), a->floats ().end ());
    Sides out;
    if (sizes && count_of (sides_of (*sizes)) > 0)
      {
        out = wholes_of (*sizes);
        if (!factors.empty ())
          fail_here ("to a size and by a factor");
      }
    else
      {
        if (factors.size () != 4)
          fail_here ("to a strange size");
        for (size_t k = 0; k < 4; k++)
          {
            if (!(factors[k] > 1e-3f) || !(factors[k] < 1e3f))
              fail_here ("to a strange size");
            out.push_back ((int64_t) std::floor ((double) in[k] * (double) factors[k]));
          }
      }
    bounded ("sizes", out, 4, 1, LONGEST_SIDE);
    if (out[0] != 1 || out[1] != in[1])
      fail_here ("of channels");
    give (0, out);
  }

  void
  check_depth_to_space ()
  {
    const Sides in = picture (0);
    int64_t block = whole ("blocksize", 0, 1, 16);
    one_of ("mode", { "DCR", "CRD" });
    if (in[1] % (block * block) != 0)
      fail_here ("whose channels don't fit");
    give (0, { 1, in[1] / (block * block), in[2] * block, in[3] * block });
  }

  void
  check_product ()
  {
    const Sides a = computed (0);
    const Sides b = constant (1) ? sides_of (*constant (1)) : computed (1);
    if (constant (1))
      floats_of (*constant (1));
    if (a.size () < 2 || b.size () < 2 || (b.size () != 2 && b.size () != a.size ())
        || (!constant (1) && b.size () != a.size ()))
      fail_here ("of unlike maps");
    for (size_t k = 0; b.size () > 2 && k + 2 < a.size (); k++)
      if (a[k] != b[k])
        fail_here ("of unlike maps");
    if (b[b.size () - 2] != a.back () || b.back () < 1)
      fail_here ("of unlike maps");
    Sides out = a;
    out.back () = b.back ();
    give (0, out);
    add_work (count_of (out), a.back ());
  }

  void
  check_gemm ()
  {
    const Sides a = computed (0);
    floats_of (need_constant (1));
    Sides b = bounded ("weights", sides_of (need_constant (1)), 2, 1, MOST_WEIGHTS);
    whole ("transA", 0, 0, 0);
    if (whole ("transB", 0, 0, 1))
      std::swap (b[0], b[1]);
    real ("alpha");
    real ("beta");
    if (a.size () != 2 || a[1] != b[0])
      fail_here ("of unlike maps");
    if (const onnx::TensorProto *bias = maybe_constant (2))
      if ((int64_t) floats_of (*bias).size () != b[1])
        fail_here ("of unlike maps");
    give (0, { a[0], b[1] });
    add_work (a[0] * b[1], b[0]);
  }

  void
  check_constant ()
  {
    const onnx::AttributeProto *a = attribute ("value", onnx::AttributeProto_AttributeType_TENSOR);
    if (!a)
      fail_here ("without a value");
    if (a->t ().data_type () == HALF)
      fail_here ("of 16-bit floats");
    check_tensor (a->t ());
    constants_[node_->output (0)] = &a->t ();
  }

  /* Weights kept in 16 bits, which take half the place in the file, become 32-bit ones here, once and for both back
   * ends. Nothing else is cast. */
  void
  check_cast ()
  {
    whole ("to", onnx::TensorProto_DataType_UNDEFINED, onnx::TensorProto_DataType_FLOAT,
           onnx::TensorProto_DataType_FLOAT);
    const onnx::TensorProto *from = constant (0);
    if (!from || from->data_type () != HALF)
      fail_here ("of anything but 16-bit weights");
    onnx::TensorProto to;
    to.set_name (node_->output (0));
    to.set_data_type (onnx::TensorProto_DataType_FLOAT);
    *to.mutable_dims () = from->dims ();
    std::string values (from->raw_data ().size () * 2, '\0');
    const int count = (int) (from->raw_data ().size () / 2);
    if (count > 0)
      {
        const cv::Mat half (1, count, CV_16F, const_cast<char *> (from->raw_data ().data ()));
        cv::Mat wide (1, count, CV_32F, &values[0]);
        half.convertTo (wide, CV_32F);
      }
    *to.mutable_raw_data () = std::move (values);
    check_tensor (to);
    widened_.push_back (std::move (to));
    constants_[node_->output (0)] = &widened_.back ();
  }

  struct Known
  {
    void (GraphCheck::*check) ();
    int most_inputs, most_outputs;
    /* All others are refused: OpenCV would take some for settings of its own. */
    std::set<std::string> attributes;
  };

  static const std::map<std::string, Known> &
  known_operators ()
  {
    typedef GraphCheck G;
    const std::set<std::string> convolution
        = { "strides", "dilations", "pads", "group", "kernel_shape", "auto_pad" };
    const std::set<std::string> pool
        = { "kernel_shape", "strides",   "dilations",         "pads",
            "auto_pad",     "ceil_mode", "count_include_pad", "storage_order" };
    const std::set<std::string> reduce = { "axes", "keepdims", "noop_with_empty_axes" };
    std::set<std::string> transposed = convolution;
    transposed.insert ("output_padding");
    static const std::map<std::string, Known> known = {
      { "Relu", { &G::check_same, 1, 1, {} } },
      { "Sigmoid", { &G::check_same, 1, 1, {} } },
      { "Tanh", { &G::check_same, 1, 1, {} } },
      { "HardSwish", { &G::check_same, 1, 1, {} } },
      { "Exp", { &G::check_same, 1, 1, {} } },
      { "Abs", { &G::check_same, 1, 1, {} } },
      { "Identity", { &G::check_same, 1, 1, {} } },
      { "Elu", { &G::check_same, 1, 1, { "alpha" } } },
      { "LeakyRelu", { &G::check_same, 1, 1, { "alpha" } } },
      { "HardSigmoid", { &G::check_same, 1, 1, { "alpha", "beta" } } },
      { "Clip", { &G::check_clip, 3, 1, { "min", "max" } } },
      { "Softmax", { &G::check_softmax, 1, 1, { "axis" } } },
      { "PRelu", { &G::check_prelu, 2, 1, {} } },
      { "BatchNormalization",
        { &G::check_batch_norm, 5, 1, { "epsilon", "momentum", "spatial", "training_mode" } } },
      { "Add", { &G::check_two, 2, 1, {} } },
      { "Sub", { &G::check_two, 2, 1, {} } },
      { "Mul", { &G::check_two, 2, 1, {} } },
      { "Div", { &G::check_two, 2, 1, {} } },
      { "Conv", { &G::check_convolution, 3, 1, convolution } },
      { "ConvTranspose", { &G::check_convolution, 3, 1, transposed } },
      { "MaxPool", { &G::check_pool, 1, 1, pool } },
      { "AveragePool", { &G::check_pool, 1, 1, pool } },
      { "GlobalAveragePool", { &G::check_global_pool, 1, 1, {} } },
      { "GlobalMaxPool", { &G::check_global_pool, 1, 1, {} } },
      { "ReduceMean", { &G::check_reduce, 2, 1, reduce } },
      { "ReduceMax", { &G::check_reduce, 2, 1, reduce } },
      { "ReduceSum", { &G::check_reduce, 2, 1, reduce } },
      { "Concat", { &G::check_concat, 64, 1, { "axis" } } },
      { "Split", { &G::check_split, 2, 64, { "axis", "split" } } },
      { "Reshape", { &G::check_reshape, 2, 1, { "allowzero" } } },
      { "Flatten", { &G::check_flatten, 1, 1, { "axis" } } },
      { "Transpose", { &G::check_transpose, 1, 1, { "perm" } } },
      { "Squeeze", { &G::check_squeeze, 2, 1, { "axes" } } },
      { "Unsqueeze", { &G::check_unsqueeze, 2, 1, { "axes" } } },
      { "Slice", { &G::check_slice, 5, 1, { "starts", "ends", "axes" } } },
      { "Pad", { &G::check_pad, 3, 1, { "pads", "mode", "value" } } },
      { "Resize",
        { &G::check_resize,
          4,
          1,
          { "mode", "coordinate_transformation_mode", "nearest_mode", "cubic_coeff_a",
            "extrapolation_value", "exclude_outside" } } },
      { "Upsample", { &G::check_resize, 2, 1, { "mode", "scales" } } },
      { "DepthToSpace", { &G::check_depth_to_space, 1, 1, { "blocksize", "mode" } } },
      { "MatMul", { &G::check_product, 2, 1, {} } },
      { "Gemm", { &G::check_gemm, 3, 1, { "alpha", "beta", "transA", "transB" } } },
      { "Constant", { &G::check_constant, 0, 1, { "value" } } },
      { "Cast", { &G::check_cast, 1, 1, { "to" } } },
    };
    return known;
  }

  void
  check_node ()
  {
    std::map<std::string, Known>::const_iterator found
        = known_operators ().find (node_->op_type ());
    if (found == known_operators ().end ()
        || (!node_->domain ().empty () && node_->domain () != "ai.onnx"))
      throw Failure (TD_VISION_BAD_MODEL,
                     "model.onnx has an operator that is not known here: " + node_->op_type ());
    const Known &known = found->second;
    if (node_->input_size () > known.most_inputs || node_->output_size () < 1
        || node_->output_size () > known.most_outputs)
      fail_here ("with a strange number of inputs or outputs");
    for (const std::string &output : node_->output ())
      if (output.empty ())
        fail_here ("with an output that has no name");
    std::set<std::string> seen;
    for (const onnx::AttributeProto &a : node_->attribute ())
      {
        if (!known.attributes.count (a.name ()) || !seen.insert (a.name ()).second)
          fail_here ("with an attribute that is not known: " + a.name ());
        check_attribute (a);
      }
    (this->*known.check) ();
    if (work_ > MOST_WORK)
      fail ("too slow for live pictures");
  }

  /* Exactly the field that its type says, so that nobody reads another one. */
  void
  check_attribute (const onnx::AttributeProto &a) const
  {
    typedef onnx::AttributeProto A;
    const struct
    {
      bool there;
      onnx::AttributeProto_AttributeType type;
    } fields[] = {
      { a.has_f (), A::FLOAT },
      { a.has_i (), A::INT },
      { a.has_s (), A::STRING },
      { a.has_t (), A::TENSOR },
      { a.ints_size () > 0, A::INTS },
      { a.floats_size () > 0, A::FLOATS },
      { a.has_g (), A::GRAPH },
      { a.strings_size () > 0, A::STRINGS },
      { a.tensors_size () > 0, A::TENSORS },
      { a.graphs_size () > 0, A::GRAPHS },
      { a.has_sparse_tensor (), A::SPARSE_TENSOR },
      { a.sparse_tensors_size () > 0, A::SPARSE_TENSORS },
      { a.has_tp (), A::TYPE_PROTO },
      { a.type_protos_size () > 0, A::TYPE_PROTOS },
      { a.has_ref_attr_name (), A::UNDEFINED },
    };
    for (const auto &field : fields)
      if (field.there && field.type != a.type ())
        fail_here ("with a strange " + a.name ());
    if (a.type () == A::FLOAT && !std::isfinite (a.f ()) && node_->op_type () != "Clip"
        && node_->op_type () != "Pad")
      fail_here ("with a strange " + a.name ());
    if (a.type () == A::FLOAT && std::isnan (a.f ()))
      fail_here ("with a strange " + a.name ());
  }

  const ModelInfo &info_;
  onnx::GraphProto &graph_;
  const onnx::NodeProto *node_ = nullptr; /* being looked at */
  std::map<std::string, const onnx::TensorProto *> constants_;
  std::map<std::string, Sides> sides_; /* of all that is computed */
  std::set<std::string> used_;         /* constants that are */
  std::deque<onnx::TensorProto> widened_;
  int64_t n_weights_ = 0, n_values_ = 0, work_ = 0, places_ = 0;
};

} // namespace

const onnx::AttributeProto *
attribute_of (const onnx::NodeProto &node, const char *name)
{
  for (const onnx::AttributeProto &a : node.attribute ())
    if (a.name () == name)
      return &a;
  return nullptr;
}

std::vector<float>
floats_of (const onnx::TensorProto &tensor)
{
  if (tensor.data_type () != onnx::TensorProto_DataType_FLOAT)
    fail ("floats are wanted where there are whole numbers");
  if (!tensor.has_raw_data ())
    return { tensor.float_data ().begin (), tensor.float_data ().end () };
  std::vector<float> values (tensor.raw_data ().size () / 4);
  if (!values.empty ())
    memcpy (values.data (), tensor.raw_data ().data (), values.size () * 4);
  return values;
}

void
graph_check (const ModelInfo &info, onnx::GraphProto &from, onnx::GraphProto *to)
{
  GraphCheck (info, from).rewrite (to);
}

} // namespace td
