"""`vchar train sliders`: sample faces, read them, regress, remove leaks, measure, re-mix, find ranges."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from vchar import checkpoint, mobilestylegan
from vchar.evaluation.probe import Probes, one_at_a_time, probe
from vchar.evaluation.readers.steering import SteeringReader
from vchar.evaluation.workers import Log, face_generator
from vchar.models.sliders import FaceSliders, SlidersConfig, SliderSpec
from vchar.training.directions import Whitening, best_ridge, least_change, remix, ridge, to_styles
from vchar.training.sampling import LAYER_GROUPS, Faces, sample, spread
from vchar.training.slider_table import LEFT_OUT, TARGETS

COMPONENTS = 300  # of W; the other 212 carry 1 % of its variance
RIDGES = (300.0, 1000.0, 3000.0)
LEAK, DRIFT, DRIFT_NEW_PERSON = 12.0, 1.0, 0.05  # penalties on other readings and on identity, when solving
REMIX_DRIFT, REMIX_DRIFT_NEW_PERSON = 0.3, 0.05  # and on measured identity, when re-mixing
IDENTITY_COMPONENTS = 40
SHYNESS = (0.1, 0.1)  # of a re-mix: how much its length, and its shares, hold it to where it starts
ROUNDS = 3  # of measuring directions and re-mixing them
FLOOR = 0.3  # share of its reach that a slider keeps on a face that is already at a bound
UNNATURAL = 1.0  # standard deviations beyond the natural bounds at which a face counts as broken
LONGEST = 7.0  # whitened length of any edit: beyond it, what nobody measures drifts too
SAME_PERSON = 0.7  # of the distance between strangers
PROBE_SEED, PROBE_FACES = 50_000, 24  # each round of measuring has its own faces; the evaluation's are others
FIRST_TRAVELS, MIXED_TRAVELS = (-1.0, 1.0), (-1.5, 1.5)  # that effects are measured at
REACHES = (1.0, 1.25, 1.5, 1.75, 2.0)  # to choose from, standard deviations of the own reading
FAILURES, STRANGERS, STRANGERS_NEW_PERSON = 0.13, 0.3, 0.6  # shares of faces tolerated at the end of a range


@dataclass(frozen=True)
class LinearFace:
    """What a linear model knows of faces; readings in standard deviations of the sample."""

    names: tuple[str, ...]
    whitening: Whitening
    mean: Tensor  # [A]
    std: Tensor  # [A]
    gradients: Tensor  # [A, P]
    offsets: Tensor  # [A]
    r2: Tensor  # [A]
    natural: Tensor  # [A, 2] the readings between which 99 % of the sample lie
    identity_basis: Tensor  # [1024, I] descriptors -> components
    identity_gradients: Tensor  # [I, P]
    strangers: float  # median distance between the descriptors of two different people


def fit(faces: Faces, names: tuple[str, ...], offsets: Tensor) -> LinearFace:
    """Regress readings and identity on whitened codes; `offsets` [M, w_dim] of w from its average whiten them."""
    whitening = Whitening.of(offsets, COMPONENTS)
    x, raw = whitening.flatten(torch.from_numpy(faces.codes)), torch.from_numpy(faces.values)
    clipped = raw.clamp(raw.quantile(0.01, dim=0), raw.quantile(0.99, dim=0))
    mean, std = clipped.mean(0), clipped.std(0)
    y = (clipped - mean) / std
    strength, r2 = best_ridge(x, y, RIDGES)
    gradients, constants = ridge(x, y, strength)
    people = torch.from_numpy(faces.identities)
    centred = people - people.mean(0)
    basis = torch.linalg.svd(centred.T @ centred)[0][:, :IDENTITY_COMPONENTS]
    basis = basis / (centred @ basis).std(0)
    return LinearFace(
        names=names,
        whitening=whitening,
        mean=mean,
        std=std,
        gradients=gradients,
        offsets=constants,
        r2=r2,
        natural=((torch.stack([raw.quantile(q, dim=0) for q in (0.005, 0.995)], dim=1)) - mean[:, None]) / std[:, None],
        identity_basis=basis,
        identity_gradients=ridge(x, centred @ basis, strength)[0],
        strangers=float((people[1:] - people[:-1]).norm(dim=1).median()),
    )


def first_steps(face: LinearFace) -> Tensor:
    """One step [A, P] per reading: those of TARGETS avoid leaks and drift; the others only help to re-mix."""
    targets = {t.name: t for t in TARGETS}
    steps = []
    for i, name in enumerate(face.names):
        target = targets.get(name, SliderSpec(name, name, "Skin", "", ""))
        weights = LEAK * face.r2.clamp(0.1, 1) * _leaks(target, face.names)
        drift = DRIFT_NEW_PERSON if target.new_person else DRIFT
        steps.append(least_change(face.gradients[i], face.gradients, weights, face.identity_gradients, drift))
    return torch.stack(steps)


def _leaks(target: SliderSpec, names: tuple[str, ...]) -> Tensor:
    return torch.tensor([float(target.counts_as_leak(name)) for name in names])


def unclamped(count: int, directions: Tensor, reach: float) -> FaceSliders:
    """Sliders that move any face by `reach` whole directions, for measuring."""
    specs = tuple(SliderSpec(f"direction_{i}", f"{i}", "Skin", "", "") for i in range(count))
    sliders = FaceSliders(_config(specs))
    sliders.directions.copy_(directions)
    sliders.reach.fill_(reach)
    return sliders


def _config(specs: tuple[SliderSpec, ...]) -> SlidersConfig:
    dims = face_generator().config.style_dims
    return SlidersConfig(specs, mobilestylegan.MODEL_ID, dims, LAYER_GROUPS)


def effects(probes: Probes, face: LinearFace, travels: tuple[float, ...]) -> Tensor:
    """Mean effects [D, A + I] per unit of travel of directions probed at `travels` [M = D * len(travels)]."""
    change = torch.from_numpy(probes.change) / face.std
    person = torch.from_numpy(probes.identity - probes.base_identity[:, None]) @ face.identity_basis
    both = torch.cat([change.clamp(-4, 4), person], dim=-1).unflatten(1, (-1, len(travels)))
    t = torch.tensor(travels)[:, None]
    return (both * t).nanmean(0).mean(1) / t.square().mean()


def remixed(steps: Tensor, measured: Tensor, starts: list[int], face: LinearFace) -> Tensor:
    """Steps [D, P] with measured effects [D, A + I] -> one step [S, P] per target: leaks cancelled, gain 1.

    `starts` are the steps that the targets stay near.
    """
    mixed = []
    for target, start in zip(TARGETS, starts, strict=True):
        own = face.names.index(target.name)
        leaks = _leaks(target, face.names)
        leaks[own] = 4.0
        drift = REMIX_DRIFT_NEW_PERSON if target.new_person else REMIX_DRIFT
        wanted = torch.zeros(measured.shape[1])
        wanted[own] = measured[start, own]
        weights = torch.cat([leaks, torch.full((IDENTITY_COMPONENTS,), drift)])
        shares = remix(measured, steps, start, wanted, weights, SHYNESS)
        mixed.append(shares @ steps / max(float(shares @ measured[:, own]), 0.2))
    return torch.stack(mixed)


@dataclass(frozen=True)
class Lab:
    """Where directions are measured."""

    face: LinearFace
    workers: int
    log: Log

    def faces(self, round_: int) -> range:
        """The seeds of a round of measuring."""
        return range(PROBE_SEED + PROBE_FACES * round_, PROBE_SEED + PROBE_FACES * (round_ + 1))

    def directions(self, steps: Tensor) -> Tensor:
        """Steps [D, P] -> changes of the styles [D, sum(style_dims)]."""
        return to_styles(face_generator().synthesis, spread(self.face.whitening.codes(steps)))

    def probe(self, sliders: FaceSliders, edits: Tensor, round_: int, what: str) -> Probes:
        """What the steering reader sees of `edits` on the faces of a round."""
        return probe(sliders, edits, self.faces(round_), "steering", self.workers, what, self.log)

    def effects(self, steps: Tensor, travels: tuple[float, ...], round_: int) -> Tensor:
        """Measured effects [D, A + I] of steps [D, P]."""
        longest = max(abs(t) for t in travels)
        sliders = unclamped(len(steps), self.directions(steps), longest)
        edits = one_at_a_time(sliders.config, [t / longest for t in travels])
        return effects(self.probe(sliders, edits, round_, f"round {round_}, effects"), self.face, travels)


def decoupled(lab: Lab) -> Tensor:
    """Steps [S, P] of the targets after ROUNDS of re-mixing all that was measured so far."""
    starts = [lab.face.names.index(t.name) for t in TARGETS]
    steps = first_steps(lab.face)
    measured = lab.effects(steps, FIRST_TRAVELS, round_=0)
    for round_ in range(1, ROUNDS):
        mixed = remixed(steps, measured, starts, lab.face)
        again = lab.effects(mixed, MIXED_TRAVELS, round_)
        steps, measured = torch.cat([steps, mixed]), torch.cat([measured, again])
    return remixed(steps, measured, starts, lab.face)


def assemble(lab: Lab, steps: Tensor) -> FaceSliders:
    """Steps [S, P] -> sliders of unit reach, with readers and clamps."""
    face = lab.face
    chosen = [face.names.index(t.name) for t in TARGETS]
    sliders = FaceSliders(_config(TARGETS))
    sliders.directions.copy_(lab.directions(steps))
    gradients = face.gradients[chosen]
    sliders.readings.copy_(face.whitening.readers(gradients))
    w_avg = face_generator().w_avg
    sliders.offsets.copy_(face.offsets[chosen] - (sliders.readings.sum(1) @ w_avg))
    sliders.carriers.copy_(face.whitening.codes(gradients))
    sliders.gains.copy_((gradients * steps).sum(1).clamp(min=0.1))
    sliders.bounds.copy_(face.natural[chosen])
    sliders.floor.fill_(FLOOR)
    return sliders


def find_reach(lab: Lab, sliders: FaceSliders, steps: Tensor) -> Tensor:
    """The longest travels [S, 2], below and above neutral, of steps [S, P] whose failures stay tolerable.

    Measured at the longest travel; shorter ones are read off the straight line from there to neutral.
    """
    sliders.reach.fill_(REACHES[-1])
    probes = lab.probe(sliders, one_at_a_time(sliders.config, (-1.0, 1.0)), ROUNDS, "ranges")
    reach = torch.full_like(sliders.reach, REACHES[0])
    growing = torch.ones_like(reach, dtype=torch.bool)
    for travel in REACHES[1:]:
        growing &= tolerable(probes, lab.face, travel / REACHES[-1])
        reach[growing] = travel
    return reach.minimum(LONGEST / steps.norm(dim=1, keepdim=True))


def tolerable(probes: Probes, face: LinearFace, share: float) -> Tensor:
    """Whether a `share` of the edits at both ends [S, 2] rarely breaks a face or makes another person of it."""
    base, change = torch.from_numpy(probes.base)[:, None], torch.from_numpy(probes.change)
    broken = (_unnatural(base + share * change, face) & ~_unnatural(base, face)).any(-1).float().mean(0)
    stranger = (share * torch.from_numpy(probes.distance) > SAME_PERSON * face.strangers).float().mean(0)
    limits = torch.tensor([STRANGERS_NEW_PERSON if t.new_person else STRANGERS for t in TARGETS])
    return (broken.view(-1, 2) <= FAILURES) & (stranger.view(-1, 2) <= limits[:, None])


def _unnatural(values: Tensor, face: LinearFace) -> Tensor:
    """Which readings [..., A] no face of the sample has, or are missing."""
    readings = (values - face.mean) / face.std
    return readings.isnan() | (readings < face.natural[:, 0] - UNNATURAL) | (readings > face.natural[:, 1] + UNNATURAL)


def train(
    *,
    seed: int = 0,
    faces: int = 12_000,
    output: Path = Path("runs/sliders"),
    workers: int = 2,
    ship: bool = False,
    log: Log = print,
) -> Path:
    """Make the sliders; returns the checkpoint's folder, the shipped one if `ship`.

    Sampling resumes from the snapshots in `output`; the same seed gives the same sliders.
    """
    torch.manual_seed(seed)
    generator = face_generator()
    sampled = sample(output, faces, seed, workers, log)
    offsets = generator.mapping(torch.randn(20_000, 512, generator=torch.Generator().manual_seed(seed)))
    linear = fit(sampled, SteeringReader.names, offsets - generator.w_avg)
    lab = Lab(linear, workers, log)
    steps = decoupled(lab)
    sliders = assemble(lab, steps)
    sliders.reach.copy_(find_reach(lab, sliders, steps))
    folder = checkpoint.shipped("face-sliders") if ship else output / "checkpoint"
    shipped = without(sliders, LEFT_OUT)
    checkpoint.save(folder, shipped.config, shipped.state_dict())
    return folder


def without(sliders: FaceSliders, names: Collection[str]) -> FaceSliders:
    """The same sliders but for those of these names."""
    kept = [i for i, spec in enumerate(sliders.config.sliders) if spec.name not in names]
    fewer = FaceSliders(replace(sliders.config, sliders=tuple(sliders.config.sliders[i] for i in kept)))
    fewer.load_state_dict({name: tensor[kept] for name, tensor in sliders.state_dict().items()})
    return fewer
