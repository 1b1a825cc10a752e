//! The history of records, read through the viewer's eyes.

use std::collections::{HashMap, HashSet};

use entity::{ActivityId, TypedId, activity, activity_value};
use policy::Resource;
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryTrait,
};

use super::children::{Family, Order};
use super::{Access, Count};
use crate::domain::activity::Change;
use crate::domain::error::Result;
use crate::domain::page::{Key, Page, Position, Window};
use crate::domain::record::RecordTable;

/// One entry of the history with its values; none when they were purged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The row.
    pub row: activity::Model,
    /// What changed, from and to.
    pub changes: Vec<Change>,
}

/// Which of some activities the viewer may see.
pub type Visibility = HashMap<ActivityId, Entry>;

impl Access {
    /// A page of the activity on each of these records, newest first. The records must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn activity_of<R: RecordTable>(
        &self,
        records: &[R::Id],
        window: &Window,
    ) -> Result<Family<R::Id, Entry>> {
        let is_contact = R::NAME == policy::Contact::NAME;
        let subject = if is_contact { "contact_id" } else { "opportunity_id" };
        let children = activity::Entity::find()
            .filter(activity::Column::AccountId.eq(self.actor().account))
            .into_query();
        let id = || Expr::col(("activity", "id"));
        let order = Order { key: id(), id: id(), descending: true };
        let parents: Vec<_> = records.iter().map(|record| record.uuid()).collect();
        let parent_table = R::COLUMNS.table;
        let child_table = sea_orm::sea_query::IntoIden::into_iden(Alias::new("activity"));
        let rows =
            self.per_parent(parent_table, &parents, children, (child_table, subject), order, window).await?;

        let rows: Vec<activity::Model> = rows
            .iter()
            .map(|row| activity::Model::from_query_result(row, ""))
            .collect::<std::result::Result<_, _>>()?;
        let mut values = self.values_of(&rows).await?;
        let mut found: HashMap<R::Id, Vec<_>> = HashMap::new();
        for row in rows {
            let record = if is_contact {
                row.contact_id.map(TypedId::uuid)
            } else {
                row.opportunity_id.map(TypedId::uuid)
            };
            let Some(record) = record else { continue };
            let position = Position { key: Key::None, id: row.id.uuid() };
            let changes = values.remove(&row.id).unwrap_or_default();
            found.entry(R::Id::from_uuid(record)).or_default().push((position, Entry { row, changes }));
        }
        Ok(records
            .iter()
            .map(|record| (*record, Page::of(found.remove(record).unwrap_or_default(), window)))
            .collect())
    }

    /// How many entries the history of each of these records has. The records must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_activity_of<R: RecordTable>(
        &self,
        records: &[R::Id],
    ) -> Result<HashMap<R::Id, Count>> {
        let is_contact = R::NAME == policy::Contact::NAME;
        let subject = Expr::col(("activity", if is_contact { "contact_id" } else { "opportunity_id" }));
        let select = Query::select()
            .expr_as(subject.clone(), "record_id")
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .from("activity")
            .and_where(Expr::col(("activity", "account_id")).eq(self.actor().account))
            .and_where(subject.clone().is_in(records.iter().map(|record| record.uuid())))
            .add_group_by([subject])
            .take();
        let rows = self.reader().query_all(&select).await?;
        rows.iter()
            .map(|row| {
                let counted: i64 = row.try_get("", "counted")?;
                let value = u64::try_from(counted).unwrap_or_default();
                Ok((R::Id::from_uuid(row.try_get("", "record_id")?), Count { value, is_exact: true }))
            })
            .collect()
    }

    /// The ones among these activities that the viewer may see: those of visible records. A cause that is missing here
    /// is shown as null (A7).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn visible_activity(&self, ids: &[ActivityId]) -> Result<Visibility> {
        let rows = activity::Entity::find()
            .filter(activity::Column::AccountId.eq(self.actor().account))
            .filter(activity::Column::Id.is_in(ids.iter().copied()))
            .all(self.reader())
            .await?;
        let contacts: Vec<_> = rows.iter().filter_map(|row| row.contact_id).collect();
        let opportunities: Vec<_> = rows.iter().filter_map(|row| row.opportunity_id).collect();
        // Both are always asked, so that what is hidden costs what is not there.
        let contacts: HashSet<_> = self.find::<policy::Contact>(&contacts).await?.into_keys().collect();
        let opportunities: HashSet<_> =
            self.find::<policy::Opportunity>(&opportunities).await?.into_keys().collect();
        let mut values = self.values_of(&rows).await?;
        Ok(rows
            .into_iter()
            .filter(|row| match (row.contact_id, row.opportunity_id) {
                (Some(contact), _) => contacts.contains(&contact),
                (_, Some(opportunity)) => opportunities.contains(&opportunity),
                // Settings are everybody's to read (O1), changes of users are not.
                (None, None) => row.user_id.is_none(),
            })
            .map(|row| {
                let changes = values.remove(&row.id).unwrap_or_default();
                (row.id, Entry { row, changes })
            })
            .collect())
    }

    async fn values_of(&self, rows: &[activity::Model]) -> Result<HashMap<ActivityId, Vec<Change>>> {
        let values = activity_value::Entity::find()
            .filter(activity_value::Column::ActivityId.is_in(rows.iter().map(|row| row.id)))
            .all(self.reader())
            .await?;
        values.into_iter().map(|value| Ok((value.activity_id, Change::read(&value.changes)?))).collect()
    }
}
