//! Lists of records: filter, sort, page and count, all starting from what the viewer may see.

use entity::{ContactId, PipelineId, StageId, TypedId, UserId, opportunity};
use policy::Relation;
use sea_orm::sea_query::{Cond, Expr, IntoIden, Order, Query, SelectStatement, Value};
use sea_orm::{ActiveEnum, ConnectionTrait, ExprTrait};

use super::Access;
use super::record::Seen;
use crate::domain::error::Result;
use crate::domain::page::{Key, Page, Position, Window};
use crate::domain::record::{RecordRow, RecordTable};
use crate::domain::text;

/// Up to here a count is exact.
pub const TOTAL_COUNT_LIMIT: u64 = 10_000;

/// What lists can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// When the record last changed.
    Updated,
    /// When it was made.
    Created,
    /// Its display name, folded.
    Name,
}

impl SortKey {
    pub(super) const fn column(self) -> &'static str {
        match self {
            SortKey::Updated => "updated_at",
            SortKey::Created => "created_at",
            SortKey::Name => "name_key",
        }
    }
}

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Largest first.
    pub descending: bool,
}

/// A filter by a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PersonFilter {
    /// This one.
    Is(UserId),
    /// Anybody else, or nobody.
    IsNot(UserId),
    /// Somebody.
    Any,
    /// Nobody.
    Nobody,
    /// The viewer.
    Me,
}

/// A filter over one kind of record.
pub trait Filter<R: RecordTable>: Send + Sync {
    /// The condition on the record's table.
    fn condition(&self, access: &Access) -> Cond;
}

/// Which contacts.
#[derive(Clone, Debug, Default)]
pub struct ContactFilter {
    /// By owner.
    pub owner: Option<PersonFilter>,
    /// By follower.
    pub followers: Option<PersonFilter>,
    /// Has at least one of these tags.
    pub any_tag: Option<Vec<String>>,
    /// Has every one of these tags.
    pub all_tags: Option<Vec<String>>,
}

/// Which opportunities.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct OpportunityFilter {
    /// By owner.
    pub owner: Option<PersonFilter>,
    /// By follower.
    pub followers: Option<PersonFilter>,
    /// Of this contact; answers nothing when the contact is hidden (A8).
    pub contact: Option<ContactId>,
    /// In one of these pipelines.
    pub pipelines: Option<Vec<PipelineId>>,
    /// In one of these stages.
    pub stages: Option<Vec<StageId>>,
    /// With one of these.
    pub statuses: Option<Vec<opportunity::Status>>,
}

impl Filter<policy::Contact> for ContactFilter {
    fn condition(&self, access: &Access) -> Cond {
        let mut all = people::<policy::Contact>(access, self.owner.as_ref(), self.followers.as_ref());
        let has_tag = |tags: &[String]| {
            let keys: Vec<String> = tags.iter().map(|tag| text::fold(tag)).collect();
            Expr::exists(
                Query::select()
                    .expr(Expr::value(1))
                    .from_as("contact_tag", "tagged")
                    .and_where(Expr::col(("tagged", "contact_id")).equals(("contact", "id")))
                    .and_where(Expr::col(("tagged", "tag_key")).is_in(keys))
                    .take(),
            )
        };
        if let Some(tags) = &self.any_tag {
            all = all.add(has_tag(tags));
        }
        for tag in self.all_tags.iter().flatten() {
            all = all.add(has_tag(std::slice::from_ref(tag)));
        }
        all
    }
}

impl Filter<policy::Opportunity> for OpportunityFilter {
    fn condition(&self, access: &Access) -> Cond {
        let mut all = people::<policy::Opportunity>(access, self.owner.as_ref(), self.followers.as_ref());
        let column = |name: &'static str| Expr::col(("opportunity", name));
        if let Some(contact) = self.contact {
            all = all
                .add(column("contact_id").eq(contact))
                .add(Expr::exists(access.visible_id::<policy::Contact>(contact)));
        }
        if let Some(pipelines) = &self.pipelines {
            all = all.add(column("pipeline_id").is_in(pipelines.iter().copied()));
        }
        if let Some(stages) = &self.stages {
            all = all.add(column("stage_id").is_in(stages.iter().copied()));
        }
        if let Some(statuses) = &self.statuses {
            all = all.add(column("status").is_in(statuses.iter().map(ActiveEnum::to_value)));
        }
        all
    }
}

fn people<R: RecordTable>(
    access: &Access,
    owner: Option<&PersonFilter>,
    followers: Option<&PersonFilter>,
) -> Cond {
    let mut all = Cond::all();
    if let Some(filter) = owner {
        let owner = || Expr::col((R::COLUMNS.table(), "owner_id"));
        all = all.add(match filter {
            PersonFilter::Is(user) => owner().eq(*user),
            PersonFilter::IsNot(user) => owner().is_null().or(owner().ne(*user)),
            PersonFilter::Any => owner().is_not_null(),
            PersonFilter::Nobody => owner().is_null(),
            PersonFilter::Me => access.actor().user.map_or(Expr::value(false), |user| owner().eq(user)),
        });
    }
    if let Some(filter) = followers {
        all = all.add(match filter {
            PersonFilter::Is(user) => follows::<R>(access, Some(*user)),
            PersonFilter::IsNot(user) => follows::<R>(access, Some(*user)).not(),
            PersonFilter::Any => follows::<R>(access, None),
            PersonFilter::Nobody => follows::<R>(access, None).not(),
            PersonFilter::Me => {
                access.actor().user.map_or(Expr::value(1).eq(0), |user| follows::<R>(access, Some(user)))
            }
        });
    }
    all
}

