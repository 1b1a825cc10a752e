//! Calendars, their groups, members and blocked slots, and who is free in them (C7, C9).

use std::collections::{BTreeSet, HashMap};

use entity::{
    AccountId, BlockedSlotId, CalendarGroupId, CalendarId, Timestamp, TypedId, UserId, blocked_slot,
    calendar, calendar_group, calendar_member, user,
};
use policy::{Action, Actor, Decision, Facts, Permissions, Reason, Resource, Tied, Ties};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable, QueryFilter,
    QueryOrder, QueryResult,
};
use uuid::Uuid;

use super::children::{Family, Order};
use super::diary::read_diary;
use super::list::window_onto;
use super::tied::{read_ties, select_ties};
use super::{Access, Count};
use crate::domain::calendar::diary::{Agendas, Span};
use crate::domain::calendar::schedule_of;
use crate::domain::calendar::slots::{FreeSlot, Schedule};
use crate::domain::error::{Refusal, Result};
use crate::domain::page::{Key, Page, Position, Window};

/// The most slots that one answer looks at, over all its calendars.
const MAX_SLOTS: usize = 20_000;

/// The most people that one answer looks at, counted once for each slot that they might be booked in.
const MAX_CHAIRS: usize = 400_000;

/// A calendar or a blocked slot as the viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenTied<M> {
    /// Its row.
    pub row: M,
    /// How the viewer is tied to it.
    pub ties: Ties,
}

/// A calendar as the viewer sees it.
pub type SeenCalendar = SeenTied<calendar::Model>;

/// A blocked slot as the viewer sees it.
pub type SeenBlockedSlot = SeenTied<blocked_slot::Model>;

/// Which calendars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CalendarFilter {
    /// Those of this group; those that stand alone, when it is none.
    pub group: Option<Option<CalendarGroupId>>,
    /// Those that this person is a member of.
    pub member: Option<UserId>,
}

/// Which blocked slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BlockedSlotFilter {
    /// Those that have an instant in common with this time.
    pub range: Option<Span>,
    /// Those of this calendar.
    pub calendar: Option<CalendarId>,
    /// Those of this person.
    pub user: Option<UserId>,
}

impl Access {
    /// Decides an act on something that the viewer is tied to so.
    #[must_use]
    pub fn decide_tied<R: Resource>(&self, action: Action, ties: Ties) -> Decision {
        policy::decide::<R>(self.actor(), action, &Facts::tied(ties))
    }

