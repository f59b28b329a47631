import type { ScreenInfo } from '../protocol/wire.js';

/** What screens said of themselves, for the console: in memory, on every node. */
export type Screens = ReturnType<typeof createScreens>;

/** More are not remembered: who said something longest ago goes first. */
const MOST = 10_000;

/** `tell`: so that the other nodes know it as well. */
export function createScreens(tell: (wall: string, screen: ScreenInfo) => void) {
  const known = new Map<string, ScreenInfo>();

  function hear(wall: string, screen: ScreenInfo): void {
    known.delete(wall);
    known.set(wall, screen);
    if (known.size > MOST) known.delete(known.keys().next().value as string);
  }

  return {
    of: (wall: string): ScreenInfo => known.get(wall) ?? {},
    /** Another node heard it. */
    hear,
    /** A wall here says so; told to the others where it is new. */
    note(wall: string, said: ScreenInfo): void {
      const before = known.get(wall);
      const screen = { ...before, ...said };
      hear(wall, screen);
      if (JSON.stringify(before) !== JSON.stringify(screen)) tell(wall, screen);
    },
  };
}
