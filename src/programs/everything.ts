import type { Change, Engine, Movable } from '../engine/engine.js';
import { noteAddressTold, readAddressTold } from '../service/addressTold.js';
import { noteInstallation, readInstallation } from '../service/installation.js';
import { noteRestored, readRestored, type Window } from '../service/restored.js';

/** An engine whose content is moved, copied or brought back. */
export type Side = Engine & Movable;

/** Everything that is there, deleted documents aside. */
export async function documentsOf(side: Pick<Engine, 'changesSince'>): Promise<Change[]> {
  const { changes } = await side.changesSince(0);
  return inOrder(changes.filter((change) => change.document !== null));
}

/** Venues first, so that no NoSo or wall is ever without its own. */
const ORDER = ['venue', 'noso'];
const placeOf = ({ kind }: Change) => {
  const place = ORDER.indexOf(kind);
  return place < 0 ? ORDER.length : place;
};

export const inOrder = (changes: Change[]): Change[] =>
  changes.sort((a, b) => placeOf(a) - placeOf(b));

export const isOpen = (change: Change): boolean =>
  change.kind === 'noso' && change.document?.life.is === 'open';

export async function drawnOf(side: Pick<Movable, 'drawnNumbers'>): Promise<Set<number>> {
  const all = new Set<number>();
  for await (const piece of side.drawnNumbers()) for (const number of piece) all.add(number);
  return all;
}

/**
 * What tells an installation from another: the id in its cookies' names, the address that posters say
 * (copies of earlier releases have none), and when it was a copy.
 */
export type Identity = {
  installation: string | null;
  address?: string | null | undefined;
  windows: Window[];
};

export const identityOf = async (side: Engine): Promise<Identity> => ({
  installation: await readInstallation(side),
  address: await readAddressTold(side),
  windows: await readRestored(side),
});

/** False where a server has run already, and given it another id. */
export async function putIdentity(side: Engine, is: Identity): Promise<boolean> {
  const { installation, address, windows } = is;
  if (installation !== null && !(await noteInstallation(side, installation))) return false;
  if (address) await noteAddressTold(side, address);
  if (windows.length > 0) await noteRestored(side, windows);
  return true;
}
