"""Clients that no package registry has, by what they put on the wire and what they do with the answer.

Each check sends what one of them sends (path, query as it spells it, headers, body) and reads the answer the way its
source does: Private-Universe/itglue (Go, strict types), b-loyola/itglue (Ruby), ITGlueAPI and Celerium.ITGlue
(PowerShell), Anteris-Dev/itglue (PHP), the nodes for n8n of redanthrax and Earney-IT, jason-sager/itglue-mcp-server, selic/mcp-itglue, wyre-technology/itglue-mcp, veeemlab/itglue-mcp and node-it-glue
(TypeScript).
"""

import base64
import datetime
import json
import urllib.parse

from common import BASE_URL, check, everything, expect, get, ids, run
from wire import JSON_API, read, send

ORGANIZATIONS = everything("/organizations")
TYPES = everything("/flexible_asset_types")
CONFIGURATIONS = everything("/configurations")
PASSWORDS = everything("/passwords")
ORGANIZATION = "4120387"


# --- Go: encoding/json refuses a value of another type, and takes null for "leave it as it is"


def go(value, kind, where):
    """Fails where `json.Unmarshal` into this type would."""
    if value is None or kind is any:
        return
    if kind is datetime.datetime:
        assert isinstance(value, str), f"{where}: {value!r} is no time"
        # time.Time wants RFC 3339 with a zone; a bare date or "" is an error.
        assert value.endswith("Z") and "T" in value, f"{where}: {value!r} is not RFC 3339"
        datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    elif kind is int:
        assert isinstance(value, int) and not isinstance(value, bool), f"{where}: {value!r} is no int"
        assert value < 2**63, f"{where}: {value} overflows"
    elif isinstance(kind, dict):
        assert isinstance(value, dict), f"{where}: {value!r} is no struct"
        for key, inner in kind.items():
            go(value.get(key), inner, f"{where}.{key}")
    elif isinstance(kind, list):
        assert isinstance(value, list), f"{where}: {value!r} is no slice"
        for at, item in enumerate(value):
            go(item, kind[0], f"{where}[{at}]")
    else:
        assert isinstance(value, kind), f"{where}: {value!r} is no {kind.__name__}"


TIME = datetime.datetime
META = {"current-page": int, "next-page": any, "prev-page": any, "total-pages": int, "total-count": int, "filters": {}}
GO_TYPES = {
    "/organizations": {
        "name": str, "description": str, "organization-type-id": int, "organization-type-name": str,
        "organization-status-id": int, "organization-status-name": str, "logo": str, "quick-notes": str,
        "short-name": str, "created-at": str, "updated-at": str,
    },
    "/passwords": {
        "organization-id": int, "organization-name": str, "resource-url": str, "restricted": bool, "my-glue": bool,
        "name": str, "autofill-selectors": any, "username": str, "url": str, "notes": str, "password-updated-at": TIME,
        "updated-by": int, "updated-by-type": str, "resource-id": int, "cached-resource-type-name": str,
        "cached-resource-name": str, "password-category-id": int, "password-category-name": str, "created-at": TIME,
        "updated-at": TIME, "otp-enabled": bool, "password-folder-id": int, "resource-type": str, "parent-url": str,
        "vault-id": int, "archived": bool, "password": str,
    },
    "/flexible_asset_types": {
        "name": str, "description": str, "created-at": TIME, "updated-at": TIME, "icon": str, "enabled": bool,
    },
    "/organization_types": {"name": str, "created-at": TIME, "updated-at": TIME, "synced": bool},
    "/organization_statuses": {"name": str, "created-at": TIME, "updated-at": TIME, "synced": bool},
    "/users": {
        "first-name": str, "last-name": str, "name": str, "role-name": str, "email": str, "invitation-sent-at": TIME,
        "invitation-accepted-at": TIME, "current-sign-in-at": TIME, "current-sign-in-ip": str, "last-sign-in-at": TIME,
        "last-sign-in-ip": str, "reputation": int, "created-at": TIME, "updated-at": TIME, "my-glue-account-id": any,
        "avatar": str, "my-glue": bool,
    },
    "/user_metrics": {
        "user-id": int, "organization-id": int, "created": int, "viewed": int, "edited": int, "deleted": int,
        "date": str, "resource-type": str,
    },
}  # fmt: skip
GO_FIELD = {
    "order": int, "name": str, "kind": str, "hint": any, "decimals": int, "tag-type": any, "required": bool,
    "use-for-title": bool, "expiration": bool, "show-in-list": bool, "name-key": str, "created-at": TIME,
    "updated-at": TIME, "flexible-asset-type-id": int, "default-value": any,
}  # fmt: skip


