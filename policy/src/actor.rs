//! Who acts, with the rights of the moment.

use entity::user::{Model as UserRow, Role};
use entity::{AccountId, UserId};

use crate::{Permission, Permissions};

/// On whose behalf a request runs. Read at the start of each request, never from a token (P4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The tenant; nothing outside it exists for this actor.
    pub account: AccountId,
    /// The person; none for the command line, which acts as an admin.
    pub user: Option<UserId>,
    /// Whether the role is `ADMIN`.
    pub admin: bool,
    /// What counts at this moment.
    pub permissions: Permissions,
    /// Role `USER` with `onlyAssignedData` on.
    pub restricted: bool,
}

impl Actor {
    /// The actor that this row of the user table makes.
    #[must_use]
    pub fn from_user(user: &UserRow) -> Self {
        let admin = user.active && user.role == Role::Admin;
        Self {
            account: user.account_id,
            user: Some(user.id),
            admin,
            permissions: Permissions::from_bits(user.effective_permissions),
            restricted: !admin && user.only_assigned_data,
        }
    }

    /// Whoever runs the program's own commands: an admin without a user.
    #[must_use]
    pub fn command_line(account: AccountId) -> Self {
        Self { account, user: None, admin: true, permissions: Permissions::ALL, restricted: false }
    }

    /// Whether the actor holds `permission`.
    #[must_use]
    pub fn holds(&self, permission: Permission) -> bool {
        self.permissions.holds(permission)
    }
}
