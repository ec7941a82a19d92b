"""Pairs of pictures of one person, on pictures of the head itself whose truth is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vchar.data.pairs import Pair, load, pair_back, pair_exactly, pair_up, save
from vchar.raster import interpolate
from vchar.rig import guide
from vchar.rig.blendshapes import ARKIT_NAMES
from vchar.rig.body import HeadModel
from vchar.rig.camera import Camera, euler
from vchar.rig.fit import Fit
from vchar.rig.view import NOTHING, View
from vchar.rig.warp import WarpSource

SIZE = 192


def portrait(head: HeadModel, fit: Fit) -> np.ndarray:
    """The head in plain colours before a grey wall."""
    view = View(head, head.shape(fit.phenotype, fit.local, fit.arkit), fit.camera, SIZE, SIZE)
    colour = interpolate(view.raster, head.faces, head.albedo)
    return np.where((view.part == NOTHING)[..., None], 0.5, colour).clip(0, 1).astype(np.float32)


@pytest.fixture(scope="module")
def neutral(head: HeadModel) -> Fit:
    camera = Camera(np.eye(3), np.array([0.0, 0.02, 1.1]), 4.2 * SIZE, (SIZE / 2, SIZE / 2))
    rest = np.zeros(len(head.phenotype), np.float32), np.zeros(len(head.local_names), np.float32)
    return Fit(*rest, np.zeros(52, np.float32), camera, 0.0, 1.0)


@pytest.fixture(scope="module")
def source(head: HeadModel, neutral: Fit) -> WarpSource:
    return WarpSource(head, portrait(head, neutral), neutral)


@pytest.fixture(scope="module")
def smiling(neutral: Fit) -> Fit:
    """Also turned, and farther to the side and away in its picture."""
    arkit = np.zeros(52, np.float32)
    arkit[[ARKIT_NAMES.index(f"mouthSmile{side}") for side in ("Left", "Right")]] = 0.8
    camera = replace(neutral.camera, rotation=euler(10, 0, 0), translation=np.array([0.01, 0.03, 1.2]))
    return replace(neutral, arkit=arkit, camera=camera)


@pytest.fixture(scope="module")
def pair(head: HeadModel, source: WarpSource, smiling: Fit) -> Pair:
    found = pair_up(source, portrait(head, smiling), smiling)
    assert found is not None
    return found


def test_the_target_is_moved_to_where_the_warp_puts_the_head(pair: Pair) -> None:
    sure = np.kron(pair.guide[..., 0] * pair.guide[..., 2] > 0.95, np.ones((2, 2))) > 0
    apart = np.abs(pair.warped.astype(float) - pair.target)[sure].mean()
    unmoved = np.abs(pair.source.astype(float) - pair.target)[sure].mean()
    assert apart < 8
    assert apart < unmoved / 2
    assert pair.weight[SIZE // 4 :, SIZE // 4].max() > 0.9  # the face counts, what is about it doesn't
    assert pair.weight[:4].max() == 0


def test_it_says_what_changed(pair: Pair, smiling: Fit) -> None:
    assert pair.change.shape == (guide.CHANGES,)
    np.testing.assert_allclose(pair.change[:52], smiling.arkit)
    np.testing.assert_allclose(pair.change[52:] * guide.FAR, [10, 0, 0], atol=1e-4)
    assert pair.guide.shape == (SIZE // 2, SIZE // 2, guide.GUIDES)
    assert np.abs(pair.guide[..., 7:]).max() > 0.1


def test_another_person_is_refused(head: HeadModel, source: WarpSource, neutral: Fit) -> None:
    other = portrait(head, neutral)
    other[: SIZE // 2] *= (0.4, 1, 1.6)
    assert pair_up(source, other.clip(0, 1), neutral) is None


def test_what_is_known_exactly_counts_wherever_the_target_shows_it(
    head: HeadModel, source: WarpSource, smiling: Fit, pair: Pair
) -> None:
    marks = smiling.camera.project(head.shape(smiling.phenotype, smiling.local, smiling.arkit)[head.landmarks])[:, :2]
    target = portrait(head, smiling) * 0.5
    exact = pair_exactly(source, target, smiling.arkit, (10.0, 0.0, 0.0), marks)
    np.testing.assert_allclose(exact.change, pair.change, atol=1e-5)
    assert exact.target.mean() < 0.6 * pair.target.mean()  # its light is not taken off
    assert exact.weight.min() >= 0
    assert (exact.weight >= pair.weight).all()


def test_a_spoilt_picture_is_warped_back_to_where_it_was(head: HeadModel, source: WarpSource, smiling: Fit) -> None:
    pair = pair_back(source, head, smiling.arkit, (20.0, 5.0, -3.0))
    np.testing.assert_array_equal(pair.target, (source.picture * 255 + 0.5).astype(np.uint8))
    np.testing.assert_allclose(pair.change[:52], -smiling.arkit, atol=1e-6)
    assert pair.change[52] * guide.FAR < -18
    sure = np.kron(pair.guide[..., 0] * pair.guide[..., 2] > 0.95, np.ones((2, 2))) > 0
    away, back = (np.abs(picture.astype(float) - pair.target)[sure].mean() for picture in (pair.source, pair.warped))
    assert back < 0.6 * away


def test_what_is_written_is_read_back(tmp_path: Path, pair: Pair) -> None:
    save(tmp_path / "pair.npz", pair)
    read = load(tmp_path / "pair.npz")
    for name in ("source", "warped", "target"):
        assert np.abs(getattr(read, name).astype(int) - getattr(pair, name)).mean() < 3
    np.testing.assert_allclose(read.guide, pair.guide, atol=2e-3)
    np.testing.assert_allclose(read.weight, pair.weight, atol=5e-3)
    np.testing.assert_array_equal(read.change, pair.change)
    assert [path.name for path in tmp_path.iterdir()] == ["pair.npz"]
