// Headers where the transport has a place for them beside the packet.
import assert from 'node:assert/strict';
import { answer } from '../lib/calls.mjs';
import { notOn } from '../lib/run.mjs';

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** A message with headers, as each transport's client takes it. */
function withHeaders({ nest, transport }, data, headers) {
  switch (transport) {
    case 'nats': {
      const map = nest.natsHeaders();
      for (const [name, value] of Object.entries(headers)) map.set(name, value);
      return new nest.NatsRecordBuilder(data).setHeaders(map).build();
    }
    case 'rabbitmq':
      return new nest.RmqRecordBuilder(data).setOptions({ headers }).build();
    case 'kafka':
      return { value: data, headers };
    default:
      throw new Error(`no headers on ${transport}`);
  }
}

export const headers = {
  'headers of a record': notOn(['redis'], 'Nest has no headers on Redis', async (cx) => {
    const message = withHeaders(cx, {}, { traceparent: TRACE, tenant: 'acme' });
    const arrived = await answer(cx, 'metadata.echo', message);
    assert.equal(arrived.traceparent, TRACE);
    assert.equal(arrived.tenant, 'acme');
  }),
};
