"""One request and its answer, whatever the server does.

httpx limits the time of each read, so that a server that sends a byte a second is waited for
for ever; and it follows redirects to other hosts with all headers but one.
"""

import threading
import time

import httpx

from otac.address import without_login

MOST_BYTES = 64 * 1024 * 1024
"""Of one answer; 500 deployments are 2 MB."""

_MOST_REDIRECTS = 5


class Unfit(Exception):
    """The answer is none that is of use; the message says why, without credentials."""


def exchange(
    client: httpx.Client,
    method: str,
    path: str,
    body: object,
    headers: dict[str, str],
    seconds: float,
) -> httpx.Response:
    """The whole answer, within so many seconds of real time.

    Raises Unfit, or httpx's errors: ReadTimeout where the answer is not complete in time.
    """
    request = client.build_request(method, path, json=body, headers=headers)
    done: list[httpx.Response | Exception] = []
    stop = threading.Event()

    def work() -> None:
        try:
            done.append(_followed(client, request, stop))
        except Exception as problem:  # noqa: BLE001
            done.append(problem)

    # A thread, since nothing else can leave a read that goes on; it dies with the process.
    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    # In portions: a wait without end cannot be interrupted everywhere.
    ends = time.monotonic() + seconds
    while worker.is_alive() and (left := ends - time.monotonic()) > 0:
        worker.join(min(left, 1.0))
    if not done:
        stop.set()
        raise httpx.ReadTimeout("the answer is not complete", request=request)
    if isinstance(done[0], Exception):
        raise done[0]
    return done[0]


def _followed(
    client: httpx.Client, request: httpx.Request, stop: threading.Event
) -> httpx.Response:
    for _ in range(_MOST_REDIRECTS):
        answer = _whole(client, request, stop)
        further = answer.next_request
        if further is None:
            return answer
        target = without_login(str(further.url))
        if not _is_same_place(request.url, further.url):
            # With it would go the key, the headers of the user and what is stored.
            raise Unfit(f"it redirects to another place, `{target}`")
        if further.method != request.method:
            raise Unfit(f"it redirects to `{target}`")
        request = further
    raise Unfit("it redirects again and again")


def _whole(
    client: httpx.Client, request: httpx.Request, stop: threading.Event
) -> httpx.Response:
    answer = client.send(request, stream=True)
    try:
        content = bytearray()
        for portion in answer.iter_bytes():
            content += portion
            if len(content) > MOST_BYTES:
                raise Unfit(f"its answer is larger than {MOST_BYTES // 2**20} MB")
            if stop.is_set():
                break
    finally:
        answer.close()
    date = {"date": answer.headers["date"]} if "date" in answer.headers else {}
    whole = httpx.Response(
        answer.status_code, headers=date, content=bytes(content), request=request
    )
    whole.next_request = answer.next_request
    return whole


def _is_same_place(one: httpx.URL, other: httpx.URL) -> bool:
    """The same host and port, or the same host with encryption."""
    if one.host != other.host:
        return False
    safer = (one.scheme, other.scheme) == ("http", "https")
    ports = [_port(one), _port(other)]
    return (one.scheme == other.scheme and ports[0] == ports[1]) or (
        safer and ports == [80, 443]
    )


def _port(url: httpx.URL) -> int | None:
    return url.port or {"http": 80, "https": 443}.get(url.scheme)
