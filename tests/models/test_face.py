"""The face generator's shapes, spaces and gradients, on a tiny one with random weights."""

import dataclasses
import json

import pytest
import torch

from vchar.models import face
from vchar.models.face import FaceConfig, FaceGenerator, PreviewConfig, PreviewHead, inverse_haar

TINY = FaceConfig(
    resolution=64, channels=(16, 16, 8, 8), z_dim=12, w_dim=10, mapping_layers=2, previews=(PreviewConfig(32, 4),)
)


@pytest.fixture
def generator() -> FaceGenerator:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return FaceGenerator(TINY).eval()


def seeds(generator: FaceGenerator, *numbers: int) -> torch.Tensor:
    return torch.cat([generator.w_of_seed(n) for n in numbers])


def test_config_survives_json() -> None:
    assert FaceConfig(**json.loads(json.dumps(dataclasses.asdict(TINY)))) == TINY


def test_config_refuses_channels_that_do_not_reach_the_resolution() -> None:
    with pytest.raises(ValueError, match="not 128"):
        dataclasses.replace(TINY, resolution=128)


def test_default_config_has_the_23_slots_of_the_photo_real_weights() -> None:
    assert FaceConfig().num_ws == 23
    assert sum(FaceConfig().style_dims) == 6752


@pytest.mark.parametrize("size", [32, 64, None])
def test_batch_gives_the_same_pictures_as_one_by_one(generator: FaceGenerator, size: int | None) -> None:
    w = seeds(generator, 1, 2, 3)
    batch = generator.synthesis(generator.synthesis.styles(w), size)
    assert batch.shape == (3, 3, size or 64, size or 64)
    single = torch.cat([generator.synthesis(generator.synthesis.styles(row[None]), size) for row in w])
    torch.testing.assert_close(batch, single)


def test_pictures_are_the_same_with_and_without_gradients(generator: FaceGenerator) -> None:
    styles = generator.synthesis.styles(seeds(generator, 5))
    with torch.inference_mode():
        plain = generator.synthesis(styles)
    torch.testing.assert_close(generator.synthesis(styles), plain)


def test_bands_of_rows_give_the_same_picture_as_the_whole(
    generator: FaceGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    styles = generator.synthesis.styles(seeds(generator, 5, 6))
    with torch.inference_mode():
        whole = generator.synthesis(styles)
        monkeypatch.setattr(face, "BAND_BYTES", 8000)
        torch.testing.assert_close(generator.synthesis(styles), whole)


def test_w_is_w_plus_with_one_row_for_all_slots(generator: FaceGenerator) -> None:
    w = seeds(generator, 4)
    ws = w[:, None].expand(-1, generator.num_ws, -1)
    for a, b in zip(generator.synthesis.styles(w), generator.synthesis.styles(ws), strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("size", [32, 64])
def test_gradients_reach_z_through_every_style(generator: FaceGenerator, size: int) -> None:
    z = torch.randn(2, TINY.z_dim, generator=torch.Generator().manual_seed(1), requires_grad=True)
    head = generator.synthesis.previews["32"]
    assert isinstance(head, PreviewHead)
    head.modulation.weight.data.fill_(0.1)  # an untrained head ignores the styles
    styles = generator.synthesis.styles(generator.mapping(z))
    for style in styles:
        style.retain_grad()
    generator.synthesis(styles, size).square().mean().backward()
    assert z.grad is not None
    assert z.grad.abs().sum() > 0
    assert all(style.grad is not None and style.grad.abs().sum() > 0 for style in styles)


def test_a_size_without_a_head_is_refused(generator: FaceGenerator) -> None:
    with pytest.raises(ValueError, match=r"\[32, 64\] px, not 48"):
        generator.synthesis(generator.synthesis.styles(generator.w_avg[None]), 48)


def test_seed_gives_the_same_w_each_time_and_another_seed_another(generator: FaceGenerator) -> None:
    assert torch.equal(generator.w_of_seed(7), generator.w_of_seed(7))
    assert not torch.equal(generator.w_of_seed(7), generator.w_of_seed(8))


def test_bfloat16_pictures_stay_close_to_float32(generator: FaceGenerator) -> None:
    styles = generator.synthesis.styles(seeds(generator, 1, 2))
    exact = generator.synthesis(styles)
    rounded = generator.set_synthesis_dtype(torch.bfloat16).synthesis(styles)
    assert rounded.dtype == torch.bfloat16
    assert (rounded.float() - exact).abs().mean() < 0.02 * exact.abs().mean()


def test_choosing_bfloat16_leaves_mapping_and_affine_layers_exact(generator: FaceGenerator) -> None:
    z = torch.randn(1, TINY.z_dim, generator=torch.Generator().manual_seed(1))
    exact = generator.synthesis.styles(generator.mapping(z))
    generator.set_synthesis_dtype(torch.bfloat16)
    assert all(map(torch.equal, exact, generator.synthesis.styles(generator.mapping(z))))


def test_inverse_haar_undoes_the_haar_transform() -> None:
    picture = torch.randn(2, 5, 8, 6, generator=torch.Generator().manual_seed(0))
    a, b = picture[:, :, 0::2, 0::2], picture[:, :, 0::2, 1::2]
    c, d = picture[:, :, 1::2, 0::2], picture[:, :, 1::2, 1::2]
    low = (a + b + c + d) / 2
    high = torch.stack([a + b - c - d, a - b + c - d, a - b - c + d], dim=2) / 2
    torch.testing.assert_close(inverse_haar(torch.cat([low, high.flatten(1, 2)], dim=1)), picture)
