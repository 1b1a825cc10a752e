//! The account's list of lost reasons (R1). It offers: an opportunity keeps the text that it was given, whatever becomes
//! of the list. A setting says whether people may also give reasons that are not listed.

mod create;
mod delete;
mod list;
mod rename;
mod reorder;
mod save_settings;

pub use create::{CreateLostReason, create};
pub use delete::delete;
pub use list::as_listed;
pub use rename::{RenameLostReason, rename};
pub use reorder::{ReorderLostReasons, reorder};
pub use save_settings::save_settings;
