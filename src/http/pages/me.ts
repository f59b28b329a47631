import express, { type Request, type Response, type Router } from 'express';
import { asRefusal } from '../../service/refusals.js';
import { type Html, html, sayHtml } from './html.js';
import type { PagesDeps } from './pagesDeps.js';
import { hourAt } from './seatViews.js';
import { sendNight, sendRefusal } from './send.js';
import { judged, type Visit, visitOf } from './visit.js';

/** `/me`: the number in this phone; leaving the seat that it holds, and forgetting it. */
export function mePages(deps: PagesDeps): Router {
  const { reception } = deps;
  const router = express.Router();

  /** The seat that this phone's number holds where its pass is for, in words; null for none. */
  async function seated(at: Visit): Promise<Html | null> {
    const token = at.passFor && at.tokenAt(at.passFor.noso);
    if (!at.passFor || !token) return null;
    const seat = await reception.seat(token, at.passFor.noso);
    if (!seat || 'unseated' in seat) return null;
    const { venue } = await reception.find(at.passFor.noso);
    const { tongue } = at;
    const { phone } = tongue.words;
    const place = sayHtml(tongue.language, phone.place, { venue: venue.name, city: venue.city });
    const until = hourAt({ tongue, venue }, Date.parse(seat.endsAt));
    return sayHtml(tongue.language, phone.me.seatedAt, { place, until });
  }

  const handle =
    (work: (at: Visit) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const at = visitOf(response);
      try {
        await work(at);
      } catch (error) {
        sendRefusal(deps, at, await judged(deps, request, error));
      }
    };

  router.get(
    '/me',
    handle(async (at) => {
      const where = await seated(at);
      const { tongue } = at;
      const { phone } = tongue.words;
      const { number } = at;
      const elsewhere = html`<p class="ash"><a href="/">${phone.elsewhere}</a></p>`;
      const leave = html`<form method="post" action="/me/leave">
        <button class="button line">${phone.leave}</button>
      </form>`;
      const forget = html`<form method="post" action="/me/forget">
        <button class="link"><span>${phone.forget}</span></button>
      </form>`;
      sendNight(deps, at, {
        title: `${phone.me.title} · ${phone.title}`,
        body:
          number === null
            ? html`<main>
                <header></header>
                <h1 class="big">${phone.me.none}</h1>
                <p class="more">${phone.me.noneMore}</p>
                <footer><a href="/j" class="button">${phone.code.title}</a>${elsewhere}</footer>
              </main>`
            : html`<main>
                <header></header>
                <h1 class="number" data-digits="${number.length}">${number}</h1>
                <p class="more">${phone.me.yours}</p>
                <div class="note">
                  <p>${where ?? phone.me.sleeps}</p>
                  <p class="ash">${phone.me.forgetting}</p>
                </div>
                <footer>${where && leave}${forget}${elsewhere}</footer>
              </main>`,
      });
    }),
  );

  router.post(
    '/me/leave',
    handle(async (at) => {
      const token = at.passFor && at.tokenAt(at.passFor.noso);
      if (at.passFor && token) await reception.leave(token, at.passFor.noso);
      at.response.redirect(303, '/me');
    }),
  );

  /**
   * Forgetting is the phone's: its cookies go, whatever the store says. A seat that nobody could
   * come back to any more is given back first.
   */
  router.post(
    '/me/forget',
    handle(async (at) => {
      for (const name of ['token', 'pass', 'entry'] as const) at.keep(name, null);
      const token = at.passFor && at.tokenAt(at.passFor.noso);
      if (at.passFor && token) {
        await reception
          .leave(token, at.passFor.noso)
          .catch((error: unknown) => deps.refused(asRefusal(error, deps.onError).code));
      }
      at.response.redirect(303, '/me');
    }),
  );

  return router;
}
