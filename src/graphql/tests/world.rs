//! A small account with people, contacts and opportunities, and somebody who asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use entity::user::Role;
use entity::{ContactId, OpportunityId, PipelineId, StageId, UserId};
use policy::{Permission, Permissions};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::clock::SystemClock;
use crate::domain::access::{Access, Base};
use crate::domain::account::{CreateAccount, SaveSettings, save_settings};
use crate::domain::contact::{ContactFields, CreateContact};
use crate::domain::database::Database;
use crate::domain::opportunity::CreateOpportunity;
use crate::domain::ownership::AddFollowers;
use crate::domain::ownership::follow::add_followers;
use crate::domain::patch::Patch;
use crate::domain::record::RecordRef;
use crate::domain::user::CreateUser;
use crate::domain::{account, contact, opportunity, pipeline, user};
use crate::graphql::{Engine, EngineConfig, Request};

pub struct World {
    pub base: Base,
    pub engine: Engine,
    pub command_line: Access,
    pub admin: UserId,
    pub ada: UserId,
    pub bob: UserId,
    pub blind: UserId,
    pub restricted: UserId,
    pub pipeline: PipelineId,
    pub stages: Vec<StageId>,
    statements: Arc<AtomicUsize>,
    _directory: TempDir,
}

impl World {
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let statements = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&statements);
        let observer = Arc::new(move |_: &sea_orm::Statement| {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        let address = format!("sqlite:{}", directory.path().join("crm.db").display());
        let database = Database::open_observed(&address, Some(observer)).await.unwrap();
        database.migrate_up().await.unwrap();
        let base = Base::new(database, Arc::new(SystemClock));

        let wish = CreateAccount { name: "Clinic".into(), country: "DE".into(), currency: "EUR".into() };
        let command_line = account::create(&base, &wish).await.unwrap();
        let person = async |name: &str, change: fn(&mut CreateUser)| {
            let mut wish = CreateUser::new(name, format!("{name}@example.com"));
            change(&mut wish);
            user::create(&command_line, &wish).await.unwrap()
        };
        let admin = person("Root", |wish| wish.role = Role::Admin).await;
        let ada = person("Ada", |_| {}).await;
        let bob = person("Bob", |_| {}).await;
        let blind = person("Blind", |wish| {
            wish.permissions = Permissions::of_a_new_user().without(Permission::ViewLeadValue);
        })
        .await;
        let restricted = person("Restricted", |wish| wish.only_assigned_data = true).await;

        let unit = command_line.begin().await.unwrap();
        let names = ["New".to_owned(), "Done".to_owned()];
        let (pipeline, stages) = pipeline::ensure(&unit, "Sales", &names).await.unwrap();
        unit.commit().await.unwrap();

        let engine = Engine::new(EngineConfig { cursor_secret: b"secret".to_vec() });
        let world = Self {
            base,
            engine,
            command_line,
            admin,
            ada,
            bob,
            blind,
            restricted,
            pipeline: pipeline.id,
            stages: stages.into_iter().map(|stage| stage.id).collect(),
            statements,
            _directory: directory,
        };
        world.set(|settings| settings.separate_owners = Some(true)).await;
        world
    }

    pub async fn set(&self, change: fn(&mut SaveSettings)) {
        let access = self.command_line.refreshed().await.unwrap().unwrap();
        let mut wish = SaveSettings { expected_version: access.account().version, ..SaveSettings::default() };
        change(&mut wish);
        save_settings(&access, &wish).await.unwrap();
    }

    pub async fn contact(&self, name: &str, owner: Option<UserId>) -> ContactId {
        let fields = ContactFields {
            first_name: Patch::Set(name.to_owned()),
            emails: Patch::Set(vec![format!("{}@example.org", name.replace(' ', "."))]),
            tags: Patch::Set(vec!["vip".to_owned()]),
            ..ContactFields::default()
        };
        let owner = owner.map_or(Patch::Clear, Patch::Set);
        let wish = CreateContact { fields, owner, ..CreateContact::default() };
        contact::create(&self.command_line, &wish).await.unwrap().0
    }

    pub async fn opportunity(&self, contact: ContactId, name: &str, owner: Option<UserId>) -> OpportunityId {
        let wish = CreateOpportunity {
            owner: owner.map_or(Patch::Clear, Patch::Set),
            value: Patch::Set("1054.50".parse().unwrap()),
            ..CreateOpportunity::new(contact, self.pipeline, name)
        };
        opportunity::create(&self.command_line, &wish).await.unwrap().0
    }

    pub async fn follow(&self, record: impl Into<RecordRef>, user: UserId) {
        let wish = AddFollowers { record: record.into(), users: vec![user], until: None };
        add_followers(&self.command_line, &wish).await.unwrap();
    }

    pub async fn access(&self, user: UserId) -> Access {
        let account = self.command_line.account().id;
        Access::of_user(&self.base, account, user).await.unwrap().unwrap()
    }

    /// What `user` is answered.
    pub async fn ask(&self, user: UserId, document: &str, variables: Json) -> Json {
        self.ask_and_count(user, document, variables).await.0
    }

    /// What `user` is answered to a query that must not go wrong.
    pub async fn data(&self, user: UserId, document: &str, variables: Json) -> Json {
        let mut answer = self.ask(user, document, variables).await;
        assert_eq!(answer["errors"], Json::Null, "{answer:#}");
        answer["data"].take()
    }

    /// The same, with the number of statements, the one that reads the viewer not counted.
    pub async fn ask_and_count(&self, user: UserId, document: &str, variables: Json) -> (Json, usize) {
        let access = self.access(user).await;
        let checked = guard::check(document, &guard::Limits::default()).unwrap();
        let request =
            Request { document: checked.document, operation_name: None, variables, request_id: "r-1".into() };
        self.statements.store(0, Ordering::SeqCst);
        let reply = self.engine.execute(access, request).await;
        let statements = self.statements.load(Ordering::SeqCst);
        let answer: Json = serde_json::from_str(&reply.json).unwrap();
        assert_eq!(reply.ok, answer.get("data").is_some());
        (answer, statements)
    }
}

/// Variables with one global id.
pub fn id(id: impl std::fmt::Display) -> Json {
    json!({ "id": id.to_string() })
}
