//! The ground of gluepot: what knows neither a screen, nor a network, nor a particular service.
//!
//! | Module | Owns |
//! |---|---|
//! | [`text`] | the one filter for text from outside |
//! | [`lookalike`] | names that mix alphabets or read like another name |
//! | `raw` | what needs `unsafe` |
//! | [`secret`] | secrets as a type, the protected key, typed PINs |
//! | [`clock`] | time that also counts sleep |
//! | [`model`] | records as plain data, and the keys they have |
//! | [`library`] | everything known so far, by key |
//! | [`source`] | how a source is asked, and how it stands |
//! | [`private_file`] | opening files as private as they have to be |
//! | [`problem`] | one thing wrong with a file that a person wrote |
//! | [`policy`] | what may be done with whose records |
//! | [`audit`] | the audit trail |
//! | [`access`] | may it be done, what has to be asked first, and the record of it |

pub mod access;
pub mod audit;
pub mod clock;
pub mod library;
pub mod lookalike;
pub mod model;
pub mod policy;
pub mod private_file;
pub mod problem;
pub mod raw;
pub mod secret;
pub mod source;
pub mod text;
