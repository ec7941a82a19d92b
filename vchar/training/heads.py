"""`vchar train heads`: labelled pictures of rendered heads, for the landmarks to learn from."""

from pathlib import Path

from vchar.data.shards import Archives, write_shards
from vchar.errors import VcharError
from vchar.evaluation.workers import Log

SEEDS_APART = 1_000_000  # first seeds of two runs with different `seed`


def train(
    *,
    makehuman: Path | None = None,
    portraits: Path | None = None,
    skins: Path | None = None,
    pictures: int = 12_000,
    seed: int = 0,
    output: Path = Path("runs/heads"),
    ship: bool = False,
    log: Log = print,
) -> Path:
    """Draw `pictures` heads into shards in `output`; returns that folder. A run that was stopped goes on.

    makehuman: a zip of MakeHuman's CC0 assets that dress the heads.  portraits: a zip of synthetic portraits whose
    corners become backgrounds.  skins: what `vchar train skins` wrote, for further faces.  Without them heads are
    plain. Raises VcharError for `ship`: pictures stay at home.
    """
    if ship:
        raise VcharError("Pictures of heads are no checkpoint to ship; leave --ship out.")
    log(f"drawing {pictures} heads into {output}")
    write_shards(Archives(makehuman, portraits, skins), output, SEEDS_APART * seed, pictures, workers=2)
    return output
