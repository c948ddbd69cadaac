// What is otherwise on gRPC: errors are statuses, headers are metadata, and a call can have a deadline.
import assert from 'node:assert/strict';
import { answer } from '../lib/calls.mjs';

/** What calls of gRPC fail with, which is an Error of grpc-js. */
async function failed({ nest }, replies) {
  let values;
  try {
    values = await nest.rxjs.lastValueFrom(replies.pipe(nest.rxjs.toArray()));
  } catch (error) {
    return error;
  }
  throw new Error(`it was answered: ${JSON.stringify(values)}`);
}

const failure = (cx, ...given) => failed(cx, cx.client.send(...given));

function assertIs({ code, details }, expected) {
  assert.deepEqual({ code, details }, expected);
}

export const grpc = {
  'declared error with its fields': async (cx) => {
    const error = await failure(cx, { cmd: 'get_user' }, { id: '404' });
    assertIs(error, { code: 5, details: 'User 404 not found' });
    assert.deepEqual(cx.details.of(error), {
      code: 5,
      message: 'User 404 not found',
      'google.rpc.ErrorInfo': { reason: 'NOT_FOUND', domain: 'interop.v1.UserError' },
      'interop.v1.UserError.NotFound': { id: '404' },
    });
  },
  'declared error beyond ASCII': async (cx) => {
    const id = 'é 🦀 100%';
    const error = await failure(cx, { cmd: 'get_user' }, { id });
    assertIs(error, { code: 5, details: `User ${id} not found` });
    assert.deepEqual(cx.details.of(error)['interop.v1.UserError.NotFound'], { id });
  },
  'declared error of 8 KiB': async (cx) => {
    const id = 'x'.repeat(8 << 10);
    const error = await failure(cx, { cmd: 'get_user' }, { id });
    assertIs(error, { code: 5, details: `User ${id} not found` });
  },
  'undeclared error hidden': async (cx) => {
    assertIs(await failure(cx, { cmd: 'get_user' }, { id: 'boom' }), { code: 2, details: 'Internal server error' });
  },
  'RpcException by its status': async (cx) => {
    assertIs(await failure(cx, { cmd: 'get_user' }, { id: 'rpc' }), { code: 3, details: 'teapot' });
  },
  'no handler': async (cx) => {
    const error = await failed(cx, cx.client.call('NestOnly', 'NoSuchMessage', {}));
    assert.equal(error.code, 12);
  },
  'stream that fails after a value': async (cx) => {
    const values = [];
    const stream = cx.client.send('values.that.fail', {});
    const error = await failed(cx, stream.pipe(cx.nest.rxjs.tap((value) => values.push(value))));
    assert.deepEqual(values, [1]);
    assertIs(error, { code: 6, details: 'broken off' });
  },
  'metadata': async (cx) => {
    const metadata = new cx.nest.grpcJs.Metadata();
    metadata.set('traceparent', '00-abc');
    metadata.set('tenant-bin', Buffer.from('é 🦀'));
    const arrived = await cx.nest.rxjs.firstValueFrom(cx.client.send('metadata.echo', {}, metadata));
    assert.equal(arrived.traceparent, '00-abc');
    assert.equal(arrived.tenant, 'é 🦀');
  },
  'deadline': async (cx) => {
    const slow = (...more) => failure(cx, 'slow', { ms: 5_000 }, ...more);
    const error = await slow(new cx.nest.grpcJs.Metadata(), { deadline: Date.now() + 50 });
    assert.equal(error.code, 4);
    // The same without a clock of the client's own, so that it is the server who says so.
    const metadata = new cx.nest.grpcJs.Metadata();
    metadata.set('grpc-timeout', '50m');
    assert.equal((await slow(metadata)).code, 4);
  },
  'a stream that is cancelled': async (cx) => {
    const { take, toArray, lastValueFrom } = cx.nest.rxjs;
    const first = cx.client.send('values.up.to', { last: 1_000_000 }).pipe(take(3), toArray());
    assert.deepEqual(await lastValueFrom(first), [1, 2, 3]);
    assert.equal(await answer(cx, 'echo', 'still there'), 'still there');
  },
};
