"""Animations: the frames come back in order, in a loop, with the licence and the AI mark."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
from PIL import Image

from vchar.errors import VcharError
from vchar.export.provenance import xmp_packet
from vchar.export.video import LARGEST, MOST_FRAMES, XMP_GIF_TRAILER, XMP_IN_GIF, animation_bytes, write_animation
from vchar.licence import Licence

LICENCE = Licence("Test Model", "for <tests> & nothing else", "The whole lineage.")
COLOURS = [(200, 40, 40), (40, 160, 60), (50, 70, 210), (230, 220, 90)]
FRAMES = [Image.new("RGB", (64, 48), colour) for colour in COLOURS]
KINDS = list(LARGEST)


def frames_of(data: bytes, kind: str) -> list[Image.Image]:
    if kind == "mp4":
        with av.open(io.BytesIO(data), "r") as container:
            return [frame.to_image() for frame in container.decode(video=0)]
    with Image.open(io.BytesIO(data)) as image:
        found = []
        for place in range(image.n_frames):  # pyright: ignore[reportAttributeAccessIssue]
            image.seek(place)
            found.append(image.convert("RGBA"))
        return found


def xmp_of(data: bytes, kind: str) -> str:
    """The XMP packet, found the way that the format's standard says."""
    if kind == "webp":
        with Image.open(io.BytesIO(data)) as image:
            return image.info["xmp"].decode()
    if kind == "gif":
        packet = data[data.index(XMP_IN_GIF) + len(XMP_IN_GIF) :]
        return packet[: packet.index(XMP_GIF_TRAILER)].decode()
    at = 0
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        if name == b"uuid":
            return data[at + 24 : at + size].decode()
        at += size
    raise AssertionError("no box with XMP")


@pytest.mark.parametrize("kind", KINDS)
def test_frames_come_back_in_their_order_and_colours(kind: str) -> None:
    found = frames_of(animation_bytes(iter(FRAMES), 10, kind, "Ada", LICENCE), kind)
    assert [frame.size for frame in found] == [(64, 48)] * 4
    for frame, colour in zip(found, COLOURS, strict=True):
        pixel = np.asarray(frame.convert("RGB"))[24, 32].astype(int)
        assert np.abs(pixel - colour).max() <= 8


def test_mp4_plays_in_browsers_and_tells_its_colours() -> None:
    with av.open(io.BytesIO(animation_bytes(FRAMES, 25, "mp4", "Ada", LICENCE))) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.average_rate == 25
        assert (stream.codec_context.colorspace, stream.codec_context.color_trc) == (1, 13)


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_gif_and_webp_loop_for_ever_in_time(kind: str) -> None:
    with Image.open(io.BytesIO(animation_bytes(FRAMES, 25, kind, "Ada", LICENCE))) as image:
        image.load()
        assert image.info["loop"] == 0
        image.seek(1)
        image.load()
        assert image.info["duration"] == 40


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("licence", [LICENCE, None])
def test_every_format_carries_licence_and_ai_mark(kind: str, licence: Licence | None) -> None:
    data = animation_bytes(FRAMES, 10, kind, "Zoë <&> Co", licence)
    assert xmp_of(data, kind) == xmp_packet("Zoë <&> Co", licence)
    text = "".join(ElementTree.fromstring(xmp_of(data, kind).encode()).itertext())
    assert ("for <tests> & nothing else" if licence else "a photo that its user opened") in text
    source = "trainedAlgorithmicMedia" if licence else "compositeWithTrainedAlgorithmicMedia"
    assert f'digitalsourcetype/{source}"' in xmp_of(data, kind)
    assert len(frames_of(data, kind)) == 4


def test_players_that_know_no_xmp_find_the_licence_too() -> None:
    with av.open(io.BytesIO(animation_bytes(FRAMES, 10, "mp4", "Ada", LICENCE))) as container:
        assert container.metadata["title"] == "Ada"
        assert container.metadata["comment"] == "AI-generated"
        assert "for <tests> & nothing else" in container.metadata["copyright"]
    with Image.open(io.BytesIO(animation_bytes(FRAMES, 10, "gif", "Ada", LICENCE))) as image:
        assert b"for <tests> & nothing else" in image.info["comment"]


def test_transparency_is_kept_cut_or_laid_on_paper() -> None:
    clear = []
    for x in (5, 25):
        frame = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
        frame.paste((250, 10, 10, 255), (x, 5, x + 10, 35))
        frame.paste((10, 10, 250, 100), (0, 38, 40, 40))  # more air than paint
        clear.append(frame)
    for kind in ("webp", "gif"):
        first, second = (np.asarray(frame) for frame in frames_of(animation_bytes(clear, 10, kind, "", None), kind))
        assert first[10, 30, 3] == second[10, 10, 3] == 0, kind
        assert first[10, 10, 3] == second[10, 30, 3] == 255, kind
        assert first[39, 20, 3] == (100 if kind == "webp" else 0)
    paper = np.asarray(frames_of(animation_bytes(clear, 10, "mp4", "", None), "mp4")[0].convert("RGB"), int)
    assert paper[10, 35].min() > 225
    assert paper[10, 10, 0] > paper[10, 10, 1] + 150


def test_large_and_odd_frames_fit_the_format() -> None:
    large = [Image.new("RGB", (1000, 501), "teal")] * 2
    sizes = {kind: frames_of(animation_bytes(large, 10, kind, "", None), kind)[0].size for kind in KINDS}
    assert sizes == {"mp4": (1000, 500), "webp": (720, 361), "gif": (384, 192)}


def test_what_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(VcharError, match=r"ends in \.mp4, \.gif or \.webp"):
        write_animation(tmp_path / "a.avi", FRAMES, 10, "", None)
    with pytest.raises(VcharError, match="no frames"):
        write_animation(tmp_path / "a.mp4", [], 10, "", None)
    with pytest.raises(VcharError, match=f"at most {MOST_FRAMES} frames; choose MP4"):
        write_animation(tmp_path / "a.gif", FRAMES[:1] * (MOST_FRAMES + 1), 10, "", None)
    with pytest.raises(VcharError, match="choose another place"):
        write_animation(tmp_path / "no" / "a.gif", FRAMES, 10, "", None)
    assert list(tmp_path.iterdir()) == []
    write_animation(tmp_path / "a.gif", FRAMES, 10, "", None)
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"]
