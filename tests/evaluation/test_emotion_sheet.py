"""A tile of the recogniser's contact sheet."""

import numpy as np
import torch

from vchar.evaluation.emotion_sheet import CROP, PORTRAIT, tile
from vchar.models.expression import EYES_AND_MOUTH, EmotionConfig, EmotionNet


def test_a_tile_shows_the_portrait_above_what_the_network_sees_of_it() -> None:
    torch.manual_seed(0)
    net = EmotionNet(EmotionConfig(widths=(4,), depths=(0,))).eval()
    landmarks = torch.zeros(68, 2)
    places = 2 * torch.tensor(EYES_AND_MOUTH)
    landmarks[36:42], landmarks[42:48], landmarks[[48, 54]] = places[0], places[1], places[2]
    picture = np.full((96, 96, 3), (200, 0, 0), np.uint8)
    with torch.inference_mode():
        page = np.asarray(tile(net, picture, landmarks))
    assert page.shape == (PORTRAIT + CROP, PORTRAIT, 3)
    assert np.abs(page[:PORTRAIT].astype(int) - (200, 0, 0)).max() < 3
    assert np.abs(page[PORTRAIT:, :CROP].astype(int) - round(200 * 0.299)).max() < 3
