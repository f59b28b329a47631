import { Refusal } from '../domain/errors.js';
import type { Engine, Organizer } from '../engine/engine.js';
import type { OrganizerInfo } from '../protocol/wire.js';
import { type Identify, type Identity, newKey, untilOf, type WhyNot } from './identity.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';
import { type Sessions, sessionOf } from './sessions.js';
import type { Tokens } from './tokens.js';
import type { Writing } from './writing.js';

/** An owner's console stays signed in for as long as an owner's token is good, in seconds. */
const OWNER_STAYS = 12 * 3600;

/** Somebody who may organize. */
export type Host = Extract<Identity, { role: 'owner' | 'organizer' }>;

export type Keyring = ReturnType<typeof createKeyring>;

/** Organizers' keys, and signing in with one, or with a link. */
export function createKeyring(deps: {
  engine: Pick<Engine, 'spend'>;
  catalogue: Catalogue;
  tokens: Tokens;
  identify: Identify;
  whyNot: WhyNot;
  writing: Writing;
  sessions: Pick<Sessions, 'end'>;
  publicUrl: () => string;
}) {
  const { catalogue, tokens, writing } = deps;

  /** The token that a key stands for: a link's, once only, is a fresh owner's token. */
  async function redeem(key: string): Promise<string> {
    const link = tokens.verify('link', key);
    if (!link) return key;
    const first = await deps.engine.spend(`link:${link.id}`, link.exp * 1000);
    if (!first) throw new Refusal('unauthorized.used', 'this link has been used');
    return tokens.owner();
  }

  return {
    /** Who a key or a link lets in, the token to keep, and for how long at most (seconds). */
    async signIn(key: string): Promise<{ who: Host; token: string; stays?: number }> {
      const token = await redeem(key);
      const who = await deps.identify(token);
      if (who?.role === 'owner') return { who, token, stays: OWNER_STAYS };
      if (who?.role === 'organizer') return { who, token };
      throw who ? new Refusal('forbidden.role', `not for ${who.role}s`) : deps.whyNot(token);
    },

    /** Ends an owner's session; an organizer's key goes on opening, elsewhere and here. */
    async signOut(who: Identity, token: string): Promise<void> {
      if (who.role === 'owner') await deps.sessions.end(sessionOf(token, untilOf(who)));
    },

    /** A new key, which is shown this once. */
    async add(label: string): Promise<{ id: string; url: string; token: string }> {
      const { id, token, hash } = newKey('organizer');
      const organizer: Organizer = { id, label, hash, createdAt: writing.now() };
      await writing.save('organizer', organizer);
      return { id, url: `${deps.publicUrl()}/organize#${token}`, token };
    },

    async list(): Promise<OrganizerInfo[]> {
      await catalogue.refresh();
      return [...catalogue.organizers()]
        .sort((a, b) => a.createdAt - b.createdAt)
        .map(({ id, label, createdAt }) => ({
          id,
          label,
          createdAt: iso(createdAt),
        }));
    },

    remove: (id: string): Promise<void> => writing.remove('organizer', id),
  };
}
