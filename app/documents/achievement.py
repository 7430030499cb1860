"""Báo cáo thành tích: what a dossier and a sheet say of one who is nominated."""

from app.documents.award_letters import Told
from app.documents.papers import Paper, Table
from app.nominations.schemas import NominationOut
from app.scoring.schemas import SheetOut
from app.web.numbers import worded
from app.web.texts import Language


def achievement(told: Told, one: NominationOut, sheet: SheetOut | None) -> Paper:
    """Báo cáo thành tích of a collective or a person, from the dossier and the sheet."""
    say = told.say
    tables = []
    if sheet is not None:
        rows = [
            (line.code, line.title, _number(line.standard, told.language), _number(line.points, told.language))
            for line in sheet.lines
            if line.level <= 1
        ]
        tables.append(Table(say("achievement-sheet"), say("achievement-sheet-columns").split("|"), rows, (2, 9.5, 2.5, 2.5)))
    if one.figures:
        figures = [(figure.code, _number(str(figure.value), told.language)) for figure in one.figures]
        tables.append(Table(say("achievement-figures"), say("achievement-figures-columns").split("|"), figures, (11.5, 5)))
    if one.past_awards:
        past = [(str(award.year), award.award, award.document) for award in one.past_awards]
        tables.append(Table(say("achievement-past"), say("achievement-past-columns").split("|"), past, (2.5, 5, 9)))
    return Paper(
        issuer=[one.unit_name.upper()],
        title=say("achievement-title"),
        abstract=say("achievement-abstract", award=one.award_name, movement=told.version.name),
        addressee=None,
        paragraphs=[
            say("achievement-who", name=told.recipient(one), unit=one.unit_name),
            say("achievement-text", text=one.achievements or say("nothing-said")),
        ],
        tables=tables,
        closing=[say("achievement-closing")],
        signers=[[say("head-of-unit")]],
        recipients=say("achievement-recipients").split("\n"),
        is_synthetic=told.is_synthetic or one.synthetic,
    )


def _number(text: str | None, language: Language) -> str:
    return "" if text is None else worded(text, language)
