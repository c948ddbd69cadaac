use anywire::{Stream, Tcp};
use anywire_ui::streams::ImportsClient;

async fn import(tcp: Tcp, rows: impl Stream<Item = u32> + Send + 'static) {
    let _ = ImportsClient::new(tcp).sum(rows).await;
}

fn main() {}
