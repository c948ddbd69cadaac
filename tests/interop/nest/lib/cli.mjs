// How every program here talks to whoever runs it: options in, one JSON value per line out.
import { parseArgs } from 'node:util';

/** The command line as an object; `defaults` names every option there is, all of them strings. */
export function options(defaults) {
  const known = Object.entries(defaults).map(([name, value]) => [name, { type: 'string', default: value }]);
  return parseArgs({ options: Object.fromEntries(known) }).values;
}

/** Prints one line. */
export function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
