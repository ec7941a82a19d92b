"""The head, and a factory that needs no archive."""

import pytest

from vchar.data.assets import Assets
from vchar.data.heads import HeadFactory
from vchar.rig.body import HeadModel


@pytest.fixture(scope="session")
def head() -> HeadModel:
    return HeadModel.load()


@pytest.fixture(scope="session")
def plain_factory(head: HeadModel) -> HeadFactory:
    return HeadFactory(head, Assets.plain())
