//! One board.

use async_graphql::{Context, ID, Object};

use super::inputs::BoardFilterInput;
use super::types::Board;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewing;
use crate::graphql::id::named;

/// The queries about boards.
#[derive(Debug, Default)]
pub struct BoardQuery;

/// The queries about boards.
#[Object]
impl BoardQuery {
    /// The board of a pipeline: its stages in their order, each with what it holds. Null when there is no such pipeline,
    /// when the viewer may not see pipelines, and when the text is no id of one: the three answer alike. Cards, counts and
    /// sums hold exactly the opportunities that the viewer may see; they are none for whoever lacks `VIEW_OPPORTUNITIES`.
    /// The board takes the same number of SQL statements whatever its number of stages and cards.
    async fn board(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline, `pipeline_…`.")] pipeline_id: ID,
        #[graphql(desc = "Only opportunities that pass all of it. Counts and sums go by it too.")]
        filter: Option<BoardFilterInput>,
    ) -> Answer<Board> {
        let viewpoint = ctx.viewpoint();
        Answer::of(async move {
            let filter = filter.unwrap_or_default().decode()?;
            Board::find(viewpoint, named(&pipeline_id), filter).await
        })
        .await
    }
}
