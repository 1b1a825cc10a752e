//! Notes: who reads, writes, changes and deletes them, whom they mention, and what becomes of them with their record.

use entity::{NoteId, note, note_mention};
use policy::Permission::{DeleteContacts, EditContacts, EditOpportunities, ViewContacts, ViewOpportunities};
use retinue::domain::deletion;
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::document::mutation;
use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World};

const NOTES: &str = "notes { totalCount { value } nodes { body author { name } mentions { name } version
    record { id } viewerAccess { edit { allowed reason } delete { allowed reason permission } } } }";

/// The texts of the notes on a record, as somebody sees them; none when they do not see the record.
async fn texts(person: &Person, record: &impl Named) -> Option<Vec<String>> {
    let seen = person.looks_at(record, "notes { nodes { body } }").await;
    let nodes = seen["notes"]["nodes"].as_array()?.clone();
    Some(nodes.iter().map(|note| note["body"].as_str().expect("a text").to_owned()).collect())
}

/// Writes a note over the graph.
async fn written(person: &Person, record: &impl Named, body: &str) -> String {
    let done = person.mutates("noteCreate", json!({ "recordId": record, "body": body })).is_done().await;
    done["id"].as_str().expect("an id").to_owned()
}

/// What somebody may do: `code` is what a refused call is answered with.
struct Case {
    person: Person,
    sees: bool,
    writes: bool,
    changes: bool,
    deletes: bool,
}

/// Every kind of person, on one record; `on` makes it with these as owner and followers.
async fn judge(world: &World, record: &impl Named, admin: &Person, cases: Vec<Case>) {
    for Case { person, sees, writes, changes, deletes } in cases {
        let who = &person.name;
        let others = written(admin, record, "by the admin").await;
        assert_eq!(texts(&person, record).await.is_some(), sees, "{who} sees");
        let expect = |may: bool| match (sees, may) {
            (false, _) => Some("NOT_FOUND"),
            (true, false) => Some("PERMISSION_DENIED"),
            (true, true) => None,
        };
        let calls = [
            ("noteCreate", json!({ "recordId": record, "body": "mine" }), expect(writes)),
            ("noteUpdate", json!({ "id": others, "body": "in other words" }), expect(changes)),
            ("noteDelete", json!({ "id": others }), expect(deletes)),
        ];
        for (name, input, code) in calls {
            match code {
                None => {
                    person.mutates(name, input).is_done().await;
                }
                Some(code) => {
                    person.mutates(name, input).is_refused(code).await;
                }
            }
        }
        if !deletes {
            admin.mutates("noteDelete", json!({ "id": others })).is_done().await;
        }
        if writes {
            // One's own one changes and deletes.
            let own = written(&person, record, "my own").await;
            person.mutates("noteUpdate", json!({ "id": own, "body": "my own, still" })).is_done().await;
            person.mutates("noteDelete", json!({ "id": own })).is_done().await;
        }
    }
    let left = note::Entity::find().filter(note::Column::AccountId.eq(world.account));
    let left = left.all(&world.sql).await.expect("notes");
    assert!(left.iter().all(|row| row.body == "mine" || row.body == "by the admin"), "{left:?}");
}

// R5, A1, A2
#[rstest]
#[tokio::test]
async fn notes_of_a_contact_follow_its_access(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Ada").admin().create().await;
    let owner = world.user("Oda").restricted().create().await;
    let finn = world.user("Finn").restricted().lacking([EditContacts]).create().await;
    let nora = world.user("Nora").restricted().lacking([EditContacts]).create().await;
    let una = world.user("Una").create().await;
    let nils = world.user("Nils").lacking([EditContacts]).create().await;
    let saga = world.user("Saga").restricted().create().await;
    let vera = world.user("Vera").lacking([ViewContacts]).create().await;
    let contact = world
        .contact()
        .owned_by(&owner)
        .followed_by(&finn)
        .followed_by(&vera)
        .followed_without_inheriting_by(&nora)
        .create()
        .await;
    let case = |person: &Person, [sees, writes, changes, deletes]: [bool; 4]| Case {
        person: person.clone(),
        sees,
        writes,
        changes,
        deletes,
    };
    let cases = vec![
        case(&admin, [true, true, true, true]),
        case(&owner, [true, true, false, true]),
        // A2: inherited edit writes, and takes away no others.
        case(&finn, [true, true, false, false]),
        case(&nora, [true, false, false, false]),
        case(&una, [true, true, false, true]),
        case(&nils, [true, false, false, false]),
        case(&saga, [false, false, false, false]),
        // P3
        case(&vera, [false, false, false, false]),
    ];
    judge(&world, &contact, &admin, cases).await;
}

