//! Finds the people whom rows name, and makes those whom the account does not know.

use std::collections::HashMap;

use entity::{UserId, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::columns::Column;
use super::deal::refuse;
use super::mailbox::{DOMAIN, mailbox};
use crate::domain::error::Result;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::user::{self as users, CreateUser};

/// The people of a batch, by their folded names.
#[derive(Debug)]
pub(super) struct People {
    by_name: HashMap<String, Named>,
    may_make: bool,
}

/// Whom a name means.
#[derive(Clone, Copy, Debug)]
enum Named {
    One(UserId),
    Several(usize),
    /// Only somebody who is not active any more.
    Left,
}

/// Somebody whom a row names.
#[derive(Clone, Debug)]
pub(super) enum Person {
    /// A user.
    Known(UserId),
    /// Who has to be made, under this name.
    New(String),
}

impl PartialEq for Person {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Person::Known(one), Person::Known(other)) => one == other,
            (Person::New(one), Person::New(other)) => text::fold(one) == text::fold(other),
            _ => false,
        }
    }
}

impl PartialEq<Option<UserId>> for Person {
    fn eq(&self, other: &Option<UserId>) -> bool {
        matches!(self, Person::Known(user) if Some(*user) == *other)
    }
}

impl People {
    /// Looks all these names up at once.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn load(unit: &UnitOfWork<'_>, names: &[&String], may_make: bool) -> Result<Self> {
        let mut keys: Vec<String> = names.iter().map(|name| text::fold(name)).collect();
        keys.sort();
        keys.dedup();
        let mut by_name = HashMap::new();
        if !keys.is_empty() {
            let found = user::Entity::find()
                .filter(user::Column::AccountId.eq(unit.account().id))
                .filter(user::Column::NameKey.is_in(keys));
            for user in unit.rows(found).await? {
                let named = by_name.entry(user.name_key).or_insert(Named::Left);
                *named = match (*named, user.active) {
                    (named, false) => named,
                    (Named::Left, true) => Named::One(user.id),
                    (Named::One(_), true) => Named::Several(2),
                    (Named::Several(count), true) => Named::Several(count + 1),
                };
            }
        }
        Ok(Self { by_name, may_make })
    }

    /// Whom a cell means.
    ///
    /// # Errors
    /// Nobody of that name, or several.
    pub fn find(&self, name: &str, column: Column) -> Result<Person> {
        match self.by_name.get(&text::fold(name)) {
            Some(Named::One(user)) => Ok(Person::Known(*user)),
            Some(Named::Several(count)) => Err(refuse(
                column,
                format!("ambiguous: {count} people are called `{name}`, rename one of them"),
            )),
            Some(Named::Left) => {
                Err(refuse(column, format!("`{name}` is not active any more: name somebody else")))
            }
            None if self.may_make => Ok(Person::New(name.to_owned())),
            None => Err(refuse(
                column,
                format!("nobody is called `{name}`: add the person first, or import with `--create-users`"),
            )),
        }
    }

    /// The user, who is made now where that is needed.
    ///
    /// # Errors
    /// A name that cannot be taken.
    pub async fn id(&mut self, unit: &mut UnitOfWork<'_>, person: Person) -> Result<UserId> {
        let name = match person {
            Person::Known(user) => return Ok(user),
            Person::New(name) => name,
        };
        let key = text::fold(&name);
        // A row may name somebody new twice.
        if let Some(Named::One(user)) = self.by_name.get(&key) {
            return Ok(*user);
        }
        let email = free_address(unit, &key).await?;
        let user = users::create_in(unit, &CreateUser::new(name, email)).await?;
        self.by_name.insert(key, Named::One(user));
        Ok(user)
    }
}

/// `first.last@users.invalid`, with a number where somebody has that address.
async fn free_address(unit: &UnitOfWork<'_>, name: &str) -> Result<String> {
    let mailbox = mailbox(name);
    let mut number = 1_u32;
    loop {
        let suffix = if number == 1 { String::new() } else { number.to_string() };
        let address = format!("{mailbox}{suffix}@{DOMAIN}");
        let taken = user::Entity::find()
            .filter(user::Column::AccountId.eq(unit.account().id))
            .filter(user::Column::EmailKey.eq(text::fold(&address)));
        if unit.rows(taken).await?.is_empty() {
            return Ok(address);
        }
        number += 1;
    }
}
