"""The 52 ARKit facial actions: names, regions, sides, and the named emotions made of them.

Names and order are those of Apple's `ARFaceAnchor.BlendShapeLocation`; Left is the character's left, which is the
picture's right. Weights run from 0 (rest) to 1.

The emotions follow the prototypes of EMFACS (Ekman, Friesen and Hager, Facial Action Coding System, 2002), the pain
score of Prkachin and Solomon (2008) and, where no prototype exists, what animators draw; FACS action units became the
ARKit actions that move the same muscles.
"""

from collections.abc import Mapping
from types import MappingProxyType

ARKIT_NAMES = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft",
    "eyeWideLeft",
    "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight", "eyeSquintRight",
    "eyeWideRight",
    "jawForward", "jawLeft", "jawRight", "jawOpen",
    "mouthClose", "mouthFunnel", "mouthPucker", "mouthLeft", "mouthRight", "mouthSmileLeft", "mouthSmileRight",
    "mouthFrownLeft", "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft",
    "mouthStretchRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPressLeft",
    "mouthPressRight", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight",
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight",
    "tongueOut",
)  # fmt: skip

GAZE = tuple(name for name in ARKIT_NAMES if name.startswith("eyeLook"))
"""Where the eyes look; a layer of its own, so that an emotion may leave it alone."""

REGIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Brows": tuple(n for n in ARKIT_NAMES if n.startswith("brow")),
        "Eyes": tuple(n for n in ARKIT_NAMES if n.startswith("eye") and n not in GAZE),
        "Cheeks & nose": tuple(n for n in ARKIT_NAMES if n.startswith(("cheek", "nose"))),
        "Mouth": tuple(n for n in ARKIT_NAMES if n.startswith("mouth")),
        "Jaw & tongue": tuple(n for n in ARKIT_NAMES if n.startswith(("jaw", "tongue"))),
        "Gaze": GAZE,
    }
)
"""Every action stands in exactly one region."""

MIRROR: Mapping[str, str] = MappingProxyType(
    {
        name: name[:-4] + "Right" if name.endswith("Left") else name[:-5] + "Left"
        for name in ARKIT_NAMES
        if name.endswith(("Left", "Right"))
    }
)
"""The same action on the other side; actions of the whole face are not listed."""


def gaze(x: float, y: float) -> dict[str, float]:
    """Weights of all eight gaze actions for eyes that look x (-1..1, to the picture's right) and y (up)."""
    return {
        "eyeLookOutLeft": max(x, 0.0),
        "eyeLookInRight": max(x, 0.0),
        "eyeLookInLeft": max(-x, 0.0),
        "eyeLookOutRight": max(-x, 0.0),
        **{f"eyeLookUp{side}": max(y, 0.0) for side in ("Left", "Right")},
        **{f"eyeLookDown{side}": max(-y, 0.0) for side in ("Left", "Right")},
    }


def _preset(**weights: float) -> Mapping[str, float]:
    """Weights by ARKit name; a name without its side, such as `mouthSmile`, stands for both."""
    both: dict[str, float] = {}
    for name, weight in weights.items():
        for full in (name,) if name in ARKIT_NAMES else (f"{name}Left", f"{name}Right"):
            assert full in ARKIT_NAMES, full
            both[full] = weight
    return MappingProxyType(both)


