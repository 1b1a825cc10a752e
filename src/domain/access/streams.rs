//! What a process reads once for everybody who listens: the events of a topic, and the record that they are about with
//! all its people, from which each listener's right to see it is decided in memory (N5).

use std::collections::{BTreeSet, HashMap};

use entity::{
    AccountId, ActivityId, AppointmentId, ContactId, OpportunityId, Timestamp, TypedId, UserId, account,
    stream,
};
use policy::{Action, Actor, Owner, Permissions};
use sea_orm::sea_query::{Alias, Expr, Order, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable, JoinType,
    QueryFilter, QueryResult, QuerySelect,
};
use uuid::Uuid;

use super::users::{MEMBER_COLUMNS, Member};
use super::{Access, Base, Mine, Seen, Standing};
use crate::domain::error::Result;
use crate::domain::record::{RecordRef, RecordRow as _, RecordTable};
use crate::domain::stream::{Topic, read_lost};

/// How many topics one statement asks for.
const CHUNK: usize = 500;

/// One event of a topic, as everybody who listens gets it before it is looked at through their eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamEvent {
    /// Its place in the topic.
    pub number: i64,
    /// What happened.
    pub activity: ActivityId,
    /// When.
    pub at: Timestamp,
    /// In the past tense, `opportunity.stage_moved`; nothing for a notice.
    pub kind: String,
    /// The contact that it happened to, or that the appointment is with.
    pub contact: Option<ContactId>,
    /// The opportunity that it happened to.
    pub opportunity: Option<OpportunityId>,
    /// The appointment that it happened to.
    pub appointment: Option<AppointmentId>,
    /// Whom it took a grant from.
    pub lost: BTreeSet<UserId>,
}

impl StreamEvent {
    /// Whether it deleted what it happened to.
    #[must_use]
    pub fn deletes(&self) -> bool {
        self.kind.ends_with(".deleted")
    }

    fn read(row: &QueryResult) -> Result<Self> {
        let lost: Option<String> = row.try_get("", "lost")?;
        Ok(Self {
            number: row.try_get("", "number")?,
            activity: row.try_get("", "activity_id")?,
            at: row.try_get("", "at")?,
            kind: row.try_get("", "kind")?,
            contact: row.try_get("", "contact_id")?,
            opportunity: row.try_get("", "opportunity_id")?,
            appointment: row.try_get("", "appointment_id")?,
            lost: read_lost(lost.as_deref()),
        })
    }
}

/// A record with everybody who is related to it, at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot<R: RecordTable> {
    row: R::Row,
    account: AccountId,
    is_deleted: bool,
    owner: Owner,
    members: HashMap<UserId, Mine>,
}

impl<R: RecordTable> Snapshot<R> {
    /// How an actor stands to the record at a moment; none where they may not see it then.
    #[must_use]
    pub fn seen_by(&self, actor: &Actor, now: Timestamp) -> Option<Standing> {
        (!self.is_deleted).then(|| self.viewable_by(actor, now)).flatten()
    }

    /// The record as whoever stands to it so sees it.
    #[must_use]
    pub fn through(&self, standing: Standing) -> Seen<R> {
        Seen { row: self.row.clone(), standing }
    }

    /// The row of the record.
    #[must_use]
    pub const fn row(&self) -> &R::Row {
        &self.row
    }

    /// Whether it is deleted, and the actor could see it if it were not.
    #[must_use]
    pub fn was_seen_by(&self, actor: &Actor, now: Timestamp) -> bool {
        self.is_deleted && self.viewable_by(actor, now).is_some()
    }

    fn viewable_by(&self, actor: &Actor, now: Timestamp) -> Option<Standing> {
        let mine = actor.user.and_then(|user| self.members.get(&user).copied());
        let standing = Standing { mine, owner: self.owner };
        let is_granted = self.account == actor.account
            && policy::decide::<R>(actor, Action::View, &standing.facts(now)).is_granted();
        is_granted.then_some(standing)
    }
}

impl Access {
    /// The same access at this moment, for a decision that comes later than the reading of the viewer.
    #[must_use]
    pub fn now_again(&self) -> Self {
        Self { now: self.base().clock.now(), ..self.clone() }
    }
}

