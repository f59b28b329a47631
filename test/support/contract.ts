// Who may do what, written from PROTOCOL.md by hand and never from the table that it judges.
import type { Role } from '../../src/service/access.js';

/** Every address of the API, by who may ask. */
export const MAY_ASK: Record<Role, string[]> = {
  anyone: [
    'POST /api/passes',
    'POST /api/seats',
    'POST /api/numbers',
    'POST /api/returns',
    'GET /api/nosos',
    'GET /api/nosos/:id',
    'GET /api/nosos/:id/calendar.ics',
    'GET /api/calendar.ics',
    'GET /api/cities',
    'POST /api/cities',
    'POST /api/walls/pairing',
    'POST /api/walls/pairing/claim',
    'POST /api/sign-in',
    'DELETE /api/sign-in',
  ],
  participant: [
    'PUT /api/nosos/:id/intent',
    'DELETE /api/nosos/:id/intent',
    'PUT /api/presence',
    'GET /api/presence/:noso',
    'DELETE /api/presence/:noso',
  ],
  wall: ['GET /api/walls/me'],
  door: ['POST /api/door'],
  organizer: [
    'GET /api/sign-in',
    'POST /api/venues',
    'GET /api/venues',
    'PATCH /api/venues/:id',
    'DELETE /api/venues/:id',
    'POST /api/nosos',
    'PATCH /api/nosos/:id',
    'DELETE /api/nosos/:id',
    'POST /api/nosos/:id/open',
    'POST /api/nosos/:id/close',
    'POST /api/nosos/:id/cancel',
    'GET /api/nosos/:id/code',
    'GET /api/nosos/:id/record',
    'GET /api/records',
    'POST /api/venues/:id/walls',
    'GET /api/venues/:id/walls',
    'PATCH /api/walls/:id',
    'POST /api/walls/:id/identify',
    'DELETE /api/walls/:id',
    'POST /api/nosos/:id/paper',
    'GET /api/nosos/:id/paper',
    'PUT /api/nosos/:id/paper/:number',
    'DELETE /api/nosos/:id/paper/:number',
    'POST /api/nosos/:id/doors',
    'GET /api/nosos/:id/doors',
    'DELETE /api/doors/:id',
    'GET /api/nosos/:id/void',
    'POST /api/nosos/:id/void',
    'PUT /api/nosos/:id/headcount',
    'POST /api/series',
    'GET /api/series',
    'GET /api/series/foreseen',
    'GET /api/series/:id',
    'PUT /api/series/:id/evenings/:date',
    'PATCH /api/series/:id',
    'DELETE /api/series/:id',
  ],
  owner: ['POST /api/organizers', 'GET /api/organizers', 'DELETE /api/organizers/:id'],
};

/** In the contract, and not in this server yet: only to be shortened. */
export const NOT_YET = new Set<string>();

/** What there is of it. */
export const ADDRESSES: { route: string; method: string; path: string; needed: Role }[] =
  Object.entries(MAY_ASK).flatMap(([needed, routes]) =>
    routes
      .filter((route) => !NOT_YET.has(route))
      .map((route) => {
        const [method, path] = route.split(' ') as [string, string];
        return { route, method, path: path.replace(/:\w+/g, 'nothing'), needed: needed as Role };
      }),
  );

/** Who may connect to each namespace, and what they may say there. */
export const MAY_CONNECT: Record<string, { roles: Role[]; says: string[] }> = {
  '/phone': { roles: ['participant'], says: ['leave'] },
  '/wall': { roles: ['wall'], says: ['sync'] },
  '/organizer': { roles: ['organizer', 'owner'], says: [] },
  '/door': { roles: ['door'], says: [] },
};

/** Who may do what `needed` may: an owner whatever an organizer may, and anybody what anyone may. */
export function mayDo(role: Role, needed: Role): boolean {
  switch (needed) {
    case 'anyone':
      return true;
    case 'organizer':
      return role === 'organizer' || role === 'owner';
    default:
      return role === needed;
  }
}
