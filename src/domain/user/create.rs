//! Adds a person to an account (P2).

use entity::UserId;
use entity::user::{self, Role};
use policy::Permissions;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter, Set};

use super::effective;
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::{Refusal, Result};
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The wish to add a person.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// First and last name.
    pub name: String,
    /// Unique in the account, whatever its case.
    pub email: String,
    /// Address of a picture.
    pub picture: Option<String>,
    /// Admin or user.
    pub role: Role,
    /// What is granted.
    pub permissions: Permissions,
    /// *Only assigned data*.
    pub only_assigned_data: bool,
}

impl CreateUser {
    /// Somebody with what a new user starts with (P2).
    #[must_use]
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            email: email.into(),
            picture: None,
            role: Role::User,
            permissions: Permissions::of_a_new_user(),
            only_assigned_data: false,
        }
    }
}

/// Adds a person.
///
/// # Errors
/// Invalid, when a field cannot be taken or the e-mail is taken.
pub async fn create(access: &Access, wish: &CreateUser) -> Result<UserId> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let user = create_in(&mut unit, wish).await?;
    unit.raise_access_version().await?;
    unit.commit().await?;
    Ok(user)
}

/// Adds a person as a part of a larger change, which must raise the access version.
///
/// # Errors
/// As [`create`].
pub async fn create_in(unit: &mut UnitOfWork<'_>, wish: &CreateUser) -> Result<UserId> {
    let mut problems = Problems::new();
    let name = problems.required_line("name", &wish.name);
    let email = problems.email("email", &wish.email).unwrap_or_default();
    problems.none()?;
    let email_key = text::fold(&email);
    let same = user::Entity::find()
        .filter(user::Column::AccountId.eq(unit.account().id))
        .filter(user::Column::EmailKey.eq(email_key.clone()));
    if !unit.rows(same).await?.is_empty() {
        return Err(Refusal::invalid("email", format!("somebody has the address `{email}` already")).into());
    }

    let id: UserId = unit.new_id();
    unit.insert(user::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        name_key: Set(text::fold(&name)),
        name: Set(name.clone()),
        email: Set(email.clone()),
        email_key: Set(email_key),
        picture: Set(wish.picture.clone()),
        role: Set(wish.role),
        permissions: Set(wish.permissions.bits()),
        effective_permissions: Set(effective(wish.role, wish.permissions, true).bits()),
        only_assigned_data: Set(wish.only_assigned_data),
        active: Set(true),
        created_at: Set(unit.now()),
        updated_at: Set(unit.now()),
    })
    .await?;
    let changes = [
        Change::between("name", None, Some(name)),
        Change::between("email", None, Some(email)),
        Change::between("role", None, Some(wish.role.to_value())),
        Change::between("permissions", None, permissions_text(wish.permissions)),
        Change::between("onlyAssignedData", None, Some(wish.only_assigned_data.to_string())),
    ];
    unit.record(Subject::User(id), What::Created, changes.into_iter().flatten().collect(), None);
    Ok(id)
}

/// Permissions as the history shows them.
pub(super) fn permissions_text(permissions: Permissions) -> Option<String> {
    let names: Vec<&str> = permissions.iter().map(policy::Permission::name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
