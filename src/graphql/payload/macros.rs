//! Payloads are alike but for their names, so they are written by macros.

/// One payload: `id`, the record, `userErrors`, and what else the mutation has to say.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident($done:ty) of $kind:ty as $record:ident: $object:ident { $($more:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name($crate::graphql::payload::Outcome<$kind, $done>);

        impl $crate::graphql::payload::Payload for $name {
            type Kind = $kind;
            type Done = $done;
            fn of(outcome: $crate::graphql::payload::Outcome<$kind, $done>) -> Self {
                Self(outcome)
            }
        }

        $(#[$doc])*
        #[async_graphql::Object]
        impl $name {
            /// The id of the record, also when the call itself ended the caller's sight of it. Null when the call was
            /// refused.
            async fn id(&self) -> Option<async_graphql::ID> {
                self.0.id().map(async_graphql::ID::from)
            }

            /// The record as the caller sees it after the call. Null when the call was refused, and, without an error,
            /// when the call itself ended the caller's sight of it.
            async fn $record(&self) -> $crate::graphql::answer::Answer<$object> {
                $crate::graphql::answer::Answer::of(async { Ok(self.0.record().await?.map($object::from)) }).await
            }

            /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was
            /// changed.
            async fn user_errors(&self) -> Vec<$crate::graphql::user_errors::UserError> {
                self.0.user_errors()
            }

            $($more)*
        }
    };
}

/// The payloads that contacts and opportunities have alike.
macro_rules! record_payloads {
    (
        $kind:ty as $record:ident: $object:ident;
        $(#[$on_create:meta])* create: $create:ident($made:ty);
        $(#[$on_update:meta])* update: $update:ident;
        $(#[$on_change:meta])* change_owner: $change_owner:ident;
        $(#[$on_add:meta])* add_followers: $add:ident;
        $(#[$on_remove:meta])* remove_followers: $remove:ident;
        $(#[$on_mute:meta])* set_muted: $mute:ident;
    ) => {
        $crate::graphql::payload::payload! {
            $(#[$on_create])*
            $create($made) of $kind as $record: $object {
                /// What the call did to followers of records that the caller sees: those whom it named, and those whom a
                /// setting added or, where there was no room, skipped.
                async fn follow_changes(&self) -> Answer<Vec<FollowChange>> {
                    Answer::of(self.0.follow_changes(|(_, committed)| committed)).await
                }
            }
        }

        $crate::graphql::payload::payload! {
            $(#[$on_update])*
            $update(Committed) of $kind as $record: $object {}
        }

        $crate::graphql::payload::payload! {
            $(#[$on_change])*
            $change_owner(OwnerChanged) of $kind as $record: $object {
                /// Who owned it before the call. Null when it was unassigned, and when the call was refused. When that
                /// owner was set already, nothing happened and they are named here.
                async fn previous_owner(&self) -> Answer<User> {
                    Answer::of(self.0.person(|changed| changed.previous)).await
                }

                /// What the call did to followers of records that the caller sees: previous owners who stay on, the new
                /// owner who leaves the list, and those whom a setting added or, where there was no room, skipped.
                async fn follow_changes(&self) -> Answer<Vec<FollowChange>> {
                    Answer::of(self.0.follow_changes(|changed| &changed.committed)).await
                }
            }
        }

        $crate::graphql::payload::payload! {
            $(#[$on_add])*
            $add(FollowersAdded) of $kind as $record: $object {
                /// Everybody who follows it after the call. Null when the call was refused.
                async fn followers(&self) -> Answer<Vec<Follower>> {
                    Answer::of(self.0.followers()).await
                }

                /// Those who follow it since this call.
                async fn added(&self) -> Answer<Vec<User>> {
                    Answer::of(self.0.people(|done| done.added.clone())).await
                }

                /// Those who followed it already and got another end.
                async fn changed(&self) -> Answer<Vec<User>> {
                    Answer::of(self.0.people(|done| done.changed.clone())).await
                }

                /// Those who were named and left as they were, with the reason.
                async fn skipped(&self) -> Answer<Vec<SkippedFollower>> {
                    Answer::of(self.0.skipped(|done| done.skipped.as_slice())).await
                }
            }
        }

        $crate::graphql::payload::payload! {
            $(#[$on_remove])*
            $remove(FollowersRemoved) of $kind as $record: $object {
                /// Everybody who follows it after the call. Null when the call was refused or ended the caller's sight of
                /// the record.
                async fn followers(&self) -> Answer<Vec<Follower>> {
                    Answer::of(self.0.followers()).await
                }

                /// Those who follow it no more since this call.
                async fn removed(&self) -> Answer<Vec<User>> {
                    Answer::of(self.0.people(|done| done.removed.clone())).await
                }

                /// Those who were named and left as they were, with the reason.
                async fn skipped(&self) -> Answer<Vec<SkippedFollower>> {
                    Answer::of(self.0.skipped(|done| done.skipped.as_slice())).await
                }
            }
        }

        $crate::graphql::payload::payload! {
            $(#[$on_mute])*
            $mute(()) of $kind as $record: $object {}
        }
    };
}

pub(in crate::graphql) use {payload, record_payloads};
