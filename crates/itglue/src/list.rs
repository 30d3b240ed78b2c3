//! Whole lists: page after page, until everything is there or the gap has a name.
//!
//! [`Lister`] carries out what [`super::plan`] wants, and knows what is special about each list: which parameters it
//! takes, and that documents need more than one question on some accounts.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::Ordering;

use tokio_util::sync::CancellationToken;

use gluepot_core::model::{ListKey, Record, Row};

use super::client::Client;
use super::decode::{self, Decoded, Names, Owner};
use super::error::{ApiError, Failure, Stage};
use super::plan::{Ask, Plan, Sizes, Use};
use super::request::Request;
use super::retry;
use super::settings::Inside;
use gluepot_core::library::{Completeness, ListEvent, Page};
use gluepot_core::source::Urgency;

/// Which question a pass asks. Only documents know more than the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Pass {
    /// The list's own question; for documents the one that gives all of them
    All,
    /// Documents at the top: the answer without a filter, where the filter for all of them is refused
    Top,
    /// Documents in folders
    InFolders,
}

/// How much of the order is requested. What a server refuses is requested with less.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Order {
    /// The wanted order and, among equals, one that is total: no row can change its place between two pages
    Total,
    /// The first field alone
    First,
    /// Whatever the server likes
    None,
}

/// Fetches one list, a page for each call of [`Lister::next`].
pub struct Lister {
    client: Client,
    key: ListKey,
    urgency: Urgency,
    cancel: CancellationToken,
    pass: Pass,
    /// Passes that follow this one
    passes: VecDeque<Pass>,
    plan: Plan,
    /// How the next page is asked to be ordered
    order: Order,
    /// Folders are requested over the whole account, since the organization's own list is refused
    account_wide: bool,
    /// Fewer rows are requested at once, since an answer took too long
    eased: bool,
    names: Names,
    /// Rows of an attempt in the background
    kept: Vec<Row>,
    /// Refused rows among them
    kept_refused: usize,
    /// Ids reported by earlier passes
    before: HashSet<u64>,
    /// Whether a document in a folder was reported
    any_in_folder: bool,
    reported_refused: usize,
    pages: u32,
    completeness: Completeness,
    events: VecDeque<ListEvent>,
    over: bool,
}

impl Client {
    /// Starts to read a list; nothing is sent before [`Lister::next`] is called.
    pub fn list(&self, key: ListKey, urgency: Urgency, cancel: CancellationToken) -> Lister {
        Lister::new(self.clone(), key, urgency, cancel)
    }
}

impl Lister {
    fn new(client: Client, key: ListKey, urgency: Urgency, cancel: CancellationToken) -> Self {
        let plan = Plan::new(sizes(&client, key));
        Self {
            client,
            key,
            urgency,
            cancel,
            pass: Pass::All,
            passes: VecDeque::new(),
            plan,
            order: Order::Total,
            account_wide: false,
            eased: false,
            names: Names::of(key.source()),
            kept: Vec::new(),
            kept_refused: 0,
            before: HashSet::new(),
            any_in_folder: false,
            reported_refused: 0,
            pages: 0,
            completeness: Completeness::default(),
            events: VecDeque::new(),
            over: false,
        }
    }

