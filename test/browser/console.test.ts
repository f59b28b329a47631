// The organizers' console in a real browser, against a real server: signing in, a NoSo from plan to
// record, and what it says when the line is cut.
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import type { TestApi } from '../support/api.js';
import { machineTime } from '../support/machineTime.js';
import { suite } from '../support/suite.js';
import { says } from '../support/traces.js';
import { until } from '../support/wait.js';
import { atTheDesk, figureOf, linkTo, newPage, press, signedIn, textOf } from './console.js';

const test = suite('console');
const SLOW = { deadline: 90_000 };

/** Seats `n` people, as phones would; resolves with their numbers. */
async function seat(api: TestApi, noso: string, n: number): Promise<string[]> {
  const numbers: string[] = [];
  for (let k = 0; k < n; k += 1) {
    const { number, token, pass } = await api.person(noso);
    const { status } = await api.sit(token, pass);
    assert.is(status, 200);
    numbers.push(number);
  }
  return numbers;
}

test(
  'F7 a sign-in link opens once, and leaves the address at once',
  atTheDesk(async ({ server, browser }) => {
    const link = linkTo(server);
    const page = await newPage(browser);
    await page.goto(link);
    await page.waitForSelector('.frame:not(.cut)');
    assert.not.match(page.url(), /#ey/);
    assert.is(await page.evaluate('document.cookie'), '', 'no script can read the session');
    await page.reload();
    await page.waitForSelector('.frame:not(.cut)');

    const other = await newPage(browser, { lang: 'fr' });
    await other.goto(link);
    await other.getByText('Ce lien a servi : il n’est bon qu’une fois.').waitFor();
    assert.not.match(other.url(), /#ey/);

    // Whoever is in already goes where the link leads, though it has served.
    await page.goto(link);
    await page.waitForSelector('.frame:not(.cut)');
    assert.not.match(page.url(), /#ey/);

    await other.getByLabel('Lien ou clé').fill(linkTo(server));
    await press(other, 'Entrer');
    await other.waitForSelector('.frame:not(.cut)');
    await press(other, 'Sortir');
    await other.getByText('Vous voilà dehors.').waitFor();
    assert.is((await other.request.get(`${server.url}/api/sign-in`)).status(), 401);
  }),
  SLOW,
);

test(
  'L1 L5 planned, opened, extended and closed in the console; its record is the API’s',
  atTheDesk(async (desk) => {
    const { api } = desk;
    const page = await signedIn(desk);
    await page.getByText('Nothing planned, which is a start.').waitFor();
    await press(page, 'Plan a NoSo');
    await press(page, 'Add a venue');
    await page.getByLabel('Name', { exact: true }).fill('Café Minerve');
    await page.getByLabel('City').fill('Lyon');
    await page.getByLabel('Time zone').fill('Europe/Nowhere');
    await press(page, 'Add it');
    await page.getByText('No clock goes by that name.').waitFor();
    await page.getByLabel('Time zone').fill('Europe/Paris');
    await press(page, 'Add it');
    await page.getByRole('heading', { name: 'Café Minerve' }).waitFor();

    await press(page, 'Programme');
    await press(page, 'Plan a NoSo');
    await press(page, 'Plan it');
    await page.getByText('It needs a title.').waitFor();
    await page.getByLabel('Title').fill('An hour for nothing');
    await page.getByLabel('Seats').fill('3');
    await press(page, 'Plan it');
    await page.getByRole('heading', { name: 'An hour for nothing' }).waitFor();

    const planned = (await api.own<{ nosos: Noso[] }>('GET', '/api/nosos')).nosos[0] as Noso;
    assert.is(planned.capacity, 3);
    assert.is(Date.parse(planned.endsAt) - Date.parse(planned.startsAt), 3_600_000);
    assert.is(Date.parse(planned.startsAt) % 1_800_000, 0, 'at a full or half hour');

    await press(page, 'Open now');
    await page.getByText(/^Open .* early\?$/).waitFor();
    await page.waitForTimeout(450); // a second press this soon would be taken for a double click
    await press(page, 'Yes');
    await until(async () => (await figureOf(page)) === '0', {
      what: 'an open room',
    });
    const numbers = await seat(api, planned.id, 3);
    await until(async () => (await figureOf(page)) === '3', { what: 'three seats on the console' });
    await page.getByText(/^3 at most, at \d\d:\d\d$/).waitFor();
    const words = await textOf(page);
    for (const number of numbers) assert.not.ok(says(words, number), 'no number in the console');

    await press(page, 'Change capacity');
    await page.getByLabel(/^Capacity/).fill('2');
    await press(page, 'Set');
    await page.getByText('3 seats are taken: it cannot hold fewer.').waitFor();
    assert.is(await page.getByLabel(/^Capacity/).inputValue(), '2', 'what was refused stays');
    await press(page, 'Extend by 15 min');
    await until(
      async () => {
        const { endsAt } = await api.own<Noso>('GET', `/api/nosos/${planned.id}`);
        return Date.parse(endsAt) - Date.parse(planned.endsAt) === 900_000;
      },
      { what: 'the later end' },
    );

    await press(page, 'Close now');
    await page.getByText('Close for 3?').waitFor();
    await page.waitForTimeout(450);
    await press(page, 'Yes');
    await page.getByText(/^3 numbers, \d+ person-minutes$/).waitFor();
    const record = await api.record(planned.id);
    assert.is(await figureOf(page), String(record.peak));
    assert.is(record.total, 3);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      press(page, 'Download as CSV'),
    ]);
    assert.match(download.suggestedFilename(), /^noso-\d{4}-\d\d-\d\d-an-hour-for-nothing\.csv$/);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const rows = Buffer.concat(chunks).toString().trimEnd().split('\r\n');
    assert.is(rows[0], 'time_utc,time_local,count,counted_by_eye');
    assert.equal(
      rows.slice(1).map((row) => [row.split(',')[0], Number(row.split(',')[2])]),
      record.series.map(({ at, count }) => [at, count]),
    );
  }),
  SLOW,
);

test(
  'W4 a line that is cut is said, nothing looks live meanwhile, and it heals without a reload',
  atTheDesk(async (desk) => {
    const { api, server } = desk;
    const noso = await api.noso();
    await seat(api, noso.id, 2);
    const page = await signedIn(desk);
    await until(async () => (await figureOf(page)) === '2', { what: 'two seats' });
    await page.evaluate('document.body.dataset.same = "page"');

    await server.kill();
    const killed = machineTime();
    await page.getByText(/^line cut, as of \d\d:\d\d$/).waitFor();
    assert.ok(machineTime() - killed < 5000, 'said within 5 s');
    assert.is(await page.locator('.figure.was').count(), 1);
    assert.is(await figureOf(page), '2', 'the last count stays, with its hour');
    await press(page, 'Extend by 15 min');
    await page.getByText('No answer. It may be done: what is shown will tell.').waitFor();

    await server.restart();
    await page.waitForSelector('.frame:not(.cut) .figure:not(.was)');
    await seat(api, noso.id, 1);
    await until(async () => (await figureOf(page)) === '3', { what: 'the third seat' });
    assert.is(await page.evaluate('document.body.dataset.same'), 'page');
  }),
  SLOW,
);

test(
  'L5 the curve is the server’s, from the opening on: the same after a reload',
  atTheDesk(async (desk) => {
    const { api } = desk;
    const startsAt = new Date(Date.now() - 20 * 60_000).toISOString();
    const noso = await api.noso({ capacity: 5, startsAt });
    await seat(api, noso.id, 2);
    // As if it had been opened a quarter of an hour ago, with the minutes that there would be.
    const opened = Date.now() - 15 * 60_000;
    const counts = [0, 1, 1, 2, 4, 4, 3, 3, 3, 3, 3, 2, 2, 2, 2];
    const page = await newPage(desk.browser);
    await page.route(`**/api/nosos/${noso.id}/record`, async (route) => {
      const record = await (await route.fetch()).json();
      const series = [...counts, 2].map((count, k) => ({
        at: new Date(opened + k * 60_000).toISOString(),
        count,
      }));
      await route.fulfill({
        json: { ...record, openedAt: series[0]?.at, beganAt: series[0]?.at, peak: 4, series },
      });
    });
    await page.goto(linkTo(desk.server));
    const path = () => page.locator('.steps').last().getAttribute('d');
    await page.locator('.curve').waitFor();
    const drawn = (await path()) ?? '';
    // 20 % of the height a seat: up to the fourth, and down again to two.
    for (const level of ['V80', 'V60', 'V20', 'V40']) assert.match(drawn, level);
    await page.reload();
    await page.locator('.curve').waitFor();
    assert.is((await path())?.replace(/H[\d.]+$/, ''), drawn.replace(/H[\d.]+$/, ''));
  }),
  SLOW,
);
