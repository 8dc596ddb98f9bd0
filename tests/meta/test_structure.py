"""The picture of the architecture holds: arrows, public names, mounts, sizes, cheap imports."""

import ast
import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules, walk_packages
from typing import Any

import attrs
import pytest

from tm_async._util.near import did_you_mean
from tm_async.api.index import operations
from tm_async.core.mount import Call, Mount, Pages, Resource
from tm_async.emulator import Emulator
from tm_async.spec.catalogue import entries

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tm_async"
MODULES = [module.name for module in walk_packages([str(PACKAGE)], "tm_async.") if "__main__" not in module.name]


PUBLIC = [
    "tm_async",
    "tm_async.auth.stores",
    "tm_async.batch.ledger",
    "tm_async.client",
    "tm_async.observe",
    "tm_async.quotas",
    "tm_async.webhooks",
    "tm_async.webhooks.events",
    "tm_async.webhooks.inbox",
]


def test_arrows_point_one_way() -> None:
    """In a process of its own: import-linter reconfigures logging."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_are_exact(name: str) -> None:
    """The names for type checkers, the names at run time and `__all__` are the same, and every one loads."""
    package = import_module(name)
    tree = ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    homes = {
        alias.asname: node.module for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert set(homes) == set(package.__all__)
    assert len(package.__all__) == len(set(package.__all__))
    for public, home in homes.items():
        assert getattr(package, str(public)) is getattr(import_module(str(home)), str(public))
    assert set(package.__all__) <= set(dir(package))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        package.nothing  # noqa: B018


CHAPTERS = [found.name for found in iter_modules([str(PACKAGE / "api")]) if found.ispkg]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_the_public_names_of_its_modules(name: str) -> None:
    """For type checkers and at run time; no name is said by two modules, and asking for one loads its module only."""
    package = import_module(f"tm_async.api.{name}")
    modules = [found.name for found in iter_modules(package.__path__)]
    tree = ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8"))
    shown = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
    assert shown == [f"tm_async.api.{name}.{module}" for module in modules], "a line for each module"
    said = [one for module in modules for one in import_module(f"tm_async.api.{name}.{module}").__all__]
    assert sorted(said) == package.__all__
    assert len(said) == len(set(said))
    assert set(said) <= set(dir(package))
    assert all(hasattr(package, one) for one in said)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        package.nothing  # noqa: B018


@pytest.mark.parametrize("name", MODULES)
def test_all_lists_what_is_there(name: str) -> None:
    module = import_module(name)
    assert module.__doc__, "every module says what it is for"
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    defined = {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    public = {node for node in defined if not node.startswith("_")}
    if hasattr(module, "__all__"):
        gone = [item for item in module.__all__ if not hasattr(module, item)]
        assert not gone, f"{name}: take {', '.join(gone)} out of `__all__`, which the module has not"
        unlisted = sorted(public - set(module.__all__))
        assert not unlisted, f"{name}: add {', '.join(unlisted)} to `__all__`, or begin the name with an underscore"


def _resources(cls: type[Resource] = Resource) -> list[type[Resource]]:
    ours = [sub for sub in cls.__subclasses__() if sub.__module__.startswith("tm_async.")]
    return [one for sub in ours for one in (sub, *_resources(sub))]


def test_every_mount_carries_its_operations_documentation() -> None:
    operations()
    mounts = [mount for cls in _resources() for mount in vars(cls).values() if isinstance(mount, Mount)]
    assert mounts
    for mount in mounts:
        operation: Any = mount.operation
        assert operation.__doc__, f"{_at(operation)} has no documentation: say in its docstring what the call does"
        assert mount.__doc__ is not None
        assert inspect.getdoc(operation) in mount.__doc__


def _at(operation: Any) -> str:
    """Where a class is, for whoever has to change it."""
    return f"{operation.spec.id}: {operation.__name__} in {operation.__module__.replace('.', '/')}.py"


def test_every_operation_is_documented() -> None:
    told = [
        f"{_at(one)}: correct the id in its Spec, which spec/operations has not{did_you_mean(name, entries())}"
        for one in operations().values()
        if (name := one.spec.catalogue_id) not in entries()
    ]
    assert not told, "\n".join(told)


def test_every_operation_is_played() -> None:
    missing = {one.spec.catalogue_id for one in operations().values()} & entries().keys() - Emulator().played
    told = [f"{name}: write a function for it in tm_async/emulator/chapters/{_chapter(name)}" for name in missing]
    assert not missing, "\n".join(sorted(told))


def _chapter(name: str) -> str:
    return name.partition(".")[0]


SECRET = re.compile("password|pwd|secret|token|host_key")


@pytest.mark.parametrize(
    "name", [one for one in MODULES if one.startswith(("tm_async.api.", "tm_async.webhooks.events."))]
)
def test_what_is_called_a_secret_is_masked(name: str) -> None:
    classes = [one for one in vars(import_module(name)).values() if isinstance(one, type) and attrs.has(one)]
    texts = [(cls.__name__, field) for cls in classes for field in attrs.fields(cls) if "str" in str(field.type)]
    shown = [f"{cls}.{field.name}" for cls, field in texts if SECRET.search(field.name) and field.repr is True]
    assert not shown, f"{name}: say field(repr=masked) of {', '.join(shown)}"


def test_every_operation_is_mounted() -> None:
    every = set(operations().values())  # which loads all chapters: a worker may have seen none of them yet
    mounted: set[Any] = {
        mount.operation for cls in _resources() for mount in vars(cls).values() if isinstance(mount, Call | Pages)
    }
    told = [
        f"{_at(one)} has no mount: add `... = Call(lambda: ...)` to the resource.py beside it"
        for one in every - mounted
    ]
    told += [f"{_at(one)} is mounted, but not in the `__all__` of its module: add it" for one in mounted - every]
    assert not told, "\n".join(sorted(told))


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long, f"divide what has more than 500 lines: {long}"


def test_importing_the_package_is_cheap() -> None:
    code = (
        "import sys, tm_async\n"
        "heavy = {'attrs', 'cattrs', 'httpx', 'authlib', 'asyncio', 'tm_async.api', 'tm_async.client.client'}\n"
        "import tm_async.testing\n"  # pytest does so wherever we are installed
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "from tm_async import TencentMeeting, EnterpriseSecret\n"
        "heavy = {'httpx', 'authlib', 'tm_async.api', 'tm_async.batch', 'tm_async.auth.oauth2', 'zoneinfo'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "import tm_async.batch.ledger, tm_async.observe, tm_async.quotas\n"
        "heavy |= {'opentelemetry', 'psycopg', 'redis', 'sqlite3'}\n"
        "heavy -= {'tm_async.batch'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "from tm_async import MemoryStore, OAuth2, OAuth2App\n"
        "heavy = {'httpx', 'authlib', 'tm_async.api', 'redis', 'filelock', 'cryptography'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "at = 'https://example.com/'\n"
        "app = OAuth2App(corp_id='1', sdk_id='2', secret='s', redirect_uri=at, store=MemoryStore())\n"
        "app.authorize_url()\n"
        "heavy = {'httpx', 'httpx2', 'requests', 'authlib.integrations', 'tm_async.api'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_importing_webhooks_loads_what_it_needs() -> None:
    code = (
        "import sys, tm_async.webhooks\n"
        "heavy = {'attrs', 'cattrs', 'asyncio', 'cryptography', 'tm_async.webhooks.events.base'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "from tm_async.webhooks import MeetingEnded, UnknownEvent, WebhookKey, WebhookKeys, Webhooks, receive\n"
        "heavy = {'cryptography', 'httpx', 'authlib', 'tm_async.api', 'tm_async.client.client', 'tm_async.transport'}\n"
        "heavy |= {'aiohttp', 'django', 'flask', 'starlette', 'tornado', 'tm_async.rules'}\n"
        "heavy |= {f'tm_async.webhooks.events.{family}' for family in ('recordings', 'rooms', 'apps', 'samples')}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "Webhooks(WebhookKeys(WebhookKey('x' * 25))).on(MeetingEnded)\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_nothing_is_read_or_opened_on_import() -> None:
    code = (
        "import os, socket, sys\n"
        "def no(*a, **k): raise AssertionError('on import')\n"
        "socket.socket.connect = no\n"
        "class Env(dict):\n"
        "    def __getitem__(self, k):\n"
        "        assert not k.startswith('TENCENT'), k\n"
        "        return super().__getitem__(k)\n"
        "    def get(self, k, d=None):\n"
        "        assert not str(k).startswith('TENCENT'), k\n"
        "        return super().get(k, d)\n"
        "os.environ = Env(os.environ)\n"
        "import tm_async\n"
        "for name in tm_async.__all__: getattr(tm_async, name)\n"
        "import tm_async.webhooks\n"
        "for name in tm_async.webhooks.__all__: getattr(tm_async.webhooks, name)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


UNIT = ROOT / "tests" / "unit"
OF_A_WHOLE_PACKAGE = {"contract", "documentation", "histories", "with_client"}


@pytest.mark.parametrize("test", sorted(UNIT.rglob("test_*.py")), ids=lambda path: str(path.relative_to(UNIT)))
def test_unit_tests_mirror_the_package(test: Path) -> None:
    """Whoever changes `tm_async/core/codec.py` finds its tests in `tests/unit/core/test_codec*.py`."""
    package = PACKAGE / test.parent.relative_to(UNIT)
    assert (package / "__init__.py").is_file(), f"there is no {package}: move {test.name} to where its mirror is"
    about = test.stem.removeprefix("test_")
    names = {path.stem for path in package.iterdir()} | OF_A_WHOLE_PACKAGE
    mirrored = any(about == name or about.startswith(f"{name}_") for name in names)
    assert mirrored, f"name {test.name} after a module of {package}: test_<module>.py or test_<module>_<aspect>.py"