    /// The next event, or `None` after `Done` or an error. Nothing is fetched ahead: a caller that wants more
    /// calls again. A call that is dropped half-way loses nothing; the next one asks again.
    pub async fn next(&mut self) -> Option<Result<ListEvent, ApiError>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(Ok(event));
            }
            if self.over {
                return None;
            }
            if let Err(e) = self.step().await {
                self.over = true;
                return Some(Err(e));
            }
        }
    }

    /// Asks which organization has the name that the organization lock knows, and closes the lock on it. Its row is the
    /// whole list; what else the server may have sent is dropped here.
    async fn find_inside(&mut self, question: Request) -> Result<(), ApiError> {
        let answer = self.client.send(&question, &self.urgency, &self.cancel).await?;
        let (key, mut names) = (self.key, Names::of(self.key.source()));
        let read = move |bytes: &[u8]| decode::list(bytes, key, Owner::of(key), &mut names);
        let page = self.client.read(&question, answer, read).await?;
        // Without a word about further pages two rows may be the beginning of more.
        let is_all = match page.more {
            decode::More::No => true,
            decode::More::Page(_) => false,
            decode::More::Unsaid => page.sightings.len() < 2,
        };
        match self.client.0.scope.close(page.rows.iter().map(|(_, row)| row), is_all) {
            Inside::Of(id) => {
                let rows = page.rows.into_iter().map(|(_, row)| row).filter(|row| row_id(row) == Some(id)).collect();
                self.events.push_back(ListEvent::Page(Page {
                    rows,
                    total: Some(1),
                    refused: 0,
                    number: 1,
                    more: false,
                }));
                self.finish();
                Ok(())
            }
            Inside::Nothing(why) => Err(self.client.error(Failure::NothingInside { why }, &question, "")),
            Inside::Anywhere | Inside::Named { .. } => Err(self.client.error(Failure::OutsideLock, &question, "")),
        }
    }

    /// One request and what follows from it, or the end.
    async fn step(&mut self) -> Result<(), ApiError> {
        if matches!(self.key, ListKey::Organizations(_))
            && let Some(question) = self.client.0.scope.question()
        {
            return self.find_inside(question).await;
        }
        match self.plan.next() {
            Some(Ask::Rows { number, size }) => {
                let request = self.request(self.sort()).with("page[number]", number).with("page[size]", size);
                match self.client.send(&request, &self.urgency, &self.cancel).await {
                    Ok(answer) => {
                        let date = retry::http_date(&answer.date);
                        let (key, mut names) =
                            (self.key, std::mem::replace(&mut self.names, Names::of(self.key.source())));
                        let owner = if self.account_wide { Owner::InRow } else { Owner::of(key) };
                        let read = move |bytes: &[u8]| Ok((decode::list(bytes, key, owner, &mut names)?, names));
                        let (page, names) = self.client.read(&request, answer, read).await?;
                        self.client.0.scope.admit(page.rows.iter().map(|(_, row)| row));
                        self.names = names;
                        self.take(page, date);
                        Ok(())
                    }
                    Err(e) => self.refused(e),
                }
            }
            Some(Ask::Newest { size }) => {
                let request = self.request("-updated_at").with("page[number]", 1).with("page[size]", size);
                let newest = match self.client.send(&request, &self.urgency, &self.cancel).await {
                    Ok(answer) => self.client.read(&request, answer, decode::sightings).await,
                    Err(e) => Err(e),
                };
                match newest {
                    Ok(page) => {
                        if self.plan.newest(&page) {
                            self.forget();
                        }
                        Ok(())
                    }
                    Err(e) if e.cancelled() => Err(e),
                    Err(e) => {
                        self.plan.no_newest(is_bad_question(&e));
                        Ok(())
                    }
                }
            }
            None => self.pass_done().await,
        }
    }

    /// A page has come.
    fn take(&mut self, page: Decoded, date: Option<jiff::Timestamp>) {
        let use_of = self.plan.rows(&page.sightings, page.total, page.more, date);
        let refused = page.refused;
        match use_of {
            Use::Report(places) => self.report(page, &places),
            Use::Replace(places) => {
                self.events.push_back(ListEvent::Restarted);
                self.reported_refused = 0;
                self.any_in_folder = false;
                self.report(page, &places);
            }
            Use::Keep(places) => {
                self.kept.extend(pick(page.rows, &places));
                self.kept_refused += refused;
            }
            Use::Forget => self.forget(),
        }
    }

    fn forget(&mut self) {
        self.kept.clear();
        self.kept_refused = 0;
    }

    fn report(&mut self, page: Decoded, places: &[usize]) {
        if self.pass == Pass::InFolders {
            // A second question about the same list: nothing is taken back, so its rows wait until it is whole.
            self.kept.extend(pick(page.rows, places));
            self.kept_refused += page.refused;
            return;
        }
        self.emit(pick(page.rows, places), page.total, page.refused);
    }

    fn emit(&mut self, rows: Vec<Row>, total: Option<usize>, refused: usize) {
        self.pages += 1;
        self.reported_refused += refused;
        self.any_in_folder |= rows.iter().any(in_folder);
        if self.key.kind() == Some(gluepot_core::model::Kind::Document) {
            self.before.extend(rows.iter().filter_map(row_id));
        }
        let more = self.plan.more_rows();
        self.events.push_back(ListEvent::Page(Page { rows, total, refused, number: self.pages, more }));
    }

    /// The server has refused a page: some refusals have another way round.
    fn refused(&mut self, error: ApiError) -> Result<(), ApiError> {
        let folders = matches!(self.key, ListKey::DocumentFolders(_) | ListKey::PasswordFolders(_));
        if folders && self.pages == 0 && (hides_folders(&error) || self.account_wide && is_bad_question(&error)) {
            // Some accounts answer 404 instead of 401 or 403. The list over the whole account may still be open.
            let top_level = &self.client.0.top_level_folders_refused;
            if !self.account_wide && !top_level.load(Ordering::Relaxed) {
                self.account_wide = true;
                self.begin(Pass::All);
                return Ok(());
            }
            if self.account_wide {
                top_level.store(true, Ordering::Relaxed);
            }
            // Folders are a comfort: without them everything is shown flat.
            self.completeness.folders_hidden = true;
            self.finish();
            return Ok(());
        }
        let too_slow = self.is_too_slow(&error);
        if (too_slow || matches!(error.failure, Failure::TooLarge { .. })) && self.plan.too_large() {
            self.eased |= too_slow;
            self.forget();
            return Ok(());
        }
        if is_bad_question(&error) {
            if self.plan.shrink() {
                return Ok(());
            }
            if self.order != Order::None {
                self.order = if self.order == Order::Total && sort_of(self.key).contains(',') {
                    Order::First
                } else {
                    Order::None
                };
                return Ok(());
            }
            if self.pass == Pass::All && matches!(self.key, ListKey::Documents(_)) && self.pages == 0 {
                self.begin(Pass::Top);
                self.passes.push_back(Pass::InFolders);
                return Ok(());
            }
        }
        if self.pass == Pass::InFolders && !error.cancelled() {
            self.completeness.top_level_only = true;
            self.forget();
            self.finish();
            return Ok(());
        }
        Err(error)
    }

    /// Whether fewer rows at once may come in time. Lists with much in each row take IT Glue half a minute and more;
    /// tried once, since a server that hangs would only hang again. A first page that does not come at all is the
    /// network's or the server's fault, except for documents, which contain their bodies.
    fn is_too_slow(&self, error: &ApiError) -> bool {
        let documents = matches!(self.key, ListKey::Documents(_));
        let slow = matches!(error.failure, Failure::Timeout(Stage::FirstByte | Stage::Whole));
        slow && !self.eased && (self.pages > 0 || documents)
    }

    fn begin(&mut self, pass: Pass) {
        self.pass = pass;
        self.order = Order::Total;
        self.plan = Plan::new(sizes(&self.client, self.key));
    }

    /// The plan of this pass is finished.
    async fn pass_done(&mut self) -> Result<(), ApiError> {
        self.completeness.changed_while_loading |= self.plan.changed;
        self.completeness.cut_short |= self.plan.cut_short;
        if self.pass == Pass::InFolders {
            let before = std::mem::take(&mut self.before);
            let mut rows = std::mem::take(&mut self.kept);
            rows.retain(|row| row_id(row).is_none_or(|id| !before.contains(&id)));
            let refused = std::mem::take(&mut self.kept_refused);
            if !rows.is_empty() {
                self.emit(rows, None, refused);
            }
            self.finish();
            return Ok(());
        }
        if self.plan.ended_out_of_sight() {
            self.events.push_back(ListEvent::Restarted);
            self.reported_refused = 0;
            self.any_in_folder = false;
            self.before.clear();
            let (rows, refused) = (std::mem::take(&mut self.kept), std::mem::take(&mut self.kept_refused));
            let total = rows.len() + refused;
            self.emit(rows, Some(total), refused);
        }
        if let Some(next) = self.passes.pop_front() {
            self.begin(next);
            return Ok(());
        }
        if self.pass == Pass::All && !self.any_in_folder && self.has_folders().await? {
            // Folders, and nothing in any of them: on this account the filter may mean "at the top".
            self.begin(Pass::InFolders);
            return Ok(());
        }
        self.finish();
        Ok(())
    }

    /// Whether the organization has folders of documents. A key that may not see them cannot tell, so it may.
    async fn has_folders(&mut self) -> Result<bool, ApiError> {
        let ListKey::Documents(organization) = self.key else { return Ok(false) };
        let path = format!("/organizations/{organization}/relationships/document_folders");
        let request = Request::get(path).with("page[size]", 1);
        let found = match self.client.send(&request, &self.urgency, &self.cancel).await {
            Ok(answer) => {
                let read = |bytes: &[u8]| Ok((decode::total(bytes)?, decode::sightings(bytes)?.len()));
                self.client.read(&request, answer, read).await
            }
            Err(e) => Err(e),
        };
        match found {
            Ok((total, rows)) => Ok(total.unwrap_or(rows) > 0),
            Err(e) if e.cancelled() => Err(e),
            Err(e) => {
                self.completeness.folders_hidden |= hides_folders(&e);
                Ok(true)
            }
        }
    }

    fn finish(&mut self) {
        self.over = true;
        self.completeness.refused = self.reported_refused;
        self.events.push_back(ListEvent::Done(self.completeness));
    }

    fn sort(&self) -> &'static str {
        let all = sort_of(self.key);
        match self.order {
            Order::Total => all,
            Order::First => all.split_once(',').map_or(all, |(first, _)| first),
            Order::None => "",
        }
    }

    /// The question of this pass, without its page.
    fn request(&self, sort: &str) -> Request {
        let nested = |organization, what| Request::get(format!("/organizations/{organization}/relationships/{what}"));
        let request = match self.key {
            ListKey::Organizations(_) => self.client.organizations(),
            ListKey::DocumentFolders(o) if self.account_wide => {
                Request::get("/document_folders".to_owned()).with("filter[organization_id]", o)
            }
            ListKey::PasswordFolders(o) if self.account_wide => {
                Request::get("/password_folders".to_owned()).with("filter[organization_id]", o)
            }
            ListKey::DocumentFolders(o) => nested(o, "document_folders"),
            ListKey::Documents(o) => match self.pass {
                Pass::All => nested(o, "documents").with("filter[document_folder_id]", "null"),
                Pass::Top => nested(o, "documents"),
                Pass::InFolders => nested(o, "documents").with("filter[document_folder_id][ne]", "null"),
            },
            ListKey::Configurations(o) => nested(o, "configurations"),
            ListKey::Passwords(o) => nested(o, "passwords"),
            ListKey::PasswordFolders(o) => nested(o, "password_folders"),
            ListKey::FlexibleAssetTypes(_) => {
                Request::get("/flexible_asset_types".to_owned()).with("include", "flexible_asset_fields")
            }
            ListKey::FlexibleAssets(o, kind) => Request::get("/flexible_assets".to_owned())
                .with("filter[flexible-asset-type-id]", kind)
                .with("filter[organization-id]", o),
            ListKey::Contacts(o) => nested(o, "contacts"),
            ListKey::Locations(o) => nested(o, "locations"),
            ListKey::Domains(o) => nested(o, "domains"),
            ListKey::Expirations(o) => Request::get("/expirations".to_owned()).with("filter[organization_id]", o),
            ListKey::Checklists(o) => nested(o, "checklists"),
        };
        request.with_some("sort", sort)
    }
}

