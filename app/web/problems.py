"""One handler renders every refusal as problem+json (RFC 9457), in the reader's language, without echoing the input."""

import json
import logging
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.errors import Busy, Invalid, NotFound, Problem
from app.web.body import safe_key
from app.web.texts import Language, catalogue, preferred, say

E = TypeVar("E", bound=Exception)

log = logging.getLogger("thidua")

_BUSY_STATES = {"55P03", "57014", "53300"}


class NotAcceptedHere(Problem):
    status, slug = 405, "method-not-allowed"


class BadRequest(Problem):
    status, slug = 400, "bad-request"


class Unexpected(Problem):
    """A fault of ours; the trace id finds it in the log."""

    status, slug = 500, "unexpected"


class FieldError(BaseModel):
    pointer: str = Field(description="JSON Pointer to the field, or `query:`, `path:`, `header:` and a name")
    detail: str


class LineProblem(BaseModel):
    """Why one line of many was refused; as it would have been alone."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


class ProblemOut(LineProblem):
    """RFC 9457 problem details."""

    instance: str
    trace_id: str


def install(app: FastAPI) -> None:
    app.add_exception_handler(Problem, lambda request, error: rendered(request, _as(Problem, error)))
    app.add_exception_handler(RequestValidationError, _unprocessable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PoolTimeout, lambda request, _: rendered(request, Busy()))
    app.add_exception_handler(Exception, _unexpected)
    _describe(app)


def rendered(request: Request, problem: Problem, errors: Sequence[FieldError] = ()) -> Response:
    language = preferred(request.headers.get("accept-language"))
    answer = ProblemOut(**vars(of_line(language, problem, errors)), instance=_instance(request), trace_id=uuid.uuid4().hex)
    headers = {**problem.headers, "Cache-Control": "no-store", "Content-Language": language}
    body = json.dumps(answer.model_dump(), ensure_ascii=False).encode()
    return Response(body, problem.status, headers, "application/problem+json")


def of_line(language: Language, problem: Problem, errors: Sequence[FieldError] = ()) -> LineProblem:
    if problem.told:
        errors = [FieldError(pointer=place, detail=detail) for place, detail in problem.told]
    elif problem.pointer is not None and not errors:
        errors = [FieldError(pointer=problem.pointer, detail=_why(language, problem))]
    return LineProblem(
        type=f"/problems/{problem.slug}",
        title=_sentence(language, problem, "title"),
        status=problem.status,
        detail=_sentence(language, problem, "detail"),
        errors=list(errors),
    )


def malformed_line(language: Language, error: ValidationError, sent: object) -> LineProblem:
    """A line whose fields are not what the schema says."""
    found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
    return of_line(language, Invalid("#", "wrong-value"), _fields(language, found, sent))


def _sentence(language: Language, problem: Problem, part: str) -> str:
    sentence: str = catalogue(language)["problems"][problem.slug][part]
    return sentence.format(**problem.values) if part == "detail" else sentence


def _why(language: Language, problem: Problem) -> str:
    if isinstance(problem, Invalid):
        return say(language, "reasons", problem.reason, **problem.values)
    if (fault := getattr(problem, "fault", None)) is not None:
        said, line = say(language, "faults", fault, **problem.values), getattr(problem, "line", None)
        return said if line is None else f"{said} {say(language, 'faults', 'at-line', line=line)}"
    return _sentence(language, problem, "detail")


def _instance(request: Request) -> str:
    path = request.url.path
    return path if path.isascii() and path.isprintable() and len(path) <= 200 else "/"  # noqa: PLR2004


def _unprocessable(request: Request, error: Exception) -> Response:
    language, sent = preferred(request.headers.get("accept-language")), getattr(request.state, "sent", None)
    return rendered(request, Invalid("#", "wrong-value"), _fields(language, _as(RequestValidationError, error).errors(), sent))


def _fields(language: Language, found: Sequence[Any], sent: Any) -> list[FieldError]:
    return [FieldError(pointer=_pointer(one, sent), detail=_reason(language, one)) for one in found[:50]]


def _reason(language: Language, error: dict[str, Any]) -> str:
    """Only limits that our schemas declare are repeated, never what was sent."""
    own = {key: value for key, value in error.get("ctx", {}).items() if isinstance(value, int | str) and key in _LIMITS}
    reasons = catalogue(language)["reasons"]
    slug = _REASONS.get(error["type"], "wrong-value")
    if any(str(limit).startswith("datetime.") for limit in own.values()):
        slug = "wrong-date"
    sentence: str = reasons[slug]
    return sentence.format(limit=next(iter(own.values()), ""))


_LIMITS = ("max_length", "min_length", "le", "lt", "ge", "gt", "max_digits", "decimal_places", "expected")
_REASONS = {
    "missing": "missing",
    "extra_forbidden": "unknown-field",
    "string_too_long": "too-long",
    "string_too_short": "too-short",
    "too_long": "too-many",
    "too_short": "too-few",
    "less_than_equal": "too-large",
    "greater_than_equal": "too-small",
    "less_than": "too-large",
    "greater_than": "too-small",
    "string_pattern_mismatch": "wrong-form",
    "enum": "not-a-choice",
    "literal_error": "not-a-choice",
    "decimal_max_digits": "too-many-digits",
    "decimal_max_places": "too-many-decimals",
    "decimal_whole_digits": "too-many-digits",
    "json_invalid": "malformed-json",
    "date_from_datetime_parsing": "wrong-date",
    "date_parsing": "wrong-date",
    "datetime_parsing": "wrong-instant",
    "timezone_aware": "wrong-instant",
    "datetime_from_date_parsing": "wrong-instant",
    "is_instance_of": "wrong-figure",
    "decimal_type": "wrong-figure",
    "decimal_parsing": "wrong-figure",
}


def _pointer(error: dict[str, Any], sent: Any) -> str:
    """Where it went wrong. Parts that are not in what was sent (names of union members) are passed over."""
    place, *parts = error["loc"]
    if place != "body":
        return f"{place}:{safe_key(parts[0]) if parts else ''}"
    at, pointer = sent, "#"
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        is_there = (isinstance(at, dict) and part in at) or (isinstance(at, list) and isinstance(part, int) and part < len(at))
        if is_there:
            at = at[part]
            pointer += f"/{safe_key(part)}"
        elif is_last and error["type"] == "missing":
            pointer += f"/{safe_key(part)}"
    return pointer


def _http(request: Request, error: Exception) -> Response:
    status = _as(HTTPException, error).status_code
    page = getattr(request.app.state, "nothing_here", None)
    if status == NotFound.status and page is not None and "text/html" in request.headers.get("accept", ""):
        return page(request)  # type: ignore[no-any-return]
    refusals: dict[int, Problem] = {404: NotFound(), 405: NotAcceptedHere()}
    answer = rendered(request, refusals.get(status, BadRequest()))
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def _database(request: Request, error: Exception) -> Response:
    """A lock that was not to be had in time is the caller's cue to try again; anything else is our fault."""
    cause = _as(DBAPIError, error).orig
    if getattr(cause, "sqlstate", None) in _BUSY_STATES or "database is locked" in str(cause):
        return rendered(request, Busy())
    return _unexpected(request, error)


