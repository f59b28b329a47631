// What one bad datum, a browser of yesterday or a slip of the finger may do to the console: nothing
// beyond its own place.
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, type Desk, figureOf, linkTo, newPage, press, signedIn } from './console.js';

const test = suite('console faults');
const SLOW = { deadline: 90_000 };

/** A console in a browser that does not know `zone`, as one older than the zone does not. */
async function ignorantOf(zone: string, { server, browser }: Desk): Promise<Page> {
  const page = await newPage(browser);
  await page.addInitScript(`(() => {
    const { DateTimeFormat } = Intl;
    Intl.DateTimeFormat = function (locale, options) {
      if (options?.timeZone === ${JSON.stringify(zone)})
        throw new RangeError('Invalid time zone specified: ' + options.timeZone);
      return new DateTimeFormat(locale, options);
    };
  })()`);
  await page.goto(linkTo(server));
  await page.waitForSelector('.frame:not(.cut)');
  return page;
}

const programme = (page: Page) => page.goto(`${new URL(page.url()).origin}/organize#/programme`);
const rows = (page: Page) => page.locator('.rows .row');

test(
  'F9 a clock that this browser does not know is read off the server’s; its NoSo is still managed',
  atTheDesk(async (desk) => {
    const { api } = desk;
    const far = await api.venue({ name: 'Кав’ярня', city: 'Київ', timeZone: 'Europe/Kyiv' });
    const near = await api.venue({ name: 'Quais' });
    const noso = await api.noso({ venue: far.id, title: 'Година тиші' });
    await api.noso({ venue: near.id, title: 'An hour for nothing' }, false);
    await api.own('POST', `/api/venues/${far.id}/walls`, { name: 'Зал' });
    const page = await ignorantOf('Europe/Kyiv', desk);

    await rows(page).nth(1).waitFor();
    const known = rows(page).filter({ hasText: 'An hour for nothing' });
    assert.match((await known.textContent()) ?? '', /\d\d:\d\d.*Quais/);
    const unknown = rows(page).filter({ hasText: 'Година тиші' });
    const kyiv = { timeZone: 'Europe/Kyiv', hour: '2-digit', minute: '2-digit' } as const;
    const hour = new Intl.DateTimeFormat('en-GB', kyiv).format(new Date(noso.startsAt));
    assert.match((await unknown.textContent()) ?? '', hour);

    await unknown.getByRole('link').click();
    await until(async () => (await figureOf(page).catch(() => '')) === '0', { what: 'the count' });
    await page.locator('.walls').getByText('Зал').waitFor();
    await press(page, 'Close now');
    await page.waitForTimeout(450); // a second press this soon would be taken for a double click
    await press(page, 'Yes');
    await until(
      async () =>
        (await api.own<{ state: string }>('GET', `/api/nosos/${noso.id}`)).state === 'closed',
      { what: 'the close' },
    );

    await press(page, 'Records');
    await rows(page).filter({ hasText: 'Година тиші' }).waitFor();
    await press(page, 'Venues and walls');
    await rows(page).filter({ hasText: 'Europe/Kyiv' }).getByRole('link').click();
    await page.getByRole('heading', { name: 'Кав’ярня' }).waitFor();
    // What the server knows is not refused here: only what is typed anew is judged.
    await page.getByLabel('Address').fill('вул. Прорізна, 8');
    await press(page, 'Save');
    await page.getByText('Saved.').waitFor();
  }),
  SLOW,
);

