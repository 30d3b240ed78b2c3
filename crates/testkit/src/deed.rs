//! Records in a trail, made on the one road there is: facts, access, permit, record.

use gluepot_core::access::{
    About, Access, Answered, Ask, Cautions, ClientNames, Facts, LockRules, May, Names, Purpose, Stay, Trail,
    Unrecorded, Wanted, Who,
};
use gluepot_core::audit::Intent;
use gluepot_core::model::{Kind, Organization, OrganizationId, Password, Record, RecordKey, SourceId};
use gluepot_core::policy::{self, ConfirmClient, Policies};

/// A password that somebody is about to see.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Whose it is, by id and name
    pub client: (u64, &'static str),
    /// Its id
    pub id: u64,
    /// Its name
    pub name: String,
    /// The earlier version that is wanted
    pub version: Option<u64>,
    /// The ticket it is for
    pub ticket: String,
    /// The reason that is given; none: no policy asks for one
    pub reason: Option<String>,
}

impl Default for Deed {
    fn default() -> Self {
        let name = "a password".to_owned();
        Self { client: (7, "Acme"), id: 1, name, version: None, ticket: "T-1".into(), reason: None }
    }
}

impl Deed {
    /// Records it.
    pub fn record(&self, trail: &Trail) -> Result<Intent, Unrecorded> {
        let policies = match self.reason {
            None => Policies::default(),
            Some(_) => {
                let asks = policy::parse("[[rule]]\nthen = 'ask-reason'", std::path::Path::new("p.toml"));
                Policies::new(policy::File::Read(asks.expect("a policy")), Policies::default().user)
            }
        };
        let access = Access::new(policies, ConfirmClient::Once, LockRules::default(), Who::here("northbeam".into()));
        let (key, id) = (
            RecordKey::new(SourceId::NONE, Kind::Password, self.id),
            OrganizationId::new(SourceId::NONE, self.client.0),
        );
        let record = Record::Password(Password { id: self.id, name: self.name.as_str().into(), ..Password::default() });
        let client = Organization { id: id.id, name: self.client.1.into(), ..Organization::default() };
        let about = About {
            key,
            record: Some(&record),
            organization: Some(id),
            client: Some(&client),
            folder: Some(String::new()),
        };
        let names =
            Names { words: String::new(), client: ClientNames::of(id, None, [].into_iter()), doubts: Vec::new() };
        let facts = Facts { about, names };
        let mut stay = Stay::new(Some(&self.ticket));
        stay.enter(id, true, ConfirmClient::Once);
        let wanted = Wanted { key, purpose: Purpose::Reveal, version: self.version };
        match access.may(&stay, wanted, &facts, Cautions::default()) {
            May::Go(permit) => permit.record(trail),
            May::Refused(refusal) => panic!("{refusal:?}"),
            May::Ask(questions) => {
                let replies =
                    [(Ask::Reason, self.reason.clone().unwrap_or_default()), (Ask::Ticket, self.ticket.clone())];
                match access.answer(&mut stay, questions, &facts, &replies) {
                    Answered::Go(permit) => permit.record(trail),
                    other => panic!("{other:?}"),
                }
            }
        }
    }
}
