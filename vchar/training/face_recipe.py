"""How the Studio generator learns: numbers that stay the same for a whole run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import inf
from types import MappingProxyType

from vchar.errors import VcharError
from vchar.training.adversarial import LOSSES
from vchar.training.disturb import KINDS

STAGES = ("64:2500", "128:700", "256:250")


@dataclass(frozen=True)
class Recipe:
    """All but how long. A penalty is for 64 px; it grows with the number of pixels."""

    loss: str = "relativistic"
    rate: float = 6e-4  # for batches of 32; it goes with the root of their size
    warm_up: float = 5.0  # thousands of pictures of each stage in which the rate climbs to that
    settle: float = 40.0  # thousands of pictures after which it falls, by the root of how many there were
    betas: tuple[float, float] = (0.0, 0.99)
    batch: int = 32  # of all processes together
    penalty: float = 0.5  # weight of R1 on real and R2 on generated pictures
    every: int = 8  # steps between penalties, which weigh so many times more
    whole: float = 0.5  # weight of what the critic says of whole pictures
    places: float = 30.0  # weight of what it says of every place in them, a mean over many
    control: float = 10.0  # weight of what the critic reads against what was asked for, a mean over many conditions
    recall: float = 20.0  # weight of pictures coming out again that an encoder has placed; 0 for no encoder
    like: float = 1.0  # weight of LPIPS beside three sizes of pixels in those; 0 for none
    texture: float = 3.0  # weight of how much texture there is, wherever it lies, in as many places
    resemble: float = 1.0  # weight of whether they show faces alike, to FaceRes; 0 for none
    alone: float = 200.0  # thousands of pictures at first that the encoder teaches the generator without a critic
    entry: float = 20.0  # thousands of pictures in which the critic's word then comes to count
    disturb: str = "ada"
    half_life: float = 5.0  # of the moving average of the weights, in thousands of pictures
    ramp: float = 0.05  # it is never longer than this share of the pictures so far
    seed: int = 0

    def __post_init__(self) -> None:
        """Accept JSON's lists; VcharError for an unknown loss or disturbance."""
        object.__setattr__(self, "betas", tuple(self.betas))
        if self.alone and not self.recall:
            raise VcharError(
                "Without an encoder nothing can be learnt alone; set alone to 0, or recall to more than 0."
            )
        for what, value, known in (("loss", self.loss, LOSSES), ("disturbance", self.disturb, KINDS)):
            if value not in known:
                raise VcharError(f"There is no {what} {value!r}; choose one of {', '.join(known)}.")

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    def check_same(self, earlier: str) -> None:
        """VcharError where a run that goes on was begun with another recipe (its `to_json`)."""
        before = Recipe(**json.loads(earlier))
        other = [f"{name} {old}, not {getattr(self, name)}" for name, old in asdict(before).items()
                 if getattr(self, name) != old]  # fmt: skip
        if other:
            raise VcharError(
                f"This run was begun with {'; '.join(other)}: go on with that, or choose another folder with -o."
            )


PRESETS: Mapping[str, Recipe] = MappingProxyType(
    {
        "studio": Recipe(),
        "stylegan": Recipe(loss="nonsaturating", rate=3e-4, whole=1.0, places=0.0, recall=0.0, alone=0.0, entry=0.0),
        # Radford et al. 2016, arXiv:1511.06434: binary cross-entropy and Adam alone
        "dcgan": Recipe(
            "nonsaturating",
            2e-4,
            warm_up=0.0,
            settle=inf,
            betas=(0.5, 0.999),
            penalty=0.0,
            whole=1.0,
            places=0.0,
            recall=0.0,
            alone=0.0,
            entry=0.0,
            disturb="none",
        ),
    }
)
