//! The people of an account, as the command line makes and changes them.

mod create;
mod set;

use entity::user::Role;
use policy::Permissions;

pub use create::{CreateUser, create, create_in};
pub use set::{SetUser, find, set};

/// What counts of what was granted: everything for an admin, nothing for somebody inactive.
#[must_use]
pub const fn effective(role: Role, permissions: Permissions, active: bool) -> Permissions {
    match (active, role) {
        (false, _) => Permissions::NONE,
        (true, Role::Admin) => Permissions::ALL,
        (true, Role::User) => permissions,
    }
}
