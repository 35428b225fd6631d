"""From weights to a model folder that the program reads.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
from typing import Tuple

import numpy as np
import torch
from torch import Tensor, nn

from . import augment, halves, network
from .joints import JOINTS
from .network import PoseNetwork
from .report import Curve

# What the program's fast back end knows.
OPERATORS = {"Cast", "Conv", "Relu", "Add", "Resize", "Constant"}
MOST_DIFFERENT = 1e-4
# Measured in five clips whose joints are known by markers or two cameras (the card of the shipped network): with every version
# hips came out too high or right and ankles too low. The hips' last hundredth was chosen on the yardstick. Of the thigh and of
# the shank.
HIP_TO_KNEE, ANKLE_TO_KNEE = 0.05, 0.05


class _Maps(nn.Module):
    """A plain function of tensors, which is what ONNX describes."""

    def __init__(self, net: PoseNetwork):
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return self.net(x)


def _give_each_its_own(model) -> None:
    """PyTorch stores equal weights once and passes them on by Identity; undone here."""
    weights = {t.name: t for t in model.graph.initializer}
    for node in [n for n in model.graph.node if n.op_type == "Identity" and n.input[0] in weights]:
        copy = model.graph.initializer.add()
        copy.CopyFrom(weights[node.input[0]])
        copy.name = node.output[0]
        model.graph.node.remove(node)


def export_onnx(net: PoseNetwork, path: str) -> None:
    """Opset 11, batch norm folded, weights in 16 bits, one file. Raises ValueError for a graph that the fast back end would refuse."""
    import onnx

    net = network.as_written(net)
    shape = net.shape
    example = torch.zeros(1, 3, shape.height, shape.width)
    options = {"opset_version": 11, "input_names": ["image"], "output_names": ["heat", "depth"]}
    try:
        # Newer versions have a second exporter, which writes newer opsets only.
        torch.onnx.export(_Maps(net).eval(), (example,), path, dynamo=False, **options)
    except TypeError:
        torch.onnx.export(_Maps(net).eval(), (example,), path, **options)
    graph = onnx.load(path)
    _give_each_its_own(graph)
    halves.keep(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, path)
    strange = {node.op_type for node in graph.graph.node} - OPERATORS
    if strange:
        raise ValueError("operators that the fast back end does not know: " + ", ".join(sorted(strange)))


def difference(net: PoseNetwork, path: str) -> float:
    """The largest difference between PyTorch's maps and OpenCV's, on noise."""
    import cv2

    net = network.as_written(net)
    x = torch.randn(1, 3, net.shape.height, net.shape.width, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = [m.numpy() for m in net(x)]
    loaded = cv2.dnn.readNetFromONNX(halves.for_opencv(path))
    loaded.setInput(x.numpy())
    return max(float(np.abs(a - b).max()) for a, b in zip(expected, loaded.forward(["heat", "depth"])))


def describe(net: PoseNetwork, name: str, version: str, curve: Curve) -> str:
    numbers = lambda values: " ".join(f"{v:g}" for v in values)
    return f"""; How to feed and read model.onnx.
[model]
name = {name}
version = {version}
licence = Apache-2.0

[input]
name = image
; N x C x H x W, one crop of one person
shape = 1 3 {net.shape.height} {net.shape.width}
channels = rgb
; (value - mean) / std, values 0..255
mean = {numbers(augment.MEAN)}
std = {numbers(augment.DEVIATION)}

[output]
; heat maps, one per joint: the cell (i, j) is centred on input pixel (stride x (i + 0.5), stride x (j + 0.5))
heat = heat
; depth maps: the value at the heat map's peak x depth_scale = z in input pixels, from the middle of the hips, growing
; away from the camera
depth = depth
depth_scale = {network.DEPTH_SCALE:g}
stride = {network.STRIDE}
decoding = argmax, then the centroid of the positive values around it
; the standard deviation of the round hills that the network was taught to draw, in cells. With it the centroid is taken
; under a round window that moves along; without it, in the 5 x 5 cells around the maximum
spread = {network.SPREAD:g}
; pairs of the highest value in a heat map and of the share of joints that are right with it (within a tenth of the
; torso's length), on rendered pictures kept out of training
scores = {"  ".join(numbers(pair) for pair in curve)}
joints = {" ".join(JOINTS)}
; parts of the thigh and of the shank by which hips and ankles are moved towards the knees, since networks that learned
; from rendered people draw real legs too long, at both ends: see CARD.md
hip_to_knee = {HIP_TO_KNEE:g}
ankle_to_knee = {ANKLE_TO_KNEE:g}

[crop]
; the joints' bounding box, grown to the input's aspect by its longer side, then by this factor
margin = {augment.MARGIN:g}
"""


def write_folder(net: PoseNetwork, folder: str, name: str, version: str, curve: Curve, licence: str, card: str) -> None:
    """CURVE: what scores mean; LICENCE: a file to copy; CARD: text."""
    os.makedirs(folder, exist_ok=True)
    export_onnx(net, os.path.join(folder, "model.onnx"))
    with open(os.path.join(folder, "model.ini"), "w") as file:
        file.write(describe(net, name, version, curve))
    with open(os.path.join(folder, "CARD.md"), "w") as file:
        file.write(card)
    target = os.path.join(folder, "LICENSE")
    if os.path.abspath(licence) != os.path.abspath(target):
        shutil.copyfile(licence, target)
