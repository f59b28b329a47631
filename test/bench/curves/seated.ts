import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Stage } from '../contestants/contestant.js';
import { newHouse } from '../contestants/ours.js';
import { ask, newNoso, newVenue } from '../contestants/room.js';
import { joinMore } from '../joins.js';
import { settledRss } from '../measure/proc.js';
import { onStage } from './on-stage.js';

const run = promisify(execFile);
const SEED = fileURLToPath(new URL('./seed.js', import.meta.url));

export type SeatedFigures = {
  seats: number;
  /** The server's CPU for one more seat over HTTP, µs. */
  join: number;
  /** From starting the process until it says that it can seat people, s. */
  restart: number;
  /** MiB. */
  rss: number;
};

/** Ours, restarted over a NoSo in which `seats` people sit. */
async function startSeated(seats: number): Promise<{ stage: Stage; restart: number }> {
  const house = await newHouse(false);
  try {
    await house.open(1);
    const base = `http://127.0.0.1:${house.nodes[0]?.port}`;
    const owner = house.tokens.owner();
    const { venue, walls } = await newVenue(base, owner, 5);
    const noso = await newNoso(base, owner, venue);
    await ask(base, 'POST', `/api/nosos/${noso}/open`, owner);
    await house.shut();
    await run(process.execPath, [SEED, join(house.folder, 'node0'), noso, String(seats)]);
    const startedAt = performance.now();
    await house.open(1);
    const restart = (performance.now() - startedAt) / 1000;
    let first = 0;
    const stage: Stage = {
      pids: house.nodes.map((node) => node.pid),
      redis: null,
      host: '127.0.0.1',
      ports: house.nodes.map((node) => node.port),
      dialect: 'noso',
      join: 'http',
      walls,
      nextStorm: async () => [],
      async crowd(size) {
        const phones = house.minted(noso, size, first);
        first += size;
        return phones;
      },
      said: () => house.nodes.map((node) => node.said()).join('\n'),
      stop: () => house.remove(),
    };
    return { stage, restart };
  } catch (error) {
    await house.remove();
    throw error;
  }
}

/** What a seat over HTTP costs where `seats` are taken; of 5,000, on a warm process. */
export async function joinAmongSeated(seats: number, more: number): Promise<SeatedFigures> {
  let restart = 0;
  const contestant = {
    name: 'ours',
    start: async () => {
      const started = await startSeated(seats);
      ({ restart } = started);
      return started.stage;
    },
  };
  return onStage(contestant, { n: more, walls: 5, storms: 3 }, async (stage, loads) => {
    const rss = (await settledRss(stage.pids, 1000)) / 1024;
    let join = 0;
    for (let turn = 1; turn <= 3; turn += 1) {
      const figures = await joinMore(stage, loads, await stage.crowd(more), seats + turn * more);
      join = figures.cpu;
    }
    return { seats, join, restart, rss };
  });
}
