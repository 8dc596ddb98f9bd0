"""Where grants are kept unless the code says so."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tm_async.auth.stores.protocol import TokenStore

__all__ = ["default_directory", "default_store"]


def default_directory(environ: Mapping[str, str] | None = None) -> Path:
    """`TENCENT_MEETING_TOKEN_STORE`, else a directory among the user's own data."""
    source = os.environ if environ is None else environ
    chosen = source.get("TENCENT_MEETING_TOKEN_STORE")
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = Path(source.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(source.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "tm-async" / "grants"


def default_store(environ: Mapping[str, str] | None = None) -> TokenStore:
    """Files in the default directory, encrypted if `TENCENT_MEETING_TOKEN_KEY` is set (extra `file`).

    Raises `ConfigurationError` without the extra, or for an unusable key.
    """
    from tm_async.auth.stores.file import FileStore

    source = os.environ if environ is None else environ
    store = FileStore(default_directory(source))
    if not source.get("TENCENT_MEETING_TOKEN_KEY"):
        return store
    from tm_async.auth.stores.encrypted import EncryptedStore

    return EncryptedStore.from_env(store, source)
