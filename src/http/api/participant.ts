import { Refusal } from '../../domain/errors.js';
import { newNumber, newPass, takeSeat } from '../../service/input.js';
import { iso } from '../../service/instants.js';
import type { Reception } from '../../service/reception.js';
import type { Api } from './api.js';

/** What a phone asks: a pass for a code, a number for a pass, a seat for both. */
export function participantApi(api: Api, reception: Reception): void {
  api.on('POST /api/passes', newPass, async ({ body }) => {
    const { pass, expiresAt, noso } = await reception.exchange(body.code);
    return { status: 201, body: { pass, expiresAt, noso } };
  });

  api.on('POST /api/numbers', newNumber, async ({ body }) => ({
    status: 201,
    body: await reception.drawNumber(body.pass),
  }));

  api.on('PUT /api/presence', takeSeat, async ({ who: { number }, body }) => {
    const { seat } = await reception.sit({ number, pass: body.pass, back: body.back ?? false });
    return { status: 200, body: seat };
  });

  api.on('GET /api/presence/:noso', null, async ({ token, params }) => {
    const seat = await reception.seat(token, params.noso as string);
    if (!seat || 'unseated' in seat) {
      if (!seat) throw new Refusal('not_found', 'never seated, or closed');
      const why = seat.unseated === 'left' ? 'not_found.left' : 'not_found.lapsed';
      throw new Refusal(why, `${seat.unseated} at ${iso(seat.at)}`, undefined, {
        at: iso(seat.at),
      });
    }
    return { status: 200, body: seat };
  });

  api.on('DELETE /api/presence/:noso', null, async ({ token, params }) => {
    await reception.leave(token, params.noso as string);
    return { status: 204 };
  });
}
