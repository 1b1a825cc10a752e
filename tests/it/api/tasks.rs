//! Tasks: who sees, makes, changes and does them, what an assignee sees of a hidden record, and their order.

use entity::{TaskId, task};
use policy::Permission::{DeleteContacts, EditContacts, ViewContacts};
use retinue::domain::deletion;
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::document::mutation;
use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World};

const TASK: &str = "query($id: ID!) { node(id: $id) { ... on Task {
    title recordName isDone version record { id } assignee { name }
    viewerAccess { edit { allowed } complete { allowed } delete { allowed } } } } }";

const MINE: &str = "query($first: Int, $isDone: Boolean) { myTasks(first: $first, isDone: $isDone) {
    totalCount { value } nodes { title recordName record { id } isDone } } }";

/// Makes a task over the graph, for somebody or nobody.
async fn planned(person: &Person, record: &impl Named, assignee: Option<&Person>) -> String {
    let input = json!({ "recordId": record, "title": "Call", "assigneeId": assignee });
    person.mutates("taskCreate", input).is_done().await["id"].as_str().expect("an id").to_owned()
}

/// The titles of the tasks that are somebody's to do.
async fn mine(person: &Person, is_done: Option<bool>) -> Vec<String> {
    let answer = person.asks(MINE, json!({ "isDone": is_done })).await;
    let tasks = answer.data()["myTasks"]["nodes"].as_array().expect("tasks").clone();
    assert_eq!(answer.data()["myTasks"]["totalCount"]["value"], json!(tasks.len()));
    tasks.iter().map(|task| task["title"].as_str().expect("a title").to_owned()).collect()
}

// R5, A2, A8
#[rstest]
#[tokio::test]
async fn tasks_follow_their_record_and_their_assignee_sees_and_does_them(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Ada").admin().create().await;
    let owner = world.user("Oda").restricted().create().await;
    let finn = world.user("Finn").restricted().lacking([EditContacts]).create().await;
    let nora = world.user("Nora").restricted().lacking([EditContacts]).create().await;
    let nils = world.user("Nils").lacking([EditContacts]).create().await;
    let una = world.user("Una").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let vera = world.user("Vera").lacking([ViewContacts]).create().await;
    let contact = world
        .contact()
        .named("Bea")
        .owned_by(&owner)
        .followed_by(&finn)
        .followed_without_inheriting_by(&nora)
        .create()
        .await;
    // Whether they see the record, and whether they may edit it.
    for (person, sees, edits) in [
        (&admin, true, true),
        (&owner, true, true),
        (&finn, true, true),
        (&una, true, true),
        (&nora, true, false),
        (&nils, true, false),
        (&saga, false, false),
        (&vera, false, false),
    ] {
        let made = person.mutates("taskCreate", json!({ "recordId": contact, "title": "Own" }));
        match (sees, edits) {
            (true, true) => assert_eq!(made.is_done().await["task"]["title"], "Own"),
            (true, false) => drop(made.is_refused("PERMISSION_DENIED").await),
            (false, _) => drop(made.is_refused("NOT_FOUND").await),
        }
        for is_assignee in [false, true] {
            let id = planned(&admin, &contact, is_assignee.then_some(person)).await;
            let does = sees && edits || is_assignee;
            let node = person.asks(TASK, json!({ "id": id })).await;
            let seen = &node.data()["node"];
            let context = format!("{} {is_assignee}", person.name);
            if !sees && !is_assignee {
                assert_eq!(*seen, Value::Null, "{context}");
            } else {
                assert_eq!(seen["record"], if sees { json!({ "id": contact }) } else { Value::Null });
                assert_eq!(seen["recordName"], "Bea");
                let allowed = |allowed: bool| json!({ "allowed": allowed });
                let access =
                    json!({ "edit": allowed(edits), "complete": allowed(does), "delete": allowed(edits) });
                assert_eq!(seen["viewerAccess"], access, "{context}");
            }
            let expect = |may: bool| match (sees || is_assignee, may) {
                (false, _) => Some("NOT_FOUND"),
                (true, false) => Some("PERMISSION_DENIED"),
                (true, true) => None,
            };
            for (name, more, may) in [
                ("taskUpdate", json!({ "title": "Write" }), edits),
                ("taskUpdate", json!({ "assigneeId": null }), false),
                ("taskComplete", json!({}), does),
                ("taskReopen", json!({}), does),
                ("taskDelete", json!({}), edits),
            ] {
                let mut input = json!({ "id": id });
                input.as_object_mut().expect("input").extend(more.as_object().cloned().expect("more"));
                // Taking it off its assignee is an edit too, but would end what this one shows.
                if name == "taskUpdate" && more.get("assigneeId").is_some() && edits {
                    continue;
                }
                let call = person.mutates(name, input);
                match expect(may) {
                    Some(code) => drop(call.is_refused(code).await),
                    None => {
                        let done = call.is_done().await;
                        assert_eq!(done["record"].is_null(), !sees, "{context} {name}");
                    }
                }
            }
        }
    }
}

