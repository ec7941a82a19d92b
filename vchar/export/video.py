"""Moving pictures: MP4 that plays everywhere, GIF and WebP that loop; each with its licence and the AI mark."""

from __future__ import annotations

import io
import itertools
import struct
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from vchar.errors import VcharError
from vchar.export.files import save
from vchar.export.provenance import rights_line, xmp_packet
from vchar.export.sheet import PAPER
from vchar.licence import Licence

LARGEST = {"mp4": 1920, "webp": 720, "gif": 384}  # px of the longer side; larger frames are scaled down
MIME = {"mp4": "video/mp4", "webp": "image/webp", "gif": "image/gif"}
MOST_FRAMES = 600  # of GIF and WebP, which are held in memory
SAMPLES = 12  # frames from which the colours of a GIF are taken
COLOURS = 255  # of a GIF, beside the transparent one
QUALITY = {"crf": "18", "preset": "medium"}  # of H.264: no loss that one sees
BT709, SRGB_CURVE = 1, 13  # primaries and transfer by ITU-T H.273, or players guess at the colours
XMP_IN_MP4 = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")  # by ISO 16684-3
XMP_IN_GIF = b"\x21\xff\x0bXMP DataXMP"
XMP_GIF_TRAILER = bytes([1, *range(255, -1, -1), 0])  # leads readers that take the packet for sub-blocks to its end


def write_animation(path: Path, frames: Iterable[Image.Image], fps: float, title: str, licence: Licence | None) -> None:
    """Write RGB or RGBA frames of one size as the MP4, GIF or WebP that `path` names, whole or not at all.

    See `animation_bytes`. Raises VcharError for another ending, no frames, too many, or where it can't be written.
    """
    save(path, animation_bytes(frames, fps, format_of(path), title, licence))


def check_ground(kind: str, ground: str) -> None:
    """VcharError where a format can't show nothing behind a head."""
    if kind == "mp4" and ground == "transparent":
        raise VcharError("MP4 knows no transparency: choose WebP or GIF, or a plain ground.")


def format_of(path: Path) -> str:
    """ "mp4", "gif" or "webp"; VcharError for any other ending."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in LARGEST:
        raise VcharError(f"Can't write {path.name} as an animation; name a file that ends in .mp4, .gif or .webp.")
    return kind


def animation_bytes(frames: Iterable[Image.Image], fps: float, kind: str, title: str, licence: Licence | None) -> bytes:
    """The frames as "mp4" (H.264, yuv420p, sRGB colours), "gif" or "webp" (both in an endless loop).

    Frames larger than LARGEST are scaled down. What is transparent stays so in WebP, is cut hard in GIF, and shows
    paper in MP4, which knows no transparency. GIF keeps time to 10 ms. licence: None for an edited photo.
    """
    frames = iter(frames)
    first = next(frames, None)
    if first is None:
        raise VcharError("There are no frames to write; ask for at least one.")
    scaled = (_scaled(frame, first.size, kind) for frame in itertools.chain([first], frames))
    if kind == "mp4":
        return _mp4(scaled, fps, title, licence)
    held = list(itertools.islice(scaled, MOST_FRAMES + 1))
    if len(held) > MOST_FRAMES:
        raise VcharError(f"A {kind.upper()} holds at most {MOST_FRAMES} frames; choose MP4, or a shorter piece.")
    return (_gif if kind == "gif" else _webp)(held, fps, title, licence)


def _scaled(frame: Image.Image, size: tuple[int, int], kind: str) -> Image.Image:
    """The frame at the size of the first, within what the format takes; MP4 wants even sides and no alpha."""
    share = min(1.0, LARGEST[kind] / max(size))
    width, height = (max(2, round(share * side)) for side in size)
    if kind == "mp4":
        width, height = width - width % 2, height - height % 2
        frame = _on_paper(frame)
    return frame if frame.size == (width, height) else frame.resize((width, height), Image.Resampling.LANCZOS)


def _on_paper(frame: Image.Image) -> Image.Image:
    if frame.mode != "RGBA":
        return frame.convert("RGB")
    paper = Image.new("RGB", frame.size, PAPER)
    paper.paste(frame, mask=frame.getchannel("A"))
    return paper


def _mp4(frames: Iterator[Image.Image], fps: float, title: str, licence: Licence | None) -> bytes:
    buffer, first = io.BytesIO(), next(frames)
    with av.open(buffer, "w", format="mp4") as container:
        container.metadata.update(
            {
                "title": title,
                "copyright": rights_line(licence),
                "comment": "AI-generated" if licence else "AI-edited photo",
            }
        )
        stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001), options=QUALITY)
        stream.width, stream.height = first.size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.color_primaries, context.colorspace, context.color_trc = BT709, BT709, SRGB_CURVE
        context.color_range = ColorRange.MPEG
        for picture in itertools.chain([first], frames):
            frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    packet = XMP_IN_MP4 + xmp_packet(title, licence).encode()
    return buffer.getvalue() + struct.pack(">I4s", 8 + len(packet), b"uuid") + packet


def _webp(frames: list[Image.Image], fps: float, title: str, licence: Licence | None) -> bytes:
    buffer = io.BytesIO()
    xmp = xmp_packet(title, licence).encode()
    times = {"duration": round(1000 / fps), "loop": 0}
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], quality=88, method=3, xmp=xmp, **times)
    return buffer.getvalue()


def _gif(frames: list[Image.Image], fps: float, title: str, licence: Licence | None) -> bytes:
    """One palette for all frames, or their colours would flicker."""
    palette = _palette(frames)
    indexed = [_indexed(frame, palette) for frame in frames]
    clear = any(frame.mode == "RGBA" for frame in frames)
    cut = {"transparency": COLOURS, "disposal": 2} if clear else {}
    buffer = io.BytesIO()
    indexed[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=indexed[1:],
        duration=max(20, 10 * round(100 / fps)),
        loop=0,
        optimize=False,
        comment=rights_line(licence).encode(),
        **cut,
    )
    data = buffer.getvalue()
    header = 13 + (3 * 2 ** ((data[10] & 7) + 1) if data[10] & 128 else 0)  # with the colours of all frames
    packet = XMP_IN_GIF + xmp_packet(title, licence).encode() + XMP_GIF_TRAILER
    return data[:header] + packet + data[header:]


def _palette(frames: list[Image.Image]) -> Image.Image:
    """COLOURS that suit some frames from all along the way."""
    some = [_on_paper(frame) for frame in frames[:: max(1, len(frames) // SAMPLES)]]
    width, height = frames[0].size
    row = Image.new("RGB", (width * len(some), height))
    for place, frame in enumerate(some):
        row.paste(frame, (place * width, 0))
    return row.quantize(COLOURS, Image.Quantize.MEDIANCUT)


def _indexed(frame: Image.Image, palette: Image.Image) -> Image.Image:
    indexed = _on_paper(frame).quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    if frame.mode == "RGBA":
        indexed.paste(COLOURS, mask=frame.getchannel("A").point([255 * (alpha < 128) for alpha in range(256)]))
    return indexed