// R5, A8
#[rstest]
#[tokio::test]
async fn notes_of_an_opportunity_follow_its_access_and_not_that_of_its_contact(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Ada").admin().create().await;
    let owner = world.user("Oda").restricted().create().await;
    let finn = world.user("Finn").restricted().lacking([EditOpportunities]).create().await;
    let nils = world.user("Nils").lacking([EditOpportunities]).create().await;
    let of_contact = world.user("Cleo").restricted().create().await;
    let vera = world.user("Vera").lacking([ViewOpportunities]).create().await;
    let contact = world.contact().owned_by(&of_contact).create().await;
    let deal = world.opportunity(&contact).owned_by(&owner).followed_by(&finn).create().await;
    let case = |person: &Person, [sees, writes, changes, deletes]: [bool; 4]| Case {
        person: person.clone(),
        sees,
        writes,
        changes,
        deletes,
    };
    let cases = vec![
        case(&admin, [true, true, true, true]),
        case(&owner, [true, true, false, true]),
        case(&finn, [true, true, false, false]),
        case(&nils, [true, false, false, false]),
        case(&of_contact, [false, false, false, false]),
        case(&vera, [false, false, false, false]),
    ];
    judge(&world, &deal, &admin, cases).await;
}

// R5, R6, A10
#[rstest]
#[tokio::test]
async fn a_note_is_read_as_it_was_written_and_its_record_stays_as_it_is(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let before = ada.looks_at(&contact, "version updatedAt lastActivityAt").await;
    world.clock.advance_seconds(60);

    let input = json!({ "recordId": contact, "body": "  Called.\r\nNobody \"there\".  " });
    let done = ada.mutates("noteCreate", input).is_done().await;
    let id = done["id"].clone();
    assert_eq!(
        done,
        json!({
            "id": id,
            "note": { "id": id, "body": "Called.\nNobody \"there\".", "version": 1,
                "author": { "name": "Ada" }, "mentions": [] },
            "record": { "__typename": "Contact", "id": contact }
        })
    );
    let after = ada.looks_at(&contact, "version updatedAt lastActivityAt").await;
    assert_eq!((&after["version"], &after["updatedAt"]), (&before["version"], &before["updatedAt"]));
    assert_ne!(after["lastActivityAt"], before["lastActivityAt"]);
    ada.asks(
        "query($id: ID!) { node(id: $id) { ... on Note { body createdAt updatedAt viewerAccess {
            edit { allowed } delete { allowed } } } } }",
        json!({ "id": id }),
    )
    .sees(json!({ "node": { "body": "Called.\nNobody \"there\".",
        "createdAt": "2026-01-05T09:01:01Z", "updatedAt": "2026-01-05T09:01:01Z",
        "viewerAccess": { "edit": { "allowed": true }, "delete": { "allowed": true } } } }))
    .await;

    let update = |more: Value| {
        let mut input = json!({ "id": id });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().expect("more"));
        ada.mutates("noteUpdate", input)
    };
    update(json!({ "body": " Called.\nNobody \"there\". ", "expectedVersion": 1 })).is_nothing_to_do().await;
    update(json!({})).is_nothing_to_do().await;
    let done = update(json!({ "body": "Reached them", "expectedVersion": 1 })).is_done().await;
    assert_eq!((&done["note"]["body"], &done["note"]["version"]), (&json!("Reached them"), &json!(2)));
    let stale = json!({ "code": "STALE_VERSION", "field": ["input", "expectedVersion"],
        "current": null, "currentVersion": 2 });
    assert_eq!(update(json!({ "body": "x", "expectedVersion": 1 })).is_refused("STALE_VERSION").await, stale);
    let delete = json!({ "id": id, "expectedVersion": 1 });
    assert_eq!(ada.mutates("noteDelete", delete).is_refused("STALE_VERSION").await, stale);
    for (body, message) in [(json!(" \n "), "must not be empty"), (Value::Null, "must not be empty")] {
        let error = update(json!({ "body": body })).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", "body"]), "{message}");
    }
    update(json!({ "body": "x".repeat(20_001) })).is_refused("INVALID_INPUT").await;
    update(json!({ "body": "x".repeat(20_000) })).is_done().await;
    update(json!({ "body": "a\u{0}b" })).is_refused("INVALID_INPUT").await;

    let done = ada.mutates("noteDelete", json!({ "id": id, "expectedVersion": 3 })).is_done().await;
    let record = json!({ "__typename": "Contact", "id": contact });
    assert_eq!(done, json!({ "id": id, "note": null, "record": record }));
    ada.mutates("noteDelete", json!({ "id": id })).is_refused("NOT_FOUND").await;
    assert_eq!(world.note(id.as_str().expect("an id").parse().expect("an id")).await, None);
}

