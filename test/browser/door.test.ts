import type { BrowserContext, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import type { TestApi } from '../support/api.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { given, readOf, seats } from './phones.js';

const test = suite('the page of a door');

const doorOf = (api: TestApi, noso: string) =>
  api.own<{ id: string; token: string }>('POST', `/api/nosos/${noso}/doors`, { name: 'Quai' });
const figure = (page: Page) => readOf(page, '.figure');
const shows = (page: Page, count: number) =>
  until(async () => (await figure(page)) === String(count), { what: `${count} at the door` });
const says = (page: Page, words: RegExp) =>
  until(async () => words.test(await readOf(page, '.said')), { what: String(words) });

async function openDoor(context: BrowserContext, url: string, token: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}/door#${token}`);
  return page;
}

test(
  'P9 a press is answered within the frame, and counted once; undone it is not',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso({ capacity: 40 });
    const { token } = await doorOf(api, noso.id);
    const context = await browser.newContext({ locale: 'fr' });
    const page = await openDoor(context, server.url, token);
    await shows(page, 0);
    await page.evaluate("document.querySelector('.in').click()");
    assert.is(await figure(page), '1', 'before any answer');
    await page.click('.in');
    await page.click('.out');
    await until(async () => (await seats(api, noso.id)) === 1, { what: 'one of two' });
    assert.match(await readOf(page, '.undo'), /^Défaire la sortie de /);
    await page.click('.undo');
    await until(async () => (await seats(api, noso.id)) === 2, { what: 'both again' });
    assert.match(await readOf(page, '.undo'), /^Défaire l’entrée de /);
    assert.match(await readOf(page, '.under'), /sur 40 places 2 par cette porte/);
    await context.close();
  }),
);

test(
  'P9 off-line it goes on, answers are lost, two tabs send the same: each click once, and too many are said',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso({ capacity: 8 });
    const { token } = await doorOf(api, noso.id);
    const context = await browser.newContext({ locale: 'fr' });
    const page = await openDoor(context, server.url, token);
    await shows(page, 0);
    // Everything arrives, and no answer comes back.
    await context.route('**/api/door', async (route) => {
      await route.fetch().catch(() => null);
      await route.abort();
    });
    for (let k = 0; k < 10; k += 1) await page.click('.in');
    await page.click('.out');
    await until(async () => (await page.locator('body.cut').count()) === 1, { what: 'the cut' });
    assert.is(await figure(page), '0', 'as of then, and no guess');
    await says(page, /10 entrées et une sortie attendent dans ce téléphone/);
    assert.match(await readOf(page, '.under'), /9 par cette porte/);
    const tab = await openDoor(context, server.url, token);
    await page.reload();
    await says(page, /10 entrées et une sortie attendent dans ce téléphone/);
    await context.unroute('**/api/door');
    await shows(page, 7);
    await shows(tab, 7);
    assert.is(await seats(api, noso.id), 7, 'eight of ten, and one left');
    const told = [await readOf(page, '.said'), await readOf(tab, '.said')].join(' ');
    assert.match(told, /Pendant la coupure, 2 personnes de plus que de places sont entrées/);
    await context.close();
  }),
  { deadline: 60_000 },
);

test(
  'P9 where nothing can be kept it says which page not to close; full is said, the way out goes on',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso({ capacity: 2 });
    const { token } = await doorOf(api, noso.id);
    const context = await browser.newContext({ locale: 'en' });
    await context.addInitScript({
      content:
        "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('refused'); } });",
    });
    const page = await openDoor(context, server.url, token);
    await shows(page, 0);
    await context.setOffline(true);
    await page.click('.in');
    await says(page, /^1 entry waits in this page: do not close it\.$/);
    await context.setOffline(false);
    await shows(page, 1);
    await page.click('.in');
    await until(async () => (await readOf(page, '.in')) === 'Full', { what: 'full' });
    assert.match(await readOf(page, '.under'), '2 seats, all taken');
    await page.click('.in', { force: true });
    assert.is(await figure(page), '2');
    await page.click('.out');
    await until(async () => (await seats(api, noso.id)) === 1, { what: 'the way out' });
    await context.close();
  }),
  { deadline: 60_000 },
);