// R5, R6
#[rstest]
#[tokio::test]
async fn a_task_is_made_changed_done_and_opened_again(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let gone = world.user("Gone").create().await;
    gone.leaves().await;
    let elsewhere = world.beside().await.user("Else").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).named("Chairs").owned_by(&ada).create().await;
    let before = ada.looks_at(&deal, "version updatedAt").await;
    let input = json!({ "recordId": deal, "title": "  Call   them ", "body": " a\r\nb ", "assigneeId": bob,
        "dueAt": "2026-02-01T10:00:00+01:00" });
    let done = ada.mutates("taskCreate", input).is_done().await;
    let id = done["id"].clone();
    let task = json!({ "id": id, "title": "Call them", "body": "a\nb", "dueAt": "2026-02-01T09:00:00Z",
        "isDone": false, "completedAt": null, "recordName": "Chairs", "version": 1, "assignee": { "name": "Bob" },
        "completedBy": null, "author": { "name": "Ada" } });
    let record = json!({ "__typename": "Opportunity", "id": deal });
    assert_eq!(done, json!({ "id": id, "task": task, "record": record }));
    let call = |name: &str, more: Value| {
        let mut input = json!({ "id": id });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().expect("more"));
        ada.mutates(name, input)
    };
    call("taskUpdate", json!({ "title": "Call them", "assigneeId": bob, "expectedVersion": 1 }))
        .is_nothing_to_do()
        .await;
    let more = json!({ "title": "Write them", "body": null, "assigneeId": ada, "dueAt": null });
    let done = call("taskUpdate", more).is_done().await;
    assert_eq!(done["task"]["assignee"], json!({ "name": "Ada" }));
    assert_eq!((&done["task"]["body"], &done["task"]["dueAt"]), (&Value::Null, &Value::Null));
    assert_eq!(done["task"]["version"], 2);
    for person in [&gone, &elsewhere] {
        let error = call("taskUpdate", json!({ "assigneeId": person })).is_refused("NOT_FOUND").await;
        assert_eq!(error["field"], json!(["input", "assigneeId"]));
        let input = json!({ "recordId": deal, "title": "x", "assigneeId": person });
        ada.mutates("taskCreate", input).is_refused("NOT_FOUND").await;
    }
    for (field, value) in [("title", json!("")), ("title", Value::Null), ("body", json!("x".repeat(20_001)))]
    {
        let error = call("taskUpdate", json!({ field: value })).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", field]));
    }
    for name in ["taskUpdate", "taskComplete", "taskReopen", "taskDelete"] {
        let error = call(name, json!({ "expectedVersion": 1 })).is_refused("STALE_VERSION").await;
        assert_eq!(error["currentVersion"], 2);
    }
    call("taskReopen", json!({})).is_nothing_to_do().await;
    let done = call("taskComplete", json!({ "expectedVersion": 2 })).is_done().await;
    assert_eq!((&done["task"]["isDone"], &done["task"]["version"]), (&json!(true), &json!(3)));
    assert_eq!(done["task"]["completedBy"], json!({ "name": "Ada" }));
    assert_ne!(done["task"]["completedAt"], Value::Null);
    call("taskComplete", json!({ "expectedVersion": 3 })).is_nothing_to_do().await;
    let done = call("taskReopen", json!({})).is_done().await;
    assert_eq!((&done["task"]["completedAt"], &done["task"]["completedBy"]), (&Value::Null, &Value::Null));
    assert_eq!(ada.looks_at(&deal, "version updatedAt").await, before);

    let selection = "activity { nodes { kind task { id } note { id } causedBy { kind } changes { field before after } } }";
    let entry = |kind: &str, caused_by: Value, changes: Value| json!({ "kind": kind, "task": { "id": id }, "note": null, "causedBy": caused_by, "changes": changes });
    let change = |field: &str, before: Value, after: Value| json!({ "field": field, "before": before, "after": after });
    let mut entries =
        ada.looks_at(&deal, selection).await["activity"]["nodes"].as_array().expect("entries").clone();
    entries.pop();
    let done_at = entries[1]["changes"][0]["after"].clone();
    assert_eq!(
        entries,
        [
            entry("task.reopened", Value::Null, json!([change("completedAt", done_at.clone(), Value::Null)])),
            entry("task.completed", Value::Null, json!([change("completedAt", Value::Null, done_at)])),
            entry("task.assigned", Value::Null, json!([change("assignee", json!(bob), json!(ada))])),
            entry(
                "task.updated",
                Value::Null,
                json!([
                    change("title", json!("Call them"), json!("Write them")),
                    change("body", json!("a\nb"), Value::Null),
                    change("dueAt", json!("2026-02-01T09:00:00Z"), Value::Null),
                ])
            ),
            entry(
                "task.assigned",
                json!({ "kind": "task.created" }),
                json!([change("assignee", Value::Null, json!(bob))])
            ),
            entry(
                "task.created",
                Value::Null,
                json!([
                    change("title", Value::Null, json!("Call them")),
                    change("body", Value::Null, json!("a\nb")),
                    change("dueAt", Value::Null, json!("2026-02-01T09:00:00Z")),
                ])
            ),
        ]
    );
    let done = call("taskDelete", json!({ "expectedVersion": 4 })).is_done().await;
    assert_eq!(done, json!({ "id": id, "task": null, "record": record }));
    let last = ada.looks_at(&deal, "activity(first: 1) { nodes { kind task { id } } }").await;
    assert_eq!(last["activity"]["nodes"], json!([{ "kind": "task.deleted", "task": null }]));
}

