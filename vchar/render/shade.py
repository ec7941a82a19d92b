"""Shading in numba: opaque pixels after the z-buffer is settled (deferred), and alpha-blended faces back to front."""

from math import ceil, floor, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vchar.raster import Ints
from vchar.render.scene import Floats

Bytes = NDArray[np.uint8]
Real = float | np.floating
# columns of the table of vertex attributes
POSITION, NORMAL, SHADOW, COLOUR, AROUND, MIRRORED = 0, 3, 6, 9, 12, 15
COLUMNS = 18
DARKEST_VARIANCE = 4e-6  # metres squared: keeps surfaces from shadowing themselves


@njit(cache=True, fastmath=True)
def shade_opaque(
    face: Ints, bary: Floats, first: int, faces: Ints, uv: Floats, vertices: Floats, texture: Bytes, decode: Floats,
    material: Floats, key: Floats, moments: Floats, out: Floats,
) -> None:  # fmt: skip
    """Colour the pixels whose face is one of this mesh's (ids from `first`); out: [H,W,4] linear, premultiplied."""
    height, width = face.shape
    at = np.empty(COLUMNS, np.float32)
    texel = np.empty(4, np.float32)
    for y in range(height):
        for x in range(width):
            f = face[y, x] - first
            if f < 0 or f >= faces.shape[0]:
                continue
            w0, w1, w2 = bary[y, x, 0], bary[y, x, 1], bary[y, x, 2]
            a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
            for k in range(COLUMNS):
                at[k] = w0 * vertices[a, k] + w1 * vertices[b, k] + w2 * vertices[c, k]
            u = w0 * uv[f, 0, 0] + w1 * uv[f, 1, 0] + w2 * uv[f, 2, 0]
            v = w0 * uv[f, 0, 1] + w1 * uv[f, 1, 1] + w2 * uv[f, 2, 1]
            sample(texture, decode, u, v, texel)
            light_pixel(at, texel, material, key, moments, out[y, x])


@njit(cache=True, fastmath=True)
def light_pixel(at: Floats, texel: Floats, material: Floats, key: Floats, moments: Floats, out: Floats) -> None:
    """One pixel's colour: light from all around, the key light scattered under the skin, and the gloss of both."""
    one, zero = np.float32(1), np.float32(0)
    vx, vy, vz = unit(-at[POSITION], -at[POSITION + 1], -at[POSITION + 2])
    nx, ny, nz = unit(at[NORMAL], at[NORMAL + 1], at[NORMAL + 2])
    facing = nx * vx + ny * vy + nz * vz
    if facing < 0:  # both sides are surfaces
        nx, ny, nz, facing = -nx, -ny, -nz, -facing
    lit = shadow(moments, at[SHADOW], at[SHADOW + 1], at[SHADOW + 2])
    root = sqrt(lit)
    cosine = nx * key[0] + ny * key[1] + nz * key[2]
    gloss = zero
    if cosine > 0 and lit > 0:
        gloss = lit * cosine * specular(vx, vy, vz, nx, ny, nz, max(facing, np.float32(1e-3)), cosine, key, material)
    grazing = material[1] + max((one - material[0]) ** 3 - material[1], zero) * (one - facing) ** 5
    for c in range(3):
        wrap = material[2 + c]
        wrapped = min(max((cosine + wrap) / ((one + wrap) * (one + wrap)), zero), one)
        soft = lit + wrap * (root - lit)  # the shadow's edge is wider where light scatters further
        diffuse = texel[c] * at[COLOUR + c] * (at[AROUND + c] + key[3 + c] * wrapped * soft)
        out[c] = diffuse + key[3 + c] * gloss + at[MIRRORED + c] * grazing
    out[3] = one


@njit(cache=True, fastmath=True, inline="always")
def unit(x: Real, y: Real, z: Real) -> tuple[Real, Real, Real]:
    scale = np.float32(1) / sqrt(x * x + y * y + z * z + np.float32(1e-12))
    return x * scale, y * scale, z * scale


