"""An event as JSON for people, without the secrets that some events carry."""

import re
from typing import Any

from tm_async.core.answer import AnswerModel
from tm_async.core.wire import is_array, is_object

__all__ = ["SECRET", "without_secrets"]

SECRET = re.compile(r"password|pwd|psw|token|secret|push_address", re.IGNORECASE)
"""In the names of members whose values are not shown: also those of events that nobody knows yet, in any form."""


def without_secrets(model: AnswerModel) -> dict[str, Any]:
    """The JSON object that the model came in, with `***` where a member's name says that it is one."""
    return {name: _shown(name, value) for name, value in model.wire.items()}


def _shown(name: str, value: Any) -> Any:
    if is_object(value):
        return {inner: _shown(inner, one) for inner, one in value.items()}
    if is_array(value):
        return [_shown(name, one) for one in value]
    return "***" if value and SECRET.search(name) else value
