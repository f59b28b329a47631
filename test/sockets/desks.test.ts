import * as assert from 'uvu/assert';
import type { Noso } from '../../src/domain/noso.js';
import type { Engine } from '../../src/engine/engine.js';
import type { Broadcast } from '../../src/live/broadcast.js';
import type { Feed, Follower } from '../../src/live/feed.js';
import type { Catalogue } from '../../src/service/mirror.js';
import type { DoorDeps } from '../../src/sockets/door.js';
import { doorNamespace } from '../../src/sockets/doors.js';
import type { Io } from '../../src/sockets/io.js';
import { organizerNamespace } from '../../src/sockets/organizer.js';
import { newNoso, newVenue } from '../engine/contract/cast.js';
import { openBare } from '../support/bareDoors.js';
import { openRaw, type Raw } from '../support/raw.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('consoles and doors, whatever stands behind them');

const WHO = {
  '/organizer': { role: 'owner', until: 1e15 },
  '/door': { role: 'door', id: 'd', noso: 'n' },
};

/** Consoles and doors of one open NoSo, whose count is as live, and whose keys as good, as is said here. */
async function desks() {
  const is = { live: true, count: 7, door: true };
  const gate = async (role: string, token: string) => ({
    who: role === 'door' ? WHO['/door'] : WHO['/organizer'],
    token,
  });
  const { io, deps, url } = await openBare(gate as unknown as DoorDeps['gate']);
  const engine = { now: deps.now } as Engine;
  const life = { is: 'open', openedAt: 0, effectiveAt: 0, digits: 6 } as const;
  const noso: Noso = newNoso(engine, { id: 'n', venue: 'v', life });
  const feed = {
    noso: 'n',
    ready: async () => {},
    state: () => ({ epoch: 1, seq: 1, count: is.count, peak: is.count, numbers: new Set([1]) }),
  } as unknown as Feed;
  const [changed, beats, followers] = [[], [], []] as [(() => void)[], (() => void)[], Follower[]];
  const catalogue = {
    nosos: () => [noso],
    ...{ noso: () => noso, venue: () => newVenue('v'), organizer: () => null },
    door: () => (is.door ? { id: 'd', noso: 'n' } : null),
    onChange(tell: (changes: object[]) => void) {
      changed.push(() => tell([]));
      return () => {};
    },
  } as unknown as Catalogue;
  const broadcast = {
    isLive: () => is.live,
    follow(_: Noso, follower: Follower) {
      followers.push(follower);
      return { feed, stop: () => {} };
    },
    onBeat(tell: () => void) {
      beats.push(tell);
      return () => {};
    },
  } as unknown as Broadcast;
  const both = { ...deps, catalogue, broadcast };
  const opened = [
    organizerNamespace(io, {
      ...both,
      notes: { all: () => [], onChange: () => () => {} },
      sessions: { isOver: async () => false },
      strained: () => false,
    }),
    doorNamespace(io, {
      ...both,
      here: async () =>
        new Map([
          ['d', 2],
          ['other', 5],
        ]),
      alive: async () => {},
    }),
  ];
  const all = (calls: readonly (() => void)[]) => {
    for (const call of calls) call();
  };
  return {
    is,
    io,
    url,
    beat: () => all(beats),
    change: () => all(changed),
    news: () => all(followers.map((follower) => () => follower.count(feed))),
    stop() {
      for (const { stop } of opened) stop();
      return io.close();
    },
  };
}

const enter = async (url: string, namespace: string): Promise<Raw> => {
  const raw = await openRaw(url);
  assert.match(await raw.enter(namespace, { token: namespace }), /^40/);
  return raw;
};
const countsIn = ({ frames }: Raw) =>
  frames
    .filter((frame) => /^42\/\w+,\["count"/.test(frame))
    .map((frame) => JSON.parse(frame.slice(frame.indexOf('[')))[1]);

/** Has all of them be told of something that is no count, so that whatever was sent before has come. */
const settle = async (lines: Raw[], io: Io) => {
  type Any = { sockets: Map<string, { emit: (event: string) => void }> };
  for (const name of Object.keys(WHO)) {
    for (const socket of (io.of(name) as unknown as Any).sockets.values()) socket.emit('end');
  }
  await until(() => lines.every(({ frames }) => frames.at(-1)?.includes('"end"')), {
    what: 'the end',
  });
};

test(
  'W4 neither consoles nor doors are told an old count as a live one',
  async () => {
    const { is, io, url, beat, change, news, stop } = await desks();
    try {
      const lines = [await enter(url, '/organizer'), await enter(url, '/door')] as [Raw, Raw];
      await until(() => lines.every((line) => countsIn(line).length > 0), { what: 'the count' });
      assert.equal(countsIn(lines[1])[0]?.here, 2, 'of its own alone');
      is.live = false;
      is.count = 8;
      const before = lines.map((line) => countsIn(line).length);
      for (const go of [beat, news, change]) go();
      const late = [await enter(url, '/organizer'), await enter(url, '/door')];
      await new Promise(setImmediate);
      await settle([...lines, ...late], io);
      assert.equal(
        lines.map((line) => countsIn(line).length),
        before,
        'nothing that looks live',
      );
      assert.equal(
        late.map((line) => countsIn(line)),
        [[], []],
      );
      for (const line of [...lines, ...late]) {
        assert.not.ok(
          line.frames.some((frame) => frame.includes('"count":8')),
          'nor in the programme',
        );
        line.close();
      }
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);

test(
  'F7 a door whose key was taken back is told so, and let go',
  async () => {
    const { is, url, change, stop } = await desks();
    try {
      const door = await enter(url, '/door');
      change();
      is.door = false;
      change();
      await door.end();
      assert.equal(door.frames.slice(-2), [
        '42/door,["closed",{"noso":"n","reason":"revoked"}]',
        '41/door,',
      ]);
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);

test(
  'A1 what consoles are told stays on its node: no count crosses the store',
  async () => {
    const { io, url, beat, change, news, stop } = await desks();
    try {
      const { adapter } = io.of('/organizer');
      const broadcast = adapter.broadcast.bind(adapter);
      const local: unknown[] = [];
      adapter.broadcast = (packet, options) => {
        local.push(options.flags?.local);
        broadcast(packet, options);
      };
      const console = await enter(url, '/organizer');
      await until(() => countsIn(console).length > 0, { what: 'the count' });
      for (const go of [beat, news, change]) go();
      assert.ok(local.length >= 3, `${local.length} were told`);
      assert.equal(new Set(local), new Set([true]));
      console.close();
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);
