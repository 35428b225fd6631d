"""A dressed person: body, clothes, shoes, hair, all of it random, ready to be posed.

Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0
"""
from typing import Dict, List, Optional, Tuple

import numpy as np

from .assets import Assets
from .body import N_SKIN, SIDES, Body, Placement, random_traits, skin
from .clothes import PATTERNS, Cut, Look, Part, Tailor, bare_body, normals_of, waves
from .rotations import angle_between

f32 = np.float32
N_WRINKLES, N_FOLDS = 8, 6  # pictures behind the tiles, see pictures.py


def hsv(hue: float, saturation: float, value: float) -> np.ndarray:
    sector = int(hue * 6) % 6
    f = hue * 6 - int(hue * 6)
    p, q, t = value * (1 - saturation), value * (1 - f * saturation), value * (1 - (1 - f) * saturation)
    return np.array([(value, t, p), (q, value, p), (p, value, t), (p, q, value), (t, p, value), (value, p, q)][sector])


def cloth_colour(rng: np.random.Generator) -> np.ndarray:
    """Reflectance. Half of what people train in is black, grey or white."""
    u, kind = rng.uniform, rng.uniform()
    tinge = np.exp(rng.normal(0, 0.05, 3))
    if kind < 0.24:
        colour = u(0.004, 0.05) * tinge
    elif kind < 0.50:
        colour = u(0.01, 0.9) ** 1.6 * tinge
    elif kind < 0.64:  # navy, denim
        colour = hsv(u(0.55, 0.68), u(0.3, 0.8), u(0.03, 0.5))
    elif kind < 0.73:  # beige, brown
        colour = hsv(u(0.04, 0.14), u(0.15, 0.6), u(0.1, 0.7))
    else:
        colour = hsv(u(), u() ** 1.5, u(0.03, 0.95))
    return np.clip(colour, 0, 1)


