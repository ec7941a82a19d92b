"""The measures of edited photographs, on pictures of the head itself."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from tests.rig.test_warp import portrait, standing, weights
from vchar.data.london import LondonFace
from vchar.errors import VcharError
from vchar.evaluation.fit import Rig
from vchar.evaluation.portrait import compare
from vchar.evaluation.refined import SIZE
from vchar.faces import Landmarks
from vchar.models.portrait import PortraitConfig, PortraitNet
from vchar.refining import Refiner
from vchar.rig.body import HeadModel
from vchar.rig.fit import Fit
from vchar.rig.prior import Prior

SMILE = weights(mouthSmileLeft=0.8, mouthSmileRight=0.8, jawOpen=0.1)


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


def picture(head: HeadModel, fit: Fit) -> Image.Image:
    return Image.fromarray((portrait(head, fit, SIZE) * 255).astype(np.uint8))


def difference(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a - b).abs().mean()


def test_the_warp_comes_nearer_than_the_photograph_and_who_can_t_be_read_is_left_out(head: HeadModel) -> None:
    neutral, smiling = (standing(head, arkit, SIZE) for arkit in (weights(), SMILE))
    person = LondonFace("1", picture(head, neutral), picture(head, smiling), np.zeros((70, 2), np.float32))
    shown = {person.neutral.tobytes(): neutral, person.smile.tobytes(): smiling}

    def find(image: Image.Image) -> Landmarks | None:
        fit = shown.get(image.tobytes())
        if fit is None:
            return None
        points = fit.camera.project(head.shape(fit.phenotype, fit.local, fit.arkit)[head.landmarks])[:, :2]
        return Landmarks(points, np.ones(70, np.float32))

    rig = Rig(head, Prior.load(), find)
    nobody = replace(person, name="2", smile=Image.new("RGB", (SIZE, SIZE)))
    net = PortraitNet(PortraitConfig(widths=(8, 16, 16, 24), style=16))
    with torch.no_grad():
        dict(net.named_parameters())["head.bias"][48:] = -20  # nothing shows of what it paints
    refiner = Refiner(net, torch.device("cpu"))
    found = compare(rig, refiner, [person, nobody], difference, lambda image: float(image.mean()), lambda _line: None)
    assert (found["n"], found["left_out"]) == (1, 1)
    for way in ("to_smile", "to_neutral"):
        assert found[f"{way}_lpips_refined"] == pytest.approx(found[f"{way}_lpips_warp"], rel=0.02)
        assert found[f"{way}_lpips_warp"] < 0.8 * found[f"{way}_lpips_photo"]
    assert found["happiness_real"] == pytest.approx(found["happiness_warp"], rel=0.05)
    with pytest.raises(VcharError, match="Nobody's two photographs"):
        compare(rig, refiner, [nobody], difference, lambda _image: 0.0)
