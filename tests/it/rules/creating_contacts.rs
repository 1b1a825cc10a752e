//! Making contacts (A12, O5, F12).

use entity::UserId;
use entity::member::Cause;
use policy::Permission::{EditContacts, ViewContacts};
use retinue::domain::contact::{ContactFields, CreateContact};
use retinue::domain::error::RefusalKind;
use retinue::domain::patch::Patch;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, World};

fn ada() -> CreateContact {
    let fields = ContactFields { first_name: Patch::Set("Ada".into()), ..Default::default() };
    CreateContact { fields, ..Default::default() }
}

// A12
#[rstest]
#[tokio::test]
async fn it_takes_both_permissions(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    for missing in [ViewContacts, EditContacts] {
        let person = world.user("Person").lacking([missing]).create().await;
        let kind = world.refusal(person.makes_contact(ada())).await;
        assert_eq!(kind, RefusalKind::PermissionDenied { permission: Some(missing) });
    }
    let person = world.user("Person").holding([ViewContacts, EditContacts]).create().await;
    let contact = person.makes_contact(ada()).await.expect("made");
    assert_eq!((contact.version().await, contact.updated_at().await), (1, world.now()));
    assert_eq!(contact.activity().await, ["contact.created"]);
}

// O5
#[rstest]
#[tokio::test]
async fn who_may_create_may_name_any_active_owner_or_none(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [person, friend, left] = world.users(["Person", "Friend", "Left"]).await;
    left.leaves().await;
    let wish = CreateContact { owner: Patch::Set(friend.id), ..ada() };
    let contact = person.makes_contact(wish).await.expect("any active user");
    assert_eq!(contact.owner().await, Some(friend.id));
    assert_eq!(person.makes_contact(ada()).await.expect("left out").owner().await, None);
    let refusal =
        world.refused(person.makes_contact(CreateContact { owner: Patch::Set(left.id), ..ada() })).await;
    assert_eq!(
        (refusal.kind, refusal.field),
        (RefusalKind::NotFound, vec!["input".into(), "ownerId".into()])
    );
}

// O5
#[rstest]
#[tokio::test]
async fn a_restricted_creator_loses_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let creator = world.user("Creator").restricted().create().await;
    let [friend] = world.users(["Friend"]).await;

    let own = creator.makes_contact(ada()).await.expect("left out");
    assert_eq!((own.owner().await, own.followers().await), (Some(creator.id), vec![]));
    let unassigned = CreateContact { owner: Patch::Clear, ..ada() };
    let unassigned = creator.makes_contact(unassigned).await.expect("null");
    assert_eq!((unassigned.owner().await, unassigned.followers().await), (None, vec![creator.id]));
    let given = CreateContact { owner: Patch::Set(friend.id), ..ada() };
    let given = creator.makes_contact(given).await.expect("given");
    assert_eq!((given.owner().await, given.followers().await), (Some(friend.id), vec![creator.id]));
    let seat = given.seat_of(&creator).await.expect("they follow");
    assert_eq!((seat.cause, seat.inherits_edit), (Cause::Created, true));
    assert_eq!(creator.contacts().await.len(), 3, "they see all that they made");

    let unrestricted = friend.makes_contact(CreateContact { owner: Patch::Clear, ..ada() }).await;
    assert_eq!(unrestricted.expect("made").followers().await, []);
}

// O5, F12: the creator's place counts, and comes before derived ones.
#[rstest]
#[tokio::test]
async fn ten_named_followers_leave_no_place_for_the_creator(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let creator = world.user("Creator").restricted().create().await;
    let crowd = world.crowd(10).await;
    let followers: Vec<UserId> = crowd.iter().map(|person| person.id).collect();
    let wish = CreateContact { owner: Patch::Clear, followers, ..ada() };
    let full = RefusalKind::FollowerLimitReached { limit: 10, current: 0 };
    assert_eq!(world.refusal(creator.makes_contact(wish.clone())).await, full);

    let nine = CreateContact { followers: wish.followers[1..].to_vec(), ..wish.clone() };
    let contact = creator.makes_contact(nine).await.expect("nine and the creator");
    assert_eq!(contact.followers().await.len(), 10);
    let owned = CreateContact { owner: Patch::Keep, ..wish };
    creator.makes_contact(owned).await.expect("ten beside the creator who owns it");
}

// F12: named followers obey F1, F3 and F5.
#[rstest]
#[tokio::test]
async fn named_followers_obey_the_rules_of_followers(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let crowd = world.crowd(12).await;
    let [owner, left] = world.users(["Owner", "Left"]).await;
    left.leaves().await;
    let ids = |people: &[crate::world::Person]| people.iter().map(|person| person.id).collect::<Vec<_>>();
    let wish = |followers: Vec<UserId>| CreateContact { owner: Patch::Set(owner.id), followers, ..ada() };

    let contact = owner.makes_contact(wish(vec![owner.id, crowd[0].id, crowd[0].id])).await.expect("made");
    assert_eq!(contact.followers().await, [crowd[0].id]);
    assert_eq!(contact.activity().await, ["contact.created", "contact.follower_added"]);
    let eleven = world.refused(owner.makes_contact(wish(ids(&crowd[..11])))).await;
    assert_eq!(eleven.kind, RefusalKind::FollowerLimitReached { limit: 10, current: 0 });
    let unknown = world.refused(owner.makes_contact(wish(vec![crowd[0].id, left.id]))).await;
    assert_eq!((unknown.kind, unknown.field), (RefusalKind::NotFound, path("followerIds.1")));
}

// O7: unknown people, then denied, then invalid, then the limit.
#[rstest]
#[tokio::test]
async fn answers_come_in_their_order(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let crowd = world.crowd(11).await;
    let reader = world.user("Reader").lacking([EditContacts]).create().await;
    let nameless = ContactFields { first_name: Patch::Set(" ".into()), ..Default::default() };
    let followers: Vec<UserId> = crowd.iter().map(|person| person.id).collect();
    let wish = CreateContact { fields: nameless, followers, ..Default::default() };
    let unknown = CreateContact { owner: Patch::Set(world.base.ids.next()), ..wish.clone() };
    assert_eq!(world.refusal(reader.makes_contact(unknown)).await, RefusalKind::NotFound);
    let denied = RefusalKind::PermissionDenied { permission: Some(EditContacts) };
    assert_eq!(world.refusal(reader.makes_contact(wish.clone())).await, denied);
    assert_eq!(world.refusal(crowd[0].makes_contact(wish.clone())).await, RefusalKind::InvalidInput);
    let named = CreateContact { fields: ada().fields, ..wish };
    let full = RefusalKind::FollowerLimitReached { limit: 10, current: 0 };
    assert_eq!(world.refusal(crowd[0].makes_contact(named)).await, full);
}

fn path(field: &str) -> Vec<String> {
    ["input"].into_iter().chain(field.split('.')).map(str::to_owned).collect()
}
