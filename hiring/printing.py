"""Documents and fonts: HTML to PDF in a process of its own, and the web fonts cut from the bundled Inter.

A web process keeps one printer: a child that has WeasyPrint loaded, reads a job from its stdin and writes the PDF to its
stdout. It knows no secret and no database, may fetch nothing but the drawings that came with the job, and is killed when
it takes too long or too much. This module runs as that child with `python -m hiring.printing`.
"""

import atexit
import gc
import hashlib
import importlib.util
import io
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Any
from xml.sax.saxutils import escape

from hiring.config import ROOT
from hiring.errors import NotFound, Unavailable

try:
    import resource  # how a process is kept to its share, where the system knows of it
except ImportError:
    resource = None

DEADLINE = 20
"""Seconds of work that a document may take: of the processor's time, so that a busy machine costs nobody their document."""
PATIENCE = 90
"""Seconds by the clock after which the child is killed whatever it does, and that one waits for a document before one's own."""
MEMORY = 2 * 1024**3
"""Bytes of address space of the child; a comparison of 6 takes about a quarter of it."""
RENEWED_AFTER = 500
HOME = "loopcard-print-"
"""How the child's own temporary folder begins."""
SCHEME = "loopcard:"
"""Drawings are named `loopcard:<name>` in a document; nothing else can be fetched."""
STYLESHEET = ROOT / "static" / "css" / "print.css"
WEB_FONTS = {"inter.woff2": "Inter[opsz,wght].ttf", "inter-italic.woff2": "Inter-Italic[opsz,wght].ttf"}
# Latin, Latin-1, Latin Extended-A, a few modifiers, punctuation, currency, letterlike, arrows, mathematics, shapes.
WEB_RANGES = ((0x20, 0x7E), (0xA0, 0x17F), (0x2C6, 0x2DD), (0x2000, 0x206F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2190, 0x21FF))
WEB_RANGES += ((0x2200, 0x22FF), (0x25A0, 0x25FF), (0x2713, 0x2717), (0xFFFD, 0xFFFD))
log = logging.getLogger(__name__)


def render_pdf(html: str, *, made_at: datetime | None, drawings: dict[str, str] | None = None) -> bytes:
    """The PDF of a document; the same arguments give the same bytes.

    made_at: the latest moment in its data, since a clock would make every copy differ. drawings: SVG by name.
    """
    job = {"html": html, "drawings": drawings or {}, "epoch": int(made_at.timestamp()) if made_at else 0, "seconds": DEADLINE}
    return _printer.run(json.dumps(job).encode())


@dataclass
class _Printer:
    """The one child of this process, started when it is first needed."""

    child: subprocess.Popen[bytes] | None = None
    owner: int = 0
    done: int = 0
    home: str = ""
    lock: Lock = field(default_factory=Lock)

    def run(self, job: bytes) -> bytes:
        if not self.lock.acquire(timeout=PATIENCE):
            raise Unavailable("Other documents are being made just now. Please try again in a minute.")
        try:
            return self._ask(job)
        finally:
            self.lock.release()

    def _ask(self, job: bytes) -> bytes:
        child = self._find_child()
        late = Timer(PATIENCE, child.kill)
        late.start()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            _write(child.stdin, job)
            answer = _read(child.stdout)
        except (OSError, EOFError) as error:
            self.stop()
            raise Unavailable("This document took too long or grew too large. Choose fewer candidates, or try again.") from error
        finally:
            late.cancel()
        self.done += 1
        status, payload = answer[:1], answer[1:]
        if status != b"p":
            log.error("a document was not made: %s", payload.decode(errors="replace"))
            raise Unavailable("This document could not be made. Please try again, or tell your admin.")
        return payload

    def _find_child(self) -> subprocess.Popen[bytes]:
        """The running child; a new one after a fork, a death, or its share of documents."""
        if self.owner != os.getpid():
            self.child, self.home, self.owner = None, "", os.getpid()
        if self.child is not None and (self.child.poll() is not None or self.done >= RENEWED_AFTER):
            self.stop()
        if self.child is None:
            self.home, self.done = tempfile.mkdtemp(prefix=HOME), 0
            self.child = subprocess.Popen(
                [sys.executable, "-m", "hiring.printing"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env={"FONTCONFIG_FILE": _write_font_settings(Path(self.home)), "HOME": self.home, "TMPDIR": self.home, "LANG": "C.UTF-8"},
            )
        return self.child

    def stop(self) -> None:
        """End the child and sweep up after it."""
        if self.child is not None and self.owner == os.getpid():
            self.child.kill()
            for pipe in (self.child.stdin, self.child.stdout):
                if pipe is not None:
                    _close(pipe)
            self.child.wait()
            shutil.rmtree(self.home, ignore_errors=True)
        self.child = None


def _close(pipe: IO[bytes]) -> None:
    """Close a pipe whose other end may be dead, with or without unsent bytes."""
    try:
        pipe.close()
    except OSError:
        log.debug("a pipe was broken already")


_printer = _Printer()
atexit.register(_printer.stop)


def _write(stream: IO[bytes], message: bytes) -> None:
    stream.write(len(message).to_bytes(8, "big") + message)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes:
    """The next message; raises EOFError where the other side is gone."""
    head = stream.read(8)
    message = stream.read(int.from_bytes(head, "big")) if len(head) == 8 else b""
    if not message or len(message) < int.from_bytes(head, "big"):
        raise EOFError
    return message


def _find_fonts() -> Path:
    """Where the bundled Inter lies."""
    spec = importlib.util.find_spec("fontpkg_inter")
    if spec is None or spec.origin is None:
        raise Unavailable("The bundled font is missing: run ./run again to install it.")
    return Path(spec.origin).parent / "files"


def _write_font_settings(folder: Path) -> str:
    """A fontconfig file that knows the bundled font, and the system's behind it for scripts that Inter lacks."""
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(_find_fonts()))}</dir><cachedir>{escape(str(folder))}</cachedir>"
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include></fontconfig>'
    )
    return str(path)


