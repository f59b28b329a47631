import type { PhonePage, ViewHoles, ViewName } from '../../protocol/phonePage.js';
import type { Seat } from '../../protocol/wire.js';
import type { Place } from '../../service/desk.js';
import { hostOf } from '../../service/identity.js';
import { utcOffset } from '../../service/zones.js';
import { html, json } from './html.js';
import type { PagesDeps } from './pagesDeps.js';
import { hourAt, viewsOf } from './seatViews.js';
import { sendNight } from './send.js';
import type { Visit } from './visit.js';

/** A view, and the values in its holes. */
export type Shown = { is: ViewName; values?: ViewHoles };

/** What the page's script may have to show without asking the server. */
const TEMPLATES: readonly ViewName[] = [
  'invite',
  'waiting',
  'seated',
  'left',
  'lapsed',
  'closed',
  'cancelled',
  'full',
  'gone',
  'wrong',
  'past',
  'used',
  'voided',
  'asking',
  'soon',
  'spent',
  'foreign',
  'limited',
];

/** Where its hours are said. */
function zoneOf({ noso, venue }: Place): Pick<PhonePage, 'timeZone' | 'utcOffset'> {
  const { timeZone } = venue;
  const offset = utcOffset(timeZone, noso.startsAt);
  return offset === undefined ? { timeZone } : { timeZone, utcOffset: offset };
}

/** What is said of the silence: when it begins, while it is ahead. */
function beginning({ tongue }: Visit, { noso, venue }: Place, now: number): ViewHoles {
  return now < noso.startsAt
    ? { begins: hourAt({ tongue, venue }, noso.startsAt) }
    : { silent: 'yes' };
}

/** The same page over https, where PUBLIC_URL says that there is such a thing. */
export function secureOf(publicUrl: string, path: string): { href: string; name: string } | null {
  const { protocol, origin } = new URL(publicUrl);
  return protocol === 'https:' ? { href: origin + path, name: origin } : null;
}

/** What a browser that keeps nothing is told of its seat: there is no other time to tell it. */
export function unkeptSeat({ request }: Visit, seat: Seat, until: string): ViewHoles {
  const { number, returnCode } = seat;
  const insecure = request.headers.origin?.startsWith('http:') ? { insecure: 'yes' } : {};
  return { number, until, returnCode, unkept: 'yes', ...insecure };
}

/** How soon a page without JavaScript asks whether the doors are open, in seconds. */
const DOORS = 20;

/** Sends the seat page: one view of it, and for its script the others as templates. */
export function sendSeatPage(
  deps: PagesDeps,
  at: Visit,
  page: {
    path: string;
    code: string;
    /** The pass to sit with. */
    pass: string | null;
    place: Place | null;
    shown: Shown;
    status?: number;
    retryAfter?: number;
  },
): void {
  const { place, shown } = page;
  const { tongue } = at;
  const { phone, time } = tongue.words;
  const { path, pass } = page;
  const view = viewsOf({ tongue, place, path, pass, secure: secureOf(deps.publicUrl(), path) });
  const now = deps.now();
  const values = {
    ...(place && shown.is === 'seated' ? beginning(at, place, now) : {}),
    ...shown.values,
  };

  const data: PhonePage | null = place && {
    noso: place.noso.id,
    code: page.code,
    pass: page.pass,
    view: shown.is,
    lost:
      shown.is === 'invite' &&
      at.number !== null &&
      at.passFor?.kind === 'seat' &&
      page.pass === at.seatPass &&
      at.passFor.noso === place.noso.id,
    number: at.number,
    kept: at.kept,
    doorsAt: place.noso.startsAt - place.noso.gather * 60_000,
    startsAt: place.noso.startsAt,
    endsAt: place.noso.endsAt,
    pocket: place.noso.pocket,
    ...zoneOf(place),
    serverTime: now,
    hosts: [new URL(deps.publicUrl()).host, hostOf(at.request)],
    retryAfter: page.retryAfter ?? null,
    time,
    keep: deps.jar.forScript('pass'),
  };
  const refresh =
    shown.is === 'waiting' ? DOORS : shown.is === 'asking' ? page.retryAfter : undefined;
  sendNight(deps, at, {
    title: place ? `${place.noso.title} · ${phone.title}` : phone.title,
    status: page.status ?? 200,
    retryAfter: page.retryAfter,
    refresh,
    script: data !== null,
    body: html`<main data-view="${shown.is}" tabindex="-1">${view(shown.is, values)}</main>
      ${
        data &&
        html`<p class="said" role="status" aria-live="polite"></p>
        <button type="button" class="dark" tabindex="-1">
          <span data-hole="number"></span><span data-hole="until"></span>
          <span class="said">${phone.wake}</span>
        </button>
        ${TEMPLATES.map((name) => html`<template data-view="${name}">${view(name)}</template>`)}
        <script type="application/json" id="page">${json(data)}</script>`
      }`,
  });
}
