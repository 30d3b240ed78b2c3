"""More programs that no package registry has, each by the catalogue of its requests.

A program is a list of what it can ask and write: method, path and query as its source spells them, its headers, and
what it reads from the answer. Played here:

- vanphu1511/mcp-itglue 0.1.0 (Python): every list of its 110 tools, checklists, related items
- DDePuy2015/itglue-mcp 1.5.3 (TypeScript): flexible assets read, merged and written back, folders with their fallback
- Junto-Platforms/itglue-mcp-server 1.0.3 (TypeScript): documents and sections, one body for all writes
- veeemlab/itglue-mcp 0.5.3 (TypeScript): its 56 operations, those that guess included
- Private-Universe/terraform-provider-itglue (Go): passwords and flexible assets made, read, changed, destroyed
- Xilophor/ITGlueSharp (C#): filters in the body of GET
- wetling23/Public.ItGlue.PowerShellModule (PowerShell): a first page of one, then pages of the rest
- supsign/laravel-itglue-rest (PHP): organizations only

What a program asks for in vain on the real service is asked for in vain here.
"""

import json

from common import check, everything, expect, get, ids, run
from wire import JSON_API, read, send

ORGANIZATION = "4120387"
MACHINE, FIREWALL = "9021177", "9021180"
TYPES = everything("/flexible_asset_types")
WAN = next(row for row in TYPES if row["attributes"]["name"].startswith("Internet"))["id"]
BOTH = {"content_type": JSON_API, "accept": JSON_API}


def total(target, **headers):
    """How many rows a list says it has."""
    return read("GET", target, **headers)["meta"]["total-count"]


def attributes(kind, **values):
    """A body with one record."""
    return {"data": {"type": kind, "attributes": values}}


# --- vanphu1511/mcp-itglue


@check
def vanphu_lists_everything_it_has_a_tool_for():
    """httpx writes the brackets encoded; JSON:API is said of every request, GET too."""
    nested = f"/organizations/{ORGANIZATION}/relationships"
    for target, named in [
        ("/organizations?page%5Bnumber%5D=1&page%5Bsize%5D=50", True),
        (f"{nested}/configurations?page%5Bnumber%5D=1&page%5Bsize%5D=50&filter%5Borganization_id%5D={ORGANIZATION}", True),
        (f"{nested}/documents?page%5Bnumber%5D=1&page%5Bsize%5D=50", True),
        (f"{nested}/contacts?filter%5Bimportant%5D=true", True),
        (f"{nested}/locations?filter%5Bprimary%5D=true", True),
        (f"{nested}/passwords?page%5Bsize%5D=50", True),
        (f"{nested}/checklists?filter%5Bcompleted%5D=false&include=checklist_tasks", True),
        (f"/domains?filter%5Borganization_id%5D={ORGANIZATION}", True),
        ("/checklist_templates?page%5Bsize%5D=50", True),
        ("/flexible_asset_types?filter%5Benabled%5D=true", True),
        (f"/flexible_assets?filter%5Bflexible_asset_type_id%5D={WAN}&filter%5Barchived%5D=false", True),
        ("/manufacturers?page%5Bsize%5D=100", True),
        ("/models?page%5Bsize%5D=100", True),
        ("/operating_systems?filter%5Bplatform%5D=Windows", True),
        ("/configuration_types?page%5Bsize%5D=100", True),
        ("/configuration_statuses?page%5Bsize%5D=100", True),
        ("/contact_types?page%5Bsize%5D=100", True),
        ("/organization_types?page%5Bsize%5D=100", True),
        ("/organization_statuses?page%5Bsize%5D=100", True),
        ("/password_categories?page%5Bsize%5D=100", True),
        ("/countries?page%5Bsize%5D=100", True),
    ]:
        answer = read("GET", target, **BOTH)
        rows, meta = answer["data"], answer["meta"]
        assert rows, target
        assert meta["total-count"] >= len(rows) and meta["current-page"] == 1, target
        assert all(row["attributes"]["name"] for row in rows) is named, target
    regions = get("/countries", **{"page[size]": 1000})["data"]
    found = [total(f"/regions?filter%5Bcountry_id%5D={row['id']}") for row in regions]
    expect(sum(found), total("/regions"))


