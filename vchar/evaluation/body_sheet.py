"""Contact sheet of the body: people of all kinds in their clothes, standing, on the move, and in hard poses."""

from pathlib import Path

import numpy as np
from PIL import Image

from vchar.data.motions import load
from vchar.data.retarget import retarget
from vchar.render import stage
from vchar.render.figure import Dresser, sole_thickness
from vchar.rig import feet
from vchar.rig.clip import Clip
from vchar.rig.figure import BodyModel
from vchar.rig.skeleton import Skeleton
from vchar.rig.wardrobe import Wear

WIDTH, HEIGHT = 220, 330  # of a tile, pixels
EXTENT = 2.15  # metres that a tile's longer side shows
YAWS = (25.0, 25.0, 5.0)  # degrees that the camera stands beside each row
GROUND = (244, 243, 239)
PEOPLE = (  # sliders, skin, top, bottom, shoes
    ({"gender": 1.0}, "#c79f86", Wear("t_shirt", "#a8433a", "stripes", "#efe9dc"), Wear("jeans", "#2f4468"),
     Wear("sneakers", "#e8e4da", "two_tone", "#a8433a")),
    ({"gender": -1.0, "bust": 0.2}, "#8d5a3b", Wear("sweater", "#5d7a5a"),
     Wear("skirt", "#2b2b33", "checks", "#7a3a3a"), Wear("boots", "#4a3325")),
    ({"gender": 1.0, "weight": 1.0, "age": 0.3}, "#d9b39b", Wear("t_shirt", "#3c4a5c"), Wear("shorts", "#7b6a4c"),
     Wear("sneakers", "#3a5f8a")),
    ({"gender": -1.0, "weight": 0.9, "bust": 0.7}, "#b98766", Wear("long_sleeves", "#7a3f63"),
     Wear("trousers", "#2e2e35"), Wear("boots", "#2a2624")),
    ({"gender": 1.0, "muscle": 1.0, "height": 0.6}, "#5c3a28", Wear("tank_top", "#dcdcd8"),
     Wear("trousers", "#4a4f57", "two_tone", "#d8d4c8"), Wear("sneakers", "#232328")),
    ({"gender": -1.0, "height": -0.5, "age": -0.4, "weight": -0.4, "bust": 0.3}, "#e2bfa8",
     Wear("t_shirt", "#e3b23c", "two_tone", "#f2efe8"), Wear("shorts", "#38506b"), Wear("sneakers", "#d85b4a")),
    ({"gender": 1.0, "age": 1.0, "weight": -0.2}, "#d8b7a3", Wear("sweater", "#6b5a4a", "stripes", "#84705c"),
     Wear("trousers", "#5a5348", "pinstripes", "#8d8573"), Wear("boots", "#3b2a20")),
    ({"gender": -1.0, "height": 0.9, "muscle": 0.4}, "#a5714f",
     Wear("long_sleeves", "#2f5d8a", "two_tone", "#e9e4d6"), Wear("jeans", "#23262e"), Wear("sneakers", "#ece9e2")),
)  # fmt: skip
POSES = (  # for each person: clips and the share of them that has gone by
    (("m2m_Idle_Loop", 0.1),) * 8,
    (("02_01", 0.45), ("09_01", 0.4), ("02_01", 0.6), ("02_01", 0.25), ("09_01", 0.75), ("09_03", 0.5), ("02_02", 0.5),
     ("09_02", 0.3)),
    (("Male2_G2_FrontKick", 0.41), ("m2m_Sitting_Idle_Loop", 0.4), ("Male1_A7_Crouch", 0.5), ("05_12", 0.94),
     ("17_10", 0.5), ("05_12", 0.6), ("m2m_Crawl_RM", 0.5), ("05_02", 0.5)),
)  # fmt: skip


def draw_sheet(path: Path, motions: Path) -> Path:
    """Write the sheet for the shipped body; motions: a pack of clips like motion_free.npz, which moves it."""
    clips = {motion.name: motion for motion in load(motions)}
    model = BodyModel.load()
    dresser = Dresser(model)
    sheet = Image.new("RGB", (WIDTH * len(PEOPLE), HEIGHT * len(POSES)), GROUND)
    for column, (sliders, skin, *outfit) in enumerate(PEOPLE):
        shape = model.shape(sliders)
        pieces = dresser.dress(shape, outfit, skin)
        for row, poses in enumerate(POSES):
            name, share = poses[column]
            clip = feet.locked(retarget(clips[name], Skeleton.body())).facing_forward()
            clip = shape.follow(clip, sole_thickness(outfit))
            moves = shape.moves(_frame(clip, share))[0]
            half = np.array([0.3, EXTENT / 2, 0.3])
            middle = np.array([0, EXTENT / 2.2, 0])
            view = stage.camera(middle - half, middle + half, HEIGHT, WIDTH, YAWS[row])
            seen = stage.draw(pieces, moves, view, HEIGHT, WIDTH)
            colour = seen[..., :3] * seen[..., 3:] + (1 - seen[..., 3:]) * np.array(GROUND) / 255
            tile = Image.fromarray((colour.clip(0, 1) * 255 + 0.5).astype(np.uint8))
            sheet.paste(tile, (column * WIDTH, row * HEIGHT))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, quality=85)
    return path


def _frame(clip: Clip, share: float) -> Clip:
    """One frame of a clip, `share` of the way through it, and in the middle of the stage."""
    time = share * clip.seconds
    frame = clip.cropped(time, time + 1 / clip.fps)
    x, _, z = frame.root_positions[0].tolist()
    return frame.moved(x=-x, z=-z)
