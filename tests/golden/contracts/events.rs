//! Events.
#![contract(package = "golden.events.v1", rename_all = "camelCase")]

pub struct UserId(pub u64);

#[service]
pub trait Notices {
    /// Somebody signed up.
    #[event("user_created", delivery = at_least_once, key = user_id)]
    fn user_created(user_id: UserId, email: String);
    #[event("user_seen")]
    fn user_seen(user_id: UserId);
    #[event("line_logged", delivery = at_least_once)]
    fn line_logged(
        #[payload]
        #[check(len = 1..)]
        line: String,
    );
}
