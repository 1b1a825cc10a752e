//! The board of a pipeline: its stages, what each holds for the viewer, and the first cards.

use entity::opportunity::Status;
use policy::Permission::{ManagePipelines, ViewLeadValue, ViewOpportunities};
use retinue::domain::patch::Patch;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Opportunity, Person, World};

const BOARD: &str = "query($id: ID!, $filter: BoardFilter) { board(pipelineId: $id, filter: $filter) {
    count value { amount }
    stages { stage { name } count value { amount currency } opportunities(first: 2) {
        nodes { name contactName owner { name } followers { user { name } } daysInStage }
        pageInfo { hasNextPage } totalCount { value isExact } } } } }";

/// What a board shows of each stage: how many, worth how much, and the names of all its cards.
async fn columns(person: &Person, filter: &Value) -> Vec<(u64, String, Vec<String>)> {
    let document = "query($id: ID!, $filter: BoardFilter) { board(pipelineId: $id, filter: $filter) {
        count value { amount } stages { count value { amount } opportunities(sort: { by: NAME, direction: ASC }) {
            nodes { name monetaryValue { amount } } totalCount { value } } } } }";
    let id = person.world().pipeline.to_string();
    let answer = person.asks(document, json!({ "id": id, "filter": filter })).await;
    let board = answer.data()["board"].clone();
    let cents = |value: &Value| -> i64 {
        let text = value["amount"].as_str().unwrap_or("0.00").replace('.', "");
        text.parse().expect("a number")
    };
    let mut columns = Vec::new();
    let (mut count, mut sum) = (0, 0);
    for stage in board["stages"].as_array().expect("stages") {
        let nodes = stage["opportunities"]["nodes"].as_array().expect("cards");
        // What a stage says of its cards is what its cards say.
        assert_eq!(stage["count"], nodes.len(), "{filter} {stage:#}");
        assert_eq!(stage["opportunities"]["totalCount"]["value"], nodes.len());
        let worth: i64 = nodes.iter().map(|node| cents(&node["monetaryValue"])).sum();
        assert_eq!(cents(&stage["value"]), worth, "{filter} {stage:#}");
        count += nodes.len();
        sum += worth;
        let names = nodes.iter().map(|node| node["name"].as_str().expect("a name").to_owned());
        let amount = stage["value"]["amount"].as_str().expect("an amount").to_owned();
        columns.push((stage["count"].as_u64().expect("a count"), amount, names.collect()));
    }
    assert_eq!((&board["count"], cents(&board["value"])), (&json!(count), sum), "{filter}");
    columns
}

/// The names of the cards, stage by stage.
async fn cards(person: &Person, filter: Value) -> String {
    let columns = columns(person, &filter).await;
    columns.iter().map(|(_, _, names)| names.concat()).collect::<Vec<_>>().join("|")
}

async fn deal(world: &World, name: &str, stage: usize, people: (&Person, &[&Person])) -> Opportunity {
    let contact = world.contact().named(&format!("Contact of {name}")).create().await;
    let builder = world.opportunity(&contact).named(name).in_stage(world.stages[stage]).worth(10);
    let builder =
        people.1.iter().fold(builder.owned_by(people.0), |builder, person| builder.followed_by(person));
    builder.create().await
}

// G3
#[rstest]
#[tokio::test]
async fn a_board_shows_what_each_stage_holds_and_its_first_cards(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    for name in ["A", "B", "C"] {
        deal(&world, name, 0, (&ada, &[&bob])).await;
    }
    let moved = deal(&world, "D", 0, (&bob, &[])).await;
    ada.moves(&moved, world.stages[2]).await.expect("it moves");
    world.clock.advance_seconds(3 * 24 * 60 * 60 - 1);
    let card = |name: &str, owner: &str, followers: Value, days: i64| {
        json!({ "name": name, "contactName": format!("Contact of {name}"), "owner": { "name": owner },
            "followers": followers, "daysInStage": days })
    };
    let bobs = json!([{ "user": { "name": "Bob" } }]);
    let stage = |name: &str, count: u64, amount: &str, nodes: Value, more: bool| {
        json!({ "stage": { "name": name }, "count": count, "value": { "amount": amount, "currency": "EUR" },
            "opportunities": { "nodes": nodes, "pageInfo": { "hasNextPage": more },
                "totalCount": { "value": count, "isExact": true } } })
    };
    let first = json!([card("C", "Ada", bobs.clone(), 3), card("B", "Ada", bobs, 3)]);
    ada.asks(BOARD, json!({ "id": world.pipeline.to_string() }))
        .sees(json!({ "board": { "count": 4, "value": { "amount": "40.00" }, "stages": [
            stage("New", 3, "30.00", first, true),
            stage("Working", 0, "0.00", json!([]), false),
            stage("Agreed", 1, "10.00", json!([card("D", "Bob", json!([]), 2)]), false),
        ] } }))
        .await;
}

