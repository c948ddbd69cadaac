// A Nest client's calls, awaited.
import { patternOn } from './transports.mjs';

/** The reply to a request. */
export function answer({ client, nest, transport }, pattern, data) {
  return nest.rxjs.firstValueFrom(client.send(patternOn(transport, pattern), data));
}

/** Every value of a reply: a reply without one is an empty list. */
export function valuesOf({ client, nest, transport }, pattern, data) {
  const values = client.send(patternOn(transport, pattern), data);
  return nest.rxjs.lastValueFrom(values.pipe(nest.rxjs.toArray()));
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
