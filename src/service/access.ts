import type { Namespaces } from '../protocol/wire.js';

/** Who may ask. `anyone` is whoever shows no token, or one that does not matter here. */
export type Role = 'anyone' | 'participant' | 'wall' | 'door' | 'organizer' | 'owner';

/**
 * The one table of who may do what over HTTP (F7): nothing that is not in it exists, and whose
 * cookie counts follows from it too. An owner may do whatever an organizer may. Its test holds a
 * copy that was written from the contract.
 */
export const ROUTES = {
  'POST /api/passes': 'anyone',
  'POST /api/numbers': 'anyone',
  'POST /api/seats': 'anyone',
  'POST /api/returns': 'anyone',
  'GET /api/nosos': 'anyone',
  'GET /api/nosos/:id': 'anyone',
  'GET /api/nosos/:id/calendar.ics': 'anyone',
  'GET /api/calendar.ics': 'anyone',

  'PUT /api/nosos/:id/intent': 'participant',
  'DELETE /api/nosos/:id/intent': 'participant',
  'PUT /api/presence': 'participant',
  'GET /api/presence/:noso': 'participant',
  'DELETE /api/presence/:noso': 'participant',

  'POST /api/walls/pairing': 'anyone',
  'POST /api/walls/pairing/claim': 'anyone',
  'GET /api/walls/me': 'wall',

  'GET /api/cities': 'anyone',
  'POST /api/cities': 'anyone',
  'POST /api/door': 'door',

  'POST /api/sign-in': 'anyone',
  'GET /api/sign-in': 'organizer',
  'DELETE /api/sign-in': 'anyone',

  'POST /api/venues': 'organizer',
  'GET /api/venues': 'organizer',
  'PATCH /api/venues/:id': 'organizer',
  'DELETE /api/venues/:id': 'organizer',
  'POST /api/nosos': 'organizer',
  'PATCH /api/nosos/:id': 'organizer',
  'DELETE /api/nosos/:id': 'organizer',
  'POST /api/nosos/:id/open': 'organizer',
  'POST /api/nosos/:id/close': 'organizer',
  'POST /api/nosos/:id/cancel': 'organizer',
  'GET /api/nosos/:id/code': 'organizer',
  'GET /api/nosos/:id/record': 'organizer',
  'PUT /api/nosos/:id/headcount': 'organizer',
  'GET /api/nosos/:id/void': 'organizer',
  'POST /api/nosos/:id/void': 'organizer',
  'POST /api/nosos/:id/paper': 'organizer',
  'GET /api/nosos/:id/paper': 'organizer',
  'PUT /api/nosos/:id/paper/:number': 'organizer',
  'DELETE /api/nosos/:id/paper/:number': 'organizer',
  'POST /api/nosos/:id/doors': 'organizer',
  'GET /api/nosos/:id/doors': 'organizer',
  'DELETE /api/doors/:id': 'organizer',
  'GET /api/records': 'organizer',
  'POST /api/venues/:id/walls': 'organizer',
  'GET /api/venues/:id/walls': 'organizer',
  'PATCH /api/walls/:id': 'organizer',
  'POST /api/walls/:id/identify': 'organizer',
  'DELETE /api/walls/:id': 'organizer',

  'POST /api/series': 'organizer',
  'GET /api/series': 'organizer',
  'GET /api/series/foreseen': 'organizer',
  'GET /api/series/:id': 'organizer',
  'PUT /api/series/:id/evenings/:date': 'organizer',
  'PATCH /api/series/:id': 'organizer',
  'DELETE /api/series/:id': 'organizer',

  'POST /api/organizers': 'owner',
  'GET /api/organizers': 'owner',
  'DELETE /api/organizers/:id': 'owner',
} as const satisfies Record<`${string} /api/${string}`, Role>;

export type Route = keyof typeof ROUTES;

/** Routes that no other site's page may use, whatever it shows: they set or take a cookie. */
export const OWN_ORIGIN: ReadonlySet<Route> = new Set(['POST /api/sign-in', 'DELETE /api/sign-in']);

/** What anyone may ask, and whoever has a number asks as that number: it is its cookie that counts. */
export const NUMBERED: readonly Route[] = ['POST /api/seats', 'POST /api/numbers'];

/** The same for Socket.IO: who may connect, and what they may say there. The door goes by it. */
export const NAMESPACES = {
  '/phone': { role: 'participant', events: ['leave'] },
  '/wall': { role: 'wall', events: ['sync'] },
  '/organizer': { role: 'organizer', events: [] },
  '/door': { role: 'door', events: [] },
} as const satisfies {
  [N in keyof Namespaces]: { role: Role; events: readonly (keyof Namespaces[N]['says'])[] };
};

/** Whether `role` may do what `needed` may. */
export const may = (role: Role, needed: Role): boolean =>
  needed === 'anyone' || role === needed || (role === 'owner' && needed === 'organizer');
