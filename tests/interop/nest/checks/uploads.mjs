// Streams that a caller sends, which gRPC alone has.
import assert from 'node:assert/strict';

/** Numbers that never end. */
const endless = ({ nest: { rxjs } }, ...numbers) => rxjs.concat(rxjs.from(numbers), rxjs.NEVER);

/** The values that come back for a stream of numbers, as an Observable. */
function asked({ client, nest: { rxjs } }, rpc, numbers) {
  const requests = numbers.pipe(rxjs.map((number) => ({ numbers: number })));
  return client.call('Uploads', rpc, requests).pipe(rxjs.map(({ value }) => value));
}

const collected = (cx, numbers) => cx.nest.rxjs.lastValueFrom(asked(cx, 'Collect', numbers));

const echoed = (cx, numbers) => cx.nest.rxjs.lastValueFrom(asked(cx, 'Echo', numbers).pipe(cx.nest.rxjs.toArray()));

/** Waits until the server has noted this line. */
const noted = ({ client, nest }, line) => nest.rxjs.lastValueFrom(client.call('Uploads', 'Noted', { line }));

/** What all came before an error, and the error. */
async function failed({ nest: { rxjs } }, replies) {
  const values = [];
  try {
    await rxjs.lastValueFrom(replies.pipe(rxjs.tap((value) => values.push(value))));
  } catch (error) {
    return { values, error };
  }
  throw new Error(`it was answered: ${JSON.stringify(values)}`);
}

function assertBrokenOff(cx, error) {
  assert.deepEqual([error.code, error.details], [10, '13 breaks it off']);
  assert.deepEqual(cx.details.of(error), {
    code: 10,
    message: '13 breaks it off',
    'google.rpc.ErrorInfo': { reason: 'ABORTED', domain: 'interop.uploads.v1.UploadError' },
    'interop.uploads.v1.UploadError.Aborted': { number: 13 },
  });
}

function assertCounts(values) {
  assert.equal(values.length, 10_000);
  assert.ok(values.every((value, index) => value === 101 + index));
}

/** Numbers that no earlier run against the same server has begun with. */
const [ONE, OTHER] = [1, 2].map((number) => 10 * process.pid + number + 1_000);

export const uploads = {
  'upload in order': async (cx) => {
    assert.deepEqual(await collected(cx, cx.nest.rxjs.of(3, 1, 4294967295, 2)), [3, 1, 4294967295, 2]);
  },
  'upload of none': async (cx) => {
    assert.deepEqual(await collected(cx, cx.nest.rxjs.EMPTY), []);
  },
  'upload of 10,000 values': async (cx) => {
    assertCounts(await collected(cx, cx.nest.rxjs.range(101, 10_000)));
  },
  'upload answered before its end': async (cx) => {
    assert.deepEqual(await collected(cx, endless(cx, 1, 2, 0)), [1, 2]);
  },
  'upload broken off': async (cx) => {
    const { error } = await failed(cx, asked(cx, 'Collect', endless(cx, 1, 2, 13)));
    assertBrokenOff(cx, error);
  },
  'upload that its caller gives up': async (cx) => {
    // Node ends a stream before it resets it, so that the server may not see that it was given up.
    const call = asked(cx, 'Collect', endless(cx, ONE)).subscribe({ error: () => {} });
    await noted(cx, `began ${ONE}`);
    call.unsubscribe();
    await noted(cx, `left ${ONE}`);
  },
  'both ways in lockstep': async (cx) => {
    const numbers = new cx.nest.rxjs.ReplaySubject();
    // The next one is sent only when this one has come back.
    const next = (number) => (number < 10 ? numbers.next(number + 1) : numbers.complete());
    numbers.next(1);
    const values = asked(cx, 'Echo', numbers).pipe(cx.nest.rxjs.tap(next), cx.nest.rxjs.toArray());
    assert.deepEqual(await cx.nest.rxjs.lastValueFrom(values), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  },
  'both ways, none': async (cx) => {
    assert.deepEqual(await echoed(cx, cx.nest.rxjs.EMPTY), []);
  },
  'both ways, 10,000 values': async (cx) => {
    assertCounts(await echoed(cx, cx.nest.rxjs.range(101, 10_000)));
  },
  'both ways, ended by the server': async (cx) => {
    assert.deepEqual(await echoed(cx, endless(cx, 1, 2, 0)), [1, 2]);
  },
  'both ways, an error after values': async (cx) => {
    const { values, error } = await failed(cx, asked(cx, 'Echo', endless(cx, 1, 2, 13)));
    assert.deepEqual(values, [1, 2]);
    assertBrokenOff(cx, error);
  },
  'both ways, given up by the caller': async (cx) => {
    const first = asked(cx, 'Echo', endless(cx, OTHER)).pipe(cx.nest.rxjs.take(1));
    assert.equal(await cx.nest.rxjs.lastValueFrom(first), OTHER);
    await noted(cx, `left ${OTHER}`);
  },
};
