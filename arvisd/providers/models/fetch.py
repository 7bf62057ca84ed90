"""Fetches one file over HTTP: goes on where it was cut off, tries again, and notices when it became another file."""

from __future__ import annotations

import errno
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from arvisd.providers.models.errors import DownloadError, ModelRefusedError

PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds between tries; as many tries in a row may bring nothing before it is given up."""
_LONGEST_PAUSE = 60.0
"""What a server may ask for with Retry-After."""
_TIMEOUT = 30.0
"""Seconds without a byte."""
_PIECE = 256 * 1024
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may be gone at the next try."""

Progress = Callable[[int, int | None], object]
"""Told of the bytes that are there and of all, None where that is unknown."""
Pause = Callable[[float], None]
"""Waits some seconds; raises when it was cancelled."""


class _Part(msgspec.Struct):
    """What is known of a file that came in part, kept beside it."""

    url: str
    validator: str
    """ETag or Last-Modified: with another one it is another file."""
    total: int | None


class _CutOff(Exception):  # noqa: N818  (not an error: a reason to go on)
    """The connection ended too early; what came is kept."""


class Fetch:
    """One file on its way."""

    def __init__(self, url: str, place: Path, progress: Progress, pause: Pause = time.sleep) -> None:
        """Take what to fetch.

        Args:
            url: http or https.
            place: where it comes to be; until it is whole it lies beside, as `NAME.part`.
            progress: called with every piece.
            pause: waits between tries, and with 0 before every piece.
        """
        self._url = url
        self._place = place
        self._progress = progress
        self._pause = pause
        self._part = place.with_name(place.name + ".part")
        self._facts = place.with_name(place.name + ".part.json")
        self.total: int | None = None
        """Bytes that the server announced."""

    def run(self, room: Callable[[int], None] = lambda size: None) -> None:
        """Fetch it, whole.

        Args:
            room: called with the bytes that are still to come; raises when there is no room for them.

        Raises:
            DownloadError: it could not be fetched; the text says why.
        """
        tries = 0
        while True:
            before = self._size()
            asked: float | None = None
            try:
                self._once(room)
                break
            except urllib.error.HTTPError as error:
                reason, asked = f"the server answered {error.code} {error.reason}", _retry_after(error.headers)
                error.close()
                if error.code not in _PASSING:
                    raise DownloadError(f"{self._url}: {reason}") from error
            except (_CutOff, OSError, http.client.HTTPException) as error:
                if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                    raise ModelRefusedError(f"{self._url}: the disk of {self._part.parent} is full") from error
                reason = str(getattr(error, "reason", None) or error or type(error).__name__)
            tries = 0 if self._size() > before else tries + 1
            if tries > len(PAUSES):
                raise DownloadError(
                    f"{self._url}: {reason} (tried {tries} times; arvisd models pull goes on from here)"
                )
            self._pause(asked if asked is not None else PAUSES[max(0, tries - 1)])
        self._part.replace(self._place)
        self._facts.unlink(missing_ok=True)

    def _once(self, room: Callable[[int], None]) -> None:
        have = self._size()
        known = self._known()
        if known is None:
            have = 0
        request = urllib.request.Request(self._url, headers={"User-Agent": "arvisd", "Accept-Encoding": "identity"})  # noqa: S310  (the opener knows http and https alone)
        if have and known is not None:
            request.add_header("Range", f"bytes={have}-")
            request.add_header("If-Range", known.validator)
        try:
            response = _opener().open(request, timeout=_TIMEOUT)
        except urllib.error.HTTPError as error:
            if error.code == 416:  # what is there is as long as the file, or longer: start again
                self._part.unlink(missing_ok=True)
                raise _CutOff("the file has another length than before") from error
            raise
        with response:
            self._take(response, have, known, room)

    def _take(self, response: Any, have: int, known: _Part | None, room: Callable[[int], None]) -> None:
        length = _number(response.headers.get("Content-Length"))
        if response.status == 206 and known is not None:
            start, total = _content_range(response.headers.get("Content-Range", ""))
            if start != have or (known.total is not None and total is not None and total != known.total):
                self._part.unlink(missing_ok=True)
                raise _CutOff("the server went on at another place")
            self.total = total if total is not None else known.total
        else:
            have = 0
            self.total = length
            validator = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
            self._keep(_Part(self._url, "" if validator.startswith("W/") else validator, length))
        if self.total is not None:
            room(self.total - have)
        with self._part.open("r+b" if have else "wb") as file:
            file.seek(have)
            file.truncate()
            while True:
                self._pause(0)
                piece = response.read1(_PIECE)
                if not piece:
                    break
                file.write(piece)
                have += len(piece)
                self._progress(have, self.total)
        if self.total is not None and have < self.total:
            raise _CutOff(f"the connection ended after {have} of {self.total} bytes")
        if self.total is not None and have > self.total:
            self._part.unlink(missing_ok=True)
            raise _CutOff(f"more came than the {self.total} bytes announced")

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0

    def _known(self) -> _Part | None:
        """Return what is known of the part, None when it cannot be gone on with."""
        if not self._part.is_file():
            return None
        try:
            known = msgspec.json.decode(self._facts.read_bytes(), type=_Part)
        except (OSError, msgspec.DecodeError):
            return None
        return known if known.url == self._url and known.validator else None

    def _keep(self, facts: _Part) -> None:
        self._facts.write_bytes(msgspec.json.encode(facts))


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never from https to plain http."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """Return the request to go on with."""
        if urlsplit(req.full_url).scheme == "https" and urlsplit(newurl).scheme != "https":
            raise ModelRefusedError(f"{req.full_url}: leads on to {newurl}, which is not safe")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Return what opens http and https alone (no files, no ftp), with the proxies of the environment."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _retry_after(headers: Message | None) -> float | None:
    seconds = _number(headers.get("Retry-After")) if headers is not None else None
    return None if seconds is None else min(float(seconds), _LONGEST_PAUSE)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdecimal() else None


def _content_range(text: str) -> tuple[int | None, int | None]:
    """Return start and total of `bytes 100-199/200`."""
    span, _, total = text.removeprefix("bytes ").partition("/")
    return _number(span.partition("-")[0]), _number(total)
