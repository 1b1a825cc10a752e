//! Owners and followers (O8, F1, F3, F5, F7, AF1, AF4).

use entity::member::Cause;
use entity::{activity, contact_member};

use super::world::{World, file};
use crate::domain::access::Access;
use crate::domain::account::SaveSettings;
use crate::domain::error::{Error, RefusalKind};
use crate::domain::import::Options;
use crate::domain::user::{self, SetUser};

// O8, F7
#[tokio::test]
async fn people_are_known_by_their_names_and_the_import_is_the_cause() {
    let world = World::separate().await;
    let (ann, bob) = (world.user("Ann Lee").await, world.user("Bob Ray").await);
    let imported =
        world.import(&file(&[&[("assigned", " ann  LEE "), ("Followers", "Bob Ray, bob ray")]])).await;
    assert_eq!(imported.counts(), [1, 1, 0, 0, 0]);
    assert_eq!(imported.summary.followers_added, 1);

    let members: Vec<_> =
        world.members().await.iter().map(|row| (row.user_id, row.slot, row.cause)).collect();
    assert_eq!(members, [(ann, 0, Cause::Import), (bob, 1, Cause::Import)]);
    let opportunity = &world.opportunities().await[0];
    assert_eq!(opportunity.owner_id, Some(ann));
    assert_eq!(world.contacts().await[0].owner_id, None);
    let activities = world.rows::<activity::Entity>(activity::Column::Id).await;
    let of_opportunity: Vec<_> =
        activities.iter().filter(|row| row.opportunity_id == Some(opportunity.id)).collect();
    assert_eq!(of_opportunity.len(), 2);
    assert!(of_opportunity.iter().all(|row| row.cause == activity::Cause::Import && row.actor_id.is_none()));
}

// F5
#[tokio::test]
async fn an_unknown_person_is_rejected_or_made() {
    let world = World::separate().await;
    world.user("Ann Lee").await;
    let both = file(&[&[("assigned", "Zoë O'Hara"), ("Followers", "Ann Lee,zoë o'hara,New One")]]);
    let refused = world.import(&both).await;
    assert_eq!(refused.counts(), [1, 0, 0, 0, 1]);
    assert_eq!(refused.rejected("column"), ["assigned, Followers"]);
    assert!(refused.rejected("reason")[0].contains("nobody is called `Zoë O'Hara`"));
    assert!(world.contacts().await.is_empty());

    let made = world.import_people(&both).await;
    assert_eq!((made.counts(), made.summary.users_created), ([1, 1, 0, 0, 0], 2));
    let emails: Vec<_> = world.users().await.into_iter().map(|row| row.email).collect();
    assert_eq!(emails[1..], ["zoe.ohara@users.invalid", "new.one@users.invalid"]);
    // F3: who owns does not follow.
    assert_eq!(world.members().await.len(), 3);
    assert_eq!(world.history().await["user.created"], 3);
}

#[tokio::test]
async fn two_of_one_name_are_ambiguous_and_who_has_left_is_nobody() {
    let world = World::separate().await;
    world.user("Ann Lee").await;
    world.user("ann lee").await;
    let gone = world.user("Gone By").await;
    user::set(&world.access, gone, &SetUser { active: Some(false), ..SetUser::default() }).await.unwrap();

    let rows = file(&[&[("assigned", "Ann Lee")], &[("Followers", "Gone By")], &[("assigned", "")]]);
    let imported = world.import_people(&rows).await;
    assert_eq!(imported.counts(), [3, 1, 0, 0, 2]);
    assert_eq!(imported.rejected("column"), ["assigned", "Followers"]);
    assert!(imported.rejected("reason")[0].starts_with("ambiguous: 2 people"));
    assert!(imported.rejected("reason")[1].contains("not active any more"));
    assert_eq!(world.opportunities().await[0].owner_id, None);
}

// F1
#[tokio::test]
async fn the_eleventh_follower_is_rejected_and_leaves_nothing_behind() {
    let world = World::separate().await;
    let names: Vec<String> = (1..=11).map(|number| format!("Follower {number}")).collect();
    let (ten, eleven) = (names[..10].join(","), names.join(","));
    let refused = world.import_people(&file(&[&[("Followers", &eleven), ("tags", "vip")]])).await;
    assert_eq!(refused.rejected("column"), ["Followers"]);
    assert!(refused.rejected("reason")[0].contains("at most 10 followers"));
    assert!(world.users().await.is_empty() && world.contacts().await.is_empty());
    assert!(world.pipelines().await.is_empty());
    assert_eq!(world.history().await.keys().collect::<Vec<_>>(), ["account.settings_saved"]);

    // The owner among them needs no place.
    let rows = file(&[&[("Followers", &eleven), ("assigned", "Follower 3")], &[("Followers", &ten)]]);
    let taken = world.import_people(&rows).await;
    assert_eq!((taken.counts(), taken.summary.followers_added), ([2, 2, 0, 0, 0], 20));
}

// AF1, AF4
#[tokio::test]
async fn owners_follow_the_contact_until_it_has_ten_followers() {
    let both = SaveSettings {
        separate_owners: Some(true),
        opportunity_owner_follows_contact: Some(true),
        ..SaveSettings::default()
    };
    let world = World::with(both).await;
    let owners: Vec<String> = (1..=12).map(|number| format!("Owner {number}")).collect();
    let rows: Vec<_> = owners.iter().chain(&owners[10..]).map(|name| [("assigned", name.as_str())]).collect();
    let rows: Vec<&[(&str, &str)]> = rows.iter().map(|row| &row[..]).collect();
    let options = Options { create_users: true, batch_rows: 5, ..Options::default() };
    let summary = world.import_with(file(&rows), &options).await.unwrap().summary;

    assert_eq!((summary.created, summary.auto_followers_added), (14, 10));
    assert_eq!((summary.auto_followers_skipped, summary.auto_followers_left_out), (4, 2));
    let followers = world.rows::<contact_member::Entity>(contact_member::Column::Slot).await;
    assert_eq!(followers.len(), 10);
    assert!(followers.iter().all(|row| row.cause == Cause::OpportunityOwnerFollowsContact));
    assert_eq!(world.history().await["contact.follower_skipped"], 4);
}

// R3
#[tokio::test]
async fn who_does_not_see_everything_does_not_import() {
    let mut world = World::separate().await;
    let user = world.user("Ann Lee").await;
    let account = world.access.account().id;
    world.access = Access::of_user(world.access.base(), account, user).await.unwrap().unwrap();
    let refused = world.import_with(file(&[&[]]), &Options::default()).await;
    let Err(Error::Refused(refusals)) = refused else { panic!("it was taken") };
    assert_eq!(refusals[0].kind, RefusalKind::PermissionDenied { permission: None });
    assert!(world.contacts().await.is_empty());
}
