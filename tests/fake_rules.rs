//! The embedded IT Glue keeps the rules `docs/fake-server.md` lists, one test or more for each.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use gluepot_fake::{Fault, KeyUsed, Options, Rate, Rule, Server, Table, World};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const ORGANIZATION: u64 = 4_120_387;
/// EU and AU accounts have ids of 16 digits, above what a double can hold.
const LARGE: u64 = 9_007_199_254_740_993;

fn insert(world: &mut World, table: Table, id: u64, attributes: Value) {
    let Value::Object(mut attributes) = attributes else { panic!("attributes are an object") };
    for key in ["created-at", "updated-at"] {
        attributes.entry(key).or_insert_with(|| "2026-01-01T08:00:00.000Z".into());
    }
    world.insert(table, id, attributes);
}

/// A world small enough to be known by heart.
fn world() -> World {
    let mut w = World::new();
    insert(&mut w, Table::OrganizationTypes, 1, json!({"name": "Customer"}));
    insert(&mut w, Table::OrganizationStatuses, 1, json!({"name": "Active"}));
    insert(&mut w, Table::ConfigurationTypes, 11, json!({"name": "Server"}));
    insert(&mut w, Table::Manufacturers, 12, json!({"name": "Dell"}));
    insert(&mut w, Table::Models, 13, json!({"name": "R550", "manufacturer-id": 12}));
    insert(&mut w, Table::Users, 21, json!({"name": "R. Osei", "email": "r@example.com"}));
    for (id, name, psa) in [(ORGANIZATION, "Harbour, Pine", "disabled"), (LARGE, "Large ids", "enabled")] {
        insert(
            &mut w,
            Table::Organizations,
            id,
            json!({
                "name": name, "short-name": "HPD", "organization-status-id": 1, "organization-status-name": "Active",
                "psa-integration": psa, "_psa": {"id": "77", "type": "autotask"},
                "updated-at": if id == LARGE { "2026-03-01T08:00:00.000Z" } else { "2026-01-01T08:00:00.000Z" },
            }),
        );
    }
    insert(
        &mut w,
        Table::DocumentFolders,
        31,
        json!({"organization-id": ORGANIZATION, "name": "Runbooks", "parent-id": null, "ancestor-ids": []}),
    );
    insert(
        &mut w,
        Table::DocumentFolders,
        32,
        json!({"organization-id": ORGANIZATION, "name": "Old", "parent-id": 31, "ancestor-ids": [31]}),
    );
    insert(&mut w, Table::DocumentFolders, 33, json!({"organization-id": LARGE, "name": "Elsewhere"}));
    for (id, name, folder, archived, uploaded) in [
        (41, "At the top", None, false, false),
        (42, "In a folder", Some(31), false, false),
        (43, "Deeper", Some(32), true, false),
        (44, "Uploaded.pdf", None, false, true),
    ] {
        insert(
            &mut w,
            Table::Documents,
            id,
            json!({
                "organization-id": ORGANIZATION, "organization-name": "Harbour, Pine", "name": name,
                "document-folder-id": folder, "archived": archived, "is-uploaded": uploaded,
                "published-at": "2026-01-01T08:00:00.000Z",
            }),
        );
    }
    let sections = [
        (51, 2, "Document::Text", json!("<p><img src=\"/4120387/docs/41/images/61\"></p>")),
        (50, 1, "Document::Heading", json!("Before you start")),
        (52, 3, "Document::Step", json!("<p>Press.</p>")),
        (53, 4, "Document::Gallery", Value::Null),
    ];
    for (id, sort, kind, content) in sections {
        insert(
            &mut w,
            Table::DocumentSections,
            id,
            json!({
                "document-id": 41, "resource-id": id + 100, "resource-type": kind, "content": content, "sort": sort,
                "level": (kind == "Document::Heading").then_some(2), "duration": 5, "reset-count": 0,
                "document-gallery-id": (kind == "Document::Gallery").then_some(70),
            }),
        );
    }
    insert(&mut w, Table::DocumentImages, 61, json!({"name": "rack.png", "document-id": 41}));
    insert(&mut w, Table::DocumentImages, 62, json!({"name": "b.png", "document-id": 41, "document-gallery-id": 70}));
    for (id, name) in [(9_021_177, "HPD-IMG01"), (9_021_180, "HPD-FW01"), (9_021_181, "HPD-OLD")] {
        insert(
            &mut w,
            Table::Configurations,
            id,
            json!({
                "organization-id": ORGANIZATION, "organization-name": "Harbour, Pine", "name": name,
                "hostname": name.to_lowercase(), "configuration-type-id": 11, "configuration-type-name": "Server",
                "primary-ip": "10.40.2.15", "mac-address": "00:1b:21:7a:40:9c", "serial-number": name,
                "archived": name.ends_with("OLD"), "psa-integration": null,
                "_psa": {"id": "900", "type": "autotask"},
            }),
        );
    }
    insert(
        &mut w,
        Table::Configurations,
        9_021_190,
        json!({"organization-id": LARGE, "name": "SYNCED", "configuration-type-id": 11, "psa-integration": "enabled"}),
    );
    insert(
        &mut w,
        Table::ConfigurationInterfaces,
        440_921,
        json!({"configuration-id": 9_021_177, "name": "NIC1", "ip-address": "10.40.2.15", "primary": true}),
    );
    insert(&mut w, Table::Locations, 700_881, json!({"organization-id": ORGANIZATION, "name": "Quayside clinic"}));
    insert(
        &mut w,
        Table::Contacts,
        71,
        json!({
            "organization-id": ORGANIZATION, "first-name": "Ada", "last-name": "Roe", "name": "Ada Roe",
            "location-id": 700_881,
            "contact-emails": [{"value": "ada@example.com", "label-name": "Work", "primary": true}],
        }),
    );
    insert(
        &mut w,
        Table::Passwords,
        6_600_421,
        json!({
            "organization-id": ORGANIZATION, "name": "HPD-IMG01 local admin", "username": "svc", "vault-id": null,
            "resource-id": 9_021_177, "resource-type": "configurations", "archived": false, "updated-by": 21,
            "_value": "maple-Orbit-42-thistle", "_versions": [{"id": 1, "value": "older-value"}],
        }),
    );
    insert(
        &mut w,
        Table::Passwords,
        6_600_422,
        json!({"organization-id": ORGANIZATION, "name": "Vaulted", "vault-id": 5, "_value": "never"}),
    );
    insert(&mut w, Table::FlexibleAssetTypes, 15_502, json!({"name": "Internet/WAN", "enabled": true}));
    for (id, order, name, key, kind, extra) in [
        (81, 1, "Provider", "provider", "Text", json!({"required": true, "use-for-title": true})),
        (82, 2, "Router", "router", "Tag", json!({"tag-type": "Configurations"})),
        (83, 3, "Link type", "link-type", "Select", json!({"default-value": "Fibre\nDSL"})),
        (84, 4, "Notes", "notes", "Textbox", json!({})),
        (85, 5, "Speed", "speed", "Number", json!({})),
    ] {
        let mut field = json!({
            "flexible-asset-type-id": 15_502, "order": order, "name": name, "name-key": key, "kind": kind,
        });
        field.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        insert(&mut w, Table::FlexibleAssetFields, id, field);
    }
    insert(
        &mut w,
        Table::FlexibleAssets,
        3_300_917,
        json!({
            "organization-id": ORGANIZATION, "flexible-asset-type-id": 15_502, "name": "Tidal",
            "flexible-asset-type-name": "Internet/WAN", "archived": false,
            "resource-url": "https://northbeam.itglue.com/4120387/assets/records/3300917",
            "traits": {"provider": "Tidal", "router": [9_021_180], "notes": "<p>PIN</p>"},
        }),
    );
    insert(
        &mut w,
        Table::Attachments,
        415,
        json!({
            "name": "wiring.pdf", "attachment-file-name": "wiring.pdf", "attachment-content-type": "application/pdf",
            "_parent": {"table": "documents", "id": 41},
        }),
    );
    insert(&mut w, Table::Checklists, 91, json!({"organization-id": ORGANIZATION, "name": "New starter"}));
    insert(&mut w, Table::ChecklistTasks, 92, json!({"checklist-id": 91, "name": "Desk", "position": 1}));
    insert(&mut w, Table::Domains, 95, json!({"organization-id": ORGANIZATION, "name": "example.com"}));
    w.relate((Table::Configurations, 9_021_180), (Table::Documents, 41), "Runbook");
    w
}

struct Fixture {
    server: Server,
    client: reqwest::Client,
}

