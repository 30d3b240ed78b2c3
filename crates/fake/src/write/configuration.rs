//! Configurations and their interfaces: the primary interface and its configuration have the same addresses.

use serde_json::Value;

use super::Writer;
use crate::render::number;
use crate::world::Table;

impl Writer<'_> {
    /// The primary interface and its configuration have the same addresses.
    pub(super) fn mirror_to_configuration(&mut self, interface: u64) {
        let Some(row) = self.world.get(Table::ConfigurationInterfaces, interface) else { return };
        if row.attributes.get("primary") != Some(&Value::Bool(true)) {
            return;
        }
        let configuration = number(&row.attributes, "configuration-id");
        for other in self.world.under(Table::ConfigurationInterfaces, (Table::Configurations, configuration)) {
            if other != interface {
                self.world.edit(Table::ConfigurationInterfaces, other, |row| {
                    row.insert("primary".into(), false.into());
                });
            }
        }
        let of = |key: &str| row.attributes.get(key).cloned().unwrap_or(Value::Null);
        let (ip, mac) = (of("ip-address"), of("mac-address"));
        self.world.edit(Table::Configurations, configuration, |row| {
            row.insert("primary-ip".into(), ip);
            row.insert("mac-address".into(), mac);
        });
    }

    pub(super) fn mirror_to_interface(&mut self, configuration: u64) {
        let ip = self.lookup(Table::Configurations, configuration, "primary-ip");
        let mac = self.lookup(Table::Configurations, configuration, "mac-address");
        let interfaces = self.world.under(Table::ConfigurationInterfaces, (Table::Configurations, configuration));
        let primary = interfaces.into_iter().find(|&id| {
            self.world.attribute(Table::ConfigurationInterfaces, id, "primary").as_deref() == Some(&Value::Bool(true))
        });
        if let Some(primary) = primary {
            self.world.edit(Table::ConfigurationInterfaces, primary, |row| {
                row.insert("ip-address".into(), ip);
                row.insert("mac-address".into(), mac);
            });
        }
    }
}
