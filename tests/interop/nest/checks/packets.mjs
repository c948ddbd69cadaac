// Packets as they stand on the wire.
import assert from 'node:assert/strict';
import { onlyAgainstAnywire, unless } from '../lib/run.mjs';
import { connect, frame } from '../lib/peer.mjs';
import { fresh, seen } from './events.mjs';

// Nest 12 takes a reply that has any other key for a foreign message.
const REPLY_KEYS = new Set(['id', 'err', 'response', 'isDisposed', 'status']);

const metadataArrives = (cx) =>
  cx.against === 'nest' && cx.nest.major < 12 ? 'only against anywire: Nest has metadata since 12' : undefined;

function assertHolds(headers, expected) {
  assert.deepEqual({ ...headers, ...expected }, headers);
}

export const packets = {
  'ids of every JSON type': async ({ port }) => {
    const peer = await connect(port);
    for (const id of [7, 0, -1, 1.5, null, 'x', '', '🦀', true, false, [1, 'a'], { k: null }]) {
      const reply = await peer.ask({ pattern: 'echo', data: 'a', id });
      assert.deepEqual(reply, { response: 'a', isDisposed: true, id });
    }
    peer.leave();
  },
  'only an absent id makes an event': async ({ port }) => {
    const peer = await connect(port);
    await peer.write(frame({ pattern: 'echo', data: 'not asked' }));
    const reply = await peer.ask({ pattern: 'echo', data: 'asked', id: null });
    assert.equal(reply.response, 'asked');
    peer.leave();
  },
  'reply keys': async ({ port }) => {
    const peer = await connect(port);
    const requests = [
      { pattern: 'echo', data: 'a' },
      { pattern: 'math.sum', data: [1] },
      { pattern: 'nothing', data: {} },
      { pattern: 'events.seen', data: {} },
      { pattern: { cmd: 'get_user' }, data: { id: '1' } },
      { pattern: { cmd: 'get_user' }, data: { id: '404' } },
      { pattern: { cmd: 'get_user' }, data: { id: 'boom' } },
      { pattern: { cmd: 'get_user' }, data: { id: 'rpc' } },
      { pattern: { cmd: 'get_user' }, data: 7 },
      { pattern: { cmd: 'get_user' } },
      { pattern: 'no.such.message', data: {} },
      { pattern: 'echo', data: 'a', metadata: { traceparent: '00-abc' } },
    ];
    for (const [index, request] of requests.entries()) {
      const reply = await peer.ask({ ...request, id: index });
      assert.equal(reply.id, index);
      const others = Object.keys(reply).filter((key) => !REPLY_KEYS.has(key));
      assert.deepEqual(others, [], `keys of ${JSON.stringify(reply)}`);
    }
    peer.leave();
  },
  'no handler, the whole packet': async ({ port }) => {
    const peer = await connect(port);
    assert.deepEqual(await peer.ask({ pattern: 'no.such.message', data: {}, id: 1 }), {
      id: 1,
      status: 'error',
      err: 'There is no matching message handler defined in the remote service.',
    });
    peer.leave();
  },
  'error, the whole packet': async ({ port }) => {
    const peer = await connect(port);
    assert.deepEqual(await peer.ask({ pattern: { cmd: 'get_user' }, data: { id: 'boom' }, id: 1 }), {
      id: 1,
      err: { status: 'error', message: 'Internal server error' },
      isDisposed: true,
    });
    peer.leave();
  },
  'request without data': async ({ port }) => {
    const peer = await connect(port);
    const reply = await peer.ask({ pattern: { cmd: 'nested', opts: { b: 1, a: true } }, id: 1 });
    assert.deepEqual(reply, { response: 'nested', isDisposed: true, id: 1 });
    peer.leave();
  },
  'unknown keys of a request ignored': async ({ port }) => {
    const peer = await connect(port);
    const reply = await peer.ask({ later: { a: [1] }, pattern: 'echo', data: 'a', id: 1, version: 9 });
    assert.deepEqual(reply, { response: 'a', isDisposed: true, id: 1 });
    peer.leave();
  },
  'keys of a request in any order': async ({ port }) => {
    const peer = await connect(port);
    const reply = await peer.ask({ id: 1, data: { id: '1' }, pattern: '{"cmd":"get_user"}' });
    assert.equal(reply.response?.email, 'ada@example.com');
    peer.leave();
  },
  'a request to an event is ended': async ({ port }) => {
    const peer = await connect(port);
    const reply = await peer.ask({ pattern: 'audit.log', data: { line: 'asked' }, id: 1 });
    assert.equal(reply.isDisposed, true);
    assert.ok(!('err' in reply), `an error came: ${JSON.stringify(reply)}`);
    peer.leave();
  },
  // A Nest client writes an event's pattern as text; other peers may leave it an object.
  'event whose pattern is an object on the wire': async (cx) => {
    const userId = fresh();
    const peer = await connect(cx.port);
    await peer.write(frame({ pattern: { topic: 'user', kind: 'renamed' }, data: { userId } }));
    await seen(cx, `user_renamed ${userId}`);
    peer.leave();
  },
  'metadata': unless(metadataArrives, async ({ port }) => {
    const peer = await connect(port);
    const metadata = { traceparent: '00-abc', tenant: 'é 🦀' };
    const reply = await peer.ask({ pattern: 'metadata.echo', data: {}, metadata, id: 1 });
    assertHolds(reply.response, metadata);
    peer.leave();
  }),
  'metadata that is not text': onlyAgainstAnywire(async ({ port }) => {
    const peer = await connect(port);
    const metadata = { number: 7, list: [1, 'a'], object: { a: null } };
    const reply = await peer.ask({ pattern: 'metadata.echo', data: {}, metadata, id: 1 });
    assertHolds(reply.response, { number: '7', list: '[1,"a"]', object: '{"a":null}' });
    peer.leave();
  }),
  'metadata that is not an object': async ({ port }) => {
    const peer = await connect(port);
    for (const metadata of [null, 7, 'text', []]) {
      const reply = await peer.ask({ pattern: 'echo', data: 'a', metadata, id: 1 });
      assert.deepEqual(reply, { response: 'a', isDisposed: true, id: 1 });
    }
    peer.leave();
  },
};
