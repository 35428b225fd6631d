/* model-info.cpp: reads model.ini.
 *
 * The file comes from whoever made the network, so nothing of it is trusted: sizes are bounded,
 * numbers are whole and finite, and each error names its line.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#include "vision-internal.h"

#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

namespace td
{
namespace
{

constexpr int LARGEST_SIDE = 1024;
constexpr int MOST_JOINTS = 256;
constexpr int MOST_COLUMNS = 16;
constexpr size_t MOST_SCORES = 16;

struct Value
{
  std::string text;
  int line;
};
typedef std::map<std::string, Value> Values; /* "section.key" */

std::string
trimmed (const std::string &text)
{
  const char *space = " \t\r";
  size_t from = text.find_first_not_of (space);
  if (from == std::string::npos)
    return "";
  return text.substr (from, text.find_last_not_of (space) - from + 1);
}

[[noreturn]] void
fail (const std::string &what)
{
  throw Failure (TD_VISION_BAD_MODEL, "model.ini: " + what);
}

[[noreturn]] void
fail_at (const Value &value, const std::string &what)
{
  fail ("line " + std::to_string (value.line) + ": " + what);
}

Values
read_values (const std::string &text)
{
  if (text.find ('\0') != std::string::npos)
    fail ("not a text file");
  if (!is_utf8 (text))
    fail ("not in UTF-8");

  Values values;
  std::string line, section;
  std::istringstream stream (text);
  for (int number = 1; std::getline (stream, line); number++)
    {
      if (number == 1 && line.compare (0, 3, "\xEF\xBB\xBF") == 0)
        line.erase (0, 3); /* what Windows puts in front */
      line = trimmed (line);
      if (line.empty () || line[0] == ';' || line[0] == '#')
        continue;
      if (line[0] == '[')
        {
          if (line.back () != ']')
            fail_at ({ "", number }, "a section without ]");
          section = trimmed (line.substr (1, line.size () - 2));
          continue;
        }
      size_t equals = line.find ('=');
      if (equals == std::string::npos)
        fail_at ({ "", number }, "neither a section nor key = value");
      std::string key = section + "." + trimmed (line.substr (0, equals));
      if (!values.insert ({ key, { trimmed (line.substr (equals + 1)), number } }).second)
        fail_at ({ "", number }, key + " is given twice");
    }
  return values;
}

const Value *
find (const Values &values, const std::string &key)
{
  Values::const_iterator found = values.find (key);
  return found == values.end () ? nullptr : &found->second;
}

const Value &
need (const Values &values, const std::string &key)
{
  const Value *value = find (values, key);
  if (!value || value->text.empty ())
    fail ("no " + key);
  return *value;
}

std::vector<std::string>
words (const Value &value)
{
  std::vector<std::string> list;
  std::istringstream stream (value.text);
  for (std::string word; stream >> word;)
    list.push_back (word);
  return list;
}

std::vector<double>
numbers (const Value &value, double least, double most)
{
  std::vector<double> list;
  for (const std::string &word : words (value))
    {
      /* Not strtod: in a German or French session it would want a comma. */
      std::istringstream stream (word);
      stream.imbue (std::locale::classic ());
      double number = 0;
      if (!(stream >> number) || !stream.eof () || !std::isfinite (number))
        fail_at (value, "\"" + word + "\" is not a number");
      if (number < least || number > most)
        fail_at (value, word + " is out of range");
      list.push_back (number);
    }
  return list;
}

std::vector<double>
numbers (const Value &value, size_t count, double least, double most)
{
  std::vector<double> list = numbers (value, least, most);
  if (list.size () != count)
    fail_at (value, std::to_string (count) + (count == 1 ? " number" : " numbers") + " wanted, "
                        + std::to_string (list.size ()) + " found");
  return list;
}

int
whole (const Value &value, double number)
{
  if (number != std::floor (number))
    fail_at (value, "a whole number is wanted");
  return (int) number;
}

