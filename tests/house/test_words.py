"""The catalogues say all there is to say, in every language, and say it whole."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from django.utils.translation import override
from tests.house import words

from burnish.attributes import custom, formats, standard
from burnish_server.profiles import edit
from burnish_server.profiles.sentences import worded

LANGUAGES = sorted(folder.name for folder in words.LOCALES.glob("*"))
PLACES = re.compile(r"%\(\w+\)[sd]|%%|</?\w+[^>]*>")


def texts(said: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def entries(language: str) -> list[Message]:
    return [entry for entry in words.catalogue(language) if entry.id]


def test_there_are_german_and_french_beside_english() -> None:
    assert {"de", "fr"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_we_say_is_translated_and_nothing_else_is_kept(language: str) -> None:
    kept = {
        entry.id[0] if isinstance(entry.id, tuple) else entry.id: entry
        for entry in entries(language)
    }
    said = {texts(message)[0] for message in words.everything()}

    unsaid = {key for key, entry in kept.items() if words.OTHERS not in entry.auto_comments}
    assert len(said) > 400
    assert said - set(kept) == set()
    assert unsaid - said == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_or_a_guess_and_every_plural_has_all_its_forms(
    language: str,
) -> None:
    forms = words.catalogue(language).num_plurals
    for entry in entries(language):
        assert not entry.fuzzy, entry.id
        assert all(texts(entry.string)), entry.id
        assert len(texts(entry.string)) == (forms if entry.pluralizable else 1), entry.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_and_the_marks_of_its_sentence(language: str) -> None:
    for entry in entries(language):
        for original, translation in zip(texts(entry.id), texts(entry.string), strict=True):
            expected = sorted(PLACES.findall(original))
            assert sorted(PLACES.findall(translation)) == expected, original


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    with (words.LOCALES / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = read_mo(file)

    written = {texts(entry.id): texts(entry.string) for entry in entries(language)}
    assert {texts(entry.id): texts(entry.string) for entry in compiled if entry.id} == written


def answered(file: Path) -> set[str]:
    """Return the sentences a module answers a wrong value with."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Return | ast.Assign) and node.value is not None:
            for part in ast.walk(node.value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.add(part.value)
    begins = ("must ", "each ", "is not ", "nobody ", "an administrator ", "the user ", "there is ")
    return {sentence for sentence in found if sentence.startswith(begins)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_about_a_wrong_value_is_known(language: str) -> None:
    modules = (custom, formats, standard, edit)
    sentences = set().union(*(answered(Path(str(module.__file__))) for module in modules))
    sentences -= {"must be at least ", "must be at most ", "must be one of "}
    shaped = {
        "must be at least 3",
        "must be one of A, B",
        "item 2 must be text",
        "postal_code must be text",
    }

    with override(language):
        untold = {sentence for sentence in sentences | shaped if worded(sentence) == sentence}

    assert len(sentences) > 20
    assert untold == set()
