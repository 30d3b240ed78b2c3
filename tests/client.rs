//! The client against the embedded IT Glue, over real HTTP: lists, records, values, and everything that can go wrong.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gluepot_core::access::Trail;
use gluepot_core::audit::{Intent, Keeping};
use gluepot_core::library::{Completeness, ListEvent};
use gluepot_core::model::{FlexibleAssetTypeId, Kind, ListKey, OrganizationId, Record, RecordKey, Row, SourceId};
use gluepot_core::secret::{LockedKey, Secret};
use gluepot_core::source::Urgency;
use gluepot_core::text::Clean;
use gluepot_fake::faults::{ErrorBody, RetryAfter};
use gluepot_fake::{Fault, KeyUsed, Options, Rate, Rule, Server, Table, World};
use gluepot_itglue::{
    ApiError, BaseUrl, Client, Failure, Inside, Outcome, Pace, PageSizes, Refusal, Settings, Stage, Timeouts,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use gluepot_testkit::deed::Deed;

const ORGANIZATION: OrganizationId = OrganizationId::new(SourceId::NONE, 71);

/// No rate limit on either side: what is tested is something else.
const FAST: Pace = Pace { per_second: 1_000_000, per_window: 1_000_000, window: Duration::from_secs(300), at_once: 8 };
const NO_LIMIT: Rate = Rate { requests: usize::MAX, window: Duration::from_secs(300) };

fn key(text: &str) -> Arc<LockedKey> {
    Arc::new(LockedKey::new(Secret::new(Zeroizing::new(text.to_owned()))).unwrap())
}

fn settings(server: &Server) -> Settings {
    let mut settings = Settings::new(BaseUrl::parse(&server.base_url()).unwrap(), "test", key(server.key()));
    settings.pace = FAST;
    settings
}

fn client(server: &Server) -> Client {
    Client::new(settings(server)).unwrap()
}

async fn serve(world: World) -> Server {
    let mut options = Options::with_world(world);
    options.rate = NO_LIMIT;
    Server::start(options).await.unwrap()
}

fn insert(world: &mut World, table: Table, id: u64, attributes: Value) {
    let Value::Object(mut attributes) = attributes else { panic!("attributes are an object") };
    for key in ["created-at", "updated-at"] {
        attributes.entry(key).or_insert_with(|| "2026-01-01T08:00:00.000Z".into());
    }
    attributes.entry("organization-id").or_insert_with(|| ORGANIZATION.id.into());
    world.insert(table, id, attributes);
}

/// One organization with `n` configurations.
fn world(configurations: u64) -> World {
    let mut world = World::new();
    insert(&mut world, Table::Organizations, ORGANIZATION.id, json!({"name": "Harbour & Pine Dental"}));
    for id in 1..=configurations {
        insert(&mut world, Table::Configurations, id, json!({"name": format!("HPD-{:04}", id * 7919 % 10_000)}));
    }
    world
}

/// What a list gave in the end.
#[derive(Default)]
struct Whole {
    rows: Vec<Row>,
    restarts: usize,
    pages: usize,
    first_page: usize,
    completeness: Completeness,
}

impl Whole {
    fn ids(&self) -> BTreeSet<u64> {
        self.rows
            .iter()
            .filter_map(|row| if let Row::Record(record) = row { Some(record.id()) } else { None })
            .collect()
    }
}

async fn load(client: &Client, key: ListKey) -> Result<Whole, ApiError> {
    let mut lister = client.list(key, Urgency::interactive(), CancellationToken::new());
    let mut whole = Whole::default();
    while let Some(event) = lister.next().await {
        match event? {
            ListEvent::Page(page) => {
                if whole.pages == 0 {
                    whole.first_page = page.rows.len();
                }
                whole.pages += 1;
                whole.rows.extend(page.rows);
            }
            ListEvent::Restarted => {
                whole.rows.clear();
                whole.restarts += 1;
            }
            ListEvent::Done(completeness) => whole.completeness = completeness,
        }
    }
    Ok(whole)
}

async fn configurations(client: &Client) -> Result<Whole, ApiError> {
    load(client, ListKey::Configurations(ORGANIZATION)).await
}

fn organization_lists(world: &World, organization: u64) -> Vec<(ListKey, Table)> {
    let o = OrganizationId::new(SourceId::NONE, organization);
    let mut lists = vec![
        (ListKey::DocumentFolders(o), Table::DocumentFolders),
        (ListKey::Documents(o), Table::Documents),
        (ListKey::Configurations(o), Table::Configurations),
        (ListKey::Passwords(o), Table::Passwords),
        (ListKey::PasswordFolders(o), Table::PasswordFolders),
        (ListKey::Contacts(o), Table::Contacts),
        (ListKey::Locations(o), Table::Locations),
        (ListKey::Domains(o), Table::Domains),
        (ListKey::Expirations(o), Table::Expirations),
        (ListKey::Checklists(o), Table::Checklists),
    ];
    for id in world.ids(Table::FlexibleAssetTypes) {
        lists.push((ListKey::FlexibleAssets(o, FlexibleAssetTypeId(id)), Table::FlexibleAssets));
    }
    lists
}

#[tokio::test]
async fn every_list_of_the_demo_is_whole_and_readable() {
    let server = Server::start(Options { rate: NO_LIMIT, ..Options::default() }).await.unwrap();
    let client = client(&server);
    let all = load(&client, ListKey::Organizations(SourceId::NONE)).await.unwrap();
    assert!(all.completeness.is_complete());
    assert_eq!(all.rows.len(), server.with_world(|world| world.count(Table::Organizations)));
    let types = load(&client, ListKey::FlexibleAssetTypes(SourceId::NONE)).await.unwrap();
    for row in &types.rows {
        let Row::Record(record) = row else { panic!("{row:?}") };
        let Record::FlexibleAssetType(kind) = &**record else { panic!("{record:?}") };
        assert!(!kind.fields.is_empty(), "{} has no fields", kind.name);
        assert!(kind.fields.is_sorted_by_key(|field| field.order));
    }
    let mut assets = 0;
    for organization in all.ids() {
        let (lists, counts) = server.with_world(|world| {
            let lists = organization_lists(world, organization);
            let count = |table| world.under(table, (Table::Organizations, organization)).len();
            let counts: Vec<_> = lists.iter().map(|(_, table)| count(*table)).collect();
            (lists, counts)
        });
        for ((key, table), count) in lists.into_iter().zip(counts) {
            let whole = load(&client, key).await.unwrap();
            assert!(whole.completeness.is_complete(), "{key:?}: {:?}", whole.completeness.notes());
            assert!(whole.rows.iter().all(|row| matches!(row, Row::Record(_))), "{key:?}");
            if table == Table::FlexibleAssets {
                assets += whole.rows.len();
            } else {
                assert_eq!(whole.rows.len(), count, "{key:?}");
            }
        }
    }
    assert_eq!(assets, server.with_world(|world| world.count(Table::FlexibleAssets)));
}

#[tokio::test]
async fn every_kind_of_record_of_the_demo_can_be_shown() {
    let server = Server::start(Options { rate: NO_LIMIT, ..Options::default() }).await.unwrap();
    let client = client(&server);
    let (mut related, mut accesses, mut interfaces, mut attachments, mut tasks) = (0, 0, 0, 0, 0);
    for (kind, table) in [
        (Kind::Organization, Table::Organizations),
        (Kind::Document, Table::Documents),
        (Kind::DocumentFolder, Table::DocumentFolders),
        (Kind::Configuration, Table::Configurations),
        (Kind::Password, Table::Passwords),
        (Kind::FlexibleAsset, Table::FlexibleAssets),
        (Kind::Contact, Table::Contacts),
        (Kind::Location, Table::Locations),
        (Kind::Domain, Table::Domains),
        (Kind::Expiration, Table::Expirations),
        (Kind::Checklist, Table::Checklists),
    ] {
        let ids = server.with_world(|world| world.ids(table));
        assert!(!ids.is_empty(), "the demo has {table:?}");
        for id in ids.into_iter().take(40) {
            let organization = server.with_world(|world| {
                world
                    .attribute(table, id, "organization-id")
                    .and_then(|value| value.as_u64())
                    .map(|id| OrganizationId::new(SourceId::NONE, id))
            });
            let asked = client.show(
                RecordKey::new(SourceId::NONE, kind, id),
                organization,
                Urgency::interactive(),
                CancellationToken::new(),
            );
            let shown = asked.await.unwrap_or_else(|e| panic!("{kind:?} {id}: {e}"));
            assert_eq!((shown.record.kind(), shown.record.id()), (kind, id));
            related += shown.extras.related.len();
            accesses += shown.extras.accesses.len();
            interfaces += shown.extras.interfaces.len();
            attachments += shown.extras.attachments.len();
            tasks += shown.extras.tasks.len();
        }
    }
    assert!(
        related > 0 && interfaces > 0 && attachments > 0 && tasks > 0,
        "{related} {accesses} {interfaces} {attachments} {tasks}"
    );
    assert_eq!(server.count("show_password=true"), 0);
    let asked = RecordKey::new(SourceId::NONE, Kind::SslCertificate, 1);
    let error = client.show(asked, None, Urgency::interactive(), CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.failure, Failure::NoEndpoint);
}

#[tokio::test]
async fn first_rows_take_one_small_request_and_a_thousand_take_two() {
    let server = serve(world(1_000)).await;
    let client = client(&server);
    let mut lister =
        client.list(ListKey::Configurations(ORGANIZATION), Urgency::interactive(), CancellationToken::new());
    let Some(Ok(ListEvent::Page(page))) = lister.next().await else { panic!("a page") };
    assert_eq!((page.rows.len(), page.total, page.more, server.requests().len()), (100, Some(1_000), true, 1));
    let Some(Ok(ListEvent::Page(page))) = lister.next().await else { panic!("a page") };
    assert_eq!((page.rows.len(), page.more, server.requests().len()), (900, false, 2));
    let Some(Ok(ListEvent::Done(completeness))) = lister.next().await else { panic!("the end") };
    assert!(completeness.is_complete());
    assert!(lister.next().await.is_none());
}

#[tokio::test]
async fn long_list_is_whole() {
    let server = serve(world(3_210)).await;
    let whole = configurations(&client(&server)).await.unwrap();
    assert!(whole.completeness.is_complete());
    assert_eq!((whole.ids().len(), whole.rows.len(), whole.restarts), (3_210, 3_210, 0));
    assert!(server.requests().len() <= 7, "{}", server.requests().len());
}

/// 1,000 random histories: rows come, go and change their place between the pages.
#[tokio::test]
async fn a_list_that_changes_is_whole_or_says_so() {
    let server = serve(world(0)).await;
    let mut settings = settings(&server);
    settings.pages = PageSizes { first: 8, rest: 12, documents: 8, newest: 10 };
    let client = Client::new(settings).unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    let (mut quiet, mut healed, mut flagged) = (0, 0, 0);
    for run in 0..1_000 {
        let rows = random.u64(0..60);
        server.faults().clear();
        server.with_world(|w| {
            for id in w.ids(Table::Configurations) {
                w.remove(Table::Configurations, id);
            }
            for id in 1..=rows {
                let name = format!("HPD-{:02}", random.u32(0..40));
                insert(w, Table::Configurations, id, json!({"name": name}));
            }
        });
        for fault in [Fault::Insert, Fault::Delete, Fault::Rename] {
            for _ in 0..random.u32(0..3) {
                server
                    .faults()
                    .add(Rule::from(fault.clone()).on("sort=name").after(random.u64(0..9)).times(random.u64(1..3)));
            }
        }
        server.forget_requests();
        let whole = configurations(&client).await.unwrap();
        // A list that ends with its newest rows has to hold what is there now. One that came in one answer may lack
        // a row that this very answer has set off.
        let ends_with_newest = server.requests().last().is_some_and(|last| last.target.contains("updated_at"));
        let now: BTreeSet<u64> = server.with_world(|w| w.ids(Table::Configurations)).into_iter().collect();
        let counts = |id: &u64| ends_with_newest || *id <= rows;
        let missing: Vec<_> = now.difference(&whole.ids()).copied().filter(counts).collect();
        if whole.completeness.is_complete() {
            assert_eq!(missing, Vec::<u64>::new(), "run {run}: missing without a word");
            assert_eq!(whole.ids().len(), whole.rows.len(), "run {run}: a row twice");
            if whole.restarts > 0 { healed += 1 } else { quiet += 1 }
        } else {
            flagged += 1;
        }
    }
    assert!(quiet > 100 && healed > 50 && flagged > 0, "each way is met: {quiet} {healed} {flagged}");
}

#[tokio::test]
async fn odd_lists_are_read_or_say_what_is_wrong() {
    let server = serve(world(250)).await;
    let mut settings = settings(&server);
    settings.pages = PageSizes { first: 20, rest: 60, documents: 20, newest: 10 };
    let client = Client::new(settings).unwrap();
    for (fault, complete) in [
        (Fault::NoMeta, true),
        (Fault::NoLinks, true),
        (Fault::Charset, true),
        (Fault::PageLoop, true),
        (Fault::PageEndless, true),
        (Fault::WrongTotal(9), false),
    ] {
        server.faults().clear();
        server.faults().add(fault.clone());
        server.forget_requests();
        let whole = configurations(&client).await.unwrap();
        assert_eq!(whole.ids().len(), 250, "{fault:?}");
        assert_eq!(whole.completeness.is_complete(), complete, "{fault:?}: {:?}", whole.completeness);
        assert!(server.requests().len() < 40, "{fault:?}: {} requests", server.requests().len());
    }
    server.faults().clear();
    server.faults().add(Fault::NoMeta);
    server.faults().add(Fault::NoLinks);
    assert_eq!(configurations(&client).await.unwrap().ids().len(), 250);
}

#[tokio::test]
async fn bad_row_is_one_marked_row_and_a_foreign_one_is_refused() {
    let server = serve(world(30)).await;
    let client = client(&server);
    server.faults().add(Fault::MalformedRow);
    let whole = configurations(&client).await.unwrap();
    assert_eq!(whole.rows.len(), 30);
    assert_eq!(whole.rows.iter().filter(|row| matches!(row, Row::Unreadable { .. })).count(), 1);
    server.faults().clear();
    server.faults().add(Fault::ForeignRow);
    let whole = configurations(&client).await.unwrap();
    assert_eq!((whole.rows.len(), whole.completeness.refused), (30, 1));
    assert!(!whole.completeness.is_complete());
}

#[tokio::test]
async fn folders_that_are_refused_leave_the_documents_flat() {
    let mut world = world(0);
    insert(&mut world, Table::DocumentFolders, 31, json!({"name": "Runbooks"}));
    insert(&mut world, Table::Documents, 41, json!({"name": "Top", "document-folder-id": null}));
    insert(&mut world, Table::Documents, 42, json!({"name": "Inside", "document-folder-id": 31}));
    let server = serve(world).await;
    let client = client(&server);
    server.faults().add(Fault::FoldersRefused(401));
    let folders = load(&client, ListKey::DocumentFolders(ORGANIZATION)).await.unwrap();
    assert!(folders.completeness.folders_hidden && folders.rows.is_empty());
    let documents = load(&client, ListKey::Documents(ORGANIZATION)).await.unwrap();
    assert_eq!(documents.ids(), BTreeSet::from([41, 42]));
}

#[tokio::test]
async fn folders_that_are_not_found_are_hidden_and_sought_over_the_account_once() {
    for status in [401, 403, 404] {
        let mut world = world(0);
        insert(&mut world, Table::DocumentFolders, 31, json!({"name": "Runbooks"}));
        insert(&mut world, Table::Documents, 41, json!({"name": "Top", "document-folder-id": null}));
        insert(&mut world, Table::Documents, 42, json!({"name": "Inside", "document-folder-id": 31}));
        let server = serve(world).await;
        let client = client(&server);
        let refused = Rule::from(Fault::Status { status, body: ErrorBody::Errors, retry_after: None });
        server.faults().add(refused.on("_folders?"));
        let folders = load(&client, ListKey::DocumentFolders(ORGANIZATION)).await.unwrap();
        assert!(folders.completeness.folders_hidden && folders.rows.is_empty(), "{status}");
        assert_eq!(server.count("GET /document_folders?filter[organization_id]=71"), 1, "{status}");
        let folders = load(&client, ListKey::PasswordFolders(ORGANIZATION)).await.unwrap();
        assert!(folders.completeness.folders_hidden && folders.rows.is_empty(), "{status}");
        assert_eq!(server.count("GET /password_folders"), 0, "{status}: such lists are known to be refused");
        let documents = load(&client, ListKey::Documents(ORGANIZATION)).await.unwrap();
        assert_eq!(documents.ids(), BTreeSet::from([41, 42]), "{status}");
    }
}

#[tokio::test]
async fn a_total_order_is_asked_for_and_given_up_step_by_step() {
    let server = serve(world(3)).await;
    assert_eq!(configurations(&client(&server)).await.unwrap().rows.len(), 3);
    assert_eq!(server.count("sort=name%2Cid") + server.count("sort=name,id"), 1);
    for (refused, refusals) in [("sort=name%2Cid", 1), ("sort=name", 2)] {
        let server = serve(world(3)).await;
        let fault = Fault::Status { status: 400, body: ErrorBody::Errors, retry_after: None };
        server.faults().add(Rule::from(fault).on(refused));
        let whole = configurations(&client(&server)).await.unwrap();
        assert_eq!((whole.rows.len(), whole.completeness.is_complete()), (3, true), "{refused}");
        let sorted = server.count("sort=");
        assert_eq!(sorted, if refusals == 1 { 2 } else { refusals }, "{refused}: {:?}", server.requests());
    }
}

#[tokio::test]
async fn an_include_that_is_refused_costs_neither_the_record_nor_the_other_includes() {
    for (path, left) in [("rmm_records", true), ("include=", false)] {
        let mut world = world(1);
        insert(&mut world, Table::ConfigurationInterfaces, 5, json!({"configuration-id": 1, "name": "NIC1"}));
        let server = serve(world).await;
        let fault = Fault::Status { status: 422, body: ErrorBody::Errors, retry_after: None };
        server.faults().add(Rule::from(fault).on(path));
        let key = RecordKey::new(SourceId::NONE, Kind::Configuration, 1);
        let asked = client(&server).show(key, None, Urgency::interactive(), CancellationToken::new()).await;
        assert_eq!(!asked.unwrap().extras.interfaces.is_empty(), left, "{path}");
    }
}

#[tokio::test]
async fn documents_are_whole_where_the_filter_for_all_is_refused() {
    let mut world = world(0);
    insert(&mut world, Table::DocumentFolders, 31, json!({"name": "Runbooks"}));
    for id in 0..40 {
        let folder = if id % 3 == 0 { Value::Null } else { 31.into() };
        insert(
            &mut world,
            Table::Documents,
            100 + id,
            json!({"name": format!("Doc {id}"), "document-folder-id": folder}),
        );
    }
    let server = serve(world).await;
    let mut settings = settings(&server);
    settings.pages.documents = 10;
    let client = Client::new(settings).unwrap();
    let refuse = Fault::Status { status: 400, body: ErrorBody::Errors, retry_after: None };
    server.faults().add(Rule::from(refuse).on("document_folder_id%5D=null"));
    let whole = load(&client, ListKey::Documents(ORGANIZATION)).await.unwrap();
    assert_eq!((whole.ids().len(), whole.rows.len()), (40, 40));
    assert!(whole.completeness.is_complete(), "{:?}", whole.completeness);
}

#[tokio::test]
async fn every_refusal_speaks_and_never_shows_the_key() {
    let server = serve(world(3)).await;
    let client = client(&server);
    for status in [400, 401, 403, 404, 415, 422, 500, 599] {
        for body in [
            ErrorBody::Errors,
            ErrorBody::StringStatus,
            ErrorBody::Gateway,
            ErrorBody::Html,
            ErrorBody::Empty,
            ErrorBody::Text,
        ] {
            server.faults().clear();
            server.faults().add(Fault::Status { status, body, retry_after: None });
            server.forget_requests();
            let error = client.check(Urgency::interactive(), CancellationToken::new()).await.unwrap_err();
            assert!(error.headline().contains(&status.to_string()), "{error}");
            assert!(!error.next_step().is_empty());
            assert_eq!(error.request(), "GET /organizations");
            assert_eq!(error.forbidden(), matches!(status, 401 | 403));
            assert_eq!(server.requests().len(), 1, "{status} is not tried again");
            assert!(!format!("{error} {error:?}").contains(server.key()));
        }
    }
}

#[tokio::test]
async fn wrong_key_and_missing_right_are_told_apart() {
    let server = serve(world(3)).await;
    let mut wrong = settings(&server);
    wrong.key = key("ITG.wrong");
    let stranger = Client::new(wrong).unwrap();
    let error = stranger.check(Urgency::interactive(), CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.failure, Failure::Forbidden(Refusal::KeyOrRegion));
    assert!(error.headline().starts_with("IT Glue refused the key") && !error.headline().contains("region"), "{error}");
    assert!(error.next_step().contains("the base URL"), "{}", error.next_step());

    let client = client(&server);
    client.check(Urgency::interactive(), CancellationToken::new()).await.unwrap();
    server.faults().add(Fault::Status { status: 403, body: ErrorBody::Gateway, retry_after: None });
    let error = configurations(&client).await.err().unwrap();
    assert_eq!(error.failure, Failure::Forbidden(Refusal::MissingRight));
    assert_eq!(error.headline(), "This key may not read configurations (403)");
}

#[tokio::test]
async fn what_passes_by_itself_is_tried_again() {
    let server = serve(world(3)).await;
    let client = client(&server);
    for fault in [
        Fault::Status { status: 503, body: ErrorBody::Html, retry_after: Some(RetryAfter::Text("0".into())) },
        Fault::Status { status: 502, body: ErrorBody::Empty, retry_after: None },
        Fault::Reset,
        Fault::Truncate { keep: None },
    ] {
        server.faults().clear();
        server.faults().add(Rule::from(fault.clone()).times(2));
        server.forget_requests();
        let whole = configurations(&client).await.unwrap_or_else(|e| panic!("{fault:?}: {e}"));
        assert_eq!((whole.rows.len(), server.requests().len()), (3, 3), "{fault:?}");
    }
    server.faults().clear();
    server.faults().add(Fault::Truncate { keep: Some(20) });
    assert_eq!(configurations(&client).await.err().unwrap().failure, Failure::Truncated);
}

#[tokio::test]
async fn a_429_pauses_everybody_and_is_then_forgotten() {
    let server = serve(world(3)).await;
    let client = client(&server);
    let retry_after = Some(RetryAfter::Text("1".into()));
    server.faults().add(Rule::from(Fault::Status { status: 429, body: ErrorBody::Text, retry_after }).times(1));
    let begun = Instant::now();
    let (one, two) = tokio::join!(configurations(&client), async {
        while client.quota().paused_until.is_none() {
            tokio::task::yield_now().await;
        }
        configurations(&client).await
    });
    assert!(one.is_ok() && two.is_ok());
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.requests().len(), 3, "one refused, two answered");
    assert!(client.quota().paused_until.is_none());
}

