//! What hangs on records, as far as the viewer may see it: notes and tasks (R5, A8).

use std::collections::HashMap;

use entity::{
    ContactId, NoteId, OpportunityId, TaskId, TypedId, UserId, note, note_mention, opportunity, task,
};
use policy::{Action, Actor, Decision, Facts, Resource, Tied, Ties};
use sea_orm::sea_query::{Alias, Cond, Expr, IntoIden, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable, QueryFilter,
    QueryOrder, QueryResult, QuerySelect,
};
use uuid::Uuid;

use super::children::{Family, Order};
use super::list::window_onto;
use super::standing::{select_standing, standing_joins};
use super::{Access, Count, Standing};
use crate::domain::error::Result;
use crate::domain::page::{Key, Page, Position, Window};
use crate::domain::record::{RecordRef, RecordTable};

/// Which tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TaskFilter {
    /// Those that are done, or those that are not.
    pub done: Option<bool>,
}

/// Under this name a statement answers where a task stands in its list.
const PLACE: &str = "place";

/// Where a task stands in its list: open ones by the time until when, those without one behind them, and behind all of
/// them those that are done, the last one done first. Times of this world fit between the numbers.
const PLACE_OF_A_TASK: &str = r#"CASE WHEN "task"."completed_at" IS NOT NULL THEN 9000000000000000000 - "task"."completed_at" ELSE COALESCE("task"."due_at", 4000000000000000000) END"#;

impl Access {
    /// Decides an act on a note or a task that hangs on a record to which the viewer stands so, or on making one.
    #[must_use]
    pub fn decide_hanging<C: Resource, O: Resource>(
        &self,
        record: RecordRef,
        standing: &Standing,
        ties: Ties,
        action: Action,
    ) -> Decision {
        decide_hanging::<C, O>(self.actor(), record, standing.facts(self.now()), ties, action)
    }