impl Base {
    /// Up to `limit` events of a topic after `number`, and the version of the account's rights as it is with them.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn events_after(
        &self,
        account: AccountId,
        topic: Topic,
        number: i64,
        limit: u64,
    ) -> Result<(Vec<StreamEvent>, i64)> {
        let table = if matches!(topic, Topic::Inbox(_)) { "notification" } else { "stream_event" };
        let key = if table == "notification" { "user_id" } else { "topic" };
        let of = |column: &'static str| Expr::col((table, column));
        let mut select = Query::select();
        select
            .expr_as(of("number"), "number")
            .expr_as(of("activity_id"), "activity_id")
            .expr_as(of("at"), "at")
            .from(table)
            .and_where(of(key).eq(topic.uuid()))
            .and_where(of("account_id").eq(account))
            .and_where(of("number").gt(number))
            .order_by((table, "number"), Order::Asc)
            .limit(limit);
        if table == "notification" {
            select.expr_as(Expr::val(""), "kind").expr_as(Expr::val(None::<String>), "lost");
            for column in ["contact_id", "opportunity_id", "appointment_id"] {
                select.expr_as(Expr::val(None::<Uuid>), column);
            }
        } else {
            select.expr_as(of("lost"), "lost").join(
                JoinType::InnerJoin,
                "activity",
                Expr::col(("activity", "id")).equals((table, "activity_id")),
            );
            for column in ["kind", "contact_id", "opportunity_id", "appointment_id"] {
                select.expr_as(Expr::col(("activity", column)), column);
            }
        }
        let rows = self.database.reader().query_all(&select).await?;
        let events = rows.iter().map(StreamEvent::read).collect::<Result<Vec<_>>>()?;
        // Read after the events: rights that changed before one of them count for it (P4).
        let version = self.access_versions(&[account]).await?.remove(&account).unwrap_or_default();
        Ok((events, version))
    }

    /// The newest number of each of these topics; 0 where nothing has happened yet.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn last_numbers(&self, topics: &[Topic]) -> Result<HashMap<Uuid, i64>> {
        let mut found: HashMap<Uuid, i64> = topics.iter().map(|topic| (topic.uuid(), 0)).collect();
        for topics in topics.chunks(CHUNK) {
            let rows = stream::Entity::find()
                .filter(stream::Column::Topic.is_in(topics.iter().map(|topic| topic.uuid())))
                .all(self.database.reader())
                .await?;
            found.extend(rows.into_iter().map(|row| (row.topic, row.last_number)));
        }
        Ok(found)
    }

    /// The versions of the rights of these accounts: another one says that users, permissions or settings have changed.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn access_versions(&self, accounts: &[AccountId]) -> Result<HashMap<AccountId, i64>> {
        let mut found = HashMap::new();
        for accounts in accounts.chunks(CHUNK) {
            let rows: Vec<(AccountId, i64)> = account::Entity::find()
                .select_only()
                .columns([account::Column::Id, account::Column::AccessVersion])
                .filter(account::Column::Id.is_in(accounts.iter().copied()))
                .into_tuple()
                .all(self.database.reader())
                .await?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// A record, deleted or not, with everybody who is related to it. Nobody's eyes are asked yet: only a decision about
    /// each listener may show it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn snapshot<R: RecordTable>(&self, id: R::Id) -> Result<Option<Snapshot<R>>> {
        let table = R::COLUMNS.table();
        let mut select = Query::select();
        for column in <R::Entity as EntityTrait>::Column::iter() {
            select.column((R::COLUMNS.table(), Alias::new(column.as_str())));
        }
        select
            .expr_as(Expr::col(("owner", "active")), "owner_active")
            .expr_as(Expr::col(("owner", "effective_permissions")), "owner_permissions")
            .from(R::COLUMNS.table())
            .join_as(
                JoinType::LeftJoin,
                "user",
                "owner",
                Expr::col(("owner", "id")).equals((table.clone(), "owner_id")),
            )
            .and_where(Expr::col((table, "id")).eq(id.uuid()));
        let found = self.database.reader().query_one(&select).await?;

        let select = Query::select()
            .columns(MEMBER_COLUMNS)
            .from(R::COLUMNS.members())
            .and_where(Expr::col("record_id").eq(id.uuid()))
            .take();
        let mut members = HashMap::new();
        for row in self.database.reader().query_all(&select).await? {
            let member = Member::from_query_result(&row, "")?;
            members.insert(
                member.user_id,
                Mine {
                    slot: member.slot,
                    until: member.until,
                    inherits_edit: member.inherits_edit,
                    muted_at: member.muted_at,
                },
            );
        }
        // Asked of what is not there too: it takes as many statements (A7).
        let Some(found) = found else { return Ok(None) };
        let owner = match found.try_get::<Option<bool>>("", "owner_active")? {
            None => Owner::Unassigned,
            Some(active) => Owner::Assigned {
                active,
                permissions: Permissions::from_bits(found.try_get("", "owner_permissions")?),
            },
        };
        let deleted_at: Option<Timestamp> = found.try_get("", "deleted_at")?;
        Ok(Some(Snapshot {
            row: R::Row::from_query_result(&found, "")?,
            account: found.try_get("", "account_id")?,
            is_deleted: deleted_at.is_some(),
            owner,
            members,
        }))
    }
}

impl<R: RecordTable> Snapshot<R> {
    /// Which record it is of.
    #[must_use]
    pub fn record(&self) -> RecordRef {
        self.row.id().into()
    }
}
