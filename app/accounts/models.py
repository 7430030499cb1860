from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.accounts.rules import TokenKind
from app.policy import Reach, Role
from app.tables import Table, UtcDateTime, choice, entry_key, new_id


class Person(Table, table=True):
    """Cán bộ. The name stands in an erasable text, never here."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    code: str = Field(unique=True, max_length=64)
    name_commitment: str | None = Field(default=None, max_length=64)
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())


class RoleGrant(Table, table=True):
    """A person's role for a unit. Append-only; its end is a row of its own."""

    __tablename__ = "role_grant"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    role: Role = Field(sa_type=choice(Role))
    reach: Reach = Field(sa_type=choice(Reach))
    unit_code: str | None = Field(default=None, foreign_key="unit.code", max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.CheckConstraint("reach = 'everywhere' OR unit_code IS NOT NULL", name="reach_needs_unit"),)


class RoleGrantEnd(Table, table=True):
    __tablename__ = "role_grant_end"

    grant_id: UUID = Field(primary_key=True, foreign_key="role_grant.id")
    entry_id: UUID = Field(sa_column=entry_key())


class ApiKey(Table, table=True):
    """Another system's key: one role for one unit, narrowed by scopes. Only the hash is kept. Append-only."""

    __tablename__ = "api_key"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    label: str = Field(max_length=100)
    role: Role = Field(sa_type=choice(Role))
    reach: Reach = Field(sa_type=choice(Reach))
    unit_code: str | None = Field(default=None, foreign_key="unit.code", max_length=64)
    scopes: str | None = None
    """Policy actions, one space between; None is all that the role may do."""
    expires_at: datetime = Field(sa_type=UtcDateTime)
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.CheckConstraint("reach = 'everywhere' OR unit_code IS NOT NULL", name="reach_needs_unit"),)


class ApiKeyRevocation(Table, table=True):
    __tablename__ = "api_key_revocation"

    key_id: UUID = Field(primary_key=True, foreign_key="api_key.id")
    entry_id: UUID = Field(sa_column=entry_key())


class Password(Table, table=True):
    """Argon2id hash. One row a person, replaced in place."""

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    hash: str = Field(max_length=200)


class SignIn(Table, table=True):
    """A session, a device or a one-use link of a person. Replaced in place: only hashes, and the trail tells the story."""

    __tablename__ = "sign_in"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: TokenKind = Field(sa_type=choice(TokenKind))
    token_hash: str = Field(unique=True, max_length=64)
    label: str = Field(max_length=100)
    started_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended: bool = False


class SignInSuccessor(Table, table=True):
    """A device's rotated token. The first of them to be used replaces the device's token, so a lost reply locks nobody out."""

    __tablename__ = "sign_in_successor"

    token_hash: str = Field(primary_key=True, max_length=64)
    sign_in_id: UUID = Field(foreign_key="sign_in.id", index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)


class SignInCount(Table, table=True):
    """Failed sign-ins per account or address in the current window; shared by all processes."""

    __tablename__ = "sign_in_count"

    subject: str = Field(primary_key=True, max_length=64)
    failures: int
    window_ends_at: datetime = Field(sa_type=UtcDateTime, index=True)
