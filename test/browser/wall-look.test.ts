// The look of the wall page: where things stand, in which tones, and what moves.
import type { Browser } from 'playwright-core';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { codeOf, type FakeWall, nosoAt, someNumbers, VENUE } from './fakewall.js';
import { openScreen, type Screen, screened } from './wall.js';

const test = suite('the look of the wall');
const SLOW = { deadline: 60_000 };
const MINUTE = 60_000;

function show(fake: FakeWall, count: number, rest: object = {}, language = 'fr'): void {
  const now = fake.now();
  const venue = { ...VENUE, language };
  fake.snapshot({
    venue,
    noso: nosoAt(venue, now - 10 * MINUTE, now + 50 * MINUTE, rest),
    count,
    numbers: someNumbers(count),
    code: codeOf('M7C-4PX-9DG'),
  });
}

type Box = { slot: string; text: string; left: number; top: number; right: number; bottom: number };

/** Where each text and each number is drawn, by its advance box. */
const BOXES = `[...document.querySelectorAll('main text')].map((node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    const slot = node.closest('[data-slot]')?.getAttribute('data-slot') ?? 'number';
    return { slot, text: node.textContent, left, top, right, bottom };
  })`;
const boxes = (screen: Screen): Promise<Box[]> => screen.page.evaluate<Box[]>(BOXES);

/** Where all is once it is at rest, in one look: a page is turned at any moment. */
const atRest = (screen: Screen): Promise<Box[]> =>
  until(async () => {
    const [{ moving }, all] = (await screen.page.evaluate(
      `[{ moving: document.getAnimations().length }, ${BOXES}]`,
    )) as [{ moving: number }, Box[]];
    return moving === 0 ? all : null;
  });

const scrolls = (screen: Screen): Promise<boolean> =>
  screen.page.evaluate<boolean>(`(() => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
    return scrollWidth > clientWidth || scrollHeight > clientHeight;
  })()`);

for (const [name, viewport] of [
  ['1920 × 1080', { width: 1920, height: 1080 }],
  ['3840 × 2160', { width: 3840, height: 2160 }],
  ['1024 × 600', { width: 1024, height: 600 }],
  ['1080 × 1920', { width: 1080, height: 1920 }],
] as const)
  test(
    `5,000 numbers on ${name}: a page that can be read, each in a place of its own, no scrolling`,
    screened(async (fake, browser) => {
      show(fake, 5000);
      const screen = await openScreen(browser, fake.url(), { viewport });
      await screen.says('figure', '5000');
      const all = await atRest(screen);
      const said = all.find(({ slot }) => slot === 'page')?.text.replace(/\u00a0/g, ' ');
      const page = /^page (\d+) sur (\d+) : de (\d{6}) à (\d{6})$/.exec(said ?? '');
      const field = all.filter(({ slot }) => slot === 'number');
      const pages = Number(page?.[2]);
      assert.ok(Math.abs(field.length - 5000 / pages) <= 1, `${field.length} on ${pages} pages`);
      const numbers = field.map(({ text }) => text).sort();
      assert.equal([page?.[3], page?.[4]], [numbers[0], numbers[numbers.length - 1]]);
      assert.is(new Set(field.map(({ left, top }) => `${left} ${top}`)).size, field.length);
      const figure = all.find(({ slot }) => slot === 'figure');
      const line = all.find(({ slot }) => slot === 'page');
      const unit = Math.min(viewport.width, viewport.height) / 100;
      for (const { left, right, top, bottom } of field) {
        assert.ok(left > 5.9 * unit && right < viewport.width - 5.9 * unit);
        assert.ok(bottom < viewport.height - 20 * unit, 'above the hairline');
        const clear = left > (figure?.right ?? 0) - 3 * unit || top > (line?.bottom ?? 0) - unit;
        assert.ok(clear, 'off the clearing');
      }
      assert.not.ok(await scrolls(screen));
    }),
    SLOW,
  );

