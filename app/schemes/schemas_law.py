from datetime import date

from pydantic import Field

from app.schemes.schemas import AwardIn
from app.wire import Out


class KnownNameOut(Out):
    since: date
    until: date | None = None
    name: str | None = Field(description="Bỏ trống: chưa biết")
    source: str


class KnownSalaryOut(Out):
    since: date
    until: date | None = None
    amount: int = Field(description="đồng/tháng")
    source: str


class KnownAwardOut(Out):
    """An award as texts that were seen have it, to start a scheme from."""

    award: AwardIn
    years: str
    note: str


class LegalFactsOut(Out):
    """Facts that come with the service. What is not checked against the original text says so."""

    checked: bool
    note: str
    commendation_types: list[KnownNameOut]
    base_salaries: list[KnownSalaryOut]
    awards: list[KnownAwardOut]
