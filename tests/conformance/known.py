"""The differences between our requests and those of the vendor's SDK that are known, each listed with its reason."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from tests.conformance import vendor
from tm_async.api.index import operations

__all__ = ["COMPARED", "LISTED", "Found", "covers", "differing", "not_deviating", "unexplained"]

SPEC = Path(__file__).parents[2] / "spec"
DEVIATIONS = json.loads((SPEC / "deviations.json").read_text(encoding="utf-8"))
LISTED = json.loads((SPEC / "vendor_differences.json").read_text(encoding="utf-8"))

COMPARED = {name: operation for name, operation in operations().items() if vendor.counterpart(operation)}

EXPLAINED_BY = {
    "path": {"path"},
    "method": {"method"},
    "only ours": {"not documented", "placement"},
    "only the SDK's": {"placement"},
    "value": {"type", "enum"},
    "demanded by the SDK": {"should be required"},
    "not ours": {"not modelled"},
}
"""Kinds of differences, each with the kinds of `spec/deviations.json` that make it one of ours and known."""

Found = tuple[str, str, str]
"""Operation, member and kind."""


def covers(item: dict[str, str], found: Found, kinds: set[str]) -> bool:
    """Whether an entry of a list is about a difference; a star in it stands for anything."""
    patterns = [".*".join(map(re.escape, item[name].split("*"))) for name in ("operation", "member")]
    return all(map(re.fullmatch, patterns, found)) and item["kind"] in kinds


def not_deviating(name: str, found: Mapping[vendor.Difference, str]) -> dict[Found, str]:
    """What differs for an operation, except what our own deviations explain."""
    named = {(name, member, kind): shown for (member, kind), shown in found.items()}
    return {
        key: shown
        for key, shown in named.items()
        if not any(covers(item, key, EXPLAINED_BY.get(key[2], set())) for item in DEVIATIONS)
    }


def unexplained(found: Mapping[Found, str]) -> dict[Found, str]:
    """What no entry of the list of differences is about."""
    return {key: shown for key, shown in found.items() if not any(covers(item, key, {key[2]}) for item in LISTED)}


def differing(operation: vendor.AnyOperation) -> dict[Found, str]:
    """In what the SDK's request for an input differs from ours, except what is known."""
    return unexplained(not_deviating(type(operation).spec.id, vendor.differences(operation)))
