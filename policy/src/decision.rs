//! The decision on one record.

use crate::{
    Action, Actor, Condition, Contact, Effect, Facts, Opportunity, Owner, Permission, Relation, Resource,
    Rule, Wish,
};

/// Why an act is refused, as far as the actor may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The actor lacks a permission that would do.
    MissingPermission(Permission),
    /// Neither ownership, nor a follow, nor a permission covers it.
    NotEntitled,
    /// A follower never changes the owner (A5).
    Follower,
    /// The record is unassigned and the actor may only name themselves (A5).
    OnlyOneself,
    /// The linked contact stands in the way (O3).
    LinkedContact,
    /// The actor follows an opportunity that the change would reach (O3).
    FollowsReached,
}

/// What the rules say of one act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed, by these rules.
    Granted(Vec<&'static str>),
    /// Refused.
    Refused(Reason),
}

impl Decision {
    /// Whether the act is allowed.
    #[must_use]
    pub const fn is_granted(&self) -> bool {
        matches!(self, Decision::Granted(_))
    }

    /// Why not, where it is refused.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Decision::Granted(_) => None,
            Decision::Refused(reason) => Some(*reason),
        }
    }
}

/// Decides one act on one record, or on something without owner and followers ([`Facts::none`]).
#[must_use]
pub fn decide<R: Resource>(actor: &Actor, action: Action, facts: &Facts) -> Decision {
    decide_by(R::rules(), actor, action, facts)
}

/// To whom an actor may give a record (A10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerChange {
    /// To anyone, or to nobody.
    Anyone,
    /// Only to oneself.
    OnlyOneself,
    /// To no one.
    No(Reason),
}

/// Whether some change of owner would be authorized, and which.
#[must_use]
pub fn owner_change<R: Resource>(actor: &Actor, facts: &Facts) -> OwnerChange {
    match decide::<R>(actor, Action::ChangeOwner, &facts.wishing(Wish::Another)) {
        Decision::Granted(_) => OwnerChange::Anyone,
        Decision::Refused(Reason::OnlyOneself) => OwnerChange::OnlyOneself,
        Decision::Refused(reason) => OwnerChange::No(reason),
    }
}

fn decide_by(rules: &[Rule], actor: &Actor, action: Action, facts: &Facts) -> Decision {
    let (forbids, permits): (Vec<&Rule>, Vec<&Rule>) = rules
        .iter()
        .filter(|rule| rule.acts.contains(&action))
        .partition(|rule| rule.effect == Effect::Forbid);
    let speaks = |rule: &&&Rule| unmet(rules, rule, actor, facts).is_empty();

    let granting: Vec<&'static str> = permits.iter().filter(speaks).map(|rule| rule.name).collect();
    let forbidding = forbids.iter().find(speaks);

    match (forbidding, granting.is_empty()) {
        (None, false) => Decision::Granted(granting),
        // What only naming oneself would mend is said before anything that stands in the way of others.
        (_, _) if would_do_for_oneself(rules, actor, action, facts) => Decision::Refused(Reason::OnlyOneself),
        (Some(rule), _) => Decision::Refused(rule.reason.unwrap_or(Reason::NotEntitled)),
        (None, true) => Decision::Refused(nearest(rules, &permits, actor, facts)),
    }
}

fn would_do_for_oneself(rules: &[Rule], actor: &Actor, action: Action, facts: &Facts) -> bool {
    action == Action::ChangeOwner
        && facts.wish != Wish::Oneself
        && actor.user.is_some()
        && decide_by(rules, actor, action, &facts.wishing(Wish::Oneself)).is_granted()
}

/// The permission that alone is missing for some grant, if there is one.
fn nearest(rules: &[Rule], permits: &[&Rule], actor: &Actor, facts: &Facts) -> Reason {
    permits
        .iter()
        .find_map(|rule| match unmet(rules, rule, actor, facts)[..] {
            [Condition::Holding(permission)] => Some(Reason::MissingPermission(*permission)),
            [Condition::Passing(action)] => missing(&decide_by(rules, actor, *action, facts)),
            [Condition::ContactPasses(action)] => {
                missing(&decide::<Contact>(actor, *action, facts.contact.as_deref()?))
            }
            [Condition::OpportunityPasses(action)] => {
                missing(&decide::<Opportunity>(actor, *action, facts.opportunity.as_deref()?))
            }
            _ => None,
        })
        .unwrap_or(Reason::NotEntitled)
}

fn missing(decision: &Decision) -> Option<Reason> {
    decision.reason().filter(|reason| matches!(reason, Reason::MissingPermission(_)))
}

fn unmet<'r>(rules: &[Rule], rule: &'r Rule, actor: &Actor, facts: &Facts) -> Vec<&'r Condition> {
    rule.conditions.iter().filter(|condition| !holds(rules, condition, actor, facts)).collect()
}

fn holds(rules: &[Rule], condition: &Condition, actor: &Actor, facts: &Facts) -> bool {
    match condition {
        Condition::Holding(permission) => actor.holds(*permission),
        Condition::Admin(wanted) => actor.admin == *wanted,
        Condition::Unrestricted => !actor.restricted,
        Condition::RelatedAs(relations) => {
            facts.relation.is_some_and(|relation| relations.contains(&relation))
        }
        Condition::FollowInherits => facts.relation == Some(Relation::Follower) && facts.follow_inherits,
        Condition::OwnerHolding(permission) => match facts.owner {
            Owner::Unassigned => false,
            Owner::Assigned { active, permissions } => active && permissions.holds(*permission),
        },
        Condition::Unassigned => facts.owner == Owner::Unassigned,
        Condition::NamingOneself => facts.wish == Wish::Oneself,
        Condition::Passing(action) => decide_by(rules, actor, *action, facts).is_granted(),
        Condition::LinkedContactRefuses(action) => {
            let contact = facts.link.as_ref().and_then(|link| link.contact.as_deref());
            contact.is_some_and(|contact| !decide::<Contact>(actor, *action, contact).is_granted())
        }
        Condition::TiedAs(ties) => ties.iter().any(|tie| facts.ties.has(*tie)),
        Condition::ContactRelatedAs(relations) => {
            let relation = facts.contact.as_ref().and_then(|contact| contact.relation);
            relation.is_some_and(|relation| relations.contains(&relation))
        }
        Condition::ContactPasses(action) => facts
            .contact
            .as_ref()
            .is_some_and(|contact| decide::<Contact>(actor, *action, contact).is_granted()),
        Condition::OpportunityPasses(action) => facts
            .opportunity
            .as_ref()
            .is_some_and(|opportunity| decide::<Opportunity>(actor, *action, opportunity).is_granted()),
        Condition::LinkedFollow => facts.link.as_ref().is_some_and(|link| link.follows_reached),
    }
}
