"""How easy the English pages are to read: Flesch's reading ease, and words in a sentence.

python tools/readability.py [PAGE ...]

The formula is Flesch's of 1948 (A new readability yardstick): 206.835 less 1.015 for each word of
an average sentence and 84.6 for each syllable of an average word. 60 to 70 is plain English, below
30 is for graduates. Code, tables and names between backticks are not read.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
# What people read to use otac. Decisions and the changelog are records.
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LEAST_OF_ALL = 75.0
LEAST_OF_A_PAGE = 60.0
MOST_WORDS = 22.0
_NOT_PROSE = re.compile(
    r"^```(?:.|\n)*?^```$|<!--(?:.|\n)*?-->|^    .*$|^\|.*$|^#.*$", re.MULTILINE
)


class Score(NamedTuple):
    """Of a text: Flesch's ease, and the words of an average sentence."""

    ease: float
    words_a_sentence: float


def prose(markdown: str) -> list[str]:
    """Its sentences, as lists of words in one text."""
    text = _NOT_PROSE.sub("\n\n", markdown)
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"`[^`]*`", "it", text)
    parts = re.split(r"[.!?](?=\s|$)|\n\s*\n|\n\s*(?:[-*]|\d+\.) ", text)
    return [part for part in parts if len(_words(part)) > 2]


def score(markdown: str) -> Score:
    """Of a page."""
    sentences = prose(markdown)
    words = [word for sentence in sentences for word in _words(sentence)]
    if not words:
        return Score(100.0, 0.0)
    length = len(words) / len(sentences)
    syllables = sum(map(_syllables, words)) / len(words)
    return Score(206.835 - 1.015 * length - 84.6 * syllables, length)


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]+(?:'[a-z]+)?", text)


def _syllables(word: str) -> int:
    """Groups of vowels, without an `e` that is not spoken: right in nine words of ten."""
    plain = re.sub(r"(?:[^laeiouy]es|[^aeiouyt]ed|[^laeiouy]e)$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", plain)))


def main(names: list[str]) -> int:
    """Prints the scores; 1 if one is not good enough."""
    pages = [Path(name) for name in names] or PAGES
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    bad = []
    for page, text in texts.items():
        found = score(text)
        print(f"{found.ease:6.1f} {found.words_a_sentence:5.1f}  {page.name}")
        if found.ease < LEAST_OF_A_PAGE or found.words_a_sentence > MOST_WORDS:
            bad.append(page.name)
    whole = score("\n\n".join(texts.values()))
    print(f"{whole.ease:6.1f} {whole.words_a_sentence:5.1f}  all pages")
    if bad or whole.ease < LEAST_OF_ALL:
        print(f"too hard to read: {', '.join(bad) or 'all pages'}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
