"""The head inside the Studio generator: where its parts land in the picture, whatever is asked of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation
from torch import Tensor

from vchar.data.conditions import ATTRIBUTES, NAMES, row
from vchar.data.face_shards import NOBODY, UNTOLD, FaceShards, Shard
from vchar.data.portraits import shape_of, shape_of_seed
from vchar.models.studio_face import StudioFace, StudioFaceConfig
from vchar.models.studio_head import Guide, StudioHead, StudioHeadConfig, rotation
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.camera import euler
from vchar.training import studio_head
from vchar.training.studio_head import LENGTHS, build, components, known_shapes

EYE, PUPIL, TEETH = 7, 8, 9  # layers of a guide


@pytest.fixture(scope="module")
def head() -> HeadModel:
    return HeadModel.load()


@pytest.fixture(scope="module")
def net(head: HeadModel) -> StudioHead:
    return build(head, people=200)


def asked(net: StudioHead, **values: float) -> Tensor:
    arkit = np.array([values.get(name, 0.0) for name in ARKIT_NAMES])
    pose = np.array([values.get(name, 0.0) for name in ("yaw", "pitch", "roll")])
    told = {name: values[name] for name in ATTRIBUTES if name in values}
    return net.asked(torch.from_numpy(row(told, arkit, pose, photo=0))[None], NAMES)


def drawn(net: StudioHead, side: int = 64, person: Tensor | None = None, **values: float) -> Guide:
    return net(torch.zeros(1, net.config.shapes) if person is None else person, asked(net, **values), side)


def middle(layer: Tensor) -> tuple[float, float]:
    """Mean x and y of a layer [S,S], in sides of the picture."""
    y, x = torch.meshgrid(*[torch.arange(side) / side for side in layer.shape], indexing="ij")
    return float((x * layer).sum() / layer.sum()), float((y * layer).sum() / layer.sum())


@pytest.mark.parametrize("view", [(30.0, 0.0, 0.0), (-12.0, 17.0, 5.0)])
def test_heads_turn_as_the_rig_turns_them(view: tuple[float, float, float]) -> None:
    np.testing.assert_allclose(rotation(torch.tensor([view]))[0].numpy(), euler(*view), atol=1e-6)
    assert Rotation.from_matrix(euler(*view)).magnitude() > 0


def test_a_calm_head_is_framed_like_a_portrait_with_both_eyes_open(net: StudioHead) -> None:
    layers, uv = drawn(net)
    eyes = layers[0, EYE]
    assert middle(eyes) == pytest.approx((0.5, 0.47), abs=0.03)
    right, left = (middle(half)[0] / 2 for half in eyes.split(32, dim=1))
    assert 0.5 + left - right == pytest.approx(1 / 4, abs=0.03)  # see `vchar.rig.align`
    assert layers[0, 0].mean() > 0.4
    assert uv.abs().max() <= 1


def test_the_face_looks_where_it_is_asked_to(net: StudioHead) -> None:
    ahead, aside = drawn(net), drawn(net, yaw=30.0)
    facing = [guide.layers[0, 1, 20:44, 20:44].mean() for guide in (ahead, aside)]
    assert facing[0].abs() < 0.1
    assert facing[1] > 0.2


def test_lids_close_and_the_mouth_shows_its_teeth(net: StudioHead) -> None:
    calm, shut = drawn(net, 128), drawn(net, 128, eyeBlinkLeft=1.0, eyeBlinkRight=1.0)
    assert shut.layers[0, PUPIL].sum() < 0.3 * calm.layers[0, PUPIL].sum()
    grin = drawn(net, 128, jawOpen=0.5, mouthUpperUpLeft=1.0, mouthUpperUpRight=1.0)
    assert grin.layers[0, TEETH].sum() > 10 + calm.layers[0, TEETH].sum()


def test_there_are_no_holes_in_a_face(net: StudioHead) -> None:
    for yaw in (0.0, 35.0):
        cover = drawn(net, 128, yaw=yaw).layers[0, 0, 40:90, 50:78]
        assert cover.mean() > 0.995


def test_asked_lengths_come_and_the_others_stay(net: StudioHead, head: HeadModel) -> None:
    person = torch.randn(1, net.config.shapes, generator=torch.Generator().manual_seed(1))

    def measured(one: Tensor) -> dict[str, float]:
        calm = net.mean + (one @ net.shape.flatten(1)).view(-1, 3)
        return shape_of(calm.numpy()[head.landmarks])

    before = measured(person)
    wish = before["nose_width"] * 1.15
    known = asked(net, nose_width=wish)
    _, lengths, told, _ = known.split([len(ARKIT_NAMES), len(LENGTHS), len(LENGTHS), 3], dim=1)
    after = measured(net.with_lengths(person, lengths, told))
    assert after["nose_width"] - before["nose_width"] == pytest.approx(wish - before["nose_width"], rel=0.5)
    for name in set(LENGTHS) - {"nose_width"}:
        assert after[name] == pytest.approx(before[name], rel=0.03)


def test_what_is_asked_halfway_moves_the_head_halfway(net: StudioHead) -> None:
    none, whole = asked(net), asked(net, jawOpen=1.0, yaw=20.0, nose_width=0.5)
    torch.testing.assert_close(net.asked(torch.full((1, len(NAMES)), torch.nan), NAMES)[:, :52], none[:, :52])
    half = torch.lerp(none, whole, 0.5)
    assert half[0, ARKIT_NAMES.index("jawOpen")] == 0.5
    assert half[0, -3] == 10.0


def shown(folder: Path, *who: tuple[int, NDArray[np.float32]]) -> FaceShards:
    """Shards of grey pictures of these people, each with what is known of the head."""
    grey, told = np.zeros((16, 16, 3), np.uint8), row({}, np.zeros(52), np.zeros(3), photo=0)
    for i, (person, identity) in enumerate(who):
        shard = Shard(16)
        shard.add(grey, told, person, identity)
        shard.write(folder / f"faces-{i}.safetensors")
    return FaceShards(folder)


def test_people_of_the_factory_and_fitted_ones_are_found_again_in_the_components(
    net: StudioHead, head: HeadModel, tmp_path: Path
) -> None:
    seed = studio_head.FIRST_PERSON + 500  # not among those that the components are of
    fitted = np.zeros(len(head.phenotype) + len(head.local_up), np.float32)
    shapes = known_shapes(
        net, head, shown(tmp_path, (seed, UNTOLD), (NOBODY, np.full_like(fitted, np.nan)), (NOBODY, fitted))
    )
    assert shapes.of[1].isnan().all()
    torch.testing.assert_close(shapes.of[2], net.project(torch.from_numpy(head.mean)))
    calm = shape_of_seed(head, seed)
    again = net.mean + (shapes.of[:1] @ net.shape.flatten(1)).view(-1, 3)
    marks = head.landmarks[:68]
    error = np.linalg.norm(again.numpy()[marks] - calm[marks], axis=1).mean()
    apart = np.linalg.norm(net.mean.numpy()[marks] - calm[marks], axis=1).mean()
    assert error < 0.4 * apart


def test_a_mirrored_head_has_mirrored_shapes(net: StudioHead, head: HeadModel, tmp_path: Path) -> None:
    calm = shape_of_seed(head, studio_head.FIRST_PERSON + 3)
    mirrored = calm[head.mirror] * np.array([-1, 1, 1], np.float32)
    one, other = (net.project(torch.from_numpy(each)) for each in (calm, mirrored))
    mirror = known_shapes(net, head, shown(tmp_path, (NOBODY, UNTOLD))).mirror
    torch.testing.assert_close(one * mirror, other, atol=0.05, rtol=0.05)


def test_components_are_standard_deviations(head: HeadModel) -> None:
    calm = np.stack([shape_of_seed(head, i) for i in range(60)])
    _, shape = components(head, calm)
    assert np.isfinite(shape).all()
    even = (calm + calm[:, head.mirror] * np.array([-1, 1, 1], np.float32)) / 2
    rows = (even - even.mean(0)).reshape(60, -1) @ shape[0].ravel() / (shape[0] ** 2).sum()
    assert rows.std() == pytest.approx(1, abs=0.05)


def test_faces_painted_in_bfloat16_are_those_of_float32(net: StudioHead) -> None:
    torch.manual_seed(0)
    config = StudioFaceConfig(32, NAMES, (16, 16, 8), (8, 8, 8), 8 + net.config.shapes, 12, net.config)
    face = StudioFace(config).eval().requires_grad_(False)
    face.head.load_state_dict(net.state_dict())
    w = face.w(face.of_seed(1), torch.zeros(1, len(NAMES)))
    with torch.inference_mode():
        exact, fast = face.synthesis(w), face.painting_in(torch.bfloat16).synthesis(w)
    assert exact.std() > 0.1
    torch.testing.assert_close(fast.float(), exact, atol=0.1 * float(exact.std()), rtol=0.1)


def test_an_empty_head_guides_nobody() -> None:
    net = StudioHead(StudioHeadConfig())
    layers, uv = net(torch.zeros(2, 0), net.asked(torch.zeros(2, 3), ("yaw", "a", "b")), 16)
    assert not layers.any()
    assert uv.shape == (2, 16, 16, 2)
