"""py-itglue 0.2.6: strict models over organizations, configurations, passwords, flexible assets and users."""

import logging

import structlog

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
logging.disable(logging.CRITICAL)

from itglue import ITGlueAuthError, ITGlueClient, ITGlueConfig, ITGlueNotFoundError, ITGlueValidationError  # noqa: E402

from common import BASE_URL, KEY, WEAK_KEY, check, everything, expect, get, ids, run  # noqa: E402


def connect(key=KEY):
    return ITGlueClient(ITGlueConfig(api_key=key, base_url=BASE_URL, max_retries=0, enable_caching=False))


client = connect()
ORGANIZATIONS = everything("/organizations")
CONFIGURATIONS = everything("/configurations")
PASSWORDS = everything("/passwords")
TYPES = everything("/flexible_asset_types")
# The organization with the most configurations: its lists have something in them.
BUSY = max(
    ids(ORGANIZATIONS),
    key=lambda id: sum(str(row["attributes"]["organization-id"]) == id for row in CONFIGURATIONS),
)
IN_BUSY = [row for row in CONFIGURATIONS if str(row["attributes"]["organization-id"]) == BUSY]


@check
def the_connection_is_found_good():
    assert client.test_connection()


@check
def organizations_are_decoded_with_their_names_and_dates():
    page = client.organizations.list(page=1, per_page=1000, sort="name")
    expect([o.id for o in page.data], ids(get("/organizations", sort="name", **{"page[size]": 1000})["data"]))
    for organization in page.data:
        assert organization.name and organization.created_at is not None
        assert organization.organization_status_name


@check
def one_organization_is_shown():
    wanted = ORGANIZATIONS[0]
    expect(client.organizations.get(wanted["id"]).name, wanted["attributes"]["name"])


@check
def an_organization_is_found_by_its_exact_name():
    wanted = ORGANIZATIONS[-1]
    name = wanted["attributes"]["name"].replace(",", "\\,")
    expect(client.organizations.get_by_name(name).id, wanted["id"])
    expect(client.organizations.get_by_name("nobody has this name"), None)


@check
def an_id_nobody_has_is_not_found():
    try:
        client.organizations.get("1")
    except ITGlueNotFoundError:
        return
    raise AssertionError("there is no organization 1")


