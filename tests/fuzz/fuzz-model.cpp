/* fuzz-model.cpp: model folders that are damaged, foreign or mean harm. Each must be one clear line or a
 * network that runs: no crash, no hang, no gigabytes.
 *
 * First those made by hand, then mutations: of bytes, of the description's words, and of the network's
 * fields through protobuf's reflection, so that a file stays readable and only its meaning is wrong. Every
 * case follows from its number alone.
 *
 *   fuzz-model                        what CI runs
 *   fuzz-model --seconds 3600 --from 100000     for an hour
 *   fuzz-model --only 4711            one case again; its folder is printed and kept
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "networks.h"
#include "td-vision.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <limits>
#include <random>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace
{

/* In seconds of wall time: a case that is still at work then hangs. */
constexpr unsigned int LONGEST_CASE = 60;
/* Of the whole program, with what a sanitizer keeps beside. */
constexpr long MOST_MEMORY_MB = 1500;

int wanted_cases = 4000;
int wanted_seconds = 45;
int first_case = 0;
int only_case = -1;

std::string scratch;
std::vector<Network> networks;

std::string
path_of (const char *name)
{
  return scratch + "/" + name;
}

void
write_file (const char *name, const std::string &data)
{
  FILE *file = fopen (path_of (name).c_str (), "we");
  if (!file || fwrite (data.data (), 1, data.size (), file) != data.size () || fclose (file) != 0)
    g_error ("%s can't be written", path_of (name).c_str ());
}

/* --- What must hold ------------------------------------------------------------------------- */

void
check_line (TdVisionStatus status, const TdVisionError &error)
{
  g_assert_cmpint (status, ==, error.status);
  g_assert_cmpstr (error.message, !=, "");
  g_assert_true (g_utf8_validate (error.message, -1, nullptr));
  for (const char *c = error.message; *c; c++)
    g_assert_cmpint ((unsigned char) *c, >=, ' ');
  /* Not for want of memory: what a file asks for is looked at before it is taken. */
  g_assert_cmpint (status, !=, TD_VISION_NO_MEMORY);
}

/* At a picture that is always the same. */
TdVisionStatus
look (TdPoseModel *model, TdPose *pose, TdVisionError *error)
{
  static std::vector<guint8> pixels;
  if (pixels.empty ())
    for (int i = 0; i < 64 * 64 * 3; i++)
      pixels.push_back ((guint8) (i * 7919 >> 3));
  const TdImage image = { pixels.data (), 64, 64, 192 };
  const float box[] = { 0, 0, 64, 64 };
  return td_pose_model_estimate (model, &image, box, pose, error);
}

/* Of TdVisionStatus; a network that loads must also look at a picture. */
TdVisionStatus
try_folder (TdBackend backend, TdVisionError *error)
{
  alarm (LONGEST_CASE);
  TdPoseModel *model = nullptr;
  TdVisionStatus status = td_pose_model_load (scratch.c_str (), backend, 1, &model, error);
  if (status != TD_VISION_OK)
    {
      g_assert_null (model);
      check_line (status, *error);
      alarm (0);
      return status;
    }
  TdPose pose;
  status = look (model, &pose, error);
  if (status != TD_VISION_OK)
    check_line (status, *error);
  for (const TdKeypoint &joint : pose.joints)
    {
      g_assert_true (joint.x - joint.x == 0 && joint.y - joint.y == 0 && joint.z - joint.z == 0);
      g_assert_true (joint.score >= 0 && joint.score <= 1);
    }
  td_pose_model_free (model);
  alarm (0);
  return TD_VISION_OK;
}

/* On both ways in; SAYS is part of the line. */
void
refused (const char *says)
{
  for (TdBackend backend : { TD_BACKEND_AUTO, TD_BACKEND_OPENCV })
    {
      TdVisionError error;
      TdVisionStatus status = try_folder (backend, &error);
      if (status == TD_VISION_OK)
        g_test_fail_printf ("taken, but \"%s\" was to be said", says);
      else if (!strstr (error.message, says))
        g_test_fail_printf ("\"%s\" does not say \"%s\"", error.message, says);
    }
}

void
refused (const Network &network, const char *says)
{
  write_file ("model.ini", network.ini);
  write_file ("model.onnx", network.model.SerializeAsString ());
  refused (says);
}

/* What a good one sees. */
TdPose
pose_of (const Network &network, TdBackend backend)
{
  write_file ("model.ini", network.ini);
  write_file ("model.onnx", network.model.SerializeAsString ());
  TdPoseModel *model = nullptr;
  TdVisionError error;
  TdPose pose;
  if (td_pose_model_load (scratch.c_str (), backend, 1, &model, &error) != TD_VISION_OK
      || look (model, &pose, &error) != TD_VISION_OK)
    g_error ("%s", error.message);
  td_pose_model_free (model);
  return pose;
}

onnx::NodeProto *
first (Network &network, const char *type)
{
  for (onnx::NodeProto &node : *network.model.mutable_graph ()->mutable_node ())
    if (node.op_type () == type)
      return &node;
  g_assert_not_reached ();
}

onnx::TensorProto *
weights (Network &network, const char *name)
{
  for (onnx::TensorProto &tensor : *network.model.mutable_graph ()->mutable_initializer ())
    if (tensor.name () == name)
      return &tensor;
  g_assert_not_reached ();
}

onnx::AttributeProto *
attribute (onnx::NodeProto *node, const char *name)
{
  for (onnx::AttributeProto &a : *node->mutable_attribute ())
    if (a.name () == name)
      return &a;
  g_assert_not_reached ();
}

/* --- Made by hand --------------------------------------------------------------------------- */

