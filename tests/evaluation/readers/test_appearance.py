import numpy as np
import pytest

from vchar.evaluation.readers import appearance
from vchar.evaluation.readers.appearance import Array, Frame, Pixels

POINTS = np.random.default_rng(0).uniform(60, 200, (68, 2)).astype(np.float32)


def face(openness: float = 0.1) -> Array:
    """A rough face in face units: eyes at x = -0.5 and 0.5, the mouth `openness` open."""
    q = np.zeros((68, 2), np.float32)
    angles = np.linspace(np.pi, 0, 17)
    q[:17] = np.stack([np.cos(angles), 0.3 + 1.2 * np.sin(angles)], 1)
    q[17:22] = np.stack([np.linspace(-0.8, -0.2, 5), np.full(5, -0.3)], 1)
    q[22:27] = np.stack([np.linspace(0.2, 0.8, 5), np.full(5, -0.3)], 1)
    q[27:31] = np.stack([np.zeros(4), np.linspace(0, 0.5, 4)], 1)
    q[31:36] = np.stack([np.linspace(-0.2, 0.2, 5), np.full(5, 0.6)], 1)
    for start, x in ((36, -0.5), (42, 0.5)):
        around = np.array([180, 120, 60, 0, -60, -120]) * np.pi / 180
        q[start : start + 6] = np.stack([x + 0.2 * np.cos(around), -0.07 * np.sin(around)], 1)
    q[48:60] = np.stack([np.cos(np.linspace(np.pi, -np.pi, 13)[:12]) * 0.4, np.full(12, 1.0)], 1)
    q[60:68] = q[[48, 50, 51, 52, 54, 56, 57, 58]]
    q[[61, 62, 63], 1] -= openness / 2
    q[[65, 66, 67], 1] += openness / 2
    return q


def test_face_units_lead_back_to_pixels() -> None:
    frame = Frame.of(POINTS)
    assert np.allclose(frame.pixels(frame.local(POINTS)), POINTS, atol=1e-3)


def test_the_eyes_are_one_unit_apart_and_level() -> None:
    local = Frame.of(POINTS).local(POINTS)
    assert np.allclose(local[42:48].mean(0) - local[36:42].mean(0), (1, 0), atol=1e-4)


def test_shape_does_not_depend_on_place_size_or_roll() -> None:
    turn = np.array([[np.cos(0.3), np.sin(0.3)], [-np.sin(0.3), np.cos(0.3)]], np.float32)
    moved = face() @ turn * 70 + 128
    plain = appearance.shape_readings(face())
    again = appearance.shape_readings(Frame.of(moved).local(moved))
    assert plain == pytest.approx(again, abs=1e-4)


def test_an_open_mouth_reads_as_more_open() -> None:
    shut, wide = (appearance.shape_readings(face(openness))["mouth_open"] for openness in (0.05, 0.4))
    assert wide == pytest.approx(shut + 0.35, abs=1e-4)


def test_lab_of_white_black_and_red() -> None:
    colours = appearance.lab(np.array([[[255, 255, 255], [0, 0, 0], [255, 0, 0]]], np.uint8))
    assert np.allclose(colours[0], [(100, 0, 0), (0, 0, 0), (53.2, 80.1, 67.2)], atol=0.5)


def test_pixel_readings_name_every_colour_and_follow_the_light() -> None:
    picture = np.full((256, 256, 3), 120, np.uint8)
    points = face() * 64 + 128
    even = appearance.pixel_readings(picture, points)
    picture[:, :128] = 200
    lit = appearance.pixel_readings(picture, points)
    assert tuple(sorted(even)) == tuple(sorted(appearance.COLOUR_NAMES))
    assert even["light_side"] == pytest.approx(0)
    assert lit["light_side"] > 10


def test_a_patch_outside_the_picture_is_clipped_and_never_empty() -> None:
    pixels = Pixels(np.zeros((64, 64, 3), np.uint8), Frame(np.array([32, 32], np.float32), 0.0, 20.0))
    assert pixels.box(np.array([50, -50], np.float32), 0.2, 0.2).size > 0
