import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import type { Gathering } from './gatherings.js';
import type { History } from './history.js';
import type { Node } from './nodes.js';
import { Person } from './person.js';

/** While so many wait for an answer nobody else comes: what cannot be answered is not to grow. */
const QUEUE = 60;

/** People who come, stay, come back, and leave, until told to stop. */
export type Load = {
  /** Half of the phones on sockets stop reading and are never heard of again. */
  vanish: () => void;
  /** Every phone on a socket is cut off. */
  drop: () => void;
  /** Nobody comes any more; resolves once everybody has an answer to what was asked. */
  stop: () => Promise<void>;
};

export function startLoad(options: {
  gatherings: Gathering[];
  nodes: Node[];
  history: History;
  chance: Chance;
  lossy: boolean;
}): Load {
  const { gatherings, chance } = options;
  const people = new Set<Person>();
  const lives: Promise<void>[] = [];
  const ending = new AbortController();
  setMaxListeners(0, ending.signal); // everybody waits for it

  async function arrivals(gathering: Gathering): Promise<void> {
    while (!ending.signal.aborted) {
      if ([...people].filter(({ waits }) => waits).length < QUEUE) {
        const person = new Person({ ...options, gathering, ending: ending.signal });
        people.add(person);
        lives.push(person.live());
      }
      await pause(chance.between(gathering.every / 2, gathering.every * 1.5));
    }
  }
  const coming = gatherings.map(arrivals);

  return {
    vanish() {
      for (const person of people) if (chance.happens(0.5)) person.vanish();
    },
    drop() {
      for (const person of people) person.drop();
    },
    async stop() {
      ending.abort();
      await Promise.all(coming);
      await Promise.all(lives);
      for (const person of people) person.close();
    },
  };
}
