//! What lists of records have in common: their orders, and the parts that filters are made of.

mod people;
mod reading;
mod sort;
mod values;

use super::error::Failure;

pub use people::UserFilter;
pub use reading::Reading;
pub use sort::{ContactSort, OpportunitySort, SortDirection};
pub use values::{AmountFilterInput, TextFilterInput, TimeFilterInput, plain};

/// The most items that a list in a filter may have.
const MAX_CHOICES: usize = 100;

/// A list of a filter, when it is not too long for a statement.
///
/// # Errors
/// Bad input, when it is.
pub fn few<T>(items: Vec<T>, argument: &str) -> Result<Vec<T>, Failure> {
    if items.len() > MAX_CHOICES {
        return Err(Failure::bad_input(format!("`{argument}` takes at most {MAX_CHOICES} items")));
    }
    Ok(items)
}

/// The same where it may be left out.
///
/// # Errors
/// As [`few`].
pub fn choices<T>(items: Option<Vec<T>>, argument: &str) -> Result<Option<Vec<T>>, Failure> {
    items.map(|items| few(items, argument)).transpose()
}
