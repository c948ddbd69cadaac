use anywire::{App, Memory, Tcp};
use anywire_ui::{Nobody, streams::SyncsServer};

fn main() {
    let _ = App::new().serve(SyncsServer::new(Nobody).on(Memory::like::<Tcp>()));
}
