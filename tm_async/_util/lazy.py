"""Packages whose public names load what they need on first use."""

import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
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
    def homes() -> dict[str, str]:
        folder = sys.modules[package].__path__
        return {name: found.name for found in iter_modules(folder) for name in _public(package, folder[0], found.name)}

    def get(name: str) -> Any:
        if name == "__all__":
            return sorted(homes())
        home = None if name.startswith("__") else homes().get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return get, lambda: [*vars(sys.modules[package]), *homes()]


def _public(package: str, folder: str, module: str) -> list[str]:
    try:
        source = Path(folder, f"{module}.py").read_text(encoding="utf-8")
    except OSError:
        return list(import_module(f"{package}.{module}").__all__)
    found = _PUBLIC.search(source)
    return re.findall(r"\"(\w+)\"", found[1]) if found else []
