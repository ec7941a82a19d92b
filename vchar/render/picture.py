"""`render`: meshes, a camera and light in; a picture with a transparent ground out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from vchar.raster import Raster, rasterise
from vchar.render.light import harmonics
from vchar.render.occlusion import orthographic
from vchar.render.scene import Floats, Light, Mesh
from vchar.render.shade import AROUND, COLOUR, blend_faces, develop, film_all, shade_opaque
from vchar.rig.camera import Camera

SHADOW_SIZE = 256
BRIGHTEST = 4.0  # radiance of the brightest sample
WHITE = np.full((1, 1, 3), 255, np.uint8)


def render(meshes: Sequence[Mesh], camera: Camera, light: Light, height: int, width: int, samples: int = 2) -> Floats:
    """A picture [height, width, 4]: sRGB values and alpha in 0..1, colour not multiplied with alpha.

    samples: supersampling, `samples` squared per pixel.  Opaque meshes first; blended ones are laid over them in the
    order given, each sorted back to front in itself.
    """
    out = np.zeros((height * samples, width * samples, 4), np.float32)
    solid = [mesh for mesh in meshes if not mesh.blended]
    tables, moments = _vertex_tables(meshes, camera, light)
    zoomed = camera.scaled(samples)
    raster = rasterise_meshes(solid, zoomed, height * samples, width * samples)
    decode, key = srgb_to_linear(np.arange(256) / 255), _key(light)
    first = 0
    for mesh, table in zip(meshes, tables, strict=True):
        if not mesh.blended:
            faces, texture, material = np.ascontiguousarray(mesh.faces, np.int32), _texture(mesh), _material(mesh)
            shade_opaque(
                raster.face, raster.bary, first, faces, _uv(mesh), table, texture, decode, material, key, moments,
                out,
            )  # fmt: skip
            first += len(mesh.faces)
    for mesh, table in zip(meshes, tables, strict=True):
        if mesh.blended:
            _blend(mesh, table, zoomed, light, moments, raster.depth, decode, out)
    return develop(out, samples, BRIGHTEST)


def rasterise_meshes(meshes: Sequence[Mesh], camera: Camera, height: int, width: int) -> Raster:
    """The nearest face of each pixel among all meshes; faces are numbered on from mesh to mesh."""
    if not meshes:
        return rasterise(np.zeros((1, 3)), np.zeros((0, 3), np.int32), height, width)
    vertices = np.concatenate([mesh.vertices for mesh in meshes])
    bias = np.concatenate([np.full(len(mesh.faces), mesh.depth_bias, np.float32) for mesh in meshes])
    return rasterise(camera.project(vertices), _joined_faces(meshes), height, width, bias)


def coverage(meshes: Sequence[Mesh], chosen: Sequence[bool], camera: Camera, size: int, samples: int = 2) -> Floats:
    """[size,size,2]: how far each pixel of what `render` makes shows any mesh, and one of those that are chosen."""
    out = np.zeros((size * samples, size * samples, 4), np.float32)
    zoomed, decode = camera.scaled(samples), np.ones(256, np.float32)
    solid = [mesh for mesh in meshes if not mesh.blended]
    raster = rasterise_meshes(solid, zoomed, *out.shape[:2])
    kept = [picked for mesh, picked in zip(meshes, chosen, strict=True) if not mesh.blended]
    number = np.repeat(kept, [len(mesh.faces) for mesh in solid])
    out[..., 3] = raster.face >= 0
    out[..., 0] = out[..., 3] * number[raster.face]
    for mesh, picked in zip(meshes, chosen, strict=True):
        if mesh.blended:
            white = np.full((len(mesh.vertices), 3), picked, np.float32)
            _lay(mesh, zoomed, white, np.zeros_like(white), raster.depth, decode, out)
    return out.reshape(size, samples, size, samples, 4).mean((1, 3))[..., [3, 0]]


def srgb_to_linear(values: NDArray) -> Floats:
    """sRGB values in 0..1 as linear light, by the usual power of 2.2."""
    return np.asarray(values, np.float32) ** np.float32(2.2)


def filmic(radiance: NDArray) -> Floats:
    """Linear light as sRGB values in 0..1, as `render` shows it."""
    values = np.ascontiguousarray(radiance, np.float32)
    return film_all(values.ravel()).reshape(values.shape)


def _vertex_tables(meshes: Sequence[Mesh], camera: Camera, light: Light) -> tuple[list[Floats], Floats]:
    """Per mesh, what shading wants to know of each vertex (see the columns in vchar.render.shade); the shadow map."""
    places = [np.asarray(mesh.vertices @ camera.rotation.T + camera.translation, np.float32) for mesh in meshes]
    shadows, scale = orthographic(np.concatenate(places), light.direction, SHADOW_SIZE)
    tables = []
    start = 0
    for mesh, place in zip(meshes, places, strict=True):
        normals = mesh.normals @ camera.rotation.T
        surrounding = _surrounding(mesh, place, normals, light)
        parts = (place, normals, shadows[start : start + len(place)], mesh.colour, *surrounding)
        tables.append(np.concatenate(parts, 1).astype(np.float32))
        start += len(place)
    return tables, _shadow_map(meshes, shadows, light.softness * scale)


def _surrounding(mesh: Mesh, place: Floats, normals: NDArray, light: Light) -> tuple[NDArray, NDArray]:
    """Light from all around that each vertex scatters and mirrors, [V,3] each; smooth enough not to ask per pixel."""
    view = -place / np.linalg.norm(place, axis=1, keepdims=True)
    facing = (normals * view).sum(1, keepdims=True)
    normals = normals * np.where(facing < 0, -1, 1)
    seen = np.ones(len(place)) if mesh.occlusion is None else mesh.occlusion
    wrap = np.asarray(mesh.material.scatter)
    open_air = seen[:, None] ** (1 - 0.5 * wrap)  # scattered light also comes out where little falls in
    around = np.maximum(harmonics(normals) @ light.environment, 0) * open_air
    mirror = 2 * np.abs(facing) * normals - view
    return around, np.maximum(harmonics(mirror) @ light.environment, 0) * seen[:, None] ** 2


def _shadow_map(meshes: Sequence[Mesh], screen: Floats, blur: float) -> Floats:
    """[S,S,2]: mean and mean square of the depth towards the light, blurred."""
    casting = np.concatenate([casts_shadow(mesh) for mesh in meshes])
    depth = rasterise(screen, _joined_faces(meshes)[casting], SHADOW_SIZE, SHADOW_SIZE).depth
    depth = np.where(np.isfinite(depth), depth, screen[:, 2].max())
    window = max(3, round(2 * blur))
    both = (depth, depth * depth)
    return np.stack([uniform_filter(uniform_filter(x, window), window) for x in both], -1).astype(np.float32)


def casts_shadow(mesh: Mesh) -> NDArray[np.bool_]:
    """Which faces throw a shadow: all but those whose middle is see-through."""
    if not mesh.blended or mesh.texture is None or mesh.uv is None or mesh.texture.shape[2] < 4:
        return np.ones(len(mesh.faces), bool)
    height, width = mesh.texture.shape[:2]
    u, v = np.mod(mesh.uv.mean(1), 1).T
    return mesh.texture[((1 - v) * (height - 1)).astype(int), (u * (width - 1)).astype(int), 3] > 128


def _blend(
    mesh: Mesh, table: Floats, camera: Camera, light: Light, moments: Floats, depth: Floats, decode: Floats, out: Floats
) -> None:
    """Lay one alpha-blended mesh over the picture, lit per vertex."""
    _lay(mesh, camera, *_vertex_light(mesh, table, light, moments), depth, decode, out)


def _lay(
    mesh: Mesh, camera: Camera, diffuse: Floats, gloss: Floats, depth: Floats, decode: Floats, out: Floats
) -> None:
    """Lay one alpha-blended mesh over the picture, given the light on its vertices [V,3]."""
    screen = np.asarray(camera.project(mesh.vertices), np.float32)
    screen[:, 2] += mesh.depth_bias
    faces = np.ascontiguousarray(mesh.faces, np.int32)
    order = np.argsort(-screen[faces, 2].mean(1))
    blend_faces(screen, faces, order, _uv(mesh), diffuse, gloss, _texture(mesh), decode, depth, out)


def _vertex_light(mesh: Mesh, table: Floats, light: Light, moments: Floats) -> tuple[Floats, Floats]:
    """Light on each vertex: [V,3] to multiply the texture with, [V,3] gloss to add."""
    view = -table[:, :3] / np.linalg.norm(table[:, :3], axis=1, keepdims=True)
    normal = table[:, 3:6] * np.where((table[:, 3:6] * view).sum(1, keepdims=True) < 0, -1, 1)
    wrap = np.asarray(mesh.material.scatter)
    cosine = (normal @ light.direction)[:, None]
    x, y = np.clip(table[:, 6:8].astype(int), 0, SHADOW_SIZE - 1).T
    mean, square = moments[y, x].T
    behind = np.maximum(table[:, 8] - mean - 0.004, 0)
    variance = np.maximum(square - mean * mean, 1e-5)
    lit = (variance / (variance + behind * behind))[:, None]
    diffuse = table[:, COLOUR : COLOUR + 3] * (
        table[:, AROUND : AROUND + 3] + light.colour * lit * np.clip((cosine + wrap) / (1 + wrap) ** 2, 0, 1)
    )
    half = view + light.direction
    half /= np.linalg.norm(half, axis=1, keepdims=True)
    shine = np.maximum((normal * half).sum(1, keepdims=True), 0) ** (2 / mesh.material.roughness**4)
    gloss = shine * lit * light.colour * mesh.material.reflectance * np.maximum(cosine, 0)
    return diffuse.astype(np.float32), gloss.astype(np.float32)


def _joined_faces(meshes: Sequence[Mesh]) -> NDArray[np.int32]:
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])
    return np.concatenate([mesh.faces + start for mesh, start in zip(meshes, starts, strict=False)]).astype(np.int32)


def _key(light: Light) -> Floats:
    return np.concatenate([light.direction, light.colour]).astype(np.float32)


def _material(mesh: Mesh) -> Floats:
    return np.array([mesh.material.roughness, mesh.material.reflectance, *mesh.material.scatter], np.float32)


def _texture(mesh: Mesh) -> NDArray[np.uint8]:
    return WHITE if mesh.texture is None else np.ascontiguousarray(mesh.texture, np.uint8)


def _uv(mesh: Mesh) -> Floats:
    uv = np.zeros((len(mesh.faces), 3, 2)) if mesh.uv is None else mesh.uv
    return np.ascontiguousarray(uv, np.float32)
