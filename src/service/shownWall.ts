import type { ShownWall } from '../protocol/wire.js';
import type { Catalogue } from './mirror.js';

/** What a wall is told of itself. */
export function shownWall(catalogue: Catalogue, id: string): ShownWall {
  const wall = catalogue.wall(id);
  const walls = [...catalogue.walls()].filter((each) => each.venue === wall?.venue).length;
  const { name = '', diagonal = null, distance = null } = wall ?? {};
  return { name, diagonal, distance, walls };
}
