from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import Subject, movement_scope
from app.errors import Invalid, Problem
from app.movements.models import Cluster
from app.movements.queries import lock_movement
from app.policy import Action, Actor
from app.rulebooks import queries
from app.rulebooks.fit import warned
from app.rulebooks.language.compile import Rulebook, canonical
from app.rulebooks.language.schema import Rulebook as Document
from app.rulebooks.models import RulebookAdoption, RulebookVersion
from app.tables import add, new_id


class VersionTaken(Problem):
    """Versions follow each other without gaps."""

    status, slug = 409, "version-taken"


class OwnRulebook(Problem):
    """Who wrote a rulebook does not adopt it."""

    status, slug = 403, "own-rulebook"


class Unacknowledged(Problem):
    """Warnings of the rulebook that nobody has said to have read."""

    status, slug = 409, "unacknowledged-warnings"


def write(session: Session, actor: Actor, *, document: tuple[Document, Rulebook]) -> RulebookVersion:
    """`document` is what `queries.opened_from` gave. Keep a new version of a rulebook. It scores nothing until it is adopted."""
    actor.require_everywhere(Action.RULEBOOK_WRITE)
    written, compiled = document
    if written.version != queries.newest_version(session, written.rulebook) + 1:
        raise VersionTaken("#/version")
    subject = Subject("rulebook", f"{written.rulebook}/{written.version}")
    entry_id = audit.record(session, actor, "rulebook.written", subject, [], {"digest": compiled.digest})
    row = RulebookVersion(
        code=written.rulebook,
        version=written.version,
        digest=compiled.digest,
        document=canonical(written).decode(),
        is_synthetic=written.synthetic,
        author_id=actor.id,
        entry_id=entry_id,
    )
    return add(session, row)


def adopt(
    session: Session,
    actor: Actor,
    *,
    movement: str,
    cluster: str | None,
    code: str,
    version: int,
    effective_from: date,
    acknowledged: Collection[str] = (),
) -> RulebookAdoption:
    """Ban hành cho phong trào, hoặc cho một cụm, từ một ngày. Every warning is `acknowledged` by its slug."""
    actor.require_everywhere(Action.RULEBOOK_ADOPT)
    lock_movement(session, movement)
    if cluster is not None and session.get(Cluster, (movement, cluster)) is None:
        raise Invalid("#/cluster", "no-such-cluster")
    rulebook = queries.open_rulebook(session, code, version)
    if rulebook.author_id == actor.id:
        raise OwnRulebook
    slugs = sorted({one.slug for one in warned(session, movement, queries.opened(rulebook.document)[1])})
    if unread := [slug for slug in slugs if slug not in acknowledged]:
        raise Unacknowledged(warnings=", ".join(unread))
    content = {"digest": rulebook.digest, "cluster": cluster, "effective_from": effective_from.isoformat(), "acknowledged": slugs}
    entry_id = audit.record(session, actor, "rulebook.adopted", Subject("movement", movement), [movement_scope(movement)], content)
    row = RulebookAdoption(
        id=new_id(),
        movement_code=movement,
        cluster_code=cluster,
        rulebook_code=code,
        rulebook_version=version,
        effective_from=effective_from,
        acknowledged=" ".join(slugs),
        adopter_id=actor.id,
        author_id=rulebook.author_id,
        entry_id=entry_id,
    )
    return add(session, row)
