import { type Html, html, lines } from './html.js';
import type { Tongue } from './language.js';
import { operatorOf } from './operator.js';
import type { PagesDeps } from './pagesDeps.js';

/** What these pages do for everybody, what they do not, and whom to tell. */
export function accessibility(deps: PagesDeps, tongue: Tongue): Html {
  const { accessibility: own } = tongue.words;
  const list = (texts: Record<string, string>) =>
    html`<ul>${Object.values(texts).map((text) => html`<li>${text}</li>`)}</ul>`;
  return html`<main>
    <header class="top">
      <h1>${lines(own.heading)}</h1>
      <p>${own.intro}</p>
    </header>
    <section class="prose">
      <h2>${own.does.heading}</h2>
      ${list(own.does.list)}
    </section>
    <section class="prose">
      <h2>${own.lacks.heading}</h2>
      ${list(own.lacks.list)}
    </section>
    <section class="prose">
      <h2>${own.tell}</h2>
      ${operatorOf(deps, tongue)}
    </section>
  </main>`;
}
