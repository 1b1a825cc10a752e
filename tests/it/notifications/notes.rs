//! What is told of notes and tasks on a record, each under the record's own View (N2, R5). The events are put into a change
//! by hand: whatever acts there are, this is what they say happened.

use entity::notification::{Kind as What, Reason};
use entity::{NoteId, TaskId, UserId, task};
use policy::Permission::ViewContacts;
use retinue::domain::activity::{Subject, What as Happened};
use retinue::domain::error::Result;
use retinue::domain::record::RecordRef;
use retinue::domain::unit_of_work::{Committed, Reach};
use rstest::rstest;
use sea_orm::{IntoActiveModel as _, Set};

use super::line;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Contact, Person, World};

/// Says that these things happened to a note.
async fn writes(who: &Person, contact: &Contact, note: NoteId, happened: &[Happened]) -> Result<Committed> {
    let access = who.access().await;
    let mut unit = access.begin().await?;
    unit.hold(contact.record(), Reach::Alone, "id").await?;
    for what in happened {
        unit.record(Subject::Note { note, on: contact.record() }, *what, Vec::new(), None);
    }
    unit.commit().await
}

/// Says that these things happened to a task. The record is not held: nothing of it changes.
async fn works(who: &Person, contact: &Contact, task: TaskId, happened: &[Happened]) -> Result<Committed> {
    let access = who.access().await;
    let mut unit = access.begin().await?;
    for what in happened {
        if let Happened::Assigned { to, .. } = what {
            let row = task::ActiveModel { id: Set(task), assignee_id: Set(*to), ..Default::default() };
            unit.update(row).await?;
        }
        unit.record(Subject::Task { task, on: contact.record() }, *what, Vec::new(), None);
    }
    unit.commit().await
}

/// A task on a contact that nobody is told of.
async fn task(world: &World, contact: &Contact, assignee: Option<UserId>) -> TaskId {
    let access = world.command_line().access().await;
    let unit = access.begin().await.expect("a change");
    let RecordRef::Contact(contact_id) = contact.record() else { unreachable!("a contact") };
    let row = task::Model {
        id: unit.new_id(),
        account_id: world.account,
        contact_id: Some(contact_id),
        opportunity_id: None,
        title: "Call".into(),
        body: None,
        assignee_id: assignee,
        due_at: None,
        completed_at: None,
        completed_by: None,
        author_id: None,
        version: 1,
        created_at: world.now(),
        updated_at: world.now(),
    };
    let id = row.id;
    unit.insert(row.into_active_model()).await.expect("a task");
    unit.commit().await.expect("a commit");
    id
}

// N2, F8
#[rstest]
#[tokio::test]
async fn a_note_tells_the_related_and_whom_it_mentions(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, cleo, finn, meg] = world.users(["Ada", "Cleo", "Finn", "Meg"]).await;
    let bound = world.user("Bound").restricted().create().await;
    let blind = world.user("Blind").lacking([ViewContacts]).create().await;
    let contact = world.contact().owned_by(&ada).followed_by(&finn).followed_by(&meg).create().await;
    meg.mutes(&contact, true).await.expect("muted");
    let note: NoteId = world.base.ids.next();
    let mentioned = [&cleo, &meg, &bound, &blind, &finn].map(|who| Happened::Mentioned { user: who.id });
    let written = [&[Happened::Created], &mentioned[..]].concat();
    let told = world.told_of(writes(&finn, &contact, note, &written));
    assert_eq!(
        told.await,
        [
            line(&ada, What::Note, Reason::Owner, 6),
            line(&cleo, What::Mentioned, Reason::Mentioned, 1),
            line(&meg, What::Mentioned, Reason::Mentioned, 1),
        ],
        "not who may not see it, nor who wrote it; no mute silences a mention"
    );
    let told = world.told_of(writes(&ada, &contact, note, &[Happened::Updated])).await;
    assert_eq!(told, [line(&finn, What::Note, Reason::Follower, 1)]);
    let rewritten = [Happened::Updated, Happened::Mentioned { user: finn.id }];
    let told = world.told_of(writes(&ada, &contact, note, &rewritten));
    assert_eq!(
        told.await,
        [line(&finn, What::Mentioned, Reason::Mentioned, 2)],
        "one notice, the nearest first"
    );
    let told = world.told_of(writes(&ada, &contact, note, &[Happened::Deleted])).await;
    assert_eq!(told, [line(&finn, What::Note, Reason::Follower, 1)]);
}

// N2, R5: a task is also its assignee's.
#[rstest]
#[tokio::test]
async fn a_task_tells_the_related_and_whose_it_is(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, finn, meg] = world.users(["Ada", "Finn", "Meg"]).await;
    let bound = world.user("Bound").restricted().create().await;
    let blind = world.user("Blind").lacking([ViewContacts]).create().await;
    let contact = world.contact().owned_by(&ada).followed_by(&finn).followed_by(&meg).create().await;
    meg.mutes(&contact, true).await.expect("muted");
    let id = task(&world, &contact, None).await;
    let to = |person: &Person| Happened::Assigned { from: None, to: Some(person.id) };

    let told = world.told_of(works(&finn, &contact, id, &[Happened::Created, to(&bound)])).await;
    assert_eq!(
        told,
        [line(&ada, What::Task, Reason::Owner, 2), line(&bound, What::TaskAssigned, Reason::Assigned, 2)]
    );
    let told = world.told_of(works(&finn, &contact, id, &[Happened::Completed])).await;
    assert_eq!(
        told,
        [line(&ada, What::Task, Reason::Owner, 1), line(&bound, What::Task, Reason::Assigned, 1)]
    );
    let told = world.told_of(works(&finn, &contact, id, &[to(&meg)])).await;
    let meg_has_it = line(&meg, What::TaskAssigned, Reason::Assigned, 1);
    assert_eq!(
        told,
        [line(&ada, What::Task, Reason::Owner, 1), meg_has_it],
        "no mute silences what is one's own"
    );
    let told = world.told_of(works(&meg, &contact, id, &[Happened::Reopened])).await;
    assert_eq!(
        told,
        [line(&ada, What::Task, Reason::Owner, 1), line(&finn, What::Task, Reason::Follower, 1)],
        "not the actor, though it is theirs"
    );
    let told = world.told_of(works(&finn, &contact, id, &[to(&blind)])).await;
    assert_eq!(told, [line(&ada, What::Task, Reason::Owner, 1)], "P3");
    let told = world.told_of(works(&finn, &contact, id, &[to(&finn)])).await;
    assert_eq!(told, [line(&ada, What::Task, Reason::Owner, 1)], "who takes a task knows it");
}
