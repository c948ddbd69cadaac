//! The email service: welcomes everybody of whom it hears.

use std::sync::Arc;

use anywire::{Context, Failure, On, Timestamp};
use tokio::sync::Mutex;

use crate::contracts::{
    email::{Email, Mail, PingRequest, SentRequest},
    users::UserCreated,
};

/// Mails in memory, the oldest first. Clones share them: one answers messages,
/// another one listens to events.
#[derive(Debug, Clone, Default)]
pub struct EmailService {
    sent: Arc<Mutex<Vec<Mail>>>,
}

impl On<UserCreated> for EmailService {
    async fn on(&self, _: &Context, user: UserCreated) -> Result<(), Failure> {
        let subject = format!("Welcome to the shop, {}!", user.name);
        let mail = Mail::new(user.email, subject, Timestamp::now());
        self.sent.lock().await.push(mail);
        Ok(())
    }
}

impl Email for EmailService {
    async fn sent(
        &self,
        _: &Context,
        SentRequest { limit }: SentRequest,
    ) -> Result<Vec<Mail>, Failure> {
        let sent = self.sent.lock().await;
        let newest = sent.iter().rev().zip(0..limit);
        Ok(newest.map(|(mail, _)| mail.clone()).collect())
    }

    async fn ping(&self, _: &Context, _: PingRequest) -> Result<(), Failure> {
        Ok(())
    }
}