def go_record(attributes):
    return {"id": str, "type": str, "attributes": attributes, "relationships": {}}


def go_get(path, page, raw=""):
    return read("GET", f"{path}?{raw}&page[number]={page}", content_type=JSON_API, cache_control="no-cache")


@check
def go_lists_unmarshal_page_by_page():
    for path, attributes in GO_TYPES.items():
        page = 1
        while page:
            answer = go_get(path, page)
            go(answer, {"data": [go_record(attributes)], "meta": META, "links": {}}, path)
            page = answer["meta"]["next-page"]


@check
def go_fields_and_assets_unmarshal_and_filters_take_the_raw_query():
    for kind in TYPES:
        path = f"/flexible_asset_types/{kind['id']}/relationships/flexible_asset_fields"
        go(go_get(path, 1), {"data": [go_record(GO_FIELD)], "meta": META}, path)
        answer = go_get("/flexible_assets", 1, f"filter[flexible_asset_type_id]={kind['id']}")
        go(answer["data"], [{"id": str, "attributes": {"traits": {}}}], "/flexible_assets")
        one = answer["data"][0]["id"]
        expect(read("GET", f"/flexible_assets/{one}?")["data"]["id"], one)


@check
def go_writes_send_every_field_with_its_zero():
    """Go writes "no id" as 0, "no text" as "" and a time nobody set as the year 1."""
    nobody = "0001-01-01T00:00:00Z"
    attributes = {
        "organization-id": int(ORGANIZATION), "organization-name": "", "resource-url": "", "restricted": False,
        "my-glue": False, "name": "Made by Go", "autofill-selectors": None, "username": "svc", "url": "", "notes": "",
        "password-updated-at": nobody, "updated-by": 0, "updated-by-type": "", "resource-id": 0,
        "cached-resource-type-name": "", "cached-resource-name": "", "password-category-id": 0,
        "password-category-name": "", "created-at": nobody, "updated-at": nobody, "otp-enabled": False,
        "password-folder-id": 0, "resource-type": "", "parent-url": "", "vault-id": 0, "archived": False,
        "password": "willow-Anchor-7",
    }  # fmt: skip
    body = {
        "data": {"id": "", "type": "passwords", "attributes": attributes, "relationships": {}},
        "meta": {"current-page": 0, "next-page": None, "prev-page": None, "total-pages": 0, "total-count": 0, "filters": {}},
        "links": {},
    }
    made = read("POST", "/passwords?", body, status=201, content_type=JSON_API)
    go(made, {"data": go_record(GO_TYPES["/passwords"])}, "POST /passwords")
    assert made["data"]["attributes"]["created-at"] > "2026"
    expect(made["data"]["attributes"]["resource-id"], None)
    assert "password" not in made["data"]["attributes"], "a write shows the value only when asked"
    one = f"/passwords/{made['data']['id']}"
    expect(read("GET", f"{one}?")["data"]["attributes"]["password"], "willow-Anchor-7")
    attributes["name"] = "Renamed by Go"
    changed = read("PATCH", f"{one}?", body, content_type=JSON_API)
    expect(changed["data"]["attributes"]["name"], "Renamed by Go")
    read("DELETE", f"{one}?", content_type=JSON_API)
    read("GET", f"{one}?", status=404)


# --- Ruby: nested hashes become filter[x]=y, arrays filter[x][]=y; `links.next` is followed with the size added again


@check
def ruby_follows_the_next_link_until_meta_says_there_is_none():
    target, seen = "/configurations?page[size]=100", []
    while True:
        answer = read("GET", target, content_type=JSON_API)
        seen += answer["data"]
        if answer["meta"]["next-page"] is None:
            break
        target = answer["links"]["next"].removeprefix(BASE_URL) + "&page[size]=100"
    expect(sorted(ids(seen)), sorted(ids(CONFIGURATIONS)))
    expect(sorted(int(row["id"]) for row in seen), sorted(int(row["id"]) for row in CONFIGURATIONS))