@check
def vanphu_counts_rows_until_there_are_as_many_as_meta_says():
    rows, page = [], 1
    while True:
        answer = read("GET", f"/configurations?page%5Bsize%5D=100&page%5Bnumber%5D={page}", **BOTH)
        rows += answer["data"]
        if len(rows) >= answer["meta"]["total-count"]:
            break
        page += 1
    expect(len(set(ids(rows))), len(rows))


@check
def vanphu_searches_in_vain_where_names_have_to_be_exact():
    for target, found in [
        ("/organizations?filter%5Bname%5D=Harbour", 0),
        ("/organizations?filter%5Bname%5D=Harbour+%26+Pine+Dental", 1),
        (f"/configurations?filter%5Bname%5D=HPD-IMG01&filter%5Borganization_id%5D={ORGANIZATION}", 1),
        ("/passwords?filter%5Bname%5D=admin", 0),
    ]:
        expect(total(target, **BOTH), found)
    # Neither host names nor addresses can be filtered: the whole list comes.
    everyone = total("/configurations")
    expect(total("/configurations?filter%5Bhostname%5D=hpd-img01&filter%5Bprimary_ip%5D=10.40.2.15"), everyone)


@check
def vanphu_reads_title_and_detail_of_what_is_refused():
    """It prints `title: detail`, and lists documents and folders of all organizations hopefully."""
    for target, status, said in [
        ("/documents?page%5Bnumber%5D=1", 404, "Record not found"),
        ("/document_folders?filter%5Bparent_folder_id%5D=1", 401, "Only supported for JWT requests: Unauthorized resource access"),
        ("/domains/1", 404, None),
        ("/document_folders/660012", 404, None),
        ("/flexible_assets?filter%5Bname%5D=x", 422, "Unprocessable Entity: filter[flexible_asset_type_id] is required"),
    ]:
        got, _, text = send("GET", target, **BOTH)
        expect(got, status)
        if said:
            error = json.loads(text)["errors"][0]
            title, detail = error.get("title", ""), error.get("detail", "")
            assert said in (f"{title}: {detail}" if title else detail), (target, error)


@check
def vanphu_completes_a_checklist_and_takes_it_back():
    rows = read("GET", "/checklists?filter%5Bcompleted%5D=false", **BOTH)["data"]
    one = next(row for row in rows if row["attributes"]["percent-complete"] < 100)
    path = f"/checklists/{one['id']}"
    done = read("PATCH", path, attributes("checklists", completed=True), **BOTH)["data"]["attributes"]
    expect((done["completed"], done["percent-complete"], bool(done["completed-at"])), (True, 100, True))
    back = read("PATCH", path, attributes("checklists", completed=False), **BOTH)["data"]["attributes"]
    expect((back["completed"], back["completed-at"]), (False, None))
    expect(back["percent-complete"], one["attributes"]["percent-complete"])
    due = read("PATCH", path, attributes("checklists", **{"due-date": "2027-01-31"}), **BOTH)["data"]["attributes"]
    expect(due["due-date"], "2027-01-31")
    # With a key it cannot tick a task.
    task = read("GET", f"{path}?include=checklist_tasks", **BOTH)["included"][0]
    body = attributes("checklist-tasks", completed=True)
    read("PATCH", f"{path}/relationships/checklist_tasks/{task['id']}", body, 401, **BOTH)


@check
def vanphu_guesses_the_words_of_related_items():
    """`resource-type` instead of `destination_type`, kebab case in paths, and a list that is not there."""
    path = f"/configurations/{MACHINE}/relationships/related_items"
    body = attributes("related_items", **{"resource-type": "configurations", "resource-id": int(FIREWALL)})
    answer = read("POST", path, body, 400, **BOTH)
    assert "destination_type" in answer["errors"][0]["detail"]
    expect(send("GET", f"{path}?page%5Bnumber%5D=1", **BOTH)[0], 404)
    expect(send("GET", "/flexible-assets/3300917/relationships/related_items", **BOTH)[0], 404)
    body = attributes("related_items", destination_type="Contact", destination_id=contact(), notes="by MCP")
    made = read("POST", path, body, 201, **BOTH)["data"]["id"]
    changed = read("PATCH", f"{path}/{made}", attributes("related_items", notes="changed"), **BOTH)
    expect(changed["data"]["attributes"]["notes"], "changed")
    read("DELETE", path, {"data": [{"type": "related_items", "attributes": {"id": int(made)}}]}, **BOTH)