/// Whether `user`, or anybody, follows the record at this moment.
fn follows<R: RecordTable>(access: &Access, user: Option<UserId>) -> Expr {
    let follow = "follow".into_iden();
    let mut select = Query::select();
    select
        .expr(Expr::value(1))
        .from_as(R::COLUMNS.members(), "follow")
        .and_where(Expr::col(("follow", "record_id")).equals((R::COLUMNS.table(), "id")))
        .cond_where(policy::is_related(&follow, &[Relation::Follower], access.now()));
    if let Some(user) = user {
        select.and_where(Expr::col(("follow", "user_id")).eq(user));
    }
    Expr::exists(select)
}

/// A list: which records, in which order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct List<F> {
    /// Which.
    pub filter: F,
    /// In which order.
    pub sort: Sort,
}

/// How many records a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many, up to [`TOTAL_COUNT_LIMIT`].
    pub value: u64,
    /// Whether that is all of them.
    pub is_exact: bool,
}

impl Access {
    /// A page of the visible records of a list.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn page<R: RecordTable>(
        &self,
        list: &List<impl Filter<R>>,
        window: &Window,
    ) -> Result<Page<Seen<R>>> {
        let mut select = self.select::<R>();
        select.cond_where(list.filter.condition(self));
        let by_membership = self.is_driven_by_membership::<R>() && list.sort.key == SortKey::Updated;
        let (key, id) = if by_membership {
            // The index behind "what I own or follow" has the sort key in the membership itself.
            (Expr::col(("mine", "record_updated_at")), Expr::col(("mine", "record_id")))
        } else {
            let table = R::COLUMNS.table();
            (Expr::col((table.clone(), list.sort.key.column())), Expr::col((table, "id")))
        };
        window_onto(&mut select, key, id, list.sort.descending, window);

        let rows = self.reader().query_all(&select).await?;
        let found = rows
            .iter()
            .map(|row| {
                let seen = Seen::<R>::from_row(row)?;
                Ok((position_of::<R>(&seen, list.sort.key), seen))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Page::of(found, window))
    }

    /// How many visible records a list has. Counts no further than [`TOTAL_COUNT_LIMIT`].
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count<R: RecordTable>(&self, filter: &impl Filter<R>) -> Result<Count> {
        let mut rows = Query::select();
        self.scope_from::<R>(&mut rows);
        rows.expr(Expr::value(1)).cond_where(filter.condition(self)).limit(TOTAL_COUNT_LIMIT + 1);
        let count =
            Query::select().expr_as(Expr::cust("COUNT(*)"), "counted").from_subquery(rows, "found").take();
        let row = self.reader().query_one(&count).await?;
        let found: i64 = row.map_or(Ok(0), |row| row.try_get("", "counted"))?;
        let found = u64::try_from(found).unwrap_or_default();
        Ok(Count { value: Ord::min(found, TOTAL_COUNT_LIMIT), is_exact: found <= TOTAL_COUNT_LIMIT })
    }

    pub(super) fn is_driven_by_membership<R: RecordTable>(&self) -> bool {
        self.scope_from::<R>(&mut Query::select())
    }

    /// A query that finds this record when it is visible.
    pub(super) fn visible_id<R: RecordTable>(&self, id: R::Id) -> SelectStatement {
        let mut select = Query::select();
        self.scope_from::<R>(&mut select);
        select.expr(Expr::value(1)).and_where(Expr::col((R::COLUMNS.table(), "id")).eq(id.uuid()));
        select
    }
}

/// Orders a query by `(key, id)`, starts it at the window's place and takes one row more than the window holds.
pub(super) fn window_onto(
    select: &mut SelectStatement,
    key: Expr,
    id: Expr,
    descending: bool,
    window: &Window,
) {
    let descending = descending != window.backward;
    let order = if descending { Order::Desc } else { Order::Asc };
    if let Some(from) = &window.from {
        let (here, place) = match key_value(&from.key) {
            // The id alone sorts.
            None => (id.clone(), Expr::val(from.id)),
            Some(value) => {
                (Expr::tuple([key.clone(), id.clone()]), Expr::tuple([Expr::val(value), Expr::val(from.id)]))
            }
        };
        select.and_where(if descending { here.lt(place) } else { here.gt(place) });
    }
    select
        .order_by_expr(key, order.clone())
        .order_by_expr(id, order)
        .limit(u64::try_from(window.size).unwrap_or(u64::MAX).saturating_add(1));
}

fn key_value(key: &Key) -> Option<Value> {
    match key {
        Key::None => None,
        Key::Number(number) => Some((*number).into()),
        Key::Text(text) => Some(text.clone().into()),
    }
}

pub(super) fn position_of<R: RecordTable>(seen: &Seen<R>, sort: SortKey) -> Position {
    let key = match sort {
        SortKey::Updated => Key::Number(seen.row.updated_at().0),
        SortKey::Created => Key::Number(seen.row.created_at().0),
        SortKey::Name => Key::Text(seen.row.name_key().to_owned()),
    };
    Position { key, id: seen.row.id().uuid() }
}
