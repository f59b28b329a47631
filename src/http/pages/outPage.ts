import express, { type Request, type Response, type Router } from 'express';
import type { Seat } from '../../protocol/wire.js';
import type { Place } from '../../service/desk.js';
import { type Html, html, sayHtml } from './html.js';
import type { PagesDeps } from './pagesDeps.js';
import { hourAt } from './seatViews.js';
import { sendNight, sendRefusal } from './send.js';
import { judged, type Visit, visitOf } from './visit.js';

/** What a page of this phone's own can say of its seat: held, given back, or unknown here. */
export type Held = { seat: Seat; place: Place } | 'given back' | null;

/** The seat that this phone's number holds where its pass is for. */
export async function heldBy({ reception }: PagesDeps, at: Visit): Promise<Held> {
  const token = at.passFor && at.tokenAt(at.passFor.noso);
  if (!at.passFor || !token) return null;
  const seat = await reception.seat(token, at.passFor.noso);
  if (!seat) return null;
  return 'unseated' in seat ? 'given back' : { seat, place: await reception.find(at.passFor.noso) };
}

/** Gives the seat back that this phone holds; nothing to give back is no error. */
export async function giveBack({ reception }: PagesDeps, at: Visit): Promise<void> {
  const token = at.passFor && at.tokenAt(at.passFor.noso);
  if (at.passFor && token) await reception.leave(token, at.passFor.noso);
}

/** Runs a page of a visit; what goes wrong is said on a page of its own. */
export const visited =
  (deps: PagesDeps, work: (at: Visit) => Promise<void>) =>
  async (request: Request, response: Response): Promise<void> => {
    const at = visitOf(response);
    try {
      await work(at);
    } catch (error) {
      sendRefusal(deps, at, await judged(deps, request, error));
    }
  };

/** `/out`: the seat is given back with one button, where the poster by the exit leads. */
export function outPages(deps: PagesDeps): Router {
  const router = express.Router();

  function body({ tongue }: Visit, held: Held): Html {
    const { phone } = tongue.words;
    const { out } = phone;
    const home = html`<p class="ash"><a href="/">${phone.elsewhere}</a></p>`;
    if (held === 'given back') {
      return html`<main><header></header>
        <h1 class="big">${phone.left}</h1>
        <p class="more">${phone.leftMore}</p>
        <footer>${home}</footer></main>`;
    }
    if (held === null) {
      return html`<main><header></header>
        <h1 class="big">${out.heading}</h1>
        <p class="more">${out.quietly}</p>
        <div class="note"><p>${out.unknown}</p><p class="ash">${out.orGo}</p></div>
        <footer><a href="/me/return?to=out" class="button">${out.haveCode}</a>${home}</footer></main>`;
    }
    const { seat, place } = held;
    const { venue, noso } = place;
    const until = hourAt({ tongue, venue }, Date.parse(seat.endsAt));
    const say = (text: string, holes: Record<string, string>) =>
      sayHtml(tongue.language, text, holes);
    return html`<main>
      <header><p class="ash">${say(phone.place, { venue: venue.name, city: venue.city })}</p><p dir="auto">${noso.title}</p></header>
      <h1 class="big">${out.heading}</h1>
      <p class="more">${out.quietly}</p>
      <div class="note"><p>${say(out.seat, { number: seat.number, until })}</p><p class="ash">${out.next}</p></div>
      <footer>
        <form method="post" action="/out"><button class="button">${out.give}</button></form>
        <p class="ash">${out.elsewhere} <a href="/me/return?to=out">${out.haveCode}</a></p>
      </footer></main>`;
  }

  router.get(
    '/out',
    visited(deps, async (at) => {
      const { phone } = at.tongue.words;
      const held = await heldBy(deps, at);
      sendNight(deps, at, { title: `${phone.out.title} · ${phone.title}`, body: body(at, held) });
    }),
  );
  router.post(
    '/out',
    visited(deps, async (at) => {
      await giveBack(deps, at);
      at.response.redirect(303, '/out');
    }),
  );
  return router;
}
