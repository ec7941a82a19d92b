"""Where a face lies in the Studio generator's latent space: found for a picture, and written into a recipe."""

from __future__ import annotations

import base64

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from vchar.errors import VcharError
from vchar.models.face_encoder import FaceEncoder
from vchar.models.pixels import from_bytes
from vchar.models.studio_face import StudioFace
from vchar.rig import align
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit

STEPS = 25  # in a unit of z; a signed byte reaches 5 units to either side


def write(z: Tensor) -> str:
    """z [1,z_dim] as URL-safe letters: a signed byte a number, cut off where that ends."""
    steps = (z[0].cpu() * STEPS).round().clamp(-127, 127).to(torch.int8)
    return base64.urlsafe_b64encode(steps.numpy().tobytes()).decode().rstrip("=")


def read(place: str, z_dim: int) -> Tensor:
    """The z [1,z_dim] that `write` wrote; VcharError where it has another length."""
    steps = np.frombuffer(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)), np.int8)
    if len(steps) != z_dim:
        raise VcharError(
            f"This face's place has {len(steps)} numbers, but this vchar's Studio generator knows places of {z_dim}; "
            "use the vchar that made it, or make it anew from its picture."
        )
    return torch.from_numpy(steps / np.float32(STEPS))[None]


@torch.inference_mode()
def find(net: StudioFace, encoder: FaceEncoder, picture: Image.Image, head: HeadModel, fit: Fit) -> str:
    """The place of a face to which a head was fitted: looks as the encoder sees them, the shape of the head."""
    calm = head.shape(fit.phenotype, fit.local, np.zeros_like(fit.arkit))
    square = align.crop(picture, *align.seen_by(fit.camera, calm[head.landmarks]), net.config.size)
    seen = encoder(from_bytes(torch.from_numpy(np.array(square))).to(net.w_avg)[None])
    shape = net.head.project(torch.from_numpy(calm).to(net.w_avg))[None]
    looks = net.in_units(seen.mean[:, : net.config.z_dim - shape.shape[1]])
    return write(torch.cat([looks, shape], dim=1))
