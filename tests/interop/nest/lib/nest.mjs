// Loads one version of NestJS, or grpc-js alone.
import { readFileSync } from 'node:fs';

/**
 * The exports of `<version>/nest.mjs`, with the installed version of `@nestjs/microservices` beside them.
 * `grpc-js` is that of the newest folder, and the version its own.
 */
export async function loadNest(version) {
  const isPlain = version === 'grpc-js';
  const home = new URL(`../${isPlain ? 'v12' : version}/`, import.meta.url);
  const name = isPlain ? '@grpc/grpc-js' : '@nestjs/microservices';
  const manifest = new URL(`node_modules/${name}/package.json`, home);
  const installed = JSON.parse(readFileSync(manifest, 'utf8')).version;
  const names = await import(new URL('nest.mjs', home));
  return { ...names, isPlain, version: installed, major: Number.parseInt(installed, 10) };
}
