//! Saved views: private or shared, checked as the lists check, and silent about what their readers may not see.

use policy::Permission::{ViewContacts, ViewLeadValue, ViewOpportunities};
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Person, World};

const LIST: &str = "query($kind: SavedViewKind!) { savedViews(kind: $kind) {
    id name kind isShared filter sort columns version viewerMayEdit owner { name } } }";

const ONE: &str =
    "query($id: ID!) { savedView(id: $id) { name isShared filter sort columns version viewerMayEdit }
    node(id: $id) { id } }";

fn with(mut input: Value, more: Value) -> Value {
    input.as_object_mut().expect("input").extend(more.as_object().cloned().expect("more"));
    input
}

fn view(name: &str, more: Value) -> Value {
    with(json!({ "kind": "OPPORTUNITIES", "name": name }), more)
}

async fn save(person: &Person, input: Value) -> String {
    let done = person.mutates("savedViewCreate", input).is_done().await;
    done["id"].as_str().expect("an id").to_owned()
}

/// The names of the views that somebody sees.
async fn names(person: &Person, kind: &str) -> Vec<String> {
    let answer = person.asks(LIST, json!({ "kind": kind })).await;
    let all = answer.data()["savedViews"].as_array().expect("views").clone();
    all.iter().map(|view| view["name"].as_str().expect("a name").to_owned()).collect()
}

#[rstest]
#[tokio::test]
async fn a_view_is_kept_as_it_was_given(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let filter = json!({
        "owner": { "me": true }, "statuses": ["OPEN", "WON"], "stageIds": [world.stages[0].to_string()]
    });
    let sort = json!({ "by": "NAME", "direction": "ASC" });
    let columns = json!(["name", "contactName", "owner", "stage", "monetaryValue"]);
    let input = view("  My  deals ", json!({ "filter": filter, "sort": sort, "columns": columns }));
    let done = ada.mutates("savedViewCreate", input).is_done().await;
    let id = done["id"].as_str().expect("an id").to_owned();
    let expected = json!({
        "id": id, "name": "My deals", "kind": "OPPORTUNITIES", "isShared": false, "filter": filter, "sort": sort,
        "columns": columns, "version": 1, "viewerMayEdit": true, "owner": { "name": "Ada" }
    });
    assert_eq!(done["savedView"], expected);
    ada.asks(LIST, json!({ "kind": "OPPORTUNITIES" })).sees(json!({ "savedViews": [expected] })).await;
    ada.asks(LIST, json!({ "kind": "CONTACTS" })).sees(json!({ "savedViews": [] })).await;

    // As it comes back, the list takes it.
    let list = "query($filter: OpportunityFilter, $sort: OpportunitySort) { opportunities(filter: $filter, sort: $sort) {
        nodes { name } } }";
    ada.asks(list, json!({ "filter": filter, "sort": sort }))
        .sees(json!({ "opportunities": { "nodes": [] } }))
        .await;

    let update = |more: Value| ada.mutates("savedViewUpdate", with(json!({ "id": id }), more));
    let done = update(json!({ "name": "Deals", "filter": null, "columns": ["name"] })).is_done().await;
    assert_eq!(
        done["savedView"],
        with(expected, json!({ "name": "Deals", "filter": null, "columns": ["name"], "version": 2 }))
    );
    update(json!({ "name": "Deals", "sort": sort, "isShared": null })).is_nothing_to_do().await;
    update(json!({})).is_nothing_to_do().await;
    let done = update(json!({ "sort": null, "columns": null })).is_done().await;
    assert_eq!((&done["savedView"]["sort"], &done["savedView"]["columns"]), (&Value::Null, &json!([])));
    let done = ada.mutates("savedViewDelete", json!({ "id": id })).is_done().await;
    assert_eq!(done, json!({ "id": id, "savedView": null }));
    assert_eq!(names(&ada, "OPPORTUNITIES").await, Vec::<String>::new());
}

