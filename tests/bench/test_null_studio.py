import numpy as np
import pytest

from vchar.bench.null_studio import null_studio
from vchar.character import Character
from vchar.studio import Studio


@pytest.fixture(scope="module")
def studio() -> Studio:
    return null_studio()


def test_is_ready_at_once_and_has_the_real_sliders(studio: Studio) -> None:
    assert studio.generators[0].ready
    assert "age" in {spec.name for spec in studio.generators[0].sliders}


@pytest.mark.parametrize("size", [256, 512, 1024])
def test_pictures_of_two_recipes_differ_in_a_few_pixels(studio: Studio, size: int) -> None:
    one, other, again = (np.asarray(studio.portrait(Character(seed=seed), size)) for seed in (1, 2, 1))
    assert one.shape == (size, size, 3)
    assert 0 < (one != other).any(axis=2).sum() <= 64
    assert (one == again).all()
