"""Skin that a portrait doesn't show."""

import numpy as np
import pytest

from vchar.rig.complexion import Complexion, log_light, srgb

MODEL, SIZE = 32, 128


@pytest.fixture(scope="module")
def model() -> Complexion:
    """Skins that are redder towards the bottom by one component."""
    mean = log_light(np.full((MODEL, MODEL, 3), 0.6))
    down = np.zeros((1, MODEL, MODEL, 3), np.float32)
    down[0, ..., 0] = np.linspace(-0.4, 0.4, MODEL)[:, None]
    return Complexion(mean, down)


@pytest.fixture(scope="module")
def skin() -> np.ndarray:
    """One of those, darker, with fine grain."""
    grain = np.random.default_rng(1).normal(0, 0.01, (SIZE, SIZE, 1))
    skin = np.tile(np.array([0.4, 0.3, 0.25]), (SIZE, SIZE, 1)) + grain
    skin[..., 0] += np.linspace(-0.1, 0.1, SIZE)[:, None]
    return skin.astype(np.float32)


def test_what_is_seen_stays(model: Complexion, skin: np.ndarray) -> None:
    seen = np.zeros((SIZE, SIZE), np.float32)
    seen[:, SIZE // 4 : -SIZE // 4] = 1
    whole = model.complete(skin, seen)
    np.testing.assert_allclose(whole[seen > 0], skin[seen > 0], atol=1e-3)


def test_what_is_hidden_is_guessed_from_what_is_seen(model: Complexion, skin: np.ndarray) -> None:
    seen = np.zeros((SIZE, SIZE), np.float32)
    seen[SIZE // 2 :] = 1
    whole = model.complete(skin, seen)
    assert np.abs(whole - skin)[: SIZE // 4].mean() < 0.03
    smear = skin[SIZE // 2 : SIZE // 2 + 4].mean((0, 1))
    assert np.abs(whole - skin)[: SIZE // 4].mean() < np.abs(smear - skin)[: SIZE // 4].mean() / 1.5


def test_the_guess_has_the_grain_of_what_is_seen(model: Complexion, skin: np.ndarray) -> None:
    seen = np.zeros((SIZE, SIZE), np.float32)
    seen[SIZE // 2 :] = 1
    whole = model.complete(skin, seen)
    upper, lower = (np.diff(part.mean(-1), axis=1).std() for part in (whole[: SIZE // 4], skin[SIZE // 2 :]))
    assert 0.5 < upper / lower < 2


def test_nothing_seen_gives_the_usual_skin(model: Complexion, skin: np.ndarray) -> None:
    whole = model.complete(skin, np.zeros((SIZE, SIZE), np.float32))
    np.testing.assert_allclose(whole, 0.6, atol=0.05)


def test_light_goes_both_ways() -> None:
    colour = np.random.default_rng(0).uniform(0, 1, (8, 8, 3))
    np.testing.assert_allclose(srgb(log_light(colour)), colour, atol=1e-3)
