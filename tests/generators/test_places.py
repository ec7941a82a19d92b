"""Places in the latent space: written without loss that shows, and found as the training knew them."""

import numpy as np
import pytest
import torch
from PIL import Image

from tests.test_reading import PICTURE, posed, reader
from vchar.data.conditions import NAMES
from vchar.errors import VcharError
from vchar.generators import places
from vchar.models.face_encoder import FaceEncoder, FaceEncoderConfig
from vchar.models.studio_face import StudioFace, StudioFaceConfig
from vchar.models.studio_head import StudioHeadConfig

LOOKS, SHAPES = 6, 3


def test_a_place_is_read_as_it_was_written() -> None:
    z = torch.randn(1, 144, generator=torch.Generator().manual_seed(0))
    z[0, :2] = torch.tensor([70.0, -70.0])
    again = places.read(places.write(z), 144)
    assert again[0, :2].tolist() == pytest.approx([127 / 25, -127 / 25])
    assert float((again - z)[0, 2:].abs().max()) <= 0.5 / places.STEPS + 1e-6
    assert places.write(again) == places.write(z)


@pytest.mark.parametrize(("place", "length"), [("AAAA", 3), ("AA", 1), ("A" * 400, 300)])
def test_a_place_of_another_length_is_a_sentence(place: str, length: int) -> None:
    with pytest.raises(
        VcharError, match=f"has {length} numbers, but this vchar's Studio generator knows places of 144"
    ):
        places.read(place, 144)


def test_a_picture_gives_its_looks_and_the_head_behind_it_its_shape() -> None:
    one = reader(posed(20))
    fit = one.fit(PICTURE, one.face(PICTURE, 0, "hero.png"))
    head = StudioHeadConfig(vertices=len(one.head.mean), shapes=SHAPES)
    torch.manual_seed(0)
    net = StudioFace(StudioFaceConfig(32, NAMES, channels=(8, 8, 8), z_dim=LOOKS + SHAPES, w_dim=8, head=head))
    encoder = FaceEncoder(FaceEncoderConfig(LOOKS + SHAPES, len(NAMES), 16, channels=(8, 8), features=8))
    calm = torch.from_numpy(one.head.shape(fit.phenotype, fit.local, np.zeros_like(fit.arkit)))
    across = torch.linalg.qr(torch.randn(calm.numel(), SHAPES)).Q.T.reshape(SHAPES, *calm.shape)
    net.head.shape.copy_(across * torch.tensor([3.0, 2.0, 1.0])[:, None, None])
    net.head.mean.copy_(calm - 2 * net.head.shape[0] + net.head.shape[2])

    def found(picture: Image.Image, size: float = 1) -> list[float]:
        return places.read(places.find(net, encoder, picture, one.head, fit.scaled(size)), LOOKS + SHAPES)[0].tolist()

    here = found(PICTURE)
    assert here[LOOKS:] == pytest.approx([2, 0, -1], abs=0.03)
    assert np.square(here[:LOOKS]).mean() == pytest.approx(1, abs=0.05)
    assert found(Image.new("RGB", PICTURE.size, "tan")) != here
    twice = PICTURE.resize((512, 512), Image.Resampling.BICUBIC)
    assert found(twice, 2) == pytest.approx(here, abs=0.1)
