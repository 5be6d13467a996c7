"""How many configurations of a folder compile, and how many once their corrections are made.

    python -m benchmarks.repairs FOLDER [--list] [--only TEXT]

Corrections are those of `otac check --fix`, of `--unsafe-fixes`, and at last of `otac migrate
--fix --unsafe-fixes --accept`, which answers questions and rewrites as well. Of the files that
are still refused it says which codes are left, by the number of files that have them: `alone`
are those in which nothing else is wrong. `--list` names each file, what became of it and
what is left.
"""

import argparse
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.fixing import Fixed, fix
from otac.pipeline import Compiled, CompileOptions, compile_configuration
from otac.rescue import Beforehand, Rescued, rescue

_WAYS = ("as it is", "--fix", "--unsafe-fixes", "after otac migrate")


class Tried(NamedTuple):
    """A file, the first of the ways in which it compiles or None, and what is left."""

    name: str
    way: str | None
    left: tuple[Diagnostic, ...]
    fixed: Fixed


def tried(root: Path, file: Path) -> Tried:
    data, name = file.read_bytes(), file.relative_to(root).as_posix()

    def again(new: bytes) -> Compiled:
        return compile_configuration(name, new, file.parent, CompileOptions())

    before = again(data)
    results = [
        Fixed(data, before),
        fix(data, before, again),
        fix(data, before, again, unsafe=True),
        _migrated(file),
    ]
    way = next(
        (
            way
            for way, one in zip(_WAYS, results, strict=True)
            if one.compiled.output is not None
        ),
        None,
    )
    return Tried(name, way, _errors(results[-1].compiled), results[-1])


def _migrated(file: Path) -> Fixed:
    rescued = rescued_file(file)
    return rescued.new or rescued.old


def rescued_file(file: Path) -> Rescued:
    """As `otac migrate FILE --fix --unsafe-fixes --accept` has it."""

    def compiled(name: str, data: bytes) -> Compiled:
        return compile_configuration(name, data, file.parent, CompileOptions())

    author = Beforehand({}, fixes=True, unsafe=True, accepts=True)
    data = file.read_bytes()
    return rescue("config.yml", data, compiled, CompileOptions(), author)


def _errors(compiled: Compiled) -> tuple[Diagnostic, ...]:
    found = compiled.report.diagnostics
    return tuple(one for one in found if one.severity is Severity.ERROR)


def report(all_of_them: list[Tried], *, lists: bool) -> None:
    ways = Counter(one.way for one in all_of_them)
    total = 0
    for way in _WAYS:
        total += ways[way]
        print(f"{total:4} of {len(all_of_them)} compile {way}")
    by_code: dict[str, list[Tried]] = {}
    for one in all_of_them:
        for code in {found.code for found in one.left}:
            by_code.setdefault(code, []).append(one)
    print("\ncode    files  alone")
    for code, files in sorted(by_code.items(), key=lambda item: -len(item[1])):
        alone = sum(len({found.code for found in one.left}) == 1 for one in files)
        print(f"{code}  {len(files):5}  {alone:5}")
    if not lists:
        return
    for one in all_of_them:
        print(f"\n{one.name}: {one.way or 'refused'}")
        source = one.fixed.compiled.report.source
        for made in one.fixed.made:
            print(
                f"  made {made.place.line}: {made.found.code} {made.correction.title}"
            )
        for undone in one.fixed.undone:
            brings = undone.brings
            what = "no help" if brings is None else f"{brings.code} {brings.message}"
            print(f"  undone {undone.place.line}: {undone.correction.title}: {what}")
        for found in one.left:
            line = 0 if found.span is None else source.place(found.span.start).line
            print(f"  left {line}: {found.code} {found.message}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--list", action="store_true")
    asked.add_argument("--only", default="")
    given = asked.parse_args()
    files = sorted(given.folder.rglob("*.yml"))
    names = [file for file in files if given.only in file.as_posix()]
    report([tried(given.folder, file) for file in names], lists=given.list)


if __name__ == "__main__":
    main()
