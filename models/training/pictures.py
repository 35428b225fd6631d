"""One labelled picture: a posed person in a scene, drawn by OpenGL and spoiled as a webcam spoils it.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
import math
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

import cv2
import moderngl
import numpy as np

from . import shaders
from .assets import Assets
from .body import heading
from .camera import Camera, lens_map, look_at, orthographic, random_camera
from .dataset import SIDE
from .joints import N_JOINTS
from .motions import Pose, random_pose
from .people import N_FOLDS, N_WRINKLES, Person, hsv
from .poses import Measures
from .rotations import turn_y
from .scene import NOTHING, Decorator, Light, Mesh, hidden_by, mirrored
from .webcam import webcam

f32 = np.float32
SHADOW_SIDE = 400
SAMPLES = 4
WITHOUT_PERSON = 0.03
LIVED_IN = 0.6  # with things close to the person
MOST_PEOPLE = 4  # whose buffers are kept


@dataclass
class Figure:
    """A person's mesh where it is in the picture."""

    person: Person
    places: np.ndarray
    normals: np.ndarray
    gathered: np.ndarray
    mirrored: bool = False


@dataclass
class Background:
    panorama: Optional[int] = None
    turned: float = 0.0
    height: float = 1.4
    centre: Tuple[float, float] = (0.0, 0.0)
    photo: Optional[np.ndarray] = None

    @property
    def drawn(self) -> bool:
        return self.panorama is not None or self.photo is not None


def _cloth_pictures() -> List[np.ndarray]:
    """Wrinkles and, in the second channel, folds as light sees them; the same in every run."""
    rng, out = np.random.default_rng(5), []

    def smooth(size: float, wide: Tuple[float, float], high: Tuple[float, float]) -> np.ndarray:
        noise = np.tile(rng.normal(size=(128, 128)).astype(f32), (3, 3))
        noise = cv2.GaussianBlur(noise, (0, 0), size * rng.uniform(*wide), sigmaY=size * rng.uniform(*high))[128:256, 128:256]
        return noise / noise.std()

    scaled = lambda z: (z - z.min()) / (z.max() - z.min())
    for _ in range(N_WRINKLES):
        z = scaled(sum(smooth(s, (0.4, 1.6), (0.3, 1.0)) * s ** 0.5 for s in (4, 8, 16)))
        out.append(np.repeat(z[..., None], 3, 2))
    for k in range(N_FOLDS):
        ridges = scaled(sum((1 - np.minimum(np.abs(smooth(s, (0.8, 1.4), (0.5, 1.0))), 1.6) / 1.6) ** 1.5 * s ** 0.6
                            for s in (3, 6, 11)))
        slope = 0.5 + ridges - np.roll(ridges, (-4, -1), (0, 1))
        out.append(np.stack([out[k][..., 0], slope, 0 * slope], 2))
    return [(np.clip(z, 0, 1) * 255).astype(np.uint8) for z in out]