/// A and E: owned by Ada, followed by Bob. B: owned by Bob, followed by Ada and Cleo, won. C: nobody's. D: owned by Ada,
/// whom Bob followed until now; lost, and worth an unknown amount. F: owned by Bob, whom Cleo followed until now.
async fn six(world: &World, [ada, bob, cleo]: &[Person; 3]) {
    let until = world.in_seconds(30);
    let contact = world.contact().create().await;
    let of = |name: &str, stage: usize| world.opportunity(&contact).named(name).in_stage(world.stages[stage]);
    of("A", 0).owned_by(ada).followed_by(bob).worth(1).create().await;
    let won = of("B", 1).owned_by(bob).followed_by(ada).followed_by(cleo).worth(20).create().await;
    of("C", 1).worth(300).create().await;
    let lost = of("D", 2).owned_by(ada).followed_until(bob, until).create().await;
    of("E", 1).owned_by(ada).followed_by(bob).worth(4_000).create().await;
    of("F", 0).owned_by(bob).followed_until(cleo, until).worth(50_000).create().await;
    for (deal, status) in [(&won, Status::Won), (&lost, Status::Lost)] {
        world.command_line().closes(deal, status, Patch::Keep).await.expect("it is closed");
    }
    world.clock.advance_seconds(30);
}

// G3, F7: ended follows are none, though nobody has taken them off yet.
#[rstest]
#[tokio::test]
async fn counts_and_sums_go_by_the_boards_own_filters(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let people = world.users(["Ada", "Bob", "Cleo"]).await;
    six(&world, &people).await;
    let [ada, bob, cleo] = &people;
    for (filter, shown) in [
        (json!({}), "AF|BCE|D"),
        (json!({ "owner": null, "followers": null, "statuses": null }), "AF|BCE|D"),
        (json!({ "owner": { "is": ada } }), "A|E|D"),
        (json!({ "owner": { "me": true } }), "A|E|D"),
        (json!({ "owner": { "isNot": ada } }), "F|BC|"),
        (json!({ "owner": { "in": [ada, bob, ada] } }), "AF|BE|D"),
        (json!({ "owner": { "in": [] } }), "||"),
        (json!({ "followers": { "in": [bob, cleo] } }), "A|BE|"),
        (json!({ "owner": { "any": true } }), "AF|BE|D"),
        (json!({ "owner": { "none": true } }), "|C|"),
        (json!({ "followers": { "is": bob } }), "A|E|"),
        (json!({ "followers": { "isNot": bob } }), "F|BC|D"),
        (json!({ "followers": { "is": cleo } }), "|B|"),
        (json!({ "followers": { "isNot": cleo } }), "AF|CE|D"),
        (json!({ "followers": { "me": true } }), "|B|"),
        (json!({ "followers": { "any": true } }), "A|BE|"),
        (json!({ "followers": { "none": true } }), "F|C|D"),
        (json!({ "owner": { "is": bob }, "followers": { "is": ada } }), "|B|"),
        (json!({ "owner": { "any": true }, "followers": { "none": true } }), "F||D"),
        (json!({ "owner": { "me": true }, "followers": { "me": true } }), "||"),
        (json!({ "statuses": ["OPEN"] }), "AF|CE|"),
        (json!({ "statuses": ["WON", "LOST"] }), "|B|D"),
        (json!({ "statuses": [] }), "||"),
        (json!({ "statuses": ["OPEN"], "owner": { "isNot": bob } }), "A|CE|"),
        (json!({ "statuses": ["LOST"], "followers": { "isNot": bob } }), "||D"),
        (json!({ "statuses": ["OPEN"], "followers": { "is": cleo } }), "||"),
    ] {
        assert_eq!(cards(ada, filter.clone()).await, shown, "{filter}");
    }
}

