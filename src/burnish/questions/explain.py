"""Why a question is not asked now, in words for the team that asks."""

from collections.abc import Mapping

from burnish.questions.choose import Why
from burnish.questions.question import Question
from burnish.questions.state import Manners

_WORDS: Mapping[Why, str] = {
    "disabled": "it is switched off",
    "unknown": "it speaks of an attribute that nobody defined",
    "answered": "they answered it",
    "refused": "they said never to ask it again",
    "few_logins": "nothing optional is asked before login {first_logins}",
    "resting": "they were asked something less than {cooldown_days:g} days ago",
    "asked_often": "they were asked it {most_asked} times",
    "not_yet": "they skipped it less than {cooldown_days:g} days ago",
    "over": "it was dealt with at this login",
    "logins": "it waits for login {logins}",
    "days": "it waits until {days} days after sign-up",
    "client": "they do not come by one of its apps",
    "segment": "they are in none of its segments",
    "locale": "they read none of its languages",
    "attribute": "a condition on an attribute does not hold",
    "known": "the answer is known",
    "not_theirs": "they may not edit its answer",
    "in_flight": "a provider is being asked just now",
    "others_first": "no more than {per_login} at one login, and others come first",
    "left": "they left before it came",
}


def explain(why: Why, question: Question, manners: Manners) -> str:
    """Return why a question is not asked, in words."""
    figures = {**manners.model_dump(), "logins": question.when.logins, "days": question.when.days}
    return _WORDS[why].format_map(figures)
