"""The language server: keeps what editors hold, and answers what they ask."""

import asyncio
import gc
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, BinaryIO, ParamSpec, TypeVar

from cattrs import Converter
from lsprotocol import types
from pygls import uris
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
)
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from otac import __version__
from otac.diagnostics.diagnostic import Diagnostic
from otac.lsp.beside import (
    RUN_TEST,
    Beside,
    TestOutcome,
    counted,
    lens,
    runner_at,
    told,
)
from otac.lsp.bug import report
from otac.lsp.compiler import Compiler
from otac.lsp.completion import complete
from otac.lsp.definition import definition
from otac.lsp.fixes import fixes
from otac.lsp.hover import hover, of_runner
from otac.lsp.jobs import TestsAnswer
from otac.lsp.rename import references, rename, renamed_at
from otac.lsp.state import State
from otac.lsp.told import ToldSymbols
from otac.lsp.translation import Ready, Translation
from otac.lsp.warm_up import warm_up
from otac.source.document import Span

FIX_ALL = "source.fixAll.otac"
PREVIEW = "otac.preview"
# How long nothing must have been typed before findings are made anew.
_PAUSE_SECONDS = 0.1
_REFUSED = -32803  # `RequestFailed`
_ALONE = "no configuration is known that these tests are about"

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
        self.told: dict[str, ToldSymbols] = {}
        self.beside = Beside(self.states)
        self.compiler = Compiler()
        # Runs tests; one that hangs must not keep findings from being made.
        self.tester = Compiler()
        self._touched: dict[str, list[tuple[str, str]]] = {}
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
        state = State(path.name, path.parent, text, before, self.beside)
        self.states[uri] = state
        if before is not None and before.text != state.text and state.is_ours:
            self._forget(state)
        self._soon(self._publish(uri, state, pause))

    def close(self, uri: str) -> None:
        state = self.states.pop(uri, None)
        self.told.pop(uri, None)
        self._send(uri, [])
        config = state.configuration if state is not None and state.has_tests else None
        if config is not None:
            self._soon(self._list(config))

    def translation(self, uri: str) -> Translation | None:
        """None for a document that was never opened."""
        state = self.states.get(uri)
        if state is None:
            return None
        return Translation(uri, state, self._encoding)

    def tests_of(self, config: State) -> Iterator[tuple[str, Ready]]:
        """The tests about a configuration: the address of the file, and the symbol."""
        for uri, state in self.beside.open_tests(config):
            for symbol in self.items(uri, state):
                yield uri, symbol
        for listed in self.beside.listed(config):
            for symbol in listed.tests:
                yield listed.path.as_uri(), symbol

    def items(self, uri: str, state: State) -> list[Ready]:
        """The symbols of the runners of a configuration, or of tests."""
        translation = self.translation(uri)
        assert translation is not None
        return self.told.setdefault(uri, ToldSymbols()).items(state, translation)

    def location(self, state: State, span: Span) -> types.Location:
        """A place in any text, open or not."""
        return self._translated(state).location(span)

    async def run_tests(self, uri: str, name: str | None) -> dict[str, Any]:
        """Runs a test of a file, all of them, or those of a runner; tells how it went."""
        path = Path(uris.to_fs_path(uri) or uri)
        state = self.states.get(uri) or self.beside.file(path)
        config = state.configuration if state is not None and state.has_tests else state
        if state is None or config is None or not config.is_ours:
            answer: TestsAnswer | None = TestsAnswer(reasons=(_ALONE,))
        elif state is not config:
            answer = await self.tester.tried(config, [state], name=name)
        else:
            addresses = {
                one
                for one, symbol in self.tests_of(config)
                if name is None or symbol["detail"] == name
            }
            files = [self._state(one) for one in sorted(addresses)]
            there = [one for one in files if one is not None]
            answer = await self.tester.tried(config, there, runner=name)
        if answer is None:
            raise JsonRpcInternalError("a bug in otac: the tests could not be run")
        for tried in answer.files:
            self.beside.tried(tried)
        if config is not None and self._is_current(config):
            self._show_outcomes(answer)
        else:
            # What was run is not what is there now.
            for tried in answer.files:
                self.beside.forget_file(tried.path)
        well, said = told(answer)
        kind = types.MessageType.Info if well else types.MessageType.Warning
        self.window_show_message(types.ShowMessageParams(kind, said))
        ended = [one for file in answer.files for one in file.outcomes]
        return {
            "passed": [one.name for one in ended if not one.found],
            "failed": [one.name for one in ended if one.found],
            "reasons": list(answer.reasons),
        }

    def _state(self, uri: str) -> State | None:
        path = Path(uris.to_fs_path(uri) or uri)
        return self.states.get(uri) or self.beside.file(path)

    def _is_current(self, state: State) -> bool:
        return state in self.states.values() or self.beside.file(state.path) is state

    def _translated(self, state: State) -> Translation:
        opened = (uri for uri, one in self.states.items() if one is state)
        uri = next(opened, None) or state.path.as_uri()
        return Translation(uri, state, self._encoding)

    @property
    def _encoding(self) -> str:
        return types.PositionEncodingKind(self.workspace.position_encoding).value

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _forget(self, config: State) -> None:
        """What tests came to is not true of a configuration that was changed."""
        self.beside.forget(config)
        for uri in self._published - self.states.keys():
            self._send(uri, [])

    def _show_outcomes(self, answer: TestsAnswer) -> None:
        opened = {state.path: uri for uri, state in self.states.items()}
        for tried in answer.files:
            uri = opened.get(tried.path, tried.path.as_uri())
            state = self._state(uri)
            if state is not None:
                self._show(uri, state)
        self._refresh()

    def _show(self, uri: str, state: State) -> None:
        """Sends what was found in a text, and what its tests came to."""
        found = (*state.findings.at(state.text), *state.outcomes)
        translation = self._translated(state)
        self._send(uri, [translation.diagnostic(one) for one in found])

    async def _list(self, config: State) -> None:
        """Looks for files of tests beside a configuration."""
        found = await self.compiler.listed(config, self._encoding)
        if found is not None and self.beside.put_listed(config, found):
            self._refresh()

    def _refresh(self) -> None:
        """Has lenses asked for anew, which stand in other files than what has changed."""
        workspace = self.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    async def _found(self, state: State) -> tuple[Diagnostic, ...] | None:
        if state.is_ours:
            return await self.compiler.findings(state)
        checked = await self.compiler.checked(state, state.configuration)
        if checked is None:
            return None
        state.queues = checked.queues or state.queues
        return checked.found

    async def _spread(self, uri: str, state: State, *, anew: bool) -> None:
        """What a text changes elsewhere: findings in tests, lenses above runners."""
        if state.is_ours:
            for other, tests in self.beside.open_tests(state):
                self._soon(self._publish(other, tests, 0))
            if anew:
                await self._list(state)
        else:
            touched = [(one["name"], one["detail"]) for one in self.items(uri, state)]
            if self._touched.get(uri) != touched:
                self._touched[uri] = touched
                self._refresh()

    async def _publish(self, uri: str, state: State, pause: float) -> None:
        try:
            await asyncio.sleep(pause)
            if self.states.get(uri) is not state:
                return
            if not (state.is_ours or state.has_tests):
                self._send(uri, [])
                return
            # Read now, and so there when the next text is none that can be read.
            state.read()
            found = await self._found(state)
            if found is None:
                self._failed(uri, state)
                return
            state.findings.put(state.text, found)
            if self.states.get(uri) is state:
                self._show(uri, state)
                self._rest(state)
                await self._spread(uri, state, anew=pause == 0)
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
        runner = runner_at(state, offset) if state.is_ours else None
        if runner is None:
            found = hover(state, offset)
        else:
            tests = made.tests_of(state)
            names = (one["name"] for _, one in tests if one["detail"] == runner.text)
            found = of_runner(runner, names)
        return None if found is None else translation.hover(*found)

    @feature(types.TEXT_DOCUMENT_DEFINITION)
    def on_definition(params: types.DefinitionParams) -> types.Location | None:
        asked = _asked(made, params)
        if asked is None:
            return None
        state, _, offset = asked
        found = definition(state, offset)
        return None if found is None else made.location(*found)

    @feature(types.TEXT_DOCUMENT_REFERENCES)
    def on_references(params: types.ReferenceParams) -> list[Any] | None:
        asked = _asked(made, params)
        if asked is None:
            return None
        state, translation, offset = asked
        with_all = params.context.include_declaration
        runner = runner_at(state, offset)
        config = state if state.is_ours else state.configuration
        if runner is not None and config is not None:
            own = [made.location(config, runner.span)] if with_all else []
            return own + [
                Ready(uri=uri, range=one["selectionRange"])
                for uri, one in made.tests_of(config)
                if one["detail"] == runner.text
            ]
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
        told = made.told.setdefault(params.text_document.uri, ToldSymbols())
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
        is_ours = made.states[params.text_document.uri].is_ours
        if _asks_for_all(params.context.only) and is_ours:
            # Which corrections go together only compiling tells: when it is chosen.
            uri = params.text_document.uri
            return [types.CodeAction("Fix all that is certain", FIX_ALL, data=uri)]
        start = translation.offset(params.range.start)
        end = translation.offset(params.range.end)
        found = fixes(made.states[params.text_document.uri], start, end)
        return [translation.action(fix) for fix in found]

    @feature(types.TEXT_DOCUMENT_CODE_LENS)
    def on_lens(params: types.CodeLensParams) -> list[Ready] | None:
        uri = params.text_document.uri
        state = made.states.get(uri)
        if state is None or not (state.is_ours or state.has_tests):
            return None
        if state.has_tests:
            outcomes = made.beside.outcomes(state)
            return [
                lens(one, _title(outcomes.get(one["name"])), uri, one["name"])
                for one in made.items(uri, state)
            ]
        touched = Counter(one["detail"] for _, one in made.tests_of(state))
        runners = made.items(uri, state) if touched else []
        return [
            lens(one, counted(count), uri, name) if count else lens(one, counted(0))
            for one in runners
            for name in (one["name"],)
            for count in (touched[name],)
        ]

    @made.command(RUN_TEST)
    async def on_run(uri: str, *names: str | None) -> dict[str, Any]:
        name = names[0] if names else None
        if name is not None and not isinstance(name, str):
            raise JsonRpcInvalidParams(f"`{RUN_TEST}` takes an address and a name")
        try:
            return await made.run_tests(uri, name)
        except JsonRpcException:
            raise
        except Exception as bug:
            report(bug)
            raise JsonRpcInternalError(f"a bug in otac: {bug!r}") from bug

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


def _title(outcome: TestOutcome | None) -> str:
    """What stands above a test."""
    if outcome is None:
        return "run this test"
    return f"{'failed' if outcome.found else 'passed'}; run it again"


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
        made.tester.stop()


def _asked(server: Server, params: Any) -> tuple[State, Translation, int] | None:
    translation = server.translation(params.text_document.uri)
    if translation is None:
        return None
    offset = translation.offset(params.position)
    return server.states[params.text_document.uri], translation, offset
