"""Whatever stands in the place of an argument: it is taken, or a violation, and makes no rule fail."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import attrs
import pytest

from tests.meta.test_samples import NOT_PARSED, OURS, SAMPLES
from tm_async.core.parse import parse
from tm_async.errors import ValidationError

ODD: list[Any] = [("x",), (["x"],), (), [{}], {}, Decimal("sNaN"), float("nan"), 1j, b"x", object()]


@pytest.mark.parametrize("operation", sorted(OURS.keys() - NOT_PARSED))
def test_a_wrong_value_makes_no_rule_fail(operation: str) -> None:
    cls: Any = OURS[operation]
    sound = parse(cls, SAMPLES[operation]["arguments"])
    given = {one.alias: getattr(sound, one.name) for one in attrs.fields(cls) if one.init}
    for name in given:
        for value in ODD:
            with suppress(ValidationError):
                cls(**{**given, name: value})