    /// A page of the visible calendars, by name.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn calendars(&self, filter: &CalendarFilter, window: &Window) -> Result<Page<SeenCalendar>> {
        let mut select = self.select_calendars();
        filter.narrow(&mut select);
        window_onto(&mut select, name_key(), column("id"), false, window);
        let rows = self.reader().query_all(&select).await?;
        let found = rows.iter().map(placed_calendar).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(found, window))
    }

    /// How many visible calendars there are.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_calendars(&self, filter: &CalendarFilter) -> Result<Count> {
        let mut select = visible::<policy::Calendar>(self.actor(), self.now());
        select.and_where(column("deleted_at").is_null());
        filter.narrow(&mut select);
        self.count_rows(select).await
    }

    /// The visible ones among these calendars.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_calendars(&self, ids: &[CalendarId]) -> Result<HashMap<CalendarId, SeenCalendar>> {
        let mut select = self.select_calendars();
        select.and_where(column("id").is_in(ids.iter().copied()));
        let rows = self.reader().query_all(&select).await?;
        rows.iter().map(|row| seen_calendar(row).map(|seen| (seen.row.id, seen))).collect()
    }

    /// A page of the visible calendars of each of these groups, by name. The groups must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn calendars_of(
        &self,
        groups: &[CalendarGroupId],
        window: &Window,
    ) -> Result<Family<CalendarGroupId, SeenCalendar>> {
        let parents: Vec<Uuid> = groups.iter().map(|group| group.uuid()).collect();
        let table = policy::Calendar::COLUMNS.table();
        let order = Order { key: name_key(), id: column("id"), descending: false };
        let child = (table, "group_id");
        let rows = self
            .per_parent("calendar_group", &parents, self.select_calendars(), child, order, window)
            .await?;
        let mut found: HashMap<CalendarGroupId, Vec<_>> = HashMap::new();
        for row in &rows {
            let (place, seen) = placed_calendar(row)?;
            let Some(group) = seen.row.group_id else { continue };
            found.entry(group).or_default().push((place, seen));
        }
        let page =
            |group: &CalendarGroupId| (*group, Page::of(found.remove(group).unwrap_or_default(), window));
        Ok(groups.iter().map(page).collect())
    }

    /// How many visible calendars each of these groups has. The groups must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_calendars_of(
        &self,
        groups: &[CalendarGroupId],
    ) -> Result<HashMap<CalendarGroupId, Count>> {
        let mut select = visible::<policy::Calendar>(self.actor(), self.now());
        select
            .expr_as(column("group_id"), "parent_id")
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .and_where(column("deleted_at").is_null())
            .and_where(column("group_id").is_in(groups.iter().copied()))
            .add_group_by([column("group_id")]);
        let rows = self.reader().query_all(&select).await?;
        rows.iter().map(|row| Ok((row.try_get("", "parent_id")?, read_count(row)?))).collect()
    }

    /// The account's groups of calendars, by name; none for whoever may see none.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn calendar_groups(&self) -> Result<Vec<calendar_group::Model>> {
        if !self.may::<policy::CalendarGroup>(Action::View).is_granted() {
            return Ok(Vec::new());
        }
        Ok(calendar_group::Entity::find()
            .filter(calendar_group::Column::AccountId.eq(self.actor().account))
            .order_by_asc(calendar_group::Column::NameKey)
            .all(self.reader())
            .await?)
    }

    /// The visible ones among these groups.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_calendar_groups(
        &self,
        ids: &[CalendarGroupId],
    ) -> Result<HashMap<CalendarGroupId, calendar_group::Model>> {
        if !self.may::<policy::CalendarGroup>(Action::View).is_granted() {
            return Ok(HashMap::new());
        }
        let rows = calendar_group::Entity::find()
            .filter(calendar_group::Column::AccountId.eq(self.actor().account))
            .filter(calendar_group::Column::Id.is_in(ids.iter().copied()))
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// The members of these calendars, whoever is booked first in front. The calendars must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn calendar_members(
        &self,
        calendars: &[CalendarId],
    ) -> Result<HashMap<CalendarId, Vec<calendar_member::Model>>> {
        let rows = calendar_member::Entity::find()
            .filter(calendar_member::Column::AccountId.eq(self.actor().account))
            .filter(calendar_member::Column::CalendarId.is_in(calendars.iter().copied()))
            .order_by_asc(calendar_member::Column::Priority)
            .order_by_asc(calendar_member::Column::UserId)
            .all(self.reader())
            .await?;
        let mut members: HashMap<CalendarId, Vec<_>> = HashMap::new();
        for row in rows {
            members.entry(row.calendar_id).or_default().push(row);
        }
        Ok(members)
    }

    /// The free slots of these calendars that begin within `range`, in three statements however many there are: who can be
    /// booked, what they have, and what is blocked. The calendars must be visible. What is in the way counts whether the
    /// viewer may see it or not, and is not told (C7).
    ///
    /// # Errors
    /// Invalid: more slots than one answer takes. A database that fails.
    pub async fn free_slots(
        &self,
        calendars: &[&calendar::Model],
        range: Span,
    ) -> Result<HashMap<CalendarId, Vec<FreeSlot>>> {
        let ids: Vec<CalendarId> = calendars.iter().map(|calendar| calendar.id).collect();
        let mut members = self.bookable(&ids).await?;
        let schedules = calendars
            .iter()
            .map(|row| schedule_of(row, members.remove(&row.id).unwrap_or_default()))
            .collect::<Result<Vec<Schedule>>>()?;
        let (mut slots, mut chairs) = (0, 0);
        for schedule in &schedules {
            let count = schedule.slots(range).len();
            (slots, chairs) = (slots + count, chairs + count * schedule.members.len());
            if slots > MAX_SLOTS || chairs > MAX_CHAIRS {
                let message = "these calendars have too many slots in this range: ask for a shorter one, or for fewer calendars";
                return Err(Refusal::invalid("range", message).into());
            }
        }
        let people: BTreeSet<UserId> =
            schedules.iter().flat_map(|schedule| schedule.members.iter().copied()).collect();
        let people: Vec<UserId> = people.into_iter().collect();
        let reach =
            schedules.iter().map(|schedule| schedule.reach(range)).reduce(Span::with).unwrap_or(range);
        let account = self.actor().account;
        let agendas = Agendas::from(read_diary(self.reader(), account, &ids, &people, reach).await?);
        let free = schedules.iter();
        let free = free.map(|schedule| (schedule.calendar, schedule.free(range, &agendas, self.now())));
        Ok(free.collect())
    }

    /// Whoever can be booked in these calendars, whoever is booked first in front: their members, as far as they are active.
    async fn bookable(&self, calendars: &[CalendarId]) -> Result<HashMap<CalendarId, Vec<UserId>>> {
        let mut select = Query::select();
        select
            .column(("calendar_member", "calendar_id"))
            .column(("calendar_member", "user_id"))
            .from("calendar_member")
            .inner_join(user::Entity, Expr::col(("user", "id")).equals(("calendar_member", "user_id")))
            .and_where(Expr::col(("calendar_member", "account_id")).eq(self.actor().account))
            .and_where(Expr::col(("calendar_member", "calendar_id")).is_in(calendars.iter().copied()))
            .and_where(Expr::col(("user", "active")).eq(true))
            .order_by(("calendar_member", "priority"), sea_orm::Order::Asc)
            .order_by(("calendar_member", "user_id"), sea_orm::Order::Asc);
        let mut members: HashMap<CalendarId, Vec<UserId>> = HashMap::new();
        for row in self.reader().query_all(&select).await? {
            members.entry(row.try_get("", "calendar_id")?).or_default().push(row.try_get("", "user_id")?);
        }
        Ok(members)
    }

    /// Whether the viewer may book in at least one calendar, for a contact that they see (A10, C5).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn books_somewhere(&self) -> Result<Decision> {
        // Asked as if every permission were held: what is missing beside access is told apart below.
        let holding = Actor { permissions: Permissions::ALL, ..*self.actor() };
        let mut select = visible::<policy::Calendar>(&holding, self.now());
        select.expr(Expr::value(1)).and_where(column("deleted_at").is_null()).limit(1);
        if self.reader().query_one(&select).await?.is_none() {
            return Ok(Decision::Refused(Reason::NotEntitled));
        }
        Ok(self.decide_tied::<policy::Calendar>(Action::Book, Ties { member: true, ..Ties::NONE }))
    }

    /// A page of the visible blocked slots, by their beginning.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn blocked_slots(
        &self,
        filter: &BlockedSlotFilter,
        window: &Window,
    ) -> Result<Page<SeenBlockedSlot>> {
        let mut select = select_blocked_slots(self.actor(), self.now());
        filter.narrow(&mut select);
        window_onto(&mut select, of_slot("starts_at"), of_slot("id"), false, window);
        let rows = self.reader().query_all(&select).await?;
        let placed = |row| {
            let seen = seen_blocked_slot(row)?;
            let key = Key::Number(seen.row.starts_at.0);
            Ok((Position { key, id: seen.row.id.uuid() }, seen))
        };
        Ok(Page::of(rows.iter().map(placed).collect::<Result<Vec<_>>>()?, window))
    }

    /// How many visible blocked slots there are.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_blocked_slots(&self, filter: &BlockedSlotFilter) -> Result<Count> {
        let mut select = visible_blocked_slots(self.actor(), self.now());
        filter.narrow(&mut select);
        self.count_rows(select).await
    }

    /// The visible ones among these blocked slots.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_blocked_slots(
        &self,
        ids: &[BlockedSlotId],
    ) -> Result<HashMap<BlockedSlotId, SeenBlockedSlot>> {
        let mut select = select_blocked_slots(self.actor(), self.now());
        select.and_where(of_slot("id").is_in(ids.iter().copied()));
        let rows = self.reader().query_all(&select).await?;
        rows.iter().map(|row| seen_blocked_slot(row).map(|seen| (seen.row.id, seen))).collect()
    }

    fn select_calendars(&self) -> SelectStatement {
        let mut select = visible::<policy::Calendar>(self.actor(), self.now());
        for column in calendar::Column::iter() {
            select.column((policy::Calendar::COLUMNS.table(), Alias::new(column.as_str())));
        }
        select_ties(&mut select, policy::Calendar::COLUMNS, self.actor().user);
        select.and_where(column("deleted_at").is_null());
        select
    }

    async fn count_rows(&self, mut select: SelectStatement) -> Result<Count> {
        select.expr_as(Expr::cust("COUNT(*)"), "counted");
        let row = self.reader().query_one(&select).await?;
        row.as_ref().map_or(Ok(Count { value: 0, is_exact: true }), read_count)
    }
}

