//! Filters are trees: whatever is put together of conditions, `and`, `or`, `not` and relations, the lists, counts and
//! aggregates of every viewer are those of a plain evaluation over the records that they may see (G3, A7, A8).

mod chosen;
mod facts;
mod plain;

use std::collections::{BTreeMap, BTreeSet};

use entity::UserId;
use policy::Permission::ViewContacts;
use retinue::domain::access::{
    Access, Common, ContactFilter, ContactGrouping, Groups, List, OpportunityFilter, OpportunityGrouping,
    Sort, SortKey,
};
use retinue::domain::record::{RecordRef, RecordRow, RecordTable};
use rstest::rstest;
use uuid::Uuid;

use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World, listed};

use chosen::Chosen;
use facts::Facts;
use plain::Eyes;

/// How many filters each viewer asks of each list.
const FILTERS: usize = 120;

// G3, A7, A8
#[rstest]
#[tokio::test]
async fn a_filter_answers_as_a_plain_evaluation_over_what_the_viewer_sees(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let mut chance = Chance::new();
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let nell = world.user("Nell").lacking([ViewContacts]).create().await;
    let rolf = world.user("Rolf").restricted().lacking([ViewContacts]).create().await;
    let viewers = [una, rita, nell, rolf];
    let facts = Facts::generate(&world, &viewers, &mut chance).await;

    let (mut some, mut hidden) = (0, 0);
    for viewer in &viewers {
        let access = viewer.access().await;
        let eyes = Eyes::of(&facts, &access);
        hidden += facts.contacts.iter().filter(|contact| !eyes.sees(contact)).count();
        for _ in 0..FILTERS {
            let mut chosen = Chosen { facts: &facts, world: &world, chance: &mut chance };
            some += contacts_agree(&access, &eyes, &chosen.contacts(3)).await;
            some += opportunities_agree(&access, &eyes, &chosen.opportunities(3)).await;
        }
        assert_eq!(facts.seen_at, world.now(), "nothing happened meanwhile: {viewer:?}");
    }
    assert!(some > FILTERS, "filters let something pass: {some}");
    assert!(hidden > 10, "something was hidden: {hidden}");
}

async fn contacts_agree(access: &Access, eyes: &Eyes<'_>, filter: &ContactFilter) -> usize {
    let passing: Vec<_> = eyes.contacts().filter(|contact| eyes.passes(contact, filter)).collect();
    let expected: BTreeSet<Uuid> = passing.iter().map(|contact| contact.row.id.0).collect();
    agrees::<policy::Contact>(access, filter, &expected).await;
    let mut owners: BTreeMap<Option<UserId>, (u64, i128)> = BTreeMap::new();
    for contact in &passing {
        owners.entry(contact.row.owner_id).or_default().0 += 1;
    }
    let groups = access.contact_groups(filter, ContactGrouping::Owner).await.expect("groups");
    assert_eq!(by_owner(groups), owners, "{filter:#?}");
    expected.len()
}

async fn opportunities_agree(access: &Access, eyes: &Eyes<'_>, filter: &OpportunityFilter) -> usize {
    let passing: Vec<_> = eyes.deals().filter(|deal| eyes.lets_pass(deal, filter)).collect();
    let expected: BTreeSet<Uuid> = passing.iter().map(|deal| deal.row.id.0).collect();
    agrees::<policy::Opportunity>(access, filter, &expected).await;
    let mut owners: BTreeMap<Option<UserId>, (u64, i128)> = BTreeMap::new();
    for deal in &passing {
        let sum = owners.entry(deal.row.owner_id).or_default();
        *sum = (sum.0 + 1, sum.1 + i128::from(deal.row.value_minor.unwrap_or_default()));
    }
    let groups = access.opportunity_groups(filter, OpportunityGrouping::Owner).await.expect("groups");
    assert_eq!(by_owner(groups), owners, "{filter:#?}");
    expected.len()
}

/// The list, its count, and each record once.
async fn agrees<R: RecordTable>(
    access: &Access,
    filter: &(impl retinue::domain::access::Filter<R> + Clone + std::fmt::Debug),
    expected: &BTreeSet<Uuid>,
) {
    let sort = Sort { key: SortKey::LastActivity, descending: true };
    let shown = listed::<R>(access, &List { filter: filter.clone(), sort }).await;
    let ids: Vec<Uuid> = shown
        .iter()
        .map(|seen| {
            let record: RecordRef = seen.row.id().into();
            record.uuid()
        })
        .collect();
    let wrong: Vec<_> = expected.symmetric_difference(&ids.iter().copied().collect()).copied().collect();
    assert_eq!(wrong, Vec::<Uuid>::new(), "{:?} {filter:#?}", access.actor());
    assert_eq!(ids.len(), expected.len(), "a filter never multiplies rows: {filter:#?}");
    let count = access.count::<R>(filter).await.expect("a count");
    assert_eq!((count.value, count.is_exact), (expected.len() as u64, true), "{filter:#?}");
}

fn by_owner(groups: Groups) -> BTreeMap<Option<UserId>, (u64, i128)> {
    assert!(groups.is_complete);
    let sizes: Vec<u64> = groups.groups.iter().map(|group| group.count).collect();
    assert!(sizes.is_sorted_by(|one, next| one >= next), "the largest first: {sizes:?}");
    let group = |group: retinue::domain::access::Group| match group.common {
        Common::Owner(owner) => (owner, (group.count, group.value_minor.unwrap_or_default())),
        other => panic!("{other:?} is no owner"),
    };
    groups.groups.into_iter().map(group).collect()
}

/// Whom the facts name.
fn ids(people: &[Person]) -> Vec<UserId> {
    people.iter().map(|person| person.id).collect()
}