// A7: what a restricted viewer counts is what they own or follow, whoever the filter names.
#[rstest]
#[tokio::test]
async fn a_restricted_viewer_counts_what_they_see(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let [bob, cleo] =
        [world.user("Bob").restricted().create().await, world.user("Cleo").restricted().create().await];
    let people = [ada, bob, cleo];
    six(&world, &people).await;
    let [ada, bob, cleo] = &people;
    let saga = world.user("Saga").restricted().create().await;
    for (filter, of_bob, of_cleo) in [
        (json!({}), "AF|BE|", "|B|"),
        (json!({ "owner": { "is": ada } }), "A|E|", "||"),
        (json!({ "owner": { "is": bob } }), "F|B|", "|B|"),
        (json!({ "owner": { "isNot": ada } }), "F|B|", "|B|"),
        (json!({ "owner": { "isNot": bob } }), "A|E|", "||"),
        (json!({ "owner": { "in": [ada, bob] } }), "AF|BE|", "|B|"),
        (json!({ "owner": { "any": true } }), "AF|BE|", "|B|"),
        (json!({ "owner": { "none": true } }), "||", "||"),
        (json!({ "owner": { "me": true } }), "F|B|", "||"),
        (json!({ "followers": { "me": true } }), "A|E|", "|B|"),
        (json!({ "followers": { "is": bob } }), "A|E|", "||"),
        (json!({ "followers": { "isNot": bob } }), "F|B|", "|B|"),
        (json!({ "followers": { "is": cleo } }), "|B|", "|B|"),
        (json!({ "followers": { "isNot": cleo } }), "AF|E|", "||"),
        (json!({ "followers": { "any": true } }), "A|BE|", "|B|"),
        (json!({ "followers": { "none": true } }), "F||", "||"),
        (json!({ "owner": { "me": true }, "followers": { "any": true } }), "|B|", "||"),
        (json!({ "statuses": ["WON"] }), "|B|", "|B|"),
    ] {
        assert_eq!(cards(bob, filter.clone()).await, of_bob, "{filter}");
        assert_eq!(cards(cleo, filter.clone()).await, of_cleo, "{filter}");
        assert_eq!(cards(&saga, filter.clone()).await, "||", "{filter}");
    }
}

// A9
#[rstest]
#[tokio::test]
async fn sums_are_null_with_one_error_for_whoever_lacks_lead_value(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    for stage in 0..3 {
        deal(&world, "A", stage, (&nils, &[])).await;
    }
    let document = "query($id: ID!) { board(pipelineId: $id) { count value { amount } stages {
        count value { amount currency } opportunities { nodes { name monetaryValue { amount } } } } } }";
    let answer = nils.asks(document, json!({ "id": world.pipeline.to_string() })).await;
    answer.has_errors([
        "FORBIDDEN board.stages.0.opportunities.nodes.0.monetaryValue",
        "FORBIDDEN board.stages.0.value",
        "FORBIDDEN board.value",
    ]);
    let stage = json!({ "count": 1, "value": null, "opportunities": { "nodes": [{ "name": "A", "monetaryValue": null }] } });
    assert_eq!(
        answer.partial(),
        &json!({ "board": { "count": 3, "value": null, "stages": [stage, stage, stage] } })
    );
    assert!(!answer.text.contains("10.00") && !answer.text.contains("30.00"), "{}", answer.text);
}

