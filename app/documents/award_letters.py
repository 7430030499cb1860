"""What the papers of an award say: proposal, decision with its list, briefing note, achievement report, certificates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from app.awards.queries import Proposed
from app.awards.rules import DecisionState, LineKind
from app.awards.schemas import AwardProposalOut, ProposalLineOut
from app.awards.schemas_deciding import AwardDecisionOut, DecisionLineOut
from app.documents.letters import committee_of
from app.documents.papers import Annex, Paper, Say, Table
from app.movements.queries import Seen
from app.nominations.schemas import NominationLineOut
from app.plans.models import Plan
from app.progress.rules import Capacity
from app.schemes.rules import RecipientKind
from app.schemes.schemas import AwardSchemeIn
from app.web.numbers import worded, worded_day
from app.web.texts import Language, catalogue


def _number(text: str | None, language: Language) -> str:
    return "" if text is None else worded(text, language)


def money_of(amount: int | None, language: Language) -> str:
    return "" if amount is None else worded(str(amount), language)


def authority(session: Session, plan: Plan, say: Say) -> str:
    """Who decides: the chair of the committee, also where one of its departments issued the plan."""
    return say("chairman-of", committee=_committee(session, plan, say))


def _committee(session: Session, plan: Plan, say: Say) -> str:
    return f"{say('committee')} {committee_of(session, plan).upper()}"


def _addressed(told: "Told") -> str:
    """Chủ tịch Ủy ban nhân dân quận Cầu Giấy: the kind of unit small, its name as it is."""
    name = committee_of(told.session, told.plan)
    return told.say("chairman-addressed", unit=name[:1].lower() + name[1:])


def signer(capacity: Capacity, title: str, say: Say) -> list[str]:
    """The lines over a signature: as the head, KT., TL. or TUQ. for them."""
    return {
        Capacity.HEAD: [title.upper()],
        Capacity.DEPUTY: [say("kt", title=say("chairman")), title.upper()],
        Capacity.BY_ORDER: [say("tl", title=say("chairman")), title.upper()],
        Capacity.DELEGATE: [say("tuq", title=say("chairman")), title.upper()],
    }[capacity]


class Told:
    """What all papers of one proposal need."""

    def __init__(self, session: Session, plan: Plan, seen: Seen, scheme: AwardSchemeIn, language: Language, say: Say) -> None:
        self.session, self.plan, self.movement, self.version = session, plan, seen.movement, seen.version
        self.scheme, self.language, self.say = scheme, language, say

    @property
    def issuer(self) -> list[str]:
        """Papers of the council stand under the committee's name."""
        return [_committee(self.session, self.plan, self.say), self.say("council-name")]

    def recipient(self, one: NominationLineOut) -> str:
        """A collective by its name; a person by name, post and unit."""
        name = one.name or self.say("erased")
        return ", ".join([name, one.post or "", one.unit_name]) if one.recipient is RecipientKind.INDIVIDUAL else name

    @property
    def is_synthetic(self) -> bool:
        return self.plan.is_synthetic or self.movement.is_synthetic

    def award_name(self, code: str) -> str:
        """As the scheme of the proposal names it, whatever the dossier was sent under."""
        award = self.scheme.award(code)
        assert award is not None, "of this scheme"
        return award.name

    def counted(self, lines: Iterable[NominationLineOut]) -> list[str]:
        """ "Giấy khen: 3" for each award, in the scheme's order."""
        counts = Counter(one.award for one in lines)
        return [self.say("award-count", award=one.name, count=counts[one.code]) for one in self.scheme.awards if counts[one.code]]


def proposal_letter(told: Told, seen: Proposed, shown: AwardProposalOut, digest: str) -> Paper:
    """Tờ trình: who is proposed for what, and who is left out and why."""
    say, taken = told.say, [one for one in shown.lines if one.kind is not LineKind.LEFT_OUT]
    left = [one for one in shown.lines if one.kind is LineKind.LEFT_OUT]
    words = catalogue(told.language)["words"]
    rows = [
        (str(number), told.recipient(one.nomination), one.nomination.award_name, words["line_kind"][one.kind], _advice(one, words))
        for number, one in enumerate(taken, 1)
    ]
    tables = [Table(say("proposal-table"), say("proposal-columns").split("|"), rows, (1.2, 6, 4, 2.8, 2.5))]
    if left:
        others = [(told.recipient(one.nomination), one.nomination.award_name, one.reason or "") for one in left]
        tables.append(Table(say("left-out-table"), say("left-out-columns").split("|"), others, (6, 4.5, 6)))
    return Paper(
        issuer=told.issuer,
        title=say("proposal-title"),
        abstract=say("proposal-abstract", movement=told.version.name),
        addressee=say("addressee", unit=_addressed(told)),
        basis=basis(told.scheme, say),
        paragraphs=[
            say("proposal-opening", movement=told.version.name, number=seen.proposal.publication, digest=digest[:16]),
            say("proposal-counts", counts="; ".join(told.counted(one.nomination for one in taken)) or say("nobody")),
        ],
        tables=tables,
        closing=[say("proposal-closing")],
        signers=[[say("for-council"), say("chairman-line")]],
        is_synthetic=is_synthetic(told, shown.lines),
    )