impl CalendarFilter {
    fn narrow(&self, select: &mut SelectStatement) {
        if let Some(group) = self.group {
            let group_id = column("group_id");
            select.and_where(
                group.map_or_else(|| group_id.clone().is_null(), |group| group_id.clone().eq(group)),
            );
        }
        if let Some(member) = self.member {
            let membership = Query::select()
                .expr(Expr::value(1))
                .from_as("calendar_member", "wanted")
                .and_where(Expr::col(("wanted", "calendar_id")).equals(("calendar", "id")))
                .and_where(Expr::col(("wanted", "user_id")).eq(member))
                .take();
            select.and_where(Expr::exists(membership));
        }
    }
}

impl BlockedSlotFilter {
    fn narrow(&self, select: &mut SelectStatement) {
        if let Some(range) = self.range {
            select
                .and_where(of_slot("starts_at").lt(range.until))
                .and_where(of_slot("ends_at").gt(range.from));
        }
        if let Some(calendar) = self.calendar {
            select.and_where(of_slot("calendar_id").eq(calendar));
        }
        if let Some(user) = self.user {
            select.and_where(of_slot("user_id").eq(user));
        }
    }
}

/// A query over the blocked slots that somebody may see, with what [`SeenBlockedSlot`] is read from. Those of deleted
/// calendars are gone with them.
pub(in crate::domain) fn select_blocked_slots(actor: &Actor, now: Timestamp) -> SelectStatement {
    let mut select = visible_blocked_slots(actor, now);
    for column in blocked_slot::Column::iter() {
        select.column((policy::BlockedSlot::COLUMNS.table(), Alias::new(column.as_str())));
    }
    select_ties(&mut select, policy::BlockedSlot::COLUMNS, actor.user);
    select
}

