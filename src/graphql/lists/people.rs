//! Filters by the people of a record.

use async_graphql::{ID, OneofObject};

use super::few;
use crate::domain::access::PersonFilter;
use crate::graphql::error::Failure;
use crate::graphql::id::{all_required, required};

/// Which owner or followers a record has, or which assignee or attendees an appointment. Exactly one of these; the flags only
/// as `true`. Follows that have ended do not count.
#[derive(OneofObject, Clone, Debug)]
pub enum UserFilter {
    /// This person is it, or is among them.
    Is(ID),
    /// This person is not it, or not among them; records without anybody count.
    IsNot(ID),
    /// One of these people is it, or is among them; at most 100.
    In(Vec<ID>),
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
            UserFilter::In(ids) => {
                let ids = few(ids, "in")?;
                Ok(PersonFilter::In(all_required(&ids, "in")?))
            }
            UserFilter::Any(set) => flag(set, "any", PersonFilter::Any),
            UserFilter::None(set) => flag(set, "none", PersonFilter::Nobody),
            UserFilter::Me(set) => flag(set, "me", PersonFilter::Me),
        }
    }
}