class Wardrobe:
    """Chooses clothes for one body."""

    TROUSERS = ("short_tight", "short_loose", "long_shorts", "leggings", "sweat", "jeans", "wide", "baggy", "capri",
                "skirt")
    OF_MEN = (0.10, 0.13, 0.14, 0.13, 0.12, 0.14, 0.10, 0.08, 0.04, 0.02)
    OF_WOMEN = (0.12, 0.10, 0.07, 0.24, 0.10, 0.12, 0.10, 0.06, 0.04, 0.05)
    TOPS = ("tee", "long", "hoodie", "tank", "least", "tee_tight")
    OF_ALL = (0.40, 0.13, 0.17, 0.11, 0.09, 0.10)

    def __init__(self, body: Body, rng: np.random.Generator):
        self.body, self.rng, self.tailor = body, rng, Tailor(body, rng)
        self.male = body.traits.sex > 0.5
        self.parts: List[Part] = []
        self.covered = np.zeros(len(body.vertices), bool)
        self.hidden = np.zeros(len(body.vertices), bool)
        self.hidden_by_shoes = np.zeros(len(body.vertices), bool)
        self.worn = {"bottom": "suit", "top": "suit"}
        kinds = body.assets.tile_kinds
        self.fabrics = [i for i, k in enumerate(kinds) if k == "Fabric"]
        self.n_tiles = len(kinds)

    def look(self, plain: float = 0.5) -> Look:
        rng, others = self.rng, len(PATTERNS) - 1
        return Look(pattern=str(rng.choice(PATTERNS, p=[plain] + [(1 - plain) / others] * others)),
                    colour=cloth_colour(rng), second=cloth_colour(rng), scale=float(rng.uniform(8, 40)))

    def put_on(self, name: str, kind: str, cut: Cut, look: Look, first: bool = False) -> Part:
        part, covered = self.tailor.garment(name, kind, cut)
        part.look = look
        self.parts.insert(0 if first else len(self.parts), part)
        self.covered |= covered
        return part

    def put_on_fitted(self, name: str, look: Look, shoe: bool = False) -> Part:
        part, hidden = self.tailor.fitted(name)
        part.look, part.culled = look, shoe
        look.texture = str(self.body.assets.clothes[f"{name}|tex"])
        self.parts.append(part)
        if shoe:
            self.hidden_by_shoes = hidden & ~self.hidden
        self.hidden |= hidden
        return part

    def choose(self) -> None:
        u = self.rng.uniform
        suit = u() < 0.14
        if suit:
            sex = "male" if self.male else "female"
            clothes = self.body.assets.clothes
            names = sorted({k.split("|")[0] for k in clothes})
            names = [n for n in names if n.startswith(sex) and str(clothes[n + "|kind"]) == "clothes"]
            colour = np.clip(u(0.5, 1.0, 3) * 0.5 + u(0.5, 1.2) * 0.5, 0.1, 1.6)
            self.put_on_fitted(str(self.rng.choice(names)), Look(colour=colour, hue=u() if u() < 0.5 else 0.0))
        else:
            self._bottom()
            self._top()
        self._feet(suit)
        self._head()

    def _bottom(self) -> None:
        u, rng = self.rng.uniform, self.rng
        name = str(rng.choice(self.TROUSERS, p=self.OF_MEN if self.male else self.OF_WOMEN))
        more = 0.045 * max(0.0, self.body.traits.weight - 0.4)
        waist = u(1.0, 2.0)
        if name == "short_tight":
            cut = Cut(off=0.004, waist=waist, hem=u(0.35, 0.8))
        elif name == "short_loose":
            cut = Cut(off=0.008, waist=waist, hem=u(0.45, 0.98), flare=u(0.01, 0.04), seat=u(0, 0.015),
                      crease=u(0.1, 0.3), loose=True)
        elif name == "long_shorts":
            a = u(0.105, 0.15) + more
            cut = Cut(off=u(0.007, 0.012), waist=waist, hem=u(0.85, 1.25), seat=u(0, 0.025), crease=u(0.15, 0.4),
                      tube=[0.10, a, a * u(0.95, 1.12), a, a, a], loose=True)
        elif name == "leggings":
            cut = Cut(off=0.0035, waist=waist, hem=u(1.85, 1.97))
        elif name == "capri":
            cut = Cut(off=0.004, waist=waist, hem=u(1.3, 1.7))
        elif name == "jeans":
            a = u(0.078, 0.098) + more
            cut = Cut(off=u(0.005, 0.009), waist=waist, hem=u(1.88, 2.02), seat=u(0, 0.008), crease=u(0.15, 0.45),
                      rough=u(0.3, 0.8), loose=True,
                      tube=[0.09, a + u(0, 0.01), u(0.070, 0.088) + more / 2, u(0.068, 0.086), u(0.062, 0.085),
                            u(0.065, 0.09)])
        elif name == "wide":
            a = u(0.095, 0.128) + more
            end = a * u(0.85, 1.3)
            cut = Cut(off=u(0.007, 0.012), waist=u(1.3, 2.3), hem=u(1.9, 2.04), seat=u(0, 0.02),
                      crease=u(0.15, 0.5), rough=u(0.2, 0.9), loose=True,
                      tube=[0.10, a, a * u(0.9, 1.05), end * 0.97, end, end * u(1.0, 1.1)])
        elif name == "baggy":
            a = u(0.088, 0.115) + more
            cut = Cut(off=u(0.008, 0.013), waist=waist, hem=u(1.86, 1.98), seat=u(0.01, 0.03), crease=u(0.2, 0.55),
                      rough=u(0.3, 0.9), loose=True,
                      tube=[0.10, a, a * u(0.85, 1), a * u(0.75, 0.95), a * u(0.6, 0.85), u(0.045, 0.06)])
        elif name == "skirt":
            cut = Cut(off=0.004, waist=waist, hem=u(0.3, 0.6))
        else:
            cut = Cut(off=u(0.008, 0.014), waist=waist, hem=u(1.9, 2.0), flare=u(0, 0.02), bag=u(0, 0.02),
                      crease=u(0.1, 0.4), loose=True)
        self.worn["bottom"] = name
        look = self.look(0.85 if name == "jeans" else 0.62)
        if name == "jeans" and u() < 0.7:
            look.colour = np.clip(hsv(u(0.56, 0.66), u(0.2, 0.7), u(0.03, 0.45)), 0, 1)
            look.second = look.colour * u(0.7, 1.4)
        elif u() < 0.4:
            # What people train in more than in anything else, and where one leg is hardest to tell from the other: black.
            look.colour = u(0.004, 0.03) * np.exp(rng.normal(0, 0.1, 3))
            look.pattern = str(rng.choice(("plain", "side", "logo"), p=(0.7, 0.15, 0.15)))
        self.put_on(name, "bottom", cut, look)
        if name == "skirt":
            part = self.tailor.hanging_hem("skirt", u(0.08, 0.16), -u(0.15, 0.5), u(0.012, 0.025), u(0, 0.12))
            part.look = self.look()
            self.parts.append(part)

    def _top(self) -> None:
        u, rng = self.rng.uniform, self.rng
        name = str(rng.choice(self.TOPS, p=self.OF_ALL))
        self.worn["top"] = name
        low = rng.uniform() < (0.55 if name == "hoodie" else 0.45) and name in ("tee", "long", "hoodie", "tank")
        least = 0.75 if low else -0.3
        if name == "tee":
            cut = Cut(off=u(0.011, 0.02), hem=max(least, u(-0.3, 1)), neck=u(5.6, 6), sleeve=u(0.35, 0.95),
                      flare=u(0, 0.05), belly=u(0, 0.02), sleeve_flare=u(0, 0.04), crease=u(0.1, 0.4), loose=True)
        elif name == "tee_tight":
            cut = Cut(off=0.010, hem=u(0.2, 1.2), neck=u(5.6, 6), sleeve=u(0.35, 0.85))
        elif name == "long":
            cut = Cut(off=u(0.012, 0.024), hem=max(least, u(-0.3, 1)), neck=u(5.6, 6.1), sleeve=u(1.5, 1.97),
                      flare=u(0, 0.025), crease=u(0.1, 0.4), loose=True)
        elif name == "hoodie":
            cut = Cut(off=u(0.018, 0.030), hem=max(least, u(-0.2, 0.8)), neck=u(5.8, 6.15), sleeve=u(1.7, 1.97),
                      flare=u(0, 0.03), belly=u(0, 0.03), sleeve_flare=u(0, 0.03), crease=u(0.15, 0.5),
                      rough=u(0.2, 0.9), loose=True)
        elif name == "tank":
            cut = Cut(off=u(0.010, 0.016), hem=max(least, u(-0.2, 1)), neck=u(5.2, 5.7), sleeve=-1,
                      strap=u(1.0, 1.5), flare=u(0, 0.04), loose=True)
        elif self.male:
            return
        else:
            self.put_on("bra", "bra", Cut(off=0.005, hem=u(2.9, 3.4), neck=u(4.6, 5.2)), self.look())
            return
        part = self.put_on(name, "top", cut, self.look())
        if low:
            bottom = -u(0.17, 0.32) if u() < 0.15 else -u(-0.03, 0.17)
            hem = self.tailor.hanging_hem("hem", u(0.07, 0.11), bottom, cut.off + u(0.004, 0.012), u(0, 0.05))
            hem.look = part.look
            self.parts.append(hem)

    def _feet(self, suit: bool) -> None:
        u, kind = self.rng.uniform, self.rng.uniform()
        if kind < 0.17:
            return
        socks_only = kind < 0.33 and not suit
        if not socks_only:
            names = sorted({k.split("|")[0] for k in self.body.assets.clothes if k.startswith("shoes")})
            colour = u(0.8, 1.3, 3) if u() < 0.7 else np.ones(3) * u(0.15, 2.0)
            shoes = self.put_on_fitted(str(self.rng.choice(names)), Look(colour=colour, hue=u() if u() < 0.4 else 0.0), True)
            if u() < 0.8:
                self._as_trainers(shoes)
        if socks_only or (u() < 0.5 and not suit):
            socks = self.put_on("socks", "socks", Cut(off=0.003, hem=u(1.5, 1.9)), self.look(), first=True)
            if not socks_only:
                # What is in the shoe would come through it.
                height = socks.vertices[socks.triangles][:, :, 1].max(1) - self.body.bone("foot", "L")[1]
                socks.triangles = socks.triangles[height > 0.01 * self.body.size]

    def _as_trainers(self, shoes: Part) -> None:
        """MakeHuman's shoes are for the street: thin soles, high collars, socks. People train in shoes whose soles are up to
        4 cm thick and whose collars lie below the ankle; a network that has not seen them finds ankles 3 to 5 cm too low."""
        u, body = self.rng.uniform, self.body
        size, ankle = body.size, float(body.bone("foot", "L")[1])
        ground = float(body.vertices[:N_SKIN, 1].min())
        sole, drop = u(0.005, 0.035) * size, u(0, 0.03) * size
        rest = shoes.vertices[:, 1].copy()
        knots = np.array([ground - 0.02 * size, ground + 0.014 * size, ankle + 0.03 * size, ankle + 0.11 * size])
        shoes.vertices[:, 1] += np.interp(rest, knots, [-sole, -0.3 * sole, -drop, 0])
        middle = rest[shoes.triangles].mean(1)
        below, above = middle < knots[1], middle > ankle + 0.035 * size
        if u() < 0.7:
            grey = np.ones(3) * u(0.5, 0.95) if u() < 0.6 else cloth_colour(self.rng)
            self.parts.append(shoes.part_of(below, Look(colour=grey)))
        else:
            below[:] = False
        if u() < 0.5:
            # No sock to be seen: bare above the collar, the sock's own edge inside.
            high = body.vertices[:, 1] > ankle + 0.02 * size - drop
            self.hidden[high] &= ~self.hidden_by_shoes[high]
        else:
            self.parts.append(shoes.part_of(above, self.look(0.8)))
        if u() < 0.6:
            shoes.look = self.look(0.6)
        shoes.triangles = shoes.triangles[~(below | above)]

    HAIR = ((1, 1, 1), (0.35, 0.3, 0.28), (0.5, 0.4, 0.3), (1.3, 1.2, 1.1), (0.2, 0.18, 0.17), (1.2, 0.8, 0.5),
            (2.0, 1.7, 1.2))

    def _head(self) -> None:
        u, clothes = self.rng.uniform, self.body.assets.clothes
        hat = u() < 0.12
        if u() < (0.35 if hat else 0.92):
            names = sorted({k.split("|")[0] for k in clothes})
            names = [n for n in names if str(clothes[n + "|kind"]) == "hair" and str(clothes[n + "|tex"])]
            if hat:
                names = [n for n in names if n.startswith(("pony", "long", "brai"))] or names
            elif self.male and u() < 0.88:
                names = [n for n in names if n.startswith("short")]
            colour = np.array(self.HAIR[self.rng.integers(len(self.HAIR))], float)
            self.put_on_fitted(str(self.rng.choice(names)), Look(colour=colour, cut=0.45))
        if hat:
            self.parts.append(self._cap())
        self.put_on_fitted("eyes", Look(), True)

    def _cap(self) -> Part:
        """The scalp once more, a finger's breadth further out."""
        body, base, rng = self.body, self.body.assets.base, self.rng
        geometry, triangles = base["lod_vmap"], base["lod_T"]
        at = base["V"][geometry]
        above = at[:, 1] > 7.62 + rng.uniform(-0.08, 0.18) + 0.22 * (at[:, 2] - 0.6)
        scalp = (base["W"][geometry, body.skeleton.index["head"]] > 0.9) & above
        triangles = triangles[scalp[triangles].all(1)]
        used, triangles = np.unique(triangles.ravel(), return_inverse=True)
        normals = normals_of(body.vertices, base["vmap"][base["Q"]])[geometry[used]]
        places = body.vertices[geometry[used]] + normals * f32(rng.uniform(0.010, 0.022))
        return Part("cap", places.astype(f32), normals, body.weights[geometry[used]], base["lod_uv"][used],
                    triangles.reshape(-1, 3).astype(np.int32), places.astype(f32), self.look(0.7))


