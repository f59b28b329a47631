import type { SignedIn } from '../../protocol/answered.js';
import type { Jar } from '../../service/cookies.js';
import type { Admitted } from '../../service/gate.js';
import { newOrganizer, signIn } from '../../service/input.js';
import type { Keyring } from '../../service/keyring.js';
import type { Api } from './api.js';

const view = (who: Admitted<'organizer'>): SignedIn =>
  who.role === 'organizer'
    ? { id: who.id, role: who.role, label: who.label }
    : { id: 'owner', role: who.role, label: 'owner' };

/** Organizers' keys, and signing in with one, or with a link. */
export function organizersApi(api: Api, keyring: Keyring, jar: Jar): void {
  api.on('POST /api/sign-in', signIn, async ({ body, response }) => {
    const { token, stays } = await keyring.signIn(body.key);
    response.appendHeader('Set-Cookie', jar.set('organizer', token, stays));
    return { status: 204 };
  });

  api.on('GET /api/sign-in', null, async ({ who }) => ({ status: 200, body: view(who) }));

  api.on('DELETE /api/sign-in', null, async ({ who, token, meant, response }) => {
    // A session is what a browser keeps; whoever shows a token on purpose goes on having it.
    if (!meant) await keyring.signOut(who, token);
    response.appendHeader('Set-Cookie', jar.set('organizer', null));
    return { status: 204 };
  });

  api.on('POST /api/organizers', newOrganizer, async ({ body }) => ({
    status: 201,
    body: await keyring.add(body.label),
  }));

  api.on('GET /api/organizers', null, async () => ({
    status: 200,
    body: { organizers: await keyring.list() },
  }));

  api.on('DELETE /api/organizers/:id', null, async ({ params }) => {
    await keyring.remove(params.id as string);
    return { status: 204 };
  });
}
