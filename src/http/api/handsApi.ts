import type { Hands } from '../../service/hands.js';
import { doorClicks, newDoor, newPaper } from '../../service/input.js';
import type { Api } from './api.js';

/** People without a phone: numbers on paper, doors, and what is done by hand there. */
export function handsApi(api: Api, hands: Hands): void {
  api.on('POST /api/nosos/:id/paper', newPaper, async ({ params, body }) => ({
    status: 201,
    body: await hands.drawPaper(params.id as string, body.count),
  }));

  api.on('GET /api/nosos/:id/paper', null, async ({ params }) => ({
    status: 200,
    body: { paper: await hands.paper(params.id as string) },
  }));

  api.on('PUT /api/nosos/:id/paper/:number', null, async ({ params }) => ({
    status: 200,
    body: await hands.seatPaper(params.id as string, params.number as string),
  }));

  api.on('DELETE /api/nosos/:id/paper/:number', null, async ({ params }) => {
    await hands.givePaperBack(params.id as string, params.number as string);
    return { status: 204 };
  });

  api.on('POST /api/nosos/:id/doors', newDoor, async ({ params, body }) => ({
    status: 201,
    body: await hands.addDoor(params.id as string, body.name),
  }));

  api.on('GET /api/nosos/:id/doors', null, async ({ params }) => ({
    status: 200,
    body: { doors: await hands.doors(params.id as string) },
  }));

  api.on('DELETE /api/doors/:id', null, async ({ params }) => {
    await hands.removeDoor(params.id as string);
    return { status: 204 };
  });

  api.on('POST /api/door', doorClicks, async ({ who, body }) => ({
    status: 200,
    body: await hands.clicks(who.id, body.clicks),
  }));
}
