//! A contact.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entity::ContactId;

use crate::domain::access::{Seen, TaskFilter};
use crate::domain::contact::{Channels, display_name};
use crate::domain::page::Page;
use crate::graphql::activity::Activity;
use crate::graphql::answer::Answer;
use crate::graphql::appointment::{Appointment, AppointmentFilterInput, AppointmentSort};
use crate::graphql::connection::{Connection, Listed, Paging};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::follower::Follower;
use crate::graphql::in_view::InView;
use crate::graphql::lists::OpportunitySort;
use crate::graphql::note::Note;
use crate::graphql::opportunity::{Opportunity, OpportunityFilterInput};
use crate::graphql::scalars::DateTime;
use crate::graphql::task::Task;
use crate::graphql::user::User;
use crate::graphql::viewer_access::ContactAccess;

/// A way to reach a contact.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::contact::Channel")]
pub enum Channel {
    /// Messages to their e-mail addresses.
    Email,
    /// Text messages to their phone numbers.
    Sms,
    /// Telephone calls.
    Call,
}

/// Where a contact lives or works. Parts that are not known are null.
#[derive(SimpleObject, Clone, Debug)]
pub struct Address {
    /// Street and house number.
    street: Option<String>,
    /// The city or town.
    city: Option<String>,
    /// The state, province or region.
    region: Option<String>,
    /// The postal code, as written in its country.
    postal_code: Option<String>,
    /// The country, as two capital letters of ISO 3166-1.
    country: Option<String>,
}

/// A contact, as the viewer sees it.
#[derive(Clone, Debug)]
pub struct Contact(pub(in crate::graphql) InView<policy::Contact>);

impl From<InView<policy::Contact>> for Contact {
    fn from(record: InView<policy::Contact>) -> Self {
        Self(record)
    }
}

impl Listed for Contact {
    const NAME: &'static str = "Contact";
}

impl Contact {
    /// The contacts of a page, siblings of one another.
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<Seen<policy::Contact>>) -> Page<Self> {
        InView::page(viewpoint, page).map(Self)
    }

    /// This one, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn one(viewpoint: &Arc<Viewpoint>, id: ContactId) -> Result<Option<Self>, Failure> {
        Ok(InView::one(viewpoint, id).await?.map(Self))
    }

    /// The visible ones among these.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[ContactId],
    ) -> Result<HashMap<ContactId, Self>, Failure> {
        let found = InView::all(viewpoint, ids).await?;
        Ok(found.into_iter().map(|(id, record)| (id, Self(record))).collect())
    }
}

