//! What boards must say, counted in plain Rust from the rows.

use std::collections::{BTreeSet, HashMap};

use entity::opportunity::{self, Status};
use entity::{StageId, UserId};
use retinue::domain::access::{BoardFilter, PersonFilter, StageTotal};
use retinue::domain::record::RecordRef;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::acts::Shared;
use crate::world::Acts as _;

/// An opportunity, as far as boards go by it.
struct Deal {
    stage: StageId,
    status: Status,
    value: i64,
    owner: Option<UserId>,
    followers: BTreeSet<UserId>,
}

/// Every board of everybody who is active says what the rows say, whichever filter it has.
pub async fn assert_tell_the_truth(shared: &Shared) {
    let deals = deals(shared).await;
    let person = shared.people[5].id;
    let people = |me: UserId| {
        let named =
            [me, person].into_iter().flat_map(|user| [PersonFilter::Is(user), PersonFilter::IsNot(user)]);
        let several = [PersonFilter::In(vec![person, me, person]), PersonFilter::In(vec![])];
        named
            .chain(several)
            .chain([PersonFilter::Any, PersonFilter::Nobody, PersonFilter::Me])
            .map(Some)
            .chain([None])
    };
    for viewer in &shared.people {
        let row = viewer.row().await;
        if !row.active {
            continue;
        }
        let access = viewer.access().await;
        let sees_all = !access.actor().restricted;
        for owner in people(viewer.id) {
            for followers in people(viewer.id) {
                let statuses =
                    (owner.is_none() || followers.is_none()).then(|| vec![Status::Open, Status::Lost]);
                for statuses in [None, statuses] {
                    let filter = BoardFilter { owner: owner.clone(), followers: followers.clone(), statuses };
                    let told = access.stage_totals(&shared.world.stages, &filter).await.expect("totals");
                    let seen = |deal: &&Deal| {
                        (sees_all || deal.owner == Some(viewer.id) || deal.followers.contains(&viewer.id))
                            && passes(deal, &filter, viewer.id)
                    };
                    let mut truth: HashMap<StageId, StageTotal> =
                        shared.world.stages.iter().map(|stage| (*stage, StageTotal::default())).collect();
                    for deal in deals.iter().filter(seen) {
                        let total = truth.entry(deal.stage).or_default();
                        total.opportunities += 1;
                        total.value_minor += deal.value;
                    }
                    assert_eq!(told, truth, "{filter:?} for {viewer:?}, who sees all: {sees_all}");
                }
            }
        }
    }
}

fn passes(deal: &Deal, filter: &BoardFilter, me: UserId) -> bool {
    let owner = match &filter.owner {
        None => true,
        Some(PersonFilter::Is(user)) => deal.owner == Some(*user),
        Some(PersonFilter::IsNot(user)) => deal.owner != Some(*user),
        Some(PersonFilter::In(users)) => deal.owner.is_some_and(|owner| users.contains(&owner)),
        Some(PersonFilter::Any) => deal.owner.is_some(),
        Some(PersonFilter::Nobody) => deal.owner.is_none(),
        Some(PersonFilter::Me) => deal.owner == Some(me),
    };
    let followers = match &filter.followers {
        None => true,
        Some(PersonFilter::Is(user)) => deal.followers.contains(user),
        Some(PersonFilter::IsNot(user)) => !deal.followers.contains(user),
        Some(PersonFilter::In(users)) => users.iter().any(|user| deal.followers.contains(user)),
        Some(PersonFilter::Any) => !deal.followers.is_empty(),
        Some(PersonFilter::Nobody) => deal.followers.is_empty(),
        Some(PersonFilter::Me) => deal.followers.contains(&me),
    };
    owner && followers && filter.statuses.as_ref().is_none_or(|statuses| statuses.contains(&deal.status))
}

async fn deals(shared: &Shared) -> Vec<Deal> {
    let world = &shared.world;
    let rows = opportunity::Entity::find()
        .filter(opportunity::Column::AccountId.eq(world.account))
        .filter(opportunity::Column::DeletedAt.is_null())
        .all(&world.sql)
        .await
        .expect("opportunities");
    let records: Vec<RecordRef> = rows.iter().map(|row| row.id.into()).collect();
    let mut seats = world.all_seats_of(&records).await;
    let now = world.now();
    rows.into_iter()
        .map(|row| {
            let seats = seats.remove(&row.id.into()).unwrap_or_default().into_iter();
            let living = seats.filter(|seat| seat.slot > 0 && seat.until.is_none_or(|until| until > now));
            Deal {
                stage: row.stage_id,
                status: row.status,
                value: row.value_minor.unwrap_or_default(),
                owner: row.owner_id,
                followers: living.map(|seat| seat.user).collect(),
            }
        })
        .collect()
}
