"""What `vchar bench training` measures: pictures a second that the Studio generator learns from, on this processor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from itertools import count
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor, nn

from vchar.bench import drawing
from vchar.bench.machine import THREADS
from vchar.bench.row import Row, median_ms, take_turns
from vchar.bench.suite import Measurements
from vchar.data.conditions import NAMES
from vchar.models.studio_face import StudioFaceConfig
from vchar.rig.body import HeadModel
from vchar.training.disturb import NUMBERS
from vchar.training.face_batches import Batch
from vchar.training.face_contest import Contest
from vchar.training.face_recipe import Recipe
from vchar.training.face_step import Trainer
from vchar.training.processes import Processes
from vchar.training.studio_head import build

SIZE, BATCH, STEPS = 64, 16, 8  # pixels, pictures a step, steps a turn: one of ours in so many has a penalty
AT_LEAST = 1.5  # times the public implementation
PUBLIC = "stylegan2_pytorch"
LATENT, CAPACITY, WIDEST, PENALTY_EVERY = 128, 8, 256, 4  # of the public one: about as many parameters as ours


def steps() -> list[Row]:
    """Whole steps of critic and generator at 64 px, penalties included; beside stylegan2-pytorch of the same size."""
    torch.set_num_threads(THREADS)
    ours, trainer = _ours()
    contenders, sizes = {"vchar": ours}, {"vchar": parameters(trainer.contest.generator)}
    if public := _public():
        contenders[PUBLIC], sizes[PUBLIC] = public
    ms = {name: median_ms(seconds) for name, seconds in take_turns(contenders, rounds=3).items()}
    return rows({name: 1000 * STEPS * BATCH / each for name, each in ms.items()}, sizes)


def rows(rates: Mapping[str, float], sizes: Mapping[str, float]) -> list[Row]:
    """rates: pictures a second; sizes: millions of parameters; by contender, the public one may miss."""
    ours, theirs = rates["vchar"], rates.get(PUBLIC)
    beside = "not measured: pip install stylegan2-pytorch"
    if theirs is not None:
        beside = f"{theirs:.1f} a second (stylegan2-pytorch, {sizes[PUBLIC]:.1f} M parameters)"
    met = None if theirs is None else ours >= AT_LEAST * theirs
    what = f"Learning from {SIZE} px pictures, {sizes['vchar']:.1f} M parameters"
    return [Row(what, f"{ours:.1f} a second", beside, f"at least {AT_LEAST} times that", met, dict(rates))]


def parameters(net: nn.Module) -> float:
    """Millions of them."""
    return sum(p.numel() for p in net.parameters()) / 1e6


def _ours() -> tuple[Callable[[], object], Trainer]:
    units = torch.zeros(len(NAMES)), torch.ones(len(NAMES))
    head, own = build(HeadModel.load(), drawing.PEOPLE), Processes(0, 1, torch.device("cpu"))
    contest = Contest(StudioFaceConfig(SIZE, NAMES, head=head.config), head, units)
    trainer, numbers = Trainer(contest, Recipe(batch=BATCH, alone=0.0), own, {}), count(1)
    shape = torch.randn(BATCH, head.config.shapes)
    rows, z = torch.randn(BATCH, len(NAMES)), torch.randn(BATCH, contest.generator.config.z_dim)
    pictures, chances = torch.rand(BATCH, 3, SIZE, SIZE) * 2 - 1, torch.rand(BATCH, 2, NUMBERS)
    half = BATCH // 2
    batch = Batch(pictures, pictures[:half], z[:half], shape, rows, rows[:half], rows, z, chances)

    def turn() -> None:
        for _ in range(STEPS):
            trainer.step(next(numbers), batch)

    return turn, trainer


def _public() -> tuple[Callable[[], object], float] | None:
    """The same with stylegan2-pytorch's networks and losses, where it is installed; None elsewhere."""
    try:
        with patch("torch.cuda.is_available", lambda: True):  # it refuses to be imported without
            package = import_module(f"{PUBLIC}.{PUBLIC}")
    except (ImportError, RuntimeError):
        return None
    mapping = package.StyleVectorizer(LATENT, 2, lr_mul=0.1)
    generator = package.Generator(SIZE, LATENT, CAPACITY, fmap_max=WIDEST)
    critic = package.Discriminator(SIZE, CAPACITY, fmap_max=WIDEST)
    own = [*generator.parameters(), *mapping.parameters()]
    optimisers = torch.optim.Adam(own, 1e-4, (0.5, 0.9)), torch.optim.Adam(critic.parameters(), 2e-4, (0.5, 0.9))
    draw = partial(_draw, mapping, generator)
    step, numbers = partial(_public_step, package, draw, critic, optimisers), count(1)

    def turn() -> None:
        for _ in range(STEPS):
            step(next(numbers))

    return turn, parameters(generator) + parameters(mapping)


def _draw(mapping: nn.Module, generator: Any) -> Tensor:  # noqa: ANN401 - of a package that may be missing
    w = mapping(torch.randn(BATCH, LATENT))[:, None].expand(-1, generator.num_layers, -1)
    return generator(w, torch.rand(BATCH, SIZE, SIZE, 1))


def _public_step(
    package: Any,  # noqa: ANN401
    draw: Callable[[], Tensor],
    critic: nn.Module,
    optimisers: tuple[torch.optim.Optimizer, torch.optim.Optimizer],
    number: int,
) -> None:
    """What its trainer does: hinge loss, a gradient penalty every fourth step; then the generator."""
    real = (torch.rand(BATCH, 3, SIZE, SIZE) * 2 - 1).requires_grad_()
    optimisers[1].zero_grad()
    of_fake, of_real = critic(draw().detach())[0], critic(real)[0]
    loss = package.hinge_loss(of_real, of_fake)
    if number % PENALTY_EVERY == 0:
        loss = loss + package.gradient_penalty(real, of_real)
    loss.backward()
    optimisers[1].step()
    optimisers[0].zero_grad()
    critic(draw())[0].mean().backward()
    optimisers[0].step()


MEASUREMENTS: Measurements = {"steps": steps, "drawing": drawing.measure}
