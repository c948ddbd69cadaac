// What Nest can do otherwise on RabbitMQ, for its server and for its client.

/** Fewer than there are checks: who acknowledges nothing is soon given nothing. */
const UNACKNOWLEDGED = 64;

/** What is told in each mode to the server and to the client of a queue. */
export const MODES = {
  // An exchange of topics, of the queue's name, brings requests and events.
  exchange: () => both({ wildcards: true }),
  // An exchange brings everything to every queue.
  fanout: (queue) => both({ exchange: `${queue}-fanout`, exchangeType: 'fanout' }),
  // Handlers acknowledge what they have handled.
  acks: () => ({ server: { noAck: false, prefetchCount: UNACKNOWLEDGED } }),
};

function both(options) {
  return { server: options, client: options };
}

/** Has every handler of a class acknowledge its message when its answer, or its failure, is complete. */
export function acknowledging({ rxjs }, { prototype }) {
  const { defer, finalize, isObservable, mergeMap, of } = rxjs;
  for (const name of Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor')) {
    const method = prototype[name];
    prototype[name] = function (data, context) {
      return defer(async () => method.call(this, data, context)).pipe(
        mergeMap((answer) => (isObservable(answer) ? answer : of(answer))),
        finalize(() => context.getChannelRef().ack(context.getMessage())),
      );
    };
  }
}
