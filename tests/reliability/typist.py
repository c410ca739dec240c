"""Somebody who writes on a card over HTTP, as the page does: saves with a version, repeated until they are answered."""

import http.client
import json
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.reliability.ward import Desk

FIELD = "summary"
TIMEOUT = 10.0


@dataclass
class Typist:
    """acked: the last text that the server said it keeps. took: seconds of each save that was answered. errors: what else came back."""

    desk: Desk
    port: int
    version: int = 0
    token: str = ""
    cookie: str = ""
    acked: str = ""
    took: list[float] = field(default_factory=list[float])
    errors: list[str] = field(default_factory=list[str])
    retry_after: str | None = None

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """An answer's status and text; OSError or HTTPException where there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        headers = {"Cookie": self.cookie or self.desk.cookie, "Referer": f"http://127.0.0.1:{self.port}/"}
        body = None
        if data is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
            body = urlencode({**data, "csrf_token": self.token})
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            if given := answer.getheader("Set-Cookie"):
                self.cookie = given.split(";")[0]
            self.retry_after = answer.getheader("Retry-After")
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def open(self) -> str:
        """Open the card; the text that stands on it."""
        status, page = self.ask("GET", f"/scorecards/{self.desk.card}")
        assert status == 200, f"{status} {page[:300]}"
        self.token = _find(r'name="csrf_token" value="([^"]+)"', page)
        self.version = int(_find(r'name="version" value="(\d+)"', page))
        return _find(rf'name="{FIELD}"[^>]*>([^<]*)<', page).strip()

    def save(self, text: str) -> int:
        """Save the card's text; the answer's status, 0 where none came."""
        began = time.perf_counter()
        try:
            status, answer = self.ask("POST", f"/scorecards/{self.desk.card}/draft", {FIELD: text, "version": str(self.version)})
        except (OSError, http.client.HTTPException):
            return 0
        if status == 200:
            self.took.append(time.perf_counter() - began)
            self.version, self.acked = int(json.loads(answer)["version"]), text
        return status

    def submit(self) -> int:
        """Hand the card in with every mark given."""
        _, page = self.ask("GET", f"/scorecards/{self.desk.card}")
        marks = dict.fromkeys(re.findall(r'name="(given-[^"]+)"', page), "3")
        evidence = {name.replace("given-", "evidence-"): "Said so." for name in marks}
        whole = {"recommendation": "yes", "summary": "Fine.", "version": str(self.version), "do": "submit"}
        return self.ask("POST", f"/scorecards/{self.desk.card}", {**marks, **evidence, **whole})[0]


def _find(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, f"{pattern} is not on the page"
    return found.group(1)
