"""The finer renderer: `render` of `vchar.render.picture` by Blender's path tracer, Cycles, some seconds a picture.

A tool for making data: `pip install --no-deps bpy` brings it (GPL; what it draws is not), which asks for an older numpy
than it needs. Light bounces, skin lets it through, hair casts shadows on the brow.
"""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Sequence
from math import atan, pi
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vchar.errors import VcharError
from vchar.render.light import BANDS, harmonics
from vchar.render.picture import BRIGHTEST
from vchar.render.scene import Floats, Light, Material, Mesh
from vchar.render.shade import develop
from vchar.rig.camera import Camera

RAYS = 48  # a pixel, before the noise that is left is taken out
DEPTH = 0.01  # metres that red light creeps under a surface whose scatter is 1
SKY = (32, 64)  # pixels of the panorama that light from all around is drawn as
FILM = 36.0  # millimetres, Blender's unit for focal lengths
SOFT_AT = 0.1  # metres behind its cause at which a shadow is as blurred as `Light.softness` says
EVEN = 0.08  # reflectance that Blender calls a specular level of 1
STRANDS = 0.1  # of a card's gloss that strands have, which mirror the sky to all sides
TURN = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], np.float32)  # from camera axes to Blender's: x right, z up, y away


def render(meshes: Sequence[Mesh], camera: Camera, light: Light, height: int, width: int) -> Floats:
    """A picture [height, width, 4]: sRGB values and alpha in 0..1, colour not multiplied with alpha.

    The same picture for the same arguments. VcharError where Blender isn't installed.
    """
    bpy = _blender()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    for mesh in meshes:
        scene.collection.objects.link(_solid(bpy, mesh, camera))
    scene.camera = _eye(bpy, camera, height, width)
    scene.world = _sky(bpy, light)
    scene.collection.objects.link(scene.camera)
    scene.collection.objects.link(_key(bpy, light))
    with tempfile.TemporaryDirectory(prefix="vchar-") as scratch:
        linear = _traced(bpy, scene, Path(scratch) / "picture.exr", height, width)
    return develop(linear, 1, BRIGHTEST)


def _blender() -> Any:  # noqa: ANN401 - a package that ships no types and may be missing
    try:
        return importlib.import_module("bpy")
    except ImportError as error:
        raise VcharError("Cycles comes with Blender's package: pip install --no-deps bpy, and try again.") from error


def _solid(bpy: Any, mesh: Mesh, camera: Camera) -> Any:  # noqa: ANN401
    """A mesh before the camera, with its material; its normals are its shape's, as cards of hair bend theirs."""
    data = bpy.data.meshes.new("mesh")
    data.from_pydata((camera.place(mesh.vertices) @ TURN.T).tolist(), [], mesh.faces.tolist())
    data.shade_smooth()
    colour = data.color_attributes.new("colour", "FLOAT_COLOR", "POINT")
    colour.data.foreach_set("color", np.column_stack([mesh.colour, np.ones(len(mesh.colour))]).astype("f").ravel())
    if mesh.uv is not None:
        data.uv_layers.new().uv.foreach_set("vector", np.asarray(mesh.uv, np.float32).ravel())
    data.materials.append(_surface(bpy, mesh))
    return bpy.data.objects.new("mesh", data)


def _surface(bpy: Any, mesh: Mesh) -> Any:  # noqa: ANN401
    """The mesh's material, texture and colour as one of Blender's."""
    made = bpy.data.materials.new("surface")
    made.use_nodes = True
    nodes, link = made.node_tree.nodes, made.node_tree.links.new
    skin = nodes["Principled BSDF"].inputs
    tint = nodes.new("ShaderNodeVertexColor")
    tint.layer_name = "colour"
    colour = tint.outputs["Color"]
    if mesh.texture is not None:
        image = nodes.new("ShaderNodeTexImage")
        image.image = _image(bpy, mesh.texture)
        both = nodes.new("ShaderNodeVectorMath")
        both.operation = "MULTIPLY"
        link(image.outputs["Color"], both.inputs[0])
        link(colour, both.inputs[1])
        colour = both.outputs[0]
        if mesh.blended:
            link(image.outputs["Alpha"], skin["Alpha"])
    link(colour, skin["Base Color"])
    _answer(skin, mesh.material, thin=mesh.blended)
    return made


