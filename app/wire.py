"""Field types of the wire, shared by every schema: strict, bounded, extras forbidden."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from app.clock import ZONE
from app.tables import FIGURE_DECIMALS, FIGURE_DIGITS, canonical

CODE_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
FIRST_INSTANT, LAST_INSTANT = datetime(1990, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)


class In(BaseModel):
    """What is sent."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def example(**fields: Any) -> ConfigDict:
    """The configuration of a body with an example for the documentation."""
    return ConfigDict(**In.model_config, json_schema_extra={"examples": [fields]})


class Out(BaseModel):
    """What is received."""

    model_config = ConfigDict(from_attributes=True)


def exact(value: Any) -> Any:
    """Decimals travel as strings; a JSON number has been through a float and is refused."""
    return Decimal(value) if isinstance(value, str) and _PLAIN.fullmatch(value) else value


_PLAIN = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?")


def _from_text(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2022-09-01") else value
    except ValueError:
        return value


Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=64), Field(examples=["dich-vong"])]
Title = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Source = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Day = Annotated[date, BeforeValidator(_from_text), Field(ge=EARLIEST, le=LATEST, examples=["2022-06-15"])]
PeriodCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-(Q[1-4]|H[12]|[0-9]{2}|[0-9]{4}))?$"), Field(examples=["2022-05"])]
FigureText = Annotated[
    Decimal,
    BeforeValidator(exact, json_schema_input_type=str),
    Field(max_digits=FIGURE_DIGITS, decimal_places=FIGURE_DECIMALS),
    PlainSerializer(canonical, return_type=str),
]
"""An exact decimal as a string, a point before the decimals: "9202.47"."""
FigureOut = Annotated[Decimal, PlainSerializer(canonical, return_type=str)]
"""The same on its way out, where a sum may be longer than any one figure."""
Instant = Annotated[AwareDatetime, PlainSerializer(lambda at: at.astimezone(ZONE).isoformat(), return_type=str)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
