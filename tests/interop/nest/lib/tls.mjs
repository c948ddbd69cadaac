// TLS on TCP: both sides show a certificate, and one authority has signed both.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `tlsOptions` of the `server` or the `client`, from the PEM files in a folder. */
export function tlsOptions(folder, who) {
  const pem = (file) => readFileSync(join(folder, file));
  const identity = { ca: pem('authority.pem'), cert: pem(`${who}.pem`), key: pem(`${who}.key`) };
  return who === 'server' ? { ...identity, requestCert: true, rejectUnauthorized: true } : identity;
}