class Person:
    """Everything of one person as one mesh."""

    def __init__(self, assets: Assets, rng: np.random.Generator):
        self.rng = rng
        self.body = body = Body(assets, random_traits(rng), rng)
        wardrobe = Wardrobe(body, rng)
        wardrobe.choose()
        self.worn = wardrobe.worn
        self._fabrics(wardrobe)
        self.parts = self._with_skin(wardrobe)
        shoes = [p.vertices[:, 1].min() for p in self.parts if p.name.startswith("shoes")]
        body.floor = float(min(shoes + [body.floor]))
        self._assemble()
        self._choose_skin()
        # The same cloth gathers more or less.
        self.fold_strength = float(rng.choice([0, 0.25, 0.5, 1], p=[0.2, 0.35, 0.3, 0.15]))
        self.flutter = rng.normal(0, 1, 3).astype(f32)
        self.sag = float(rng.uniform(0.7, 1.2))

    def _fabrics(self, wardrobe: Wardrobe) -> None:
        rng, first = self.rng, wardrobe.n_tiles
        for part in wardrobe.parts:
            look = part.look
            look.tile = int(rng.choice(wardrobe.fabrics))
            look.wrinkle_layer = first + int(rng.integers(N_WRINKLES))
            look.fold_layer = first + N_WRINKLES + int(rng.integers(N_FOLDS))
            look.wrinkles = float(rng.uniform(0, 0.3) * rng.uniform(0.3, 1))
            look.split = float(rng.uniform(0.15, 0.85))

    def _with_skin(self, wardrobe: Wardrobe) -> List[Part]:
        body, base = self.body, self.body.assets.base
        index = body.skeleton.index
        under = wardrobe.covered[base["near_tights"]].all(1) & (base["near_d"][:, 0] < 0.6)
        # Head and hands are never under the helper surface.
        ends = body.weights[:, [index["head"], index["wrist.L"], index["wrist.R"]]].sum(1)
        bare, self.skin_vertices = bare_body(body, wardrobe.hidden | (under & (ends < 0.3)))
        return [bare] + wardrobe.parts

    def _assemble(self) -> None:
        counts = [len(p.vertices) for p in self.parts]
        starts = np.cumsum([0] + counts)
        self.first_triangle = np.cumsum([0] + [len(p.triangles) for p in self.parts])
        join = lambda field: np.ascontiguousarray(np.concatenate([getattr(p, field) for p in self.parts]), f32)
        self.vertices, self.normals, self.weights = join("vertices"), join("normals"), join("weights")
        self.uv, self.pattern_at = join("uv"), join("pattern_at")
        self.triangles = np.concatenate([p.triangles + s for p, s in zip(self.parts, starts)]).astype(np.int32)
        self.ease, self.folds = np.zeros(starts[-1], f32), np.zeros((starts[-1], 7), f32)
        for part, start, count in zip(self.parts, starts, counts):
            if part.ease is not None:
                self.ease[start:start + count] = part.ease
            if part.folds is not None:
                self.folds[start:start + count] = part.folds
        self.loose = np.flatnonzero(self.ease > 0)
        x = self.vertices[self.loose]
        self.ripples = np.stack([waves(x, self.rng.normal(0, 1, (5, 4)), w) for w in (0.30, 0.18, 0.12)], 1)
        self._hands: Dict[float, np.ndarray] = {}

    def _choose_skin(self) -> None:
        rng, traits = self.rng, self.body.traits
        names = [n for n in self.body.assets.skins if ("_female_" not in n) == (traits.sex > 0.5)]
        dark = [n for n in names if "dark" in n]
        light = [n for n in names if "dark" not in n]
        self.dark = bool(rng.uniform() < traits.race[2] * 0.9 and dark)
        shade = rng.uniform(0.6, 1.1)
        self.parts[0].look = Look(texture=str(rng.choice(dark if self.dark else light)),
                                  colour=shade * np.array([1, rng.uniform(0.9, 1.04), rng.uniform(0.82, 1.06)]))

    def curl_fingers(self, amount: float) -> None:
        amount = round(float(amount), 2)
        if amount not in self._hands:
            self._hands[amount] = self.body.with_curled_fingers(amount)[self.skin_vertices].astype(f32)
        self.vertices[:len(self.skin_vertices)] = self._hands[amount]

    def posed(self, placed: Placement) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Vertices, normals, and how strongly cloth is gathered at each vertex."""
        places, normals = skin(self.body, self.weights, self.vertices, self.normals, placed)
        self._hang(places, normals)
        return places, normals, self._gathered(placed)

    def _hang(self, places: np.ndarray, normals: np.ndarray) -> None:
        """Loose cloth rests on what is below it and hangs where nothing holds it."""
        i, ease = self.loose, self.ease[self.loose]
        up, sag = normals[i, 1], f32(self.sag)
        off = f32(0.22) * (self.ripples @ self.flutter) - f32(0.72) * sag * np.clip(up, 0, 1)
        places[i] += normals[i] * (ease * off)[:, None]
        places[i, 1] -= ease * f32(0.8) * sag * np.clip(-up, 0, 1)
        places[i, 1] = np.maximum(places[i, 1], f32(0.004))

    def _gathered(self, placed: Placement) -> np.ndarray:
        index, turns = self.body.skeleton.index, placed.turns
        bent = lambda a, b: angle_between(turns[index[a]], turns[index[b]])
        places: List[float] = []
        for upper, lower, full, most in (("upperleg02", "lowerleg01", 75, 1.3), ("root", "upperleg02", 80, 1.2),
                                         ("upperarm02", "lowerarm01", 80, 1.2)):
            for s, _, _ in SIDES:
                places.append(min(most, bent(upper if upper == "root" else f"{upper}.{s}", f"{lower}.{s}") / full))
        return self.folds @ np.array(places + [1.0], f32) * f32(self.fold_strength)

    def traits(self) -> Dict[str, object]:
        """What a table of failures is split by."""
        t = self.body.traits
        return {"sex": np.float32(t.sex), "age": np.float32(t.age), "weight": np.float32(t.weight),
                "dark_skin": np.array(self.dark), "clothes": np.array(self.worn["bottom"], "U12"),
                "top": np.array(self.worn["top"], "U12")}


def random_person(assets: Assets, rng: np.random.Generator, tries: int = 5) -> Person:
    """Now and then shapes and clothes don't fit each other; then another person comes."""
    problem: Optional[Exception] = None
    for _ in range(tries):
        try:
            person = Person(assets, rng)
        except (ValueError, IndexError, FloatingPointError) as error:
            problem = error
            continue
        if np.isfinite(person.vertices).all():
            return person
    raise RuntimeError(f"no person in {tries} tries: {problem}")