/// A person or company that the account deals with. Seeing it needs `VIEW_CONTACTS`, and for a restricted user also to
/// own or follow it. Access to a contact gives none to its opportunities.
#[Object]
impl Contact {
    /// The global id, `contact_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.0.id().into()
    }

    /// What the contact is called: its name parts, else its company, else `Unnamed contact`. Never an e-mail address or
    /// a phone number.
    async fn display_name(&self) -> String {
        let row = self.0.row();
        display_name(row.first_name.as_deref(), row.last_name.as_deref(), row.company.as_deref())
    }

    /// The given name.
    async fn first_name(&self) -> Option<&str> {
        self.0.row().first_name.as_deref()
    }

    /// The family name.
    async fn last_name(&self) -> Option<&str> {
        self.0.row().last_name.as_deref()
    }

    /// The company that the contact is, or works for.
    async fn company(&self) -> Option<&str> {
        self.0.row().company.as_deref()
    }

    /// The e-mail addresses as they were given, the primary one first. Empty when there are none.
    async fn emails(&self) -> Answer<Vec<String>> {
        Answer::of(self.all_emails()).await
    }

    /// The e-mail address to write to: the first of `emails`. Null when there is none.
    async fn primary_email(&self) -> Answer<String> {
        Answer::of(async { Ok(self.all_emails().await?.into_iter().next()) }).await
    }

    /// The phone numbers in E.164 (`+493012345678`), the primary one first. Empty when there are none.
    async fn phones(&self) -> Answer<Vec<String>> {
        Answer::of(self.all_phones()).await
    }

    /// The phone number to call: the first of `phones`. Null when there is none.
    async fn primary_phone(&self) -> Answer<String> {
        Answer::of(async { Ok(self.all_phones().await?.into_iter().next()) }).await
    }

    /// Where the contact lives or works. Null when no part of it is known.
    async fn address(&self) -> Option<Address> {
        let row = self.0.row();
        let parts = [&row.street, &row.city, &row.region, &row.postal_code, &row.country];
        parts.iter().any(|part| part.is_some()).then(|| Address {
            street: row.street.clone(),
            city: row.city.clone(),
            region: row.region.clone(),
            postal_code: row.postal_code.clone(),
            country: row.country.clone(),
        })
    }

    /// The tags as they were first written, in alphabetical order. Two that differ in case are one.
    async fn tags(&self) -> Answer<Vec<String>> {
        Answer::of(self.all_tags()).await
    }

    /// Where the contact came from, in the words of whoever made it.
    async fn source(&self) -> Option<&str> {
        self.0.row().source.as_deref()
    }

    /// The channels on which the contact must not be disturbed. Empty when all are open.
    async fn do_not_disturb(&self) -> Vec<Channel> {
        Channels(self.0.row().do_not_disturb).iter().map(Channel::from).collect()
    }

    /// Who owns it: at most one person, who may have left since. Null when it is unassigned. Only `contactChangeOwner`
    /// changes it.
    pub async fn owner(&self) -> Answer<User> {
        Answer::of(self.0.owner()).await
    }

    /// Who follows it beside its owner, at most 10, oldest follow first. Followers of a contact do not follow its
    /// opportunities.
    pub async fn followers(&self) -> Answer<Vec<Follower>> {
        Answer::of(self.0.followers()).await
    }

    /// Its opportunities that the viewer may see, most recently updated first unless sorted otherwise. Nested pages of a
    /// list of contacts are read together, and may hold at most 20,000 items over all contacts.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn opportunities(
        &self,
        #[graphql(desc = "Only opportunities that pass all of it.")] filter: Option<OpportunityFilterInput>,
        #[graphql(desc = "The order; most recently updated first when left out.")] sort: Option<
            OpportunitySort,
        >,
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
    ) -> Answer<Connection<Opportunity>> {
        Answer::of(self.its_opportunities(filter, sort, Paging { first, after, last, before })).await
    }

    /// Its appointments that the viewer may see, the one that begins first first unless sorted otherwise. Nested pages of a
    /// list of contacts are read together, and may hold at most 20,000 items over all contacts.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn appointments(
        &self,
        #[graphql(desc = "Only appointments that pass all of it.")] filter: Option<AppointmentFilterInput>,
        #[graphql(desc = "The order; by beginning, the earliest first, when left out.")] sort: Option<
            AppointmentSort,
        >,
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
    ) -> Answer<Connection<Appointment>> {
        Answer::of(self.its_appointments(filter, sort, Paging { first, after, last, before })).await
    }

    /// What people wrote on it, the newest note first. Whoever sees the contact sees its notes.
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
    /// done, the last one done first. Whoever sees the contact sees its tasks.
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

    /// The history of the contact itself, of its notes and tasks, and of its appointments that the viewer may see, or could
    /// before they were deleted, newest first. That of its opportunities is theirs.
    pub async fn activity(
        &self,
        _ctx: &Context<'_>,
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
    pub async fn viewer_access(&self) -> ContactAccess {
        self.0.clone().into()
    }

    /// Whether the viewer, as its owner or follower, wants no notices about it. `contactSetMuted` changes it; access
    /// stays the same.
    pub async fn is_muted(&self) -> bool {
        self.0.is_muted()
    }

    /// Raised by every change of the contact itself, not by its followers, notes and tasks. Give it as `expectedVersion` to be refused
    /// when somebody else was faster.
    pub async fn version(&self) -> i64 {
        self.0.row().version
    }

    /// When it was made. Imports keep the date of their file.
    pub async fn created_at(&self) -> DateTime {
        self.0.row().created_at.into()
    }

    /// When the contact itself last changed; followers, mutes, notes, tasks and opportunities do not count.
    pub async fn updated_at(&self) -> DateTime {
        self.0.row().updated_at.into()
    }

    /// When anything last happened to the contact itself, as its history shows: a change, another owner, a follower
    /// who came or went, a note or a task.
    pub async fn last_activity_at(&self) -> DateTime {
        self.0.row().last_activity_at.into()
    }
}
