"""Stand-ins for what a test must not need: weights that were fetched or trained."""

from pathlib import Path

import torch

from vchar import checkpoint
from vchar.data.conditions import NAMES, VIEW
from vchar.generators.studio import OURS
from vchar.models.face import FaceConfig, FaceGenerator
from vchar.models.face_encoder import FaceEncoder, FaceEncoderConfig
from vchar.models.studio_face import StudioFace, StudioFaceConfig


@torch.no_grad()
def untrained_generator() -> FaceGenerator:
    """A full-size generator with random weights; its pictures are colourful noise that depends on every style."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        generator = FaceGenerator(FaceConfig()).eval().requires_grad_(False)
    for linear in generator.mapping.modules():
        if isinstance(linear, torch.nn.Linear):
            torch.nn.init.normal_(linear.weight, std=512**-0.5, generator=torch.Generator().manual_seed(99))
    synthesis = generator.synthesis
    for affine in synthesis.affine:
        assert isinstance(affine, torch.nn.Linear)
        affine.bias.add_(1)
    styles = synthesis.styles(generator.w_of_seed(0))
    heads = {256: synthesis.previews["256"].linear, 512: synthesis.previews["512"].linear, 1024: synthesis.to_wavelets}
    for size, head in heads.items():
        assert isinstance(head, torch.nn.Conv2d)
        head.weight.div_(2 * synthesis(styles, size).std())
    return generator


@torch.no_grad()
def untrained_studio_face(folder: Path, size: int = 64) -> Path:
    """A small checkpoint of the Studio generator with random weights; returns `folder`."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = StudioFaceConfig(size, NAMES, channels=(32, 24, 16, 8), z_dim=16, w_dim=24, licence=OURS.name)
        net = StudioFace(config)
    net.code.mean.fill_(0.5)
    net.code.spread.fill_(0.25)
    for angle in VIEW:
        net.code.mean[NAMES.index(angle)], net.code.spread[NAMES.index(angle)] = 0, 10
    checkpoint.save(folder, net.config, net.state_dict())
    return folder


def untrained_encoder(generator: Path, size: int = 16) -> None:
    """An encoder with random weights beside a checkpoint that `untrained_studio_face` made."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        encoder = FaceEncoder(FaceEncoderConfig(16, len(NAMES), size, channels=(8, 8), features=8))
    checkpoint.save(checkpoint.beside(generator, "encoder"), encoder.config, encoder.state_dict())
