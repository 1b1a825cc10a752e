//! The account's list of lost reasons, and what it says of opportunities (R1).

use entity::activity::Cause;
use entity::member;
use entity::opportunity::Status;
use policy::Permission::{ManagePipelines, ViewOpportunities};
use retinue::domain::opportunity::{CreateOpportunity, create_in};
use retinue::domain::patch::Patch;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World};

fn names(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list").iter().enumerate();
    list.map(|(place, reason)| {
        assert_eq!(reason["position"], json!(place), "the places are dense");
        reason["name"].as_str().expect("a name").to_owned()
    })
    .collect()
}

async fn listed(person: &Person) -> Vec<String> {
    names(&person.reads("{ lostReasons { name position } }").await.data()["lostReasons"])
}

async fn offers(person: &Person, name: &str) -> String {
    let done = person.mutates("lostReasonCreate", json!({ "name": name })).is_done().await;
    done["id"].as_str().expect("an id").to_owned()
}

async fn manager(world: &World) -> Person {
    world.user("Mia").also_holding([ManagePipelines]).create().await
}

// R1, design 8
#[rstest]
#[tokio::test]
async fn the_list_is_kept_in_its_order(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = manager(&world).await;
    let before = world.settings().await.access_version;
    let price = offers(&mia, " Too  expensive ").await;
    let rival = offers(&mia, "Rival").await;
    let input = json!({ "name": "No answer", "position": 0 });
    let done = mia.mutates("lostReasonCreate", input).is_done().await;
    assert_eq!(names(&done["lostReasons"]), ["No answer", "Too expensive", "Rival"]);
    let silent = done["id"].as_str().expect("an id").to_owned();
    assert_eq!(world.settings().await.access_version, before + 3);

    mia.mutates("lostReasonRename", json!({ "id": price, "name": "Price" })).is_done().await;
    mia.mutates("lostReasonRename", json!({ "id": price, "name": "Price" })).is_nothing_to_do().await;
    let order = json!({ "lostReasonIds": [rival, price, silent] });
    mia.mutates("lostReasonReorder", order.clone()).is_done().await;
    mia.mutates("lostReasonReorder", order).is_nothing_to_do().await;
    assert_eq!(listed(&mia).await, ["Rival", "Price", "No answer"]);
    let done = mia.mutates("lostReasonDelete", json!({ "id": rival })).is_done().await;
    assert_eq!(names(&done["lostReasons"]), ["Price", "No answer"]);

    for (name, input, code, field) in [
        ("lostReasonCreate", json!({ "name": "PRICE" }), "INVALID_INPUT", "name"),
        ("lostReasonCreate", json!({ "name": " " }), "INVALID_INPUT", "name"),
        ("lostReasonCreate", json!({ "name": "X", "position": 3 }), "INVALID_INPUT", "position"),
        ("lostReasonRename", json!({ "id": silent, "name": "price" }), "INVALID_INPUT", "name"),
        ("lostReasonRename", json!({ "id": rival, "name": "X" }), "NOT_FOUND", "id"),
        ("lostReasonReorder", json!({ "lostReasonIds": [price] }), "INVALID_INPUT", "lostReasonIds"),
        ("lostReasonDelete", json!({ "id": "lostreason_no" }), "NOT_FOUND", "id"),
    ] {
        let error = mia.mutates(name, input).is_refused(code).await;
        assert_eq!(error["field"], json!(["input", field]), "{name}");
    }
}

// R1: whoever sees opportunities reads it, whoever arranges pipelines changes it.
#[rstest]
#[tokio::test]
async fn the_list_is_for_those_who_see_opportunities(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = manager(&world).await;
    let id = offers(&mia, "Price").await;
    let ada = world.user("Ada").restricted().holding([ViewOpportunities]).create().await;
    let only = world.user("Only").restricted().holding([ManagePipelines]).create().await;
    let nemo = world.user("Nemo").holding([]).create().await;
    assert_eq!(listed(&ada).await, ["Price"]);
    assert_eq!(listed(&only).await, ["Price"]);
    assert_eq!(listed(&nemo).await, Vec::<String>::new());
    let calls = [
        ("lostReasonRename", json!({ "id": id, "name": "X" })),
        ("lostReasonReorder", json!({ "lostReasonIds": [id] })),
        ("lostReasonDelete", json!({ "id": id })),
    ];
    for (name, input) in &calls {
        let error = ada.mutates(name, input.clone()).is_refused("PERMISSION_DENIED").await;
        assert_eq!(error["permission"], "MANAGE_PIPELINES", "{name}");
        nemo.mutates(name, input.clone()).is_refused("NOT_FOUND").await;
    }
    for (name, input) in [
        ("lostReasonCreate", json!({ "name": "X" })),
        ("lostReasonSettingsSave", json!({ "onlyListed": true })),
    ] {
        for who in [&ada, &nemo] {
            who.mutates(name, input.clone()).is_refused("PERMISSION_DENIED").await;
        }
    }
    only.mutates("lostReasonCreate", json!({ "name": "Rival" })).is_done().await;
}

