use anywire::Memory;
use anywire_ui::users::UsersClient;

fn main() {
    let client = UsersClient::new(Memory::new().protobuf());
    let _call = client.count();
}
