import numpy as np
import pytest
import torch

from vchar.evaluation.probe import Probes
from vchar.models.face import FaceConfig
from vchar.models.sliders import FaceSliders, SlidersConfig
from vchar.training import sliders as recipe
from vchar.training.sampling import Faces
from vchar.training.slider_table import LEFT_OUT, TARGETS
from vchar.training.sliders import LinearFace, effects, fit, without

NAMES = ("age", "smile")


def sampled(count: int = 600) -> Faces:
    """Faces whose age is the first number of their code in the first group, and whose smile is noise."""
    random = np.random.default_rng(0)
    codes = random.normal(size=(count, 5, 16)).astype(np.float32)
    values = np.stack([20 + 5 * codes[:, 0, 0], random.normal(size=count)], 1).astype(np.float32)
    return Faces(codes, values, random.normal(size=(count, 48)).astype(np.float32))


@pytest.fixture(scope="module")
def linear_face() -> LinearFace:
    """A fit to a few components, of which the first number of w is one."""
    offsets = torch.randn(2000, 16, generator=torch.Generator().manual_seed(0))
    offsets[:, :8] *= 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe, "COMPONENTS", 8)
        return fit(sampled(), NAMES, offsets)


def test_fitting_finds_the_reading_that_codes_explain(linear_face: LinearFace) -> None:
    by_code = linear_face.whitening.readers(linear_face.gradients)
    assert by_code[0].abs().argmax() == 0
    assert linear_face.r2[0] > 0.5 > linear_face.r2[1]
    assert (linear_face.natural[:, 0] < 0).all()
    assert (linear_face.natural[:, 1] > 0).all()


def test_effects_are_slopes_in_standard_deviations_per_unit_of_travel(linear_face: LinearFace) -> None:
    travels = (-1.0, 1.0)
    base = np.zeros((3, 2), np.float32)
    change = np.array([[-0.5, 0], [0.5, 0]], np.float32) * linear_face.std.numpy()
    identity = np.zeros((3, 2, 48), np.float32)
    probes = Probes(
        base,
        base,
        identity[:, 0],
        np.ones(3, np.float32),
        base[:, None] + change,
        identity,
        np.ones((3, 2), np.float32),
    )
    measured = effects(probes, linear_face, travels)
    assert torch.allclose(measured[0, :2], torch.tensor([0.5, 0.0]), atol=1e-4)
    assert torch.allclose(measured[0, 2:], torch.zeros(measured.shape[1] - 2), atol=1e-4)


def test_leaving_sliders_out_leaves_the_others_as_they_were() -> None:
    sliders = FaceSliders(SlidersConfig(TARGETS, "tiny", FaceConfig().style_dims))
    sliders.gains.copy_(torch.arange(1.0, len(TARGETS) + 1))
    fewer = without(sliders, LEFT_OUT)
    assert set(LEFT_OUT).isdisjoint(fewer.config.names)
    assert len(fewer.config.sliders) == len(TARGETS) - len(LEFT_OUT)
    for name in fewer.config.names:
        assert fewer.gains[fewer.index(name)] == sliders.gains[sliders.index(name)]