#[rstest]
#[tokio::test]
async fn what_the_list_would_not_take_is_not_kept(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    let deep = (0..60).fold(json!({ "owner": { "me": true } }), |inside, _| json!({ "not": inside }));
    let many: Vec<String> = (0..101).map(|place| format!("stage_{place}")).collect();
    let cases = [
        (json!({ "filter": { "nobody": 1 } }), "filter"),
        (json!({ "filter": { "owner": { "me": true, "any": true } } }), "filter"),
        (json!({ "filter": { "owner": { "any": false } } }), "filter"),
        (json!({ "filter": { "owner": { "is": contact } } }), "filter"),
        (json!({ "filter": { "statuses": ["OPEN", "GONE"] } }), "filter"),
        (json!({ "filter": { "anyTag": ["vip"] } }), "filter"),
        (json!({ "filter": { "stageIds": many } }), "filter"),
        (json!({ "filter": "all of them" }), "filter"),
        (json!({ "filter": [1, 2] }), "filter"),
        (json!({ "filter": deep }), "filter"),
        (json!({ "sort": { "by": "COLOUR" } }), "sort"),
        (json!({ "sort": { "direction": "ASC" } }), "sort"),
        (json!({ "sort": {} }), "sort"),
        (json!({ "columns": ["name", "colour"] }), "columns.1"),
        (json!({ "columns": ["name", "owner", "name"] }), "columns.2"),
        (json!({ "columns": ["displayName"] }), "columns.0"),
        (json!({ "name": "" }), "name"),
    ];
    let id = save(&ada, view("Good", json!({ "filter": { "owner": { "me": true } } }))).await;
    for (more, field) in cases {
        let path: Vec<&str> = ["input"].into_iter().chain(field.split('.')).collect();
        let created = with(view("Bad", json!({})), more.clone());
        let error = ada.mutates("savedViewCreate", created).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(path), "{more}");
        let updated = with(json!({ "id": id }), more.clone());
        let error = ada.mutates("savedViewUpdate", updated).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(path), "{more}");
    }
    // Everything that is wrong is told at once.
    let all = view("", json!({ "filter": { "nobody": 1 }, "sort": {}, "columns": ["colour"] }));
    assert_eq!(ada.mutates("savedViewCreate", all).are_refused().await.len(), 4);
    // What lists contacts is read as their list reads.
    let tagged = json!({ "kind": "CONTACTS", "name": "VIP", "filter": { "anyTag": ["vip"] }, "columns": ["displayName"] });
    save(&ada, tagged).await;
    let wrong = json!({ "kind": "CONTACTS", "name": "Open", "filter": { "statuses": ["OPEN"] } });
    ada.mutates("savedViewCreate", wrong).is_refused("INVALID_INPUT").await;
}

// A7: another's private view is as one that is not there, to an admin too.
#[rstest]
#[tokio::test]
async fn a_private_view_is_its_owners_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let admin = world.user("Admin").admin().create().await;
    let id = save(&ada, view("Mine", json!({}))).await;
    let unknown = world.base.ids.next::<entity::SavedViewId>().to_string();
    for who in [&bob, &admin] {
        assert_eq!(names(who, "OPPORTUNITIES").await, Vec::<String>::new());
        for (name, more) in [
            ("savedViewUpdate", json!({ "name": "X", "filter": { "no": 1 } })),
            ("savedViewDelete", json!({})),
        ] {
            let hidden = who.mutates(name, with(json!({ "id": id }), more.clone())).changes_nothing().await;
            let missing = who.mutates(name, with(json!({ "id": unknown }), more)).changes_nothing().await;
            assert_eq!(hidden.payload()["userErrors"][0]["code"], "NOT_FOUND");
            assert_eq!(hidden.text, missing.text);
        }
        let (hidden, statements) = who.asks(ONE, json!({ "id": id })).counted().await;
        let (missing, others) = who.asks(ONE, json!({ "id": unknown })).counted().await;
        hidden.sees(&json!({ "savedView": null, "node": null }));
        assert_eq!((hidden.text, statements), (missing.text, others));
    }
    // Its name is free for everybody else.
    save(&bob, view("Mine", json!({}))).await;
    save(&admin, view("Mine", json!({ "isShared": true }))).await;
    assert_eq!(names(&ada, "OPPORTUNITIES").await, ["Mine", "Mine"]);
}

