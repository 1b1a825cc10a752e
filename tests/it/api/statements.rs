//! The page that screens are made of takes the same number of SQL statements, whatever its size.

use retinue::domain::contact::{ContactFields, CreateContact};
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::patch::Patch;
use retinue::domain::{contact, opportunity};
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, Setting, World};

/// A page of contacts with owner, followers, five opportunities each with their owners and stages, and what the viewer
/// may do.
const PAGE: &str = "query($first: Int!) { contacts(first: $first) {
    nodes {
        displayName emails tags version
        owner { name }
        followers { user { name } addedBy { name } cause causedBy { kind } }
        opportunities(first: 5) {
            nodes {
                name contactName status monetaryValue { amount } owner { name } stage { name pipeline { name } }
                followers { user { name } } viewerAccess { edit { allowed } changeOwner { scope reason } }
            }
            pageInfo { hasNextPage }
            totalCount { value }
        }
        viewerAccess { edit { allowed } manageFollowers { allowed } removeFollowers { allowed } changeOwner { scope reason } }
    }
    pageInfo { hasNextPage endCursor }
} }";

/// Fifty contacts with two followers and six opportunities each, in one change.
async fn fifty(world: &World, owner: &Person, followers: &[&Person]) {
    let access = world.command_line().access().await;
    let mut unit = access.begin().await.expect("a change");
    let followers: Vec<_> = followers.iter().map(|person| person.id).collect();
    for place in 0..50 {
        let fields = ContactFields {
            first_name: Patch::Set(format!("Contact {place}")),
            emails: Patch::Set(vec![format!("c{place}@example.com")]),
            tags: Patch::Set(vec!["vip".into()]),
            ..ContactFields::default()
        };
        let wish = CreateContact {
            fields,
            owner: Patch::Set(owner.id),
            followers: followers.clone(),
            made_at: None,
        };
        let contact = contact::create_in(&mut unit, &wish).await.expect("made");
        for deal in 0..6 {
            let wish = CreateOpportunity {
                owner: Patch::Set(owner.id),
                followers: followers.clone(),
                value: Patch::Set(10.into()),
                ..CreateOpportunity::new(contact, world.pipeline, format!("Deal {deal}"))
            };
            opportunity::create_in(&mut unit, &wish, entity::member::Cause::Manual).await.expect("made");
        }
    }
    unit.commit().await.expect("a commit");
}

/// The statements of a page of that many contacts, which is as full as it should be.
async fn counted(viewer: &Person, first: usize) -> Vec<String> {
    let (answer, statements) = viewer.asks(PAGE, json!({ "first": first })).counted().await;
    let nodes = answer.data()["contacts"]["nodes"].as_array().expect("nodes").clone();
    assert_eq!(nodes.len(), first);
    for node in &nodes {
        assert_eq!(node["owner"]["name"], "Oda");
        assert_eq!(node["followers"].as_array().map(Vec::len), Some(2));
        let deals = node["opportunities"]["nodes"].as_array().expect("opportunities");
        assert_eq!((deals.len(), &node["opportunities"]["totalCount"]["value"]), (5, &json!(6)));
        assert!(
            deals
                .iter()
                .all(|deal| deal["stage"]["pipeline"]["name"] == "Sales" && deal["owner"]["name"] == "Oda")
        );
        assert!(deals.iter().all(|deal| deal["followers"].as_array().map(Vec::len) == Some(2)));
        assert_ne!(node["viewerAccess"]["changeOwner"]["scope"], Value::Null);
    }
    statements
}

#[rstest]
#[tokio::test]
async fn a_page_takes_the_same_statements_for_one_ten_and_fifty_contacts(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let finn = world.user("Finn").restricted().create().await;
    let una = world.user("Una").create().await;
    fifty(&world, &oda, &[&finn, &una]).await;
    let stranger = world.user("Stranger").create().await;
    for (separate, expected) in [(true, SEPARATE), (false, LINKED)] {
        if !separate {
            world.turn_off([Setting::SeparateOwners]).await;
        }
        for viewer in [&finn, &una, &oda, &stranger] {
            for first in [1, 10, 50] {
                let statements = counted(viewer, first).await;
                let context = format!("{first} contacts for {}, separate: {separate}", viewer.name);
                assert_eq!(statements.len(), expected, "{context}: {statements:#?}");
            }
        }
    }
}

/// Who asks, and their contacts; e-mails, tags, owners, followers, their people, the entries that caused them (with what
/// those happened to, of each kind, and their values); the opportunities, counted; of those the contacts' names, owners,
/// stages, pipelines, followers and their people.
const SEPARATE: usize = 21;

/// The same, and for each of the two pages what the viewer follows of what a change of owner would reach.
const LINKED: usize = SEPARATE + 2;

#[rstest]
#[tokio::test]
async fn what_is_not_selected_is_not_asked(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    world.opportunity(&contact).owned_by(&ada).create().await;
    // Beside who asks, which is always one.
    for (document, expected) in [
        ("{ viewer { name email permissions } account { name ownershipSettings { version } } }", 0),
        ("{ contacts { pageInfo { hasNextPage } edges { cursor } } }", 1),
        (
            "{ contacts { nodes { id displayName viewerAccess { edit { allowed } changeOwner { scope } } isMuted } } }",
            1,
        ),
        ("{ contacts { nodes { id } totalCount { value } } }", 2),
        ("{ contacts { nodes { owner { name } } } }", 2),
        ("{ contacts { nodes { opportunities { nodes { name } } } } }", 2),
        ("{ contacts { nodes { opportunities { nodes { name } totalCount { value } } } } }", 3),
        ("{ a: contacts { nodes { id } } b: contacts { nodes { id } } }", 2),
        ("{ pipelines { name stages { name } } }", 2),
        ("{ __typename }", 0),
    ] {
        let (answer, statements) = ada.reads(document).counted().await;
        answer.data();
        assert_eq!(statements.len(), 1 + expected, "{document}: {statements:#?}");
    }
}
