"""Fetches a small text from the web: within a time, within a size, over HTTP and nothing else."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from arvisd import __version__
from arvisd.core.errors import ArvisError

SECONDS = 20.0
"""For one address, name look-up and all."""
MAX_BYTES = 1024 * 1024
"""The largest blueprints that people share have 200 kB."""
_CHUNK = 64 * 1024


class FetchError(ArvisError):
    """An address cannot be fetched."""


def fetch(url: str, seconds: float = SECONDS) -> bytes:
    """Return what is at an address; raise FetchError.

    A thread does it, so that a name server which never answers does not hold up anybody.
    """
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise FetchError(f"{url}: only addresses that begin with https:// or http:// can be fetched")
    work = _Work(url, seconds)
    thread = threading.Thread(target=work.run, name="fetch", daemon=True)
    thread.start()
    thread.join(seconds + 1)
    if work.failure is not None:
        raise work.failure
    if work.content is None:
        raise FetchError(f"{url}: no answer within {seconds:.0f} s")
    return work.content


class _Work:
    """One address being fetched."""

    def __init__(self, url: str, seconds: float) -> None:
        self.content: bytes | None = None
        self.failure: FetchError | None = None
        self._url = url
        self._seconds = seconds

    def run(self) -> None:
        try:
            self.content = self._fetch()
        except urllib.error.HTTPError as error:
            self.failure = FetchError(f"{self._url}: {error.code} {error.reason}")
        except urllib.error.URLError as error:
            self.failure = FetchError(f"{self._url}: {getattr(error.reason, 'strerror', None) or error.reason}")
        except TimeoutError:
            self.failure = FetchError(f"{self._url}: no answer within {self._seconds:.0f} s")
        except (OSError, ValueError) as error:
            self.failure = FetchError(f"{self._url}: {error}")
        except FetchError as error:
            self.failure = error

    def _fetch(self) -> bytes:
        ends = time.monotonic() + self._seconds
        request = urllib.request.Request(  # noqa: S310  # the scheme was looked at
            self._url, headers={"User-Agent": f"arvisd/{__version__}", "Accept": "*/*"}
        )
        with _opener().open(request, timeout=self._seconds) as answer:
            parts: list[bytes] = []
            size = 0
            while part := answer.read1(_CHUNK):
                parts.append(part)
                size += len(part)
                if size > MAX_BYTES:
                    raise FetchError(
                        f"{self._url}: it has more than {MAX_BYTES // 1048576} MB, no blueprint is so large"
                    )
                if time.monotonic() > ends:
                    raise TimeoutError
            return b"".join(parts)


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener that knows HTTP alone: a redirection to a file or to FTP leads nowhere."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
