// A wall hangs for months on a TV stick: no frame makes it work long, and nothing piles up.
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { STANDS } from '../../client/wall/layout/turning.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { codeOf, type FakeWall, nosoAt, someNumbers, VENUE } from './fakewall.js';
import { liveOn } from './liveObjects.js';
import { openScreen, screened } from './wall.js';

const test = suite('a wall at work');
const SLOW = { deadline: 200_000 };
const MINUTE = 60_000;
/** A page is turned so long after the wall was opened, about, ms; and ticks there are at least. */
const SOON = 6000;
const LEAST = 8;
/** How many sit while memory is watched, through so many ticks at a time. */
const SEATED = 120;
const TICKS = 1000;
/** In eight hours there are 5,760; the smallest object that is kept is 16 bytes, and 4 where it is. */
const A_TICK = (50 * 1024) / 5760;

/** An hour's silence, half of it over, with so many of `all` seated. */
function seat(fake: FakeWall, all: string[], count: number): void {
  const now = fake.now();
  fake.snapshot({
    noso: nosoAt(VENUE, now - 30 * MINUTE, now + 30 * MINUTE),
    count,
    numbers: all.slice(0, count),
    code: codeOf('M7C-4PX-9DG'),
  });
}

type TraceEvent = {
  name: string;
  tid: number;
  pid: number;
  tdur?: number;
  args?: { name?: string };
};

/** The longest tasks of the page's main thread meanwhile, in ms of its own time, longest first. */
async function tasks(browser: Browser, page: Page, work: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const mains = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid} ${tid}`);
  return traceEvents
    .filter(({ pid, tid, tdur }) => tdur !== undefined && mains.includes(`${pid} ${tid}`))
    .map(({ tdur }) => (tdur ?? 0) / 1000)
    .sort((a, b) => b - a);
}

test(
  'no task takes 50 ms of the processor at 5,000 numbers with 50 changes a tick, pages turning',
  screened(async (fake, browser) => {
    const all = someNumbers(6000);
    // Pages turn by the server's clock: in some seconds.
    fake.skew = STANDS - SOON - (Date.now() % STANDS);
    seat(fake, all, 5000);
    const wall = await openScreen(browser, fake.url());
    await wall.says('figure', '5000');
    const first = await wall.text('page');
    const longest = await tasks(browser, wall.page, async () => {
      for (let tick = 0; tick < LEAST || (await wall.text('page')) === first; tick++) {
        fake.numbers(
          all.slice(5000 + tick * 25, 5025 + tick * 25),
          all.slice(tick * 25, tick * 25 + 25),
        );
        fake.count(5000, fake.held.seq);
        await wall.page.waitForTimeout(1000);
      }
    });
    assert.is.not(await wall.text('page'), first, 'a page was turned meanwhile');
    assert.ok(longest.length > 50);
    assert.ok((longest[0] ?? 0) < 50, `${longest.slice(0, 5).map(Math.round)} ms`);
  }),
  SLOW,
);

test(
  'memory is flat: eight hours of ticks, counts and codes, said as fast as they are drawn, would leave less than 50 KiB',
  screened(async (fake, browser) => {
    const all = someNumbers(3 * SEATED);
    seat(fake, all, SEATED);
    // A small screen: what is measured is not how long painting takes.
    const options = { reducedMotion: 'reduce', viewport: { width: 1024, height: 600 } } as const;
    const wall = await openScreen(browser, fake.url(), options);
    await wall.says('figure', String(SEATED));
    const session = await wall.context.newCDPSession(wall.page);
    /** Two changes a tick, a count each, a code every third: as many as in so many hours. */
    const run = async (ticks: number) => {
      for (let tick = 0; tick < ticks; tick++) {
        const held = fake.held.numbers ?? [];
        const come = all.filter((number) => !held.includes(number)).slice(0, 2);
        fake.numbers(come, held.slice(0, 2));
        fake.count(SEATED - 1 + (tick % 3), fake.held.seq);
        if (tick % 3 === 0) fake.code(codeOf(`M7C-4PX-${100 + (tick % 900)}`));
        if (tick % 100 === 0) await wall.page.waitForTimeout(50);
      }
      const last = fake.held.numbers?.[SEATED - 1] ?? '';
      await until(async () => (await wall.numbers()).includes(last), { deadline: 60_000 });
      // The test's own notes of what was on screen.
      await wall.page.evaluate('seen.length = 0');
    };
    // Tables grow to their size; what leaks does so in every stretch.
    await run(TICKS);
    let before = await liveOn(session);
    let after = before;
    for (let stretch = 0; stretch < 3; stretch++) {
      before = after;
      await run(TICKS);
      after = await liveOn(session);
      if (after.bytes - before.bytes < A_TICK * TICKS) break;
    }
    const grew = after.bytes - before.bytes;
    assert.ok(grew < A_TICK * TICKS, `${before.bytes} bytes, then ${after.bytes}`);
    assert.ok(after.nodes - before.nodes < TICKS / 5, `${before.nodes} nodes, then ${after.nodes}`);
    assert.ok(after.listeners - before.listeners < TICKS / 250);
  }),
  SLOW,
);
