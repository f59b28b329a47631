// What pages keep on a device, and when they let go of it: their parts, without a browser.
import * as assert from 'uvu/assert';
import { clientModule, inBrowser } from '../support/clientModule.js';
import { suite } from '../support/suite.js';

const test = suite('what pages leave behind on a device');

/** A browser's storage, to look into. */
function storage() {
  const all = new Map<string, string>();
  return {
    all,
    getItem: (key: string) => all.get(key) ?? null,
    setItem: (key: string, value: string) => void all.set(key, value),
    removeItem: (key: string) => void all.delete(key),
  };
}

const NUMBER = '713245';
const NOSO = {
  ...{ id: 'n', title: 'One quiet hour', state: 'open', capacity: null, gather: 0 },
  ...{ startsAt: '2026-11-26T10:00:00Z', endsAt: '2026-11-26T11:00:00Z' },
};

test('L4 W9 a screen keeps the schedule that it knows, and neither numbers nor a code', async () => {
  const localStorage = storage();
  await inBrowser({ localStorage, location: { hash: '' } }, async () => {
    const { createMemory } = await clientModule<{
      createMemory: () => (held: object, now: number) => void;
    }>('client/wall/remembered.ts');
    const view = {
      ...{ venue: { id: 'v' }, noso: NOSO, epoch: 1, seq: 2, count: 1, numbersSeq: 2 },
      numbers: new Set([NUMBER]),
      ...{ code: { code: 'M7C-4PX-9DG', url: 'http://x/j/M7C-4PX-9DG' }, effectiveAt: 0 },
    };
    for (const held of [
      { now: view, next: null },
      { now: null, next: view },
    ])
      createMemory()({ ...held, seen: null, beatAt: 5 }, 10);
    const kept = [...localStorage.all.values()].join('\n');
    assert.match(kept, 'One quiet hour');
    assert.not.match(kept, NUMBER);
    assert.not.match(kept, 'M7C');
    assert.not.match(kept, /"(numbers|code)":/);
  });
});

test('A2 A5 a phone keeps its pass as long as the table says, for this site alone, and no token', async () => {
  const cookies: string[] = [];
  const document = {
    set cookie(each: string) {
      cookies.push(each);
    },
  };
  const localStorage = storage();
  await inBrowser({ document, localStorage, sessionStorage: localStorage }, async () => {
    const page = await clientModule<{
      keepPass: (keep: object, seat: object) => void;
      keepToken: (entered: object) => void;
      ownToken: () => string | undefined;
      ownPass: () => string;
      forgetPass: () => void;
    }>('client/phone/request.ts');
    const keep = { name: 'noso_1_pass', age: 90_000, secure: false };
    page.keepPass(keep, { pass: 'the-pass', number: NUMBER });
    page.keepPass({ ...keep, secure: true }, { pass: 'the-pass', number: NUMBER });
    const wanted = 'noso_1_pass=the-pass; Max-Age=90000; Path=/; SameSite=Lax';
    assert.equal(cookies, [wanted, `${wanted}; Secure`]);
    assert.is(page.ownPass(), 'the-pass');
    page.forgetPass();
    assert.is(page.ownPass(), '');
    // Where the browser keeps the token, out of reach of scripts, the page has it nowhere.
    page.keepToken({ token: 'the-token', seat: {} });
    page.keepToken({ token: 'the-token', seat: {}, keeps: true });
    assert.is(page.ownToken(), undefined);
    page.keepToken({ token: 'the-token', seat: {}, keeps: false });
    assert.is(page.ownToken(), 'the-token');
    assert.is(localStorage.all.size, 0);
  });
});

