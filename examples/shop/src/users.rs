//! The users service: keeps the users, and publishes that a new one is there.

use anywire::{Context, Failure, Timestamp};
use tokio::sync::Mutex;

use crate::contracts::users::{
    CreateUserRequest, GetUserRequest, PingRequest, User, UserError, UserId, Users, UsersPublisher,
};

/// Users in memory, in the order of their numbers.
#[derive(Debug)]
pub struct UsersService {
    users: Mutex<Vec<User>>,
    publisher: UsersPublisher,
}

impl UsersService {
    /// A service without users, which publishes its events there.
    pub fn new(publisher: UsersPublisher) -> Self {
        Self {
            users: Mutex::default(),
            publisher,
        }
    }

    async fn add(&self, email: String, name: String) -> Result<User, UserError> {
        let mut users = self.users.lock().await;
        if users.iter().any(|user| user.email == email) {
            return Err(UserError::EmailTaken { email });
        }
        let id = users.last().map_or(1, |last| last.id.0 + 1);
        let user = User::new(UserId(id), email, name, Timestamp::now());
        users.push(user.clone());
        Ok(user)
    }
}

impl Users for UsersService {
    async fn create_user(
        &self,
        cx: &Context,
        CreateUserRequest { email, name }: CreateUserRequest,
    ) -> Result<User, Failure<UserError>> {
        let user = self.add(email, name).await?;
        let created = self
            .publisher
            .user_created(user.id, user.email.clone(), user.name.clone());
        // The user is there, whether or not somebody hears of it.
        if let Err(error) = created.within(cx).await {
            tracing::warn!(%error, "user_created was not published");
        }
        Ok(user)
    }

    async fn get_user(
        &self,
        _: &Context,
        GetUserRequest { id }: GetUserRequest,
    ) -> Result<User, Failure<UserError>> {
        let users = self.users.lock().await;
        let user = users.iter().find(|user| user.id == id);
        Ok(user.cloned().ok_or(UserError::NotFound { id })?)
    }

    async fn ping(&self, _: &Context, _: PingRequest) -> Result<(), Failure> {
        Ok(())
    }
}
