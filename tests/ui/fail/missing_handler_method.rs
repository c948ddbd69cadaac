use anywire::{Context, Failure};
use anywire_ui::users::{self, CountRequest, GetUserRequest, User, UserError};

struct Handler;

impl users::Users for Handler {
    async fn get_user(&self, _: &Context, _: GetUserRequest) -> Result<User, Failure<UserError>> {
        Ok(User::new(1, "a"))
    }
}

fn main() {
    let _ = CountRequest::new();
}
