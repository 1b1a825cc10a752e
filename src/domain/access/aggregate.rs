//! Counts and sums of the visible records of a filter, by what they have in common.

use entity::opportunity::Status;
use entity::{PipelineId, StageId, UserId};
use sea_orm::sea_query::{Expr, NullOrdering, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, ExprTrait, JoinType, QueryResult};

use super::Access;
use super::filter::{ContactFilter, Filter, OpportunityFilter};
use crate::domain::error::{Error, Result};

/// The most groups that are told; the largest ones.
pub const MAX_GROUPS: u64 = 500;

/// What opportunities can have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpportunityGrouping {
    /// The owner.
    Owner,
    /// The pipeline.
    Pipeline,
    /// The stage.
    Stage,
    /// The status.
    Status,
}

/// What contacts can have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContactGrouping {
    /// The owner.
    Owner,
    /// A tag: a contact with several is in several groups.
    Tag,
    /// The source, folded.
    Source,
    /// The country.
    Country,
    /// The city, folded.
    City,
}

/// What the records of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Common {
    /// This owner, or none.
    Owner(Option<UserId>),
    /// This pipeline.
    Pipeline(PipelineId),
    /// This stage.
    Stage(StageId),
    /// This status.
    Status(Status),
    /// This text as one of them writes it, or none.
    Text(Option<String>),
}

/// A group of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub common: Common,
    /// How many there are, exactly.
    pub count: u64,
    /// What they are worth together, in minor units; those of unknown value count nothing. Of contacts, none.
    pub value_minor: Option<i128>,
}

/// Groups, the largest first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Groups {
    /// At most [`MAX_GROUPS`].
    pub groups: Vec<Group>,
    /// Whether these are all of them.
    pub is_complete: bool,
}

/// A sum of large amounts does not fit the integers of a database, so the parts above and below this are summed apart.
const SPLIT: i64 = 1_000_000_000;

impl Access {
    /// The visible opportunities of a filter, in groups. The sums need `VIEW_LEAD_VALUE`: show them to nobody else (A9).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn opportunity_groups(
        &self,
        filter: &OpportunityFilter,
        by: OpportunityGrouping,
    ) -> Result<Groups> {
        let column = match by {
            OpportunityGrouping::Owner => "owner_id",
            OpportunityGrouping::Pipeline => "pipeline_id",
            OpportunityGrouping::Stage => "stage_id",
            OpportunityGrouping::Status => "status",
        };
        let mut select = Query::select();
        self.scope_driven::<policy::Opportunity>(&mut select, self.drive(filter).await?);
        select.cond_where(filter.condition(self));
        for (name, part) in [("value_above", "/"), ("value_below", "%")] {
            let sum =
                format!("CAST(COALESCE(SUM(\"opportunity\".\"value_minor\" {part} {SPLIT}), 0) AS bigint)");
            select.expr_as(Expr::cust(sum), name);
        }
        let rows = self.grouped(select, Expr::col(("opportunity", column))).await?;
        Groups::of(rows, |row| {
            let common = match by {
                OpportunityGrouping::Owner => Common::Owner(row.try_get("", "common")?),
                OpportunityGrouping::Pipeline => Common::Pipeline(row.try_get("", "common")?),
                OpportunityGrouping::Stage => Common::Stage(row.try_get("", "common")?),
                OpportunityGrouping::Status => Common::Status(row.try_get("", "common")?),
            };
            let part = |name: &str| -> Result<i128> { Ok(row.try_get::<i64>("", name)?.into()) };
            Ok((common, Some(part("value_above")? * i128::from(SPLIT) + part("value_below")?)))
        })
    }

    /// The visible contacts of a filter, in groups.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn contact_groups(&self, filter: &ContactFilter, by: ContactGrouping) -> Result<Groups> {
        let mut select = Query::select();
        self.scope_driven::<policy::Contact>(&mut select, self.drive(filter).await?);
        select.cond_where(filter.condition(self));
        let (common, written) = match by {
            ContactGrouping::Owner => (("contact", "owner_id"), None),
            ContactGrouping::Tag => (("tag", "tag_key"), Some("\"tag\".\"tag\"")),
            ContactGrouping::Source => (("contact", "source_key"), Some("\"contact\".\"source\"")),
            ContactGrouping::Country => (("contact", "country"), Some("\"contact\".\"country\"")),
            ContactGrouping::City => (("contact", "city_key"), Some("\"contact\".\"city\"")),
        };
        if by == ContactGrouping::Tag {
            select.join_as(
                JoinType::LeftJoin,
                "contact_tag",
                "tag",
                Expr::col(("tag", "contact_id")).equals(("contact", "id")),
            );
        }
        if let Some(written) = written {
            // The same spelling on both databases: bytes decide.
            let collated = match self.base().database.backend() {
                DbBackend::Postgres => format!("MIN({written} COLLATE \"C\")"),
                _ => format!("MIN({written})"),
            };
            select.expr_as(Expr::cust(collated), "written");
        }
        let rows = self.grouped(select, Expr::col(common)).await?;
        Groups::of(rows, |row| {
            let common = match by {
                ContactGrouping::Owner => Common::Owner(row.try_get("", "common")?),
                _ => Common::Text(row.try_get("", "written")?),
            };
            Ok((common, None))
        })
    }

    async fn grouped(&self, mut select: SelectStatement, common: Expr) -> Result<Vec<QueryResult>> {
        select
            .expr_as(common.clone(), "common")
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .add_group_by([common.clone()])
            .order_by_expr(Expr::cust("COUNT(*)"), Order::Desc)
            .order_by_expr_with_nulls(common, Order::Asc, NullOrdering::Last)
            .limit(MAX_GROUPS + 1);
        Ok(self.reader().query_all(&select).await?)
    }
}

impl Groups {
    fn of(
        rows: Vec<QueryResult>,
        read: impl Fn(&QueryResult) -> Result<(Common, Option<i128>)>,
    ) -> Result<Self> {
        let group = |row: &QueryResult| {
            let (common, value_minor) = read(row)?;
            let count: i64 = row.try_get("", "counted")?;
            let count = u64::try_from(count).map_err(|_| Error::bug("a negative count"))?;
            Ok(Group { common, count, value_minor })
        };
        let most = usize::try_from(MAX_GROUPS).unwrap_or(usize::MAX);
        let is_complete = rows.len() <= most;
        Ok(Self { groups: rows.iter().take(most).map(group).collect::<Result<_>>()?, is_complete })
    }
}
