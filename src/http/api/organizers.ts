import type { ServerResponse } from 'node:http';
import { Refusal } from '../../domain/errors.js';
import type { OrganizerInfo } from '../../protocol/wire.js';
import { setCookie } from '../../service/cookies.js';
import { type Identify, type Identity, newKey } from '../../service/identity.js';
import { newOrganizer, signIn } from '../../service/input.js';
import type { Tokens } from '../../service/tokens.js';
import type { Desk } from './desk.js';

/** An owner's console stays signed in for as long as an owner's token is good, in seconds. */
const OWNER_STAYS = 12 * 3600;

/** Organizers' keys, and signing in with one, or with a link. */
export function organizersApi(
  desk: Desk,
  deps: { tokens: Tokens; identify: Identify; secure: () => boolean },
): void {
  const { api, engine, catalogue } = desk;
  const { tokens, identify } = deps;

  /** The token that a key stands for: a link's, once only, is a fresh owner's token. */
  async function redeem(key: string): Promise<string> {
    const link = tokens.verify('link', key);
    if (!link) return key;
    const first = await engine.spend(`link:${link.id}`, link.exp * 1000);
    if (!first) throw new Refusal('unauthorized.used', 'this link has been used');
    return tokens.owner();
  }

  /** For as long as the key is good, at most. Only our own pages send it. */
  function keep(response: ServerResponse, token: string | null, seconds?: number): void {
    const how = { secure: deps.secure(), ...(seconds === undefined ? {} : { seconds }) };
    response.setHeader('Set-Cookie', setCookie('organizer', token, how));
  }

  const view = (who: Identity) =>
    who.role === 'organizer'
      ? { role: who.role, label: who.label }
      : { role: who.role, label: 'owner' };

  api.on('POST /api/sign-in', signIn, async ({ body, response }) => {
    const token = await redeem(body.key);
    const who = await identify(token);
    if (who?.role !== 'owner' && who?.role !== 'organizer') {
      throw new Refusal(
        'unauthorized.invalid',
        'not a sign-in link or an organizer’s key, or expired',
      );
    }
    keep(response, token, who.role === 'owner' ? OWNER_STAYS : undefined);
    return { status: 200, body: view(who) };
  });

  api.on('GET /api/sign-in', null, async ({ who }) => ({ status: 200, body: view(who) }));

  api.on('DELETE /api/sign-in', null, async ({ response }) => {
    keep(response, null);
    return { status: 204 };
  });

  api.on('POST /api/organizers', newOrganizer, async ({ body }) => {
    const { id, token, hash } = newKey('organizer');
    const organizer = { id, label: body.label, hash, createdAt: engine.now() };
    await engine.save('organizer', id, organizer);
    await desk.wrote();
    return { status: 201, body: { id, url: `${desk.publicUrl()}/organize#${token}`, token } };
  });

  api.on('GET /api/organizers', null, async () => {
    await catalogue.refresh();
    const organizers: OrganizerInfo[] = [...catalogue.organizers()]
      .sort((a, b) => a.createdAt - b.createdAt)
      .map(({ id, label, createdAt }) => ({
        id,
        label,
        createdAt: new Date(createdAt).toISOString(),
      }));
    return { status: 200, body: { organizers } };
  });

  api.on('DELETE /api/organizers/:id', null, async ({ params }) => {
    await engine.remove('organizer', params.id as string);
    await desk.wrote();
    return { status: 204 };
  });
}
