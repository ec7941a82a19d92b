import pytest
import torch
from torch import Tensor

from vchar import checkpoint
from vchar.errors import VcharError
from vchar.models.face import FaceConfig
from vchar.models.sliders import GROUPS, FaceSliders, SlidersConfig, SliderSpec

DIMS = (6, 4, 5)
GROUP_ENDS = (1, 3)
W = 8


def spec(name: str, minimum: float = -1.0) -> SliderSpec:
    return SliderSpec(name, name.title(), "Skin", "less", "more", minimum)


@pytest.fixture
def sliders() -> FaceSliders:
    """Three sliders with random numbers, on a generator of three layers."""
    config = SlidersConfig((spec("age"), spec("smile"), spec("glasses", 0.0)), "tiny", DIMS, GROUP_ENDS, W)
    sliders = FaceSliders(config)
    random = torch.Generator().manual_seed(3)
    for name in ("directions", "readings", "carriers", "offsets"):
        buffer = getattr(sliders, name)
        buffer.copy_(torch.randn(buffer.shape, generator=random))
    sliders.carriers.copy_(sliders.readings)
    sliders.reach.copy_(torch.tensor([[1.0, 2.0], [0.5, 0.5], [0.0, 1.5]]))
    sliders.bounds.copy_(torch.tensor([[-2.0, 2.0], [-1.0, 1.0], [-3.0, 3.0]]))
    sliders.gains.copy_(torch.tensor([0.8, 1.2, 1.0]))
    sliders.floor.fill_(0.25)
    return sliders


def faces(count: int = 4) -> tuple[list[Tensor], Tensor]:
    random = torch.Generator().manual_seed(5)
    return [torch.randn(count, d, generator=random) for d in DIMS], torch.randn(count, 3, W, generator=random)


def moved(sliders: FaceSliders, values: dict[str, float]) -> Tensor:
    styles, ws = faces()
    return torch.cat(sliders(styles, ws, values), 1) - torch.cat(styles, 1)


def test_neutral_values_change_nothing(sliders: FaceSliders) -> None:
    assert torch.equal(moved(sliders, {}), torch.zeros(4, sum(DIMS)))
    assert torch.equal(moved(sliders, {"age": 0.0}), torch.zeros(4, sum(DIMS)))


def test_a_slider_moves_along_its_own_direction_only(sliders: FaceSliders) -> None:
    change = moved(sliders, {"smile": 0.7})
    alike = torch.nn.functional.cosine_similarity(change, sliders.directions[1][None])
    assert torch.allclose(alike, torch.ones(4), atol=1e-4)


def test_no_face_is_moved_further_than_the_reach(sliders: FaceSliders) -> None:
    readings = torch.randn(200, 3, generator=torch.Generator().manual_seed(1)) * 3
    for value, side in ((-1.0, 0), (1.0, 1)):
        travel = sliders.travel(readings, torch.full((3,), value)).abs()
        assert (travel <= sliders.reach[:, side] + 1e-6).all()


def test_the_clamp_keeps_the_predicted_reading_inside_the_bounds(sliders: FaceSliders) -> None:
    sliders.floor.zero_()
    readings = torch.linspace(-0.9, 0.9, 50)[:, None].expand(-1, 3)  # inside the bounds of all three
    for value in (-1.0, 1.0):
        after = readings + sliders.travel(readings, torch.full((3,), value)) * sliders.gains
        assert (after >= sliders.bounds[:, 0] - 1e-5).all()
        assert (after <= sliders.bounds[:, 1] + 1e-5).all()


def test_a_clamped_slider_still_moves_at_every_step(sliders: FaceSliders) -> None:
    extreme = torch.tensor([[5.0, 5.0, 5.0]])
    travels = torch.cat([sliders.travel(extreme, torch.full((3,), v)) for v in (0.25, 0.5, 0.75, 1.0)])
    assert (travels.diff(dim=0) > 0).all()


def test_values_beyond_the_ends_stop_at_the_ends(sliders: FaceSliders) -> None:
    assert torch.equal(moved(sliders, {"age": 3.0}), moved(sliders, {"age": 1.0}))
    assert torch.equal(moved(sliders, {"glasses": -1.0}), torch.zeros(4, sum(DIMS)))


def test_values_of_a_whole_batch_act_face_by_face(sliders: FaceSliders) -> None:
    styles, ws = faces()
    values = torch.tensor([[0.0, 0, 0], [0.5, 0, 0], [0, -0.5, 0], [0, 0, 1]])
    together = torch.cat(sliders(styles, ws, values), 1)
    for i in range(4):
        alone = torch.cat(sliders([s[i : i + 1] for s in styles], ws[i : i + 1], values[i]), 1)
        assert torch.allclose(together[i : i + 1], alone, atol=1e-6)


def test_keep_restores_the_kept_readings_and_moves_no_more_than_needed(sliders: FaceSliders) -> None:
    _, old = faces()
    new = torch.randn(4, 3, W, generator=torch.Generator().manual_seed(9))
    kept = sliders.keep(new, old, ["age", "glasses"])
    assert torch.allclose(sliders.read(kept)[:, [0, 2]], sliders.read(old)[:, [0, 2]], atol=1e-3)
    assert not torch.allclose(sliders.read(kept)[:, 1], sliders.read(old)[:, 1], atol=1e-3)
    assert torch.equal(sliders.keep(new, old, []), new)


def test_w_reads_like_the_same_w_in_every_layer(sliders: FaceSliders) -> None:
    w = torch.randn(2, W, generator=torch.Generator().manual_seed(2))
    assert torch.allclose(sliders.read(w), sliders.read(w[:, None].expand(-1, 3, -1)), atol=1e-5)


def test_an_unknown_slider_is_refused_by_name(sliders: FaceSliders) -> None:
    with pytest.raises(VcharError, match=r"'ego'.*age, smile, glasses"):
        sliders.vector({"ego": 1.0})


def test_gradients_reach_values_and_styles(sliders: FaceSliders) -> None:
    styles, ws = faces()
    values = torch.full((3,), 0.3, requires_grad=True)
    ws.requires_grad_()
    torch.cat(sliders(styles, ws, values), 1).square().sum().backward()
    assert values.grad is not None
    assert values.grad.abs().min() > 0


def test_two_sliders_of_one_label_are_refused() -> None:
    with pytest.raises(VcharError, match="label"):
        SlidersConfig((spec("a"), SliderSpec("b", "A", "Skin", "", "")), "tiny", DIMS)


def test_the_shipped_sliders_load_strictly_and_fit_the_generator() -> None:
    folder = checkpoint.shipped("face-sliders")
    config = checkpoint.load_config(folder, SlidersConfig)
    sliders = FaceSliders(config)
    sliders.load_state_dict(checkpoint.load_tensors(folder), strict=True)
    assert config.style_dims == FaceConfig().style_dims
    assert len(config.sliders) >= 22
    assert {s.group for s in config.sliders} == set(GROUPS)
    assert (sliders.reach >= 0).all()
    assert (sliders.reach[:, 1] > 0).all()
    assert (sliders.bounds[:, 0] < sliders.bounds[:, 1]).all()
    assert (sliders.gains > 0).all()
