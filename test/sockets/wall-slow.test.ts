import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Socket as ServerSocket } from 'socket.io';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/protocol/wire.js';
import { type Local, locally } from '../support/local.js';
import { machineTime } from '../support/machineTime.js';
import { openRaw, type Raw } from '../support/raw.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { LONG, until } from '../support/wait.js';

const test = suite('walls that read slowly, or not at all');

/** What may be held for a wall (W5), in bytes. */
const MOST = 256 * 1024;
/** Walls that do not read come from here. */
const FROM = '127.0.0.66';

type Connection = {
  remoteAddress: string;
  writeBuffer: { data?: string }[];
  transport: { socket: { bufferedAmount: number } };
};

/**
 * Makes the server's TCP connections from `FROM` take nothing any more, as a kernel does whose
 * buffers are full: on loopback these hold megabytes, which would hide what is looked for.
 */
function stickers() {
  const sockets: Socket[] = [];
  const connections = new Set<Connection>();
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    if (socket.remoteAddress === FROM) sockets.push(socket);
  };
  subscribe('net.server.socket', onSocket);
  const { join } = ServerSocket.prototype;
  ServerSocket.prototype.join = function (this: ServerSocket, room) {
    const connection = this.conn as unknown as Connection;
    if (connection.remoteAddress === FROM) connections.add(connection);
    return join.call(this, room);
  };
  const waiting: (() => void)[] = [];
  return {
    stick() {
      for (const socket of sockets) {
        const real = socket as unknown as {
          _writev: ((chunks: unknown, done: () => void) => void) | undefined;
          _write: (chunk: unknown, encoding: unknown, done: () => void) => void;
        };
        const { _write, _writev } = real;
        real._write = (...args) => void waiting.push(() => _write.apply(socket, args));
        real._writev = (...args) => void waiting.push(() => _writev?.apply(socket, args));
        waiting.push(() => Object.assign(real, { _write, _writev }));
      }
    },
    /** What waits in the process for each of the readers, in bytes. */
    held: () =>
      [...connections].map(({ writeBuffer, transport }) => {
        const queued = writeBuffer.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
        return queued + transport.socket.bufferedAmount;
      }),
    /** Lets them read again. */
    release() {
      for (const each of waiting.splice(0)) each();
    },
    stop() {
      unsubscribe('net.server.socket', onSocket);
      ServerSocket.prototype.join = join;
    },
  };
}

/** Numbers, drawn and seated in the store itself. */
async function seat({ engine }: Local, noso: string, count: number): Promise<number[]> {
  const numbers = await engine.draw(count);
  const proof = { kind: 'entry', issuedAt: Date.now() } as const;
  await Promise.all(
    numbers.map((number) =>
      engine.take(noso, { number, proof, back: false, fresh: false, key: null }),
    ),
  );
  return numbers;
}

const snapshotsOf = (raw: Raw) =>
  raw.frames
    .filter((frame) => frame.startsWith('42/wall,["snapshot"'))
    .map((frame) => (JSON.parse(frame.slice(frame.indexOf('['))) as [string, Snapshot])[1]);

test(
  'W5 at most 256 KiB is held for a wall that does not read; others notice nothing; it gets the latest',
  async () => {
    const stuck = stickers();
    await locally(async (local) => {
      const { api, url, engine } = local;
      const noso = await api.noso({ veil: 0 });
      const { token } = await api.wall(noso.venue.id);
      const seated = await seat(local, noso.id, 4000);
      const good = openWall(url, token);
      await good.shows(4000);
      const slow = await Promise.all(
        Array.from({ length: 12 }, async () => {
          const raw = await openRaw(url, { localAddress: FROM });
          await raw.enter('/wall', { token });
          await until(() => snapshotsOf(raw).length > 0);
          return raw;
        }),
      );
      stuck.stick();
      // The first thing that waits is what they ask for: a wall whose buffer the crowd had filled with
      // small frames first would be given nothing more.
      for (const raw of slow) raw.send('42/wall,99["sync"]');
      await until(() => Math.min(...stuck.held()) > 16 * 1024, { what: 'something to wait' });
      const before = process.memoryUsage().heapUsed;
      let most = 0;
      let worst = 0;
      // Eight seconds in which hundreds go and come, and the slow ones ask and ask.
      for (let round = 0; round < 25; round += 1) {
        const leaving = seated.splice(0, 300);
        await Promise.all(leaving.map((number) => engine.leave(noso.id, number, null)));
        seated.push(...(await seat(local, noso.id, 300)));
        const began = machineTime();
        await until(() => good.numbers?.has(String(seated.at(-1))), {
          what: 'a good wall',
          every: 5,
        });
        worst = Math.max(worst, machineTime() - began);
        for (const raw of slow) for (let k = 0; k < 20; k += 1) raw.send(`42/wall,${k}["sync"]`);
        await pause(200);
        most = Math.max(most, ...stuck.held());
      }
      assert.ok(most <= MOST, `${most} bytes are held for one wall`);
      const grown = process.memoryUsage().heapUsed - before;
      assert.ok(grown < 12 * MOST + 64e6, `${Math.round(grown / 1e6)} MB more in all`);
      assert.ok(worst < 1500, `a good wall was ${worst} ms behind`);
      assert.is(good.gaps, 0);
      for (const raw of slow) assert.is(raw.ended(), null, 'no wall is sent away for being slow');

      const told = slow.map((raw) => snapshotsOf(raw).length);
      stuck.release();
      const wanted = new Set(seated.map(String));
      for (const [k, raw] of slow.entries()) {
        await until(() => snapshotsOf(raw).length > (told[k] as number), { what: 'a snapshot' });
        await until(() => snapshotsOf(raw).at(-1)?.count === 4000, { what: 'the latest' });
        assert.equal(new Set(snapshotsOf(raw).at(-1)?.numbers), wanted);
        raw.close();
      }
      good.close();
      stuck.stop();
    })();
  },
  { deadline: 60_000 },
);

test(
  'W5 F4 a wall that asks without end is told to wait, and the others are served as ever',
  locally(async ({ api, url }) => {
    const noso = await api.noso({ veil: 0 });
    const { token } = await api.wall(noso.venue.id);
    const other = openWall(url, token);
    await other.shows(0);
    const greedy = await openRaw(url);
    await greedy.enter('/wall', { token });
    // In one breath: it is answered as far as it reads.
    for (let k = 0; k < 3000; k += 1) greedy.send(`42/wall,${k}["sync"]`);
    // And four at a time, as fast as it is answered: it is told to wait.
    const polite = openWall(url, token);
    const ask = () => polite.socket.timeout(LONG).emitWithAck('sync');
    const limited = await until(
      async () => {
        const told: { code?: string }[] = await Promise.all([ask(), ask(), ask(), ask()]);
        return told.find(({ code }) => code === 'rate_limited');
      },
      { what: 'a wall that asks and asks to be limited', every: 0 },
    );
    assert.equal(limited, {
      ok: false,
      code: 'rate_limited',
      reason: 'syncs',
      retryAfter: 1,
    });
    await until(async () => 'venue' in (await ask()), {
      what: 'a snapshot, a second later',
      every: 300,
    });
    polite.close();
    const began = machineTime();
    const answer = await other.socket.timeout(LONG).emitWithAck('sync');
    assert.is((answer as Snapshot).count, 0);
    assert.ok(machineTime() - began < 1000);
    greedy.close();
    other.close();
  }),
);
