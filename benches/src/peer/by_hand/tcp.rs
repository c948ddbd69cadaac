//! What one would write by hand for this one message: frames of a length, a
//! number and protobuf, slots for the calls, and one task a connection that
//! writes what has gathered. No routes, no limits, no timeouts, no errors.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
};

use super::{Driving, LOST, Slots, User, measure};
use crate::{BoxError, load::Load};

fn write_number(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads a number from the front of `from`; `None` if not all of it is there.
fn read_number(from: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for (at, &byte) in from.iter().take(5).enumerate() {
        number |= u32::from(byte & 0x7F) << (7 * at);
        if byte < 0x80 {
            *from = &from[at + 1..];
            return Some(number);
        }
    }
    None
}

fn read_text(from: &mut &[u8]) -> Option<String> {
    let length = read_number(from)? as usize;
    let (text, rest) = from.split_at_checked(length)?;
    *from = rest;
    String::from_utf8(text.to_vec()).ok()
}

impl User {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(0x08);
        write_number(out, self.id);
        for (tag, text) in [(0x12, &self.email), (0x1A, &self.name)] {
            out.push(tag);
            write_number(out, text.len() as u32);
            out.extend_from_slice(text.as_bytes());
        }
        out.push(0x20);
        write_number(out, self.age);
        out.extend_from_slice(&[0x28, u8::from(self.active)]);
    }

    fn read(mut from: &[u8]) -> Option<Self> {
        let mut user = Self {
            id: 0,
            email: String::new(),
            name: String::new(),
            age: 0,
            active: false,
        };
        while let Some(tag) = read_number(&mut from) {
            match tag {
                0x08 => user.id = read_number(&mut from)?,
                0x12 => user.email = read_text(&mut from)?,
                0x1A => user.name = read_text(&mut from)?,
                0x20 => user.age = read_number(&mut from)?,
                0x28 => user.active = read_number(&mut from)? != 0,
                _ => return None,
            }
        }
        Some(user)
    }
}

/// Writes a frame: its length, the call, the message.
fn write_frame(out: &mut Vec<u8>, call: u32, message: impl FnOnce(&mut Vec<u8>)) {
    // All messages here are shorter than 128 bytes.
    let start = out.len();
    out.push(0);
    write_number(out, call);
    message(out);
    out[start] = (out.len() - start - 1) as u8;
}

/// Hands every whole frame to `take`, and keeps the rest.
fn read_frames(
    buffer: &mut Vec<u8>,
    mut take: impl FnMut(u32, &[u8]) -> Option<()>,
) -> Result<(), BoxError> {
    let mut rest = &buffer[..];
    while let Some((&length, frame)) = rest.split_first()
        && let Some((mut frame, after)) = frame.split_at_checked(length.into())
    {
        rest = after;
        read_number(&mut frame)
            .and_then(|call| take(call, frame))
            .ok_or("a frame that nobody sends")?;
    }
    let taken = buffer.len() - rest.len();
    buffer.drain(..taken);
    Ok(())
}

pub(in crate::peer) async fn serve(ready: impl FnOnce(SocketAddr)) -> Result<(), BoxError> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    ready(listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) -> Result<(), BoxError> {
    stream.set_nodelay(true)?;
    let (mut read, mut write) = (Vec::with_capacity(64 * 1024), Vec::new());
    while stream.read_buf(&mut read).await? > 0 {
        write.clear();
        read_frames(&mut read, |call, mut message| {
            let tag = read_number(&mut message)?;
            let id = read_number(&mut message).filter(|_| tag == 0x08)?;
            write_frame(&mut write, call, |out| User::find(id).write(out));
            Some(())
        })?;
        stream.write_all(&write).await?;
    }
    Ok(())
}

/// What callers and the connection's task share.
#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    more: Notify,
}

#[derive(Default)]
struct Waiting {
    out: Vec<u8>,
    calls: Slots,
}

impl Shared {
    fn with<T>(&self, with: impl FnOnce(&mut Waiting) -> T) -> T {
        with(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn get_user(&self, id: u32) -> Result<User, BoxError> {
        let (sender, receiver) = oneshot::channel();
        self.with(|waiting| {
            let call = waiting.calls.insert(sender);
            write_frame(&mut waiting.out, call, |out| {
                out.push(0x08);
                write_number(out, id);
            });
        });
        self.more.notify_one();
        Ok(receiver.await?)
    }

    async fn drive(&self, mut stream: TcpStream) -> Result<Infallible, BoxError> {
        let (mut read, mut write) = (Vec::with_capacity(64 * 1024), Vec::new());
        loop {
            tokio::select! {
                count = stream.read_buf(&mut read) => if count? == 0 { return Err(LOST.into()) },
                () = self.more.notified() => {
                    self.with(|waiting| std::mem::swap(&mut write, &mut waiting.out));
                    stream.write_all(&write).await?;
                    write.clear();
                    continue;
                }
            }
            self.with(|waiting| {
                read_frames(&mut read, |call, message| {
                    waiting.calls.answer(call, User::read(message)?)
                })
            })?;
        }
    }
}

pub(in crate::peer) async fn load(at: &str, load: Load) -> Result<Infallible, BoxError> {
    let stream = TcpStream::connect(at).await?;
    stream.set_nodelay(true)?;
    let shared = Arc::new(Shared::default());
    let driver = Arc::clone(&shared);
    let mut driving = Driving::new();
    driving.spawn(async move { driver.drive(stream).await });
    let making = load.run(move |id| {
        let shared = Arc::clone(&shared);
        async move { shared.get_user(id).await?.checked() }
    });
    measure(making, driving).await
}
