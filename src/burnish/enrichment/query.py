"""One SQL query with `:name` parameters: what it asks for and what it gives, without running it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

# Texts, names and comments are passed over, for what looks like a parameter there is none.
_TOKEN = re.compile(
    r"""(?P<text>  [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | \$(?P<tag>(?:[A-Za-z_]\w*)?)\$.*?
                   \$(?P=tag)\$ )
      | (?P<quoted> "(?:[^"]|"")*" )
      | (?P<comment> --[^\n]* | /\*.*?\*/ )
      | (?P<cast> :: )
      | :(?P<name> [a-z_][a-z0-9_]* )
      | (?P<word> \w+ )
      | (?P<other> . )""",
    re.VERBOSE | re.DOTALL,
)
_COLUMN = re.compile(
    r"""(?: (?:[\w".]+\.)? | .+\sas\s+ | .+\)\s+ ) (?P<mark>"?)(?P<name>\w+)(?P=mark)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A query that reads, in tokens: each is a kind and its text."""

    tokens: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, sql: str) -> Self:
        """Read a query. Raises ValueError with what is wrong."""
        found = [(match.lastgroup or "", match) for match in _TOKEN.finditer(sql.strip(" \n\t;"))]
        tokens = tuple(
            ("other", " ") if kind == "comment" else (kind, match[kind]) for kind, match in found
        )
        words = [text.lower() for kind, text in tokens if kind == "word"]
        if not words or words[0] not in ("select", "with"):
            raise ValueError("must be one query that reads; it begins with select or with")
        if ("other", ";") in tokens:
            raise ValueError("must be one query, without a semicolon in it")
        if not any(kind == "name" for kind, _ in tokens):
            raise ValueError("asks about nobody; put an input such as :email into it")
        return cls(tokens)

    @property
    def names(self) -> frozenset[str]:
        """The parameters."""
        return frozenset(text for kind, text in self.tokens if kind == "name")

    def text(self, parameter: str = ":{}", literal: Callable[[str], str] = str) -> str:
        """Return the query with its parameters written another way; it gives two rows at most."""
        inner = "".join(
            parameter.format(text) if kind == "name" else literal(text)
            for kind, text in self.tokens
        )
        # The words are the administrator's; inputs are parameters, never words.
        return f"select * from (\n{inner}\n) as burnish limit 2"  # noqa: S608

    def columns(self) -> list[str]:
        """Return the names of what it gives. Raises ValueError where they do not stand there."""
        names = []
        for item in self._selected():
            match = _COLUMN.fullmatch(item)
            if match is None:
                raise ValueError("does not name all its columns; name them, or set outputs")
            names.append(match["name"])
        return names

    def _selected(self) -> list[str]:
        """Return what stands between the outermost `select` and its `from`, by commas."""
        items: list[str] = []
        depth, began = 0, False
        for kind, text in self.tokens:
            depth += (text in "([") - (text in ")]") if kind == "other" else 0
            word = text.lower() if kind == "word" and depth == 0 else ""
            if not began:
                began = word == "select"
                items = [""] if began else []
            elif word in ("from", "where", "union", "limit", "order"):
                break
            elif (kind, text, depth) == ("other", ",", 0):
                items.append("")
            elif word not in ("distinct", "all"):
                items[-1] += f":{text}" if kind == "name" else text
        return [item.strip() for item in items]
