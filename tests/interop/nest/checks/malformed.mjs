// Peers that break the rules lose their own connection at most.
import assert from 'node:assert/strict';
import { connect, frame, frameOf } from '../lib/peer.mjs';

const CUT = {
  'a length that is no number': 'abc#{}',
  'no length': '#{}',
  'a length of zero': '0#',
  'a negative length': '-5#{"a":1}',
  'text that is not JSON': frameOf('{"pattern":'),
  'a length that cuts its JSON': `10#${JSON.stringify({ pattern: 'echo', data: 'a', id: 1 })}`,
};

// Valid JSON that is no packet counts as an event without a pattern.
const KEPT = {
  'null': 'null',
  'a number': '7',
  'a text': '"text"',
  'an array': '[1,2]',
  'an empty object': '{}',
  'a pattern that is null': '{"pattern":null,"data":1}',
};

async function isServed(peer) {
  const reply = await peer.ask({ pattern: 'echo', data: 'still there', id: 1 });
  assert.deepEqual(reply, { response: 'still there', isDisposed: true, id: 1 });
}

// The bystander has a call under way while the other peer is cut off.
const cutsOff = (text) => async ({ port }) => {
  const [peer, bystander] = await Promise.all([connect(port), connect(port)]);
  await isServed(peer);
  await bystander.write(frame({ pattern: 'slow', data: { ms: 100 }, id: 'pending' }));
  await peer.write(text);
  await peer.closed();
  assert.deepEqual(await bystander.packet(), { response: 100, isDisposed: true, id: 'pending' });
  await isServed(bystander);
  bystander.leave();
};

const keeps = (text) => async ({ port }) => {
  const peer = await connect(port);
  await peer.write(frameOf(text));
  await isServed(peer);
  peer.leave();
};

const named = (prefix, cases, check) =>
  Object.fromEntries(Object.entries(cases).map(([name, text]) => [`${prefix}${name}`, check(text)]));

export const malformed = {
  ...named('malformed, cut off: ', CUT, cutsOff),
  ...named('no packet, kept: ', KEPT, keeps),
  'a peer that leaves harms nobody': async ({ port }) => {
    const [peer, bystander] = await Promise.all([connect(port), connect(port)]);
    await peer.write(frame({ pattern: 'slow', data: { ms: 50 }, id: 1 }));
    await peer.write('100#{"pattern":');
    peer.leave();
    // Answered after the reply that nobody waits for any more.
    const reply = await bystander.ask({ pattern: 'slow', data: { ms: 100 }, id: 1 });
    assert.equal(reply.response, 100);
    bystander.leave();
  },
};
