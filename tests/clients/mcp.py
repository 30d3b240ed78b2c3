"""An MCP server somebody else wrote, driven over standard input and output: mcp.py NAME COMMAND…

None of those for IT Glue is in a package registry, so this runs only where one was built by hand: `MCP_SERVERS` names a
folder with `NAME/dist/index.js` for those it knows. Every read tool is called with the arguments its own schema asks
for, and some writes; what the answers say is compared with the demo.
"""

import json
import os
import re
import subprocess
import sys

import common
from common import BASE_URL, KEY, check, get, run

NAME, COMMAND = sys.argv[1], sys.argv[2:]
ORGANIZATION, DOCUMENT = 4120387, 7301455
WAN = next(row["id"] for row in get("/flexible_asset_types")["data"] if row["attributes"]["name"].startswith("Internet"))
SECTION = get(f"/documents/{DOCUMENT}/relationships/sections")["data"][0]["id"]

# What a tool is about, by its name: the id of one, and a word its answer has to hold. The first that fits counts.
SUBJECTS = [
    ("document_section", SECTION, None),
    ("document_folder", 660012, "Imaging"),
    ("document", DOCUMENT, "Restart the imaging server"),
    ("flexible_asset_type", WAN, "Internet"),
    ("flexible_asset", 3300917, "Quayside fibre"),
    ("organization", ORGANIZATION, "Harbour & Pine Dental"),
    ("configuration", 9021177, "HPD-IMG01"),
    ("location", 700881, "Quayside clinic"),
    ("password", 6600421, "local admin"),
]
# Arguments by name, beside the id of the subject.
ARGUMENTS = {
    "organization_id": ORGANIZATION, "document_id": DOCUMENT, "flexible_asset_type_id": WAN, "section_id": SECTION,
    "resource_type": "documents", "resource_id": DOCUMENT, "page_size": 1000,
}  # fmt: skip
# A word by which the one in question is found where a list is long.
NAMES = {"organization": "Harbour & Pine Dental", "configuration": "HPD-IMG01"}


class Server:
    """The process, and one question after the other."""

    def __init__(self):
        environment = {**os.environ, "ITGLUE_BASE_URL": BASE_URL, "ITGLUE_API_KEY": KEY, "ITGLUE_REGION": "us"}
        self.process = subprocess.Popen(
            COMMAND, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.number = 0

    def say(self, message):
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()

    def ask(self, method, **params):
        self.number += 1
        self.say({"id": self.number, "method": method, "params": params})
        for line in self.process.stdout:
            answer = json.loads(line) if line.startswith("{") else {}
            if answer.get("id") == self.number and "method" not in answer:
                assert "error" not in answer, answer["error"]
                return answer["result"]
        raise AssertionError(f"{NAME} ended without an answer to {method}")

    def call(self, tool, arguments):
        """The text of an answer, and whether the tool calls it an error."""
        result = self.ask("tools/call", name=tool, arguments=arguments)
        return "\n".join(part.get("text", "") for part in result["content"]), bool(result.get("isError"))


server = Server()
TOOLS = {}


@check
def initialize_and_list_the_tools():
    hello = server.ask(
        "initialize", protocolVersion="2025-03-26", capabilities={}, clientInfo={"name": "gluepot-tests", "version": "1"}
    )
    assert hello["serverInfo"]["name"], hello
    server.say({"method": "notifications/initialized"})
    TOOLS.update({tool["name"]: tool["inputSchema"] for tool in server.ask("tools/list")["tools"]})
    assert len(TOOLS) > 5, TOOLS
    for tool in TOOLS:
        # A question in words goes to an index that has to be built first.
        if "query" not in TOOLS[tool].get("required", []) and re.search(r"(^|_)(list|get|search)_", tool) and subject(tool):
            common.CHECKS.append(reading(tool))


def subject(tool):
    """What a tool is about."""
    if "index" in tool or "vector" in tool or "metric" in tool:
        return None
    return next((one for one in SUBJECTS if one[0] in tool), None)


def arguments(tool, name, record):
    """What its schema asks for, and the name to look for where it takes one."""
    schema, chosen = TOOLS[tool], {}
    for key, kind in schema.get("properties", {}).items():
        one = re.search(r"(^|_)get_", tool) and key in ("id", f"{name}_id")
        if one:
            value = record
        elif key in ("name", "filter_name", "query") and name in NAMES:
            value = NAMES[name]
        elif key in schema.get("required", []) or key in ("page_size", "organization_id") and name != "organization":
            value = ARGUMENTS.get(key)
        else:
            continue
        if value is not None:
            chosen[key] = str(value) if kind.get("type") == "string" else int(value)
    return chosen


def reading(tool):
    """A check of one read tool."""
    name, record, word = subject(tool)

    def called():
        text, failed = server.call(tool, arguments(tool, name, record))
        assert not failed, text[:300]
        assert word is None or word in text.replace("&amp;", "&"), f"{word} is not in {text[:300]}"

    called.__name__ = f"{NAME}_{tool}"
    return called


@check
def a_document_is_made_written_published_and_taken_away():
    made = next(tool for tool in TOOLS if tool.endswith("create_document"))
    text, failed = server.call(made, {"organization_id": ORGANIZATION, "name": f"By {NAME}"})
    assert not failed, text
    rows = get(f"/organizations/{ORGANIZATION}/relationships/documents", **{"filter[document_folder_id]": "null", "page[size]": 1000})
    document = next(row for row in rows["data"] if row["attributes"]["name"] == f"By {NAME}")
    section = next(tool for tool in TOOLS if tool.endswith("create_document_section"))
    kind = {"document_id": int(document["id"]), "content": "<p>Written</p>"}
    for key, schema in TOOLS[section]["properties"].items():
        if key.endswith("_type"):
            kind[key] = next(value for value in schema.get("enum", ["Document::Text"]) if "text" in value.lower())
    text, failed = server.call(section, kind)
    assert not failed, text
    publish = next(tool for tool in TOOLS if tool.endswith("publish_document"))
    text, failed = server.call(publish, {"document_id": int(document["id"])})
    assert not failed, text
    assert "Written" in json.dumps(get(f"/documents/{document['id']}")["data"]["attributes"]["content"])


try:
    run()
finally:
    server.process.kill()
    server.process.wait()
