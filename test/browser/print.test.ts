import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { says } from '../support/traces.js';
import { until } from '../support/wait.js';
import { readers } from './decode.js';
import { given, readOf } from './phones.js';

/** Around a square on paper, px. */
const QUIET = 16;

const test = suite('what is printed: slips with numbers, posters');

test(
  'P9 slips are two by four on A4, every number once; posters fit on one page, in both languages',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso({}, false);
    const { numbers } = await api.own<{ numbers: string[] }>(
      'POST',
      `/api/nosos/${noso.id}/paper`,
      { count: 20 },
    );
    const context = await browser.newContext({ viewport: { width: 794, height: 1123 } });
    await context.setExtraHTTPHeaders({ authorization: `Bearer ${api.token}` });
    const page = await context.newPage();
    const show = async (what: string, lang: string, size = '') => {
      const asked = new URLSearchParams({ noso: noso.id, what, lang, size });
      await page.goto(`${server.url}/organize/print?${asked}`);
      await page.waitForSelector('section');
    };
    /** The widths of the pages of a PDF as the browser prints it, mm. */
    const widths = async () => {
      const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
      const boxes = pdf.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+)/g);
      return [...boxes].map(([, points]) => Math.round((Number(points) / 72) * 25.4));
    };
    for (const lang of ['fr', 'en']) {
      await show('sheets', lang);
      const printed = (await readOf(page, '.number')).split(' ');
      assert.equal(printed.sort(), [...numbers].sort());
      assert.is(await page.locator('.sheet').count(), 3);
      assert.equal(await widths(), [210, 210, 210]);
      for (const what of ['how', 'exit']) {
        await show(what, lang, 'a5');
        assert.equal(await widths(), [148], `${what} in ${lang}, A5`);
        await show(what, lang);
        assert.equal(await widths(), [210], `${what} in ${lang}`);
        const low = `document.querySelector('ol').getBoundingClientRect().bottom`;
        const foot = `document.querySelector('.foot').getBoundingClientRect().top`;
        assert.ok(await page.evaluate(`${low} < ${foot}`), `${what} in ${lang}: nothing overlaps`);
      }
    }
    await context.close();

    const stranger = await browser.newContext({ locale: 'en' });
    const other = await stranger.newPage();
    await other.goto(`${server.url}/organize/print?noso=${noso.id}`);
    await until(async () => /Entrez dans la console/.test(await readOf(other, '.note')), {
      what: 'who may not see them to be told',
    });
    assert.not.ok(says((await other.textContent('body')) ?? '', numbers[0] ?? 'no number'));
    await stranger.close();
  }),
  { deadline: 60_000 },
);

test(
  'with a Wi-Fi of its own the poster has two squares, read as phones read them, and still one page',
  given(async ({ server, api, browser }) => {
    const name = 'Cafe; du Port, 1';
    await server.kill();
    await server.restart({ WIFI: name });
    const noso = await api.noso({}, false);
    const context = await browser.newContext({
      viewport: { width: 794, height: 1123 },
      deviceScaleFactor: 3,
    });
    await context.setExtraHTTPHeaders({ authorization: `Bearer ${api.token}` });
    const page = await context.newPage();
    for (const lang of ['fr', 'en']) {
      await page.goto(`${server.url}/organize/print?noso=${noso.id}&what=how&lang=${lang}`);
      await page.waitForSelector('figure');
      if (process.env.NOSO_SHOTS)
        await page.screenshot({ path: `${process.env.NOSO_SHOTS}/poster-${lang}.png` });
      const read = async (k: number) => {
        const at = await page.locator(k === 0 ? 'figure svg' : '.foot svg').boundingBox();
        if (!at) throw new Error('no square');
        const side = at.width + 2 * QUIET;
        const clip = { x: at.x - QUIET, y: at.y - QUIET, width: side, height: side };
        const picture = await page.screenshot({ clip });
        // A phone looks from more than one distance.
        for (const scale of [3, 2.5, 2, 1.5, 1]) {
          const { zbar, jsqr } = readers(picture, Math.round(side * scale));
          if (jsqr ?? zbar) return jsqr ?? zbar;
        }
        return null;
      };
      assert.is(await read(0), 'WIFI:T:nopass;S:Cafe\\; du Port\\, 1;;');
      assert.is(await read(1), `${server.url}/n/${noso.id}`);
      assert.match(await readOf(page, 'ol'), name);
      const low = `document.querySelector('ol').getBoundingClientRect().bottom`;
      const foot = `document.querySelector('.foot').getBoundingClientRect().top`;
      assert.ok(await page.evaluate(`${low} < ${foot}`), `${lang}: nothing overlaps`);
    }
    await context.close();
  }),
  { deadline: 60_000 },
);

test(
  'the server and the browser end',
  given(async ({ server, browser }) => {
    await browser.close();
    await server.stop();
  }),
);