test(
  'the figure keeps its place from during over stale to after',
  screened(async (fake, browser) => {
    show(fake, 180);
    const screen = await openScreen(browser, fake.url());
    await screen.says('figure', '180');
    const place = () =>
      screen.page.evaluate<string[]>(`['x', 'y', 'font-size'].map((name) =>
        document.querySelector('[data-slot=figure] text').getAttribute(name))`);
    const first = await place();
    fake.cut();
    await screen.says('end', 'liaison coupée');
    assert.equal(await place(), first);
    fake.restore();
    await screen.says('label', 'personnes, en silence', 15_000);
    assert.equal(await place(), first);
    const { noso } = fake.held;
    fake.snapshot({ noso: noso && { ...noso, state: 'closed' }, effectiveAt: fake.now() + 300 });
    await screen.says('title', 'Merci.');
    assert.equal(await place(), first);
  }),
  SLOW,
);

test(
  'the count is cut, and does not flap in size; a number keeps its place while others come and go',
  screened(async (fake, browser) => {
    show(fake, 99);
    const screen = await openScreen(browser, fake.url());
    await screen.says('figure', '99');
    const size = () => screen.page.getAttribute('[data-slot=figure] text', 'font-size');
    const two = await size();
    const places = async () =>
      new Map(
        (await boxes(screen))
          .filter(({ slot }) => slot === 'number')
          .map(({ text, left, top }) => [text, `${left} ${top}`]),
      );
    const [gone = '', ...others] = someNumbers(99);
    const before = await places();
    fake.numbers([], [gone]);
    fake.numbers(['90001']);
    await until(async () => (await screen.numbers()).includes('90001'));
    const after = await places();
    for (const number of others) assert.is(after.get(number), before.get(number));
    await until(async () => !(await screen.numbers()).includes(gone), { what: 'one to be gone' });

    fake.count(100, 200);
    await screen.says('figure', '100');
    const three = await size();
    assert.ok(Number(three) < Number(two));
    fake.count(99, 201);
    await screen.says('figure', '99');
    assert.is(await size(), three);
    fake.count(89, 202);
    await screen.says('figure', '89');
    assert.is(await size(), two);
    await until(async () => (await screen.numbers()).length === 99, { what: 'one field' });
  }),
  SLOW,
);

/** WCAG's contrast ratio of a colour to black. */
function toBlack(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) / 0.05;
}

test(
  'contrast of every text is at least 7:1, in every state and both languages',
  screened(async (fake, browser) => {
    const inks = (screen: Screen) =>
      screen.page.evaluate<string[]>(`[...document.querySelectorAll('main text')].map((node) => {
        const own = node.getAttribute('stroke');
        const fill = node.getAttribute('fill') ?? node.closest('svg').getAttribute('fill');
        return own && own !== 'none' ? own : fill;
      })`);
    const check = async (screen: Screen) => {
      const all = new Set(await inks(screen));
      assert.ok(all.size > 0);
      for (const ink of all) assert.ok(toBlack(ink) >= 7, `${ink}: ${toBlack(ink)}`);
    };
    for (const language of ['fr', 'en']) {
      show(fake, 600, { capacity: 600 }, language);
      const screen = await openScreen(browser, fake.url());
      await screen.says('end', language === 'fr' ? 'Complet' : 'Full');
      assert.is(await screen.page.getAttribute('html', 'lang'), language);
      await check(screen);
      if (language === 'fr') continue;
      fake.cut();
      await screen.says('end', 'line cut');
      await check(screen);
    }
  }),
  SLOW,
);

const animations = (screen: Screen) =>
  screen.page.evaluate<number>('document.getAnimations().length');

/** From now on: the sheet that numbers lie on, and how many fades of numbers begin. */
const WATCH = `{
  window.fades = 0;
  window.sheetNow = () => [...document.querySelectorAll('.seated')].pop();
  window.sheet = sheetNow();
  window.animated = window.animated || Element.prototype.animate;
  Element.prototype.animate = function (...given) {
    if (this.matches('.seated svg')) window.fades += 1;
    return window.animated.apply(this, given);
  };
}`;
/** Those that began, even if they are over; null where the field was laid anew, which is a cut. */
const fades = (screen: Screen) =>
  screen.page.evaluate<number | null>(`window.sheet === sheetNow() ? window.fades : null`);

async function during(fake: FakeWall, browser: Browser, reducedMotion: 'reduce' | 'no-preference') {
  show(fake, 12);
  const screen = await openScreen(browser, fake.url(), { reducedMotion });
  await screen.says('figure', '12');
  return screen;
}

