import { type Html, html } from './html.js';
import type { Tongue } from './language.js';
import type { PagesDeps } from './pagesDeps.js';

/** Who is responsible for this server, and how to reach them; says so where that is not said. */
export function operatorOf({ operator }: PagesDeps, { words }: Tongue): Html {
  const { name, contact } = operator;
  const reach = contact && html`<a href="${contact}">${contact.replace(/^mailto:|^tel:/, '')}</a>`;
  if (name === null && reach === null) return html`<p>${words.operator.unsaid}</p>`;
  const who = name ?? words.operator.unnamed;
  return html`<p>${words.operator.who} ${who}${reach && html`. ${words.operator.reach} ${reach}`}.</p>`;
}
