//! What is read, and what is not.

use serde_json::{Value as Json, json};

use super::world::{World, id};

// A7
#[tokio::test]
async fn what_is_hidden_answers_as_what_is_not_there_by_as_many_statements() {
    let world = World::new().await;
    let hidden = world.contact("Hidden", Some(world.ada)).await;
    let document = "query($id: ID!) { contact(id: $id) { displayName } node(id: $id) { id } }";
    let unknown = "contact_01h2xcejqtf2nbrexx3vqjhp41";

    let (answer, statements) = world.ask_and_count(world.restricted, document, id(hidden)).await;
    assert_eq!(answer, json!({ "data": { "contact": null, "node": null } }));
    assert_eq!((answer, statements), world.ask_and_count(world.restricted, document, id(unknown)).await);

    for malformed in ["", "contact_", "opportunity_01h2xcejqtf2nbrexx3vqjhp41"] {
        let (answer, _) = world.ask_and_count(world.restricted, document, id(malformed)).await;
        assert_eq!(answer, json!({ "data": { "contact": null, "node": null } }), "{malformed}");
    }
}

// A8
#[tokio::test]
async fn a_hidden_contact_shows_its_display_name_and_nothing_more() {
    let world = World::new().await;
    let contact = world.contact("Grace", Some(world.ada)).await;
    let opportunity = world.opportunity(contact, "Deal", Some(world.restricted)).await;
    let document = "query($id: ID!) { opportunity(id: $id) {
        contactName contact { id } activity { nodes { kind changes { field after } } }
    } }";

    let data = world.data(world.restricted, document, id(opportunity)).await;
    assert_eq!(data["opportunity"]["contactName"], "Grace");
    assert_eq!(data["opportunity"]["contact"], Json::Null);
    assert!(!data.to_string().contains(&contact.to_string()), "{data:#}");

    let data = world.data(world.ada, document, id(opportunity)).await;
    assert_eq!(data["opportunity"]["contact"]["id"], contact.to_string());
    let changes = &data["opportunity"]["activity"]["nodes"][0]["changes"];
    assert_eq!(changes[1], json!({ "field": "contact", "after": contact.to_string() }));
}

#[tokio::test]
async fn a_contact_page_brings_everything_around_it() {
    let world = World::new().await;
    let contact = world.contact("Grace", Some(world.ada)).await;
    world.follow(contact, world.bob).await;
    world.opportunity(contact, "Deal", Some(world.bob)).await;

    let document = "{ contacts { totalCount { value isExact } nodes {
        __typename displayName emails primaryEmail phones tags address { city } doNotDisturb isMuted
        owner { name email } followers { user { name } cause addedBy { name } inheritsEdit causedBy { kind } }
        opportunities(first: 5) { nodes { name status owner { name } monetaryValue { amount currency }
            stage { name position pipeline { name } } pipeline { name stages { name } }
            contact { displayName } contactName } }
    } } }";
    let data = world.data(world.admin, document, Json::Null).await;
    assert_eq!(
        data,
        json!({ "contacts": { "totalCount": { "value": 1, "isExact": true }, "nodes": [{
            "__typename": "Contact", "displayName": "Grace", "emails": ["Grace@example.org"],
            "primaryEmail": "Grace@example.org", "phones": [], "tags": ["vip"], "address": null,
            "doNotDisturb": [], "isMuted": false,
            "owner": { "name": "Ada", "email": "Ada@example.com" },
            "followers": [{ "user": { "name": "Bob" }, "cause": "MANUAL", "addedBy": null, "inheritsEdit": true,
                "causedBy": { "kind": "contact.follower_added" } }],
            "opportunities": { "nodes": [{
                "name": "Deal", "status": "OPEN", "owner": { "name": "Bob" },
                "monetaryValue": { "amount": "1054.50", "currency": "EUR" },
                "stage": { "name": "New", "position": 0, "pipeline": { "name": "Sales" } },
                "pipeline": { "name": "Sales", "stages": [{ "name": "New" }, { "name": "Done" }] },
                "contact": { "displayName": "Grace" }, "contactName": "Grace",
            }] },
        }] } })
    );
}

