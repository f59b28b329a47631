// A token for every role, and one for everything that can be wrong with a token.
import { createHmac } from 'node:crypto';
import type { Role } from '../../src/service/access.js';
import { createTokens } from '../../src/service/tokens.js';
import type { TestApi } from './api.js';
import { SECRET } from './server.js';

const YEAR = 365 * 86_400_000;
export const ROLES: Role[] = ['anyone', 'participant', 'wall', 'door', 'organizer', 'owner'];
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export type Keys = {
  noso: string;
  pass: string;
  valid: Record<Role, string | null>;
  /** Tokens that are worth nothing, by what is wrong with them. */
  void: Record<string, string>;
};

export async function keysOf(api: TestApi): Promise<Keys> {
  const noso = await api.noso();
  const pass = await api.pass(noso.id);
  const number = await api.number(pass);
  const seat = await api.sit(number.token, pass);
  const wall = await api.wall(noso.venue.id);
  const door = await api.own<{ token: string }>('POST', `/api/nosos/${noso.id}/doors`, {});
  const organizer = await api.own<{ id: string; token: string }>('POST', '/api/organizers', {
    label: 'Odile',
  });
  const gone = await api.own<{ id: string; token: string }>('POST', '/api/organizers', {
    label: 'Solange',
  });
  await api.own('DELETE', `/api/organizers/${gone.id}`);
  const goneWall = await api.wall(noso.venue.id);
  await api.own('DELETE', `/api/walls/${goneWall.id}`);
  const doors = `/api/nosos/${noso.id}/doors`;
  const goneDoor = await api.own<{ id: string; token: string }>('POST', doors, {});
  await api.own('DELETE', `/api/doors/${goneDoor.id}`);
  const past = createTokens([SECRET], () => Date.now() - 2 * YEAR);
  const other = createTokens(['another secret, as long as it has to be'], Date.now);
  const tokens = createTokens([SECRET], Date.now);
  const [head = '', body = ''] = api.token.split('.');
  const bodyOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as object;
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as object;
  const signed = (payload: unknown, alg = 'HS256', more: object = {}) => {
    const claims = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const sealed = Buffer.from(claims).toString('base64url');
    const text = `${encode({ ...header, alg, ...more })}.${sealed}`;
    return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
  };
  const owned = bodyOf(api.token);
  return {
    noso: noso.id,
    pass,
    valid: {
      anyone: null,
      participant: number.token,
      wall: wall.token,
      door: door.token,
      organizer: organizer.token,
      owner: api.token,
    },
    void: {
      'a revoked organizer’s': gone.token,
      'a revoked wall’s': goneWall.token,
      'an expired owner’s': past.owner(),
      'an expired number’s': past.number(4711),
      'an entry pass': pass,
      'a seat’s pass': seat.body.pass,
      'a sign-in link': tokens.link('link'),
      'of another secret': other.owner(),
      'of another audience': signed({ ...owned, aud: 'admin' }),
      'of two audiences': signed({ ...owned, aud: ['owner', 'number'] }),
      'of another issuer': signed({ ...owned, iss: 'else' }),
      'of another kind': signed({ ...owned, aud: 'link' }),
      'without an expiry': signed({ ...owned, exp: undefined }),
      'with an expiry that never comes': signed(
        JSON.stringify(owned).replace(/"exp":\d+/, '"exp":1e999'),
      ),
      'that ended a second ago': signed({ ...owned, exp: Math.floor(Date.now() / 1000) - 1 }),
      'that is not good yet': signed({ ...owned, nbf: Math.floor(Date.now() / 1000) + 3600 }),
      'with an expiry in words': signed({ ...owned, exp: '9999999999' }),
      'of nobody: a list': signed([owned]),
      'with something critical': signed(owned, 'HS256', { crit: ['b64'], b64: false }),
      'with an odd kid': signed(owned, 'HS256', { kid: '../../dev/null' }),
      'with a kid that is an object': signed(owned, 'HS256', { kid: { toString: header } }),
      'with a kid that every object has': signed(owned, 'HS256', { kid: '__proto__' }),
      'without a kid': signed(owned, 'HS256', { kid: undefined }),
      'of more than 1 KiB': signed({ ...owned, x: 'x'.repeat(1000) }),
      'without a signature': api.token.split('.').slice(0, 2).join('.'),
      'of four parts': `${api.token}.x`,
      'of another algorithm': signed(owned, 'HS512'),
      'of an algorithm of certificates': signed(owned, 'RS256'),
      unsigned: `${encode({ ...header, alg: 'none' })}.${body}.`,
      'unsigned, spelt otherwise': `${encode({ ...header, alg: 'nOnE' })}.${body}.`,
      'unsigned, with a signature': `${encode({ ...header, alg: 'none' })}.${body}.x`,
      'with another body': `${head}.${encode({ ...owned, exp: 2 ** 40 })}.${api.token.split('.')[2]}`,
      'a revoked door’s': goneDoor.token,
      'a key with another secret': organizer.token.replace(/.{4}$/, 'AAAA'),
      'a key without a secret': organizer.token.split('.').slice(0, 2).join('.'),
      'a wall’s id with an organizer’s key': organizer.token.replace(/^organizer/, 'wall'),
      'a number': number.number,
      nonsense: 'nonsense',
      'a prototype': 'wall.__proto__.x',
    },
  };
}
