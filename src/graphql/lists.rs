//! What lists of records have in common: their order, and filters by people.

use async_graphql::{Enum, ID, InputObject, OneofObject};

use super::error::Failure;
use super::id::required;
use crate::domain::access::{PersonFilter, Sort, SortKey};

/// The most items that a list in a filter may have.
const MAX_CHOICES: usize = 100;

/// What records can be sorted by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordSortKey {
    /// When the record itself last changed. Followers, mutes and notes do not count as a change of it.
    UpdatedAt,
    /// When the record was made.
    CreatedAt,
    /// The display name of a contact or the name of an opportunity, without regard to case and accents.
    Name,
}

/// Which end comes first.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortDirection {
    /// Oldest first, or A before Z.
    Asc,
    /// Newest first, or Z before A.
    Desc,
}

/// The order of a list of records. Where it is left out, the most recently updated record comes first. Records that sort
/// alike are told apart by their id, so that pages never overlap.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct RecordSort {
    /// What to sort by.
    by: RecordSortKey,
    /// Which end comes first; newest, or Z, when it is left out.
    #[graphql(default_with = "SortDirection::Desc")]
    direction: SortDirection,
}

/// The order that is wanted, and the name of the list in that order, for its cursors.
pub fn order(list: &str, sort: Option<RecordSort>) -> (Sort, String) {
    let sort = sort.unwrap_or(RecordSort { by: RecordSortKey::UpdatedAt, direction: SortDirection::Desc });
    let key = match sort.by {
        RecordSortKey::UpdatedAt => SortKey::Updated,
        RecordSortKey::CreatedAt => SortKey::Created,
        RecordSortKey::Name => SortKey::Name,
    };
    let sort = Sort { key, descending: sort.direction == SortDirection::Desc };
    let name = format!("{list}:{key:?}:{}", if sort.descending { "DESC" } else { "ASC" });
    (sort, name)
}

/// Which owner or followers a record has. Exactly one of these; the flags only as `true`.
#[derive(OneofObject, Clone, Debug)]
pub enum UserFilter {
    /// This person is it, or is among them.
    Is(ID),
    /// This person is not it, or not among them; records without anybody count.
    IsNot(ID),
    /// There is somebody.
    Any(bool),
    /// There is nobody.
    None(bool),
    /// The viewer is it, or is among them.
    Me(bool),
}

impl UserFilter {
    /// The filter of the domain.
    ///
    /// # Errors
    /// Bad input, when an id is none of a user or a flag is not `true`.
    pub fn decode(self) -> Result<PersonFilter, Failure> {
        let flag = |set: bool, name: &'static str, filter: PersonFilter| {
            let wrong = || Failure::bad_input(format!("`{name}` must be `true`, or be left out"));
            if set { Ok(filter) } else { Err(wrong()) }
        };
        match self {
            UserFilter::Is(id) => Ok(PersonFilter::Is(required(&id, "is")?)),
            UserFilter::IsNot(id) => Ok(PersonFilter::IsNot(required(&id, "isNot")?)),
            UserFilter::Any(set) => flag(set, "any", PersonFilter::Any),
            UserFilter::None(set) => flag(set, "none", PersonFilter::Nobody),
            UserFilter::Me(set) => flag(set, "me", PersonFilter::Me),
        }
    }
}

/// A list of a filter, when it is not too long for a statement.
///
/// # Errors
/// Bad input, when it is.
pub fn choices<T>(items: Option<Vec<T>>, argument: &str) -> Result<Option<Vec<T>>, Failure> {
    match items {
        Some(items) if items.len() > MAX_CHOICES => {
            Err(Failure::bad_input(format!("`{argument}` takes at most {MAX_CHOICES} items")))
        }
        items => Ok(items),
    }
}
