import base64

from vchar.ui.sharing import download


def test_the_same_file_can_be_downloaded_twice() -> None:
    first, second = (download("a.json", "application/json", b"{}") for _ in range(2))
    assert base64.b64decode(first["base64"]) == b"{}"
    assert first["stamp"] != second["stamp"]
