//! The socket from end to end, in one process: two companies, one deal, real frames.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may")]

mod delivery;
mod door;
mod nodes;
mod rights;
mod stage;

/// Runs each scene on both databases: SQLite, and PostgreSQL where one is told.
macro_rules! scenes {
    ($($from:ident::$scene:ident)+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scene() {
                super::$from::$scene(super::stage::hub(None).await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scene() {
                if let Some(url) = super::stage::fresh_postgres().await {
                    super::$from::$scene(super::stage::hub(Some(url)).await).await;
                }
            })+
        }
    };
}

scenes! {
    delivery::what_one_company_says_the_other_hears_once_and_in_order
    delivery::a_long_absence_is_a_gap_and_a_short_one_a_replay
    delivery::who_does_not_read_is_closed_and_does_not_delay_the_others
    delivery::typing_is_told_to_the_others_and_going_away_to_all
    rights::a_stranger_to_a_room_learns_nothing_of_it
    rights::after_a_removal_nothing_of_the_room_arrives_and_the_socket_stays
    rights::a_removal_under_fire_lets_nothing_through
    rights::a_narrower_mask_shows_no_later_change_of_the_field
    door::only_a_good_hello_opens_and_only_from_our_pages
    door::nonsense_is_answered_or_closed_and_the_hub_goes_on
    door::twenty_messages_in_ten_seconds_are_enough
}
