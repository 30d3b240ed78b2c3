//! One record with everything the API gives for it, and what to leave out where an account does not know it.

use tokio_util::sync::CancellationToken;

use gluepot_core::model::{Kind, OrganizationId, RecordKey, Shown};

use super::client::Client;
use super::decode::{self, Shape};
use super::error::{ApiError, Failure};
use super::request::Request;
use super::transport::Answer;
use gluepot_core::source::Urgency;

impl Client {
    /// One record with everything the API gives for it. With an organization, a record of another one is an error.
    ///
    /// Domains and folders have no address of their own: they need the organization. SSL certificates, tickets, users
    /// and templates cannot be had at all ([`Failure::NoEndpoint`]).
    pub async fn show(
        &self,
        key: RecordKey,
        organization: Option<OrganizationId>,
        urgency: Urgency,
        cancel: CancellationToken,
    ) -> Result<Shown, ApiError> {
        let bare = Request::get(format!("/{}/{}", key.kind.resource(), key.id));
        let Some((shape, request, includes)) =
            Shape::of_kind(key.kind).and_then(|shape| show_request(key, organization).map(|(r, i)| (shape, r, i)))
        else {
            return Err(self.error(Failure::NoEndpoint, &bare, ""));
        };
        let (request, answer) = self.with_includes(request, includes, &urgency, &cancel).await?;
        self.read(&request, answer, move |bytes| decode::one(bytes, shape, key, organization)).await
    }
    /// Sends the request with what is to be included. An include this account does not know must not cost the record,
    /// nor the other includes. Gives the request that was answered, too.
    async fn with_includes(
        &self,
        request: Request,
        includes: &str,
        urgency: &Urgency,
        cancel: &CancellationToken,
    ) -> Result<(Request, Answer), ApiError> {
        let full = request.clone().with_some("include", includes);
        let refused = |e: &ApiError| matches!(e.failure, Failure::Rejected | Failure::Status(400));
        match self.send(&full, urgency, cancel).await {
            Err(e) if !includes.is_empty() && refused(&e) => {}
            other => return Ok((full, other?)),
        }
        if let Some(fewer) = includes.strip_suffix(INTEGRATIONS) {
            let fewer = request.clone().with("include", fewer);
            match self.send(&fewer, urgency, cancel).await {
                Err(e) if refused(&e) => {}
                other => return Ok((fewer, other?)),
            }
        }
        let answer = self.send(&request, urgency, cancel).await?;
        Ok((request, answer))
    }
}

/// What other systems know of a device: the includes that the fewest accounts have, so they are the first to be left out
/// when a record with its includes is refused.
const INTEGRATIONS: &str = ",rmm_records,tickets";

/// The request for one record and the includes its kind allows on show.
fn show_request(key: RecordKey, organization: Option<OrganizationId>) -> Option<(Request, &'static str)> {
    let plain = Request::get(format!("/{}/{}", key.kind.resource(), key.id));
    Some(match key.kind {
        Kind::Organization => (plain, "attachments"),
        Kind::Document => (plain, "attachments,related_items"),
        Kind::Configuration => (
            plain,
            "configuration_interfaces,related_items,passwords,attachments,recent_versions,user_resource_accesses,\
             group_resource_accesses,rmm_records,tickets",
        ),
        // Never left to the default: on show the value would come.
        Kind::Password => (
            plain.with("show_password", false),
            "attachments,related_items,recent_versions,user_resource_accesses,group_resource_accesses",
        ),
        Kind::FlexibleAsset | Kind::Location => (
            plain,
            "attachments,passwords,related_items,recent_versions,user_resource_accesses,group_resource_accesses",
        ),
        Kind::Contact => (
            plain,
            "attachments,passwords,location,related_items,recent_versions,user_resource_accesses,\
             group_resource_accesses",
        ),
        Kind::Checklist => (
            plain,
            "checklist_tasks,attachments,related_items,recent_versions,user_resource_accesses,group_resource_accesses",
        ),
        Kind::Expiration => (plain, ""),
        Kind::Domain => {
            let path = format!("/organizations/{}/relationships/domains", organization?);
            (Request::get(path).with("filter[id]", key.id), "passwords,attachments")
        }
        Kind::DocumentFolder => {
            let path = format!("/organizations/{}/relationships/document_folders/{}", organization?, key.id);
            (Request::get(path), "")
        }
        Kind::ChecklistTemplate | Kind::SslCertificate | Kind::Ticket | Kind::User | Kind::Unknown => return None,
    })
}