class Renderer:
    """OpenGL by EGL, on a graphics card or in software."""

    def __init__(self, assets: Assets, side: int = SIDE):
        self.assets, self.side = assets, side
        self.gl = c = moderngl.create_context(standalone=True, backend="egl")
        make = lambda vertex, fragment: c.program(vertex_shader=vertex, fragment_shader=fragment)
        self.textured = make(shaders.PERSON_VERTEX, shaders.TEXTURED)
        self.patterns: Dict[str, moderngl.Program] = {}
        self.things = make(shaders.THING_VERTEX, shaders.THING_FRAGMENT)
        self.behind = make(shaders.BACKGROUND_VERTEX, shaders.BACKGROUND_FRAGMENT)
        self.shadows = make(shaders.SHADOW_VERTEX, shaders.SHADOW_FRAGMENT)
        self.sampled = c.framebuffer([c.renderbuffer((side, side), 4, samples=SAMPLES)],
                                     c.depth_renderbuffer((side, side), samples=SAMPLES))
        self.resolved = c.framebuffer([c.renderbuffer((side, side), 4)])
        self.shadow_map = c.depth_texture((SHADOW_SIDE, SHADOW_SIDE))
        self.shadow_map.compare_func, self.shadow_map.filter = "<=", (moderngl.NEAREST, moderngl.NEAREST)
        self.shadow_map.repeat_x = self.shadow_map.repeat_y = False
        self.shadow_target = c.framebuffer(depth_attachment=self.shadow_map)
        tiles = np.concatenate([assets.tiles, np.stack(_cloth_pictures())])
        self.body_textures = self._array(assets.textures, True)
        self.tile_textures = self._array(tiles, True)
        self.panoramas = self._array(assets.panoramas, False)
        self.panoramas.repeat_y = False
        self.photo = c.texture((SIDE, SIDE), 3)
        self.thing_buffer = c.buffer(reserve=6 << 20, dynamic=True)
        self.thing_array = c.vertex_array(self.things, [(self.thing_buffer, "3f 3f 2f 4f 2f", "in_pos", "in_nor", "in_uv",
                                                         "in_mat", "in_cls")])
        self.thing_shadows = c.vertex_array(self.shadows, [(self.thing_buffer, "3f 44x", "in_pos")])
        self.behind_array = c.vertex_array(self.behind, [])
        self.loaded: List[Dict[str, Any]] = []

    def _array(self, pictures: np.ndarray, mipmaps: bool) -> moderngl.TextureArray:
        count, height, width, channels = pictures.shape
        texture = self.gl.texture_array((width, height, count), channels, np.ascontiguousarray(pictures).tobytes(), alignment=1)
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        if mipmaps:
            texture.build_mipmaps()
            texture.filter = (moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR)
        return texture

    def _pattern(self, name: str) -> moderngl.Program:
        if name not in self.patterns:
            self.patterns[name] = self.gl.program(vertex_shader=shaders.PERSON_VERTEX, fragment_shader=shaders.cloth(name))
        return self.patterns[name]

    @staticmethod
    def _set(program: moderngl.Program, **values: Any) -> None:
        """What a program does not use its compiler has taken out."""
        for name, value in values.items():
            if name not in program:
                continue
            if isinstance(value, np.ndarray):
                program[name].write(np.ascontiguousarray(value, f32).tobytes())
            else:
                program[name].value = value

    def _load(self, person: Person, mirrored_: bool) -> Dict[str, Any]:
        for i, entry in enumerate(self.loaded):
            if entry["person"] is person and entry["mirrored"] == mirrored_:
                self.loaded.append(self.loaded.pop(i))
                return entry
        while len(self.loaded) >= MOST_PEOPLE:
            for thing in self.loaded.pop(0)["own"]:
                thing.release()
        c = self.gl
        still = c.buffer(np.concatenate([person.uv, person.pattern_at], 1).astype(f32).tobytes())
        moving = c.buffer(reserve=len(person.vertices) * 28, dynamic=True)
        order = c.buffer(person.triangles.tobytes())
        array = lambda program: c.vertex_array(program, [(moving, "3f 3f 1f", "in_pos", "in_nor", "in_fold"),
                                                         (still, "2f 3f", "in_uv", "in_rest")], order, skip_errors=True)
        arrays = {p: array(self._pattern(p)) for p in {q.look.pattern for q in person.parts if not q.look.texture}}
        arrays[""] = array(self.textured)
        shadow = c.vertex_array(self.shadows, [(moving, "3f 16x", "in_pos")], order)
        entry = {"person": person, "mirrored": mirrored_, "moving": moving, "arrays": arrays, "shadow": shadow,
                 "own": list(arrays.values()) + [shadow, still, moving, order]}
        self.loaded.append(entry)
        return entry

    def draw(self, figures: List[Figure], camera: Camera, light: Light, background: Background, things: Mesh,
             casting: slice, feet: np.ndarray) -> np.ndarray:
        """RGBA, rows from the top; A is above a half where the first figure, the one with labels, is seen. CASTING: which
        things throw shadows."""
        c, entries = self.gl, []
        for figure in figures:
            entry = self._load(figure.person, figure.mirrored)
            rows = np.concatenate([figure.places, figure.normals, figure.gathered[:, None]], 1)
            entry["moving"].write(np.ascontiguousarray(rows, f32).tobytes())
            entries.append(entry)
        if len(things):
            self.thing_buffer.write(np.ascontiguousarray(things, f32).tobytes())
        middle = np.array([0, 0.8, 0])
        shadow_matrix = (orthographic(1.7, 0.1, 8) @ look_at(middle + light.key * 4, middle)).T
        self.shadow_target.use()
        self.shadow_target.clear(depth=1.0)
        c.enable(moderngl.DEPTH_TEST)
        self._set(self.shadows, SVP=shadow_matrix)
        if figures:
            entries[0]["shadow"].render()
        if casting.stop > casting.start:
            self.thing_shadows.render(first=casting.start, vertices=casting.stop - casting.start)
        for unit_, texture in enumerate((self.shadow_map, self.body_textures, self.tile_textures, self.panoramas, self.photo)):
            texture.use(unit_)
        self.sampled.use()
        self.sampled.clear(0.3, 0.3, 0.3, 0.0, depth=1.0)
        corners = np.zeros((6, 4), f32)
        corners[:len(feet)] = feet
        for program in [self.textured, self.things, self.behind] + list(self.patterns.values()):
            self._set(program, smap=0, tbody=1, ttile=2, tenv=3, tphoto=4, VP=camera.matrix.T, SVP=shadow_matrix,
                      sh=light.harmonics, amb=light.ambient, keyDir=tuple(light.key), keyCol=tuple(light.key_colour),
                      fillDir=tuple(light.fill), fillCol=tuple(light.fill_colour), exposure=light.exposure,
                      balance=tuple(light.cast), gamma=light.gamma, eye=tuple(camera.eye), d0=reference_distance(camera),
                      feet=corners)
        for i, (figure, entry) in enumerate(zip(figures, entries)):
            self._draw_figure(figure, entry, i == 0)
        c.front_face = "ccw"
        if len(things):
            self.thing_array.render(vertices=len(things))
        if background.drawn:
            self._draw_background(background, camera)
        c.copy_framebuffer(self.resolved, self.sampled)
        picture = np.frombuffer(self.resolved.read(components=4), np.uint8)
        return picture.reshape(self.side, self.side, 4)[::-1]

    def _draw_figure(self, figure: Figure, entry: Dict[str, Any], labelled: bool) -> None:
        person = figure.person
        for program in [self.textured] + list(self.patterns.values()):
            self._set(program, coding=(0.5, 0.5) if labelled else (0.0, 0.49))
        self.gl.front_face = "cw" if figure.mirrored else "ccw"
        # Skin behind clothes, and hair, which lets through, last.
        order = sorted(range(len(person.parts)), key=lambda i: (i == 0, person.parts[i].look.cut > 0))
        for i in order:
            part, look = person.parts[i], person.parts[i].look
            first, count = person.first_triangle[i], len(part.triangles)
            if not count:
                continue
            shared = {"c1": tuple(look.colour), "cut": look.cut}
            if look.texture:
                program, array = self.textured, entry["arrays"][""]
                second, spec = hsv(look.hue % 1, 0.6, 1.0), 0.10 if i == 0 else (0.06 if look.cut else 0.02)
                layer = self.assets.texture_layer[look.texture]
                self._set(program, layer=layer, hue=look.hue, c2=tuple(second), spec=spec, **shared)
            else:
                program, array = self._pattern(look.pattern), entry["arrays"][look.pattern]
                self._set(program, c2=tuple(look.second), scale=look.scale, split=look.split, wrinkle=look.wrinkles,
                          tile=look.tile, wrinkleLayer=look.wrinkle_layer, foldLayer=look.fold_layer, spec=0.015, **shared)
            if part.culled:
                self.gl.enable(moderngl.CULL_FACE)
            array.render(first=int(first) * 3, vertices=count * 3)
            self.gl.disable(moderngl.CULL_FACE)

    def _draw_background(self, background: Background, camera: Camera) -> None:
        inverse = np.linalg.inv(camera.matrix).T
        if background.photo is not None:
            self.photo.write(np.ascontiguousarray(background.photo[::-1]).tobytes())
            self._set(self.behind, IVP=inverse, photo=1)
        else:
            self._set(self.behind, IVP=inverse, photo=0, elayer=float(background.panorama), turned=background.turned,
                      height=background.height, centre=background.centre)
        self.behind_array.render(vertices=3)


