// A Nest client's calls, awaited.

/** The reply to a request. */
export function answer({ client, nest }, pattern, data) {
  return nest.rxjs.firstValueFrom(client.send(pattern, data));
}

/** Every value of a reply: a reply without one is an empty list. */
export function valuesOf({ client, nest }, pattern, data) {
  return nest.rxjs.lastValueFrom(client.send(pattern, data).pipe(nest.rxjs.toArray()));
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
export async function emit({ client, nest }, pattern, data) {
  await nest.rxjs.lastValueFrom(client.emit(pattern, data), { defaultValue: undefined });
}
