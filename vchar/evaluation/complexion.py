"""`vchar evaluate complexion`: how near the guessed skin is to the true one, where a frontal portrait sees nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from vchar import checkpoint
from vchar.data.assets import Assets
from vchar.data.complexions import draw
from vchar.errors import VcharError
from vchar.evaluation.readers.appearance import lab
from vchar.evaluation.workers import Log
from vchar.raster import interpolate
from vchar.rig.bake import FACING, GRAZING, unfold
from vchar.rig.body import HeadModel
from vchar.rig.bust import Bust
from vchar.rig.camera import Camera
from vchar.rig.complexion import Complexion
from vchar.rig.flow import diffuse
from vchar.rig.view import View

SIZE = 384
SEED = 1_000_000


def evaluate(
    *, data: Path | None = None, skins: Path | None = None, limit: int = 60, write: bool = False, log: Log = print
) -> dict[str, Any]:
    """Measure on skins and faces that the model has not learnt from.

    data: a zip of MakeHuman's CC0 assets.  skins: what `vchar train skins` wrote.  Colour differences are CIE 1976
    Delta E, blurred by a hundredth of the texture, because nobody can guess where a freckle is.
    """
    if data is None:
        raise VcharError("Skins are measured on MakeHuman's; give their zip with --data.")
    head, model = HeadModel.load(), Complexion.load()
    assets = Assets.load(head, data, faces=skins).part(held_out=True)
    shown, covered = seen_from_the_front(head, SIZE)
    hidden = covered & (shown == 0)
    plain = replace(model, basis=model.basis[:0])
    rows: dict[str, list[float]] = {"model": [], "mean_skin": [], "smear": []}
    for skin in draw(np.random.default_rng(SEED), head, assets, SIZE, limit):
        guesses = {"model": model.complete(skin, shown), "mean_skin": plain.complete(skin, shown)}
        guesses["smear"] = diffuse(skin.astype(np.float32), shown > 0)
        for name, guess in guesses.items():
            rows[name].append(difference(guess, skin, hidden))
    metrics = {
        "n": limit,
        "seed": SEED,
        "date": date.today().isoformat(),
        "data": f"{data.name}, one in five of its skins" + (f" and of the faces in {skins.name}" if skins else ""),
        "hidden_share": round(float(hidden.sum() / covered.sum()), 3),
        "delta_e": {name: round(mean(values), 2) for name, values in rows.items()},
    }
    log(json.dumps(metrics, indent=2))
    if write:
        checkpoint.save_metrics(checkpoint.shipped("complexion"), metrics)
    return metrics


def seen_from_the_front(head: HeadModel, size: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """How well a frontal portrait shows each texel [size,size], and which texels are skin at all."""
    bust = Bust.of(head)
    faces = bust.faces[bust.only("skin")]
    texels = unfold(bust.uv[faces], size)
    facing = View(head, head.mean, Camera.facing(size), size, size).facing[:, None]
    seen = np.clip((interpolate(texels, faces, bust.spread(facing))[..., 0] - GRAZING) / (FACING - GRAZING), 0, 1)
    covered = texels.face >= 0
    return (seen * covered).astype(np.float32), covered


def difference(guess: NDArray, truth: NDArray, where: NDArray[np.bool_]) -> float:
    """Mean Delta E of two skins [H,W,3] over some texels, both blurred."""
    sigma = (truth.shape[0] / 100, truth.shape[0] / 100, 0)
    a, b = (lab((gaussian_filter(skin, sigma).clip(0, 1) * 255).astype(np.uint8)) for skin in (guess, truth))
    return float(np.linalg.norm(a - b, axis=-1)[where].mean())