@check
def ruby_filters_and_nested_paths():
    name = urllib.parse.quote_plus(CONFIGURATIONS[0]["attributes"]["name"])
    answer = read("GET", f"/configurations?filter%5Bname%5D={name}&page%5Bsize%5D=500", content_type=JSON_API)
    assert CONFIGURATIONS[0]["id"] in ids(answer["data"])
    first, second = ids(CONFIGURATIONS)[:2]
    both = f"filter[id][]={first}&filter[id][]={second}&page[size]=500"
    expect(sorted(ids(read("GET", f"/configurations?{both}")["data"])), sorted([first, second]))
    path = f"/configurations/{first}/relationships/configuration_interfaces?page[size]=500"
    assert all(row["attributes"]["configuration-id"] == int(first) for row in read("GET", path)["data"])


# --- PowerShell: Invoke-RestMethod, a charset behind the content type, lists by meta.total-pages


@check
def powershell_counts_its_pages():
    page, total, rows = 0, 1, []
    while page < total:
        page += 1
        answer = read("GET", f"/passwords?page[size]=100&page[number]={page}&sort=-updated-at&include=updater")
        total = answer["meta"]["total-pages"]
        rows += answer["data"]
    expect(len(rows), answer["meta"]["total-count"])
    expect(sorted(ids(rows)), sorted(ids(PASSWORDS)))


@check
def powershell_reads_everything_it_has_a_command_for():
    kind = {"content_type": f"{JSON_API}; charset=utf-8"}
    org = f"/organizations/{ORGANIZATION}/relationships"
    document = read("GET", f"{org}/documents")["data"][0]["id"]
    folder = read("GET", f"{org}/document_folders?sort=-created_at&filter[parent_id]=0")["data"][0]["id"]
    for target in [
        f"{org}/documents/{document}?include=attachments",
        f"/documents/{document}?include=related_items",
        f"/documents/{document}/relationships/sections",
        f"{org}/document_folders/{folder}?include=ancestors",
        f"{org}/checklists",
        f"{org}/domains?include=passwords",
        f"{org}/expirations?sort=-expiration_date&filter[range][expiration_date]=2026-01-01,*",
        f"{org}/locations?filter[city]=Portland",
        f"{org}/contacts?filter[important]=true",
        f"{org}/passwords?filter[archived]=0",
        "/configurations?filter[rmm_id]=1&filter[rmm_integration_type]=ninja-rmm",
        "/countries?filter[iso]=US",
        "/copilot_smart_assist/documents?filter[type]=stale",
        "/groups?include=users",
        "/logs?filter[created_at]=2026-11-01,*&page[size]=10",
        "/models?sort=-id",
        "/operating_systems",
        "/platforms",
        "/regions?filter[country_id]=1",
        "/user_metrics?filter[date]=2026-11-13,2026-11-19",
        "/users?filter[role_name]=Administrator",
        "/exports",
    ]:
        assert "data" in read("GET", target), target
    made = read("POST", f"{org}/documents", {"data": {"type": "documents", "attributes": {"name": "PS"}}}, 201, **kind)
    one = f"{org}/documents/{made['data']['id']}"
    read("PATCH", f"{one}/publish", **kind)
    read("DELETE", f"{org}/documents", {"data": [{"type": "documents", "attributes": {"id": made["data"]["id"]}}]}, **kind)
    read("GET", one, status=404)


READABLE = (
    "checklist_templates checklists configuration_statuses configuration_types configurations contact_types contacts "
    "countries expirations exports flexible_asset_types groups locations manufacturers models operating_systems "
    "organization_statuses organization_types organizations password_categories passwords platforms regions users"
).split()
NESTED = (
    "checklists configurations contacts document_folders documents domains expirations locations password_folders passwords"
).split()


def powershell(method, target, data=None, status=None):
    """A write as `Invoke-RestMethod` sends it: `data` is one record or an array of them."""
    body = None if data is None else {"data": data}
    status = status or (201 if method == "POST" else 200)
    return read(method, target, body, status, content_type=f"{JSON_API}; charset=utf-8")["data"]


