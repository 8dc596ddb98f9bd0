"""An event as JSON for people, without the secrets that some events carry."""

from typing import Any, cast

import attrs

from tm_async.core.answer import AnswerModel
from tm_async.core.wire import is_array, is_object, masked

__all__ = ["without_secrets"]


def without_secrets(model: AnswerModel) -> dict[str, Any]:
    """The JSON object that the model came in, with `***` where a member is one whose value a `repr` hides."""
    shown = dict(model.wire)
    for one in attrs.fields(cast("Any", type(model))):
        came = shown.get(one.name)
        if came and one.repr is masked:
            shown[one.name] = "***"
        elif is_object(came) or is_array(came):
            shown[one.name] = _hidden(came, getattr(model, one.name))
    return shown


def _hidden(came: Any, read: Any) -> Any:
    if isinstance(read, AnswerModel) and read.wire is came:
        return without_secrets(read)
    if is_array(came) and isinstance(read, tuple):
        models = cast("tuple[object, ...]", read)
        rows = {id(row.wire): row for row in models if isinstance(row, AnswerModel)}
        return [without_secrets(rows[id(row)]) if id(row) in rows else row for row in came]
    return came
