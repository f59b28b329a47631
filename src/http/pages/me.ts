import express, { type Router } from 'express';
import { fieldOf, formBody } from './formBody.js';
import { type Html, html, sayHtml } from './html.js';
import { giveBack, type Held, heldBy, visited } from './outPage.js';
import type { PagesDeps } from './pagesDeps.js';
import { hourAt, returnCode } from './seatViews.js';
import { sendNight } from './send.js';
import type { Visit } from './visit.js';

/** `/me`: the number in this phone; keeping it, leaving the seat that it holds, forgetting it. */
export function mePages(deps: PagesDeps): Router {
  const { reception } = deps;
  const router = express.Router();

  router.get(
    '/me',
    visited(deps, async (at) => {
      const { phone } = at.tongue.words;
      const held = await heldBy(deps, at);
      sendNight(deps, at, {
        title: `${phone.me.title} · ${phone.title}`,
        script: true,
        body: at.number === null ? nobody(at) : body(at, at.number, held),
      });
    }),
  );

  router.post(
    '/me/leave',
    visited(deps, async (at) => {
      await giveBack(deps, at);
      at.response.redirect(303, '/me');
    }),
  );

  /** Kept for a year or, as it was, until the close (A8). */
  router.post(
    '/me/keep',
    formBody,
    visited(deps, async (at) => {
      const token = at.passFor && at.tokenAt(at.passFor.noso);
      if (at.passFor && token) {
        const keep = fieldOf(at.request.body, 'keep') === 'yes';
        at.keep(keep ? 'token' : 'passing', await reception.keep(token, at.passFor.noso, keep));
      }
      at.response.redirect(303, '/me');
    }),
  );

  /** Forgetting is the phone's: its cookies go, whatever the store says. The seat stays taken. */
  router.post(
    '/me/forget',
    visited(deps, async (at) => {
      for (const name of ['token', 'pass', 'entry'] as const) at.keep(name, null);
      at.response.redirect(303, '/me');
    }),
  );

  return router;
}

function nobody({ tongue }: Visit): Html {
  const { phone } = tongue.words;
  return html`<main>
    <header><p class="ash">${phone.me.title}</p></header>
    <h1 class="big">${phone.me.none}</h1>
    <p class="more">${phone.me.noneMore}</p>
    <footer><a href="/j" class="button">${phone.code.title}</a>
      <p class="ash"><a href="/me/return">${phone.haveSeat}</a></p></footer>
  </main>`;
}

function body(at: Visit, number: string, held: Held): Html {
  const { tongue } = at;
  const { phone } = tongue.words;
  const { me } = phone;
  const say = (text: string, holes: Record<string, string>) =>
    sayHtml(tongue.language, text, holes);
  const seated = held !== null && held !== 'given back' ? held : null;
  const asked = at.request.query.ask;

  /** Asks where it was tapped, and says what becomes of the seat. */
  const ask = (doing: 'leave' | 'forget', question: string) => html`<form method="post"
    action="/me/${doing}" class="ask ${doing}">
    <p>${say(question, { number })}</p>
    <p class="yes"><button class="link"><span>${me.yes}</span></button>
    <a href="/me" class="link"><span>${me.no}</span></a></p></form>`;
  const leave =
    asked === 'leave'
      ? ask('leave', me.leaving)
      : html`<a href="/me?ask=leave" class="button line">${phone.leave}</a>`;
  const forget =
    asked === 'forget'
      ? ask('forget', seated ? me.forgetting : me.forgettingFree)
      : html`<p class="forget"><a href="/me?ask=forget" class="link"><span>${phone.forget}</span></a></p>`;
  const keep = html`<form method="post" action="/me/keep">
    <input type="hidden" name="keep" value="${at.kept ? 'no' : 'yes'}">
    <button class="box" role="checkbox" aria-checked="${String(at.kept)}"><span class="mark"></span><span>${me.keep}<span class="ash">${me.keepMore}</span></span></button>
  </form>`;

  if (!seated) {
    return html`<main data-view="me">
      <header><p class="ash">${me.title}</p></header>
      <h1 class="number" data-digits="${number.length}">${number}</h1>
      <p class="more">${me.yours}</p>
      <div class="note"><p>${me.sleeps}</p></div>
      <footer>${forget}</footer></main>`;
  }
  const { seat, place } = seated;
  const { venue } = place;
  const until = hourAt({ tongue, venue }, Date.parse(seat.endsAt));
  const where = sayHtml(tongue.language, phone.place, { venue: venue.name, city: venue.city });
  return html`<main data-view="me">
    <header><p class="ash">${me.title}</p></header>
    <h1 class="number" data-digits="${number.length}">${number}</h1>
    <p class="more">${say(me.until, { until })}</p>
    ${returnCode(tongue, html`${seat.returnCode}`, { known: true, open: false })}
    <div class="note"><p>${sayHtml(tongue.language, me.seatedAt, { place: where })}</p>${keep}</div>
    <footer>${leave}${forget}</footer></main>`;
}