test(
  'P9 W4 the count is told by a line, and nobody asks meanwhile; without a line it is asked for',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso({ capacity: 30 });
    const { token } = await doorOf(api, noso.id);
    const context = await browser.newContext({ locale: 'en' });
    const page = await context.newPage();
    let told = 0;
    let asked = 0;
    page.on('websocket', (line) =>
      line.on('framereceived', ({ payload }) => {
        if (String(payload).includes('"count",')) told += 1;
      }),
    );
    page.on('request', (request) => {
      if (request.url().endsWith('/api/door')) asked += 1;
    });
    await page.goto(`${server.url}/door#${token}`);
    await until(() => told >= 2, { what: 'a line', deadline: 20_000 });
    const [toldBefore, askedBefore] = [told, asked];
    await api.enter(noso.id);
    await shows(page, 1);
    await until(() => told >= toldBefore + 5, { what: 'five beats', deadline: 20_000 });
    assert.ok(asked - askedBefore <= 1, `asked ${asked - askedBefore} times while it was told`);
    await page.click('.in');
    await shows(page, 2);
    assert.match(await readOf(page, '.under'), '1 by this door');
    await api.own('PATCH', `/api/nosos/${noso.id}`, { capacity: 20 });
    await until(async () => /of 20 seats/.test(await readOf(page, '.under')), {
      what: 'the other capacity',
    });

    const bare = await context.newPage();
    await bare.routeWebSocket(/socket\.io/, (line) => line.close());
    await bare.goto(`${server.url}/door#${token}`);
    await shows(bare, 2);
    await api.enter(noso.id);
    await shows(bare, 3);
    await shows(page, 3);
    await context.close();
  }),
  { deadline: 60_000 },
);

test(
  'P9 a paper number is typed, and the next press is of it; one that is none is said',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const { token } = await doorOf(api, noso.id);
    const { numbers } = await api.own<{ numbers: string[] }>(
      'POST',
      `/api/nosos/${noso.id}/paper`,
      { count: 2 },
    );
    const context = await browser.newContext({ locale: 'fr' });
    const page = await openDoor(context, server.url, token);
    await shows(page, 0);
    await page.click('.paper');
    await page.fill('.paperNumber input', numbers[0] ?? '');
    await page.click('.in');
    await until(
      async () => {
        const { paper } = await api.own<{ paper: { number: string; seated: boolean }[] }>(
          'GET',
          `/api/nosos/${noso.id}/paper`,
        );
        return (
          paper
            .filter(({ seated }) => seated)
            .map(({ number }) => number)
            .join() === numbers[0]
        );
      },
      { what: 'the paper number to sit' },
    );
    await page.click('.paper');
    await page.fill('.paperNumber input', '111111');
    await page.click('.in');
    await says(page, /^111111 n’est pas un numéro de papier de ce NoSo\.$/);
    await shows(page, 1);
    await context.close();
  }),
);

test(
  'P9 a door that is taken back, and one whose NoSo is over, say so and ask for nothing more',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const door = await doorOf(api, noso.id);
    const other = await doorOf(api, noso.id);
    const context = await browser.newContext({ locale: 'fr' });
    const page = await openDoor(context, server.url, door.token);
    const last = await openDoor(context, server.url, other.token);
    await shows(page, 0);
    await shows(last, 0);
    await api.own('DELETE', `/api/doors/${door.id}`);
    await until(async () => /a été retirée/.test(await readOf(page, '.over')), {
      what: 'the door to be taken back',
    });
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    await until(async () => /C’est fini/.test(await readOf(last, '.over')), { what: 'the end' });
    const bare = await openDoor(context, server.url, '');
    await until(async () => /Ouvrez cette page/.test(await readOf(bare, '.over')), {
      what: 'what is missing',
    });
    await context.close();
  }),
);

test(
  'the server and the browser end',
  given(async ({ server, browser }) => {
    await browser.close();
    await server.stop();
  }),
);