// R1: an opportunity keeps the words that it was given.
#[rstest]
#[tokio::test]
async fn an_opportunity_keeps_its_words(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mia = manager(&world).await;
    let price = offers(&mia, "Too expensive").await;
    let deal = world.opportunity(&world.contact().create().await).create().await;
    let loses =
        |reason: &str| mia.does("SetStatus", &deal, json!({ "status": "LOST", "lostReason": reason }));
    // A listed reason is written as the list writes it, and any other text is taken too.
    loses("  too EXPENSIVE ").is_done().await;
    assert_eq!(deal.row().await.lost_reason.as_deref(), Some("Too expensive"));
    loses("Moved away").is_done().await;
    assert_eq!(deal.row().await.lost_reason.as_deref(), Some("Moved away"));
    loses("too expensive").is_done().await;

    mia.mutates("lostReasonRename", json!({ "id": price, "name": "Price" })).is_done().await;
    mia.mutates("lostReasonDelete", json!({ "id": price })).is_done().await;
    assert_eq!(deal.row().await.lost_reason.as_deref(), Some("Too expensive"));
}

// R1: where only listed reasons are taken.
#[rstest]
#[tokio::test]
async fn a_setting_takes_only_listed_reasons(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mia = manager(&world).await;
    offers(&mia, "Price").await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    let sets = |input: Value| mia.does("SetStatus", &deal, input);
    sets(json!({ "status": "LOST", "lostReason": "Moved away" })).is_done().await;

    let save = |only: bool| mia.mutates("lostReasonSettingsSave", json!({ "onlyListed": only }));
    assert_eq!(save(true).is_done().await, json!({ "account": { "onlyListedLostReasons": true } }));
    save(true).is_nothing_to_do().await;
    for reason in ["Rival", "price list"] {
        let error = sets(json!({ "status": "LOST", "lostReason": reason })).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", "lostReason"]));
    }
    let made = json!({
        "contactId": contact, "pipelineId": world.pipeline.to_string(), "name": "Deal", "status": "LOST",
        "lostReason": "Rival"
    });
    mia.mutates("opportunityCreate", made).is_refused("INVALID_INPUT").await;
    // What it has stays, and may be said again; without a reason is fine.
    sets(json!({ "status": "LOST", "lostReason": "Moved away" })).is_nothing_to_do().await;
    sets(json!({ "status": "OPEN" })).is_done().await;
    sets(json!({ "status": "LOST" })).is_done().await;
    sets(json!({ "status": "LOST", "lostReason": "price" })).is_done().await;
    assert_eq!(deal.row().await.lost_reason.as_deref(), Some("Price"));

    // An import brings what its file says.
    let access = world.command_line().access().await;
    let mut unit = access.begin().await.expect("a change");
    unit.caused_by(Cause::Import);
    let wish = CreateOpportunity {
        status: Some(Status::Lost),
        lost_reason: Patch::Set("From the file".into()),
        ..world.opportunity_wish(contact.id)
    };
    create_in(&mut unit, &wish, member::Cause::Import).await.expect("taken in");
    unit.commit().await.expect("a commit");

    save(false).is_done().await;
    sets(json!({ "status": "LOST", "lostReason": "Rival" })).is_done().await;
}

// N1, A7
#[rstest]
#[tokio::test]
async fn changes_of_the_list_stand_in_the_history(#[values(Sqlite, Postgres)] on: Kind) {
    use entity::activity;
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

    let Some(world) = World::on(on).await else { return };
    let mia = manager(&world).await;
    let nemo = world.user("Nemo").holding([]).create().await;
    let id = offers(&mia, "Price").await;
    mia.mutates("lostReasonRename", json!({ "id": id, "name": "Cost" })).is_done().await;
    mia.mutates("lostReasonSettingsSave", json!({ "onlyListed": true })).is_done().await;
    mia.mutates("lostReasonDelete", json!({ "id": id })).is_done().await;
    let written = activity::Entity::find()
        .filter(activity::Column::AccountId.eq(world.account))
        .filter(activity::Column::Kind.starts_with("lost_reason"))
        .order_by_asc(activity::Column::Id)
        .all(&world.sql)
        .await
        .expect("the history is read");
    let kinds: Vec<&str> = written.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["lost_reason.created", "lost_reason.renamed", "lost_reason.settings_saved", "lost_reason.deleted"]
    );
    let node = "query($id: ID!) { node(id: $id) { ... on Activity { kind actor { name } changes { field before after } } } }";
    let one = json!({ "id": written[1].id.to_string() });
    mia.asks(node, one.clone())
        .sees(json!({ "node": {
            "kind": "lost_reason.renamed", "actor": { "name": "Mia" },
            "changes": [{ "field": "name", "before": "Price", "after": "Cost" }]
        } }))
        .await;
    nemo.asks(node, one).sees(json!({ "node": null })).await;
}
