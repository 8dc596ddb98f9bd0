"""All modelled operations, found by walking the chapters; there is no registry to keep in step."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import tm_async.api
from tm_async.core.operation import Operation

__all__ = ["operations"]


@cache
def operations() -> Mapping[str, type[Operation[Any]]]:
    """Every operation class by its `spec.id`. Loads all chapters."""
    return {cls.spec.id: cls for module in _modules(tm_async.api) for cls in _defined_in(module)}


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in iter_modules(package.__path__, f"{package.__name__}."):
        module = import_module(found.name)
        yield module
        if found.ispkg:
            yield from _modules(module)


def _defined_in(module: ModuleType) -> Iterator[type[Operation[Any]]]:
    for name in getattr(module, "__all__", ()):
        cls = getattr(module, name)
        if isinstance(cls, type) and issubclass(cls, Operation) and cls.__module__ == module.__name__:
            yield cls
