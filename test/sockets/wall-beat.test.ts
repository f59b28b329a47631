import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import type { Count, Snapshot } from '../../src/protocol/wire.js';
import { type Local, locally } from '../support/local.js';
import { machineTime } from '../support/machineTime.js';
import { openWall, type TestWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { LONG, until } from '../support/wait.js';

const test = suite('the beat of walls');

/** Verbs that promise nothing: they ask no store. */
const AT_ONCE = new Set(['now', 'doubts', 'watch']);

/** An engine that can be made to stop answering, for all or for one NoSo. */
function stalling() {
  const stalled = { all: false, noso: null as string | null };
  /** What an engine does whose store is gone: it refuses after two seconds. */
  const stall = async () => {
    await pause(1900);
    throw new Refusal('unavailable.no_answer', 'the store does not answer', 1);
  };
  const wrap = (engine: Engine): Engine => {
    const verbs = Object.entries(engine).map(([name, verb]) => {
      if (AT_ONCE.has(name) || name === 'close') return [name, verb];
      return [
        name,
        (...args: unknown[]) => {
          if (stalled.all || (stalled.noso !== null && args[0] === stalled.noso)) return stall();
          return (verb as (...args: unknown[]) => unknown)(...args);
        },
      ];
    });
    return Object.fromEntries(verbs) as Engine;
  };
  return { stalled, wrap };
}

/** Frames that say that what is shown is live. */
const beatsOf = (wall: TestWall) =>
  wall.frames.filter(({ event }) => event === 'count' || event === 'snapshot') as {
    given: number;
    frame: Count | Snapshot;
  }[];

/** The longest that a wall heard nothing since `began`, in the machine's time. */
const silence = (wall: TestWall, began: number): number => {
  const heard = beatsOf(wall).map(({ given }) => given);
  const at = [began, ...heard.filter((each) => each >= began), machineTime()];
  return Math.max(...at.slice(1).map((each, k) => each - (at[k] as number)));
};

/** Beats that the server sent, by its own clock, after a moment. */
const beatsAfter = (wall: TestWall, moment: number) =>
  beatsOf(wall).filter(({ frame }) => frame.serverTime > moment);

async function wallOf({ api, url }: Local, venue: string): Promise<TestWall> {
  const wall = openWall(url, (await api.wall(venue)).token);
  await until(() => wall.snapshot, { what: 'a snapshot' });
  return wall;
}

test(
  'W4 in every state a wall hears at least every two seconds that what it shows is live',
  locally(async (local) => {
    const { api } = local;
    const none = await api.venue();
    const waiting = await api.noso({}, false);
    const open = await api.noso();
    const closed = await api.noso();
    await api.own('POST', `/api/nosos/${closed.id}/close`);
    const venues = [none.id, waiting.venue.id, open.venue.id, closed.venue.id];
    const walls = await Promise.all(venues.map((venue) => wallOf(local, venue)));
    const states = walls.map(({ snapshot }) => snapshot?.noso?.state ?? null);
    assert.equal(states, [null, 'scheduled', 'open', 'closed']);
    const [began, asked] = [machineTime(), Date.now()];
    await pause(4200);
    for (const [k, wall] of walls.entries()) {
      const silent = silence(wall, began);
      assert.ok(silent < 2000, `${states[k]}: nothing for ${silent} ms`);
      const counts = wall.frames.filter(({ event, at }) => event === 'count' && at >= asked);
      const seconds = (Date.now() - asked) / 1000;
      assert.ok(counts.length <= 2 * seconds, `${counts.length} beats in ${seconds} s`);
      let last = 0;
      for (const { frame, at } of counts) {
        const { serverTime } = frame as Count;
        assert.ok(serverTime <= at && serverTime >= last, 'the time of their sending');
        last = serverTime;
      }
      wall.close();
    }
  }),
);

const gone = stalling();
test(
  'W4 F1 while the store is silent there is no beat; when it is back the wall heals where it stands',
  locally(
    async (local) => {
      const { api, engine, url } = local;
      const noso = await api.noso({ veil: 0 });
      const wall = await wallOf(local, noso.venue.id);
      const [number] = await engine.draw(1);
      const taking = {
        proof: { kind: 'entry', issuedAt: Date.now() },
        back: false,
        fresh: false,
        key: null,
      };
      await engine.take(noso.id, { ...taking, number } as Parameters<Engine['take']>[1]);
      await wall.shows(1);

      gone.stalled.all = true;
      const stalledAt = Date.now();
      await pause(4000);
      assert.equal(
        beatsAfter(wall, stalledAt + 2300),
        [],
        'a beat on the strength of what was read too long ago',
      );
      // Whoever asks now is told so; whoever comes now is not shown anything as live.
      const asked = machineTime();
      const answer = await wall.socket.timeout(LONG).emitWithAck('sync');
      if ('ok' in answer) assert.is(answer.code, 'unavailable');
      else assert.is((answer as Snapshot).count, 1);
      assert.ok(machineTime() - asked < 2500);
      const token = wall.socket.auth as { token: string };
      const newcomer = openWall(url, token.token);
      await pause(500);
      assert.is(newcomer.frames.filter(({ event }) => event === 'count').length, 0);
      newcomer.close();
      assert.ok(wall.socket.connected, 'no wall is sent away');

      gone.stalled.all = false;
      const healed = Date.now();
      await engine.take(noso.id, {
        ...taking,
        number: (await engine.draw(1))[0],
      } as Parameters<Engine['take']>[1]);
      await wall.shows(2, 4000);
      await until(() => beatsAfter(wall, healed).length > 2, { deadline: 5000 });
      assert.is(wall.gaps, 0);
      wall.close();
      const faults = local.logged.filter(({ event }) => event === 'fault');
      assert.equal(faults, []);
    },
    { wrap: gone.wrap },
  ),
  { deadline: 30_000 },
);

const partly = stalling();
test(
  'W4 one NoSo whose store is silent does not still the walls of the others',
  locally(
    async (local) => {
      const { api } = local;
      const [silent, lively] = [await api.noso(), await api.noso()];
      const [one, other] = await Promise.all([
        wallOf(local, silent.venue.id),
        wallOf(local, lively.venue.id),
      ]);
      partly.stalled.noso = silent.id;
      const [began, stalledAt] = [machineTime(), Date.now()];
      await pause(4600);
      const longest = silence(other, began);
      assert.ok(longest < 2000, `nothing for ${longest} ms`);
      assert.equal(beatsAfter(one, stalledAt + 2300), [], 'a beat for what is not known');
      one.close();
      other.close();
      partly.stalled.noso = null;
    },
    { wrap: partly.wrap },
  ),
);
