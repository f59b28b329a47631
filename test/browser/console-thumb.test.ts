// The organizer stands at the venue with a phone, and has one thumb for it.

import type { Locator, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import type { DoorInfo, Noso } from '../../src/protocol/wire.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, type Desk, figureOf, linkTo } from './console.js';
import { readers } from './decode.js';

const test = suite('console by thumb');
const MINUTE = 60_000;
/** What a thumb needs, in CSS pixels. */
const THUMB = 44;

async function onAPhone({ server, browser }: Desk, locale: string): Promise<Page> {
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    ...{ locale, timezoneId: 'Europe/Paris' },
  });
  const page = await context.newPage();
  await page.goto(linkTo(server));
  await page.waitForSelector('.frame:not(.cut)');
  return page;
}

/** Whether all of a thumb's height around the middle of it is its own. */
const ROOM = `(node) => {
  node.scrollIntoView({ block: 'center' });
  const box = node.getBoundingClientRect();
  const own = (x, y) => {
    const there = document.elementFromPoint(x, y);
    return node === there || node.contains(there) || there?.control === node || there?.contains(node);
  };
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  return own(x, y - ${THUMB / 2 - 1}) && own(x, y + ${THUMB / 2 - 1});
}`;

/** Taps what is large enough to be tapped, and where nothing has to be found beside the screen. */
async function tap(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  const roomy = await target.evaluate(new Function(`return ${ROOM}`)() as () => boolean);
  assert.ok(roomy, `${target} is too small for a thumb`);
  const wide = 'document.documentElement.scrollWidth <= innerWidth';
  assert.ok(await page.evaluate(wide), `${target}: the page is wider than the phone`);
  await target.tap();
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();
/** Answers yes, after the breath that keeps a double tap from being an answer. */
async function yes(page: Page, question: string | RegExp, word: string): Promise<void> {
  await page.getByText(question).waitFor();
  const [a, b] = [await button(page, word).boundingBox(), await button(page, 'Non').boundingBox()];
  if (a && b) assert.ok(b.x - a.x - a.width >= 20, 'yes and no are not one beside the other');
  await page.waitForTimeout(450);
  await tap(page, button(page, word));
}

test(
  'P8 P9 L6 opened, a door’s square shown, paper drawn, begun, extended, counted by eye, taken back, closed',
  atTheDesk(async (desk) => {
    const { api, server } = desk;
    const from = (ms: number) => new Date(Date.now() + ms).toISOString();
    const times = { startsAt: from(10 * MINUTE), endsAt: from(70 * MINUTE) };
    const { id } = await api.noso({ ...times, capacity: 200 }, false);
    const now = () => api.own<Noso>('GET', `/api/nosos/${id}`);
    const page = await onAPhone(desk, 'fr-FR');
    await tap(page, page.locator('.rows a').first());
    await tap(page, button(page, 'Ouvrir maintenant'));
    await button(page, 'Commencer le silence').waitFor();

    await page.getByLabel('Une de plus').fill('Quai');
    await tap(page, page.locator('.doors').getByRole('button', { name: 'Ajouter' }));
    const link = (await page.locator('.given code').textContent()) ?? '';
    assert.ok(link.startsWith(`${server.url}/door#`), link);
    const square = page.locator('.square');
    await square.scrollIntoViewIfNeeded();
    assert.is(readers(await square.screenshot(), 232).zbar, link, 'another phone scans it');
    const { doors } = await api.own<{ doors: DoorInfo[] }>('GET', `/api/nosos/${id}/doors`);
    assert.is(doors.length, 1);

    await page.getByLabel('numéros à tirer').fill('8');
    await tap(page, page.locator('.papers').getByRole('button', { name: 'Tirer' }));
    await page.getByText('0 sur 8 numéros assis').or(page.getByText(/0 .*8/)).first().waitFor();
    for (const name of ['Imprimer les numéros', 'Affiche : la sortie', 'Affiche : la sortie, A5']) {
      const sheet = page.getByRole('link', { name: name.replace(' :', '\u00a0:'), exact: true });
      assert.ok(await sheet.evaluate(new Function(`return ${ROOM}`)() as () => boolean), name);
    }

    await tap(page, button(page, 'Commencer le silence'));
    await yes(page, /^Commencer .* plus tôt/, 'Oui');
    await button(page, 'Commencer le silence').waitFor({ state: 'detached' });
    await tap(page, button(page, 'Prolonger de 15 min'));
    const later = Date.parse(times.endsAt) + 15 * MINUTE;
    await until(async () => Date.parse((await now()).endsAt) === later, { what: 'the later end' });

    await page.getByLabel('combien').fill('3');
    await tap(page, page.locator('.counted').getByRole('button', { name: 'Noter' }));
    await until(async () => (await api.record(id)).headcounts[0]?.count === 3, {
      what: 'what was counted by eye',
    });

    for (let k = 0; k < 2; k += 1) await api.enter(id);
    await until(async () => (await figureOf(page)) === '2', { what: 'two seats' });
    await tap(page, button(page, /^Reprendre 5 min/));
    await yes(page, /^Reprendre les 2 places prises depuis/, 'Oui');
    await until(async () => (await figureOf(page)) === '0', { what: 'an empty room' });

    await tap(page, button(page, 'Fermer maintenant'));
    await yes(page, /^Fermer pour/, 'Oui');
    await until(async () => (await now()).state === 'closed', { what: 'the close' });
    await tap(page, page.getByRole('link', { name: 'Retour au programme' }));
    await page.locator('.rows').getByText('fermé').waitFor();
  }),
  { deadline: 90_000 },
);