// A7, P3
#[rstest]
#[tokio::test]
async fn a_pipeline_that_is_not_there_has_no_board(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let elsewhere = world.beside().await;
    let ada = world.user("Ada").create().await;
    deal(&world, "A", 0, (&ada, &[])).await;
    let blind = world.user("Blind").lacking([ViewOpportunities]).create().await;
    let plumber =
        world.user("Plumber").lacking([ViewOpportunities]).also_holding([ManagePipelines]).create().await;
    let here = world.pipeline.to_string();
    let ask = |person: &Person, id: &str| person.asks(BOARD, json!({ "id": id }));
    let missing = world.base.ids.next::<entity::PipelineId>().to_string();
    let (nothing, statements) = ask(&ada, &missing).counted().await;
    nothing.sees(&json!({ "board": null }));
    for id in
        [elsewhere.pipeline.to_string(), world.stages[0].to_string(), "pipeline_no".into(), String::new()]
    {
        let (answer, others) = ask(&ada, &id).counted().await;
        assert_eq!((answer.text, others), (nothing.text.clone(), statements.clone()), "{id}");
    }
    ask(&blind, &here).sees(json!({ "board": null })).await;
    // Pipelines are theirs to see, opportunities are not.
    for filter in [json!({}), json!({ "owner": { "is": ada } }), json!({ "followers": { "none": true } })] {
        assert_eq!(cards(&plumber, filter).await, "||");
    }
}

// G3
#[rstest]
#[tokio::test]
async fn a_filter_that_says_nothing_sensible_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    let id = world.pipeline.to_string();
    for filter in [
        json!({ "owner": { "is": contact } }),
        json!({ "owner": { "any": false } }),
        json!({ "followers": { "isNot": "" } }),
        json!({ "statuses": vec!["OPEN"; 101] }),
    ] {
        let answer = ada.asks(BOARD, json!({ "id": id, "filter": filter })).await;
        assert_eq!(answer.errors(), ["BAD_USER_INPUT board"], "{filter}");
    }
    for arguments in ["first: 201", "first: 1, last: 1", "after: \"no\""] {
        let document = format!(
            "query($id: ID!) {{ board(pipelineId: $id) {{ stages {{ opportunities({arguments}) {{ nodes {{ id }} }} }} }} }}"
        );
        let answer = ada.asks(document, json!({ "id": id })).await;
        // Each stage is asked alike: one error for all of them.
        let path = "BAD_USER_INPUT board.stages.0.opportunities";
        assert_eq!(answer.errors(), [path], "{arguments}");
    }
}

// G1
#[rstest]
#[tokio::test]
async fn a_column_goes_on_in_the_list_of_opportunities(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let finn = world.user("Finn").restricted().create().await;
    for name in ["A", "B", "C", "D", "E"] {
        deal(&world, name, 1, (&ada, &[&finn])).await;
        deal(&world, "X", 0, (&ada, &[&finn])).await;
    }
    let (id, stage) = (world.pipeline.to_string(), world.stages[1].to_string());
    for (sort, names) in [
        ("", "EDCBA"),
        (", sort: { by: NAME, direction: ASC }", "ABCDE"),
        (", sort: { by: CREATED_AT }", "EDCBA"),
    ] {
        for person in [&ada, &finn] {
            let board = format!(
                "query($id: ID!) {{ board(pipelineId: $id) {{ stages {{ opportunities(first: 2{sort}) {{
                    nodes {{ name }} pageInfo {{ endCursor hasNextPage }} }} }} }} }}"
            );
            let answer = person.asks(board, json!({ "id": id })).await;
            let column = &answer.data()["board"]["stages"][1]["opportunities"];
            assert_eq!(column["pageInfo"]["hasNextPage"], true);
            let rest = format!(
                "query($stage: ID!, $after: String) {{ opportunities(filter: {{ stageIds: [$stage] }}, first: 9,
                    after: $after{sort}) {{ nodes {{ name }} pageInfo {{ hasNextPage }} }} }}"
            );
            let variables = json!({ "stage": stage, "after": column["pageInfo"]["endCursor"] });
            let answer = person.asks(rest, variables).await;
            let rest = &answer.data()["opportunities"];
            let both =
                [&column["nodes"], &rest["nodes"]].map(|nodes| nodes.as_array().expect("nodes").clone());
            let both: String =
                both.concat().iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect();
            assert_eq!(both, names, "{sort}");
        }
    }
}

