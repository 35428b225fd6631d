/* networks.h: small networks for tests that are to be broken, with the model.ini of each.
 *
 * Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <onnx/onnx_pb.h>
#include <string>

struct Network
{
  const char *name;
  std::string ini;
  onnx::ModelProto model;
};

/* Convolutions, an addition, a doubling, bounds: XNNPACK takes it. */
Network network_of_convolutions ();
/* One of nearly every operator that OpenCV gets. */
Network network_of_everything ();
/* A row over the columns and one over the rows for each joint. */
Network network_of_rows ();
/* Numbers. */
Network network_of_numbers ();
