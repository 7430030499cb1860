"""Every enumeration and every refusal with its words, so that no client keeps a list of its own."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.web.preconditions import etag, is_match
from app.web.texts import LANGUAGES, catalogue

routes = APIRouter(prefix="/api/v1", tags=["vocabulary"])


class LabelOut(BaseModel):
    vi: str
    en: str


class VocabularyOut(BaseModel):
    words: dict[str, dict[str, LabelOut]]
    """By enumeration and value."""
    problems: dict[str, LabelOut]
    """Titles by the last part of a problem's `type`."""


def _collected() -> bytes:
    vi, en = (catalogue(language) for language in LANGUAGES)
    words = {
        name: {value: LabelOut(vi=said, en=en["words"][name][value]) for value, said in values.items()}
        for name, values in vi["words"].items()
    }
    problems = {slug: LabelOut(vi=said["title"], en=en["problems"][slug]["title"]) for slug, said in vi["problems"].items()}
    return VocabularyOut(words=words, problems=problems).model_dump_json().encode()


_BODY = _collected()
_ETAG = etag(0, _BODY)


@routes.get(
    "/vocabulary",
    operation_id="vocabulary",
    summary="Danh mục thuật ngữ và thông báo từ chối, tiếng Việt và tiếng Anh",
    response_model=VocabularyOut,
)
async def vocabulary(request: Request) -> Response:
    headers = {"ETag": _ETAG, "Cache-Control": "public, max-age=300"}
    if is_match(request.headers.get("if-none-match"), _ETAG):
        return Response(status_code=304, headers=headers)
    return Response(_BODY, headers=headers, media_type="application/json")
