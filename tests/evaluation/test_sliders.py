import numpy as np
import pytest

from vchar.evaluation.probe import Probes, one_at_a_time
from vchar.evaluation.readers.scoring import ScoringReader
from vchar.evaluation.sliders import five_values, report, score, table, values_of
from vchar.models.sliders import SlidersConfig, SliderSpec

NAMES = ScoringReader.names
CONFIG = SlidersConfig(
    (
        SliderSpec("smile", "Smile", "Nose & mouth", "Serious", "Smiling", companions=("mouth_open",)),
        SliderSpec("glasses", "Glasses", "Look & light", "None", "Glasses", minimum=0.0),
    ),
    "tiny",
    (4,),
)


def probes(leak: float = 0.0, faces: int = 20) -> Probes:
    """Faces on which every slider raises its reading evenly, and `smile` raises yaw by `leak` of that."""
    base = np.random.default_rng(0).normal(size=(faces, len(NAMES)))
    base = (base / base.std(0)).astype(np.float32)
    edited = np.repeat(base[:, None], 8, axis=1)
    smile, glasses, yaw, mouth = (NAMES.index(n) for n in ("smile", "glasses", "yaw", "mouth_open"))
    values = np.array([-1, -0.5, 0.5, 1], np.float32)
    edited[:, :4, smile] += values
    edited[:, :4, yaw] += leak * values
    edited[:, :4, mouth] += 3 * values  # a companion
    edited[:, 4:, glasses] += np.array([0.25, 0.5, 0.75, 1], np.float32)
    identity = np.zeros((faces, 8, 2), np.float32)
    identity[:, [0, 3, 7], 0] = 0.3, 0.7, 0.5
    ones = np.ones((faces, 8), np.float32)
    return Probes(base, base, np.zeros((faces, 2), np.float32), ones[:, 0], edited, identity, ones)


def test_an_even_slider_without_side_effects_scores_perfectly() -> None:
    smile = score(probes(), CONFIG)["smile"]
    assert smile.monotone_steps == smile.monotone_faces == 1
    assert smile.leakage == pytest.approx(0, abs=1e-5)
    assert smile.response == pytest.approx(2, abs=1e-4)


def test_leakage_is_a_share_of_the_response_and_names_the_worst_but_no_companion() -> None:
    smile = score(probes(leak=0.25), CONFIG)["smile"]
    assert smile.worst_leak == "yaw"
    assert smile.worst_leakage == pytest.approx(0.25, abs=1e-4)
    assert smile.leakage == pytest.approx(0.25 / (len(NAMES) - 2), abs=1e-4)


def test_identity_is_read_at_both_ends_and_at_one_where_there_is_one() -> None:
    scores = score(probes(), CONFIG)
    assert (scores["smile"].identity_low, scores["smile"].identity_high) == pytest.approx((0.3, 0.7))
    assert scores["smile"].strangers == pytest.approx(0.5)
    assert (scores["glasses"].identity_low, scores["glasses"].strangers) == (0.0, 0.0)


def test_a_lost_face_is_counted_and_is_no_step_forward() -> None:
    broken = probes()
    broken.edited[0, 3] = np.nan
    broken.faces[0, 3] = 0
    broken.faces[1, 2] = 2
    smile = score(broken, CONFIG)["smile"]
    assert (smile.lost, smile.doubled) == (1, 1)
    assert smile.monotone_faces == pytest.approx(0.95)


def test_edits_move_one_slider_at_a_time_over_its_own_travel() -> None:
    edits = five_values(CONFIG)
    assert edits[:4].tolist() == [[-1, 0], [-0.5, 0], [0.5, 0], [1, 0]]
    assert edits[4:].tolist() == [[0, 0.25], [0, 0.5], [0, 0.75], [0, 1]]
    assert values_of(CONFIG.sliders[1])[0] == 0
    assert one_at_a_time(CONFIG, (-1.0, 1.0)).tolist() == [[-1, 0], [1, 0], [0, -1], [0, 1]]


def test_the_report_says_on_what_it_was_measured_and_the_table_has_every_slider() -> None:
    metrics = report(score(probes(), CONFIG), 20)
    assert metrics["n"] == 20
    assert {"seed", "date", "data"} <= metrics.keys()
    printed = table(metrics)
    assert all(f"| {name} |" in printed for name in CONFIG.names)
