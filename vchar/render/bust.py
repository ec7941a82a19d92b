"""A portrait's head in space, as meshes to draw."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vchar.render.picture import srgb_to_linear
from vchar.render.scene import EYE, HAIR, SKIN, TONGUE, TOOTH, Mesh
from vchar.rig.body import HeadModel
from vchar.rig.bust import Bust
from vchar.rig.fit import Fit
from vchar.rig.likeness import Likeness, eye_uv


def bust_meshes(head: HeadModel, bust: Bust, fit: Fit, likeness: Likeness, arkit: NDArray) -> list[Mesh]:
    """The head of a fit with ARKit weights [52], in the head's axes."""
    shape = head.shape(fit.phenotype, fit.local, arkit)
    vertices, normals = bust.place(shape), bust.spread(head.normals(shape))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9
    skin = bust.faces[bust.only("skin")]
    whole = Mesh(vertices, normals, skin, SKIN, np.ones_like(vertices), likeness.skin, bust.uv[skin])
    eyes = bust.faces[bust.only("eyes")]
    left = vertices[eyes].mean(1)[:, 0] < 0
    meshes = [whole]
    for chosen, picture in ((left, likeness.eyes[0]), (~left, likeness.eyes[1])):
        ball = replace(whole, faces=eyes[chosen], material=EYE, texture=picture, uv=eye_uv(bust.uv[eyes[chosen]]))
        meshes.append(ball)
    albedo = srgb_to_linear(bust.spread(head.albedo).clip(0, 1))
    for part, material, tint in (("cavity", SKIN, 1.0), ("teeth", TOOTH, likeness.teeth), ("tongue", TONGUE, 1.0)):
        faces = bust.faces[bust.only(part)]
        colour = (albedo * np.asarray(tint)).astype(np.float32)
        meshes.append(replace(whole, faces=faces, material=material, colour=colour, texture=None, uv=None))
    hair = likeness.hair
    if hair is not None:
        white = np.ones_like(hair.vertices)
        uv = hair.uv[hair.faces]
        meshes.append(Mesh(hair.vertices, hair.normals, hair.faces, HAIR, white, hair.texture, uv, blended=True))
    return meshes