def _advice(one: ProposalLineOut, words: Mapping[str, Any]) -> str:
    return "" if one.motion_state is None else str(words["motion_state"][one.motion_state])


def is_synthetic(told: Told, lines: Sequence[ProposalLineOut | DecisionLineOut]) -> bool:
    return told.is_synthetic or any(one.nomination.synthetic for one in lines)


def basis(scheme: AwardSchemeIn, say: Say) -> list[str]:
    return [say("basis", text=one.text) for one in scheme.basis]


VOID = frozenset({DecisionState.ANNULLED, DecisionState.SUPERSEDED})


def decision(told: Told, shown: AwardDecisionOut) -> Paper:
    """Quyết định with its list. A draft has neither number nor date; a signed one names what was signed."""
    say, granted, signature = told.say, [one for one in shown.lines if one.granted], shown.signature
    counts = "; ".join(told.counted(one.nomination for one in granted)) or say("nobody")
    articles = [say("decision-article-1", counts=counts, movement=told.version.name)]
    if shown.total_money is not None:
        total, salary = money_of(shown.total_money, told.language), money_of(shown.base_salary, told.language)
        articles.append(say("decision-article-money", total=total, salary=salary, source=shown.base_salary_source or ""))
    articles.append(say("decision-article-last"))
    advised = [say("decision-advice")] if any(one.advised for one in granted) else []
    number = None if signature is None else say("number-given", number=signature.number)
    day = None if signature is None else signature.signed_on
    remark = None if signature is None else say("copy-of", number=signature.number, digest=signature.file_sha256[:16])
    if shown.state in VOID:
        remark = say(f"decision-{shown.state.value}", document=shown.annulled_by or "")
    return Paper(
        issuer=[say("committee"), committee_of(told.session, told.plan).upper()],
        title=say("decision-title"),
        abstract=say("decision-abstract", movement=told.version.name),
        addressee=None,
        authority=authority(told.session, told.plan, say),
        basis=[*basis(told.scheme, say), *advised],
        ordering=say("decision-ordering"),
        paragraphs=[],
        articles=[(say("article", number=number_), text) for number_, text in enumerate(articles, 1)],
        signers=[[say("chairman")] if signature is None else signer(signature.capacity, signature.signatory, say)],
        recipients=say("decision-recipients", last=len(articles)).split("\n"),
        annex=Annex(
            say("list-title", movement=told.version.name),
            say("list-note", number=say("number-open") if signature is None else signature.number),
            [_list(told, granted)],
        ),
        number=number,
        place_and_date=None if day is None else say("dated", day=f"{day.day:02d}", month=_month(day.month), year=day.year),
        remark=remark,
        is_synthetic=is_synthetic(told, shown.lines),
    )


def _month(month: int) -> str:
    """Decree 30/2020: a zero before January and February."""
    return f"{month:02d}" if month <= 2 else str(month)  # noqa: PLR2004


def _list(told: Told, granted: Sequence[DecisionLineOut]) -> Table:
    rows = [
        (str(number), told.recipient(one.nomination), told.award_name(one.nomination.award), money_of(one.money, told.language))
        for number, one in enumerate(granted, 1)
    ]
    return Table("", told.say("list-columns").split("|"), rows, (1.3, 7.2, 5, 3))


def certificate_pages(told: Told, shown: AwardDecisionOut, award: str) -> list[dict[str, str]]:
    """The texts of each recipient's certificate, by field."""
    signature, found = shown.signature, []
    for one in shown.lines:
        if one.granted and one.nomination.award == award:
            name = one.nomination.name or told.say("erased")
            found.append(
                {
                    "name": name,
                    "post": one.nomination.post or "",
                    "unit": one.nomination.unit_name,
                    "achievement": told.say("certificate-achievement", movement=told.version.name),
                    "number": "" if signature is None else told.say("number-given", number=signature.number),
                    "day": "" if signature is None else worded_day(signature.signed_on),
                    "signatory": "" if signature is None else signature.signatory.upper(),
                }
            )
    return found


def money_rows(told: Told, shown: AwardDecisionOut) -> Iterator[Sequence[Any]]:
    """One line a recipient with its arithmetic, the sum last."""
    granted = [one for one in shown.lines if one.granted]
    for number, one in enumerate(granted, 1):
        award = told.scheme.award(one.nomination.award)
        times = None if award is None else award.money
        yield (number, told.recipient(one.nomination), told.award_name(one.nomination.award), times, shown.base_salary, one.money)
    yield (None, told.say("money-total"), None, None, None, shown.total_money)
