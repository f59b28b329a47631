import { Refusal } from '../../domain/errors.js';
import { assertPlan, type Noso, type NosoCommand, type Plan } from '../../domain/noso.js';
import type * as wire from '../../protocol/wire.js';
import { newId } from '../../service/identity.js';
import { demand, newNoso, nosoPatch, nosoQuery } from '../../service/input.js';
import { viewNoso, viewRecord } from '../../service/present.js';
import { over } from '../../service/refusals.js';
import type { Ask } from './api.js';
import type { Desk } from './desk.js';

const PAGE = 50;

/** NoSos: what anybody may see of them, and how organizers plan, open and close them. */
export function nososApi(desk: Desk): void {
  const { api, engine, catalogue, codes } = desk;

  /** Organizers see the count of an open NoSo; nobody else does over HTTP. */
  async function view(noso: Noso, who: Ask<unknown>['who']): Promise<wire.Noso> {
    const venue = catalogue.venue(noso.venue);
    if (!venue) throw new Refusal('not_found', 'no such venue');
    const mayCount = who.role === 'organizer' || who.role === 'owner';
    if (!mayCount || noso.life.is !== 'open') return viewNoso(noso, venue, null);
    return viewNoso(noso, venue, await countOf(noso.id));
  }

  /** Null where it closed since the mirror was read. */
  async function countOf(id: string): Promise<number | null> {
    try {
      return (await engine.tail(id, null)).count;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not_open') return null;
      throw error;
    }
  }

  const find = async (id: string): Promise<Noso> => {
    await catalogue.refresh();
    const noso = catalogue.noso(id);
    if (!noso) throw new Refusal('not_found', 'no such NoSo');
    return noso;
  };

  /** Carries out a command; a conflict says how things stand. */
  async function command(ask: Ask<unknown>, what: NosoCommand): Promise<wire.Noso> {
    const id = ask.params.id as string;
    await find(id);
    try {
      const noso = await engine.command(id, what);
      await desk.wrote();
      return await view(noso, ask.who);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'conflict') throw error;
      await catalogue.refresh();
      const now = catalogue.noso(id);
      const also = now ? { noso: await view(now, ask.who) } : {};
      throw new Refusal(error.why, error.detail, undefined, { ...error.also, ...also });
    }
  }

  api.on('GET /api/nosos', null, async ({ who, query }) => {
    const { city, state, from, cursor } = demand(nosoQuery, query);
    await catalogue.refresh();
    const fold = (text: string) => text.normalize('NFKC').toLowerCase();
    const all = [...catalogue.nosos()]
      .filter((n) => state === undefined || n.life.is === state)
      .filter((n) => from === undefined || n.endsAt >= from)
      .filter((n) => {
        const venue = catalogue.venue(n.venue);
        return venue && (city === undefined || fold(venue.city) === fold(city));
      })
      .sort((a, b) => a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1));
    const after = cursor === undefined ? null : readCursor(cursor);
    const rest = after
      ? all.filter(
          (n) => n.startsAt > after.startsAt || (n.startsAt === after.startsAt && n.id > after.id),
        )
      : all;
    const page = rest.slice(0, PAGE);
    const last = page.at(-1);
    const nosos = await Promise.all(page.map((noso) => view(noso, who)));
    const next = last && rest.length > PAGE ? { next: writeCursor(last) } : {};
    return { status: 200, body: { nosos, ...next } };
  });

  api.on('GET /api/nosos/:id', null, async ({ who, params }) => ({
    status: 200,
    body: await view(await find(params.id as string), who),
  }));

  api.on('POST /api/nosos', newNoso, async ({ who, body }) => {
    await catalogue.refresh();
    if (!catalogue.venue(body.venue)) throw new Refusal('not_found', 'venue: no such venue');
    assertPlan(body);
    if (body.endsAt <= engine.now())
      throw new Refusal('bad_request.past', 'endsAt: is in the past', undefined, {
        field: 'endsAt',
      });
    const noso: Noso = { ...body, id: newId(), life: { is: 'scheduled' } };
    await engine.save('noso', noso.id, noso);
    await desk.wrote();
    return { status: 201, body: await view(noso, who) };
  });

  api.on('PATCH /api/nosos/:id', nosoPatch, async (ask) => {
    if (ask.body.venue !== undefined && !catalogue.venue(ask.body.venue)) {
      throw new Refusal('not_found', 'venue: no such venue');
    }
    // Only what was sent is in the body, so nothing is undefined.
    const changes = ask.body as Partial<Plan>;
    return { status: 200, body: await command(ask, { do: 'amend', changes }) };
  });

  api.on('DELETE /api/nosos/:id', null, async ({ params }) => {
    await engine.remove('noso', params.id as string);
    await desk.wrote();
    return { status: 204 };
  });

  for (const what of ['open', 'close', 'cancel'] as const) {
    api.on(`POST /api/nosos/:id/${what}`, null, async (ask) => ({
      status: 200,
      body: await command(ask, { do: what, by: 'organizer' }),
    }));
  }

  api.on('GET /api/nosos/:id/code', null, async ({ params }) => {
    const noso = await find(params.id as string);
    const code = codes.current(noso, engine.now());
    if (!code) throw over(noso);
    return { status: 200, body: code };
  });

  api.on('GET /api/nosos/:id/record', null, async ({ params }) => {
    const noso = await find(params.id as string);
    const record = viewRecord(noso);
    if (!record) throw new Refusal('conflict.state', `the NoSo is ${noso.life.is}: no record yet`);
    return { status: 200, body: record };
  });
}

const writeCursor = (noso: Noso) =>
  Buffer.from(JSON.stringify([noso.startsAt, noso.id])).toString('base64url');

function readCursor(cursor: string): { startsAt: number; id: string } {
  try {
    const [startsAt, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof startsAt === 'number' && typeof id === 'string') return { startsAt, id };
  } catch {
    // not one of ours: said below
  }
  throw new Refusal('bad_request', 'cursor: not one that this server gave');
}
