import { parse, serialize } from 'cookie';
import { KEPT } from '../domain/kept.js';
import type { PhonePage } from '../protocol/phonePage.js';

/** What is kept in browsers, under the names of the table of what is kept. */
export type CookieName = 'token' | 'passing' | 'pass' | 'entry' | 'language' | 'organizer';

/**
 * Tokens and the entry pass are out of reach of scripts. The seat's pass is not: the page's script
 * writes it, and it is worth nothing without the token.
 */
const READABLE: readonly CookieName[] = ['pass'];
/** An organizer's key goes with no other site's request, not even with a link from it. */
const STRICT: readonly CookieName[] = ['organizer'];
/** Chosen, not signed: nobody can tell whose it is, so that version 1's stays where it is. */
const UNSIGNED: readonly CookieName[] = ['language'];

/** The most seconds that something is kept in a browser. */
const ageOf = (name: CookieName): number => KEPT[name].until.within / 1000;

/** Version 1's name: the same for every installation on a host, since cookies know no port. */
export const firstName = (name: CookieName): string => `noso_${KEPT[name].cookie}`;

export type Jar = ReturnType<typeof createJar>;

/**
 * Our cookies, wherever they are read or set. Their names bear the installation's id, so that two of
 * them on one host do not take each other's; under `https:` they are `__Host-` and Secure, which
 * PUBLIC_URL says, and no `Host` that a proxy may have changed. What is still under an older name is
 * read, if this installation made it.
 *
 * @param installation its stored id; null until the store has told it, and names are version 1's
 * @param made whether a value is one that this installation made, for all that was signed
 */
export function createJar(deps: {
  installation: () => string | null;
  publicUrl: () => string;
  made: (name: CookieName, value: string) => boolean;
}) {
  const isSecure = () => deps.publicUrl().startsWith('https:');

  /** The names something may be under: where it belongs, then those it had before. */
  function namesOf(name: CookieName): [string, ...string[]] {
    const id = deps.installation();
    if (id === null) return [firstName(name)];
    const plain = `noso_${id}_${KEPT[name].cookie}`;
    return isSecure() ? [`__Host-${plain}`, plain, firstName(name)] : [plain, firstName(name)];
  }

  function put(called: string, name: CookieName, value: string | null, seconds: number): string {
    const maxAge = value === null ? 0 : Math.min(ageOf(name), Math.max(1, Math.ceil(seconds)));
    return serialize(called, value ?? '', {
      maxAge,
      path: '/',
      sameSite: STRICT.includes(name) ? 'strict' : 'lax',
      httpOnly: !READABLE.includes(name),
      secure: isSecure(),
    });
  }

  function find(header: string | undefined, name: CookieName) {
    const cookies = parse(header ?? '');
    const [own, ...before] = namesOf(name);
    const there = cookies[own];
    if (there) return { value: there, under: null };
    for (const under of before) {
      const value = cookies[under];
      if (value && (UNSIGNED.includes(name) || deps.made(name, value))) return { value, under };
    }
    return null;
  }

  const jar = {
    /** Where something is kept now. */
    nameOf: (name: CookieName): string => namesOf(name)[0],

    /** What a browser sent of ours, or null. */
    read: (header: string | undefined, name: CookieName): string | null =>
      find(header, name)?.value ?? null,

    /** Whether a browser sent what a participant's page had it keep. */
    keeps: (header: string | undefined): boolean =>
      (['token', 'pass', 'entry'] as const).some((name) => find(header, name) !== null),

    /**
     * The `Set-Cookie` that keeps `value` for as long as the table says, or for `seconds` if that is
     * less; `null` takes it back.
     */
    set: (
      name: CookieName,
      value: string | null,
      seconds: number = Number.POSITIVE_INFINITY,
    ): string => put(namesOf(name)[0], name, value, seconds),

    /** A number token is kept for a year or, where it is good at one NoSo alone, for a day (A8). */
    setToken: (token: string, kept: boolean): string => jar.set(kept ? 'token' : 'passing', token),

    /**
     * The `Set-Cookie`s that move what is under an older name to `as`, where it belongs; none where
     * there is nothing to move.
     */
    move(
      header: string | undefined,
      name: CookieName,
      as: CookieName = name,
      seconds: number = Number.POSITIVE_INFINITY,
    ): string[] {
      const found = find(header, name);
      if (!found?.under) return [];
      const moved = jar.set(as, found.value, seconds);
      return UNSIGNED.includes(name) ? [moved] : [moved, put(found.under, name, null, 0)];
    },

    /** How a page's script keeps what it may read, as the server would. */
    forScript: (name: 'pass'): PhonePage['keep'] => ({
      name: namesOf(name)[0],
      age: ageOf(name),
      secure: isSecure(),
    }),
  };
  return jar;
}
