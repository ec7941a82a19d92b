"""The gate for pictures from outside: whatever a visitor opens becomes a plain RGB picture or one clear sentence."""

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from vchar.errors import VcharError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MAX_BYTES = 20_000_000
MAX_PIXELS = 64_000_000
MIN_SIDE = 96  # px; a face in less has too few pixels to be read
MAX_SIDE = 1024  # px; larger pictures are scaled down to it, as our own portraits have no more


def open_portrait(path: str | Path) -> Image.Image:
    """Read the picture file at `path`; see `decode`."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path.name, path.stat().st_size)
        return decode(path.read_bytes(), path.name)
    except OSError as error:
        raise VcharError(f"Can't read {path} ({error.strerror}); check the path.") from error


def decode(data: bytes, name: str) -> Image.Image:
    """The picture in the bytes of a file: RGB, sRGB, upright, its longer side at most MAX_SIDE, without metadata.

    Of an animation the first frame; what is transparent becomes white. Raises VcharError, calling the file `name`,
    for what is no picture, damaged, too large or too small.
    """
    if len(data) > MAX_BYTES:
        raise _too_large(name, len(data))
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image.size, name)
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # lets JPEG decode a huge photo at a fraction of its size
            return normalise(image, name)
    except VcharError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except UnidentifiedImageError as error:
        raise VcharError(
            f"{name} is no picture that vchar can read; choose a JPEG, PNG, WebP, GIF, BMP or TIFF file."
        ) from error
    except Exception as error:  # of a damaged file, Pillow's readers raise nearly anything
        raise VcharError(f"{name} is damaged or incomplete; save or download it again, or choose another.") from error


def normalise(image: Image.Image, name: str = "The picture") -> Image.Image:
    """An opened picture as `decode` returns it; what came as such a picture already stays as it is, pixel by pixel."""
    _check_size(image.size, name)
    coloured = _to_srgb(ImageOps.exif_transpose(image))
    plain = Image.new("RGB", coloured.size, "white")
    plain.paste(coloured, mask=coloured.getchannel("A") if coloured.mode == "RGBA" else None)
    plain.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    return plain


def _to_srgb(image: Image.Image) -> Image.Image:
    """RGB or, where anything is transparent, RGBA; in sRGB where the picture names its colour space."""
    profile = image.info.get("icc_profile")
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        return _to_eight_bits(image).convert("RGB")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        with suppress(ImageCms.PyCMSError, OSError):  # a profile that is broken or of another mode says nothing
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            assert converted is not None
            return converted
    return image.convert("RGB")


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits, or floating point, to 0..255; what is white follows from the brightest pixel."""
    numbers = np.nan_to_num(np.asarray(image, np.float32))
    brightest = numbers.max()
    white = next((w for w in (1, 255, 65535) if brightest <= w), brightest)
    return Image.fromarray((numbers.clip(0, white) * (255 / white) + 0.5).astype(np.uint8))


def _check_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels(name)
    if min(size) < MIN_SIDE:
        raise VcharError(
            f"{name} has {width} x {height} pixels, too few to show a face; choose one of at least {MIN_SIDE} a side."
        )


def _too_many_pixels(name: str) -> VcharError:
    return VcharError(
        f"{name} has more than {MAX_PIXELS // 10**6} million pixels, more than vchar reads; save it smaller."
    )


def _too_large(name: str, size: int) -> VcharError:
    return VcharError(
        f"{name} has {size / 1e6:.0f} MB, and at most {MAX_BYTES // 10**6} are read; save it smaller or as JPEG."
    )
