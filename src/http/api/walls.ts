import { createHash } from 'node:crypto';
import type { Snapshot } from '../../protocol/wire.js';
import { claimWall, demand, wallGlance } from '../../service/input.js';
import type { Pairing } from '../../service/pairing.js';
import type { Api } from './api.js';

/** What a screen asks: to be paired, and, where it keeps no connection, what is to be shown. */
export function wallsApi(
  api: Api,
  pairing: Pairing,
  glance: (wall: string) => Promise<Snapshot>,
): void {
  api.on('POST /api/walls/pairing', null, async ({ from }) => ({
    status: 201,
    body: await pairing.begin(from()),
  }));

  api.on('POST /api/walls/pairing/claim', claimWall, async ({ body }) => {
    const paired = await pairing.claim(body.secret);
    return paired ? { status: 200, body: paired } : { status: 202, body: {} };
  });

  api.on('GET /api/walls/me', null, async ({ who, query, response }) => {
    const { numbers: withNumbers, code: withCode } = demand(wallGlance, query);
    const { numbers, code, ...rest } = await glance(who.id);
    const body = {
      ...rest,
      ...(withNumbers === '1' && { numbers }),
      ...(withCode === '1' && { code }),
    };
    const tag = tagOf(body);
    response.setHeader('ETag', tag);
    return response.req.headers['if-none-match'] === tag ? { status: 304 } : { status: 200, body };
  });
}

/** The same as long as there is nothing new to show: the server's time is always new. */
function tagOf({ serverTime: _, ...shown }: Partial<Snapshot>): string {
  const digest = createHash('sha256').update(JSON.stringify(shown)).digest('base64url');
  return `W/"${digest.slice(0, 22)}"`;
}
