import { demand, recordsQuery } from '../../service/input.js';
import type { Records } from '../../service/records.js';
import type { Api } from './api.js';

/** The records of all that closed, for organizers' sums. */
export function recordsApi(api: Api, records: Records): void {
  api.on('GET /api/records', null, async ({ query }) => ({
    status: 200,
    body: records.list(demand(recordsQuery, query)),
  }));
}
