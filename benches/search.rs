//! How long the filter takes from a key to the ranked rows, over 100,000 configurations.
//!
//! Each bench is one key of a technician's typing; the aim is a frame (16 ms) for each, drawing included.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use gluepot::search::Index;

const ROWS: u32 = 100_000;

/// Rows like those of a large account: the fields that `Index::push_record` takes from a configuration.
fn index() -> Index {
    const SHORT: [&str; 8] = ["HPD", "FJL", "KEL", "NBM", "AOC", "TWB", "QRY", "ZED"];
    const ROLE: [&str; 8] = ["SRV", "WKS", "LAP", "PRN", "SW", "FW", "NAS", "IMG"];
    const USER: [&str; 6] = ["Mina Okafor", "Zoë Larsen", "Jonas Weber", "Amélie Roux", "Priya Nair", "Tom Baker"];
    let mut random = fastrand::Rng::with_seed(7);
    let mut index = Index::new();
    for i in 0..ROWS {
        let short = random.choice(SHORT).unwrap_or("HPD");
        let role = random.choice(ROLE).unwrap_or("SRV");
        let name = format!("{short}-{role}{:04}", i % 10_000);
        let host = format!("{}.corp.example", name.to_lowercase());
        let ip = format!("10.{}.{}.{}", random.u8(..), random.u8(..), random.u8(..));
        let serial = format!("{:08X}", random.u32(..));
        let mac = (0..6).map(|_| format!("{:02x}", random.u8(..))).collect::<Vec<_>>().join(":");
        let user = random.choice(USER).unwrap_or_default();
        index.push(&[&name, &host, &ip, &serial, &format!("A{i:06}"), &mac, "Managed Server", "Dell", "R740", user]);
    }
    index
}

fn keys(c: &mut Criterion) {
    let mut group = c.benchmark_group("filter_100k");
    group.sample_size(20);
    for query in ["s", "e", "1", "sr", "10", "srv", "10.1", "srv0", "srv0042", "larsen srv", "hs42", "qqqq"] {
        let mut index = index();
        group.bench_function(format!("fresh {query:?}"), |b| {
            b.iter(|| {
                index.filter("");
                black_box(index.filter(black_box(query)).strong.len())
            });
        });
    }
    for (before, query) in [("s", "sr"), ("sr", "srv"), ("h", "hs"), ("hs", "hs4")] {
        let mut index = index();
        group.bench_function(format!("{before:?} then {query:?}"), |b| {
            // Only the second key counts: the first puts its rows in place.
            b.iter_custom(|times| {
                let mut sum = std::time::Duration::ZERO;
                for _ in 0..times {
                    index.filter("");
                    index.filter(before);
                    let start = std::time::Instant::now();
                    black_box(index.filter(black_box(query)).strong.len());
                    sum += start.elapsed();
                }
                sum
            });
        });
    }
    group.finish();
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn fill(c: &mut Criterion) {
    let rows = index();
    println!("memory of {} rows: {} bytes each", rows.len(), rows.memory() / rows.len());
    let mut group = c.benchmark_group("index");
    group.sample_size(10);
    group.bench_function("push one row", |b| {
        b.iter_batched_ref(
            Index::new,
            |index| index.push(&["HPD-SRV0042", "hpd-srv0042.corp.example", "10.1.2.3", "00ab:cd", "Zoë Larsen"]),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, keys, fill);
criterion_main!(benches);
