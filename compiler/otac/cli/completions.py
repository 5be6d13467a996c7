"""`otac completions`: what a shell can offer behind `otac`.

The four scripts only hand over the words; what fits is found here, from the table of
commands, so that one answer serves every shell.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from shutil import which
from typing import NamedTuple

from otac.cli.arguments import CONFIG, Choice, Command, Option, names
from otac.cli.exit_status import Exit, wrong_usage
from otac.output.environment import environment

SHELLS = ("bash", "zsh", "fish", "powershell")
_MOST_BYTES = 8 * 1024 * 1024
_MARK = "# otac completions"
_PIPE_ID = re.compile(
    r"""^[^#\n]*?\bpipe_id:\s*("([^"\n]+)"|'([^'\n]+)'|([^\s,}#"']+))""", re.MULTILINE
)
# What people call it where a file can be named.
_FILES = {"FILE", "CONFIG", "TICKETS", "PATHS", "WORDS", "[SYNC] [CONFIG]"}


class Completion(NamedTuple):
    """A word that fits, and what it is; a shell shows both. `file`: it is a name of one."""

    word: str
    told: str = ""
    file: bool = False


def run_completions(arguments: argparse.Namespace) -> Exit:
    """`otac completions SHELL`: the script, its installation, or what fits."""
    words = arguments.complete
    if words is not None:
        from otac.cli.commands import COMMANDS

        if arguments.shell == "powershell":
            # Its older versions drop an empty word, so that the last one has a sign before it.
            words = [*words[:-1], words[-1][1:]] if words else []
        offers = offered(COMMANDS, words)
        if any(offer.file for offer in offers):
            sys.stdout.write(":files\n")
        for offer in offers:
            sys.stdout.write(f"{offer.word}\t{offer.told}\n")
        return Exit.OK
    if not arguments.install:
        sys.stdout.write(_SCRIPTS[arguments.shell])
        return Exit.OK
    return _install(arguments.shell)


def offered(commands: Sequence[Command], words: Sequence[str]) -> list[Completion]:
    """What fits in the place of the last word, which may be empty."""
    *before, current = words or [""]
    # bash takes `--format=json` apart.
    if current == "=":
        current = ""
    elif before and before[-1] == "=":
        before.pop()
    found = next((word for word in before if not word.startswith("-")), None)
    command = next((one for one in commands if one.name == found), None)
    if command is None:
        if found is not None:
            return []
        fitting = [Completion(one.name, one.line or one.summary) for one in commands]
        fitting += [Completion("--help", "show the commands"), Completion("--version")]
        return [one for one in _starting(fitting, current) if _wished(one, current)]
    options = _flat(command)
    name, equals, value = current.partition("=")
    if current.startswith("--") and equals:
        option = _named(options, name)
        return [
            Completion(f"{name}={one.word}", one.told, one.file)
            for one in (_values(option, value, before) if option else ())
        ]
    last = _named(options, before[-1]) if before else None
    if last is not None and "action" in last.settings:
        last = last if last.settings["action"] == "append" else None
    if last is not None:
        return list(_values(last, current, before))
    if current.startswith("-"):
        return list(_starting(_option_names(options), current))
    return [
        offer
        for operand in options
        if not operand.names[0].startswith("-")
        for offer in _values(operand, current, before)
    ]


def _flat(command: Command) -> list[Option]:
    return [
        one
        for each in command.options
        for one in (each.options if isinstance(each, Choice) else (each,))
    ]


def _named(options: Sequence[Option], name: str) -> Option | None:
    if not name.startswith("-"):
        return None
    return next((one for one in options if name in one.names), None)


def _option_names(options: Sequence[Option]) -> Iterator[Completion]:
    for one in options:
        told = one.settings.get("help")
        if one.names[0].startswith("-") and told != argparse.SUPPRESS:
            yield Completion(one.names[-1], str(told or ""))
    yield Completion("--help", "show the options")


def _values(
    option: Option, current: str, before: Sequence[str]
) -> Iterator[Completion]:
    """What an option or operand can be."""
    settings = option.settings
    metavar = str(settings.get("metavar") or option.names[0]).upper()
    if settings.get("choices") is not None:
        yield from _starting(
            (Completion(str(one)) for one in settings["choices"]), current
        )
    elif settings.get("type") is names:
        *chosen, last = current.split(",")
        ahead = "".join(f"{one}," for one in chosen)
        for runner in _runners(before):
            if runner.startswith(last) and runner not in chosen:
                yield Completion(ahead + runner)
    elif option.names == ("code",):
        from otac.diagnostics.catalogue import codes

        yield from _starting(map(Completion, codes()), current)
    elif option.names == ("--runner",):
        yield from _starting(map(Completion, _runners(before)), current)
    elif metavar == "DIR":
        yield from _paths(current, folders=True)
    elif metavar in _FILES:
        if metavar == "WORDS":
            yield from _starting(map(Completion, _runners(before)), current)
        if metavar.startswith("[SYNC]"):
            yield from _starting((Completion("sync"),), current)
        yield from _paths(current)


def _wished(offer: Completion, current: str) -> bool:
    return not offer.word.startswith("-") or current.startswith("-")


def _starting(offers: Iterable[Completion], current: str) -> Iterator[Completion]:
    return (one for one in offers if one.word.startswith(current))


