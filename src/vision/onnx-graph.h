/* onnx-graph.h: the ONNX file format, read by the library of the ONNX project.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "vision-internal.h"

#include <onnx/onnx_pb.h>

namespace td
{

/* Throws Failure (BAD_MODEL). */
onnx::ModelProto onnx_parse (const std::string &data);

} // namespace td
