// Records, taken away: as a table, as data, on paper; and what a year came to.
import type { Download, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import type { Noso, NosoRecord } from '../../src/protocol/wire.js';
import type { TestApi } from '../support/api.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, press, signedIn } from './console.js';

const test = suite('console records');
const SLOW = { deadline: 90_000 };

/** One that closed, with `seats` in its record. */
async function past(api: TestApi, fields: Record<string, unknown>, seats: number): Promise<Noso> {
  const noso = await api.noso(fields);
  for (let k = 0; k < seats; k += 1) {
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    await api.sit(token, pass);
  }
  await api.own('POST', `/api/nosos/${noso.id}/close`);
  return noso;
}

async function textOf(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function downloaded(page: Page, button: string): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, button)]);
  return { name: download.suggestedFilename(), text: await textOf(download) };
}

test(
  'L5 a year is summed by venue and city, and taken away in the reader’s own kind of table',
  atTheDesk(async ({ api, server, browser }) => {
    const quais = await api.venue({ name: 'Bibliothèque des Quais', city: 'Lyon' });
    const cafe = await api.venue({ name: 'Café "Minerve"; bar', city: 'Lyon' });
    const octroi = await api.venue({ name: 'Librairie de l’Octroi', city: 'Genève' });
    await past(api, { venue: quais.id, title: '=HYPERLINK("http://x.example")' }, 3);
    await past(api, { venue: quais.id, title: 'Une heure pour rien' }, 1);
    await past(api, { venue: cafe.id, title: 'Café sans conversation' }, 2);
    await past(api, { venue: octroi.id, title: 'Lecture sans livre' }, 0);
    const page = await signedIn({ api, server, browser }, { lang: 'fr' });
    await press(page, 'Comptes rendus');
    const year = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Paris', year: 'numeric' });
    const now = year.format(Date.now());
    await press(page, now);
    await page.getByText(/^4 NoSos, 6 numéros, /).waitFor();
    const table = await page.evaluate<string[][]>(
      `[...document.querySelectorAll('.sums tbody tr')]
        .map((row) => [...row.children].map((cell) => cell.textContent))`,
    );
    assert.equal(
      table.map((row) => row.slice(0, 4)),
      [
        ['Genève', '1', '0', '0'],
        ['Librairie de l’Octroi', '1', '0', '0'],
        ['Lyon', '3', '3', '6'],
        ['Bibliothèque des Quais', '2', '3', '4'],
        ['Café "Minerve"; bar', '1', '2', '2'],
      ],
    );

    const csv = await downloaded(page, 'Télécharger en CSV');
    assert.is(csv.name, `noso-${now}.csv`);
    assert.is(csv.text.charCodeAt(0), 0xfeff, 'so that spreadsheets take it for UTF-8');
    const rows = csv.text.slice(1).trimEnd().split('\r\n');
    assert.is(
      rows[0],
      'jour;ouvert;fermé;lieu;ville;titre;au plus;numéros;personnes-minutes',
      'semicolons, where a comma stands in numbers',
    );
    assert.is(rows.length, 5);
    assert.ok(
      rows.some((row) => row.includes(`;"'=HYPERLINK(""http://x.example"")";3;3;`)),
      'no title is a formula',
    );
    assert.ok(rows.some((row) => row.includes(';"Café ""Minerve""; bar";Lyon;')));

    const json = await downloaded(page, 'Télécharger en JSON');
    const all = JSON.parse(json.text) as { noso: Noso; record: NosoRecord }[];
    assert.equal(all.map(({ record }) => record.total).sort(), [0, 1, 2, 3], 'as the API has them');
  }),
  SLOW,
);

test(
  'L5 a record is printed alone, with its day, its hours and its curve',
  atTheDesk(async (desk) => {
    const noso = await past(desk.api, { title: 'An hour for nothing' }, 2);
    const page = await signedIn(desk);
    await page.goto(`${desk.server.url}/organize#/records/${noso.id}`);
    await page.getByText(/^Bibliothèque des Quais, Lyon\. \w+ \d+ \w+ 20\d\d, open from/).waitFor();
    await page.locator('.curve').waitFor();
    const shown = (selector: string) => page.locator(selector).first().isVisible();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const part of ['.title', '.figure', '.curve']) assert.ok(await shown(part), part);
    for (const part of ['.head', '.list', '.foot', '.acts']) assert.not.ok(await shown(part), part);
    assert.is(
      await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'),
      'rgb(255, 255, 255)',
      'in the dark as well',
    );
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate('globalThis.print = () => { document.body.dataset.printed = "yes"; }');
    await press(page, 'Print');
    await until(async () => (await page.getAttribute('body', 'data-printed')) === 'yes', {
      what: 'the print',
    });

    const json = await downloaded(page, 'Download as JSON');
    assert.match(json.name, /^noso-\d{4}-\d\d-\d\d-an-hour-for-nothing\.json$/);
    const { record } = JSON.parse(json.text) as { record: NosoRecord };
    assert.equal(record, await desk.api.record(noso.id));
  }),
  SLOW,
);

test(
  'L5 people counted by eye are taken down beside the seats, and stand in the record',
  atTheDesk(async (desk) => {
    const { api } = desk;
    const noso = await api.noso();
    const page = await signedIn(desk);
    const field = page.getByLabel('how many');
    await field.fill('many');
    await press(page, 'Note');
    await page.getByText('A whole number, 0 or more.').waitFor();
    assert.is(await field.inputValue(), 'many', 'what was refused stays');
    await field.fill('17');
    await press(page, 'Note');
    await page.locator('.counted li').getByText('17', { exact: true }).waitFor();
    assert.is(await field.inputValue(), '');
    const { headcounts } = await api.record(noso.id);
    assert.equal(
      headcounts.map(({ count }) => count),
      [17],
    );
    await page.reload();
    await page.locator('.counted li').getByText('17', { exact: true }).waitFor();
  }),
  SLOW,
);
