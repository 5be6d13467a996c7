"""The language server: keeps what editors hold, and answers what they ask."""

import asyncio
import gc
import logging
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, BinaryIO, ParamSpec, TypeVar

from cattrs import Converter
from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from otac import __version__
from otac.lsp.bug import report
from otac.lsp.compiler import Compiler
from otac.lsp.completion import complete
from otac.lsp.definition import definition
from otac.lsp.fixes import fixes
from otac.lsp.hover import hover
from otac.lsp.rename import references, rename, renamed_at
from otac.lsp.state import State
from otac.lsp.told import Told
from otac.lsp.translation import Ready, Translation
from otac.lsp.warm_up import warm_up

FIX_ALL = "source.fixAll.otac"
PREVIEW = "otac.preview"
# How long nothing must have been typed before findings are made anew.
_PAUSE_SECONDS = 0.1
_REFUSED = -32803  # `RequestFailed`

# In place of what was found before; the log of the editor has the rest.
_BUG = types.Diagnostic(
    range=types.Range(types.Position(0, 0), types.Position(0, 0)),
    message="a bug in otac: this text could not be checked\n"
    "help: please report what the log of the editor says about otac",
    severity=types.DiagnosticSeverity.Error,
    code="OTC901",
    source="otac",
)

P = ParamSpec("P")
T = TypeVar("T")


class Server(LanguageServer):
    """One editor's session."""

    def __init__(self) -> None:
        # Whole texts: what a range of characters is, two programs can see differently.
        super().__init__(
            "otac",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            converter_factory=_converter,
        )
        self.states: dict[str, State] = {}
        self.told: dict[str, Told] = {}
        self.compiler = Compiler()
        self._published: set[str] = set()
        self._running: set[asyncio.Task[None]] = set()

    def report_server_error(self, error: Exception, source: Any) -> None:
        # What was refused is in the answer.
        if not isinstance(error, JsonRpcException):
            report(error)

    def change(self, uri: str, pause: float) -> None:
        """Takes the text as it is now; findings follow."""
        text = self.workspace.get_text_document(uri).source
        path = Path(uris.to_fs_path(uri) or uri)
        before = self.states.get(uri)
        state = State(path.name, path.parent, text, before)
        self.states[uri] = state
        task = asyncio.get_running_loop().create_task(self._publish(uri, state, pause))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def close(self, uri: str) -> None:
        self.states.pop(uri, None)
        self.told.pop(uri, None)
        self._send(uri, [])

    def translation(self, uri: str) -> Translation | None:
        """None for a document that was never opened."""
        state = self.states.get(uri)
        if state is None:
            return None
        encoding = types.PositionEncodingKind(self.workspace.position_encoding)
        return Translation(uri, state, encoding.value)

    async def _publish(self, uri: str, state: State, pause: float) -> None:
        try:
            await asyncio.sleep(pause)
            if self.states.get(uri) is not state:
                return
            if not state.is_ours:
                self._send(uri, [])
                return
            # Read now, and so there when the next text is none that can be read.
            state.read()
            found = await self.compiler.findings(state)
            if found is None:
                self._failed(uri, state)
                return
            state.findings.put(state.text, found)
            translation = self.translation(uri)
            if self.states.get(uri) is state and translation is not None:
                self._send(uri, [translation.diagnostic(one) for one in found])
                self._rest(state)
        except Exception as bug:  # noqa: BLE001
            report(bug)
            self._failed(uri, state)

    def _failed(self, uri: str, state: State) -> None:
        """What was found before belongs to another text, and nothing is known of this."""
        if self.states.get(uri) is state:
            state.findings.put(state.text, ())
            self._send(uri, [_BUG])

    def _rest(self, state: State) -> None:
        """What is put off until nobody types."""
        state.look_again()
        # Only what is new: going through a large tree takes as long as an answer may.
        gc.collect(1)

    def _send(self, uri: str, found: list[types.Diagnostic]) -> None:
        if not found and uri not in self._published:
            return
        if found:
            self._published.add(uri)
        else:
            self._published.discard(uri)
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=found)
        )


def _converter() -> Converter:
    made: Converter = default_converter()  # type: ignore[no-untyped-call]
    made.register_unstructure_hook(Ready, lambda ready: ready)
    return made


