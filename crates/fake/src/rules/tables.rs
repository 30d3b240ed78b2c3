//! Whose rules are whose.

use super::asset::{Asset, AssetField, AssetType};
use super::attach::Attachment;
use super::checklist::Checklist;
use super::configuration::{Configuration, Interface};
use super::document::Document;
use super::export::Export;
use super::folder::Folder;
use super::image::Image;
use super::organization::{Contact, Organization, Status};
use super::password::Password;
use super::rule::{Plain, Rules};
use super::section::Section;
use crate::world::Table;

/// The rules of a table.
pub(super) fn rules(table: Table) -> &'static dyn Rules {
    match table {
        Table::Organizations => &Organization,
        Table::OrganizationStatuses => &Status,
        Table::Contacts => &Contact,
        Table::Documents => &Document,
        Table::DocumentSections => &Section,
        Table::DocumentImages => &Image,
        Table::DocumentFolders => &Folder { of: Table::Documents, key: "document-folder-id", others: "documents" },
        Table::PasswordFolders => &Folder { of: Table::Passwords, key: "password-folder-id", others: "passwords" },
        Table::Configurations => &Configuration,
        Table::ConfigurationInterfaces => &Interface,
        Table::FlexibleAssets => &Asset,
        Table::FlexibleAssetTypes => &AssetType,
        Table::FlexibleAssetFields => &AssetField,
        Table::Passwords => &Password,
        Table::Checklists => &Checklist,
        Table::Attachments => &Attachment,
        Table::Exports => &Export,
        _ => &Plain,
    }
}
