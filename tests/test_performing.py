"""A performance as files: every kind, its rhythm, and the credits in it."""

import io
import json
from dataclasses import replace

import av
import numpy as np
import pygltflib
import pytest
from PIL import Image

from tests.test_dressing import gliding
from vchar import moving
from vchar.character import Character, Motion
from vchar.dressing import Wardrobe
from vchar.errors import VcharError
from vchar.export.png import read_png
from vchar.moving import Movement
from vchar.performing import KINDS, Form, Performance
from vchar.rig.bvh import from_bvh

HERO = Character(motion=Motion("a person glides"), name="Hero")


@pytest.fixture(scope="module")
def performance(wardrobe: Wardrobe) -> Performance:
    """A second of gliding."""
    return Performance(HERO, wardrobe.figure(HERO.body), Movement(gliding(), ("glide", "side step")))


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_holds_the_ai_mark_and_the_credits_of_the_recorded_motion(
    performance: Performance, kind: str
) -> None:
    files = performance.files(Form(kind, fps=5, size=64, stills=2))
    name, data = next(iter(files.items()))
    assert name == f"hero_glide_side_step.{kind}"
    assert len(files) == (2 if kind in ("bvh", "png") else 1)
    for held in files.values() if kind == "png" else [b"".join(files.values())]:
        assert b"trainedAlgorithmicMedia" in held
        assert "mocap.cs.cmu.edu" in held.decode("utf-8", "ignore")
        assert "Eyes, JAPAN" in held.decode("utf-8", "ignore")
    assert b"face of nobody" not in data


def test_a_bvh_is_of_the_characters_own_body(performance: Performance, wardrobe: Wardrobe) -> None:
    tall = replace(performance, figure=wardrobe.figure(replace(HERO.body, shape={"height": 1})))
    usual, long = (from_bvh(p.files(Form("bvh"))["hero_glide_side_step.bvh"].decode()) for p in (performance, tall))
    assert long.root_positions[0, 1] > usual.root_positions[0, 1] + 0.05
    in_metres = performance.files(Form("bvh", unit="m"))["hero_glide_side_step.bvh"].decode()
    assert np.allclose(from_bvh(in_metres, 1).joint_positions, usual.joint_positions, atol=1e-4)


def test_speed_and_frame_rate_change_the_files_length(performance: Performance) -> None:
    def seconds(form: Form) -> float:
        return from_bvh(performance.files(form)["hero_glide_side_step.bvh"].decode()).seconds

    assert seconds(Form("bvh")) == pytest.approx(1, abs=0.01)
    assert seconds(Form("bvh", speed=0.5)) == pytest.approx(2, abs=0.01)
    data = performance.files(Form("mp4", fps=10, speed=2, size=64))["hero_glide_side_step.mp4"]
    with av.open(io.BytesIO(data)) as film:
        assert film.streams.video[0].frames == 6


def test_the_glb_names_its_clip_and_the_one_to_look_at_stays_in_place(performance: Performance) -> None:
    def travel(data: bytes) -> float:
        file = pygltflib.GLTF2.load_from_bytes(data)
        assert file is not None
        assert [animation.name for animation in file.animations] == ["glide_side_step"]
        output = file.accessors[file.animations[0].samplers[0].output]
        view, blob = file.bufferViews[output.bufferView or 0], file.binary_blob()
        assert blob is not None
        places = np.frombuffer(blob, np.float32, 3 * output.count, view.byteOffset or 0).reshape(-1, 3)
        return float(np.ptp(places[:, 2]))

    assert travel(performance.files(Form("glb"))["hero_glide_side_step.glb"]) > 2
    assert travel(performance.shown()) < 0.2


def test_a_strips_json_says_where_each_still_lies_and_its_png_restores_the_character(performance: Performance) -> None:
    files = performance.files(Form("png", stills=4, size=64))
    told = json.loads(files["hero_glide_side_step.json"])
    assert [(frame["x"], frame["seconds"]) for frame in told["frames"]] == [(0, 0), (64, 0.333), (128, 0.667), (192, 1)]
    assert (told["action"], told["image"]) == ("glide, then side step", "hero_glide_side_step.png")
    png = files["hero_glide_side_step.png"]
    assert Image.open(io.BytesIO(png)).size == (256, 64)
    assert read_png(png) == HERO
    assert moving.LICENCE.text in told["licence"]


def test_a_film_can_be_cancelled(performance: Performance) -> None:
    def stop(share: float, step: str) -> None:
        raise KeyboardInterrupt(step)

    with pytest.raises(KeyboardInterrupt, match="Picture 1 of 6"):
        performance.files(Form("webp", fps=5, size=64), progress=stop)


@pytest.mark.parametrize(
    "wrong", [{"kind": "fbx"}, {"unit": "inch"}, {"fps": 0}, {"speed": 9}, {"size": 9999}, {"stills": 1}]
)
def test_other_forms_are_refused_in_one_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(VcharError):
        Form(**{"kind": "glb", **wrong})  # pyright: ignore[reportArgumentType]
