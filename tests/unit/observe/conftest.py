"""An SDK for each test."""

from collections.abc import Iterator

import pytest

from tests.unit.observe.driving import Telemetry


@pytest.fixture
def told() -> Iterator[Telemetry]:
    telemetry = Telemetry()
    yield telemetry
    telemetry.close()
