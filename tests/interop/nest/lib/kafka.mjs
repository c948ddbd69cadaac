// What a Nest client needs on Kafka before it can ask anything.
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

export function subscribeToReplies(client) {
  for (const pattern of ASKED) client.subscribeToResponseOf(patternOn('kafka', pattern));
}
