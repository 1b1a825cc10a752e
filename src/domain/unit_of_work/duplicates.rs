//! What looking for duplicates needs of a change: turns, what is there as the change leaves it, and flags (R3).

use entity::TypedId as _;
use entity::duplicate_flag::Kind;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ActiveEnum, ConnectionTrait, DbBackend, ExprTrait};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::UnitOfWork;
use crate::domain::error::{Error, Result};
use crate::domain::record::{RecordRef, RecordTable};

impl UnitOfWork<'_> {
    /// Waits for every other change of the account that takes one of these names, and lets others wait until this one
    /// ends. SQLite has one writer and needs none.
    pub(in crate::domain) async fn take_turns(&self, names: &[String]) -> Result<()> {
        if names.is_empty() || self.access.base().database.backend() != DbBackend::Postgres {
            return Ok(());
        }
        let account = self.account.id.uuid();
        let mut keys: Vec<i64> = names
            .iter()
            .map(|name| {
                let hash = Sha256::new().chain_update(account.as_bytes()).chain_update(name).finalize();
                i64::from_be_bytes(std::array::from_fn(|place| hash[place]))
            })
            .collect();
        // Two who take several take them in one order.
        keys.sort_unstable();
        keys.dedup();
        let mut select = Query::select();
        for key in keys {
            select.expr(Expr::cust_with_values("pg_advisory_xact_lock(?)::text", [key]));
        }
        self.transaction.query_all(&select).await?;
        Ok(())
    }

    /// Whether a row of a record's table is there as the change leaves it: deletions are written at its end.
    pub(in crate::domain) fn is_there<R: RecordTable>(&self) -> Expr {
        let column = |name: &'static str| Expr::col((R::COLUMNS.table(), name));
        let of_kind = || self.held.values().filter(|held| held.record.kind() == R::NAME);
        let gone = of_kind().filter(|held| held.first.deletion.is_none() && held.deletion.is_some());
        let back = of_kind().filter(|held| held.first.deletion.is_some() && held.deletion.is_none());
        let gone: Vec<Uuid> = gone.map(|held| held.record.uuid()).collect();
        let back: Vec<Uuid> = back.map(|held| held.record.uuid()).collect();
        let mut there = column("deleted_at").is_null();
        if !gone.is_empty() {
            there = there.and(column("id").is_not_in(gone));
        }
        if back.is_empty() { there } else { there.or(column("id").is_in(back)) }
    }

    /// Flags a record with each of `others`, unless the two are flagged already.
    pub(in crate::domain) async fn flag(
        &self,
        kind: Kind,
        record: RecordRef,
        mut others: SelectStatement,
    ) -> Result<()> {
        let (table, one, other) = match record {
            RecordRef::Contact(_) => ("contact", "contact_id", "other_contact_id"),
            RecordRef::Opportunity(_) => ("opportunity", "opportunity_id", "other_opportunity_id"),
        };
        let random = match self.access.base().database.backend() {
            DbBackend::Postgres => "gen_random_uuid()",
            _ => "randomblob(16)",
        };
        let id = || Expr::col((table, "id"));
        let flagged = |one: &'static str, other: &'static str| {
            Expr::col(("flag", one)).eq(record.uuid()).and(Expr::col(("flag", other)).eq(id()))
        };
        let flagged = Query::select()
            .expr(Expr::value(1))
            .from_as("duplicate_flag", "flag")
            .and_where(Expr::col(("flag", "kind")).eq(kind.to_value()))
            .and_where(flagged(one, other).or(flagged(other, one)))
            .take();
        others
            .clear_selects()
            .expr(Expr::cust(random))
            .expr(Expr::val(self.account.id))
            .expr(Expr::val(self.now))
            .expr(Expr::val(kind.to_value()))
            .expr(Expr::val(record.uuid()))
            .expr(id())
            .and_where(Expr::exists(flagged).not());
        let mut insert = Query::insert();
        insert
            .into_table("duplicate_flag")
            .columns(["id", "account_id", "at", "kind", one, other])
            .select_from(others)
            .map_err(|error| Error::bug(error.to_string()))?;
        self.transaction.execute(&insert).await?;
        Ok(())
    }
}
