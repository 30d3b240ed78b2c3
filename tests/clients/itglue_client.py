"""itglue 0.2.0: follows `links.next` to the letter, sends ids as text, snake case throughout."""

import itglue
from itglue import connection

from common import BASE_URL, KEY, check, everything, expect, ids, run

connection.api_url = BASE_URL
connection.api_key = KEY

ORGANIZATIONS = everything("/organizations")
CONFIGURATIONS = everything("/configurations")
TYPES = everything("/flexible_asset_types")
BUSY = max(
    ids(ORGANIZATIONS),
    key=lambda id: sum(str(row["attributes"]["organization-id"]) == id for row in CONFIGURATIONS),
)
organization = itglue.Organization.find(BUSY)


@check
def all_organizations_come():
    expect(sorted(o.id for o in itglue.Organization.get()), sorted(ids(ORGANIZATIONS)))


@check
def links_lead_through_all_pages_to_the_end():
    assert len(CONFIGURATIONS) > 50, "more than one page of 50"
    expect(sorted(c.id for c in itglue.Configuration.get()), sorted(ids(CONFIGURATIONS)))


@check
def a_nested_list_is_that_of_the_organization():
    wanted = [row["id"] for row in CONFIGURATIONS if str(row["attributes"]["organization-id"]) == BUSY]
    expect(sorted(c.id for c in itglue.Configuration.get(parent=organization)), sorted(wanted))


@check
def filters_are_anded_and_lists_mean_or():
    wanted = ids(CONFIGURATIONS)[:3]
    expect(sorted(c.id for c in itglue.Configuration.filter(id=wanted)), sorted(wanted))
    first = CONFIGURATIONS[0]
    found = itglue.Configuration.filter(
        organization_id=first["attributes"]["organization-id"], name=first["attributes"]["name"].replace(",", "\\,")
    )
    assert first["id"] in [c.id for c in found]
    expect(itglue.Configuration.filter(name="nobody has this name"), [])


@check
def attributes_are_read_in_snake_case():
    found = itglue.Configuration.find(CONFIGURATIONS[0]["id"])
    expect(found.get_attr("organization_id"), CONFIGURATIONS[0]["attributes"]["organization-id"])
    expect(found.get_attr("primary_ip"), CONFIGURATIONS[0]["attributes"]["primary-ip"])


@check
def flexible_assets_come_by_type_with_tags_as_objects():
    total = 0
    for kind in TYPES:
        assets = itglue.FlexibleAsset.filter(flexible_asset_type_id=kind["id"])
        total += len(assets)
        for asset in assets:
            for value in asset.attributes["traits"].values():
                if isinstance(value, dict) and value.get("type") != "Uploads":
                    assert all("id" in tag and "name" in tag for tag in value["values"])
    assert total > 0


@check
def a_flexible_asset_survives_being_saved_as_it_was_read():
    for kind in TYPES:
        for asset in itglue.FlexibleAsset.filter(flexible_asset_type_id=kind["id"])[:1]:
            before = dict(asset.attributes["traits"])
            asset.save()
            expect(itglue.FlexibleAsset.find(asset.id).attributes["traits"], before)


@check
def fields_are_listed_below_their_type():
    kind = itglue.FlexibleAssetType.find(TYPES[0]["id"])
    fields = itglue.FlexibleAssetField.get(parent=kind)
    assert fields and all(field.get_attr("name_key") for field in fields)


@check
def contacts_locations_and_lookups_are_listed():
    for kind, path in [
        (itglue.Contact, "/contacts"),
        (itglue.Location, "/locations"),
        (itglue.Manufacturer, "/manufacturers"),
        (itglue.Model, "/models"),
        (itglue.ConfigurationType, "/configuration_types"),
        (itglue.ConfigurationStatus, "/configuration_statuses"),
    ]:
        expect(sorted(row.id for row in kind.get()), sorted(ids(everything(path))))


@check
def records_are_made_changed_and_deleted_with_ids_as_text():
    kind = itglue.ConfigurationType.get()[0]
    made = itglue.Configuration(
        name="made-by-itglue", organization_id=organization.id, configuration_type_id=kind.id
    ).create()
    expect(made.get_attr("organization_id"), int(organization.id))
    expect(made.get_attr("configuration_type_name"), kind.get_attr("name"))
    made.set_attr("asset_tag", "A-1")
    expect(made.save().get_attr("asset_tag"), "A-1")
    interface = itglue.ConfigurationInterface(name="NIC1", ip_address="10.1.2.3", primary=True).create(parent=made)
    assert interface.id
    expect(itglue.Configuration.find(made.id).get_attr("primary_ip"), "10.1.2.3")
    made.delete()
    try:
        itglue.Configuration.find(made.id)
    except connection.ResponseError as error:
        expect(error.args[0], 404)
    else:
        raise AssertionError("it was deleted")


@check
def bulk_writes_come_back_in_full():
    manufacturers = [itglue.Manufacturer(name=f"Bulk {n}") for n in range(3)]
    made = itglue.Manufacturer.bulk_create(manufacturers)
    expect([m.get_attr("name") for m in made], ["Bulk 0", "Bulk 1", "Bulk 2"])
    kind = itglue.ConfigurationType.get()[0]
    machines = [
        itglue.Configuration(name=f"bulk-{n}", organization_id=organization.id, configuration_type_id=kind.id)
        for n in range(2)
    ]
    machines = itglue.Configuration.bulk_create(machines)
    for machine in machines:
        machine.attributes = {"asset_tag": "bulk"}
    changed = itglue.Configuration.bulk_update(machines)
    expect([m.get_attr("asset_tag") for m in changed], ["bulk", "bulk"])
    expect(len(itglue.Configuration.bulk_delete(machines)), 2)


@check
def a_wrong_key_is_refused_by_the_gateway():
    connection.api_key = "ITG.wrong"
    try:
        itglue.Organization.get()
    except connection.ResponseError as error:
        expect(error.args[0], 403)
    else:
        raise AssertionError("the key is wrong")
    finally:
        connection.api_key = KEY


run()
