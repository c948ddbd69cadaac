// A peer without Nest: it writes the bytes it is told to, and reads frames.
import { connect as netConnect } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 5_000;

/** The frame that holds this text: a length counts UTF-16 code units, as the length of a string does. */
export function frameOf(text) {
  return `${text.length}#${text}`;
}

/** The frame of a packet. */
export function frame(packet) {
  return frameOf(JSON.stringify(packet));
}

/** The frame of JSON in bytes that are not all UTF-8. */
export function frameOfBytes(bytes) {
  return Buffer.concat([Buffer.from(`${bytes.toString('utf8').length}#`), bytes]);
}

/** Opens a connection. */
export async function connect(port) {
  const socket = netConnect({ host: '127.0.0.1', port, noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return new Peer(socket);
}

class Peer {
  #socket;
  #text = '';
  #packets = [];
  #closed = false;
  #fault;
  #wake = () => {};

  constructor(socket) {
    this.#socket = socket;
    const decoder = new StringDecoder('utf8');
    socket.on('data', (chunk) => {
      this.#text += decoder.write(chunk);
      try {
        this.#read();
      } catch (error) {
        this.#fault ??= new Error(`a broken frame came: ${error.message}: ${this.#text.slice(0, 200)}`);
      }
      this.#wake();
    });
    // A reset is as good a way to be cut off as an orderly end; `close` follows either.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** Writes text or bytes, and waits until they have left this process. */
  write(data) {
    return new Promise((resolve, reject) => {
      this.#socket.write(data, (error) => (error ? reject(error) : resolve()));
    });
  }

  /**
   * Writes pieces one at a time, so that the other side reads them apart.
   * Nothing tells a sender that its bytes were read; on loopback they are, within a millisecond or two.
   */
  async writeApart(pieces) {
    for (const piece of pieces) {
      await this.write(piece);
      await pause(2);
    }
  }

  /** The next packet. */
  async packet() {
    await this.#until(() => this.#packets.length > 0 || this.#closed, 'no reply came');
    if (this.#packets.length === 0) throw new Error('the connection was closed instead of a reply');
    return this.#packets.shift();
  }

  /** Sends one packet and gives the next that comes back. */
  async ask(packet) {
    await this.write(frame(packet));
    return this.packet();
  }

  /** Waits until the other side has closed the connection without a word. */
  async closed() {
    await this.#until(() => this.#closed, 'the connection was not closed');
    if (this.#packets.length > 0) throw new Error(`a reply came: ${JSON.stringify(this.#packets[0])}`);
  }

  /** Leaves at once. */
  leave() {
    this.#socket.destroy();
  }

  #read() {
    for (;;) {
      const mark = this.#text.indexOf('#');
      if (mark < 0) return;
      const length = this.#text.slice(0, mark);
      if (!/^[0-9]+$/.test(length)) throw new Error('its length is no number');
      const end = mark + 1 + Number(length);
      if (this.#text.length < end) return;
      this.#packets.push(JSON.parse(this.#text.slice(mark + 1, end)));
      this.#text = this.#text.slice(end);
    }
  }

  async #until(condition, complaint) {
    let timer;
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${complaint} within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    });
    try {
      while (!condition()) {
        if (this.#fault) throw this.#fault;
        await Promise.race([late, new Promise((resolve) => (this.#wake = resolve))]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
