// Headers of a request.
import assert from 'node:assert/strict';
import { answer } from '../lib/calls.mjs';
import { unless } from '../lib/run.mjs';

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

/** Where the transport has a place for headers beside the packet. */
export const records = {
  'headers of a record': async (cx) => {
    const message = withHeaders(cx, {}, { traceparent: TRACE, tenant: 'acme' });
    const arrived = await answer(cx, 'metadata.echo', message);
    assert.equal(arrived.traceparent, TRACE);
    assert.equal(arrived.tenant, 'acme');
  },
};

const isSent = (cx) => (cx.nest.major < 12 ? 'a Nest client sends metadata since 12' : undefined);

/** Where headers have no place but the packet. */
export const metadata = {
  'metadata of a dispatch hook': unless(isSent, async (cx) => {
    cx.client.setOnDispatchHook((packet) => {
      packet.metadata = { traceparent: TRACE };
    });
    const arrived = await answer(cx, 'metadata.echo', {});
    assert.equal(arrived.traceparent, TRACE);
  }),
};
