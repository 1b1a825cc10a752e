//! A batch of rows in progress: its change, and what was looked up for it.

use std::collections::HashMap;

use entity::{ContactId, OpportunityId, import_row, note, opportunity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::contacts::Contacts;
use super::deal::{Contact, Deal};
use super::identity::{self, content};
use super::people::People;
use super::pipelines::Pipelines;
use super::scan::Plan;
use super::take::{Outcome, Taken};
use crate::domain::activity::Subject;
use crate::domain::error::Result;
use crate::domain::note::compose;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Reach, UnitOfWork};

/// How many rows one statement inserts, as for every other table.
const ROWS: usize = 40;

/// A batch in progress: its change, and what was looked up for it. Both end together, so that nothing that was rolled back
/// is remembered.
pub(super) struct Batch<'a> {
    pub unit: UnitOfWork<'a>,
    pub plan: &'a Plan,
    pub contacts: Contacts,
    /// The contacts of the opportunities that earlier runs made.
    pub contact_of: HashMap<OpportunityId, ContactId>,
    pub people: People,
    pub pipelines: Pipelines,
    /// What to note of rows that became an opportunity.
    pub made: Vec<import_row::ActiveModel>,
    /// What somebody wrote on opportunities.
    pub written: Vec<note::ActiveModel>,
}

impl<'a> Batch<'a> {
    /// Looks up what these rows name.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn open(
        unit: UnitOfWork<'a>,
        plan: &'a Plan,
        create_users: bool,
        deals: &[&Deal],
        known: Vec<OpportunityId>,
    ) -> Result<Self> {
        let contact_of = contacts_of(&unit, known).await?;
        let wanted: Vec<&Contact> = deals.iter().map(|deal| &deal.contact).collect();
        let contacts = Contacts::load(&unit, &wanted, contact_of.values().copied().collect()).await?;
        let names: Vec<&String> =
            deals.iter().flat_map(|deal| deal.assigned.iter().chain(&deal.followers)).collect();
        let people = People::load(&unit, &names, create_users).await?;
        let pipelines = Pipelines::default();
        let mut unit = unit;
        hold(&mut unit, &contacts, &wanted, contact_of.keys().copied()).await?;
        Ok(Self {
            unit,
            plan,
            contacts,
            contact_of,
            people,
            pipelines,
            made: Vec::new(),
            written: Vec::new(),
        })
    }

    /// How much was written so far.
    pub fn mark(&self) -> (usize, u64) {
        (self.unit.events().len(), self.pipelines.stages_made)
    }

    /// The note of a row that became an opportunity.
    pub fn note(
        &self,
        deal: &Deal,
        identity: Vec<u8>,
        opportunity: OpportunityId,
    ) -> import_row::ActiveModel {
        import_row::ActiveModel {
            account_id: Set(self.unit.account().id),
            identity: Set(identity),
            opportunity_id: Set(opportunity),
            content: Set(content(deal)),
            note: Set(identity::note(deal)),
            imported_at: Set(self.unit.now()),
        }
    }

    /// Puts the note of a row on its opportunity. People keep what they wrote there.
    pub fn write(&mut self, deal: &Deal, opportunity: OpportunityId) {
        let Some(body) = deal.note.clone() else { return };
        let (_, row) = compose(&mut self.unit, opportunity.into(), body, &[]);
        self.written.push(row);
    }

    /// Commits what was made.
    ///
    /// # Errors
    /// A database that fails, or that chose this change to give way.
    pub async fn commit(mut self, outcomes: Vec<Outcome>) -> Result<Taken> {
        for rows in self.made.chunks(ROWS) {
            self.unit.insert_many(rows.to_vec()).await?;
        }
        for notes in self.written.chunks(ROWS) {
            self.unit.insert_many(notes.to_vec()).await?;
        }
        let (pipelines_made, stages_made) = (self.pipelines.made, self.pipelines.stages_made);
        let mut taken = Taken { outcomes, pipelines_made, stages_made, events: Vec::new() };
        let users_made = self.unit.events().iter().any(|event| matches!(event.subject, Subject::User(_)));
        if users_made || stages_made > 0 {
            self.unit.raise_access_version().await?;
        }
        taken.events = self.unit.commit().await?.events;
        Ok(taken)
    }
}

/// Holds what the rows will change all at once, with as many statements as for one.
async fn hold(
    unit: &mut UnitOfWork<'_>,
    contacts: &Contacts,
    wanted: &[&Contact],
    known: impl Iterator<Item = OpportunityId>,
) -> Result<()> {
    // Several that a row may mean are refused when its turn comes.
    let found = wanted.iter().filter_map(|contact| contacts.find(contact).ok().flatten());
    let found: Vec<RecordRef> = found.map(RecordRef::from).collect();
    let reach = if unit.account().separate_owners { Reach::Alone } else { Reach::Family };
    unit.hold_many(&found, reach).await?;
    let known: Vec<RecordRef> = known.map(RecordRef::from).collect();
    unit.hold_many(&known, Reach::Alone).await?;
    Ok(())
}

async fn contacts_of(
    unit: &UnitOfWork<'_>,
    ids: Vec<OpportunityId>,
) -> Result<HashMap<OpportunityId, ContactId>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = opportunity::Entity::find()
        .filter(opportunity::Column::AccountId.eq(unit.account().id))
        .filter(opportunity::Column::Id.is_in(ids));
    Ok(unit.rows(rows).await?.into_iter().map(|row| (row.id, row.contact_id)).collect())
}
