// The console's other rooms: walls and their links, organizers' keys, time zones, a phone.
import * as assert from 'uvu/assert';
import type { Noso, Venue } from '../../src/protocol/wire.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, figureOf, newPage, press, signedIn, textOf } from './console.js';

const test = suite('console rooms');
const SLOW = { deadline: 90_000 };

test(
  'W8 a wall’s link is shown once, works, shows as live, and is revoked',
  atTheDesk(async (desk) => {
    const { api, server } = desk;
    const venue = await api.venue();
    await api.noso({ venue: venue.id });
    const page = await signedIn(desk, { lang: 'fr' });
    await press(page, 'Lieux et murs');
    await page.getByText('Pas encore de mur.').waitFor();
    await page.getByLabel('Nom d’un nouveau mur').fill('Grande salle');
    await press(page, 'Ajouter un mur');
    await page.getByText('Lien du mur « Grande salle »').waitFor();
    const link = (await page.locator('.given code').textContent()) ?? '';
    assert.ok(link.startsWith(`${server.url}/wall#wall.`));
    const token = link.slice(link.indexOf('#') + 1);

    const wall = openWall(server.url, token);
    try {
      await until(() => wall.snapshot, { what: 'the wall’s snapshot' });
      await page.locator('.walls').getByText('en direct').waitFor();

      await page.reload();
      await page.getByText('Grande salle').waitFor();
      assert.not.ok((await textOf(page)).includes(token), 'the link is not shown again');
      await press(page, 'révoquer');
      await page.getByText('L’éteindre pour de bon ?').waitFor();
      await page.waitForTimeout(450); // a second press this soon would be taken for a double click
      await press(page, 'Oui');
      await page.getByText('Pas encore de mur.').waitFor();
      await until(() => !wall.socket.connected, { what: 'the wall to be cut', deadline: 5_000 });
    } finally {
      wall.close();
    }
  }),
  SLOW,
);

test(
  'F7 a key opens the console but not the room of keys, and closes with it',
  atTheDesk(async (desk) => {
    const owner = await signedIn(desk);
    await press(owner, 'Keys');
    await owner.getByLabel(/^For whom/).fill('Front desk');
    await press(owner, 'Make a key');
    await owner.getByText('Key for “Front desk”').waitFor();
    const [link = '', key = ''] = await owner.locator('.given code').allInnerTexts();
    assert.ok(link.endsWith(`#${key}`));

    const organizer = await newPage(desk.browser);
    await organizer.goto(link);
    await organizer.waitForSelector('.frame:not(.cut)');
    await organizer.getByText('Front desk').waitFor();
    assert.is(await organizer.getByRole('link', { name: 'Keys' }).count(), 0);
    await organizer.goto(`${desk.server.url}/organize#/keys`);
    await organizer.getByText('Nothing planned').waitFor();

    await press(owner, 'revoke');
    await owner.getByText('Take it back?').waitFor();
    await owner.waitForTimeout(450);
    await press(owner, 'Yes');
    await owner.getByText('Nobody but you').waitFor();
    await organizer.getByText('The session is over.').waitFor();
  }),
  SLOW,
);

test(
  'a NoSo is planned by the venue’s clock, wherever the organizer sits',
  atTheDesk(async (desk) => {
    const year = new Date().getFullYear() + 1;
    const venue = await desk.api.venue({ name: 'Ōdōri', city: 'Sapporo', timeZone: 'Asia/Tokyo' });
    const page = await signedIn(desk, { timeZone: 'America/New_York' });
    await press(page, 'Plan a NoSo');
    await page.getByText('Sapporo time').waitFor();
    await page.getByLabel('Title').fill('Snow');
    await page.getByLabel('Day').fill(`${year}-02-03`);
    await page.getByLabel('Starts at').fill('09:30');
    await page.getByLabel('Lasts').fill('90');
    await page.getByText('until 11:00').waitFor();
    await press(page, 'Plan it');
    await page.getByText(new RegExp(`day 3 February ${year}, 09:30 to 11:00`)).waitFor();
    const { nosos } = await desk.api.own<{ nosos: Noso[] }>('GET', '/api/nosos');
    assert.is(nosos[0]?.startsAt, `${year}-02-03T00:30:00.000Z`);
    assert.is(nosos[0]?.venue.id, (venue as Venue).id);

    // Clocks go forward over this hour in Lyon: there is no such time to plan for.
    await desk.api.venue({ name: 'Quais' });
    await page.reload();
    await press(page, 'Plan a NoSo');
    await page.getByLabel('Venue', { exact: true }).selectOption({ label: 'Quais, Lyon' });
    await page.getByLabel('Title').fill('The hour that is not');
    const lastSunday = new Date(Date.UTC(year, 2, 31));
    lastSunday.setUTCDate(31 - lastSunday.getUTCDay());
    await page.getByLabel('Day').fill(lastSunday.toISOString().slice(0, 10));
    await page.getByLabel('Starts at').fill('02:30');
    await press(page, 'Plan it');
    await page.getByText('The clocks skip that hour that day.').waitFor();
  }),
  SLOW,
);

test(
  'on a phone the list leads to one NoSo and back, and nothing is wider than the screen',
  atTheDesk(async (desk) => {
    const noso = await desk.api.noso({ title: 'Une heure pour rien' });
    const page = await signedIn(desk, { phone: true, lang: 'fr' });
    const overflow = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
    await page.getByRole('link', { name: /Une heure pour rien/ }).click();
    await until(async () => (await figureOf(page).catch(() => '')) === '0', { what: 'the count' });
    await page.getByRole('button', { name: 'Fermer maintenant' }).waitFor();
    assert.is(await overflow(), 0);
    await press(page, 'Retour au programme');
    await page.getByText('Prévoir un NoSo').waitFor();
    for (const room of [
      'venues',
      'records',
      'keys',
      `programme/${noso.id}/edit`,
      'programme/new',
    ]) {
      await page.goto(`${desk.server.url}/organize#/${room}`);
      await page.waitForTimeout(150);
      assert.is(await overflow(), 0, room);
    }
  }),
  SLOW,
);
