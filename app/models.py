"""Every table of the house in one place, for migrations and for whoever needs the whole metadata."""

from app.accounts import models as accounts
from app.audit import models as audit
from app.awards import models as awards
from app.calendar import models as calendar
from app.council import models as council
from app.drafting import models as drafting
from app.events import models as events
from app.evidence import models as evidence
from app.followup import models as followup
from app.indicators import models as indicators
from app.mailing import models as mailing
from app.marks import models as marks
from app.movements import models as movements
from app.nominations import models as nominations
from app.plans import models as plans
from app.posting import models as posting
from app.progress import models as progress
from app.publishing import models as publishing
from app.rulebooks import models as rulebooks
from app.schemes import models as schemes
from app.tasks import models as tasks
from app.trail import models as trail
from app.units import models as units
from app.web import models as web

ALL = (
    audit,
    web,
    evidence,
    calendar,
    units,
    accounts,
    plans,
    indicators,
    tasks,
    progress,
    drafting,
    followup,
    events,
    movements,
    rulebooks,
    marks,
    posting,
    publishing,
    schemes,
    nominations,
    council,
    awards,
    mailing,
    trail,
)

MUTABLE = frozenset(
    {
        "trail_head",
        "idempotent_answer",
        "erasable_text",
        "password",
        "sign_in",
        "sign_in_successor",
        "sign_in_count",
        "worker_lease",
        "report_draft",
        "webhook_delivery",
        "unit_mailbox",
        "mail_sent",
    }
)
"""The tables whose rows may change or go; every other one is append-only."""