def reference_distance(camera: Camera) -> float:
    return float(np.linalg.norm(camera.eye - np.array([0, 0.8, 0])))


@dataclass
class Studio:
    """Draws random pictures of random people."""

    assets: Assets
    renderer: Renderer
    recent: List[Person] = field(default_factory=list)

    def picture(self, rng: np.random.Generator, person: Person, kind: Optional[str] = None, spoil: bool = True
                ) -> Tuple[np.ndarray, Dict[str, Any]]:
        """RGB and labels."""
        measures = Measures(person.body)
        pose = random_pose(rng, measures, kind)
        person.curl_fingers(pose.solved.curl)
        person.flutter, person.sag = rng.normal(0, 1, 3).astype(f32), float(rng.uniform(0.7, 1.2))
        joints = person.body.joints(pose.solved.placed)
        root = 0.5 * (joints[0] + joints[1])
        camera = random_camera(rng, joints, heading(pose.solved.stance.pelvis), person.body.traits.stature)
        somebody = rng.uniform() >= WITHOUT_PERSON
        figures = [Figure(person, *person.posed(pose.solved.placed))] if somebody else []
        others = self._others(rng, person, camera, root) if somebody else []
        decorator = Decorator(self.assets, rng)
        things, casting, background, light, reflected = self._surroundings(
            rng, decorator, camera, root, others, pose, measures, joints, figures)
        front = decorator.in_front(camera, root) if rng.uniform() < 0.24 else NOTHING
        seen = camera.project(joints)[1]
        inside = ((seen > 0) & (seen < 1)).all(1)
        if len(front) and hidden_by(camera.eye, joints[inside], front).mean() < 0.5:
            things = np.concatenate([things, front])
        feet = self._contacts(rng, joints, pose, others) if somebody else np.zeros((0, 4), f32)
        draw = lambda first: self.renderer.draw(first + others + reflected, camera, light, background, things, casting, feet)
        rgba = draw(figures)
        rgb = rgba[..., :3]
        if spoil and figures and rng.uniform() < 0.09:
            rgb = self._moving(rng, pose, person, rgb, draw)
        rgb, on_person = self._through_lens(rgb, rgba[..., 3] > 127, camera)
        if spoil:
            rgb = webcam(rng, self._exposed(rng, rgb, on_person, light.backlit), camera.half)
        self.recent = ([p for p in self.recent if p is not person] + [person])[-3:]
        return np.ascontiguousarray(rgb), self._labels(person, pose, joints, camera, seen, somebody, light)

    def _others(self, rng: np.random.Generator, person: Person, camera: Camera, root: np.ndarray) -> List[Figure]:
        """Somebody else, behind or beside, or cut by the picture's edge."""
        pool = [p for p in self.recent if p is not person]
        if not pool or rng.uniform() > 0.2:
            return []
        other = pool[-1]
        pose = random_pose(rng, Measures(other.body), str(rng.choice(["stand", "walk", "turn", "squat", "hinge"],
                                                                     p=[0.5, 0.28, 0.1, 0.07, 0.05])))
        aside = rng.uniform(0.14, 0.6) * (1 if rng.uniform() < 0.5 else -1)
        way = root - camera.eye
        around = math.atan2(way[0], way[2]) + aside
        far = camera.distance + rng.uniform(0.7, 3.2)
        if abs(aside) * min(far, camera.distance) < 0.5:
            return []
        place = np.array([camera.eye[0] + math.sin(around) * far, 0, camera.eye[2] + math.cos(around) * far])
        other.curl_fingers(pose.solved.curl)
        places, normals, gathered = other.posed(pose.solved.placed)
        turned = turn_y(rng.uniform(0, 360)).astype(f32)
        return [Figure(other, places @ turned.T + place.astype(f32), normals @ turned.T, gathered)]

    def _surroundings(self, rng: np.random.Generator, decorator: Decorator, camera: Camera, root: np.ndarray,
                      others: List[Figure], pose: Pose, measures: Measures, joints: np.ndarray, figures: List[Figure]
                      ) -> Tuple[Mesh, slice, Background, Light, List[Figure]]:
        """Things, which of them throw shadows, what is behind, the light, and people in a mirror."""
        kind = str(rng.choice(["panorama", "room", "photo"], p=[0.38, 0.50, 0.12]))
        away = root - camera.eye
        away = away * [1, 0, 1] / (np.hypot(away[0], away[2]) + 1e-9)
        props = decorator.props(pose, measures, joints) if figures or rng.uniform() < 0.3 else NOTHING
        if rng.uniform() < LIVED_IN:
            props = np.concatenate([props, decorator.lived_in(camera.eye, joints)])
        background, room, reflected = Background(), NOTHING, []
        if kind == "panorama":
            indoor = np.flatnonzero(self.assets.indoor)
            which = int(rng.choice(indoor)) if rng.uniform() < 0.8 else int(rng.integers(len(self.assets.indoor)))
            background = Background(which, rng.uniform(0, 2 * math.pi), rng.uniform(1.1, 1.7),
                                    (rng.uniform(-0.6, 0.6), rng.uniform(-0.6, 0.6)))
        elif kind == "photo":
            photo = self.assets.photos[rng.integers(len(self.assets.photos))]
            side = int(rng.uniform(0.5, 1) * min(photo.shape[:2]))
            y, x = (int(rng.integers(n - side + 1)) for n in photo.shape[:2])
            part = cv2.resize(photo[y:y + side, x:x + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
            background = Background(photo=part[:, ::-1] if rng.uniform() < 0.5 else part)
        else:
            within = [f.places.mean(0) for f in others]
            room, plane = decorator.room(camera.eye, within, rng.uniform() < 0.12)
            if plane is not None:
                room = np.concatenate([mirrored(np.concatenate([room, props]), plane, rng.uniform(0.75, 1)), room])
                reflected = [self._reflection(f, plane) for f in figures]
        light = decorator.light(background.panorama, background.turned, away)
        things = np.concatenate([room, props])
        return things, slice(len(room), len(things)), background, light, reflected

    @staticmethod
    def _reflection(figure: Figure, plane: Tuple[np.ndarray, np.ndarray]) -> Figure:
        point, normal = (p.astype(f32) for p in plane)
        flip = lambda v: v - (2 * (v @ normal))[:, None] * normal
        return Figure(figure.person, flip(figure.places - point) + point, flip(figure.normals), figure.gathered, True)

    @staticmethod
    def _contacts(rng: np.random.Generator, joints: np.ndarray, pose: Pose, others: List[Figure]) -> np.ndarray:
        feet = np.zeros((4, 4), f32)
        feet[:, :3] = joints[6:10]
        feet[:, 1] = np.maximum(0, feet[:, 1] - 0.05)
        feet[0, 3] = rng.uniform(0.1, 0.35) * math.exp(-max(0.0, float(joints[6:10, 1].min()) - 0.05) / 0.1)
        for figure in others:
            low = figure.places[figure.places[:, 1] < 0.1]
            if len(low):
                feet = np.concatenate([feet, [[low[:, 0].mean(), 0, low[:, 2].mean(), 0.45]]])
        return feet.astype(f32)

    @staticmethod
    def _moving(rng: np.random.Generator, pose: Pose, person: Person, rgb: np.ndarray, draw: Any) -> np.ndarray:
        """A moving limb is blurred, what stands still is not: the mean over three moments of the same movement."""
        moments, total, step = 1, rgb.astype(np.uint16), rng.uniform(0.12, 0.6)
        for t in (-step, step):
            solved = pose.at(t)
            if solved is not None:
                figure = Figure(person, *person.posed(solved.placed))
                total, moments = total + draw([figure])[..., :3], moments + 1
        return (total // moments).astype(np.uint8)

    @staticmethod
    def _through_lens(rgb: np.ndarray, mask: np.ndarray, camera: Camera) -> Tuple[np.ndarray, np.ndarray]:
        if not camera.bulge:
            return rgb, mask
        x, y = lens_map(camera, len(rgb))
        bent = lambda p, how: cv2.remap(np.ascontiguousarray(p), x, y, how, borderMode=cv2.BORDER_REPLICATE)
        return bent(rgb, cv2.INTER_LINEAR), bent(mask.astype(np.uint8), cv2.INTER_NEAREST) > 0

    @staticmethod
    def _exposed(rng: np.random.Generator, rgb: np.ndarray, on_person: np.ndarray, backlit: bool) -> np.ndarray:
        """The camera's automatic exposure, which looks at everything, or some more at the person."""
        whole = float(rgb[::4, ::4, 1].mean()) + 1
        person = float(rgb[on_person][:, 1].mean()) + 1 if on_person.any() else whole
        care = rng.uniform(0, 0.15) if backlit else rng.uniform(0.2, 0.8)
        gain = np.clip(rng.uniform(60, 135) / ((1 - care) * whole + care * person), 0.5, 4.5) ** rng.uniform(0.6, 1)
        if rng.uniform() < 0.07:
            gain *= rng.uniform(1.2, 1.9)
        return cv2.convertScaleAbs(np.ascontiguousarray(rgb), alpha=float(gain))

    @staticmethod
    def _labels(person: Person, pose: Pose, joints: np.ndarray, camera: Camera, seen: np.ndarray, somebody: bool, light: Light
                ) -> Dict[str, Any]:
        root = 0.5 * (joints[0] + joints[1])
        depth = (joints - root) @ camera.forward * camera.pixels_per_metre(root, SIDE)
        return {"xy": (seen[:N_JOINTS] * SIDE).astype(f32), "z": depth[:N_JOINTS].astype(f32), "person": np.array(somebody),
                "view": f32(camera.view), "kind": np.array(pose.kind, "U12"), "framing": np.array(camera.framing, "U8"),
                "backlit": np.array(light.backlit), "exposure": f32(light.exposure), **person.traits()}
