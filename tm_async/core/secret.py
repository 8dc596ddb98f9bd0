"""Text that is not shown: secrets and tokens on their way to the wire or a store, and what is made of them."""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, TypeVar, cast

from tm_async.errors import ConfigurationError

__all__ = [
    "SecretBytes",
    "SecretText",
    "hide",
    "hide_text",
    "hides",
    "plain",
    "require_secret",
    "safe_repr",
    "secrets_among",
]

AnyT = TypeVar("AnyT")
ClassT = TypeVar("ClassT", bound=type[Any])


class SecretBytes(bytes):
    """The bytes of a secret; see `SecretText`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "b'***'"

    __str__ = __repr__

    def __radd__(self, other: object) -> Any:
        return SecretBytes(bytes.__add__(other, self)) if isinstance(other, bytes) else NotImplemented


class SecretText(str):
    """A string whose `repr` hides it, also inside tuples, mappings and tracebacks with variables.

    It is plain text for the wire: equal to it, written as it is by JSON, `print` and `%s`. What its own methods and
    operators make of it hides itself as well: slices, letters, `+`, `%`, `encode`, `format`, `str()`. Python asks
    nobody when it joins several pieces, so an f-string with more than the secret in it, and `", ".join(...)`, are
    shown. An encoding that can't write it is a `UnicodeError` without the text. Pickled it is plain, as on the wire.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"

    def __str__(self) -> str:
        return self

    def __iter__(self) -> Iterator[str]:
        return map(SecretText, str.__iter__(self))

    def __radd__(self, other: object) -> Any:
        return SecretText(str.__add__(other, self)) if isinstance(other, str) else NotImplemented


def _hidden(made: Any) -> Any:
    if isinstance(made, str):
        return SecretText(made)
    if isinstance(made, bytes):
        return SecretBytes(made)
    return type(made)(map(_hidden, made)) if type(made) in {tuple, list} else made


def _hiding(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def hidden(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return _hidden(method(self, *args, **kwargs))
        except UnicodeError as error:  # it has the whole text among its members
            problem = f"a secret can't be written or read as {getattr(error, 'encoding', 'this')}"
        raise UnicodeError(problem)

    return hidden


_OF_BOTH = """
__add__ __getitem__ __mod__ __mul__ __rmod__ __rmul__ capitalize center expandtabs join ljust lower lstrip
partition removeprefix removesuffix replace rjust rpartition rsplit rstrip split splitlines strip swapcase title
translate upper zfill
"""
for _name in (*_OF_BOTH.split(), "__format__", "casefold", "encode", "format", "format_map"):
    setattr(SecretText, _name, _hiding(getattr(str, _name)))
for _name in (*_OF_BOTH.split(), "decode", "hex"):
    setattr(SecretBytes, _name, _hiding(getattr(bytes, _name)))


def plain(text: str) -> str:
    """The text as an ordinary string, for what turned out to be no secret; what is no text stays what it is."""
    return str.__str__(text) if isinstance(cast("object", text), str) else text


def secrets_among(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The secrets of header lines or of members: what an answer's text must not repeat."""
    return [plain(value) for _, value in pairs if isinstance(value, SecretText) and value]


# --- taking secrets in -------------------------------------------------------------------------------------------


def hide(value: object) -> SecretText:
    """A caller's secret, before anything is looked at. What is no text becomes an empty one, and never fails.

    A traceback shows variables, so put it in the place of the argument: `secret = hide(secret)`.
    """
    return SecretText(value) if isinstance(value, str) else SecretText()


def hide_text(value: AnyT) -> AnyT:
    """What can have a secret in it, such as a URL with a password, likewise; what is no text stays what it is."""
    if isinstance(value, bytes):
        return cast("AnyT", SecretBytes(value))
    return cast("AnyT", SecretText(value)) if isinstance(value, str) else value


def require_secret(name: str, secret: SecretText) -> SecretText:
    """The secret if it can be used. Raises `ConfigurationError` that names it and has nothing of it."""
    if not secret:
        raise ConfigurationError(f"{name} must be text, and not empty")
    try:
        secret.encode()
    except UnicodeError:
        pass
    else:
        return secret
    raise ConfigurationError(f"{name} holds half a character (a lone surrogate), as of a variable that is not UTF-8")


def hides(*names: str, texts: Iterable[str] = ()) -> Callable[[ClassT], ClassT]:
    """Let a class take arguments in with `hide`, or `hide_text`, before its constructor has them among its variables.

    They must be given by name. Its `repr` becomes a safe one; see `safe_repr`.
    """
    ways: dict[str, Callable[[Any], Any]] = {**dict.fromkeys(names, hide), **dict.fromkeys(texts, hide_text)}

    def wrap(cls: ClassT) -> ClassT:
        construct = cls.__init__

        @wraps(construct)
        def hiding(self: object, *args: Any, **kwargs: Any) -> None:
            args = tuple(map(hide_text, args))  # refused, but in a traceback first
            for name, way in ways.items():
                if name in kwargs:
                    kwargs[name] = way(kwargs[name])
            construct(self, *args, **kwargs)

        cast("Any", cls).__init__ = hiding
        return safe_repr(cls)

    return wrap


def safe_repr(cls: ClassT) -> ClassT:
    """Let a class have a `repr` also while it is being made: a traceback shows `self` of a constructor that failed."""
    show: Callable[[object], str] = cast("Any", cls).__repr__

    @wraps(show)
    def shown(self: object) -> str:
        try:
            return show(self)
        except AttributeError:
            return f"<{type(self).__name__}, not complete>"

    cast("Any", cls).__repr__ = shown
    return cls