#[rstest]
#[tokio::test]
async fn a_shared_view_is_read_by_all_and_changed_by_few(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let admin = world.user("Admin").admin().create().await;
    let id =
        save(&ada, view("Team", json!({ "isShared": true, "filter": { "owner": { "none": true } } }))).await;
    let seen = |may_edit: bool, version: i64| {
        json!({
            "savedView": {
                "name": "Team", "isShared": true, "filter": { "owner": { "none": true } }, "sort": null, "columns": [],
                "version": version, "viewerMayEdit": may_edit
            },
            "node": { "id": id }
        })
    };
    saga.asks(ONE, json!({ "id": id })).sees(seen(false, 1)).await;
    for (name, more) in [
        ("savedViewUpdate", json!({ "name": "X" })),
        // Denied comes before what cannot be taken.
        ("savedViewUpdate", json!({ "filter": { "nobody": 1 } })),
        ("savedViewDelete", json!({})),
    ] {
        let error = saga.mutates(name, with(json!({ "id": id }), more)).is_refused("PERMISSION_DENIED").await;
        assert_eq!(error["field"], json!(["input", "id"]));
    }

    // An admin may mend it, but not hide it among its owner's own.
    admin.mutates("savedViewUpdate", json!({ "id": id, "columns": ["name"] })).is_done().await;
    admin.mutates("savedViewUpdate", json!({ "id": id, "columns": [] })).is_done().await;
    admin.asks(ONE, json!({ "id": id })).sees(seen(true, 3)).await;
    let error = admin
        .mutates("savedViewUpdate", json!({ "id": id, "isShared": false }))
        .is_refused("PERMISSION_DENIED")
        .await;
    assert_eq!(error["field"], json!(["input", "isShared"]));
    ada.mutates("savedViewUpdate", json!({ "id": id, "isShared": false })).is_done().await;
    saga.asks(ONE, json!({ "id": id })).sees(json!({ "savedView": null, "node": null })).await;
    ada.mutates("savedViewUpdate", json!({ "id": id, "isShared": true })).is_done().await;

    // When its owner leaves, it stays, and an admin deletes it.
    ada.leaves().await;
    assert_eq!(names(&saga, "OPPORTUNITIES").await, ["Team"]);
    admin.mutates("savedViewDelete", json!({ "id": id })).is_done().await;
    assert_eq!(names(&saga, "OPPORTUNITIES").await, Vec::<String>::new());
}

// P3
#[rstest]
#[tokio::test]
async fn without_the_module_there_are_no_views_of_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let mut ids = Vec::new();
    for kind in ["CONTACTS", "OPPORTUNITIES"] {
        ids.push(save(&ada, json!({ "kind": kind, "name": kind, "isShared": true })).await);
        ids.push(save(&ada, json!({ "kind": kind, "name": kind })).await);
    }
    for (lost, kind, other) in
        [(ViewContacts, "CONTACTS", "OPPORTUNITIES"), (ViewOpportunities, "OPPORTUNITIES", "CONTACTS")]
    {
        ada.loses(lost).await;
        assert_eq!(names(&ada, kind).await, Vec::<String>::new());
        assert_eq!(names(&ada, other).await, [other, other]);
        let error = ada
            .mutates("savedViewCreate", json!({ "kind": kind, "name": "X" }))
            .is_refused("PERMISSION_DENIED")
            .await;
        assert_eq!(error["permission"], lost.name());
        let own = &ids[if kind == "CONTACTS" { 1 } else { 3 }];
        ada.asks(ONE, json!({ "id": own })).sees(json!({ "savedView": null, "node": null })).await;
        ada.mutates("savedViewDelete", json!({ "id": own })).is_refused("NOT_FOUND").await;
        ada.is_granted(lost).await;
        assert_eq!(names(&ada, kind).await, [kind, kind]);
    }
}