// R5, N1
#[rstest]
#[tokio::test]
async fn the_history_of_the_record_tells_of_its_notes(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    let note = ada.writes_to(&deal, "first", [&bob]).await.expect("a note");
    ada.rewrites(note, "second").await.expect("it changes");
    let selection = "activity(first: 3) { nodes { kind actor { name } note { body } task { id } record { id }
        causedBy { kind } changes { field before after } } }";
    let entry = |kind: &str, caused_by: Value, changes: Value| {
        json!({ "kind": kind, "actor": { "name": "Ada" }, "note": { "body": "second" }, "task": null,
            "record": { "id": deal }, "causedBy": caused_by, "changes": changes })
    };
    let created = json!([{ "field": "body", "before": null, "after": "first" },
        { "field": "mentions", "before": null, "after": bob }]);
    let expected = json!([
        entry(
            "note.updated",
            Value::Null,
            json!([{ "field": "body", "before": "first", "after": "second" }])
        ),
        entry(
            "note.mentioned",
            json!({ "kind": "note.created" }),
            json!([{ "field": "mentions", "before": null, "after": bob }])
        ),
        entry("note.created", Value::Null, created),
    ]);
    assert_eq!(ada.looks_at(&deal, selection).await["activity"]["nodes"], expected);
    // A8: the contact's history is its own.
    let of_contact = ada.looks_at(&contact, "activity { nodes { kind } }").await;
    assert_eq!(of_contact["activity"]["nodes"], json!([{ "kind": "contact.created" }]));

    ada.deletes_note(note).await.expect("it is deleted");
    let last = ada.looks_at(&deal, "activity(first: 1) { nodes { kind note { id } record { id } } }").await;
    let deleted = json!([{ "kind": "note.deleted", "note": null, "record": { "id": deal } }]);
    assert_eq!(last["activity"]["nodes"], deleted);
}

