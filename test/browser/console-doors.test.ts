// Doors, and seats that are taken back, from the console.
import * as assert from 'uvu/assert';
import type { DoorInfo } from '../../src/protocol/wire.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, figureOf, press, signedIn } from './console.js';
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
    const noso = await api.noso();
    for (let k = 0; k < 2; k += 1) {
      const pass = await api.pass(noso.id);
      await api.sit((await api.number(pass)).token, pass);
    }
    const page = await signedIn(desk);
    await until(async () => (await figureOf(page).catch(() => '')) === '2', { what: 'two seats' });
    await press(page, 'Take back 5 min');
    await page.getByText(/^Take back the seats since \d\d:\d\d\?$/).waitFor();
    await page.waitForTimeout(450);
    await press(page, 'Yes');
    await page.getByText('2 seats given back.').waitFor();
    await until(async () => (await figureOf(page)) === '0', { what: 'an empty room' });
  }),
  SLOW,
);
