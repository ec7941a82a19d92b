"""Commands about data: shards of faces for `vchar train face`."""

import argparse
from pathlib import Path


def add_data(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(required=True, metavar="KIND")
    faces = kinds.add_parser("faces", help="find, align and crop the faces of a folder of pictures")
    faces.add_argument("folder", type=Path, help="with pictures, in folders inside too")
    faces.add_argument("-o", "--output", type=Path, required=True, metavar="SHARDS", help="another folder")
    faces.set_defaults(run=_faces)
    portraits = kinds.add_parser("portraits", help="draw people who don't exist, with all that is known of them")
    portraits.add_argument("--people", type=int, default=3000, help="how many")
    portraits.add_argument("--takes", type=int, default=4, help="pictures of each, with other faces and views")
    portraits.add_argument("--makehuman", type=Path, metavar="ZIP", help="dresses them")
    portraits.add_argument("--skins", type=Path, metavar="FILE", help="faces of portraits, from vchar train skins")
    portraits.add_argument("--seed", type=int, default=0)
    portraits.add_argument("--workers", type=int, default=2, help="how many processes")
    portraits.add_argument(
        "--cycles", action="store_true", help="by Blender's path tracer, seconds a picture (pip install --no-deps bpy)"
    )
    portraits.add_argument("-o", "--output", type=Path, default=Path("runs/portraits"), metavar="SHARDS")
    portraits.set_defaults(run=_portraits)


def _faces(arguments: argparse.Namespace) -> None:
    from vchar.training import face_data  # what it needs takes seconds to import

    print(face_data.faces(folder=arguments.folder, output=arguments.output))


def _portraits(arguments: argparse.Namespace) -> None:
    from vchar.training import face_data

    options = {name: value for name, value in vars(arguments).items() if name != "run"}
    print(face_data.portraits(**options))
