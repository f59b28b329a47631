import type { ViewHoles, ViewName } from '../../protocol/phonePage.js';
import type { Place } from '../../service/desk.js';
import { PASS_MINUTES } from '../../service/entering.js';
import { hourInProse } from '../../service/words.js';
import { type Html, html, sayHtml } from './html.js';
import type { Tongue } from './language.js';

/** Where a view of the seat page is shown: everything but what changes while it stands. */
export type Scene = {
  tongue: Tongue;
  /** Null where the code led nowhere. */
  place: Place | null;
  /** The page's own path. */
  path: string;
  /** The pass to sit with: a browser that keeps no cookies has it in the form. */
  pass: string | null;
  /** Where the same page is over https, if that is how this server is to be reached. */
  secure: { href: string; name: string } | null;
};

/** An hour at the venue, in prose. */
export const hourAt = (of: { tongue: Tongue; venue: Place['venue'] }, at: number): string =>
  hourInProse(of.tongue.words.time, of.venue.timeZone, at);

/**
 * The views of the seat page in a scene. Values are in holes that the page's script fills as well:
 * a view without values is the template from which the script shows it.
 */
export function viewsOf(scene: Scene): (name: ViewName, values?: ViewHoles) => Html {
  const parts = partsOf(scene);
  return (name, values = {}) => view(scene, parts, name, values);
}

function view(
  scene: Scene,
  parts: ReturnType<typeof partsOf>,
  name: ViewName,
  values: ViewHoles,
): Html {
  const { language, words } = scene.tongue;
  const { phone, errors } = words;
  const hole = (of: keyof ViewHoles) => html`<span data-hole="${of}">${values[of] ?? ''}</span>`;
  const say = (text: Parameters<typeof sayHtml>[1], ...holes: (keyof ViewHoles)[]) =>
    sayHtml(language, text, Object.fromEntries(holes.map((of) => [of, hole(of)])));
  /** What makes no sense without a value is hidden until there is one. */
  const without = (of: keyof ViewHoles) => (values[of] ? null : html` hidden`);
  /** Where nothing but another code helps. */
  const anew = (heading: string, more: Html | string) => html`${parts.head}
    <h1 class="long">${heading}</h1>
    <p class="more">${more}</p>
    <footer><a href="/j" class="button">${phone.code.title}</a>${parts.elsewhere}</footer>`;
  const { secure } = scene;
  const overHttp =
    secure &&
    html`<p class="ash" data-with="insecure"${without('insecure')}>${sayHtml(
      language,
      phone.overHttp,
      { link: html`<a href="${secure.href}">${secure.name}</a>` },
    )}</p>`;
  const again = (label: string, doing: 'take' | 'back', wait: boolean) =>
    parts.form(
      doing,
      html`<button class="button line">${label}${wait && html`<span class="wait" data-with="time"${without('time')}>${say(phone.retryIn, 'time')}</span>`}</button>`,
    );

  switch (name) {
    case 'invite':
      return html`${parts.rules}
        <footer>
          ${parts.form('take', html`<button class="button">${phone.take}</button>`)}
          ${parts.haveSeat}
          <p class="ash">${phone.promise} <a href="/privacy">${phone.kept}</a></p>
          ${overHttp}
        </footer>`;
    case 'waiting':
      return html`${parts.rules}
        <footer>
          <p class="more">${phone.waiting}</p>
          <p class="ash">${phone.promise} <a href="/privacy">${phone.kept}</a></p>
        </footer>`;
    case 'seated':
      return html`${parts.head}
        <h1 class="number" data-hole="number" data-digits="${values.number?.length ?? 0}">${values.number ?? ''}</h1>
        <p class="more">${say(phone.until, 'until')}</p>
        ${returnCode(scene.tongue, hole('returnCode'), { known: Boolean(values.returnCode), open: Boolean(values.unkept) })}
        <div class="note unkept" data-with="unkept"${without('unkept')}>
          <p>${phone.keepsNothing}</p>
          <p class="ash">${phone.returnKept}</p>
          ${overHttp}
        </div>
        <div data-with="begins"${without('begins')}>
          <p class="lock">${say(phone.begins, 'begins')}</p>
          <p class="more">${parts.stays}</p>
          <p class="more">${phone.quiet}</p>
        </div>
        <div data-with="silent"${without('silent')}>
          <p class="lock">${phone.lock}</p>
          <p class="more">${parts.stays}</p>
        </div>
        <footer>
          ${parts.form('leave', html`<button class="link"><span>${phone.leave}</span></button>`)}
        </footer>`;
    case 'left':
      return html`${parts.head}
        <h1 class="big">${phone.left}</h1>
        <p class="more">${phone.leftMore}</p>
        <footer>${again(phone.back, 'back', false)}${parts.elsewhere}</footer>`;
    case 'lapsed':
      return html`${parts.head}
        <h1 class="long">${say(phone.lapsed, 'at')}</h1>
        <footer>${again(phone.back, 'back', false)}${parts.elsewhere}</footer>`;
    case 'closed':
      return html`${parts.head}
        <h1 class="big">${phone.speak}</h1>
        <p class="more">${phone.noHurry}</p>
        <div class="note">
          <p>${say(phone.over, 'at')}</p>
          <p class="ash" data-with="number"${without('number')}>${phone.erased} <span data-with="kept"${without('kept')}>${say(phone.remains, 'number')}</span></p>
        </div>
        <footer>
          <form method="post" action="/me/forget" data-with="number"${without('number')}>
            <button class="link"><span>${phone.forget}</span></button>
          </form>
        </footer>`;
    case 'cancelled':
      return html`${parts.head}
        <h1 class="big">${phone.cancelled}</h1>
        <p class="more">${phone.cancelledMore}</p>
        <footer>${parts.elsewhere}</footer>`;
    case 'full':
      return html`${parts.head}
        <h1 class="big">${phone.full}</h1>
        <p class="more">${phone.fullMore}</p>
        <div class="note">
          <p>${phone.fullWhy}</p>
          <p class="ash">${sayHtml(language, phone.fullHow, { n: PASS_MINUTES })}</p>
        </div>
        <footer>${again(phone.retry, 'take', true)}${parts.elsewhere}</footer>`;
    case 'gone':
      return anew(phone.gone, phone.goneMore);
    case 'wrong':
      return anew(phone.wrong, phone.wrongMore);
    case 'past':
      return anew(phone.past, sayHtml(language, phone.pastMore, { n: PASS_MINUTES }));
    case 'used':
      return anew(phone.used, phone.usedMore);
    case 'voided':
      return anew(phone.voided, phone.voidedMore);
    case 'asking':
      return html`${parts.head}
        <h1 class="big">${phone.asking}</h1>
        <p class="more">${say(phone.askingMore, 'n')}</p>
        <footer>${again(phone.retry, 'take', false)}${parts.elsewhere}</footer>`;
    case 'soon':
      return html`${parts.head}
        <h1 class="big">${phone.soon}</h1>
        <p class="more">${phone.soonMore}</p>
        <footer>${again(phone.back, 'back', true)}${parts.elsewhere}</footer>`;
    case 'foreign':
      return html`${parts.head}
        <h1 class="long">${errors['forbidden.origin']}</h1>
        <footer>${parts.elsewhere}</footer>`;
    case 'spent':
      return html`${parts.head}
        <h1 class="long">${phone.spent}</h1>
        <footer>${parts.elsewhere}</footer>`;
    case 'limited':
      return html`${parts.head}
        <h1 class="long">${errors.rate_limited}</h1>
        <footer>${again(phone.retry, 'take', true)}${parts.elsewhere}</footer>`;
  }
}

