import * as assert from 'uvu/assert';
import type { TestApi } from '../support/api.js';
import { openWall } from '../support/sockets.js';
import { answered, type House } from './house.js';
import { Door } from './people.js';

/** Who comes. */
export type Evening = {
  /** Sit down while it gathers. */
  phones: number;
  /** As many more, whose browsers keep nothing. */
  cookieless: number;
  /** Through each of two doors. */
  byDoor: number;
  paper: number;
  /** How long one of the doors is without a line, at least, in ms. */
  cut: number;
};

export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/**
 * The day before: a NoSo with so many seats, numbers on paper, two doors, of which the second is at the
 * entrance whose line can be cut, and three walls, on as many nodes as there are. It is not open yet.
 */
export async function prepare(house: House, who: Evening, seats: number) {
  const { apis, nodes, entrance } = house;
  /** As the owner, from whichever node answers. */
  const own = <T>(method: string, path: string, body?: unknown) =>
    answered(apis, (api) => api.call<T>(method, path, body, api.token)).then((reply) => {
      assert.ok(reply.status < 300, `${method} ${path}: ${JSON.stringify(reply.body)}`);
      return reply.body as T;
    });
  const [first] = apis as [TestApi];
  const { id: venue } = await first.venue();
  const hours = { startsAt: inMs(15 * 60_000), endsAt: inMs(75 * 60_000), gather: 15 };
  const { id: noso } = await first.noso({ venue, ...hours, veil: 0, capacity: seats }, false);
  const { token: screen } = await first.wall(venue);
  const of = `/api/nosos/${noso}`;
  const drawn = { count: who.paper };
  const { numbers: paper } = await own<{ numbers: string[] }>('POST', `${of}/paper`, drawn);
  const door = async (name: string, lines: TestApi[]) => {
    const { token } = await own<{ token: string }>('POST', `${of}/doors`, { name });
    return new Door(token, lines);
  };
  const north = await door('North', apis);
  const south = await door('South', [entrance.api]);
  const again = { reconnection: true, reconnectionDelay: 100, reconnectionDelayMax: 300 };
  const walls = [0, 1, 2].map((k) => {
    const { url } = nodes[k % nodes.length] as House['nodes'][0];
    return openWall(url, screen, again);
  });
  return { own, noso, paper, north, south, walls };
}
