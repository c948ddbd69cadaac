use anywire::{App, Context, Failure, Memory, On, Tcp};
use anywire_ui::users::{UserCreated, UserCreatedSubscriber};

struct Mailer;

impl On<UserCreated> for Mailer {
    async fn on(&self, _: &Context, _: UserCreated) -> Result<(), Failure> {
        Ok(())
    }
}

fn main() {
    let subscriber = UserCreatedSubscriber::new(Mailer);
    let _ = App::new().subscribe(subscriber.on(Memory::like::<Tcp>()));
}
