//! The number of statements does not grow with the records, but for the rows that are inserted 40 at a time.

use retinue::domain::access::ContactFilter;
use retinue::domain::bulk::{self, BulkTag, Choice};
use retinue::domain::record::RecordRef;
use rstest::rstest;

use super::filters::contacts_of;
use super::{adds, gives, told};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

/// How many statements are no inserts, and how many rows' worth of inserts there are.
fn counted(statements: &[sea_orm::Statement]) -> (usize, usize) {
    let inserts = statements.iter().filter(|statement| statement.sql.starts_with("INSERT")).count();
    (statements.len() - inserts, inserts)
}

// G3
#[rstest]
#[tokio::test]
async fn one_fifty_and_five_hundred_cost_the_same(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(true, false)] separate: bool,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    if separate {
        world.turn_on([Setting::ContactOwnerFollowsOpportunities, Setting::PreviousOwnerFollows]).await;
    } else {
        world.turn_off([Setting::SeparateOwners]).await;
    }
    let mut seen = Vec::new();
    for size in [1, 50, 500] {
        let contacts: Vec<RecordRef> =
            contacts_of(&ada, size).await.into_iter().map(RecordRef::from).collect();
        for contact in &contacts[..1] {
            let RecordRef::Contact(id) = contact else { continue };
            world.opportunity(&world.contact_with(*id)).owned_by(&ada).create().await;
        }
        let (given, giving) = world.sent_by(gives(&admin, &contacts, Some(&bob))).await;
        assert_eq!(told(given), vec!["done"; size]);
        let (added, adding) = world.sent_by(adds(&admin, &contacts, &[&cleo])).await;
        assert_eq!(told(added), vec!["done"; size]);
        let access = admin.access().await;
        let choice: Choice<ContactFilter> = Choice::These(contacts);
        let wish = BulkTag { choice, add: vec!["new".into()], remove: vec!["old".into()] };
        let (tagged, tagging) = world.sent_by(bulk::tag(&access, &wish)).await;
        assert_eq!(told(tagged), vec!["done"; size]);
        let chunks = size.div_ceil(40);
        // Members, history with its values, what streams tell and who is notified, all of them for the opportunity too.
        for sent in [&giving, &adding, &tagging] {
            assert!(counted(sent).1 <= 9 * chunks + 4, "{size}: {:?}", counted(sent));
        }
        seen.push([&giving, &adding, &tagging].map(|sent| counted(sent).0));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[1], seen[2]);
}

// A7: hidden records cost what unknown ones cost, and answer alike.
#[rstest]
#[tokio::test]
async fn hidden_ones_cost_and_say_what_unknown_ones_do(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let stranger = world.user("Stranger").restricted().create().await;
    let owner = world.user("Owner").create().await;
    let hidden = [world.contact().owned_by(&owner).create().await, world.contact().create().await];
    let hidden: Vec<RecordRef> = hidden.iter().map(crate::world::AnyRecord::record).collect();
    let unknown: Vec<RecordRef> =
        (0..2).map(|_| RecordRef::Contact(world.base.ids.next::<entity::ContactId>())).collect();
    let texts = |sent: Vec<sea_orm::Statement>| -> Vec<String> {
        sent.into_iter().map(|statement| statement.sql).collect()
    };
    let (one, for_hidden) = world.sent_by(gives(&stranger, &hidden, Some(&stranger))).await;
    let (other, for_unknown) = world.sent_by(gives(&stranger, &unknown, Some(&stranger))).await;
    assert_eq!(texts(for_hidden), texts(for_unknown));
    assert_eq!(told(one), told(other));
    let deal = world.opportunity(&world.contact().create().await).create().await.record();
    assert_eq!(told(gives(&stranger, &[deal], Some(&stranger)).await), ["not found"]);
}
