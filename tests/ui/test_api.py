"""The verbs over HTTP and MCP, called as a user's program would."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ImageContent
from PIL import Image

from tests.ui.fakes import colour
from vchar.character import Character
from vchar.export.png import read_png

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


def test_the_verbs_alone_are_public_and_their_arguments_documented(client: Client) -> None:
    endpoints: dict[str, Any] = client.view_api(return_format="dict")["named_endpoints"]  # pyright: ignore
    assert set(endpoints) == {"/portrait", "/variations"}
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
    assert set(tools) == {"portrait", "variations"}
    assert "Draw the portrait" in tools["portrait"].description
    assert "link" in tools["portrait"].inputSchema["properties"]["recipe"]["description"]
    assert any(isinstance(part, ImageContent) for part in answer.content)