@check
def powershell_finds_every_list_and_record_of_its_catalogue():
    org = f"/organizations/{ORGANIZATION}/relationships"
    first = {}
    for path in READABLE:
        first[path] = read("GET", f"/{path}?page[size]=1")["data"][0]["id"]
        expect(read("GET", f"/{path}/{first[path]}")["data"]["id"], first[path])
    for path in NESTED:
        one = read("GET", f"{org}/{path}?page[size]=1")["data"][0]["id"]
        if path != "domains":
            expect(read("GET", f"{org}/{path}/{one}")["data"]["id"], one)
    machine = next(row["id"] for row in CONFIGURATIONS if row["attributes"]["primary-ip"])
    country = next(row for row in get("/regions")["data"])["attributes"]["country-id"]
    maker = next(row for row in get("/models")["data"])["attributes"]["manufacturer-id"]
    for holder, path, flat in [
        (f"/countries/{country}", "regions", "/regions"),
        (f"/manufacturers/{maker}", "models", "/models"),
        (f"/configurations/{machine}", "configuration_interfaces", "/configuration_interfaces"),
        (f"/flexible_asset_types/{TYPES[0]['id']}", "flexible_asset_fields", "/flexible_asset_fields"),
    ]:
        one = read("GET", f"{holder}/relationships/{path}")["data"][0]
        expect(read("GET", f"{holder}/relationships/{path}/{one['id']}")["data"]["id"], one["id"])
        expect(read("GET", f"{flat}/{one['id']}")["data"]["attributes"], one["attributes"])
    for path in ["/domains", "/logs", "/user_metrics", "/copilot_smart_assist/documents?filter[type]="]:
        assert read("GET", path)["data"], path
    # `-AllResults` of the older module asks for one page more than there are.
    pages = get("/passwords")["meta"]["total-pages"]
    expect(read("GET", f"/passwords?page[number]={pages + 1}")["data"], [])


@check
def powershell_makes_changes_and_deletes_what_lives_in_an_organization():
    org = f"/organizations/{ORGANIZATION}/relationships"
    kind = read("GET", "/configuration_types")["data"][0]["id"]
    for path, attributes, change in [
        ("configurations", {"name": "PS-01", "configuration-type-id": kind}, {"notes": "changed"}),
        ("contacts", {"first-name": "Pat"}, {"title": "changed"}),
        ("locations", {"name": "PS depot"}, {"city": "changed"}),
        ("passwords", {"name": "PS secret", "password": "x"}, {"username": "changed"}),
        ("documents", {"name": "PS document"}, {"name": "changed"}),
    ]:
        made = [
            powershell("POST", f"{org}/{path}", {"type": path, "attributes": attributes}),
            powershell("POST", f"/{path}/", {"type": path, "attributes": {**attributes, "organization_id": ORGANIZATION}}),
        ]
        key, value = next(iter(change.items()))
        record = {"type": path, "attributes": change}
        for target in [f"/{path}/{made[0]['id']}", f"{org}/{path}/{made[0]['id']}"]:
            expect(powershell("PATCH", target, record)["attributes"][key], value)
        many = [{"type": path, "attributes": {"id": one["id"], **change}} for one in made]
        expect([one["attributes"][key] for one in powershell("PATCH", f"/{path}", many)], [value] * 2)
        # A single record of a bulk command is no array.
        gone = powershell("DELETE", f"/{path}", {"type": path, "attributes": {"id": int(made[0]["id"])}})
        expect(ids(gone), [made[0]["id"]])
        expect(ids(powershell("DELETE", f"{org}/{path}", many[1:])), [made[1]["id"]])
    for path in ["document_folders", "password_folders"]:
        made = powershell("POST", f"{org}/{path}", {"type": path, "attributes": {"name": "PS folder"}})
        record = {"type": path, "attributes": {"id": int(made["id"]), "name": "changed"}}
        expect(powershell("PATCH", f"{org}/{path}/{made['id']}", record)["attributes"]["name"], "changed")
        expect(len(powershell("PATCH", f"/{path}", [record])), 1)
        powershell("DELETE", f"{org}/{path}", record)
    task = read("GET", "/checklists")["data"][0]
    record = {"type": "checklists", "attributes": {"id": int(task["id"]), "due-date": "2027-01-31"}}
    expect(powershell("PATCH", f"/checklists/{task['id']}", record)["attributes"]["due-date"], "2027-01-31")
    expect(len(powershell("PATCH", "/checklists", [record])), 1)


