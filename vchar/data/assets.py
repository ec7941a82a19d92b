"""What heads are dressed in: skins, eyes, brows, lashes, hair, light and backgrounds, read once and kept small.

Everything is optional: without the archives, plain stand-ins are made in code.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from safetensors import SafetensorError
from safetensors.numpy import load_file

from vchar.data.proxy import Proxy, mirrored, read_proxy
from vchar.errors import VcharError
from vchar.render.light import panorama_directions
from vchar.rig.body import HeadModel

Bytes = NDArray[np.uint8]
SKIN_SIZE, PLAIN_SIZE, HAIR_SIZE, STRIP_SIZE, EYE_SIZE = 1024, 256, 512, 256, 160
PANORAMA = (64, 128)
BACKGROUND_SIZE = 192
EYE_CENTRE, EYE_REACH = (0.7, 0.29), 0.25  # of one eye in MakeHuman's pictures (x, y down), and what is cut out
HELD_OUT = 5
LEFT_OUT = ("special_suit", "toon")  # skins with painted clothes


@dataclass(frozen=True)
class Assets:
    """Pictures are uint8 sRGB; panoramas [h,w,3] float32 linear light (see vchar.render.light).

    skins: square, of one size, in MakeHuman's layout.  eyes: [EYE_SIZE, EYE_SIZE, 3], the iris in the middle.
    brows, lashes, hair: see Proxy; their textures are grey, to be tinted.  backgrounds: square pictures.
    faces: those of portraits, for skins of SKIN_SIZE (see `vchar.data.baked`).
    """

    skins: Sequence[Bytes]
    eyes: Sequence[Bytes]
    brows: Sequence[Proxy]
    lashes: Sequence[Proxy]
    hair: Sequence[Proxy]
    panoramas: Sequence[NDArray[np.float32]]
    backgrounds: Sequence[Bytes]
    faces: Sequence[Bytes] = ()

    def part(self, held_out: bool) -> "Assets":
        """The same with one in HELD_OUT of the skins, faces and hair, to measure on, or with the others, to learn from.

        A style of hair goes with its mirror image.
        """
        faces, skins = (
            [one for i, one in enumerate(many) if (i % HELD_OUT == 0) == held_out] for many in (self.faces, self.skins)
        )
        hair = [one for i, one in enumerate(self.hair) if (i // 2 % HELD_OUT == 0) == held_out]
        return replace(self, skins=skins, faces=faces, hair=hair)

    @classmethod
    def plain(cls) -> "Assets":
        """Stand-ins made in code: one skin, one eye, one sky; no hair."""
        skin = np.full((PLAIN_SIZE, PLAIN_SIZE, 3), (222, 172, 140), np.uint8)
        return cls((skin,), (_plain_eye(),), (), (), (), (_plain_sky(),), ())

    @classmethod
    def load(
        cls,
        head: HeadModel,
        makehuman: Path | None = None,
        portraits: Path | None = None,
        faces: Path | None = None,
    ) -> "Assets":
        """Read archives where given.

        makehuman: zip with MakeHuman's CC0 skins, eyes, brows, lashes, hair (`makehuman/`) and panoramas (`hdri/`).
        portraits: zip of pictures whose upper corners serve as backgrounds.  faces: what `vchar train skins` wrote,
        used with MakeHuman's skins.  Raises VcharError if one can't be read.
        """
        plain = cls.plain()
        try:
            backgrounds = _read_backgrounds(portraits) if portraits else plain.backgrounds
            if makehuman is None:
                return cls(plain.skins, plain.eyes, (), (), (), plain.panoramas, backgrounds)
            with zipfile.ZipFile(makehuman) as archive:
                names = archive.namelist()
                skins = [n for n in names if "/skins/textures/" in n and not any(x in n for x in LEFT_OUT)]
                eyes = [n for n in names if "/eyes/materials/" in n and n.endswith(".png")]
                return cls(
                    [_picture(archive, name, SKIN_SIZE, "RGB") for name in skins],
                    [_cut_eye(_picture(archive, name, 512, "RGB")) for name in eyes],
                    _read_proxies(archive, "eyebrows", STRIP_SIZE, head),
                    _read_proxies(archive, "eyelashes", STRIP_SIZE, head),
                    _both_ways(_read_proxies(archive, "hair", HAIR_SIZE, head), head),
                    [_panorama(archive.read(n)) for n in names if n.endswith(".exr")],
                    backgrounds,
                    _read_faces(faces) if faces else (),
                )
        except (OSError, zipfile.BadZipFile, KeyError, ValueError, SafetensorError) as error:
            raise VcharError(f"The pictures to dress heads in can't be read ({error}); check the paths.") from error


def _picture(archive: zipfile.ZipFile, name: str, size: int, mode: str) -> Bytes:
    with Image.open(io.BytesIO(archive.read(name))) as picture:
        return np.asarray(picture.convert(mode).resize((size, size), Image.Resampling.LANCZOS))


def _read_proxies(archive: zipfile.ZipFile, kind: str, size: int, head: HeadModel) -> list[Proxy]:
    """All add-ons of a kind that come with a picture."""
    names = set(archive.namelist())
    found = []
    for mhclo in sorted(n for n in names if f"/{kind}/" in n and n.endswith(".mhclo")):
        stem = mhclo.removesuffix(".mhclo")
        pictures = [f"{stem}{end}.png" for end in ("", "_diffuse") if f"{stem}{end}.png" in names]
        if pictures:
            texture = _grey(_picture(archive, pictures[0], size, "RGBA"))
            text, obj = (archive.read(n).decode("utf-8", "replace") for n in (mhclo, stem + ".obj"))
            found.append(read_proxy(text, obj, texture, head))
    return found


def _both_ways(styles: Sequence[Proxy], head: HeadModel) -> list[Proxy]:
    """Each style, parted left and right."""
    return [way for style in styles for way in (style, mirrored(style, head))]


def _grey(picture: Bytes) -> Bytes:
    """Strands without their colour, at a middle brightness, so that they can be tinted."""
    light = picture[..., :3].mean(-1) + 1.0
    alpha = picture[..., 3]
    middle = np.average(light, weights=alpha.astype(float) + 1e-6)
    even = np.clip(188 * (light / middle) ** 0.7, 0, 255)
    return np.dstack([even, even, even, alpha]).astype(np.uint8)


def _cut_eye(picture: Bytes) -> Bytes:
    size = picture.shape[0]
    x, y, reach = EYE_CENTRE[0] * size, EYE_CENTRE[1] * size, EYE_REACH * size
    box = (x - reach, y - reach, x + reach, y + reach)
    return np.asarray(Image.fromarray(picture).resize((EYE_SIZE, EYE_SIZE), Image.Resampling.LANCZOS, box))


def _panorama(data: bytes) -> NDArray[np.float32]:
    """A small panorama from OpenEXR bytes, its suns dimmed to what a key light will replace."""
    import tempfile

    import OpenEXR

    with tempfile.NamedTemporaryFile(suffix=".exr") as file:
        file.write(data)
        file.flush()
        pixels = OpenEXR.File(file.name).channels()["RGB"].pixels.astype(np.float32)
    height, width = (side // small for side, small in zip(pixels.shape[:2], PANORAMA, strict=True))
    pixels = pixels[: PANORAMA[0] * height, : PANORAMA[1] * width].reshape(PANORAMA[0], height, PANORAMA[1], width, 3)
    return pixels.mean((1, 3))


def portrait_names(archive: zipfile.ZipFile) -> list[str]:
    """Pictures of SFHQ that were made from text, in the order of names: its others descend from StyleGAN2 and FFHQ."""
    return sorted(name for name in archive.namelist() if "t2i" in name and name.endswith(".jpg"))


def _read_backgrounds(portraits: Path) -> list[Bytes]:
    """Upper corners of pictures: what stands behind people, without the people."""
    found = []
    with zipfile.ZipFile(portraits) as archive:
        for name in portrait_names(archive)[::4]:
            with Image.open(io.BytesIO(archive.read(name))) as picture:
                width, height = picture.size
                side = min(width, height) * 0.3
                left = 0.0 if len(found) % 2 else width - side
                box = (left, 0, left + side, side)
                small = (BACKGROUND_SIZE, BACKGROUND_SIZE)
                found.append(np.asarray(picture.convert("RGB").resize(small, Image.Resampling.BICUBIC, box)))
    return found


def _read_faces(path: Path) -> list[Bytes]:
    return list(load_file(path)["faces"])


def _plain_eye() -> Bytes:
    """White, a brown iris with darker rim, a black pupil."""
    y, x = np.mgrid[:EYE_SIZE, :EYE_SIZE] / (EYE_SIZE - 1) * 2 - 1
    far = np.hypot(x, y) / 0.5
    eye = np.where(far[..., None] < 1, np.array([96, 62, 38]) * (1.2 - 0.7 * far[..., None] ** 6), [226, 216, 210])
    return np.where(far[..., None] < 0.36, 12, eye).clip(0, 255).astype(np.uint8)


def _plain_sky() -> NDArray[np.float32]:
    """Bright above, grey below, with a soft window on one side."""
    directions = panorama_directions(*PANORAMA)
    sky = 0.5 - 0.35 * directions[..., 1:2]
    window = np.clip(directions @ np.array([-0.6, -0.4, -0.7]) - 0.6, 0, 1)[..., None]
    return (sky * np.array([0.9, 1.0, 1.1]) + 4 * window).astype(np.float32)
