use anywire::{App, Tcp};
use anywire_ui::{Nobody, streams::SyncsServer};

fn main() {
    let _ = App::new().serve(SyncsServer::new(Nobody).on(Tcp::listen("127.0.0.1:0")));
}
