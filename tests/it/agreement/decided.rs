//! The decision on one record and the filter of a table, against the specification.

use std::collections::BTreeSet;

use policy::{Action, Actor, Decision, Owner, Reason, Record, Wish};
use retinue::domain::record::RecordRef;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait};
use uuid::Uuid;

use super::generate::Generated;
use super::loaded::Loaded;
use super::oracle::Somebody;
use super::{ASKED, Coverage};

/// Compares all decisions and filters for one person.
pub async fn agrees(
    generated: &Generated,
    loaded: &Loaded,
    somebody: &Somebody,
    actor: &Actor,
    coverage: &mut Coverage,
) {
    coverage.count_world(generated, somebody);
    for (action, wish) in ASKED {
        if wish == Wish::Oneself && somebody.user.is_none() {
            continue;
        }
        let mut allowed: BTreeSet<Uuid> = BTreeSet::new();
        for thing in &generated.facts.things {
            let facts = loaded.facts(somebody.user, thing.record, wish);
            let decision = match thing.record {
                RecordRef::Contact(_) => policy::decide::<policy::Contact>(actor, action, &facts),
                RecordRef::Opportunity(_) => policy::decide::<policy::Opportunity>(actor, action, &facts),
            };
            let expected = generated.facts.may(somebody, thing, action, wish);
            assert_eq!(
                decision.is_granted(),
                expected,
                "{action} with {wish:?} by {somebody:?} of {thing:?} in {:?}: {decision:?}",
                generated.facts
            );
            if expected {
                allowed.insert(thing.record.uuid());
            }
            coverage.count(somebody, action, &decision, &facts);
        }
        let filtered = [
            picked::<policy::Contact>(generated, loaded, actor, action, wish).await,
            picked::<policy::Opportunity>(generated, loaded, actor, action, wish).await,
        ]
        .concat();
        let unique: BTreeSet<Uuid> = filtered.iter().copied().collect();
        assert_eq!(unique.len(), filtered.len(), "a filter never multiplies rows");
        assert_eq!(unique, allowed, "filter of {action} with {wish:?} for {somebody:?}");
    }
}

async fn picked<R: Record>(
    generated: &Generated,
    loaded: &Loaded,
    actor: &Actor,
    action: Action,
    wish: Wish,
) -> Vec<Uuid> {
    let table = R::COLUMNS.table();
    let select = Query::select()
        .column((table.clone(), "id"))
        .from(table.clone())
        .and_where(Expr::col((table, "account_id")).eq(generated.world.account))
        .cond_where(policy::filter::<R>(actor, action, wish, !loaded.separate, loaded.now))
        .take();
    let rows = generated.world.sql.query_all(&select).await.expect("the filter is good SQL");
    rows.iter().map(|row| row.try_get("", "id").expect("an id")).collect()
}

impl Coverage {
    fn count(&mut self, somebody: &Somebody, action: Action, decision: &Decision, facts: &policy::Facts) {
        match decision {
            Decision::Refused(Reason::Follower) => self.refused_as_follower += 1,
            Decision::Refused(Reason::LinkedContact) => self.refused_for_the_contact += 1,
            Decision::Refused(Reason::FollowsReached) => {
                let contact = facts.link.as_ref().and_then(|link| link.contact.as_deref()).unwrap_or(facts);
                let unassigned = contact.owner == Owner::Unassigned;
                self.refused_for_a_reached_one += 1;
                self.refused_for_an_unassigned_reached_one += usize::from(unassigned);
            }
            Decision::Refused(Reason::OnlyOneself) => self.only_oneself += 1,
            Decision::Granted(rules) => {
                let inherited = rules.iter().all(|rule| rule.ends_with(".edit.inherited"));
                self.inherited_edits += usize::from(action == Action::Edit && inherited);
            }
            Decision::Refused(_) => {
                self.hidden += usize::from(action == Action::View && somebody.active);
            }
        }
        self.owners_who_left += usize::from(matches!(facts.owner, Owner::Assigned { active: false, .. }));
        self.unassigned += usize::from(facts.owner == Owner::Unassigned);
    }

    fn count_world(&mut self, generated: &Generated, somebody: &Somebody) {
        let facts = &generated.facts;
        let ended = facts.things.iter().flat_map(|thing| &thing.follows).filter(|follow| follow.ended);
        self.ended_follows += ended.filter(|follow| Some(follow.user) == somebody.user).count();
        self.restricted += usize::from(somebody.restricted && !somebody.admin && somebody.active);
        self.separate += usize::from(facts.separate);
        self.linked += usize::from(!facts.separate);
    }
}
