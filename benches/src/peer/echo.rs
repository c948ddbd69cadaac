//! The floor: frames of the same sizes over tokio, counted and nothing else.

use std::{collections::VecDeque, convert::Infallible, net::SocketAddr, time::Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::{BoxError, load::Load};

/// As long as the frames of anywire's request and reply.
const REQUEST: &[u8] =
    br#"68#{"pattern":{"cmd":"get_user"},"data":{"id":7000},"id":"0000000100000007"}"#;
const REPLY: &[u8] =
    br#"134#{"response":{"id":7000,"email":"ada@example.com","name":"Ada Lovelace","age":36,"active":true},"isDisposed":true,"id":"0000000100000007"}"#;

pub(super) async fn serve(ready: impl FnOnce(SocketAddr)) -> Result<(), BoxError> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    ready(listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut read = vec![0; 64 * 1024];
    let mut write = Vec::new();
    let mut received = 0;
    loop {
        let count = stream.read(&mut read).await?;
        if count == 0 {
            return Ok(());
        }
        received += count;
        write.clear();
        while received >= REQUEST.len() {
            received -= REQUEST.len();
            write.extend_from_slice(REPLY);
        }
        stream.write_all(&write).await?;
    }
}

pub(super) async fn load(at: &str, load: Load) -> Result<Infallible, BoxError> {
    let mut stream = TcpStream::connect(at).await?;
    stream.set_nodelay(true)?;
    load.turns(async |frames, end| exchange(&mut stream, load.in_flight, frames, end).await)
        .await
}

/// Keeps so many frames in flight, and returns how long each took that came
/// back by the end, in nanoseconds.
async fn exchange(
    stream: &mut TcpStream,
    in_flight: usize,
    frames: u32,
    end: Instant,
) -> Result<Vec<u64>, BoxError> {
    let mut read = vec![0; 64 * 1024];
    let mut write = Vec::new();
    let mut sent = VecDeque::new();
    let mut latencies = Vec::new();
    let mut to_send = frames;
    let mut received = 0;
    loop {
        let now = Instant::now();
        write.clear();
        while to_send > 0 && sent.len() < in_flight && now <= end {
            write.extend_from_slice(REQUEST);
            sent.push_back(now);
            to_send -= 1;
        }
        if sent.is_empty() {
            return Ok(latencies);
        }
        stream.write_all(&write).await?;
        received += stream.read(&mut read).await?;
        while received >= REPLY.len() {
            received -= REPLY.len();
            let since = sent.pop_front().ok_or("a reply to nothing")?;
            let ended = Instant::now();
            if ended <= end {
                latencies.push((ended - since).as_nanos() as u64);
            }
        }
    }
}
