//! How somebody stands to a saved view, and what they may do to it.

use entity::saved_view::{Kind, Model};
use policy::{Action, Actor, Decision, Facts, Relation};

/// Decides one act on a view.
#[must_use]
pub fn decide(actor: &Actor, view: &Model, action: Action) -> Decision {
    let relation = match actor.user {
        Some(user) if user == view.owner_id => Some(Relation::Owner),
        _ if view.shared => Some(Relation::Reader),
        _ => None,
    };
    by_kind(actor, view.kind, action, &Facts { relation, ..Facts::none() })
}

/// Decides on making a view.
#[must_use]
pub(super) fn decide_create(actor: &Actor, kind: Kind) -> Decision {
    by_kind(actor, kind, Action::Create, &Facts::none())
}

fn by_kind(actor: &Actor, kind: Kind, action: Action, facts: &Facts) -> Decision {
    match kind {
        Kind::Contacts => policy::decide::<policy::ContactView>(actor, action, facts),
        Kind::Opportunities => policy::decide::<policy::OpportunityView>(actor, action, facts),
    }
}
