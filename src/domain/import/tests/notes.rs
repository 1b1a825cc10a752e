//! What somebody wrote on a deal (R5).

use entity::note;

use super::world::{World, file};
use crate::domain::note::{UpdateNote, update};
use crate::domain::patch::Patch;

impl World {
    /// What is written on opportunities, oldest first.
    async fn notes(&self) -> Vec<String> {
        self.rows::<note::Entity>(note::Column::Id).await.into_iter().map(|row| row.body).collect()
    }
}

// R5
#[tokio::test]
async fn a_note_of_a_row_becomes_a_note_on_its_opportunity_once() {
    let world = World::new().await;
    let input = file(&[&[("Notes", " call first\r\nthen write ")], &[("Opportunity name", "Quiet")]]);
    let imported = world.import(&input).await;
    assert_eq!((imported.counts(), imported.summary.notes_added), ([2, 2, 0, 0, 0], 1));
    assert_eq!(world.notes().await, ["call first\nthen write"]);
    let row = world.rows::<note::Entity>(note::Column::Id).await.remove(0);
    let deal = world.opportunities().await.remove(0);
    assert_eq!((row.opportunity_id, row.contact_id, row.author_id), (Some(deal.id), None, None));
    assert_eq!(world.history().await["note.created"], 1);

    let again = world.import(&input).await;
    assert_eq!((again.counts(), again.summary.notes_added), ([2, 0, 2, 0, 0], 0));
    assert_eq!(world.notes().await.len(), 1);
}

// R5
#[tokio::test]
async fn another_note_in_the_file_is_another_note_and_takes_nothing_away() {
    let world = World::new().await;
    world.import(&file(&[&[("Notes", "first")]])).await;
    let row = world.rows::<note::Entity>(note::Column::Id).await.remove(0);
    let wish = UpdateNote {
        note: row.id,
        body: Patch::Set("first, and what we learned".into()),
        mentions: Patch::Keep,
        expected_version: None,
    };
    update(&world.access, &wish).await.unwrap();

    // Something else of the row: the note that it brought is known, whatever became of it.
    let staged = world.import(&file(&[&[("Notes", "first"), ("stage", "Won")]])).await;
    assert_eq!((staged.counts(), staged.summary.notes_added), ([1, 0, 0, 1, 0], 0));
    let changed = world.import(&file(&[&[("Notes", "second"), ("stage", "Won")]])).await;
    assert_eq!((changed.counts(), changed.summary.notes_added), ([1, 0, 0, 1, 0], 1));
    assert_eq!(world.notes().await, ["first, and what we learned", "second"]);

    for cell in ["", "second"] {
        let same = world.import(&file(&[&[("Notes", cell), ("stage", "Won")]])).await;
        assert_eq!((same.counts(), same.summary.notes_added), ([1, 0, 1, 0, 0], 0), "`{cell}`");
    }
    assert_eq!(world.notes().await.len(), 2);
}
