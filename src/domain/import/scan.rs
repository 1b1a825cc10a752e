//! The first look through the file: what it holds, and what of it will be refused.

use std::collections::HashMap;
use std::io::{Read, Seek};

use entity::account;

use super::deal::Deal;
use super::rows::Rows;
use crate::domain::error::Result;
use crate::domain::text;

/// What the import will find.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// How many rows there are.
    pub rows: u64,
    /// Whether contacts and opportunities have one owner (O3), once the import begins.
    pub is_linked: bool,
    /// Contacts to whom the file gives several owners.
    pub contested_contacts: u64,
    /// The rows that name another owner for their contact than its first one. In linked mode they are rejected (O4).
    pub contested_rows: u64,
    /// Columns that the import would read, and that the file does not have.
    pub absent_columns: Vec<&'static str>,
}

/// The pipelines and their stages, in the order in which they are to be made.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    stages: HashMap<String, Vec<String>>,
}

impl Plan {
    /// The stages of a pipeline.
    pub fn stages(&self, pipeline: &str) -> &[String] {
        self.stages.get(&text::fold(pipeline)).map(Vec::as_slice).unwrap_or_default()
    }

    fn note(&mut self, deal: &Deal) {
        let stages = self.stages.entry(text::fold(&deal.pipeline)).or_default();
        if stages.iter().all(|stage| text::fold(stage) != text::fold(&deal.stage)) {
            stages.push(deal.stage.clone());
        }
    }

    /// Puts the listed stages first. They make up the one pipeline of the file; where there are several, nobody knows
    /// whose they are, and only those that the file uses are made.
    fn order(&mut self, listed: &[String]) {
        let is_the_only_one = self.stages.len() == 1;
        for stages in self.stages.values_mut() {
            let is_in = |stage: &String, among: &[String]| {
                among.iter().any(|other| text::fold(other) == text::fold(stage))
            };
            let first = listed.iter().filter(|stage| is_the_only_one || is_in(stage, stages));
            let then = stages.iter().filter(|stage| !is_in(stage, listed));
            *stages = first.chain(then).cloned().collect();
        }
    }
}

/// Looks through the file. Rows that cannot be read count, and leave no stage.
///
/// # Errors
/// A file that cannot be read, or lacks columns.
pub(super) fn scan<F: Read + Seek>(
    file: &mut F,
    account: &account::Model,
    listed: &[String],
) -> Result<(Plan, Preview)> {
    let mut rows = Rows::open(file, account)?;
    let mut preview = Preview { absent_columns: rows.columns().absent(), ..Preview::default() };
    let mut plan = Plan::default();
    let mut owners = Owners::default();
    while let Some(row) = rows.next()? {
        preview.rows += 1;
        if let Ok(deal) = &row.deal {
            plan.note(deal);
            owners.note(deal);
        }
    }
    plan.order(listed);
    preview.contested_contacts = owners.contested_contacts();
    preview.contested_rows = owners.contested_rows;
    Ok((plan, preview))
}

/// Who owns which contact, as far as the file alone tells.
#[derive(Debug, Default)]
struct Owners {
    /// By contact: its first owner, and whether the file names another.
    of_contact: HashMap<String, (Option<String>, bool)>,
    contested_rows: u64,
}

impl Owners {
    fn note(&mut self, deal: &Deal) {
        let contact = &deal.contact;
        let known_by = contact.email.as_ref().or(contact.phone.as_ref()).or(contact.name.as_ref());
        let owner = deal.assigned.as_deref().map(text::fold);
        let key = text::fold(known_by.map_or("", String::as_str));
        let (first, contested) = self.of_contact.entry(key).or_insert_with(|| (owner.clone(), false));
        if owner.is_some() && owner != *first {
            *contested = true;
            self.contested_rows += 1;
        }
    }

    fn contested_contacts(&self) -> u64 {
        self.of_contact.values().filter(|(_, contested)| *contested).count() as u64
    }
}
