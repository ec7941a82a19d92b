"""From recipes to the Studio generator's w: who it is, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import torch
from torch import Tensor

from vchar.character import Character, View
from vchar.expressing import Weights, vector
from vchar.generators import blend, places
from vchar.generators.attributes import end_of, units_of
from vchar.models.studio_face import StudioFace
from vchar.rig.blendshapes import ARKIT_NAMES

Read = Callable[[Tensor], Tensor]  # w [1,sum(halves)] -> what its picture shows [K], in units of the code


class Coder:
    """Makes w [1,sum(halves)] of a recipe, ARKit weights [52] and a view.

    Padlocks hold what `read` sees, if it's there.
    """

    def __init__(self, net: StudioFace, read: Read | None) -> None:
        self._net, self._read = net, read
        self.units = units_of(net.config.conditions, net.code.mean.tolist(), net.code.spread.tolist())

    def __call__(self, face: Character, weights: Weights, view: View) -> Tensor:
        person, held = self._person(face)
        return torch.cat([person, self._asked(_given(weights, view) | held, face.sliders)], dim=1)

    def _person(self, face: Character) -> tuple[Tensor, dict[str, float]]:
        """The half of w [1,halves[0]] that says who it is, all mixed in; and the conditions that padlocks hold."""
        net, held = self._net, {}
        first, *others = self._halves(face)
        for mix, other in zip(face.mixes, others, strict=True):
            held |= self._seen(net.w_avg.lerp(first, face.truncation_psi), held, set(mix.keep) - held.keys())
            first = blend(first, other, net.w_avg, first.new_tensor((mix.shape + mix.colouring) / 2))
        return net.w_avg.lerp(first, face.truncation_psi), held

    def _halves(self, face: Character) -> tuple[Tensor, ...]:
        """Who the face and those mixed into it are, [1,halves[0]] each."""
        net = self._net
        first = places.read(face.place, net.config.z_dim).to(net.w_avg) if face.place else net.of_seed(face.seed)
        z = torch.cat([first, *(net.of_seed(mix.seed) for mix in face.mixes)])
        return net.person_of(z).split(1)

    def _seen(self, person: Tensor, held: dict[str, float], names: Iterable[str]) -> dict[str, float]:
        """Conditions of these names in the picture of this person at rest."""
        if not names or self._read is None:
            return {}
        w = torch.cat([person, self._asked(_given(vector({}), View()) | held, {})], dim=1)
        shown = dict(zip(self._net.config.conditions, self._read(w).tolist(), strict=True))
        return {name: self.units[name][0] + shown[name] * self.units[name][1] for name in names}

    def _asked(self, given: dict[str, float], sliders: Mapping[str, float]) -> Tensor:
        """The other half [1,halves[1]]. A slider goes its share of the way in w to where its end is asked for."""
        ends = [given | {name: end_of(name, value, self.units)} for name, value in sliders.items()]
        rows = torch.stack([self._row(each) for each in (given, *ends)])
        w = self._net.w(self._net.of_seed(0).expand(len(rows), -1), rows)
        at_rest, *moved = w[:, self._net.config.halves[0] :].split(1)
        shares = zip(sliders.values(), moved, strict=True)
        return at_rest + sum(abs(value) * (end - at_rest) for value, end in shares)

    def _row(self, given: dict[str, float]) -> Tensor:
        """Conditions [K], NaN where nothing is given."""
        values = [given.get(name, torch.nan) for name in self._net.config.conditions]
        return torch.tensor(values, device=self._net.w_avg.device)


def _given(weights: Weights, view: View) -> dict[str, float]:
    """Conditions by name: always those of a photo, as photos are what people choose."""
    return dict(zip(ARKIT_NAMES, weights.tolist(), strict=True)) | vars(view) | {"photo": 1.0}