def find_web_font(name: str, instance_path: str) -> Path:
    """The WOFF2 of this name, made once for each installation; raises NotFound for other names."""
    if name not in WEB_FONTS:
        raise NotFound
    path = Path(instance_path) / "fonts" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
            part.write(_cut_font(_find_fonts() / WEB_FONTS[name]))
        Path(part.name).chmod(0o644)
        Path(part.name).replace(path)
    return path


def _cut_font(source: Path) -> bytes:
    """The font with the letters of WEB_RANGES at text size, all of its weights, as WOFF2."""
    from fontTools import subset  # noqa: PLC0415 - 60 MB that only the first start needs
    from fontTools.ttLib import TTFont  # noqa: PLC0415
    from fontTools.varLib.instancer import instantiateVariableFont  # noqa: PLC0415

    font = TTFont(source)
    options = subset.Options(flavor="woff2", layout_features=[*subset.Options().layout_features, "tnum", "cv11", "ss03", "case"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[letter for first, last in WEB_RANGES for letter in range(first, last + 1)])
    cutter.subset(font)
    font = instantiateVariableFont(font, {"opsz": None})
    buffer = io.BytesIO()
    font.flavor = "woff2"
    font.save(buffer)
    return buffer.getvalue()


class _Refused(Exception):
    """The document named something that is not its own."""


def _limit_memory() -> None:
    """Keep the child to its memory; no trace of a document may lie on the disk if it dies."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _limit_work(seconds: int) -> None:
    """Let the kernel end this process after so many more seconds of work."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _serve() -> None:
    """The child's life: a job in, a document or a fault out, until the parent closes the pipe."""
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between two documents
    _limit_memory()
    press = _make_press()
    gc.disable()  # layout makes no lasting circles worth a pause; what there is goes after the answer
    while True:
        try:
            job = _read(jobs)
        except EOFError:
            break
        try:
            told = json.loads(job)
            _limit_work(told.pop("seconds"))
            answer = b"p" + press(told)
        except Exception as error:  # noqa: BLE001 - any fault costs this document and no other; its words may hold marks
            answer = b"e" + type(error).__name__.encode()
        _write(answers, answer)
        gc.collect()
    home = Path(os.environ.get("TMPDIR", ""))  # the parent may have gone without sweeping up
    if home.name.startswith(HOME):
        shutil.rmtree(home, ignore_errors=True)


def _make_press() -> Any:
    """What turns a job into a PDF, with WeasyPrint, fonts and style sheet loaded once."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 - only the child pays for it
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OwnDrawings(URLFetcher):
        """Gives out the drawings of one job and remembers what else was asked for."""

        def __init__(self, drawings: dict[str, str]) -> None:
            super().__init__(allowed_protocols=())
            self.drawings, self.refused = drawings, 0

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
            drawing = self.drawings.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
            if drawing is None:
                self.refused += 1
                raise ValueError("refused")
            return URLFetcherResponse(url, drawing.encode(), {"Content-Type": "image/svg+xml"})

    fonts = FontConfiguration()
    style = CSS(string=STYLESHEET.read_text(), font_config=fonts, url_fetcher=OwnDrawings({}), base_url=SCHEME)

    def press(job: dict[str, Any]) -> bytes:
        os.environ["SOURCE_DATE_EPOCH"] = str(job["epoch"])
        fetcher = OwnDrawings(job["drawings"])
        document = HTML(string=job["html"], url_fetcher=fetcher, base_url=SCHEME)
        identifier = hashlib.sha256(json.dumps(job, sort_keys=True).encode()).digest()[:16]
        made = document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1", pdf_identifier=identifier.hex().encode())
        if fetcher.refused or made is None:
            raise _Refused
        return made

    return press


if __name__ == "__main__":
    _serve()
