import type { Contestant, Setting, Stage } from './contestants/contestant.js';
import { joinStorm, leaveStorm, reconnectStorm, seatOverHttp } from './joins.js';
import { dialects } from './load/dialects.js';
import { startLoad } from './load/remote.js';
import { cpuOf, descriptorsOf, pause, settledRss, until } from './measure/proc.js';
import { type Loads, type StormFigures, Wrong, wallsShow } from './storm.js';

/** What one run of a contestant gave. */
export type LifeFigures = {
  n: number;
  cold: StormFigures;
  /** The storms from the third on. */
  warm: StormFigures[];
  /** All of a storm, from the second on, who leave at once; none where nobody can. */
  leaves: StormFigures[];
  reconnect: StormFigures | null;
  /**
   * Of a connected phone, KiB, against the same process before the first: after the first storm,
   * after the last, and once all idled for a while. Null where phones joined over HTTP.
   */
  rss: { cold: number; warm: number; idle: number | null } | null;
  /** Of the processes, MiB: before the first phone; with all connected, after the first storm and the last. */
  whole: { bare: number; cold: number; warm: number };
  /** Of a seat whose phone is gone, KiB; null where that is not measured. */
  letGo: number | null;
  /** The servers' CPU with all phones connected and nothing happening; s per minute. */
  idle: number | null;
};

export type Pace = {
  storms: number;
  /**
   * How long idling is watched at least, ms; 0: not at all. It is one ping interval where that is
   * longer, so that every phone is pinged once.
   */
  idleFor: number;
  settleFor: number;
  /** How many more are seated over HTTP to see what a seat alone takes; 0: none. */
  crowd: number;
};

/** Those of a crowd with whom a rush begins. */
const FIRST = 20_000;
/** Storms until a process is warm. */
const COLD = 2;
/** Collectors tidy up for a while after a storm; that is no part of being idle. ms. */
const AFTER_A_STORM = 30_000;

/** A life that pauses between its phases, so that others have theirs at the same time of day. */
export type Life = AsyncGenerator<void, LifeFigures, void>;

/** Starts a contestant afresh, leads it through all phases, and stops it. Throws `Wrong`. */
export async function* liveThrough(contestant: Contestant, setting: Setting, pace: Pace): Life {
  const stage = await contestant.start(setting);
  const loads = { phones: startLoad(), walls: startLoad() };
  try {
    const { host, ports, dialect } = stage;
    await loads.walls.hang({ dialect, host, ports, tokens: stage.walls });
    return yield* phases(contestant, stage, setting, pace, loads);
  } catch (error) {
    if (error instanceof Error) error.message += `\n${contestant.name} said:\n${stage.said()}`;
    throw error;
  } finally {
    await Promise.all([loads.phones.stop(), loads.walls.stop()]);
    await stage.stop();
  }
}

/** A whole life with nobody to take turns with. */
export async function liveAlone(...given: Parameters<typeof liveThrough>): Promise<LifeFigures> {
  const life = liveThrough(...given);
  for (;;) {
    const { done, value } = await life.next();
    if (done) return value;
  }
}

async function* phases(
  contestant: Contestant,
  stage: Stage,
  setting: Setting,
  pace: Pace,
  loads: Loads,
): Life {
  const { n } = setting;
  const bare = await settledRss(stage.pids, pace.settleFor);
  const storms: StormFigures[] = [];
  const leaves: StormFigures[] = [];
  const leave = stage.join === 'socket' && dialects[stage.dialect].leaving !== null;
  const sizes: number[] = [];
  const size = async () => settledRss(stage.pids, pace.settleFor);
  for (let turn = 0; turn < pace.storms; turn += 1) {
    yield;
    const phones = await stage.nextStorm();
    if (stage.walls.length > 0) await wallsShow(loads, 0);
    const descriptors = await descriptorsOf(stage.pids);
    const last = turn === pace.storms - 1;
    storms.push(await joinStorm(stage, loads, phones, turn >= COLD));
    if (turn === 0 || last) sizes.push(await size());
    if (last) break;
    if (leave && turn > 0) {
      yield;
      leaves.push(await leaveStorm(stage, loads, n));
    } else await loads.phones.drop();
    await until('connections are closed', 20_000, async () => {
      return (await descriptorsOf(stage.pids)) <= descriptors + 8;
    });
  }
  let reconnect: StormFigures | null = null;
  let idle: number | null = null;
  yield;
  if (stage.join === 'socket') {
    reconnect = await reconnectStorm(stage, loads, n);
    if (contestant.keepsSeats && reconnect.lowest !== n) {
      throw new Wrong(`a wall showed ${reconnect.lowest} while ${n} seated phones reconnected`);
    }
    if (pace.idleFor > 0) {
      const watched = idling(stage, loads, n, Math.max(pace.idleFor, reconnect.pingInterval ?? 0));
      watched.catch(() => {}); // it is waited for below
      yield;
      idle = await watched;
      sizes.push(await size());
    }
  }
  const cold = storms[0];
  const warm = storms.slice(COLD);
  if (!cold || warm.length === 0) throw new Error('no warm storms');
  const alone = stage.join === 'http';
  const letGo = alone && pace.crowd > 0 ? await crowded(stage, loads, n, pace) : null;
  const [first = 0, last = 0, idled] = sizes;
  const each = (size: number) => Math.max(0, size - bare) / n;
  const rss = {
    cold: each(first),
    warm: each(last),
    idle: idled === undefined ? null : each(idled),
  };
  const whole = { bare: bare / 1024, cold: first / 1024, warm: last / 1024 };
  return { n, cold, warm, leaves, reconnect, rss: alone ? null : rss, whole, letGo, idle };
}

/**
 * Seats a crowd over HTTP; KiB of memory that each seat took, with nobody's collector pushed. Both looks are
 * in the midst of a rush, since each begins with some 16 MiB of young memory however many come, which is no
 * seat's and is given back once all is calm. So some come first, and the others are ready by then.
 */
async function crowded(stage: Stage, loads: Loads, n: number, pace: Pace): Promise<number> {
  const [first, crowd] = [await stage.crowd(FIRST), await stage.crowd(pace.crowd)];
  await seatOverHttp(stage, loads, first);
  const before = await settledRss(stage.pids, pace.settleFor);
  await seatOverHttp(stage, loads, crowd);
  await wallsShow(loads, n + FIRST + pace.crowd);
  return Math.max(0, (await settledRss(stage.pids, pace.settleFor)) - before) / pace.crowd;
}

async function idling(stage: Stage, loads: Loads, n: number, ms: number): Promise<number> {
  await pause(AFTER_A_STORM);
  const before = await cpuOf(stage.pids);
  const startedAt = performance.now();
  await pause(ms);
  const used = (await cpuOf(stage.pids)) - before;
  const took = performance.now() - startedAt;
  const connected = await loads.phones.connected();
  if (connected !== n) throw new Wrong(`${n - connected} phones were lost while idle`);
  if (stage.walls.length > 0) await wallsShow(loads, n);
  return (used / took) * 60;
}