PRESETS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "neutral": _preset(),
        # AU 6 + 12, lips parted
        "happy": _preset(
            mouthSmile=0.9, cheekSquint=0.55, eyeSquint=0.2, mouthUpperUp=0.35, mouthLowerDown=0.15, jawOpen=0.12,
        ),
        # AU 1 + 4 + 15, chin raised
        "sad": _preset(
            browInnerUp=1.0, browDown=0.45, mouthFrown=1.0, mouthShrugLower=0.5, mouthStretch=0.15, mouthPress=0.2,
            eyeSquint=0.3, cheekSquint=0.2, eyeBlink=0.28, eyeLookDown=0.35,
        ),
        # AU 4 + 5 + 7 + 10 + 25: of the prototypes of anger, the one with open lips
        "angry": _preset(
            browDown=1.0, eyeWide=0.3, eyeSquint=0.45, noseSneer=0.6, mouthUpperUp=0.35, mouthLowerDown=0.35,
            mouthFrown=0.3, jawOpen=0.08, jawForward=0.15,
        ),
        # AU 1 + 2 + 5 + 26
        "surprised": _preset(browInnerUp=1.0, browOuterUp=0.9, eyeWide=0.8, jawOpen=0.65, mouthFunnel=0.15),
        # AU 1 + 2 + 4 + 5 + 7 + 20 + 26
        "afraid": _preset(
            browInnerUp=1.0, browOuterUp=0.4, browDown=0.35, eyeWide=1.0, mouthStretch=0.75, jawOpen=0.35,
            mouthLowerDown=0.3, mouthFrown=0.15,
        ),
        # AU 9 + 15 + 16, upper lip raised
        "disgusted": _preset(
            noseSneer=1.0, mouthUpperUp=0.55, mouthFrown=0.5, mouthLowerDown=0.2, mouthShrugLower=0.35, browDown=0.5,
            eyeSquint=0.45, cheekSquint=0.4,
        ),
        # AU R12A + R14A
        "contempt": _preset(
            mouthSmileRight=0.4, mouthDimpleRight=0.8, mouthPressRight=0.3, mouthRight=0.12, cheekSquintRight=0.15,
            eyeSquint=0.15, browDownLeft=0.15,
        ),
        "laughing": _preset(
            mouthSmile=1.0, cheekSquint=0.8, eyeSquint=0.5, eyeBlink=0.12, jawOpen=0.5, mouthUpperUp=0.45,
            mouthLowerDown=0.35, browInnerUp=0.15, browOuterUp=0.2,
        ),
        "crying": _preset(
            browInnerUp=1.0, browDown=0.4, eyeSquint=0.6, eyeBlink=0.45, cheekSquint=0.4, noseSneer=0.2,
            mouthFrown=0.85, mouthStretch=0.4, mouthLowerDown=0.4, mouthShrugLower=0.45, jawOpen=0.18,
        ),
        "sleepy": _preset(eyeBlink=0.5, browOuterUp=0.15, mouthFrown=0.12, jawOpen=0.07, eyeLookDown=0.2),
        "smug": _preset(
            mouthSmileLeft=0.65, mouthSmileRight=0.35, mouthDimpleLeft=0.4, mouthPress=0.25, cheekSquintLeft=0.3,
            eyeSquint=0.3, browOuterUpLeft=0.5, browDownRight=0.15,
        ),
        "embarrassed": _preset(
            mouthSmile=0.4, mouthPress=0.5, mouthRollLower=0.3, mouthRollUpper=0.15, browInnerUp=0.5, cheekSquint=0.3,
            eyeBlink=0.2, eyeLookDown=0.5, eyeLookOutLeft=0.25, eyeLookInRight=0.25,
        ),
        "shouting": _preset(
            jawOpen=0.9, mouthUpperUp=0.45, mouthLowerDown=0.5, mouthStretch=0.3, browDown=0.85, eyeSquint=0.35,
            eyeWide=0.15, noseSneer=0.5, cheekSquint=0.4,
        ),
        "kissing": _preset(mouthPucker=0.8, mouthFunnel=0.2, eyeBlink=0.85, browInnerUp=0.2, browOuterUp=0.1),
        "winking": _preset(
            eyeBlinkLeft=1.0, eyeSquintLeft=0.5, cheekSquintLeft=0.7, mouthSmileLeft=0.75, mouthSmileRight=0.45,
            mouthDimpleLeft=0.3, browDownLeft=0.2, browOuterUpRight=0.3,
        ),
        "excited": _preset(
            mouthSmile=0.95, cheekSquint=0.35, mouthUpperUp=0.3, jawOpen=0.35, mouthLowerDown=0.2, eyeWide=0.45,
            browInnerUp=0.5, browOuterUp=0.6,
        ),
        "worried": _preset(
            browInnerUp=0.8, browDown=0.35, eyeWide=0.2, mouthPress=0.35, mouthStretch=0.25, mouthFrown=0.25,
        ),
        "thinking": _preset(
            eyeLookUp=0.5, eyeLookOutLeft=0.35, eyeLookInRight=0.35, browDownRight=0.4, browOuterUpLeft=0.35,
            mouthLeft=0.3, mouthPress=0.3, mouthPucker=0.15, eyeSquint=0.15,
        ),
        "confused": _preset(
            browDownLeft=0.6, browInnerUp=0.25, browOuterUpRight=0.7, eyeSquintLeft=0.4, mouthFrown=0.35,
            mouthRight=0.2, jawOpen=0.06,
        ),
        "bored": _preset(
            eyeBlink=0.35, browOuterUp=0.1, mouthFrown=0.3, mouthLeft=0.2, mouthShrugLower=0.25, eyeLookUp=0.15,
            eyeLookInLeft=0.4, eyeLookOutRight=0.4,
        ),
        "pouting": _preset(
            mouthShrugLower=0.6, mouthShrugUpper=0.2, mouthPucker=0.3, mouthFrown=0.35, browInnerUp=0.25, browDown=0.4,
        ),
        "determined": _preset(browDown=0.7, eyeSquint=0.4, mouthPress=0.7, mouthShrugLower=0.3, jawForward=0.25),
        # AU 4 + 6 + 7 + 9 + 10 + 43
        "in_pain": _preset(
            browDown=0.85, browInnerUp=0.3, eyeSquint=0.7, eyeBlink=0.5, cheekSquint=0.8, noseSneer=0.6,
            mouthUpperUp=0.45, mouthLowerDown=0.35, mouthStretch=0.5, jawOpen=0.12,
        ),
    }
)  # fmt: skip
"""Named emotions as ARKit weights at strength 1; the first nine, and the first sixteen, make an expression sheet."""
