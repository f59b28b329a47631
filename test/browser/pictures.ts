// npm run pictures: the README's pictures, of the real pages of a real server with a NoSo of five
// minutes. Takes about a minute and a half, since that much of it is shown.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Noso } from '../../src/protocol/wire.js';
import { newId } from '../../src/service/identity.js';
import { createTokens } from '../../src/service/tokens.js';
import { apiOf, type TestApi } from '../support/api.js';
import { SECRET, startServer, type TestServer } from '../support/server.js';
import { openWall } from '../support/sockets.js';
import { until } from '../support/wait.js';
import { launch } from './chromium.js';
import { shrink } from './png.js';

const FOLDER = '.pictures';
/** A picture that is larger than this has no place in a repository. */
const LARGEST = 150 * 1024;
const PHONES = 180;
const MINUTE = 60_000;
const ZONE = 'Europe/Paris';

/**
 * Fonts as a phone or a screen would choose them: where Inter is installed it stands in for the
 * system's own, as in the comps.
 */
async function chooseFonts(folder: string): Promise<void> {
  const file = join(folder, 'fonts.conf');
  const inter = '<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit>';
  const system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>';
  await writeFile(
    file,
    `<?xml version="1.0"?>
<fontconfig><match target="pattern">${inter}</match>${system}</fontconfig>`,
  );
  process.env.FONTCONFIG_FILE = file;
}

const iso = (ms: number) => new Date(Date.now() + ms).toISOString();

/** What else is planned, so that the console has a programme to show. */
async function fillProgramme(api: TestApi): Promise<void> {
  const place = { timeZone: ZONE, language: 'en' };
  const cafe = await api.venue({ ...place, name: 'Café Minerve', city: 'Lyon' });
  const shop = await api.venue({ ...place, name: 'Librairie de l’Octroi', city: 'Genève' });
  const hour = Math.ceil(Date.now() / (60 * MINUTE)) * 60 * MINUTE - Date.now();
  const later = (venue: string, title: string, hours: number, minutes: number) =>
    api.noso(
      {
        venue,
        title,
        startsAt: iso(hour + hours * 60 * MINUTE),
        endsAt: iso(hour + hours * 60 * MINUTE + minutes * MINUTE),
      },
      false,
    );
  await later(cafe.id, 'A quarter of an hour of nothing', 2, 15);
  await later(shop.id, 'Reading without a book', 22, 60);
  await later(cafe.id, 'Coffee without conversation', 25, 30);
}

/** Seats phones as people come: most of them early, some late; then a few leave. */
async function fillRoom(api: TestApi, noso: Noso): Promise<void> {
  const began = Date.now();
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const seated: string[] = [];
  for (let k = 0; k < PHONES + 3; k += 1) {
    const at = -18_000 * Math.log(1 - k / (PHONES + 6));
    await pause(Math.max(0, began + at - Date.now()));
    const { token, pass } = await api.person(noso.id);
    // A machine that is busy elsewhere may have it say "unavailable": the same request again.
    await until(async () => (await api.sit(token, pass)).status === 200, { what: 'a seat' });
    seated.push(token);
  }
  for (const token of seated.slice(20, 23)) {
    await pause(1500);
    await api.leave(token, noso.id);
  }
}

type Shot = { name: string; width: number; height: number; scale?: number };

async function open(browser: Browser, url: string, { width, height, scale = 1 }: Shot) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    locale: 'en-GB',
    timezoneId: ZONE,
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function shoot(page: Awaited<ReturnType<typeof open>>, { name }: Shot): Promise<void> {
  const path = join(FOLDER, `${name}.png`);
  const picture = shrink(await page.screenshot());
  await writeFile(path, picture);
  console.log(`${path}  ${Math.round(picture.length / 1024)} KiB`);
  if (picture.length > LARGEST) throw new Error(`${path} is too large`);
}

async function takePictures(server: TestServer, browser: Browser): Promise<void> {
  const api = apiOf(server.url, server.owner);
  const venue = await api.venue({ timeZone: ZONE, language: 'en' });
  await fillProgramme(api);
  const link = createTokens([SECRET], Date.now).link(newId());
  const atDesk: Shot = { name: 'console', width: 1280, height: 800 };
  const desk = await open(browser, `${server.url}/organize#${link}`, atDesk);
  await desk.waitForSelector('.frame:not(.cut)');

  const noso = await api.noso({
    venue: venue.id,
    title: 'Five minutes for nothing',
    startsAt: iso(0),
    endsAt: iso(5 * MINUTE),
    capacity: 200,
  });
  await desk.getByText(noso.title).first().click();
  const { token } = await api.wall(venue.id, 'Main room');
  const entrance = openWall(server.url, (await api.wall(venue.id, 'Entrance')).token);
  const onWall: Shot = { name: 'wall', width: 1920, height: 1080 };
  const wall = await open(browser, `${server.url}/wall?kiosk#${token}`, onWall);
  await fillRoom(api, noso);
  await until(() => entrance.numbers?.size === PHONES, { what: 'the numbers to settle' });
  await wall.waitForTimeout(4000); // the last of them fade
  await shoot(wall, onWall);
  await shoot(desk, atDesk);

  const inHand: Shot = { name: 'phone-invite', width: 390, height: 844, scale: 1.5 };
  const phone = await open(browser, (await api.code(noso.id)).url, inHand);
  await shoot(phone, inHand);
  await phone.getByRole('button', { name: 'Take a seat' }).click();
  await phone.getByText('You can lock your phone now').waitFor();
  await shoot(phone, { ...inHand, name: 'phone-seated' });
  entrance.close();
}

async function main(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'noso-pictures-'));
  const server = await startServer();
  try {
    await chooseFonts(folder);
    const browser = await launch();
    try {
      await takePictures(server, browser);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
