"""The reference of providers is what the classes say."""

from pathlib import Path

from burnish.enrichment.reference import reference

ROOT = Path(__file__).parents[3]


def test_the_page_is_fresh() -> None:
    assert (ROOT / "docs/reference/providers.md").read_text() == reference(), "run `make docs`"
