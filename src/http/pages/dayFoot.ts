import { feed } from './calendarFeed.js';
import { type Html, html } from './html.js';
import type { Tongue } from './language.js';
import type { PagesDeps } from './pagesDeps.js';

/** The pages that are read by day, in the order in which they name each other. */
const PAGES = ['/', '/privacy', '/accessibility'] as const;
export type DayPage = (typeof PAGES)[number] | `/n/${string}`;

/** The other pages, and the same one in other languages. */
export function foot(deps: PagesDeps, tongue: Tongue, here: DayPage): Html {
  const { public: words, privacy, accessibility } = tongue.words;
  const called = {
    '/': here.startsWith('/n/') ? tongue.words.noso.all : privacy.back,
    '/privacy': words.kept,
    '/accessibility': accessibility.title,
  };
  const others = [...deps.words].filter(([language]) => language !== tongue.language);
  const all = [[tongue.language, tongue.words] as const, ...others];
  const languages = all.map(([language, { language: name }]) =>
    language === tongue.language
      ? html`<span aria-current="true" title="${name.name}">${language}</span>`
      : html`<a href="${here}?lang=${language}" hreflang="${language}" lang="${language}" title="${name.name}">${language}</a>`,
  );
  return html`<footer>
    <nav aria-label="${words.foot}">
      <a href="/j">${words.code}</a>
      <a href="/me">${words.me}</a>
      ${here === '/' && html`<a href="${feed(deps)}">${words.calendar}</a>`}
      ${PAGES.filter((path) => path !== here).map((path) => html`<a href="${path}">${called[path]}</a>`)}
    </nav>
    <nav class="languages" aria-label="${words.languages}">${languages}</nav>
  </footer>`;
}
