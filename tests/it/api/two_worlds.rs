//! Two accounts that differ only in what a viewer may not see give that viewer the same answers, after the same number
//! of statements (A7).

use rstest::rstest;
use serde_json::{Value, json};

use super::document::mutation;
use super::twin::{Renamed, Step, Twin};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::Setting;

/// What a contact says of itself.
const CONTACT: &str = "id displayName tags version createdAt updatedAt lastActivityAt owner { id name }
    followers { user { name } cause addedBy { name } addedAt inheritsEdit causedBy { kind at record { id } } }
    viewerAccess { edit { allowed reason permission } manageFollowers { allowed } removeFollowers { allowed }
        changeOwner { scope reason permission } }
    activity { totalCount { value } nodes { kind at cause actor { name } causedBy { kind } note { id } task { id }
        changes { field before after } } }
    notes { totalCount { value } nodes { id body author { name } mentions { name } viewerAccess { delete { allowed } } } }
    tasks { totalCount { value } nodes { id title isDone recordName record { id } assignee { name } } }
    opportunities(first: 2, sort: { by: NAME, direction: ASC }) {
        totalCount { value isExact } pageInfo { hasNextPage hasPreviousPage } edges { cursor node { id name status } }
    }";

/// What an opportunity says of itself.
const DEAL: &str = "id name contactName contact { id displayName } status stage { name } version createdAt updatedAt
    stageChangedAt statusChangedAt lastActivityAt
    monetaryValue { amount } owner { id name } followers { user { name } addedAt causedBy { kind record { id } } }
    viewerAccess { edit { allowed reason } changeOwner { scope reason permission } }
    activity { totalCount { value } nodes { kind at actor { name } changes { field before after } } }";

/// How much is asked of a twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Everything,
    /// Not every filter there is: they do not depend on the settings.
    Sights,
}

/// Everything that is asked of a twin, with what a filter or an id needs taken from it.
fn battery(twin: &Twin, asked_for: Asked) -> Vec<(String, Value)> {
    let mut asked = Vec::new();
    for (list, fields) in [("contacts", CONTACT), ("opportunities", DEAL)] {
        let page =
            "totalCount { value isExact } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
        let own = ["MONETARY_VALUE", "STAGE_CHANGED_AT", "STATUS_CHANGED_AT"];
        let own = if list == "contacts" { &[][..] } else { &own };
        for by in ["UPDATED_AT", "CREATED_AT", "NAME", "LAST_ACTIVITY_AT"].iter().chain(own) {
            for direction in ["ASC", "DESC"] {
                let sort = format!("sort: {{ by: {by}, direction: {direction} }}");
                asked.push((format!("{{ {list}({sort}) {{ {page} nodes {{ {fields} }} }} }}"), json!({})));
                asked
                    .push((format!("{{ {list}({sort}, first: 3) {{ {page} nodes {{ id }} }} }}"), json!({})));
                asked.push((format!("{{ {list}({sort}, last: 3) {{ {page} nodes {{ id }} }} }}"), json!({})));
            }
        }
        let filter = if list == "contacts" { "ContactFilter" } else { "OpportunityFilter" };
        let filtered =
            format!("query($filter: {filter}) {{ {list}(filter: $filter) {{ {page} nodes {{ id }} }} }}");
        let (aggregates, groupings, sum) = if list == "contacts" {
            ("contactAggregates", "OWNER TAG SOURCE COUNTRY CITY", "text")
        } else {
            (
                "opportunityAggregates",
                "OWNER PIPELINE STAGE STATUS",
                "stage { name } status monetaryValue { amount }",
            )
        };
        let groups: String = groupings
            .split(' ')
            .map(|by| {
                format!("{by}: {aggregates}(by: {by}, filter: $filter) {{ isComplete groups {{ owner {{ name }} count {sum} }} }} ")
            })
            .collect();
        let grouped = format!("query($filter: {filter}) {{ {groups} }}");
        for (place, filter) in filters(twin, list == "contacts", asked_for).into_iter().enumerate() {
            asked.push((filtered.clone(), json!({ "filter": filter })));
            if place % 7 == 0 {
                asked.push((grouped.clone(), json!({ "filter": filter })));
            }
        }
    }
    let board = "query($id: ID!, $filter: BoardFilter) { board(pipelineId: $id, filter: $filter) {
        count value { amount } stages { stage { name } count value { amount } opportunities(first: 3) {
            nodes { id name contactName daysInStage owner { name } } totalCount { value }
            pageInfo { hasNextPage endCursor } } } } }";
    for filter in filters(twin, true, Asked::Sights) {
        asked.push((board.into(), json!({ "id": twin.world.pipeline.to_string(), "filter": filter })));
    }
    for statuses in [json!(null), json!(["OPEN"]), json!(["WON", "LOST"])] {
        let filter = json!({ "statuses": statuses });
        asked.push((board.into(), json!({ "id": twin.world.pipeline.to_string(), "filter": filter })));
    }
    let ids: Vec<Value> = [
        twin.contacts.iter().map(|contact| json!(contact)).collect::<Vec<_>>(),
        twin.deals.iter().map(|deal| json!(deal)).collect(),
        twin.hidden.iter().map(|id| json!(id)).collect(),
    ]
    .concat();
    asked.push(("query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }".into(), json!({ "ids": ids })));
    for id in &twin.hidden {
        let kind = if id.starts_with("contact") { "contact" } else { "opportunity" };
        asked.push((
            format!("query($id: ID!) {{ {kind}(id: $id) {{ version }} node(id: $id) {{ id }} }}"),
            json!({ "id": id }),
        ));
        for (verb, more) in
            [("Update", json!({ "source": "x" })), ("ChangeOwner", json!({ "ownerId": twin.viewer }))]
        {
            let mut input = json!({ "id": id });
            input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
            asked.push((mutation(&format!("{kind}{verb}"), ""), json!({ "input": input })));
        }
    }
    let tasks =
        "totalCount { value } nodes { id title recordName record { id } author { name } createdAt version
        viewerAccess { edit { allowed reason permission } complete { allowed } } }";
    asked.push((
        format!("{{ myTasks {{ {tasks} }} open: myTasks(isDone: false, first: 2) {{ {tasks} }} }}"),
        json!({}),
    ));
    asked.push(("{ viewer { name permissions } users { totalCount { value } nodes { id name } } pipelines { name stages { name } } }".into(), json!({})));
    asked
}

