//! Search by the beginnings of words: which words records are found by, and what a query asks for.

mod appointment;
mod query;
mod rebuild;
mod words;

pub use appointment::set_appointment_words;
pub use query::{MAX_SEARCH_LENGTH, MAX_SEARCH_WORDS, Search, Term, TooMuch};
pub use rebuild::{Rebuilt, rebuild_missing, rebuild_search};
pub use words::{appointment_words, contact_words, opportunity_words};