@check
def powershell_makes_and_changes_lists_of_choices_types_groups_and_organizations():
    for path in (
        "configuration_statuses configuration_types contact_types groups manufacturers models organization_statuses "
        "organization_types organizations password_categories"
    ).split():
        made = powershell("POST", f"/{path}/", {"type": path, "attributes": {"name": f"PS {path}"}})
        record = {"type": path, "attributes": {"id": made["id"], "name": f"PS {path} 2"}}
        expect(powershell("PATCH", f"/{path}/{made['id']}", record)["attributes"]["name"], f"PS {path} 2")
        if path in ("models", "organizations"):
            expect(len(powershell("PATCH", f"/{path}", [record])), 1)
        if path == "organizations":
            powershell("DELETE", f"/{path}/", [record])
        if path in ("groups", "organization_statuses"):
            read("DELETE", f"/{path}/{made['id']}")
    attributes = {"name": "PS type", "icon": "cubes", "description": "x", "enabled": True, "show_in_menu": True}
    fields = [{"type": "flexible_asset_fields", "attributes": {"name": "Host name", "kind": "Text", "required": True,
               "use_for_title": True, "show_in_list": True, "order": 1}}]  # fmt: skip
    kind = powershell("POST", "/flexible_asset_types", {
        "type": "flexible_asset_types", "attributes": attributes,
        "relationships": {"flexible_asset_fields": {"data": fields}},
    })["id"]  # fmt: skip
    field = {"name": "Size", "kind": "Number", "flexible_asset_type_id": int(kind)}
    field = powershell("POST", "/flexible_asset_fields/", {"type": "flexible_asset_fields", "attributes": field})
    expect((field["attributes"]["name-key"], field["attributes"]["order"]), ("size", 2))
    record = {"type": "flexible_asset_fields", "attributes": {"id": field["id"], "hint": "in TB"}}
    expect(powershell("PATCH", "/flexible_asset_fields", [record])[0]["attributes"]["hint"], "in TB")
    attributes = {"organization_id": ORGANIZATION, "flexible_asset_type_id": kind, "traits": {"host_name": "A", "size": "2"}}
    made = [
        powershell("POST", "/flexible_assets/", {"type": "flexible_assets", "attributes": attributes}),
        powershell("POST", f"/organizations/{ORGANIZATION}/relationships/flexible_assets",
                   [{"type": "flexible_assets", "attributes": attributes}])[0],
    ]  # fmt: skip
    expect(made[0]["attributes"]["traits"], {"host-name": "A", "size": 2})
    many = [{"type": "flexible_assets", "attributes": {"id": one["id"], "traits": {"host-name": "B"}}} for one in made]
    for one in powershell("PATCH", "/flexible_assets", many):
        expect((one["attributes"]["name"], one["attributes"]["traits"]), ("B", {"host-name": "B"}))
    read("DELETE", f"/flexible_assets/{made[0]['id']}", content_type=JSON_API)
    powershell("DELETE", "/flexible_assets", many[1:])
    read("DELETE", f"/flexible_asset_types/{kind}/relationships/flexible_asset_fields/{field['id']}")
    machine = CONFIGURATIONS[0]["id"]
    attributes = {"configuration-id": int(machine), "name": "LAN", "ip-address": "10.0.0.7"}
    made = powershell("POST", "/configuration_interfaces", {"type": "configuration_interfaces", "attributes": attributes})
    record = {"type": "configuration_interfaces", "attributes": {"id": made["id"], "notes": "uplink"}}
    expect(powershell("PATCH", "/configuration_interfaces", [record])[0]["attributes"]["notes"], "uplink")
    user = read("GET", "/users")["data"][0]
    record = {"type": "users", "attributes": {"reputation": user["attributes"]["reputation"]}}
    expect(powershell("PATCH", f"/users/{user['id']}", record)["id"], user["id"])
    made = powershell("POST", "/exports", {"type": "exports", "attributes": {"organization_id": ORGANIZATION}})
    read("DELETE", f"/exports/{made['id']}")


