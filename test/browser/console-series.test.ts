// Evenings that come again, who means to come and who asks for one: as the console has them.
import * as assert from 'uvu/assert';
import type { Evening, Noso, Series } from '../../src/protocol/wire.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, type Desk, press, signedIn } from './console.js';

const test = suite('console series');
const SLOW = { deadline: 90_000 };
const DAY = 86_400_000;
const HOUR = 3_600_000;

/** The hour of clocks in Paris. */
const clockIn = (iso: string) =>
  new Date(iso).toLocaleTimeString('en-GB', {
    ...{ timeZone: 'Europe/Paris', hour: '2-digit', minute: '2-digit' },
  });

type Read = Series & { evenings: Evening[] };
const seriesOf = async ({ api }: Desk): Promise<Read> => {
  const { series } = await api.own<{ series: Series[] }>('GET', '/api/series');
  return api.own<Read>('GET', `/api/series/${series[0]?.id}`);
};

test(
  'a series is planned with its dates before one’s eyes, one moved, one skipped; then each is put back',
  atTheDesk(async (desk) => {
    const { api } = desk;
    await api.venue({ name: 'Kiosque du Jardin', city: 'Rennes' });
    const page = await signedIn(desk);
    await press(page, 'Plan a NoSo');
    await page.getByLabel('Title').fill('Each their bench');
    const first = new Date(Date.now() + 9 * DAY).toISOString().slice(0, 10);
    await page.getByLabel('Day', { exact: true }).fill(first);
    await page.getByLabel('Starts at').fill('17:00');
    await page.getByLabel('Repeat').selectOption('fortnight');
    await page.getByRole('heading', { name: 'Plan a series' }).waitFor();
    const rows = page.locator('.evenings li');
    const said = (k: number) => rows.nth(k).locator('.said').textContent();
    await page.getByRole('button', { name: 'Plan 4 NoSos' }).waitFor();

    await rows.nth(1).getByRole('button', { name: /^move/ }).click();
    await page.locator('.moving input[type=time]').fill('18:00');
    await page.locator('.moving input[type=time]').press('Enter');
    await page.getByText('moved, was 17:00').waitFor();
    assert.is(await rows.count(), 4, 'Enter moved it, and planned nothing');
    await rows.nth(2).getByRole('button', { name: /^skip/ }).click();
    assert.is(await said(2), 'skipped');
    await page.getByLabel('Until').fill('2001-01-01');
    await press(page, /^Plan \d NoSo/);
    await page.getByText('It ends before it begins.').waitFor();
    assert.is(await page.getByLabel('Until').inputValue(), '2001-01-01', 'it stays in its field');
    await page.getByLabel('Until').fill('');
    await page.getByRole('button', { name: 'Plan 4 NoSos' }).waitFor();

    // What was to be otherwise is chosen anew where the dates were.
    await rows.nth(1).getByRole('button', { name: /^move/ }).click();
    await page.locator('.moving input[type=time]').fill('18:00');
    await page.locator('.moving').getByRole('button', { name: 'Set' }).click();
    await rows.nth(2).getByRole('button', { name: /^skip/ }).click();
    await press(page, 'Plan 3 NoSos');
    await page.getByRole('button', { name: 'End the series' }).waitFor();
    await until(async () => (await said(1)) === 'moved, was 17:00', { what: 'the moved one' });

    const { evenings, rule } = await seriesOf(desk);
    assert.is(rule, 'FREQ=WEEKLY;INTERVAL=2');
    assert.equal(
      evenings.map(({ follows }) => follows),
      [true, false, false, true],
    );
    assert.ok(evenings.every(({ startsAt }) => clockIn(startsAt) === '17:00'));
    const { nosos } = await api.own<{ nosos: Noso[] }>('GET', '/api/nosos');
    assert.equal(
      nosos.map(({ startsAt }) => clockIn(startsAt)),
      ['17:00', '18:00', '17:00'],
    );

    for (const k of [1, 2]) {
      await rows
        .nth(k)
        .getByRole('button', { name: /^put back/ })
        .click();
      await until(async () => (await said(k)) === 'to come', { what: `evening ${k} as it was` });
    }
    await rows.nth(0).getByRole('button', { name: /^skip/ }).click();
    await page.getByText('Cancel this evening?').waitFor();
    await page.waitForTimeout(450); // a second press this soon would be taken for a double click
    await press(page, 'Yes');
    await until(async () => (await said(0)) === 'skipped', { what: 'the first without' });

    await page.getByLabel('Title').fill('Each their own bench');
    await page.getByLabel('Starts at').fill('16:30');
    await press(page, 'Save for those to come');
    await page.getByText('Saved. What was changed by hand stays.').waitFor();
    const after = (await api.own<{ nosos: Noso[] }>('GET', '/api/nosos')).nosos;
    assert.equal(
      after.map(({ title, state, startsAt }) => [title, state, clockIn(startsAt)]),
      [
        ['Each their bench', 'cancelled', '17:00'],
        ['Each their own bench', 'scheduled', '16:30'],
        ['Each their own bench', 'scheduled', '16:30'],
        ['Each their own bench', 'scheduled', '16:30'],
      ],
    );
    await press(page, 'End the series');
    await page.getByText('Cancel those to come that nobody changed?').waitFor();
    await page.waitForTimeout(450);
    await press(page, 'Yes');
    await until(
      async () =>
        (await api.own<{ nosos: Noso[] }>('GET', '/api/nosos')).nosos.every(
          ({ state }) => state === 'cancelled',
        ),
      { what: 'nothing more to come' },
    );
  }),
  SLOW,
);

test(
  'how many mean to come stands by what is planned, and stays until the close; cities from the third request on',
  atTheDesk(async (desk) => {
    const { api } = desk;
    const from = (ms: number) => new Date(Date.now() + ms).toISOString();
    const { id } = await api.noso({ startsAt: from(HOUR), endsAt: from(2 * HOUR) }, false);
    for (let k = 0; k < 2; k += 1) {
      const drawn = await api.call<{ token: string }>('POST', '/api/numbers', { noso: id });
      await api.call('PUT', `/api/nosos/${id}/intent`, undefined, drawn.body.token);
    }
    const ask = (city: string) => api.call('POST', '/api/cities', { city });
    for (const city of ['Łódź', 'Łódź', 'Rodez', 'Łódź']) await ask(city);

    const page = await signedIn(desk, { lang: 'fr', phone: true });
    await page.locator('.rows').getByText('2 y seront').waitFor();
    await page.getByText('Une heure pour rien').first().click();
    await page.getByText(/2 y seront\.$/).waitFor();
    await api.own('POST', `/api/nosos/${id}/open`);
    await page.getByText(/Ouvert à .* 2 y seront\.$/).waitFor();
    await page.reload();
    await page.getByText(/Ouvert à .* 2 y seront\.$/).waitFor();
    await api.own('POST', `/api/nosos/${id}/close`);
    await page.getByText('Modifier').waitFor({ state: 'detached' });
    assert.is(await page.getByText('y seront').count(), 0, 'it is of nobody’s concern any more');

    await press(page, 'Lieux et murs');
    await page.getByText('Villes qui demandent').waitFor();
    const rows = page.locator('.apart li');
    assert.is(await rows.count(), 1, 'what was asked for once is not told');
    assert.is((await rows.textContent())?.replace(/\s/g, ' '), 'Łódź3 fois');
  }),
  SLOW,
);
