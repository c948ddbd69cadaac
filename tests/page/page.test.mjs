// The page of the shop, as people see it: in a browser, over a shop that runs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const SCREENSHOT = fileURLToPath(new URL('../../docs/guide/shop.png', import.meta.url));
// As narrow as the narrowest telephone that is sold.
const NARROW = { width: 380, height: 800 };

let shop, address, browser, profile;

before(async () => {
  shop = spawn(process.env.SHOP, ['--http', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(shop.stdout)) {
    address = line.match(/http:\/\/\S+/)?.[0];
    if (address) break;
  }
  // Read on, so that the shop never waits for us.
  shop.stdout.resume();
  profile = await mkdtemp(join(tmpdir(), 'shop-page-'));
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    viewport: { width: 1200, height: 800 },
    deviceScaleFactor: 1.5,
    locale: 'en-GB',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
});

after(async () => {
  shop?.kill('SIGKILL');
  await browser?.close();
  if (profile) await rm(profile, { recursive: true, force: true });
});

/** A page of the shop, and what its console complains about. */
async function open(viewport) {
  const page = await browser.newPage();
  const complaints = [];
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  if (viewport) await page.setViewportSize(viewport);
  await page.goto(address);
  await page.getByText('live', { exact: true }).waitFor();
  return { page, complaints };
}

/** The section with a heading. */
const section = (page, name) => page.getByRole('region', { name });

async function create(page, name, email) {
  const form = section(page, 'Create a user');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('E-mail').fill(email);
  // By the keyboard, as well as by the button.
  await form.getByLabel('E-mail').press('Enter');
  return form.getByRole('status');
}

async function fetchUser(page, id) {
  const form = section(page, 'Fetch a user');
  await form.getByLabel('Number').fill(id);
  await form.getByRole('button', { name: 'Fetch' }).click();
  return form.getByRole('status');
}

/** The HTTP status in an answer. */
const status = (answer, number) => answer.getByText(number, { exact: true });

const widthOf = page => page.evaluate(() => document.documentElement.scrollWidth);

// First, while nothing else has happened.
test('the picture for the guide', { skip: !process.env.SHOP_SCREENSHOT }, async () => {
  const { page } = await open();
  const created = await create(page, 'Ada Lovelace', 'ada@example.com');
  await status(created, '201').waitFor();
  await status(await fetchUser(page, '999'), '404').waitFor();
  await status(await fetchUser(page, '1'), '200').waitFor();
  await page.locator('#services .alive').nth(3).waitFor();
  // Without the flash of what has just arrived.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.screenshot({ path: SCREENSHOT, fullPage: true });
  await page.close();
});

test('all services are there', async () => {
  const { page, complaints } = await open();
  await page.locator('#services .alive').nth(3).waitFor();
  const services = await page.locator('#services li').allInnerTexts();
  for (const name of ['Gateway', 'Users', 'Orders', 'Email']) {
    assert.ok(services.some(service => service.includes(name)), `${name} in ${services}`);
  }
  const shown = name => services.find(service => service.includes(name));
  assert.match(shown('Users'), /TCP 127\.0\.0\.1:\d+/);
  assert.match(shown('Orders'), /gRPC 127\.0\.0\.1:\d+/);
  assert.match(shown('Email'), /in memory, without a broker/);
  assert.deepEqual(complaints, []);
  await page.close();
});

test('a user is created and fetched, and the event is seen', async () => {
  const { page, complaints } = await open();
  const created = await create(page, 'Grace Hopper', 'grace@example.com');
  await status(created, '201').waitFor();
  assert.match(await created.innerText(), /grace@example\.com/);
  // The page offers the new user to be fetched.
  const id = await section(page, 'Fetch a user').getByLabel('Number').inputValue();
  const fetched = await fetchUser(page, id);
  await status(fetched, '200').waitFor();
  assert.match(await fetched.innerText(), /Grace Hopper/);

  const feed = section(page, 'Calls and events').getByRole('listitem');
  for (const [kind, operation] of [
    ['call', 'Users.create_user'],
    ['event', 'Users.user_created'],
    ['call', 'Users.get_user'],
  ]) {
    const note = feed.filter({ hasText: operation }).filter({ hasText: kind }).first();
    await note.filter({ hasText: 'ok' }).waitFor();
  }
  assert.deepEqual(complaints, []);
  await page.close();
});

test('a page that is opened later sees what happened before', async () => {
  const { page } = await open();
  const feed = section(page, 'Calls and events').getByRole('listitem');
  await feed.filter({ hasText: 'grace@example.com' }).first().waitFor();
  await page.close();
});

test('problems are shown', async () => {
  const { page } = await open();
  const unknown = await fetchUser(page, '4000000000');
  await status(unknown, '404').waitFor();
  assert.match(await unknown.innerText(), /"code": "NOT_FOUND"/);
  const invalid = await create(page, '', 'not an address');
  await status(invalid, '400').waitFor();
  assert.match(await invalid.innerText(), /"\/email"[^]*"\/name"/);
  const feed = section(page, 'Calls and events').getByRole('listitem');
  await feed.filter({ hasText: 'INVALID_ARGUMENT' }).first().waitFor();
  await page.close();
});

test('what users write is text, and stays text', async () => {
  const { page, complaints } = await open();
  const mark = '<img src=x onerror=alert(1)>';
  const created = await create(page, mark, 'mark@example.com');
  await status(created, '201').waitFor();
  await section(page, 'Calls and events').getByText(mark).first().waitFor();
  assert.equal(await page.locator('img').count(), 0);
  assert.deepEqual(complaints, []);
  await page.close();
});

test('a narrow page does not scroll sideways', async () => {
  const { page } = await open(NARROW);
  const long = 'x'.repeat(100);
  const created = await create(page, long, `${long}@example.com`);
  await status(created, '201').waitFor();
  await section(page, 'Calls and events').getByText(long).first().waitFor();
  assert.ok(await widthOf(page) <= NARROW.width, `${await widthOf(page)} pixels wide`);
  await page.close();
});

test('text stands out in light and dark', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page } = await open();
    await page.emulateMedia({ colorScheme });
    const faint = await page.evaluate(faintTexts);
    assert.deepEqual(faint, [], colorScheme);
    await page.close();
  }
});

/** Texts whose contrast is below 4.5, the least of WCAG's level AA. Runs in the page. */
function faintTexts() {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const paint = colours => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = rgb => {
    const [r, g, b] = rgb.map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  for (const element of document.body.querySelectorAll('*')) {
    const hasText = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!hasText || element.tagName === 'SCRIPT' || !element.checkVisibility()) continue;
    const grounds = [];
    for (let at = element; at; at = at.parentElement) grounds.unshift(getComputedStyle(at).backgroundColor);
    const [dark, light] = [paint(grounds), paint([...grounds, getComputedStyle(element).color])]
      .map(luminance).sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) faint.push(`${element.textContent.trim()}: ${contrast.toFixed(2)}`);
  }
  return faint;
}

// The last one: it stops the shop.
test('a shop stops at once, though a page follows it', async () => {
  const { page } = await open();
  const stopped = once(shop, 'exit');
  shop.kill('SIGTERM');
  const [code] = await stopped;
  assert.equal(code, 0);
  await page.getByText('connecting', { exact: true }).waitFor();
  await page.close();
});
