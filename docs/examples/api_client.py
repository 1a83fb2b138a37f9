"""A client of the portal's API in forty lines, with nothing but Python's own library (Python 3.9 or newer)."""

import base64
import json
import time
import urllib.error
import urllib.request
import uuid


class Portal:
    def __init__(self, base: str, client_id: str, secret: str) -> None:
        self.base, self.basic = base, base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        self.token, self.until = "", 0.0

    def send(self, method: str, url: str, data: "bytes | None", headers: "dict[str, str]"):
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, dict(answer.headers), json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:  # problem+json: decide by its code
            return error.code, dict(error.headers), json.loads(error.read() or b"null")

    def bearer(self) -> str:
        if time.time() > self.until:
            form = {"Authorization": f"Basic {self.basic}", "Content-Type": "application/x-www-form-urlencoded"}
            told = self.send("POST", f"{self.base}/oauth/token", b"grant_type=client_credentials", form)[2]
            self.token, self.until = told["access_token"], time.time() + told["expires_in"] - 60
        return f"Bearer {self.token}"

    def call(self, method: str, path: str, body=None, tries: int = 5):
        data, headers = None if body is None else json.dumps(body).encode(), {"Content-Type": "application/json"}
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid.uuid4())  # the same one for every try: nothing is done twice
        url = path if path.startswith("http") else self.base + path
        for wait in range(tries):
            try:
                status, told, answer = self.send(method, url, data, {**headers, "Authorization": self.bearer()})
            except OSError:  # no answer: it may or may not have been done; the same key makes asking again safe
                status, told, answer = 0, {}, None
            if status == 401 and answer["code"] == "invalid_token":
                self.until = 0.0
            elif status not in (0, 429) and status < 500 and "Retry-After" not in told:
                return status, answer
            time.sleep(float(told.get("Retry-After", 0 if status == 401 else 2**wait)))
        raise RuntimeError(f"{method} {url}: {status} {answer}")

    def pages(self, path: str):
        while path:
            page = self.call("GET", path)[1]
            yield from page["items"]
            path = page["next"]
