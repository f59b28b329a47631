import type { ServerResponse } from 'node:http';
import { Refusal } from '../../domain/errors.js';
import { KEPT } from '../../domain/kept.js';
import type { OrganizerInfo } from '../../protocol/wire.js';
import { COOKIES, type Identify, type Identity, newKey } from '../../service/identity.js';
import { newOrganizer, signIn } from '../../service/input.js';
import type { Tokens } from '../../service/tokens.js';
import type { Desk } from './desk.js';

/** How long a console stays signed in, in seconds: as long as an owner's token is good; a year. */
const OWNER_STAYS = 12 * 3600;
const KEY_STAYS = KEPT.organizer.until.within / 1000;

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

  /** Our own pages' alone: no other site's request carries it. */
  function setCookie(response: ServerResponse, token: string, seconds: number): void {
    const secure = deps.secure() ? '; Secure' : '';
    const how = `Max-Age=${seconds}; Path=/; HttpOnly${secure}; SameSite=Strict`;
    response.setHeader('Set-Cookie', `${COOKIES.organizer}=${token}; ${how}`);
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
    setCookie(response, token, who.role === 'owner' ? OWNER_STAYS : KEY_STAYS);
    return { status: 200, body: view(who) };
  });

  api.on('GET /api/sign-in', null, async ({ who }) => ({ status: 200, body: view(who) }));

  api.on('DELETE /api/sign-in', null, async ({ response }) => {
    setCookie(response, '', 0);
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
