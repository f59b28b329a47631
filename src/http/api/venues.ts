import { newVenue, newWall, venuePatch, wallPatch } from '../../service/input.js';
import type { Places } from '../../service/places.js';
import type { Api } from './api.js';

/** Venues, and the walls that belong to them. */
export function venuesApi(api: Api, places: Places, languages: readonly string[]): void {
  api.on('POST /api/venues', newVenue(languages), async ({ body }) => ({
    status: 201,
    body: await places.add(body),
  }));

  api.on('GET /api/venues', null, async () => ({
    status: 200,
    body: { venues: await places.list() },
  }));

  api.on('PATCH /api/venues/:id', venuePatch(languages), async ({ params, body }) => ({
    status: 200,
    body: await places.amend(params.id as string, body),
  }));

  api.on('DELETE /api/venues/:id', null, async ({ params }) => {
    await places.remove(params.id as string);
    return { status: 204 };
  });

  api.on('POST /api/venues/:id/walls', newWall, async ({ params, body }) => ({
    status: 201,
    body: await places.addWall(params.id as string, body),
  }));

  api.on('GET /api/venues/:id/walls', null, async ({ params }) => ({
    status: 200,
    body: { walls: await places.walls(params.id as string) },
  }));

  api.on('PATCH /api/walls/:id', wallPatch, async ({ params, body }) => ({
    status: 200,
    body: await places.amendWall(params.id as string, body),
  }));

  api.on('POST /api/walls/:id/identify', null, async ({ params }) => {
    await places.identifyWall(params.id as string);
    return { status: 204 };
  });

  api.on('DELETE /api/walls/:id', null, async ({ params }) => {
    await places.removeWall(params.id as string);
    return { status: 204 };
  });
}
