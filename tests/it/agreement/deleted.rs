//! What is deleted, against the specification: who finds it, who brings it back, and that it is there for nothing else.

use std::collections::BTreeSet;

use policy::{Action, Wish};
use retinue::domain::deletion::{self, Delete, Restore};
use retinue::domain::error::{Error, RefusalKind};
use retinue::domain::page::Window;
use retinue::domain::record::{RecordRef, RecordTable};

use super::everybody;
use super::generate::Generated;
use super::oracle::{Somebody, Thing};
use crate::world::Acts as _;

/// Deletes everything and asks everybody; nothing is left of the world.
pub async fn agrees(generated: &Generated) {
    for thing in &generated.facts.things {
        let access = generated.world.command_line().access().await;
        let act = Delete { record: thing.record, expected_version: None };
        match deletion::delete(&access, &act).await {
            // What went with its contact is gone already.
            Ok(_) | Err(Error::Refused(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    let people = everybody(generated).into_iter().filter(|somebody| somebody.active);
    for somebody in people {
        let may = |thing: &&Thing| generated.facts.may(&somebody, thing, Action::Restore, Wish::Nobody);
        let expected: BTreeSet<RecordRef> =
            generated.facts.things.iter().filter(may).map(|thing| thing.record).collect();
        let mut found = listed::<policy::Contact>(generated, &somebody).await;
        found.extend(listed::<policy::Opportunity>(generated, &somebody).await);
        assert_eq!(found, expected, "what {somebody:?} may restore in {:?}", generated.facts);

        let access = generated.access_of(&somebody).await;
        for thing in generated.facts.things.iter().filter(|thing| !thing.is_contact()) {
            // Without its contact it comes back for nobody, and is told of to those who may restore it.
            let told = match deletion::restore(&access, &Restore { record: thing.record }).await {
                Err(Error::Refused(mut refusals)) => refusals.remove(0).kind,
                other => panic!("{thing:?} by {somebody:?}: {other:?}"),
            };
            let expected = if may(&thing) { RefusalKind::InvalidInput } else { RefusalKind::NotFound };
            assert_eq!(told, expected, "{thing:?} by {somebody:?}");
        }
        // Whoever may bring a contact back found it; for the others it is not there.
        let contacts = generated.facts.things.iter().filter(|thing| thing.is_contact());
        for thing in contacts.filter(|thing| !may(thing)) {
            match deletion::restore(&access, &Restore { record: thing.record }).await {
                Err(Error::Refused(mut refusals)) => {
                    assert_eq!(refusals.remove(0).kind, RefusalKind::NotFound);
                }
                other => panic!("{thing:?} by {somebody:?}: {other:?}"),
            }
        }
    }
}

async fn listed<R: RecordTable>(generated: &Generated, somebody: &Somebody) -> BTreeSet<RecordRef> {
    let access = generated.access_of(somebody).await;
    let page = access.deleted::<R>(&Window::first(1_000)).await.expect("a page");
    let count = access.count_deleted::<R>().await.expect("a count");
    assert_eq!((count.value, count.is_exact), (page.items.len() as u64, true));
    page.items.into_iter().map(|(_, deleted)| deleted.id.into()).collect()
}
