/* onnx-graph.h: the ONNX file format, read by the library of the ONNX project.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "vision-internal.h"

#include <onnx/onnx_pb.h>

namespace td
{

/* Throws Failure (BAD_MODEL) unless DATA is a whole ONNX network that has INFO's input and outputs. */
std::unique_ptr<onnx::ModelProto> onnx_parse (const ModelInfo &info, std::string data);

} // namespace td