def contact():
    """A contact that nothing is related to yet."""
    related = get(f"/configurations/{MACHINE}", include="related_items")["included"]
    related = {str(item["attributes"]["resource-id"]) for item in related}
    rows = get(f"/organizations/{ORGANIZATION}/relationships/contacts")["data"]
    return int(next(row["id"] for row in rows if row["id"] not in related))


@check
def vanphu_makes_changes_and_deletes_a_contact_and_a_document():
    body = attributes("contacts", **{"organization-id": int(ORGANIZATION), "first-name": "Van", "important": True})
    made = read("POST", "/contacts", body, 201, **BOTH)["data"]
    expect((made["attributes"]["name"], made["attributes"]["important"]), ("Van", True))
    read("DELETE", f"/contacts/{made['id']}", **BOTH)
    body = attributes("documents", **{"organization-id": int(ORGANIZATION), "name": "N", "content": "<p>lost</p>", "public": False})
    document = read("POST", "/documents", body, 201, **BOTH)["data"]
    expect(document["attributes"]["content"], [])
    patch = attributes("documents", content="<p>lost as well</p>", **{"document-folder-id": 660012})
    expect(read("PATCH", f"/documents/{document['id']}", patch, **BOTH)["data"]["attributes"]["document-folder-id"], None)
    read("DELETE", "/documents", {"data": [{"type": "documents", "attributes": {"id": int(document["id"])}}]}, **BOTH)
    read("GET", f"/documents/{document['id']}", status=404, **BOTH)


# --- DDePuy2015/itglue-mcp


@check
def ddepuy_merges_the_traits_it_read_and_writes_them_back():
    """Fields first, then the list with `filter[id]`; tags become ids, passwords and files are left alone."""
    fields = read("GET", f"/flexible_asset_types/{WAN}/relationships/flexible_asset_fields?page%5Bsize%5D=1000&page%5Bnumber%5D=1", **BOTH)
    fields = [row["attributes"] for row in fields["data"]]
    asked = f"filter%5Bflexible-asset-type-id%5D={WAN}&filter%5Borganization-id%5D={ORGANIZATION}"
    rows = read("GET", f"/flexible_assets?{asked}&page%5Bsize%5D=1000&page%5Bnumber%5D=1", **BOTH)["data"]
    asset = next(row for row in rows if row["id"] == "3300917")
    before, traits = asset["attributes"]["traits"], {}
    for field in fields:
        value = before.get(field["name-key"])
        if value is None or field["kind"] in ("Header", "Upload", "Password"):
            continue
        traits[field["name-key"]] = [one["id"] for one in value["values"]] if field["kind"] == "Tag" else value
    traits[next(f["name-key"] for f in fields if f["use-for-title"])] = "A second line"
    body = attributes("flexible-assets", **{"organization-id": int(ORGANIZATION), "flexible-asset-type-id": int(WAN), "traits": traits})
    made = read("POST", "/flexible_assets", body, 201, **BOTH)["data"]
    assert made["attributes"]["name"].startswith("A second line"), made["attributes"]["name"]
    body["data"]["attributes"]["traits"] = dict(traits, notes=None)
    changed = read("PATCH", f"/flexible_assets/{made['id']}", body, **BOTH)["data"]["attributes"]["traits"]
    kept = {key: value for key, value in made["attributes"]["traits"].items() if key != "notes"}
    expect(changed, kept)
    assert "router" in kept and "notes" in made["attributes"]["traits"]
    read("DELETE", f"/flexible_assets/{made['id']}", accept=JSON_API)


