"""`pytglue` 1.0.2 against a server with the fault `no-links`: it asks for whatever `links.next` holds, `null` too."""

import pytglue
from common import BASE_URL, KEY, check, everything, expect, get, run

for name, url in list(pytglue.urlDict.items()):
    pytglue.urlDict[name] = url.replace("https://api.itglue.com", BASE_URL)
# It looks its own address up under a name it did not give it.
pytglue.urlDict["Configuration"] = pytglue.urlDict["Configurations"]

# Reads thirteen lists of choices with 1000 rows each.
GLUE = pytglue.pytglue(KEY)
ORGANIZATION = "Harbour & Pine Dental"


def query(kind, **filters):
    """The rows a query gives, from an empty list."""
    rows = getattr(GLUE, kind)
    rows.Clear()
    GLUE.Query(kind)
    GLUE.Filter(**filters)
    GLUE.Get()
    return rows


@check
def names_become_ids():
    for name in ["organizations", "configuration_types", "contact_types", "manufacturers", "countries", "regions"]:
        names = {row["attributes"]["name"] for row in everything(f"/{name}")}
        expect(set(GLUE.idlist[name]), names)


@check
def configurations_of_an_organization_come_with_their_interfaces():
    rows = query("Configurations", org=ORGANIZATION, interfaces=True)
    wanted = everything("/configurations", **{"filter[organization_id]": GLUE.idlist["organizations"][ORGANIZATION]})
    expect(len(rows.rawdata["data"]), len(wanted))
    rows.Search(name="HPD-IMG01")
    expect(rows.item["id"], "9021177")
    assert "10.40.2.15" in rows.item["configuration-interfaces-ip-address"]


@check
def contacts_organizations_and_flexible_assets_are_filtered():
    one = get("/contacts", **{"page[size]": 1})["data"][0]["attributes"]
    rows = query("Contacts", lastName=one["last-name"], location=True)
    assert rows.rawdata["data"] and all(row["attributes"]["last-name"] == one["last-name"] for row in rows.rawdata["data"])
    # It does not encode what it writes into a query.
    plain = next(name for name in GLUE.idlist["organizations"] if "&" not in name)
    rows = query("Organizations", name=plain)
    expect([row["id"] for row in rows.rawdata["data"]], [GLUE.idlist["organizations"][plain]])
    kind = next(iter(GLUE.idlist["flexible_asset_types"]))
    # Its own list of flexible assets fails on a slip of the pen; the request and the answer are the same.
    asked = GLUE.common_make_query("", "FlexibleAssetType", GLUE.idlist["flexible_asset_types"][kind], final=True)
    rows = GLUE.common_get_request(pytglue.urlDict["Flexible Assets"], asked)["data"]
    expect({row["attributes"]["flexible-asset-type-name"] for row in rows}, {kind})


@check
def a_configuration_is_posted_with_its_interfaces():
    rows = GLUE.Configurations
    rows.Create.item.update({
        "organization-name": ORGANIZATION, "name": "HPD-NEW01", "configuration-type-name": "Server",
        "configuration-interfaces-name": ["LAN"], "configuration-interfaces-ip-address": ["10.40.2.99"],
        "configuration-interfaces-primary": [True],
    })  # fmt: skip
    rows.Post()
    made = get("/configurations", **{"filter[name]": "HPD-NEW01"})["data"]
    expect([row["attributes"]["primary-ip"] for row in made], ["10.40.2.99"])


run()