/* Our own names, or COCO's "left_hip" for "hip_left". */
TdJoint
joint_from_any_name (const std::string &name)
{
  TdJoint joint = td_joint_from_name (name.c_str ());
  if (joint != TD_N_JOINTS)
    return joint;
  for (const char *side : { "left", "right" })
    {
      std::string prefix = std::string (side) + "_";
      if (name.compare (0, prefix.size (), prefix) != 0)
        continue;
      std::string part = name.substr (prefix.size ());
      if (part == "big_toe" || part == "foot_index")
        part = "toe";
      return td_joint_from_name ((part + "_" + side).c_str ());
    }
  return TD_N_JOINTS;
}

void
read_activation (const Values &values, ModelInfo &info)
{
  const Value *activation = find (values, "output.activation");
  if (activation && activation->text != "sigmoid" && activation->text != "none")
    fail_at (*activation, "the activation is none or sigmoid");
  info.sigmoid = activation && activation->text == "sigmoid";
}

/* Shares that fall while the score rises would turn doubt into trust. */
void
read_scores (const Values &values, ModelInfo &info)
{
  const Value *scores = find (values, "output.scores");
  if (!scores)
    return;
  std::vector<double> list = numbers (*scores, 0, 1);
  if (list.size () < 4 || list.size () % 2 != 0 || list.size () > 2 * MOST_SCORES)
    fail_at (*scores,
             "2 to " + std::to_string (MOST_SCORES) + " pairs of score and share are wanted");
  for (size_t i = 0; i < list.size (); i += 2)
    {
      if (i > 0 && (list[i] - list[i - 2] < 1e-3 || list[i + 1] < list[i - 1]))
        fail_at (*scores, "scores and shares must ascend");
      info.score_curve.emplace_back ((float) list[i], (float) list[i + 1]);
    }
}

void
read_heat_maps (const Values &values, ModelInfo &info)
{
  info.outputs.push_back (need (values, "output.heat").text);
  const Value &stride = need (values, "output.stride");
  info.stride = whole (stride, numbers (stride, 1, 1, 32)[0]);
  if (info.width / info.stride < 5 || info.height / info.stride < 5)
    fail_at (stride, "the maps would be smaller than 5 x 5");
  if (const Value *spread = find (values, "output.spread"))
    info.spread = (float) numbers (*spread, 1, 0.5, LARGEST_REACH / 2.5)[0];
  if (find (values, "output.depth"))
    {
      info.outputs.push_back (need (values, "output.depth").text);
      info.depth_scale = (float) numbers (need (values, "output.depth_scale"), 1, 1e-6, 1e6)[0];
      info.has_depth = true;
    }
}

void
read_simcc (const Values &values, ModelInfo &info)
{
  info.outputs.push_back (need (values, "output.simcc_x").text);
  info.outputs.push_back (need (values, "output.simcc_y").text);
  info.split = (float) numbers (need (values, "output.split"), 1, 0.5, 8)[0];
}

void
read_coordinates (const Values &values, ModelInfo &info)
{
  info.outputs.push_back (need (values, "output.coordinates").text);
  const Value &columns = need (values, "output.columns");
  for (const std::string &word : words (columns))
    {
      int *column = word == "x"       ? &info.column_x
                    : word == "y"     ? &info.column_y
                    : word == "z"     ? &info.column_z
                    : word == "score" ? &info.column_score
                                      : nullptr;
      if (!column && word != "-")
        fail_at (columns, "columns are x, y, z, score and - for one that is not used");
      if (column && *column >= 0)
        fail_at (columns, "column " + word + " is given twice");
      if (column)
        *column = info.n_columns;
      if (++info.n_columns > MOST_COLUMNS)
        fail_at (columns, "more than " + std::to_string (MOST_COLUMNS) + " columns");
    }
  if (info.column_x < 0 || info.column_y < 0 || info.column_score < 0)
    fail_at (columns, "x, y and score are wanted");
  if (info.column_z >= 0)
    {
      info.depth_scale = (float) numbers (need (values, "output.depth_scale"), 1, 1e-6, 1e6)[0];
      info.has_depth = true;
    }
  if (const Value *unit = find (values, "output.unit"))
    {
      if (unit->text != "pixels" && unit->text != "fractions")
        fail_at (*unit, "the unit is pixels or fractions");
      info.fractions = unit->text == "fractions";
    }
}

