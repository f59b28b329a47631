import express, { type Request, type Response, type Router } from 'express';
import { ERRORS, Refusal } from '../../domain/errors.js';
import { type ViewName, viewOfError } from '../../protocol/phonePage.js';
import { readCode } from '../../protocol/spelling.js';
import type { Place } from '../../service/desk.js';
import { fieldOf, formBody } from './formBody.js';
import type { PagesDeps } from './pagesDeps.js';
import { type Shown, sendSeatPage, unkeptSeat } from './seatpage.js';
import { hourAt } from './seatViews.js';
import { sendRefusal } from './send.js';
import { judged, type Visit, visitOf } from './visit.js';

/** When no answer says when to ask again, in seconds. */
const ASK_AGAIN = 3;

/** How a code is said to be wrong; to an address that guesses it is said otherwise. */
const WRONG: ReadonlySet<string> = new Set(['bad_code.gone_by', 'rate_limited.guesses']);

/** A visit to `/j/:code`, as far as it has come. */
type Stay = {
  at: Visit;
  /** As it is kept if it can be a code, else as it came. */
  code: string;
  place: Place | null;
  /** The pass to sit with: the phone's own, or the one that the code was just exchanged for. */
  pass: string | null;
  /** The code is good now. */
  good: boolean;
};

/** `/j/:code`: the seat that a code leads to, with or without JavaScript. */
export function joinPages(deps: PagesDeps): Router {
  const { reception } = deps;
  const router = express.Router();

  /** An entry pass that this phone shows, in its form or its cookie, while it may be used. */
  function shownPass({ at }: Stay): { pass: string; noso: string } | null {
    for (const pass of [fieldOf(at.request.body, 'pass'), at.entryPass]) {
      const read = pass === null ? null : reception.readPass(pass);
      if (pass === null || read?.kind !== 'entry') continue;
      if (deps.now() < read.until) return { pass, noso: read.noso };
    }
    return null;
  }

  /**
   * Exchanges the code for a pass at the first request, so that a slow phone keeps its turn; a
   * phone that has a pass needs the code no more. Throws `bad_code`.
   */
  async function enter(stay: Stay): Promise<Place> {
    const { at } = stay;
    if (readCode(stay.code) === null) throw new Refusal('bad_code.not_a_code', 'not a code');
    const shown = shownPass(stay);
    const own = shown?.noso ?? at.passFor?.noso ?? null;
    const place = await reception
      .findByCode(stay.code, deps.callerOf(at.request), own)
      .catch((error: unknown) => {
        const wrong = error instanceof Refusal && WRONG.has(error.why);
        if (wrong && own !== null) return null;
        throw error;
      });
    stay.good = place !== null;
    const here = place?.noso.id ?? own;
    if (here === null) throw new Refusal('bad_code.gone_by', 'unknown or expired code');
    const found = place ?? (await findAgain(here));
    const seated = at.passFor?.kind === 'seat' && at.passFor.noso === here;
    if (seated && at.tokenAt(here) !== null) stay.pass = at.seatPass;
    else if (shown?.noso === here) stay.pass = shown.pass;
    else if (place?.noso.life.is === 'open') stay.pass = await exchange(stay, place);
    stay.place = found;
    return found;
  }

  async function exchange(stay: Stay, place: Place): Promise<string> {
    const { at } = stay;
    const entered = await reception
      .exchange(stay.code, deps.callerOf(at.request))
      .catch((error: unknown) => {
        // Nothing is wrong with the place: it is said there.
        const said = error instanceof Refusal && ['rate_limited', 'not_open'].includes(error.code);
        if (said) stay.place = place;
        throw error;
      });
    at.keep('entry', entered.pass, (Date.parse(entered.expiresAt) - deps.now()) / 1000);
    return entered.pass;
  }

  const findAgain = (noso: string): Promise<Place> =>
    reception.find(noso).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'not_found')
        throw new Refusal('bad_code.gone_by');
      throw error;
    });

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
          values: {
            at: hour(life.closedAt),
            ...(at.number === null ? {} : { number: at.number }),
            ...(at.kept ? { kept: 'yes' } : {}),
          },
        };
      case 'open': {
        const token = at.tokenAt(noso.id);
        const seat = token === null ? null : await reception.seat(token, noso.id);
        if (seat === null) return { is: 'invite' };
        if ('unseated' in seat) {
          const { unseated: is } = seat;
          return is === 'lapsed' ? { is, values: { at: hour(seat.at) } } : { is };
        }
        if (at.seatPass === null) at.keep('pass', seat.pass);
        return {
          is: 'seated',
          values: {
            number: seat.number,
            until: hour(Date.parse(seat.endsAt)),
            returnCode: seat.returnCode,
          },
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
    if (posted && refusal.code === 'bad_code') at.keep('entry', null);
    // What is not allowed in this state is best answered by showing the state.
    const over = refusal.code === 'not_open' && place?.noso.life.is !== 'scheduled';
    const shown = refusal.code === 'conflict' && viewOfError(refusal.code, refusal.reason) === null;
    if (posted && place && (shown || over)) {
      at.response.redirect(303, path(stay));
      return;
    }
    const is: ViewName | null = viewOfError(refusal.code, refusal.reason);
    if (is === null) {
      sendRefusal(deps, at, refusal);
      return;
    }
    const retryAfter = refusal.retryAfter ?? (is === 'asking' ? ASK_AGAIN : undefined);
    sendSeatPage(deps, at, {
      path: path(stay),
      code: stay.code,
      pass: stay.pass,
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
      const stay: Stay = {
        at,
        code: readCode(typed) ?? typed,
        place: null,
        pass: null,
        good: false,
      };
      try {
        await work(stay);
      } catch (error) {
        await fail(stay, error);
      }
    };

  const show = (stay: Stay, place: Place, shown: Shown) => {
    const { at, code, pass } = stay;
    sendSeatPage(deps, at, { path: path(stay), code, pass, place, shown });
  };

  router.get(
    '/j/:code',
    handle(async (stay) => {
      const place = await enter(stay);
      let shown = await truth(stay, place);
      // Whose seat was taken back comes in anew with a code of after that: those of before are no good.
      if (shown.is === 'voided' && stay.good) {
        stay.pass = shownPass(stay)?.pass ?? (await exchange(stay, place));
        stay.at.keep('pass', null);
        shown = { is: 'invite' };
      }
      if (shown.is === 'invite' && stay.pass === null) {
        throw new Refusal('bad_code.gone_by', 'unknown or expired code');
      }
      show(stay, place, shown);
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
      if (stay.pass === null) throw new Refusal('bad_code.gone_by', 'unknown or expired code');
      const { seat, token, kept } = await reception.enter({
        way: { pass: stay.pass },
        token: at.tokenAt(place.noso.id),
        meant: true,
        keep: field('keep') === 'yes',
        back: field('back') === 'yes',
        caller: deps.callerOf(at.request),
      });
      at.keep(kept ? 'token' : 'passing', token);
      at.keep('pass', seat.pass);
      at.keep('entry', null);
      if (at.keeps) {
        at.response.redirect(303, path(stay));
        return;
      }
      // A browser that keeps no cookies would come back as a stranger: it is told here.
      const until = hourAt({ tongue: at.tongue, venue: place.venue }, Date.parse(seat.endsAt));
      show(stay, place, { is: 'seated', values: unkeptSeat(at, seat, until) });
    }),
  );

  router.post(
    '/j/:code/leave',
    handle(async (stay) => {
      const { at } = stay;
      const token = at.passFor && at.tokenAt(at.passFor.noso);
      if (at.passFor && token) await reception.leave(token, at.passFor.noso);
      at.response.redirect(303, path(stay));
    }),
  );

  return router;
}