def _answer(inputs: Any, material: Material, thin: bool) -> None:  # noqa: ANN401
    """How it answers light, which creeps under it unless it is thin."""
    inputs["Roughness"].default_value = material.roughness
    inputs["Specular IOR Level"].default_value = material.reflectance / EVEN
    if thin and any(material.scatter):
        inputs["Specular IOR Level"].default_value *= STRANDS
    elif any(material.scatter):
        inputs["Subsurface Weight"].default_value = 1
        inputs["Subsurface Radius"].default_value = material.scatter
        inputs["Subsurface Scale"].default_value = DEPTH


def _image(bpy: Any, texture: NDArray[np.uint8]) -> Any:  # noqa: ANN401
    """A texture [h,w,3 or 4] in sRGB."""
    height, width, channels = texture.shape
    image = bpy.data.images.new("texture", width, height, alpha=channels == 4)
    image.alpha_mode = "CHANNEL_PACKED"
    full = np.full((height, width, 4), 255, np.uint8)
    full[..., :channels] = texture
    image.pixels.foreach_set((full[::-1] / np.float32(255)).ravel())  # from the bottom up
    return image


def _eye(bpy: Any, camera: Camera, height: int, width: int) -> Any:  # noqa: ANN401
    """The camera at the origin, looking along y."""
    data = bpy.data.cameras.new("camera")
    larger = max(height, width)
    data.sensor_width = FILM
    data.lens = camera.focal * FILM / larger
    data.shift_x, data.shift_y = (width / 2 - camera.centre[0]) / larger, (camera.centre[1] - height / 2) / larger
    data.clip_start = 0.01
    eye = bpy.data.objects.new("camera", data)
    eye.rotation_euler = (pi / 2, 0, 0)
    return eye


def _sky(bpy: Any, light: Light) -> Any:  # noqa: ANN401
    """Light from all around as a panorama."""
    height, width = SKY
    up = ((np.arange(height) + 0.5) / height - 0.5)[:, None] * pi
    around = -((np.arange(width) + 0.5) / width - 0.5) * 2 * pi
    level = np.cos(up)
    directions = np.stack([level * np.cos(around), level * np.sin(around), np.sin(up) + 0 * around], -1) @ TURN
    radiance = np.ones((height, width, 4), np.float32)
    radiance[..., :3] = np.maximum(harmonics(directions) @ (light.environment / BANDS[:, None]), 0)
    image = bpy.data.images.new("sky", width, height, float_buffer=True)
    image.pixels.foreach_set(radiance.ravel())
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    nodes = world.node_tree.nodes
    panorama = nodes.new("ShaderNodeTexEnvironment")
    panorama.image = image
    world.node_tree.links.new(panorama.outputs["Color"], nodes["Background"].inputs["Color"])
    return world


def _key(bpy: Any, light: Light) -> Any:  # noqa: ANN401
    """The key light as a sun: white surfaces that face it shine as brightly as its radiance."""
    data = bpy.data.lights.new("key", "SUN")
    data.energy, data.color = pi, light.colour.tolist()
    data.angle = 2 * atan(light.softness / SOFT_AT)
    sun = bpy.data.objects.new("key", data)
    sun.rotation_mode = "QUATERNION"
    mathutils = importlib.import_module("mathutils")
    sun.rotation_quaternion = mathutils.Vector((TURN @ light.direction).tolist()).to_track_quat("Z", "Y")
    return sun


def _traced(bpy: Any, scene: Any, path: Path, height: int, width: int) -> Floats:  # noqa: ANN401
    """Linear light [height,width,4], multiplied with alpha."""
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = width, height, 100
    scene.render.film_transparent = True
    scene.cycles.samples, scene.cycles.seed, scene.cycles.use_denoising = RAYS, 0, True
    scene.cycles.transparent_max_bounces = 32  # layers of hair
    scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "OPEN_EXR", "32"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(str(path))
    pixels = np.empty(height * width * 4, np.float32)
    image.pixels.foreach_get(pixels)
    return np.ascontiguousarray(pixels.reshape(height, width, 4)[::-1])
