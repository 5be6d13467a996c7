"""Loads a model once a process, and says in one line why it cannot."""

import importlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from otac.components.hugging_face.model import LoadedModel
from otac.components.outcome import Fail

Device: TypeAlias = Literal["auto", "cpu", "cuda", "mps"]

_EXTRA = (
    '`HuggingFaceClassifier` needs transformers and PyTorch: pip install "otac[hf]", '
    'or "./otac[hf]" with a copy of the repository'
)

_loading = threading.Lock()
_models: dict[tuple[str, str], LoadedModel] = {}


class HubUnreachable(Exception):
    """The hub did not answer, or could not; a further attempt may end otherwise."""


class NotCached(Fail):
    """The model is not on this machine, and the hub is not to be asked."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    """Which model, and how to get it."""

    name: str
    token: str | None = field(repr=False)
    device: Device
    local_files_only: bool

    @property
    def folder(self) -> Path | None:
        """The folder that the name means; None for a model of the hub."""
        path = Path(self.name).expanduser()
        # On the hub names are `model` or `owner/model`, and nothing else.
        is_path = self.name[0] in ".~/" or "\\" in self.name or len(path.parts) > 2
        return path if is_path or path.is_absolute() or path.is_dir() else None


def loaded(source: ModelSource) -> LoadedModel:
    """The model, from memory if this process has it already. Safe to call from threads.

    Raises `Fail` for what will not change by itself, `HubUnreachable` for what may.
    """
    torch, transformers = _libraries()
    device = _device(torch, source.device)
    folder = source.folder
    name = source.name if folder is None else str(folder.resolve())
    model = _models.get((name, device))
    if model is not None:
        return model
    with _loading:
        if (name, device) not in _models:
            if folder is not None:
                _require_model(source.name, folder)
            _models[name, device] = _load(transformers, source, name, device)
        return _models[name, device]


def _libraries() -> tuple[Any, Any]:
    try:
        torch = importlib.import_module("torch")
        return torch, importlib.import_module("transformers")
    except ModuleNotFoundError as error:
        raise Fail(f"{_EXTRA} (there is no `{error.name}`)") from None
    except (ImportError, OSError) as error:
        # A library for another processor, or one of its own that is missing.
        raise Fail(f"{_EXTRA} ({_line(error)})") from None


def _device(torch: Any, wanted: Device) -> str:
    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if wanted == "auto":
        return next(device for device, is_there in there.items() if is_there)
    if not there[wanted]:
        raise Fail(f"PyTorch finds no `{wanted}` on this machine: write `device: auto`")
    return wanted


def _require_model(name: str, folder: Path) -> None:
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise Fail(f"the model folder `{name}` {what}")
    if not (folder / "config.json").is_file():
        raise Fail(f"folder `{name}` holds no model: it has no `config.json`")


def _load(
    transformers: Any, source: ModelSource, name: str, device: str
) -> LoadedModel:
    options = {"token": source.token, "local_files_only": source.local_files_only}
    bars = transformers.utils.logging
    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    problem: Exception
    try:
        network, report = (
            transformers.AutoModelForSequenceClassification.from_pretrained(
                name, output_loading_info=True, **options
            )
        )
        if report["missing_keys"] or report["mismatched_keys"]:
            problem = _untrained(source, network.config)
        else:
            tokenizer = transformers.AutoTokenizer.from_pretrained(name, **options)
            return LoadedModel(network, tokenizer, device)
    except Exception as error:  # noqa: BLE001
        problem = _explain(error, source)
    finally:
        if shown:
            bars.enable_progress_bar()
    # Out here, so that it does not carry the other one, which may hold a request.
    raise problem


def _untrained(source: ModelSource, config: Any) -> Fail:
    """Transformers fills in what is not there with random numbers."""
    made_for = ", ".join(config.architectures or ["nothing that it says"])
    return Fail(
        f"model `{source.name}` is not trained to classify texts: parts of it are"
        f" missing (it was saved as {made_for})"
    )


def _explain(error: Exception, source: ModelSource) -> Exception:
    model, links = f"model `{source.name}`", list(_chain(error))
    names = {base.__name__ for link in links for base in type(link).__mro__}
    status = next(filter(None, map(_status, links)), None)
    if source.folder is not None:
        return Fail(f"{model} cannot be loaded: {_clean(error, source)}")
    if "HFValidationError" in names:
        return Fail(f"`{source.name}` is neither a folder nor a name the hub can have")
    if "GatedRepoError" in names:
        return Fail(
            f"{model} asks for consent: accept its terms on the hub and set `api_token`"
        )
    if status in (401, 403, 404) or "RepositoryNotFoundError" in names:
        given = "this `api_token`" if source.token else "no `api_token`"
        return Fail(f"the hub has no {model}, or does not show it to {given}")
    if source.local_files_only or "OfflineModeIsEnabled" in names:
        return NotCached(f"{model} is not in the cache, and the hub is not to be asked")
    if status is not None or names & {"LocalEntryNotFoundError", "ConnectionError"}:
        answer = "did not answer" if status is None else f"answered {status}"
        return HubUnreachable(f"{model} cannot be fetched: the hub {answer}")
    return Fail(f"{model} cannot be loaded: {_clean(error, source)}")


def _status(error: BaseException) -> int | None:
    """The HTTP status that an exception of the hub's client carries."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) and status >= 400 else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _clean(error: Exception, source: ModelSource) -> str:
    line = _line(error)
    return line.replace(source.token, "***") if source.token else line


def _line(error: Exception) -> str:
    text = next(iter(str(error).strip().splitlines()), "")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
