import type { Parts } from './wiring.js';

type Needs = Pick<Parts, 'calls' | 'keys' | 'time'>;

/** These walls were heard just now, by Redis' time. */
export async function beat({ calls, keys, time }: Needs, walls: string[]): Promise<void> {
  if (walls.length === 0) return;
  const now = time.now();
  await calls.send((client) => client.hset(keys.beats, ...walls.flatMap((wall) => [wall, now])));
}

/** When each of these walls was heard last, on whichever node; ms. */
export async function beats({ calls, keys }: Needs, walls: string[]): Promise<Map<string, number>> {
  if (walls.length === 0) return new Map();
  const times = await calls.send((client) => client.hmget(keys.beats, ...walls));
  const noted = walls.map((wall, k) => [wall, times[k]] as const);
  return new Map(noted.flatMap(([wall, at]) => (at ? [[wall, Number(at)] as const] : [])));
}
