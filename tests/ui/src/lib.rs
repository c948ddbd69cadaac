//! The contracts that the fixtures use wrongly, and a handler that is right.

use anywire::{Context, Failure};

anywire::include_contracts!();

/// Knows nobody.
#[derive(Debug)]
pub struct Nobody;

impl users::Users for Nobody {
    async fn get_user(
        &self,
        _: &Context,
        request: users::GetUserRequest,
    ) -> Result<users::User, Failure<users::UserError>> {
        Err(users::UserError::NotFound { id: request.id }.into())
    }

    async fn count(&self, _: &Context, _: users::CountRequest) -> Result<u32, Failure> {
        Ok(0)
    }
}
