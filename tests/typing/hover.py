"""What an editor shows on a call: asked of the language server that most editors use."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from attrs import define, field

__all__ = ["LanguageServer", "server_command"]


def server_command() -> str | None:
    """The command that starts it, where it is installed."""
    return shutil.which("pyright-langserver")


@define
class LanguageServer:
    """One session over one text."""

    process: "subprocess.Popen[bytes]"
    _asked: int = field(default=0, init=False)

    @classmethod
    def over(cls, folder: Path, name: str) -> "LanguageServer":
        """Start it, and open a file of the folder in it."""
        command = [str(server_command()), "--stdio"]
        server = cls(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        server.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        server.tell("initialized", {})
        text = (folder / name).read_text(encoding="utf-8")
        document = {"uri": (folder / name).as_uri(), "languageId": "python", "version": 1, "text": text}
        server.tell("textDocument/didOpen", {"textDocument": document})
        return server

    def hover(self, file: Path, line: int, column: int) -> str:
        """What is shown over a place."""
        where = {"textDocument": {"uri": file.as_uri()}, "position": {"line": line, "character": column}}
        found = self.ask("textDocument/hover", where)
        return str(found["contents"]["value"]) if found else ""

    def ask(self, method: str, params: Any) -> Any:
        """Ask, and answer what it asks meanwhile with nothing."""
        self._asked += 1
        self._write({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._asked and "method" not in message:
                return message.get("result")
            if "id" in message and "method" in message:
                wanted = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
                self._write({"id": message["id"], "result": None if wanted is None else [{} for _ in wanted]})

    def tell(self, method: str, params: Any) -> None:
        """Tell it something."""
        self._write({"method": method, "params": params})

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()

    def _write(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        found: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return found
