"""The language server: keeps what editors hold, and answers what they ask."""

import asyncio
import logging
import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, BinaryIO, ParamSpec, TypeVar

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from otac import __version__
from otac.diagnostics.bug import describe_bug
from otac.lsp.completion import complete
from otac.lsp.definition import definition
from otac.lsp.fixes import fixes
from otac.lsp.hover import hover
from otac.lsp.preview import preview
from otac.lsp.rename import references, rename, renamed_at
from otac.lsp.state import State
from otac.lsp.symbols import symbols
from otac.lsp.translation import Translation
from otac.lsp.uses import uses

PREVIEW = "otac.preview"
# How long nothing must have been typed before findings are made anew.
_PAUSE_SECONDS = 0.1
_REFUSED = -32803  # `RequestFailed`

P = ParamSpec("P")
T = TypeVar("T")


class Server(LanguageServer):
    """One editor's session."""

    def __init__(self) -> None:
        # Whole texts: what a range of characters is, two programs can see differently.
        super().__init__(
            "otac", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full
        )
        self.states: dict[str, State] = {}
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
        self._send(uri, [])

    def translation(self, uri: str) -> Translation | None:
        """None for a document that was never opened."""
        state = self.states.get(uri)
        if state is None:
            return None
        encoding = types.PositionEncodingKind(self.workspace.position_encoding)
        return Translation(uri, state, encoding.value)

    async def _publish(self, uri: str, state: State, pause: float) -> None:
        await asyncio.sleep(pause)
        if self.states.get(uri) is not state:
            return
        found = await asyncio.to_thread(self._findings, uri, state)
        if found is not None and self.states.get(uri) is state:
            self._send(uri, found)

    def _findings(self, uri: str, state: State) -> list[types.Diagnostic] | None:
        try:
            if not state.is_ours:
                return []
            # Made here, so that no request has to wait for it.
            if state.known is not None:
                uses(state.known)
            translation = self.translation(uri)
            return None if translation is None else translation.diagnostics()
        except Exception as bug:  # noqa: BLE001
            report(bug)
            return None

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


def report(bug: Exception) -> None:
    """A bug must not end the session; it is said where the protocol is not spoken."""
    if os.environ.get("OTAC_TRACEBACK"):
        traceback.print_exception(bug, file=sys.stderr)
    sys.stderr.write(describe_bug(bug))
    sys.stderr.flush()


def guarded(answer: Callable[P, T]) -> Callable[P, T | None]:
    """A bug is reported, and the answer is none."""

    @wraps(answer)
    def guard(*args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return answer(*args, **kwargs)
        except JsonRpcException:
            raise
        except Exception as bug:  # noqa: BLE001
            report(bug)
            return None

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
        spans = [use.span for use in references(state, offset)]
        # The first one is the definition.
        shown = spans if params.context.include_declaration else spans[1:]
        return [translation.location(span) for span in shown]

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
    def on_symbols(
        params: types.DocumentSymbolParams,
    ) -> list[types.DocumentSymbol] | None:
        translation = made.translation(params.text_document.uri)
        if translation is None:
            return None
        state = made.states[params.text_document.uri]
        return [translation.symbol(symbol) for symbol in symbols(state)]

    @feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    )
    def on_action(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        translation = made.translation(params.text_document.uri)
        if translation is None:
            return None
        start = translation.offset(params.range.start)
        end = translation.offset(params.range.end)
        found = fixes(made.states[params.text_document.uri], start, end)
        return [translation.action(fix) for fix in found]

    @made.command(PREVIEW)
    @guarded
    def on_preview(uri: str, position: types.Position) -> dict[str, str] | None:
        translation = made.translation(uri)
        if translation is None:
            return None
        found = preview(made.states[uri], translation.offset(position))
        return None if found is None else found._asdict()

    return made


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Speak with an editor until it says `exit` or goes away."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    server().start_io(source, sink)


def _asked(server: Server, params: Any) -> tuple[State, Translation, int] | None:
    translation = server.translation(params.text_document.uri)
    if translation is None:
        return None
    offset = translation.offset(params.position)
    return server.states[params.text_document.uri], translation, offset