# --- PHP, n8n: trailing slashes, commas escaped in values, ids beside the attributes of bulk writes


@check
def php_builds_its_queries_by_hand():
    """Anteris-Dev/itglue: `/contacts/?…`, brackets as they are, `where` twice means or, `\\,` is a comma."""
    rows = read("GET", "/contacts/?page[size]=2&sort=-last_name")["data"]
    last = [urllib.parse.quote(row["attributes"]["last-name"].replace(",", "\\,")) for row in rows]
    found = read("GET", f"/contacts/?filter[last_name]={','.join(last)}&page[size]=1000")["data"]
    assert set(ids(rows)) <= set(ids(found))
    one = CONFIGURATIONS[0]["id"]
    expect(read("GET", f"/configurations/{one}?refresh=cache")["data"]["id"], one)
    # Its parser takes every relationship for one record or an array of them, each with id and type.
    shown = read("GET", f"/configurations/{one}?include=related_items,location,passwords,configuration_interfaces")
    for relationship in shown["data"]["relationships"].values():
        data = relationship["data"] or []
        for link in data if isinstance(data, list) else [data]:
            assert any(record["id"] == link["id"] for record in shown["included"]), link


@check
def n8n_puts_the_id_beside_the_attributes():
    """Both nodes for n8n: bulk writes as `{"type", "id", "attributes"}`, the last page is the one that is not full."""
    body = {"data": {"type": "contacts", "attributes": {"first-name": "N", "organization-id": ORGANIZATION}}}
    made = [read("POST", "/contacts", body, 201, content_type=JSON_API)["data"]["id"] for _ in range(2)]
    many = [{"type": "contacts", "id": one, "attributes": {"title": "n8n"}} for one in made]
    changed = read("PATCH", "/contacts", {"data": many}, content_type=JSON_API)["data"]
    expect([row["attributes"]["title"] for row in changed], ["n8n", "n8n"])
    many = [{"type": "contacts", "id": one} for one in made]
    read("DELETE", "/contacts", {"data": many}, content_type=JSON_API)
    page, rows = 1, []
    while len(rows) == 100 * (page - 1):
        rows += read("GET", f"/configurations?page[size]=100&page[number]={page}", accept="application/json")["data"]
        page += 1
    expect(len(rows), len(CONFIGURATIONS))


# --- TypeScript: two lists make all documents, publish is read as JSON, DELETE has neither body nor content type


@check
def two_lists_of_documents_make_all_of_them():
    """jason-sager and selic ask for the top, then for what is in folders, and merge by id."""
    path = f"/organizations/{ORGANIZATION}/relationships/documents?page[number]=1&page[size]=1000"
    top = ids(read("GET", path, accept=JSON_API, content_type=JSON_API)["data"])
    nested = ids(read("GET", f"{path}&filter%5Bdocument-folder-id%5D%5Bne%5D=null", accept=JSON_API)["data"])
    whole = ids(read("GET", f"{path}&filter[document_folder_id]=null")["data"])
    assert top and nested and not set(top) & set(nested)
    expect(sorted(top + nested), sorted(whole))


