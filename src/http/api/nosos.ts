import {
  demand,
  newHeadcount,
  newNoso,
  newVoid,
  nosoPatch,
  nosoQuery,
} from '../../service/input.js';
import type { Planning } from '../../service/planning.js';
import type { Writing } from '../../service/writing.js';
import type { Api } from './api.js';

/** NoSos: what anybody may see of them, and how organizers plan, open and close them. */
export function nososApi(api: Api, planning: Planning, writing: Writing): void {
  api.on('GET /api/nosos', null, async ({ who, query }) => ({
    status: 200,
    body: await planning.list(demand(nosoQuery, query), who),
  }));

  api.on('GET /api/nosos/:id', null, async ({ who, params }) => ({
    status: 200,
    body: await planning.one(params.id as string, who),
  }));

  api.on('POST /api/nosos', newNoso, async ({ who, body }) => ({
    status: 201,
    body: await planning.plan(body, who),
  }));

  api.on('PATCH /api/nosos/:id', nosoPatch, async ({ who, params, body }) => ({
    status: 200,
    body: await planning.amend(params.id as string, body, who),
  }));

  api.on('DELETE /api/nosos/:id', null, async ({ params }) => {
    await writing.remove('noso', params.id as string);
    return { status: 204 };
  });

  for (const what of ['open', 'close', 'cancel'] as const) {
    api.on(`POST /api/nosos/:id/${what}`, null, async ({ who, params }) => ({
      status: 200,
      body: await planning.command(params.id as string, { do: what, by: 'organizer' }, who),
    }));
  }

  api.on('GET /api/nosos/:id/code', null, async ({ params }) => ({
    status: 200,
    body: await planning.code(params.id as string),
  }));

  api.on('GET /api/nosos/:id/void', null, async ({ params, query }) => {
    const { since, until } = demand(newVoid, query);
    return { status: 200, body: await planning.wouldTakeBack(params.id as string, since, until) };
  });

  api.on('POST /api/nosos/:id/void', newVoid, async ({ params, body }) => ({
    status: 200,
    body: await planning.takeBack(params.id as string, body.since, body.until),
  }));

  api.on('PUT /api/nosos/:id/headcount', newHeadcount, async ({ params, body }) => ({
    status: 200,
    body: await planning.headcount(params.id as string, body.count),
  }));

  api.on('GET /api/nosos/:id/record', null, async ({ params }) => ({
    status: 200,
    body: await planning.record(params.id as string),
  }));
}
