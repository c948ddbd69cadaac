// Events: nothing comes back, so each is looked for in what the server says it has seen.
import { setTimeout as pause } from 'node:timers/promises';
import { answer, emit } from '../lib/calls.mjs';
import { notOn } from '../lib/run.mjs';

const PATIENCE_MS = 5_000;

let count = 0;
/** A text that no earlier run against the same server has used. */
export const fresh = () => `${process.pid}-${(count += 1)}`;

/** Waits until the server says that it has seen this line. */
export async function seen(cx, line) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const lines = await answer(cx, 'events.seen', {});
    if (lines.includes(line)) return;
    if (Date.now() > end) throw new Error(`not seen: ${line}; seen: ${lines.slice(-5).join(', ')}`);
    await pause(10);
  }
}

export const events = {
  'event': async (cx) => {
    const userId = fresh();
    await emit(cx, 'user_created', { userId, email: 'ada@example.com' });
    await seen(cx, `user_created ${userId} ada@example.com`);
  },
  'event with an object pattern': async (cx) => {
    const userId = fresh();
    await emit(cx, { topic: 'user', kind: 'renamed' }, { userId });
    await seen(cx, `user_renamed ${userId}`);
  },
  'oneway': async (cx) => {
    const line = `${fresh()} "quoted" \\`;
    await emit(cx, 'audit.log', { line });
    await seen(cx, `log ${line}`);
  },
  'every event of 100': async (cx) => {
    const ids = Array.from({ length: 100 }, fresh);
    await Promise.all(ids.map((userId) => emit(cx, { kind: 'renamed', topic: 'user' }, { userId })));
    for (const userId of ids) await seen(cx, `user_renamed ${userId}`);
  },
  'unknown event ignored': notOn(['grpc'], 'its caller is told', async (cx) => {
    await emit(cx, 'no.such.event', {});
    await answer(cx, 'echo', 'still there');
  }),
};
