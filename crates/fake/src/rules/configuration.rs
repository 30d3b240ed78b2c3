//! Configurations and their interfaces: the primary interface and its configuration have the same addresses.

use serde_json::Value;

use super::rule::{Change, Rules};
use super::writer::{Writer, is_blank};
use crate::answer::Answer;
use crate::world::{Attributes, Table, number};

/// Configurations.
pub(super) struct Configuration;

impl Rules for Configuration {
    fn check(&self, row: &Attributes) -> Result<(), Answer> {
        if is_blank(row.get("configuration-type-id")) {
            return Err(Answer::invalid("configuration-type", "must exist"));
        }
        Ok(())
    }

    fn finish(&self, writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        let short = writer.lookup(Table::Organizations, number(change.row, "organization-id"), "short-name");
        change.row.insert("organization-short-name".into(), short);
        let kind = change.row.get("configuration-type-name").and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let known = ["server", "workstation", "laptop", "firewall", "router", "switch", "printer"];
        let kind = known.into_iter().find(|known| kind.contains(known)).unwrap_or("other");
        let kind = match writer.lookup(Table::ConfigurationTypes, number(change.row, "configuration-type-id"), "_kind")
        {
            Value::Null => kind.into(),
            told => told,
        };
        change.row.insert("configuration-type-kind".into(), kind);
        Ok(())
    }

    fn changed(&self, writer: &mut Writer<'_>, id: u64) {
        mirror_to_interface(writer, id);
    }
}

/// Their interfaces.
pub(super) struct Interface;

impl Rules for Interface {
    fn admit(&self, writer: &Writer<'_>, input: &Attributes) -> Result<(), Answer> {
        if writer.world.contains(Table::Configurations, number(input, "configuration-id")) {
            return Ok(());
        }
        Err(Answer::invalid("configuration", "must exist"))
    }

    fn made(&self, writer: &mut Writer<'_>, id: u64) {
        mirror_to_configuration(writer, id);
    }

    fn changed(&self, writer: &mut Writer<'_>, id: u64) {
        mirror_to_configuration(writer, id);
    }
}

/// The primary interface and its configuration have the same addresses.
fn mirror_to_configuration(writer: &mut Writer<'_>, interface: u64) {
    let Some(row) = writer.world.get(Table::ConfigurationInterfaces, interface) else { return };
    if row.attributes.get("primary") != Some(&Value::Bool(true)) {
        return;
    }
    let configuration = number(&row.attributes, "configuration-id");
    for other in writer.world.under(Table::ConfigurationInterfaces, (Table::Configurations, configuration)) {
        if other != interface {
            writer.world.edit(Table::ConfigurationInterfaces, other, |row| {
                row.insert("primary".into(), false.into());
            });
        }
    }
    let of = |key: &str| row.attributes.get(key).cloned().unwrap_or(Value::Null);
    let (ip, mac) = (of("ip-address"), of("mac-address"));
    writer.world.edit(Table::Configurations, configuration, |row| {
        row.insert("primary-ip".into(), ip);
        row.insert("mac-address".into(), mac);
    });
}

fn mirror_to_interface(writer: &mut Writer<'_>, configuration: u64) {
    let ip = writer.lookup(Table::Configurations, configuration, "primary-ip");
    let mac = writer.lookup(Table::Configurations, configuration, "mac-address");
    let interfaces = writer.world.under(Table::ConfigurationInterfaces, (Table::Configurations, configuration));
    let primary = interfaces.into_iter().find(|&id| {
        writer.world.attribute(Table::ConfigurationInterfaces, id, "primary").as_deref() == Some(&Value::Bool(true))
    });
    if let Some(primary) = primary {
        writer.world.edit(Table::ConfigurationInterfaces, primary, |row| {
            row.insert("ip-address".into(), ip);
            row.insert("mac-address".into(), mac);
        });
    }
}