struct Reply {
    status: StatusCode,
    content_type: String,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn names(&self) -> Vec<String> {
        self.json()["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["attributes"]["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

impl Fixture {
    async fn new() -> Self {
        Self::with(Options::with_world(world())).await
    }

    async fn with(options: Options) -> Self {
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { server: Server::start(options).await.unwrap(), client }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let headers = response.headers().clone();
        let content_type =
            headers.get("content-type").map_or(String::new(), |value| value.to_str().unwrap().to_owned());
        Reply { status: response.status(), content_type, headers, text: response.text().await.unwrap() }
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.server.base_url());
        self.client.request(method.parse().unwrap(), url).header("x-api-key", self.server.key())
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(self.request("GET", path)).await
    }

    /// Head and body as they are on the wire; the client in use here would unpack them unseen.
    async fn packed(&self, path: &str) -> (String, Vec<u8>) {
        let address = self.server.base_url().replace("http://", "");
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nx-api-key: {}\r\naccept-encoding: gzip, br\r\nconnection: close\r\n\r\n",
            self.server.key()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        (String::from_utf8(bytes[..end].to_vec()).unwrap(), bytes[end + 4..].to_vec())
    }

    async fn write(&self, method: &str, path: &str, attributes: Value) -> Reply {
        self.write_body(method, path, json!({"data": {"type": "x", "attributes": attributes}})).await
    }

    async fn write_body(&self, method: &str, path: &str, body: Value) -> Reply {
        let request = self.request(method, path).header("content-type", "application/vnd.api+json");
        self.send(request.body(body.to_string())).await
    }
}

fn documents(query: &str) -> String {
    format!("/organizations/{ORGANIZATION}/relationships/documents{query}")
}

#[tokio::test]
async fn rule_1_record_ids_are_strings_and_foreign_ids_numbers_even_with_16_digits() {
    let f = Fixture::new().await;
    let large = f.get(&format!("/organizations/{LARGE}")).await;
    assert_eq!(large.json()["data"]["id"], json!(LARGE.to_string()));
    assert!(f.get("/configurations?filter[name]=SYNCED").await.text.contains(&format!("\"organization-id\":{LARGE}")));
    let reply = f.get("/configurations/9021177").await.json();
    assert_eq!(reply["data"]["type"], "configurations");
    assert_eq!(reply["data"]["attributes"]["organization-id"], json!(ORGANIZATION));
    assert_eq!(reply["data"]["relationships"], json!({}));
    let made = f.write("POST", "/organizations", json!({"name": "New"})).await.json();
    let id: u64 = made["data"]["id"].as_str().unwrap().parse().unwrap();
    assert!(id < 1 << 53, "clients that keep numbers as doubles can go on with what they make: {id}");
}

#[tokio::test]
async fn rule_2_a_bare_list_of_documents_is_the_top_level_only() {
    let f = Fixture::new().await;
    for (query, names) in [
        ("", vec!["At the top", "Uploaded.pdf"]),
        ("?filter[document_folder_id]=null", vec!["At the top", "Deeper", "In a folder", "Uploaded.pdf"]),
        ("?filter[document-folder-id]=0", vec!["At the top", "Uploaded.pdf"]),
        ("?filter[document_folder_id]=31", vec!["In a folder"]),
        ("?filter[document_folder_id][ne]=null", vec!["Deeper", "In a folder"]),
        ("?filter[document_folder_id][ne]=", vec!["Deeper", "In a folder"]),
        ("?filter[id]=42,44", vec!["In a folder", "Uploaded.pdf"]),
    ] {
        assert_eq!(f.get(&documents(query)).await.names(), names, "{query}");
    }
    let folders = format!("/organizations/{ORGANIZATION}/relationships/document_folders");
    assert_eq!(f.get(&folders).await.names(), ["Old", "Runbooks"], "folders do it the other way round");
    assert_eq!(f.get(&format!("{folders}?filter[parent_id]=0")).await.names(), ["Runbooks"]);
}

#[tokio::test]
async fn rule_3_document_lists_carry_bodies_archived_and_uploaded_documents() {
    let f = Fixture::new().await;
    let list = f.get(&documents("?filter[document_folder_id]=null")).await.json();
    let rows = list["data"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["attributes"]["archived"] == true));
    assert!(
        rows.iter().any(|row| row["attributes"]["is-uploaded"] == true && row["attributes"]["content"] == json!([]))
    );
    let content = rows[0]["attributes"]["content"].as_array().unwrap();
    let kinds: Vec<&str> = content.iter().map(|block| block["resource_type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Document::Heading", "Document::Text", "Document::Step", "Document::Gallery"]);
    assert_eq!(content[0]["resource"]["level"], 2);
    assert_eq!(content[0]["document_id"], 41);
    assert!(content[3]["resource"].get("content").is_none(), "a gallery has no text");
    let shown = f.get("/documents/41").await.json();
    assert_eq!(shown["data"]["attributes"]["content"], json!(content), "the list gives what show gives");
}

#[tokio::test]
async fn rule_4_unknown_filters_are_ignored_and_names_match_exactly() {
    let f = Fixture::new().await;
    let count = async |path: &str| f.get(path).await.json()["meta"]["total-count"].as_u64().unwrap();
    assert_eq!(count("/configurations?filter[hostname]=nobody").await, 4);
    assert_eq!(count("/configurations?filter[name]=HPD").await, 0);
    assert_eq!(count("/configurations?filter[name]=HPD-IMG01").await, 1);
    assert_eq!(count("/configurations?filter[id]=9021177,9021180").await, 2);
    assert_eq!(count("/configurations?filter[archived]=1").await, 1);
    assert_eq!(count("/configurations?filter[id]=nonsense").await, 0);
    assert_eq!(count(&documents("?filter[name]=nobody")).await, 2, "documents know no filter on the name");
    assert_eq!(count("/organizations?filter[name]=Harbour\\, Pine").await, 1, "an escaped comma is a comma");
    assert_eq!(count("/organizations?filter[name]=Harbour, Pine").await, 0, "a bare one means or");
    assert_eq!(count(&format!("/organizations?filter[exclude][id]={LARGE}")).await, 1);
    assert_eq!(count("/organizations?filter[updated_at]=2026-02-01,*").await, 1);
    assert_eq!(count("/contacts?filter[primary_email]=ADA@example.com").await, 1);
    assert_eq!(count("/organizations?filter[psa_id]=77&filter[psa_integration_type]=autotask").await, 2);
    assert_eq!(count("/organizations?filter[psa_id]=77&filter[psa_integration_type]=manage").await, 0);
    assert_eq!(f.get("/organizations?filter[psa_id]=77").await.status, 422);
    let metrics = f.get("/user_metrics?filter[date]=*,2026-01-01").await;
    assert_eq!(metrics.status, 422);
    assert!(metrics.text.contains("date range filter cannot be longer than a week"));
}

#[tokio::test]
async fn rule_5_lists_have_meta_and_absolute_links_with_the_host_of_the_request() {
    let f = Fixture::new().await;
    let port = f.server.base_url().rsplit(':').next().unwrap().to_owned();
    let url = "/configurations?filter[archived]=false&page[size]=1&page[number]=2&sort=name";
    let reply = f.send(f.request("GET", url).header("host", format!("glue.example:{port}"))).await.json();
    assert_eq!(
        reply["meta"],
        json!({"current-page": 2, "next-page": 3, "prev-page": 1, "total-pages": 3, "total-count": 3, "filters": {}})
    );
    let next = reply["links"]["next"].as_str().unwrap();
    assert!(next.starts_with(&format!("http://glue.example:{port}/configurations?")), "{next}");
    assert!(next.contains("filter%5Barchived%5D=false") && next.contains("page%5Bnumber%5D=3"), "{next}");
    let last = f.get(&next[next.find("/configurations").unwrap()..]).await.json();
    assert_eq!(last["meta"]["current-page"], 3);
    assert_eq!(last["meta"]["next-page"], Value::Null);
    assert_eq!(last["links"]["next"], Value::Null);
    let past = f.get("/configurations?page[number]=9").await;
    assert_eq!((past.status, past.json()["data"].clone()), (StatusCode::OK, json!([])));
    let empty = f.get("/configurations?filter[name]=nobody").await.json();
    assert_eq!(empty["meta"]["total-pages"], 0);
}

#[tokio::test]
async fn rule_6_pages_have_50_rows_by_default_and_at_most_1000() {
    let mut world = world();
    for id in 0..1100 {
        insert(
            &mut world,
            Table::Locations,
            1_000_000 + id,
            json!({"organization-id": LARGE, "name": format!("L{id}")}),
        );
    }
    let f = Fixture::with(Options::with_world(world)).await;
    assert_eq!(f.get("/locations").await.names().len(), 50);
    assert_eq!(f.get("/locations?page[size]=5000").await.names().len(), 1000);
}

#[tokio::test]
async fn rule_7_no_key_is_401_and_an_unknown_key_403() {
    let f = Fixture::new().await;
    let url = format!("{}/organizations", f.server.base_url());
    let none = f.send(f.client.get(&url)).await;
    assert_eq!(none.status, 401);
    assert_eq!(none.json()["errors"][0]["status"], 401, "a number, not a string");
    let unknown = f.send(f.client.get(&url).header("x-api-key", "ITG.nobody")).await;
    assert_eq!((unknown.status.as_u16(), unknown.json()), (403, json!({"message": "Forbidden"})));
    assert!(unknown.content_type.starts_with("application/json"), "the gateway speaks plain JSON");
    let keys: Vec<KeyUsed> = f.server.requests().iter().map(|request| request.key).collect();
    assert_eq!(keys, [KeyUsed::None, KeyUsed::Unknown]);
}

#[tokio::test]
async fn rule_8_writes_need_the_json_api_content_type() {
    let f = Fixture::new().await;
    let body = json!({"data": {"type": "organizations", "attributes": {"name": "New"}}}).to_string();
    for content_type in ["application/json", "text/plain"] {
        let request = f.request("POST", "/organizations").header("content-type", content_type).body(body.clone());
        assert_eq!(f.send(request).await.status, 415);
    }
    let kind = "application/vnd.api+json; charset=utf-8";
    let made = f.send(f.request("POST", "/organizations").header("content-type", kind).body(body)).await;
    assert_eq!(made.status, 201);
    let broken = f.send(f.request("POST", "/organizations").header("content-type", kind).body("{")).await;
    assert_eq!(broken.status, 400);
    assert_eq!(f.write_body("POST", "/organizations", json!({})).await.status, 400);
}

#[tokio::test]
async fn rule_9_flexible_assets_need_their_type() {
    let f = Fixture::new().await;
    let nested = format!("/organizations/{ORGANIZATION}/relationships/flexible_assets");
    assert_eq!(f.get("/flexible_assets").await.status, 422);
    assert_eq!(f.get(&nested).await.status, 422);
    assert_eq!(f.get("/flexible_assets?filter[flexible-asset-type-id]=15502").await.names(), ["Tidal"]);
    let both = format!("/flexible_assets?filter[flexible_asset_type_id]=15502&filter[organization_id]={LARGE}");
    assert!(f.get(&both).await.names().is_empty());
    assert_eq!(f.get(&format!("{nested}?filter[flexible_asset_type_id]=15502")).await.names(), ["Tidal"]);
}

#[tokio::test]
async fn rule_10_password_values_come_only_from_show_and_only_for_the_right_key() {
    let f = Fixture::new().await;
    let value = async |path: &str| f.get(path).await.json()["data"]["attributes"].get("password").cloned();
    assert_eq!(value("/passwords/6600421").await, Some(json!("maple-Orbit-42-thistle")));
    assert_eq!(value("/passwords/6600421?show_password=true").await, Some(json!("maple-Orbit-42-thistle")));
    assert_eq!(value("/passwords/6600421?show_password=false").await, None);
    assert_eq!(value("/passwords/6600421?version_id=1").await, Some(json!("older-value")));
    let vaulted = value("/passwords/6600422").await.unwrap();
    assert!(vaulted.as_str().unwrap().starts_with("AES256GCM"), "the service has no more than that: {vaulted}");
    let nested = format!("/organizations/{ORGANIZATION}/relationships/passwords/6600421");
    assert!(value(&nested).await.is_some());
    let url = format!("{}/passwords/6600421", f.server.base_url());
    let weak = f.send(f.client.get(url).header("x-api-key", f.server.key_without_passwords())).await;
    assert_eq!(weak.status, 200);
    assert!(weak.json()["data"]["attributes"].get("password").is_none());
    for path in ["/passwords?show_password=true", "/configurations/9021177?include=passwords"] {
        let text = f.get(path).await.text;
        assert!(
            text.contains("HPD-IMG01 local admin") && !text.contains("maple") && !text.contains("_value"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn rule_11_related_items_and_attachments_come_through_include() {
    let f = Fixture::new().await;
    let reply = f.get("/documents/41?include=related_items,attachments").await.json();
    let included = reply["included"].as_array().unwrap();
    assert_eq!(included[0]["type"], "related-items");
    assert_eq!(included[0]["attributes"]["resource-id"], 9_021_180);
    assert_eq!(included[0]["attributes"]["asset-type"], "configuration");
    assert_eq!(included[0]["attributes"]["notes"], "Runbook");
    assert_eq!(reply["data"]["relationships"]["attachments"]["data"][0]["id"], "415");
    let address = included[1]["attributes"]["download-url"].as_str().unwrap().to_owned();
    assert_eq!(address, format!("{}/attachments/415", f.server.web_url()));
    assert_ne!(f.server.web_url().split(':').nth(1), f.server.base_url().split(':').nth(1), "another host");
    let page = f.send(f.client.get(&address)).await;
    assert_eq!((page.status.as_u16(), &page.headers["location"]), (302, &"/login".parse().unwrap()));
    assert!(f.send(f.client.get(format!("{}/login", f.server.web_url()))).await.text.contains("Sign in"));
    assert!(f.server.web_requests().iter().all(|request| !request.with_key));
    f.send(f.client.get(&address).header("x-api-key", f.server.key())).await;
    let with_key: Vec<_> = f.server.web_requests().into_iter().filter(|request| request.with_key).collect();
    assert_eq!(with_key.iter().map(|request| request.target.as_str()).collect::<Vec<_>>(), ["/attachments/415"]);

    f.server.faults().add_spec("api-downloads").unwrap();
    let reply = f.get("/documents/41?include=attachments").await.json();
    let address = reply["included"][0]["attributes"]["download-url"].as_str().unwrap().to_owned();
    assert_eq!(f.send(f.client.get(&address)).await.status, 401, "the file needs the key");
    assert_eq!(
        f.send(f.client.get(&address).header("x-api-key", f.server.key())).await.content_type,
        "application/pdf"
    );

    let router = f.get("/configurations/9021180?include=related-items").await.json();
    let types: Vec<&Value> = router["included"].as_array().unwrap().iter().map(|record| &record["type"]).collect();
    assert_eq!(types, ["related-items", "tags"], "people's links and flexible assets that point here");
    assert_eq!(router["included"][1]["attributes"]["resource-type-name"], "Internet/WAN");

    assert_eq!(f.get("/documents/41/relationships/related_items").await.status, 404);
    assert_eq!(f.get("/documents/41/relationships/attachments").await.names(), ["wiring.pdf"]);
    let list = f.get(&documents("?include=related_items,attachments")).await.json();
    assert!(list["data"][0]["relationships"].get("related-items").is_none(), "only a single record has them");
    assert_eq!(list["data"][0]["relationships"]["attachments"]["data"][0]["id"], "415");
}

#[tokio::test]
async fn rule_12_unknown_includes_are_ignored_and_included_records_come_once() {
    let f = Fixture::new().await;
    let reply = f.get("/configurations/9021177?include=unicorns,configuration_interfaces").await;
    assert_eq!(reply.status, 200);
    let types = f.get("/flexible_asset_types?include=flexible_asset_fields").await.json();
    assert_eq!(types["included"].as_array().unwrap().len(), 5);
    insert_second_contact(&f);
    let contacts = f.get("/contacts?include=location").await.json();
    assert_eq!(contacts["data"].as_array().unwrap().len(), 2);
    assert_eq!(contacts["included"].as_array().unwrap().len(), 1, "two contacts, one location");
    assert_eq!(contacts["data"][0]["relationships"]["location"]["data"]["id"], "700881", "to-one is an object");
}

fn insert_second_contact(f: &Fixture) {
    f.server.with_world(|world| {
        let contact =
            json!({"organization-id": ORGANIZATION, "first-name": "Bo", "name": "Bo", "location-id": 700_881});
        insert(world, Table::Contacts, 72, contact);
    });
}

#[tokio::test]
async fn rule_13_documents_cannot_be_moved_or_rewritten_and_publish_is_patch() {
    let f = Fixture::new().await;
    let reply =
        f.write("PATCH", "/documents/41", json!({"content": "x", "document_folder_id": 31, "name": "Renamed"})).await;
    assert_eq!(reply.status, 200);
    let after = f.get("/documents/41").await.json()["data"]["attributes"].clone();
    assert_eq!((after["name"].as_str(), after["document-folder-id"].clone()), (Some("Renamed"), Value::Null));
    assert!(after["content"].is_array());

    let sections = "/documents/41/relationships/sections";
    let missing = f.write("POST", sections, json!({"content": "x"})).await;
    assert_eq!(missing.status, 400);
    assert!(missing.text.contains("param is missing or the value is empty: resource_type"));
    let made = f.write("POST", sections, json!({"resource_type": "Document::Text", "content": "<p>new</p>"})).await;
    assert_eq!(made.status, 201);
    let changed = f.write("PATCH", &format!("{sections}/50"), json!({"content": "Draft heading"})).await;
    assert_eq!(changed.json()["data"]["attributes"]["content"], "Draft heading");
    assert_eq!(f.write_body("DELETE", &format!("{sections}/52"), Value::Null).await.status, 200);
    assert_eq!(f.get(sections).await.json()["data"].as_array().unwrap().len(), 4, "the draft lost one and gained one");
    let published = f.get("/documents/41").await;
    assert!(!published.text.contains("<p>new</p>") && published.text.contains("Before you start"));

    assert_eq!(f.write("POST", "/documents/41/publish", json!({})).await.status, 404);
    let publish = f.send(f.request("PATCH", "/documents/41/publish")).await;
    assert_eq!(publish.status, 200, "no body is needed");
    assert_eq!(publish.json()["data"]["id"], "41");
    let published = f.get("/documents/41").await;
    assert!(published.text.contains("<p>new</p>") && published.text.contains("Draft heading"));
    assert!(!published.text.contains("Document::Step"));
}

#[tokio::test]
async fn rule_13_a_new_document_is_an_empty_shell() {
    let f = Fixture::new().await;
    let attributes = json!({"name": "New", "document_folder_id": 31, "content": "<p>lost</p>"});
    let made = f.write("POST", &documents(""), attributes).await;
    assert_eq!(made.status, 201);
    let made = made.json()["data"]["attributes"].clone();
    assert_eq!(made["content"], json!([]));
    assert_eq!(made["published-at"], Value::Null);
    let elsewhere = f.write("POST", &documents(""), json!({"name": "New", "document-folder-id": 33})).await;
    assert_eq!(elsewhere.status, 422);
    assert!(elsewhere.text.contains("must exist in the same organization"));
    assert_eq!(f.get("/documents").await.status, 404, "there is no list over all organizations");
}

#[tokio::test]
async fn rule_14_traits_are_replaced_and_tags_written_as_ids_read_as_objects() {
    let f = Fixture::new().await;
    let path = "/flexible_assets/3300917";
    let traits = f.get(path).await.json()["data"]["attributes"]["traits"].clone();
    assert_eq!(traits["router"]["type"], "Configurations");
    assert_eq!(traits["router"]["values"][0]["name"], "HPD-FW01");
    assert_eq!(traits["router"]["values"][0]["hostname"], "hpd-fw01");
    let sent = json!({"traits": {"provider": "Other", "router": ["9021177", 9_021_180], "speed": "500", "x": 1}});
    let written = f.write("PATCH", path, sent).await.json()["data"]["attributes"].clone();
    assert!(written["traits"].get("notes").is_none(), "what is left out is gone");
    assert!(written["traits"].get("x").is_none(), "unknown keys are ignored");
    assert_eq!(written["traits"]["router"]["values"].as_array().unwrap().len(), 2);
    assert_eq!(written["traits"]["speed"], 500.0);
    assert_eq!(written["name"], "Other", "the name follows the title fields");
    let refused = f.write("PATCH", path, json!({"traits": {"link-type": "Pigeon"}})).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["errors"].as_array().unwrap().len(), 1, "one problem at a time");
    assert!(refused.text.contains("can't be blank"));
}

#[tokio::test]
async fn rule_15_relating_twice_or_backwards_is_refused() {
    let f = Fixture::new().await;
    let again = json!({"destination_id": 41, "destination_type": "Document", "notes": ""});
    let back = json!({"destination-id": "9021180", "destination-type": "Configuration"});
    for (path, attributes) in [("/configurations/9021180", again), ("/documents/41", back)] {
        let reply = f.write("POST", &format!("{path}/relationships/related_items"), attributes).await;
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains("a similar or inverse relation already exists"));
    }
    let path = "/documents/42/relationships/related_items";
    let made = f.write("POST", path, json!({"destination_id": 95, "destination_type": "Domain", "notes": "DNS"})).await;
    assert_eq!(made.status, 201);
    let link = made.json()["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(f.write("PATCH", &format!("{path}/{link}"), json!({"notes": "Zone"})).await.status, 200);
    assert!(f.get("/documents/42?include=related_items").await.text.contains("Zone"));
    for (id, label, status) in [
        ("21", "User", 201),
        ("31", "Document Folder", 201),
        ("9021177", "Configuration", 201),
        ("9021177", "Datto Device", 422),
    ] {
        let sent = json!({"destination_id": id, "destination_type": label, "via_copilot": true});
        assert_eq!(f.write("POST", path, sent).await.status, status, "{label}");
    }
    let list = json!({"data": [{"type": "related_items", "attributes": {"id": link}}]});
    assert_eq!(f.write_body("DELETE", path, list).await.status, 200);
    assert!(!f.get("/documents/42?include=related_items").await.text.contains("Zone"));
}

#[tokio::test]
async fn rule_16_faults_can_be_switched_while_the_server_runs() {
    let f = Fixture::new().await;
    let faults = f.server.faults();
    faults.add_spec("429:retry-after=2:count=1:path=/organizations").unwrap();
    let reply = f.get("/organizations").await;
    assert_eq!((reply.status.as_u16(), reply.headers["retry-after"].to_str().unwrap()), (429, "2"));
    assert_eq!(f.get("/organizations").await.status, 200, "once and no more");
    faults.add_spec("429:retry-after=date+30:body=text:count=1").unwrap();
    let reply = f.get("/organizations").await;
    assert!(reply.headers["retry-after"].to_str().unwrap().ends_with(" GMT"));
    for (spec, content_type, text) in [
        ("500:body=html:count=1", "text/html", "<h1>"),
        ("502:body=gateway:count=1", "application/json", "{\"message\":\"Bad Gateway\"}"),
        ("503:body=empty:count=1", "", ""),
        ("422:body=string-status:count=1", "application/vnd.api+json", "\"status\":\"422\""),
        ("captive-portal:count=1", "text/html", "Free WiFi"),
        ("charset:count=1", "application/vnd.api+json; charset=utf-8", "\"data\""),
    ] {
        faults.clear();
        faults.add_spec(spec).unwrap();
        let reply = f.get("/organizations").await;
        assert!(reply.content_type.starts_with(content_type) && reply.text.contains(text), "{spec}: {}", reply.text);
    }
    faults.add_spec("no-meta:count=1").unwrap();
    assert!(f.get("/organizations").await.json().get("meta").is_none());
    faults.add(Rule::from(Fault::WrongTotal(5)).times(1));
    assert_eq!(f.get("/organizations").await.json()["meta"]["total-count"], 7);
    faults.add_spec("page-loop:count=1").unwrap();
    assert_eq!(f.get("/organizations?page[number]=3").await.json()["meta"]["next-page"], 1);
    faults.add_spec("legacy-content:count=1").unwrap();
    assert!(f.get("/documents/41").await.json()["data"]["attributes"]["content"].is_string());
    faults.add_spec("redirect=http://127.0.0.1:9:count=1").unwrap();
    let reply = f.get("/organizations?a=b").await;
    assert_eq!(reply.headers["location"], "http://127.0.0.1:9/organizations?a=b");
    faults.add_spec("empty-write:count=1").unwrap();
    let publish = f.send(f.request("PATCH", "/documents/41/publish")).await;
    assert_eq!((publish.status.as_u16(), publish.text.as_str()), (200, ""));
    for kind in ["document", "password"] {
        let folders = format!("/organizations/{ORGANIZATION}/relationships/{kind}_folders");
        faults.clear();
        for (spec, status, words) in [
            ("folders-refused:count=1", 401, "Only supported for JWT requests"),
            ("folders-refused=403:count=1", 403, "Forbidden"),
            ("folders-refused=404:count=1", 404, "Record not found"),
        ] {
            faults.add_spec(spec).unwrap();
            let reply = f.get(&folders).await;
            assert_eq!((reply.status.as_u16(), reply.json()["errors"][0]["title"].as_str()), (status, Some(words)));
        }
        assert_eq!(f.get(&folders).await.status, 200);
    }
    faults.add_spec("foreign-row:count=1").unwrap();
    let rows = f.get(&documents("")).await.json();
    assert_eq!(rows["data"][0]["attributes"]["organization-id"], json!(ORGANIZATION + 1));
    faults.add_spec("malformed-row:count=1").unwrap();
    assert!(f.get("/organizations").await.json()["data"][0]["id"].is_object());
}

#[tokio::test]
async fn rule_16_rows_can_change_between_two_pages() {
    let f = Fixture::new().await;
    let names = async || f.get("/configurations?sort=name").await.names();
    let before = names().await;
    f.server.faults().add_spec("insert:count=1").unwrap();
    assert_eq!(names().await, before, "the change comes after the answer");
    let after = names().await;
    assert_eq!(after.len(), before.len() + 1);
    f.server.faults().add_spec("delete:count=1").unwrap();
    names().await;
    assert_eq!(names().await, before);
    f.server.faults().add_spec("rename:count=1").unwrap();
    names().await;
    assert_eq!(names().await.last().unwrap(), "~~ renamed 9021180");
}

#[tokio::test]
async fn rule_16_the_wire_itself_can_break() {
    let f = Fixture::new().await;
    let faults = f.server.faults();
    for spec in ["truncate:count=1", "truncate:keep=0:count=1"] {
        faults.add_spec(spec).unwrap();
        let response = f.request("GET", "/organizations").send().await.unwrap();
        assert!(response.content_length().unwrap() > 100);
        assert!(response.text().await.is_err(), "{spec}");
    }
    faults.add_spec("reset:count=1").unwrap();
    assert!(f.request("GET", "/organizations").send().await.is_err());
    faults.add_spec("oversized=3MB:count=1").unwrap();
    let reply = f.get("/organizations").await;
    assert_eq!(reply.text.len(), 3 << 20);
    assert_eq!(reply.json()["data"], json!([]));
    faults.add_spec("bomb=8MB:count=1").unwrap();
    let (head, body) = f.packed("/organizations").await;
    assert!(head.contains("content-encoding: gzip"), "{head}");
    assert!(body.len() < 100_000, "{} bytes for 8 MB", body.len());
    faults.add_spec("endless:count=1").unwrap();
    let mut endless = f.request("GET", "/organizations").send().await.unwrap();
    for _ in 0..200 {
        assert!(endless.chunk().await.unwrap().is_some());
    }
    drop(endless);
    for spec in ["silent:count=1", "drip:count=1", "latency=30s:count=1"] {
        faults.add_spec(spec).unwrap();
        let slow = async {
            f.request("GET", "/organizations").send().await.unwrap().text().await.unwrap();
        };
        assert!(tokio::time::timeout(Duration::from_millis(150), slow).await.is_err(), "{spec}");
    }
    assert_eq!(f.get("/organizations").await.status, 200, "and the server is none the worse for it");
}

#[tokio::test]
async fn rule_17_checklists_are_half_closed_to_keys() {
    let f = Fixture::new().await;
    for (method, path) in [
        ("POST", "/checklists"),
        ("POST", "/checklists/91/relationships/checklist_tasks"),
        ("PATCH", "/checklists/91/relationships/checklist_tasks/92"),
    ] {
        let reply = f.write(method, path, json!({"name": "x", "organization_id": ORGANIZATION})).await;
        assert_eq!(reply.status, 401);
        let error = reply.json()["errors"][0].clone();
        assert_eq!(error["title"], "Only supported for JWT requests", "the telling words are in the title");
        assert_eq!(error["detail"], "Unauthorized resource access");
    }
    assert_eq!(f.write("PATCH", "/checklists/91", json!({"name": "Starter"})).await.status, 200);
    assert_eq!(
        f.get("/checklists/91?include=checklist_tasks").await.json()["included"][0]["attributes"]["name"],
        "Desk"
    );
}

#[tokio::test]
async fn rule_18_the_rate_window_refuses_what_is_too_much() {
    let mut options = Options::with_world(world());
    options.rate = Rate { requests: 3, window: Duration::from_millis(400) };
    let f = Fixture::with(options).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(f.get("/organizations").await.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
    let again = tokio::time::timeout(Duration::from_secs(10), async {
        while f.get("/organizations").await.status != 200 {
            tokio::task::yield_now().await;
        }
    });
    again.await.expect("the next window opens");
}

#[tokio::test]
async fn rule_19_both_spellings_are_understood_and_kebab_is_answered() {
    let f = Fixture::new().await;
    for (sort, first) in [("-updated_at", "Large ids"), ("-updated-at", "Large ids"), ("name", "Harbour, Pine")] {
        assert_eq!(f.get(&format!("/organizations?sort={sort}")).await.names()[0], first, "{sort}");
    }
    assert_eq!(f.get("/organizations?sort=alert").await.status, 200, "a field it cannot sort by is ignored");
    for key in ["configuration_type_id", "configuration-type-id"] {
        let mut attributes = json!({"name": "NEW", "organization-id": ORGANIZATION.to_string(), "hostname": "new"});
        attributes[key] = "11".into();
        let made = f.write("POST", "/configurations", attributes).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let made = made.json()["data"].clone();
        assert_eq!(made["attributes"]["configuration-type-name"], "Server");
        assert_eq!(made["attributes"]["organization-id"], json!(ORGANIZATION));
        assert!(made["attributes"].as_object().unwrap().keys().all(|key| !key.contains('_')));
        assert_eq!(made["attributes"]["asset-tag"], Value::Null, "what is not set is there as null");
    }
}

#[tokio::test]
async fn rule_20_images_have_signed_addresses_that_end() {
    let mut options = Options::with_world(world());
    options.image_ttl = Duration::from_millis(300);
    let f = Fixture::with(options).await;
    assert_eq!(f.get("/4120387/docs/41/images/61").await.status, 404);
    let image = f.get("/document_images/61").await.json();
    let address = image["data"]["attributes"]["original-src"].as_str().unwrap().to_owned();
    let open = f.send(f.client.get(&address)).await;
    assert_eq!((open.status.as_u16(), open.content_type.as_str()), (200, "image/png"));
    let forged = f.send(f.client.get(address.replace("/61/", "/62/"))).await;
    assert_eq!(forged.status, 403);
    let ended = tokio::time::timeout(Duration::from_secs(10), async {
        while f.send(f.client.get(&address)).await.status != 403 {
            tokio::task::yield_now().await;
        }
    });
    ended.await.expect("the address ends");
    let sections = f.get("/documents/41/relationships/sections").await.json();
    let rendered = sections["data"][1]["attributes"]["rendered-content"].as_str().unwrap().to_owned();
    assert!(rendered.contains("/storage/document_images/61/original?expires="), "{rendered}");
    assert_eq!(sections["data"][3]["attributes"]["document-images"][0]["id"], "62");
}

#[tokio::test]
async fn rule_21_dates_of_metrics_are_open_at_the_end_and_not_at_the_start() {
    let f = Fixture::new().await;
    f.server.with_world(|world| {
        for (id, date) in [(1, "2026-11-01"), (2, "2026-11-09"), (3, "2026-11-20")] {
            insert(world, Table::UserMetrics, id, json!({"date": date, "viewed": 1}));
        }
    });
    for (range, status, rows) in [
        ("2026-11-05,*", 200, 2),
        ("*,*", 200, 3),
        ("2026-11-01,2026-11-08", 200, 1),
        ("2026-11-01, 2026-11-08", 200, 1),
        ("*,2026-11-08", 422, 0),
        ("2026-11-01,2026-11-09", 422, 0),
    ] {
        let reply = f.get(&format!("/user_metrics?filter[date]={range}")).await;
        assert_eq!(reply.status, status, "{range}: {}", reply.text);
        assert_eq!(reply.json()["data"].as_array().map_or(0, Vec::len), rows, "{range}");
    }
}

#[tokio::test]
async fn rule_22_organization_lists_cut_quick_notes_and_write_ancestors_as_text() {
    let f = Fixture::new().await;
    let notes = format!("<p>{}é end</p>", "x".repeat(246));
    f.server.with_world(|world| {
        world.edit(Table::Organizations, ORGANIZATION, |row| {
            row.insert("quick-notes".into(), notes.clone().into());
        });
        insert(world, Table::Organizations, 2, json!({"name": "Branch", "parent-id": ORGANIZATION}));
        insert(world, Table::Organizations, 3, json!({"name": "Kiosk", "parent-id": 2, "quick-notes": "short"}));
    });
    let path = format!("/organizations?filter[id]={ORGANIZATION}");
    let listed = f.get(&path).await.json()["data"][0]["attributes"]["quick-notes"].as_str().unwrap().to_owned();
    assert_eq!(listed.chars().count(), 250);
    assert!(notes.starts_with(&listed) && listed.ends_with('é'), "{listed}");
    let shown = f.get(&format!("/organizations/{ORGANIZATION}")).await.json();
    assert_eq!(shown["data"]["attributes"]["quick-notes"], json!(notes));
    let kiosk = f.get("/organizations?filter[id]=3").await.json()["data"][0]["attributes"].clone();
    assert_eq!((&kiosk["parent-id"], &kiosk["ancestor-ids"]), (&json!("2"), &json!(format!("[{ORGANIZATION},2]"))));
    assert_eq!((&kiosk["quick-notes"], &kiosk["logo"]), (&json!("short"), &json!("")));
    let top = &shown["data"]["attributes"];
    assert_eq!((&top["parent-id"], &top["ancestor-ids"]), (&Value::Null, &json!("[]")));
    let folders = format!("/organizations/{ORGANIZATION}/relationships/document_folders?filter[id]=32");
    assert_eq!(f.get(&folders).await.json()["data"][0]["attributes"]["ancestor-ids"], json!([31]), "of folders a list");
}

#[tokio::test]
async fn rule_23_vaulted_values_are_ciphertext_and_a_list_can_carry_a_value() {
    let f = Fixture::with(Options::default()).await;
    let rows = f.get("/passwords?page[size]=1000&sort=id").await.json()["data"].as_array().unwrap().clone();
    let mut marks = std::collections::BTreeSet::new();
    for row in rows.iter().filter(|row| !row["attributes"]["vault-id"].is_null()) {
        let shown = f.get(&format!("/passwords/{}", row["id"].as_str().unwrap())).await.json();
        let value = shown["data"]["attributes"]["password"].as_str().unwrap().to_owned();
        marks.insert(value.split('$').next().unwrap().to_owned());
    }
    assert_eq!(marks.into_iter().collect::<Vec<_>>(), ["AES-256-GCM", "AES256GCM"]);
    let left = f.get("/passwords?filter[name]=Left behind by the vault").await.json()["data"][0].clone();
    assert_eq!(left["attributes"]["vault-id"], Value::Null);
    let shown = f.get(&format!("/passwords/{}", left["id"].as_str().unwrap())).await.text;
    assert!(shown.contains("\"password\":\"AES-256-GCM$"), "{shown}");

    let f = Fixture::new().await;
    f.server.faults().add_spec("list-password").unwrap();
    for path in ["/passwords", "/configurations/9021177?include=passwords"] {
        assert!(f.get(path).await.text.contains("maple-Orbit-42-thistle"), "{path}");
    }
    let url = format!("{}/passwords", f.server.base_url());
    let weak = f.send(f.client.get(url).header("x-api-key", f.server.key_without_passwords())).await;
    assert!(!weak.text.contains("maple"));
}

#[tokio::test]
async fn rule_24_several_fields_sort_each_in_its_direction() {
    let f = Fixture::new().await;
    f.server.with_world(|world| {
        for (id, name) in [(LARGE + 4, "B"), (LARGE + 2, "A"), (LARGE + 3, "b"), (LARGE + 1, "a")] {
            insert(world, Table::Locations, id, json!({"organization-id": LARGE, "name": name}));
        }
    });
    let ids = async |sort: &str| {
        let path = format!("/organizations/{LARGE}/relationships/locations?sort={sort}");
        let rows = f.get(&path).await.json()["data"].as_array().unwrap().clone();
        rows.iter().map(|row| row["id"].as_str().unwrap().parse::<u64>().unwrap() - LARGE).collect::<Vec<_>>()
    };
    assert_eq!(ids("name,id").await, [1, 2, 3, 4]);
    assert_eq!(ids("name,-id").await, [2, 1, 4, 3], "ids beyond what a double holds are told apart");
    assert_eq!(ids("-name,id").await, [3, 4, 1, 2]);
    assert_eq!(ids("-name,-id").await, [4, 3, 2, 1]);
    assert_eq!(ids("unicorns,-id").await, [4, 3, 2, 1], "a field that is none is passed over");
}

#[tokio::test]
async fn rule_25_a_blank_behind_a_comma_counts_and_undocumented_filters_do_nothing() {
    let f = Fixture::new().await;
    let count = async |path: &str| f.get(path).await.json()["meta"]["total-count"].as_u64().unwrap();
    assert_eq!(count("/configurations?filter[name]=HPD-IMG01,HPD-FW01").await, 2);
    assert_eq!(count("/configurations?filter[name]=HPD-IMG01, HPD-FW01").await, 1);
    assert_eq!(count("/configurations?filter[id]=9021177, 9021180").await, 1);
    assert_eq!(count("/configurations?filter[name]=hpd-img01").await, 0, "letter case counts as well");
    for path in ["/configurations", "/expirations"] {
        let all = count(path).await;
        for filter in ["created_at", "updated_at"] {
            assert_eq!(count(&format!("{path}?filter[{filter}]=2001-01-01,2001-01-02")).await, all, "{path}: {filter}");
        }
    }
    assert_eq!(count(&documents("?filter[updated_at]=2001-01-01,2001-01-02")).await, 2);
    assert_eq!(count("/organizations?filter[created_at]=2001-01-01, 2001-01-02").await, 0, "of dates it is left out");
}

#[tokio::test]
async fn rule_26_lists_over_all_organizations_are_for_people_unless_switched_open() {
    let f = Fixture::with(Options::default()).await;
    let lists =
        ["document_folders", "password_folders", "checklist_tasks", "checklist_template_tasks", "ssl_certificates"];
    for list in lists {
        let reply = f.get(&format!("/{list}")).await;
        assert_eq!(reply.status, 401, "{list}");
        assert_eq!(reply.json()["errors"][0]["title"], "Only supported for JWT requests", "{list}");
    }
    f.server.faults().add_spec("open-lists").unwrap();
    for list in lists {
        let rows = f.get(&format!("/{list}")).await.json()["data"].as_array().unwrap().clone();
        assert!(!rows.is_empty(), "{list}");
        assert_eq!(rows[0]["type"], list.replace('_', "-"));
    }
    // The way round a nested list that is hidden.
    f.server.faults().add_spec("folders-refused=404").unwrap();
    let folders = f.get(&format!("/document_folders?filter[organization_id]={ORGANIZATION}&page[size]=1000")).await;
    let folders = folders.json()["data"].as_array().unwrap().clone();
    assert!(folders.iter().all(|row| row["attributes"]["organization-id"] == ORGANIZATION) && folders.len() > 3);
    let task = f.get("/checklist_tasks?page[size]=1").await.json()["data"][0]["attributes"].clone();
    let tasks = f.get(&format!("/checklist_tasks?filter[checklist_id]={}", task["checklist-id"])).await.json();
    let tasks = tasks["data"].as_array().unwrap();
    assert!(tasks.len() > 1 && tasks.iter().all(|row| row["attributes"]["checklist-id"] == task["checklist-id"]));
}

#[tokio::test]
async fn rule_27_traits_take_one_id_one_file_and_null_and_forms_carry_files() {
    let f = Fixture::new().await;
    f.server.with_world(|world| {
        let field = json!({
            "flexible-asset-type-id": 15_502, "order": 6, "name": "Plan", "name-key": "plan", "kind": "Upload",
        });
        insert(world, Table::FlexibleAssetFields, 86, field);
    });
    let path = "/flexible_assets/3300917";
    let file = json!({"content": "aGk=", "file_name": "plan.pdf"});
    let sent = json!({"traits": {"provider": "Tidal", "router": 9_021_177, "notes": null, "plan": file}});
    let reply = f.write("PATCH", path, sent).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let traits = reply.json()["data"]["attributes"]["traits"].clone();
    assert_eq!(traits["router"]["values"][0]["id"], 9_021_177);
    assert_eq!(traits["plan"]["values"][0]["name"], "plan.pdf");
    assert!(traits.get("notes").is_none(), "null takes it away");
    assert_eq!(f.write("PATCH", path, json!({"traits": {"provider": "T", "router": {"id": 1}}})).await.status, 422);

    let form = |parts: &[(&str, &str)]| {
        let parts: Vec<String> = parts
            .iter()
            .map(|(disposition, value)| {
                format!("--XX\r\ncontent-disposition: form-data; {disposition}\r\n\r\n{value}\r\n")
            })
            .collect();
        format!("{}--XX--\r\n", parts.concat())
    };
    let kind = "multipart/form-data; boundary=XX";
    let body = form(&[
        ("name=\"data[type]\"", "flexible-assets"),
        ("name=\"data[attributes][traits][provider]\"", "By form"),
        ("name=\"data[attributes][traits][router][]\"", "9021180"),
        ("name=\"data[attributes][traits][plan]\"; filename=\"rack.txt\"", "rack"),
    ]);
    let reply = f.send(f.request("PATCH", path).header("content-type", kind).body(body)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let traits = reply.json()["data"]["attributes"]["traits"].clone();
    assert_eq!((&traits["provider"], &traits["plan"]["values"][0]["name"]), (&json!("By form"), &json!("rack.txt")));
    assert_eq!(traits["router"]["values"][0]["id"], 9_021_180);
    let attachments = "/configurations/9021177/relationships/attachments";
    let body = form(&[("name=\"file\"; filename=\"hello.txt\"", "hello")]);
    let made = f.send(f.request("POST", attachments).header("content-type", kind).body(body.clone())).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["data"]["attributes"]["attachment-file-size"], 5);
    assert_eq!(f.send(f.request("POST", attachments).header("content-type", kind).body("torn")).await.status, 400);
    assert_eq!(f.send(f.request("POST", "/organizations").header("content-type", kind).body(body)).await.status, 415);
}

#[tokio::test]
async fn rule_28_what_the_rmm_and_the_psa_know_comes_with_a_configuration() {
    let f = Fixture::with(Options::default()).await;
    let path = "/configurations/9021177?include=rmm_records,tickets,configuration_interfaces";
    let machine = f.get(path).await.json();
    let of = |kind: &str| {
        machine["included"].as_array().unwrap().iter().find(|row| row["type"] == kind).expect("it has one").clone()
    };
    let record = of("rmm-records");
    assert_eq!(record["relationships"]["configuration"]["data"], json!({"id": "9021177", "type": "configurations"}));
    let known = record["attributes"].clone();
    for key in ["name", "hostname", "device-type", "cpu", "operating-system", "last-login-user", "external-url"] {
        assert!(known[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {known}");
    }
    for key in ["last-seen-online", "last-reboot"] {
        assert!(known[key].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{key}");
    }
    let disk = &known["disks"][0];
    assert!(disk["used"].as_u64().unwrap() < disk["total"].as_u64().unwrap() && disk["name"].is_string());
    assert!(known["memory-total"].as_u64().unwrap() >= 8 << 30 && known["ip-addresses"][0] == "10.40.2.15");
    assert!(known["patches-applied"].as_u64() <= known["patches-total"].as_u64());
    assert_eq!(of("tickets")["attributes"]["name"], "#48213 Imaging slow on Thursdays");
    let interface = of("configuration-interfaces");
    assert_eq!(interface["attributes"]["id"].to_string(), interface["id"].as_str().unwrap());

    let list =
        f.get("/configurations?filter[id]=9021177&include=rmm_records,tickets,recent_versions,related_items").await;
    let names: Vec<String> = list.json()["data"][0]["relationships"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["rmm-records", "tickets"], "what is documented for single records is ignored on lists");
    let shared = f.get("/passwords/6600421?show_password=false&include=shared_links,active_shared_links").await;
    assert_eq!(shared.status, 200);
    assert_eq!(shared.json()["included"], json!([]));
}

#[tokio::test]
async fn rule_29_a_strict_server_knows_what_is_documented_and_no_more() {
    let f = Fixture::new().await;
    let count = async |path: &str| f.get(path).await.json()["meta"]["total-count"].as_u64().unwrap();
    let assets = "/flexible_assets?filter[flexible_asset_type_id]=15502&filter[id]=1";
    let attached = documents("?include=attachments");
    let related = async |path: &str| f.get(path).await.json()["data"][0]["relationships"]["attachments"].is_object();
    assert_eq!((count(assets).await, count("/manufacturers?filter[id]=1").await), (0, 0));
    assert!(related(&attached).await);
    f.server.faults().add_spec("strict").unwrap();
    assert_eq!((count(assets).await, count("/manufacturers?filter[id]=1").await), (1, 1), "ignored");
    assert!(!related(&attached).await);
    assert_eq!(count("/configurations?filter[id]=9021177").await, 1, "what is documented works");

    assert_eq!(f.get("/configurations?filter[rmm_id]=900").await.status, 422);
    f.server.faults().add_spec("pair-alone").unwrap();
    assert_eq!(count("/configurations?filter[rmm_id]=900").await, 4, "ignored, where the switch says so");
    assert_eq!(count("/configurations?filter[psa_id]=900&filter[psa_integration_type]=autotask").await, 3);
}

#[tokio::test]
async fn rule_30_a_single_page_may_have_no_links() {
    let f = Fixture::new().await;
    assert!(f.get("/configurations").await.json()["links"]["self"].is_string());
    f.server.faults().add_spec("bare-links").unwrap();
    assert_eq!(f.get("/configurations").await.json()["links"], json!({}));
    assert!(f.get("/configurations?page[size]=2").await.json()["links"]["next"].is_string());
}

#[tokio::test]
async fn rule_31_a_checklist_that_is_done_has_its_time_and_all_per_cent() {
    let f = Fixture::new().await;
    f.server.with_world(|world| {
        insert(world, Table::ChecklistTasks, 93, json!({"checklist-id": 91, "name": "Key", "completed": true}));
    });
    let done = f.write("PATCH", "/checklists/91", json!({"completed": true, "percent_complete": 3})).await.json();
    let done = done["data"]["attributes"].clone();
    assert_eq!((&done["completed"], &done["percent-complete"]), (&json!(true), &json!(100)));
    assert!(done["completed-at"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    let open =
        f.write("PATCH", "/checklists/91", json!({"completed": false})).await.json()["data"]["attributes"].clone();
    assert_eq!((&open["percent-complete"], &open["completed-at"]), (&json!(50), &Value::Null));
    let sent = json!({
        "first_name": "Ada", "lastName": "Lost", "organization_id": ORGANIZATION,
        "contact_emails": [{"value": "a@example.com", "labelName": "Work", "primary": true}],
    });
    let made = f.write("POST", "/contacts", sent).await.json()["data"]["attributes"].clone();
    assert_eq!(made["last-name"], Value::Null, "keys keep their letters: `lastName` is not `last_name`");
    assert_eq!(made["contact-emails"][0]["labelName"], "Work");
}

#[tokio::test]
async fn rule_32_log_entries_have_ids_of_18_digits_and_five_pages() {
    let f = Fixture::with(Options::default()).await;
    let rows = f.get("/logs?page[size]=10").await.json();
    assert!(rows["data"].as_array().unwrap().iter().all(|row| row["id"].as_str().unwrap().len() == 18));
    assert_eq!(f.get("/logs?page[size]=10&page[number]=5").await.status, 200);
    let sixth = f.get("/logs?page[size]=10&page[number]=6").await;
    assert_eq!((sixth.status.as_u16(), &sixth.json()["errors"][0]["status"]), (400, &json!(400)));
}

#[tokio::test]
async fn rule_33_of_a_synced_organization_three_attributes_can_be_written() {
    let f = Fixture::new().await;
    let path = format!("/organizations/{LARGE}");
    let ours = json!({"alert": "Freeze", "description": "d", "quick_notes": "<p>q</p>"});
    let written = f.write("PATCH", &path, ours).await;
    assert_eq!(written.status, 200, "{}", written.text);
    assert_eq!(written.json()["data"]["attributes"]["alert"], "Freeze");
    for sent in [json!({"name": "x"}), json!({"alert": "y", "short_name": "x"})] {
        let refused = f.write("PATCH", &path, sent).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("PSA"), "{}", refused.text);
    }
    assert_eq!(f.get(&path).await.json()["data"]["attributes"]["alert"], "Freeze", "all or nothing");
    let bulk = json!({"data": [{"type": "organizations", "attributes": {"id": LARGE, "alert": "Again"}}]});
    assert_eq!(f.write_body("PATCH", "/organizations", bulk).await.status, 200);
    let whole = format!("/organizations/{ORGANIZATION}");
    assert_eq!(f.write("PATCH", &whole, json!({"name": "x"})).await.status, 200, "others are free");
}

#[tokio::test]
async fn writes_are_validated_with_the_words_of_the_service() {
    let f = Fixture::new().await;
    for (path, attributes, text) in [
        ("/organizations", json!({"name": " "}), "can't be blank"),
        ("/organizations", json!({"name": "x".repeat(256)}), "is too long (maximum is 255 characters)"),
        ("/passwords", json!({"name": "x"}), "Valid organization_id is required"),
        ("/configurations", json!({"name": "x", "organization_id": ORGANIZATION}), "must exist"),
        (
            "/configurations",
            json!({"name": "x", "organization_id": ORGANIZATION, "configuration_type_id": 5}),
            "must exist",
        ),
    ] {
        let reply = f.write("POST", path, attributes).await;
        assert_eq!(reply.status, 422, "{path}");
        assert!(reply.text.contains(text), "{}", reply.text);
    }
    let synced = f.write("PATCH", "/configurations/9021190", json!({"name": "x"})).await;
    assert_eq!(synced.status, 422);
    assert!(synced.text.contains("PSA"));
    assert_eq!(f.write("POST", "/domains", json!({"name": "x"})).await.status, 404, "domains are read only");
}

#[tokio::test]
async fn bulk_writes_carry_the_id_among_the_attributes() {
    let f = Fixture::new().await;
    let body = json!({"data": [
        {"type": "configurations", "attributes": {"id": 9_021_177, "asset_tag": "A"}},
        {"type": "configurations", "attributes": {"id": "9021180", "asset-tag": "B"}},
    ]});
    let reply = f.write_body("PATCH", "/configurations", body.clone()).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["data"][1]["attributes"]["asset-tag"], "B");
    let reply = f.write_body("DELETE", "/configurations", body).await;
    assert_eq!(reply.json()["data"].as_array().unwrap().len(), 2);
    assert_eq!(f.get("/configurations/9021177").await.status, 404);
}

#[tokio::test]
async fn a_bulk_write_is_done_whole_or_not_at_all() {
    let f = Fixture::new().await;
    for (second, status) in [
        (json!({"id": 1, "asset_tag": "B"}), 404),
        (json!({"id": 9_021_180, "configuration_type_id": 5}), 422),
        (json!({"asset_tag": "B"}), 400),
    ] {
        let body = json!({"data": [
            {"type": "configurations", "attributes": {"id": 9_021_177, "asset_tag": "A"}},
            {"type": "configurations", "attributes": second},
        ]});
        assert_eq!(f.write_body("PATCH", "/configurations", body).await.status, status, "{second}");
        let first = f.get("/configurations/9021177").await.json();
        assert_eq!(first["data"]["attributes"]["asset-tag"], Value::Null, "{second}");
    }
}

/// Clients without types send numbers, flags and dates as they have them.
#[tokio::test]
async fn values_are_kept_as_their_column_keeps_them() {
    let f = Fixture::new().await;
    let sent = json!({
        "serial_number": 4_711, "notes": true, "restricted": "1", "archived": "false", "my_glue": null,
        "warranty_expires_at": "2027-08-31T00:00:00Z", "purchased_at": "31/08/2026", "hostname": " lab ",
    });
    let row = f.write("PATCH", "/configurations/9021177", sent).await.json()["data"]["attributes"].clone();
    let kept = json!({
        "serial-number": "4711", "notes": "true", "restricted": true, "archived": false, "my-glue": false,
        "warranty-expires-at": "2027-08-31", "purchased-at": null, "hostname": " lab ",
    });
    for (key, value) in kept.as_object().unwrap() {
        assert_eq!(&row[key], value, "{key}");
    }
    f.server.with_world(|world| {
        world.edit(Table::Users, 21, |row| {
            row.insert("reputation".into(), 7.into());
        });
    });
    let sent = json!({"first_name": "Ruth", "reputation": 9000, "last_sign_in_ip": "203.0.113.1"});
    let user = f.write("PATCH", "/users/21", sent).await.json()["data"]["attributes"].clone();
    assert_eq!((&user["first-name"], &user["reputation"]), (&json!("Ruth"), &json!(7)), "nobody earns it by writing");
    assert_eq!(user["last-sign-in-ip"], Value::Null);
}

#[tokio::test]
async fn interfaces_can_be_made_on_the_flat_route_with_the_id_of_their_configuration() {
    let f = Fixture::new().await;
    let sent = json!({"configuration_id": 9_021_180, "name": "wan1", "ip_address": "203.0.113.9"});
    let made = f.write("POST", "/configuration_interfaces/", sent).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(f.get("/configurations/9021180/relationships/configuration_interfaces").await.names(), ["wan1"]);
    let orphan = f.write("POST", "/configuration_interfaces", json!({"name": "lost"})).await;
    assert_eq!(orphan.status, 422);
    assert_eq!(f.get("/configuration_interfaces").await.status, 404, "there is no list of all of them");
}

#[tokio::test]
async fn a_configuration_can_bring_its_interfaces_along() {
    let f = Fixture::new().await;
    let body = |interfaces: Value| {
        json!({"data": {
            "type": "configurations",
            "attributes": {"name": "HPD-NEW", "organization_id": ORGANIZATION, "configuration_type_id": 11},
            "relationships": {"configuration_interfaces": {"data": interfaces}},
        }})
    };
    let interface = |name: &str, primary: bool| json!({"type": "configuration_interfaces", "attributes": {"name": name, "ip_address": "10.9.0.4", "primary": primary}});
    let made =
        f.write_body("POST", "/configurations", body(json!([interface("LAN", true), interface("iLO", false)]))).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(made.json()["data"]["attributes"]["primary-ip"], "10.9.0.4");
    let interfaces = f.get(&format!("/configurations/{id}/relationships/configuration_interfaces")).await;
    assert_eq!(interfaces.names(), ["LAN", "iLO"]);
    let broken = f.write_body("POST", "/configurations", body(json!([7]))).await;
    assert_eq!(broken.status, 400);
    let left = f.get("/configurations?filter[name]=HPD-NEW").await.json();
    assert_eq!(left["meta"]["total-count"], 1, "nothing is left of what failed");
    assert_eq!(f.write_body("POST", "/configurations", body(json!([]))).await.status, 201);
}

#[tokio::test]
async fn a_new_name_is_shown_wherever_the_record_is_named() {
    let f = Fixture::new().await;
    f.write("PATCH", "/configurations/9021177", json!({"name": "HPD-IMG02"})).await;
    let password = f.get("/passwords/6600421?show_password=false").await.json();
    assert_eq!(password["data"]["attributes"]["cached-resource-name"], "HPD-IMG02");
    let organization = format!("/organizations/{ORGANIZATION}");
    f.write("PATCH", &organization, json!({"name": "Harbour", "short_name": "HB"})).await;
    let row = f.get("/configurations/9021180").await.json()["data"]["attributes"].clone();
    assert_eq!((&row["organization-name"], &row["organization-short-name"]), (&json!("Harbour"), &json!("HB")));

    // Rows of the large world are computed, and follow all the same.
    let f = Fixture::with(Options::with_world(World::scale(7))).await;
    let first =
        f.get("/passwords?filter[id]=60000001,60000002,60000003,60000004,60000005,60000006,60000007,60000008").await;
    let first = first.json();
    let embedded = first["data"].as_array().unwrap().iter().find(|row| row["attributes"]["resource-id"].is_u64());
    let embedded = embedded.expect("one in seven is embedded")["attributes"].clone();
    let (parent, client) = (&embedded["resource-id"], &embedded["organization-id"]);
    f.write("PATCH", &format!("/configurations/{parent}"), json!({"name": "NEW"})).await;
    f.write("PATCH", &format!("/organizations/{client}"), json!({"name": "Renamed", "short_name": "RN"})).await;
    let path = format!("/organizations/{client}/relationships/passwords?page[size]=1000");
    let rows = f.get(&path).await.json();
    let rows = rows["data"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["attributes"]["organization-name"] == "Renamed"));
    let followed = rows.iter().find(|row| &row["attributes"]["resource-id"] == parent).unwrap();
    assert_eq!(followed["attributes"]["cached-resource-name"], "NEW");
    let machine = f.get(&format!("/organizations/{client}/relationships/configurations?page[size]=1")).await.json();
    assert_eq!(machine["data"][0]["attributes"]["organization-short-name"], "RN");
}

#[tokio::test]
async fn what_something_stands_in_or_on_cannot_be_deleted() {
    let f = Fixture::new().await;
    let folders = format!("/organizations/{ORGANIZATION}/relationships/document_folders");
    let bulk = |ids: &[u64]| {
        let data: Vec<Value> = ids.iter().map(|id| json!({"type": "x", "attributes": {"id": id}})).collect();
        json!({"data": data})
    };
    let refused = f.write_body("DELETE", &folders, bulk(&[31])).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("has dependent folders or documents"), "{}", refused.text);
    let documents = format!("/organizations/{ORGANIZATION}/relationships/documents");
    assert_eq!(f.write_body("DELETE", &documents, bulk(&[42, 43])).await.status, 200);
    assert_eq!(f.write_body("DELETE", &folders, bulk(&[31, 32])).await.status, 200, "both go at once");

    let folders = format!("/organizations/{ORGANIZATION}/relationships/password_folders");
    let folder = f.write("POST", &folders, json!({"name": "Vendors"})).await.json()["data"]["id"].clone();
    let of = json!({"name": "Portal", "organization_id": ORGANIZATION, "password_folder_id": folder});
    assert_eq!(f.write("POST", "/passwords", of).await.status, 201);
    let id = folder.as_str().unwrap().parse().unwrap();
    let refused = f.write_body("DELETE", &folders, bulk(&[id])).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("has dependent folders or passwords"), "{}", refused.text);
    let elsewhere = json!({"name": "Portal", "organization_id": LARGE, "password_folder_id": folder});
    assert!(f.write("POST", "/passwords", elsewhere).await.text.contains("must exist in the same organization"));

    assert_eq!(f.send(f.request("DELETE", "/organization_statuses/1")).await.status, 422, "it is in use");
    let status = f.write("POST", "/organization_statuses", json!({"name": "Lead"})).await.json();
    let path = format!("/organization_statuses/{}", status["data"]["id"].as_str().unwrap());
    assert_eq!(f.send(f.request("DELETE", &path)).await.status, 200);
}

#[tokio::test]
async fn the_assistant_lists_documents_and_archives_and_deletes_them_in_bulk() {
    let f = Fixture::new().await;
    let path = "/copilot_smart_assist/documents";
    let count = async |query: &str| f.get(&format!("{path}{query}")).await.json()["meta"]["total-count"].clone();
    assert_eq!(count("").await, 4, "without a type those most in use");
    assert_eq!(count("?filter[type]=&filter[organization_id]=1").await, 0);
    assert_eq!(count("?filter[type]=not_viewed").await, 0);
    assert_eq!(f.get(&format!("{path}?filter[type]=odd")).await.status, 422);
    let body = json!({"data": [{"type": "documents", "attributes": {"id": 42, "archived": true}}]});
    let nested = format!("/organizations/{ORGANIZATION}/copilot_smart_assist/documents");
    assert_eq!(f.write_body("PATCH", &nested, body.clone()).await.status, 200);
    assert_eq!(f.get("/documents/42").await.json()["data"]["attributes"]["archived"], true);
    let foreign = format!("/organizations/{LARGE}/copilot_smart_assist/documents");
    assert_eq!(f.write_body("DELETE", &foreign, body.clone()).await.status, 404);
    assert_eq!(f.write_body("DELETE", path, body).await.status, 200);
    assert_eq!(f.get("/documents/42").await.status, 404);
}

#[tokio::test]
async fn the_activity_log_begins_with_the_newest_and_ends_after_five_pages() {
    let mut world = world();
    for id in 1..=12 {
        insert(&mut world, Table::Logs, id, json!({"created-at": format!("2026-11-{id:02}T08:00:00.000Z")}));
    }
    let f = Fixture::with(Options::with_world(world)).await;
    let first = f.get("/logs?page[size]=2").await.json();
    assert_eq!(first["data"][0]["attributes"]["created-at"], "2026-11-12T08:00:00.000Z");
    assert_eq!((&first["meta"]["total-pages"], &first["meta"]["total-count"]), (&json!(5), &json!(10)));
    let last = f.get("/logs?page[size]=2&page[number]=5").await.json();
    assert_eq!((&last["meta"]["next-page"], &last["links"]["next"]), (&Value::Null, &Value::Null));
    assert_eq!(f.get("/logs?page[size]=2&page[number]=6").await.status, 400, "rule 32");
    let older = f.get("/logs?page[size]=2&filter[created_at]=*,2026-11-02").await.json();
    assert_eq!(older["data"][1]["attributes"]["created-at"], "2026-11-01T08:00:00.000Z", "the way to what is older");
}

#[tokio::test]
async fn the_primary_interface_mirrors_the_address_of_its_configuration_both_ways() {
    let f = Fixture::new().await;
    f.write("PATCH", "/configuration_interfaces/440921", json!({"ip-address": "10.9.9.9"})).await;
    assert_eq!(f.get("/configurations/9021177").await.json()["data"]["attributes"]["primary-ip"], "10.9.9.9");
    f.write("PATCH", "/configurations/9021177", json!({"primary_ip": "10.8.8.8"})).await;
    let interfaces = "/configurations/9021177/relationships/configuration_interfaces";
    assert_eq!(f.get(interfaces).await.json()["data"][0]["attributes"]["ip-address"], "10.8.8.8");
    let made = f.write("POST", interfaces, json!({"name": "NIC2", "ip_address": "10.7.7.7", "primary": true})).await;
    assert_eq!(made.status, 201);
    let list = f.get(interfaces).await.json();
    assert_eq!(list["data"][0]["attributes"]["primary"], false, "there is one primary interface");
    assert_eq!(f.get("/configurations/9021177").await.json()["data"]["attributes"]["primary-ip"], "10.7.7.7");
}

#[tokio::test]
async fn a_changed_password_keeps_its_older_version_and_is_not_answered() {
    let f = Fixture::new().await;
    let reply = f.write("PATCH", "/passwords/6600421", json!({"password": "new-value", "otp_secret": "ABC"})).await;
    assert!(!reply.text.contains("new-value") && !reply.text.contains("ABC"));
    let shown = f.get("/passwords/6600421").await.json()["data"]["attributes"].clone();
    assert_eq!((shown["password"].as_str(), shown["otp-enabled"].as_bool()), (Some("new-value"), Some(true)));
    assert!(f.get("/passwords/6600421?version_id=2").await.text.contains("maple-Orbit-42-thistle"));
    let asked = f.write("PATCH", "/passwords/6600421?show_password=true", json!({"password": "third"})).await;
    assert!(asked.text.contains("third"));
    let beside = json!({"show_password": true, "data": {"type": "passwords", "attributes": {"password": "fourth"}}});
    assert!(f.write_body("PATCH", "/passwords/6600421", beside).await.text.contains("fourth"));
}

#[tokio::test]
async fn files_and_images_can_be_uploaded_and_fetched() {
    let f = Fixture::new().await;
    f.server.faults().add_spec("api-downloads").unwrap();
    let attributes = json!({"attachment": {"content": "aGVsbG8=", "file_name": "hello.txt"}});
    let made = f.write("POST", "/configurations/9021177/relationships/attachments", attributes).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let address = made.json()["data"]["attributes"]["download-url"].as_str().unwrap().to_owned();
    let file = f.send(f.client.get(address).header("x-api-key", f.server.key())).await;
    assert_eq!((file.content_type.as_str(), file.text.as_str()), ("text/plain", "hello"));
    let image =
        json!({"target": {"type": "gallery", "id": 70}, "image": {"content": "aGVsbG8=", "file_name": "a.png"}});
    let made = f.write("POST", "/document_images", image).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["data"]["attributes"]["document-id"], 41);
    let too_odd = json!({"attachment": {"content": "%%%", "file_name": "a"}});
    assert_eq!(f.write("POST", "/documents/41/relationships/attachments", too_odd).await.status, 422);
}

#[tokio::test]
async fn unknown_routes_are_pages_and_unknown_records_errors() {
    let f = Fixture::new().await;
    let route = f.get("/unicorns").await;
    assert_eq!((route.status.as_u16(), route.content_type.starts_with("text/html")), (404, true));
    let record = f.get("/configurations/1").await;
    assert_eq!(record.status, 404);
    assert_eq!(record.json()["errors"][0]["title"], "Record not found");
    assert_eq!(f.get("/organizations/1/relationships/documents").await.status, 404);
    assert_eq!(f.get(&format!("/organizations/{LARGE}/relationships/configurations/9021177")).await.status, 404);
}

#[tokio::test]
async fn answers_are_packed_when_the_client_asks_for_it() {
    let f = Fixture::new().await;
    let plain = f.get("/configurations").await;
    assert!(plain.headers.get("content-encoding").is_none());
    let (head, body) = f.packed("/configurations").await;
    assert!(head.contains("content-encoding: gzip"), "{head}");
    let text = std::io::read_to_string(flate2::read::GzDecoder::new(&body[..])).unwrap();
    assert_eq!(text, plain.text);
}

#[tokio::test]
async fn the_log_knows_what_was_asked() {
    let f = Fixture::new().await;
    f.get("/organizations?page[size]=1").await;
    f.get("/passwords/6600421").await;
    assert_eq!(f.server.count("GET /organizations?page[size]=1"), 1);
    assert_eq!(f.server.count("/passwords"), 1);
    f.server.forget_requests();
    assert_eq!(f.server.count("GET"), 0);
}

#[tokio::test]
async fn the_port_is_free_again_once_the_server_is_dropped() {
    let f = Fixture::new().await;
    f.server.faults().add_spec("silent").unwrap();
    let waiting = tokio::spawn(f.request("GET", "/organizations").send());
    while f.server.count("GET") == 0 {
        tokio::task::yield_now().await;
    }
    let port = f.server.base_url().rsplit(':').next().unwrap().parse().unwrap();
    drop(f);
    assert!(waiting.await.unwrap().is_err(), "even those who wait hear of it");
    let mut options = Options::with_world(World::new());
    options.port = Some(port);
    Server::start(options).await.expect("the port is free");
}

/// Every list of the demo can be read to the end, and every record of it shown.
#[tokio::test]
async fn the_demo_serves_all_it_holds_in_the_form_of_the_api() {
    let mut options = Options::default();
    options.rate.requests = usize::MAX;
    let f = Fixture::with(options).await;
    let mut lists: Vec<String> = Vec::new();
    for organization in f.get("/organizations?page[size]=1000").await.json()["data"].as_array().unwrap() {
        let id = organization["id"].as_str().unwrap();
        for path in ["documents?filter[document_folder_id]=null&", "document_folders?", "password_folders?"] {
            lists.push(format!("/organizations/{id}/relationships/{path}"));
        }
    }
    for path in ["configurations", "passwords", "contacts", "locations", "domains", "expirations", "checklists"] {
        lists.push(format!("/{path}?"));
    }
    for kind in f.get("/flexible_asset_types?page[size]=1000").await.json()["data"].as_array().unwrap() {
        lists.push(format!("/flexible_assets?filter[flexible_asset_type_id]={}&", kind["id"].as_str().unwrap()));
    }
    let mut rows = 0;
    for list in lists {
        let mut page = Some(1);
        while let Some(number) = page {
            let reply = f.get(&format!("{list}page[size]=100&page[number]={number}")).await;
            assert_eq!(reply.status, 200, "{list}");
            let body = reply.json();
            for row in body["data"].as_array().unwrap() {
                rows += 1;
                assert!(row["id"].as_str().unwrap().parse::<u64>().is_ok());
                let attributes = row["attributes"].as_object().unwrap();
                for (key, value) in attributes {
                    assert!(!key.contains('_') && key != "password", "{list}: {key}");
                    let foreign = key.ends_with("-id") && key != "parent-id" && key != "salesforce-id";
                    assert!(!foreign || value.is_null() || value.is_u64(), "{list}: {key} is {value}");
                }
            }
            page = body["meta"]["next-page"].as_u64();
        }
    }
    assert!(rows > 500, "{rows} rows");
}
