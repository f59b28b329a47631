export const ROOMS = ['programme', 'venues', 'records', 'keys'] as const;
export type Room = (typeof ROOMS)[number];

/** `series`: the id is a series'. */
const DOINGS = ['edit', 'again', 'series'] as const;
export type Doing = (typeof DOINGS)[number];

/** Where the organizer is: a room, perhaps one thing in it, perhaps what is being done to it. */
export type Route = {
  room: Room;
  id: string | null;
  doing: Doing | null;
  /** What a screen shows that is to be tied, where the address came from it. */
  pairing: string | null;
};

/** Ids of what is not there yet. Ids are the server's, and none of them is one of these. */
export const NEW = 'new';
export const SCREEN = 'screen';

const PREFIX = '#/';

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function readRoute(hash: string): Route {
  const [room, id, doing] = hash.slice(PREFIX.length).split('/').map(decoded);
  return {
    room: ROOMS.find((known) => known === room) ?? 'programme',
    id: id || null,
    doing: DOINGS.find((known) => known === doing) ?? null,
    pairing: id === SCREEN ? (doing ?? '') : null,
  };
}

export function hrefOf(room: Room, id?: string | null, doing?: Doing): string {
  return (
    PREFIX +
    [room, id, doing]
      .filter((part) => part)
      .map((p) => encodeURIComponent(p as string))
      .join('/')
  );
}

/** Goes there; `replace` leaves no way back (to a form that is done, or a thing that is gone). */
export function go(href: string, replace = false): void {
  if (replace) location.replace(href);
  else location.hash = href;
}

const PAIR = '#pair=';
/** Where a screen's square leads: its code stays in the address, as that of what is to be done. */
export const pairingIn = (hash: string): string | null =>
  hash.startsWith(PAIR)
    ? `${PREFIX}venues/${SCREEN}/${encodeURIComponent(decoded(hash.slice(PAIR.length)))}`
    : null;

/** A sign-in link's key, if the address carries one: any fragment that is not a route. */
export const keyIn = (hash: string): string | null =>
  hash.length > 1 && !hash.startsWith(PREFIX) ? hash.slice(1) : null;

/** The key in what was pasted, whether it is a whole link or the key alone. */
export function keyOf(pasted: string): string {
  const trimmed = pasted.trim();
  return trimmed.slice(trimmed.lastIndexOf('#') + 1);
}
