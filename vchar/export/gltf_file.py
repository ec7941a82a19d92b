"""A binary glTF 2.0 file (Khronos) in the making: its arrays, pictures and nodes, by `pygltflib`."""

import io
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray
from PIL import Image

from vchar.character import Character
from vchar.export.provenance import EDITED, GENERATED, SOURCE_TYPES, rights_line
from vchar.licence import Licence

QUALITY = 88  # of the textures' JPEG
TYPES = {1: gltf.SCALAR, 2: gltf.VEC2, 3: gltf.VEC3, 4: gltf.VEC4, 16: gltf.MAT4}
COMPONENTS = {
    np.dtype(np.uint8): gltf.UNSIGNED_BYTE,
    np.dtype(np.uint16): gltf.UNSIGNED_SHORT,
    np.dtype(np.uint32): gltf.UNSIGNED_INT,
    np.dtype(np.float32): gltf.FLOAT,
}


@dataclass
class GltfFile:
    """A file being made: its tree, and the bytes of its one buffer."""

    tree: gltf.GLTF2 = field(default_factory=lambda: gltf.GLTF2())
    binary: bytearray = field(default_factory=bytearray)

    def view(self, data: bytes, target: int | None = None) -> int:
        """Lay bytes into the buffer; returns the number of their view."""
        self.binary += bytes(-len(self.binary) % 4)
        start = len(self.binary)
        self.binary += data
        self.tree.bufferViews.append(
            gltf.BufferView(buffer=0, byteOffset=start, byteLength=len(data), target=target)
        )  # fmt: skip
        return len(self.tree.bufferViews) - 1

    def accessor(
        self, values: NDArray, target: int | None = None, bounds: bool = False, normalized: bool = False
    ) -> int:
        """Lay an array [N] or [N,K] into the buffer; returns the number of its accessor."""
        rows = np.ascontiguousarray(values).reshape(len(values), -1)
        accessor = gltf.Accessor(
            bufferView=self.view(rows.tobytes(), target),
            componentType=COMPONENTS[rows.dtype],
            count=len(rows),
            type=TYPES[rows.shape[1]],
            normalized=normalized,
        )
        if bounds:
            accessor.min, accessor.max = rows.min(0).tolist(), rows.max(0).tolist()
        self.tree.accessors.append(accessor)
        return len(self.tree.accessors) - 1

    def sparse(self, values: NDArray[np.float32], still: float) -> int:
        """Lay the rows of an array [N,3] that are longer than `still` into the buffer, the others being 0."""
        rows = np.flatnonzero(np.linalg.norm(values, axis=1) > still)
        rows = rows if len(rows) else np.zeros(1, np.intp)
        moved = np.where(np.linalg.norm(values, axis=1, keepdims=True) > still, values, 0).astype(np.float32)
        accessor = gltf.Accessor(
            byteOffset=None,
            componentType=gltf.FLOAT,
            count=len(values),
            type=gltf.VEC3,
            min=moved.min(0).tolist(),
            max=moved.max(0).tolist(),
            sparse=gltf.Sparse(
                count=len(rows),
                indices=gltf.AccessorSparseIndices(
                    bufferView=self.view(rows.astype(np.uint32).tobytes()), componentType=gltf.UNSIGNED_INT
                ),
                values=gltf.AccessorSparseValues(bufferView=self.view(moved[rows].tobytes())),
            ),
        )
        self.tree.accessors.append(accessor)
        return len(self.tree.accessors) - 1

    def node(self, **settings: Any) -> int:  # noqa: ANN401 - as pygltflib has them
        """Add a node; returns its number."""
        self.tree.nodes.append(gltf.Node(**settings))
        return len(self.tree.nodes) - 1

    def texture(self, name: str, pixels: NDArray[np.uint8]) -> int:
        """Add a picture [h,w,3] sRGB, or [h,w,4] with alpha; returns the number of its texture."""
        encoded, kind = io.BytesIO(), "JPEG" if pixels.shape[2] == 3 else "PNG"
        Image.fromarray(pixels).save(encoded, kind, quality=QUALITY)
        view = self.view(encoded.getvalue())
        self.tree.images.append(gltf.Image(name=name, mimeType=f"image/{kind.lower()}", bufferView=view))
        if not self.tree.samplers:
            self.tree.samplers.append(gltf.Sampler(magFilter=gltf.LINEAR, minFilter=gltf.LINEAR_MIPMAP_LINEAR))
        self.tree.textures.append(gltf.Texture(source=len(self.tree.images) - 1, sampler=0))
        return len(self.tree.textures) - 1

    def describe(self, character: Character | None, licence: Licence | None, what: str) -> None:
        """Say what the file shows, who made it and what one may do with it; the recipe too, if there is one."""
        extras = {"digitalSourceType": SOURCE_TYPES + (GENERATED if licence else EDITED)}
        extras |= {"licence": licence.text} if licence else {}
        extras |= {"vchar": json.loads(character.to_json())} if character else {}
        self.tree.asset = gltf.Asset(
            version="2.0", generator="vchar", copyright=rights_line(licence, what), extras=extras
        )

    def to_bytes(self) -> bytes:
        self.binary += bytes(-len(self.binary) % 4)
        self.tree.buffers = [gltf.Buffer(byteLength=len(self.binary))]
        self.tree.set_binary_blob(bytes(self.binary))
        return b"".join(self.tree.save_to_bytes())


def unit(normals: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same, but upwards where a surface has no area."""
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.where(length > 0.5, normals / np.maximum(length, 1e-9), [0, 1, 0]).astype(np.float32)
