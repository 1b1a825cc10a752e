//! What the notices of one page share, and how it is loaded: for all of them at once, and alike for what is hidden (A7).

use std::collections::HashMap;
use std::sync::Arc;

use entity::{ActivityId, ContactId, OpportunityId, UserId, notification};

use crate::graphql::activity::Activity;
use crate::graphql::contact::Contact;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::node::Record;
use crate::graphql::opportunity::Opportunity;
use crate::graphql::siblings::{Once, distinct};
use crate::graphql::user::User;

/// What the notices of one page share.
#[derive(Debug)]
pub struct Siblings {
    viewpoint: Arc<Viewpoint>,
    rows: Vec<Arc<notification::Model>>,
    first: Once<HashMap<ActivityId, Activity>>,
    grouped: Once<Grouped>,
    actors: Once<HashMap<UserId, User>>,
    contacts: Once<HashMap<ContactId, Contact>>,
    opportunities: Once<HashMap<OpportunityId, Opportunity>>,
}

/// What notices stand for, by number, and what the viewer sees of it.
#[derive(Debug)]
struct Grouped {
    by_number: HashMap<i64, Vec<ActivityId>>,
    visible: HashMap<ActivityId, Activity>,
}

/// What is left of a notice for the viewer at this moment (N4).
#[derive(Clone, Debug)]
pub enum Sight {
    /// They see what it is about.
    Seen(Activity),
    /// They do not, but it is about themselves: that they lost it, or were not added.
    Told,
    /// Its number is all that is left.
    Hidden,
}

impl Siblings {
    /// The siblings of these notices of the viewer.
    pub fn new(viewpoint: &Arc<Viewpoint>, rows: Vec<Arc<notification::Model>>) -> Self {
        Self {
            viewpoint: Arc::clone(viewpoint),
            rows,
            first: Once::default(),
            grouped: Once::default(),
            actors: Once::default(),
            contacts: Once::default(),
            opportunities: Once::default(),
        }
    }

    /// What the viewer may see of a notice.
    pub async fn sight(&self, row: &notification::Model) -> Result<Sight, Failure> {
        let load = async {
            let ids = distinct(self.rows.iter().map(|row| row.activity_id));
            Activity::all(&self.viewpoint, &ids).await
        };
        let first = Box::pin(self.first.get(load)).await?;
        Ok(match first.get(&row.activity_id) {
            Some(activity) => Sight::Seen(activity.clone()),
            None if self.viewpoint.access().is_told_anyway(row) => Sight::Told,
            None => Sight::Hidden,
        })
    }

    /// The activities of a notice that the viewer may see.
    pub async fn activities(&self, row: &notification::Model) -> Result<Vec<Activity>, Failure> {
        let load = async {
            let numbers: Vec<i64> = self.rows.iter().map(|row| row.number).collect();
            let by_number = self.viewpoint.access().notified_activities(&numbers).await?;
            let ids = distinct(by_number.values().flatten().copied());
            Ok(Grouped { by_number, visible: Activity::all(&self.viewpoint, &ids).await? })
        };
        let grouped = Box::pin(self.grouped.get(load)).await?;
        let named = grouped.by_number.get(&row.number).map_or(&[][..], Vec::as_slice);
        Ok(named.iter().filter_map(|id| grouped.visible.get(id).cloned()).collect())
    }

    /// Whoever did it.
    pub async fn actor(&self, row: &notification::Model) -> Result<Option<User>, Failure> {
        let load = async {
            let ids: Vec<UserId> = self.rows.iter().filter_map(|row| row.actor_id).collect();
            User::all(&self.viewpoint, &ids).await
        };
        let actors = self.actors.get(load).await?;
        Ok(row.actor_id.and_then(|user| actors.get(&user).cloned()))
    }

    /// The record of a notice, where the viewer may see it. Both kinds are always asked for.
    pub async fn record(&self, row: &notification::Model) -> Result<Option<Record>, Failure> {
        let load = async {
            let ids = distinct(self.rows.iter().filter_map(|row| row.contact_id));
            Contact::all(&self.viewpoint, &ids).await
        };
        let contacts = self.contacts.get(load).await?;
        let load = async {
            let ids = distinct(self.rows.iter().filter_map(|row| row.opportunity_id));
            Opportunity::all(&self.viewpoint, &ids).await
        };
        let opportunities = self.opportunities.get(load).await?;
        Ok(match (row.contact_id, row.opportunity_id) {
            (Some(contact), _) => contacts.get(&contact).cloned().map(Record::from),
            (None, Some(opportunity)) => opportunities.get(&opportunity).cloned().map(Record::from),
            (None, None) => None,
        })
    }
}
