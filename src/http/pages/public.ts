import express, { type Request, type Response, type Router } from 'express';
import { ERRORS } from '../../domain/errors.js';
import type { Place } from '../../service/desk.js';
import { demand, newWish } from '../../service/input.js';
import { iso } from '../../service/instants.js';
import { aboutOf } from '../../service/present.js';
import { say } from '../../service/words.js';
import { accessibility } from './accessibility.js';
import { feed } from './calendarFeed.js';
import { duration, moment } from './dates.js';
import { foot } from './dayFoot.js';
import { dayHead } from './dayHead.js';
import { fieldOf, formBody } from './formBody.js';
import { type Html, html, lines } from './html.js';
import type { Tongue } from './language.js';
import type { PagesDeps } from './pagesDeps.js';
import { privacy } from './privacy.js';
import { programme } from './programme.js';
import { sendDay } from './send.js';
import { judged, visitOf } from './visit.js';
import { type Wish, wishForm } from './wishForm.js';

/** The public pages: what is on, what is kept, and whom they may keep out. */
export function publicPages(deps: PagesDeps): Router {
  const router = express.Router();

  function* listed(): Iterable<Place> {
    for (const noso of deps.catalogue.nosos()) {
      const venue = deps.catalogue.venue(noso.venue);
      if (venue) yield { noso, venue };
    }
  }

  router.get('/', (request: Request, response: Response) => {
    front(response, { noted: request.query.noted === '1', city: '', refused: null });
  });

  router.post('/', formBody, async (request: Request, response: Response) => {
    const city = fieldOf(request.body, 'city') ?? '';
    try {
      await deps.cities.ask(demand(newWish, { city }), deps.from(request));
      response.redirect(303, '/?noted=1#cities');
    } catch (error) {
      const refused = await judged(deps, request, error);
      front(response, { noted: false, city, refused });
    }
  });

  /** What is on, by city. */
  function front(response: Response, wish: Wish): void {
    const at = visitOf(response);
    const { tongue } = at;
    const { public: words } = tongue.words;
    const now = deps.now();
    const cities = programme(listed(), now);
    sendDay(deps, at, {
      title: words.title,
      head: dayHead(deps, words.intro, '/'),
      body: html`<main>
          <header class="top">
            <h1>${lines(words.heading)}</h1>
            <p>${words.intro}</p>
          </header>
          ${cities.map(
            ({ city, listed }) => html`<section class="city">
              <div class="where">
                <h2 dir="auto">${city}</h2>
                ${calendarOf(deps, tongue, city)}
              </div>
              <ul>${listed.map((each) => rowOrNot(deps, tongue, each, now))}</ul>
            </section>`,
          )}
          ${cities.length === 0 && html`<section class="city"><p>${words.nothing}</p></section>`}
          ${wishForm(tongue, wish)}
        </main>
        ${foot(deps, tongue, '/')}`,
      ...(wish.refused
        ? { status: ERRORS[wish.refused.code].status, retryAfter: wish.refused.retryAfter }
        : {}),
    });
  }

  router.get('/privacy', (_request: Request, response: Response) => {
    const at = visitOf(response);
    const { tongue } = at;
    sendDay(deps, at, {
      title: tongue.words.privacy.title,
      head: dayHead(deps, tongue.words.privacy.intro, '/privacy'),
      body: html`${privacy(deps, tongue)}${foot(deps, tongue, '/privacy')}`,
    });
  });

  router.get('/accessibility', (_request: Request, response: Response) => {
    const at = visitOf(response);
    const { tongue } = at;
    sendDay(deps, at, {
      title: tongue.words.accessibility.title,
      head: dayHead(deps, tongue.words.accessibility.intro, '/accessibility'),
      body: html`${accessibility(deps, tongue)}${foot(deps, tongue, '/accessibility')}`,
    });
  });

  return router;
}

/** A city's own calendar, to subscribe to. */
function calendarOf(deps: PagesDeps, { language, words }: Tongue, city: string): Html {
  const { calendarOf, ofCity } = words.public;
  const whole = say(language, ofCity, { city });
  return html`<p><a class="feed" href="${feed(deps, { city })}" aria-label="${whole}">${calendarOf}</a></p>`;
}

/** One row that cannot be drawn is one row that says so (F9). */
function rowOrNot(deps: PagesDeps, tongue: Tongue, listed: Place, now: number): Html {
  try {
    return row(tongue, listed, now);
  } catch (error) {
    deps.onError(error);
    return html`<li class="over">
      <span class="title" dir="auto">${listed.noso.title}</span>
      <span class="venue" dir="auto">${listed.venue.name}</span>
      <span class="state">${tongue.words.public.untold}</span>
    </li>`;
  }
}

function row(tongue: Tongue, { noso, venue }: Place, now: number): Html {
  const over = noso.life.is === 'closed' || noso.life.is === 'cancelled';
  const when = moment(tongue, venue.timeZone, noso.startsAt, now);
  return html`<li${over ? html` class="over"` : null}>
    <time datetime="${iso(noso.startsAt)}">${when}</time>
    <span class="title" dir="auto">${over ? noso.title : html`<a href="/n/${noso.id}">${noso.title}</a>`}</span>
    <span class="venue" dir="auto">${venue.name}</span>
    <span class="state">${state(tongue, noso, now)}</span>
  </li>`;
}

/** How a NoSo stands; of a past one a rounded figure at most (A6). */
function state({ language, words }: Tongue, noso: Place['noso'], now: number): Html {
  const { life } = noso;
  switch (life.is) {
    case 'open':
      return html`<strong>${now < noso.startsAt ? words.public.gathering : words.public.now}</strong>`;
    case 'cancelled':
      return html`${words.public.cancelled}`;
    case 'scheduled':
      return html`${duration({ language, words }, noso.endsAt - noso.startsAt)}`;
    case 'closed': {
      const about = aboutOf(life.totals);
      return about === null
        ? html`${words.public.overFew}`
        : html`${say(language, words.public.over, { n: about })}`;
    }
  }
}
