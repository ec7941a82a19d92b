"""The gate for pictures: every kind of file is a correct RGB picture or one clear sentence."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from vchar.errors import VcharError
from vchar.portraits import MAX_BYTES, MAX_SIDE, decode, normalise, open_portrait

SIZE = (160, 120)


def gradient() -> Image.Image:
    """Red grows to the right, green downwards; blue marks the top left corner."""
    x, y = np.meshgrid(np.linspace(0, 255, SIZE[0]), np.linspace(0, 255, SIZE[1]))
    corner = (np.hypot(x, y) < 60) * 255.0
    return Image.fromarray(np.stack([x, y, corner], axis=-1).astype(np.uint8))


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def distance(one: Image.Image, other: Image.Image) -> float:
    """Mean absolute difference, 0..255."""
    return float(np.abs(np.asarray(one, float) - np.asarray(other, float)).mean())


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "JPEG", "WEBP", "AVIF"])
def test_every_format_gives_the_same_picture(kind: str) -> None:
    picture = decode(encoded(gradient(), kind, quality=95), "hero")
    assert picture.mode == "RGB"
    assert picture.info == {}
    assert distance(picture, gradient()) < 6


def test_a_plain_picture_keeps_every_pixel() -> None:
    assert distance(decode(encoded(gradient(), "PNG"), "hero.png"), gradient()) == 0
    assert distance(normalise(gradient()), gradient()) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_camera_s_rotation_is_applied_and_all_it_wrote_is_dropped(orientation: int) -> None:
    turned = {
        1: [], 2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE], 8: [Image.Transpose.ROTATE_270],
    }  # fmt: skip
    stored = gradient()
    for step in turned[orientation]:
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera maker"
    picture = decode(encoded(stored, "PNG", exif=exif), "hero.png")
    assert distance(picture, gradient()) == 0
    assert picture.info == {}
    assert len(picture.getexif()) == 0


def test_cmyk_is_converted() -> None:
    assert distance(decode(encoded(gradient().convert("CMYK"), "JPEG", quality=98), "hero.jpg"), gradient()) < 8


def test_a_colour_space_is_honoured_and_a_broken_one_ignored() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = srgb.replace(b"rXYZ", b"temp").replace(b"gXYZ", b"rXYZ").replace(b"temp", b"gXYZ")
    red, green, blue = gradient().split()
    swapped = Image.merge("RGB", (green, red, blue))
    assert distance(decode(encoded(gradient(), "PNG", icc_profile=srgb), "hero.png"), gradient()) < 1
    assert distance(decode(encoded(gradient(), "PNG", icc_profile=exchanged), "hero.png"), swapped) < 1
    assert distance(decode(encoded(gradient(), "PNG", icc_profile=b"nonsense"), "hero.png"), gradient()) == 0


@pytest.mark.parametrize(
    ("kind", "white", "pixel"), [("PNG", 65535, np.uint16), ("TIFF", 65535, np.uint16), ("TIFF", 1, np.float32)]
)
def test_deep_grey_is_scaled_not_clipped(kind: str, white: int, pixel: type) -> None:
    grey = np.asarray(gradient().convert("L"), float)
    deep = Image.fromarray((grey / 255 * white).astype(pixel))
    assert distance(decode(encoded(deep, kind), "hero").convert("L"), gradient().convert("L")) < 2


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGBA"])
def test_other_modes_are_converted(mode: str) -> None:
    picture = decode(encoded(gradient().convert(mode), "PNG"), "hero.png")
    assert picture.mode == "RGB"
    assert distance(picture, gradient().convert(mode).convert("RGB")) < 1


def test_transparent_parts_become_white() -> None:
    image = gradient().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 80, 120))
    picture = decode(encoded(image, "PNG"), "hero.png")
    assert picture.getpixel((10, 60)) == (255, 255, 255)
    assert picture.getpixel((150, 60)) == gradient().getpixel((150, 60))
    palette = gradient().quantize(32)
    transparent = palette.getpixel((100, 100))
    picture = decode(encoded(palette, "GIF", transparency=transparent), "hero.gif")
    assert picture.getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_counts(kind: str) -> None:
    frames = [Image.new("RGB", SIZE, colour) for colour in ("navy", "gold")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert distance(decode(data, "hero"), frames[0]) < 3


@pytest.mark.parametrize("size", [(3000, 1500), (1500, 3000), (8000, 7000)])
def test_a_huge_picture_is_scaled_down(size: tuple[int, int]) -> None:
    picture = decode(encoded(gradient().resize(size), "JPEG"), "hero.jpg")
    assert max(picture.size) == MAX_SIDE
    assert picture.width / picture.height == pytest.approx(size[0] / size[1], rel=0.01)
    assert distance(picture.resize(SIZE), gradient()) < 6


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(body: bytes) -> bytes:
        return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))

    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(header) + chunk(b"IDAT" + zlib.compress(bytes(100)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "hero.jpg is no picture"),
        (b"Dear artist, this is a letter.", "hero.jpg is no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "hero.jpg is no picture"),
        (half(encoded(gradient(), "PNG")), "hero.jpg is damaged or incomplete"),
        (half(encoded(gradient(), "JPEG")), "hero.jpg is damaged or incomplete"),
        (half(encoded(gradient(), "TIFF")), "hero.jpg is damaged or incomplete"),
        (png_header(200, 200), "hero.jpg is damaged or incomplete"),
        (png_header(10_000, 7000), "more than 64 million pixels"),
        (png_header(60_000, 60_000), "more than 64 million pixels"),
        (encoded(Image.new("RGB", (95, 400)), "PNG"), "hero.jpg has 95 x 400 pixels, too few"),
        (bytes(MAX_BYTES + 1), "hero.jpg has 20 MB, and at most 20 are read"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_is_no_usable_picture_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(VcharError, match=message) as refusal:
        decode(data, "hero.jpg")
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
def test_a_file_damaged_anywhere_is_a_picture_or_one_sentence(kind: str) -> None:
    whole = encoded(gradient(), kind)
    draw = np.random.default_rng(0)
    for _ in range(40):
        broken = bytearray(whole)
        for place in draw.integers(0, len(whole), 6):
            broken[place] = draw.integers(256)
        try:
            picture = decode(bytes(broken), "hero")
        except VcharError:
            continue
        assert picture.mode == "RGB"


def test_files_are_read_by_path(tmp_path: Path) -> None:
    (tmp_path / "hero.png").write_bytes(encoded(gradient(), "PNG"))
    assert distance(open_portrait(tmp_path / "hero.png"), gradient()) == 0
    with pytest.raises(VcharError, match=r"Can't read .*missing\.png \(No such file"):
        open_portrait(tmp_path / "missing.png")
    (tmp_path / "large.png").write_bytes(bytes(MAX_BYTES + 1))
    with pytest.raises(VcharError, match=r"large\.png has 20 MB"):
        open_portrait(tmp_path / "large.png")
