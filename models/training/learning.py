"""Training: from pictures to weights.

A run keeps its state in one file and can be ended and taken up again at any time. What a step sees depends on the
run's seed and start and the step's number alone; with a fixed number of pictures to see, an interrupted run therefore ends
where an unbroken one does.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import ctypes
import math
import os
import time
import zlib
from dataclasses import asdict, dataclass
from typing import Any, Dict, Iterator, Optional, Tuple

import numpy as np
import torch
from torch import Tensor

from . import network as networks
from .augment import Batch, crop_matrices, normalised, prepare, scaled_depth, targets
from .dataset import Arrays, Pictures, batches, put_in_place
from .joints import FLIPPED, LEG_BONES
from .network import STRIDE, PoseNetwork

# What each joint's error counts: hips, knees, ankles; heels, toes; shoulders; elbows, wrists; nose.
JOINT_WEIGHTS = [1.6] * 6 + [1.3] * 4 + [1.2] * 2 + [0.7] * 5
AVERAGED_OVER = 1000  # steps, the weights that are kept in the end; all of them in an even run


@dataclass
class Plan:
    samples: Optional[int] = None    # pictures to see, or
    minutes: Optional[float] = None  # time to train; the first that is used up ends the run
    batch: int = 48
    rate: float = 1e-3
    # For weights that have learned already: the rate stays, and the mean of the weights on the whole way is kept (Izmailov et
    # al., UAI 2018; Cha et al., NeurIPS 2021: it does better on pictures unlike those of training).
    even: bool = False
    seed: int = 1
    start: str = "nothing"           # what the weights are in the beginning
    threads: int = 2
    save_every_s: float = 120.0


def keep_memory() -> None:
    """Has the C library reuse the memory of large tensors, instead of giving it back to the system each time.

    Where there is no glibc nothing is gained and nothing lost."""
    try:
        libc = ctypes.CDLL("libc.so.6")
        trim_threshold, mmap_threshold = -1, -3
        libc.mallopt(mmap_threshold, 32 << 20)
        libc.mallopt(trim_threshold, 1 << 30)
    except (OSError, AttributeError):
        pass


class StyleMixing:
    """Gives some pictures' early features the mean and deviation of another picture's (MixStyle, Zhou et al., ICLR 2021), so
    that the renderer's look is not what joints are told by. Only while the network learns."""

    SHARE, SHAPE = 0.5, 0.2

    def __init__(self, net: PoseNetwork):
        self.rng = np.random.default_rng(0)
        for layer in (net.to4[1], net.to8):
            layer.register_forward_hook(self._mix)

    def begin(self, seed: Tuple[int, ...]) -> None:
        """The next step's choices depend on SEED alone."""
        self.rng = np.random.default_rng(seed)

    def _mix(self, layer: torch.nn.Module, _: Any, features: Tensor) -> Optional[Tensor]:
        if not layer.training:
            return None
        count = len(features)
        own = np.where(self.rng.uniform(size=count) < self.SHARE, self.rng.beta(self.SHAPE, self.SHAPE, count), 1)
        own = torch.as_tensor(own.astype(np.float32), device=features.device)[:, None, None, None]
        others = torch.as_tensor(self.rng.permutation(count), device=features.device)
        with torch.no_grad():
            # A quarter of the cells tells a map's mean and deviation.
            some = features[:, :, ::2, ::2].float()
            mean, deviation = some.mean((2, 3), keepdim=True), (some.var((2, 3), keepdim=True) + 1e-5).sqrt()
            new_mean, new_deviation = (own * v + (1 - own) * v[others] for v in (mean, deviation))
            gain = (new_deviation / deviation).clamp(0.2, 5)
            shift = new_mean - mean * gain
        return torch.addcmul(shift.to(features.dtype), features, gain.to(features.dtype))


def rate_at(progress: float, step: int, plan: Plan) -> float:
    """Up in the first steps, the same for half of the run or, if it is an even one, to its end; otherwise then evenly down to
    almost nothing."""
    return plan.rate * min(1.0, (step + 1) / 200) * (1.0 if plan.even else min(1.0, max(0.02, 2 * (1 - progress))))


def loss_of(heat: Tensor, depth: Tensor, batch: Batch, taught: Optional[Tuple[Tensor, Tensor]]
            ) -> Tuple[Tensor, Dict[str, Tensor]]:
    """TAUGHT: the maps of a teacher, of which half of the hills are then learned."""
    hills = targets(batch)
    # Where the same joint of the other side lies it costs as much to draw a hill as it costs to leave one out. Otherwise what
    # may be either leg gets two high summits, and noise decides which is the highest.
    important = torch.maximum(hills, hills[:, FLIPPED])
    goal = hills if taught is None else 0.5 * (hills + taught[0])
    weights = torch.tensor(JOINT_WEIGHTS, device=heat.device)
    place = (((heat - goal) ** 2 * (1 + 8 * important)).sum((2, 3)) * weights).mean() / 20
    near = hills * (hills > 0.4)
    total = near.sum((2, 3)) + 1e-3
    truth = scaled_depth(batch)
    far = (near * (depth - truth[..., None, None]).abs()).sum((2, 3)) / total
    far = (far * batch.inside).mean()
    # What a knee's angle comes from is the difference of two depths.
    at_joint = (near * depth).sum((2, 3)) / total
    upper, lower = [torch.tensor(side, device=heat.device) for side in zip(*LEG_BONES)]
    both = batch.inside[:, upper] & batch.inside[:, lower]
    error = (at_joint[:, upper] - at_joint[:, lower]) - (truth[:, upper] - truth[:, lower])
    bone = (error.abs() * both).mean()
    return place + far + 0.5 * bone, {"place": place, "depth": far, "bone": bone}