def _paths(current: str, *, folders: bool = False) -> Iterator[Completion]:
    """What lies where the word leads to; hidden files only where they are asked for."""
    head, _, tail = current.rpartition("/")
    ahead = f"{head}/" if "/" in current else ""
    try:
        entries = sorted(Path(ahead or ".").expanduser().iterdir())
    except (OSError, RuntimeError):
        return
    for entry in entries:
        if not entry.name.startswith(tail) or (
            entry.name[0] == "." and tail[:1] != "."
        ):
            continue
        if entry.is_dir():
            yield Completion(f"{ahead}{entry.name}/", file=True)
        elif not folders:
            yield Completion(ahead + entry.name, file=True)


def _runners(before: Sequence[str]) -> list[str]:
    """Those of the configuration on the line, or of `config.yml`; read, not compiled."""
    named = [word for word in before if word.endswith((".yml", ".yaml"))]
    path = Path(next((word for word in named if Path(word).is_file()), CONFIG))
    try:
        text = path.read_bytes()[:_MOST_BYTES].decode("utf-8", "replace")
    except OSError:
        return []
    found = [next(filter(None, one[1:])) for one in _PIPE_ID.findall(text)]
    if not found:
        # Older forms have other keys, and a build knows.
        try:
            lock = json.loads(path.with_name("otac.lock").read_bytes())
            found = [str(one) for one in lock["places"] if one]
        except (OSError, ValueError, LookupError, TypeError):
            found = []
    return list(dict.fromkeys(found))


def _install(shell: str) -> Exit:
    """Write the script, and let the shell read it when it starts."""
    from otac.cli.rewriting import write_file
    from otac.cli.terminal import Printing, print_problem

    printing = Printing()
    try:
        script, profile = _places(shell)
    except LookupError:
        return wrong_usage(
            "no PowerShell was found; put what `otac completions powershell` prints "
            "into your profile"
        )
    writes = [(script, _SCRIPTS[shell].encode())]
    if profile is not None:
        try:
            old = profile.read_bytes() if profile.exists() else b""
        except OSError as problem:
            return print_problem(environment(problem, profile), printing)
        if _MARK.encode() not in old:
            end = b"" if old.endswith(b"\n") or not old else b"\n"
            line = f". {_quoted(shell, str(script))}  {_MARK}\n"
            writes.append((profile, old + end + line.encode()))
    for path, content in writes:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            return print_problem(environment(problem, path), printing)
        if (refused := write_file(path, content)) is not None:
            return print_problem(refused, printing)
        sys.stderr.write(f"{path}: written\n")
    sys.stderr.write(f"start a new {shell}, and Tab completes `otac`\n")
    return Exit.OK


def _places(shell: str) -> tuple[Path, Path | None]:
    """Where the script belongs, and the file that a shell reads as it starts.

    Raises LookupError where there is no PowerShell to ask for that.
    """
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "otac"
    match shell:
        case "bash":
            return data / "completions.bash", home / ".bashrc"
        case "zsh":
            zsh = Path(os.environ.get("ZDOTDIR") or home)
            return data / "completions.zsh", zsh / ".zshrc"
        case "fish":
            config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
            return config / "fish/completions/otac.fish", None
        case _:
            return data / "completions.ps1", _powershell_profile()


def _powershell_profile() -> Path:
    for program in ("pwsh", "powershell"):
        if (found := which(program)) is None:
            continue
        asked = subprocess.run(
            [found, "-NoProfile", "-Command", "$PROFILE.CurrentUserAllHosts"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if asked.returncode == 0 and asked.stdout.strip():
            return Path(asked.stdout.strip())
    raise LookupError


def _quoted(shell: str, text: str) -> str:
    if shell == "powershell":
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    return shlex.quote(text)


_BASH = """\
_otac() {
    local value told
    COMPREPLY=()
    while IFS=$'\\t' read -r value told; do
        if [ "$value" = :files ]; then
            # Quotes names, and puts no space behind a folder.
            compopt -o filenames 2>/dev/null
            [ -n "$BASH_VERSION" ] && compopt -o nospace 2>/dev/null
        else
            COMPREPLY+=("$value")
        fi
    done < <("${COMP_WORDS[0]}" completions bash --complete \
        "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _otac otac
"""
_ZSH = """\
#compdef otac
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
_otac() {
    local line value files=0
    local -a values shown
    while IFS= read -r line; do
        value=${line%%$'\\t'*}
        if [[ $value == :files ]]; then
            files=1
        else
            values+=("$value")
            shown+=("${value//:/\\\\:}:${line#*$'\\t'}")
        fi
    done < <("${words[1]}" completions zsh --complete \
        "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
    if (( files )); then
        compadd -f -S '' -- "${values[@]}"
    elif (( $#shown )); then
        _describe -t values otac shown
    fi
}
compdef _otac otac
"""
_FISH = """\
function __otac_complete
    set -l words (commandline -opc)
    $words[1] completions fish --complete $words[2..-1] (commandline -ct) 2>/dev/null |
        string match -v ':files'
end
complete -c otac -f -a '(__otac_complete)'
"""
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName otac -ScriptBlock {
    param($word, $ast, $cursor)
    $words = @($ast.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursor } |
        ForEach-Object { $_.Extent.Text.Trim("'", '"') })
    & $ast.CommandElements[0].Extent.Text completions powershell --complete @words ":$word" |
        Where-Object { $_ -ne ':files' } | ForEach-Object {
            $value, $told = $_ -split "`t", 2
            $shown = if ($told) { $told } else { $value }
            if ($value -match '[\\s''"]') { $value = "'" + $value.Replace("'", "''") + "'" }
            [System.Management.Automation.CompletionResult]::new(
                $value, $value, 'ParameterValue', $shown)
        }
}
"""
_SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH, "powershell": _POWERSHELL}