@check
def a_document_is_made_written_and_published_as_mcp_servers_do():
    attributes = {"organization-id": int(ORGANIZATION), "name": "From an MCP server"}
    body = {"data": {"type": "documents", "attributes": attributes}}
    made = read("POST", "/documents", body, 201, content_type=JSON_API, accept=JSON_API)["data"]
    path = f"/documents/{made['id']}"
    sections = f"{path}/relationships/sections"
    for number, attributes in enumerate([
        {"resource-type": "Document::Heading", "content": "Before", "level": 2},
        {"resource_type": "Document::Text", "content": "<p>Call first.</p>"},
        {"resource-type": "Document::Step", "content": "<p>Press.</p>", "duration": 5, "sort": 7},
        {"resource-type": "Document::Gallery"},
    ]):
        section = {"data": {"type": "document-sections", "attributes": attributes}}
        answer = read("POST", sections, section, 201, content_type=JSON_API)["data"]["attributes"]
        expect(answer["sort"], 7 if number == 2 else answer["sort"])
    listed = read("GET", f"{sections}?page%5Bsize%5D=1000")["data"]
    expect([row["attributes"]["resource-type"].split("::")[1] for row in listed][0], "Heading")
    patch = {"data": {"type": "document-sections", "attributes": {"content": "After"}}}
    read("PATCH", f"{sections}/{listed[0]['id']}", patch, content_type=JSON_API)
    read("DELETE", f"{sections}/{listed[1]['id']}", accept=JSON_API)
    # wyre-technology sends no body and reads JSON; node-it-glue sends an empty record.
    expect(read("PATCH", f"{path}/publish", content_type=JSON_API, accept=JSON_API)["data"]["id"], made["id"])
    empty = {"data": {"id": made["id"], "type": "documents", "attributes": {}}}
    shown = read("PATCH", f"{path}/publish", empty, content_type=JSON_API)["data"]["attributes"]
    expect(shown["published"], True)
    expect(send("POST", f"{path}/publish", "{}", content_type=JSON_API)[0], 404)
    content = read("GET", path)["data"]["attributes"]["content"]
    assert "After" in json.dumps(content) and "Call first" not in json.dumps(content)
    for archived in [True, False]:
        body = {"data": {"type": "documents", "attributes": {"archived": archived}}}
        expect(read("PATCH", path, body, content_type=JSON_API)["data"]["attributes"]["archived"], archived)
    read("DELETE", path, accept=JSON_API)
    read("GET", path, status=404)


@check
def a_folder_that_is_nobodys_is_refused_with_the_words_of_the_service():
    attributes = {"name": "x", "document_folder_id": 99999999}
    body = {"data": {"type": "documents", "attributes": attributes}}
    path = f"/organizations/{ORGANIZATION}/relationships/documents"
    answer = read("POST", path, body, 422, content_type=JSON_API)
    expect(answer["errors"][0]["detail"], "must exist in the same organization")
    expect(answer["errors"][0]["status"], 422)


@check
def attachments_are_made_listed_and_deleted_on_every_kind_of_record():
    file = {"content": base64.b64encode(b"hello").decode(), "file_name": "hello.txt"}
    asset = read("GET", f"/flexible_assets?filter[flexible-asset-type-id]={TYPES[0]['id']}")["data"][0]["id"]
    records = {
        "organizations": ORGANIZATION,
        "configurations": CONFIGURATIONS[0]["id"],
        "passwords": PASSWORDS[0]["id"],
        "flexible_assets": asset,
        "contacts": get("/contacts")["data"][0]["id"],
        "locations": get("/locations")["data"][0]["id"],
        "domains": get("/domains")["data"][0]["id"],
        "checklists": get("/checklists")["data"][0]["id"],
    }
    for kind, record in records.items():
        path = f"/{kind}/{record}/relationships/attachments"
        body = {"data": {"type": "attachments", "attributes": {"attachment": file}}}
        made = read("POST", path, body, 201, content_type=JSON_API)["data"]
        expect(made["attributes"]["attachment-file-name"], "hello.txt")
        # On the host of the web application, where nobody sends a key; the file itself is on that of the API as well.
        assert not made["attributes"]["download-url"].startswith(BASE_URL)
        expect(send("GET", f"/attachments/{made['id']}/download")[2], "hello")
        assert made["id"] in ids(read("GET", f"{path}?page[size]=50&page[number]=1")["data"])
        body = {"data": {"type": "attachments", "attributes": {"id": made["id"], "name": "renamed.txt"}}}
        expect(read("PATCH", f"{path}/{made['id']}", body, content_type=JSON_API)["data"]["attributes"]["name"], "renamed.txt")
        body = {"data": [{"type": "attachments", "attributes": {"id": int(made["id"])}}]}
        read("DELETE", path, body, content_type=JSON_API)
        assert made["id"] not in ids(read("GET", path)["data"])


