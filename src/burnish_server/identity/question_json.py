"""A question as programs read it."""

from typing import Any

from burnish.questions.choose import Asking
from burnish_server.identity.flows.ask_questions import Interview
from burnish_server.identity.question_form import item_of
from burnish_server.profiles.fields import kind_of


def as_json(talk: Interview, asking: Asking) -> dict[str, Any]:
    """Return a question as it is put to this person, with what its fields need to know."""
    question, languages = asking.question, talk.visit.languages
    said = question.worded(languages)
    return {
        "key": question.key,
        "title": said.title,
        "help": said.help,
        "why": said.why,
        "language": question.language(languages),
        "required": question.required,
        "attributes": [_attribute(talk, name) for name in asking.attributes],
        "guess": asking.guess,
    }


def _attribute(talk: Interview, name: str) -> dict[str, Any]:
    item = item_of(talk.document, talk.schema, name)
    defined = item.row.definition
    return {
        "name": name,
        "label": item.label,
        "help": defined.help_text if defined else "",
        "type": kind_of(item.row),
        "choices": defined.enum if defined else None,
        "minimum": defined.minimum if defined else None,
        "maximum": defined.maximum if defined else None,
    }
