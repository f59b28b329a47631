// Days of a venue in minutes: a real server and real pages, whose time is held and moved on together.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createTokens } from '../../../src/service/tokens.js';
import { startRelay } from '../../chaos/relay.js';
import { apiOf, type TestApi } from '../../support/api.js';
import type { Advance } from '../../support/heldProcess.js';
import { SECRET, startServer } from '../../support/server.js';
import { heldPage, type Shown, type Stepped } from './heldPage.js';

const BUILT = fileURLToPath(new URL('../../../', import.meta.url));
const HELD = new URL('../../support/heldProcess.js', import.meta.url).href;
/** How long a page may take to be answered, in looks of 2 ms. */
const PATIENCE = 2500;
/** How long a server that is told to stop is given, in its own time (ms). */
const LAST_CALL = 12_000;

/** Beats come on whole or half seconds of the held time: servers are started on such (ms). */
const HALF = 500;

export type Was = Shown & { at: number };

export type HeldScreen = {
  page: () => Page;
  context: BrowserContext;
  shown: () => Shown;
  /** What was to be seen, and from when (true time, ms): an entry whenever that changed. */
  log: Was[];
  /** Its power fails, and comes back: nothing is left of the page but what the browser kept. */
  powerCycle: () => Promise<void>;
  /** Its own clock is set, so far before the true one (ms). */
  setClock: (ahead: number) => Promise<void>;
};

export type HeldDay = {
  url: string;
  now: () => number;
  api: () => TestApi;
  /** A screen with an empty browser. `ahead`: how far its clock is before the true one, ms. */
  screen: (ahead?: number) => Promise<HeldScreen>;
  /** Moves all on, in steps of so many ms. */
  go: (ms: number, step?: number) => Promise<void>;
  goTo: (at: number, step?: number) => Promise<void>;
  /** The line between screens and server. */
  cut: () => void;
  mend: () => void;
  kill: () => Promise<void>;
  terminate: () => Promise<void>;
  /** Starts the server again; `release`: with pages that say that they are of it. */
  restart: (release?: string) => Promise<void>;
  stop: () => Promise<void>;
};

export async function startHeldDay(browser: Browser, start: number): Promise<HeldDay> {
  let now = start;
  let main: string | null = null;
  let up = true;
  let clear = true;
  const server = await startServer(
    { HELD_AT: String(now) },
    {
      ipc: true,
      nodeArgs: ['--enable-source-maps', '--import', HELD],
      main: () => join(main ?? BUILT, 'src', 'programs', 'main.js'),
    },
  );
  const relay = await startRelay(server.port);
  const url = relay.url.replace('redis:', 'http:');
  const folders: string[] = [];
  const screens: { step: (ms: number) => Promise<void>; hears: () => Promise<void> }[] = [];

  function advance(ms: number): Promise<void> {
    const child = server.child();
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error(`the server ended:\n${server.output()}`));
      child.once('exit', gone);
      child.once('message', () => {
        child.off('exit', gone);
        resolve();
      });
      child.send({ advance: ms } satisfies Advance);
    });
  }

  /** Screens first: what the server says then was said after what they know. */
  async function step(ms: number): Promise<void> {
    now += ms;
    await Promise.all(screens.map((each) => each.step(ms)));
    if (!up) return;
    await advance(ms);
    if (clear) await Promise.all(screens.map((each) => each.hears()));
  }

  async function screen(ahead = 0): Promise<HeldScreen> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 720 },
      locale: 'en-GB',
      reducedMotion: 'reduce',
    });
    await context.addInitScript({ content: heldPage(now, ahead) });
    const log: Was[] = [];
    let said: Stepped | null = null;
    let page = await context.newPage();

    function note(next: Stepped): void {
      said = next;
      const { figure: _, ...rest } = next.shown;
      const last = log[log.length - 1];
      const { figure: __, at: ___, ...before } = last ?? { figure: '', at: 0 };
      if (JSON.stringify(rest) !== JSON.stringify(before)) log.push({ ...next.shown, at: now });
    }
    const ask = async (what: string) => note(await page.evaluate<Stepped>(what));
    const move = (ms: number) => ask(`held.step(${ms}, ${PATIENCE}, ${up && clear})`);
    const self: HeldScreen = {
      page: () => page,
      context,
      log,
      shown: () => said?.shown as Shown,
      async powerCycle() {
        await page.close();
        page = await context.newPage();
        await page.goto(`${url}/wall`);
        await move(0);
      },
      async setClock(to) {
        await page.evaluate(`held.set(${to})`);
      },
    };
    await page.goto(`${url}/wall`);
    await move(0);
    screens.push({
      step: (ms) => move(ms).catch(afterReload),
      async hears() {
        for (let k = 0; said?.live && said.heard < now - HALF; k++) {
          if (k > PATIENCE) throw new Error(`not heard since ${now - said.heard} ms`);
          await ask('held.look()').catch(afterReload);
        }
      },
    });
    /** It loaded itself anew meanwhile. */
    async function afterReload(error: Error): Promise<void> {
      if (!/context was destroyed|navigat/i.test(error.message)) throw error;
      await page.waitForLoadState();
      await move(0);
    }
    return self;
  }

  const day: HeldDay = {
    url,
    now: () => now,
    api: () => apiOf(server.url, createTokens([SECRET], () => now).owner()),
    screen,
    async go(ms, by = 1000) {
      await day.goTo(now + ms, by);
    },
    async goTo(at, by = 1000) {
      while (now < at) await step(Math.min(by, at - now));
    },
    cut() {
      clear = false;
      relay.set('cut');
    },
    mend() {
      clear = true;
      relay.set('clear');
    },
    async kill() {
      up = false;
      await server.kill();
    },
    async terminate() {
      up = false;
      const ended = server.terminate();
      let done = false;
      ended.finally(() => {
        done = true;
      });
      for (let left = LAST_CALL; left > 0 && !done; left -= 500) {
        await Promise.race([advance(500).catch(() => {}), ended]);
        await step(500);
      }
      if ((await ended) !== 0) throw new Error(`the server did not stop:\n${server.output()}`);
    },
    async restart(release) {
      if (release !== undefined) {
        main = await releaseOf(release);
        folders.push(main);
      }
      await server.restart({ HELD_AT: String(now) });
      up = true;
    },
    async stop() {
      await relay.stop();
      await server.stop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
  return day;
}

/** A copy of what was built, whose wall has other assets: `window.release` is what it is called. */
async function releaseOf(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'noso-test-'));
  for (const part of ['src', 'client', 'assets'])
    await cp(join(BUILT, part), join(folder, part), { recursive: true });
  const root = join(BUILT, '..');
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  const script = join(folder, 'assets', 'wall', 'page.js');
  await writeFile(script, `${await readFile(script, 'utf8')};window.release="${name}"`);
  return folder;
}