void
read_output (const Values &values, ModelInfo &info)
{
  read_activation (values, info);
  read_scores (values, info);
  if (const Value *part = find (values, "output.hip_to_knee"))
    info.hip_to_knee = (float) numbers (*part, 1, -0.3, 0.3)[0];
  if (const Value *part = find (values, "output.ankle_to_knee"))
    info.ankle_to_knee = (float) numbers (*part, 1, -0.3, 0.3)[0];
  /* The rest of the line explains it to people. */
  const Value *decoding = find (values, "output.decoding");
  std::string way
      = decoding ? decoding->text.substr (0, decoding->text.find_first_of (" ,;")) : "argmax";
  if (way == "argmax")
    read_heat_maps (values, info);
  else if (way == "simcc")
    {
      info.decoding = Decoding::SIMCC;
      read_simcc (values, info);
    }
  else if (way == "coordinates")
    {
      info.decoding = Decoding::COORDINATES;
      read_coordinates (values, info);
    }
  else
    fail_at (*decoding, "the decodings known are argmax, simcc and coordinates");
}

/* Keys, names and numbers are no place for tabs inside or bells. */
bool
has_control (const std::string &text)
{
  for (char c : text)
    if ((unsigned char) c < ' ' || c == 0x7F)
      return true;
  return false;
}

void
read_name (const Values &values, ModelInfo &info)
{
  const Value &name = need (values, "model.name"), &version = need (values, "model.version");
  if (name.text.size () > 80 || version.text.size () > 40)
    fail ("the model's name or version is too long");
  for (const Value *value : { &name, &version })
    if (has_control (value->text))
      fail_at (*value, "a control character");
  info.name = name.text;
  info.version = version.text;
}

} // namespace

std::string
model_info_name (const std::string &text)
{
  ModelInfo info;
  read_name (read_values (text), info);
  return info.name + " " + info.version;
}

ModelInfo
model_info_parse (const std::string &text)
{
  Values values = read_values (text);
  ModelInfo info;

  read_name (values, info);
  info.input = need (values, "input.name").text;
  const Value &shape = need (values, "input.shape");
  std::vector<double> sizes = numbers (shape, 4, 1, 1e9);
  if (whole (shape, sizes[0]) != 1 || whole (shape, sizes[1]) != 3)
    fail_at (shape, "the shape must be 1 3 HEIGHT WIDTH");
  if (sizes[2] < 32 || sizes[3] < 32 || sizes[2] > LARGEST_SIDE || sizes[3] > LARGEST_SIDE)
    fail_at (shape, "height and width must be 32 to " + std::to_string (LARGEST_SIDE));
  info.height = whole (shape, sizes[2]);
  info.width = whole (shape, sizes[3]);

  const Value &channels = need (values, "input.channels");
  if (channels.text != "rgb" && channels.text != "bgr")
    fail_at (channels, "channels are rgb or bgr");
  info.rgb = channels.text == "rgb";

  std::vector<double> mean = numbers (need (values, "input.mean"), 3, -1e4, 1e4);
  std::vector<double> deviation = numbers (need (values, "input.std"), 3, 1e-4, 1e4);
  for (int c = 0; c < 3; c++)
    {
      info.mean[c] = (float) mean[c];
      info.std[c] = (float) deviation[c];
    }

  read_output (values, info);

  const Value &joints = need (values, "output.joints");
  std::set<TdJoint> seen;
  for (const std::string &name : words (joints))
    {
      TdJoint joint = joint_from_any_name (name);
      if (joint != TD_N_JOINTS && !seen.insert (joint).second)
        fail_at (joints, "joint " + name + " is given twice");
      info.joints.push_back (joint);
      if (info.joints.size () > MOST_JOINTS)
        fail_at (joints, "more than " + std::to_string (MOST_JOINTS) + " joints");
    }
  for (int j = TD_JOINT_HIP_LEFT; j <= TD_JOINT_ANKLE_RIGHT; j++)
    if (!seen.count ((TdJoint) j))
      fail_at (joints, std::string ("no joint ") + td_joint_name ((TdJoint) j));

  if (const Value *margin = find (values, "crop.margin"))
    info.margin = (float) numbers (*margin, 1, 1, 4)[0];
  return info;
}

} // namespace td
