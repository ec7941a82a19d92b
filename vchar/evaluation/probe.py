"""Move sliders on fresh faces and read what happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vchar.evaluation.readers import FaceReader, Reading
from vchar.evaluation.workers import Log, face_generator, face_reader, painter, run_all
from vchar.models.face import FaceGenerator
from vchar.models.sliders import FaceSliders, SlidersConfig

TRUNCATION_PSI = 0.7  # the studio's default
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Probes:
    """F faces, each before and after M edits; NaN where no face was found, or identity wasn't asked for."""

    ws: Array  # [F, w_dim] truncated codes
    base: Array  # [F, A] readings
    base_identity: Array  # [F, I]
    base_faces: Array  # [F] how many faces the reader sees
    edited: Array  # [F, M, A]
    identity: Array  # [F, M, I]
    faces: Array  # [F, M]

    @property
    def change(self) -> Array:
        """Readings after minus before [F, M, A]."""
        return self.edited - self.base[:, None]

    @property
    def distance(self) -> Array:
        """Identity distance to the unedited face [F, M]."""
        return np.linalg.norm(self.identity - self.base_identity[:, None], axis=-1)

    @classmethod
    def join(cls, parts: Sequence[Probes]) -> Probes:
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)))


def probe(
    sliders: FaceSliders,
    edits: Tensor,
    seeds: Sequence[int],
    reader: str,
    workers: int = 2,
    what: str = "probing faces",
    log: Log = print,
) -> Probes:
    """Apply each row of `edits` [M, N] (slider values) to the faces of `seeds`, and read them with `reader`."""
    batches = [seeds[i : i + 2] for i in range(0, len(seeds), 2)]
    jobs = [(sliders.config, sliders.state_dict(), edits, batch, reader) for batch in batches]
    return Probes.join(run_all(probe_batch, jobs, workers, what, log))


def probe_batch(
    config: SlidersConfig, state: dict[str, Tensor], edits: Tensor, seeds: Sequence[int], reader: str
) -> Probes:
    """The work of one process: `probe` over a few seeds."""
    sliders = FaceSliders(config)
    sliders.load_state_dict(state)
    return Probes.join([_probe_face(sliders, edits, seed, face_reader(reader)) for seed in seeds])


def _probe_face(sliders: FaceSliders, edits: Tensor, seed: int, reader: FaceReader) -> Probes:
    generator = face_generator()
    w = truncated(generator, seed)
    styles = generator.synthesis.styles(w)
    base = _read(reader, painter()(styles))
    full = edits.abs().amax(1) == 1  # only there is identity, the slowest reading, worth its time
    after = [
        _read(reader, painter()(sliders(styles, w, edit[None])), identify)
        for edit, identify in zip(edits, full.tolist(), strict=True)
    ]
    return Probes(
        ws=w.numpy(),
        base=base.values[None],
        base_identity=base.identity[None],
        base_faces=np.array([base.faces], np.float32),
        edited=np.stack([r.values for r in after])[None],
        identity=np.stack([r.identity for r in after])[None],
        faces=np.array([[r.faces for r in after]], np.float32),
    )


def truncated(generator: FaceGenerator, seed: int) -> Tensor:
    """The w [1, w_dim] of a seed as the studio shows it."""
    return generator.w_avg.lerp(generator.w_of_seed(seed), TRUNCATION_PSI)


def _read(reader: FaceReader, picture: NDArray[np.uint8], identify: bool = True) -> Reading:
    nothing = np.full(len(reader.names), np.nan, np.float32), np.full(reader.identity_size, np.nan, np.float32)
    return reader(picture, identify) or Reading(*nothing, faces=0)


def one_at_a_time(config: SlidersConfig, values: Sequence[float]) -> Tensor:
    """Every slider alone at each of `values` -> edits [N * len(values), N], slider by slider."""
    return torch.eye(len(config.sliders))[:, None].mul(torch.tensor(values)[None, :, None]).flatten(0, 1)