// A8
#[rstest]
#[tokio::test]
async fn an_assignee_sees_the_name_of_a_hidden_record_and_nothing_more(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let contact = world.contact().named("Bea").owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).named("Chairs").owned_by(&ada).create().await;
    let made = ada
        .mutates("contactCreate", json!({ "emails": ["secret@example.com"], "phones": ["+4930123456"] }))
        .is_done()
        .await;
    let unnamed = made["id"].clone();
    ada.plans(&contact, "One", Some(&saga)).await.expect("a task");
    ada.plans(&deal, "Two", Some(&saga)).await.expect("a task");
    let input = json!({ "recordId": unnamed, "title": "Three", "assigneeId": saga });
    let third = ada.mutates("taskCreate", input).is_done().await["id"].clone();
    let answer = saga.asks(MINE, json!({})).await;
    let task = |title: &str, name: &str| json!({ "title": title, "recordName": name, "record": null, "isDone": false });
    let expected = [task("One", "Bea"), task("Two", "Chairs"), task("Three", "Unnamed contact")];
    assert_eq!(answer.data()["myTasks"]["nodes"], json!(expected));
    assert!(!answer.text.contains("secret") && !answer.text.contains("4930"), "{}", answer.text);
    // Doing it tells no more, and its history is the record's.
    let done = saga.mutates("taskComplete", json!({ "id": third })).is_done().await;
    assert_eq!((&done["record"], &done["task"]["recordName"]), (&Value::Null, &json!("Unnamed contact")));
    assert!(!saga.sees(&contact).await && !saga.sees(&deal).await);
    let entries = entity::activity::Entity::find().all(&world.sql).await.expect("the history");
    for entry in entries.iter().filter(|entry| entry.task_id.is_some()) {
        let node = "query($id: ID!) { node(id: $id) { id } }";
        saga.asks(node, json!({ "id": entry.id.to_string() })).sees(json!({ "node": null })).await;
    }
    // Of no use to anybody else.
    let una = world.user("Una").restricted().create().await;
    assert_eq!(mine(&una, None).await, Vec::<String>::new());
    assert_eq!(mine(&ada, None).await, Vec::<String>::new());
}