#[tokio::test]
async fn nodes_of_all_types_come_in_their_order() {
    let world = World::new().await;
    let contact = world.contact("Grace", None).await;
    let opportunity = world.opportunity(contact, "Deal", None).await;
    let history = world
        .data(world.ada, "query($id: ID!) { contact(id: $id) { activity { nodes { id } } } }", id(contact))
        .await;
    let activity = history["contact"]["activity"]["nodes"][0]["id"].clone();

    let ids = json!({ "ids": [
        opportunity.to_string(), "nothing", contact.to_string(), world.bob.to_string(), activity,
        world.pipeline.to_string(), world.stages[0].to_string(), world.command_line.account().id.to_string(),
    ] });
    let document = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id
        ... on Record { version viewerAccess { edit { allowed } ... on OpportunityAccess { seeValue { allowed } } } }
        ... on User { name } ... on Activity { kind record { id __typename } }
    } }";
    let data = world.data(world.ada, document, ids).await;
    let types: Vec<&Json> =
        data["nodes"].as_array().unwrap().iter().map(|node| &node["__typename"]).collect();
    assert_eq!(
        json!(types),
        json!(["Opportunity", null, "Contact", "User", "Activity", "Pipeline", "Stage", "Account"])
    );
    assert_eq!(data["nodes"][0]["viewerAccess"]["seeValue"]["allowed"], true);
    assert_eq!(data["nodes"][4]["record"], json!({ "id": contact.to_string(), "__typename": "Contact" }));
}

// A5, A10, O3
#[tokio::test]
async fn in_linked_mode_the_viewer_learns_what_stands_in_the_way() {
    let world = World::new().await;
    let contact = world.contact("Grace", Some(world.ada)).await;
    let owned = world.opportunity(contact, "Owned", Some(world.bob)).await;
    let reached = world.opportunity(contact, "Reached", Some(world.ada)).await;
    world.follow(reached, world.ada).await;
    let document = "query($id: ID!) { opportunity(id: $id) { viewerAccess {
        edit { allowed reason } changeOwner { scope reason permission }
    } } }";
    let decision = async |user, opportunity| {
        let data = world.data(user, document, id(opportunity)).await;
        data["opportunity"]["viewerAccess"]["changeOwner"].clone()
    };

    assert_eq!(decision(world.bob, owned).await["scope"], "ANYONE");
    world.set(|settings| settings.separate_owners = Some(false)).await;
    assert_eq!(
        decision(world.bob, owned).await,
        json!({ "scope": "NO", "reason": "LINKED_CONTACT", "permission": null })
    );
    assert_eq!(decision(world.ada, reached).await["scope"], "ANYONE");
    assert_eq!(decision(world.admin, owned).await["scope"], "ANYONE");
}

#[tokio::test]
async fn the_viewer_and_the_account_are_there_and_details_are_gated() {
    let world = World::new().await;
    let document = "{ viewer { name email permissions isActive } account { name currency ownershipSettings {
        separateOwners version } } users(first: 2) { totalCount { value } nodes { name email role } } }";
    let answer = world.ask(world.ada, document, Json::Null).await;
    let data = &answer["data"];
    assert_eq!(data["viewer"]["email"], "Ada@example.com");
    assert_eq!(data["account"]["ownershipSettings"]["separateOwners"], true);
    assert_eq!(data["users"]["totalCount"]["value"], 5);
    // Her own details are open to her, those of others are not: one error per field and list.
    assert_eq!(
        data["users"]["nodes"][0],
        json!({ "name": "Ada", "email": "Ada@example.com", "role": "USER" })
    );
    assert_eq!(data["users"]["nodes"][1], json!({ "name": "Blind", "email": null, "role": null }));
    assert_eq!(answer["errors"].as_array().unwrap().len(), 2);
    assert_eq!(answer["errors"][0]["path"], json!(["users", "nodes", 1, "email"]));
    assert_eq!(
        answer["errors"][0]["extensions"],
        json!({ "code": "FORBIDDEN", "permission": "MANAGE_USERS", "field": "user.details" })
    );
}