// A9
#[rstest]
#[tokio::test]
async fn a_view_of_values_needs_to_see_values(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    let filter = json!({ "or": [{ "owner": { "me": true } }, { "not": { "monetaryValue": { "atLeast": "77123" } } }] });
    let sort = json!({ "by": "MONETARY_VALUE", "direction": "ASC" });
    let contacts = json!({ "opportunities": { "some": { "monetaryValue": { "atLeast": "77123" } } } });
    let own = save(&nils, view("Mine", json!({}))).await;
    for (more, field) in [
        (json!({ "filter": filter }), "filter"),
        (json!({ "sort": sort }), "sort"),
        (json!({ "columns": ["name", "monetaryValue"] }), "columns"),
        // Denied comes before what cannot be taken.
        (json!({ "name": "", "sort": sort }), "sort"),
    ] {
        for (name, input) in [
            ("savedViewCreate", with(view("Rich", json!({})), more.clone())),
            ("savedViewUpdate", with(json!({ "id": own }), more.clone())),
        ] {
            let error = nils.mutates(name, input).is_refused("PERMISSION_DENIED").await;
            assert_eq!(
                error,
                json!({ "code": "PERMISSION_DENIED", "field": ["input", field], "permission": "VIEW_LEAD_VALUE" })
            );
        }
    }
    let of_contacts = json!({ "kind": "CONTACTS", "name": "Rich", "isShared": true, "filter": contacts });
    nils.mutates("savedViewCreate", of_contacts.clone()).is_refused("PERMISSION_DENIED").await;

    // Whoever may not see values reads that the view is there, and not by what it picks.
    let more =
        json!({ "isShared": true, "filter": filter, "sort": sort, "columns": ["name", "monetaryValue"] });
    let id = save(&ada, view("Rich", more)).await;
    save(&ada, of_contacts).await;
    let answer = nils.asks(LIST, json!({ "kind": "OPPORTUNITIES" })).await;
    answer.has_errors(["FORBIDDEN savedViews.1.filter", "FORBIDDEN savedViews.1.sort"]);
    assert_eq!(
        answer.partial()["savedViews"][1],
        json!({
            "id": id, "name": "Rich", "kind": "OPPORTUNITIES", "isShared": true, "filter": null, "sort": null,
            "columns": ["name", "monetaryValue"], "version": 1, "viewerMayEdit": false, "owner": { "name": "Ada" }
        })
    );
    assert!(!answer.text.contains("77123"), "{}", answer.text);
    let answer = nils.asks(LIST, json!({ "kind": "CONTACTS" })).await;
    answer.has_errors(["FORBIDDEN savedViews.0.filter"]);
    assert!(!answer.text.contains("77123"), "{}", answer.text);
    ada.asks("query($id: ID!) { savedView(id: $id) { filter sort } }", json!({ "id": id }))
        .sees(json!({ "savedView": { "filter": filter, "sort": sort } }))
        .await;

    // Whoever loses the right keeps the view, and may still rename it.
    ada.loses(ViewLeadValue).await;
    ada.asks(ONE, json!({ "id": id }))
        .await
        .has_errors(["FORBIDDEN savedView.filter", "FORBIDDEN savedView.sort"]);
    let answer = ada.mutates("savedViewUpdate", json!({ "id": id, "name": "Richer" })).await;
    answer.has_errors([
        "FORBIDDEN savedViewUpdate.savedView.filter",
        "FORBIDDEN savedViewUpdate.savedView.sort",
    ]);
    assert_eq!(answer.partial()["savedViewUpdate"]["savedView"]["name"], "Richer");
}

