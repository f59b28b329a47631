/** Where two runs were told different things: by whom, and what. */
export type Difference = { world: number; who: string; one: string; other: string };

type Told = Map<string, string[]>;

/** The first frame of everybody that is not the same in both runs. */
export function compare(one: Told, other: Told): Difference[] {
  const found: Difference[] = [];
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const [mine, theirs] = [one.get(name) ?? [], other.get(name) ?? []];
    const longest = Math.max(mine.length, theirs.length);
    const k = Array.from({ length: longest }, (_, i) => i).find((i) => mine[i] !== theirs[i]);
    if (k === undefined) continue;
    const [world = '', ...who] = name.split(' ');
    found.push({
      world: Number(world),
      who: `${who.join(' ')}, frame ${k}`,
      one: mine[k] ?? 'nothing',
      other: theirs[k] ?? 'nothing',
    });
  }
  return found;
}

/**
 * What a frame says of time, the passes, which are signed with a time in them, and whom a door seated,
 * which it is told with the beats.
 */
const TIMES =
  /"(serverTime|effectiveAt|since|startsAt|endsAt|openedAt|closedAt|validUntil|at|pass|here)":("[^"]*"|\d+)/g;

/**
 * Frames without their times, and without the beats: a beat says again what was said, and whether
 * one is due depends on a time that the test does not hold. An epoch is named by its turn, since a
 * founding on Redis takes it from the clock and from chance.
 */
export function timeless(told: Told): Told {
  return new Map([...told].map(([name, frames]) => [name, withoutBeats(inTurn(frames.map(bare)))]));
}

/** One in the middle of a sentence, such as when a number left. */
const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

const bare = (frame: string) => frame.replace(TIMES, '"$1"').replace(INSTANT, 'then');

function inTurn(frames: string[]): string[] {
  const turns = new Map<string, number>();
  return frames.map((frame) =>
    frame.replace(/"epoch":(\d+)/g, (_, epoch: string) => {
      if (!turns.has(epoch)) turns.set(epoch, turns.size);
      return `"epoch":${turns.get(epoch)}`;
    }),
  );
}

function withoutBeats(frames: string[]): string[] {
  let shown = '';
  return frames.filter((frame) => {
    const state = /"epoch":\d+,"seq":\d+,"count":\d+/.exec(frame)?.[0];
    const repeats = state === shown && frame.includes('["count"');
    if (state !== undefined) shown = state;
    return !repeats;
  });
}
