import * as assert from 'uvu/assert';
import { type Clock, type ManualClock, manualClock, realClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { createTokens } from '../../src/service/tokens.js';
import { type DoorDeps, openDoor } from '../../src/sockets/door.js';
import { openBare } from '../support/bareDoors.js';
import { locally } from '../support/local.js';
import { openRaw, refusalIn, sitRaw } from '../support/raw.js';
import { served } from '../support/served.js';
import { SECRET } from '../support/server.js';
import { suite } from '../support/suite.js';
import { visitorOf } from '../support/visitor.js';
import { until } from '../support/wait.js';

const test = suite('a connection ends with its token');

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The door of consoles on a server of its own, with nothing behind it. */
async function openedDoor(clock: ManualClock, gate: DoorDeps['gate']) {
  const { io, deps, url } = await openBare(gate, clock);
  const room = { admit: () => ({}), welcome: () => {}, hear: {} };
  return { io, door: openDoor<'/organizer', object>(io, '/organizer', deps, room), url };
}

test('F7 at its very end, in hours or in a year, and not before', async () => {
  const clock = manualClock(1_000_000);
  const start = clock.now();
  /** Until when tokens are good, by their text. */
  const good: Record<string, number> = {
    soon: start + 10 * MINUTE,
    later: start + 12 * HOUR,
    year: start + 365 * 24 * HOUR,
    over: start + 5 * MINUTE,
  };
  const gate = async (_: unknown, token: string) => ({
    who: { role: 'owner', until: good[token] },
    token,
  });
  const { io, door, url } = await openedDoor(clock, gate as unknown as DoorDeps['gate']);
  const connect = async (token: string) => {
    const raw = await openRaw(url);
    assert.match(await raw.enter('/organizer', { token }), /^40/);
    return raw;
  };
  const open = () => door.namespace.sockets.size;
  try {
    const [soon, later, year] = await Promise.all(['soon', 'later', 'year'].map(connect));
    const gone = await connect('over');
    gone.close();
    await until(() => open() === 3);
    clock.advance(10 * MINUTE - 1);
    assert.is(open(), 3, 'a millisecond before');
    clock.advance(1);
    assert.is(open(), 2);
    await soon?.end();
    clock.advance(12 * HOUR - 10 * MINUTE - 1);
    assert.is(open(), 2, 'a millisecond before');
    clock.advance(1);
    assert.is(open(), 1);
    await later?.end();
    assert.is(year?.ended(), null);
    clock.advance(365 * 24 * HOUR - 12 * HOUR - 1);
    assert.is(open(), 1);
    clock.advance(1);
    assert.is(open(), 0);
    await year?.end();
  } finally {
    door.stop();
    await io.close();
  }
});

test('F4 F6 who waits for our answer is not mute, and who says no more once they have it is', async () => {
  let answer: (() => void) | undefined;
  const { io, door, url } = await openedDoor(manualClock(0), async () => {
    await new Promise<void>((resolve) => (answer = resolve));
    throw new Refusal('unauthorized.invalid');
  });
  // Instead of ten seconds; whoever says nothing shows when it is over for those who came before.
  (io as unknown as { _connectTimeout: number })._connectTimeout = 100;
  try {
    const knock = async () => {
      const raw = await openRaw(url);
      raw.send('40/organizer,{"token":"x"}');
      return raw;
    };
    let waits = await knock();
    // Where the machine is slow it may be taken for mute before it was heard.
    const heard = async () => {
      if (!answer && waits.ended() !== null) waits = await knock();
      return answer;
    };
    await until(heard, { what: 'it to be heard' });
    const mute = await openRaw(url);
    await mute.end();
    assert.is(waits.ended(), null, 'it came before, and is still waited for');
    answer?.();
    await until(() => waits.frames.some((frame) => frame.startsWith('44/organizer,')));
    await waits.end();
  } finally {
    door.stop();
    await io.close();
  }
});

test('F4 S2 who is refused is answered, and kept nowhere, though the refusal cannot be judged', async () => {
  const { io, deps, url } = await openBare(async () => {
    throw new Refusal('unauthorized.invalid');
  });
  const errors: unknown[] = [];
  const broken = {
    ...deps,
    judge: () => Promise.reject(new Error('broken')),
    onError: (error: unknown) => void errors.push(error),
  };
  const room = { admit: () => ({}), welcome: () => {}, hear: {} };
  const door = openDoor<'/organizer', object>(io, '/organizer', broken, room);
  try {
    const raw = await openRaw(url);
    assert.match(await raw.enter('/organizer', { token: 'x' }), /^44.*unavailable/);
    const { _preConnectSockets } = io.of('/organizer') as unknown as {
      _preConnectSockets: Map<string, object>;
    };
    assert.is(_preConnectSockets.size, 0);
    assert.is((errors[0] as Error).message, 'broken');
    raw.close();
  } finally {
    door.stop();
    await io.close();
  }
});

test('F4 whoever knocks too often, or where nothing is, is hung up on and kept nowhere', async () => {
  const { io, door, url } = await openedDoor(manualClock(0), async () => {
    throw new Refusal('unauthorized.invalid');
  });
  // The library keeps whoever is not let in yet, until it is told what became of them.
  const kept = () =>
    ['/', '/organizer'].map(
      (name) =>
        (io.of(name) as unknown as { _preConnectSockets: Map<string, object> })._preConnectSockets
          .size,
    );
  try {
    const root = await openRaw(url);
    root.send('40');
    await root.end();
    assert.is(root.frames.length, 1, 'and is told nothing');
    const stubborn = await openRaw(url);
    const told = () => stubborn.frames.filter((frame) => frame.startsWith('44/organizer,')).length;
    for (let k = 1; k <= 9; k += 1) {
      stubborn.send('40/organizer,{"token":"x"}');
      await until(() => stubborn.ended() !== null || told() === k, { every: 2 });
    }
    assert.is(told(), 8);
    assert.ok(stubborn.ended() !== null, 'the ninth time');
    await until(() => kept().every((size) => size === 0), { what: 'nobody to be kept' });
  } finally {
    door.stop();
    await io.close();
  }
});

test(
  'F7 P1 an owner’s console and a phone are let go when theirs are over; the seat stays',
  served(async ({ url }, api) => {
    const DAY = 24 * HOUR;
    const left = 3000;
    const ending = (lasts: number) => createTokens([SECRET], () => Date.now() - lasts + left);
    const noso = await api.noso();
    const pass = await api.pass(noso.id);
    const { number } = await api.number(pass);
    const phone = await sitRaw(url, {
      token: ending(365 * DAY).number(Number(number)),
      pass,
    });
    const console = await openRaw(url);
    assert.match(await console.enter('/organizer', { token: ending(DAY / 2).owner() }), /^40/);
    const other = await openRaw(url);
    assert.match(await other.enter('/organizer', { token: api.token }), /^40/);
    await Promise.all([phone.end(10_000), console.end(10_000)]);
    assert.is(other.ended(), null, 'whose token lasts is connected');
    assert.not.ok(
      phone.frames.some((frame) => frame.includes('"closed"')),
      'the seat is not over',
    );
    const { count } = await api.own<{ count: number }>('GET', `/api/nosos/${noso.id}`);
    assert.is(count, 1);
    other.close();
  }),
);

/** Timers go; what time it is stands still, so that no failure is forgotten meanwhile. */
const began = Date.now();
const clock: Clock = { ...realClock, now: () => began };
test(
  'F6 whoever guesses is slowed over sockets, HTTP and pages in one count, and who knows is served',
  locally(
    async ({ url, api }) => {
      const noso = await api.noso();
      const { token, pass } = await api.person(noso.id);
      const guess = async () => {
        const raw = await openRaw(url);
        raw.send('40/wall,{"token":"x"}');
        const answer = () => raw.frames.find((frame) => frame.startsWith('44/wall,'));
        const told = await until(answer, { what: 'a refusal' });
        raw.close();
        return refusalIn(told).code;
      };
      assert.is(await guess(), 'unauthorized');
      const many = Array.from({ length: 49 }, () => api.call('GET', '/api/venues', undefined, 'x'));
      for (const { body } of await Promise.all(many)) assert.is(body.code, 'unauthorized');
      const form = { number: '123456', returnCode: 'x' };
      const pages = Array.from({ length: 50 }, () => visitorOf(url).post('/me/return', form));
      for (const { status } of await Promise.all(pages)) assert.is(status, 403);
      assert.is(await guess(), 'rate_limited');
      (await sitRaw(url, { token, pass })).close();
    },
    { clock },
  ),
  { deadline: 60_000 },
);