// A7: ids in a filter are text of its owner; nobody learns from saving or reading one whether they name anything.
#[rstest]
#[tokio::test]
async fn ids_in_a_view_tell_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let hidden = world.contact().owned_by(&ada).create().await;
    world.opportunity(&hidden).owned_by(&saga).create().await;
    let unknown = world.contact_with(world.base.ids.next());
    let mut told = Vec::new();
    for contact in [&hidden, &unknown] {
        let input = view("By contact", json!({ "filter": { "contactId": contact } }));
        let (answer, statements) = saga.mutates("savedViewCreate", input).counted().await;
        let mut done = answer.done();
        let id = done["id"].take();
        assert_eq!(done["savedView"]["filter"]["contactId"].take(), json!(contact));
        done["savedView"]["id"].take();
        told.push((done, statements.len()));
        saga.mutates("savedViewDelete", json!({ "id": id })).is_done().await;
    }
    assert_eq!(told[0], told[1]);

    // A shared one says to its reader what its owner wrote, whatever that names, and the list answers as ever.
    let of_hidden = json!({ "isShared": true, "filter": { "contactId": hidden } });
    let id = save(&ada, view("Hidden", of_hidden)).await;
    let seen = saga.asks(ONE, json!({ "id": id })).await;
    assert_eq!(seen.data()["savedView"]["filter"], json!({ "contactId": hidden }));
    let list =
        "query($filter: OpportunityFilter) { opportunities(filter: $filter) { totalCount { value } } }";
    for contact in [&hidden, &unknown] {
        saga.asks(list, json!({ "filter": { "contactId": contact } }))
            .sees(json!({ "opportunities": { "totalCount": { "value": 0 } } }))
            .await;
    }
}

#[rstest]
#[tokio::test]
async fn names_are_unique_where_the_view_stands(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let own = save(&ada, view("Deals", json!({}))).await;
    let shared = save(&ada, view("Deals", json!({ "isShared": true }))).await;
    save(&ada, json!({ "kind": "CONTACTS", "name": "Deals" })).await;
    for (who, input) in
        [(&ada, view(" DEALS", json!({}))), (&bob, view("deals", json!({ "isShared": true })))]
    {
        let error = who.mutates("savedViewCreate", input).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", "name"]));
    }
    for (id, is_shared) in [(&own, true), (&shared, false)] {
        let input = json!({ "id": id, "isShared": is_shared });
        let error = ada.mutates("savedViewUpdate", input).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", "name"]));
    }
    ada.mutates("savedViewUpdate", json!({ "id": own, "name": "deals" })).is_done().await;
    save(&bob, view("Deals", json!({}))).await;
}

// R6
#[rstest]
#[tokio::test]
async fn a_stale_version_is_refused_with_the_view_as_it_is(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let id = save(&ada, view("Deals", json!({}))).await;
    ada.mutates("savedViewUpdate", json!({ "id": id, "name": "Others", "expectedVersion": 1 }))
        .is_done()
        .await;
    for (name, more) in [("savedViewUpdate", json!({ "name": "X" })), ("savedViewDelete", json!({}))] {
        for version in [1, 3] {
            let input = with(json!({ "id": id, "expectedVersion": version }), more.clone());
            let answer = ada.mutates(name, input).changes_nothing().await;
            let payload = answer.payload();
            assert_eq!(payload["userErrors"][0]["code"], "STALE_VERSION");
            assert_eq!(payload["userErrors"][0]["currentVersion"], 2);
            assert_eq!((&payload["id"], &payload["savedView"]["name"]), (&Value::Null, &json!("Others")));
        }
    }
    ada.mutates("savedViewDelete", json!({ "id": id, "expectedVersion": 2 })).is_done().await;
}

#[rstest]
#[tokio::test]
async fn there_is_room_for_a_hundred_views_of_one_person(#[values(Sqlite, Postgres)] on: Kind) {
    use entity::saved_view::Kind as Of;
    use retinue::domain::patch::Patch;
    use retinue::domain::saved_view::{CreateSavedView, ViewFields, create};

    use crate::world::Acts as _;

    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let access = ada.access().await;
    for place in 0..100 {
        let kind = if place % 2 == 0 { Of::Contacts } else { Of::Opportunities };
        let name = Patch::Set(format!("View {place}"));
        let fields = ViewFields { name, shared: Some(place % 3 == 0), ..ViewFields::default() };
        create(&access, &CreateSavedView { kind, fields }).await.expect("there is room");
    }
    let error = ada.mutates("savedViewCreate", view("One more", json!({}))).is_refused("LIMIT_REACHED").await;
    assert_eq!(error, json!({ "code": "LIMIT_REACHED", "field": ["input"], "limit": 100, "present": 100 }));
    save(&bob, view("One more", json!({}))).await;
}