test(
  'F9 a date out of reach is one row that says so, and the programme stands',
  atTheDesk(async (desk) => {
    const { api, server, browser } = desk;
    const noso = await api.noso({ title: 'An hour some day' }, false);
    await api.noso({ title: 'An hour for nothing' }, false);
    const page = await newPage(browser);
    const dated = new RegExp(`("id":"${noso.id}".*?"startsAt":")[^"]+(","endsAt":")[^"]+`, 'g');
    await page.routeWebSocket(/socket\.io/, (line) => {
      const behind = line.connectToServer();
      behind.onMessage((message) =>
        line.send(
          String(message).replace(dated, '$19999-12-31T23:30:00.000Z$29999-12-31T23:59:00.000Z'),
        ),
      );
    });
    await page.goto(linkTo(server));
    await page.waitForSelector('.frame:not(.cut)');
    await rows(page).nth(1).waitFor();
    assert.match(
      (await rows(page).filter({ hasText: 'An hour some day' }).textContent()) ?? '',
      'Its date is out of this browser’s reach.',
    );
    await press(page, /An hour some day/);
    await page.getByRole('heading', { name: 'An hour some day' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
  }),
  SLOW,
);

test(
  'a year of two digits is said beside the day, and the button is no dead one',
  atTheDesk(async (desk) => {
    await desk.api.venue();
    const page = await signedIn(desk);
    await press(page, 'Plan a NoSo');
    await page.getByLabel('Title').fill('The year 26');
    const day = page.getByLabel('Day');
    const meant = await day.inputValue();
    for (const typed of ['0026-11-22', '']) {
      await day.fill(typed);
      await press(page, 'Plan it');
      await page.locator('.field', { has: day }).getByText('A day, as in 2026-11-22.').waitFor();
      assert.is(await page.evaluate('document.activeElement.name'), 'startsAt');
      assert.is(await day.inputValue(), typed, 'it stays in the field');
    }
    await day.fill(meant);
    await press(page, 'Plan it');
    await page.getByRole('heading', { name: 'The year 26' }).waitFor();
  }),
  SLOW,
);

test(
  'what is half typed, and the focus, survive what goes on around them',
  atTheDesk(async (desk) => {
    const { api } = desk;
    const noso = await api.noso();
    const page = await signedIn(desk);
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.getAttribute("name") ?? document.activeElement.getAttribute("aria-label")',
      );
    await press(page, 'Change capacity');
    await page.keyboard.type('12');
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    await api.sit(token, pass);
    await until(async () => (await figureOf(page)) === '1', { what: 'the seat' });
    await page.keyboard.type('0');
    assert.is(await page.getByLabel(/^Capacity/).inputValue(), '120');
    assert.match(await focused(), /^Capacity/);

    await programme(page);
    await press(page, 'Plan a NoSo');
    await page.getByLabel('Title').click();
    await page.keyboard.type('Half a ti');
    await api.leave(token, noso.id);
    await page.locator('.rows').getByText('0', { exact: true }).waitFor();
    await page.waitForTimeout(1_100); // the clock has moved on as well
    await page.keyboard.type('tle');
    assert.is(await page.getByLabel('Title').inputValue(), 'Half a title');
    assert.is(await focused(), 'title');
  }),
  SLOW,
);

test(
  'by keyboard alone: a question takes the focus, Escape gives it back, Enter answers',
  atTheDesk(async (desk) => {
    const noso = await desk.api.noso();
    const page = await signedIn(desk);
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    const close = page.getByRole('button', { name: 'Close now' });
    await close.waitFor();
    for (let k = 0; k < 40 && !/^Close now/.test(await focused()); k += 1)
      await page.keyboard.press('Tab');
    assert.match(await focused(), /^Close now/);
    await page.keyboard.press('Enter');
    await page.getByText('Close for 0?').waitFor();
    assert.is(await focused(), 'Yes');
    await page.keyboard.press('Escape');
    await close.waitFor();
    assert.match(await focused(), /^Close now/);

    await page.keyboard.press('Enter');
    await page.waitForTimeout(450);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Download as CSV' }).waitFor();
    assert.is((await desk.api.record(noso.id)).total, 0);

    // Where the address leads, the focus goes: to the title of what is chosen.
    await page.getByRole('link', { name: 'Records' }).focus();
    await page.keyboard.press('Enter');
    await until(async () => page.evaluate<boolean>('document.activeElement.matches("main")'), {
      what: 'the focus on the room',
    });
  }),
  SLOW,
);

test(
  'W4 where the line’s script does not come, the programme does, not live; and it heals by itself',
  atTheDesk(async ({ api, server, browser }) => {
    await api.noso({ title: 'An hour for nothing' }, false);
    const page = await newPage(browser);
    await page.route('**/line.page.js', (route) => route.abort());
    await page.goto(linkTo(server));
    await rows(page).getByText('An hour for nothing').waitFor();
    await page.waitForSelector('.frame.cut');
    await page.unroute('**/line.page.js');
    await page.waitForSelector('.frame:not(.cut)');
  }),
  SLOW,
);
