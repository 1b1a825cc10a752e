//! Notes and tasks: the SQL filter finds what the decision grants.

use entity::{NoteId, TaskId};
use policy::Permission::{EditContacts, ViewContacts};
use policy::{Action, Resource, Ties};
use retinue::domain::access::Access;
use retinue::domain::record::RecordRef;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

/// Whether the rules let somebody view what hangs on a record, whether they see the record or not.
async fn is_granted<C: Resource, O: Resource>(access: &Access, record: RecordRef, ties: Ties) -> bool {
    let standing = match record {
        RecordRef::Contact(id) => access.standings::<policy::Contact>(&[id]).await.expect("read").remove(&id),
        RecordRef::Opportunity(id) => {
            access.standings::<policy::Opportunity>(&[id]).await.expect("read").remove(&id)
        }
    };
    let standing = standing.expect("the record is there");
    access.decide_hanging::<C, O>(record, &standing, ties, Action::View).is_granted()
}

// A1, A8, R5: what the filter finds is what the decision grants.
#[rstest]
#[tokio::test]
async fn the_filter_and_the_decision_agree_on_notes_and_tasks(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Ada").admin().create().await;
    let mut people = vec![admin.clone()];
    for restricted in [false, true] {
        for lacks in [vec![], vec![ViewContacts], vec![EditContacts]] {
            for number in 0..2 {
                let builder = world.user(&format!("P{number}")).lacking(lacks.clone());
                people.push(if restricted {
                    builder.restricted().create().await
                } else {
                    builder.create().await
                });
            }
        }
    }
    let mut notes: Vec<(NoteId, RecordRef)> = Vec::new();
    let mut tasks: Vec<(TaskId, RecordRef)> = Vec::new();
    for (place, owner) in people.iter().enumerate() {
        let follower = &people[(place * 5 + 3) % people.len()];
        let contact = world.contact().owned_by(owner).followed_by(follower).create().await;
        let deal = world.opportunity(&contact).owned_by(follower).create().await;
        let assignee = &people[(place * 7 + 1) % people.len()];
        notes.push((admin.writes(&contact, "x").await.expect("a note"), contact.id.into()));
        notes.push((admin.writes(&deal, "x").await.expect("a note"), deal.id.into()));
        tasks.push((admin.plans(&contact, "x", Some(assignee)).await.expect("a task"), contact.id.into()));
        tasks.push((admin.plans(&deal, "x", Some(assignee)).await.expect("a task"), deal.id.into()));
    }
    let mut granted = 0;
    for person in &people {
        let access = person.access().await;
        let ids: Vec<_> = notes.iter().map(|(id, _)| *id).collect();
        let found = access.find_notes(&ids).await.expect("notes");
        for (id, record) in &notes {
            let may =
                is_granted::<policy::ContactNote, policy::OpportunityNote>(&access, *record, Ties::NONE)
                    .await;
            assert_eq!(found.contains_key(id), may, "{} and a note on {record:?}", person.name);
            granted += usize::from(may);
        }
        let ids: Vec<_> = tasks.iter().map(|(id, _)| *id).collect();
        let found = access.find_tasks(&ids).await.expect("tasks");
        for (id, record) in &tasks {
            let row = world.task(*id).await.expect("a task");
            let ties = Ties { assignee: row.assignee_id == Some(person.id), ..Ties::NONE };
            let may =
                is_granted::<policy::ContactTask, policy::OpportunityTask>(&access, *record, ties).await;
            assert_eq!(found.contains_key(id), may, "{} and a task on {record:?}", person.name);
            granted += usize::from(may);
        }
    }
    assert!(granted > 50, "{granted}");
}
