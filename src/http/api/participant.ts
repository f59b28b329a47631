import { Refusal } from '../../domain/errors.js';
import type { Entered } from '../../protocol/wire.js';
import { newPass, newReturn, newSeat, takeSeat } from '../../service/input.js';
import { iso } from '../../service/instants.js';
import type { Reception } from '../../service/reception.js';
import type { Api } from './api.js';

/** What a phone asks: a pass for a code, a seat for both; or all at once. */
export function participantApi(api: Api, reception: Reception): void {
  api.on('POST /api/passes', newPass, async ({ body, caller }) => {
    const { pass, expiresAt, noso } = await reception.exchange(body.code, caller());
    return { status: 201, body: { pass, expiresAt, noso } };
  });

  api.on('POST /api/seats', newSeat, async ({ who, token: shown, meant, body, caller, ...ask }) => {
    const { keep = false, ...way } = body;
    const entered = await reception.enter({
      way,
      meant,
      keep,
      back: false,
      token: who.role === 'participant' ? shown : null,
      caller: caller(),
    });
    const { seat, token, kept, again } = entered;
    const keeps = ask.keep((jar) => [
      jar.setToken(token, kept),
      jar.set('pass', seat.pass),
      jar.set('entry', null),
    ]);
    const answer: Entered = { token, seat, ...(keeps === null ? {} : { keeps }) };
    return { status: again ? 200 : 201, body: answer };
  });

  api.on('POST /api/returns', newReturn, async ({ body, keep, caller }) => {
    const { pass = null, number, returnCode } = body;
    const { token, seat } = await reception.comeBack({
      pass,
      number: Number(number),
      returnCode,
      caller: caller(),
    });
    keep((jar) => [jar.setToken(token, false), jar.set('pass', seat.pass), jar.set('entry', null)]);
    return { status: 200, body: { token, seat } };
  });

  api.on('PUT /api/presence', takeSeat, async ({ who, body }) => {
    const { number, noso } = who;
    const { pass, back = false } = body;
    const { seat } = await reception.sit({ number, noso, pass, back });
    return { status: 200, body: seat };
  });

  api.on('GET /api/presence/:noso', null, async ({ token, params }) => {
    const seat = await reception.seat(token, params.noso as string);
    if (!seat || 'unseated' in seat) {
      if (!seat) throw new Refusal('not_found', 'never seated, or closed');
      const why = `not_found.${seat.unseated}` as const;
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
