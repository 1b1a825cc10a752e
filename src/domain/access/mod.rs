//! The one door to records: the database as one actor may see it at one moment.

mod aggregate;
mod alignment;
mod appointments;
mod base;
mod board;
mod calendars;
mod children;
mod choice;
mod contact_parts;
mod deleted;
mod diary;
mod duplicate_flags;
mod filter;
mod hanging;
mod history;
mod jobs;
mod list;
mod notifications;
mod pipelines;
mod preview;
mod record;
mod saved_views;
mod search;
mod sort;
mod stage_totals;
mod standing;
mod streams;
mod tied;
mod users;

use std::sync::Arc;

use entity::{AccountId, Timestamp, UserId, account, user};
use policy::{Action, Actor, Decision, Facts, Resource};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::error::Result;
use super::idempotency::Call;
use super::unit_of_work::UnitOfWork;

pub use aggregate::{Common, ContactGrouping, Group, Groups, MAX_GROUPS, OpportunityGrouping};
pub use appointments::{
    AppointmentList, AppointmentSort, AppointmentSortKey, DeletedAppointment, SeenAppointment,
};
pub use base::Base;
pub use board::BoardFilter;
pub use calendars::{BlockedSlotFilter, CalendarFilter, SeenBlockedSlot, SeenCalendar, SeenTied};
pub use children::Family;
pub use contact_parts::ContactParts;
pub use deleted::{Deleted, DeletedContact, DeletedOpportunity};
pub use diary::takes_time;
pub use filter::{
    AmountFilter, AppointmentFilter, ChannelFilter, ContactFilter, Filter, OpportunitiesFilter,
    OpportunityFilter, PersonFilter, TextFilter, TimeFilter, TimeRange,
};
pub use hanging::TaskFilter;
pub use history::{Entry, Visibility};
pub use jobs::Found;
pub use list::{Count, List, TOTAL_COUNT_LIMIT};
pub use notifications::Inbox;
pub use preview::{HeldByOwner, Pair};
pub use record::Seen;
pub use sort::{Sort, SortKey};
pub use stage_totals::StageTotal;
pub use standing::{Mine, Standing};
pub use streams::{Snapshot, StreamEvent};
pub use tied::AppointmentStanding;
pub use users::Member;

pub(in crate::domain) use calendars::select_blocked_slots;
pub(in crate::domain) use diary::read_diary;
pub(in crate::domain) use hanging::{decide_hanging, living, record_of, visible};
pub(in crate::domain) use standing::{select_standing, standing_joins};
pub(in crate::domain) use tied::{read_ties, select_appointment_standing, select_ties};
pub(in crate::domain) use users::MEMBER_COLUMNS;

/// The database, as seen by one actor at one moment. Everything that it returns, that actor may see.
#[derive(Clone, Debug)]
pub struct Access {
    base: Base,
    actor: Actor,
    viewer: Option<user::Model>,
    account: account::Model,
    now: Timestamp,
    call: Option<Arc<Call>>,
}

impl Access {
    /// Access for a user, with the rights of this moment (P4). None when there is no such active user.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn of_user(base: &Base, account: AccountId, user: UserId) -> Result<Option<Self>> {
        let found = user::Entity::find_by_id(user)
            .filter(user::Column::AccountId.eq(account))
            .filter(user::Column::Active.eq(true))
            .join(sea_orm::JoinType::InnerJoin, account_of_user())
            .select_also(account::Entity)
            .one(base.database.reader())
            .await?;
        let Some((viewer, Some(account))) = found else { return Ok(None) };
        Ok(Some(Self {
            actor: Actor::from_user(&viewer),
            viewer: Some(viewer),
            account,
            now: base.clock.now(),
            base: base.clone(),
            call: None,
        }))
    }

    /// Access for whoever runs the program's own commands: an admin without a user (R3).
    #[must_use]
    pub fn of_command_line(base: &Base, account: account::Model) -> Self {
        Self {
            actor: Actor::command_line(account.id),
            viewer: None,
            account,
            now: base.clock.now(),
            base: base.clone(),
            call: None,
        }
    }

    /// On whose behalf.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The viewer's own row; none for the command line.
    #[must_use]
    pub const fn viewer(&self) -> Option<&user::Model> {
        self.viewer.as_ref()
    }

    /// The account with its settings, as they were when the request began.
    #[must_use]
    pub const fn account(&self) -> &account::Model {
        &self.account
    }

    /// The moment of the request.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The base that it was opened over.
    #[must_use]
    pub const fn base(&self) -> &Base {
        &self.base
    }

    /// Decides an act on something without owner and followers.
    #[must_use]
    pub fn may<R: Resource>(&self, action: Action) -> Decision {
        policy::decide::<R>(&self.actor, action, &Facts::none())
    }

    /// The same access for one call with an idempotency key, which the one change that it begins claims (R6).
    #[must_use]
    pub fn with_key(&self, call: Call) -> Self {
        Self { call: Some(Arc::new(call)), ..self.clone() }
    }

    /// The call with a key for which this access was made.
    #[must_use]
    pub fn call(&self) -> Option<&Call> {
        self.call.as_deref()
    }

    /// Starts a change.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn begin(&self) -> Result<UnitOfWork<'_>> {
        UnitOfWork::begin(self).await
    }

    /// The same access after a change: the settings and the moment of now.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn refreshed(&self) -> Result<Option<Self>> {
        match &self.viewer {
            Some(viewer) => Self::of_user(&self.base, self.account.id, viewer.id).await,
            None => {
                let account = account::Entity::find_by_id(self.account.id).one(self.reader()).await?;
                Ok(account.map(|account| Self::of_command_line(&self.base, account)))
            }
        }
    }

    fn reader(&self) -> &sea_orm::DatabaseConnection {
        self.base.database.reader()
    }
}

fn account_of_user() -> sea_orm::RelationDef {
    user::Entity::belongs_to(account::Entity).from(user::Column::AccountId).to(account::Column::Id).into()
}
