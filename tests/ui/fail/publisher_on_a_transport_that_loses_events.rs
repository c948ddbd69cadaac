use anywire::Tcp;
use anywire_ui::users::UsersPublisher;

async fn publish(tcp: Tcp) {
    let users = UsersPublisher::new(tcp);
    let _ = users.user_created(1).await;
}

fn main() {
    let _ = publish;
}
