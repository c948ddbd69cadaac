use anywire::Tcp;
use anywire_capabilities::{Nobody, carried::ImportingServer};

fn main() {
    let _ = ImportingServer::new(Nobody).on(Tcp::listen("127.0.0.1:0"));
}
