//! People of a world, and how they are made.

use std::fmt;

use entity::UserId;
use entity::user::{self, Role};
use policy::Permission::{ChangeOwners, ViewContacts, ViewOpportunities};
use policy::{Permission, Permissions};
use retinue::domain::access::Access;
use retinue::domain::user::{CreateUser, SetUser};
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter as _};

use super::{Acts, World};

/// Somebody with a user of their own.
#[derive(Clone)]
pub struct Person {
    pub(super) world: World,
    /// Their user.
    pub id: UserId,
    /// What they are called.
    pub name: String,
}

/// Whoever runs the program's own commands.
#[derive(Clone, Debug)]
pub struct CommandLine {
    pub(super) world: World,
}

impl Acts for Person {
    fn world(&self) -> &World {
        &self.world
    }

    async fn access(&self) -> Access {
        let access = Access::of_user(&self.world.base, self.world.account, self.id).await;
        access.expect("the user is read").unwrap_or_else(|| panic!("{} is inactive", self.name))
    }
}

impl Acts for CommandLine {
    fn world(&self) -> &World {
        &self.world
    }

    async fn access(&self) -> Access {
        self.world.command_line_access().await
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.name, self.id)
    }
}

impl PartialEq for Person {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Person {
    /// The same person at another server of the same account.
    pub fn on(&self, replica: &World) -> Self {
        Self { world: replica.clone(), ..self.clone() }
    }

    /// The row.
    pub async fn row(&self) -> user::Model {
        let found = user::Entity::find_by_id(self.id).one(&self.world.sql).await;
        found.expect("the user is read").expect("the user is there")
    }

    /// Changes what the person is, as the command line.
    pub async fn becomes(&self, wish: SetUser) {
        let access = self.world.command_line().access().await;
        retinue::domain::user::set(&access, self.id, &wish).await.expect("the user is changed");
    }

    /// May act, own and follow no more.
    pub async fn leaves(&self) {
        self.becomes(SetUser { active: Some(false), ..Default::default() }).await;
    }

    /// May act again.
    pub async fn returns(&self) {
        self.becomes(SetUser { active: Some(true), ..Default::default() }).await;
    }

    /// Holds a permission more.
    pub async fn is_granted(&self, permission: Permission) {
        self.becomes(SetUser { grant: vec![permission], ..Default::default() }).await;
    }

    /// Holds a permission less.
    pub async fn loses(&self, permission: Permission) {
        self.becomes(SetUser { revoke: vec![permission], ..Default::default() }).await;
    }
}

/// Somebody in the making.
#[derive(Clone, Debug)]
pub struct UserBuilder {
    world: World,
    wish: CreateUser,
}

impl World {
    /// A user with what a new user starts with (P2), unless said otherwise.
    pub fn user(&self, name: &str) -> UserBuilder {
        let email = format!("{}.{}@example.com", name.to_lowercase().replace(' ', "-"), self.next_number());
        UserBuilder { world: self.clone(), wish: CreateUser::new(name, email) }
    }

    /// As many users as there are names.
    pub async fn users<const N: usize>(&self, names: [&str; N]) -> [Person; N] {
        let mut people = Vec::new();
        for name in names {
            people.push(self.user(name).create().await);
        }
        people.try_into().unwrap_or_else(|_| unreachable!("one person per name"))
    }

    /// Somebody who is there already, by name.
    pub async fn person_called(&self, name: &str) -> Person {
        let found = user::Entity::find()
            .filter(user::Column::AccountId.eq(self.account))
            .filter(user::Column::Name.eq(name))
            .one(&self.sql)
            .await;
        let row = found.expect("the user is read").unwrap_or_else(|| panic!("{name} is not there"));
        Person { world: self.clone(), id: row.id, name: row.name }
    }

    /// Somebody who sees everything, may change owners, and nothing else.
    pub async fn clerk(&self) -> Person {
        let holds = [ViewContacts, ViewOpportunities, ChangeOwners];
        let clerk = async || self.user("Clerk").holding(holds).create().await.id;
        let id = *self.clerk.get_or_init(clerk).await;
        Person { world: self.clone(), id, name: "Clerk".into() }
    }

    /// This many users who are nobody in particular.
    pub async fn crowd(&self, size: usize) -> Vec<Person> {
        let mut people = Vec::new();
        for number in 1..=size {
            people.push(self.user(&format!("Person {number}")).create().await);
        }
        people
    }
}

impl UserBuilder {
    /// Holds exactly these.
    pub fn holding(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        self.wish.permissions = permissions.into_iter().collect();
        self
    }

    /// Holds what was said until now, and these.
    pub fn also_holding(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        self.wish.permissions = permissions.into_iter().fold(self.wish.permissions, Permissions::with);
        self
    }

    /// Holds what was said until now, but not these.
    pub fn lacking(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        self.wish.permissions = permissions.into_iter().fold(self.wish.permissions, Permissions::without);
        self
    }

    /// *Only assigned data*.
    pub fn restricted(mut self) -> Self {
        self.wish.only_assigned_data = true;
        self
    }

    /// Role `ADMIN`.
    pub fn admin(mut self) -> Self {
        self.wish.role = Role::Admin;
        self
    }

    /// Makes them.
    pub async fn create(self) -> Person {
        let access = self.world.command_line().access().await;
        let id = retinue::domain::user::create(&access, &self.wish).await.expect("the user is made");
        Person { world: self.world, id, name: self.wish.name }
    }
}
