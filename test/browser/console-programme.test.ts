// The console's list: found, passed, and what opening says of the hours.
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, press, signedIn } from './console.js';

const test = suite('console programme');
const SLOW = { deadline: 90_000 };

test(
  'what is typed finds, whatever its marks and case; a skip link leads past the list',
  atTheDesk(async (desk) => {
    const { api } = desk;
    const far = await api.venue({ name: 'Librairie de l’Octroi', city: 'Genève' });
    await api.noso({ title: 'Lecture sans livre', venue: far.id }, false);
    await api.noso({ title: 'Une heure pour rien' }, false);
    const page = await signedIn(desk, { lang: 'fr' });
    const names = () => page.locator('.rows .name').allTextContents();
    await until(async () => (await names()).length === 2, { what: 'both' });
    const search = page.getByLabel('Chercher');
    await search.fill('LECT geneve');
    assert.equal(await names(), ['Lecture sans livre']);
    await search.fill('bruit');
    await page.getByText('Rien de ce nom.').waitFor();
    await search.press('Escape');
    assert.is((await names()).length, 2);

    await page.goto(`${desk.server.url}/organize#/venues/${far.id}`);
    await page.getByRole('heading', { name: 'Librairie de l’Octroi' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Librairie de l’Octroi' }).waitFor();
    await page.keyboard.press('Tab');
    const skip = page.getByRole('button', { name: 'Aller au contenu' });
    assert.ok(((await skip.boundingBox())?.x ?? -1) > 0, 'seen once it is reached');
    await page.keyboard.press('Enter');
    assert.is(await page.evaluate('document.activeElement.textContent'), 'Librairie de l’Octroi');
  }),
  SLOW,
);

test(
  'L6 opening early or late says what it does to the hours, before it is done',
  atTheDesk(async (desk) => {
    const { api } = desk;
    const from = (ms: number) => new Date(Date.now() + ms).toISOString();
    const hour = 3_600_000;
    const early = await api.noso({ startsAt: from(hour / 2), endsAt: from(hour) }, false);
    const late = await api.noso({ startsAt: from(-hour / 4), endsAt: from(hour / 2) }, false);
    const far = await api.noso({ startsAt: from(5 * hour), endsAt: from(6 * hour) }, false);
    const page = await signedIn(desk);
    const to = (noso: Noso) => page.goto(`${desk.server.url}/organize#/programme/${noso.id}`);
    const says = page.locator('.hours');
    const clock = (iso: string) =>
      new Date(iso).toLocaleTimeString('en-GB', {
        timeZone: 'Europe/Paris',
        hour: '2-digit',
        minute: '2-digit',
      });
    await to(early);
    await says
      .getByText(
        `Opened now, people gather for 30 min. Silence from ${clock(early.startsAt)} to ${clock(early.endsAt)}.`,
      )
      .waitFor();
    await to(late);
    await says
      .getByText(`Opened now, the silence lasts 30 min: it still ends at ${clock(late.endsAt)}.`)
      .waitFor();
    await to(far);
    await says.getByText('It opens 3 h ahead at most.').waitFor();
    assert.is(
      await page.getByRole('button', { name: 'Open now' }).getAttribute('aria-disabled'),
      'true',
    );
  }),
  SLOW,
);

test(
  'L6 while people gather, the silence is begun at once, or a little later than planned',
  atTheDesk(async (desk) => {
    const { api } = desk;
    const from = (ms: number) => new Date(Date.now() + ms).toISOString();
    const minute = 60_000;
    const noso = await api.noso({ startsAt: from(20 * minute), endsAt: from(80 * minute) });
    const page = await signedIn(desk);
    const planned = async () =>
      Date.parse((await api.own<Noso>('GET', `/api/nosos/${noso.id}`)).startsAt);
    await page
      .getByText(/Opened at \d\d:\d\d, silence at \d\d:\d\d, in \d+ min, closes by itself/)
      .waitFor();
    await press(page, 'Begin 5 minutes later');
    await until(async () => (await planned()) - Date.parse(noso.startsAt) === 5 * minute, {
      what: 'the later hour',
    });
    await press(page, 'Begin the silence now');
    await page.getByText(/^Begin, 2\d min early\?$/).waitFor();
    await page.waitForTimeout(450); // a second press this soon would be taken for a double click
    await press(page, 'Yes');
    await until(async () => (await planned()) <= Date.now() + 2_000, { what: 'the silence' });
    await page
      .getByRole('button', { name: 'Begin the silence now' })
      .waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Close now' }).waitFor();
  }),
  SLOW,
);

test(
  'L6 how long people gather is planned, and said as the hour from which they come in',
  atTheDesk(async (desk) => {
    await desk.api.venue();
    const page = await signedIn(desk, { lang: 'fr' });
    await press(page, 'Prévoir un NoSo');
    await page.getByLabel('Titre').fill('Une heure pour rien');
    await page.getByLabel('Début').fill('14:30');
    const send = page.getByRole('button', { name: 'Prévoir', exact: true });
    const gather = page.getByLabel('On se rassemble', { exact: true });
    assert.is(await gather.inputValue(), '15');
    await page.getByText('dès 14:15').waitFor();
    await gather.fill('121');
    await send.click();
    await page.getByText('De 0 à 120 minutes.').waitFor();
    await gather.fill('45');
    await page.getByText('dès 13:45').waitFor();
    await page.getByLabel('Jour').fill(`${new Date().getFullYear() + 1}-06-01`);
    await page.getByText('seule, dès qu’on se rassemble').click();
    await send.click();
    await page.getByText(/ouvre seul à 13:45, silence de 14:30 à 15:30\./).waitFor();
    const { nosos } = await desk.api.own<{ nosos: Noso[] }>('GET', '/api/nosos');
    assert.equal([nosos[0]?.gather, nosos[0]?.opens], [45, 'schedule']);
  }),
  SLOW,
);
