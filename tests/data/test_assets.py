"""Reading archives, from a tiny one made here."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from vchar.data.assets import Assets
from vchar.errors import VcharError
from vchar.rig.body import HeadModel

OBJ = "v 0 0 0\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nf 1/1 2/2 3/3 4/4\n"


def mhclo(head: HeadModel) -> str:
    """A card on the base vertices of four landmarks: one bound to a vertex, three to triangles with an offset."""
    base = head.base_index[head.landmarks[[19, 24, 45, 36]]]
    rows = [f"{base[0]}"] + [f"{v} {base[1]} {base[2]} 1.0 0.0 0.0 0.0 0.1 0.2" for v in base[1:]]
    scales = [f"{axis}_scale {base[0]} {base[2]} 1.0" for axis in "xyz"]
    return "\n".join(["# made here", "name card", *scales, "material card.mhmat", "verts 0", "tag young", *rows])


def png(colour: tuple[int, ...], size: int = 16) -> bytes:
    file = io.BytesIO()
    Image.new("RGBA" if len(colour) == 4 else "RGB", (size, size), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def archive(tmp_path: Path, head: HeadModel) -> Path:
    path = tmp_path / "assets.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("makehuman/skins/textures/one.png", png((200, 150, 120)))
        file.writestr("makehuman/skins/textures/young_special_suit.png", png((0, 0, 0)))
        file.writestr("makehuman/eyes/materials/brown.png", png((90, 60, 40)))
        for kind in ("eyebrows", "eyelashes", "hair"):
            file.writestr(f"makehuman/{kind}/card/card.mhclo", mhclo(head))
            file.writestr(f"makehuman/{kind}/card/card.obj", OBJ)
            file.writestr(f"makehuman/{kind}/card/card.png", png((40, 30, 20, 255)))
            file.writestr(f"makehuman/{kind}/bare/bare.mhclo", mhclo(head))  # without a picture
    return path


def test_an_archive_gives_its_pictures_and_cards(archive: Path, head: HeadModel) -> None:
    assets = Assets.load(head, archive)
    found = (assets.skins, assets.eyes, assets.brows, assets.lashes, assets.hair)
    assert [len(x) for x in found] == [1, 1, 1, 1, 2]  # hair also the other way round
    assert assets.hair[0].texture[..., :3].std() == 0
    assert 180 < assets.hair[0].texture[0, 0, 0] < 196  # grey, whatever the colour was


def test_faces_of_portraits_come_from_their_own_file(archive: Path, tmp_path: Path, head: HeadModel) -> None:
    faces = np.arange(2 * 3 * 5 * 4, dtype=np.uint8).reshape(2, 3, 5, 4)
    save_file({"faces": faces}, tmp_path / "skins.safetensors")
    np.testing.assert_array_equal(Assets.load(head, archive, faces=tmp_path / "skins.safetensors").faces, faces)
    with pytest.raises(VcharError, match="check the paths"):
        Assets.load(head, archive, faces=archive)


def test_cards_are_bound_to_the_head_and_follow_it(archive: Path, head: HeadModel) -> None:
    card = Assets.load(head, archive).brows[0]
    at = card.follow(head.mean)
    marks = head.mean[head.landmarks[[19, 24, 45, 36]]]
    np.testing.assert_allclose(at[0], marks[0], atol=1e-6)
    away = np.abs(marks[2] - marks[0]) * [0, 0.1, 0.2]  # offsets are measured by the head itself
    np.testing.assert_allclose(at[1:] - marks[1:], np.tile(away * [1, -1, -1], (3, 1)), atol=1e-6)
    np.testing.assert_allclose(card.follow(head.mean + 0.01), at + 0.01, atol=1e-6)
    assert card.faces.tolist() == [[0, 1, 2], [0, 2, 3]]
    assert card.uv[0].tolist() == [[0, 0], [1, 0], [1, 1]]


def test_hair_is_also_parted_on_the_other_side(archive: Path, head: HeadModel) -> None:
    left, right = (style.follow(head.mean) for style in Assets.load(head, archive).hair)
    np.testing.assert_allclose(right, left * [-1, 1, 1], atol=1e-4)


def test_backgrounds_come_from_upper_corners(tmp_path: Path, head: HeadModel) -> None:
    picture = np.zeros((40, 40, 3), np.uint8)
    picture[:12, :12, 0], picture[:12, 28:, 1] = 250, 250
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=95)
    path = tmp_path / "portraits.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(8):
            archive.writestr(f"sfhq_t2i/{i}.jpg", file.getvalue())
    found = Assets.load(head, portraits=path).backgrounds
    assert len(found) == 2
    assert all(ground[..., :2].max(-1).mean() > 200 for ground in found)


def test_a_damaged_archive_is_a_user_error(tmp_path: Path, head: HeadModel) -> None:
    (tmp_path / "assets.zip").write_bytes(b"no zip")
    with pytest.raises(VcharError, match="check the paths"):
        Assets.load(head, tmp_path / "assets.zip")