class Run:
    """A training run, its state in FILE."""

    def __init__(self, net: PoseNetwork, pictures: Pictures, plan: Plan, file: str,
                 teacher: Optional[PoseNetwork] = None):
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.plan, self.pictures, self.file = plan, pictures, file
        # A run that goes on from another's weights must not see what that one saw in the same order.
        self.seed = plan.seed, zlib.crc32(plan.start.encode())
        often = np.cumsum(pictures.importance())
        self.often = often / often[-1]
        self.net = net.to(self.device, memory_format=torch.channels_last)
        self.mixing = StyleMixing(self.net)
        self.teacher = None if teacher is None else teacher.to(self.device).eval()
        self.average = {k: v.detach().clone() for k, v in self.net.state_dict().items()}
        self.optimizer = torch.optim.AdamW(self.net.parameters(), plan.rate, weight_decay=1e-2,
                                           foreach=self.device.type == "cuda")
        self.step = 0
        self.seconds = 0.0
        if os.path.isfile(file):
            self._take_up()

    def _fixed(self) -> Dict[str, Any]:
        """What a run goes on with as it began. How long and how fast it learns may change."""
        return {"seed": self.plan.seed, "batch": self.plan.batch, "start": self.plan.start, "even": self.plan.even,
                "shape": asdict(self.net.shape)}

    def _take_up(self) -> None:
        # The optimizer counts its steps on the processor: from elsewhere each would be fetched each time.
        state = torch.load(self.file, map_location="cpu")
        before, now = state.get("plan", {}), self._fixed()
        for key, value in now.items():
            if before.get(key, value) != value:
                raise SystemExit(f"{self.file} is of a run with {key} {before[key]}, which is now {value}: go on with the same, "
                                 "or remove it")
        self.net.load_state_dict(state["net"])
        self.average = {k: v.to(self.device) for k, v in state["average"].items()}
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]

    def save(self) -> None:
        state = {"plan": self._fixed(), "net": self.net.state_dict(), "average": self.average,
                 "optimizer": self.optimizer.state_dict(), "step": self.step, "seconds": self.seconds}
        put_in_place(self.file, lambda file: torch.save(state, file))

    def progress(self) -> float:
        seen = self.step * self.plan.batch
        parts = [seen / self.plan.samples if self.plan.samples else 0.0,
                 self.seconds / 60 / self.plan.minutes if self.plan.minutes else 0.0]
        return max(parts)

    def choose(self, step: int) -> np.ndarray:
        rng = np.random.default_rng((*self.seed, step, 0))
        return np.searchsorted(self.often, rng.uniform(size=self.plan.batch))

    def _prepare(self, step: int, arrays: Arrays) -> Batch:
        shape = self.net.shape
        return prepare(arrays, shape.height, shape.width, self.device, (*self.seed, step, 1))

    def _batches(self) -> Iterator[Batch]:
        last = -(-self.plan.samples // self.plan.batch) if self.plan.samples else 1 << 40
        if self.device.type == "cuda":
            # The decoding thread must not queue work behind the training's.
            loaded = batches(self.pictures, self.choose, self.step, last, self.plan.threads)
            return (self._prepare(self.step, arrays) for arrays in loaded)

        def finish(step: int, arrays: Arrays) -> Batch:
            # Two pools of threads on the same cores wait for each other most of the time.
            torch.set_num_threads(1)
            return self._prepare(step, arrays)

        return batches(self.pictures, self.choose, self.step, last, self.plan.threads, finish)

    def _learn(self, batch: Batch) -> Dict[str, Tensor]:
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(self.progress(), self.step, self.plan)
        x = normalised(batch.image)
        self.mixing.begin((*self.seed, self.step, 2))
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            heat, depth = self.net(x)
            taught = None
            if self.teacher is not None:
                with torch.no_grad():
                    taught = tuple(m.float() for m in self.teacher(x))
        loss, parts = loss_of(heat.float(), depth.float(), batch, taught)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimizer.step()
        self.step += 1
        self._update_average()
        return parts

    @torch.no_grad()
    def _update_average(self) -> None:
        """The running mean of the weights: of all since the beginning, or of the latest, which are few at first, when they still
        move fast."""
        share = 1 / (self.step + 1) if self.plan.even else 1 - min(1 - 1 / AVERAGED_OVER, self.step / (self.step + 19))
        for key, value in self.net.state_dict().items():
            if value.dtype.is_floating_point:
                self.average[key].lerp_(value, share)
            else:
                self.average[key].copy_(value)

    def averaged(self) -> PoseNetwork:
        result = PoseNetwork(self.net.shape)
        if networks.is_folded(self.average):
            networks.fold_batch_norm(result)
        result.load_state_dict({k: v.cpu() for k, v in self.average.items()})
        return result.eval()

    def _report(self, sums: Dict[str, Tensor], steps: int, since: float, say) -> None:
        share = self.progress()
        left = self.seconds / 60 * (1 - share) / max(share, 1e-6)
        means = "  ".join(f"{k} {float(v) / steps:.4f}" for k, v in sums.items())
        rate = steps * self.plan.batch / max(time.monotonic() - since, 1e-6)
        say(f"{self.step * self.plan.batch:9d} seen  {means}  {rate:.0f}/s  {left:.0f} min left")

    def go(self, say=print, stop_after: Optional[int] = None) -> None:
        """To the end of the plan, or STOP_AFTER more steps."""
        keep_memory()
        self.net.train()
        saved = reported = before = time.monotonic()
        sums: Dict[str, Tensor] = {}
        steps, first = 0, self.step
        for batch in self._batches():
            if self.progress() >= 1 or (stop_after is not None and self.step - first >= stop_after):
                break
            parts = self._learn(batch)
            for key, value in parts.items():
                sums[key] = sums.get(key, 0) + value.detach()
            steps += 1
            now = time.monotonic()
            self.seconds, before = self.seconds + now - before, now
            if now - reported > 30:
                self._report(sums, steps, reported, say)
                sums, steps, reported = {}, 0, now
            if now - saved > self.plan.save_every_s:
                self.save()
                saved = now
        self.save()


def places(heat: Tensor) -> Tuple[Tensor, Tensor]:
    """The program's decoding: the highest cell, then the middle of the hill. N x joints x 2 pixels, and scores."""
    count, joints, height, width = heat.shape
    score, best = heat.reshape(count, joints, -1).max(2)
    cell = torch.stack([best % width, torch.div(best, width, rounding_mode="floor")], 2).float()
    place = cell.clone()
    columns = torch.arange(width, device=heat.device)
    rows = torch.arange(height, device=heat.device)
    positive = heat.clamp(min=0)
    spread, reach = networks.SPREAD, math.ceil(2.5 * networks.SPREAD)
    for _ in range(3):
        dx, dy = columns - place[..., 0, None], rows - place[..., 1, None]
        wx = torch.exp(-0.5 * (dx / spread) ** 2) * (dx.abs() <= reach + 0.5)
        wy = torch.exp(-0.5 * (dy / spread) ** 2) * (dy.abs() <= reach + 0.5)
        window = positive * wx[..., None, :] * wy[..., :, None]
        total = window.sum((2, 3)).clamp(min=1e-6)
        middle = torch.stack([(window.sum(2) * columns).sum(2), (window.sum(3) * rows).sum(2)], 2) / total[..., None]
        place = torch.maximum(torch.minimum(place + 2 * (middle - place), cell + 1), cell - 1)
    return (place + 0.5) * STRIDE, score


@torch.no_grad()
def check(net: PoseNetwork, pictures: Pictures, count: int = 1000, batch: int = 50) -> Dict[str, np.ndarray]:
    """On pictures kept out of training, with the program's own crops: errors in pixels, scores, depths, per joint."""
    device = next(net.parameters()).device
    net.eval()
    shape = net.shape
    every = np.unique(np.linspace(0, len(pictures) - 1, count).astype(int))
    parts: Dict[str, list] = {"error": [], "score": [], "inside": [], "depth_error": [], "scale": [], "chosen": [every]}
    for start in range(0, len(every), batch):
        chosen = every[start:start + batch]
        arrays = {c: v[chosen] for c, v in pictures.columns.items()}
        arrays["image"] = np.stack([pictures.picture(i) for i in chosen])
        b = prepare(arrays, shape.height, shape.width, device)
        heat, depth = (m.float() for m in net(normalised(b.image)))
        xy, score = places(heat)
        flat = heat.flatten(2).argmax(2)
        z = depth.flatten(2).gather(2, flat[..., None])[..., 0]
        parts["error"].append((xy - b.xy).norm(dim=2).cpu().numpy())
        parts["scale"].append(crop_matrices(arrays["xy"], shape.height, shape.width, None)[1])
        parts["score"].append(score.cpu().numpy())
        parts["inside"].append(b.inside.cpu().numpy())
        parts["depth_error"].append(((z - scaled_depth(b)) * networks.DEPTH_SCALE).abs().cpu().numpy())
    return {k: np.concatenate(v) for k, v in parts.items()}
