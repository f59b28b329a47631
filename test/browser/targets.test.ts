// What is pressed is large enough, and is called what is read on it, on every page that people are shown.
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { given, inMs, phone, view } from './phones.js';
import { targetsOf } from './targets.js';

const test = suite('targets');

/** WCAG 2.2, 2.5.8, everywhere; and 2.5.5 for what a page is for. */
const LEAST = 24;
const CHIEF = 44;
/** Half a pixel is how browsers round. */
const ROUND = 0.5;

async function judge(page: Page, where: string): Promise<void> {
  const targets = await targetsOf(page);
  assert.ok(targets.length > 0, `${where}: nothing to press`);
  for (const { what, width, height, name, read, chief } of targets) {
    const least = (chief ? CHIEF : LEAST) - ROUND;
    const size = `${where}: ${what} is ${width} by ${height}`;
    assert.ok(height >= least && width >= LEAST - ROUND, size);
    assert.ok(name !== '', `${where}: ${what} has no name`);
    // WCAG 2.5.3: whoever says what is read presses it.
    assert.ok(name.toLowerCase().includes(read.toLowerCase()), `${where}: ${read} is ${name}`);
  }
}

for (const locale of ['fr', 'en']) {
  test(
    `every target has its 24 pixels, what matters 44, and its name is what is read (${locale})`,
    given(async ({ server, api, browser }) => {
      const open = await api.noso({ capacity: 40 });
      const hours = { startsAt: inMs(20 * 3_600_000), endsAt: inMs(21 * 3_600_000) };
      const planned = await api.noso(hours, false);
      const { code } = await api.code(open.id);
      const { page, context } = await phone(browser, { locale });
      const at = async (path: string) => {
        await page.goto(server.url + path);
        await judge(page, path);
      };
      const before = ['/', '/privacy', '/accessibility', '/j', '/me', '/me/return', '/out'];
      for (const path of [...before, `/n/${planned.id}`, `/n/${open.id}`]) await at(path);
      await at(`/j/${code}`);
      await page.click('main button');
      await view(page, 'seated');
      await judge(page, 'seated');
      for (const path of ['/me', '/out']) await at(path);
      await page.goto(`${server.url}/n/${planned.id}`);
      await page.click('button.big');
      await page.waitForSelector('.undo');
      await judge(page, 'will be there');
      const { token } = await api.own<{ token: string }>('POST', `/api/nosos/${open.id}/doors`, {});
      await page.goto(`${server.url}/door#${token}`);
      await page.click('.in');
      await judge(page, '/door');
      await page.click('.paper');
      await judge(page, '/door, paper');
      await context.close();
    }),
    { deadline: 60_000 },
  );
}

for (const [width, height] of [
  [390, 844],
  [844, 390],
  [320, 568],
  [1024, 768],
] as const) {
  test(
    `P9 a door at ${width} by ${height} shows its buttons, and nothing breaks or scrolls sideways at 200 %`,
    given(async ({ server, api, browser }) => {
      const noso = await api.noso({ capacity: 200 });
      const { token } = await api.own<{ token: string }>('POST', `/api/nosos/${noso.id}/doors`, {});
      for (const locale of ['fr', 'en']) {
        const context = await browser.newContext({ locale, viewport: { width, height } });
        const page = await context.newPage();
        await page.goto(`${server.url}/door#${token}`);
        await page.waitForSelector('.under .here:not(:empty)');
        await page.click('.in');
        for (const size of ['100%', '200%']) {
          await page.evaluate(`document.documentElement.style.fontSize = '${size}'`);
          const { aside, over, boxes } = await page.evaluate<Laid>(LAID);
          const which = `${locale}, ${size}`;
          assert.is(aside, 0, `${which}: sideways`);
          assert.equal(over, [], `${which}: what is wider than its place`);
          const [enter, leave] = boxes;
          assert.ok(enter && enter.bottom <= height, `${which}: In is in the first view`);
          const beside = width > height || size === '100%';
          assert.ok(!beside || (leave && leave.bottom <= height), `${which}: so is Out`);
        }
        await context.close();
      }
    }),
    { deadline: 60_000 },
  );
}

type Laid = { aside: number; over: string[]; boxes: { bottom: number }[] };
const LAID = `({
  aside: document.documentElement.scrollWidth - innerWidth,
  over: [...document.querySelectorAll('.line, .under p, .said p, footer button, .in span, .out span')]
    .filter((part) => part.checkVisibility())
    .filter((part) => {
      const { left, right } = part.getBoundingClientRect();
      const column = document.querySelector(part.closest('.in, .out') ? '.in' : 'header').getBoundingClientRect();
      return part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0 || left < column.left - 1 || right > column.right + 1;
    })
    .map((part) => part.textContent),
  boxes: ['.in', '.out'].map((name) => document.querySelector(name).getBoundingClientRect().toJSON()),
})`;

test(
  'the server and the browser end',
  given(async ({ server, browser }) => {
    await browser.close();
    await server.stop();
  }),
);