fn filters(twin: &Twin, of_contacts: bool, asked_for: Asked) -> Vec<Value> {
    let mut filters = Vec::new();
    for field in ["owner", "followers"] {
        for person in &twin.people {
            filters.extend([json!({ field: { "is": person } }), json!({ field: { "isNot": person } })]);
        }
        filters.extend(["any", "none", "me"].map(|flag| json!({ field: { flag: true } })));
    }
    filters.push(json!({}));
    if asked_for == Asked::Sights {
        return filters;
    }
    filters.extend(SEARCHES.map(|search| json!({ "search": search })));
    filters.extend(SEARCHES.map(|search| json!({ "not": { "search": search } })));
    if of_contacts {
        filters.extend(of_a_contact());
        let deals = [json!({}), json!({ "statuses": ["OPEN"] }), json!({ "not": { "statuses": ["WON"] } })];
        let deals = deals.into_iter().chain(SEARCHES.map(|search| json!({ "search": search })));
        for deal in deals.chain([json!({ "monetaryValue": { "atLeast": 6 } })]) {
            for quantifier in ["some", "every", "none"] {
                let filter = json!({ "opportunities": { quantifier: deal } });
                filters.extend([filter.clone(), json!({ "not": filter })]);
            }
        }
        return filters;
    }
    for contact in of_a_contact().into_iter().chain(SEARCHES.map(|search| json!({ "search": search }))) {
        filters.extend([
            json!({ "contact": contact }),
            json!({ "contact": { "not": contact } }),
            json!({ "or": [{ "not": { "contact": contact } }, { "statuses": ["LOST"] }] }),
        ]);
    }
    for quantifier in ["some", "every", "none"] {
        filters.push(json!({ "contact": { "opportunities": { quantifier: { "statuses": ["OPEN"] } } } }));
    }
    filters.extend([
        json!({ "monetaryValue": { "atLeast": 6 } }),
        json!({ "monetaryValue": { "atMost": 6 } }),
        json!({ "lastActivityAt": { "from": "2026-01-05T09:01:00Z" } }),
        json!({ "lostReason": { "isNull": true } }),
    ]);
    filters.extend(twin.contacts.iter().map(|contact| json!({ "contactId": contact })));
    let hidden = twin.hidden.iter().filter(|id| id.starts_with("contact"));
    filters.extend(hidden.map(|id| json!({ "contactId": id })));
    filters.extend(twin.world.stages.iter().map(|stage| json!({ "stageIds": [stage.to_string()] })));
    filters.push(json!({ "pipelineIds": [twin.world.pipeline.to_string()] }));
    filters.extend(["OPEN", "WON", "LOST"].map(|status| json!({ "statuses": [status] })));
    filters
}

