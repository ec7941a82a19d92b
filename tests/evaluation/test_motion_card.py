"""The motion generator that ships keeps its promises, and its card says what metrics.json says."""

import json

import torch

from vchar import checkpoint
from vchar.evaluation.motion import table
from vchar.models.motion import MotionConfig
from vchar.moving import load

FOLDER = checkpoint.shipped("motion")
METRICS = json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_shipped_generator_loads_and_knows_what_it_learnt() -> None:
    net, phrases, outlines = load(FOLDER)
    assert net.config == checkpoint.load_config(FOLDER, MotionConfig)
    assert len(phrases) == len(net.config.phrases) > 200
    assert len(net.config.learnt) > 500
    assert outlines.draw("wave", 24, torch.Generator().manual_seed(0)) is not None
    assert not any(name.startswith(("Male1", "08_", "60_12")) for name in net.config.learnt)


def test_the_card_says_what_was_measured() -> None:
    assert table(METRICS) in CARD
    for name in ("multimodality", "loop_seam", "loop_seam_worst", "seconds_for_5_s", "seconds_for_10_s", "n"):
        assert str(METRICS[name]) in CARD, name


def test_loops_close_and_soles_stay_above_the_floor() -> None:
    assert METRICS["loop_seam_worst"] < 1
    assert METRICS["transformer"]["penetration_cm"][0] < 1


def test_the_card_keeps_the_credits_that_the_sources_ask_for() -> None:
    flat = " ".join(CARD.replace("> ", "").split())
    for words in ("NSF EIA-0196217", "creativecommons.org/licenses/by/3.0/", "licenses/by/2.1/jp/", "Meta Platforms"):
        assert words in flat
