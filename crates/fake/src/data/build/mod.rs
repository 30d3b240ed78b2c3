//! Turns the assets into rows: first every record gets its id and the names that texts may use for it, then
//! the rows are written, with all placeholders resolved.

mod assets;
mod builder;
mod contacts;
mod counts;
mod devices;
mod documents;
mod fields;
mod interfaces;
mod lookups;
mod passwords;
mod plan;
mod planned;
mod rows;
mod sections;
mod telephone;
mod text;
mod ties;

use std::fmt::Write as _;

use crate::world::{Table, World};

use builder::Plan;
pub(super) use builder::{Build, Source};

/// Makes the world.
pub(super) fn build(source: &Source) -> Build {
    let mut build = Build::empty();
    build.reserve(source);
    build.lookups(source);
    build.types(source);
    let mut plans: Vec<Plan<'_>> = Vec::new();
    for organization in &source.organizations {
        let plan = build.plan(source, organization);
        plans.push(plan);
    }
    for plan in &plans {
        build.organization(&plans, plan);
        build.places(&plans, plan);
        for device in &plan.devices {
            build.device(source, &plans, plan, device);
        }
        build.documents(source, &plans, plan);
        build.assets(source, &plans, plan);
        build.passwords(&plans, plan);
    }
    build.checklists(source, &plans);
    build.relations(source, &plans);
    build.activity(source, &plans);
    build
}

/// Says in one line what a world holds, for people who extend the assets.
pub(super) fn summary(world: &World) -> String {
    let mut out = String::new();
    for &table in Table::ALL {
        if world.count(table) > 0 {
            // Writing into a String cannot fail.
            let _ = write!(out, "{} {} · ", world.count(table), table.type_name());
        }
    }
    out
}
