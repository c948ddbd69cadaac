// Loads one version of NestJS.
import { readFileSync } from 'node:fs';

/** The exports of `<folder>/nest.mjs`, with the installed version of `@nestjs/microservices` beside them. */
export async function loadNest(folder) {
  const home = new URL(`../${folder}/`, import.meta.url);
  const manifest = new URL('node_modules/@nestjs/microservices/package.json', home);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const names = await import(new URL('nest.mjs', home));
  return { ...names, version, major: Number.parseInt(version, 10) };
}
