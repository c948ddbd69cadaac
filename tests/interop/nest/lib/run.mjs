// Runs checks one after another and prints how each went.
import { print } from './cli.mjs';
import { subscribeToReplies } from './kafka.mjs';

const PATIENCE_MS = 10_000;

/** Marks a check that does not apply to every pair of peers; `why(cx)` says why it is left out, if it is. */
export function unless(why, check) {
  return Object.assign((cx) => check(cx), { why });
}

/** For what a Nest server itself does otherwise. */
export function onlyAgainstAnywire(check) {
  return unless((cx) => (cx.against === 'nest' ? 'only against anywire' : undefined), check);
}

/** For what these wires cannot do, and why. */
export function notOn(wires, why, check) {
  return unless((cx) => (wires.includes(cx.wire) ? why : check.why?.(cx)), check);
}

/**
 * Runs every check of `checks`, an object of functions by name, and gives the count of each outcome.
 * Each gets a client of its own, so that a connection that one of them broke fails no other.
 */
export async function run(checks, cx) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, check] of Object.entries(checks)) {
    const skipped = check.why?.(cx);
    if (skipped) {
      counts.skipped += 1;
      print({ check: name, skipped });
      continue;
    }
    const client = cx.newClient();
    try {
      await inTime(checked(check, { ...cx, client }));
      counts.passed += 1;
      print({ check: name, ok: true });
    } catch (error) {
      counts.failed += 1;
      print({ check: name, ok: false, why: reason(error) });
    } finally {
      await client.close();
    }
  }
  return counts;
}

async function checked(check, cx) {
  // Kafka's clients must say beforehand whose replies they want.
  if (cx.transport === 'kafka') subscribeToReplies(cx.client);
  await cx.client.connect();
  await check(cx);
}

async function inTime(work) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

// A Nest client rejects with whatever came over the wire, which is rarely an Error.
function reason(error) {
  const text = error instanceof Error ? error.message : `failed with ${JSON.stringify(error)}`;
  return text.slice(0, 1_000);
}