@check
def related_items_take_the_types_in_the_plural_and_an_array():
    """veeemlab writes `configurations` where the documentation has `Configuration`."""
    mine = [row["id"] for row in CONFIGURATIONS if str(row["attributes"]["organization-id"]) == ORGANIZATION]
    path = f"/configurations/{mine[0]}/relationships/related_items"
    attributes = {"destination-id": mine[-1], "destination-type": "configurations", "notes": "cluster"}
    made = read("POST", path, {"data": [{"type": "related_items", "attributes": attributes}]}, 201, content_type=JSON_API)
    expect(len(made["data"]), 1)
    answer = read("GET", f"/configurations/{mine[-1]}?include=related_items")
    assert any(item["attributes"]["notes"] == "cluster" for item in answer["included"] if "notes" in item["attributes"])
    status, _, text = send("GET", f"{path}?page[size]=50")
    assert status == 404 and "{" not in text, "there is no such route, and routes that are not there answer a page"
    read("DELETE", f"{path}/{made['data'][0]['id']}")


@check
def bulk_writes_by_path_need_no_content_type_to_delete():
    body = {"data": {"type": "contacts", "attributes": {"first-name": "A", "organization-id": int(ORGANIZATION)}}}
    made = [read("POST", "/contacts", body, 201, content_type=JSON_API)["data"]["id"] for _ in range(3)]
    for one in made:
        body = {"data": {"type": "contacts", "id": one, "attributes": {"title": "Temp"}}}
        expect(read("PATCH", f"/contacts/{one}", body, content_type=JSON_API)["data"]["attributes"]["title"], "Temp")
        read("DELETE", f"/contacts/{one}", accept=JSON_API)
        read("GET", f"/contacts/{one}", status=404)


@check
def an_embedded_password_names_its_parent_as_the_service_does():
    """veeemlab sends `Configuration`; the answer says `configurations`."""
    configuration = CONFIGURATIONS[0]
    attributes = {
        "name": "Embedded", "password": "cinder-Marble-3", "resource-type": "Configuration",
        "organization-id": configuration["attributes"]["organization-id"], "resource-id": int(configuration["id"]),
    }  # fmt: skip
    made = read("POST", "/passwords", {"data": {"type": "passwords", "attributes": attributes}}, 201, content_type=JSON_API)
    found = made["data"]["attributes"]
    expect((found["resource-type"], found["cached-resource-name"]), ("configurations", configuration["attributes"]["name"]))
    assert int(made["data"]["id"]) < 2**53, "a client in JavaScript can go on with what it made"
    read("DELETE", f"/passwords/{made['data']['id']}")


@check
def locations_are_made_and_changed_below_their_organization():
    path = f"/organizations/{ORGANIZATION}/relationships/locations"
    attributes = {"name": "Depot", "address_1": "1 Quay", "postal_code": "04101", "primary": False}
    made = read("POST", path, {"data": {"type": "locations", "attributes": attributes}}, 201, content_type=JSON_API)["data"]
    expect(made["attributes"]["organization-id"], int(ORGANIZATION))
    body = {"data": {"type": "locations", "attributes": {"phone": "+1 207 555 0177"}}}
    changed = read("PATCH", f"{path}/{made['id']}", body, content_type=JSON_API)["data"]["attributes"]
    expect((changed["phone"], changed["address-1"], changed["postal-code"]), ("+1 207 555 0177", "1 Quay", "04101"))
    elsewhere = next(one for one in ids(ORGANIZATIONS) if one != ORGANIZATION)
    read("PATCH", f"/organizations/{elsewhere}/relationships/locations/{made['id']}", body, 404, content_type=JSON_API)


@check
def operators_nobody_documents_are_ignored_like_any_unknown_filter():
    total = get("/configurations")["meta"]["total-count"]
    for query in ["filter%5Bupdated-at%5D%5Bgt%5D=2999-01-01", "filter[hostname]=x", "fields[configurations]=name"]:
        expect(read("GET", f"/configurations?{query}")["meta"]["total-count"], total)


@check
def errors_have_a_text_where_every_client_looks_for_it():
    for target, status in [("/documents", 404), ("/flexible_assets", 422), ("/organizations/1", 404)]:
        answer = read("GET", target, status=status)
        error = answer["errors"][0]
        assert error.get("detail") or error.get("title"), target
        assert isinstance(error["status"], int)
    expect(json.loads(send("GET", "/organizations", x_api_key="ITG.nobody")[2]), {"message": "Forbidden"})
    status, _, text = send("POST", "/organizations", "{}", content_type="application/json")
    expect((status, json.loads(text)), (415, {"message": "Unsupported Media Type"}))


run()
