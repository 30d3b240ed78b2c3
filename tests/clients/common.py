"""What the client tests share: the server's own answers to compare with, and the counting of checks."""

import json
import os
import traceback
import urllib.parse
import urllib.request

BASE_URL = os.environ["BASE_URL"]
KEY = os.environ["KEY"]
WEAK_KEY = os.environ["WEAK_KEY"]

CHECKS = []


def check(function):
    """Marks a function as a check; its docstring or name says what it holds."""
    CHECKS.append(function)
    return function


def run():
    """Runs the checks in order and prints a line for each."""
    failed = False
    for function in CHECKS:
        try:
            function()
            print("pass", function.__name__)
        except BaseException:  # A client may raise anything, SystemExit included.
            failed = True
            print("FAIL", function.__name__)
            traceback.print_exc()
    print("done")
    raise SystemExit(1 if failed else 0)


def get(path, **query):
    """One answer of the server, without any client between."""
    url = BASE_URL + path
    if query:
        url += "?" + urllib.parse.urlencode(query)
    request = urllib.request.Request(url, headers={"x-api-key": KEY})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


def everything(path, **query):
    """All rows of a list, page by page, by `meta`."""
    rows, page = [], 1
    while page:
        answer = get(path, **{**query, "page[size]": 1000, "page[number]": page})
        rows += answer["data"]
        page = answer["meta"]["next-page"]
    return rows


def ids(rows):
    """The ids of raw rows."""
    return [row["id"] for row in rows]


def expect(actual, wanted):
    """Fails unless both are the same."""
    assert actual == wanted, f"expected {wanted!r}, got {actual!r}"
