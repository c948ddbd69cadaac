//! The mails that the shop sends.
#![contract(package = "shop.email.v1", rename_all = "camelCase")]

/// A mail that was sent.
pub struct Mail {
    /// The address of the one who gets it.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// Sends mails when something happens. It listens to `user_created`.
#[service]
pub trait Email {
    /// The mails that were sent, the newest first.
    #[message("email.sent", timeout = "2s", idempotent)]
    fn sent(#[default(20)] #[check(range = 1..=100)] limit: u32) -> Vec<Mail>;

    /// Answers, to show that the service is there.
    #[message("email.ping", timeout = "1s", idempotent)]
    fn ping();
}
