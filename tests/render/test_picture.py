"""Pictures of balls: what light, material, alpha and shadow must do."""

from dataclasses import replace

import numpy as np
import pytest

from tests.render.shapes import ball
from vchar.render.light import uniform_environment
from vchar.render.picture import filmic, render, srgb_to_linear
from vchar.render.scene import SKIN, Light, Material, Mesh
from vchar.rig.camera import Camera

SIZE = 48
MATTE = Material(roughness=1.0, reflectance=0.0)


def lit(direction: tuple[float, float, float], ambient: float = 0.1, key: float = 1.0) -> Light:
    unit = np.array(direction) / np.linalg.norm(direction)
    return Light(uniform_environment(ambient), unit, np.full(3, key))


def picture(*meshes: Mesh, light: Light | None = None, samples: int = 2) -> np.ndarray:
    return render(meshes, Camera.facing(SIZE), light or lit((0, 0, -1)), SIZE, SIZE, samples)


def card(z: float, texture: np.ndarray, half: float = 0.1) -> Mesh:
    """An alpha-blended square that faces the camera."""
    corners = np.array([[-half, -half, z], [half, -half, z], [half, half, z], [-half, half, z]])
    uv = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], float)
    faces = np.array([[0, 1, 2], [0, 2, 3]])
    normals = np.tile([0.0, 0, -1], (4, 1))
    return Mesh(corners, normals, faces, MATTE, np.ones((4, 3)), texture=texture, uv=uv[faces], blended=True)


def test_the_ground_is_transparent_and_the_edge_soft() -> None:
    alpha = picture(ball())[..., 3]
    assert alpha[0, 0] == 0
    assert alpha[SIZE // 2, SIZE // 2] == 1
    assert ((alpha > 0) & (alpha < 1)).sum() > 20


def test_nothing_to_draw_gives_an_empty_picture() -> None:
    assert not picture(ball(centre=(5, 0, 0))).any()


@pytest.mark.parametrize(("direction", "bright"), [((-1, 0, -0.3), "left"), ((1, 0, -0.3), "right")])
def test_the_side_towards_the_key_light_is_bright(direction: tuple[float, float, float], bright: str) -> None:
    found = picture(ball(), light=lit(direction))[..., 1]
    left, right = found[:, : SIZE // 2].sum(), found[:, SIZE // 2 :].sum()
    assert (left > 1.3 * right) == (bright == "left")


def test_light_stays_in_the_picture_when_the_camera_turns() -> None:
    camera = Camera.facing(SIZE)
    turned = replace(camera, rotation=np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]]))
    light = lit((-1, -0.5, -0.5))
    straight = render([ball()], camera, light, SIZE, SIZE)
    np.testing.assert_allclose(render([ball()], turned, light, SIZE, SIZE), straight, atol=0.05)


def test_a_body_before_the_light_throws_a_shadow() -> None:
    light = lit((0, -1, -1))
    alone = picture(ball(), light=light)
    shaded = picture(ball(), ball(radius=0.03, centre=(0, -0.15, -0.15)), light=light)
    seen = (alone[..., 3] == 1) & (np.abs(shaded - alone).max(2) > 0.1)
    assert seen.sum() > 10
    assert (shaded[seen, 1] < alone[seen, 1]).mean() > 0.5


def test_skin_reddens_where_the_light_ends() -> None:
    light = lit((-1, 0, 0), ambient=0.02)
    skin, plain = picture(ball(material=SKIN), light=light), picture(ball(material=MATTE), light=light)
    terminator = np.s_[SIZE // 2 + 2, SIZE // 2 + 3]
    assert skin[terminator][0] > skin[terminator][2] + 0.1
    assert abs(plain[terminator][0] - plain[terminator][2]) < 0.02


def test_a_smooth_surface_has_a_sharper_and_brighter_glint() -> None:
    smooth = picture(ball(material=Material(roughness=0.15)))[..., 1]
    rough = picture(ball(material=Material(roughness=0.8)))[..., 1]
    assert smooth.max() > rough.max() + 0.1


def test_half_transparent_cards_mix_with_what_lies_behind() -> None:
    half_red = np.array([[[255, 0, 0, 128]]], np.uint8)
    plain, covered = picture(ball()), picture(ball(), card(-0.2, half_red))
    middle = (SIZE // 2 + 2, SIZE // 2)
    assert covered[middle][0] > plain[middle][0]
    assert covered[middle][2] < plain[middle][2]
    corner = picture(card(-0.2, half_red))[middle]
    assert corner[3] == pytest.approx(0.5, abs=0.01)


def test_a_card_behind_an_opaque_body_is_hidden() -> None:
    red = np.array([[[255, 0, 0, 255]]], np.uint8)
    both = picture(ball(), card(0.2, red, half=0.02), light=lit((0, 0, -1)))
    np.testing.assert_allclose(both[SIZE // 2 + 2, SIZE // 2], picture(ball())[SIZE // 2 + 2, SIZE // 2], atol=0.02)


def test_textures_lie_where_uv_says() -> None:
    texture = np.zeros((2, 2, 4), np.uint8)
    texture[..., 3] = 255
    texture[0, 0, 0], texture[1, 1, 2] = 255, 255  # red above left, blue below right
    found = picture(card(0, texture))
    quarter = SIZE // 8
    middle = SIZE // 2
    assert found[middle - quarter, middle - quarter].argmax() in (0, 3)
    assert found[middle - quarter, middle - quarter, 0] > 0.3
    assert found[middle + quarter, middle + quarter, 2] > 0.3
    assert found[middle + quarter, middle + quarter, 0] < 0.2


def test_occlusion_darkens() -> None:
    open_ball = ball()
    hidden = replace(open_ball, occlusion=np.full(len(open_ball.vertices), 0.2))
    light = lit((0, 0, -1), ambient=0.5, key=0.0)
    assert picture(hidden, light=light)[..., 1].sum() < 0.7 * picture(open_ball, light=light)[..., 1].sum()


def test_depth_bias_lets_the_body_behind_show() -> None:
    red, blue = ball(colour=(0.8, 0, 0)), ball(colour=(0, 0, 0.8), centre=(0, 0, -0.002))
    middle = (SIZE // 2, SIZE // 2)
    assert picture(red, blue)[middle].argmax() != 0
    assert picture(red, replace(blue, depth_bias=0.01))[middle][2] < 0.3


def test_the_film_curve_rises_from_black_to_white() -> None:
    values = filmic(np.linspace(0, 50, 500))
    assert values[0] == 0
    assert values[-1] <= 1
    assert values[-1] > 0.95
    assert (np.diff(values) >= 0).all()


def test_srgb_decodes_black_grey_and_white() -> None:
    np.testing.assert_allclose(srgb_to_linear(np.array([0, 0.5, 1])), [0, 0.2176, 1], atol=1e-3)
