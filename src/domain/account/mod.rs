//! Accounts and their settings.

mod create;
mod save_settings;

pub use create::{CreateAccount, create};
pub use save_settings::{SaveSettings, save_settings};
