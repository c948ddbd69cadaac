// What Nest does otherwise on Kafka.
import { patternOn } from './transports.mjs';

const ASKED = [
  { cmd: 'get_user' },
  { cmd: 'nested', opts: { b: 1, a: true } },
  'math.sum',
  'echo',
  'nothing',
  'slow',
  'events.seen',
  'metadata.echo',
  'values.of.three',
  'values.of.none',
  'values.that.fail',
];

const SERVED = [
  ...ASKED,
  'values.up.to',
  'reply.null',
  'reply.undefined',
  'reply.late.end',
  'stream.of.three',
  'stream.of.none',
  'stream.that.fails',
  'audit.log',
  'user_created',
  { topic: 'user', kind: 'renamed' },
];

/** Creates what a server takes from: one that asks for topics while they come to be gives up. */
export async function createTopics({ kafkajs }, url) {
  const admin = new kafkajs.Kafka({ brokers: [url], logLevel: 0 }).admin();
  await admin.connect();
  const topics = SERVED.map((pattern) => ({ topic: patternOn('kafka', pattern) }));
  await admin.createTopics({ topics, waitForLeaders: true });
  await admin.disconnect();
}

/** Says beforehand whose replies are wanted. */
export function subscribeToReplies(client) {
  for (const pattern of ASKED) client.subscribeToResponseOf(patternOn('kafka', pattern));
}

const NUMBERS = ['math.sum', 'slow', 'values.of.three', 'values.that.fail'];

/** A reply: Nest reads a number as text there. */
export function numberIn(pattern, reply) {
  return NUMBERS.includes(pattern) ? Number(reply) : reply;
}
