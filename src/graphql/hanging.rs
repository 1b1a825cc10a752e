//! The records that the notes or tasks of one page hang on.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::ID;
use entity::{ContactId, OpportunityId};

use super::contact::Contact;
use super::context::Viewpoint;
use super::error::Failure;
use super::id::{AnyId, named};
use super::node::Record;
use super::opportunity::Opportunity;
use super::siblings::{Once, distinct};
use crate::domain::access::Standing;
use crate::domain::record::RecordRef;

/// The columns that say what something hangs on.
pub type On = (Option<ContactId>, Option<OpportunityId>);

/// The record that an id names. What is no id of a record names a contact that is not there, so that it is answered as
/// any unknown one, by the same statements (A7).
#[must_use]
pub fn named_record(id: &ID) -> RecordRef {
    match AnyId::parse(id) {
        Some(AnyId::Opportunity(id)) => id.into(),
        _ => named::<ContactId>(id).into(),
    }
}

/// The records that the notes or tasks of one page hang on, as far as the viewer sees them. Both kinds are always asked
/// for (A7).
#[derive(Debug)]
pub struct Records {
    viewpoint: Arc<Viewpoint>,
    on: Vec<On>,
    contacts: Once<HashMap<ContactId, Contact>>,
    opportunities: Once<HashMap<OpportunityId, Opportunity>>,
}

impl Records {
    /// Those that things hang on.
    pub fn new(viewpoint: &Arc<Viewpoint>, on: impl Iterator<Item = On>) -> Self {
        Self {
            viewpoint: Arc::clone(viewpoint),
            on: on.collect(),
            contacts: Once::default(),
            opportunities: Once::default(),
        }
    }

    /// The contacts among them.
    pub fn contact_ids(&self) -> Vec<ContactId> {
        distinct(self.on.iter().filter_map(|(contact, _)| *contact))
    }

    /// The opportunities among them.
    pub fn opportunity_ids(&self) -> Vec<OpportunityId> {
        distinct(self.on.iter().filter_map(|(_, opportunity)| *opportunity))
    }

    /// The record that something hangs on.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn record(&self, on: On) -> Result<Option<Record>, Failure> {
        let (contact, opportunity) = self.both(on).await?;
        Ok(contact.map(Record::from).or_else(|| opportunity.map(Record::from)))
    }

    /// How the viewer stands to the record that something hangs on, where they see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn standing(&self, on: On) -> Result<Option<(RecordRef, Standing)>, Failure> {
        let (contact, opportunity) = self.both(on).await?;
        let of_contact = contact.map(|contact| (contact.0.id().into(), *contact.0.standing()));
        Ok(of_contact.or_else(|| {
            opportunity.map(|opportunity| (opportunity.0.id().into(), *opportunity.0.standing()))
        }))
    }

    async fn both(&self, on: On) -> Result<(Option<Contact>, Option<Opportunity>), Failure> {
        let load = async { Contact::all(&self.viewpoint, &self.contact_ids()).await };
        let contacts = self.contacts.get(load).await?;
        let load = async { Opportunity::all(&self.viewpoint, &self.opportunity_ids()).await };
        let opportunities = self.opportunities.get(load).await?;
        Ok((
            on.0.and_then(|id| contacts.get(&id).cloned()),
            on.1.and_then(|id| opportunities.get(&id).cloned()),
        ))
    }
}
