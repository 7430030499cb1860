"""The service as a process of its own on a real port, to be asked, stopped and killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.postgres import _free_port


class Server:
    def __init__(self, database_url: str, data_dir: Path, module: str = "app.cli") -> None:
        self.port = _free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("THIDUA_")},
            "THIDUA_DATABASE_URL": database_url,
            "THIDUA_DATA_DIR": str(data_dir),
            "THIDUA_PORT": str(self.port),
        }
        self._module = module
        self._log = data_dir / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", self._module, "serve"]
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, start_new_session=True)
        for _ in range(150):
            try:
                if httpx.get(f"{self.base}/health", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError(self._log.read_text()[-2000:])

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """As a power cut would."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def running(database_url: str, data_dir: Path, module: str = "app.cli") -> Iterator[Server]:
    server = Server(database_url, data_dir, module)
    try:
        server.start()
        yield server
    finally:
        server.stop()
