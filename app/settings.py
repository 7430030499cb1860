"""Settings from THIDUA_* variables; read once by whoever starts a process and handed on."""

import os
import re
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_LONGEST_DELAY = 366 * 86_400
_SENDER = re.compile(r"[^\x00-\x1f\x7f]+@[^\x00-\x20\x7f@]+")
_SMTP = re.compile(r"(smtp|smtps|smtp\+starttls)://\S+")


class UnknownSetting(ValueError):
    """A THIDUA_* variable that no setting bears: most often a misspelt one, so the start stops."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="THIDUA_", frozen=True)

    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = Path("data")
    database_url: str | None = None
    threads: int = 6
    """Requests in flight per process; the database pool is two larger."""
    gate_wait_seconds: float = 10.0
    body_limit_bytes: int = 1_048_576
    body_idle_seconds: float = 10.0
    body_total_seconds: float = 60.0
    evidence_limit_bytes: int = 52_428_800
    signing_key: Path | None = None
    """The key that publications and checkpoints are signed with; None is `signing.key` in the data directory."""
    scanner: str | None = None
    """A command that is given the path of an uploaded file and ends with 0 where it is clean, 1 where something was found."""
    webhook_networks: tuple[str, ...] = ()
    """Private networks (CIDR) that webhooks may be sent into, and the only ones over plain http."""
    webhook_retry_seconds: tuple[float, ...] = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    """After each failure in a row; one more, and the webhook stops until somebody asks for a replay."""
    smtp_url: str | None = None
    """smtp://, smtp+starttls:// or smtps://, with user and password where the server wants them; None sends no mail."""
    mail_from: str | None = None
    public_url: str | None = None
    """Where people reach the service, for links in mails."""
    idempotency_days: int = 14
    cors_origins: tuple[str, ...] = ()
    clock_from: datetime | None = None
    """Only for loading a demo: the instant from which its clock runs on."""

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, url: str | None) -> str | None:
        if url and url.startswith(("postgres://", "postgresql://")):
            return "postgresql+psycopg://" + url.split("://", 1)[1]
        return url

    @field_validator("webhook_retry_seconds")
    @classmethod
    def _are_delays(cls, delays: tuple[float, ...]) -> tuple[float, ...]:
        if not delays or not all(0 <= delay <= _LONGEST_DELAY for delay in delays):
            raise ValueError("webhook_retry_seconds are one or more delays of at most a year")
        return delays

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            ip_network(network)
        return networks

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if self.smtp_url is not None and (not _SENDER.fullmatch(self.mail_from or "") or not _SMTP.fullmatch(self.smtp_url)):
            raise ValueError("smtp_url is smtp://, smtp+starttls:// or smtps://HOST[:PORT], and needs mail_from")
        if self.smtp_url is not None and (urlsplit(self.smtp_url).hostname is None or urlsplit(self.smtp_url).port == 0):
            raise ValueError("smtp_url names no server")
        if self.smtp_url is not None and urlsplit(self.smtp_url).scheme == "smtp" and urlsplit(self.smtp_url).username:
            raise ValueError("smtp_url would send its password in the clear: smtps:// or smtp+starttls://")
        return self

    @property
    def key_file(self) -> Path:
        return self.signing_key or self.data_dir / "signing.key"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'thidua.db'}"

    @classmethod
    def from_environment(cls) -> Self:
        known = {f"THIDUA_{name}".upper() for name in cls.model_fields}
        unknown = sorted(name for name in os.environ if name.startswith("THIDUA_") and name not in known)
        if unknown:
            raise UnknownSetting(f"unknown setting {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        return cls()