test(
  'numbers fade in and out; where reduced motion is asked for they do not',
  screened(async (fake, browser) => {
    const calm = await during(fake, browser, 'reduce');
    const other = await during(fake, browser, 'no-preference');
    // A field that is laid anew fades as a whole: then some others come and go.
    let begun: number | null = null;
    for (let k = 0; begun === null && k < 10; k += 1) {
      await until(async () => (await animations(other)) === 0, { what: 'nothing to move at rest' });
      for (const screen of [calm, other]) await screen.page.evaluate(WATCH);
      const gone = fake.held.numbers?.[0] ?? '';
      fake.numbers([`9${k}001`, `9${k}002`], [gone]);
      await until(async () => (await other.numbers()).includes(`9${k}001`));
      begun = await fades(other);
      await until(async () => (await calm.numbers()).includes(`9${k}001`));
      assert.is((await fades(calm)) ?? 0, 0);
      await until(async () => !(await calm.numbers()).includes(gone), { what: 'one to be gone' });
    }
    assert.is(begun, 2, 'one fade for all that come, one for all that go');
    await until(async () => (await animations(other)) === 0, { what: 'rest' });
    const both = async () => [await other.numbers(), await calm.numbers()].map((all) => all.join());
    await until(async () => new Set(await both()).size === 1, { what: 'the same on both' });
  }),
  SLOW,
);

test(
  'the QR code while it gathers is large, in whole pixels, and the code under it as wide',
  screened(async (fake, browser) => {
    const now = fake.now();
    const noso = nosoAt(VENUE, now + 5 * MINUTE, now + 65 * MINUTE);
    fake.snapshot({ noso, code: codeOf('HJK-749-CDM') });
    const screen = await openScreen(browser, fake.url());
    await screen.says('code', 'HJK-749-CDM');
    await screen.says('end', 'noso.example/j');
    const paper = await screen.page.locator('[data-slot=qr] rect').boundingBox();
    assert.is(paper?.width, 592);
    const path = (await screen.page.getAttribute('[data-slot=qr] path', 'd')) ?? '';
    for (const length of path.match(/[\d.]+/g) ?? []) assert.ok(Number.isInteger(Number(length)));
    const code = await screen.page.locator('[data-slot=code] text').boundingBox();
    assert.ok(Math.abs((code?.width ?? 0) - 592) < 30);
    fake.code(codeOf('WMW-MWM-749'));
    await screen.says('code', 'WMW-MWM-749');
    const wide = await screen.page.locator('[data-slot=code] text').boundingBox();
    assert.ok(Math.abs((wide?.width ?? 0) - 592) < 30);
  }),
  SLOW,
);

test(
  'after a minute of thanks all is black, and the next NoSo lights the wall again',
  screened(async (fake, browser) => {
    const now = fake.now();
    const noso = nosoAt(VENUE, now - 20 * MINUTE, now - 74_000, { state: 'closed' });
    fake.snapshot({ noso, effectiveAt: now - 74_000 });
    const screen = await openScreen(browser, fake.url());
    await screen.says('title', 'Merci.');
    const light = () =>
      screen.page.evaluate<number>(
        `Number(getComputedStyle(document.querySelector('main')).opacity)`,
      );
    await until(async () => (await light()) === 0, { what: 'black' });
    const next = nosoAt(VENUE, now + 5 * MINUTE, now + 65 * MINUTE, {
      id: 'next',
      state: 'scheduled',
      title: 'Encore',
    });
    fake.snapshot({ noso: next, effectiveAt: 0 });
    await screen.says('title', 'Encore');
    assert.is(await light(), 1);
  }),
  SLOW,
);

test(
  'the whole picture moves by two pixels every five minutes, so that none burns in',
  screened(async (fake, browser) => {
    show(fake, 12);
    const screen = await openScreen(browser, fake.url(), {}, { clock: true });
    await screen.says('figure', '12');
    const at = () =>
      screen.page.evaluate<string>(
        `[document.querySelector('main').style.left, document.querySelector('main').style.top].join()`,
      );
    const seen = new Set<string>();
    for (let k = 0; k < 9; k++) {
      seen.add(await at());
      await screen.page.clock.runFor(5 * MINUTE);
    }
    assert.ok(seen.size >= 8, [...seen].join(' '));
    for (const place of seen) assert.match(place, /^(-?[02](px)?)?,(-?[02](px)?)?$/);
  }),
  SLOW,
);
