import express, { type Request, type Response, type Router } from 'express';
import { Refusal } from '../../domain/errors.js';
import type { NosoNotes } from '../../protocol/nosoNotes.js';
import type { Place } from '../../service/desk.js';
import { iso } from '../../service/instants.js';
import { aboutOf, doorsAt } from '../../service/present.js';
import { asRefusal } from '../../service/refusals.js';
import { hourInColumn, hourInProse, say } from '../../service/words.js';
import { utcOffset } from '../../service/zones.js';
import { feed } from './calendarFeed.js';
import { dayInColumn, dayInProse } from './dates.js';
import { foot } from './dayFoot.js';
import { fieldOf, formBody } from './formBody.js';
import { type Html, html, json } from './html.js';
import type { Tongue } from './language.js';
import { createPictures } from './linkPicture.js';
import { mapLink } from './mapLink.js';
import { nosoHead, type Told } from './nosoHead.js';
import type { PagesDeps } from './pagesDeps.js';
import { sendDay } from './send.js';
import { type Visit, visitOf } from './visit.js';

const HOUR = 3_600_000;
/** Where no script looks, the page is asked for again this often, in seconds, … */
const REFRESH = 60;
/** … so long before the start, and until somebody opens it. */
const SOON = HOUR;

/** The page of one NoSo, and the picture of it that goes with a link. It seats nobody. */
export function nosoPages(deps: PagesDeps): Router {
  const router = express.Router({ strict: true });
  const pictureOf = createPictures();

  function find(id: unknown): Place {
    const noso = deps.catalogue.noso(String(id));
    const venue = noso && deps.catalogue.venue(noso.venue);
    if (!noso || !venue) throw new Refusal('not_found', 'no such NoSo');
    return { noso, venue };
  }

  router.get('/n/:id', async (request: Request, response: Response) => {
    const at = visitOf(response);
    const { tongue } = at;
    const place = find(request.params.id);
    const now = deps.now();
    const told = tell(tongue, place, now);
    const page: `/n/${string}` = `/n/${place.noso.id}`;
    const { is } = place.noso.life;
    const will = is === 'scheduled' && (await intends(at, place.noso.id));
    const waiting = is === 'scheduled' && doorsAt(place.noso) - now < SOON;
    sendDay(deps, at, {
      title: `${told.title}, NoSo`,
      head: nosoHead(tongue, place, told, deps.publicUrl() + page),
      body: html`<main class="noso">
          <h1 dir="auto"><span>${place.noso.title}</span></h1>
          <div class="about">
            <div class="facts">${facts(tongue, place, told, request.headers['user-agent'])}</div>
            <div class="act">${act(tongue, place, will ? at.number : null)}
              ${venueFeed(deps, tongue, place)}</div>
          </div>
          ${rows(tongue, place)}
        </main>
        ${foot(deps, tongue, page)}`,
      script: is === 'scheduled' || is === 'open' ? deps.assets.nosoScript : undefined,
      refresh: waiting ? REFRESH : undefined,
    });
  });

  router.post('/n/:id', formBody, async (request: Request, response: Response) => {
    const at = visitOf(response);
    const { noso } = find(request.params.id);
    const own = at.number === null ? null : Number(at.number);
    if (fieldOf(request.body, 'do') === 'withdraw') {
      // What is not kept is of another NoSo, and never said that it will be here.
      if (own !== null && at.kept)
        await deps.intents.withdraw(noso.id, { number: own, noso: null });
    } else {
      const { number, token } = await deps.intents.draw(noso.id, own, deps.from(request));
      await deps.intents.intend(noso.id, { number: Number(number), noso: null });
      if (!at.kept) at.keep('token', token);
    }
    response.redirect(303, `/n/${noso.id}`);
  });

  /** Whether this browser's number said that it will be there; what cannot be read is not said. */
  async function intends(at: Visit, noso: string): Promise<boolean> {
    if (at.number === null || !at.kept) return false;
    try {
      return await deps.intents.intends(noso, Number(at.number));
    } catch (error) {
      deps.refused(asRefusal(error, deps.onError).code);
      return false;
    }
  }

  router.get('/n/:id/picture.png', async (request: Request, response: Response) => {
    const { noso, venue } = find(request.params.id);
    const day = dayInColumn(venue.timeZone, noso.startsAt);
    const picture = await pictureOf(hourInColumn(venue.timeZone, noso.startsAt), day);
    // It goes with a link, on whatever page that is shown.
    response.set('Cross-Origin-Resource-Policy', 'cross-origin');
    response.set('Cache-Control', 'public, max-age=3600').type('png').send(picture);
  });

  return router;
}

