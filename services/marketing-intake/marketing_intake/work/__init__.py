"""The work door: what goes on beside the other doors, begun by one of them, done in its own time.

Whatever dies in the middle is taken up where the last commit has left it. Effects outside the
database are ordered in a transaction and done at least once: each kind is a file, and a line in
the table below. Its payload holds ids alone; what is personal is looked up when the work is done.
"""

from collections.abc import Mapping

from baton.parts import Frame
from baton.work import Effect, WorkHandler
from marketing_intake.handlers.capture.asides import FETCH_LEAD
from marketing_intake.handlers.capture.batch import OPT_IN_MESSAGE
from marketing_intake.handlers.enriching import ENRICH_LEAD
from marketing_intake.settings import IntakeSettings
from marketing_intake.work.enriching import Enrichments
from marketing_intake.work.fetching import LeadFetches
from marketing_intake.work.opt_in_message import OptInMessages


def make_work(frame: Frame) -> Mapping[str, WorkHandler | Effect]:
    """Who does which kind of work."""
    assert isinstance(frame.settings, IntakeSettings)
    return {
        OPT_IN_MESSAGE: OptInMessages(frame.transactions, frame.settings).send,
        FETCH_LEAD: LeadFetches(frame.transactions, frame.settings).effect,
        ENRICH_LEAD: Enrichments(frame.transactions, frame.settings).effect,
    }
