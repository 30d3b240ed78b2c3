//! How long it takes from a key in the filter to the drawn frame, over 100,000 configurations at 120x36.
//!
//! The whole program on a test screen: the key, the ranking, the rows, the frame. Each bench is one key of a
//! technician's typing; the aim is 16 ms for each. `benches/search.rs` measures the ranking alone.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use gluepot::config::{Config, Theme};
use gluepot::host::clipboard::{Clipboard, Environment};
use gluepot::source::Source;
use gluepot::tui::keymap::Keymap;
use gluepot::tui::layout::PaneId;
use gluepot::tui::message::Message;
use gluepot::tui::styles::Styles;
use gluepot::tui::{Parts, Shell};
use gluepot_core::access::{Access, LockRules, Trail, Who};
use gluepot_core::audit::Keeping;
use gluepot_core::library::{Completeness, Page};
use gluepot_core::model::{Common, Configuration, ListKey, OrganizationId, Record, Row, SourceId};
use gluepot_core::policy::{ConfirmClient, Policies};
use gluepot_core::secret::{LockedKey, Secret};
use gluepot_itglue::{BaseUrl, Client, Settings};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

const ROWS: u64 = 100_000;
const SIZE: Size = Size { width: 120, height: 36 };
const ORGANIZATION: OrganizationId = OrganizationId::new(SourceId::NONE, 1);

/// Rows like those of a large account.
fn configurations() -> Vec<Row> {
    const SHORT: [&str; 8] = ["HPD", "FJL", "KEL", "NBM", "AOC", "TWB", "QRY", "ZED"];
    const ROLE: [&str; 8] = ["SRV", "WKS", "LAP", "PRN", "SW", "FW", "NAS", "IMG"];
    const USER: [&str; 6] = ["Mina Okafor", "Zoë Larsen", "Jonas Weber", "Amélie Roux", "Priya Nair", "Tom Baker"];
    let mut random = fastrand::Rng::with_seed(7);
    let (kind, maker, model): (Arc<str>, Arc<str>, Arc<str>) = ("Managed Server".into(), "Dell".into(), "R740".into());
    (0..ROWS)
        .map(|i| {
            let short = random.choice(SHORT).unwrap_or("HPD");
            let role = random.choice(ROLE).unwrap_or("SRV");
            let name = format!("{short}-{role}{:04}", i % 10_000);
            let mac = (0..6).map(|_| format!("{:02x}", random.u8(..))).collect::<Vec<_>>().join(":");
            Row::Record(Arc::new(Record::Configuration(Configuration {
                id: i + 1,
                hostname: format!("{}.corp.example", name.to_lowercase()).into(),
                name: name.into(),
                primary_ip: format!("10.{}.{}.{}", random.u8(..), random.u8(..), random.u8(..)).into(),
                serial_number: format!("{:08X}", random.u32(..)).into(),
                asset_tag: format!("A{i:06}").into(),
                mac_address: mac.into(),
                configuration_type_name: kind.clone(),
                manufacturer_name: maker.clone(),
                model_name: model.clone(),
                contact_name: random.choice(USER).unwrap_or_default().into(),
                common: Common { organization_id: Some(ORGANIZATION), ..Common::default() },
                ..Configuration::default()
            })))
        })
        .collect()
}

/// The program with that list open and focused. Nothing is asked of any server.
fn app() -> Shell {
    let base = BaseUrl::parse("http://127.0.0.1:9").expect("a base URL");
    let key = Secret::new(zeroize::Zeroizing::new("ITG.bench".to_owned()));
    let settings = Settings::new(base, "bench", Arc::new(LockedKey::new(key).expect("a page for the key")));
    let parts = Parts {
        config: Config::default(),
        keymap: Keymap::default(),
        styles: Styles::new(Theme::default(), false),
        source: Source::ItGlue(Client::new(settings).expect("the settings are in order")),
        audit: Arc::new(Trail::new("/nonexistent".into(), Keeping::default())),
        access: Access::new(Policies::default(), ConfirmClient::default(), LockRules::default(), Who::default()),
        clipboard: Arc::new(Clipboard::detect(&Environment::default())),
        profile: "bench".into(),
        demo: true,
        ssh: true,
        hosts: Vec::new(),
        organization: None,
        ticket: None,
        reports: Vec::new(),
        places: Vec::new(),
        observers: None,
    };
    let (sender, _) = tokio::sync::mpsc::unbounded_channel();
    let mut app = Shell::new(parts, sender);
    let list = ListKey::Configurations(ORGANIZATION);
    let now = app.now();
    app.cx.store.list_started(list, 1, now);
    let page = Page { rows: configurations(), total: Some(ROWS as usize), refused: 0, number: 1, more: false };
    assert!(app.cx.store.list_page(list, 1, page));
    app.cx.store.list_done(list, 1, Completeness::default(), now);
    app.cx.organization = Some(ORGANIZATION);
    app.cx.frame.focus = PaneId::Configurations;
    app.cx.frame.last_list = PaneId::Configurations;
    app
}

fn press(app: &mut Shell, screen: &mut Terminal<TestBackend>, code: KeyCode) -> Duration {
    let start = Instant::now();
    app.update(Message::Input(Box::new(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)))));
    app.prepare(SIZE);
    screen.draw(|frame| app.draw(frame)).expect("a test screen never fails");
    app.drawn();
    start.elapsed()
}

fn keys(c: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let _inside = runtime.enter();
    let mut app = app();
    let mut screen = Terminal::new(TestBackend::new(SIZE.width, SIZE.height)).expect("a test screen never fails");
    press(&mut app, &mut screen, KeyCode::Char('/'));
    let mut group = c.benchmark_group("key_to_frame_100k");
    group.sample_size(20);
    for query in ["s", "e", "1", "sr", "srv", "srv0", "10.1", "larsen srv", "qq"] {
        group.bench_function(format!("last key of {query:?}"), |b| {
            b.iter_custom(|times| {
                let mut sum = Duration::ZERO;
                for _ in 0..times {
                    let mut took = Duration::ZERO;
                    for c in query.chars() {
                        took = press(&mut app, &mut screen, KeyCode::Char(c));
                    }
                    sum += took;
                    for _ in query.chars() {
                        press(&mut app, &mut screen, KeyCode::Backspace);
                    }
                }
                black_box(sum)
            });
        });
    }
    group.bench_function("backspace to all rows", |b| {
        b.iter_custom(|times| {
            (0..times)
                .map(|_| {
                    press(&mut app, &mut screen, KeyCode::Char('s'));
                    press(&mut app, &mut screen, KeyCode::Backspace)
                })
                .sum()
        });
    });
    group.finish();
}

criterion_group!(benches, keys);
criterion_main!(benches);
