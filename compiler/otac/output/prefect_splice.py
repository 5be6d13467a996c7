"""Our pieces in a `prefect.yaml` that is not otac's alone."""

from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.output.fate import Fate, judge, root_values, unsplicable
from otac.output.lock import PREFECT_PATH, Shared, digest
from otac.output.prefect_file import Merged, Wanted, wanted_deployment, wanted_key
from otac.output.prefect_patch import Patch, patched
from otac.output.step_rule import STEPS, overrides
from otac.output.yaml_events import UnreadableYaml
from otac.output.yaml_layout import LayoutPiece, PrefectLayout, Unsplicable, layout

if TYPE_CHECKING:
    from otac.emit.layout import DeploymentFile


def splice(
    old: bytes, ours: "DeploymentFile", known: Shared | None, label: str, force: bool
) -> Merged | tuple[Diagnostic, ...]:
    """`old` with our pieces in it: replaced in place, cut, or appended.

    Nothing is written that does not read back as the user's part unchanged and ours.
    """
    mark = BOM_UTF8 if old.startswith(BOM_UTF8) else b""
    try:
        text = old[len(mark) :].decode()
        found = layout(text)
        splicing = _Splicing(text, found, known or Shared("", False, {}, {}), force)
        keys = splicing.keys(ours)
        deployments = splicing.deployments(ours)
        if splicing.problems:
            return tuple(splicing.problems)
        content = mark + patched(text, found, splicing.patch(label)).encode()
    except UnicodeDecodeError as problem:
        line = old.count(b"\n", 0, problem.start + len(mark)) + 1
        return (_unreadable(f"it is not UTF-8: line {line}"),)
    except UnreadableYaml as problem:
        return (_unreadable(str(problem)),)
    except Unsplicable as problem:
        return (unsplicable(str(problem)),)
    return Merged(content, Shared(digest(content), False, keys, deployments))


class _Splicing:
    """The decisions about one file, collected with everything that forbids one."""

    def __init__(
        self, text: str, found: PrefectLayout, known: Shared, force: bool
    ) -> None:
        self.problems: list[Diagnostic] = []
        self._text = text
        self._found = found
        self._known = known
        self._force = force
        self._fates: list[Fate] = []
        self._new_keys: list[Wanted] = []
        self._new_items: list[Wanted] = []
        # The steps at the root, as they will stand there.
        self._root: dict[str, Any] = {}

    def keys(self, ours: "DeploymentFile") -> dict[str, str]:
        """Decide about the keys of the root; the digests of those that are otac's.

        Steps are never added here: they would be those of the user's deployments, too. The
        name is nobody's business but that of deployments of ours.
        """
        owned: dict[str, str] = {}
        keys = dict(ours.keys)
        if not ours.deployments:
            keys.pop("name", None)
        theirs: list[LayoutPiece] = []
        for name in dict.fromkeys((*STEPS, *keys)):
            piece = self._only(name)
            if piece is not None and name in self._known.keys and name in keys:
                wanted = wanted_key(name, keys[name])
                owned[name] = wanted.digest
                self._judge(piece, f"`{name}`", wanted, self._known.keys[name])
                self._root[name] = keys[name]
            elif name in STEPS:
                if piece is not None and name not in self._known.keys:
                    theirs.append(piece)
            elif piece is None:
                wanted = wanted_key(name, keys[name])
                owned[name] = wanted.digest
                self._new_keys.append(wanted)
        self._root |= root_values(self._text, theirs)
        for name in sorted(self._known.keys.keys() - keys.keys()):
            piece = self._only(name)
            if piece is not None:
                self._judge(piece, f"`{name}`", None, self._known.keys[name])
        return owned

    def deployments(self, ours: "DeploymentFile") -> dict[str, str]:
        """Decide about the deployments, after the keys; the digests of ours."""
        wanted = {
            str(one["name"]): wanted_deployment(
                one | overrides(self._root, ours.keys, one)
            )
            for one in ours.deployments
        }
        self._only("deployments")
        standing: dict[str | None, list[LayoutPiece]] = {}
        for piece in self._found.items:
            standing.setdefault(piece.name, []).append(piece)
        for name in {**self._known.deployments, **wanted}:
            pieces = standing.get(name, [])
            if not pieces and name in wanted:
                self._new_items.append(wanted[name])
            if len(pieces) > 1:
                self.problems.append(_twice(f"deployment `{name}`"))
            elif pieces:
                known = self._known.deployments.get(name)
                self._judge(pieces[0], f"deployment `{name}`", wanted.get(name), known)
        return {name: one.digest for name, one in wanted.items()}

    def patch(self, label: str) -> Patch:
        """The decisions, in the order of the file."""
        fates = sorted(self._fates, key=lambda fate: fate.piece.start)
        return Patch(tuple(fates), tuple(self._new_keys), tuple(self._new_items), label)

    def _only(self, key: str) -> LayoutPiece | None:
        pieces = [piece for piece in self._found.keys if piece.name == key]
        if len(pieces) > 1:
            self.problems.append(_twice(f"`{key}`"))
        return pieces[0] if pieces else None

    def _judge(
        self, piece: LayoutPiece, subject: str, wanted: Wanted | None, known: str | None
    ) -> None:
        fate = judge(self._text, piece, subject, wanted, known, self._force)
        if isinstance(fate, Diagnostic):
            self.problems.append(fate)
        else:
            self._fates.append(fate)


def _unreadable(reason: str) -> Diagnostic:
    return error(
        "OTC406",
        f"`{PREFECT_PATH}` cannot be read, neither by otac nor by Prefect: {reason}",
        help="correct it, or move it away to have it written anew",
        file=PREFECT_PATH,
    )


def _twice(subject: str) -> Diagnostic:
    return unsplicable(f"{subject} stands there twice, and Prefect takes the last one")