/** When and where, in words. */
function tell(tongue: Tongue, { noso, venue }: Place, now: number): Told {
  const { language, words } = tongue;
  const { timeZone } = venue;
  const hour = (at: number) => hourInProse(words.time, timeZone, at);
  const day = dayInProse(tongue, timeZone, noso.startsAt, now);
  const when = say(language, words.noso.hours, {
    ...{ day, from: hour(noso.startsAt), to: hour(noso.endsAt) },
  });
  const place = say(language, words.noso.place, { venue: venue.name, city: venue.city });
  const title = say(language, words.noso.title, { title: noso.title, city: venue.city });
  return {
    ...{ title, when, place },
    description: say(language, words.noso.description, { when, place }),
  };
}

function facts(
  { language, words }: Tongue,
  { noso, venue }: Place,
  { when, place }: Told,
  agent: string | undefined,
): Html {
  const zone = say(language, words.noso.zone, { city: venue.city });
  const address = venue.address && html`<p>${mapLink(venue, venue.address, agent)}</p>`;
  // What the page's script needs to say the hours where its reader is.
  const notes: NosoNotes = {
    id: noso.id,
    state: noso.life.is,
    startsAt: noso.startsAt,
    endsAt: noso.endsAt,
    offsets: [noso.startsAt, noso.endsAt].map((at) => utcOffset(venue.timeZone, at) ?? null),
    language,
    zone,
    words: {
      ...{ yours: words.noso.yours, yoursOn: words.noso.yoursOn, day: words.noso.day },
      ...{ open: words.noso.open, time: words.time },
    },
  };
  return html`<p class="large"><time datetime="${iso(noso.startsAt)}">${when}</time></p>
    <p class="large">${place}</p>
    ${address ?? null}
    <p class="zone">${zone}</p>
    <script type="application/json" id="notes">${json(notes)}</script>`;
}

/** How it stands, and what may be done. */
function act({ language, words }: Tongue, { noso }: Place, number: string | null): Html {
  const { life } = noso;
  const file = `/api/nosos/${noso.id}/calendar.ics`;
  const calendar = html`<p class="calendar"><a href="${file}">${words.noso.calendar}</a></p>`;
  switch (life.is) {
    case 'scheduled':
      return html`<p class="large" role="status"></p>${intentForm({ language, words }, noso.id, number)}${calendar}`;
    case 'open':
      return html`<p class="large" role="status">${words.noso.open}</p>${calendar}`;
    case 'cancelled':
      return html`<p class="large">${words.noso.cancelled}</p>`;
    case 'closed': {
      const about = aboutOf(life.totals);
      const said =
        about === null ? words.public.overFew : say(language, words.public.over, { n: about });
      return html`<p class="large">${words.noso.over}</p><p class="soft">${said}</p>`;
    }
  }
}

/** All that is to come at this venue, to subscribe to. */
const venueFeed = (deps: PagesDeps, { words }: Tongue, { venue }: Place): Html =>
  html`<p class="calendar"><a href="${feed(deps, { venue: venue.id })}">${words.noso.calendarVenue}</a></p>`;

/** "I will be there", or not after all: `number` said so already. */
function intentForm({ language, words }: Tongue, noso: string, number: string | null): Html {
  const { noso: own } = words;
  const said =
    number === null
      ? html`<button class="big" name="do" value="intend">${own.will}</button>`
      : html`<p class="big" role="status">${say(language, own.iWill, { number })}</p>
          <button class="undo" name="do" value="withdraw"><span>${own.notAfterAll}</span></button>`;
  return html`<form method="post" action="/n/${noso}" data-before="">
    ${said}
    <p class="soft">${own.noSeat}</p>
  </form>`;
}

/** What to know before one goes. */
function rows({ language, words }: Tongue, { noso, venue }: Place): Html {
  const { phone, noso: own } = words;
  const nots = Object.values(phone.nots).map((each) => `${phone.not} ${each}`);
  const most = noso.capacity === null ? own.noMost : say(language, own.most, { n: noso.capacity });
  const hour = hourInProse(words.time, venue.timeZone, doorsAt(noso));
  const row = (name: string, text: Html) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`;
  return html`<dl>
    ${row(own.rows.away, html`${nots.join(', ')}, <span class="soft">${phone.toNobody}</span>`)}
    ${row(own.rows.arriving, html`${say(language, own.enter, { hour })} <span class="soft">${own.paper}</span>`)}
    ${row(own.rows.howMany, html`${most} <span class="soft">${own.unsaid}</span>`)}
    ${row(own.rows.kept, html`${own.number} <span class="soft">${own.nothingElse}</span> <a href="/privacy">${own.detail}</a>`)}
  </dl>`;
}