/// The order to ask for: the one people expect, where the API documents it, made total by a second field where a second
/// one is documented (a record's id, or the moment it was made).
fn sort_of(key: ListKey) -> &'static str {
    match key {
        ListKey::Organizations(_)
        | ListKey::Configurations(_)
        | ListKey::Passwords(_)
        | ListKey::FlexibleAssetTypes(_)
        | ListKey::Locations(_) => "name,id",
        ListKey::DocumentFolders(_) | ListKey::PasswordFolders(_) | ListKey::FlexibleAssets(..) => "name,created_at",
        // What else documents can be ordered by is not documented.
        ListKey::Documents(_) => "name",
        ListKey::Contacts(_) => "last_name,id",
        ListKey::Expirations(_) => "expiration_date,id",
        // Neither knows an order by name; this one never changes for a row.
        ListKey::Domains(_) | ListKey::Checklists(_) => "created_at",
    }
}

/// Whether an answer means "folders are hidden from this key": 401, 403, and on some accounts 404.
fn hides_folders(error: &ApiError) -> bool {
    error.forbidden() || error.failure == Failure::NotFound
}

fn sizes(client: &Client, key: ListKey) -> Sizes {
    let pages = client.0.settings.pages;
    match key {
        ListKey::Documents(_) => Sizes { first: pages.documents, rest: pages.documents, newest: pages.newest },
        _ => Sizes { first: pages.first, rest: pages.rest, newest: pages.newest },
    }
}

/// Refused for its form, so that another form may do.
fn is_bad_question(error: &ApiError) -> bool {
    matches!(error.failure, Failure::Status(400) | Failure::Rejected | Failure::NotFound | Failure::Server(500))
}

fn pick(rows: Vec<(usize, Row)>, places: &[usize]) -> Vec<Row> {
    // Both are in rising order.
    let mut wanted = places.iter().peekable();
    let mut picked = Vec::with_capacity(places.len());
    for (place, row) in rows {
        while wanted.next_if(|want| **want < place).is_some() {}
        if wanted.next_if(|want| **want == place).is_some() {
            picked.push(row);
        }
    }
    picked
}

fn row_id(row: &Row) -> Option<u64> {
    match row {
        Row::Record(record) => Some(record.id()),
        Row::Unreadable { id, .. } => *id,
    }
}

fn in_folder(row: &Row) -> bool {
    matches!(row, Row::Record(record) if matches!(&**record, Record::Document(d) if d.document_folder_id.is_some()))
}
