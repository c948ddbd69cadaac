use anywire::Memory;
use anywire_ui::users::UsersClient;

fn main() {
    let _ = UsersClient::new(Memory::new()).get_user();
}
