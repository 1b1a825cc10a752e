//! What saving the ownership settings would come to (O9, A7).

use std::collections::BTreeMap;

use policy::Permission::{ChangeOwners, EditOpportunities, ManageSettings, ViewContacts};
use retinue::domain::error::RefusalKind;
use retinue::domain::ownership::preview::{Numbers, Preview, Settings, SightChange, preview};
use rstest::rstest;

use super::{DOWN, aligns};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts, Setting, World};

const LINKED: Settings = Settings {
    separate_owners: Some(false),
    opportunity_owner_follows_contact: None,
    contact_owner_follows_opportunities: None,
    previous_owner_follows: None,
};

const FOLLOWING: Settings = Settings {
    separate_owners: Some(true),
    opportunity_owner_follows_contact: Some(true),
    contact_owner_follows_opportunities: Some(true),
    previous_owner_follows: None,
};

async fn shown(who: &impl Acts, settings: Settings) -> Preview {
    preview(&who.access().await, &settings).await.expect("a preview")
}

fn numbers(contacts: i64, opportunities: i64) -> Numbers {
    Numbers { contacts, opportunities }
}

// P6
#[rstest]
#[tokio::test]
async fn only_unrestricted_holders_of_the_permission_may_ask(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let nobody = world.user("Nobody").create().await;
    let restricted = world.user("Restricted").restricted().also_holding([ManageSettings]).create().await;
    for (person, permission) in [(&nobody, Some(ManageSettings)), (&restricted, None)] {
        let refused = world.refusal(async { preview(&person.access().await, &LINKED).await }).await;
        assert_eq!(refused, RefusalKind::PermissionDenied { permission });
    }
    let holder = world.user("Holder").holding([ManageSettings]).create().await;
    assert_eq!(shown(&holder, LINKED).await, Preview::default());
}

// O9: who differs, who would see more or less, and who could not hand over any more.
#[rstest]
#[tokio::test]
async fn it_counts_what_differs_and_who_would_gain_or_lose(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let ada = world.user("Ada").restricted().create().await;
    let bob = world.user("Bob").restricted().create().await;
    let cleo = world.user("Cleo").also_holding([ChangeOwners]).create().await;
    let weak = world.user("Weak").lacking([EditOpportunities]).create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    world.opportunity(&contact).owned_by(&bob).create().await;
    world.opportunity(&contact).owned_by(&bob).followed_by(&ada).create().await;
    world.opportunity(&contact).create().await;
    world.opportunity(&contact).owned_by(&ada).create().await;
    let other = world.contact().create().await;
    world.opportunity(&other).owned_by(&cleo).create().await;
    world.opportunity(&other).owned_by(&weak).create().await;
    let lone = world.contact().owned_by(&cleo).create().await;
    let deal = world.opportunity(&lone).owned_by(&bob).create().await;

    let seen = shown(&admin, LINKED).await;
    assert_eq!(seen.differing, numbers(3, 6));
    let change = |gained, lost| SightChange { gained, lost };
    // Ada would see one more of Bob's and the unassigned one; Bob would lose his three, to Ada and to Cleo.
    let down =
        [(ada.id, change(numbers(0, 2), numbers(0, 0))), (bob.id, change(numbers(0, 0), numbers(0, 3)))];
    assert_eq!(seen.aligned_to_contacts, BTreeMap::from(down));
    // Only the lone contact's opportunities agree.
    let up = [(bob.id, change(numbers(1, 0), numbers(0, 0)))];
    assert_eq!(seen.aligned_to_opportunities, BTreeMap::from(up));
    // Bob does not own those contacts, Cleo may change any, Weak could not hand over today.
    assert_eq!(seen.cannot_hand_over, BTreeMap::from([(bob.id, 3)]));
    assert_eq!(seen.auto_follow_opens, BTreeMap::new());

    // Who stays on as a follower loses nothing.
    let staying = Settings { previous_owner_follows: Some(true), ..LINKED };
    let seen = shown(&admin, staying).await;
    assert_eq!(seen.aligned_to_contacts, BTreeMap::from([down[0]]));

    // And so it comes.
    world.turn_off([Setting::SeparateOwners]).await;
    aligns(&admin, DOWN).await.expect("aligned");
    assert_eq!((ada.opportunities().await.len(), bob.opportunities().await.len()), (4, 0));
    assert!(!bob.sees(&deal).await);
    let seen = shown(&admin, LINKED).await;
    assert_eq!((seen.differing, seen.aligned_to_contacts), (numbers(1, 2), BTreeMap::new()));
}

// O9, AF1, AF2
#[rstest]
#[tokio::test]
async fn it_says_what_following_would_open(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let ada = world.user("Ada").restricted().create().await;
    let bob = world.user("Bob").restricted().create().await;
    let free = world.user("Free").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    world.opportunity(&contact).owned_by(&bob).create().await;
    world.opportunity(&contact).owned_by(&bob).followed_by(&ada).create().await;
    world.opportunity(&contact).owned_by(&free).create().await;
    let followed = world.contact().owned_by(&free).followed_by(&bob).create().await;
    world.opportunity(&followed).owned_by(&bob).create().await;

    let seen = shown(&admin, FOLLOWING).await;
    let opens = [(ada.id, numbers(0, 2)), (bob.id, numbers(1, 0))];
    assert_eq!(seen.auto_follow_opens, BTreeMap::from(opens));
    assert_eq!(seen.cannot_hand_over, BTreeMap::new());
    let off = Settings { contact_owner_follows_opportunities: Some(false), ..FOLLOWING };
    assert_eq!(shown(&admin, off).await.auto_follow_opens, BTreeMap::from([opens[1]]));
    assert_eq!(shown(&admin, LINKED).await.auto_follow_opens, BTreeMap::new());
}

// A7: what the viewer may not see is not counted, and the statements are the same at any size.
#[rstest]
#[tokio::test]
async fn it_counts_what_the_viewer_sees_in_as_many_statements(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let blind =
        world.user("Blind").holding([ManageSettings, policy::Permission::ViewOpportunities]).create().await;
    let holder = world.user("Holder").also_holding([ManageSettings]).create().await;
    let access = admin.access().await;
    let (empty, few) = world.sent_by(preview(&access, &LINKED)).await;
    assert_eq!(empty.expect("a preview"), Preview::default());
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    for _ in 0..10 {
        let contact = world.contact().owned_by(&ada).create().await;
        world.opportunity(&contact).owned_by(&bob).create().await;
    }
    let (seen, many) = world.sent_by(preview(&access, &LINKED)).await;
    assert_eq!(seen.expect("a preview").differing, numbers(10, 10));
    assert_eq!(few.len(), many.len());
    assert_eq!(shown(&blind, LINKED).await, Preview::default());
    assert_eq!(shown(&holder, LINKED).await.differing, numbers(10, 10));
    holder.loses(ViewContacts).await;
    assert_eq!(shown(&holder, LINKED).await, Preview::default());
}
