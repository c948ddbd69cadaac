use anywire::AnyTransport;
use anywire_ui::users::UsersPublisher;

async fn publish(transport: AnyTransport) {
    let _ = UsersPublisher::new(transport).user_created(1).await;
}

fn main() {
    let _ = publish;
}
