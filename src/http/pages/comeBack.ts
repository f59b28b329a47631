import express, { type Request, type Response, type Router } from 'express';
import { ERRORS, Refusal } from '../../domain/errors.js';
import { readCode, readReturnCode } from '../../protocol/spelling.js';
import { sentence } from '../../service/words.js';
import { fieldOf, formBody } from './formBody.js';
import { html } from './html.js';
import type { PagesDeps } from './pagesDeps.js';
import { sendSeatPage, unkeptSeat } from './seatpage.js';
import { hourAt } from './seatViews.js';
import { sendNight } from './send.js';
import { judged, type Visit, visitOf } from './visit.js';

/** A number as it is typed, whatever is set between its digits; null for what is none. */
function readNumber(typed: string): number | null {
  const digits = typed.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');
  return /^\d{4,12}$/.test(digits) ? Number(digits) : null;
}

/** Where somebody goes on who has their seat again: to where they came from, and nowhere else. */
function wayOn(to: string | null): string {
  if (to === '/out') return to;
  const code = readCode(/^\/j\/([^/]+)$/.exec(to ?? '')?.[1] ?? '');
  return code === null ? '/me' : `/j/${code}`;
}

/**
 * `/me/return`: a number and its return code, and this browser goes on with the seat (P10). The pass
 * is the browser's, or in the form of one that keeps nothing; while a NoSo is full none is needed.
 */
export function comeBackPages(deps: PagesDeps): Router {
  const { reception } = deps;
  const router = express.Router();

  const show = (at: Visit, refusal: Refusal | null = null): void => {
    const { phone } = at.tongue.words;
    const { return: words, code } = phone;
    const field = (name: string) => fieldOf(at.request.body, name);
    const to = wayOn(field('to') ?? (typeof at.request.query.to === 'string' ? '/out' : null));
    const pass = field('pass');
    sendNight(deps, at, {
      title: `${words.heading} · ${phone.title}`,
      script: true,
      ...(refusal ? { status: ERRORS[refusal.code].status, retryAfter: refusal.retryAfter } : {}),
      body: html`<main>
        <h1 class="heading">${words.heading}</h1>
        <p class="ash" role="${refusal ? 'alert' : 'note'}">${refusal ? sentence(at.tongue.words, refusal) : words.where}</p>
        <form method="post" action="/me/return" class="code two" data-to-go="${JSON.stringify(code.toGo)}">
          ${pass !== null && html`<input type="hidden" name="pass" value="${pass}">`}
          <input type="hidden" name="to" value="${to}">
          <label for="number" class="ash">${words.number}</label>
          <div class="entry" data-digits="6">
            <input id="number" name="number" required maxlength="32" autocomplete="off" inputmode="numeric" enterkeyhint="next">
          </div>
          <label for="code" class="ash">${phone.returnCode}</label>
          <div class="entry" data-signs="6">
            <input id="code" name="returnCode" required maxlength="64" autocomplete="off"
              autocapitalize="characters" autocorrect="off" spellcheck="false" enterkeyhint="go">
          </div>
          <button class="button"><span>${words.find}</span><span class="wait"></span></button>
        </form>
        <p class="ash aim"><a href="${to === '/me' ? '/j' : to}">${to === '/out' ? phone.out.orGo : words.anew}</a></p>
      </main>`,
    });
  };

  async function comeBack(at: Visit): Promise<void> {
    const field = (name: string) => fieldOf(at.request.body, name);
    const number = readNumber(field('number') ?? '');
    const returnCode = readReturnCode(field('returnCode') ?? '');
    if (number === null || returnCode === null) throw new Refusal('bad_code.return');
    const pass = field('pass') ?? at.entryPass;
    const { seat, token } = await reception.comeBack({
      ...{ pass, number, returnCode },
      caller: deps.callerOf(at.request),
    });
    at.keep('passing', token);
    at.keep('pass', seat.pass);
    at.keep('entry', null);
    const to = wayOn(field('to'));
    if (at.keeps) {
      at.response.redirect(303, to);
      return;
    }
    const place = await reception.find(seat.noso);
    const until = hourAt({ tongue: at.tongue, venue: place.venue }, Date.parse(seat.endsAt));
    const shown = { is: 'seated', values: unkeptSeat(at, seat, until) } as const;
    const code = readCode(to.slice('/j/'.length)) ?? '-';
    sendSeatPage(deps, at, { path: `/j/${code}`, code, pass, place, shown });
  }

  router.get('/me/return', (_request: Request, response: Response) => show(visitOf(response)));
  router.post('/me/return', formBody, async (request: Request, response: Response) => {
    const at = visitOf(response);
    if (fieldOf(request.body, 'number') === null) {
      show(at);
      return;
    }
    try {
      await comeBack(at);
    } catch (error) {
      show(at, await judged(deps, request, error));
    }
  });
  return router;
}
