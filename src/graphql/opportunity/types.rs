//! An opportunity.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::{Enum, ID, Object, SimpleObject};
use entity::OpportunityId;
use policy::MONETARY_VALUE;

use crate::domain::access::{Seen, TaskFilter};
use crate::domain::page::Page;
use crate::domain::validate::decimal_of;
use crate::graphql::activity::Activity;
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Listed, Paging};
use crate::graphql::contact::Contact;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::follower::Follower;
use crate::graphql::gated::{gated, needs};
use crate::graphql::in_view::InView;
use crate::graphql::note::Note;
use crate::graphql::pipeline::{Pipeline, Stage};
use crate::graphql::scalars::{DateTime, Decimal};
use crate::graphql::task::Task;
use crate::graphql::user::User;
use crate::graphql::viewer_access::OpportunityAccess;

const MICROSECONDS_A_DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// How an opportunity stands, independent of its stage.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(name = "OpportunityStatus", remote = "entity::opportunity::Status")]
pub enum Status {
    /// It is being worked on.
    Open,
    /// The deal was made.
    Won,
    /// The deal went elsewhere; `lostReason` may say why.
    Lost,
    /// It was given up without an outcome.
    Abandoned,
}

/// An exact amount of money.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct Money<'a> {
    /// How much, with as many decimal places as the currency has. Never a float.
    pub(super) amount: Decimal,
    /// The currency, as three letters of ISO 4217. All amounts of an account have the same.
    pub(super) currency: &'a str,
}

impl<'a> Money<'a> {
    /// That many minor units of a currency.
    #[must_use]
    pub fn of(minor: i64, currency: &'a str) -> Self {
        Self { amount: Decimal(decimal_of(minor, currency)), currency }
    }
}

/// An opportunity, as the viewer sees it.
#[derive(Clone, Debug)]
pub struct Opportunity(pub(in crate::graphql) InView<policy::Opportunity>);

impl From<InView<policy::Opportunity>> for Opportunity {
    fn from(record: InView<policy::Opportunity>) -> Self {
        Self(record)
    }
}

impl Listed for Opportunity {
    const NAME: &'static str = "Opportunity";
}

impl Opportunity {
    /// The name of lists of opportunities in cursors.
    pub const LIST: &'static str = "opportunities";

    /// The opportunities of a page, siblings of one another.
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<Seen<policy::Opportunity>>) -> Page<Self> {
        InView::page(viewpoint, page).map(Self)
    }

    /// The opportunities of several contacts or stages, all of them siblings of one another.
    pub fn families<P: Eq + Hash>(
        viewpoint: &Arc<Viewpoint>,
        pages: HashMap<P, Page<Seen<policy::Opportunity>>>,
    ) -> HashMap<P, Page<Self>> {
        let pages = InView::families(viewpoint, pages);
        pages.into_iter().map(|(parent, page)| (parent, page.map(Self))).collect()
    }

    /// This one, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn one(viewpoint: &Arc<Viewpoint>, id: OpportunityId) -> Result<Option<Self>, Failure> {
        Ok(InView::one(viewpoint, id).await?.map(Self))
    }

    /// The visible ones among these.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[OpportunityId],
    ) -> Result<HashMap<OpportunityId, Self>, Failure> {
        let found = InView::all(viewpoint, ids).await?;
        Ok(found.into_iter().map(|(id, record)| (id, Self(record))).collect())
    }
}