@njit(cache=True, fastmath=True, inline="always")
def specular(
    vx: Real, vy: Real, vz: Real, nx: Real, ny: Real, nz: Real, facing: Real, cosine: Real,
    key: Floats, material: Floats,
) -> Real:  # fmt: skip
    """GGX with Schlick's Fresnel and Smith's shadowing (Karis 2013)."""
    hx, hy, hz = unit(vx + key[0], vy + key[1], vz + key[2])
    half = max(nx * hx + ny * hy + nz * hz, np.float32(0))
    alpha = material[0] ** 4
    spread = half * half * (alpha - 1) + 1
    k = material[0] * material[0] / 2
    visible = 1 / (4 * (facing * (1 - k) + k) * (cosine * (1 - k) + k))
    fresnel = material[1] + (1 - material[1]) * (1 - (vx * hx + vy * hy + vz * hz)) ** 5
    return alpha / (spread * spread) * visible * fresnel  # pi is in the light's unit


@njit(cache=True, fastmath=True, inline="always")
def shadow(moments: Floats, x: Real, y: Real, depth: Real) -> Real:
    """Share of the key light that arrives, 0..1, by variance shadow mapping (Donnelly and Lauritzen 2006)."""
    size = moments.shape[0]
    x = min(max(x - np.float32(0.5), np.float32(0)), np.float32(size - 1.001))
    y = min(max(y - np.float32(0.5), np.float32(0)), np.float32(size - 1.001))
    i, j = int(x), int(y)
    fx, fy = x - i, y - j
    mean, square = np.float32(0), np.float32(0)
    for k in range(4):
        weight = (fx if k % 2 else 1 - fx) * (fy if k > 1 else 1 - fy)
        mean += weight * moments[j + k // 2, i + k % 2, 0]
        square += weight * moments[j + k // 2, i + k % 2, 1]
    behind = depth - mean
    if behind <= 0:
        return np.float32(1)
    variance = max(square - mean * mean, np.float32(DARKEST_VARIANCE))
    reached = variance / (variance + behind * behind)
    return max((reached - np.float32(0.15)) / np.float32(0.85), np.float32(0))  # cuts what leaks through


@njit(cache=True, fastmath=True, inline="always")
def sample(texture: Bytes, decode: Floats, u: Real, v: Real, out: Floats) -> None:
    """Bilinear, repeating; v points up. out: linear colour and alpha (1 where the texture has none)."""
    height, width, channels = texture.shape
    x, y = u * width - np.float32(0.5), (1 - v) * height - np.float32(0.5)
    i, j = floor(x), floor(y)
    fx, fy = x - i, y - j
    i, j = i % width, j % height
    i1, j1 = (i + 1) % width, (j + 1) % height
    w00, w01, w10, w11 = (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy
    for c in range(3):
        top = decode[texture[j, i, c]] * w00 + decode[texture[j, i1, c]] * w01
        out[c] = top + decode[texture[j1, i, c]] * w10 + decode[texture[j1, i1, c]] * w11
    out[3] = 1
    if channels == 4:
        top = texture[j, i, 3] * w00 + texture[j, i1, 3] * w01
        out[3] = (top + texture[j1, i, 3] * w10 + texture[j1, i1, 3] * w11) / np.float32(255)


@njit(cache=True, fastmath=True)
def blend_faces(
    screen: Floats, faces: Ints, order: NDArray[np.int64], uv: Floats, diffuse: Floats, gloss: Floats, texture: Bytes,
    decode: Floats, depth: Floats, out: Floats,
) -> None:  # fmt: skip
    """Lay faces over `out` in the given order (back to front), hidden where `depth` is nearer.

    screen: [V,3] as for `rasterise`.  diffuse, gloss: [V,3] light to multiply the texture with, and to add.
    """
    height, width = depth.shape
    texel = np.empty(4, np.float32)
    for f in order:
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        x0, y0, z0 = screen[a, 0], screen[a, 1], screen[a, 2]
        x1, y1, z1 = screen[b, 0], screen[b, 1], screen[b, 2]
        x2, y2, z2 = screen[c, 0], screen[c, 1], screen[c, 2]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if not (z0 > 0 and z1 > 0 and z2 > 0 and 1e-9 < abs(area) < 1e30):
            continue
        scale0, scale1, scale2 = 1 / (area * z0), 1 / (area * z1), 1 / (area * z2)
        top, bottom = max(0.0, ceil(min(y0, y1, y2) - 0.5)), min(height - 1.0, floor(max(y0, y1, y2) - 0.5))
        left, right = max(0.0, ceil(min(x0, x1, x2) - 0.5)), min(width - 1.0, floor(max(x0, x1, x2) - 0.5))
        for y in range(int(top), int(bottom) + 1):
            py = y + np.float32(0.5)
            for x in range(int(left), int(right) + 1):
                px = x + np.float32(0.5)
                w0 = ((x1 - px) * (y2 - py) - (x2 - px) * (y1 - py)) * scale0
                w1 = ((x2 - px) * (y0 - py) - (x0 - px) * (y2 - py)) * scale1
                w2 = ((x0 - px) * (y1 - py) - (x1 - px) * (y0 - py)) * scale2
                if w0 < 0 or w1 < 0 or w2 < 0:
                    continue
                z = 1 / (w0 + w1 + w2)
                if z >= depth[y, x]:
                    continue
                w0, w1, w2 = w0 * z, w1 * z, w2 * z
                u = w0 * uv[f, 0, 0] + w1 * uv[f, 1, 0] + w2 * uv[f, 2, 0]
                v = w0 * uv[f, 0, 1] + w1 * uv[f, 1, 1] + w2 * uv[f, 2, 1]
                sample(texture, decode, u, v, texel)
                alpha = texel[3]
                for k in range(3):
                    light = w0 * diffuse[a, k] + w1 * diffuse[b, k] + w2 * diffuse[c, k]
                    shine = w0 * gloss[a, k] + w1 * gloss[b, k] + w2 * gloss[c, k]
                    out[y, x, k] = out[y, x, k] * (1 - alpha) + alpha * (texel[k] * light + shine)
                out[y, x, 3] = out[y, x, 3] * (1 - alpha) + alpha


@njit(cache=True, fastmath=True)
def develop(out: Floats, samples: int, brightest: Real) -> Floats:
    """From premultiplied light to sRGB values beside alpha, averaging the samples of each pixel.

    Light above `brightest` is cut, lest one glint outweigh its pixel.
    """
    height, width = out.shape[0] // samples, out.shape[1] // samples
    pixels = np.zeros((height, width, 4), np.float32)
    share = np.float32(1 / (samples * samples))
    for y in range(height * samples):
        for x in range(width * samples):
            for k in range(4):
                pixels[y // samples, x // samples, k] += min(out[y, x, k], np.float32(brightest)) * share
    for y in range(height):
        for x in range(width):
            if pixels[y, x, 3] > 0:
                for k in range(3):
                    pixels[y, x, k] = film(pixels[y, x, k] / pixels[y, x, 3])
    return pixels


@njit(cache=True, fastmath=True)
def film(radiance: Real) -> Real:
    """A film-like curve with toe and shoulder (Narkowicz 2015), then sRGB's usual power of 2.2."""
    x = max(np.float32(radiance), np.float32(0)) * np.float32(0.85)
    light = x * (np.float32(2.51) * x + np.float32(0.03))
    shown = light / (x * (np.float32(2.43) * x + np.float32(0.59)) + np.float32(0.14))
    return min(shown, np.float32(1)) ** np.float32(1 / 2.2)


@njit(cache=True, fastmath=True)
def film_all(radiance: Floats) -> Floats:
    """`film` of each value of a list [N]."""
    out = np.empty_like(radiance)
    for i in range(len(radiance)):
        out[i] = film(radiance[i])
    return out
