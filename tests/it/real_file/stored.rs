//! What the database holds after an import.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::member::Cause;
use entity::{contact, contact_member, contact_tag, opportunity, opportunity_member, pipeline, stage, user};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::sheet::Deal;
use crate::world::World;

/// What the database holds, read from its tables.
pub struct Stored {
    pub deals: Vec<Deal>,
    /// By contact, who follows it and why, in the order of their slots.
    pub followers: BTreeMap<String, Vec<(String, Cause)>>,
    pub tags: BTreeMap<String, BTreeSet<String>>,
    pub unowned_contacts: usize,
    pub people: BTreeSet<String>,
}

macro_rules! rows {
    ($world:expr, $table:ident) => {
        $table::Entity::find()
            .filter($table::Column::AccountId.eq($world.account))
            .all(&$world.sql)
            .await
            .expect("the rows are read")
    };
}

impl Stored {
    pub async fn of(world: &World) -> Self {
        let people: HashMap<_, _> = rows!(world, user).into_iter().map(|row| (row.id, row.name)).collect();
        let contacts = rows!(world, contact);
        let unowned_contacts = contacts.iter().filter(|row| row.owner_id.is_none()).count();
        let names: HashMap<_, _> = contacts
            .into_iter()
            .map(|row| {
                let parts: Vec<String> = [row.first_name, row.last_name].into_iter().flatten().collect();
                (row.id, if parts.is_empty() { row.company.unwrap_or_default() } else { parts.join(" ") })
            })
            .collect();
        let pipelines: HashMap<_, _> =
            rows!(world, pipeline).into_iter().map(|row| (row.id, row.name)).collect();
        let stages: HashMap<_, _> = rows!(world, stage).into_iter().map(|row| (row.id, row.name)).collect();

        let mut members: HashMap<_, Vec<String>> = HashMap::new();
        for row in rows!(world, opportunity_member).into_iter().filter(|row| row.slot > 0) {
            assert_eq!(row.cause, Cause::Import);
            members.entry(row.record_id).or_default().push(people[&row.user_id].clone());
        }
        let now = world.now();
        let known = |at: entity::Timestamp| (at != now).then_some(at.0);
        let deals = rows!(world, opportunity).into_iter().map(|row| {
            let mut followers = members.remove(&row.id).unwrap_or_default();
            followers.sort();
            Deal {
                contact: names[&row.contact_id].clone(),
                name: row.name,
                pipeline: pipelines[&row.pipeline_id].clone(),
                stage: stages[&row.stage_id].clone(),
                status: format!("{:?}", row.status).to_uppercase(),
                cents: row.value_minor,
                owner: row.owner_id.map(|owner| people[&owner].clone()).unwrap_or_default(),
                followers,
                created: known(row.created_at),
                updated: known(row.updated_at),
            }
        });
        let deals = deals.collect();

        let mut followers: BTreeMap<String, Vec<(String, Cause)>> = BTreeMap::new();
        let of_contacts = contact_member::Entity::find()
            .filter(contact_member::Column::AccountId.eq(world.account))
            .order_by_asc(contact_member::Column::Slot);
        for row in of_contacts.all(&world.sql).await.expect("the rows are read") {
            assert!(row.slot > 0, "no contact has an owner");
            let follower = (people[&row.user_id].clone(), row.cause);
            followers.entry(names[&row.record_id].clone()).or_default().push(follower);
        }
        let mut tags: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in rows!(world, contact_tag) {
            tags.entry(names[&row.contact_id].clone()).or_default().insert(row.tag);
        }
        Self { deals, followers, tags, unowned_contacts, people: people.into_values().collect() }
    }
}
