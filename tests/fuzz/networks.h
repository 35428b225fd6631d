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
/* The same, its weights kept in 16 bits. */
Network network_of_halves ();
/* NETWORK with all weights that lie as raw numbers kept in 16 bits. */
Network with_halves (Network network);
/* One of nearly every operator that OpenCV gets. */
Network network_of_everything ();
/* A row over the columns and one over the rows for each joint. */
Network network_of_rows ();
/* Numbers. */
Network network_of_numbers ();
