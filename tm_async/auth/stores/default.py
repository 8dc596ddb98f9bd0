"""Where grants are kept unless the code says so."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tm_async.auth.stores.protocol import TokenStore
from tm_async.config import own_variables, variables
from tm_async.core.secret import plain

__all__ = ["default_directory", "default_store", "default_users", "store_in"]


def default_directory(environ: Mapping[str, str] | None = None) -> Path:
    """`TENCENT_MEETING_TOKEN_STORE`, else a directory among the user's own data."""
    chosen = variables(environ, "TOKEN_STORE").get("TOKEN_STORE")
    if chosen:
        return Path(plain(chosen)).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "tm-async" / "grants"


def default_users(sdk_id: str, environ: Mapping[str, str] | None = None) -> list[str]:
    """The open ids of those whom an app has grants of, sorted; blocks while the directory is read.

    Raises `TokenStoreError` for a directory that can't be used.
    """
    from tm_async.auth.stores.file import FileStore

    keys = FileStore(default_directory(environ)).list_keys()
    return [key.removeprefix(f"{sdk_id}/") for key in keys if key.startswith(f"{sdk_id}/")]


def default_store(environ: Mapping[str, str] | None = None) -> TokenStore:
    """Files in the default directory; see `store_in`."""
    environ = own_variables(environ)  # a traceback shows variables
    return store_in(default_directory(environ), environ)


def store_in(directory: Path, environ: Mapping[str, str] | None = None) -> TokenStore:
    """Files in a directory, encrypted if `TENCENT_MEETING_TOKEN_KEY` is set (extra `file`).

    Raises `ConfigurationError` without the extra, or for an unusable key.
    """
    from tm_async.auth.stores.file import FileStore

    environ = own_variables(environ)  # a traceback shows variables
    store = FileStore(directory)
    if not variables(environ, "TOKEN_KEY"):
        return store
    from tm_async.auth.stores.encrypted import EncryptedStore

    return EncryptedStore.from_env(store, environ)
