// The first minute in the console: a house where nothing was ever planned.
import * as assert from 'uvu/assert';
import type { Noso, Venue } from '../../src/protocol/wire.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, press, signedIn } from './console.js';

const test = suite('console: the first minute');

test(
  'a first owner is led from the place over its screen to the first NoSo, and never again',
  atTheDesk(async (desk) => {
    const { api, server } = desk;
    const page = await signedIn(desk);
    const steps = page.locator('.steps li');
    const next = () => page.locator('.steps [aria-current=step]').textContent();
    await steps.first().waitFor();
    assert.is(await steps.count(), 3);
    assert.match((await next()) ?? '', 'Say where you are');
    assert.match((await steps.nth(1).textContent()) ?? '', `${server.url}/wall`);
    assert.is(await page.locator('.steps a').count(), 1, 'one after the other');

    if (process.env.NOSO_SHOTS)
      await page.screenshot({ path: `${process.env.NOSO_SHOTS}/first.png` });
    await page.locator('.steps a').click();
    await page.getByLabel('Name', { exact: true }).fill('Café Minerve');
    await page.getByLabel('City').fill('Lyon');
    await page.getByLabel('Time zone').fill('Europe/Paris');
    await press(page, 'Add it');
    await until(async () => (await next())?.includes('Open http'), { what: 'the second step' });
    assert.match((await steps.first().textContent()) ?? '', 'Café Minerve');

    // The screen's code is typed on the venue's own page, which is where they are.
    const waiting = await api.call<{ code: string }>('POST', '/api/walls/pairing');
    await page.getByLabel('Code shown by the screen').fill(waiting.body.code);
    await press(page, /^Tie$/);
    await until(async () => (await next())?.includes('Plan a NoSo'), { what: 'the third step' });
    assert.match((await steps.nth(1).textContent()) ?? '', 'hung');

    await page.locator('.steps a', { hasText: 'Plan a NoSo' }).click();
    await page.getByLabel('Title').fill('An hour for nothing');
    await press(page, 'Plan it');
    const planned = async () => (await api.own<{ nosos: Noso[] }>('GET', '/api/nosos')).nosos;
    await until(async () => (await planned()).length > 0, { what: 'it to be planned' });
    const nosos = await planned();
    assert.is(nosos[0]?.title, 'An hour for nothing');
    await until(async () => (await steps.count()) === 0, { what: 'the steps to be gone' });
    await press(page, 'Venues and walls');
    await page.getByText('Café Minerve').first().waitFor();
    assert.is(await steps.count(), 0);

    // In French, on a phone, and of a house that has a place: what is next is said.
    await api.own('DELETE', `/api/nosos/${nosos[0]?.id}`);
    const { venues } = await api.own<{ venues: Venue[] }>('GET', '/api/venues');
    await api.own('DELETE', `/api/venues/${venues[0]?.id}`);
    await api.venue({ name: 'Bibliothèque des Quais' });
    const phone = await signedIn(desk, { lang: 'fr', phone: true });
    await phone.locator('.steps [aria-current=step]').waitFor();
    const said = await phone.locator('.steps').textContent();
    assert.match(said ?? '', 'Bibliothèque des Quais');
    const target = await phone.locator('.steps a').first().boundingBox();
    const wide = await phone.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok((target?.height ?? 0) >= 42 && wide <= 390, `${target?.height}, ${wide}`);
    if (process.env.NOSO_SHOTS) {
      await phone.screenshot({ path: `${process.env.NOSO_SHOTS}/first-phone.png` });
    }
  }),
  { deadline: 90_000 },
);
