"""Drawing heads to learn from."""

from pathlib import Path

import pytest

from vchar.errors import VcharError
from vchar.training import heads


def test_there_is_nothing_to_ship(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match="leave --ship out"):
        heads.train(pictures=1, output=tmp_path, ship=True)
    assert not list(tmp_path.iterdir())
