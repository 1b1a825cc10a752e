//! By what a row is known again: its own key, and which of several equal rows it is.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use entity::{AccountId, TypedId, import_row};
use sha2::{Digest, Sha256};

use super::cells::{Cells, instant};
use super::columns::Column;
use super::deal::Deal;
use crate::domain::text;

/// The hash of what a row is about: pipeline, contact, name, creation date, assigned.
pub(super) type Key = [u8; 16];

/// Which row of a file: its key, and its number among the rows with that key. A rejects file carries both, so that a row
/// stays itself whatever is mended in it, and never becomes one that was taken in already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Occurrence {
    pub number: u32,
    pub key: Key,
}

impl Occurrence {
    /// The identity within an account.
    pub fn identity(self, account: AccountId) -> Vec<u8> {
        Sha256::new()
            .chain_update(account.uuid().as_bytes())
            .chain_update(self.key)
            .chain_update(self.number.to_be_bytes())
            .finalize()
            .to_vec()
    }
}

impl fmt::Display for Occurrence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.number, HEXLOWER.encode(&self.key))
    }
}

/// What the cell `occurrence` says: a number, with the key that the row had before it was mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Carried {
    pub number: u32,
    pub key: Option<Key>,
}

impl FromStr for Carried {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (number, key) = match text.split_once('-') {
            Some((number, key)) => (number, Some(HEXLOWER.decode(key.as_bytes()).map_err(|_| ())?)),
            None => (text, None),
        };
        let number: u32 = number.parse().map_err(|_| ())?;
        let key = key.map(Key::try_from).transpose().map_err(|_| ())?;
        if number == 0 { Err(()) } else { Ok(Self { number, key }) }
    }
}

/// Counts equal rows while a file is read.
#[derive(Debug, Default)]
pub(super) struct Occurrences {
    highest: HashMap<Key, u32>,
    seen: HashSet<Occurrence>,
}

impl Occurrences {
    /// Which row this is; none when that very row was there before.
    pub fn place(&mut self, own_key: Key, carried: Option<Carried>) -> Option<Occurrence> {
        let key = carried.and_then(|carried| carried.key).unwrap_or(own_key);
        let highest = self.highest.entry(key).or_default();
        let number = carried.map_or(*highest + 1, |carried| carried.number);
        *highest = number.max(*highest);
        let occurrence = Occurrence { number, key };
        self.seen.insert(occurrence).then_some(occurrence)
    }
}

/// The key of a row, from the texts in it, so that one that cannot be taken has one too.
pub(super) fn key(cells: &Cells<'_>) -> Key {
    let mut digest = Parts::new();
    for column in [Column::Pipeline, Column::ContactName, Column::Email, Column::Phone] {
        digest.text(cells.text(column));
    }
    digest.text(cells.text(Column::OpportunityName));
    let created = cells.text(Column::CreatedOn);
    // A spreadsheet may write the same instant in another way.
    match instant(created) {
        Some(at) => digest.text(&at.0.to_string()),
        None => digest.text(created),
    }
    digest.text(cells.text(Column::Assigned));
    let hash = digest.finish();
    std::array::from_fn(|place| hash[place])
}

/// The hash of everything else that an update would carry over.
pub(super) fn content(deal: &Deal) -> Vec<u8> {
    let sorted = |texts: &[String]| {
        let mut keys: Vec<String> = texts.iter().map(|text| text::fold(text)).collect();
        keys.sort();
        keys
    };
    let mut digest = Parts::new();
    digest.text(&deal.stage);
    digest.text(&deal.value.map(|value| value.normalize().to_string()).unwrap_or_default());
    digest.text(&format!("{:?}", deal.status));
    digest.exactly(deal.lost_reason.as_deref().unwrap_or_default());
    digest.exactly(deal.source.as_deref().unwrap_or_default());
    digest.list(&sorted(&deal.followers));
    digest.list(&sorted(&deal.tags));
    digest.finish()
}

/// The hash of the note, where there is one: a file whose note has changed brings another note, whatever else it brings.
pub(super) fn note(deal: &Deal) -> Option<Vec<u8>> {
    let mut digest = Parts::new();
    digest.exactly(deal.note.as_deref()?);
    Some(digest.finish())
}

/// Whether a row has a note that the run before did not take in.
pub(super) fn has_new_note(deal: &Deal, before: &import_row::Model) -> bool {
    note(deal).is_some_and(|note| before.note.as_ref() != Some(&note))
}

/// A hash over texts, each with its length, so that none runs into the next.
struct Parts(Sha256);

impl Parts {
    fn new() -> Self {
        Self(Sha256::new())
    }

    fn text(&mut self, text: &str) {
        self.exactly(&text::fold(text));
    }

    fn exactly(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text);
    }

    fn list(&mut self, texts: &[String]) {
        self.0.update((texts.len() as u64).to_be_bytes());
        texts.iter().for_each(|text| self.exactly(text));
    }

    fn finish(self) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}
