"""Text that some answers carry as Base64, and others as it is: which of the two a value is, shows only in itself."""

import re
from binascii import a2b_base64
from collections.abc import Iterable

__all__ = ["read_base64"]

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""What is in no text: then it was not Base64, but looked like it. Ends of lines and tabs are in summaries."""

_PADDED = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)", re.ASCII)
"""Base64 of which nobody could think that it is a name."""

_WORD = re.compile("(?=.{0,12}$)[0-9]*[A-Za-z]*[0-9]*", re.ASCII)
"""What may be a word, or a number, that happens to be Base64 of some text; longer ones that do are hardly found."""

_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_LATIN_OR_SIGN = re.compile("[\u00b7\u00c0-\u00ff\U00010000-\U0010ffff]")
_ODD = re.compile(r"""[!-%'*-,/:-?\[-^`{-~]|^\s|\s$""")
"""What is in few names: most ASCII signs, and blank space at an end."""


def read_base64(values: Iterable[str]) -> list[str]:
    """The texts of one member, in all rows of a list.

    One that nobody would call a name tells that they are Base64. Where there is none, those that hold other than ASCII
    must be more than those that can't be Base64: `VERY` is a name beside one in Chinese characters, and alone it is
    read as TDX. What can't be Base64 is left as it is, as the vendor's client does it. One that ends as only Base64
    does, and holds no text, says nothing of the others: samples of the vendor's have slips in them.
    """
    plain = list(values)
    texts = list(map(_decoded, plain))
    if None in texts and not any(map(_is_no_name, plain, texts)):
        surely = sum(text is not None and not text.isascii() for text in texts)
        against = sum(text is None and not _PADDED.fullmatch(one) for one, text in zip(plain, texts, strict=True))
        if against and surely <= against:
            return plain
    return [one if text is None else text for one, text in zip(plain, texts, strict=True)]


def _is_no_name(plain: str, text: str | None) -> bool:
    """Whether it is Base64 whatever stands beside it: of two Chinese characters at least, or padded."""
    if text is None:
        return False
    return plain.endswith("=") or (len(text) > 1 and _EAST_ASIAN.fullmatch(text) is not None)


def _decoded(plain: str) -> str | None:
    try:
        text = a2b_base64(plain, strict_mode=True).decode()
    except ValueError:
        return None
    if not text.isprintable() and _CONTROL.search(text):
        return None
    return None if _WORD.fullmatch(plain) and not _is_likely(plain, text) else text


def _is_likely(plain: str, text: str) -> bool:
    """Whether somebody may have written this: a short word, such as `Meetings`, may be Base64 of what nobody writes."""
    if plain.isdigit() or _ODD.search(text):
        return False
    return _is_common(text) or _EAST_ASIAN.fullmatch(text) is not None or _is_common(_LATIN_OR_SIGN.sub("", text))


def _is_common(text: str) -> bool:
    """Whether it is of ASCII, and of the 7,445 characters that Chinese text is made of."""
    try:
        text.encode("gb2312")
    except UnicodeError:
        return False
    return True
