from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from app.policy import Action, ActorKind, Reach, Role
from app.wire import Code, In, Instant, Out

Label = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class ApiKeyIn(In):
    label: Annotated[Label, Field(examples=["Phần mềm một cửa phường Dịch Vọng"])]
    role: Annotated[Role, Field(strict=False)]
    reach: Annotated[Reach, Field(strict=False)] = Reach.OWN_UNIT
    unit: Code | None = None
    scopes: Annotated[list[Annotated[Action, Field(strict=False)]], Field(max_length=32)] | None = None
    expires_at: Annotated[AwareDatetime, Field(strict=False)]


class ApiKeyOut(Out):
    id: UUID
    label: str
    role: Role
    reach: Reach
    unit: str | None = Field(validation_alias="unit_code")
    expires_at: Instant
    synthetic: bool = Field(validation_alias="is_synthetic")
    revoked: bool = False


class NewApiKeyOut(ApiKeyOut):
    """The key is shown in this answer and never again."""

    shows_secret: ClassVar[bool] = True
    key: str


class GrantOut(Out):
    role: Role
    reach: Reach
    unit: str | None


class MeOut(Out):
    kind: ActorKind
    id: UUID
    code: str | None
    name: str | None
    roles: list[GrantOut]
    actions: dict[Action, list[str] | None] = Field(description="Việc được làm và ở đơn vị nào; null là mọi nơi")