/// A deal with a contact. Seeing it needs `VIEW_OPPORTUNITIES`, and for a restricted user also to own or follow it. Access
/// to an opportunity gives none to its contact.
#[Object]
impl Opportunity {
    /// The global id, `opportunity_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.0.id().into()
    }

    /// What the deal is called.
    async fn name(&self) -> &str {
        &self.0.row().name
    }

    /// The contact that the deal is with, which never changes. Null when the viewer may not see the contact:
    /// `contactName` still says what it is called.
    async fn contact(&self) -> Answer<Contact> {
        Answer::of(self.its_contact()).await
    }

    /// What the contact is called: its name parts, else its company, else `Unnamed contact`. It is all that is shown of a
    /// contact that the viewer may not see.
    async fn contact_name(&self) -> Answer<String> {
        Answer::of(self.its_contact_name()).await
    }

    /// The pipeline that the deal runs through.
    async fn pipeline(&self) -> Answer<Pipeline> {
        Answer::of(self.its_pipeline()).await
    }

    /// The stage of that pipeline in which the deal is. `opportunityMoveStage` changes it.
    async fn stage(&self) -> Answer<Stage> {
        Answer::of(self.its_stage()).await
    }

    /// How the deal stands, independent of its stage. `opportunitySetStatus` changes it.
    async fn status(&self) -> Status {
        self.0.row().status.into()
    }

    /// Why it was lost. Null unless the status is `LOST`.
    async fn lost_reason(&self) -> Option<&str> {
        self.0.row().lost_reason.as_deref()
    }

    /// What the deal is worth, in the account's currency. Null when that is not known. Needs `VIEW_LEAD_VALUE`, owner or
    /// not: without it the field is null, with one `FORBIDDEN` error for the field and list.
    #[graphql(directive = needs::apply(MONETARY_VALUE.needs.into()))]
    async fn monetary_value(&self) -> Answer<Money<'_>> {
        let currency = &self.0.viewpoint().access().account().currency;
        let value = self.0.row().value_minor.map(|minor| Money::of(minor, currency));
        gated(self.0.viewpoint(), MONETARY_VALUE, value)
    }

    /// Where the deal came from, in the words of whoever made it.
    async fn source(&self) -> Option<&str> {
        self.0.row().source.as_deref()
    }

    /// Who owns it: at most one person, who may have left since, and who need not be the owner of the contact. Null when
    /// it is unassigned. Only `opportunityChangeOwner` changes it.
    pub async fn owner(&self) -> Answer<User> {
        Answer::of(self.0.owner()).await
    }

    /// Who follows it beside its owner, at most 10, oldest follow first. Followers of an opportunity do not follow its
    /// contact.
    pub async fn followers(&self) -> Answer<Vec<Follower>> {
        Answer::of(self.0.followers()).await
    }

    /// What people wrote on it, the newest note first. Whoever sees the opportunity sees its notes.
    async fn notes(
        &self,
        #[graphql(
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list and order. Goes with `first`.")]
        after: Option<String>,
        #[graphql(desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only what comes before this cursor of the same list and order. Goes with `last`.")]
        before: Option<String>,
    ) -> Answer<Connection<Note>> {
        Answer::of(self.0.notes(Paging { first, after, last, before })).await
    }

    /// What is to be done about it: open tasks first, by the time until when, those without one last; then those that are
    /// done, the last one done first. Whoever sees the opportunity sees its tasks.
    async fn tasks(
        &self,
        #[graphql(
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list and order. Goes with `first`.")]
        after: Option<String>,
        #[graphql(desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only what comes before this cursor of the same list and order. Goes with `last`.")]
        before: Option<String>,
        #[graphql(desc = "Only those that are done, or only those that are not; all of them when left out.")]
        is_done: Option<bool>,
    ) -> Answer<Connection<Task>> {
        let filter = TaskFilter { done: is_done };
        Answer::of(self.0.tasks(filter, Paging { first, after, last, before })).await
    }

    /// The history of the opportunity and of its notes and tasks, newest first.
    pub async fn activity(
        &self,
        #[graphql(
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list and order. Goes with `first`.")]
        after: Option<String>,
        #[graphql(desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only what comes before this cursor of the same list and order. Goes with `last`.")]
        before: Option<String>,
    ) -> Answer<Connection<Activity>> {
        Answer::of(self.0.activity(Paging { first, after, last, before })).await
    }

    /// What the viewer may do to it at this moment, and why not.
    pub async fn viewer_access(&self) -> OpportunityAccess {
        self.0.clone().into()
    }

    /// Whether the viewer, as its owner or follower, wants no notices about it. `opportunitySetMuted` changes it; access
    /// stays the same.
    pub async fn is_muted(&self) -> bool {
        self.0.is_muted()
    }

    /// When it came into its stage.
    async fn stage_changed_at(&self) -> DateTime {
        self.0.row().stage_changed_at.into()
    }

    /// For how many whole days, of 24 hours each, it has been in its stage at this moment. 0 on the first.
    async fn days_in_stage(&self) -> i64 {
        let now = self.0.viewpoint().access().now();
        (now.0 - self.0.row().stage_changed_at.0).max(0) / MICROSECONDS_A_DAY
    }

    /// When its status last changed.
    async fn status_changed_at(&self) -> DateTime {
        self.0.row().status_changed_at.into()
    }

    /// Raised by every change of the opportunity itself, not by its followers, notes and tasks. Give it as `expectedVersion` to be refused
    /// when somebody else was faster.
    pub async fn version(&self) -> i64 {
        self.0.row().version
    }

    /// When it was made. Imports keep the date of their file.
    pub async fn created_at(&self) -> DateTime {
        self.0.row().created_at.into()
    }

    /// When the opportunity itself last changed; followers, mutes, notes and tasks do not count.
    pub async fn updated_at(&self) -> DateTime {
        self.0.row().updated_at.into()
    }

    /// When anything last happened to the opportunity itself, as its history shows: a change, another stage, status or owner, a follower
    /// who came or went, a note or a task.
    pub async fn last_activity_at(&self) -> DateTime {
        self.0.row().last_activity_at.into()
    }
}