@check
def ddepuy_takes_the_way_round_hidden_folders():
    """Nested list first; where that is refused it asks for the folders of all organizations, with a filter."""
    nested = f"/organizations/{ORGANIZATION}/relationships/document_folders?page%5Bsize%5D=1000"
    folders = read("GET", nested, **BOTH)["data"]
    assert all(row["attributes"]["organization-id"] == int(ORGANIZATION) for row in folders)
    status, _, text = send("GET", f"/document_folders?filter%5Borganization_id%5D={ORGANIZATION}", **BOTH)
    # It looks for the status in its own words: `IT Glue API error (401): …`.
    expect((status, json.loads(text)["errors"][0]["title"]), (401, "Only supported for JWT requests"))
    path = f"/organizations/{ORGANIZATION}/relationships/documents?page%5Bsize%5D=1000"
    whole = ids(read("GET", f"{path}&filter%5Bdocument_folder_id%5D=null", **BOTH)["data"])
    in_folders = ids(read("GET", f"{path}&filter%5Bdocument_folder_id%5D%5Bne%5D=", **BOTH)["data"])
    assert set(in_folders) < set(whole)


@check
def ddepuy_asks_for_metrics_and_a_health_check():
    for window, status in [("2026-11-10%2C*", 200), ("2026-11-14%2C2026-11-20", 200), ("*%2C2026-11-20", 422)]:
        send_status = send("GET", f"/user_metrics?filter%5Bdate%5D={window}&page%5Bsize%5D=50", **BOTH)[0]
        expect(send_status, status)
    assert read("GET", "/organization_types?page%5Bsize%5D=1", **BOTH)["meta"]["total-count"] > 0


# --- Junto-Platforms/itglue-mcp-server


@check
def junto_writes_a_document_section_by_section():
    """Keys in kebab case, undefined ones left out; the sum of two totals is what it reports."""
    path = f"/organizations/{ORGANIZATION}/relationships/documents"
    first = read("GET", f"{path}?page[number]=1&page[size]=50&sort=name", **BOTH)
    second = read("GET", f"{path}?page[number]=1&page[size]=50&sort=name&filter[document-folder-id][ne]=null", **BOTH)
    whole = total(f"{path}?filter[document_folder_id]=null")
    expect(first["meta"]["total-count"] + second["meta"]["total-count"], whole)
    document = read("POST", "/documents", attributes("documents", **{"organization-id": int(ORGANIZATION), "name": "Junto"}), 201, **BOTH)["data"]
    sections = f"/documents/{document['id']}/relationships/sections"
    for sort, (kind, more) in enumerate([("Heading", {"content": "First", "level": 1}), ("Text", {"content": "<p>Then</p>"}), ("Step", {"content": "<p>Do</p>", "duration": 5, "reset-count": 0})], 1):
        body = attributes("document-sections", **{"resource-type": f"Document::{kind}", "sort": sort, **more})
        expect(read("POST", sections, body, 201, **BOTH)["data"]["attributes"]["sort"], sort)
    listed = read("GET", f"{sections}?page[number]=1&page[size]=1000&sort=sort", **BOTH)["data"]
    one = read("GET", f"{sections}/{listed[1]['id']}", **BOTH)["data"]["attributes"]
    expect((one["content"], one["resource-type"]), ("<p>Then</p>", "Document::Text"))
    body = {"data": {"type": "document-sections", "id": listed[0]["id"], "attributes": {"level": 2}}}
    expect(read("PATCH", f"{sections}/{listed[0]['id']}", body, **BOTH)["data"]["attributes"]["level"], 2)
    read("PATCH", f"/documents/{document['id']}/publish", **BOTH)
    content = read("GET", f"/documents/{document['id']}", **BOTH)["data"]["attributes"]["content"]
    expect([block["resource"]["content"] for block in content], ["First", "<p>Then</p>", "<p>Do</p>"])
    read("DELETE", "/documents", {"data": [{"type": "documents", "attributes": {"id": int(document["id"])}}]}, **BOTH)


# --- veeemlab/itglue-mcp