test('P9 L4 a door that is told of the close lets go of the clicks that it kept', async () => {
  type Click = { id: string };
  const { createDesk } = await clientModule<{
    createDesk: (
      queue: object,
      spoken: object,
      sayings: object,
    ) => {
      press: (what: string, number: string | null, now: number) => Promise<void>;
      hear: (heard: object, now: number) => Promise<void>;
      shown: (now: number) => { cut: boolean; over: string };
    };
  }>('client/door/doorDesk.ts');
  let clicks: Click[] = [];
  const queue = {
    lasting: true,
    add: async (click: Click) => void clicks.push(click),
    all: async () => clicks.slice(),
    first: async (most: number) => clicks.slice(0, most),
    remove: async (ids: string[]) => {
      clicks = clicks.filter(({ id }) => !ids.includes(id));
    },
  };
  const word = new Proxy({}, { get: (_, name) => `word ${String(name)}` });
  const say = new Proxy({}, { get: (_, name) => () => `said ${String(name)}` });
  const desk = createDesk(queue, { door: word, errors: word }, say);
  const answer = { noso: { ...NOSO, venue: {} }, count: 3, here: 1, epoch: 1, seq: 3 };
  await desk.hear({ is: 'answered', answer, results: [] }, 1000);
  assert.is(desk.shown(5900).cut, false);
  assert.is(desk.shown(6100).cut, true, 'W4: after five seconds what is shown is old');
  await desk.press('in', NUMBER, 6200);
  assert.is(clicks.length, 1);
  const problem = { code: 'not_open', reason: 'closed' };
  await desk.hear({ is: 'refused', problem }, 7000);
  assert.equal(clicks, [], 'a paper number among them');
  assert.match(desk.shown(7000).over, 'word closed');
});

test('W4 a wall whose line is silent for five seconds opens it anew, whatever the client thinks', async () => {
  const did: string[] = [];
  const heard = new Map<string, (frame: object) => void>();
  const socket = {
    connected: true,
    on: (event: string, hear: (frame: object) => void) => void heard.set(event, hear),
    disconnect: () => void did.push('disconnect'),
    connect: () => void did.push('connect'),
  };
  let now = 0;
  let look = () => {};
  const quiet = { addEventListener: () => {}, removeEventListener: () => {} };
  const globals = {
    ...{ document: quiet, window: quiet, performance: { now: () => now } },
    ...{ setInterval: (work: () => void) => (look = work), clearInterval: () => {} },
    fakeIo: () => socket,
  };
  await inBrowser(globals, async () => {
    const { createLink } = await clientModule<{
      createLink: (token: string, on: object) => { close: () => void };
    }>('client/wall/link.ts');
    const nothing = new Proxy({}, { get: () => () => '' });
    const link = createLink('token', nothing);
    const goOn = (ms: number) => {
      for (const end = now + ms; now < end; ) {
        now += 500;
        look();
      }
    };
    goOn(4500);
    heard.get('count')?.({});
    goOn(4500);
    assert.equal(did, []);
    goOn(1500);
    assert.equal(did, ['disconnect', 'connect']);
    link.close();
  });
});

test('A8 a return code that was looked at is hidden again by itself', async () => {
  class HTMLDetailsElement {
    open = true;
  }
  const timers: [work: () => void, ms: number][] = [];
  let toggled = (_: object) => {};
  const globals = {
    HTMLDetailsElement,
    document: { addEventListener: (_: string, hear: typeof toggled) => (toggled = hear) },
    window: { setTimeout: (...timer: (typeof timers)[0]) => timers.push(timer) },
  };
  await inBrowser(globals, async () => {
    const { startReturnCode } = await clientModule<{
      startReturnCode: (touched: () => void) => void;
    }>('client/phone/returnCode.ts');
    let touched = 0;
    startReturnCode(() => {
      touched += 1;
    });
    const target = new HTMLDetailsElement();
    toggled({ target });
    const [[hide, ms] = [() => {}, 0]] = timers;
    assert.equal([touched, timers.length, ms], [1, 1, 20_000]);
    hide();
    assert.is(target.open, false);
  });
});

test('F7 a console whose session is over hears of it at the first answer that says so', async () => {
  const answer = { code: 'unauthorized', reason: 'revoked' };
  const fetch = async () => new Response(JSON.stringify(answer), { status: 401 });
  await inBrowser({ fetch }, async () => {
    const { createApi } = await clientModule<{
      createApi: (lost: () => void) => Record<string, (...all: unknown[]) => Promise<unknown>>;
    }>('client/organizer/consoleApi.ts');
    let lost = 0;
    const api = createApi(() => {
      lost += 1;
    });
    for (const verb of ['nosos', 'open', 'amend', 'forget']) {
      const code = await api[verb]?.('n', {}).catch((error: { code: string }) => error.code);
      assert.is(code, 'unauthorized', verb);
    }
    assert.is(lost, 4);
  });
});
