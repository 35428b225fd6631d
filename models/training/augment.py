"""Rendered pictures made rougher: crops as the program's tracker makes them, and what cameras do to colours.

Everything is done on whole batches, on whichever device they are. What is done to which picture is decided by a NumPy
generator, so that it depends on the step's seed alone; only noise is drawn on the device.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
from dataclasses import dataclass
from typing import Callable, Optional, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .dataset import SIDE, Arrays
from .joints import FLIPPED, N_LEGS
from .network import DEPTH_SCALE, SPREAD, STRIDE

# Of the input in 0..255, ImageNet's customary numbers.
MEAN = (123.675, 116.28, 103.53)
DEVIATION = (58.4, 57.1, 57.4)
# Beside the frame the program's crops are grey.
BORDER = 114.0
# The crop's height over the height of the joints' box, as model.ini tells the program.
MARGIN = 1.25


@dataclass
class Batch:
    image: Tensor      # N x 3 x height x width, 0..1
    xy: Tensor         # N x joints x 2, pixels of the crop
    z: Tensor          # N x joints, pixels of the crop
    inside: Tensor     # N x joints, whether the joint is in the crop at all


def crop_matrices(xy: np.ndarray, height: int, width: int, rng: Optional[np.random.Generator]
                  ) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """N x 2 x 3, picture to crop; the scale of each; whether it is mirrored. Without RNG the program's own crop."""
    count = len(xy)
    inside = ((xy > -20) & (xy < SIDE + 20)).all(2)
    if rng is not None:
        legs_only = rng.uniform(size=count) < 0.2
        legs = inside.copy()
        legs[:, N_LEGS:] = False
        inside = np.where((legs_only & (legs.sum(1) >= 4))[:, None], legs, inside)
    few = inside.sum(1) < 4
    inside[few] = True
    low = np.where(inside[..., None], xy, np.inf).min(1).clip(0, SIDE - 1)
    high = np.where(inside[..., None], xy, -np.inf).max(1).clip(0, SIDE - 1)
    middle, size = (low + high) / 2, np.maximum(high - low, 30)
    extent = np.maximum(size[:, 1], size[:, 0] * height / width)
    grown, angle = np.full(count, MARGIN), np.zeros(count)
    stretch, lean, mirrored = np.ones(count), np.zeros(count), np.zeros(count, bool)
    if rng is not None:
        u = rng.uniform
        wide = u(size=count) < 0.1
        grown = np.where(wide, u(1.6, 2.6, count), u(1.0, 1.6, count))
        # A tracker that lost the person for a moment cuts some of it off.
        late = u(size=count) < 0.12
        middle = middle + rng.normal(0, 1, (count, 2)) * (np.where(late, 0.2, 0.06) * extent)[:, None]
        angle = np.radians(rng.normal(0, 9, count)) * (u(size=count) < 0.6)
        # Builds and lenses: wider or narrower, and rows moved sideways the more the lower they are.
        stretch = np.exp(rng.normal(0, 0.1, count))
        lean = rng.normal(0, 0.06, count) * (u(size=count) < 0.4)
        mirrored = u(size=count) < 0.5
    scale = height / (extent * grown)
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    turn = np.stack([np.stack([cos * stretch, -sin * stretch], 1), np.stack([sin, cos], 1)], 1)
    turn[:, 0] += lean[:, None] * turn[:, 1]
    turn[mirrored, 0] *= -1
    move = np.array([width / 2, height / 2]) - np.einsum("nij,nj->ni", turn, middle)
    return np.concatenate([turn, move[..., None]], 2), scale, mirrored


def slides(count: int, rng: Optional[np.random.Generator]) -> np.ndarray:
    """How far the middle rows of each crop are to be moved, in halves of its height, down if positive; its ends stay.
    Without RNG nothing moves.

    Cameras above the hips and tilted down, and builds, make trunks look longer and legs shorter than in rendered pictures:
    on real ones the trunk is .65 to .85 of the leg, in rendered ones .54 to .65. A network that has seen those alone puts
    joints where such people have them, hips up to a tenth of the leg too high, instead of where it sees them."""
    if rng is None:
        return np.zeros(count)
    return np.clip(rng.normal(0.07, 0.12, count), -0.3, 0.3) * (rng.uniform(size=count) < 0.8)