def guarded(answer: Callable[P, T]) -> Callable[P, T]:
    """A bug is reported and is the answer; the session goes on."""

    @wraps(answer)
    def guard(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return answer(*args, **kwargs)
        except JsonRpcException:
            raise
        except Exception as bug:
            report(bug)
            raise JsonRpcInternalError(f"a bug in otac: {bug!r}") from bug

    return guard


def server() -> Server:
    """A server with everything that it can answer."""
    made = Server()

    def feature(method: str, options: Any = None) -> Callable[[Any], Any]:
        return lambda answer: made.feature(method, options)(guarded(answer))

    @feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        made.change(params.text_document.uri, 0)

    @feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        made.change(params.text_document.uri, _PAUSE_SECONDS)

    @feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        # The record of components beside it may have been written meanwhile.
        made.change(params.text_document.uri, 0)

    @feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        made.close(params.text_document.uri)

    @feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=list("'\"(.|{: ")),
    )
    def on_completion(params: types.CompletionParams) -> types.CompletionList | None:
        asked = _asked(made, params)
        if asked is None:
            return None
        state, translation, offset = asked
        items = [translation.completion(item) for item in complete(state, offset)]
        return types.CompletionList(is_incomplete=False, items=items)

    @feature(types.TEXT_DOCUMENT_HOVER)
    def on_hover(params: types.HoverParams) -> types.Hover | None:
        asked = _asked(made, params)
        if asked is None:
            return None
        state, translation, offset = asked
        found = hover(state, offset)
        return None if found is None else translation.hover(*found)

    @feature(types.TEXT_DOCUMENT_DEFINITION)
    def on_definition(params: types.DefinitionParams) -> types.Location | None:
        asked = _asked(made, params)
        if asked is None:
            return None
        state, translation, offset = asked
        span = definition(state, offset)
        return None if span is None else translation.location(span)

    @feature(types.TEXT_DOCUMENT_REFERENCES)
    def on_references(params: types.ReferenceParams) -> list[types.Location] | None:
        asked = _asked(made, params)
        if asked is None:
            return None
        state, translation, offset = asked
        with_all = params.context.include_declaration
        return [
            translation.location(use.span)
            for use in references(state, offset)
            if with_all or not use.defines
        ]

    @feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def on_prepare(params: types.PrepareRenameParams) -> types.Range | None:
        asked = _asked(made, params)
        use = None if asked is None else renamed_at(asked[0], asked[2])
        return None if asked is None or use is None else asked[1].range(use.span)

    @feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def on_rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        asked = _asked(made, params)
        if asked is None:
            return None
        state, translation, offset = asked
        edits = rename(state, offset, params.new_name)
        if isinstance(edits, str):
            raise JsonRpcException(message=edits, code=_REFUSED)
        return translation.edits(edits)

    @feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def on_symbols(params: types.DocumentSymbolParams) -> list[Ready] | None:
        translation = made.translation(params.text_document.uri)
        if translation is None:
            return None
        state = made.states[params.text_document.uri]
        told = made.told.setdefault(params.text_document.uri, Told())
        return told.symbols(state, translation)

    @feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL],
            resolve_provider=True,
        ),
    )
    def on_action(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        translation = made.translation(params.text_document.uri)
        if translation is None:
            return None
        if _asks_for_all(params.context.only):
            # Which corrections go together only compiling tells: when it is chosen.
            uri = params.text_document.uri
            return [types.CodeAction("Fix all that is certain", FIX_ALL, data=uri)]
        start = translation.offset(params.range.start)
        end = translation.offset(params.range.end)
        found = fixes(made.states[params.text_document.uri], start, end)
        return [translation.action(fix) for fix in found]

    @made.feature(types.CODE_ACTION_RESOLVE)
    async def on_resolve(action: types.CodeAction) -> types.CodeAction:
        uri = action.data if isinstance(action.data, str) else ""
        state = made.states.get(uri)
        if state is None:
            return action
        try:
            fixed = await made.compiler.fixed(state)
            translation = made.translation(uri)
            # Another text may have come meanwhile; then there is nothing to change.
            if fixed is not None and translation and made.states.get(uri) is state:
                action.edit = translation.replaced(state.text, fixed)
        except Exception as bug:
            report(bug)
            raise JsonRpcInternalError(f"a bug in otac: {bug!r}") from bug
        return action

    @made.command(PREVIEW)
    async def on_preview(uri: str, position: types.Position) -> dict[str, str] | None:
        translation = made.translation(uri)
        if translation is None:
            return None
        try:
            offset = translation.offset(position)
            found = await made.compiler.preview(made.states[uri], offset)
        except Exception as bug:
            report(bug)
            raise JsonRpcInternalError(f"a bug in otac: {bug!r}") from bug
        return None if found is None else found._asdict()

    return made


def _asks_for_all(only: Sequence[str] | None) -> bool:
    """Whether an editor wants what it does to a whole file, as when it is saved."""
    return any(kind and f"{FIX_ALL}.".startswith(f"{kind}.") for kind in only or ())


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Speak with an editor until it says `exit` or goes away."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    made = server()
    made.compiler.start()
    warm_up()
    # The collector would stop an answer for longer than one takes: it runs in pauses, and
    # then leaves alone what is there for good.
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        made.start_io(source, sink)
    finally:
        made.compiler.stop()


def _asked(server: Server, params: Any) -> tuple[State, Translation, int] | None:
    translation = server.translation(params.text_document.uri)
    if translation is None:
        return None
    offset = translation.offset(params.position)
    return server.states[params.text_document.uri], translation, offset
