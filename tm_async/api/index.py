"""All modelled operations, found by walking the chapters; there is no registry to keep in step."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import tm_async.api
from tm_async.core.operation import Operation

__all__ = ["operations"]


@cache
def operations() -> Mapping[str, type[Operation[Any]]]:
    """Every operation class by its `spec.id`. Loads all chapters."""
    found: dict[str, type[Operation[Any]]] = {}
    for module in iter_modules(tm_async.api.__path__):
        if module.ispkg:
            chapter = import_module(f"tm_async.api.{module.name}.operations")
            classes = (getattr(chapter, name) for name in chapter.__all__)
            found.update({cls.spec.id: cls for cls in classes})
    return found
