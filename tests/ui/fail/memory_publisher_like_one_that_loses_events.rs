use anywire::{Memory, Tcp};
use anywire_ui::users::UsersPublisher;

fn main() {
    let users = UsersPublisher::new(Memory::like::<Tcp>());
    let _ = users.user_created(1);
}
