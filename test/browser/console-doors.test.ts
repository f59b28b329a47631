// Doors, and seats that are taken back, from the console.
import * as assert from 'uvu/assert';
import type { DoorInfo } from '../../src/protocol/wire.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, figureOf, linkTo, newPage, press, signedIn } from './console.js';
import { readers } from './decode.js';

const test = suite('console doors');
const SLOW = { deadline: 90_000 };

test(
  'P9 a door is made, its link shown once, what it seated is said, and it is closed',
  atTheDesk(async (desk) => {
    const { api, server } = desk;
    const noso = await api.noso();
    const page = await signedIn(desk);
    await page.getByLabel('One more door').fill('Quay');
    await page.locator('.doors').getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('Link of the door “Quay”').waitFor();
    const link = (await page.locator('.doors .given code').textContent()) ?? '';
    assert.ok(link.startsWith(`${server.url}/door#`), link);
    const picture = await page.locator('.square').screenshot();
    assert.is(readers(picture, 232).zbar, link, 'the square is the link');
    const token = link.slice(link.indexOf('#') + 1);
    const clicks = [{ id: 'a'.repeat(16), what: 'in', at: new Date().toISOString() }];
    assert.is((await api.call('POST', '/api/door', { clicks }, token)).status, 200);
    await page.locator('.doors li').getByText(/^1, /).waitFor({ timeout: 15_000 });
    await press(page, 'revoke');
    await page.getByText('Close this door?').waitFor();
    await page.waitForTimeout(450); // a second press this soon would be taken for a double click
    await press(page, 'Yes');
    await page.locator('.doors li').waitFor({ state: 'detached' });
    const { doors } = await api.own<{ doors: DoorInfo[] }>('GET', `/api/nosos/${noso.id}/doors`);
    assert.equal(doors, []);
  }),
  SLOW,
);

test(
  'P8 seats of the last minutes are taken back in one step, which is asked about',
  atTheDesk(async (desk) => {
    const { api } = desk;
    const noso = await api.noso({ capacity: 100 });
    for (let k = 0; k < 2; k += 1) await api.enter(noso.id);
    const { numbers } = await api.own<{ numbers: string[] }>(
      'POST',
      `/api/nosos/${noso.id}/paper`,
      { count: 1 },
    );
    await api.own('PUT', `/api/nosos/${noso.id}/paper/${numbers[0]}`, {});
    const page = await signedIn(desk);
    await until(async () => (await figureOf(page).catch(() => '')) === '3', { what: 'the seats' });
    const button = page.getByRole('button', { name: 'Take back 5 min' });
    await button.getByText('2 seats', { exact: true }).waitFor();
    await button.click();
    const asked = page.getByText(/^Take back the 2 seats taken since \d\d:\d\d\?/);
    assert.match((await asked.textContent()) ?? '', /The count falls to 1\.$/);
    // Whoever sits down while it is asked about is of another question.
    await api.enter(noso.id);
    await page.waitForTimeout(450);
    await press(page, 'Yes');
    await page.getByText(/^[23] seats given back\.$/).waitFor();
    await until(async () => (await figureOf(page)) === '1', { what: 'the paper number alone' });
    // Nothing is left to take back: that is said, and what it would do all the same.
    await button.getByText('0 seats', { exact: true }).waitFor();
    await button.click();
    await page.getByText(/^No phone took a seat since \d\d:\d\d: the count stays\./).waitFor();
    await press(page, 'No');
  }),
  SLOW,
);

test(
  'P8 while a code is exchanged faster than people come in, that is said, and what to do',
  atTheDesk(async (desk) => {
    const noso = await desk.api.noso();
    const page = await newPage(desk.browser);
    let strained = false;
    await page.routeWebSocket(/socket\.io/, (line) => {
      const server = line.connectToServer();
      server.onMessage((said) => {
        const text = String(said);
        const isCount = strained && text.includes('"count",{');
        line.send(isCount ? text.replace('"count",{', '"count",{"strained":true,') : said);
      });
    });
    await page.goto(linkTo(desk.server));
    await page.getByText(noso.title).first().waitFor();
    const said = page.locator('.strained');
    await until(async () => (await figureOf(page).catch(() => '')) === '0', { what: 'a count' });
    assert.is(await said.textContent(), '');
    strained = true;
    await said.getByText(/^A code is exchanged faster than people come in\./).waitFor();
    strained = false;
    await until(async () => (await said.textContent()) === '', { what: 'that it is over' });
  }),
  SLOW,
);
