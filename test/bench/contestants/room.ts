// A venue of ours, readied over the public API as an organizer and phones would.
import type { Credentials } from '../load/dialects.js';
import { callAll, type HttpCall } from '../load/http.js';

const HOUR = 3_600_000;
const LANES = 32;
/** A code is good for a minute: this many passes are got with one before the next is asked for. */
const PER_CODE = 5000;

/** One NoSo for each storm, all at one venue. */
export type Room = {
  nosos: string[];
  walls: string[];
  /** How many phones there are, and the tokens of their numbers once they have some. */
  n: number;
  tokens: string[];
  /** How many NoSos were opened. */
  opened: number;
};

/** One call that must go well. */
export async function ask<T>(
  base: string,
  method: string,
  path: string,
  token: string | null,
  body?: unknown,
): Promise<T> {
  const response = await fetch(base + path, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}

/** Many calls at once, all of which must go well. */
async function askAll<T>(base: string, calls: HttpCall[]): Promise<T[]> {
  const { hostname, port } = new URL(base);
  const result = await callAll({ host: hostname, ports: [Number(port)], calls, lanes: LANES });
  if (result.answers.includes(null)) {
    throw new Error(`set-up: ${JSON.stringify(result.failures).slice(0, 500)}`);
  }
  return result.answers as T[];
}

type Plan = { base: string; owner: string; n: number; walls: number; storms: number };

/** A venue with its walls, and a NoSo; not open yet. */
export async function newVenue(base: string, owner: string, walls: number) {
  const venue = await ask<{ id: string }>(base, 'POST', '/api/venues', owner, {
    name: 'Bench',
    city: 'Lyon',
    timeZone: 'Europe/Paris',
  });
  const hung = await askAll<{ token: string }>(
    base,
    Array.from({ length: walls }, () => ({
      method: 'POST',
      path: `/api/venues/${venue.id}/walls`,
      token: owner,
      body: {},
    })),
  );
  return { venue: venue.id, walls: hung.map((wall) => wall.token) };
}

export async function newNoso(base: string, owner: string, venue: string): Promise<string> {
  const now = Date.now();
  const noso = await ask<{ id: string }>(base, 'POST', '/api/nosos', owner, {
    venue,
    title: 'Bench',
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + 3 * HOUR).toISOString(),
    // Codes may be exchanged for as many passes as that.
    capacity: 10_000_000,
  });
  return noso.id;
}

/** A pass for each of `n` phones, got with the code of the moment as theirs would be. */
export async function passes(base: string, owner: string, noso: string, n: number) {
  const all: string[] = [];
  while (all.length < n) {
    const { code } = await ask<{ code: string }>(base, 'GET', `/api/nosos/${noso}/code`, owner);
    const calls = Array.from({ length: Math.min(PER_CODE, n - all.length) }, () => ({
      method: 'POST',
      path: '/api/passes',
      body: { code },
    }));
    const got = await askAll<{ pass: string }>(base, calls);
    all.push(...got.map(({ pass }) => pass));
  }
  return all;
}

/** A number that is kept, and its token, for each pass. */
const numbers = (base: string, given: string[]) =>
  askAll<{ number: string; token: string }>(
    base,
    given.map((pass) => ({ method: 'POST', path: '/api/numbers', body: { pass, keep: true } })),
  );

/** What the storms need. */
export async function readyRoom({ base, owner, n, walls, storms }: Plan): Promise<Room> {
  const venue = await newVenue(base, owner, walls);
  const nosos: string[] = [];
  for (let storm = 0; storm < storms; storm += 1) {
    nosos.push(await newNoso(base, owner, venue.venue));
  }
  return { nosos, walls: venue.walls, n, tokens: [], opened: 0 };
}

/**
 * Closes the NoSo that is open and opens the next. Returns its phones, which have a number and a
 * pass already, so that a storm is nothing but joins.
 */
export async function openNext(room: Room, base: string, owner: string): Promise<Credentials[]> {
  const [before, now] = [room.nosos[room.opened - 1], room.nosos[room.opened]];
  if (before) await ask(base, 'POST', `/api/nosos/${before}/close`, owner);
  if (!now) throw new Error('no more storms were readied');
  await ask(base, 'POST', `/api/nosos/${now}/open`, owner);
  room.opened += 1;
  const got = await passes(base, owner, now, room.n);
  if (room.tokens.length === 0) {
    room.tokens = (await numbers(base, got)).map(({ token }) => token);
  }
  return got.map((pass, index) => ({ pass, token: room.tokens[index] as string }));
}
