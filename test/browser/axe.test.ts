// Every page in every state, in both languages, by day and by night, as axe sees it.

import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import { apiOf, type TestApi } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { axe, axeInBoth } from './axe.js';
import { launch } from './chromium.js';
import { linkTo } from './console.js';

const test = suite('axe');
const HOUR = 3_600_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

/** One of every kind there is: what is asked for in both languages. */
async function house(api: TestApi) {
  const here = await api.venue({ address: '4, quai des Brumes, 69002 Lyon' });
  const there = await api.venue({ name: 'Café Minerve', city: 'Genève' });
  const venue = here.id;
  const soon = { startsAt: inMs(HOUR), endsAt: inMs(2 * HOUR), venue };
  const scheduled = await api.noso(soon, false);
  const open = await api.noso({ venue, capacity: 3 });
  const doors = await api.own<{ url: string }>('POST', `/api/nosos/${open.id}/doors`, {});
  await api.own('POST', `/api/nosos/${open.id}/paper`, { count: 3 });
  await api.enter(open.id);
  const closed = await api.noso({ venue: there.id });
  for (let k = 0; k < 2; k += 1) await api.enter(closed.id);
  await api.own('POST', `/api/nosos/${closed.id}/close`);
  const cancelled = await api.noso({ ...soon, venue: there.id }, false);
  await api.own('POST', `/api/nosos/${cancelled.id}/cancel`);
  const series = await api.own<{ id: string }>('POST', '/api/series', {
    ...{ venue: there.id, title: 'Chacun son banc', startsAt: inMs(24 * HOUR), minutes: 40 },
    rule: 'FREQ=WEEKLY;INTERVAL=2',
  });
  for (let k = 0; k < 3; k += 1) await api.call('POST', '/api/cities', { city: 'Łódź' });
  await api.wall(venue);
  return { scheduled, open, closed, cancelled, series, door: doors.url, venue };
}
type House = Awaited<ReturnType<typeof house>>;

let server: TestServer;
let api: TestApi;
let all: House;
let browser: Browser;
const ready = (async () => {
  server = await startServer();
  api = apiOf(server.url, server.owner);
  all = await house(api);
  browser = await launch();
})();

/** Goes from page to page, and has axe look at each; nothing may be said against any of them. */
async function walk(
  lang: string,
  steps: (at: { page: Page; look: (name: string) => Promise<void> }) => Promise<void>,
): Promise<void> {
  await ready;
  const context = await browser.newContext({ locale: lang, timezoneId: 'Europe/Paris' });
  const page = await context.newPage();
  const against: string[] = [];
  const look = async (name: string) => {
    // Colours are the same in every language.
    const found = lang === 'fr' ? await axeInBoth(page) : await axe(page);
    against.push(...found.map((each) => `${lang} ${name}: ${each}`));
  };
  try {
    await steps({ page, look });
  } finally {
    await context.close();
  }
  assert.equal(against, []);
}

for (const lang of ['fr', 'en']) {
  test(
    `nothing is against a public page, ${lang}`,
    () =>
      walk(lang, async ({ page, look }) => {
        const to = (path: string) => page.goto(server.url + path);
        const plain = [
          '/',
          '/?noted=1',
          '/privacy',
          '/accessibility',
          '/j',
          '/me',
          '/out',
          '/nothing',
        ];
        for (const path of plain) {
          await to(path);
          await look(path);
        }
        await to('/');
        await page.locator('#city').fill('12');
        await page.locator('.wish button').click();
        await page.locator('#fault').waitFor();
        await look('/ refused');
        for (const noso of [all.open, all.closed, all.cancelled, all.scheduled] as Noso[]) {
          await to(`/n/${noso.id}`);
          await look(`/n of one that is ${noso.state}`);
        }
        await page.locator('button.big').click();
        await page.locator('button.undo').waitFor();
        await look('/n with an intent');
        const { code } = await api.code(all.open.id);
        await to(`/j/${code}`);
        await look('/j/:code');
        await page.locator('form[data-do="take"] button, form.take button').first().click();
        await page.locator('.number').first().waitFor();
        await look('seated');
        await to('/me');
        await look('/me with a number');
        await to('/out');
        await look('/out of who is seated');
        await page.goto(all.door);
        await page.locator('button').first().waitFor();
        await look('/door');
      }),
    { deadline: 120_000 },
  );

  test(
    `nothing is against the console, ${lang}`,
    () =>
      walk(lang, async ({ page, look }) => {
        await page.goto(`${server.url}/organize`);
        await page.locator('.sign-in .button').waitFor();
        await look('signing in');
        await page.goto(linkTo(server));
        await page.waitForSelector('.frame:not(.cut)');
        const rooms: [string, string][] = [
          [`programme/${all.scheduled.id}`, '.acting .button'],
          [`programme/${all.open.id}`, '.curve'],
          [`programme/${all.cancelled.id}`, '.acting'],
          [`programme/${all.scheduled.id}/edit`, '.form'],
          [`programme/${all.open.id}/edit`, '.form'],
          [`programme/${all.series.id}/series`, '.evenings li'],
          ['programme/new', '.form'],
          [`venues/${all.venue}`, '.form'],
          ['venues/new', '.form'],
          ['venues/screen', '.form'],
          [`records/${all.closed.id}`, '.curve'],
          [`records/${new Date().getUTCFullYear()}`, '.sums'],
          ['keys', '.form'],
        ];
        for (const [where, what] of rooms) {
          await page.goto(`${server.url}/organize#/${where}`);
          await page.locator(what).first().waitFor();
          await look(where.replace(/\/[\w-]{12}/, '/:id'));
        }
        await page.goto(`${server.url}/organize#/programme/new`);
        await page.locator('select[name=rule]').selectOption('weekly');
        await page.locator('.evenings li').first().waitFor();
        await page.locator('.evenings .doing button').first().click();
        await look('a series that is planned');
        await page.locator('.form .primary').click();
        await page.locator('.fault:not(:empty)').first().waitFor();
        await look('a form that was refused');
        const { id } = all.open;
        await page.goto(`${server.url}/organize/print?noso=${id}&what=how`);
        await page.locator('section').first().waitFor();
        await look('a poster');
      }),
    { deadline: 120_000 },
  );
}

test('axe sees what is there to be seen, by day and by night', async () => {
  await ready;
  const page = await browser.newPage();
  const style = '@media (prefers-color-scheme: dark) { p { color: #222; background: #000 } }';
  await page.setContent(
    `<title>x</title><style>${style}</style><main><h1>a</h1><p>dark on dark<img src="x">`,
  );
  const found = (await axeInBoth(page)).map((each) => each.replace(/:.*/s, ''));
  await page.close();
  for (const rule of ['html-has-lang', 'image-alt', 'by night, color-contrast']) {
    assert.ok(found.includes(rule), `${rule} among ${found}`);
  }
});

test('the server and the browser end', async () => {
  await ready;
  await browser.close();
  await server.stop();
});
