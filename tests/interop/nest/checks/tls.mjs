// Who is let in over TLS, and by whom.
import assert from 'node:assert/strict';
import { answer } from '../lib/calls.mjs';
import { tlsOptions } from '../lib/tls.mjs';

/** Asks over TLS by these options, and is not answered; Nest's client keeps to itself why. */
async function isRefused(cx, options) {
  const client = cx.newClient({ tlsOptions: options });
  try {
    await assert.rejects(answer({ ...cx, client }, 'echo', 'let me in'));
  } finally {
    await client.close();
  }
}

export const tls = {
  'a server that is not trusted': async (cx) => {
    // Without the authority there are those of the system alone.
    const { cert, key } = tlsOptions(cx.certificates, 'client');
    await isRefused(cx, { cert, key });
  },
  'a client without a certificate': async (cx) => {
    const { ca } = tlsOptions(cx.certificates, 'client');
    await isRefused(cx, { ca });
  },
};
