//! What an event costs: the same for one subscriber of a kind as for many (N5).

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use policy::Permission;
use retinue::graphql::Sent;
use rstest::rstest;
use serde_json::{Value, json};

use super::Listens as _;
use super::ear::{Ear, document};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Contact, Person, World};

/// How long a process may use what it has read of a record or a viewer without a sign that it has changed.
const LIFETIME: Duration = Duration::from_millis(900);

/// How many statements are sent while everybody, with so many streams each, hears of one change, and how long it takes.
async fn cost(record: &Contact, owner: &Person, people: &[&Person], streams: usize) -> (usize, Duration) {
    let listen = document("contactChanged", "id", "contact { firstName } activity { kind }");
    let mut ears = Vec::new();
    for person in people.iter().cycle().take(people.len() * streams) {
        ears.push(person.listens(&listen, json!({ "id": record })).await);
    }
    join_all(ears.iter_mut().map(|ear| ear.hears())).await;
    // After one change all of them wait for the next, and have nothing else to ask.
    owner.renames(record, "Before").await.expect("renamed");
    join_all(ears.iter_mut().map(|ear| ear.hears())).await;

    let begun = Instant::now();
    let telling = async {
        owner.renames(record, "After").await.expect("renamed");
        for heard in join_all(ears.iter_mut().map(|ear| ear.hears())).await {
            assert_eq!(heard["contact"]["firstName"], "After", "{heard}");
        }
    };
    let ((), statements) = owner.world().sent_by(telling).await;
    (statements.len(), begun.elapsed())
}

// N5
#[rstest]
#[tokio::test]
async fn an_event_is_read_once_for_all_who_see_it_alike(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, ada, uma] = world.users(["Oda", "Ada", "Uma"]).await;
    let poor = world.user("Poor").lacking([Permission::ViewLeadValue]).create().await;
    let record = world.contact().owned_by(&oda).create().await;
    let people = [&oda, &ada, &uma, &poor];
    let (alone, _) = cost(&record, &oda, &people, 1).await;
    let (many, took) = cost(&record, &oda, &people, 25).await;
    // On a machine that is slow enough, the record and its people, and each viewer, are read anew meanwhile.
    let again = usize::try_from(took.as_nanos() / LIFETIME.as_nanos()).expect("a number");
    let more = (again + 1) * people.len() + again * 2;
    assert!(many <= alone + more, "{many} statements for 100 streams, {alone} for 4");
}

const PERSON: &str = "{ __typename id name picture }";

const HAPPENED: &str =
    "activity { id kind at cause actor { name } stage { name position } changes { field before after } }";

/// Everything of a contact's event that answers alike.
fn of_contact() -> String {
    format!(
        "contactId {HAPPENED} contact {{ id displayName firstName lastName company emails phones primaryEmail primaryPhone \
         address {{ street postalCode city region country }} tags source doNotDisturb createdAt updatedAt lastActivityAt version \
         owner {PERSON} followers {{ user {PERSON} addedBy {PERSON} addedAt cause inheritsEdit until }} PERSONAL }}"
    )
}

/// The same of an opportunity's.
fn of_opportunity() -> String {
    format!(
        "opportunityId {HAPPENED} opportunity {{ id name status monetaryValue {{ amount currency }} contactName \
         contact {{ id displayName }} stage {{ id name position }} pipeline {{ id name version stages {{ name }} }} \
         daysInStage lostReason source createdAt updatedAt stageChangedAt statusChangedAt lastActivityAt version \
         owner {PERSON} followers {{ user {PERSON} cause }} PERSONAL }}"
    )
}

/// The next event, whole, and its cursor.
async fn whole(ear: &mut Ear, record: &str) -> (Value, Value) {
    let Some(Sent::Next { json, .. }) = ear.next().await else { panic!("an event") };
    let mut answer: Value = serde_json::from_str(&json).expect("JSON");
    let cursor = answer["data"]["heard"].as_object_mut().and_then(|heard| heard.remove("cursor"));
    if let Some(record) = answer["data"]["heard"][record].as_object_mut() {
        record.remove("isMuted");
    }
    (answer, cursor.expect("a cursor"))
}

// N5
#[rstest]
#[tokio::test]
async fn who_sees_it_alike_is_told_what_each_would_be_told_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, uma] = world.users(["Oda", "Uma"]).await;
    let boss = world.user("Boss").admin().create().await;
    let poor = world.user("Poor").lacking([Permission::ViewLeadValue]).create().await;
    let rita = world.user("Rita").restricted().create().await;
    let contact =
        world.contact().tagged(["vip"]).owned_by(&oda).followed_by(&uma).followed_by(&rita).create().await;
    let deal = world.opportunity(&contact).worth(100).owned_by(&oda).followed_by(&rita).create().await;

    for (field, record, id, selection) in [
        ("contactChanged", "contact", json!(contact), of_contact()),
        ("opportunityChanged", "opportunity", json!(deal), of_opportunity()),
    ] {
        let shared = document(field, "id", &selection.replace("PERSONAL", ""));
        let alone = document(field, "id", &selection.replace("PERSONAL", "isMuted"));
        let mut ears = Vec::new();
        for person in [&oda, &uma, &boss, &poor, &rita] {
            let (shared, alone) = (
                person.listens(&shared, json!({ "id": id })).await,
                person.listens(&alone, json!({ "id": id })).await,
            );
            ears.push((shared, alone));
        }
        for (shared, alone) in &mut ears {
            whole(shared, record).await;
            whole(alone, record).await;
        }
        match record {
            "contact" => oda.renames(&contact, "Changed").await.map(drop),
            _ => oda.renames(&deal, "Changed").await.map(drop),
        }
        .expect("renamed");
        let mut cursors = Vec::new();
        for (shared, alone) in &mut ears {
            let ((shared, cursor), (alone, of_alone)) =
                (whole(shared, record).await, whole(alone, record).await);
            assert_eq!(shared, alone);
            assert_ne!(cursor, of_alone);
            cursors.push(cursor);
        }
        // Two of the five see it alike, and got the very same text.
        assert_eq!(cursors[0], cursors[1], "{field}");
        let others = [&cursors[0], &cursors[2], &cursors[3], &cursors[4]];
        assert_eq!(
            others.iter().map(|cursor| cursor.to_string()).collect::<BTreeSet<_>>().len(),
            4,
            "{field}"
        );
    }
}
