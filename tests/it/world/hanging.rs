//! What people of a world write on records, and mean to do about them.

use entity::{NoteId, TaskId, note, task};
use retinue::domain::error::Result;
use retinue::domain::note::{CreateNote, DeleteNote, UpdateNote};
use retinue::domain::patch::Patch;
use retinue::domain::task::CreateTask;
use sea_orm::EntityTrait as _;

use super::{Acts, AnyRecord, Person, World};

impl World {
    /// The row of a note.
    pub async fn note(&self, id: NoteId) -> Option<note::Model> {
        note::Entity::find_by_id(id).one(&self.sql).await.expect("the note is read")
    }

    /// The row of a task.
    pub async fn task(&self, id: TaskId) -> Option<task::Model> {
        task::Entity::find_by_id(id).one(&self.sql).await.expect("the task is read")
    }
}

impl Person {
    /// Writes a note.
    pub async fn writes(&self, record: &impl AnyRecord, body: &str) -> Result<NoteId> {
        self.writes_to(record, body, []).await
    }

    /// Writes a note that mentions colleagues.
    pub async fn writes_to<const N: usize>(
        &self,
        record: &impl AnyRecord,
        body: &str,
        people: [&Person; N],
    ) -> Result<NoteId> {
        let mentions = people.iter().map(|person| person.id).collect();
        let wish = CreateNote { record: record.record(), body: body.to_owned(), mentions };
        Ok(retinue::domain::note::create(&self.access().await, &wish).await?.note)
    }

    /// Changes what a note says.
    pub async fn rewrites(&self, note: NoteId, body: &str) -> Result<()> {
        let body = Patch::Set(body.to_owned());
        let wish = UpdateNote { note, body, mentions: Patch::Keep, expected_version: None };
        retinue::domain::note::update(&self.access().await, &wish).await.map(|_| ())
    }

    /// Deletes a note.
    pub async fn deletes_note(&self, note: NoteId) -> Result<()> {
        let wish = DeleteNote { note, expected_version: None };
        retinue::domain::note::delete(&self.access().await, &wish).await.map(|_| ())
    }

    /// Makes a task, for somebody or nobody.
    pub async fn plans(
        &self,
        record: &impl AnyRecord,
        title: &str,
        assignee: Option<&Person>,
    ) -> Result<TaskId> {
        let wish = CreateTask {
            record: record.record(),
            title: title.to_owned(),
            body: None,
            assignee: assignee.map(|person| person.id),
            due_at: None,
        };
        Ok(retinue::domain::task::create(&self.access().await, &wish).await?.task)
    }
}
