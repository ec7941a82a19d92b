"""`vchar train face-encoder`: the Studio generator's encoder, from invented faces and from real pictures.

On invented faces it learns which z they were made of, on pictures to find the z that the generator makes them of again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from vchar import checkpoint
from vchar.data.face_shards import FaceShards
from vchar.evaluation.generators import load_studio
from vchar.evaluation.workers import Log
from vchar.models.face_encoder import FaceEncoder, FaceEncoderConfig
from vchar.models.studio_face import StudioFace
from vchar.rig.body import HeadModel
from vchar.training.adversarial import reading_loss, unlike
from vchar.training.face_batches import Batches
from vchar.training.loop import Schedule, fit
from vchar.training.processes import Processes
from vchar.training.studio_head import known_shapes

BATCH, RATE, WARM_UP = 16, 5e-4, 200
DIVERGENCE = 0.05  # weight of the prior beside the mean difference of pixels
INVENTED = 0.1  # weight of what is learnt on invented faces
ALONE = Processes(0, 1, torch.device("cpu"))


def train(
    *,
    data: Path,
    generator: Path | None = None,
    steps: int = 10_000,
    seed: int = 0,
    output: Path = Path("runs/face-encoder"),
    ship: bool = False,
    log: Log = print,
) -> Path:
    """Train on the shards in `data`, for the generator in a folder (the shipped one if None); returns the checkpoint's
    folder, the shipped one if `ship`.

    A run that was stopped goes on. Raises VcharError when the data or the generator can't be read.
    """
    torch.manual_seed(seed)
    net = load_studio(generator or checkpoint.shipped("face-studio"))
    config = FaceEncoderConfig(net.config.z_dim, len(net.config.conditions), min(64, net.config.size))
    encoder = FaceEncoder(config).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    shards = FaceShards(data)
    shapes = known_shapes(net.head, HeadModel.load(), shards)
    batches = Batches(shards, shapes, net.config.size, BATCH, net.config.z_dim, seed)
    optimiser = torch.optim.AdamW(encoder.parameters(), RATE, (0.9, 0.99), weight_decay=1e-4, fused=True)
    schedule = Schedule(steps, WARM_UP, average=0.998, clip=1.0, seed=seed)
    averaged = fit(encoder, optimiser, objective(encoder, net, batches), schedule, folder=output, log=log)
    folder = checkpoint.beside(checkpoint.shipped("face-studio"), "encoder") if ship else output / "checkpoint"
    checkpoint.save(folder, config, checkpoint.halved(averaged))
    return folder


def objective(encoder: FaceEncoder, net: StudioFace, batches: Batches) -> Callable[[int, torch.Generator], Tensor]:
    """The loss of a step."""

    def loss(step: int, random: torch.Generator) -> Tensor:
        batch = batches(step, ALONE)
        place, known = encoder(batch.pictures), batch.known
        drawn = place.draw(torch.randn(place.mean.shape, generator=random))
        again = net(torch.where(known.isnan(), drawn, known), batch.conditions)
        of_pictures = unlike(again, batch.pictures) + DIVERGENCE * place.price(known)
        with torch.no_grad():
            z = net.someone(batch.normal)
            invented = net(z, batch.asked)
        guess = encoder(invented)
        of_invented = guess.price(z) + reading_loss(guess.conditions, net.code(batch.asked))
        return of_pictures + reading_loss(place.conditions, net.code(batch.conditions)) + INVENTED * of_invented

    return loss
