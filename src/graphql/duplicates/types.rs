//! Two records that were flagged as duplicates.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, ID, Object};
use entity::{ContactId, OpportunityId, duplicate_flag};

use crate::domain::page::Page;
use crate::graphql::answer::Answer;
use crate::graphql::connection::Listed;
use crate::graphql::contact::Contact;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::node::Record;
use crate::graphql::opportunity::Opportunity;
use crate::graphql::scalars::DateTime;
use crate::graphql::siblings::{Once, distinct};

/// In what two records are the same.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "duplicate_flag::Kind")]
pub enum DuplicateKind {
    /// Two contacts with one e-mail address.
    Email,
    /// Two contacts with one phone number.
    Phone,
    /// Two open opportunities of one contact in one pipeline.
    OpenOpportunity,
}

/// Two records that were flagged as duplicates.
#[derive(Clone, Debug)]
pub struct DuplicateFlag {
    row: Arc<duplicate_flag::Model>,
    siblings: Arc<Siblings>,
}

/// What the flags of a page share.
#[derive(Debug)]
struct Siblings {
    viewpoint: Arc<Viewpoint>,
    rows: Vec<Arc<duplicate_flag::Model>>,
    contacts: Once<HashMap<ContactId, Contact>>,
    opportunities: Once<HashMap<OpportunityId, Opportunity>>,
}

impl Listed for DuplicateFlag {
    const NAME: &'static str = "DuplicateFlag";
}

impl DuplicateFlag {
    /// The flags of a page, siblings of one another.
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<duplicate_flag::Model>) -> Page<Self> {
        let page = page.map(Arc::new);
        let siblings = Arc::new(Siblings {
            viewpoint: Arc::clone(viewpoint),
            rows: page.items.iter().map(|(_, row)| Arc::clone(row)).collect(),
            contacts: Once::default(),
            opportunities: Once::default(),
        });
        page.map(|row| Self { row, siblings: Arc::clone(&siblings) })
    }

    async fn one(
        &self,
        contact: Option<ContactId>,
        opportunity: Option<OpportunityId>,
    ) -> Result<Option<Record>, Failure> {
        let Siblings { viewpoint, rows, contacts, opportunities } = &*self.siblings;
        if let Some(contact) = contact {
            let load = async {
                let ids = rows.iter().flat_map(|row| row.contact_id.into_iter().chain(row.other_contact_id));
                Contact::all(viewpoint, &distinct(ids)).await
            };
            return Ok(contacts.get(load).await?.get(&contact).cloned().map(Record::from));
        }
        let Some(opportunity) = opportunity else { return Ok(None) };
        let load = async {
            let ids =
                rows.iter().flat_map(|row| row.opportunity_id.into_iter().chain(row.other_opportunity_id));
            Opportunity::all(viewpoint, &distinct(ids)).await
        };
        Ok(opportunities.get(load).await?.get(&opportunity).cloned().map(Record::from))
    }
}

/// Two records that are the same, as the account looks at it, and passed because whoever made the second could not see
/// the first.
#[Object]
impl DuplicateFlag {
    /// Names the flag, for `duplicateFlagDismiss`.
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// In what the two are the same.
    async fn kind(&self) -> DuplicateKind {
        self.row.kind.into()
    }

    /// The record that was made, changed or restored.
    async fn record(&self) -> Answer<Record> {
        Answer::of(self.one(self.row.contact_id, self.row.opportunity_id)).await
    }

    /// The record that was there already.
    async fn duplicate(&self) -> Answer<Record> {
        Answer::of(self.one(self.row.other_contact_id, self.row.other_opportunity_id)).await
    }

    /// When the two came to be the same.
    async fn flagged_at(&self) -> DateTime {
        self.row.at.into()
    }
}
