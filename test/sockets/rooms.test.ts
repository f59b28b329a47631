import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import * as assert from 'uvu/assert';
import type { Broadcast } from '../../src/live/broadcast.js';
import type { Show, Stage } from '../../src/live/stage.js';
import type { Seat, Snapshot } from '../../src/protocol/wire.js';
import type { Hearing } from '../../src/service/hearing.js';
import type { Catalogue } from '../../src/service/mirror.js';
import type { Reception } from '../../src/service/reception.js';
import type { DoorDeps } from '../../src/sockets/door.js';
import { phoneNamespace } from '../../src/sockets/phone.js';
import { wallNamespace } from '../../src/sockets/wall.js';
import { openBare } from '../support/bareDoors.js';
import { openRaw, type Raw, sitRaw } from '../support/raw.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('phones and walls, whatever stands behind them');

const NUMBER = 123_456;
const AUTH = { token: 'its-own-token', pass: 'its-own-pass' };
const SEAT: Seat = {
  ...{ noso: 'n', number: String(NUMBER), pass: 'its-seat-pass', returnCode: 'XXX-XXX' },
  ...{ since: '2026-11-26T00:00:00Z', endsAt: '2026-11-26T01:00:00Z', serverTime: 0 },
};

/** Phones whose seat is their second sitting at a NoSo that `life` says how it stands. */
async function phones(
  life: () => 'open' | 'closed',
  more: { hearing?: object; reception?: object } = {},
) {
  const who = { role: 'participant', number: NUMBER, noso: null, until: 1e15 };
  const gate = async (_: unknown, token: string) => ({ who, token });
  const { io, deps, url } = await openBare(gate as unknown as DoorDeps['gate']);
  const namespace = phoneNamespace(io, {
    ...deps,
    catalogue: {
      noso: () => ({ life: { is: life() } }),
      onChange: () => () => {},
    } as unknown as Catalogue,
    reception: {
      sit: async () => ({ seat: SEAT, taken: { number: NUMBER, sitting: 2 } }),
      ...more.reception,
    } as unknown as Reception,
    hearing: {
      phone: (of: object) => ({ ...of, heardAt: 0, notedAt: 0 }),
      ...{ matters: () => false, heard: () => {}, gone: () => {}, start: () => () => {} },
      ...more.hearing,
    } as unknown as Hearing,
    seated: () => {},
  });
  const stop = () => {
    namespace.stop();
    return io.close();
  };
  return { io, url, namespace, stop };
}

