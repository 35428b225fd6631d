/* onnx-graph.h: the ONNX file format, read by the library of the ONNX project.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "vision-internal.h"

#include <onnx/onnx_pb.h>

namespace td
{

/* The network in DATA, for the back ends: that part of it which leads from INFO's input to its outputs. Throws
 * Failure (BAD_MODEL) unless it is whole, known here in every part, and of a size that runs live. */
std::unique_ptr<onnx::ModelProto> onnx_parse (const ModelInfo &info, std::string data);

/* The part of it that knows operators: moves out of FROM what TO gets. */
void graph_check (const ModelInfo &info, onnx::GraphProto &from, onnx::GraphProto *to);

/* nullptr: NODE has no such attribute. */
const onnx::AttributeProto *attribute_of (const onnx::NodeProto &node, const char *name);

/* Of a tensor that was looked at; throws Failure (BAD_MODEL) where it is of another type. */
std::vector<float> floats_of (const onnx::TensorProto &tensor);

} // namespace td
