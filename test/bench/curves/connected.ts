import type { Contestant } from '../contestants/contestant.js';
import { joinMore, joinStorm } from '../joins.js';
import { descriptorsOf, mostDescriptors, until } from '../measure/proc.js';
import { onStage } from './on-stage.js';

const MORE = 1000;
/** Descriptors that a server needs besides its phones'. */
const SPARE = 300;

/** The sizes that one server process can hold on this machine. */
export async function sizes(wanted: number[]): Promise<number[]> {
  const most = (await mostDescriptors()) - SPARE - 2 * MORE;
  const possible = wanted.filter((n) => n <= most);
  return wanted.length === possible.length ? possible : [...possible, most];
}

/** The servers' CPU for one join beside `n` connected phones, µs: of 1,000 on a warm process. */
export function joinBeside(contestant: Contestant, n: number): Promise<number> {
  return onStage(contestant, { n, walls: 5, storms: 2 }, async (stage, loads) => {
    const before = await descriptorsOf(stage.pids);
    await joinStorm(stage, loads, await stage.nextStorm(), false);
    await loads.phones.drop();
    await until('connections are closed', 60_000, async () => {
      return (await descriptorsOf(stage.pids)) <= before + 8;
    });
    await joinStorm(stage, loads, await stage.nextStorm(), false);
    await joinMore(stage, loads, await stage.crowd(MORE), n + MORE);
    const figures = await joinMore(stage, loads, await stage.crowd(MORE), n + 2 * MORE);
    return figures.cpu;
  });
}
