"""How `otac dev` goes on: every change is deployed, and what happens is shown."""

import time

from otac.cli.build import BuildOptions, build_quietly
from otac.cli.compiling import compile_as_built
from otac.cli.configuration import Configuration, read_configuration
from otac.cli.dev_tests import Tests
from otac.cli.development import DeployedProject, Development, Display, Wrong
from otac.cli.terminal import Printing, wanted
from otac.cli.watching import TICK_SECONDS, files_of
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.report import Report
from otac.local.watch import Watch
from otac.pipeline import Compiled
from otac.source.source_text import SourceText

_LOOK_SECONDS = 1.0


class DevSession:
    """Deploys every change and shows what happens."""

    def __init__(
        self,
        development: Development,
        configuration: Configuration,
        printing: Printing,
        display: Display,
        tests: Tests,
    ) -> None:
        self._development = development
        self._tests = tests
        self._configuration = configuration
        self._printing = printing
        self._display = display
        self._watch = Watch(())
        self._looked = 0.0

    def go_on(self, compiled: Compiled) -> Report:
        """Start with what was compiled; what ends it."""
        assert compiled.project is not None
        self._watch = Watch(files_of(self._configuration, compiled.project))
        problem = self._development.start(self._display.tick)
        if problem is not None:
            return _about_nothing((problem,))
        refused = self._deploy(compiled, time.monotonic())
        if refused:
            return _about_nothing(refused)
        saved: float | None = None
        tested = False
        while True:
            time.sleep(TICK_SECONDS)
            if self._watch.changed():
                saved = time.monotonic()
            elif saved is not None:
                self._rebuild(saved)
                saved = None
            if self._tests.saved():
                tested = True
            elif tested:
                self._tests.start()
                tested = False
            problem = self._look()
            if problem is not None:
                return _about_nothing((problem,))
            self._display.tick()

    def _rebuild(self, saved: float) -> None:
        changed = read_configuration(self._configuration.name)
        if isinstance(changed, Diagnostic):
            # Some editors remove a file before they write it again.
            return
        built = build_quietly(changed, BuildOptions(), self._printing)
        if wanted(built.report, self._printing).fails:
            self._display.wrong(Wrong.BUILD, built.report)
            return
        self._display.built(built)
        compiled = built.compiled or compile_as_built(changed, self._printing)
        refused = self._deploy(compiled, saved)
        if refused:
            self._display.wrong(Wrong.DEPLOY, _about_nothing(refused))
        elif compiled.project is not None:
            self._watch.replace(files_of(changed, compiled.project))

    def _deploy(self, compiled: Compiled, since: float) -> tuple[Diagnostic, ...]:
        if compiled.output is None or compiled.project is None:
            # Somebody changed a module since; it is seen in a moment.
            return ()
        deployed = self._development.deploy(compiled.project, compiled.output)
        if isinstance(deployed, tuple):
            return deployed
        seconds = time.monotonic() - since
        url = self._development.url
        self._display.deployed(
            DeployedProject(compiled.project, deployed, url, seconds)
        )
        self._tests.start()
        return ()

    def _look(self) -> Diagnostic | None:
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return None
        self._looked = time.monotonic()
        problem = self._development.fault()
        if problem is not None:
            return problem
        look = self._development.look(closely=self._display.is_close)
        if look is not None:
            self._display.saw(look)
        found = self._development.import_problems()
        if found:
            self._display.wrong(Wrong.IMPORT, _about_nothing(found))
        tested = self._tests.ended()
        if tested is not None:
            self._display.tested(tested)
        return None


def _about_nothing(found: tuple[Diagnostic, ...]) -> Report:
    """Findings that are about no place in the configuration."""
    return Report(SourceText("", ""), found)
