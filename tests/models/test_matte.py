"""The matte network takes any picture; its mattes are as sharp as the picture's edges."""

import torch

from vchar.models.matte import MatteConfig, MatteNet, sharpened

TINY = MatteConfig(side=64, widths=(8, 16, 24, 32), fine=8, finest=8)


def test_mattes_have_the_pictures_size_and_are_shares() -> None:
    net = MatteNet(TINY).eval()
    for height, width in ((64, 64), (100, 37), (33, 210)):
        matte = net.cut(torch.rand(1, 3, height, width))
        assert matte.shape == (1, 2, height, width)
        assert 0 <= float(matte.min()) <= float(matte.max()) <= 1


def test_a_blurred_edge_moves_to_where_the_picture_has_one() -> None:
    picture = torch.full((1, 3, 256, 256), 0.2)
    picture[..., 130:] = 0.8
    picture += 0.02 * torch.rand(picture.shape, generator=torch.Generator().manual_seed(0))
    small = torch.nn.functional.interpolate(picture, (64, 64), mode="bilinear", antialias=True)
    vague = ((torch.arange(64) - 30) / 6).clamp(0, 1).expand(1, 1, 64, 64)
    sharp = sharpened(vague, small, picture)[0, 0]
    assert sharp[:, 120].mean() < 0.15
    assert sharp[:, 140].mean() > 0.8


def test_far_from_edges_the_pictures_colours_have_no_say() -> None:
    noise = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    assert (sharpened(torch.ones(1, 1, 64, 64), noise, noise) == 1).all()
    assert (sharpened(torch.zeros(1, 1, 64, 64), noise, noise) == 0).all()
