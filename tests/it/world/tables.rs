//! Every row of an account as text, to compare before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use entity::{
    AccountId, account, activity, activity_value, appointment, appointment_attendee, appointment_token,
    blocked_slot, calendar, calendar_group, calendar_member, contact, contact_email, contact_member,
    contact_phone, contact_tag, contact_token, deletion, duplicate_flag, idempotency_key, import_row, job,
    job_finding, lost_reason, member_stage_total, note, note_mention, notification, notification_activity,
    notification_preference, opportunity, opportunity_member, opportunity_token, pipeline, saved_view, stage,
    stage_total, stream, stream_event, task, user,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::World;

/// The rows of an account by table.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Tables(BTreeMap<String, BTreeSet<String>>);

impl World {
    /// Every row of the account.
    pub async fn tables(&self) -> Tables {
        let mut tables = Tables::default();
        tables.read::<account::Entity>(self, account::Column::Id).await;
        tables.read::<user::Entity>(self, user::Column::AccountId).await;
        tables.read::<pipeline::Entity>(self, pipeline::Column::AccountId).await;
        tables.read::<stage::Entity>(self, stage::Column::AccountId).await;
        tables.read::<contact::Entity>(self, contact::Column::AccountId).await;
        tables.read::<contact_email::Entity>(self, contact_email::Column::AccountId).await;
        tables.read::<contact_phone::Entity>(self, contact_phone::Column::AccountId).await;
        tables.read::<contact_tag::Entity>(self, contact_tag::Column::AccountId).await;
        tables.read::<contact_token::Entity>(self, contact_token::Column::AccountId).await;
        tables.read::<contact_member::Entity>(self, contact_member::Column::AccountId).await;
        tables.read::<opportunity::Entity>(self, opportunity::Column::AccountId).await;
        tables.read::<opportunity_member::Entity>(self, opportunity_member::Column::AccountId).await;
        tables.read::<opportunity_token::Entity>(self, opportunity_token::Column::AccountId).await;
        tables.read::<deletion::Entity>(self, deletion::Column::AccountId).await;
        tables.read::<duplicate_flag::Entity>(self, duplicate_flag::Column::AccountId).await;
        tables.read::<activity::Entity>(self, activity::Column::AccountId).await;
        tables.read::<activity_value::Entity>(self, activity_value::Column::AccountId).await;
        tables.read::<import_row::Entity>(self, import_row::Column::AccountId).await;
        tables.read::<job::Entity>(self, job::Column::AccountId).await;
        tables.read::<job_finding::Entity>(self, job_finding::Column::AccountId).await;
        tables.read::<idempotency_key::Entity>(self, idempotency_key::Column::AccountId).await;
        tables.read::<lost_reason::Entity>(self, lost_reason::Column::AccountId).await;
        tables.read::<saved_view::Entity>(self, saved_view::Column::AccountId).await;
        tables.read::<job::Entity>(self, job::Column::AccountId).await;
        tables.read::<job_finding::Entity>(self, job_finding::Column::AccountId).await;
        tables.read::<stage_total::Entity>(self, stage_total::Column::AccountId).await;
        tables.read::<member_stage_total::Entity>(self, member_stage_total::Column::AccountId).await;
        tables.read::<calendar_group::Entity>(self, calendar_group::Column::AccountId).await;
        tables.read::<calendar::Entity>(self, calendar::Column::AccountId).await;
        tables.read::<calendar_member::Entity>(self, calendar_member::Column::AccountId).await;
        tables.read::<blocked_slot::Entity>(self, blocked_slot::Column::AccountId).await;
        tables.read::<appointment::Entity>(self, appointment::Column::AccountId).await;
        tables.read::<appointment_attendee::Entity>(self, appointment_attendee::Column::AccountId).await;
        tables.read::<appointment_token::Entity>(self, appointment_token::Column::AccountId).await;
        tables.read::<stream::Entity>(self, stream::Column::AccountId).await;
        tables.read::<stream_event::Entity>(self, stream_event::Column::AccountId).await;
        tables.read::<notification::Entity>(self, notification::Column::AccountId).await;
        tables.read::<notification_activity::Entity>(self, notification_activity::Column::AccountId).await;
        tables
            .read::<notification_preference::Entity>(self, notification_preference::Column::AccountId)
            .await;
        tables.read::<note::Entity>(self, note::Column::AccountId).await;
        tables.read::<note_mention::Entity>(self, note_mention::Column::AccountId).await;
        tables.read::<task::Entity>(self, task::Column::AccountId).await;
        tables
    }
}

impl Tables {
    async fn read<E: EntityTrait<Model: Debug>>(&mut self, world: &World, account: E::Column) {
        let id: AccountId = world.account;
        let rows = E::find().filter(account.eq(id)).all(&world.sql).await.expect("a table is read");
        let rows = rows.into_iter().map(|row| format!("{row:?}")).collect();
        self.0.insert(E::default().table_name().to_owned(), rows);
    }

    /// The others.
    pub fn but_for(mut self, table: &str) -> Self {
        self.0.remove(table).unwrap_or_else(|| panic!("there is no table `{table}`"));
        self
    }

    /// Fails with the rows that differ.
    pub fn assert_same(&self, after: &Self) {
        for (table, before) in &self.0 {
            let after = &after.0[table];
            let lost: Vec<&String> = before.difference(after).collect();
            let gained: Vec<&String> = after.difference(before).collect();
            assert!(lost.is_empty() && gained.is_empty(), "`{table}` lost {lost:#?} and gained {gained:#?}");
        }
    }
}