@check
def veeemlab_reads_every_list_and_record_it_names():
    """GET has no content type; ids of the path are percent-encoded."""
    for target in ["/organizations", "/configurations", "/contacts", "/passwords", "/users", "/groups", "/flexible_asset_types",
                   "/password_categories", "/configuration_types", "/configuration_statuses",
                   f"/organizations/{ORGANIZATION}/relationships/locations",
                   f"/flexible_asset_types/{WAN}/relationships/flexible_asset_fields",
                   f"/flexible_assets?filter[flexible-asset-type-id]={WAN}&page[size]=50"]:  # fmt: skip
        rows = read("GET", target, accept=JSON_API)["data"]
        assert rows, target
        top = target.split("?")[0].split("/")[-1].replace("relationships", "")
        if top in ("locations", "flexible_asset_fields"):
            continue
        shown = read("GET", f"/{top}/{rows[0]['id']}" + ("?show_password=false" if top == "passwords" else ""), accept=JSON_API)
        expect(shown["data"]["id"], rows[0]["id"])
    for kind in ["organizations", "configurations", "contacts", "documents", "flexible_assets", "passwords", "locations"]:
        expect(send("GET", f"/{kind}/1/relationships/related_items", accept=JSON_API)[0], 404)


@check
def veeemlab_guesses_routes_that_are_not_there():
    document = "7301455"
    for method, target, body in [
        ("GET", "/documents?page[size]=50", None),
        ("GET", f"/documents/{document}/relationships/document_sections", None),
        ("POST", f"/documents/{document}/publish", {}),
    ]:
        headers = {"accept": JSON_API, **({"content_type": JSON_API} if body is not None else {})}
        expect(send(method, target, json.dumps(body) if body is not None else None, **headers)[0], 404)


@check
def veeemlab_changes_and_deletes_fifty_one_by_one():
    made = []
    for number in range(5):
        body = attributes("locations", name=f"Bulk {number}")
        made.append(read("POST", f"/organizations/{ORGANIZATION}/relationships/locations", body, 201, **BOTH)["data"]["id"])
    for one in made:
        body = {"data": {"type": "locations", "id": one, "attributes": {"city": "Portland"}}}
        expect(read("PATCH", f"/locations/{one}", body, **BOTH)["data"]["attributes"]["city"], "Portland")
    for one in made:
        read("DELETE", f"/locations/{one}", accept=JSON_API)
        read("DELETE", f"/locations/{one}", status=404, accept=JSON_API)


@check
def veeemlab_deletes_an_attachment_by_its_path():
    path = f"/configurations/{MACHINE}/relationships/attachments"
    made = read("POST", path, attributes("attachments", attachment={"content": "aGk=", "file_name": "a.txt"}), 201, **BOTH)["data"]["id"]
    assert made in ids(read("GET", f"{path}?page[number]=1&page[size]=50", accept=JSON_API)["data"])
    read("DELETE", f"{path}/{made}", accept=JSON_API)
    assert made not in ids(read("GET", path, accept=JSON_API)["data"])


# --- Private-Universe/terraform-provider-itglue


@check
def terraform_makes_reads_changes_and_destroys_a_password():
    """Every field is sent, unset ones as zero or empty text; one PATCH for each that changed."""
    unset = {"url": "", "notes": "", "resource-id": 0, "resource-type": "", "password-category-id": 0, "password-folder-id": 0}
    body = attributes("passwords", name="tf", username="root", password="copper-Willow-7", **{"organization-id": int(ORGANIZATION)}, **unset)
    made = read("POST", "/passwords", body, 201, content_type=JSON_API)["data"]["id"]
    read_back = read("GET", f"/passwords/{made}", content_type=JSON_API)["data"]["attributes"]
    expect((read_back["password"], read_back["resource-id"], read_back["password-folder-id"]), ("copper-Willow-7", None, None))
    for change in [{"name": "tf2"}, {"password": "lantern-Pebble-9"}, {"username": "admin"}]:
        read("PATCH", f"/passwords/{made}", attributes("passwords", **change), content_type=JSON_API)
    read_back = read("GET", f"/passwords/{made}", content_type=JSON_API)["data"]["attributes"]
    expect([read_back[key] for key in ("name", "password", "username")], ["tf2", "lantern-Pebble-9", "admin"])
    read("DELETE", f"/passwords/{made}", content_type=JSON_API)
    read("GET", f"/passwords/{made}", status=404)


