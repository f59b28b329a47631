import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../domain/errors.js';
import type { Role } from './access.js';
import type { CookieName } from './cookies.js';
import type { Catalogue } from './mirror.js';
import type { Passes } from './passes.js';
import { type Sessions, sessionOf } from './sessions.js';
import type { Tokens } from './tokens.js';

/** Who a token belongs to, and until when (ms) it is good, where it is not good until revoked. */
export type Identity =
  | { role: 'anyone' }
  | { role: 'participant'; number: number; noso: string | null; token: string; until: number }
  | { role: 'wall'; id: string }
  | { role: 'door'; id: string; noso: string }
  | { role: 'organizer'; id: string; label: string }
  | { role: 'owner'; until: number };

/** Until when somebody is who they are, in ms. */
export const untilOf = (who: Identity): number =>
  'until' in who ? who.until : Number.POSITIVE_INFINITY;

export const hashOf = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url');

/** A random id: letters and digits, never 20 characters long (an adapter takes those for sockets). */
export const newId = (): string => randomBytes(9).toString('base64url').replace(/[-_]/g, 'x');

/** A new key of an organizer or a wall: what is shown once, and the hash that is kept. */
export function newKey(prefix: 'organizer' | 'wall' | 'door'): {
  id: string;
  token: string;
  hash: string;
} {
  const id = newId();
  const token = `${prefix}.${id}.${randomBytes(24).toString('base64url')}`;
  return { id, token, hash: hashOf(token) };
}

/** What is kept of a key of this kind. */
function keptFor(catalogue: Catalogue, kind: string | undefined, id: string) {
  switch (kind) {
    case 'wall':
      return catalogue.wall(id);
    case 'door':
      return catalogue.door(id);
    default:
      return catalogue.organizer(id);
  }
}

/** Who a key is of that is kept by its hash; null where there is none. */
function whoseKey(catalogue: Catalogue, token: string): Identity | null {
  const [kind, id = ''] = token.split('.', 2);
  const kept = keptFor(catalogue, kind, id);
  if (!kept) return null;
  const same = timingSafeEqual(Buffer.from(hashOf(token)), Buffer.from(kept.hash));
  if (!same) return null;
  if ('label' in kept) return { role: 'organizer', id, label: kept.label };
  return 'noso' in kept ? { role: 'door', id, noso: kept.noso } : { role: 'wall', id };
}

/** Reads tokens into identities; null for a token that is not, or no longer, valid. */
export function createIdentify(deps: {
  tokens: Tokens;
  catalogue: Catalogue;
  restored: { refuses: (issuedAt: number) => boolean };
  sessions: Pick<Sessions, 'isOver'>;
}) {
  const { tokens, catalogue, restored, sessions } = deps;

  const byKey = (token: string) => whoseKey(catalogue, token);

  async function byNewKey(token: string): Promise<Identity | null> {
    await catalogue.refresh(); // it may have been made on another node a moment ago
    return byKey(token);
  }

  async function owner(token: string): Promise<Identity | null> {
    const owner = tokens.verify('owner', token);
    if (!owner) return null;
    const until = owner.exp * 1000;
    return (await sessions.isOver(sessionOf(token, until))) ? null : { role: 'owner', until };
  }

  // Phones come in storms: who they are is known at once.
  return (token: string): Identity | null | Promise<Identity | null> => {
    if (/^(wall|organizer|door)\./.test(token)) return byKey(token) ?? byNewKey(token);
    const number = tokens.verify('number', token);
    if (number) {
      const { number: drawn, noso = null, exp, iat = 0 } = number;
      if (noso === null && restored.refuses(iat)) return null;
      return { role: 'participant', number: drawn, noso, token, until: exp * 1000 };
    }
    return owner(token);
  };
}

/** Whether this installation made what is in a cookie, as far as this node knows by now. */
export const createMade =
  (deps: { tokens: Tokens; passes: Pick<Passes, 'read'>; catalogue: Catalogue }) =>
  (name: CookieName, value: string): boolean => {
    const { tokens, passes, catalogue } = deps;
    if (name === 'organizer') {
      return tokens.verify('owner', value) !== null || whoseKey(catalogue, value) !== null;
    }
    if (name === 'pass' || name === 'entry') return passes.read(value) !== null;
    return tokens.verify('number', value) !== null;
  };

/** The shape of a key that this server may have made. */
const KEY = /^(wall|door|organizer)\.(\w{12})\.[\w-]{32}$/;

/** Why a token that identifies nobody does not (F8). */
export function createWhyNot(deps: {
  tokens: Tokens;
  catalogue: Catalogue;
  sessions: Pick<Sessions, 'isKnownOver'>;
}) {
  const { tokens, catalogue, sessions } = deps;
  return (token: string): Refusal => {
    const [, kind, id = ''] = KEY.exec(token) ?? [];
    if (sessions.isKnownOver(sessionOf(token, 0))) {
      return new Refusal('unauthorized.revoked', 'this session is over');
    }
    if (kind && !keptFor(catalogue, kind, id))
      return new Refusal('unauthorized.revoked', 'this key is no more');
    return tokens.hasExpired(token)
      ? new Refusal('unauthorized.expired', 'this token has expired')
      : new Refusal('unauthorized.invalid', 'not a valid token');
  };
}

/**
 * The host that a request was sent to, as browsers spell it: proxies write capitals, and ports that go
 * without saying. '' where there is none.
 */
export const hostOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string =>
  (headers.host ?? '').toLowerCase().replace(/:(80|443)$/, '');

/** Whether an `Origin` is ours: PUBLIC_URL's, or that of the host the request was sent to. */
export function ownOrigin(origin: string, request: IncomingMessage, publicUrl: string): boolean {
  if (origin === publicUrl) return true;
  const { host } = request.headers;
  if (!host) return false;
  const spelled = host.toLowerCase();
  return (
    origin === `http://${spelled.replace(/:80$/, '')}` ||
    origin === `https://${spelled.replace(/:443$/, '')}`
  );
}

/**
 * Whether this request's cookies count: with our own origin, or, where browsers send none, for
 * what changes nothing (the cookies are SameSite as well).
 */
export function cookiesCount(request: IncomingMessage, publicUrl: string): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) return ownOrigin(origin, request, publicUrl);
  return request.method === 'GET' || request.method === 'HEAD';
}

export type WhyNot = ReturnType<typeof createWhyNot>;

export type Identify = ReturnType<typeof createIdentify>;
export type { Role };
