"""What a contributor and the machine in charge of checks run. `nox -l` lists it; `nox -s tests lint types` is usual."""

import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.sessions = ["tests", "lint", "types"]
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"

ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)


def group(name: str) -> list[str]:
    """The requirements of a dependency group."""
    return list(nox.project.dependency_groups(PROJECT, name))


def lower_bounds() -> list[str]:
    """Every dependency of the package and its extras at the lower bound that it declares."""
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    bounds = (r.split(">=") for r in wanted if ">=" in r)
    return sorted({f"{name.partition('[')[0]}=={rest.split(',')[0]}" for name, rest in bounds})


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests, on every supported Python that the machine has."""
    session.install("-e", ".[all]", *group("dev"))
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """The tests on the declared lower bounds."""
    constraints = Path(session.create_tmp()) / "lowest.txt"
    with_that_redis = "taskiq==0.12.6"  # a later one does not go with the taskiq-redis that goes with redis 5
    with_that_starlette = "anyio==4.10.0"  # a later one warns of a name that this starlette uses
    bot = [r.replace(">=", "==") for r in group("dev") if r.startswith("python-telegram-bot")]  # shares our httpx
    bounds = [*lower_bounds(), *bot, with_that_redis, with_that_starlette]
    constraints.write_text("\n".join(bounds), encoding="utf-8")
    session.install("-e", ".[all]", *group("dev"), "-c", str(constraints))
    session.run("pip", "list")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, spelling, and the arrows between the packages."""
    session.install("-e", ".[all]", *group("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("codespell")
    session.run("lint-imports", "--no-cache")


@nox.session
def types(session: nox.Session) -> None:
    """Both type checkers, strict, on the package and on the typing tests."""
    session.install("-e", ".[all]", *group("dev"), *group("types"))
    session.run("mypy")
    session.run("pyright")


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel, install it alone into an empty environment, import it, run the demo from it."""
    tmp = Path(session.create_tmp()).resolve()
    for old in ("dist", "empty"):
        shutil.rmtree(tmp / old, ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--outdir", str(tmp / "dist"), str(ROOT))
    (built,) = (tmp / "dist").glob("*.whl")
    session.run("python", "-m", "venv", str(tmp / "empty"))
    scripts = tmp / "empty" / ("Scripts" if sys.platform == "win32" else "bin")
    python, command = str(scripts / "python"), str(scripts / "tm-async")

    session.chdir(tmp)  # away from the checkout: nothing of it may be needed
    session.run(python, "-m", "pip", "install", "-q", str(built), external=True)
    everything = "import tm_async; [getattr(tm_async, name) for name in tm_async.__all__]"
    session.run(python, "-W", "error", "-c", everything, external=True)
    session.run(command, "demo", success_codes=[2], external=True)  # says which extra is missing
    session.run(python, "-m", "pip", "install", "-q", f"{built}[cli]", external=True)
    session.run(command, "operations", silent=True, external=True)
    session.run(command, "demo", external=True)


@nox.session
def demo(session: nox.Session) -> None:
    """Create the meetings of examples/meetings.csv on the emulator."""
    session.install("-e", ".[cli]")
    session.run("tm-async", "demo", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Make the generated pages of docs/ anew; a test tells when that is due."""
    session.install("-e", ".")
    session.run("python", "-m", "docs.generate")


@nox.session(python=PYTHONS[0])
def soak(session: nox.Session) -> None:
    """What the package promises under faults, measured for half an hour; writes the figures of docs/reliability.md."""
    session.install("-e", ".[all]", *group("dev"))
    session.run("python", "-m", "tests.faults", *session.posargs)


@nox.session(python=PYTHONS[0])
def bench(session: nox.Session) -> None:
    """Ratios against peers, in one run; see benchmarks/README.md."""
    session.install("-e", ".[all]", "-r", "benchmarks/requirements.txt")
    session.run("python", "-m", "benchmarks", *session.posargs)