@check
def terraform_has_flexible_assets_with_traits_of_any_type():
    traits = dict(required_traits())
    body = attributes("flexible-assets", **{"organization-id": int(ORGANIZATION), "flexible-asset-type-id": int(WAN), "traits": traits})
    made = read("POST", "/flexible_assets", body, 201, content_type=JSON_API)["data"]
    shown = read("GET", f"/flexible_assets/{made['id']}", content_type=JSON_API)["data"]["attributes"]["traits"]
    assert all(shown[key] == value for key, value in traits.items()), shown
    read("DELETE", f"/flexible_assets/{made['id']}", content_type=JSON_API)


def required_traits():
    """What the type of internet lines cannot do without, as text or the first of the options."""
    fields = get(f"/flexible_asset_types/{WAN}/relationships/flexible_asset_fields", **{"page[size]": 1000})["data"]
    for field in (row["attributes"] for row in fields):
        if field["required"]:
            options = (field["default-value"] or "By Terraform").split("\n")
            yield field["name-key"], options[0].strip()


# --- Xilophor/ITGlueSharp


@check
def itgluesharp_writes_filters_into_the_body_of_get_and_gets_the_whole_list():
    """The body of GET has no effect: like an unknown filter, and no error."""
    body = json.dumps({"filter": {"id": None, "name": "Nobody", "email": None}, "sort": "name", "page": {"number": 1, "size": 1}})
    users = read("GET", "/users", body, content_type=f"{JSON_API}; charset=utf-8")["data"]
    expect(len(users), total("/users"))
    for row in users:
        user = row["attributes"]
        assert user["name"] and isinstance(user["reputation"], int)
        for key in ["invitation-sent-at", "invitation-accepted-at", "current-sign-in-at", "last-sign-in-at"]:
            assert user[key] is None or user[key].endswith("Z"), key


# --- wetling23/Public.ItGlue.PowerShellModule


@check
def wetling_asks_for_one_row_to_count_and_then_for_pages():
    for kind in ["manufacturers", "domains", "locations", "organizations", "contacts", "configurations", "users", "groups"]:
        count = total(f"/{kind}?page[size]=1")
        pages, rows = -(-count // 50), []
        for page in range(1, pages + 1):
            rows += read("GET", f"/{kind}?page[size]=50&page[number]={page}")["data"]
        expect(len(rows), count)


@check
def wetling_hopes_for_a_value_in_a_list_and_gets_none():
    """It writes `filter[id]=ID,show_password=true`: two values of one filter."""
    one = get("/passwords")["data"][0]["id"]
    rows = read("GET", f"/passwords?filter[id]={one},show_password=true")["data"]
    expect(ids(rows), [one])
    assert "password" not in rows[0]["attributes"]


@check
def wetling_reads_a_document_with_its_files_and_a_configuration_with_everything():
    shown = read("GET", f"/organizations/{ORGANIZATION}/relationships/documents/7301455?include=attachments")
    assert any(record["type"] == "attachments" for record in shown["included"])
    include = "adapters_resources,configuration_interfaces,rmm_records,passwords,attachments,tickets,recent_versions,related_items"
    shown = read("GET", f"/configurations/{MACHINE}?include={include}")
    kinds = {record["type"] for record in shown["included"]}
    assert {"configuration-interfaces", "rmm-records", "passwords", "tickets", "related-items"} <= kinds, kinds
    record = next(record["attributes"] for record in shown["included"] if record["type"] == "rmm-records")
    assert record["last-login-user"] and record["disks"][0]["total"] > record["disks"][0]["used"]


# --- supsign/laravel-itglue-rest


@check
def supsign_reads_and_makes_organizations():
    expect(read("GET", f"/organizations/{ORGANIZATION}", content_type=JSON_API)["data"]["attributes"]["short-name"], "HPD")
    rows = read("GET", "/organizations?filter[name]=Harbour%20%26%20Pine%20Dental&page[size]=1000", content_type=JSON_API)["data"]
    expect(ids(rows), [ORGANIZATION])
    made = read("POST", "/organizations", attributes("organizations", name="Laravel client"), 201, content_type=JSON_API)["data"]
    expect(made["attributes"]["short-name"], "LC")
    body = {"data": [{"type": "organizations", "attributes": {"id": int(made["id"])}}]}
    read("DELETE", "/organizations", body, content_type=JSON_API)


run()
