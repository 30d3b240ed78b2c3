//! Paths of the web app.

use gluepot_core::model::{Kind, OrganizationId, RecordKey, SourceId};

/// Reads a path of the web app of a source. The shapes are those that the web app's own address bar shows.
pub fn record_of_path(source: SourceId, path: &str) -> Option<(RecordKey, Option<OrganizationId>)> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let first = parts.next()?;
    // The short form that the web app gives for sharing: `/DOC-ORGANIZATION-DOCUMENT`.
    if let Some((organization, document)) = first.strip_prefix("DOC-").and_then(|ids| ids.split_once('-')) {
        let key = RecordKey::new(source, Kind::Document, id(document)?);
        return parts.next().is_none().then_some((key, Some(OrganizationId::new(source, id(organization)?))));
    }
    let organization = id(first)?;
    let Some(kind) = parts.next() else {
        return Some((RecordKey::new(source, Kind::Organization, organization), None));
    };
    let first = parts.next()?;
    let second = parts.next();
    let third = parts.next();
    if parts.next().is_some() {
        return None;
    }
    let (kind, id) = match (kind, first, second, third) {
        ("docs" | "documents", doc, None, None) => (Kind::Document, id(doc)?),
        ("documents" | "docs", "folder", Some(folder), None) => (Kind::DocumentFolder, id(folder)?),
        ("configurations", one, None, None) => (Kind::Configuration, id(one)?),
        ("passwords", one, None, None) => (Kind::Password, id(one)?),
        ("contacts", one, None, None) => (Kind::Contact, id(one)?),
        ("locations", one, None, None) => (Kind::Location, id(one)?),
        ("domains", one, None, None) => (Kind::Domain, id(one)?),
        ("checklists", one, None, None) => (Kind::Checklist, id(one)?),
        ("assets", "records", Some(one), None) => (Kind::FlexibleAsset, id(one)?),
        ("assets", _, Some("records"), Some(one)) => (Kind::FlexibleAsset, id(one)?),
        _ => return None,
    };
    Some((RecordKey::new(source, kind, id), Some(OrganizationId::new(source, organization))))
}

/// The image a path of the web app names: the number after `images`.
pub(crate) fn image_of_path(source: &str) -> Option<u64> {
    let path = source.split(['?', '#']).next()?;
    let (before, last) = path.trim_end_matches('/').rsplit_once('/')?;
    before.ends_with("/images").then(|| id(last)).flatten()
}

fn id(text: &str) -> Option<u64> {
    (!text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_paths_give_the_image() {
        assert_eq!(image_of_path("/7/docs/12/images/99"), Some(99));
        assert_eq!(image_of_path("https://x.itglue.com/7/developer/images/99?x"), Some(99));
        assert_eq!(image_of_path("/7/docs/12/pictures/99"), None);
        assert_eq!(image_of_path("/images/rack.png"), None);
    }
}
