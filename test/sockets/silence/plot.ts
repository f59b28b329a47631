// What happens in a world, the same in both runs of a pair.
import { type AtDoor, atDoor } from './doorway.js';
import type { Random } from './random.js';

/** Phones that behave. */
export const HONEST = 3;

/** What happens in a world at one step, the same in both runs. */
export type Deed =
  | { do: 'sit' | 'leave' | 'drop'; who: number }
  | { do: 'wall' | 'sync' | 'nothing' }
  | { do: 'loud sits' | 'loud leaves' }
  | AtDoor;

/** What happens in one world, drawn so that it can: who is seated leaves, who left may return. */
function drawn(random: Random, pauses: number[]): Deed[] {
  const seated = new Set<number>();
  let loud: 'never' | 'seated' | 'left' = 'never';
  let returns = 0;
  let since = 0;
  return pauses.map((pause) => {
    since += pause;
    const who = random.below(HONEST);
    const may: Deed[] = [
      { do: 'nothing' },
      { do: 'wall' },
      { do: 'sync' },
      atDoor(random),
      seated.has(who) ? { do: random.of(['leave', 'drop'] as const), who } : { do: 'sit', who },
    ];
    if (loud === 'seated') may.push({ do: 'loud leaves' });
    if (loud === 'never' || (loud === 'left' && since >= 60_000 && returns < 3)) {
      may.push({ do: 'loud sits' }, { do: 'loud sits' });
    }
    const deed = random.of(may);
    if (deed.do === 'sit') seated.add(deed.who);
    if (deed.do === 'leave') seated.delete(deed.who);
    if (deed.do === 'loud sits') {
      if (loud === 'left') returns += 1;
      loud = 'seated';
    }
    if (deed.do === 'loud leaves') {
      loud = 'left';
      since = 0;
    }
    return deed;
  });
}

/** Whoever left stays away: only the loud one comes back. */
const onceOnly = (deeds: Deed[]): Deed[] => {
  const left = new Set<number>();
  return deeds.map((deed) => {
    if (!('who' in deed)) return deed;
    if (left.has(deed.who)) return { do: 'nothing' };
    if (deed.do === 'leave') left.add(deed.who);
    return deed;
  });
};

/** What happens in a world, a deed for each pause. */
export const drawPlot = (random: Random, pauses: number[]): Deed[] =>
  onceOnly(drawn(random, pauses));
