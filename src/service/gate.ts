import { Refusal } from '../domain/errors.js';
import { may, type Role } from './access.js';
import type { CookieName, Jar } from './cookies.js';
import type { Identify, Identity, WhyNot } from './identity.js';

/**
 * The cookie that a role's token is kept in. Whoever organizes sees more of what anyone may see, so
 * that is the one that counts there.
 */
const KEPT_IN: Record<Role, CookieName | null> = {
  anyone: 'organizer',
  participant: 'token',
  wall: null,
  door: null,
  organizer: 'organizer',
  owner: 'organizer',
};

/** Who may pass where `R` is needed. */
export type Admitted<R extends Role> = R extends 'anyone'
  ? Identity
  : Extract<Identity, { role: R extends 'organizer' ? 'organizer' | 'owner' : R }>;

/** Whoever is let through, and the token that they are known by. */
export type Admittance<R extends Role> = { who: Admitted<R>; token: string };

export type Gate = ReturnType<typeof createGate>;

/**
 * Lets through whoever may do what the access table says (F7), over HTTP and over sockets alike.
 * Throws `unauthorized` and `forbidden`.
 *
 * @param needed the role in the table's row
 * @param shown the token that was shown, if one was: it is meant, and void ones are refused
 * @param cookies the `Cookie` header, where cookies count; a stale one is as good as none
 * @param numbered whether it is a number's cookie that counts, whoever may ask (access.ts)
 */
export function createGate(identify: Identify, whyNot: WhyNot, jar: Pick<Jar, 'read'>) {
  return async <R extends Role>(
    needed: R,
    shown: string | null,
    cookies: string | undefined,
    numbered = false,
  ): Promise<Admittance<R>> => {
    const name = numbered ? 'token' : KEPT_IN[needed];
    const kept = shown === null && name !== null ? jar.read(cookies, name) : null;
    const token = shown ?? kept;
    const read = token === null ? null : identify(token);
    const known = read instanceof Promise ? await read : read;
    if (!known && shown !== null) throw whyNot(shown);
    const who: Identity = known ?? { role: 'anyone' };
    if (!may(who.role, needed)) {
      if (known) throw new Refusal('forbidden.role', `not for ${who.role}s`);
      if (kept !== null) throw whyNot(kept);
      throw new Refusal('unauthorized.missing', 'a token is needed');
    }
    return { who: who as Admitted<R>, token: known && token !== null ? token : '' };
  };
}