// R5, F5
#[rstest]
#[tokio::test]
async fn only_active_colleagues_who_may_see_the_record_are_mentioned(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let finn = world.user("Finn").restricted().create().await;
    let saga = world.user("Saga").restricted().create().await;
    let vera = world.user("Vera").lacking([ViewContacts]).create().await;
    let gone = world.user("Gone").create().await;
    gone.leaves().await;
    let elsewhere = world.beside().await.user("Else").create().await;
    let contact = world.contact().owned_by(&ada).followed_by(&finn).create().await;
    let unknown = entity::UserId(uuid::Uuid::from_u128(7)).to_string();
    for person in [&saga, &vera, &gone, &elsewhere] {
        let input = json!({ "recordId": contact, "body": "x", "mentionIds": [bob, person, finn] });
        let error = ada.mutates("noteCreate", input).is_refused("NOT_FOUND").await;
        assert_eq!(error["field"], json!(["input", "mentionIds", "1"]), "{}", person.name);
    }
    // Alike, to the letter.
    let call = mutation("noteCreate", "");
    let ask = |id: Value| {
        ada.asks(&call, json!({ "input": { "recordId": contact, "body": "x", "mentionIds": [id] } }))
    };
    let (one, statements) = ask(json!(saga)).counted().await;
    let (other, others) = ask(json!(unknown)).counted().await;
    assert_eq!((one.text, statements), (other.text, others));

    let input = json!({ "recordId": contact, "body": "x", "mentionIds": [finn, bob, finn, ada] });
    let done = ada.mutates("noteCreate", input).is_done().await;
    let names = |done: &Value| {
        let people = done["note"]["mentions"].as_array().expect("people").clone();
        people.iter().map(|person| person["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&done), ["Ada", "Bob", "Finn"]);
    let id = done["id"].clone();

    // Whom it mentions already may stay, though they see the record no more, and is not told again.
    ada.removes([&finn], &contact).await.expect("they are taken off");
    let input = json!({ "id": id, "mentionIds": [finn, bob] });
    let done = ada.mutates("noteUpdate", input).is_done().await;
    assert_eq!((names(&done), &done["note"]["version"]), (vec!["Bob".into(), "Finn".into()], &json!(2)));
    let mentions = "activity(first: 20) { nodes { kind } }";
    let seen = ada.looks_at(&contact, mentions).await;
    let told = seen["activity"]["nodes"].as_array().expect("entries").iter();
    assert_eq!(told.filter(|entry| entry["kind"] == "note.mentioned").count(), 3);
    let input = json!({ "id": id, "mentionIds": [finn, ada, saga] });
    let error = ada.mutates("noteUpdate", input).is_refused("NOT_FOUND").await;
    assert_eq!(error["field"], json!(["input", "mentionIds", "2"]));
    let done = ada.mutates("noteUpdate", json!({ "id": id, "mentionIds": null })).is_done().await;
    assert_eq!(names(&done), Vec::<String>::new());
    let crowd: Vec<Value> = world.crowd(51).await.iter().map(|person| json!(person)).collect();
    let error =
        ada.mutates("noteUpdate", json!({ "id": id, "mentionIds": crowd })).is_refused("INVALID_INPUT").await;
    assert_eq!(error["field"], json!(["input", "mentionIds"]));
}

// A7
#[rstest]
#[tokio::test]
async fn a_hidden_note_is_as_one_that_never_was(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let hidden = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&hidden).owned_by(&ada).create().await;
    let own = world.contact().owned_by(&saga).create().await;
    saga.writes(&own, "her own").await.expect("a note");
    // Deleted with its record, it is hidden from everybody.
    let gone = world.contact().owned_by(&ada).create().await;
    let of_gone = ada.writes(&gone, "a secret").await.expect("a note");
    world.command_line().deletes(&gone).await.expect("it is deleted");
    let notes = [
        (&saga, ada.writes(&hidden, "a secret").await.expect("a note")),
        (&saga, ada.writes(&deal, "a secret").await.expect("a note")),
        (&ada, of_gone),
    ];
    let before = world.tables().await;
    for (person, note) in notes {
        let unknown: NoteId = world.base.ids.next();
        for (document, input) in [
            ("query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }".to_owned(), None),
            (mutation("noteUpdate", ""), Some(json!({ "body": "x", "mentionIds": [person] }))),
            (mutation("noteUpdate", ""), Some(json!({ "body": "", "expectedVersion": 99 }))),
            (mutation("noteDelete", ""), Some(json!({}))),
        ] {
            let variables = |id: NoteId| match &input {
                None => json!({ "id": id.to_string() }),
                Some(input) => {
                    let mut input = input.clone();
                    input["id"] = json!(id.to_string());
                    json!({ "input": input })
                }
            };
            let (one, statements) = person.asks(&document, variables(note)).counted().await;
            let (other, others) = person.asks(&document, variables(unknown)).counted().await;
            assert_eq!(one.text.replace(&note.to_string(), &unknown.to_string()), other.text, "{document}");
            assert_eq!(statements, others, "{document}");
        }
    }
    for (record, unknown) in [
        (json!(hidden), world.base.ids.next::<entity::ContactId>().to_string()),
        (json!(deal), world.base.ids.next::<entity::OpportunityId>().to_string()),
        (json!("no id"), entity::ContactId(uuid::Uuid::from_u128(7)).to_string()),
    ] {
        let ask = |id: &Value| {
            let input = json!({ "recordId": id, "body": "x", "mentionIds": [saga] });
            saga.asks(mutation("noteCreate", ""), json!({ "input": input }))
        };
        let (one, statements) = ask(&record).counted().await;
        let (other, others) = ask(&json!(unknown)).counted().await;
        assert_eq!((one.text, statements), (other.text, others));
    }
    before.assert_same(&world.tables().await);
}

// R4, R5
#[rstest]
#[tokio::test]
async fn notes_go_and_come_back_with_their_record_and_are_purged_with_it(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").also_holding([DeleteContacts]).create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    let on_contact = ada.writes_to(&contact, "on the contact", [&ada]).await.expect("a note");
    let on_deal = ada.writes_to(&deal, "on the deal", [&ada]).await.expect("a note");
    let node = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let ids = json!({ "ids": [on_contact.to_string(), on_deal.to_string()] });
    let both = json!({ "nodes": [{ "id": on_contact.to_string() }, { "id": on_deal.to_string() }] });
    ada.asks(node, ids.clone()).sees(both.clone()).await;
    ada.does("Delete", &contact, json!({})).is_done().await;
    ada.asks(node, ids.clone()).sees(json!({ "nodes": [null, null] })).await;
    ada.does("Restore", &contact, json!({})).is_done().await;
    ada.asks(node, ids).sees(both).await;
    assert_eq!(texts(&ada, &deal).await, Some(vec!["on the deal".into()]));

    ada.does("Delete", &contact, json!({})).is_done().await;
    world.clock.advance_seconds(61 * 24 * 60 * 60);
    assert_eq!(deletion::purge_of(&world.command_line().access().await).await.expect("a purge"), 2);
    let notes = note::Entity::find().filter(note::Column::AccountId.eq(world.account));
    assert_eq!(notes.count(&world.sql).await.expect("notes"), 0);
    let mentions = note_mention::Entity::find().filter(note_mention::Column::AccountId.eq(world.account));
    assert_eq!(mentions.count(&world.sql).await.expect("mentions"), 0);
    // The history stays, and says no more what they said.
    let entries =
        entity::activity::Entity::find().filter(entity::activity::Column::AccountId.eq(world.account));
    let entries = entries.all(&world.sql).await.expect("the history");
    let of_notes: Vec<_> = entries.iter().filter(|entry| entry.note_id.is_some()).collect();
    assert_eq!(of_notes.len(), 4);
    let values = entity::activity_value::Entity::find().all(&world.sql).await.expect("values");
    assert!(values.iter().all(|value| of_notes.iter().all(|entry| entry.id != value.activity_id)));
}

// G1
#[rstest]
#[tokio::test]
async fn the_newest_note_comes_first_and_pages_go_both_ways(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    for body in ["1", "2", "3", "4", "5"] {
        ada.writes(&contact, body).await.expect("a note");
    }
    assert_eq!(texts(&ada, &contact).await.expect("notes"), ["5", "4", "3", "2", "1"]);
    let page = async |arguments: &str| {
        let selection = format!(
            "notes({arguments}) {{ nodes {{ body }} pageInfo {{ hasNextPage startCursor endCursor }} }}"
        );
        let seen = ada.looks_at(&contact, &selection).await["notes"].clone();
        let bodies: String = seen["nodes"]
            .as_array()
            .expect("notes")
            .iter()
            .filter_map(|note| note["body"].as_str())
            .collect();
        (bodies, seen["pageInfo"].clone())
    };
    let (bodies, info) = page("first: 2").await;
    assert_eq!((bodies.as_str(), &info["hasNextPage"]), ("54", &json!(true)));
    let (bodies, info) = page(&format!("first: 2, after: {}", info["endCursor"])).await;
    assert_eq!(bodies, "32");
    assert_eq!(page(&format!("last: 5, before: {}", info["startCursor"])).await.0, "54");
    assert_eq!(page("last: 2").await.0, "21");
}

// G1
#[rstest]
#[tokio::test]
async fn a_page_of_notes_takes_as_many_statements_for_one_as_for_fifty(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let finn = world.user("Finn").restricted().create().await;
    for place in 0..3 {
        let contact = world.contact().owned_by(&ada).followed_by(&finn).create().await;
        for note in 0..if place == 0 { 50 } else { 3 } {
            ada.writes_to(&contact, &format!("Note {note}"), [&finn]).await.expect("a note");
        }
    }
    let document = format!(
        "query($first: Int!) {{ contacts(first: 3) {{ nodes {{ {} }} }} }}",
        NOTES.replace("notes {", "notes(first: $first) {")
    );
    for viewer in [&ada, &finn] {
        for first in [1, 10, 50] {
            let (answer, statements) = viewer.asks(&document, json!({ "first": first })).counted().await;
            let nodes = answer.data()["contacts"]["nodes"].as_array().expect("contacts").clone();
            let sizes: Vec<_> =
                nodes.iter().map(|node| node["notes"]["nodes"].as_array().expect("notes").len()).collect();
            assert_eq!(sizes, [first.min(3), first.min(3), first]);
            // Who asks, the contacts, the notes, counted; their records of both kinds, authors, mentions and their people.
            assert_eq!(statements.len(), 9, "{first} notes for {}: {statements:#?}", viewer.name);
        }
    }
}
