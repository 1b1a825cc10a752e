//! Resuming: a subscriber that was cut anywhere goes on where it was, without loss and without doubles (N4).

use rstest::rstest;
use serde_json::{Value, json};

use super::Listens as _;
use super::ear::document;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

fn contact() -> String {
    document("contactChanged", "id", "activity { changes { field after } }")
}

fn name_in(event: &Value) -> Value {
    event["activity"]["changes"][0]["after"].clone()
}

// N4
#[rstest]
#[tokio::test]
async fn after_any_event_come_exactly_those_after_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda] = world.users(["Oda"]).await;
    let record = world.contact().owned_by(&oda).create().await;
    let mut ear = oda.listens(&contact(), json!({ "id": record })).await;
    let mut cursors = vec![ear.hears().await["at"].clone()];
    let names: Vec<String> = (0..5).map(|number| format!("Name {number}")).collect();
    for name in &names {
        oda.renames(&record, name).await.expect("renamed");
        let heard = ear.hears().await;
        assert_eq!(name_in(&heard), json!(name));
        cursors.push(heard["at"].clone());
    }
    drop(ear);

    let elsewhere = world.replica().await;
    for (seen, cursor) in cursors.iter().enumerate() {
        let mut ear = oda.on(&elsewhere).listens(&contact(), json!({ "id": record, "after": cursor })).await;
        for name in &names[seen..] {
            assert_eq!(name_in(&ear.hears().await), json!(name), "after {seen} events");
        }
        // The next one is one that happens now.
        oda.on(&elsewhere).renames(&record, &format!("Live {seen}")).await.expect("renamed");
        for live in 0..=seen {
            assert_eq!(name_in(&ear.hears().await), json!(format!("Live {live}")));
        }
    }
}

// N4, A7
#[rstest]
#[tokio::test]
async fn a_cursor_of_another_stream_or_none_at_all_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda] = world.users(["Oda"]).await;
    let record = world.contact().owned_by(&oda).create().await;
    let other = world.contact().owned_by(&oda).create().await;
    let mut ear = oda.listens(&contact(), json!({ "id": other })).await;
    let foreign = ear.hears().await["at"].clone();
    for after in [foreign, json!("7"), json!("")] {
        let answer = oda.opens(&contact(), json!({ "id": record, "after": after })).await;
        let answer = answer.err().expect("it does not open");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    }
}

// N4
#[rstest]
#[tokio::test]
async fn events_that_are_not_kept_any_more_are_no_quiet_gap(#[values(Sqlite, Postgres)] on: Kind) {
    use sea_orm::{ConnectionTrait as _, ExprTrait as _};

    let Some(world) = World::separate_on(on).await else { return };
    let [oda] = world.users(["Oda"]).await;
    let record = world.contact().owned_by(&oda).create().await;
    let mut ear = oda.listens(&contact(), json!({ "id": record })).await;
    let start = ear.hears().await["at"].clone();
    for name in ["One", "Two", "Three"] {
        oda.renames(&record, name).await.expect("renamed");
    }
    drop(ear);
    let topic = entity::TypedId::uuid(record.id);
    let old = sea_orm::sea_query::Query::delete()
        .from_table("stream_event")
        .and_where(sea_orm::sea_query::Expr::col("topic").eq(topic))
        .and_where(sea_orm::sea_query::Expr::col("number").lte(3))
        .take();
    world.sql.execute(&old).await.expect("deleted");

    let elsewhere = world.replica().await;
    let mut ear = oda.on(&elsewhere).listens(&contact(), json!({ "id": record, "after": start })).await;
    assert_eq!(ear.hears().await["kind"], "RELOAD");
    assert_eq!(name_in(&ear.hears().await), json!("Three"));
}
