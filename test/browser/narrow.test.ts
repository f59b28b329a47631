// However long a title is, however narrow the phone, however large the letters: no page is wider than
// its screen, and what is kept can be read at 200 %.

import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { atTheDesk, linkTo } from './console.js';

const test = suite('narrow pages');
const HOUR = 3_600_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.padEnd(120, 'x');

/** What of the page is beside the screen; nothing is. */
const beside = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll('body *')]
      .filter((node) => node.getBoundingClientRect().right > wide + 1)
      .map((node) => node.tagName + '.' + node.className);
  })()`);

test(
  'at 320 pixels, whatever the title, the venue, the city',
  atTheDesk(async (desk) => {
    const { api, server, browser } = desk;
    const venue = await api.venue({
      ...{ name: LONG.slice(0, 80), city: LONG.slice(0, 60), address: LONG },
    });
    const fields = { title: LONG, venue: venue.id };
    const soon = { startsAt: inMs(HOUR), endsAt: inMs(2 * HOUR) };
    const scheduled = await api.noso({ ...fields, ...soon }, false);
    const open = await api.noso({ ...fields, entry: 'link' });
    const { code } = await api.code(open.id);
    const series = await api.own<{ id: string }>('POST', '/api/series', {
      ...{ ...fields, startsAt: soon.startsAt, minutes: 30, rule: 'FREQ=DAILY' },
    });
    for (let k = 0; k < 3; k += 1) await api.call('POST', '/api/cities', { city: 'W'.repeat(60) });
    const context = await browser.newContext({
      ...{ viewport: { width: 320, height: 640 }, locale: 'fr', timezoneId: 'Europe/Paris' },
    });
    const page = await context.newPage();
    const pages = ['/', `/n/${scheduled.id}`, `/n/${open.id}`, '/privacy', '/accessibility'];
    for (const path of [...pages, `/j/${code}`, '/j', '/me', '/out']) {
      await page.goto(server.url + path);
      assert.equal(await beside(page), [], path);
    }
    await page.goto(linkTo(server));
    await page.waitForSelector('.frame:not(.cut)');
    for (const [where, what] of [
      ['programme', '.rows a'],
      [`programme/${scheduled.id}`, '.acting .button'],
      [`programme/${open.id}`, '.curve'],
      [`programme/${series.id}/series`, '.evenings li'],
      ['programme/new', '.form'],
      [`venues/${venue.id}`, '.form'],
    ] as const) {
      await page.goto(`${server.url}/organize#/${where}`);
      await page.locator(what).first().waitFor({ state: 'attached' });
      assert.equal(await beside(page), [], where);
    }
  }),
  { deadline: 90_000 },
);

test(
  'A5 what is kept is read at 200 %: zoomed, or with letters twice as large',
  atTheDesk(async ({ server, browser }) => {
    const page = await browser.newPage({ viewport: { width: 640, height: 400 }, locale: 'fr' });
    const cut = () =>
      page.evaluate<string[]>(`[...document.querySelectorAll('main *')]
        .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflow !== 'visible')
        .map((node) => node.tagName)`);
    // A page of 1280 pixels at 200 % has 640 to be laid out in.
    await page.goto(`${server.url}/privacy`);
    assert.equal([await beside(page), await cut()], [[], []]);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.evaluate(`document.documentElement.style.fontSize = '32px'`);
    assert.equal([await beside(page), await cut()], [[], []]);
  }),
  { deadline: 60_000 },
);
