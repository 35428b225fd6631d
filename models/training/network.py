"""The network: a MobileNetV2-like trunk and a small feature pyramid that draws a heat map and a depth map a joint.

Only operators that the program's fast back end knows: convolution, ReLU, addition, doubling by copying.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
from dataclasses import asdict, dataclass
from typing import Dict, Tuple

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .joints import N_JOINTS


@dataclass(frozen=True)
class Shape:
    """Widths in channels; the picture's sides in pixels are multiples of 32."""

    height: int = 224
    width: int = 160
    stem: int = 16
    # The first blocks widen less than the others: they work on the largest maps.
    hidden2: int = 48
    hidden4: int = 64
    at4: int = 16
    at8: int = 24
    at16: int = 48
    late16: int = 72
    at32: int = 120
    growth: int = 6       # of the blocks inside
    late_growth: int = 8  # of those on the smallest maps, where more costs least
    late16_blocks: int = 4
    at32_blocks: int = 4
    pyramid: int = 64
    maps: int = 48        # of the pyramid's largest level, which costs most


STRIDE = 4
# The hills' standard deviation in cells of the heat map.
SPREAD = 1.7
# Depth in the maps is in pixels of the input over this.
DEPTH_SCALE = 64.0


def convolution(inputs: int, outputs: int, size: int = 3, stride: int = 1, groups: int = 1,
                active: bool = True) -> nn.Sequential:
    """Convolution, batch norm and, if ACTIVE, ReLU."""
    layers = [
        nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    if active:
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


class Block(nn.Module):
    """Inverted residual: widen, look around, narrow."""

    def __init__(self, inputs: int, outputs: int, stride: int, hidden: int):
        super().__init__()
        widen = [convolution(inputs, hidden, 1)] if hidden != inputs else []
        self.body = nn.Sequential(
            *widen,
            convolution(hidden, hidden, 3, stride, groups=hidden),
            convolution(hidden, outputs, 1, active=False),
        )
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = self.body(x)
        return x + y if self.residual else y


def stage(inputs: int, outputs: int, count: int, stride: int, growth: int) -> nn.Sequential:
    blocks = [Block(inputs, outputs, stride, inputs * growth)]
    blocks += [Block(outputs, outputs, 1, outputs * growth) for _ in range(count - 1)]
    return nn.Sequential(*blocks)


def refinement(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.ReLU(inplace=True),
        convolution(inputs, inputs, 3, groups=inputs),
        convolution(inputs, outputs, 1),
    )


class PoseNetwork(nn.Module):
    """Picture (normalised, N x 3 x height x width) to heat maps and depth maps, N x joints x a quarter each."""

    def __init__(self, shape: Shape = Shape()):
        super().__init__()
        s = self.shape = shape
        self.to4 = nn.Sequential(
            convolution(3, s.stem, 3, 2), Block(s.stem, s.at4, 1, s.stem),
            Block(s.at4, s.at4, 2, s.hidden2), Block(s.at4, s.at4, 1, s.hidden4),
        )
        self.to8 = stage(s.at4, s.at8, 3, 2, s.growth)
        self.to16 = nn.Sequential(
            stage(s.at8, s.at16, 4, 2, s.growth), stage(s.at16, s.late16, s.late16_blocks, 1, s.late_growth)
        )
        self.to32 = stage(s.late16, s.at32, s.at32_blocks, 2, s.late_growth)
        self.side32 = convolution(s.at32, s.pyramid, 1)
        self.side16 = convolution(s.late16, s.pyramid, 1, active=False)
        self.side8 = convolution(s.at8, s.pyramid, 1, active=False)
        self.side4 = convolution(s.at4, s.maps, 1, active=False)
        self.refine16 = refinement(s.pyramid, s.pyramid)
        self.refine8 = refinement(s.pyramid, s.maps)
        self.refine4 = refinement(s.maps, s.maps)
        self.doubled = nn.Upsample(scale_factor=2, mode="nearest")
        self.heat = nn.Conv2d(s.maps, N_JOINTS, 1)
        self.depth = nn.Conv2d(s.maps, N_JOINTS, 1)
        for head in (self.heat, self.depth):
            nn.init.normal_(head.weight, std=1e-3)
            nn.init.zeros_(head.bias)

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        x4 = self.to4(x)
        x8 = self.to8(x4)
        x16 = self.to16(x8)
        y = self.side32(self.to32(x16))
        y = self.refine16(self.doubled(y) + self.side16(x16))
        y = self.refine8(self.doubled(y) + self.side8(x8))
        y = self.refine4(self.doubled(y) + self.side4(x4))
        return self.heat(y), self.depth(y)


def fresh(shape: Shape, seed: int) -> PoseNetwork:
    """A network that knows nothing yet: the same SEED, the same weights."""
    torch.manual_seed(seed)
    return PoseNetwork(shape)


def fold_batch_norm(module: nn.Module) -> nn.Module:
    """Batch norm into the convolutions before it: exact for evaluation, and fine-tuning is 1.5 times as fast."""
    module.eval()
    for name, child in list(module.named_children()):
        layers = list(child.children())
        if (isinstance(child, nn.Sequential) and len(layers) >= 2 and isinstance(layers[0], nn.Conv2d)
                and isinstance(layers[1], nn.BatchNorm2d)):
            setattr(module, name, nn.Sequential(fuse_conv_bn_eval(layers[0], layers[1]), *layers[2:]))
        else:
            fold_batch_norm(child)
    return module


def is_folded(weights: Dict[str, Tensor]) -> bool:
    return not any(name.endswith("running_mean") for name in weights)


def save(network: PoseNetwork, path: str) -> None:
    torch.save({"shape": asdict(network.shape), "weights": network.state_dict()}, path)


def load(path: str) -> PoseNetwork:
    """With its batch norm or without, as it was saved."""
    file = torch.load(path, map_location="cpu")
    network = PoseNetwork(Shape(**file["shape"]))
    if is_folded(file["weights"]):
        fold_batch_norm(network)
    network.load_state_dict(file["weights"])
    return network


def copied(network: PoseNetwork) -> PoseNetwork:
    """The same weights again, on the processor, free to be changed."""
    copy = PoseNetwork(network.shape)
    weights = network.state_dict()
    if is_folded(weights):
        fold_batch_norm(copy)
    copy.load_state_dict({name: value.detach().cpu() for name, value in weights.items()})
    return copy


def as_written(network: PoseNetwork) -> PoseNetwork:
    """As export.py writes it: batch norm folded, weights rounded to 16 bits."""
    copy = fold_batch_norm(copied(network))
    copy.load_state_dict({name: value.half().float() for name, value in copy.state_dict().items()})
    return copy


def from_onnx(path: str) -> PoseNetwork:
    """The weights of a model.onnx that export.py wrote, its batch norm folded in."""
    from onnx import numpy_helper

    from . import halves

    graph = halves.read(path).graph
    tensors = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    weights = {name[len("net."):]: value for name, value in tensors.items() if name.startswith("net.")}
    try:
        size = lambda name: weights[name + ".weight"].shape[0]
        count = lambda stage: sum(name.startswith(stage + ".") and name.endswith("body.2.0.weight") for name in weights)
        height, width = [d.dim_value for d in graph.input[0].type.tensor_type.shape.dim[2:]]
        shape = Shape(height=height, width=width, stem=size("to4.0.0"), hidden2=size("to4.2.body.0.0"),
                      hidden4=size("to4.3.body.0.0"), at4=size("to4.3.body.2.0"), at8=size("to8.0.body.2.0"),
                      at16=size("to16.0.0.body.2.0"), late16=size("to16.1.0.body.2.0"), at32=size("to32.0.body.2.0"),
                      growth=size("to8.0.body.0.0") // size("to4.3.body.2.0"),
                      late_growth=size("to32.0.body.0.0") // size("to16.1.0.body.2.0"),
                      late16_blocks=count("to16.1"), at32_blocks=count("to32"), pyramid=size("side32.0"),
                      maps=size("side4.0"))
        network = PoseNetwork(shape)
        fold_batch_norm(network)
        network.load_state_dict(weights)
    except (KeyError, RuntimeError) as error:
        raise SystemExit(f"{path} is not a network of this program's shape: {error}")
    return network


def grown(network: PoseNetwork, shape: Shape, seed: int) -> PoseNetwork:
    """NETWORK, folded, with more channels inside its blocks and more blocks, that draws the same maps: what is new adds nothing
    yet (net2net, Chen et al. 2016)."""
    torch.manual_seed(seed)
    result = fold_batch_norm(PoseNetwork(shape))
    old, new = network.state_dict(), result.state_dict()
    for name, value in new.items():
        last = ".body.2.0." in name
        if name not in old:
            if last or name.endswith("bias"):
                value.zero_()
            else:
                nn.init.kaiming_normal_(value, nonlinearity="relu")
            continue
        if value.dim() > 1 and value.shape != old[name].shape:
            if last:
                value.zero_()
            else:
                nn.init.kaiming_normal_(value, nonlinearity="relu")
        elif value.shape != old[name].shape:
            value.zero_()
        value[tuple(slice(n) for n in old[name].shape)] = old[name]
    return result


def mixed(a: PoseNetwork, b: PoseNetwork, share: float) -> PoseNetwork:
    """The mean of two networks that one came from the other, B with SHARE; both folded."""
    result, other = copied(a), b.state_dict()
    result.load_state_dict({k: v * (1 - share) + other[k] * share for k, v in result.state_dict().items()})
    return result.eval()
