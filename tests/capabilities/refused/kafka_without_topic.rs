use anywire::Kafka;
use anywire_capabilities::Nobody;
use anywire_capabilities::carried::{
    NamelessClient, NamelessPublisher, NamelessServer, UnnamedSubscriber,
};

fn call(kafka: Kafka) {
    let _ = NamelessClient::new(kafka).nameless(1);
}

fn publish(kafka: Kafka) {
    let _ = NamelessPublisher::new(kafka).unnamed(1);
}

fn main() {
    let _ = NamelessServer::new(Nobody).on(Kafka::connect("localhost:9092"));
    let _ = UnnamedSubscriber::new(Nobody).on(Kafka::connect("localhost:9092"));
}
