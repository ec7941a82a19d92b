"""`vchar evaluate face --data`: how real, how unlike each other and how obedient the Studio generator's faces are.

Beside it, by the same measures, the photo-real generator under the studio's warp, and the held-out pictures themselves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image

from vchar import checkpoint
from vchar.data.face_shards import FaceShards
from vchar.errors import VcharError
from vchar.evaluation import distances
from vchar.evaluation.fit import Rig
from vchar.evaluation.generators import Encoder, Generator, PhotoReal, Pictures, Rows, Studio, calm
from vchar.evaluation.head_shapes import shapes_of
from vchar.evaluation.readers.lite0 import Lite0
from vchar.evaluation.readers.scoring import SAME_PERSON, ScoringReader
from vchar.evaluation.workers import Log
from vchar.faces import FaceFinder, Landmarks
from vchar.models.face_encoder import Place
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel

FIRST_SEED = 0
READ_AT = 256  # pixels a side at which faces are looked for
NEAR = 0.01  # quantile of distances from held-out pictures to learnt ones below which a face counts as copied
FEWEST = 10  # people of each kind
ASKED = 20  # people who are asked to do something
YAWS = (-30.0, -15.0, 0.0, 15.0, 30.0)
STRENGTHS = (0.0, 0.5, 1.0)
ACTIONS = {  # what is asked for, each side alike
    "smile": ("mouthSmileLeft", "mouthSmileRight"),
    "jaw": ("jawOpen",),
    "brow": ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    "blink": ("eyeBlinkLeft", "eyeBlinkRight"),
}

Picture = NDArray[np.uint8]
Identify = Callable[[Picture], NDArray[np.float32] | None]
Read = Callable[[Picture], tuple[float, NDArray] | None]  # yaw in degrees and ARKit weights [52]


@dataclass(frozen=True)
class Instruments:
    """What looks at pictures. find: our finder's faces.  read: our fitted head.  identify: dlib."""

    net: Lite0
    find: Callable[[Image.Image], Sequence[Landmarks]]
    read: Read
    identify: Identify

    @classmethod
    def load(cls) -> Instruments:
        return cls(Lite0(), FaceFinder.load().find, _reader(Rig.load()), ScoringReader().identity)


def evaluate(
    *,
    data: Sequence[Path],
    learnt: Sequence[Path] | None = None,
    folder: Path | None = None,
    encoder: Path | None = None,
    limit: int = 1000,
    write: bool = False,
    log: Log = print,
) -> dict[str, Any]:
    """Measure the checkpoint in `folder` (the shipped one) against the held-out shards in the folders `data`.

    learnt: the shards that it learnt from, to tell copies.  encoder: the checkpoint of its encoder, to be measured too
    (that beside it, if there is one).  limit: people of each kind that are looked at, at most.  write: keep the numbers
    as metrics.json. Raises VcharError when something can't be read.
    """
    folder = folder or checkpoint.shipped("face-studio")
    held_out = FaceShards(*data)
    people = held_out.people[:limit]
    if len(people) < FEWEST:
        raise VcharError(f"{len(people)} people are too few to compare sets of faces by; take {FEWEST} or more.")
    look = Instruments.load()
    asked = held_out.conditions[people]
    studio = Studio(folder, asked)
    size, count = studio.net.config.size, len(people)
    generators: dict[str, Generator] = {"studio": studio, "photo_real": PhotoReal(size)}
    sets = {"held_out": held_out.pictures(people, size)}
    sets |= {name: each.draw(range(FIRST_SEED, FIRST_SEED + count)) for name, each in generators.items()}
    metrics: dict[str, Any] = {
        "n": count,
        "seed": FIRST_SEED,
        "date": date.today().isoformat(),
        "data": [each.name for each in data],
    }
    metrics |= {name: each.name for name, each in generators.items()}
    places = encoder or _beside(folder)
    if places is not None:
        place = Encoder(places).place(sets["held_out"])
        shapes = shapes_of(studio.net.head, HeadModel.load(), held_out)[torch.from_numpy(people)]
        known = F.pad(shapes, (place.mean.shape[1] - shapes.shape[1], 0), value=torch.nan)
        sets["encoded"], metrics["encoder"] = encoded(studio, place.given(known), sets["held_out"], asked, look)
    found = {name: distances.features(pictures, look.net) for name, pictures in sets.items()}
    rows = {name: likeness(found["held_out"], found[name]) | faces(sets[name], look) for name in sets}
    log(json.dumps(rows))
    for name, generator in generators.items():
        rows[name] |= {"control": obedience(generator, range(count)[:ASKED], look.read)}
        rows[name] |= steadiness(generator, range(count)[:ASKED], look.identify)
    metrics["rows"] = rows
    if learnt is not None:
        metrics["copies"] = copies(found["studio"], found["held_out"], _known(learnt, size, look.net))
    log(json.dumps(metrics, indent=2))
    if write:
        checkpoint.save_metrics(folder, metrics)
        if places is not None:
            about = {name: metrics[name] for name in ("n", "seed", "date", "data")}
            checkpoint.save_metrics(places, about | metrics["encoder"] | {"draws": rows["encoded"]})
    return metrics