    /// The visible ones among these notes.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_notes(&self, ids: &[NoteId]) -> Result<HashMap<NoteId, note::Model>> {
        let mut select = self.select_notes();
        select
            .and_where(Expr::col(("note", "id")).is_in(ids.iter().copied()))
            .cond_where(living(policy::ContactNote::COLUMNS.table));
        let rows = self.reader().query_all(&select).await?;
        rows.iter()
            .map(|row| note::Model::from_query_result(row, "").map(|row| (row.id, row)).map_err(Into::into))
            .collect()
    }

    /// The visible ones among these tasks.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_tasks(&self, ids: &[TaskId]) -> Result<HashMap<TaskId, task::Model>> {
        let mut select = self.select_tasks();
        select
            .and_where(Expr::col(("task", "id")).is_in(ids.iter().copied()))
            .cond_where(living(policy::ContactTask::COLUMNS.table));
        let rows = self.reader().query_all(&select).await?;
        rows.iter()
            .map(|row| task::Model::from_query_result(row, "").map(|row| (row.id, row)).map_err(Into::into))
            .collect()
    }

    /// A page of the notes on each of these records, newest first. The records must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn notes_of<R: RecordTable>(
        &self,
        records: &[R::Id],
        window: &Window,
    ) -> Result<Family<R::Id, note::Model>> {
        let id = || Expr::col(("note", "id"));
        let order = Order { key: id(), id: id(), descending: true };
        let rows = self.hanging::<R>(records, "note", self.select_notes(), order, window).await?;
        let placed = |row: &QueryResult| {
            let row = note::Model::from_query_result(row, "")?;
            let of = record_of(row.contact_id, row.opportunity_id);
            Ok((of, (Position { key: Key::None, id: row.id.uuid() }, row)))
        };
        pages(records, rows.iter().map(placed), window)
    }

    /// How many notes each of these records has. The records must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_notes_of<R: RecordTable>(&self, records: &[R::Id]) -> Result<HashMap<R::Id, Count>> {
        let visible = visible::<policy::ContactNote, policy::OpportunityNote>(self, Action::View);
        self.count_hanging::<R>(records, "note", visible).await
    }

    /// A page of the tasks on each of these records: open ones by the time until when, then those that are done, the last
    /// one done first. The records must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn tasks_of<R: RecordTable>(
        &self,
        records: &[R::Id],
        filter: TaskFilter,
        window: &Window,
    ) -> Result<Family<R::Id, task::Model>> {
        let mut tasks = self.select_tasks();
        tasks.cond_where(filter.condition());
        let order =
            Order { key: Expr::cust(PLACE_OF_A_TASK), id: Expr::col(("task", "id")), descending: false };
        let rows = self.hanging::<R>(records, "task", tasks, order, window).await?;
        let placed = |row: &QueryResult| {
            let (position, row) = placed_task(row)?;
            Ok((record_of(row.contact_id, row.opportunity_id), (position, row)))
        };
        pages(records, rows.iter().map(placed), window)
    }

    /// How many tasks each of these records has. The records must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_tasks_of<R: RecordTable>(
        &self,
        records: &[R::Id],
        filter: TaskFilter,
    ) -> Result<HashMap<R::Id, Count>> {
        let visible = visible::<policy::ContactTask, policy::OpportunityTask>(self, Action::View);
        self.count_hanging::<R>(records, "task", visible.add(filter.condition())).await
    }

    /// A page of the tasks that are the viewer's to do, in the order of the tasks of a record.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn tasks_to_do(&self, filter: TaskFilter, window: &Window) -> Result<Page<task::Model>> {
        let mut select = self.select_tasks();
        self.only_to_do(&mut select, filter);
        window_onto(&mut select, Expr::cust(PLACE_OF_A_TASK), Expr::col(("task", "id")), false, window);
        let rows = self.reader().query_all(&select).await?;
        Ok(Page::of(rows.iter().map(placed_task).collect::<Result<_>>()?, window))
    }

    /// How many tasks are the viewer's to do. Counts no further than [`super::TOTAL_COUNT_LIMIT`].
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_tasks_to_do(&self, filter: TaskFilter) -> Result<Count> {
        let mut rows = self.visible_tasks();
        rows.expr(Expr::value(1));
        self.only_to_do(&mut rows, filter);
        self.count_up(rows).await
    }

    /// Whom these notes mention, by id. They must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn mentions(&self, notes: &[NoteId]) -> Result<HashMap<NoteId, Vec<UserId>>> {
        let rows = note_mention::Entity::find()
            .filter(note_mention::Column::AccountId.eq(self.actor().account))
            .filter(note_mention::Column::NoteId.is_in(notes.iter().copied()))
            .order_by_asc(note_mention::Column::NoteId)
            .order_by_asc(note_mention::Column::UserId)
            .all(self.reader())
            .await?;
        let mut mentions: HashMap<NoteId, Vec<UserId>> = HashMap::new();
        for row in rows {
            mentions.entry(row.note_id).or_default().push(row.user_id);
        }
        Ok(mentions)
    }

    /// What these opportunities are called (A8). Their names may be shown on every *visible* task of theirs, and nothing
    /// else of an opportunity that is not visible itself: ask for no other opportunities.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn opportunity_names(
        &self,
        opportunities: &[OpportunityId],
    ) -> Result<HashMap<OpportunityId, String>> {
        let rows = opportunity::Entity::find()
            .filter(opportunity::Column::AccountId.eq(self.actor().account))
            .filter(opportunity::Column::Id.is_in(opportunities.iter().copied()))
            .select_only()
            .columns([opportunity::Column::Id, opportunity::Column::Name])
            .into_tuple::<(OpportunityId, String)>()
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// How the viewer stands to these records, whether they see them or not: only for decisions about what hangs on them.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn standings<R: RecordTable>(&self, records: &[R::Id]) -> Result<HashMap<R::Id, Standing>> {
        let id = || Expr::col((R::COLUMNS.table(), "id"));
        let mut select = Query::select();
        select
            .expr_as(id(), "id")
            .from(R::COLUMNS.table())
            .and_where(Expr::col((R::COLUMNS.table(), "account_id")).eq(self.actor().account))
            .and_where(id().is_in(records.iter().map(|id| id.uuid())));
        standing_joins(&mut select, R::COLUMNS, self.actor().user, false);
        select_standing(&mut select);
        let rows = self.reader().query_all(&select).await?;
        rows.iter()
            .map(|row| Ok((R::Id::from_uuid(row.try_get("", "id")?), Standing::from_query_result(row, "")?)))
            .collect()
    }

    /// Every note that the viewer may see while its record is there.
    fn select_notes(&self) -> SelectStatement {
        let mut select = Query::select();
        for column in note::Column::iter() {
            select.column(("note", Alias::new(column.as_str())));
        }
        select
            .from("note")
            .and_where(Expr::col(("note", "account_id")).eq(self.actor().account))
            .cond_where(visible::<policy::ContactNote, policy::OpportunityNote>(self, Action::View));
        select
    }

    /// Every task that the viewer may see while its record is there, with its place in its list.
    fn select_tasks(&self) -> SelectStatement {
        let mut select = self.visible_tasks();
        for column in task::Column::iter() {
            select.column(("task", Alias::new(column.as_str())));
        }
        select.expr_as(Expr::cust(PLACE_OF_A_TASK), PLACE);
        select
    }

    fn visible_tasks(&self) -> SelectStatement {
        let mut select = Query::select();
        select
            .from("task")
            .and_where(Expr::col(("task", "account_id")).eq(self.actor().account))
            .cond_where(visible::<policy::ContactTask, policy::OpportunityTask>(self, Action::View));
        select
    }

    /// Keeps a query over tasks to those that are the viewer's to do.
    fn only_to_do(&self, select: &mut SelectStatement, filter: TaskFilter) {
        let assignee = Expr::col(("task", "assignee_id"));
        match self.actor().user {
            Some(user) => select.and_where(assignee.eq(user)),
            None => select.and_where(Expr::value(1).eq(0)),
        };
        select.cond_where(filter.condition()).cond_where(living("task"));
    }

    async fn hanging<R: RecordTable>(
        &self,
        records: &[R::Id],
        table: &'static str,
        children: SelectStatement,
        order: Order,
        window: &Window,
    ) -> Result<Vec<QueryResult>> {
        let parents: Vec<Uuid> = records.iter().map(|id| id.uuid()).collect();
        let child = (Alias::new(table).into_iden(), column_of::<R>());
        self.per_parent(R::COLUMNS.table, &parents, children, child, order, window).await
    }

    async fn count_hanging<R: RecordTable>(
        &self,
        records: &[R::Id],
        table: &'static str,
        which: Cond,
    ) -> Result<HashMap<R::Id, Count>> {
        let record = || Expr::col((table, column_of::<R>()));
        let select = Query::select()
            .expr_as(record(), "record_id")
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .from(table)
            .and_where(Expr::col((table, "account_id")).eq(self.actor().account))
            .and_where(record().is_in(records.iter().map(|id| id.uuid())))
            .cond_where(which)
            .add_group_by([record()])
            .take();
        let rows = self.reader().query_all(&select).await?;
        let none = Count { value: 0, is_exact: true };
        let mut counts: HashMap<R::Id, Count> = records.iter().map(|record| (*record, none)).collect();
        for row in &rows {
            let counted: i64 = row.try_get("", "counted")?;
            let value = u64::try_from(counted).unwrap_or_default();
            counts.insert(R::Id::from_uuid(row.try_get("", "record_id")?), Count { value, is_exact: true });
        }
        Ok(counts)
    }
}

