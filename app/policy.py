"""Who may do what: one table. Actions ask it, so no route can go around it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from app.errors import NotAllowed


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    COUNCIL_SECRETARY = "council_secretary"
    APPRAISER = "appraiser"
    UNIT_OFFICER = "unit_officer"
    UNIT_HEAD = "unit_head"
    COUNCIL_MEMBER = "council_member"
    VIEWER = "viewer"


class Reach(StrEnum):
    """How far a role extends from the unit it is given for."""

    OWN_UNIT = "own_unit"
    OWN_BRANCH = "own_branch"
    EVERYWHERE = "everywhere"


class Action(StrEnum):
    ACCOUNT_MANAGE = "account:manage"
    AWARD_DECIDE = "award:decide"
    AWARD_PROPOSE = "award:propose"
    AWARD_READ = "award:read"
    CALENDAR_EDIT = "calendar:edit"
    COMMENT_RECORD = "comment:record"
    COUNCIL_MANAGE = "council:manage"
    COUNCIL_READ = "council:read"
    COUNCIL_VOTE = "council:vote"
    EVIDENCE_UPLOAD = "evidence:upload"
    FACT_READ = "fact:read"
    INDICATOR_ASSIGN = "indicator:assign"
    MARK_APPRAISE = "mark:appraise"
    MARK_CLAIM = "mark:claim"
    MARK_COUNCIL = "mark:council"
    MOVEMENT_MANAGE = "movement:manage"
    MOVEMENT_SEE_ALL = "movement:see_all"
    NOMINATION_CHECK = "nomination:check"
    NOMINATION_SEND = "nomination:send"
    PLAN_MANAGE = "plan:manage"
    PROGRESS_REVIEW = "progress:review"
    PROGRESS_SIGN = "progress:sign"
    PROGRESS_SUBMIT = "progress:submit"
    PUBLICATION_APPROVE = "publication:approve"
    PUBLICATION_DRAFT = "publication:draft"
    RANKING_TEST = "ranking:test"
    RESULT_RECORD = "result:record"
    RULEBOOK_ADOPT = "rulebook:adopt"
    RULEBOOK_WRITE = "rulebook:write"
    SCHEME_WRITE = "scheme:write"
    SELF_MANAGE = "self:manage"
    TASK_ASSIGN = "task:assign"
    UNIT_MANAGE = "unit:manage"
    WAIVER_GRANT = "waiver:grant"


EVERYONE = frozenset(Role)
_ADMIN = frozenset({Role.ADMINISTRATOR})
_OFFICE = frozenset({Role.ADMINISTRATOR, Role.COUNCIL_SECRETARY})
_UNIT = frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD})

POLICY: dict[Action, frozenset[Role]] = {
    Action.ACCOUNT_MANAGE: _ADMIN,
    Action.AWARD_DECIDE: _OFFICE,
    Action.AWARD_PROPOSE: frozenset({Role.COUNCIL_SECRETARY}),
    Action.AWARD_READ: _OFFICE | {Role.COUNCIL_MEMBER},
    Action.CALENDAR_EDIT: _ADMIN,
    Action.COMMENT_RECORD: _OFFICE,
    Action.COUNCIL_MANAGE: _OFFICE,
    Action.COUNCIL_READ: _OFFICE | {Role.COUNCIL_MEMBER},
    Action.COUNCIL_VOTE: frozenset({Role.COUNCIL_MEMBER}),
    Action.EVIDENCE_UPLOAD: _UNIT,
    Action.FACT_READ: EVERYONE,
    Action.INDICATOR_ASSIGN: _ADMIN,
    Action.MARK_APPRAISE: frozenset({Role.APPRAISER}),
    Action.MARK_CLAIM: _UNIT,
    Action.MARK_COUNCIL: frozenset({Role.COUNCIL_SECRETARY}),
    Action.MOVEMENT_MANAGE: _OFFICE,
    Action.MOVEMENT_SEE_ALL: _OFFICE | {Role.APPRAISER, Role.COUNCIL_MEMBER},
    Action.NOMINATION_CHECK: _OFFICE,
    Action.NOMINATION_SEND: _UNIT,
    Action.PLAN_MANAGE: _ADMIN,
    Action.PROGRESS_REVIEW: frozenset({Role.APPRAISER}),
    Action.PROGRESS_SIGN: frozenset({Role.UNIT_HEAD}),
    Action.PROGRESS_SUBMIT: _UNIT,
    Action.PUBLICATION_APPROVE: _OFFICE,
    Action.PUBLICATION_DRAFT: frozenset({Role.COUNCIL_SECRETARY}),
    Action.RANKING_TEST: frozenset({Role.COUNCIL_SECRETARY}),
    Action.RESULT_RECORD: _OFFICE,
    Action.RULEBOOK_ADOPT: frozenset({Role.COUNCIL_SECRETARY}),
    Action.RULEBOOK_WRITE: _ADMIN,
    Action.SCHEME_WRITE: _OFFICE,
    Action.SELF_MANAGE: EVERYONE,
    Action.TASK_ASSIGN: _ADMIN,
    Action.UNIT_MANAGE: _ADMIN,
    Action.WAIVER_GRANT: frozenset({Role.COUNCIL_SECRETARY}),
}


@dataclass(frozen=True)
class Grant:
    """A role with its reach resolved: `units` are the codes it covers, None is everywhere."""

    role: Role
    unit: str | None
    reach: Reach
    units: frozenset[str] | None
    formerly: frozenset[str] = frozenset()
    """The units for which `unit` stands since they were merged or split."""


class ActorKind(StrEnum):
    PERSON = "person"
    KEY = "key"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who acts: a person or another system's key. `scopes` narrows a key; None is no narrowing."""

    kind: ActorKind
    id: UUID
    grants: tuple[Grant, ...]
    scopes: frozenset[Action] | None = None
    expires_at: datetime | None = None
    """By the real clock; None for the service itself."""

    def units_for(self, action: Action) -> frozenset[str] | None:
        """The unit codes in which this actor may do `action`; None is everywhere, empty is nowhere."""
        if action not in self._units:
            self._units[action] = self._units_for(action)
        return self._units[action]

    @cached_property
    def _units(self) -> dict[Action, frozenset[str] | None]:
        """What was asked before: one request asks the same of many lines."""
        return {}

    def _units_for(self, action: Action) -> frozenset[str] | None:
        if self.scopes is not None and action not in self.scopes:
            return frozenset()
        covered = [grant.units for grant in self.grants if grant.role in POLICY[action]]
        if any(units is None for units in covered):
            return None
        return frozenset().union(*(units for units in covered if units is not None))

    def may(self, action: Action, unit: str | None = None) -> bool:
        """With a unit: there. Without: anywhere at all."""
        units = self.units_for(action)
        if units is None:
            return True
        return unit in units if unit is not None else bool(units)

    def belongs_to(self, unit: str) -> bool:
        """Whether a role of theirs is of that unit, or of one that stands for it."""
        return any(unit == grant.unit or unit in grant.formerly for grant in self.grants)

    def require(self, action: Action, unit: str | None = None) -> None:
        """Raise `NotAllowed` unless `may`."""
        if not self.may(action, unit):
            raise NotAllowed

    def require_everywhere(self, action: Action) -> None:
        """For what belongs to the whole installation and to no unit."""
        if self.units_for(action) is not None:
            raise NotAllowed


SYSTEM = Actor(
    ActorKind.SYSTEM,
    UUID(int=0),
    tuple(Grant(role, None, Reach.EVERYWHERE, None) for role in (Role.ADMINISTRATOR, Role.COUNCIL_SECRETARY)),
)
