// What the user of a Nest client sees of requests and replies.
import assert from 'node:assert/strict';
import { notOn, onlyAgainstAnywire } from '../lib/run.mjs';
import { answer, failure, replies, valuesOf } from '../lib/calls.mjs';

const ADA = { id: '1', email: 'ada@example.com', name: 'Ada' };
// Where a pattern is the name of a channel, a subject, a topic or a binding.
const BY_NAME = ['redis', 'nats', 'rabbitmq-exchange', 'kafka'];
const NO_HANDLER = 'There is no matching message handler defined in the remote service.';

async function echoes(cx, text) {
  const echoed = await answer(cx, 'echo', text);
  // Not compared by `assert`, which would print both of two long texts.
  assert.ok(echoed === text, `${text.length} code units came back as ${echoed?.length}, or changed`);
}

export const calls = {
  'reply': async (cx) => {
    assert.deepEqual(await answer(cx, { cmd: 'get_user' }, { id: '1' }), ADA);
  },
  'bare payload': async (cx) => {
    assert.equal(await answer(cx, 'math.sum', [1, 2, 3]), 6);
    assert.equal(await answer(cx, 'math.sum', []), 0);
  },
  'sum beyond 32 bits': async (cx) => {
    assert.equal(await answer(cx, 'math.sum', [2147483647, 2147483647]), 4294967294);
    assert.equal(await answer(cx, 'math.sum', [-2147483648, -2147483648]), -4294967296);
  },
  'object pattern': async (cx) => {
    assert.equal(await answer(cx, { cmd: 'nested', opts: { b: 1, a: true } }, {}), 'nested');
  },
  'object pattern in another key order': notOn(
    ['rabbitmq-exchange'],
    'Nest asks for it as it is written, and not sorted',
    notOn(['kafka', 'grpc'], 'there are no object patterns', async (cx) => {
      assert.equal(await answer(cx, { opts: { a: true, b: 1 }, cmd: 'nested' }, {}), 'nested');
    }),
  ),
  'string pattern that is JSON': notOn([...BY_NAME, 'grpc'], 'the name is what is asked for, as it is', async (cx) => {
    assert.deepEqual(await answer(cx, '{ "cmd" : "get_user" }', { id: '1' }), ADA);
  }),
  'empty reply': onlyAgainstAnywire(async (cx) => {
    assert.deepEqual(await valuesOf(cx, 'nothing', {}), [{}]);
  }),

  'declared error with its fields': async (cx) => {
    assert.deepEqual(await failure(cx, { cmd: 'get_user' }, { id: '404' }), {
      status: 404,
      message: 'User 404 not found',
      code: 'NOT_FOUND',
      type: 'interop.v1.UserError',
      details: { id: '404' },
    });
  },
  'undeclared error hidden': async (cx) => {
    assert.deepEqual(await failure(cx, { cmd: 'get_user' }, { id: 'boom' }), {
      status: 'error',
      message: 'Internal server error',
    });
  },
  'RpcException unchanged': notOn(['grpc'], 'a status has a code and a text', async (cx) => {
    assert.deepEqual(await failure(cx, { cmd: 'get_user' }, { id: 'rpc' }), {
      status: 418,
      message: 'teapot',
      extra: [1],
    });
  }),
  'no handler': notOn(BY_NAME, 'nobody is there to answer', async (cx) => {
    assert.equal(await failure(cx, 'no.such.message', {}), NO_HANDLER);
    assert.equal(await failure(cx, { cmd: 'no_such_message' }, {}), NO_HANDLER);
  }),
  'stream of three values': async (cx) => {
    assert.deepEqual(await valuesOf(cx, 'values.of.three', {}), [1, 2, 3]);
  },
  'stream of none': notOn(['kafka'], 'Nest reads the end alone as null', async (cx) => {
    assert.deepEqual(await valuesOf(cx, 'values.of.none', {}), []);
  }),
  'stream of 10,000 values': notOn(['kafka'], 'it takes too long', async (cx) => {
    const values = await valuesOf(cx, 'values.up.to', { last: 10_000 });
    assert.equal(values.length, 10_000);
    assert.ok(values.every((value, index) => value === index + 1));
  }),
  'stream that fails after a value': async (cx) => {
    const values = [];
    const stream = replies(cx, 'values.that.fail', {});
    const error = await cx.nest.rxjs.lastValueFrom(stream.pipe(cx.nest.rxjs.tap((value) => values.push(value)))).then(
      () => assert.fail('it did not fail'),
      (error) => error,
    );
    assert.deepEqual(values, [1]);
    assert.equal(error.status, 409);
    assert.equal(error.message, 'broken off');
  },
  'wrong payload refused': notOn(
    ['grpc'],
    'a client of protobuf cannot write it',
    onlyAgainstAnywire(async (cx) => {
      assert.ok(await failure(cx, 'math.sum', { not: 'a list' }));
      assert.ok(await failure(cx, { cmd: 'get_user' }, { id: { not: 'a text' } }));
    }),
  ),

  'emoji': (cx) => echoes(cx, '🦀'),
  'emoji joined with zero width joiners': (cx) => echoes(cx, '👩‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍💻'),
  'unicode of every width': (cx) => echoes(cx, 'a é 漢 🦀 𝔘𝔫𝔦 \u{10FFFF} e\u0301 \uFEFF שלום \uFFFD'),
  'empty text': (cx) => echoes(cx, ''),
  'every kind of escape': (cx) => {
    const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('');
    // Nest takes what begins with a zero for bytes on Kafka.
    return echoes(cx, `<${controls}> " \\ / \\u0041 \\" \u007F \u2028 \u2029 {"a":"#1#"} 12#`);
  },
  '1 MiB': notOn(['kafka'], 'its brokers take less than 1 MiB', (cx) => echoes(cx, 'x'.repeat(1 << 20))),
  '1 MiB of emoji': notOn(['kafka'], 'its brokers take less than 1 MiB', (cx) => echoes(cx, '🦀'.repeat(1 << 18))),
  '1 MiB of escapes': notOn(['kafka'], 'its brokers take less than 1 MiB', (cx) =>
    echoes(cx, '"\\\n\u0001'.repeat(1 << 18)),
  ),

  'replies out of order': async (cx) => {
    const order = [];
    const ask = async (ms) => order.push(await answer(cx, 'slow', { ms }));
    await Promise.all([ask(400), ask(200), ask(0)]);
    assert.deepEqual(order, [0, 200, 400]);
  },
  '200 concurrent': async (cx) => {
    const order = [];
    const ask = async (index) => {
      const ms = (index * 37) % 100;
      const replies = await Promise.all([
        answer(cx, 'slow', { ms }).then((reply) => (order.push(index), reply)),
        answer(cx, 'echo', `🦀 ${index}`),
        answer(cx, 'math.sum', [index, 1]),
      ]);
      assert.deepEqual(replies, [ms, `🦀 ${index}`, index + 1]);
    };
    const indexes = Array.from({ length: 200 }, (_, index) => index);
    await Promise.all(indexes.map(ask));
    assert.notDeepEqual(order, indexes, 'every reply kept the order of the requests');
  },
};
