// Runs the client against the Nest server of the same version, to show that the checks ask only what Nest does.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['v10', 'v11', 'v12'];

function start(program, ...args) {
  return spawn(process.execPath, [program, ...args], { cwd: here, stdio: ['pipe', 'pipe', 'inherit'] });
}

// The values a program prints, one a line, as they come.
async function* printed(program) {
  for await (const line of createInterface({ input: program.stdout })) yield JSON.parse(line);
}

async function selfTest(version) {
  const server = start('server.mjs', '--version', version);
  const serverEnd = once(server, 'exit');
  const heard = printed(server);
  const { port } = (await heard.next()).value;
  const eventCount = (async () => {
    let count = 0;
    for await (const { event } of heard) count += event ? 1 : 0;
    return count;
  })();

  const client = start('client.mjs', '--version', version, '--port', String(port), '--against', 'nest');
  const clientEnd = once(client, 'exit');
  let last;
  for await (const line of printed(client)) {
    if (line.ok === false) console.log(`${version} failed: ${line.check}: ${line.why}`);
    if (line.skipped && !line.done) console.log(`${version} skipped: ${line.check}: ${line.skipped}`);
    last = line;
  }
  const [clientCode] = await clientEnd;

  server.stdin.end();
  const [serverCode] = await serverEnd;
  const { nest, passed, failed, skipped } = last;
  console.log(`nest ${nest}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${await eventCount} events`);
  return clientCode === 0 && serverCode === 0;
}

const installed = spawnSync('./install', versions, { cwd: here, stdio: 'inherit' });
let sound = installed.status === 0;
for (const version of sound ? versions : []) sound = (await selfTest(version)) && sound;
process.exit(sound ? 0 : 1);
