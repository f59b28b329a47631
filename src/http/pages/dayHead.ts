import type { DayPage } from './dayFoot.js';
import { type Html, html } from './html.js';
import type { PagesDeps } from './pagesDeps.js';

/** What search engines are told of a page: what it is, its one address, and those in other languages. */
export function dayHead(deps: PagesDeps, description: string, page: DayPage): Html {
  const url = deps.publicUrl() + page;
  return html`<meta name="description" content="${description}">
    <link rel="canonical" href="${url}">
    ${[...deps.words.keys()].map(
      (language) =>
        html`<link rel="alternate" hreflang="${language}" href="${url}?lang=${language}">`,
    )}`;
}