// R5
#[rstest]
#[tokio::test]
async fn open_tasks_come_by_their_time_and_done_ones_last(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    for (title, due) in [
        ("without one", None),
        ("late", Some("2026-03-01T09:00:00Z")),
        ("without another", None),
        ("soon", Some("2026-01-06T09:00:00Z")),
        ("overdue", Some("1900-01-01T00:00:00Z")),
        ("far", Some("9999-12-30T00:00:00Z")),
        ("done first", None),
        ("done last", Some("2026-01-06T09:00:00Z")),
    ] {
        let input = json!({ "recordId": contact, "title": title, "assigneeId": ada, "dueAt": due });
        let id = ada.mutates("taskCreate", input).is_done().await["id"].clone();
        if title.starts_with("done") {
            world.clock.advance_seconds(60);
            ada.mutates("taskComplete", json!({ "id": id })).is_done().await;
        }
    }
    let open = ["overdue", "soon", "late", "far", "without one", "without another"];
    let done = ["done last", "done first"];
    let all: Vec<&str> = open.iter().chain(&done).copied().collect();
    assert_eq!(mine(&ada, Some(false)).await, open);
    assert_eq!(mine(&ada, Some(true)).await, done);
    assert_eq!(mine(&ada, None).await, all);
    for (arguments, expected) in [
        ("first: 50", all.as_slice()),
        ("isDone: true", &done),
        ("isDone: false", &open),
        ("last: 3", &all[5..]),
    ] {
        let selection = format!("tasks({arguments}) {{ totalCount {{ value }} nodes {{ title }} }}");
        let seen = ada.looks_at(&contact, &selection).await["tasks"]["nodes"].clone();
        let titles: Vec<&str> = seen
            .as_array()
            .expect("tasks")
            .iter()
            .map(|task| task["title"].as_str().expect("a title"))
            .collect();
        assert_eq!(titles, expected, "{arguments}");
    }
    // Page by page, forth and back.
    let page = async |arguments: &str| {
        let document = format!(
            "{{ myTasks({arguments}) {{ nodes {{ title }} pageInfo {{ hasNextPage startCursor endCursor }} }} }}"
        );
        let answer = ada.reads(document).await.data()["myTasks"].clone();
        let titles = answer["nodes"].as_array().expect("tasks").clone();
        let titles: Vec<String> =
            titles.iter().map(|task| task["title"].as_str().expect("a title").to_owned()).collect();
        (titles, answer["pageInfo"].clone())
    };
    let (mut walked, mut info) = page("first: 3").await;
    while info["hasNextPage"] == true {
        let (titles, next) = page(&format!("first: 3, after: {}", info["endCursor"])).await;
        walked.extend(titles);
        info = next;
    }
    assert_eq!(walked, all);
    let back = page(&format!("last: 2, before: {}", info["startCursor"])).await.0;
    assert_eq!(back, all[4..6]);
}