#[tokio::test]
async fn endless_pause_is_told_at_once() {
    let server = serve(world(3)).await;
    let client = client(&server);
    let retry_after = Some(RetryAfter::Text("999999".into()));
    server.faults().add(Fault::Status { status: 429, body: ErrorBody::Gateway, retry_after });
    for _ in 0..3 {
        let error = configurations(&client).await.err().unwrap();
        let Failure::TooManyRequests { retry_in } = error.failure else { panic!("{error}") };
        assert!(retry_in > Duration::from_secs(60) && retry_in < Duration::from_secs(330));
    }
    assert_eq!(server.requests().len(), 1, "nothing is sent during the pause");
}

#[tokio::test]
async fn slow_large_and_broken_answers_end() {
    let server = serve(world(200)).await;
    let mut settings = settings(&server);
    settings.max_body = 2_000_000;
    settings.timeouts = Timeouts {
        connect: Duration::from_secs(5),
        first_byte: Duration::from_millis(1_500),
        idle: Duration::from_millis(700),
        whole: Duration::from_secs(2),
    };
    let client = Client::new(settings).unwrap();
    for (fault, failure) in [
        (Fault::Silent, Failure::Timeout(Stage::FirstByte)),
        (Fault::Drip { every: Duration::from_secs(2) }, Failure::Timeout(Stage::Idle)),
        (Fault::Drip { every: Duration::from_millis(20) }, Failure::Timeout(Stage::Whole)),
        (Fault::Oversized(50_000_000), Failure::TooLarge { limit: 2_000_000 }),
        (Fault::Bomb(1_000_000_000), Failure::TooLarge { limit: 2_000_000 }),
        (Fault::Endless, Failure::TooLarge { limit: 2_000_000 }),
        (Fault::CaptivePortal, Failure::WebPage),
    ] {
        server.faults().clear();
        server.faults().add(fault.clone());
        let begun = Instant::now();
        let error = configurations(&client).await.err().unwrap();
        assert_eq!(error.failure, failure, "{fault:?}");
        assert!(begun.elapsed() < Duration::from_secs(8), "{fault:?} took {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn all_tries_of_a_request_together_end_in_time() {
    let server = serve(world(200)).await;
    let mut settings = settings(&server);
    settings.timeouts.whole = Duration::from_secs(3);
    let client = Client::new(settings).unwrap();
    let busy = Fault::Status { status: 503, body: ErrorBody::Html, retry_after: Some(RetryAfter::Text("1".into())) };
    server.faults().add(Rule::from(busy).times(1));
    server.faults().add(Rule::from(Fault::Drip { every: Duration::from_millis(20) }).after(1));
    let begun = Instant::now();
    let error = configurations(&client).await.err().unwrap();
    let took = begun.elapsed();
    assert_eq!(error.failure, Failure::Timeout(Stage::Whole));
    assert_eq!(server.requests().len(), 2);
    // The second try began after a second: with its own timeout it would have ended after four.
    assert!(took > Duration::from_millis(2_900) && took < Duration::from_millis(3_900), "{took:?}");
}

#[tokio::test]
async fn a_page_that_is_too_slow_is_asked_for_with_fewer_rows() {
    let server = serve(world(180)).await;
    let mut settings = settings(&server);
    settings.pages = PageSizes { first: 10, rest: 100, documents: 100, newest: 10 };
    settings.timeouts.first_byte = Duration::from_millis(400);
    let client = Client::new(settings).unwrap();
    server.faults().add(Rule::from(Fault::Silent).on("page[size]=100"));
    let whole = configurations(&client).await.unwrap();
    assert_eq!(whole.ids().len(), 180);
    assert!(whole.completeness.is_complete());

    server.faults().clear();
    server.forget_requests();
    server.faults().add(Rule::from(Fault::Silent).after(1));
    let error = configurations(&client).await.err().unwrap();
    assert_eq!(error.failure, Failure::Timeout(Stage::FirstByte));
    assert_eq!(server.requests().len(), 3, "a first page, one that hangs, a smaller one that hangs, no more");
}

#[tokio::test]
async fn who_pressed_a_key_is_told_of_a_long_pause_and_work_in_the_background_waits() {
    let server = serve(world(3)).await;
    let client = client(&server);
    let retry_after = Some(RetryAfter::Text("45".into()));
    server.faults().add(Rule::from(Fault::Status { status: 429, body: ErrorBody::Text, retry_after }).times(1));
    let error = configurations(&client).await.err().unwrap();
    assert!(matches!(error.failure, Failure::TooManyRequests { .. }), "{error}");
    let mut quiet = client.list(ListKey::Configurations(ORGANIZATION), Urgency::background(), CancellationToken::new());
    assert!(tokio::time::timeout(Duration::from_millis(300), quiet.next()).await.is_err(), "it waits");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn cancelling_ends_a_request_at_once_in_every_stage() {
    let server = serve(world(3)).await;
    let client = client(&server);
    for fault in [
        Fault::Silent,
        Fault::Drip { every: Duration::from_millis(200) },
        Fault::Status { status: 503, body: ErrorBody::Empty, retry_after: Some(RetryAfter::Text("9".into())) },
        Fault::Status { status: 429, body: ErrorBody::Empty, retry_after: Some(RetryAfter::Text("30".into())) },
    ] {
        server.faults().clear();
        server.faults().add(fault.clone());
        server.forget_requests();
        let cancel = CancellationToken::new();
        let mut lister = client.list(ListKey::Configurations(ORGANIZATION), Urgency::interactive(), cancel.clone());
        let asked = tokio::spawn(async move { lister.next().await });
        while server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        let begun = Instant::now();
        cancel.cancel();
        let Some(Err(error)) = asked.await.unwrap() else { panic!("{fault:?}") };
        assert!(error.cancelled(), "{fault:?}: {error}");
        assert!(begun.elapsed() < Duration::from_millis(100), "{fault:?}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn redirects_are_not_followed_and_the_key_stays_with_its_origin() {
    let (server, other) = (serve(world(3)).await, serve(world(3)).await);
    let client = client(&server);
    server.faults().add(Fault::Redirect(other.base_url()));
    let error = configurations(&client).await.err().unwrap();
    assert_eq!(error.failure, Failure::Redirect { to: Clean::line("127.0.0.1") });
    assert!(other.requests().is_empty());
    assert!(server.requests().iter().all(|request| request.key == KeyUsed::Full));
}

#[tokio::test]
async fn a_server_that_is_not_there_or_speaks_no_tls_has_its_words() {
    let server = serve(world(3)).await;
    let mut dead = settings(&server);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    dead.base_url = BaseUrl::parse(&format!("http://{}", free.local_addr().unwrap())).unwrap();
    drop(free);
    let error = configurations(&Client::new(dead).unwrap()).await.err().unwrap();
    assert_eq!(error.failure, Failure::Refused);

    let mut plain = settings(&server);
    plain.base_url = BaseUrl::parse(&server.base_url().replace("http:", "https:")).unwrap();
    let error = configurations(&Client::new(plain).unwrap()).await.err().unwrap();
    assert_eq!(error.failure, Failure::Tls, "{error}");
    assert!(server.requests().is_empty());

    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("missing.pem", None), ("empty.pem", Some("no certificate in here"))] {
        let mut bad = settings(&server);
        bad.base_url = BaseUrl::parse("https://127.0.0.1:1").unwrap();
        let path = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        bad.ca_file = Some(path);
        let error = configurations(&Client::new(bad).unwrap()).await.err().unwrap();
        assert_eq!(error.failure, Failure::Setup);
        assert!(error.detail().contains(name), "{error}");
    }
}

/// A world of passwords and the trail to fetch them with.
struct Vault {
    server: Server,
    trail: Trail,
    _folder: tempfile::TempDir,
}

impl Vault {
    async fn new() -> Self {
        let mut world = world(0);
        insert(&mut world, Table::Organizations, 72, json!({"name": "Elsewhere"}));
        insert(
            &mut world,
            Table::Passwords,
            66,
            json!({"name": "admin", "_value": "maple-\"Orbit\\-42-é", "_versions": [{"id": 3, "value": "older maple"}]}),
        );
        insert(&mut world, Table::Passwords, 67, json!({"name": "vaulted", "_value": "cipher", "vault-id": 5}));
        insert(&mut world, Table::Passwords, 70, json!({"name": "vaulted, unsaid", "_value": "AES256GCM:6f1c.9a"}));
        insert(&mut world, Table::Passwords, 69, json!({"name": "empty", "_value": null}));
        insert(&mut world, Table::Passwords, 68, json!({"name": "elsewhere", "_value": "x", "organization-id": 72}));
        let folder = tempfile::tempdir().unwrap();
        let trail = Trail::new(folder.path().join("audit"), Keeping::default());
        Self { server: serve(world).await, trail, _folder: folder }
    }

    fn intent(&self, password: u64) -> Intent {
        self.intent_for(password, None)
    }

    fn intent_for(&self, password: u64, version: Option<u64>) -> Intent {
        let client = (ORGANIZATION.id, "Acme");
        Deed { client, id: password, version, ..Deed::default() }.record(&self.trail).unwrap()
    }
}

#[tokio::test]
async fn reveal_gives_the_value_or_says_why_not() {
    let vault = Vault::new().await;
    let full = client(&vault.server);
    let revealed = full.reveal(&vault.intent(66)).await.unwrap();
    let Outcome::Value(value) = revealed.outcome else { panic!("a value") };
    assert!(value.expose() == "maple-\"Orbit\\-42-é");
    assert!(revealed.server_date.ends_with("GMT"));
    assert_eq!(vault.server.count("GET /passwords/66?show_password=true"), 1);
    assert_eq!(vault.server.requests().len(), 1);

    let revealed = full.reveal(&vault.intent_for(66, Some(3))).await.unwrap();
    let Outcome::Value(value) = revealed.outcome else { panic!("an older value") };
    assert!(value.expose() == "older maple");

    let revealed = full.reveal(&vault.intent(69)).await.unwrap();
    assert!(matches!(revealed.outcome, Outcome::Empty));

    let revealed = full.reveal(&vault.intent(67)).await.unwrap();
    assert!(matches!(revealed.outcome, Outcome::Vaulted));

    let revealed = full.reveal(&vault.intent(70)).await.unwrap();
    assert!(
        matches!(revealed.outcome, Outcome::Vaulted),
        "ciphertext is no value, whatever the record says of a vault"
    );

    let error = full.reveal(&vault.intent(68)).await.err().unwrap();
    assert_eq!(error.failure, Failure::WrongRecord);

    let mut limited = settings(&vault.server);
    limited.key = key(vault.server.key_without_passwords());
    let limited = Client::new(limited).unwrap();
    let revealed = limited.reveal(&vault.intent(66)).await.unwrap();
    assert!(matches!(revealed.outcome, Outcome::NoPasswordAccess));
}

#[tokio::test]
async fn reveal_is_sent_once_whatever_happens() {
    let vault = Vault::new().await;
    let mut settings = settings(&vault.server);
    settings.timeouts.first_byte = Duration::from_millis(500);
    let client = Client::new(settings).unwrap();
    for fault in [
        Fault::Status { status: 503, body: ErrorBody::Html, retry_after: None },
        Fault::Status { status: 500, body: ErrorBody::Empty, retry_after: None },
        Fault::Truncate { keep: None },
        Fault::Reset,
        Fault::Silent,
        Fault::CaptivePortal,
    ] {
        vault.server.faults().clear();
        vault.server.faults().add(fault.clone());
        vault.server.forget_requests();
        let error = client.reveal(&vault.intent(66)).await.err().unwrap();
        assert_eq!(vault.server.requests().len(), 1, "{fault:?}");
        assert!(!format!("{error} {error:?}").contains("maple"), "{error}");
    }
}

#[tokio::test]
async fn reveal_needs_an_audit_record_of_its_own() {
    let vault = Vault::new().await;
    let client = client(&vault.server);
    let used = vault.intent(66);
    client.reveal(&used).await.unwrap();
    let error = client.reveal(&used).await.err().unwrap();
    assert_eq!(error.failure, Failure::NotRecorded);
    assert_eq!(vault.server.requests().len(), 1);
}

#[tokio::test]
async fn lists_and_records_hold_no_value() {
    let vault = Vault::new().await;
    let client = client(&vault.server);
    let whole = load(&client, ListKey::Passwords(ORGANIZATION)).await.unwrap();
    assert_eq!(whole.rows.len(), 4);
    let asked = RecordKey::new(SourceId::NONE, Kind::Password, 66);
    let shown = client.show(asked, Some(ORGANIZATION), Urgency::interactive(), CancellationToken::new()).await.unwrap();
    assert!(!format!("{:?} {shown:?}", whole.rows).contains("maple"));
    assert_eq!(vault.server.count("GET /passwords/66?show_password=false"), 1);
    assert_eq!(vault.server.count("show_password=true"), 0);
}

#[tokio::test]
async fn record_of_another_organization_is_an_error() {
    let server = serve(world(3)).await;
    let client = client(&server);
    let asked = RecordKey::new(SourceId::NONE, Kind::Configuration, 1);
    let error = client
        .show(asked, Some(OrganizationId::new(SourceId::NONE, 99)), Urgency::interactive(), CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(error.failure, Failure::WrongRecord);
    let missing = RecordKey::new(SourceId::NONE, Kind::Configuration, 999_999);
    let error = client.show(missing, None, Urgency::interactive(), CancellationToken::new()).await.unwrap_err();
    assert_eq!((error.failure.clone(), error.request()), (Failure::NotFound, "GET /configurations/999999"));
}

#[tokio::test]
async fn a_client_locked_by_name_finds_its_organization_and_keeps_nothing_of_another() {
    let server = serve(gluepot_fake::data::demo()).await;
    let own = server.with_world(|world| {
        let mut ids = world.ids(Table::Organizations).into_iter();
        ids.find(|&id| world.name(Table::Organizations, id) == "Harbour & Pine Dental").unwrap()
    });
    let mut settings = settings(&server);
    settings.inside = Inside::the("Harbour & Pine Dental");
    let client = Client::new(settings).unwrap();
    let refused = load(&client, ListKey::Documents(OrganizationId::new(SourceId::NONE, own))).await.err().unwrap();
    assert_eq!((refused.failure, server.requests().len()), (Failure::OutsideLock, 0), "not before it is found");
    let found = load(&client, ListKey::Organizations(SourceId::NONE)).await.unwrap();
    assert_eq!(
        (found.ids(), client.locked_to()),
        (BTreeSet::from([own]), Some(OrganizationId::new(SourceId::NONE, own)))
    );
    assert_eq!((server.requests().len(), server.count("filter[name]=")), (1, 1));
    load(&client, ListKey::Documents(OrganizationId::new(SourceId::NONE, own))).await.unwrap();
    assert_eq!(load(&client, ListKey::Organizations(SourceId::NONE)).await.unwrap().ids(), BTreeSet::from([own]));
    assert_eq!(server.count("filter[name]="), 1, "it is found once");
}

#[tokio::test]
async fn a_locked_client_reads_its_organization_and_sends_nothing_about_another() {
    let server = serve(gluepot_fake::data::demo()).await;
    let owner = |table, id| {
        server.with_world(|world| world.attribute(table, id, "organization-id").and_then(|value| value.as_u64()))
    };
    let own = owner(Table::Documents, server.with_world(|world| world.ids(Table::Documents))[0]).unwrap();
    let mut settings = settings(&server);
    settings.inside = Inside::Of(own);
    let client = Client::new(settings).unwrap();
    client.check(Urgency::interactive(), CancellationToken::new()).await.unwrap();
    let organizations = load(&client, ListKey::Organizations(SourceId::NONE)).await.unwrap();
    assert_eq!(organizations.ids(), BTreeSet::from([own]), "the list shows only that one");
    server.forget_requests();

    let kinds = [
        (Kind::Document, Table::Documents),
        (Kind::Configuration, Table::Configurations),
        (Kind::Password, Table::Passwords),
        (Kind::FlexibleAsset, Table::FlexibleAssets),
        (Kind::Contact, Table::Contacts),
        (Kind::Location, Table::Locations),
        (Kind::Domain, Table::Domains),
        (Kind::Expiration, Table::Expirations),
        (Kind::Checklist, Table::Checklists),
    ];
    let show = |kind, id, organization| {
        let key = RecordKey::new(SourceId::NONE, kind, id);
        client.show(key, organization, Urgency::interactive(), CancellationToken::new())
    };
    let everything = |table| server.with_world(|world| world.ids(table));
    // Before any list it is not known whose a record is: nothing leaves, not even for one of this organization.
    for (kind, table) in kinds.into_iter().filter(|(kind, _)| *kind != Kind::Domain) {
        for id in everything(table).into_iter().take(20) {
            assert_eq!(show(kind, id, None).await.unwrap_err().failure, Failure::OutsideLock, "{kind:?} {id}");
        }
    }
    let others = everything(Table::Organizations).into_iter().filter(|id| *id != own);
    for other in others.take(5) {
        for (key, _) in server.with_world(|world| organization_lists(world, other)) {
            let refused = load(&client, key).await.err().map(|error| error.failure);
            assert_eq!(refused, Some(Failure::OutsideLock), "{key:?}");
        }
        let refused = show(Kind::Organization, other, None).await.unwrap_err();
        assert_eq!(refused.failure, Failure::OutsideLock);
    }
    assert_eq!(server.requests().len(), 0, "nothing was sent");

    for (key, _) in server.with_world(|world| organization_lists(world, own)) {
        load(&client, key).await.unwrap_or_else(|error| panic!("{key:?}: {error}"));
    }
    server.forget_requests();
    let (mut shown, mut refused) = (0, 0);
    for (kind, table) in kinds {
        for id in everything(table) {
            let whose = owner(table, id);
            let result = show(kind, id, whose.map(|id| OrganizationId::new(SourceId::NONE, id))).await;
            if whose == Some(own) {
                assert!(result.is_ok(), "{kind:?} {id}: {:?}", result.err());
                shown += 1;
            } else {
                assert_eq!(result.unwrap_err().failure, Failure::OutsideLock, "{kind:?} {id}");
                refused += 1;
            }
        }
    }
    assert!(shown > 20 && refused > 100, "both were tried: {shown} {refused}");
    assert_eq!(server.requests().len(), shown, "each request was about a record of the organization");

    // A value: the audit record alone does not open the way.
    let folder = tempfile::tempdir().unwrap();
    let trail = Trail::new(folder.path().join("audit"), Keeping::default());
    let foreign =
        everything(Table::Passwords).into_iter().find(|id| owner(Table::Passwords, *id) != Some(own)).unwrap();
    let intent = Deed { client: (own, "Acme"), id: foreign, ..Deed::default() }.record(&trail).unwrap();
    let error = client.reveal(&intent).await.err().unwrap();
    assert_eq!(error.failure, Failure::OutsideLock);
    assert_eq!(server.count("show_password=true"), 0);
}