void
test_good ()
{
  /* All that follows starts from these, so they must be taken, and by the back end they are for. */
  for (const Network &network : networks)
    {
      write_file ("model.ini", network.ini);
      write_file ("model.onnx", network.model.SerializeAsString ());
      for (TdBackend backend : { TD_BACKEND_AUTO, TD_BACKEND_OPENCV })
        {
          TdVisionError error;
          if (try_folder (backend, &error) != TD_VISION_OK)
            g_error ("%s: %s", network.name, error.message);
        }
      TdPoseModel *model;
      g_assert_cmpint (td_pose_model_load (scratch.c_str (), TD_BACKEND_AUTO, 1, &model, nullptr),
                       ==, TD_VISION_OK);
      const char *why = td_pose_model_why_opencv (model);
      bool fast = g_str_equal (network.name, "convolutions") || g_str_equal (network.name, "halves")
                  || g_str_equal (network.name, "ours");
      if ((why == nullptr) != fast)
        g_error ("%s runs on %s: %s", network.name, td_pose_model_backend (model), why ? why : "");
      td_pose_model_free (model);
    }
}

void
test_files ()
{
  const Network good = network_of_convolutions ();
  const std::string bytes = good.model.SerializeAsString ();

  write_file ("model.ini", good.ini);
  write_file ("model.onnx", "");
  refused ("model.onnx is empty");
  write_file ("model.onnx", std::string (5000, '\0'));
  refused ("not an ONNX network");
  write_file ("model.onnx", "<!DOCTYPE html><html>404</html>");
  refused ("not an ONNX network");
  for (size_t size : { (size_t) 1, bytes.size () / 2, bytes.size () - 1 })
    {
      write_file ("model.onnx", bytes.substr (0, size));
      refused ("model.onnx");
    }

  for (const char *name : { "model.onnx", "model.ini" })
    {
      write_file ("model.ini", good.ini);
      write_file ("model.onnx", bytes);
      g_assert_cmpint (g_remove (path_of (name).c_str ()), ==, 0);
      refused (("no " + std::string (name)).c_str ());
      g_assert_cmpint (g_mkdir (path_of (name).c_str (), 0700), ==, 0);
      refused ("is not a file");
      g_assert_cmpint (g_rmdir (path_of (name).c_str ()), ==, 0);
      /* Nobody writes to it: opening it must not wait. */
      g_assert_cmpint (mkfifo (path_of (name).c_str (), 0600), ==, 0);
      refused ("is not a file");
      g_assert_cmpint (g_remove (path_of (name).c_str ()), ==, 0);
      /* Of holes: two gigabytes that take no place. */
      int file = open (path_of (name).c_str (), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
      g_assert_cmpint (file, >=, 0);
      g_assert_cmpint (ftruncate (file, (off_t) 2 * 1024 * 1024 * 1024), ==, 0);
      close (file);
      refused ("is larger than");
      g_assert_cmpint (g_remove (path_of (name).c_str ()), ==, 0);
      g_assert_cmpint (symlink (name, path_of (name).c_str ()), ==, 0);
      refused ("can't be read");
      g_assert_cmpint (g_remove (path_of (name).c_str ()), ==, 0);
    }
}

/* Few bytes for many objects. */
void
test_bombs ()
{
  Network network = network_of_convolutions ();
  write_file ("model.ini", network.ini);
  /* 4 million operators of two bytes each. */
  std::string nodes;
  for (int i = 0; i < 4000000; i++)
    nodes += { 10, 0 };
  onnx::ModelProto model = network.model;
  std::string bytes = "\x3a";
  for (size_t size = nodes.size (); size > 0; size >>= 7)
    bytes += (char) ((size & 0x7F) | (size > 0x7F ? 0x80 : 0));
  write_file ("model.onnx", bytes + nodes);
  refused ("too large");
  /* 30 million numbers of one byte each, in a tensor of eight bytes each. */
  Network wide = network;
  onnx::TensorProto *tensor = wide.model.mutable_graph ()->add_initializer ();
  tensor->set_name ("wide");
  tensor->mutable_int64_data ()->Resize (30000000, 0);
  refused (wide, "too large");
  /* Graphs in graphs in graphs. */
  std::string inner;
  for (int i = 0; i < 20000; i++)
    {
      std::string outer = "\x3a";
      for (size_t size = inner.size (); size > 0; size >>= 7)
        outer += (char) ((size & 0x7F) | (size > 0x7F ? 0x80 : 0));
      inner = i == 0 ? "\x3a" + std::string (1, '\0') : outer + inner;
    }
  write_file ("model.onnx", inner);
  refused ("model.onnx");
  /* As many operators as there may be bytes. */
  Network many = network;
  for (int i = 0; i < 5000; i++)
    *many.model.mutable_graph ()->add_node () = network.model.graph ().node (1);
  refused (many, "too many operators");
}

void
test_graphs ()
{
  Network n = network_of_convolutions ();
  first (n, "Add")->set_op_type ("NoSuchThing");
  refused (n, "operator that is not known here: NoSuchThing");
  n = network_of_convolutions ();
  first (n, "Add")->set_op_type (std::string ("\xff\x1b[31m\0evil", 11));
  refused (n, "operator that is not known");
  n = network_of_convolutions ();
  first (n, "Add")->set_op_type (std::string (1000000, 'A'));
  refused (n, "operator that is not known");
  n = network_of_convolutions ();
  first (n, "Add")->set_domain ("com.evil");
  refused (n, "operator that is not known");
  /* In a circle, to itself, and to what comes later. */
  n = network_of_convolutions ();
  first (n, "Add")->set_input (1, "f");
  refused (n, "comes after it");
  n = network_of_convolutions ();
  first (n, "Add")->set_input (1, "e");
  refused (n, "comes after it");
  n = network_of_convolutions ();
  n.model.mutable_graph ()->mutable_node ()->SwapElements (0, 1);
  refused (n, "comes after it");
  n = network_of_convolutions ();
  first (n, "Add")->set_input (1, "nowhere to be found");
  refused (n, "nothing makes");
  n = network_of_convolutions ();
  first (n, "Conv")->set_input (1, "lost");
  refused (n, "nothing makes");
  n = network_of_convolutions ();
  first (n, "Add")->set_output (0, "a1");
  refused (n, "two values of one name");
  n = network_of_convolutions ();
  *n.model.mutable_graph ()->add_initializer () = n.model.graph ().initializer (0);
  refused (n, "two values of one name");
  n = network_of_convolutions ();
  n.model.mutable_graph ()->clear_node ();
  refused (n, "holds no network");
  n = network_of_convolutions ();
  n.model.clear_opset_import ();
  refused (n, "version");
  n = network_of_convolutions ();
  n.model.mutable_graph ()->mutable_input (0)->set_name ("sound");
  refused (n, "no input called image");
  n = network_of_convolutions ();
  n.model.mutable_graph ()->mutable_output (1)->set_name ("width");
  refused (n, "no output called depth");
  n = network_of_convolutions ();
  n.model.mutable_graph ()->mutable_output (0)->set_name ("image");
  n.ini.replace (n.ini.find ("heat = heat"), 11, "heat = image");
  refused (n, "another size");
}

void
test_sizes ()
{
  const int64_t strange[] = { 0, -1, 65537, INT32_MAX, (int64_t) 1 << 32, INT64_MAX, INT64_MIN };
  for (int64_t side : strange)
    for (int i = 0; i < 4; i++)
      {
        Network n = network_of_convolutions ();
        weights (n, "a_w")->set_dims (i, side);
        refused (n, "model.onnx");
        n = network_of_convolutions ();
        onnx::ValueInfoProto *input = n.model.mutable_graph ()->mutable_input (0);
        if (side != -1)
          {
            input->mutable_type ()
                ->mutable_tensor_type ()
                ->mutable_shape ()
                ->mutable_dim (i)
                ->set_dim_value (side);
            refused (n, "another size");
          }
      }
  for (const char *name : { "kernel_shape", "strides", "pads" })
    for (int64_t value : { (int64_t) -1, (int64_t) 100000, INT64_MAX, INT64_MIN })
      {
        Network n = network_of_convolutions ();
        attribute (first (n, "Conv"), name)->set_ints (0, value);
        refused (n, "Conv");
      }
  Network n = network_of_convolutions ();
  attribute (first (n, "Conv"), "strides")->set_ints (1, 0);
  refused (n, "Conv");
  n = network_of_convolutions ();
  onnx::AttributeProto *group = first (n, "Conv")->add_attribute ();
  group->set_name ("group");
  group->set_type (onnx::AttributeProto_AttributeType_INT);
  for (int64_t groups : { (int64_t) 0, (int64_t) -3, (int64_t) 2, INT64_MAX })
    {
      group->set_i (groups);
      refused (n, "Conv");
    }
  /* A number where a list belongs, and both. */
  n = network_of_convolutions ();
  attribute (first (n, "Conv"), "strides")->set_i (2);
  refused (n, "strange strides");
  attribute (first (n, "Conv"), "strides")->set_type (onnx::AttributeProto_AttributeType_INT);
  refused (n, "strange strides");
  /* What OpenCV would take for a setting of its own. */
  n = network_of_convolutions ();
  attribute (first (n, "Conv"), "pads")->set_name ("kernel_size");
  refused (n, "kernel_size");

  /* From little to gigabytes: 32 x 24 cells, doubled again and again. */
  n = network_of_everything ();
  weights (n, "double")->set_float_data (2, 900);
  weights (n, "double")->set_float_data (3, 900);
  refused (n, "Resize");
  for (float factor : { 0.0f, -2.0f, 1e30f, NAN, INFINITY })
    {
      weights (n, "double")->set_float_data (2, factor);
      refused (n, "model.onnx");
    }
  for (int64_t side : strange)
    for (const char *name : { "five", "four", "pads" })
      {
        n = network_of_everything ();
        weights (n, name)->set_int64_data (2, side);
        if (side != -1 || g_str_equal (name, "pads"))
          if (side != 0 || g_str_equal (name, "five"))
            refused (n, "model.onnx");
      }
  n = network_of_everything ();
  attribute (first (n, "Transpose"), "perm")->set_ints (1, 7);
  refused (n, "Transpose");
  attribute (first (n, "Transpose"), "perm")->set_ints (1, 0);
  refused (n, "Transpose");
  n = network_of_everything ();
  attribute (first (n, "Split"), "split")->set_ints (1, 9);
  refused (n, "Split");
  n = network_of_everything ();
  attribute (first (n, "Concat"), "axis")->set_i (INT64_MIN);
  refused (n, "Concat");
  n = network_of_numbers ();
  weights (n, "g_b")->set_dims (0, 1);
  refused (n, "weights are missing");
}

void
set_weight (onnx::TensorProto *tensor, float value)
{
  memcpy (&(*tensor->mutable_raw_data ())[8], &value, sizeof value);
}

void
test_weights ()
{
  for (float value : { NAN, INFINITY, -INFINITY })
    for (const char *name : { "a_w", "a_b" })
      {
        Network n = network_of_convolutions ();
        set_weight (weights (n, name), value);
        refused (n, "no numbers");
      }
  /* Each is one, but what they make is not. */
  Network n = network_of_convolutions ();
  for (int i = 0; i < 8 * 3 * 9; i++)
    {
      const float huge = i % 2 ? 3e38f : -3e38f;
      memcpy (&(*weights (n, "a_w")->mutable_raw_data ())[(size_t) i * 4], &huge, 4);
    }
  set_weight (weights (n, "b_w"), 3e38f);
  set_weight (weights (n, "heat_w"), 3e38f);
  refused (n, "no numbers");

  n = network_of_convolutions ();
  weights (n, "a_w")->mutable_raw_data ()->resize (100);
  refused (n, "weights are missing");
  n = network_of_convolutions ();
  weights (n, "a_w")->clear_raw_data ();
  refused (n, "weights are missing");
  n = network_of_convolutions ();
  weights (n, "a_w")->mutable_raw_data ()->append ("abc");
  refused (n, "weights are missing");
  /* OpenCV would take one number for all of them. */
  n = network_of_convolutions ();
  weights (n, "a_w")->add_float_data (1);
  refused (n, "weights in two places");
  n = network_of_convolutions ();
  weights (n, "a_w")->add_double_data (1);
  refused (n, "weights in two places");
  n = network_of_everything ();
  onnx::TensorProto *sizes = weights (n, "four");
  const std::string raw ((const char *) sizes->int64_data ().data (),
                         (size_t) sizes->int64_data_size () * 8);
  sizes->clear_int64_data ();
  sizes->set_raw_data (raw);
  sizes->add_int64_data (1);
  refused (n, "weights in two places");
  n = network_of_everything ();
  weights (n, "four")->add_float_data (1);
  refused (n, "weights in two places");
  n = network_of_convolutions ();
  weights (n, "a_w")->set_data_type (onnx::TensorProto_DataType_STRING);
  refused (n, "another type");
  n = network_of_convolutions ();
  weights (n, "a_w")->set_data_type (9999);
  refused (n, "another type");
  n = network_of_convolutions ();
  onnx::StringStringEntryProto *where = weights (n, "a_w")->add_external_data ();
  where->set_key ("location");
  where->set_value ("../../../../etc/passwd");
  refused (n, "another file");
  n = network_of_convolutions ();
  weights (n, "a_w")->set_data_location (onnx::TensorProto_DataLocation_EXTERNAL);
  refused (n, "another file");
  n = network_of_convolutions ();
  weights (n, "b_b")->set_dims (0, 7);
  weights (n, "b_b")->mutable_raw_data ()->resize (28);
  refused (n, "channels don't fit");
}

/* Weights in 16 bits become 32-bit ones; nothing else is cast. */
void
test_halves ()
{
  /* Of numbers that fit nothing is lost. */
  Network exact = network_of_convolutions ();
  for (onnx::TensorProto &tensor : *exact.model.mutable_graph ()->mutable_initializer ())
    if (tensor.has_raw_data ())
      for (size_t i = 0; i < tensor.raw_data ().size (); i += 4)
        {
          uint32_t bits;
          memcpy (&bits, tensor.raw_data ().data () + i, 4);
          bits &= 0xFFFFE000;
          memcpy (&(*tensor.mutable_raw_data ())[i], &bits, 4);
        }
  for (TdBackend backend : { TD_BACKEND_AUTO, TD_BACKEND_OPENCV })
    {
      const TdPose whole = pose_of (exact, backend), half = pose_of (with_halves (exact), backend);
      for (int i = 0; i < TD_N_JOINTS; i++)
        {
          g_assert_cmpfloat (whole.joints[i].x, ==, half.joints[i].x);
          g_assert_cmpfloat (whole.joints[i].y, ==, half.joints[i].y);
          g_assert_cmpfloat (whole.joints[i].z, ==, half.joints[i].z);
          g_assert_cmpfloat (whole.joints[i].score, ==, half.joints[i].score);
        }
      g_assert_cmpfloat (whole.joints[0].x, >, 0);
    }
  Network n = network_of_halves ();
  (*weights (n, "a_w_half")->mutable_raw_data ())[8] = 0;
  (*weights (n, "a_w_half")->mutable_raw_data ())[9] = 0x7e; /* not a number */
  refused (n, "no numbers");
  n = network_of_halves ();
  weights (n, "a_w_half")->mutable_raw_data ()->resize (100);
  refused (n, "weights are missing");
  n = network_of_halves ();
  weights (n, "a_w_half")->clear_raw_data ();
  refused (n, "weights are missing");
  n = network_of_halves ();
  weights (n, "a_w_half")->add_int32_data (1);
  refused (n, "weights in two places");
  /* To other numbers, to nothing, of what is computed, of what is no half, and not at all. */
  n = network_of_halves ();
  attribute (first (n, "Cast"), "to")->set_i (onnx::TensorProto_DataType_DOUBLE);
  refused (n, "Cast with a strange to");
  n = network_of_halves ();
  first (n, "Cast")->clear_attribute ();
  refused (n, "Cast with a strange to");
  n = network_of_halves ();
  first (n, "Cast")->set_input (0, "image");
  refused (n, "Cast of anything but 16-bit weights");
  n = network_of_halves ();
  first (n, "Cast")->set_input (0, "least");
  refused (n, "Cast of anything but 16-bit weights");
  n = network_of_halves ();
  first (n, "Conv")->set_input (1, "a_w_half");
  refused (n, "weights of another type");
  n = network_of_halves ();
  first (n, "Conv")->set_input (0, "a_w_half");
  refused (n, "takes a constant");
  /* The same few bytes again and again: 80 times half a million numbers. */
  n = network_of_halves ();
  onnx::GraphProto *graph = n.model.mutable_graph ();
  onnx::TensorProto *wide = graph->add_initializer ();
  wide->set_name ("wide");
  wide->set_data_type (onnx::TensorProto_DataType_FLOAT16);
  wide->add_dims (500000);
  wide->set_raw_data (std::string (1000000, '\0'));
  std::vector<onnx::NodeProto> casts, sums;
  std::string sum = "image";
  for (int i = 0; i < 80; i++)
    {
      casts.push_back (*first (n, "Cast"));
      casts.back ().set_input (0, "wide");
      casts.back ().set_output (0, "wide" + std::to_string (i));
      sums.push_back (*first (n, "Add"));
      sums.back ().set_input (0, sum);
      sums.back ().set_input (1, casts.back ().output (0));
      sum = "sum" + std::to_string (i);
      sums.back ().set_output (0, sum);
    }
  first (n, "Conv")->set_input (0, sum);
  const onnx::GraphProto others = *graph;
  graph->clear_node ();
  for (const std::vector<onnx::NodeProto> &nodes : { casts, sums })
    for (const onnx::NodeProto &node : nodes)
      *graph->add_node () = node;
  for (const onnx::NodeProto &node : others.node ())
    *graph->add_node () = node;
  refused (n, "too many weights");
}

/* Harmless to look at, and hours of work or gigabytes of maps: what the second convolution of a large picture,
 * over 512 x 512 cells, would take. */
void
test_labour ()
{
  const struct
  {
    int64_t n_out, n_in, kernel, groups;
    const char *says;
  } cases[] = {
    { 8, 8, 61, 1, "too slow" },
    { 77, 8, 7, 1, "too slow" }, /* only with all the others */
    { 250, 8, 1, 1, "its maps take too much memory" },
    { 8, 1, 9, 8, "its convolutions take too much memory" },
  };
  for (const auto &c : cases)
    {
      Network n = network_of_convolutions ();
      n.ini.replace (n.ini.find ("1 3 64 48"), 9, "1 3 1024 1024");
      onnx::TensorShapeProto *shape = n.model.mutable_graph ()
                                          ->mutable_input (0)
                                          ->mutable_type ()
                                          ->mutable_tensor_type ()
                                          ->mutable_shape ();
      shape->mutable_dim (2)->set_dim_value (1024);
      shape->mutable_dim (3)->set_dim_value (1024);
      onnx::TensorProto *w = weights (n, "b_w"), *bias = weights (n, "b_b");
      const int64_t sides[] = { c.n_out, c.n_in, c.kernel, c.kernel };
      for (int i = 0; i < 4; i++)
        w->set_dims (i, sides[i]);
      w->set_raw_data (std::string ((size_t) (c.n_out * c.n_in * c.kernel * c.kernel * 4), '\0'));
      bias->set_dims (0, c.n_out);
      bias->set_raw_data (std::string ((size_t) (c.n_out * 4), '\0'));
      for (onnx::NodeProto &node : *n.model.mutable_graph ()->mutable_node ())
        if (node.output (0) == "b")
          {
            for (onnx::AttributeProto &a : *node.mutable_attribute ())
              for (int i = 0; i < a.ints_size (); i++)
                a.set_ints (i, a.name () == "strides" ? 1
                               : a.name () == "pads"  ? c.kernel / 2
                                                      : c.kernel);
            onnx::AttributeProto *groups = node.add_attribute ();
            groups->set_name ("group");
            groups->set_type (onnx::AttributeProto_AttributeType_INT);
            groups->set_i (c.groups);
          }
      refused (n, c.says);
    }
  /* 32 million alone would do, if they were there, but not with two million more. */
  Network n = network_of_convolutions ();
  weights (n, "c_w")->set_dims (0, 4000000);
  refused (n, "weights are missing");
  weights (n, "b_w")->set_dims (0, 30000);
  weights (n, "b_w")->set_raw_data (std::string ((size_t) 30000 * 8 * 9 * 4, '\0'));
  refused (n, "too many weights");
}

void
test_descriptions ()
{
  const Network good = network_of_convolutions ();
  const struct
  {
    const char *from;
    std::string to;
    const char *says;
  } changes[] = {
    { "1 3 64 48", "1 3 -64 48", "out of range" },
    { "1 3 64 48", "1 3 64 99999999999999999999999", "line 6" },
    { "1 3 64 48", "1 3 1024 1024", "another size" },
    { "1 3 64 48", "1 3 64 nan", "not a number" },
    { "1 3 64 48", "1 3 64 inf", "not a number" },
    { "1 3 64 48", "1 3 0x40 48", "not a number" },
    { "1 3 64 48", "eins drei", "not a number" },
    { "std = 255 255 255", "std = 0 0 0", "out of range" },
    { "std = 255 255 255", "std = 255 255", "3 numbers" },
    { "name = test", std::string ("name = te\0st", 12), "not a text file" },
    { "name = test", "name = t\xe9st", "UTF-8" },
    { "name = test", "name = t\xed\xa0\x80st", "UTF-8" },
    { "name = test", "name = t\x1b[2Jst", "control character" },
    { "name = test", "name = " + std::string (81, 'x'), "too long" },
    { "name = test", "name = " + std::string (70000, 'x'), "larger than 64 kB" },
    { "name = image", "name = " + std::string (60000, 'x'), "no input called" },
    { "stride = 2", "stride = 0", "out of range" },
    { "stride = 2", "stride = -2", "out of range" },
    { "stride = 2", "stride = 1.5", "whole" },
    { "stride = 2", "stride = two", "not a number" },
    { "depth_scale = 64", "depth_scale = -1", "out of range" },
    { "spread = 1.5", "spread = 1e9", "out of range" },
    { "spread = 1.5", "scores = 0 0 1 0 0.5 1", "ascend" },
    { "spread = 1.5", "scores = " + std::string (40, '1') + " 1 1 1", "out of range" },
    { "margin = 1.25", "margin = 0", "out of range" },
    { "heat = heat", "heat =", "no output.heat" },
    { "heat = heat", "decoding = simcc", "no output.simcc_x" },
    { "heat = heat", "decoding = coordinates", "no output.coordinates" },
    { "heat = heat", "decoding = coordinates\ncoordinates = heat\ncolumns = x y", "score" },
    { "heat = heat", "decoding = coordinates\ncoordinates = heat\ncolumns = x y x", "twice" },
    { "heat = heat", "decoding = coordinates\ncoordinates = heat\ncolumns = x y up",
      "columns are" },
    { "heat = heat", "heat = heat\nactivation = relu", "none or sigmoid" },
    { "tail", std::string (20000, 'a').replace (1, 3000, 3000, ' '), "another size" },
  };
  write_file ("model.onnx", good.model.SerializeAsString ());
  for (const auto &change : changes)
    {
      std::string ini = good.ini;
      size_t at = ini.find (change.from);
      g_assert_true (at != std::string::npos);
      ini.replace (at, strlen (change.from), change.to);
      write_file ("model.ini", ini);
      refused (change.says);
    }
  std::string crowd = good.ini;
  std::string names;
  for (int i = 0; i < 400; i++)
    names += "joint" + std::to_string (i) + " ";
  crowd.replace (crowd.find ("tail"), 4, names);
  write_file ("model.ini", crowd);
  refused ("more than 256 joints");

  /* What Windows and old editors make of it is as good. */
  std::string windows = "\xEF\xBB\xBF";
  for (char c : good.ini)
    windows += c == '\n' ? std::string ("\r\n") : std::string (1, c);
  write_file ("model.ini", windows);
  TdVisionError error;
  g_assert_cmpint (try_folder (TD_BACKEND_AUTO, &error), ==, TD_VISION_OK);
}

/* --- Mutations ------------------------------------------------------------------------------ */

class Mutator
{
public:
  explicit Mutator (unsigned int number) : random_ (0x7EA6D60Fu + number) {}

  size_t
  below (size_t n)
  {
    return n ? random_ () % n : 0;
  }

  bool
  chance (size_t one_in)
  {
    return below (one_in) == 0;
  }

  int64_t
  number (int64_t before)
  {
    static const int64_t strange[] = { 0,         -1,        1,
                                       2,         3,         4,
                                       5,         7,         8,
                                       16,        17,        31,
                                       32,        64,        100,
                                       127,       255,       256,
                                       1000,      4096,      65535,
                                       65536,     1000000,   INT32_MAX,
                                       -2,        INT32_MIN, (int64_t) UINT32_MAX + 1,
                                       INT64_MAX, INT64_MIN };
    switch (below (4))
      {
      case 0:
        return (int64_t) ((uint64_t) before + 1);
      case 1:
        return (int64_t) ((uint64_t) before - 1);
      default:
        return strange[below (G_N_ELEMENTS (strange))];
      }
  }

  float
  real ()
  {
    static const float strange[]
        = { 0, -0.0f, 1, -1, 0.5f, 2, 3, 1e-30f, 1e30f, 3.4e38f, NAN, INFINITY, -INFINITY };
    return strange[below (G_N_ELEMENTS (strange))];
  }

  void
  bytes (std::string &data)
  {
    if (data.empty ())
      {
        data = "x";
        return;
      }
    size_t at = below (data.size ());
    size_t length = 1 + below (std::min<size_t> (data.size () - at, chance (4) ? 4096 : 16));
    switch (below (7))
      {
      case 0:
        data[at] = (char) (data[at] ^ (1 << below (8)));
        break;
      case 1:
        data[at] = (char) random_ ();
        break;
      case 2:
        data.erase (at, length);
        break;
      case 3:
        data.insert (at, data.substr (below (data.size ()), length));
        break;
      case 4:
        data.resize (at);
        break;
      case 5:
        for (size_t i = 0; i < length; i++)
          data[at + i] = (char) (chance (2) ? 0xFF : 0);
        break;
      default:
        data.insert (at, length, (char) random_ ());
        break;
      }
  }

  std::string
  word (const std::string &before)
  {
    static const char *const strange[]
        = { "",   "0",          "-1",     "1e999",  "nan",  "\xff", "\n", "%s%n",
            "..", "image",      "heat",   "a",      "b1",   "e",    "f",  "a_w",
            "x",  "SAME_UPPER", "linear", "NOTSET", "edge", "floor" };
    switch (below (6))
      {
      case 0:
        return std::string (1 + below (100000), 'A');
      case 1:
        {
          std::string changed = before;
          bytes (changed);
          return changed;
        }
      case 2:
        return strange[below (G_N_ELEMENTS (strange))];
      default:
        return names_.empty () ? before : names_[below (names_.size ())];
      }
  }

  /* One field somewhere in MESSAGE. */
  void
  field (Message *root)
  {
    std::vector<Message *> messages;
    if (names_.empty ())
      collect_names (*dynamic_cast<onnx::ModelProto *> (root));
    collect (root, messages);
    /* Most are tensors' and attributes': those of operators must have their share. */
    Message *message = messages[below (messages.size ())];
    if (chance (3))
      message = dynamic_cast<onnx::ModelProto *> (root)->mutable_graph ()->mutable_node (
          (int) below ((size_t) dynamic_cast<onnx::ModelProto *> (root)->graph ().node_size ()));
    if (message)
      change (message);
  }

  void
  description (std::string &ini)
  {
    std::vector<std::string> lines;
    for (size_t at = 0; at < ini.size ();)
      {
        size_t end = std::min (ini.find ('\n', at), ini.size () - 1);
        lines.push_back (ini.substr (at, end - at + 1));
        at = end + 1;
      }
    size_t i = below (lines.size ());
    switch (below (7))
      {
      case 0:
        lines.erase (lines.begin () + (ptrdiff_t) i);
        break;
      case 1:
        lines.push_back (lines[i]);
        break;
      case 2:
        std::swap (lines[i], lines[below (lines.size ())]);
        break;
      case 3:
        bytes (lines[i]);
        break;
      case 4:
        lines[i]
            = lines[i].substr (0, lines[i].find ('=') + 1) + std::to_string (number (1)) + "\n";
        break;
      default:
        {
          /* One word of a value. */
          size_t equals = lines[i].find ('=');
          size_t at
              = lines[i].find_first_not_of (' ', equals == std::string::npos ? 0 : equals + 1);
          for (size_t skip = below (4); skip > 0 && at != std::string::npos; skip--)
            {
              size_t space = lines[i].find (' ', at);
              at = space == std::string::npos ? at : space + 1;
            }
          if (at == std::string::npos)
            break;
          size_t end = std::min (lines[i].find_first_of (" \n", at), lines[i].size ());
          lines[i].replace (at, end - at, chance (2) ? std::to_string (number (64)) : word ("x"));
          break;
        }
      }
    ini.clear ();
    for (const std::string &line : lines)
      ini += line;
  }

private:
  void
  collect_names (const onnx::ModelProto &model)
  {
    for (const onnx::NodeProto &node : model.graph ().node ())
      {
        names_.push_back (node.op_type ());
        for (const std::string &output : node.output ())
          names_.push_back (output);
      }
    for (const onnx::TensorProto &tensor : model.graph ().initializer ())
      names_.push_back (tensor.name ());
    for (const char *type :
         { "Softmax",   "Squeeze", "Unsqueeze",     "Slice", "DepthToSpace", "ReduceMean",
           "ReduceSum", "Sub",     "Div",           "Exp",   "Flatten",      "Upsample",
           "Tanh",      "Elu",     "GlobalMaxPool", "Gemm",  "MatMul",       "Constant",
           "Shape",     "Loop",    "Gather",        "Cast" })
      names_.push_back (type);
  }

  static void
  collect (Message *message, std::vector<Message *> &list)
  {
    list.push_back (message);
    const Reflection *reflection = message->GetReflection ();
    std::vector<const FieldDescriptor *> fields;
    reflection->ListFields (*message, &fields);
    for (const FieldDescriptor *f : fields)
      {
        if (f->cpp_type () != FieldDescriptor::CPPTYPE_MESSAGE)
          continue;
        if (!f->is_repeated ())
          collect (reflection->MutableMessage (message, f), list);
        else
          for (int i = 0; i < reflection->FieldSize (*message, f); i++)
            collect (reflection->MutableRepeatedMessage (message, f, i), list);
      }
  }

  void
  change (Message *message)
  {
    const Reflection *reflection = message->GetReflection ();
    std::vector<const FieldDescriptor *> fields;
    reflection->ListFields (*message, &fields);
    const google::protobuf::Descriptor *all = message->GetDescriptor ();
    if (fields.empty () || chance (6))
      fields.push_back (all->field ((int) below ((size_t) all->field_count ())));
    const FieldDescriptor *f = fields[below (fields.size ())];
    if (f->is_repeated ())
      change_list (message, reflection, f);
    else
      change_one (message, reflection, f);
  }

  void
  change_list (Message *message, const Reflection *reflection, const FieldDescriptor *f)
  {
    int n = reflection->FieldSize (*message, f);
    int i = (int) below ((size_t) n);
    switch (n == 0 ? 3 : below (6))
      {
      case 0:
        reflection->RemoveLast (message, f);
        return;
      case 1:
        reflection->SwapElements (message, f, i, (int) below ((size_t) n));
        return;
      case 2:
        if (n > 0)
          {
            reflection->SwapElements (message, f, i, n - 1);
            reflection->RemoveLast (message, f);
          }
        return;
      case 3:
        add (message, reflection, f, i, n);
        return;
      default:
        break;
      }
    switch (f->cpp_type ())
      {
      case FieldDescriptor::CPPTYPE_INT64:
        reflection->SetRepeatedInt64 (message, f, i,
                                      number (reflection->GetRepeatedInt64 (*message, f, i)));
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        reflection->SetRepeatedInt32 (message, f, i, (int32_t) number (0));
        break;
      case FieldDescriptor::CPPTYPE_FLOAT:
        reflection->SetRepeatedFloat (message, f, i, real ());
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        reflection->SetRepeatedString (message, f, i,
                                       word (reflection->GetRepeatedString (*message, f, i)));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        change (reflection->MutableRepeatedMessage (message, f, i));
        break;
      default:
        break;
      }
  }

  void
  add (Message *message, const Reflection *reflection, const FieldDescriptor *f, int i, int n)
  {
    switch (f->cpp_type ())
      {
      case FieldDescriptor::CPPTYPE_INT64:
        reflection->AddInt64 (message, f, number (0));
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        reflection->AddInt32 (message, f, (int32_t) number (0));
        break;
      case FieldDescriptor::CPPTYPE_FLOAT:
        reflection->AddFloat (message, f, real ());
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        reflection->AddString (message, f, word (""));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        {
          Message *added = reflection->AddMessage (message, f);
          if (n > 0)
            added->CopyFrom (reflection->GetRepeatedMessage (*message, f, i));
          break;
        }
      default:
        break;
      }
  }

  void
  change_one (Message *message, const Reflection *reflection, const FieldDescriptor *f)
  {
    if (f->cpp_type () != FieldDescriptor::CPPTYPE_MESSAGE && chance (8))
      {
        reflection->ClearField (message, f);
        return;
      }
    switch (f->cpp_type ())
      {
      case FieldDescriptor::CPPTYPE_INT64:
        reflection->SetInt64 (message, f, number (reflection->GetInt64 (*message, f)));
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        reflection->SetInt32 (message, f, (int32_t) number (reflection->GetInt32 (*message, f)));
        break;
      case FieldDescriptor::CPPTYPE_FLOAT:
        reflection->SetFloat (message, f, real ());
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        reflection->SetEnumValue (message, f, (int) below (20));
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        if (f->type () == FieldDescriptor::TYPE_BYTES && chance (2))
          {
            std::string data = reflection->GetString (*message, f);
            if (data.size () >= 4 && chance (2))
              {
                float value = real ();
                memcpy (&data[below (data.size () / 4) * 4], &value, 4);
              }
            else
              bytes (data);
            reflection->SetString (message, f, data);
          }
        else
          reflection->SetString (message, f, word (reflection->GetString (*message, f)));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (reflection->HasField (*message, f))
          change (reflection->MutableMessage (message, f));
        break;
      default:
        break;
      }
  }

  std::mt19937 random_;
  std::vector<std::string> names_;
};

/* How a case ended, for the summary. */
struct Tally
{
  int taken = 0, refused = 0;
};

void
run_case (int number, Tally *tally)
{
  Mutator mutator ((unsigned int) number);
  /* The real network is large; the small ones do the most. */
  size_t which = mutator.chance (50) ? networks.size () - 1 : mutator.below (networks.size () - 1);
  Network network = networks[which];
  std::string bytes;
  switch (mutator.below (8))
    {
    case 0:
      for (size_t n = 1 + mutator.below (3); n > 0; n--)
        mutator.description (network.ini);
      bytes = network.model.SerializeAsString ();
      break;
    case 1:
    case 2:
      bytes = network.model.SerializeAsString ();
      for (size_t n = 1 + mutator.below (4); n > 0; n--)
        mutator.bytes (bytes);
      break;
    default:
      for (size_t n = 1 + mutator.below (3); n > 0; n--)
        if (network.model.graph ().node_size () > 0)
          mutator.field (&network.model);
      bytes = network.model.SerializePartialAsString ();
      break;
    }
  write_file ("model.ini", network.ini);
  write_file ("model.onnx", bytes);
  TdVisionError error;
  for (TdBackend backend : { TD_BACKEND_AUTO, TD_BACKEND_OPENCV })
    {
      TdVisionStatus status = try_folder (backend, &error);
      (status == TD_VISION_OK ? tally->taken : tally->refused)++;
      if (only_case >= 0)
        g_test_message ("%s", status == TD_VISION_OK ? "taken" : error.message);
    }
}

void
test_mutations ()
{
  Tally tally;
  if (only_case >= 0)
    {
      g_test_message ("%s", scratch.c_str ());
      run_case (only_case, &tally);
      return;
    }
  gint64 start = g_get_monotonic_time ();
  int number = first_case;
  for (; number - first_case < wanted_cases; number++)
    {
      if (g_get_monotonic_time () - start > (gint64) wanted_seconds * G_USEC_PER_SEC)
        break;
      /* After a crash it says which one it was. */
      write_file ("case", std::to_string (number));
      run_case (number, &tally);
    }
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  g_test_message ("%d cases in %.0f s: %d networks taken, %d refused; %ld MB at most",
                  number - first_case, (double) (g_get_monotonic_time () - start) / 1e6,
                  tally.taken, tally.refused, usage.ru_maxrss / 1024);
  g_assert_cmpint (tally.taken, >, 0);
  g_assert_cmpint (tally.refused, >, 0);
  g_assert_cmpint (usage.ru_maxrss / 1024, <, MOST_MEMORY_MB);
}

Network
network_of_ours ()
{
  const char *root = g_getenv ("TD_TEST_SOURCE_ROOT");
  g_assert_nonnull (root);
  std::string folder = std::string (root) + "/models/teardrop-legs/";
  Network network;
  network.name = "ours";
  char *text;
  gsize size;
  g_assert_true (g_file_get_contents ((folder + "model.ini").c_str (), &text, &size, nullptr));
  network.ini.assign (text, size);
  g_free (text);
  g_assert_true (g_file_get_contents ((folder + "model.onnx").c_str (), &text, &size, nullptr));
  g_assert_true (network.model.ParseFromArray (text, (int) size));
  g_free (text);
  return network;
}

} // namespace

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, nullptr);
  const GOptionEntry entries[] = {
    { "cases", 0, 0, G_OPTION_ARG_INT, &wanted_cases, "As many mutations at most", "N" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &wanted_seconds, "For as long at most", "S" },
    { "from", 0, 0, G_OPTION_ARG_INT, &first_case, "Begin with this one", "N" },
    { "only", 0, 0, G_OPTION_ARG_INT, &only_case, "Run this one alone, and keep its folder", "N" },
    {},
  };
  GOptionContext *context = g_option_context_new (nullptr);
  g_option_context_add_main_entries (context, entries, nullptr);
  GError *error = nullptr;
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  g_option_context_free (context);
  google::protobuf::SetLogHandler (nullptr);
  /* A longer run is asked for by its time. */
  if (wanted_seconds != 45 && wanted_cases == 4000)
    wanted_cases = std::numeric_limits<int>::max () / 2;

  char *folder = g_dir_make_tmp ("td-fuzz-model-XXXXXX", nullptr);
  g_assert_nonnull (folder);
  scratch = folder;
  networks = { network_of_convolutions (), network_of_halves (),  network_of_everything (),
               network_of_rows (),         network_of_numbers (), network_of_ours () };

  if (only_case < 0)
    {
      g_test_add_func ("/models/good_ones_are_taken", test_good);
      g_test_add_func ("/models/strange_files_are_refused", test_files);
      g_test_add_func ("/models/a_small_file_can_not_ask_for_much", test_bombs);
      g_test_add_func ("/models/a_graph_that_is_none_is_refused", test_graphs);
      g_test_add_func ("/models/strange_sizes_are_refused", test_sizes);
      g_test_add_func ("/models/strange_weights_are_refused", test_weights);
      g_test_add_func ("/models/weights_in_16_bits", test_halves);
      g_test_add_func ("/models/endless_work_is_refused", test_labour);
      g_test_add_func ("/models/strange_descriptions_are_refused", test_descriptions);
    }
  g_test_add_func ("/models/mutated_ones_are_refused_or_run", test_mutations);
  int result = g_test_run ();
  if (only_case < 0)
    {
      for (const char *name : { "model.ini", "model.onnx", "case" })
        g_remove (path_of (name).c_str ());
      g_rmdir (folder);
    }
  g_free (folder);
  networks.clear ();
  google::protobuf::ShutdownProtobufLibrary ();
  return result;
}
