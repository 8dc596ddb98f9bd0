"""Packages whose public names load what they need on first use."""

import os
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

__all__ = ["attach", "chapter"]

_PUBLIC = re.compile(r"^__all__ = [\[(](.*?)[\])]", re.DOTALL | re.MULTILINE)


def attach(
    package: str, homes: Mapping[str, tuple[str, ...]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """`__getattr__`, `__dir__` and `__all__` of a package, from its modules' names and the public names in each.

    A test holds these tables to what the package shows to type checkers.
    """
    home_of = {name: home for home, names in homes.items() for name in names}

    def get(name: str) -> Any:
        home = home_of.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return get, lambda: [*vars(sys.modules[package]), *home_of], list(home_of)


def chapter(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a package whose public names are those that its modules list in their `__all__`.

    They are read off the sources, so that a name loads its own module only; without sources all modules are loaded.
    """

    @cache
    def modules() -> list[str]:
        return _modules(sys.modules[package].__path__[0])

    @cache
    def names(module: str) -> list[str]:
        return _public(package, sys.modules[package].__path__[0], module)

    def everything() -> list[str]:
        return sorted(name for module in modules() for name in names(module))

    def get(name: str) -> Any:
        if name == "__all__":
            return everything()
        home = None if name.startswith("__") else next((one for one in modules() if name in names(one)), None)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return get, lambda: [*vars(sys.modules[package]), *everything()]


def _modules(folder: str) -> list[str]:
    """The modules of a folder; where there are no sources in it, what Python's own, dearer way finds."""
    try:
        found = sorted(name[:-3] for name in os.listdir(folder) if name.endswith(".py") and name != "__init__.py")
    except OSError:
        found = []
    if found:
        return found
    from pkgutil import iter_modules

    return [module.name for module in iter_modules([folder])]


def _public(package: str, folder: str, module: str) -> list[str]:
    try:
        with open(f"{folder}/{module}.py", encoding="utf-8") as source:
            found = _PUBLIC.search(source.read())
    except OSError:
        return list(import_module(f"{package}.{module}").__all__)
    return re.findall(r"\"(\w+)\"", found[1]) if found else []
