"""The vendor's documented operations are there, wherever the package is installed."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

import tm_async
from tm_async.spec.catalogue import Entry, entries, entry, match


def test_all_operations() -> None:
    assert len(entries()) == 242
    create = entry("meetings.create")
    assert (create.method, create.path, create.auth) == ("POST", "/v1/meetings", ("enterprise", "oauth2"))
    assert create.content_type == "application/json"
    assert {"subject", "start_time"} <= {member["name"] for member in create.body}
    assert entry("meetings.get").path_params[0]["name"] == "meeting_id"
    assert entry("meetings.get").query
    assert entry("meetings.get").body == []
    assert entry("meetings.get").content_type is None


def test_unknown_ids() -> None:
    with pytest.raises(KeyError, match="spec/operations has no nothing.at_all'"):
        entry("nothing.at_all")
    with pytest.raises(KeyError, match="has no departments.modifyy; did you mean departments.modify"):
        entry("departments.modifyy")


@pytest.mark.parametrize("operation", entries().values(), ids=entries())
def test_every_path_is_recognised(operation: Entry) -> None:
    found = match(operation.method, operation.path)
    assert found is not None
    assert found[0] is operation
    assert set(found[1]) == {parameter["name"] for parameter in operation.path_params}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/meetings/42", ("meetings.get", {"meeting_id": "42"})),
        ("GET", "/v1/users/list", ("users.list", {})),
        ("GET", "/v1/users/someone", ("users.get", {"userid": "someone"})),
        ("GET", "/v1/meetings/", None),
        ("PATCH", "/v1/meetings", None),
        ("GET", "/v1/nothing/of/the/kind", None),
        ("GET", "", None),
    ],
)
def test_concrete_paths(method: str, path: str, expected: tuple[str, dict[str, str]] | None) -> None:
    found = match(method, path)
    assert (found and (found[0].id, found[1])) == expected


def test_the_facts_are_read_out_of_an_archive(tmp_path: Path) -> None:
    archive, root = tmp_path / "packed.zip", Path(tm_async.__file__).parents[1]
    with ZipFile(archive, "w") as packed:
        for name in ("__init__", "spec/__init__", "spec/catalogue", "_version"):
            packed.write(root / f"tm_async/{name}.py", f"tm_async/{name}.py")
        for path in (root / "tm_async/_util").glob("*.py"):
            packed.write(path, path.relative_to(root))
        packed.write(root / "spec/index.json", "tm_async/spec/index.json")
    show = "import tm_async.spec.catalogue as c; print(c.__file__, c.entry('meetings.get').operator_kinds)"
    env = {**os.environ, "PYTHONPATH": str(archive)}
    done = subprocess.run([sys.executable, "-c", show], env=env, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.decode() == f"{archive}/tm_async/spec/catalogue.py (1, 2, 3)\n"
