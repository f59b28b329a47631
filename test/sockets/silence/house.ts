// A server whose time stands still until told, with many NoSos at once that know nothing of each
// other: each is a world of its own for one pair of runs.
import { setTimeout as pause } from 'node:timers/promises';
import { manualClock, realClock } from '../../../src/clock.js';
import { isUnavailable } from '../../../src/engine/deadline.js';
import type { Engine } from '../../../src/engine/engine.js';
import { openRedis } from '../../../src/engine/redis/openRedis.js';
import { hashOf } from '../../../src/service/identity.js';
import { createPasses, type Passes } from '../../../src/service/passes.js';
import { createTokens, type Tokens } from '../../../src/service/tokens.js';
import { dial } from '../../bench/load/connection.js';
import { type Local, startLocal } from '../../support/local.js';
import { SECRET } from '../../support/server.js';
import { watchDisk } from './diskWork.js';
import { watchFlight } from './inFlight.js';

const START = Date.UTC(2026, 5, 1, 14);
/** Turns of the event loop without anything happening, after which nothing more will. */
const QUIET_TURNS = 6;
/** How long that takes where time is real and bells come from another process, in ms. */
const QUIET = 300;

export type Line = { send: (text: string) => void; drop: () => void };

export type House = {
  port: number;
  local: Local;
  /** The engine's time. It stands still until told; Redis has one of its own, which goes on. */
  now: () => number;
  start: number;
  tokens: Tokens;
  passes: Passes;
  /** Resolves once nothing is under way, and nothing has been for some turns. */
  settle: () => Promise<void>;
  stop: () => Promise<void>;
  /** Moves time on, in steps small enough that whatever falls due is done before the next. */
  advance: (ms: number) => Promise<void>;
  /**
   * Connects, says `hello` (`40/phone,{…}`), and tells what comes, beginning with the time at which
   * it came, and ` ended`.
   */
  dial: (hello: string, told: (frame: string) => void) => Line;
};

/** A Redis, and what its keys begin with. */
export type OnRedis = { url: string; prefix: string };

export const worldId = (world: number) => `world${world}`;
export const wallToken = (world: number) => `wall.wall${world}.for the tests`;

/** What happens, counted: engine calls begun and done, and frames that came. */
function counting(engine: Engine, seen: { events: number; open: number }): Engine {
  return new Proxy(engine, {
    get(of, name: keyof Engine) {
      const verb = (of[name] as (...args: unknown[]) => unknown).bind(of);
      if (name === 'now' || name === 'doubts' || name === 'watch') return verb;
      return async (...args: unknown[]) => {
        seen.events += 1;
        seen.open += 1;
        try {
          return await verb(...args);
        } finally {
          seen.events += 1;
          seen.open -= 1;
        }
      };
    },
  });
}

/** On a Redis, or on files: then its time is held. The disk may be `slow`, by so many ms a job. */
export async function openHouse(redis: OnRedis | null, slow = 0): Promise<House> {
  const held = redis ? null : manualClock(START);
  const disk = watchDisk(slow);
  const seen = { events: 0, open: 0 };

  async function settle(): Promise<void> {
    if (!held) await pause(QUIET);
    const busy = () => seen.open > 0 || disk.open() > 0;
    for (let quiet = false; !quiet; ) {
      const [before, carried] = [seen.events, flight.carried()];
      // While the disk works, or the kernel carries bytes, there is nothing to do but wait for it.
      if (busy() || carried === null) await pause(1);
      for (let turn = 0; turn < QUIET_TURNS; turn += 1) {
        await new Promise((go) => setImmediate(go));
        if (busy() || seen.events !== before) break;
      }
      quiet = !busy() && seen.events === before && carried !== null;
      quiet &&= flight.carried() === carried;
    }
  }
  const step = async (ms: number) => {
    held?.advance(ms);
    await settle();
  };
  const local = await startLocal({
    clock: held ?? realClock,
    open: (dataDir) =>
      redis
        ? openRedis({ ...redis, clock: realClock })
        : disk.openEngine(dataDir, held ?? realClock),
    wrap: (engine) => counting(engine, seen),
    publicUrl: 'http://noso.example',
    random: () => 0, // so that frames can be compared to the byte: only chance is taken out
    ...(held ? { closing: () => step(100) } : {}),
  });

  const flight = watchFlight(local.port);
  const start = local.engine.now();
  return {
    port: local.port,
    local,
    now: () => local.engine.now(),
    start,
    tokens: createTokens([SECRET], () => start),
    passes: createPasses([SECRET], () => start),
    settle,
    async stop() {
      await local.stop();
      flight.stop();
    },
    async advance(ms) {
      await settle();
      if (!held) await pause(ms);
      else for (let left = ms; left > 0; left -= 500) await step(Math.min(500, left));
    },
    dial(hello, told) {
      const hear = (text: string) => {
        seen.events += 1;
        told(`${held ? held.now() - START : '-'} ${text}`);
      };
      const connection = dial(
        { host: '127.0.0.1', port: local.port, from: null },
        '/socket.io/?EIO=4&transport=websocket',
        {
          open: () => {},
          text(text) {
            if (text === '2') connection.send('3');
            else if (text[0] === '0') connection.send(hello);
            // A connection's own id is drawn by chance, and is told to nobody else.
            else hear(text.replace(/"sid":"[^"]+"/, '"sid"'));
          },
          end: () => hear('ended'),
        },
      );
      return connection;
    },
  };
}

/** Keeps a document; a store that others keep busy is asked again, which is safe (P3). */
export const keep: (house: House, ...kept: Parameters<Engine['save']>) => Promise<void> = async (
  house,
  ...kept
) => {
  for (let tries = 1; ; tries += 1) {
    try {
      await house.local.engine.save(...kept);
      return;
    } catch (error) {
      if (!isUnavailable(error) || tries === 5) throw error;
    }
  }
};

/** Plans a NoSo for each world, `ahead` ms before its silence: once it is open it gathers until then. */
export async function planWorlds(
  house: House,
  worlds: { id: number; veil: number; ahead: number }[],
) {
  const now = house.now();
  for (const { id, veil, ahead } of worlds) {
    const venue = `venue${id}`;
    await keep(house, 'venue', venue, {
      id: venue,
      name: 'Bibliothèque des Quais',
      city: 'Lyon',
      timeZone: 'Europe/Paris',
      language: 'fr',
    });
    await keep(house, 'wall', `wall${id}`, {
      id: `wall${id}`,
      venue,
      name: 'Grande salle',
      hash: hashOf(wallToken(id)),
      createdAt: now,
    });
    await keep(house, 'noso', worldId(id), {
      id: worldId(id),
      venue,
      title: 'Une heure pour rien',
      startsAt: now + ahead,
      endsAt: now + ahead + 3_600_000,
      capacity: null,
      entry: 'link',
      show: 'numbers',
      pocket: null,
      veil,
      opens: 'organizer',
      gather: 0,
      life: { is: 'scheduled' },
    });
  }
  await house.advance(1000); // the mirror looks every second
}

/** Opens them. Those that follow are opened once the others are done. */
export async function openWorlds(house: House, ids: number[]): Promise<void> {
  for (const id of ids) {
    await house.local.engine.command(worldId(id), { do: 'open', by: 'organizer' });
  }
  await house.advance(1000);
}
