import { newSeries, seriesPatch } from '../../service/input.js';
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

  api.on('PATCH /api/series/:id', seriesPatch, async ({ params, body }) => ({
    status: 200,
    body: await series.amend(params.id as string, body),
  }));

  api.on('DELETE /api/series/:id', null, async ({ params }) => {
    await series.remove(params.id as string);
    return { status: 204 };
  });
}
