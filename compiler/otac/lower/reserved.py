"""Names that generated code must keep free.

Written out, not asked of `keyword`, `builtins` and `sys`: the same configuration gives the
same names under every Python version.
"""


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
