import express, { type Request, type Response, type Router } from 'express';
import { ERRORS, Refusal } from '../../domain/errors.js';
import { type ViewName, viewOfError } from '../../protocol/phonePage.js';
import { readCode } from '../../protocol/spelling.js';
import type { Place } from '../../service/reception.js';
import { sendProblem } from '../problem.js';
import { fieldOf, formBody } from './formBody.js';
import type { PagesDeps } from './pagesDeps.js';
import { type Shown, sendSeatPage } from './seatpage.js';
import { hourAt } from './seatViews.js';
import { sendRefusal } from './send.js';
import { judged, type Visit, visitOf } from './visit.js';

const HOUR = 3600;
/** When no answer says when to ask again, in seconds. */
const ASK_AGAIN = 3;

/** A visit to `/j/:code`, as far as it has come. */
type Stay = {
  at: Visit;
  /** As it is kept if it can be a code, else as it came. */
  code: string;
  place: Place | null;
  /** The pass to sit with: the phone's own, or the one that the code was just exchanged for. */
  pass: string | null;
};

/** `/j/:code`: the seat that a code leads to, with or without JavaScript. */
export function joinPages(deps: PagesDeps): Router {
  const { reception } = deps;
  const router = express.Router();

  /**
   * Exchanges the code for a pass at the first request, so that a slow phone keeps its turn; a
   * phone that has a pass needs the code no more. Throws `bad_code`.
   */
  async function enter(stay: Stay): Promise<Place> {
    const { at } = stay;
    if (readCode(stay.code) === null) throw new Refusal('bad_code.not_a_code', 'not a code');
    const entered = await reception.exchange(stay.code).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'bad_code' && at.passFor) return null;
      throw error;
    });
    if (entered) {
      const { for: noso, venue } = entered;
      const returns =
        at.passFor?.kind === 'seat' && at.passFor.noso === noso.id && at.number !== null;
      stay.pass = returns ? at.pass : entered.pass;
      if (!returns) {
        const left = (Date.parse(entered.expiresAt) - deps.now()) / 1000;
        // Until it opens nobody knows when it will: the engine decides, the cookie stays a while.
        at.keep('pass', entered.pass, noso.life.is === 'scheduled' ? left + HOUR : left);
      }
      stay.place = { noso, venue };
      return stay.place;
    }
    stay.pass = at.pass;
    stay.place = await reception.find(at.passFor?.noso as string).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'not_found')
        throw new Refusal('bad_code.gone_by');
      throw error;
    });
    return stay.place as Place;
  }

  /** What this phone's page has to show of the place, now. */
  async function truth({ at }: Stay, { noso, venue }: Place): Promise<Shown> {
    const { life } = noso;
    const hour = (ms: number) => hourAt({ tongue: at.tongue, venue }, ms);
    switch (life.is) {
      case 'scheduled':
        return { is: 'waiting' };
      case 'cancelled':
        return { is: 'cancelled' };
      case 'closed':
        return {
          is: 'closed',
          values: { at: hour(life.closedAt), ...(at.number === null ? {} : { number: at.number }) },
        };
      case 'open': {
        const seat = at.token === null ? null : await reception.seat(at.token, noso.id);
        if (seat === null) return { is: 'invite' };
        if ('unseated' in seat) {
          return seat.unseated === 'left'
            ? { is: 'left' }
            : { is: 'lapsed', values: { at: hour(seat.at) } };
        }
        if (at.passFor?.kind !== 'seat') at.keep('pass', seat.pass);
        return {
          is: 'seated',
          values: { number: seat.number, until: hour(Date.parse(seat.endsAt)) },
        };
      }
    }
  }

  const path = (stay: Stay) => `/j/${encodeURIComponent(stay.code)}`;

  /** Says in words what went wrong, on the page where it went wrong. */
  async function fail(stay: Stay, error: unknown): Promise<void> {
    const { at, place } = stay;
    const refusal = await judged(deps, at.request, error);
    const posted = at.request.method === 'POST';
    if (posted && refusal.code === 'bad_code') at.keep('pass', null);
    // What is not allowed in this state is best answered by showing the state.
    const over = refusal.code === 'not_open' && place?.noso.life.is !== 'scheduled';
    if (posted && place && (refusal.code === 'conflict' || over)) {
      at.response.redirect(303, path(stay));
      return;
    }
    const is: ViewName | null = viewOfError(refusal.code);
    if (is === null) {
      sendRefusal(deps, at, refusal);
      return;
    }
    const retryAfter = refusal.retryAfter ?? (is === 'asking' ? ASK_AGAIN : undefined);
    sendSeatPage(deps, at, {
      path: path(stay),
      code: stay.code,
      place,
      shown: { is, ...(retryAfter === undefined ? {} : { values: { n: String(retryAfter) } }) },
      status: ERRORS[refusal.code].status,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  }

  const handle =
    (work: (stay: Stay) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const at = visitOf(response);
      const typed = String(request.params.code);
      const stay: Stay = { at, code: readCode(typed) ?? typed, place: null, pass: null };
      try {
        await work(stay);
      } catch (error) {
        await fail(stay, error);
      }
    };

  const show = (stay: Stay, place: Place, shown: Shown) =>
    sendSeatPage(deps, stay.at, { path: path(stay), code: stay.code, place, shown });

  router.get(
    '/j/:code',
    handle(async (stay) => {
      const place = await enter(stay);
      show(stay, place, await truth(stay, place));
    }),
  );

  router.post(
    '/j/:code',
    formBody,
    handle(async (stay) => {
      const { at } = stay;
      const field = (name: string) => fieldOf(at.request.body, name);
      const place = await enter(stay);
      // The phone may have been somewhere else since this page was made.
      if (field('noso') !== place.noso.id) throw new Refusal('bad_code.pass', 'of another NoSo');
      const { seat, token } = await reception.sitByForm({
        token: at.token,
        pass: stay.pass as string,
        form: at.formOf(field('form')),
        back: field('back') === 'yes',
      });
      at.keep('token', token);
      at.keep('pass', seat.pass);
      at.keep('form', null);
      if (at.request.headers.cookie !== undefined) {
        at.response.redirect(303, path(stay));
        return;
      }
      // A browser that keeps no cookies would come back as a stranger: it is told here.
      const until = hourAt({ tongue: at.tongue, venue: place.venue }, Date.parse(seat.endsAt));
      show(stay, place, { is: 'seated', values: { number: seat.number, until } });
    }),
  );

  router.post(
    '/j/:code/leave',
    handle(async (stay) => {
      const { at } = stay;
      if (at.token !== null && at.passFor) await reception.leave(at.token, at.passFor.noso);
      at.response.redirect(303, path(stay));
    }),
  );

  /** For the page's script: sees to it that this phone has a number, before it takes a seat. */
  router.post('/j/:code/number', async (request: Request, response: Response) => {
    const at = visitOf(response);
    try {
      if (at.token === null) {
        const entry = at.passFor?.kind === 'entry' ? at.pass : null;
        const pass = entry ?? (await reception.exchange(String(request.params.code))).pass;
        at.keep('token', (await reception.drawNumber(pass)).token);
      }
      response.status(204).end();
    } catch (error) {
      sendProblem(response, await judged(deps, request, error));
    }
  });

  return router;
}
