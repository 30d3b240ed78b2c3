//! The assets, compiled in. Every file of `assets/demo` but its README stands in one of these lists; a test compares
//! them with the directory.

macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        &[$((concat!($folder, "/", $name), include_str!(concat!("../../../assets/demo/", $folder, "/", $name)))),*]
    };
}

pub(super) const LOOKUPS: &str = include_str!("../../../assets/demo/lookups.toml");
pub(super) const CATALOGUE: &str = include_str!("../../../assets/demo/catalogue.toml");
pub(super) const PASSWORDS: &str = include_str!("../../../assets/demo/passwords.toml");
pub(super) const FLEXIBLE_ASSETS: &str = include_str!("../../../assets/demo/flexible_assets.toml");
pub(super) const CHECKLISTS: &str = include_str!("../../../assets/demo/checklists.toml");
pub(super) const RELATIONS: &str = include_str!("../../../assets/demo/relations.toml");
pub(super) const DIARY: &str = include_str!("../../../assets/demo/diary.txt");

/// Organizations, in this order.
pub(super) const ORGANIZATIONS: &[(&str, &str)] = files! { "organizations":
    "00-northbeam.toml"
    "01-hpd.toml"
    "02-fjl.toml"
    "03-kes.toml"
    "04-klb.toml"
    "05-mue.toml"
    "06-obr.toml"
    "07-vas.toml"
    "08-osk.toml"
    "09-sun.toml"
    "10-wtl.toml"
    "11-apo.toml"
    "12-bso.toml"
    "13-gps.toml"
    "14-mdl.toml"
    "15-cob.toml"
    "16-tmi.toml"
    "17-lev.toml"
    "18-vdb.toml"
    "19-ska.toml"
    "20-pcp.toml"
    "21-hhf.toml"
    "22-omb.toml"
    "23-ngp.toml"
    "24-brw.toml"
    "25-hps.toml"
    "26-test.toml"
};

/// Documents.
pub(super) const DOCUMENTS: &[(&str, &str)] = files! { "documents":
    "autopilot.md"
    "backup-restore.md"
    "bitlocker.md"
    "camera-export.md"
    "certificate-renewal.md"
    "cnc-dateien.md"
    "cold-store-scanners.md"
    "disaster-recovery.md"
    "dns-change.md"
    "domain-transfer.md"
    "door-controller.md"
    "fax.md"
    "firewall-failover.md"
    "firewall-firmware.md"
    "firewall-rule.md"
    "fsmo-dc.md"
    "gpo-drives.md"
    "guest-wifi.md"
    "handset-reset.md"
    "host-maintenance.md"
    "ilo-idrac.md"
    "imaging-restart.md"
    "insatsu.md"
    "ipad-kiosk.md"
    "konnektor.md"
    "label-printer.md"
    "lighthouse-lte.md"
    "linux-web.md"
    "lost-laptop.md"
    "m365-tenant.md"
    "macos-enrolment.md"
    "mail-trace.md"
    "matter-system.html"
    "mfa-reset.md"
    "monitoring.md"
    "nas-replacement.md"
    "network-overview.md"
    "offboarding.md"
    "onboarding.md"
    "oyster-sensors.md"
    "password-reset.md"
    "phishing-report.md"
    "phone-system.md"
    "power-cut.md"
    "print-follow-me.md"
    "rack-plan.html"
    "radio-bridge.md"
    "raid-disk.md"
    "ransomware-first-hour.md"
    "rmm-agent.md"
    "scanner-to-mail.md"
    "school-filter.md"
    "server-patching.md"
    "shared-mailbox.md"
    "sharepoint.md"
    "site-access.md"
    "site-vpn.md"
    "slow-pc.md"
    "sql-maintenance.md"
    "switch-replacement.md"
    "teams-room.md"
    "tills.md"
    "time-sync.md"
    "ups-battery.md"
    "veiling-multicast.md"
    "vendor-contacts.md"
    "voip-porting.md"
    "vpn-remote-staff.md"
    "wifi-staff.md"
    "xray-sensor.md"
};
