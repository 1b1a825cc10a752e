//! The tabs with which the demo's playground opens: what ownership and following are, told by six people.

use entity::{ContactId, OpportunityId, PipelineId, contact_email, opportunity, pipeline};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::clinic::{PIPELINES, STORY_EMAIL};
use super::deals::Deals;
use super::people::{OTHERS, SIX};
use crate::domain::access::Access;
use crate::domain::error::Result;
use crate::domain::user;
use crate::http::DemoTab;

/// The story, about the records of this database; its boards show the deals that were taken in, where there are any.
pub async fn tabs(clinic: &Access, deals: Option<&Deals>) -> Result<Vec<DemoTab>> {
    let mut tabs = relationship(clinic).await?;
    tabs.extend(boards(clinic, deals).await?);
    Ok(tabs)
}

/// The board as somebody who sees everything, as somebody who follows, and as somebody without lead value.
async fn boards(clinic: &Access, deals: Option<&Deals>) -> Result<Vec<DemoTab>> {
    let (pipeline, agent, manager) = match deals {
        Some(deals) => (Some(deals.pipeline), "agent", "manager"),
        None => (treatments(clinic).await?, "provider", "follower"),
    };
    let Some(pipeline) = pipeline else { return Ok(Vec::new()) };
    let pipeline = json!({ "pipeline": pipeline.to_string() });
    Ok(vec![
        tab("The board", agent, include_str!("story/the_board.graphql"), &pipeline),
        tab(
            "The board of somebody who follows",
            manager,
            include_str!("story/the_board_of_a_follower.graphql"),
            &pipeline,
        ),
        tab(
            "The board without lead value",
            "no-value",
            include_str!("story/the_board_without_value.graphql"),
            &pipeline,
        ),
    ])
}

/// Two owners, a follower, a setting: told about one contact and one opportunity.
async fn relationship(clinic: &Access) -> Result<Vec<DemoTab>> {
    let Some((contact, opportunity)) = protagonists(clinic).await? else { return Ok(Vec::new()) };
    let finn = user::find(clinic, &SIX[3].email()).await?.id.to_string();
    let leila = user::find(clinic, &OTHERS[2].email()).await?.id.to_string();
    let (contact, opportunity) = (contact.to_string(), opportunity.to_string());
    let version = clinic.account().version;

    Ok(vec![
        tab("What I see", "follower", include_str!("story/what_i_see.graphql"), &json!({})),
        tab(
            "Two owners of one relationship",
            "coordinator",
            include_str!("story/split_owners.graphql"),
            &json!({ "contact": contact }),
        ),
        tab(
            "Clara lets Finn in",
            "coordinator",
            include_str!("story/add_a_follower.graphql"),
            &json!({ "contact": contact, "follower": finn }),
        ),
        tab(
            "Finn edits as Clara may",
            "follower",
            include_str!("story/the_follower_edits.graphql"),
            &json!({ "contact": contact, "city": "Uppsala" }),
        ),
        tab(
            "Finn cannot take the contact away",
            "follower",
            include_str!("story/the_follower_is_refused.graphql"),
            &json!({ "contact": contact, "owner": finn }),
        ),
        tab(
            "A setting that keeps people informed",
            "admin",
            include_str!("story/turn_the_setting_on.graphql"),
            &json!({ "version": version, "opportunity": opportunity, "owner": leila }),
        ),
        tab(
            "What a deal is worth is a right of its own",
            "no-value",
            include_str!("story/the_value_is_gated.graphql"),
            &json!({ "opportunity": opportunity }),
        ),
    ])
}

fn tab(title: &str, person: &str, query: &str, variables: &Value) -> DemoTab {
    DemoTab {
        title: title.to_owned(),
        query: query.to_owned(),
        variables: serde_json::to_string_pretty(variables).ok(),
        person: Some(person.to_owned()),
    }
}

/// The clinic's own pipeline.
async fn treatments(clinic: &Access) -> Result<Option<PipelineId>> {
    let unit = clinic.begin().await?;
    let named = pipeline::Entity::find()
        .filter(pipeline::Column::AccountId.eq(clinic.account().id))
        .filter(pipeline::Column::Name.eq(PIPELINES[0]));
    Ok(unit.rows(named).await?.pop().map(|pipeline| pipeline.id))
}

/// The contact and the opportunity that the story is about; none when somebody has changed them beyond recognition.
async fn protagonists(clinic: &Access) -> Result<Option<(ContactId, OpportunityId)>> {
    let unit = clinic.begin().await?;
    let account = clinic.account().id;
    let emails = contact_email::Entity::find()
        .filter(contact_email::Column::AccountId.eq(account))
        .filter(contact_email::Column::AddressKey.eq(STORY_EMAIL));
    let Some(contact) = unit.rows(emails).await?.pop().map(|row| row.contact_id) else { return Ok(None) };
    let opportunities = opportunity::Entity::find()
        .filter(opportunity::Column::AccountId.eq(account))
        .filter(opportunity::Column::ContactId.eq(contact));
    Ok(unit.rows(opportunities).await?.first().map(|row| (contact, row.id)))
}
