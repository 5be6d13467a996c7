"""What is taken already: names in generated code, and text that Prefect would fill in.

Written out, not asked of `keyword`, `builtins` and `sys`: the same configuration gives the
same names under every Python version.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from otac.config.model import Located, PolicyConfig, RunPolicyConfig, StepConfig
from otac.diagnostics.diagnostic import Diagnostic, Label, error, warning
from otac.lower.context import Context
from otac.source.document import Mapping, Node, Scalar, Sequence, Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Python 3.11 to 3.14. `__debug__` is no keyword, yet nothing may be assigned to it.
KEYWORDS = _words(
    """
    __debug__ and as assert async await break class continue def del elif else
    except False finally for from global if import in is lambda None nonlocal not or
    pass raise return True try while with yield
    """
)

# Soft keywords, and the built-in functions and types that start with a small letter.
BUILTINS = _words(
    """
    abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable case
    chr classmethod compile complex copyright credits delattr dict dir divmod
    enumerate eval exec exit filter float format frozenset getattr globals hasattr
    hash help hex id input int isinstance issubclass iter len license list locals
    map match max memoryview min next object oct open ord pow print property quit
    range repr reversed round set setattr slice sorted staticmethod str sum super
    tuple type vars zip
    """
)

# The standard libraries of Python 3.11 to 3.14 together.
STANDARD_LIBRARY = _words(
    """
    abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore
    atexit audioop base64 bdb binascii bisect builtins bz2 calendar cgi cgitb chunk
    cmath cmd code codecs codeop collections colorsys compileall compression
    concurrent configparser contextlib contextvars copy copyreg cProfile crypt csv
    ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest
    email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput
    fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob
    graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp
    importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale
    logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib
    msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode
    operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil
    platform plistlib poplib posix posixpath pprint profile pstats pty pwd
    py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline
    reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex
    shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3
    sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct
    subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib
    tempfile termios textwrap this threading time timeit tkinter token tokenize
    tomllib trace traceback tracemalloc tty turtle turtledemo types typing
    unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg
    winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
    """
)

# What Prefect, its integrations and our own components import, now or later in a run.
THIRD_PARTY = _words(
    """
    aiobotocore aiofiles aiohttp aiosqlite alembic amplitude annotated_doc
    annotated_types anyio apprise apscheduler asgi_lifespan asyncpg attr attrs azure
    beartype boto3 botocore burner_redis cachetools certifi cffi charset_normalizer
    click cloudpickle colorama coolname cronsim cryptography cyclopts dateparser
    dateutil distributed docker docket docstring_parser dotenv exceptiongroup
    fastapi filelock fsspec google graphviz greenlet griffe grpc h11 h2 hf_xet hpack
    httpcore httpcore2 httpx httpx2 huggingface_hub humanize hyperframe idna
    importlib_metadata injector jinja2 jinja2_humanize_extension jsonpatch
    jsonpointer jsonschema jsonschema_specifications key_value kubernetes
    kubernetes_asyncio logfire mako markdown markdown_it markupsafe mdurl multidict
    mypy numpy oauthlib open_ticket_ai opentelemetry orjson otac packaging pandas
    pathspec pendulum pip pkg_resources platformdirs pluggy prefect prefect_aws
    prefect_azure prefect_docker prefect_email prefect_gcp prefect_kubernetes
    prefect_redis prefect_shell prefect_slack prefect_sqlalchemy prometheus_client
    psycopg psycopg2 py pycparser pydantic pydantic_core pydantic_extra_types
    pydantic_settings pygments pytest python_socks pythonjsonlogger pytz readchar
    redis referencing regex requests requests_oauthlib rfc3339_validator rich rpds
    ruamel safetensors scipy semver sentry_sdk setuptools shellingham six sklearn
    slugify sniffio sortedcontainers sqlalchemy starlette tenacity text_unidecode
    tokenizers toml torch tqdm transformers truststore typer typing_extensions
    typing_inspection tzdata tzlocal uncalled_for urllib3 uv uvicorn uvloop
    watchfiles websockets wordllama wrapt yaml yarl zipp
    """
)

# Windows opens these as devices, whatever the extension.
DEVICES = _words(
    """
    aux com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 con conin conout lpt0 lpt1
    lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 nul prn
    """
)


# The name of a runner's module.
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^A-Za-z0-9]+")

# `from generated import services` must find our own package.
_RESERVED = KEYWORDS | STANDARD_LIBRARY | THIRD_PARTY | DEVICES | {"generated"}


@lru_cache(maxsize=4096)
def snake(text: str, default: str) -> str:
    """The text as a lower-case ASCII identifier.

    `default` stands for a text of which nothing remains, and before one that starts with
    a digit.
    """
    words = _OTHER.sub("_", _WORD_START.sub("_", text)).strip("_").lower()
    if not words:
        return default
    return f"{default}_{words}" if words[0].isdigit() else words


def module_name(runner_id: str) -> str:
    """The name of the module in `generated/flows/`. Depends on nothing but the id.

    While Prefect loads a flow, the module's folder comes first on `sys.path`, and stays
    there: a module named like one that is imported later would be found in its place.
    """
    name = snake(runner_id, "runner")
    return f"{name}_flow" if name in _RESERVED else name


# The ids of the steps of a list.
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def step_ids(context: Context, configs: tuple[StepConfig, ...]) -> list[str]:
    """The ids of a list, derived ones where none is given."""
    given: dict[str, Span] = {}
    for config in configs:
        if config.id is None:
            continue
        first = given.get(config.id.value)
        if first is not None:
            context.report(
                error(
                    "OTC304",
                    f"step `{config.id.value}` is defined twice in one list",
                    config.id.span,
                    "ids are unique within a list of steps",
                    labels=(Label(first, "first defined here"),),
                )
            )
        else:
            given[config.id.value] = config.id.span
    return with_derived(
        [
            (
                None if config.id is None else config.id.value,
                None
                if config.use is None or config.steps is not None
                # A list of steps is called after what it is.
                else config.use.value,
            )
            for config in configs
        ]
    )


def with_derived(steps: Iterable[tuple[str | None, str | None]]) -> list[str]:
    """The ids of a list, from those that are given and what the steps use."""
    steps = list(steps)
    taken = {step_id for step_id, _ in steps if step_id is not None}
    ids: list[str] = []
    for given, use in steps:
        if given is not None:
            ids.append(given)
            continue
        base = _derived_id(use)
        step_id, number = base, 1
        while step_id in taken:
            number += 1
            step_id = f"{base}_{number}"
        taken.add(step_id)
        ids.append(step_id)
    return ids


def _derived_id(use: str | None) -> str:
    """An id for a step without one: what it does, in snake case."""
    if use is None:
        return "steps"
    name = re.split(r"[.:]", use)[-1]
    words = _WORDS.findall(name)
    return "_".join(word.lower() for word in words) or "step"


# Text that Prefect would take for one of its own placeholders.
# prefect.utilities.templating.PLACEHOLDER_CAPTURE_REGEX; it has no escape.
_PLACEHOLDER = re.compile(r"{{\s*[\w.\-\[\]$]+\s*}}")
_OF_THE_RUN = re.compile(r"{{\s*ctx\.flow(_run)?\.")
_VARIABLES = "`job_variables`"


def check_placeholders(context: Context) -> None:
    """`{{ dotted.words }}` in what is written to `prefect.yaml`.

    Prefect would remove or replace it while it deploys. `pull` steps and `triggers` are
    Prefect's own language and are left alone.
    """
    for what, text in _texts(context):
        found = next(_replaced(what, text.value), None)
        if found is not None:
            context.report(
                error(
                    "OTC362",
                    f"{what} holds `{found.group()}`",
                    text.span,
                    "Prefect would replace it when it deploys",
                    help="write the text itself; expressions are rendered in steps only",
                )
            )
    for text in _environment(context):
        for found in _PLACEHOLDER.finditer(text.value):
            if _OF_THE_RUN.match(found.group()):
                context.report(_not_filled_in(found.group(), text))


def _not_filled_in(placeholder: str, text: Located[str]) -> Diagnostic:
    return warning(
        "OTC362",
        f"nothing fills in `{placeholder}` in `env`",
        text.span,
        "the run gets the text as it is",
        help="workers fill it in for the job's `name`; in a step, `prefect.runtime` "
        "knows the run",
    )


def _replaced(what: str, text: str) -> Iterator[re.Match[str]]:
    for found in _PLACEHOLDER.finditer(text):
        # Left to the worker, which knows the flow and its run.
        if what != _VARIABLES or not _OF_THE_RUN.match(found.group()):
            yield found


def _texts(context: Context) -> Iterator[tuple[str, Located[str]]]:
    config = context.config
    yield from _of_policies(config.policy, config.run_policy)
    yield from _if_given("the work pool", config.prefect.work_pool)
    yield from _if_given("`image`", config.prefect.image)
    for runner in config.runners:
        yield from _of_policies(runner.policy, runner.run_policy)
        for schedule in runner.schedules or ():
            for parameter in schedule.parameters:
                # An expression as the value itself is refused where it is lowered.
                for key in _keys(parameter.value):
                    yield f"the schedule's parameter `{parameter.name}`", key


def _environment(context: Context) -> Iterator[Located[str]]:
    config = context.config
    policies = (config.run_policy, *(runner.run_policy for runner in config.runners))
    for policy in policies:
        variables = policy.job_variables
        for entry in () if variables is None else variables:
            if entry.key.text == "env":
                yield from _strings(entry.value)


def _of_policies(
    policy: PolicyConfig, run_policy: RunPolicyConfig
) -> Iterator[tuple[str, Located[str]]]:
    for tag in policy.tags:
        yield "a tag", tag
    yield from _if_given("the work pool", run_policy.work_pool)
    yield from _if_given("the work queue", run_policy.work_queue)
    if run_policy.job_variables is not None:
        for text in _strings(run_policy.job_variables):
            yield _VARIABLES, text


def _if_given(
    what: str, text: Located[str] | None
) -> Iterator[tuple[str, Located[str]]]:
    if text is not None:
        yield what, text


def _strings(node: Node) -> Iterator[Located[str]]:
    match node:
        case Scalar():
            yield Located(node.text, node.span)
        case Mapping():
            for entry in node:
                yield Located(entry.key.text, entry.key.span)
                yield from _strings(entry.value)
        case Sequence():
            for item in node.items:
                yield from _strings(item)


def _keys(node: Node) -> Iterator[Located[str]]:
    match node:
        case Mapping():
            for entry in node:
                yield Located(entry.key.text, entry.key.span)
                yield from _keys(entry.value)
        case Sequence():
            for item in node.items:
                yield from _keys(item)
        case _:
            pass
