import type { ScreenInfo } from '../protocol/wire.js';

/** What screens said of themselves, for the console: in memory, on every node. */
export type Screens = ReturnType<typeof createScreens>;

/** By wall. */
export type Said = [wall: string, screen: ScreenInfo][];

/** More are not remembered: who said something longest ago goes first. */
const MOST = 10_000;
/** At most so many in one message. */
const AT_ONCE = 500;

/** `tell`: so that the other nodes know it as well. */
export function createScreens(tell: (said: Said) => void) {
  const known = new Map<string, ScreenInfo>();

  function keep(wall: string, screen: ScreenInfo): void {
    known.delete(wall);
    known.set(wall, screen);
    if (known.size > MOST) known.delete(known.keys().next().value as string);
  }

  return {
    of: (wall: string): ScreenInfo => known.get(wall) ?? {},
    /** Another node heard it. */
    hear(said: Said): void {
      for (const [wall, screen] of said) keep(wall, screen);
    },
    /** A wall here says so; told to the others where it is new. */
    note(wall: string, said: ScreenInfo): void {
      const before = known.get(wall);
      const screen = { ...before, ...said };
      keep(wall, screen);
      if (JSON.stringify(before) !== JSON.stringify(screen)) tell([[wall, screen]]);
    },
    /** Tells of these again, which are connected here: a node may have come, or a message be lost. */
    repeat(walls: readonly string[]): void {
      const all: Said = walls.flatMap((wall) => {
        const screen = known.get(wall);
        return screen ? [[wall, screen]] : [];
      });
      for (let k = 0; k < all.length; k += AT_ONCE) tell(all.slice(k, k + AT_ONCE));
    },
  };
}
