use anywire::{Context, Failure};
use anywire_ui::users::{self, CountRequest, GetUserRequest, User, UserError};

struct Handler;

impl users::Users for Handler {
    async fn get_user(&self, _: &Context, id: u32) -> Result<User, Failure<UserError>> {
        Ok(User::new(id, "a"))
    }

    async fn count(&self, _: &Context, _: CountRequest) -> Result<u32, Failure> {
        Ok(1)
    }
}

fn main() {
    let _ = GetUserRequest::new(1);
}
