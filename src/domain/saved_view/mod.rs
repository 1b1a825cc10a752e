//! Saved views: a name for a filter, an order and columns of a list, private or shared with the account. A view is text
//! of its owner. It gives no access: whoever opens it sees of its list what they may see anyway, and whatever ids its
//! filter names are not looked up here, so that saving one tells nothing (A7).

mod create;
mod delete;
mod fields;
mod standing;
mod update;

pub use create::{CreateSavedView, create};
pub use delete::{DeleteSavedView, delete};
pub use fields::{Text, ViewFields};
pub use standing::decide;
pub use update::{UpdateSavedView, update};
