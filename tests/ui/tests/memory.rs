//! What a transport carries, `Memory` carries in its place.

use anywire::{App, Memory, NativeTcp, Tcp};
use anywire_ui::{Nobody, streams::SyncsServer, users::UsersServer};

fn main() {
    let _ = App::new()
        .serve(UsersServer::new(Nobody).on(Memory::like::<Tcp>()))
        .serve(SyncsServer::new(Nobody).on(Memory::like::<NativeTcp>()));
}