/**
 * The return code, at a touch: whoever looks over a shoulder is to see none. Where a browser keeps
 * nothing it is there at once.
 */
export function returnCode(
  { words }: Tongue,
  code: Html,
  { known, open }: { known: boolean; open: boolean },
): Html {
  const { phone } = words;
  return html`<details class="return" data-with="returnCode"${known ? null : html` hidden`}${open ? html` open` : null}>
    <summary><span class="asked">${phone.returnCode}</span><span class="told">${code}</span></summary>
    <p class="ash">${phone.returnFor}</p>
  </details>`;
}

/** What several views have in common. */
function partsOf(scene: Scene) {
  const { tongue, place, path, pass } = scene;
  const { language, words } = tongue;
  const { phone } = words;
  const where =
    place && sayHtml(language, phone.place, { venue: place.venue.name, city: place.venue.city });
  const pocket = place?.noso.pocket ?? null;
  return {
    head: place
      ? html`<header><p class="ash">${where}</p><p dir="auto">${place.noso.title}</p></header>`
      : html`<header></header>`,
    /** Where you are and what to put away. */
    rules: place
      ? html`<header>
          <p class="ash">${where}</p>
          <h1 dir="auto">${place.noso.title}</h1>
          <p>${sayHtml(language, phone.hours, {
            from: hourAt({ tongue, venue: place.venue }, place.noso.startsAt),
            to: hourAt({ tongue, venue: place.venue }, place.noso.endsAt),
          })}</p>
        </header>
        <ul class="nots">
          ${Object.values(phone.nots).map((not) => html`<li><span>${phone.not} </span><b>${not}</b></li>`)}
          <li><span></span><b class="nobody">${phone.toNobody}</b></li>
        </ul>`
      : html`<header></header>`,
    stays:
      pocket === null
        ? html`${phone.stays}`
        : sayHtml(language, phone.staysFor, { n: Math.floor(pocket / 60) }),
    elsewhere: html`<p class="ash"><a href="/">${phone.elsewhere}</a></p>`,
    /** To go on with a seat that was taken in another browser (P10). */
    haveSeat: html`<form method="post" action="/me/return">
      ${pass !== null && html`<input type="hidden" name="pass" value="${pass}">`}
      <input type="hidden" name="to" value="${path}">
      <button class="link"><span>${phone.haveSeat}</span></button>
    </form>`,
    /** A form that does what the script does, without it. */
    form: (doing: 'take' | 'back' | 'leave', inside: Html) =>
      html`<form method="post" action="${doing === 'leave' ? `${path}/leave` : path}" data-do="${doing}">
        ${pass !== null && doing !== 'leave' && html`<input type="hidden" name="pass" value="${pass}">`}
        ${place && doing !== 'leave' && html`<input type="hidden" name="noso" value="${place.noso.id}">`}
        ${doing === 'back' && html`<input type="hidden" name="back" value="yes">`}
        ${inside}
      </form>`,
  };
}
