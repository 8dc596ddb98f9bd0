"""All modelled operations, found by walking the chapters; there is no registry to keep in step."""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from glob import glob
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import tm_async.api
from tm_async.core.operation import Operation

__all__ = ["operation", "operations"]


@cache
def operation(name: str) -> type[Operation[Any]] | None:
    """One operation class by its `spec.id`. Loads its module, where a source names it, and otherwise all chapters."""
    chapters = [found.name for found in iter_modules(tm_async.api.__path__) if found.ispkg]
    folders = [f"{folder}/{chapter}" for folder in tm_async.api.__path__ for chapter in chapters]
    sources = [path for folder in folders for path in sorted(glob(f"{folder}/*.py"))]
    of_its_name = f"/{name.partition('.')[0]}/"
    for path in sorted(sources, key=lambda one: of_its_name not in one.replace(os.sep, "/")):
        if f'"{name}"' in _text(path):
            chapter, module = os.path.split(path.removesuffix(".py"))
            loaded = import_module(f"{tm_async.api.__name__}.{os.path.basename(chapter)}.{module}")
            if found := next((cls for cls in _defined_in(loaded) if cls.spec.id == name), None):
                return found
    return operations().get(name)


def _text(path: str) -> str:
    with open(path, encoding="utf-8") as source:
        return source.read()


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
