//! What the opportunities of one page share, and how it is loaded.

use std::collections::HashMap;

use entity::{ContactId, PipelineId, StageId};

use super::Opportunity;
use crate::domain::contact::UNNAMED;
use crate::graphql::contact::Contact;
use crate::graphql::error::Failure;
use crate::graphql::in_view::Surfaced;
use crate::graphql::pipeline::{Pipeline, Stage};
use crate::graphql::siblings::{Once, distinct};

/// What siblings share beside what all records have.
#[derive(Debug, Default)]
pub struct OpportunitySiblings {
    contacts: Once<HashMap<ContactId, Contact>>,
    contact_names: Once<HashMap<ContactId, String>>,
    pipelines: Once<HashMap<PipelineId, Pipeline>>,
    stages: Once<HashMap<StageId, Stage>>,
}

impl Surfaced for policy::Opportunity {
    type Own = OpportunitySiblings;
}

impl Opportunity {
    fn contact_ids(&self) -> Vec<ContactId> {
        distinct(self.0.rows().map(|row| row.contact_id))
    }

    pub(super) async fn its_contact(&self) -> Result<Option<Contact>, Failure> {
        let load = async { Contact::all(self.0.viewpoint(), &self.contact_ids()).await };
        let contacts = self.0.own().contacts.get(load).await?;
        Ok(contacts.get(&self.0.row().contact_id).cloned())
    }

    pub(super) async fn its_contact_name(&self) -> Result<String, Failure> {
        let load = async { Ok(self.0.viewpoint().access().contact_names(&self.contact_ids()).await?) };
        let names = self.0.own().contact_names.get(load).await?;
        Ok(names.get(&self.0.row().contact_id).cloned().unwrap_or_else(|| UNNAMED.to_owned()))
    }

    pub(super) async fn its_pipeline(&self) -> Result<Option<Pipeline>, Failure> {
        let load = async {
            let ids = distinct(self.0.rows().map(|row| row.pipeline_id));
            Pipeline::all(self.0.viewpoint(), &ids).await
        };
        let pipelines = self.0.own().pipelines.get(load).await?;
        Ok(pipelines.get(&self.0.row().pipeline_id).cloned())
    }

    pub(super) async fn its_stage(&self) -> Result<Option<Stage>, Failure> {
        let load = async {
            let ids = distinct(self.0.rows().map(|row| row.stage_id));
            Stage::all(self.0.viewpoint(), &ids).await
        };
        let stages = self.0.own().stages.get(load).await?;
        Ok(stages.get(&self.0.row().stage_id).cloned())
    }
}
