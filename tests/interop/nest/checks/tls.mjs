// Who is let in over TLS, and by whom.
import assert from 'node:assert/strict';
import { answer } from '../lib/calls.mjs';
import { tlsOptions } from '../lib/tls.mjs';

/** Asks over TLS by these options, and gives the error. */
async function refusal(cx, options) {
  const client = cx.newClient({ tlsOptions: options });
  try {
    const reply = await answer({ ...cx, client }, 'echo', 'let me in');
    assert.fail(`it was answered: ${JSON.stringify(reply)}`);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return error;
  } finally {
    await client.close();
  }
}

export const tls = {
  'a server that is not trusted': async (cx) => {
    // Without the authority there are those of the system alone.
    const { cert, key } = tlsOptions(cx.certificates, 'client');
    assert.ok(await refusal(cx, { cert, key }));
  },
  'a client without a certificate': async (cx) => {
    const { ca } = tlsOptions(cx.certificates, 'client');
    assert.ok(await refusal(cx, { ca }));
  },
};
