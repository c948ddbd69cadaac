// Frames as a peer may cut and join them.
import assert from 'node:assert/strict';
import { connect, frame, frameOf, frameOfBytes } from '../lib/peer.mjs';

const echo = (id, data) => ({ pattern: 'echo', data, id });

async function echoed(peer, id, data) {
  const { err, response, id: echoedId } = await peer.packet();
  assert.deepEqual({ id: echoedId, err, response }, { id, err: undefined, response: data });
}

export const framing = {
  'split byte by byte': async ({ port }) => {
    const peer = await connect(port);
    const bytes = Buffer.from(frame(echo('a', 'é 漢 🦀')));
    await peer.writeApart(Array.from(bytes, (byte) => Buffer.of(byte)));
    await echoed(peer, 'a', 'é 漢 🦀');
    peer.leave();
  },
  'split in two at every byte': async ({ port }) => {
    const peer = await connect(port);
    const bytes = Buffer.from(frame(echo('a', '🦀')) + frame(echo('b', 'é')));
    for (let cut = 1; cut < bytes.length; cut += 1) {
      await peer.writeApart([bytes.subarray(0, cut), bytes.subarray(cut)]);
      await echoed(peer, 'a', '🦀');
      await echoed(peer, 'b', 'é');
    }
    peer.leave();
  },
  'several frames in one write': async ({ port }) => {
    const peer = await connect(port);
    const ids = Array.from({ length: 50 }, (_, index) => index);
    await peer.write(ids.map((id) => frame(echo(id, `🦀 ${id}`))).join(''));
    const replies = new Map();
    for (const _ of ids) {
      const { id, response } = await peer.packet();
      replies.set(id, response);
    }
    for (const id of ids) assert.equal(replies.get(id), `🦀 ${id}`);
    peer.leave();
  },
  'white space between frames': async ({ port }) => {
    const peer = await connect(port);
    await peer.write(` \n${frame(echo(1, 'a'))}\r\n\t ${frame(echo(2, 'b'))}\n`);
    await echoed(peer, 1, 'a');
    await echoed(peer, 2, 'b');
    await peer.write(frame(echo(3, 'c')));
    await echoed(peer, 3, 'c');
    peer.leave();
  },
  'white space inside a frame': async ({ port }) => {
    const peer = await connect(port);
    await peer.write(frameOf(`\n  ${JSON.stringify(echo(1, 'a'), null, 4)}\r\n `));
    await echoed(peer, 1, 'a');
    peer.leave();
  },
  'invalid UTF-8 becomes U+FFFD': async ({ port }) => {
    const peer = await connect(port);
    const cases = [
      ['a byte that never occurs', [0xff], '\uFFFD'],
      ['a lone continuation', [0x80], '\uFFFD'],
      ['a character cut short', [0xf0, 0x9f, 0x98], '\uFFFD'],
      ['a surrogate', [0xed, 0xa0, 0x80], '\uFFFD\uFFFD\uFFFD'],
    ];
    for (const [what, bytes, replaced] of cases) {
      const [before, after] = JSON.stringify(echo(what, '<!>')).split('!').map((text) => Buffer.from(text));
      await peer.write(frameOfBytes(Buffer.concat([before, Buffer.from(bytes), after])));
      await echoed(peer, what, `<${replaced}>`);
    }
    peer.leave();
  },
  'a lone surrogate keeps the connection': async ({ port }) => {
    const peer = await connect(port);
    for (const escape of ['\\ud83d', '\\udc00', '\\udc00\\ud83d', '\\uD83Dx']) {
      await peer.write(frameOf(`{"pattern":"echo","data":"${escape}","id":"odd"}`));
    }
    await peer.write(frame(echo('after', 'still there')));
    // Whether the odd ones are echoed or refused is the server's choice, as long as the caller is told.
    const ids = [];
    while (ids.length < 5) ids.push((await peer.packet()).id);
    assert.deepEqual(ids.sort(), ['after', 'odd', 'odd', 'odd', 'odd']);
    peer.leave();
  },
};
