//! An account on an embedded database of its own, and files to import into it.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::pin::Pin;
use std::sync::Arc;

use entity::{
    Timestamp, activity, contact, contact_tag, opportunity, opportunity_member, pipeline, stage, user,
};
use sea_orm::{EntityTrait, QueryOrder};
use tempfile::TempDir;

use crate::clock::ManualClock;
use crate::domain::access::{Access, Base};
use crate::domain::account::{self, CreateAccount, SaveSettings};
use crate::domain::database::Database;
use crate::domain::error::Result;
use crate::domain::import::{self, Options, Preview, Progress, Summary};
use crate::domain::user::{self as users, CreateUser};

/// When everything happens: 2026-01-02 00:00 UTC.
pub const NOW: Timestamp = Timestamp(1_767_312_000_000_000);

/// The columns of the export.
pub const COLUMNS: [&str; 18] = [
    "Opportunity name",
    "Contact Name",
    "phone",
    "email",
    "pipeline",
    "stage",
    "Lead Value",
    "source",
    "assigned",
    "Created on",
    "Updated on",
    "lost reason ID",
    "lost reason name",
    "Followers",
    "Notes",
    "tags",
    "Engagement score",
    "status",
];

/// An account to import into.
pub struct World {
    pub access: Access,
    _folder: TempDir,
}

/// What an import came to.
pub struct Imported {
    pub summary: Summary,
    pub preview: Preview,
    /// The rejects file; empty when nothing was written.
    pub rejects: String,
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let database = Database::open(&format!("sqlite:{}", path.display())).await.unwrap();
        database.migrate_up().await.unwrap();
        let base = Base::new(database, Arc::new(ManualClock::new(NOW)));
        let wish = CreateAccount { name: "Acme".into(), country: "DE".into(), currency: "EUR".into() };
        Self { access: account::create(&base, &wish).await.unwrap(), _folder: folder }
    }

    /// One that allows different owners.
    pub async fn separate() -> Self {
        Self::with(SaveSettings { separate_owners: Some(true), ..SaveSettings::default() }).await
    }

    pub async fn with(settings: SaveSettings) -> Self {
        let mut world = Self::new().await;
        account::save_settings(&world.access, &SaveSettings { expected_version: 1, ..settings })
            .await
            .unwrap();
        world.access = world.access.refreshed().await.unwrap().unwrap();
        world
    }

    pub async fn user(&self, name: &str) -> entity::UserId {
        let count = self.users().await.len();
        users::create(&self.access, &CreateUser::new(name, format!("user{count}@acme.example")))
            .await
            .unwrap()
    }

    pub async fn import(&self, file: &str) -> Imported {
        self.import_with(file, &Options::default()).await.unwrap()
    }

    /// Imports and makes the people whom it does not know.
    pub async fn import_people(&self, file: &str) -> Imported {
        let options = Options { create_users: true, ..Options::default() };
        self.import_with(file, &options).await.unwrap()
    }

    pub async fn import_with(&self, file: impl AsRef<[u8]> + Send, options: &Options) -> Result<Imported> {
        let (mut preview, mut rejects) = (Preview::default(), Vec::new());
        let mut progress = |progress: Progress<'_>| {
            if let Progress::Begins(begins) = progress {
                preview = begins.clone();
            }
        };
        let file = Cursor::new(file);
        // A server may run it on any of its threads.
        let running: Pin<Box<dyn Future<Output = _> + Send + '_>> =
            Box::pin(import::opportunities(&self.access, file, options, &mut progress, &mut rejects));
        let summary = running.await?;
        let Summary { read, created, unchanged, updated, rejected, .. } = summary;
        assert_eq!(read, created + unchanged + updated + rejected);
        assert_eq!(read, preview.rows);
        Ok(Imported { summary, preview, rejects: String::from_utf8(rejects).unwrap() })
    }

    pub async fn opportunities(&self) -> Vec<opportunity::Model> {
        self.rows::<opportunity::Entity>(opportunity::Column::Id).await
    }

    pub async fn contacts(&self) -> Vec<contact::Model> {
        self.rows::<contact::Entity>(contact::Column::Id).await
    }

    pub async fn users(&self) -> Vec<user::Model> {
        self.rows::<user::Entity>(user::Column::Id).await
    }

    pub async fn pipelines(&self) -> Vec<String> {
        let rows = self.rows::<pipeline::Entity>(pipeline::Column::Position).await;
        rows.into_iter().map(|row| row.name).collect()
    }

    pub async fn stages(&self) -> Vec<String> {
        let rows = self.rows::<stage::Entity>(stage::Column::Position).await;
        rows.into_iter().map(|row| row.name).collect()
    }

    pub async fn tags(&self) -> Vec<String> {
        let rows = self.rows::<contact_tag::Entity>(contact_tag::Column::TagKey).await;
        rows.into_iter().map(|row| row.tag).collect()
    }

    pub async fn members(&self) -> Vec<opportunity_member::Model> {
        self.rows::<opportunity_member::Entity>(opportunity_member::Column::Slot).await
    }

    /// What the history has, each kind with how often.
    pub async fn history(&self) -> BTreeMap<String, usize> {
        let mut kinds = BTreeMap::new();
        for row in self.rows::<activity::Entity>(activity::Column::Id).await {
            *kinds.entry(row.kind).or_default() += 1;
        }
        kinds
    }

    pub async fn rows<E: EntityTrait>(&self, order: E::Column) -> Vec<E::Model> {
        E::find().order_by_asc(order).all(self.access.base().database.reader()).await.unwrap()
    }
}

/// A file with these rows, each the cells that matter; the others say as little as they may.
pub fn file(rows: &[&[(&str, &str)]]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).unwrap();
    for row in rows {
        let cell = |column: &str| match (row.iter().find(|(name, _)| *name == column), column) {
            (Some((_, text)), _) => (*text).to_owned(),
            (None, "Opportunity name") => "Deal".to_owned(),
            (None, "Contact Name") => "Acme".to_owned(),
            (None, "pipeline") => "Sales".to_owned(),
            (None, "stage") => "New".to_owned(),
            (None, "Created on") => "2020-01-01T09:00:00Z".to_owned(),
            (None, "status") => "open".to_owned(),
            (None, _) => String::new(),
        };
        writer.write_record(COLUMNS.map(cell)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

impl Imported {
    /// Read, created, unchanged, updated, rejected.
    pub const fn counts(&self) -> [u64; 5] {
        let Summary { read, created, unchanged, updated, rejected, .. } = &self.summary;
        [*read, *created, *unchanged, *updated, *rejected]
    }

    /// The cells of a column of the rejects file.
    pub fn rejected(&self, column: &str) -> Vec<String> {
        let mut reader = csv::Reader::from_reader(self.rejects.as_bytes());
        let place = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
        reader.records().map(|record| record.unwrap()[place].to_owned()).collect()
    }

    /// The rejects file with one text replaced by another wherever it stands.
    pub fn mended(&self, from: &str, to: &str) -> String {
        assert!(self.rejects.contains(from), "`{from}` is not in {}", self.rejects);
        self.rejects.replace(from, to)
    }
}
