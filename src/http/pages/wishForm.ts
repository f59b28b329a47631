import type { Refusal } from '../../domain/errors.js';
import { TEXTS } from '../../protocol/bounds.js';
import { sentence } from '../../service/words.js';
import { type Html, html, lines } from './html.js';
import type { Tongue } from './language.js';

/** What became of a wish: it is noted, or it was refused, and what was typed stays in the field. */
export type Wish = { noted: boolean; city: string; refused: Refusal | null };

/** "A NoSo in your city?", without a script. */
export function wishForm({ words }: Tongue, wish: Wish): Html {
  const own = words.public.cities;
  const { refused } = wish;
  const fault =
    refused && (refused.code === 'bad_request' ? own.notACity : sentence(words, refused));
  const form = html`<form method="post" action="/" class="wish">
    <label for="city" class="said">${own.label}</label>
    <input id="city" name="city" required maxlength="${TEXTS.city}" autocomplete="address-level2"
      value="${wish.city}" placeholder="${own.label}"${fault ? html` aria-invalid="true" aria-describedby="fault"` : null}>
    <button>${own.say}</button>
  </form>`;
  return html`<section class="city ask" id="cities">
    <h2>${own.heading}</h2>
    <div class="bring">
      ${wish.noted ? html`<p role="status">${own.noted}</p>` : html`<p>${lines(own.text)}</p>`}
      ${fault && html`<p role="alert" id="fault">${fault}</p>`}
    </div>
    ${wish.noted ? null : form}
  </section>`;
}
