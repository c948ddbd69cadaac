use anywire::{App, Memory};
use anywire_ui::users::UserCreatedSubscriber;

struct Mailer;

fn main() {
    let _ = App::new().subscribe(UserCreatedSubscriber::new(Mailer).on(Memory::new()));
}
