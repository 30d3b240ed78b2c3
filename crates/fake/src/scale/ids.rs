//! How many rows there are, and the ids they have.

pub(super) const ORGANIZATIONS: u64 = 1_000;
/// Rows in all, and how many of them the first organization has.
pub(super) const CONFIGURATIONS: (u64, u64) = (100_000, 20_000);
pub(super) const PASSWORDS: (u64, u64) = (50_000, 6_000);
pub(super) const DOCUMENTS: (u64, u64) = (20_000, 4_000);
pub(super) const SECTIONS_EACH: u64 = 6;
pub(super) const FOLDERS_EACH: u64 = 4;

/// The id of the first row of each computed table.
pub(super) const FIRST_ORGANIZATION: u64 = 2_000_001;
pub(super) const FIRST_LOCATION: u64 = 4_000_001;
pub(super) const FIRST_FOLDER: u64 = 6_000_001;
pub(super) const FIRST_CONFIGURATION: u64 = 30_000_001;
pub(super) const FIRST_PASSWORD: u64 = 60_000_001;
pub(super) const FIRST_DOCUMENT: u64 = 80_000_001;
pub(super) const FIRST_SECTION: u64 = 110_000_001;
/// Lookup tables are stored; their ids begin here.
pub(super) const FIRST_TYPE: u64 = 81_001;
pub(super) const FIRST_STATUS: u64 = 77_001;
pub(super) const FIRST_CONFIGURATION_TYPE: u64 = 30_001;
pub(super) const FIRST_CONFIGURATION_STATUS: u64 = 30_101;
pub(super) const FIRST_CATEGORY: u64 = 41;
pub(super) const FIRST_MAKE: u64 = 501;
pub(super) const FIRST_SYSTEM: u64 = 61;