fn visible_blocked_slots(actor: &Actor, now: Timestamp) -> SelectStatement {
    let living = Query::select()
        .expr(Expr::value(1))
        .from_as("calendar", "blocked")
        .and_where(Expr::col(("blocked", "id")).equals(("blocked_slot", "calendar_id")))
        .and_where(Expr::col(("blocked", "deleted_at")).is_null())
        .take();
    let mut select = visible::<policy::BlockedSlot>(actor, now);
    select.and_where(of_slot("calendar_id").is_null().or(Expr::exists(living)));
    select
}

fn visible<R: Tied>(actor: &Actor, now: Timestamp) -> SelectStatement {
    let account: AccountId = actor.account;
    let mut select = Query::select();
    select
        .from(R::COLUMNS.table())
        .and_where(Expr::col((R::COLUMNS.table(), "account_id")).eq(account))
        .cond_where(policy::tied_filter::<R>(actor, Action::View, now));
    select
}

fn column(name: &'static str) -> Expr {
    Expr::col((policy::Calendar::COLUMNS.table(), Alias::new(name)))
}

fn of_slot(name: &'static str) -> Expr {
    Expr::col((policy::BlockedSlot::COLUMNS.table(), Alias::new(name)))
}

fn name_key() -> Expr {
    column("name_key")
}

fn seen_calendar(row: &QueryResult) -> Result<SeenCalendar> {
    Ok(SeenTied { row: calendar::Model::from_query_result(row, "")?, ties: read_ties(row)? })
}

fn placed_calendar(row: &QueryResult) -> Result<(Position, SeenCalendar)> {
    let seen = seen_calendar(row)?;
    Ok((Position { key: Key::Text(seen.row.name_key.clone()), id: seen.row.id.uuid() }, seen))
}

fn seen_blocked_slot(row: &QueryResult) -> Result<SeenBlockedSlot> {
    Ok(SeenTied { row: blocked_slot::Model::from_query_result(row, "")?, ties: read_ties(row)? })
}

fn read_count(row: &QueryResult) -> Result<Count> {
    let counted: i64 = row.try_get("", "counted")?;
    Ok(Count { value: u64::try_from(counted).unwrap_or_default(), is_exact: true })
}