impl TaskFilter {
    fn condition(self) -> Cond {
        let completed_at = Expr::col(("task", "completed_at"));
        match self.done {
            None => Cond::all(),
            Some(true) => Cond::all().add(completed_at.is_not_null()),
            Some(false) => Cond::all().add(completed_at.is_null()),
        }
    }
}

/// Decides an act on what hangs on a record, by the rules of whichever record it is.
pub(in crate::domain) fn decide_hanging<C: Resource, O: Resource>(
    actor: &Actor,
    record: RecordRef,
    of_record: Facts,
    ties: Ties,
    action: Action,
) -> Decision {
    match record {
        RecordRef::Contact(_) => policy::decide::<C>(actor, action, &Facts::on_contact(ties, of_record)),
        RecordRef::Opportunity(_) => {
            policy::decide::<O>(actor, action, &Facts::on_opportunity(ties, of_record))
        }
    }
}

/// The rows of a table that hangs on records on which the viewer may act, whichever record they hang on.
pub(in crate::domain) fn visible<C: Tied, O: Tied>(access: &Access, action: Action) -> Cond {
    let (actor, now) = (access.actor(), access.now());
    Cond::any()
        .add(policy::tied_filter::<C>(actor, action, now))
        .add(policy::tied_filter::<O>(actor, action, now))
}

/// What hangs on a deleted record is not there either (R4).
pub(in crate::domain) fn living(table: &'static str) -> Cond {
    let there = |record: &'static str, column: &'static str| {
        Expr::exists(
            Query::select()
                .expr(Expr::value(1))
                .from(record)
                .and_where(Expr::col((record, "id")).equals((table, column)))
                .and_where(Expr::col((record, "deleted_at")).is_null())
                .take(),
        )
    };
    Cond::any().add(there("contact", "contact_id")).add(there("opportunity", "opportunity_id"))
}

/// The record that a row hangs on.
pub(in crate::domain) fn record_of(
    contact: Option<ContactId>,
    opportunity: Option<OpportunityId>,
) -> Option<RecordRef> {
    contact.map(RecordRef::Contact).or_else(|| opportunity.map(RecordRef::Opportunity))
}

fn column_of<R: RecordTable>() -> &'static str {
    if R::NAME == policy::Contact::NAME { "contact_id" } else { "opportunity_id" }
}

fn placed_task(row: &QueryResult) -> Result<(Position, task::Model)> {
    let place: i64 = row.try_get("", PLACE)?;
    let row = task::Model::from_query_result(row, "")?;
    Ok((Position { key: Key::Number(place), id: row.id.uuid() }, row))
}

fn pages<I: TypedId, T>(
    records: &[I],
    rows: impl Iterator<Item = Result<(Option<RecordRef>, (Position, T))>>,
    window: &Window,
) -> Result<Family<I, T>> {
    let mut found: HashMap<Uuid, Vec<(Position, T)>> = HashMap::new();
    for row in rows {
        let (Some(record), placed) = row? else { continue };
        found.entry(record.uuid()).or_default().push(placed);
    }
    let page = |id: &I| (*id, Page::of(found.remove(&id.uuid()).unwrap_or_default(), window));
    Ok(records.iter().map(page).collect())
}