/// Everything that a screen shows of a board.
const SCREEN: &str = "query($id: ID!, $first: Int) { board(pipelineId: $id, filter: { statuses: [OPEN] }) {
    pipeline { name } count value { amount }
    stages { stage { name } count value { amount } opportunities(first: $first) {
        nodes { name contactName contact { displayName } owner { name } followers { user { name } } daysInStage
            monetaryValue { amount } viewerAccess { edit { allowed } } }
        pageInfo { hasNextPage endCursor } totalCount { value } } } } }";

/// Who asks; the pipeline, its stages, their totals, their cards; of these the contacts' names, the contacts, owners,
/// followers and their people.
const STATEMENTS: usize = 1 + 4 + 5;

#[rstest]
#[tokio::test]
async fn a_board_takes_the_same_statements_whatever_its_stages_and_cards(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let finn = world.user("Finn").restricted().create().await;
    let contact = world.contact().create().await;
    for count in [1, 5, 20] {
        let names: Vec<String> = (0..count).map(|place| format!("Stage {place}")).collect();
        let access = world.command_line().access().await;
        let mut unit = access.begin().await.expect("a change");
        let name = format!("Pipeline of {count}");
        let (pipeline, stages) = retinue::domain::pipeline::ensure(&unit, &name, &names).await.expect("made");
        for stage in &stages {
            for _ in 0..3 {
                let wish = retinue::domain::opportunity::CreateOpportunity {
                    stage: Some(stage.id),
                    owner: Patch::Set(ada.id),
                    followers: vec![bob.id, finn.id],
                    ..retinue::domain::opportunity::CreateOpportunity::new(contact.id, pipeline.id, "Deal")
                };
                let cause = entity::member::Cause::Manual;
                retinue::domain::opportunity::create_in(&mut unit, &wish, cause).await.expect("made");
            }
        }
        unit.commit().await.expect("a commit");
        for (person, first) in [(&ada, 1), (&ada, 50), (&finn, 1), (&finn, 50)] {
            let variables = json!({ "id": pipeline.id.to_string(), "first": first });
            let (answer, statements) = person.asks(SCREEN, variables).counted().await;
            let board = &answer.data()["board"];
            assert_eq!(board["count"], 3 * count);
            let stages = board["stages"].as_array().expect("stages");
            assert_eq!(stages.len(), count);
            for stage in stages {
                let nodes = stage["opportunities"]["nodes"].as_array().expect("cards");
                assert_eq!((nodes.len(), &stage["count"]), (first.min(3), &json!(3)));
                assert_eq!(nodes[0]["followers"].as_array().map(Vec::len), Some(2));
            }
            assert_eq!(statements.len(), STATEMENTS, "{count} stages, {first} cards: {statements:#?}");
        }
    }
}

#[rstest]
#[tokio::test]
async fn what_a_board_is_not_asked_it_does_not_look_up(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    let id = world.pipeline.to_string();
    // Beside who asks, which is always one.
    for (fields, expected) in [
        ("pipeline { name }", 1),
        ("stages { stage { name } }", 2),
        ("count value { amount } stages { count value { amount } }", 3),
        ("stages { opportunities { nodes { name } } }", 3),
        (
            "a: stages { opportunities(first: 1) { nodes { name } } } b: stages { opportunities(first: 1) { nodes { id } } }",
            3,
        ),
    ] {
        let document = format!("query($id: ID!) {{ board(pipelineId: $id) {{ {fields} }} }}");
        let (answer, statements) = ada.asks(document, json!({ "id": id })).counted().await;
        answer.data();
        assert_eq!(statements.len(), 1 + expected, "{fields}: {statements:#?}");
    }
    // A sum that is not shown is not read.
    let document =
        "query($id: ID!) { board(pipelineId: $id) { value { amount } stages { value { amount } } } }";
    let (answer, statements) = nils.asks(document, json!({ "id": id })).counted().await;
    assert_eq!((answer.errors().len(), statements.len()), (2, 3));
}
