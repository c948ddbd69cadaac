use anywire::{Stream, Tcp};
use anywire_ui::streams::SyncsClient;

async fn sync(tcp: Tcp, rows: impl Stream<Item = u32> + Send + 'static) {
    let _ = SyncsClient::new(tcp).sync(rows).next().await;
}

fn main() {}