def likeness(real: distances.Features, made: distances.Features) -> dict[str, Any]:
    """Distances between two sets of features; never to be called FID: these aren't Inception's."""
    precision, recall = distances.precision_recall(real, made)
    return {
        "frechet_lite0": round(distances.frechet(real, made), 4),
        "kernel_lite0": round(distances.kernel(real, made), 5),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
    }


def faces(pictures: Pictures, look: Instruments) -> dict[str, float | None]:
    """Share of pictures in which our finder finds exactly one face; share of pairs that dlib takes for one person."""
    large = [_large(picture) for picture in pictures]
    found = np.mean([len(look.find(Image.fromarray(picture))) == 1 for picture in large])
    known = [each for each in map(look.identify, large) if each is not None]
    return {"one_face": round(float(found), 4), "identified": len(known), "near_duplicates": near_duplicates(known)}


def near_duplicates(identities: Sequence[NDArray]) -> float | None:
    """Share of pairs of people [128] nearer than the same person in two pictures; None for fewer than two."""
    if len(identities) < 2:
        return None
    points = np.stack(identities).astype(np.float64)
    apart = distances.apart(points, points)[np.triu_indices(len(points), 1)]
    return round(float((apart < SAME_PERSON).mean()), 4)


def copies(made: distances.Features, held_out: distances.Features, learnt: distances.Features) -> dict[str, float]:
    """How near made pictures are to the nearest learnt one, beside held-out pictures, which nobody copied.

    copied: the share nearer than all but NEAR of the held-out ones; NEAR would be chance.
    """
    own, others = distances.nearest(made, learnt), distances.nearest(held_out, learnt)
    return {
        "median": round(float(np.median(own)), 4),
        "median_held_out": round(float(np.median(others)), 4),
        "copied": round(float((own < np.quantile(others, NEAR)).mean()), 4),
    }


def encoded(
    studio: Studio, place: Place, real: Pictures, rows: Rows, look: Instruments
) -> tuple[Pictures, dict[str, float | None]]:
    """Pictures of z drawn at the place of held-out pictures; and how like the originals those of the middle of it are.

    pixels: mean absolute difference, grey levels.  pixels_strangers: the same to another picture, for comparison.
    identity: mean dlib distance of originals to their reconstructions.
    """
    conditions = torch.from_numpy(rows)
    again = studio.made(place.mean, conditions)
    people = [(look.identify(_large(a)), look.identify(_large(b))) for a, b in zip(real, again, strict=True)]
    apart = [float(np.linalg.norm(a - b)) for a, b in people if a is not None and b is not None]
    told: dict[str, float | None] = {
        "pixels": _unlike(real, again),
        "pixels_strangers": _unlike(np.roll(real, 1, axis=0), again),
        "identity": round(float(np.mean(apart)), 4) if apart else None,
    }
    noise = torch.randn(place.mean.shape, generator=torch.Generator().manual_seed(FIRST_SEED))
    return studio.made(place.draw(noise), conditions), told


