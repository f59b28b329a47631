import { demand, newSeries, seriesForeseen, seriesPatch } from '../../service/input.js';
import type { SeriesVerbs } from '../../service/series.js';
import type { Api } from './api.js';

/** Evenings that come again. */
export function seriesApi(api: Api, series: SeriesVerbs): void {
  api.on('POST /api/series', newSeries, async ({ body }) => ({
    status: 201,
    body: await series.add(body),
  }));

  api.on('GET /api/series', null, async () => ({
    status: 200,
    body: { series: await series.list() },
  }));

  api.on('GET /api/series/foreseen', null, async ({ query }) => ({
    status: 200,
    body: { evenings: await series.foresee(demand(seriesForeseen, query)) },
  }));

  api.on('GET /api/series/:id', null, async ({ params }) => ({
    status: 200,
    body: await series.read(params.id as string),
  }));

  api.on('PUT /api/series/:id/evenings/:date', null, async ({ params }) => ({
    status: 200,
    body: await series.putBack(params.id as string, params.date as string),
  }));

  api.on('PATCH /api/series/:id', seriesPatch, async ({ params, body }) => ({
    status: 200,
    body: await series.amend(params.id as string, body),
  }));

  api.on('DELETE /api/series/:id', null, async ({ params }) => {
    await series.remove(params.id as string);
    return { status: 204 };
  });
}