def _unexpected(request: Request, error: Exception) -> Response:
    answer = rendered(request, Unexpected())
    log.error("unexpected %s at %s", type(error).__name__, _instance(request), exc_info=error)
    return answer


def documented(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI `responses` of a route: every refusal by status, named by type."""
    by_status: dict[int, list[type[Problem]]] = {}
    for problem in problems:
        by_status.setdefault(problem.status, []).append(problem)
    return {status: _documented(refusals) for status, refusals in by_status.items()}


def _documented(refusals: Iterable[type[Problem]]) -> dict[str, Any]:
    listed = sorted({f"/problems/{refusal.slug}" for refusal in refusals})
    return {"description": ", ".join(listed), "content": {"application/problem+json": {"schema": {"$ref": f"{_SCHEMAS}ProblemOut"}}}}


_SCHEMAS = "#/components/schemas/"


def _describe(app: FastAPI) -> None:
    """FastAPI files a model under application/json; a problem has a media type of its own, so its schema is added here."""
    undescribed = app.openapi

    def openapi() -> dict[str, Any]:
        document = undescribed()
        schema = ProblemOut.model_json_schema(ref_template=_SCHEMAS + "{model}")
        document["components"]["schemas"] |= {**schema.pop("$defs"), "ProblemOut": schema}
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _as(kind: type[E], error: Exception) -> E:
    assert isinstance(error, kind)
    return error
