//! Which list has which records, and in which orders.

use crate::present::row::Sort;
use crate::tui::layout::PaneId;
use gluepot_core::model::RecordKey;

/// The orders that make sense in a pane.
pub fn orders(pane: PaneId) -> &'static [Sort] {
    match pane {
        PaneId::Organizations => &[Sort::Name, Sort::Type, Sort::Updated],
        PaneId::Documents => &[Sort::Name, Sort::Updated],
        PaneId::Configurations => &[Sort::Name, Sort::Type, Sort::Address, Sort::Updated, Sort::Date],
        PaneId::Passwords => &[Sort::Name, Sort::Type, Sort::UserName, Sort::PasswordAge, Sort::Updated],
        PaneId::Others => &[Sort::Name, Sort::Updated, Sort::Date],
        PaneId::Detail => &[],
    }
}

/// Which pane lists a kind of record.
pub fn pane_of(key: RecordKey) -> Option<PaneId> {
    use gluepot_core::model::Kind;
    Some(match key.kind {
        Kind::Organization => PaneId::Organizations,
        Kind::Document | Kind::DocumentFolder => PaneId::Documents,
        Kind::Configuration => PaneId::Configurations,
        Kind::Password => PaneId::Passwords,
        Kind::FlexibleAsset | Kind::Contact | Kind::Location | Kind::Domain | Kind::Expiration | Kind::Checklist => {
            PaneId::Others
        }
        Kind::ChecklistTemplate | Kind::SslCertificate | Kind::Ticket | Kind::User | Kind::Unknown => return None,
    })
}