/// What hidden things are called, and what shows is called too.
const SEARCHES: [&str; 5] = ["ada", "secret", "hidden", "030 901", ""];

/// Conditions on a contact, whether it shows or not.
fn of_a_contact() -> Vec<Value> {
    vec![
        json!({ "anyTag": ["VIP", "secret"] }),
        json!({ "allTags": ["vip"] }),
        json!({ "anyTag": [] }),
        json!({ "hasTags": true }),
        json!({ "name": { "startsWith": "a" } }),
        json!({ "email": { "isNull": true } }),
        json!({ "email": { "contains": "secret" } }),
        json!({ "phone": { "isNot": "+4930901820" } }),
        json!({ "source": { "is": "secret" } }),
        json!({ "source": { "isNull": true } }),
        json!({ "owner": { "any": true } }),
        json!({ "followers": { "none": true } }),
        json!({ "doNotDisturb": { "noneOf": ["SMS"] } }),
        json!({ "updatedAt": { "from": "2026-01-05T09:01:00Z" } }),
        json!({ "lastActivityAt": { "before": "2026-01-05T09:02:00Z" } }),
    ]
}

/// Every page of a list, walked by its cursors.
async fn pages(twin: &Twin, list: &str, forward: bool) -> Vec<Value> {
    let (size, from) = if forward { ("first", "after") } else { ("last", "before") };
    let document = format!(
        "query($cursor: String) {{ {list}({size}: 2, {from}: $cursor, sort: {{ by: NAME }}) {{
            nodes {{ id }} pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }} }}"
    );
    let (mut cursor, mut pages) = (Value::Null, Vec::new());
    loop {
        let answer = twin.viewer.asks(&document, json!({ "cursor": cursor })).await;
        let page = answer.data()[list].clone();
        let (next, more) =
            if forward { ("endCursor", "hasNextPage") } else { ("startCursor", "hasPreviousPage") };
        cursor = page["pageInfo"][next].clone();
        let ended = page["pageInfo"][more] == false;
        pages.push(page);
        if ended {
            return pages;
        }
    }
}

async fn cannot_be_told_apart(full: &Twin, empty: &Twin, asked_for: Asked) {
    let (mut ones, mut others) = (Renamed::default(), Renamed::default());
    for ((document, variables), (same, other_variables)) in
        battery(full, asked_for).into_iter().zip(battery(empty, asked_for))
    {
        assert_eq!(document, same);
        let (one, statements) = full.viewer.asks(&document, variables.clone()).counted().await;
        let (other, others_statements) = empty.viewer.asks(&document, other_variables).counted().await;
        one.data();
        let (one, other) = (ones.plain(&one.json), others.plain(&other.json));
        assert_eq!(one, other, "{document} {variables}\nwith hidden things: {one:#}\nwithout: {other:#}");
        assert_eq!(statements.len(), others_statements.len(), "{document} {variables}");
    }
    for list in ["contacts", "opportunities"] {
        for forward in [true, false] {
            let one: Value = pages(full, list, forward).await.into();
            let other: Value = pages(empty, list, forward).await.into();
            assert_eq!(ones.plain(&one), others.plain(&other), "the pages of {list}");
        }
    }
}

// A7
#[rstest]
#[tokio::test]
async fn what_is_hidden_leaves_no_trace_in_any_answer(#[values(Sqlite, Postgres)] on: Kind) {
    let mut chance = Chance::new();
    let Some(mut full) = Twin::new(on, true).await else { return };
    let Some(mut empty) = Twin::new(on, false).await else { return };
    for _ in 0..40 {
        let step = Step::any(&mut chance);
        full.takes(step).await;
        empty.takes(step).await;
    }
    empty.pretends_to_hide(&full);
    assert_eq!(full.world.now(), empty.world.now());
    cannot_be_told_apart(&full, &empty, Asked::Everything).await;

    for twin in [&full, &empty] {
        twin.world.turn_off([Setting::SeparateOwners]).await;
    }
    cannot_be_told_apart(&full, &empty, Asked::Sights).await;
}
