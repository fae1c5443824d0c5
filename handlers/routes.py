"""Which file answers which intent."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import talk
from handlers.complaint import open_complaint
from handlers.crisis import open_crisis
from handlers.hardship import open_hardship
from handlers.lists import do_command
from handlers.policy import answer_policy
from handlers.progress import tell_progress
from handlers.several import keep_visits
from handlers.supplement import add_to_report
from handlers.thanks import take_thanks
from handlers.withdraw import take_back
from nlp.reading import Intent

ROUTES: Mapping[Intent, talk.Route] = {
    Intent.VISIT: keep_visits,
    Intent.HARDSHIP: open_hardship,
    Intent.COMPLAINT: open_complaint,
    Intent.POLICY: answer_policy,
    Intent.PROGRESS: tell_progress,
    Intent.SUPPLEMENT: add_to_report,
    Intent.WITHDRAW: take_back,
    Intent.THANKS: take_thanks,
    Intent.MANAGE: do_command,
    Intent.CRISIS: open_crisis,
    Intent.CHITCHAT: talk.small_talk,
    Intent.HELP: talk.give_help,
}
