import type { Stage } from '../contestants/contestant.js';
import { newHouse } from '../contestants/ours.js';
import { ask, newNoso, newVenue } from '../contestants/room.js';
import { joinMore } from '../joins.js';
import { onStage } from './on-stage.js';

const WALLS = 5;

/** Ours with so many NoSos open at once, each at a venue of its own; five walls at the first. */
export async function startMany(nosos: number): Promise<Stage> {
  const house = await newHouse(false);
  try {
    await house.open(1);
    const [node] = house.nodes;
    const base = `http://127.0.0.1:${node?.port}`;
    const owner = house.tokens.owner();
    const ids: string[] = [];
    let walls: string[] = [];
    for (let index = 0; index < nosos; index += 1) {
      const venue = await newVenue(base, owner, index === 0 ? WALLS : 0);
      if (index === 0) walls = venue.walls;
      const noso = await newNoso(base, owner, venue.venue);
      await ask(base, 'POST', `/api/nosos/${noso}/open`, owner);
      ids.push(noso);
    }
    let first = 0;
    return {
      pids: house.nodes.map((each) => each.pid),
      redis: null,
      host: '127.0.0.1',
      ports: house.nodes.map((each) => each.port),
      dialect: 'noso',
      join: 'socket',
      walls,
      nextStorm: async () => [],
      /** One after the other to each NoSo in turn. */
      async crowd(size) {
        const each = Math.ceil(size / nosos);
        const phones = ids.map((id, index) => house.minted(id, each, first + index * each));
        first += each * nosos;
        return Array.from({ length: size }, (_, index) => {
          const phone = phones[index % nosos]?.[Math.floor(index / nosos)];
          if (!phone) throw new Error('too few phones');
          return phone;
        });
      },
      said: () => house.nodes.map((each) => each.said()).join('\n'),
      stop: () => house.remove(),
    };
  } catch (error) {
    await house.remove();
    throw error;
  }
}

/** The servers' CPU for one of `n` joins spread over so many open NoSos, µs; warm. */
export function joinAmong(nosos: number, n: number): Promise<number> {
  const contestant = { name: 'ours', start: () => startMany(nosos) };
  return onStage(contestant, { n, walls: WALLS, storms: 2 }, async (stage, loads) => {
    const each = Math.ceil(n / nosos);
    await joinMore(stage, loads, await stage.crowd(n), each);
    await joinMore(stage, loads, await stage.crowd(n), each * 2);
    const figures = await joinMore(stage, loads, await stage.crowd(n), each * 3);
    return figures.cpu;
  });
}
