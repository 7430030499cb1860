"""Marks (điểm chấm): numbers that people put beside what the rule gives. Who may put which, and whom they bind."""

from enum import StrEnum

from app.policy import Action


class MarkStage(StrEnum):
    """On whose word a mark stands."""

    CLAIMED = "claimed"
    APPRAISED = "appraised"
    COUNCIL_PROPOSED = "council_proposed"
    DECIDED = "decided"


MAY: dict[MarkStage, Action] = {
    MarkStage.CLAIMED: Action.MARK_CLAIM,
    MarkStage.APPRAISED: Action.MARK_APPRAISE,
    MarkStage.COUNCIL_PROPOSED: Action.MARK_COUNCIL,
    MarkStage.DECIDED: Action.MARK_COUNCIL,
}


def appraiser_of(unit: str, appraiser: str | None, alternate: str | None) -> str | None:
    """Which unit appraises `unit` on a node; the alternate stands in where the appraiser would judge itself."""
    found = alternate if appraiser == unit else appraiser
    return None if found == unit else found
