// Loads the server at an address, or behind the broker there, through a Nest client, with a constant number of requests in flight on one connection: a turn for each line on stdin.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { ClientProxyFactory } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { optionsOf, patternOn } from './transports.mjs';

const { values, positionals } = parseArgs({
  options: {
    at: { type: 'string' },
    'in-flight': { type: 'string', default: '64' },
    seconds: { type: 'string', default: '0.5' },
  },
  allowPositionals: true,
});
const [transport] = positionals;
// Stdout is for the result.
Logger.overrideLogger(false);
const inFlight = Number(values['in-flight']);
const pattern = patternOn(transport);
const client = ClientProxyFactory.create(optionsOf(transport, values.at));
if (transport === 'kafka') client.subscribeToResponseOf(pattern);
await client.connect();

const ask = (id) => firstValueFrom(client.send(pattern, { id }));
const user = { id: 7, email: 'ada@example.com', name: 'Ada Lovelace', age: 36, active: true };

/** Makes this many requests at the most, for so many seconds at the most, and gives the time that each took that has ended by then, in milliseconds. */
async function load(requests, seconds) {
  const times = [];
  const end = performance.now() + seconds * 1e3;
  let next = 0;
  const loop = async () => {
    while (next < requests) {
      const start = performance.now();
      if (start > end) return;
      const index = next;
      next += 1;
      const { id, email, name, age, active } = await ask(index);
      const ended = performance.now();
      if (ended <= end) times.push(ended - start);
      const isRight = id === index && email === user.email && name === user.name && age === user.age && active;
      if (!isRight) throw new Error('the reply is not what was asked for');
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  return times;
}

async function turn() {
  const cpuBefore = process.cpuUsage();
  const seconds = Number(values.seconds);
  const times = await load(Infinity, seconds);
  const { user: userTime, system } = process.cpuUsage(cpuBefore);
  times.sort((a, b) => a - b);
  const microsecondsAt = (share) => Math.round(times[Math.floor((times.length - 1) * share)] * 1e3);
  return {
    requests: times.length,
    seconds,
    p50_us: microsecondsAt(0.5),
    p99_us: microsecondsAt(0.99),
    cpu_seconds: (userTime + system) / 1e6,
  };
}

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

// However long it takes until there is somebody to answer.
assert.deepEqual(await ask(7), user);
// It still gets faster over its first 20,000 calls.
await load(20_000, 3);
print({ ready: true });
for await (const _ of createInterface({ input: process.stdin })) print(await turn());
await client.close();
