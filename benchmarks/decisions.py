"""`python -m benchmarks.decisions`: how often each classifier is right, and how sure it was.

Every classifier is judged on the half of each source that nothing was chosen on (see
`calibration/texts.py`); those that learn, learn from the other half. With `--localdesk PYTHON`
the peer of that environment learns and is judged on the same tickets; with `--datasets FOLDER`
newsgroup articles and news reports are judged as well. `--write` puts the tables into
`docs/decisions-on-tickets.md`.
"""

import argparse
import asyncio
import csv
import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.calibration.texts import ROOT, Labelled, LabelSet, Source, sources
from benchmarks.row import Row
from otac.components import (
    Classifier,
    EmbeddingClassifier,
    KeywordClassifier,
    TrainedClassifier,
)
from otac.components.embedding.wording import telling, words_of
from otac.learning.examples import Example
from otac.learning.measures import (
    Judged,
    at_threshold,
    calibration_error,
    count,
    lowest_threshold,
    reliability,
)
from otac.learning.training import train

PAGE = ROOT / "docs/decisions-on-tickets.md"
PEER = Path(__file__).with_name("localdesk_peer.py")
MIN_CONFIDENCE = 0.75
_WANTED = (0.85, 0.88, 0.9, 0.93, 0.95)
_COLUMNS = (
    "source",
    "classifier",
    "tickets",
    "top answer right",
    "calibration error",
    f"decided at {MIN_CONFIDENCE}",
    "of those right",
)
_FEW = 300
# A threshold that a handful of tickets happens to reach says nothing.
_LEAST = 10


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one classifier made of the tickets of one source."""

    source: str
    classifier: str
    judged: Sequence[Judged]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decisions")
    parser.add_argument("--localdesk", type=Path, metavar="PYTHON")
    parser.add_argument("--datasets", type=Path, metavar="FOLDER")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    judgements = [
        one
        for source in sources(arguments.datasets)
        for one in judge(source, arguments.localdesk)
    ]
    tables = {
        "side by side": side_by_side(judgements),
        "reliability": reliability_tables(judgements),
    }
    for name, table in tables.items():
        print(f"{name}\n\n{table}\n")
        if arguments.write:
            put(PAGE, name, table)


def deciding() -> list[Row]:
    """For the table of all measurements: on real tickets where they are at hand."""
    source = next(sources(None))
    judged = [
        one
        for kind, labels in described(source.labels)
        if kind.startswith("full")
        for one in ask(EmbeddingClassifier(), source.to_judge, labels)
    ]
    moved = at_threshold(judged, MIN_CONFIDENCE)
    wrong = moved.wrong / max(moved.decided, 1)
    name = "`EmbeddingClassifier` on " + source.name
    limit = 0.1 if source.name == "it-service" else 0.35
    error = calibration_error(judged) or 0
    return [
        Row(f"{name}, wrong of what `ProcessTickets` moves", wrong, 0.15, ""),
        Row(f"{name}, calibration error", error, limit, ""),
    ]


def judge(source: Source, localdesk: Path | None = None) -> Iterator[Judgement]:
    for name, labels in described(source.labels):
        yield Judgement(
            source.name,
            f"`EmbeddingClassifier`, {name}",
            ask(EmbeddingClassifier(), source.to_judge, labels),
        )
    if "English" in source.name:
        return
    named = {label: ways[:1] for label, ways in source.labels.items()}
    yield Judgement(
        source.name,
        "`KeywordClassifier`, the words of full descriptions",
        ask(keywords(named), source.to_judge, named),
    )
    for most in (_FEW, len(source.to_choose)):
        learn = source.to_choose[:most]
        if (made := learned(learn, source.to_judge)) is not None:
            name = f"`TrainedClassifier`, from {len(learn)} tickets"
            yield Judgement(source.name, name, made)
        if localdesk is not None and source.name == "it-service":
            yield Judgement(
                source.name,
                f"`localdesk` 0.3.1, from {len(learn)} tickets",
                peer(localdesk, learn, source.to_judge),
            )


def described(labels: LabelSet) -> Iterator[tuple[str, LabelSet]]:
    """Each label with one way to describe it, for several ways."""
    ways = len(next(iter(labels.values())))
    for way in range(ways):
        kind = "names alone" if way == ways - 1 and ways > 1 else None
        if kind is None:
            full = way < max(1, ways // 2)
            kind = "full descriptions" if full else "short descriptions"
            number = way + 1 if full else way + 1 - max(1, ways // 2)
            kind = f"{kind} {number}" if ways > 3 else kind
        yield kind, {label: [given[way]] for label, given in labels.items()}


def ask(
    classifier: Classifier, tickets: Sequence[Labelled], labels: LabelSet
) -> list[Judged]:
    names = {label: given[0][0] for label, given in labels.items()}
    wanted = dict(given[0] for given in labels.values())

    async def every() -> list[Judged]:
        judged = []
        for text, label in tickets:
            made = await classifier.classify(text, labels=wanted)
            expected = names.get(label, label)
            judged.append(Judged(made.confidence, made.label, expected))
        return judged

    return asyncio.run(every())


def keywords(labels: LabelSet) -> KeywordClassifier:
    """Words of the first description that no other label has, as stems."""
    words = {
        given[0][0]: telling(words_of(", ".join(given[0]))) for given in labels.values()
    }
    every = [word for some in words.values() for word in some]
    return KeywordClassifier(
        {
            label: [
                f"{word.removesuffix('s')}*"
                for word in some
                if every.count(word) == 1 and len(word) > 3
            ]
            for label, some in words.items()
        }
    )


def learned(
    learn: Sequence[Labelled], tickets: Sequence[Labelled]
) -> list[Judged] | None:
    """None where there are too few tickets to learn from."""
    examples = [
        Example(str(number), "", text, label)
        for number, (text, label) in enumerate(learn)
    ]
    made = train(examples, "benchmark")
    if made.data is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "queues.otac")
        path.write_bytes(made.data)
        classifier = TrainedClassifier(str(path))
        answers = asyncio.run(classifier.classify_all([text for text, _ in tickets]))
    return [
        Judged(one.confidence, one.label, label)
        for one, (_, label) in zip(answers, tickets, strict=True)
    ]


def peer(
    python: Path, learn: Sequence[Labelled], tickets: Sequence[Labelled]
) -> list[Judged]:
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name, "learn.csv"), Path(name, "judge.csv")]
        for path, rows in zip(files, (learn, tickets), strict=True):
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["text", "label"])
                # It takes no longer text.
                writer.writerows((text[:4000], label) for text, label in rows)
        run = subprocess.run(
            [python, PEER, *files], capture_output=True, text=True, check=True
        )
    return [
        Judged(confidence, label, expected)
        for (label, confidence), (_, expected) in zip(
            json.loads(run.stdout), tickets, strict=True
        )
    ]


def side_by_side(judgements: Sequence[Judgement]) -> str:
    lines = [
        f"| {' | '.join([*_COLUMNS, *(f'{share(one)} right' for one in _WANTED)])} |",
        f"|{'---|' * (len(_COLUMNS) + len(_WANTED))}",
    ]
    for one in judgements:
        at = at_threshold(one.judged, MIN_CONFIDENCE)
        error = calibration_error(one.judged)
        cells = [
            one.source,
            one.classifier,
            str(len(one.judged)),
            share(count(one.judged).accuracy),
            "" if error is None else f"{error:.3f}",
            share(at.coverage),
            share(at.precision),
            *(coverage(one.judged, wanted) for wanted in _WANTED),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def coverage(judged: Sequence[Judged], precision: float) -> str:
    found = lowest_threshold(judged, precision, _LEAST)
    return "0 %" if found is None else share(found.coverage)


def reliability_tables(judgements: Sequence[Judgement]) -> str:
    """Of all sources together; their tickets weigh alike."""
    kinds = dict.fromkeys(one.classifier.split(",")[0] for one in judgements)
    parts = []
    for kind in kinds:
        judged = [
            decision
            for one in judgements
            if one.classifier.split(",")[0] == kind
            for decision in one.judged
            if decision.predicted is not None
        ]
        lines = [
            f"{kind}:\n",
            "| confidence | tickets | mean confidence | right |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {bin_.low:.1f} to {bin_.high:.1f} | {bin_.count}"
            f" | {bin_.confidence:.2f} | {share(bin_.right)} |"
            for bin_ in reliability(judged)
            if bin_.confidence is not None
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def share(part: float | None) -> str:
    return "" if part is None else f"{part * 100:.0f} %"


def put(page: Path, name: str, table: str) -> None:
    """Between the two comments that have this name."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{start}\n{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
