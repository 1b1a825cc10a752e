//! The real deals on their board, as three people see it: what it counts and adds up is what the file says of the deals
//! that they may see.

use std::collections::BTreeSet;

use policy::Permission::ViewLeadValue;
use retinue::domain::user::SetUser;
use serde_json::{Value, json};

use super::sheet::{Deal, Sheet};
use super::{Totals, totals};
use crate::world::{Person, World};

const BOARD: &str = "query($id: ID!, $filter: BoardFilter) { board(pipelineId: $id, filter: $filter) {
    count value { amount currency }
    stages { stage { name } count value { amount } opportunities(first: 50) {
        nodes { name contactName owner { name } followers { user { name } } daysInStage } totalCount { value } } } } }";

/// What the file says of some of its deals, by stage.
fn told(sheet: &Sheet, seen: impl Fn(&Deal) -> bool) -> Totals {
    let seen: Vec<Deal> = sheet.deals.iter().filter(|deal| seen(deal)).cloned().collect();
    totals(&seen, |deal| vec![&deal.stage])
}

fn cents(value: &Value) -> i64 {
    value["amount"].as_str().expect("an amount").replace('.', "").parse().expect("a number")
}

/// The board of a person, which says the same of its stages, of its cards and of itself.
async fn board(person: &Person, id: &str, filter: Value) -> (Totals, Vec<Value>) {
    let answer = person.asks(BOARD, json!({ "id": id, "filter": filter })).await;
    let board = answer.data()["board"].clone();
    let (mut found, mut cards) = (Totals::new(), Vec::new());
    for stage in board["stages"].as_array().expect("stages") {
        let count = stage["count"].as_u64().expect("a count");
        let nodes = stage["opportunities"]["nodes"].as_array().expect("cards");
        assert_eq!(nodes.len() as u64, count.min(50));
        assert_eq!(stage["opportunities"]["totalCount"]["value"], count);
        cards.extend(nodes.iter().cloned());
        if count > 0 {
            let name = stage["stage"]["name"].as_str().expect("a name").to_owned();
            found.insert(name, (count, cents(&stage["value"])));
        }
    }
    let whole = found.values().fold((0, 0), |whole, stage| (whole.0 + stage.0, whole.1 + stage.1));
    assert_eq!((board["count"].as_u64(), cents(&board["value"])), (Some(whole.0), whole.1));
    (found, cards)
}

// A1, A7, A9, G3
pub async fn assert_says_what_the_sheet_says(world: &World, sheet: &Sheet) {
    let id = world.pipeline.to_string();
    let agent = world.person_called(&sheet.deals[0].owner).await;
    let manager = world.person_called(&sheet.deals[0].followers[0]).await;
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    manager.becomes(SetUser { only_assigned_data: Some(true), ..SetUser::default() }).await;
    let owns = |deal: &Deal, person: &Person| deal.owner == person.name;
    let follows = |deal: &Deal, person: &Person| deal.followers.contains(&person.name);

    // Everything, as an agent sees it, and parts of it.
    let (found, cards) = board(&agent, &id, json!({})).await;
    assert_eq!(found, told(sheet, |_| true));
    assert_eq!(found.values().map(|(count, _)| count).sum::<u64>(), 7_375);
    let contacts: BTreeSet<&String> = sheet.deals.iter().map(|deal| &deal.contact).collect();
    for card in &cards {
        assert!(contacts.iter().any(|contact| card["contactName"] == contact.as_str()), "{card}");
        assert!(card["owner"]["name"].is_string() && card["daysInStage"].is_i64(), "{card}");
    }
    let (mine, _) = board(&agent, &id, json!({ "owner": { "me": true } })).await;
    assert_eq!(mine, told(sheet, |deal| owns(deal, &agent)));
    let (others, _) = board(&agent, &id, json!({ "owner": { "isNot": agent } })).await;
    assert_eq!(others, told(sheet, |deal| !owns(deal, &agent)));
    let (theirs, _) =
        board(&agent, &id, json!({ "followers": { "is": manager }, "statuses": ["WON"] })).await;
    assert_eq!(theirs, told(sheet, |deal| follows(deal, &manager) && deal.status == "WON"));

    // What the manager follows, and nothing else.
    let (found, cards) = board(&manager, &id, json!({})).await;
    let of_manager = told(sheet, |deal| follows(deal, &manager) || owns(deal, &manager));
    assert!(of_manager.values().all(|(count, _)| *count > 0) && of_manager != told(sheet, |_| true));
    assert_eq!(found, of_manager);
    for card in &cards {
        let names: Vec<&Value> = card["followers"]
            .as_array()
            .expect("followers")
            .iter()
            .map(|each| &each["user"]["name"])
            .collect();
        assert!(names.contains(&&json!(manager.name)) || card["owner"]["name"] == manager.name, "{card}");
    }
    let (of_agent, _) = board(&manager, &id, json!({ "owner": { "is": agent } })).await;
    assert_eq!(of_agent, told(sheet, |deal| follows(deal, &manager) && owns(deal, &agent)));

    // The same counts without a sum.
    let answer = nils.asks(BOARD, json!({ "id": id })).await;
    answer.has_errors(["FORBIDDEN board.stages.0.value", "FORBIDDEN board.value"]);
    let board = &answer.partial()["board"];
    assert_eq!((&board["count"], &board["value"]), (&json!(7_375), &Value::Null));
    let expected = told(sheet, |_| true);
    for stage in board["stages"].as_array().expect("stages") {
        let name = stage["stage"]["name"].as_str().expect("a name");
        let count = expected.get(name).map_or(0, |(count, _)| *count);
        assert_eq!((&stage["count"], &stage["value"]), (&json!(count), &Value::Null), "{name}");
    }
}
