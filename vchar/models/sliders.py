"""Named sliders: directions in StyleSpace, linear readers of a face, and the per-face clamp between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vchar.errors import VcharError

GROUPS = (
    "Age & gender",
    "Skin",
    "Face shape",
    "Eyes & brows",
    "Nose & mouth",
    "Hair & beard",
    "Look & light",
)


@dataclass(frozen=True)
class SliderSpec:
    """What a person sees of one slider."""

    name: str  # the programmer's word: `hair_length`
    label: str  # the artist's words, unique: "Hair length"
    group: str  # one of GROUPS
    low_label: str  # what value -1 (or 0, where one-sided) means
    high_label: str  # what value 1 means
    minimum: float = -1.0  # 0 for one-sided sliders such as glasses
    tooltip: str = ""
    companions: tuple[str, ...] = ()  # what else rightly changes with it; any other change is leakage
    new_person: bool = False  # it may rightly make another person, as age does

    def __post_init__(self) -> None:
        object.__setattr__(self, "companions", tuple(self.companions))
        if self.group not in GROUPS:
            raise VcharError(f"Slider {self.name!r} names the group {self.group!r}, which is not one of {GROUPS}.")

    def counts_as_leak(self, reading: str) -> bool:
        """Whether a change of this reading, as the readers call it, is none of the slider's business."""
        return reading != self.name and reading not in self.companions


@dataclass(frozen=True)
class SlidersConfig:
    """Everything about the sliders but their numbers; equal to the checkpoint's config.json."""

    sliders: tuple[SliderSpec, ...]
    model: str  # the generator they were made for
    style_dims: tuple[int, ...]  # length of each style vector; 23 of them, 6752 numbers
    layer_groups: tuple[int, ...] = (4, 7, 10, 13, 23)  # a group of `ws` layers ends before each of these
    w_dim: int = 512

    def __post_init__(self) -> None:
        specs = tuple(s if isinstance(s, SliderSpec) else SliderSpec(**s) for s in self.sliders)
        object.__setattr__(self, "sliders", specs)
        object.__setattr__(self, "style_dims", tuple(self.style_dims))
        object.__setattr__(self, "layer_groups", tuple(self.layer_groups))
        for what in ("name", "label"):
            if len({getattr(s, what) for s in specs}) != len(specs):
                raise VcharError(f"Two sliders share the same {what}.")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(s.name for s in self.sliders)


class FaceSliders(nn.Module):
    """Turns slider values into changes of the generator's styles.

    A slider's reading of a face is a linear function of its `ws`, in standard deviations from the average face.
    A value never moves a face further than `reach`, nor its reading beyond `bounds`: on a face that already is
    far along, the slider keeps its whole travel but covers less ground.
    """

    directions: Tensor  # [N, sum(style_dims)]  change of the styles per unit of travel
    reach: Tensor  # [N, 2]  travel at value -1 and at value 1, both >= 0
    gains: Tensor  # [N]  change of the own reading per unit of travel, > 0
    bounds: Tensor  # [N, 2]  the readings between which a face stays natural
    floor: Tensor  # [N]  share of the reach that every face keeps, 0..1
    readings: Tensor  # [N, G, w_dim]  linear readers, by group of layers
    offsets: Tensor  # [N]  their constant terms
    carriers: Tensor  # [N, G, w_dim]  covariance of ws times readings: the likeliest cause of a reading

    def __init__(self, config: SlidersConfig) -> None:
        super().__init__()
        self.config = config
        n, g, d = len(config.sliders), len(config.layer_groups), config.w_dim
        self.register_buffer("directions", torch.zeros(n, sum(config.style_dims)))
        self.register_buffer("reach", torch.ones(n, 2))
        self.register_buffer("gains", torch.ones(n))
        self.register_buffer("bounds", torch.tensor([-100.0, 100.0]).repeat(n, 1))
        self.register_buffer("floor", torch.zeros(n))
        self.register_buffer("readings", torch.zeros(n, g, d))
        self.register_buffer("offsets", torch.zeros(n))
        self.register_buffer("carriers", torch.zeros(n, g, d))

    def index(self, name: str) -> int:
        """Position of a slider; VcharError if there is none of that name."""
        if name not in self.config.names:
            raise VcharError(f"There is no slider called {name!r}. The sliders are: {', '.join(self.config.names)}.")
        return self.config.names.index(name)

    def vector(self, values: Mapping[str, float]) -> Tensor:
        """Slider values by name -> [N]; sliders that are not named stay neutral."""
        vector = self.directions.new_zeros(len(self.config.sliders))
        for name, value in values.items():
            vector[self.index(name)] = value
        return vector

    def forward(self, styles: Sequence[Tensor], ws: Tensor, values: Tensor | Mapping[str, float]) -> list[Tensor]:
        """Moves the styles [B, C_i] of the faces `ws` ([B, L, w_dim] or [B, w_dim]) by values [B, N] or [N]."""
        if isinstance(values, Mapping):
            values = self.vector(values)
        change = self.travel(self.read(ws), values) @ self.directions
        return [s + c.to(s.dtype) for s, c in zip(styles, change.split(self.config.style_dims, dim=1), strict=True)]

    def travel(self, readings: Tensor, values: Tensor) -> Tensor:
        """How far to go along each direction [B, N] for values -1..1, given the faces' readings [B, N]."""
        minimum = values.new_tensor([s.minimum for s in self.config.sliders])
        values = values.clamp(max=1).maximum(minimum)
        room = torch.stack([readings - self.bounds[:, 0], self.bounds[:, 1] - readings], dim=-1)
        reach = (room / self.gains[:, None]).maximum(self.floor[:, None] * self.reach).minimum(self.reach)
        return torch.where(values < 0, values * reach[..., 0], values * reach[..., 1])

    def groups(self, ws: Tensor) -> Tensor:
        """ws [B, L, w_dim] or w [B, w_dim] -> the mean code of each group of layers [B, G, w_dim]."""
        ends = self.config.layer_groups
        if ws.ndim == 2:
            return ws[:, None].expand(-1, len(ends), -1)
        return torch.stack([ws[:, a:b].mean(1) for a, b in zip((0, *ends), ends, strict=False)], dim=1)

    def read(self, ws: Tensor) -> Tensor:
        """ws [B, L, w_dim] or w [B, w_dim] -> readings [B, N] in standard deviations, 0 the average face."""
        return torch.einsum("bgd,ngd->bn", self.groups(ws.to(self.readings.dtype)), self.readings) + self.offsets

    def keep(self, ws_new: Tensor, ws_old: Tensor, names: Iterable[str]) -> Tensor:
        """The likeliest face near `ws_new` [B, L, w_dim] whose readings of `names` equal those of `ws_old`."""
        chosen = [self.index(name) for name in names]
        if not chosen:
            return ws_new
        readings, carriers = self.readings[chosen].flatten(1), self.carriers[chosen].flatten(1)
        wanted = (self.read(ws_old) - self.read(ws_new))[:, chosen]
        ridge = 1e-6 * torch.eye(len(chosen), device=ws_new.device)  # readers that are all zero keep nothing
        amount = torch.linalg.solve(readings @ carriers.T + ridge, wanted.T).T
        change = (amount @ carriers).unflatten(1, self.carriers.shape[1:])
        sizes = torch.tensor(self.config.layer_groups).diff(prepend=torch.tensor([0]))
        return ws_new + change.repeat_interleave(sizes.to(change.device), dim=1).to(ws_new.dtype)