def obedience(generator: Generator, seeds: Sequence[int], read: Read) -> dict[str, float | None]:
    """Mean error of yaw in degrees, and correlations of asked and read strength by action; None where nobody reads."""
    asked = [(seed, yaw) for seed in seeds for yaw in YAWS]
    turned = generator.asked([seed for seed, _ in asked], np.stack([calm(yaw=yaw) for _, yaw in asked]))
    heads = [(yaw, head[0]) for (_, yaw), picture in zip(asked, turned, strict=True) if (head := read(picture))]
    errors = [abs(yaw - seen) for yaw, seen in heads]
    found: dict[str, float | None] = {"yaw_error": round(float(np.mean(errors)), 2) if errors else None}
    for action, names in ACTIONS.items():
        found[action] = _correlation(generator, seeds, names, read)
    return found | {"read": round(len(heads) / len(asked), 4)}


def _correlation(generator: Generator, seeds: Sequence[int], names: Sequence[str], read: Read) -> float | None:
    asked = [(seed, strength) for seed in seeds for strength in STRENGTHS]
    rows = np.stack([calm(**dict.fromkeys(names, strength)) for _, strength in asked])
    pictures = generator.asked([seed for seed, _ in asked], rows)
    places = [ARKIT_NAMES.index(name) for name in names]
    seen = zip(asked, map(read, pictures), strict=True)
    pairs = np.array([(wish[1], head[1][places].mean()) for wish, head in seen if head is not None])
    if len(pairs) < 3 or np.std(pairs, axis=0).min() == 0:
        return None
    return round(float(np.corrcoef(pairs.T)[0, 1]), 4)


def steadiness(generator: Generator, seeds: Sequence[int], identify: Identify) -> dict[str, float | None]:
    """Mean identity distance of a calm face from the front: to 30 degrees to either side, and to what it does."""
    turned = [calm(yaw=-30), calm(yaw=30)]
    acting = [calm(**dict.fromkeys(names, 1.0)) for names in ACTIONS.values()]
    found: dict[str, list[float]] = {"identity_turned_30": [], "identity_acting": []}
    for seed in seeds:
        rows = [calm(), *turned, *acting]
        front, *others = (identify(_large(view)) for view in generator.asked([seed] * len(rows), np.stack(rows)))
        for place, other in enumerate(others):
            if front is not None and other is not None:
                which = "identity_turned_30" if place < len(turned) else "identity_acting"
                found[which].append(float(np.linalg.norm(front - other)))
    return {name: round(float(np.mean(apart)), 4) if apart else None for name, apart in found.items()}


def _reader(rig: Rig) -> Read:
    def read(picture: Picture) -> tuple[float, NDArray] | None:
        image = Image.fromarray(_large(picture))
        try:
            face = rig.find(image)
            head = None if face is None else rig.fit(image, face)
        except VcharError:
            return None
        return None if head is None else (head.camera.yaw_pitch_roll[0], head.arkit)

    return read


def _large(picture: Picture) -> Picture:
    return np.asarray(Image.fromarray(picture).resize((READ_AT, READ_AT), Image.Resampling.BICUBIC))


def _unlike(a: Pictures, b: Pictures) -> float:
    return round(float(np.abs(a.astype(np.float32) - b).mean()), 2)


def _beside(folder: Path) -> Path | None:
    """The encoder that the training wrote beside this generator."""
    found = checkpoint.beside(folder, "encoder")
    return found if found.is_dir() else None


def _known(learnt: Sequence[Path], size: int, net: Lite0) -> distances.Features:
    shards = FaceShards(*learnt)
    parts = np.array_split(np.arange(len(shards)), max(1, len(shards) // 500))
    return np.concatenate([distances.features(shards.pictures(part, size), net) for part in parts])
