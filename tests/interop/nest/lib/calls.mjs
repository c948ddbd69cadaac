// A Nest client's calls, awaited.
import { numberIn } from './kafka.mjs';
import { patternOn } from './transports.mjs';

/** The replies to a request, as an Observable. */
export function replies({ client, nest, transport }, pattern, data) {
  const sent = client.send(patternOn(transport, pattern), data);
  return transport === 'kafka' ? sent.pipe(nest.rxjs.map((reply) => numberIn(pattern, reply))) : sent;
}

/** The reply to a request. */
export function answer(cx, pattern, data) {
  return cx.nest.rxjs.firstValueFrom(replies(cx, pattern, data));
}

/** Every value of a reply: a reply without one is an empty list. */
export function valuesOf(cx, pattern, data) {
  return cx.nest.rxjs.lastValueFrom(replies(cx, pattern, data).pipe(cx.nest.rxjs.toArray()));
}

/** What a request failed with, which may be any JSON value. */
export async function failure(cx, pattern, data) {
  let reply;
  try {
    reply = await answer(cx, pattern, data);
  } catch (error) {
    // What came over the wire is plain JSON; an Error is the client's own, such as a lost connection.
    if (error instanceof Error) throw error;
    return error;
  }
  throw new Error(`it was answered: ${JSON.stringify(reply)}`);
}

/** Sends an event, and waits until it is written. */
export async function emit({ client, nest, transport }, pattern, data) {
  const sent = client.emit(patternOn(transport, pattern), data);
  await nest.rxjs.lastValueFrom(sent, { defaultValue: undefined });
}
