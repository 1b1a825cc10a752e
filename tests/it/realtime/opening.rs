//! Every subscription opens alike for what is hidden, what is of another account, and what is not there (A7).

use std::collections::BTreeSet;

use entity::{CalendarId, ContactId, OpportunityId, PipelineId};
use rstest::rstest;
use serde_json::{Value, json};

use super::Listens as _;
use super::ear::document;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World};

/// Every place at which a subscription takes an id.
pub const PLACES: [&str; 4] = [
    "Subscription.appointmentChanged.calendarId",
    "Subscription.contactChanged.id",
    "Subscription.opportunityChanged.id",
    "Subscription.pipelineChanged.id",
];

/// What a subscription that does not open answers, and how many statements it takes.
async fn refusal(person: &Person, place: &str, id: Value) -> (Value, usize) {
    let mut words = place.split('.').skip(1);
    let (field, argument) = (words.next().expect("a field"), words.next().expect("an argument"));
    let document = document(field, argument, "");
    let (answer, sent) = person.world().sent_by(person.opens(&document, json!({ "id": id }))).await;
    (answer.err().unwrap_or_else(|| panic!("{place} opens")), sent.len())
}

// A7, N4
#[rstest]
#[tokio::test]
async fn what_is_hidden_and_what_is_not_there_open_alike(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda] = world.users(["Oda"]).await;
    let rita = world.user("Rita").restricted().create().await;
    let hidden = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&hidden).owned_by(&oda).create().await;
    let calendar = world.calendar().create().await;
    let elsewhere = world.beside().await;
    let [eve] = elsewhere.users(["Eve"]).await;
    let theirs = elsewhere.contact().owned_by(&eve).create().await;
    let their_deal = elsewhere.opportunity(&theirs).owned_by(&eve).create().await;
    let their_calendar = elsewhere.calendar().create().await;

    for place in PLACES {
        let (hidden, foreign, unknown) = match place {
            "Subscription.contactChanged.id" => {
                (Some(json!(hidden)), json!(theirs), json!(world.base.ids.next::<ContactId>().to_string()))
            }
            "Subscription.opportunityChanged.id" => {
                let unknown = world.base.ids.next::<OpportunityId>().to_string();
                (Some(json!(deal)), json!(their_deal), json!(unknown))
            }
            // Pipelines are seen by everybody who sees opportunities.
            "Subscription.pipelineChanged.id" => {
                let unknown = world.base.ids.next::<PipelineId>().to_string();
                (None, json!(elsewhere.pipeline.to_string()), json!(unknown))
            }
            _ => {
                let unknown = world.base.ids.next::<CalendarId>().to_string();
                let (mine, theirs) = (calendar.id.to_string(), their_calendar.id.to_string());
                (Some(json!(mine)), json!(theirs), json!(unknown))
            }
        };
        let missing = refusal(&rita, place, unknown).await;
        assert_eq!(missing.0["errors"][0]["extensions"]["code"], "NOT_FOUND", "{place}: {}", missing.0);
        // What is no id of this kind is as good as unknown.
        let no_ids = [json!("nonsense"), json!(world.account.to_string())];
        for id in hidden.into_iter().chain([foreign]).chain(no_ids) {
            assert_eq!(refusal(&rita, place, id.clone()).await, missing, "{place} {id}");
        }
    }
}

// A7
#[test]
fn every_place_is_named_once() {
    assert_eq!(PLACES.iter().collect::<BTreeSet<_>>().len(), PLACES.len());
}