def slid(y: np.ndarray, slide: np.ndarray, height: int) -> np.ndarray:
    """Where the rows Y of crops are after the move: the inverse of v - slide (1 - v²), v from -1 to 1."""
    v = 2 * y / height - 1 + slide
    return (2 * v / (1 + np.sqrt(np.maximum(1 + 4 * slide * v, 0))) + 1) * height / 2


def warp(image: Tensor, matrices: np.ndarray, height: int, width: int, slide: np.ndarray,
         grey_border: bool) -> Tensor:
    """IMAGE in 0..255 through MATRICES, then its rows by SLIDE; coordinates have their origin at the corner of the first
    pixel."""
    square = np.concatenate([matrices, np.tile([[[0, 0, 1.0]]], (len(matrices), 1, 1))], 1)
    back = np.linalg.inv(square)[:, :2]
    # grid_sample's coordinates run from -1 to 1 over each picture.
    from_unit = np.array([[width / 2, 0, width / 2], [0, height / 2, height / 2], [0, 0, 1]])
    to_unit = np.array([2 / SIDE, 2 / SIDE])[:, None]
    theta = back @ from_unit * to_unit - np.array([[0, 0, 1], [0, 0, 1]])
    theta = torch.as_tensor(theta, dtype=torch.float32, device=image.device)
    grid = F.affine_grid(theta, [len(image), 3, height, width], align_corners=False)
    v = (torch.arange(height, device=image.device) + 0.5) * 2 / height - 1
    down = torch.as_tensor(slide, dtype=torch.float32, device=image.device)[:, None] * (1 - v * v)
    grid = grid - down[..., None, None] * theta[:, None, None, :, 1]
    if grey_border:
        return F.grid_sample(image - BORDER, grid, padding_mode="zeros", align_corners=False) + BORDER
    return F.grid_sample(image, grid, padding_mode="border", align_corners=False)


