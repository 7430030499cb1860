from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AliasChoices, AwareDatetime, Field, StringConstraints

from app.accounts.rules import TokenKind
from app.policy import Action, ActorKind, Reach, Role
from app.wire import Code, In, Instant, Out, Title, example

Label = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class ApiKeyIn(In):
    model_config = example(
        label="Phần mềm một cửa phường Dịch Vọng",
        role="unit_officer",
        reach="own_unit",
        unit="dich-vong",
        scopes=["progress:submit"],
        expires_at="2027-01-01T00:00:00+07:00",
    )

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
    unit: str | None = Field(validation_alias=AliasChoices("unit", "unit_code"))


class MeOut(Out):
    kind: ActorKind
    id: UUID
    code: str | None
    name: str | None
    roles: list[GrantOut]
    actions: dict[Action, list[str] | None] = Field(description="Việc được làm và ở đơn vị nào; null là mọi nơi")


Password = Annotated[str, StringConstraints(min_length=12, max_length=200)]
Token = Annotated[str, StringConstraints(min_length=20, max_length=80, pattern=r"^[A-Za-z0-9_-]+$")]


class PersonIn(In):
    model_config = example(code="cb-001", name="Cán bộ mẫu", synthetic=True)

    code: Code
    name: Title | None = None
    synthetic: bool = False


class PersonOut(Out):
    id: UUID
    code: str
    synthetic: bool = Field(validation_alias="is_synthetic")


class RoleOut(GrantOut):
    id: UUID


class PersonShownOut(PersonOut):
    name: str | None = Field(description="null khi chưa ghi hoặc đã xóa")
    roles: list[RoleOut]


class RoleGrantIn(In):
    model_config = example(role="unit_officer", reach="own_unit", unit="dich-vong")

    role: Annotated[Role, Field(strict=False)]
    reach: Annotated[Reach, Field(strict=False)] = Reach.OWN_UNIT
    unit: Code | None = None


class LinkOut(Out):
    """Shown once; good for one sign-in within 24 hours."""

    shows_secret: ClassVar[bool] = True
    token: str
    path: str


class PasswordSignInIn(In):
    model_config = example(code="cb-001", password="mật khẩu đủ dài", device="Điện thoại của tổ")

    code: Code
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    as_cookie: bool = False
    """For browsers: the token goes into an HttpOnly cookie instead of the answer."""
    device: Label | None = None
    """With a name for the device, the answer also bears a device token that keeps a phone signed in."""


class LinkSignInIn(In):
    model_config = example(token="tdl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA00000000")

    token: Token
    as_cookie: bool = False


class DeviceRotationIn(In):
    model_config = example(device_token="tdd_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA00000000")

    device_token: Token


class SignedInOut(Out):
    """Send `token` as `Authorization: Bearer`; it lives for hours, the device token for weeks."""

    token: str | None = Field(description="null khi đã vào cookie")
    expires_in_seconds: int
    device_token: str | None = None


class PasswordIn(In):
    model_config = example(password="mật khẩu đủ dài")

    password: Password


class SignInOut(Out):
    id: UUID
    kind: TokenKind
    label: str
    started_at: Instant
    expires_at: Instant
