"""Files of aligned faces with what they show: written whole or not at all, read picture by picture from disk."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from vchar.data import conditions
from vchar.errors import VcharError
from vchar.writing import AGAIN, whole

QUALITY = 95  # of the JPEGs inside
NOBODY = -1  # whom a picture shows, where nothing else is said to show them
PARTS = ("end", "conditions", "fingerprint", "person", "identity")  # tensors that are read at once
HASH = 16  # rows and columns of a picture's fingerprint, a bit each

Identity = NDArray[np.float32]  # phenotype and local of `vchar.rig.body.HeadModel.shape`; empty or NaN where unknown
UNTOLD: Identity = np.zeros(0, np.float32)


@dataclass
class Shard:
    """What one file will hold."""

    size: int  # pixels a side
    jpegs: list[bytes] = field(default_factory=list)
    conditions: list[NDArray[np.float32]] = field(default_factory=list)
    fingerprints: list[NDArray[np.uint8]] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    identities: list[NDArray[np.float32]] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)  # what became of each file looked at

    def add(
        self, picture: NDArray[np.uint8], row: NDArray[np.float32], person: int = NOBODY, identity: Identity = UNTOLD
    ) -> None:
        """One more picture [size,size,3], its row of `vchar.data.conditions`, a number of whom it shows, and that one's
        head."""
        image, file = Image.fromarray(picture), io.BytesIO()
        image.save(file, "JPEG", quality=QUALITY, subsampling=0)
        self.jpegs.append(file.getvalue())
        self.conditions.append(row)
        self.people.append(person)
        self.identities.append(identity)
        self.fingerprints.append(fingerprint(image))

    def write(self, path: Path) -> None:
        """Write it to `path`; VcharError when it can't be written."""
        count, row = len(self.jpegs), len(conditions.NAMES)
        tensors: dict[str, NDArray] = {
            "jpeg": np.frombuffer(b"".join(self.jpegs), np.uint8),
            "end": np.cumsum([len(jpeg) for jpeg in self.jpegs], dtype=np.int64),
            "conditions": np.array(self.conditions, np.float32).reshape(count, row),
            "person": np.array(self.people, np.int64),
            "identity": np.array(self.identities, np.float32).reshape(count, -1)
            if count
            else np.zeros((0, 0), np.float32),
            "fingerprint": np.array(self.fingerprints, np.uint8).reshape(count, HASH * HASH // 8),
        }
        told = {"size": str(self.size), "names": json.dumps(conditions.NAMES), "outcomes": json.dumps(self.outcomes)}
        with whole(path, f"{AGAIN}: what is written already stays") as part:
            path.parent.mkdir(parents=True, exist_ok=True)
            save_file(tensors, part, told)


def fingerprint(picture: Image.Image) -> NDArray[np.uint8]:
    """HASH x HASH bits: where it gets lighter to the right (dHash); alike for copies of other size or quality."""
    small = picture.convert("L").resize((HASH + 1, HASH), Image.Resampling.BOX)
    grey = np.asarray(small, np.int16)
    return np.packbits(grey[:, 1:] > grey[:, :-1])


class FaceShards:
    """Reads the files of folders, in the order of their names; a folder named twice counts twice.

    In memory: conditions [N,K] (see `vchar.data.conditions`), fingerprints [N,32], and whom each shows, person [N] (the
    factory's seed, or NOBODY), with what is known of their heads, N identities. On disk: the pictures.
    """

    def __init__(self, *folders: Path) -> None:
        """Raises VcharError where there are no faces, or a file can't be read."""
        self.paths = [path for folder in folders for path in sorted(folder.glob("faces-*.safetensors"))]
        self._files = [_opened(path) for path in self.paths]
        parts = [_read(file) for file in self._files]
        if not sum(len(part["end"]) for part in parts):
            raise VcharError(
                f"There are no faces in {' or '.join(map(str, folders))}; gather some with vchar data faces, or draw "
                "some with vchar data portraits."
            )
        self.conditions = np.concatenate([part["conditions"] for part in parts])
        self.fingerprints = np.concatenate([part["fingerprint"] for part in parts])
        self.person = np.concatenate([part["person"] for part in parts])
        self.identities = [row for part in parts for row in part["identity"]]
        self._same = _runs(self.person)
        self._ends = [np.insert(part["end"], 0, 0) for part in parts]
        self._starts = np.cumsum([0, *(len(part["end"]) for part in parts)])

    def __len__(self) -> int:
        return len(self.conditions)

    @property
    def first(self) -> NDArray[np.int64]:
        """The place [N] of the first picture of whom each picture shows."""
        return self._same[:, 0]

    @property
    def people(self) -> NDArray[np.int64]:
        """The place of each person's first picture."""
        return np.unique(self.first)

    def twins(self, index: NDArray[np.int64], chances: NDArray[np.floating]) -> NDArray[np.int64]:
        """Other pictures of the people at places [n], chosen by chances [n] in 0..1; the same where there is none."""
        first, count = self._same[index].T
        steps = 1 + (chances * (count - 1)).astype(np.int64)
        return first + (index - first + steps) % count

    def pictures(self, index: Sequence[int] | NDArray, size: int) -> NDArray[np.uint8]:
        """Pictures [n,size,size,3] by their places 0 .. N-1, in the order asked for."""
        return np.stack([self._picture(int(i), size) for i in np.asarray(index)])

    def _picture(self, place: int, size: int) -> NDArray[np.uint8]:
        number = int(np.searchsorted(self._starts, place, "right")) - 1
        at = place - int(self._starts[number])
        start, end = (int(self._ends[number][at + i]) for i in (0, 1))
        with Image.open(io.BytesIO(self._files[number].get_slice("jpeg")[start:end].tobytes())) as picture:
            picture.draft("RGB", (size, size))  # decodes an eighth, a quarter or a half of it at no cost
            if picture.size != (size, size):
                return np.asarray(picture.resize((size, size), Image.Resampling.LANCZOS))
            return np.asarray(picture)


def _runs(people: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the run of pictures of one person begins in which each picture [N] lies, and how many it has, [N,2]."""
    begins = np.ones(len(people), bool)
    begins[1:] = (people[1:] != people[:-1]) | (people[1:] == NOBODY)
    first = np.flatnonzero(begins)
    count = np.diff(first, append=len(people))
    return np.repeat(np.stack([first, count], axis=1), count, axis=0)


def looked_at(folder: Path) -> tuple[dict[str, str], list[NDArray[np.uint8]]]:
    """What became of every file that `vchar data faces` has looked at, and the fingerprints of all faces kept."""
    outcomes: dict[str, str] = {}
    fingerprints: list[NDArray[np.uint8]] = []
    for path in sorted(folder.glob("faces-*.safetensors")):
        file = _opened(path)
        outcomes |= json.loads(file.metadata()["outcomes"])
        fingerprints += list(file.get_tensor("fingerprint"))
    return outcomes, fingerprints


def _opened(path: Path) -> Any:  # noqa: ANN401 - safetensors has no type for it
    try:
        file: Any = safe_open(path, "np")
        names = tuple(json.loads(file.metadata()["names"]))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise VcharError(f"{path.name} can't be read ({error}); delete it and make it again.") from error
    if names != conditions.NAMES or not set(PARTS) <= set(file.keys()):
        raise VcharError(f"{path.name} was made by another version of vchar; delete it and make it again.")
    return file


def _read(file: Any) -> Mapping[str, NDArray]:  # noqa: ANN401
    return {name: file.get_tensor(name) for name in PARTS}


def alike(fingerprints: NDArray[np.uint8], one: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many of HASH * HASH bits of each fingerprint [N,32] differ from those of `one` [32]."""
    return np.bitwise_count(fingerprints ^ one).sum(1, dtype=np.int64)