@check
def pages_follow_each_other_without_gap_or_overlap():
    pages = list(client.iterate_pages("/configurations", page_size=37))
    seen = [row["id"] for page in pages for row in page.data]
    expect(len(pages), -(-len(CONFIGURATIONS) // 37))
    expect(sorted(seen), sorted(ids(CONFIGURATIONS)))
    assert pages[0].pagination.is_first_page and pages[-1].pagination.is_last_page
    expect(pages[0].pagination.total_count, len(CONFIGURATIONS))


@check
def all_resources_come_together():
    # `client.get_all_resources` passes one argument too many to this and never works.
    rows = client.pagination.get_all_pages("/passwords", 50)
    expect(sorted(row["id"] for row in rows), sorted(ids(PASSWORDS)))
    expect(sorted(row["id"] for row in client.iterate_resources("/passwords", 50)), sorted(ids(PASSWORDS)))


@check
def configurations_are_decoded():
    page = client.configurations.list(per_page=1000, page=1)
    expect(len(page.data), min(len(CONFIGURATIONS), 1000))
    for configuration in page.data:
        assert configuration.name is not None
        assert configuration.updated_at is not None
        assert configuration.configuration_type_name


@check
def configurations_are_filtered_by_organization_in_kebab_case():
    page = client.configurations.list_by_organization(BUSY, per_page=1000)
    expect(sorted(c.id for c in page.data), sorted(ids(IN_BUSY)))


@check
def configurations_are_filtered_by_type():
    kind = IN_BUSY[0]["attributes"]["configuration-type-id"]
    page = client.configurations.list_by_type(str(kind), per_page=1000)
    wanted = [row["id"] for row in CONFIGURATIONS if row["attributes"]["configuration-type-id"] == kind]
    expect(sorted(c.id for c in page.data), sorted(wanted))


@check
def an_unknown_filter_is_ignored():
    page = client.configurations.search_by_hostname("nobody", per_page=1)
    expect(len(page.data), 1)


@check
def a_configuration_is_found_by_its_exact_name():
    wanted = IN_BUSY[0]["attributes"]["name"].replace(",", "\\,")
    found = client.configurations.get_by_name(wanted, exact_match=True)
    expect(found.name, IN_BUSY[0]["attributes"]["name"])


@check
def password_lists_have_no_values_and_show_has_one():
    page = client.passwords.list(per_page=1000, page=1)
    expect(len(page.data), len(PASSWORDS))
    assert all(password.password is None for password in page.data)
    open_one = next(row["id"] for row in PASSWORDS if row["attributes"]["vault-id"] is None)
    shown = client.passwords.get(open_one)
    assert shown.password, "the value comes with show"
    expect(client.passwords.get(open_one, show_password="false").password, None)
    expect(connect(WEAK_KEY).passwords.get(open_one).password, None)


@check
def vaulted_passwords_stay_closed():
    vaulted = [row["id"] for row in PASSWORDS if row["attributes"]["vault-id"] is not None]
    assert vaulted, "the demo has some"
    values = [client.passwords.get(id).password for id in vaulted]
    assert all(value.startswith(("AES256GCM", "AES-256-GCM")) for value in values), "ciphertext is all the service has"


@check
def password_dates_are_understood():
    for password in client.passwords.list(per_page=1000, page=1).data:
        assert password.created_at is not None


@check
def flexible_assets_are_listed_by_type_and_refused_without():
    total = 0
    for kind in TYPES:
        answer = client.get_resource("/flexible_assets", params={"filter[flexible-asset-type-id]": kind["id"]})
        total += answer["meta"]["total-count"]
        for row in answer["data"]:
            expect(row["type"], "flexible-assets")
            expect(str(row["attributes"]["flexible-asset-type-id"]), kind["id"])
    assert total > 0
    try:
        client.flexible_assets.get_by_organization(BUSY)
    except ITGlueValidationError as error:
        assert "Unprocessable" in str(error), error
    else:
        raise AssertionError("a list without the type must be refused")


@check
def flexible_assets_decode_once_their_type_is_spelled_the_way_this_client_wants():
    """Its enumeration has `flexible_assets`; the service answers `flexible-assets`, so the client fails on both."""
    from itglue import FlexibleAsset, FlexibleAssetType

    for kind in TYPES:
        FlexibleAssetType.from_api_dict({**kind, "type": "flexible_asset_types"})
        for row in everything("/flexible_assets", **{"filter[flexible-asset-type-id]": kind["id"]}):
            asset = FlexibleAsset.from_api_dict({**row, "type": "flexible_assets"})
            assert isinstance(asset.traits, dict) and asset.created_at is not None
            expect(asset.flexible_asset_type_name, kind["attributes"]["name"])


@check
def users_are_decoded():
    users = client.users.list(per_page=1000, page=1)
    expect(sorted(user.id for user in users.data), sorted(ids(everything("/users"))))
    assert len(users.data) > 0


@check
def a_record_can_be_made_changed_and_taken_away():
    made = client.create_resource(
        "/organizations", {"data": {"type": "organizations", "attributes": {"name": "Made by py-itglue"}}}
    )["data"]
    changed = client.organizations.update(
        made["id"], {"data": {"type": "organizations", "attributes": {"short_name": "MBP"}}}
    )
    expect(changed.attributes["short-name"], "MBP")
    client.delete_resource("/organizations", made["id"])
    try:
        client.organizations.get(made["id"])
    except ITGlueNotFoundError:
        return
    raise AssertionError("it was deleted")


@check
def a_refused_write_says_why():
    try:
        client.create_resource("/organizations", {"data": {"type": "organizations", "attributes": {"name": ""}}})
    except ITGlueValidationError as error:
        assert "can't be blank" in str(error.details), error.details
    else:
        raise AssertionError("a blank name must be refused")


@check
def a_wrong_key_is_an_authorization_error():
    try:
        connect("ITG.wrong").organizations.list()
    except ITGlueAuthError:
        return
    raise AssertionError("the key is wrong")


run()