class Camera:
    """What a webcam, its driver and a video call do to colours and sharpness. Pictures in 0..1, changed in place."""

    def __init__(self, rng: np.random.Generator, generator: torch.Generator, device: torch.device):
        self.rng, self.generator, self.device = rng, generator, device

    def some(self, count: int, share: float) -> Optional[Tensor]:
        chosen = np.flatnonzero(self.rng.uniform(size=count) < share)
        return torch.as_tensor(chosen, device=self.device) if len(chosen) else None

    def drawn(self, values: np.ndarray) -> Tensor:
        """One number a picture, ready to be multiplied with pictures."""
        tensor = torch.as_tensor(np.asarray(values, np.float32), device=self.device)
        return tensor.reshape(tensor.shape + (1,) * (4 - tensor.dim()))

    def other_pictures(self, image: Tensor, count: int) -> Tensor:
        return image[torch.as_tensor(self.rng.permutation(len(image))[:count], device=self.device)]

    def random_convolution(self, image: Tensor, share: float) -> None:
        """Other colours and textures, the same shapes."""
        chosen = self.some(len(image), share)
        if chosen is None:
            return
        x = image[chosen] - 0.5
        n, size = len(x), int(self.rng.choice([1, 3, 5]))
        kernel = self.rng.normal(0, (3 * size * size) ** -0.5, (3 * n, 3, size, size))
        weights = torch.as_tensor(kernel.astype(np.float32), device=self.device)
        y = F.conv2d(x.reshape(1, 3 * n, *x.shape[2:]), weights, padding=size // 2, groups=n).reshape(x.shape)
        axes = (1, 2, 3)
        y = (y - y.mean(axes, keepdim=True)) / (y.std(axes, keepdim=True) + 1e-4)
        y = y * x.std(axes, keepdim=True) + x.mean(axes, keepdim=True)
        image[chosen] = x.lerp(y, self.drawn(self.rng.uniform(0, 0.8, n))) + 0.5

    def amplitude_mix(self, image: Tensor, others: Tensor, share: float) -> None:
        """Slow changes of colour taken from another picture, the edges kept."""
        chosen = self.some(len(image), share)
        if chosen is None:
            return
        x, y = image[chosen], others[torch.as_tensor(self.rng.integers(len(others), size=len(chosen)),
                                                     device=self.device)]
        fx, fy = torch.fft.rfft2(x), torch.fft.rfft2(y)
        reach = int(self.rng.integers(1, 6))
        gain = torch.ones_like(fx.real)
        part = self.drawn(self.rng.uniform(0.2, 0.8, len(x)))
        ratio = 1 - part + part * fy.abs() / (fx.abs() + 1e-3)
        for rows in (slice(0, reach), slice(-reach, None)):
            gain[:, :, rows, :reach] = ratio[:, :, rows, :reach]
        image[chosen] = torch.fft.irfft2(fx * gain.clamp(0.1, 10), s=x.shape[2:])

    def colours(self, image: Tensor, share: float) -> None:
        """Brightness, white balance, saturation, contrast and hue, as one matrix a picture."""
        chosen = self.some(len(image), share)
        if chosen is None:
            return
        n, rng = len(chosen), self.rng
        grey = np.full((3, 3), 1 / 3)
        luma = np.array([0.299, 0.587, 0.114])
        axis = np.full(3, 3 ** -0.5)
        cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
        angle = rng.normal(0, 0.5, n) * (rng.uniform(size=n) < 0.12)
        cos, sin = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
        hue = cos * np.eye(3) + sin * cross + (1 - cos) * grey
        saturation = np.where(rng.uniform(size=n) < 0.4, rng.uniform(0, 1.6, n), 1)[:, None, None]
        matrix = saturation * hue + (1 - saturation) * luma[None, None]
        gains = np.exp(rng.normal(0, 0.22, (n, 1)) + rng.normal(0, 0.08, (n, 3)))
        matrix = gains[..., None] * matrix
        x = image[chosen]
        x = torch.einsum("nij,njhw->nihw", torch.as_tensor(matrix.astype(np.float32), device=self.device), x)
        x = x + self.drawn(rng.normal(0, 0.04, n))
        mean = x.mean((1, 2, 3), keepdim=True)
        image[chosen] = mean + (x - mean) * self.drawn(rng.uniform(0.55, 1.4, n))

    def gamma(self, image: Tensor, share: float) -> None:
        chosen = self.some(len(image), share)
        if chosen is not None:
            power = np.exp(self.rng.normal(0.1, 0.45, len(chosen)))
            image[chosen] = image[chosen].clamp(1e-4, 1) ** self.drawn(power)

    def low_resolution(self, image: Tensor, share: float) -> None:
        chosen = self.some(len(image), share)
        if chosen is None:
            return
        part = float(self.rng.uniform(0.25, 0.8))
        small = F.interpolate(image[chosen], scale_factor=part, mode="area", recompute_scale_factor=True)
        image[chosen] = F.interpolate(small, image.shape[2:], mode="bilinear", align_corners=False)

    def blur(self, image: Tensor, share: float) -> None:
        """Out of focus, or moved while the shutter was open."""
        chosen = self.some(len(image), share)
        if chosen is None:
            return
        n, rng, reach = len(chosen), self.rng, 4
        y, x = np.mgrid[-reach:reach + 1, -reach:reach + 1].astype(float)
        along = rng.uniform(0, np.pi, n)[:, None, None]
        u, v = x * np.cos(along) + y * np.sin(along), -x * np.sin(along) + y * np.cos(along)
        moved = rng.uniform(size=n) < 0.4
        across = np.where(moved, 0.4, rng.uniform(0.4, 1.8, n))[:, None, None]
        length = np.where(moved, rng.uniform(1, 2.6, n), across[:, 0, 0])[:, None, None]
        kernel = np.exp(-0.5 * ((u / length) ** 2 + (v / across) ** 2))
        kernel = (kernel / kernel.sum((1, 2), keepdims=True)).astype(np.float32)
        weights = torch.as_tensor(np.repeat(kernel, 3, 0)[:, None], device=self.device)
        part = image[chosen]
        flat = F.pad(part.reshape(1, 3 * n, *part.shape[2:]), (reach,) * 4, mode="replicate")
        image[chosen] = F.conv2d(flat, weights, groups=3 * n).reshape(part.shape)

    def jpeg(self, image: Tensor, share: float) -> None:
        """The blocks that strong compression leaves: cosines of 8 x 8 pixels, rounded coarsely."""
        chosen = self.some(len(image), share)
        if chosen is None:
            return
        x = image[chosen] - 0.5
        n, _, height, width = x.shape
        k, i = np.mgrid[0:8, 0:8]
        cosines = np.cos((2 * i + 1) * k * np.pi / 16) * np.where(k == 0, 0.125 ** 0.5, 0.5)
        basis = torch.as_tensor(cosines.astype(np.float32), device=self.device)
        blocks = x.reshape(n, 3, height // 8, 8, width // 8, 8).permute(0, 1, 2, 4, 3, 5)
        steps = torch.as_tensor((0.01 * (1 + 0.6 * (k + i))).astype(np.float32), device=self.device)
        steps = steps * self.drawn(np.exp(self.rng.uniform(0, 2.2, n)))[..., None, None]
        parts = basis @ blocks @ basis.T
        blocks = basis.T @ (torch.round(parts / steps) * steps) @ basis
        image[chosen] = blocks.permute(0, 1, 2, 4, 3, 5).reshape(x.shape) + 0.5

    def in_front(self, image: Tensor, share: float, times: int, draw: Callable[[int], Tuple[Tensor, Tensor]]) -> None:
        """TIMES over, puts before some pictures what DRAW gives for as many: where it is, and its colours."""
        for _ in range(times):
            chosen = self.some(len(image), share)
            if chosen is not None:
                mask, colours = draw(len(chosen))
                image[chosen] = torch.where(mask, colours, image[chosen])

    def things_in_front(self, image: Tensor, share: float) -> None:
        """Rectangles and ellipses of one colour, or of another picture's content."""
        rng, (height, width) = self.rng, image.shape[2:]

        def thing(n: int) -> Tuple[Tensor, Tensor]:
            x, y = self.drawn(rng.uniform(0, width, n)), self.drawn(rng.uniform(0, height, n))
            w, h = self.drawn(rng.uniform(4, 0.19 * width, n)), self.drawn(rng.uniform(4, 0.16 * height, n))
            dx = (torch.arange(width, device=self.device) - x).abs() / w
            dy = (torch.arange(height, device=self.device)[:, None] - y).abs() / h
            round_ = self.drawn(rng.uniform(size=n) < 0.5) > 0
            mask = torch.where(round_, dx * dx + dy * dy < 1, torch.maximum(dx, dy) < 1)
            colour = torch.as_tensor(rng.uniform(0, 1, (n, 3, 1, 1)).astype(np.float32), device=self.device)
            other = self.other_pictures(image, n).roll((height // 3, width // 3), (2, 3))
            plain = self.drawn(rng.uniform(size=n) < 0.5) > 0
            return mask, torch.where(plain, colour, other)

        self.in_front(image, share, 3, thing)

    def limbs_in_front(self, image: Tensor, share: float) -> None:
        """Long things across the person, mostly of some skin's colour: arms, poles, straps. None of them is a leg."""
        rng, (height, width) = self.rng, image.shape[2:]

        def limb(n: int) -> Tuple[Tensor, Tensor]:
            angle = rng.uniform(0, np.pi, n)
            cos, sin = self.drawn(np.cos(angle)), self.drawn(np.sin(angle))
            x = torch.arange(width, device=self.device) - self.drawn(rng.uniform(0.1, 0.9, n) * width)
            y = torch.arange(height, device=self.device)[:, None] - self.drawn(rng.uniform(0.2, 0.95, n) * height)
            along = (x * cos + y * sin) / self.drawn(rng.uniform(0.07, 0.3, n) * height)
            thick = self.drawn(rng.uniform(1.5, 8, n)) * (1 - self.drawn(rng.uniform(-0.1, 0.4, n)) * along)
            across = (y * cos - x * sin) / thick
            value = np.exp(rng.uniform(-1.6, 0, (n, 1)))
            skin = value * np.concatenate([np.ones((n, 1)), rng.uniform(0.55, 0.85, (n, 1)), rng.uniform(0.35, 0.75, (n, 1))], 1)
            plain = rng.uniform(0, 1, (n, 3))
            colour = np.where(rng.uniform(size=(n, 1)) < 0.65, skin, plain)
            shade = 1 - self.drawn(rng.uniform(0, 0.5, n)) * across.clamp(-1, 1) ** 2
            return (along.abs() < 1) & (across.abs() < 1), self.drawn(colour) * shade

        self.in_front(image, share, 2, limb)

    def noise(self, image: Tensor, share: float) -> None:
        chosen = self.some(len(image), share)
        if chosen is None:
            return
        n = len(chosen)
        sizes = self.drawn(self.rng.uniform(0.008, 0.06, n))
        grain = torch.randn((n,) + tuple(image.shape[1:]), generator=self.generator, device=self.device)
        image[chosen] = image[chosen] + grain * sizes

    def laid_over(self, image: Tensor, share: float) -> None:
        """Another picture faintly over this one: patterns on clothes, reflections."""
        chosen = self.some(len(image), share)
        if chosen is None:
            return
        n = len(chosen)
        other = self.other_pictures(image, n)
        other = other.roll((int(self.rng.integers(0, image.shape[2])), int(self.rng.integers(0, image.shape[3]))), (2, 3))
        image[chosen] = image[chosen].lerp(other, self.drawn(self.rng.uniform(0.05, 0.4, n)))

    def apply(self, image: Tensor, others: Tensor) -> Tensor:
        self.things_in_front(image, 0.2)
        self.limbs_in_front(image, 0.25)
        self.laid_over(image, 0.2)
        self.random_convolution(image, 0.4)
        self.amplitude_mix(image, others, 0.25)
        self.colours(image, 0.85)
        self.gamma(image, 0.35)
        image.clamp_(0, 1)
        self.low_resolution(image, 0.25)
        self.blur(image, 0.25)
        self.noise(image, 0.3)
        self.jpeg(image, 0.2)
        return image.clamp_(0, 1)


def prepare(arrays: Arrays, height: int, width: int, device: torch.device,
            seed: Optional[Tuple[int, ...]] = None) -> Batch:
    """A batch as the network gets it, but for its normalisation. With SEED it is roughened."""
    rng = np.random.default_rng(seed) if seed is not None else None
    image = torch.as_tensor(arrays["image"], device=device).permute(0, 3, 1, 2).contiguous().float()
    # Nobody is where the labels of an empty picture say, but its crop must be like the others.
    matrices, scale, mirrored = crop_matrices(arrays["xy"], height, width, rng)
    slide = slides(len(image), rng)
    crop = warp(image, matrices, height, width, slide, rng is None or rng.uniform() < 0.5) / 255
    xy = np.einsum("nij,nkj->nki", matrices[:, :, :2], arrays["xy"]) + matrices[:, None, :, 2]
    xy[..., 1] = slid(xy[..., 1], slide[:, None], height)
    z = arrays["z"] * scale[:, None]
    xy[mirrored], z[mirrored] = xy[mirrored][:, FLIPPED], z[mirrored][:, FLIPPED]
    inside = ((xy > -2) & (xy < np.array([width, height]) + 2)).all(2) & arrays["person"][:, None]
    if rng is not None:
        generator = torch.Generator(device=device)
        generator.manual_seed(int(rng.integers(2 ** 31)))
        empty = torch.as_tensor(np.flatnonzero(~arrays["person"]), device=device)
        others = crop[empty].clone() if len(empty) else crop.flip(0)
        crop = Camera(rng, generator, device).apply(crop, others)
    tensor = lambda a, kind: torch.as_tensor(np.ascontiguousarray(a), dtype=kind, device=device)
    return Batch(crop, tensor(xy, torch.float32), tensor(z, torch.float32), tensor(inside, torch.bool))


def normalised(image: Tensor) -> Tensor:
    """The input as model.ini describes it, from a picture in 0..1."""
    mean = torch.tensor(MEAN, device=image.device).reshape(1, 3, 1, 1)
    deviation = torch.tensor(DEVIATION, device=image.device).reshape(1, 3, 1, 1)
    return ((image * 255 - mean) / deviation).contiguous(memory_format=torch.channels_last)


def targets(batch: Batch) -> Tensor:
    """The hills that the heat maps are taught."""
    height, width = batch.image.shape[2] // STRIDE, batch.image.shape[3] // STRIDE
    cell = batch.xy / STRIDE - 0.5
    x = torch.arange(width, device=cell.device) - cell[..., 0, None]
    y = torch.arange(height, device=cell.device) - cell[..., 1, None]
    bell = lambda d: torch.exp(-d * d / (2 * SPREAD * SPREAD))
    return bell(y)[..., :, None] * bell(x)[..., None, :] * batch.inside[..., None, None]


def scaled_depth(batch: Batch) -> Tensor:
    return batch.z / DEPTH_SCALE
