//! Everything that has rules, and the fields that need a permission of their own: what the documentation is made from.

use std::fmt::Write as _;

use crate::{
    Account, Appointment, BlockedSlot, Calendar, CalendarGroup, Condition, Contact, ContactNote, ContactTask,
    ContactView, DuplicateFlag, Effect, LostReason, Opportunity, OpportunityNote, OpportunityTask,
    OpportunityView, Permission, Pipeline, Resource, Rule, User,
};

/// A field that needs a permission of its own (A9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// `opportunity.monetary_value`.
    pub name: &'static str,
    /// What it needs.
    pub needs: Permission,
}

/// What an opportunity is worth.
pub const MONETARY_VALUE: Field = field("opportunity.monetary_value", Permission::ViewLeadValue);

/// E-mail, role, permissions and flags of a user.
pub const USER_DETAILS: Field = field("user.details", Permission::ManageUsers);

const fn field(name: &'static str, needs: Permission) -> Field {
    Field { name, needs }
}

/// Every gated field.
#[must_use]
pub const fn fields() -> &'static [Field] {
    &[MONETARY_VALUE, USER_DETAILS]
}

/// Every line of every table, in reading order.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    [
        Contact::rules(),
        Opportunity::rules(),
        ContactNote::rules(),
        OpportunityNote::rules(),
        ContactTask::rules(),
        OpportunityTask::rules(),
        Pipeline::rules(),
        LostReason::rules(),
        ContactView::rules(),
        OpportunityView::rules(),
        DuplicateFlag::rules(),
        CalendarGroup::rules(),
        Calendar::rules(),
        BlockedSlot::rules(),
        Appointment::rules(),
        User::rules(),
        Account::rules(),
    ]
    .into_iter()
    .flatten()
}

/// The rules as a Markdown table, for the documentation.
#[must_use]
pub fn rules_table() -> String {
    let mut table =
        String::from("| rule | effect | acts | when all of this holds |\n| --- | --- | --- | --- |\n");
    for rule in all_rules() {
        let effect = match rule.effect {
            Effect::Permit => "permit",
            Effect::Forbid => "**forbid**",
        };
        let acts: Vec<&str> = rule.acts.iter().map(|act| act.name()).collect();
        let conditions: Vec<String> = rule.conditions.iter().map(condition_in_words).collect();
        let when = if conditions.is_empty() { "always".to_owned() } else { conditions.join("; ") };
        let _ = writeln!(table, "| `{}` | {effect} | {} | {when} |", rule.name, acts.join(", "));
    }
    table.push_str("\n| field | needs |\n| --- | --- |\n");
    for field in fields() {
        let _ = writeln!(table, "| `{}` | `{}` |", field.name, field.needs);
    }
    table
}

fn condition_in_words(condition: &Condition) -> String {
    match condition {
        Condition::Holding(permission) => format!("holds `{permission}`"),
        Condition::Admin(true) => "is an admin".to_owned(),
        Condition::Admin(false) => "is not an admin".to_owned(),
        Condition::Unrestricted => "is not restricted".to_owned(),
        Condition::RelatedAs(relations) => {
            let words: Vec<String> =
                relations.iter().map(|relation| format!("{relation:?}").to_lowercase()).collect();
            format!("is its {}", words.join(" or "))
        }
        Condition::FollowInherits => "whoever caused the follow could edit".to_owned(),
        Condition::OwnerHolding(permission) => format!("its active owner holds `{permission}`"),
        Condition::Unassigned => "it has no owner".to_owned(),
        Condition::NamingOneself => "names themselves".to_owned(),
        Condition::Passing(action) => format!("may {action}"),
        Condition::LinkedContactRefuses(action) => {
            format!("owners are linked and the contact refuses {action}")
        }
        Condition::TiedAs(ties) => {
            let words: Vec<String> = ties.iter().map(|tie| format!("{tie:?}").to_lowercase()).collect();
            format!("is its {}", words.join(" or "))
        }
        Condition::ContactRelatedAs(relations) => {
            let words: Vec<String> =
                relations.iter().map(|relation| format!("{relation:?}").to_lowercase()).collect();
            format!("is {} of its contact", words.join(" or "))
        }
        Condition::ContactPasses(action) => format!("may {action} its contact"),
        Condition::OpportunityPasses(action) => format!("may {action} its opportunity"),
        Condition::LinkedFollow => "owners are linked and one follows what the change would reach".to_owned(),
    }
}
