//! Who works at the clinic. The first six can be played.

use policy::{Permission, Permissions};

use crate::domain::user::CreateUser;

/// Somebody at the clinic.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// A stable word, `follower`.
    pub key: &'static str,
    /// First and last name.
    pub name: &'static str,
    /// What they are.
    pub role: &'static str,
    /// What they may do, in a line.
    pub about: &'static str,
}

impl Person {
    /// `maja.holm@clinic.example`.
    #[must_use]
    pub fn email(&self) -> String {
        let plain: String = self
            .name
            .to_lowercase()
            .chars()
            .map(|letter| match letter {
                'å' | 'ä' => 'a',
                'ö' => 'o',
                'é' => 'e',
                ' ' => '.',
                other => other,
            })
            .collect();
        format!("{plain}@clinic.example")
    }

    /// What the person starts with.
    #[must_use]
    pub fn wish(&self) -> CreateUser {
        let mut wish = CreateUser::new(self.name, self.email());
        match self.key {
            "admin" => wish.role = entity::user::Role::Admin,
            "follower" => {
                wish.only_assigned_data = true;
                wish.permissions = Permissions::of_a_new_user().without(Permission::ManageAppointments);
            }
            "stranger" => wish.only_assigned_data = true,
            "no-value" => {
                wish.permissions = Permissions::of_a_new_user()
                    .without(Permission::ViewLeadValue)
                    .without(Permission::ViewCalendars);
            }
            "manager" => wish.permissions = Permissions::of_a_new_user().with(Permission::ChangeOwners),
            _ => {}
        }
        wish
    }
}

/// The six who can be played.
pub const SIX: [Person; 6] = [
    Person {
        key: "admin",
        name: "Maja Holm",
        role: "admin",
        about: "runs the clinic: sees everything, may change every owner and the settings",
    },
    Person {
        key: "coordinator",
        name: "Clara Nyström",
        role: "coordinator",
        about: "owns contacts, books appointments; sees every record",
    },
    Person {
        key: "provider",
        name: "Erik Sandberg",
        role: "provider",
        about: "owns opportunities and drives them to a treatment; sees every record",
    },
    Person {
        key: "follower",
        name: "Finn Berg",
        role: "restricted follower",
        about: "only assigned data: sees just what he follows, edits it as its owner may, and books nothing",
    },
    Person {
        key: "stranger",
        name: "Saga Ek",
        role: "restricted stranger",
        about: "only assigned data, and nothing assigned: sees no record at all",
    },
    Person {
        key: "no-value",
        name: "Nils Falk",
        role: "user without lead value and calendars",
        about: "sees every contact and opportunity, but not what one is worth, and no calendar",
    },
];

/// The others.
pub const OTHERS: [Person; 7] = [
    other("coordinator-2", "Ingrid Lund"),
    other("coordinator-3", "Oskar Wik"),
    other("provider-2", "Leila Haddad"),
    other("provider-3", "Johan Ström"),
    other("provider-4", "Amélie Roux"),
    other("manager", "Birgit Åkesson"),
    other("manager", "Tomas Engel"),
];

const fn other(key: &'static str, name: &'static str) -> Person {
    Person { key, name, role: "", about: "" }
}
