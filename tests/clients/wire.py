"""Requests as somebody else's client writes them: nothing is added to the target, the headers or the body."""

import http.client
import json
import urllib.parse

from common import BASE_URL, KEY

HOST = urllib.parse.urlsplit(BASE_URL).netloc
JSON_API = "application/vnd.api+json"


def send(method, target, body=None, **headers):
    """One request, its target untouched. The answer: status, headers, text."""
    connection = http.client.HTTPConnection(HOST, timeout=30)
    headers = {"x-api-key": KEY, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if isinstance(body, dict):
        body = json.dumps(body)
    connection.request(method, target, body=body, headers=headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read().decode()


def read(method, target, body=None, status=200, **headers):
    """The JSON of an answer with the status that is due."""
    got, _, text = send(method, target, body, **headers)
    assert got == status, f"{method} {target}: {got} {text[:300]}"
    return json.loads(text) if text else None
