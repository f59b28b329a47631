// The contract's HTTP side, as a client of somebody else's would call it.
import { setTimeout as pause } from 'node:timers/promises';
import type { Code, EntryPass, Noso, NosoRecord, Seat, Venue } from '../../src/protocol/wire.js';

export type Reply<T = Record<string, unknown>> = {
  status: number;
  headers: Headers;
  body: T & {
    code?: string;
    reason?: string;
    field?: string;
    detail?: string;
    retryAfter?: number;
  };
};

/** A number, its token, and the pass that stands for it. */
export type Person = { number: string; token: string; pass: string };

export type TestApi = ReturnType<typeof apiOf>;

const refused = (what: string, { status, body }: Reply<unknown>) =>
  new Error(`${what}: ${status} ${JSON.stringify(body)}`);

const isJson = ({ headers }: Response) => /json/.test(headers.get('content-type') ?? '');

/** How often what is safe to repeat is asked at most, as a client does whose store does not answer (P3). */
const TRIES = 5;

/** Calls the API at `url`; `owner` is an owner's token. Nothing throws on a refusal. */
export function apiOf(url: string, owner: string) {
  async function call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    token?: string | null,
  ): Promise<Reply<T>> {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (token) headers.authorization = `Bearer ${token}`;
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson(response) && text !== '' ? JSON.parse(text) : {}) as Reply<T>['body'],
    };
  }

  /**
   * A call that may be repeated, whatever became of it: a disk that others keep busy for two seconds is
   * no failure. What a test wants to see refused is asked by `call`.
   */
  const insist: typeof call = async (...asked) => {
    for (let tries = 1; ; tries += 1) {
      const reply = await call(...asked);
      const { code, reason, retryAfter = 1 } = reply.body;
      if (code !== 'unavailable' || reason !== 'no_answer' || tries === TRIES)
        return reply as never;
      await pause(retryAfter * 1000);
    }
  };

  /** A call as the owner that must succeed. */
  async function own<T>(method: string, path: string, body?: unknown): Promise<T> {
    const ask = method === 'GET' ? insist : call;
    const reply = await ask<T>(method, path, body, owner);
    if (reply.status >= 300) {
      throw refused(`${method} ${path}`, reply);
    }
    return reply.body as T;
  }

  const api = {
    call,
    own,
    /** The owner’s token. */
    token: owner,
    venue: (fields: object = {}) =>
      own<Venue>('POST', '/api/venues', {
        name: 'Bibliothèque des Quais',
        city: 'Lyon',
        timeZone: 'Europe/Paris',
        language: 'fr',
        ...fields,
      }),
    /** A NoSo around now at a venue (a new one unless given), open unless told otherwise. */
    async noso(fields: Record<string, unknown> = {}, open = true): Promise<Noso> {
      const venue = fields.venue ?? (await api.venue()).id;
      const noso = await own<Noso>('POST', '/api/nosos', {
        title: 'Une heure pour rien',
        startsAt: new Date(Date.now() - 60_000).toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
        ...fields,
        venue,
      });
      return open ? own<Noso>('POST', `/api/nosos/${noso.id}/open`) : noso;
    },
    wall: (venue: string, name = 'Grande salle') =>
      own<{ id: string; url: string; token: string }>('POST', `/api/venues/${venue}/walls`, {
        name,
      }),
    code: (noso: string) => own<Code>('GET', `/api/nosos/${noso}/code`),
    record: (noso: string) => own<NosoRecord>('GET', `/api/nosos/${noso}/record`),
    async pass(noso: string): Promise<string> {
      const { code } = await api.code(noso);
      const reply = await insist<EntryPass>('POST', '/api/passes', { code });
      if (reply.status !== 201) throw refused('pass', reply);
      return reply.body.pass;
    },
    async number(pass: string): Promise<{ number: string; token: string }> {
      const path = '/api/numbers';
      const reply = await insist<{ number: string; token: string }>('POST', path, { pass });
      if (reply.status > 201) throw refused('number', reply);
      return reply.body;
    },
    /** Somebody who came in: a pass of their own, and the number that it stands for. */
    async person(noso: string): Promise<Person> {
      const pass = await api.pass(noso);
      return { ...(await api.number(pass)), pass };
    },
    /** So many of them, some at a time. */
    async people(noso: string, count: number): Promise<Person[]> {
      const all: Person[] = [];
      for (let k = 0; k < count; k += 50) {
        const some = Array.from({ length: Math.min(50, count - k) }, () => api.person(noso));
        all.push(...(await Promise.all(some)));
      }
      return all;
    },
    /** The whole way in at once, with the code of the moment. */
    async enter(noso: string, fields: object = {}) {
      const { code } = await api.code(noso);
      return call<{ token: string; seat: Seat }>('POST', '/api/seats', { code, ...fields });
    },
    sit: (token: string, pass: string, back?: boolean) =>
      insist<Seat>('PUT', '/api/presence', { pass, ...(back ? { back } : {}) }, token),
    leave: (token: string, noso: string) =>
      insist('DELETE', `/api/presence/${noso}`, undefined, token),
  };
  return api;
}
