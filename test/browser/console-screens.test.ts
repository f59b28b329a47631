// Screens, as the console ties, names and asks them.
import * as assert from 'uvu/assert';
import type { WallInfo } from '../../src/protocol/wire.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, linkTo, newPage, press, signedIn } from './console.js';

const test = suite('console screens');
const SLOW = { deadline: 90_000 };

type Waiting = { code: string; secret: string };

test(
  'W8 a screen is tied by its code, scanned or typed; code and venue stand side by side before',
  atTheDesk(async (desk) => {
    const { api, server, browser } = desk;
    const quais = await api.venue();
    await api.venue({ name: 'Café Minerve' });
    const waiting = async () =>
      (await api.call<Waiting>('POST', '/api/walls/pairing')).body as Waiting;
    const wallsOf = async () =>
      (await api.own<{ walls: WallInfo[] }>('GET', `/api/venues/${quais.id}/walls`)).walls;
    const claimed = async ({ secret }: Waiting) =>
      (await api.call<{ token?: string }>('POST', '/api/walls/pairing/claim', { secret })).body;

    // Scanned by somebody who is not signed in yet: the code waits for them.
    const scanned = await waiting();
    const page = await newPage(browser);
    await page.goto(`${server.url}/organize#pair=${scanned.code}`);
    await page.getByLabel('Link or key').fill(linkTo(server));
    await press(page, 'Enter');
    await page.getByRole('heading', { name: 'Tie a screen' }).waitFor();
    assert.is(await page.getByLabel('Code shown by the screen').inputValue(), scanned.code);
    await page.getByLabel('Venue', { exact: true }).selectOption({ label: `${quais.name}, Lyon` });
    await page
      .getByText('The screen will show Bibliothèque des Quais, from one NoSo to the next.')
      .waitFor();
    await page.getByLabel('Its name').fill('Grande salle');
    await page.getByLabel('Read from').fill('2,5');
    await press(page, /^Tie$/);
    await page.getByRole('heading', { name: 'Bibliothèque des Quais' }).waitFor();
    await page.getByText('55 inches at 2.5 m').waitFor();
    assert.type((await claimed(scanned)).token, 'string');
    const [first] = await wallsOf();
    assert.equal([first?.name, first?.diagonal, first?.distance], ['Grande salle', 55, 2.5]);

    // Typed, with a slip first: the server's check sign finds it, and it stays in its field.
    const typed = await waiting();
    const field = page.getByLabel('Code shown by the screen');
    const slip = `${typed.code.slice(0, -1)}${typed.code.endsWith('3') ? '4' : '3'}`;
    await field.fill(slip);
    await press(page, /^Tie$/);
    await page.getByText('The screen shows another code').waitFor();
    assert.is(await field.inputValue(), slip);
    await field.fill(typed.code.toLowerCase());
    await press(page, /^Tie$/);
    await until(async () => (await wallsOf()).length === 2, { what: 'the second wall' });
    assert.type((await claimed(typed)).token, 'string');
  }),
  SLOW,
);

test(
  'W8 a screen is renamed and measured, shows its name when asked, and says what is on it',
  atTheDesk(async (desk) => {
    const { api, server } = desk;
    const venue = await api.venue();
    await api.noso({ venue: venue.id });
    const { token } = await api.wall(venue.id, 'Entry');
    const wall = openWall(server.url, token);
    try {
      await until(() => wall.snapshot, { what: 'the wall’s snapshot' });
      let asked = 0;
      wall.socket.on('identify', () => {
        asked += 1;
      });
      wall.socket.emit('sync', { shows: 'during' }, () => {});
      const page = await signedIn(desk);
      await page.goto(`${server.url}/organize#/venues/${venue.id}`);
      const row = page.locator('.screens li');
      await row.getByText('in silence, 0').waitFor({ timeout: 15_000 });
      await press(page, 'identify');
      await row.getByText(/^its name, \d+ s more$/).waitFor();
      await until(() => asked === 1, { what: 'the wall to be asked' });

      await press(page, 'rename');
      await row.getByLabel('Its name').fill('Grande salle');
      await row.getByLabel('Its size').fill('huge');
      await press(page, /^Save$/);
      await row.getByText('From 3 to 600 inches, or nothing.').waitFor();
      await row.getByLabel('Its size').fill('32');
      await row.getByLabel('Read from').fill('2');
      await row.getByRole('button', { name: 'Save' }).click();
      await row.getByText('32 inches at 2 m').waitFor();
      await row.getByText('Grande salle').waitFor();
    } finally {
      wall.close();
    }
  }),
  SLOW,
);