test(
  'A8 A1 of a phone that is connected neither token, pass nor request is kept',
  async () => {
    const { io, url, stop } = await phones(() => 'open');
    try {
      const headers = { 'user-agent': 'its-own-agent' };
      const phone = await sitRaw(url, AUTH, { headers });
      const [socket] = io.of('/phone').sockets.values();
      assert.ok(socket, 'it is connected');
      const kept = JSON.stringify([socket.data, socket.handshake, socket.conn.request.headers]);
      assert.match(kept, String(NUMBER));
      for (const each of ['its-own-token', 'its-own-pass', 'its-seat-pass', 'its-own-agent'])
        assert.not.ok(kept.includes(each), `${each} is kept`);
      phone.close();
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);

test(
  'L4 P7 a phone that is seated in the midst of the close is told of it, and let go',
  async () => {
    const { url, stop } = await phones(() => 'closed');
    try {
      const phone = await sitRaw(url, AUTH);
      await phone.end();
      assert.equal(phone.frames.slice(-2), [
        '42/phone,["closed",{"noso":"n","reason":"closed"}]',
        '41/phone,',
      ]);
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);

test(
  'S1 P4 of what came in one piece nothing is heard of who was put out meanwhile',
  async () => {
    const ended: number[] = [];
    const { io, url, stop } = await phones(() => 'open', {
      reception: { end: async (_: string, number: number) => void ended.push(number) },
    });
    try {
      for (const first of ['42/phone,["shout"]', '41/phone,']) {
        const phone = await sitRaw(url, AUTH);
        let ponged = false;
        phone.ws.on('pong', () => {
          ponged = true;
        });
        const { _socket: tcp } = phone.ws as unknown as { _socket: Socket };
        tcp.cork();
        for (const each of [first, '42/phone,1["leave"]', '42/phone,2["leave"]']) phone.send(each);
        tcp.uncork();
        await until(() => io.of('/phone').sockets.size === 0, { what: 'it to be put out' });
        phone.ws.ping();
        await until(() => ponged || phone.ended() !== null, { what: 'all to be heard' });
        phone.close();
      }
      assert.equal(ended, []);
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);

test(
  'P4 F3 of who left the room no pong is heard, however often they come and go on one connection',
  async () => {
    const { io, url, stop } = await phones(() => 'open', { hearing: { matters: () => true } });
    try {
      const phone = await sitRaw(url, AUTH);
      const [socket] = io.of('/phone').sockets.values();
      const conn = socket?.conn as unknown as EventEmitter;
      const listeners = () => conn.listenerCount('heartbeat');
      assert.is(listeners(), 1);
      for (let k = 0; k < 3; k += 1) {
        phone.send('41/phone,');
        await until(() => io.of('/phone').sockets.size === 0, { what: 'it to have left' });
        assert.is(listeners(), 0);
        phone.send(`40/phone,${JSON.stringify(AUTH)}`);
        await until(() => io.of('/phone').sockets.size === 1, { what: 'it to be back' });
        assert.is(listeners(), 1);
      }
      phone.close();
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);

test(
  'P4 a word of an earlier sitting ends no later one, and of another number none',
  async () => {
    const { url, namespace, stop } = await phones(() => 'open');
    try {
      const phone = await sitRaw(url, AUTH);
      namespace.left('n', [[NUMBER, 1]]);
      namespace.left('n', [[NUMBER + 1, 2]], true);
      namespace.left('another', [[NUMBER, null]]);
      namespace.left('n', [[NUMBER, 2]], true);
      await phone.end();
      const closed = phone.frames.filter((frame) => frame.startsWith('42/phone,["closed"'));
      assert.equal(closed, ['42/phone,["closed",{"noso":"n","reason":"voided"}]']);
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);

test(
  'F4 P1 of nine connections of one number the oldest is told that it goes on elsewhere',
  async () => {
    const { io, url, stop } = await phones(() => 'open');
    try {
      const tabs: Awaited<ReturnType<typeof sitRaw>>[] = [];
      for (let k = 0; k < 8; k += 1) tabs.push(await sitRaw(url, AUTH));
      const [first, second] = tabs as Raw[] as [Raw, Raw];
      tabs.push(await sitRaw(url, AUTH));
      await first.end();
      assert.equal(first.frames.slice(-2), [
        '42/phone,["closed",{"noso":"n","reason":"elsewhere"}]',
        '41/phone,',
      ]);
      assert.is(io.of('/phone').sockets.size, 8);
      second.close();
      await until(() => io.of('/phone').sockets.size === 7, { what: 'the second to be gone' });
      tabs.push(await sitRaw(url, AUTH));
      assert.is(io.of('/phone').sockets.size, 8, 'who has gone is not counted');
      tabs.push(await sitRaw(url, AUTH));
      await tabs[2]?.end(); // the oldest by now
      for (const tab of tabs.slice(3)) {
        assert.is(tab.ended(), null);
        tab.close();
      }
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);

/** Walls of one venue, whose snapshots are the test's to give. */
async function walls() {
  const gate = async (_: unknown, token: string) => ({ who: { role: 'wall', id: token }, token });
  const { io, deps, url } = await openBare(gate as unknown as DoorDeps['gate']);
  const behind = { show: null as Show | null, words: [] as unknown[], beat: () => {} };
  const waiting: (() => void)[] = [];
  const snapshot = { venue: { id: 'v' }, count: 1 } as unknown as Snapshot;
  const stage: Stage = {
    snapshot: (use) =>
      new Promise((resolve) => waiting.push(() => resolve(use(structuredClone(snapshot))))),
    ...{ beat: () => {}, changed: () => {}, stop: () => {} },
  };
  const namespace = wallNamespace(io, {
    ...deps,
    catalogue: {
      wall: (id: string) => ({ id, venue: 'v', name: id }),
      ...{ venue: () => ({ id: 'v' }), walls: () => [], onChange: () => () => {} },
    } as unknown as Catalogue,
    broadcast: {
      onBeat(tell: () => void) {
        behind.beat = tell;
        return () => {};
      },
    } as unknown as Broadcast,
    stageOf(_venue, show) {
      behind.show = show;
      return stage;
    },
    alive: async () => {},
    screens: {
      note: (_wall, said) => void behind.words.push(said),
      repeat: () => {},
    },
  });
  const give = () => {
    for (const go of waiting.splice(0)) go();
  };
  const stop = () => {
    namespace.stop();
    return io.close();
  };
  return { behind, waiting, give, url, stop };
}

test(
  'W2 a wall is told nothing before it was given a snapshot',
  async () => {
    const { behind, waiting, give, url, stop } = await walls();
    try {
      const first = await openRaw(url);
      await first.enter('/wall', { token: 'one' });
      await until(() => waiting.length === 1, { what: 'the first to be shown' });
      give();
      await first.event('snapshot');
      const second = await openRaw(url);
      await second.enter('/wall', { token: 'two' });
      await until(() => waiting.length === 1, { what: 'the second to be shown' });
      const count = (n: number) =>
        behind.show?.all('count', { epoch: 1, seq: n, count: n, serverTime: 0 });
      count(2);
      await first.event('count');
      give();
      await second.event('snapshot');
      count(3);
      await second.event('count');
      const events = second.frames.filter((frame) => frame.startsWith('42/wall,'));
      assert.match(events[0] ?? '', '["snapshot"');
      assert.match(events[1] ?? '', '"seq":3');
      for (const each of [first, second]) each.close();
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);

test(
  'F4 whatever a wall says of itself, it is heard ten times between two beats',
  async () => {
    const { behind, url, stop } = await walls();
    try {
      const wall = await openRaw(url);
      await wall.enter('/wall', { token: 'one' });
      const say = (from: number, to: number) => {
        for (let k = from; k < to; k += 1)
          wall.send(`42/wall,["sync",{"shows":"${'a'.repeat(k + 1)}"}]`);
      };
      const answered = async (id: number) => {
        wall.send(`42/wall,${id}["sync",{}]`); // too often by now, or behind what was said
        await until(() => wall.frames.some((frame) => frame.startsWith(`43/wall,${id}[`)), {
          what: 'an answer',
        });
      };
      say(0, 20);
      await answered(1);
      assert.is(behind.words.length, 10);
      behind.beat();
      say(20, 23);
      await until(() => behind.words.length > 12, { what: 'what is said after a beat' });
      assert.is(behind.words.length, 13);
      wall.close();
    } finally {
      await stop();
    }
  },
  { deadline: 60_000 },
);
