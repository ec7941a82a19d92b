"""The verbs over HTTP and MCP, called as a user's program would."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gradio.utils import get_upload_folder
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ImageContent
from PIL import Image

from tests.ui.fakes import colour
from vchar.character import Character, Expression, Motion, View
from vchar.export.png import read_png
from vchar.export.recipes import read_file

CHARACTER = Character(seed=12, sliders={"age": 0.3}, name="Ada")


@pytest.fixture(scope="module")
def client(served: str) -> Client:
    return Client(served, verbose=False)


@pytest.mark.parametrize(
    "recipe", [CHARACTER.to_json(), CHARACTER.to_code(), f"https://x.org/?c={CHARACTER.to_code()}"]
)
def test_portrait_takes_json_code_or_link_and_returns_a_png_with_the_recipe_inside(client: Client, recipe: str) -> None:
    file = Path(client.predict(recipe, 256, api_name="/portrait"))
    assert file.name == "ada.png"
    assert read_png(file.read_bytes()) == CHARACTER
    with Image.open(file) as image:
        assert image.size == (256, 256)
        assert image.getpixel((1, 1)) == colour(CHARACTER)


def test_portrait_is_full_size_unless_told(client: Client) -> None:
    with Image.open(client.predict(CHARACTER.to_code(), api_name="/portrait")) as image:
        assert image.size == (1024, 1024)


def test_variations_come_as_codes(client: Client) -> None:
    codes = client.predict(CHARACTER.to_code(), 3, 0.5, 1, api_name="/variations")
    assert [Character.from_code(code).mixes[0].seed for code in codes] == [1000, 1001, 1002]


@pytest.mark.parametrize(
    "recipe", ["", "nonsense", '{"vchar": 99}', '{"vchar": 1, "wings": 2}', '{"vchar": 1, "seed": -1}']
)
def test_a_bad_recipe_is_answered_with_one_sentence(client: Client, recipe: str) -> None:
    with pytest.raises(AppError) as refusal:
        client.predict(recipe, 256, api_name="/portrait")
    assert str(refusal.value).endswith(".")


def test_a_bad_size_is_refused(client: Client) -> None:
    with pytest.raises(AppError, match="300"):
        client.predict(CHARACTER.to_code(), 300, api_name="/portrait")


@pytest.fixture
def photo(tmp_path: Path) -> object:
    """A wide picture, in which the fake studio sees two faces, ready to be sent."""
    Image.new("RGB", (300, 200), "tan").save(tmp_path / "holiday.jpg")
    return handle_file(tmp_path / "holiday.jpg")


def test_read_tells_what_a_face_does_and_feels(client: Client, photo: object) -> None:
    reading: dict[str, Any] = client.predict(photo, 1, api_name="/read")  # pyright: ignore
    assert (reading["face"], reading["faces"]) == (1, 2)
    assert len(reading["arkit"]) == 52
    assert len(reading["landmarks"]) == 70
    assert reading["emotions"]["happy"] == 0.71


def test_express_changes_a_recipe(client: Client) -> None:
    asked = [{"happy": 0.8}, {"jawOpen": 0.5}, True, 1.0, 0, 256]
    file = Path(client.predict(CHARACTER.to_code(), None, *asked, api_name="/express"))
    made = read_png(file.read_bytes())
    assert made.expression == Expression(True, {"happy": 0.8}, {"jawOpen": 0.5})
    assert (made.seed, made.sliders) == (CHARACTER.seed, CHARACTER.sliders)


def test_express_changes_a_picture_and_marks_it_as_edited(client: Client, photo: object) -> None:
    with Image.open(client.predict("", photo, {"sad": 1}, {}, api_name="/express")) as image:
        assert image.size == (300, 200)
        assert image.info["Source"] == "AI-edited photo"
        assert "vchar" not in image.info


def test_no_picture_that_was_sent_stays_on_the_server(client: Client, photo: object) -> None:
    client.predict(photo, 0, api_name="/read")
    client.predict("", photo, {"sad": 1}, {}, api_name="/express")
    assert list(Path(get_upload_folder()).rglob("holiday*")) == []


def test_expression_sheet_comes_in_two_sizes_and_on_three_grounds(client: Client, photo: object) -> None:
    with Image.open(client.predict(CHARACTER.to_code(), None, 4, "transparent", api_name="/expression_sheet")) as image:
        assert image.mode == "RGBA"
    with Image.open(client.predict("", photo, api_name="/expression_sheet")) as image:
        assert image.mode == "RGB"


def test_turn_returns_the_picture_and_how_far_it_can_be_trusted(client: Client, photo: object) -> None:
    file, trust = client.predict(CHARACTER.to_code(), None, 10, 4, 0, 0, 256, api_name="/turn")
    assert read_png(Path(file).read_bytes()) == replace(CHARACTER, view=View(10, 4))
    assert trust["guess"] is False
    assert trust["trusted_yaw"] == [-9, 19]
    file, trust = client.predict("", photo, 40, api_name="/turn")
    assert trust["guess"] is True
    assert trust["sentence"].startswith("A guess: ")
    with Image.open(file) as image:
        assert image.info["Source"] == "AI-edited photo"


def test_a_turned_head_can_stand_before_nothing_or_a_colour(client: Client) -> None:
    asked = (CHARACTER.to_code(), None, 10, 4, 0, 0, 256)
    with Image.open(client.predict(*asked, "transparent", api_name="/turn")[0]) as image:
        assert image.mode == "RGBA"
    with Image.open(client.predict(*asked, "plain", "#102030", api_name="/turn")[0]) as image:
        assert image.getpixel((250, 5)) == (16, 32, 48)
    with pytest.raises(AppError, match="MP4 knows no transparency"):
        client.predict(CHARACTER.to_code(), None, "mp4", 0, 0, "transparent", api_name="/turnaround")


@pytest.mark.parametrize("form", ["png", "mp4", "webp", "gif"])
def test_turnaround_comes_as_strip_or_film(client: Client, form: str) -> None:
    file, trust = client.predict(CHARACTER.to_code(), None, form, api_name="/turnaround")
    assert Path(file).name == ("ada.png" if form == "png" else f"ada_turning.{form}")
    assert b"trainedAlgorithmicMedia" in Path(file).read_bytes()
    assert "Can be trusted" in trust["sentence"]


def test_a_turn_out_of_reach_is_answered_with_one_sentence(client: Client) -> None:
    with pytest.raises(AppError, match="from -45 to 45, not 90"):
        client.predict(CHARACTER.to_code(), None, 90, api_name="/turn")
    with pytest.raises(AppError, match="no turnaround as 'avi'; choose png, mp4, webp, gif"):
        client.predict(CHARACTER.to_code(), None, "avi", api_name="/turnaround")


@pytest.mark.parametrize("form", ["png", "glb"])
def test_body_shows_the_dressed_character_with_the_recipe_inside(client: Client, form: str) -> None:
    file = Path(client.predict(CHARACTER.to_code(), form, 64, api_name="/body"))
    assert file.name == f"ada_body.{form}"
    assert read_file(file.read_bytes(), file.name) == CHARACTER


def test_motion_takes_words_and_says_what_they_were_taken_for(client: Client) -> None:
    asked = ["a person walks", 2, 7, "glb", True]
    file, told = client.predict(CHARACTER.to_code(), *asked, api_name="/motion")
    assert Path(file).name == "ada_walk.glb"
    assert told == "Took it as: walk."
    assert read_file(Path(file).read_bytes(), file).motion == Motion("a person walks", 2, 7, loop=True)


@pytest.mark.parametrize(("form", "ending"), [("bvh", "_bvh.zip"), ("png", "_png.zip"), ("webp", ".webp")])
def test_motion_without_words_does_what_the_recipe_says(client: Client, form: str, ending: str) -> None:
    kicking = replace(CHARACTER, motion=Motion("a person kicks"))
    file, told = client.predict(kicking.to_code(), "", 4, 0, form, api_name="/motion")
    assert told == "Took it as: kick."
    assert Path(file).name == f"ada_kick{ending}"


@pytest.mark.parametrize(
    ("asked", "message"),
    [(["walk", 0], "from 1 to 10"), (["walk", 4, 0, "fbx"], "can't be written as 'fbx'"), (["x" * 999], "too long")],
)
def test_bad_motions_are_answered_with_one_sentence(client: Client, asked: list[Any], message: str) -> None:
    with pytest.raises(AppError, match=message):
        client.predict("", *asked, api_name="/motion")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["", None, {"happy": 1}, {}], "neither a recipe nor a picture"),
        (["", None, {"hungry": 1}, {}], "no emotion 'hungry'"),
        (["", None, {}, {"jawOpen": 7}], "from 0 to 1"),
        (["", None, [], {}], "a name with a value"),
    ],
)
def test_bad_expressions_are_answered_with_one_sentence(client: Client, arguments: list[Any], message: str) -> None:
    with pytest.raises(AppError, match=message):
        client.predict(*arguments, api_name="/express")


def test_a_picture_without_a_face_is_answered_with_one_sentence(client: Client, tmp_path: Path) -> None:
    Image.new("RGB", (200, 200)).save(tmp_path / "night.png")
    with pytest.raises(AppError, match="Studio generator with its encoder, which this vchar doesn't have"):
        client.predict(handle_file(tmp_path / "night.png"), api_name="/like")
    with pytest.raises(AppError, match=r"No face found in night\.png"):
        client.predict(handle_file(tmp_path / "night.png"), api_name="/read")
    (tmp_path / "letter.jpg").write_text("Dear artist")
    with pytest.raises(AppError, match=r"letter\.jpg is no picture"):
        client.predict(handle_file(tmp_path / "letter.jpg"), api_name="/read")


def test_the_verbs_alone_are_public_and_their_arguments_documented(client: Client) -> None:
    endpoints: dict[str, Any] = client.view_api(return_format="dict")["named_endpoints"]  # pyright: ignore
    assert set(endpoints) == {
        "/portrait", "/variations", "/like", "/read", "/express", "/expression_sheet", "/turn", "/turnaround", "/head",
        "/body", "/motion",
    }  # fmt: skip
    names = [argument["parameter_name"] for argument in endpoints["/variations"]["parameters"]]
    assert names == ["recipe", "n", "strength", "seed"]


def test_an_mcp_client_finds_and_calls_the_verbs(served: str) -> None:
    async def talk() -> tuple[dict[str, Any], Any]:
        async with (
            streamable_http_client(f"{served}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            answer = await session.call_tool("portrait", {"recipe": CHARACTER.to_code(), "size": 256})
            return tools, answer

    tools, answer = asyncio.run(talk())
    verbs = "portrait variations like read express expression_sheet turn turnaround head body motion"
    assert set(tools) == set(verbs.split())
    assert "move as words say" in tools["motion"].description
    assert "several, one a line" in tools["motion"].inputSchema["properties"]["prompt"]["description"]
    assert "look another way" in tools["turn"].description
    assert "what a face does" in tools["express"].description
    assert "Draw the portrait" in tools["portrait"].description
    assert "link" in tools["portrait"].inputSchema["properties"]["recipe"]["description"]
    assert any(isinstance(part, ImageContent) for part in answer.content)
