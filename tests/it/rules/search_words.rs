//! The words that records are found by are written with every change, and anew where they are missing or wrong (G3).

use entity::{contact, contact_token, opportunity, opportunity_token};
use retinue::domain::access::{ContactFilter, List, OpportunityFilter};
use retinue::domain::contact::ContactFields;
use retinue::domain::patch::Patch;
use retinue::domain::search::{Rebuilt, Search, rebuild_missing, rebuild_search};
use rstest::rstest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::assert_found_and_dated;
use crate::world::{Acts as _, LAST_CHANGED, Person, World, listed};

/// How many contacts and opportunities somebody finds.
async fn found(person: &Person, text: &str) -> (usize, usize) {
    let access = person.access().await;
    let search = Search::parse(text).ok();
    let filter = ContactFilter { search: search.clone(), ..Default::default() };
    let contacts = listed::<policy::Contact>(&access, &List { filter, sort: LAST_CHANGED }).await;
    let filter = OpportunityFilter { search, ..Default::default() };
    let deals = listed::<policy::Opportunity>(&access, &List { filter, sort: LAST_CHANGED }).await;
    (contacts.len(), deals.len())
}

/// Two contacts and an opportunity, in an account of their own.
async fn filled(world: &World) -> Person {
    let ada = world.user("Ada").create().await;
    let zoe = world.contact().named("Zoe").create().await;
    world.contact().named("Yara").create().await;
    let fields = ContactFields {
        city: Patch::Set("Bonn".into()),
        emails: Patch::Set(vec!["zoe@acme.example".into()]),
        phones: Patch::Set(vec!["+493012345678".into()]),
        ..ContactFields::default()
    };
    world.command_line().updates_contact(&zoe, fields).await.expect("it changes");
    world.opportunity(&zoe).named("Roof").create().await;
    ada
}

#[rstest]
#[tokio::test]
async fn what_is_missing_or_wrong_is_written_anew_and_the_rest_is_left_alone(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = filled(&world).await;
    let neighbours = world.beside().await;
    filled(&neighbours).await;
    let access = world.command_line().access().await;
    let (right, theirs) = (world.tables().await, neighbours.tables().await);
    assert_eq!(rebuild_search(&access).await.expect("nothing to do"), Rebuilt::default());
    right.assert_same(&world.tables().await);

    let of_account = contact_token::Column::AccountId.eq(world.account);
    contact_token::Entity::delete_many()
        .filter(of_account.clone())
        .filter(contact_token::Column::Word.is_in(["zoe", "acme"]))
        .exec(&world.sql)
        .await
        .expect("gone");
    contact_token::Entity::update_many()
        .col_expr(contact_token::Column::Word, Expr::value("wrong"))
        .filter(of_account)
        .filter(contact_token::Column::Word.eq("yara"))
        .exec(&world.sql)
        .await
        .expect("wrong");
    opportunity_token::Entity::delete_many()
        .filter(opportunity_token::Column::AccountId.eq(world.account))
        .exec(&world.sql)
        .await
        .expect("gone");
    assert_eq!(found(&ada, "roof").await, (0, 0));
    assert_eq!(rebuild_search(&access).await.expect("rebuilt"), Rebuilt { contacts: 2, opportunities: 1 });
    right.assert_same(&world.tables().await);
    theirs.assert_same(&neighbours.tables().await);
    assert_eq!(found(&ada, "zoe acme").await, (1, 1));

    // The folded texts that filters compare with.
    contact::Entity::update_many()
        .col_expr(contact::Column::CityKey, Expr::value(Option::<String>::None))
        .filter(contact::Column::AccountId.eq(world.account))
        .exec(&world.sql)
        .await
        .expect("gone");
    assert_eq!(rebuild_search(&access).await.expect("rebuilt"), Rebuilt { contacts: 1, opportunities: 0 });
    right.assert_same(&world.tables().await);
}

#[rstest]
#[tokio::test]
async fn records_that_are_older_than_search_get_their_words(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let database = retinue::domain::database::Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    let world = World::at(std::sync::Arc::new(place)).await;
    let ada = filled(&world).await;
    // As they were before: without words, without folded texts, without a time of the last activity.
    let steps = migration_steps_after_lists();
    database.migrate_down(Some(steps)).await.expect("down");
    database.migrate_up().await.expect("up");
    assert_eq!(found(&ada, "zoe").await, (0, 0));
    assert_eq!(opportunity::Entity::find().all(&world.sql).await.expect("rows")[0].source_key, None);

    rebuild_missing(&world.base).await.expect("rebuilt");
    assert_eq!(found(&ada, "zoe").await, (1, 1));
    assert_found_and_dated(&world).await;
    let before = world.tables().await;
    rebuild_missing(&world.base).await.expect("nothing to do");
    before.assert_same(&world.tables().await);
}

/// The migration of lists, and those that came after it.
fn migration_steps_after_lists() -> u32 {
    use migration::MigratorTrait as _;
    let steps = migration::Migrator::migrations();
    let lists = steps.iter().position(|step| step.name().ends_with("_lists")).expect("the migration");
    u32::try_from(steps.len() - lists).expect("few")
}
