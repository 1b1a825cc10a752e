//! Keeps the totals of stages, and of people and stages, in step with every change: what a record counted for before is
//! taken off, what it counts for now is put on.

use std::collections::BTreeMap;

use entity::opportunity::Status;
use entity::stage_total::SHARDS;
use entity::{StageId, UserId, member_stage_total, stage_total};
use sea_orm::sea_query::{Expr, OnConflict, SimpleExpr};
use sea_orm::{EntityTrait, ExprTrait, Set};
use uuid::Uuid;

use super::{Deal, Held, UnitOfWork};
use crate::domain::error::Result;

/// How many rows one statement writes.
const CHUNK: usize = 40;

/// What a stage, or a person in it, has more or less than before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    opportunities: i64,
    value_minor: i64,
}

type OfStage = BTreeMap<(StageId, String, i16), (Status, Sum)>;
type OfMember = BTreeMap<(UserId, StageId, String, bool), (Status, Sum)>;

impl UnitOfWork<'_> {
    /// Writes what the held opportunities count for now. Rows are written in the order of their keys, so that two changes
    /// never wait for each other.
    pub(super) async fn flush_totals(&self) -> Result<()> {
        let (mut stages, mut members) = (OfStage::new(), OfMember::new());
        for held in self.held.values() {
            if let (Some(deal), None) = (held.first.deal, held.first.deletion) {
                let people = held.roster.before().map(|member| (member.user_id, member.is_owner()));
                count(&mut stages, &mut members, held, deal, people, -1);
            }
            if let (Some(deal), None) = (held.deal, held.deletion) {
                let people = held.roster.members().map(|member| (member.user_id, member.is_owner()));
                count(&mut stages, &mut members, held, deal, people, 1);
            }
        }
        stages.retain(|_, (_, sum)| *sum != Sum::default());
        members.retain(|_, (_, sum)| *sum != Sum::default());
        self.add_to_stages(stages).await?;
        self.add_to_members(members).await
    }

    async fn add_to_stages(&self, stages: OfStage) -> Result<()> {
        let account_id = Set(self.account.id);
        let rows: Vec<stage_total::ActiveModel> = stages
            .into_iter()
            .map(|((stage_id, _, shard), (status, sum))| stage_total::ActiveModel {
                stage_id: Set(stage_id),
                status: Set(status),
                shard: Set(shard),
                account_id: account_id.clone(),
                opportunities: Set(sum.opportunities),
                value_minor: Set(sum.value_minor),
            })
            .collect();
        let key = [stage_total::Column::StageId, stage_total::Column::Status, stage_total::Column::Shard];
        for rows in rows.chunks(CHUNK) {
            let adding = adding(OnConflict::columns(key), "stage_total");
            stage_total::Entity::insert_many(rows.to_vec())
                .on_conflict(adding)
                .exec_without_returning(&self.transaction)
                .await?;
        }
        Ok(())
    }

    async fn add_to_members(&self, members: OfMember) -> Result<()> {
        use member_stage_total::Column;
        let account_id = Set(self.account.id);
        let rows: Vec<member_stage_total::ActiveModel> = members
            .into_iter()
            .map(|((user_id, stage_id, _, owns), (status, sum))| member_stage_total::ActiveModel {
                user_id: Set(user_id),
                stage_id: Set(stage_id),
                status: Set(status),
                owns: Set(owns),
                account_id: account_id.clone(),
                opportunities: Set(sum.opportunities),
                value_minor: Set(sum.value_minor),
            })
            .collect();
        let key = [Column::UserId, Column::StageId, Column::Status, Column::Owns];
        for rows in rows.chunks(CHUNK) {
            let adding = adding(OnConflict::columns(key), "member_stage_total");
            member_stage_total::Entity::insert_many(rows.to_vec())
                .on_conflict(adding)
                .exec_without_returning(&self.transaction)
                .await?;
        }
        Ok(())
    }
}

/// Adds to a row that is there already.
fn adding(mut conflict: OnConflict, table: &'static str) -> OnConflict {
    let sum = |column: &'static str| -> (&'static str, SimpleExpr) {
        (column, Expr::col((table, column)).add(Expr::col(("excluded", column))))
    };
    conflict.values([sum("opportunities"), sum("value_minor")]).to_owned()
}

fn count(
    stages: &mut OfStage,
    members: &mut OfMember,
    held: &Held,
    deal: Deal,
    people: impl Iterator<Item = (UserId, bool)>,
    sign: i64,
) {
    let value = sign * deal.value_minor.unwrap_or_default();
    let add = |sum: &mut Sum| {
        sum.opportunities += sign;
        sum.value_minor += value;
    };
    let status = sea_orm::ActiveEnum::to_value(&deal.status);
    let of_stage = stages.entry((deal.stage, status.clone(), shard(held.record.uuid())));
    add(&mut of_stage.or_insert((deal.status, Sum::default())).1);
    for (user, owns) in people {
        let of_member = members.entry((user, deal.stage, status.clone(), owns));
        add(&mut of_member.or_insert((deal.status, Sum::default())).1);
    }
}

/// In which part of its stage's total an opportunity counts.
fn shard(id: Uuid) -> i16 {
    i16::from(id.as_bytes()[15] % SHARDS)
}