// A7, R4
#[rstest]
#[tokio::test]
async fn a_hidden_task_is_as_one_that_never_was(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let hidden = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&hidden).owned_by(&ada).create().await;
    let gone = world.contact().owned_by(&ada).create().await;
    // R4: of a deleted record its assignee sees no task either.
    let of_gone = ada.plans(&gone, "Call", Some(&saga)).await.expect("a task");
    world.command_line().deletes(&gone).await.expect("it is deleted");
    let tasks = [
        ada.plans(&hidden, "Call", None).await.expect("a task"),
        ada.plans(&deal, "Call", Some(&ada)).await.expect("a task"),
        of_gone,
    ];
    assert_eq!(mine(&saga, None).await, Vec::<String>::new());
    let before = world.tables().await;
    for task in tasks {
        let unknown: TaskId = world.base.ids.next();
        for (document, input) in [
            ("query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }".to_owned(), None),
            (mutation("taskUpdate", ""), Some(json!({ "title": "", "assigneeId": saga }))),
            (mutation("taskComplete", ""), Some(json!({ "expectedVersion": 99 }))),
            (mutation("taskReopen", ""), Some(json!({}))),
            (mutation("taskDelete", ""), Some(json!({}))),
        ] {
            let variables = |id: TaskId| match &input {
                None => json!({ "id": id.to_string() }),
                Some(input) => {
                    let mut input = input.clone();
                    input["id"] = json!(id.to_string());
                    json!({ "input": input })
                }
            };
            let (one, statements) = saga.asks(&document, variables(task)).counted().await;
            let (other, others) = saga.asks(&document, variables(unknown)).counted().await;
            assert_eq!(one.text.replace(&task.to_string(), &unknown.to_string()), other.text, "{document}");
            assert_eq!(statements, others, "{document}");
        }
    }
    before.assert_same(&world.tables().await);
}

// R4, R5
#[rstest]
#[tokio::test]
async fn tasks_go_and_come_back_with_their_record_and_are_purged_with_it(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").also_holding([DeleteContacts]).create().await;
    let saga = world.user("Saga").restricted().create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    ada.plans(&contact, "On the contact", Some(&saga)).await.expect("a task");
    ada.plans(&deal, "On the deal", Some(&saga)).await.expect("a task");
    assert_eq!(mine(&saga, None).await, ["On the contact", "On the deal"]);
    ada.does("Delete", &contact, json!({})).is_done().await;
    assert_eq!(mine(&saga, None).await, Vec::<String>::new());
    ada.does("Restore", &contact, json!({})).is_done().await;
    assert_eq!(mine(&saga, None).await, ["On the contact", "On the deal"]);

    ada.does("Delete", &contact, json!({})).is_done().await;
    world.clock.advance_seconds(61 * 24 * 60 * 60);
    assert_eq!(deletion::purge_of(&world.command_line().access().await).await.expect("a purge"), 2);
    let tasks = task::Entity::find().filter(task::Column::AccountId.eq(world.account));
    assert_eq!(tasks.count(&world.sql).await.expect("tasks"), 0);
    let entries =
        entity::activity::Entity::find().filter(entity::activity::Column::AccountId.eq(world.account));
    let entries = entries.all(&world.sql).await.expect("the history");
    let of_tasks: Vec<_> = entries.iter().filter(|entry| entry.task_id.is_some()).collect();
    assert_eq!(of_tasks.len(), 4);
    let values = entity::activity_value::Entity::find().all(&world.sql).await.expect("values");
    assert!(values.iter().all(|value| of_tasks.iter().all(|entry| entry.id != value.activity_id)));
}

// G1
#[rstest]
#[tokio::test]
async fn pages_of_tasks_take_as_many_statements_for_one_as_for_fifty(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    for place in 0..50 {
        ada.plans(&contact, &format!("Task {place}"), Some(&saga)).await.expect("a task");
    }
    let selection = "totalCount { value } nodes { title recordName record { id } assignee { name }
        author { name } completedBy { name } viewerAccess { edit { allowed } complete { allowed } } }";
    for first in [1, 10, 50] {
        let document = format!("query($first: Int) {{ myTasks(first: $first) {{ {selection} }} }}");
        let (answer, statements) = saga.asks(document, json!({ "first": first })).counted().await;
        assert_eq!(answer.data()["myTasks"]["nodes"].as_array().map(Vec::len), Some(first));
        // Who asks, the tasks, counted; names, records and standings of both kinds, and people.
        assert_eq!(statements.len(), 10, "{statements:#?}");
        let document = format!(
            "query($first: Int) {{ contacts {{ nodes {{ tasks(first: $first) {{ {selection} }} }} }} }}"
        );
        let (answer, statements) = ada.asks(document, json!({ "first": first })).counted().await;
        let tasks = &answer.data()["contacts"]["nodes"][0]["tasks"]["nodes"];
        assert_eq!(tasks.as_array().map(Vec::len), Some(first));
        assert_eq!(statements.len(), 11, "{statements:#?}");
    }
}
