import type { CookieName } from '../../service/cookies.js';
import { ERASED_WITHIN, type Keeping, keeping, type Until } from '../../service/keeping.js';
import { say } from '../../service/words.js';
import { type Html, html, lines } from './html.js';
import type { Tongue } from './language.js';
import { operatorOf } from './operator.js';
import type { PagesDeps } from './pagesDeps.js';

const UNITS = [
  ['year', 365 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** A stretch of time in the largest unit that it fills two of, or exactly one: "25 heures". */
function stretch({ language, words }: Tongue, ms: number): string {
  const [unit, size] =
    UNITS.find(([, size]) => ms === size || (ms % size === 0 && ms > size)) ??
    (['second', 1000] as const);
  return say(language, words.privacy.units[unit], { n: Math.round(ms / size) });
}

function untilWhen(tongue: Tongue, until: Until): string {
  const { language, words } = tongue;
  const text = words.privacy.until[until.is];
  const time = 'within' in until ? stretch(tongue, until.within) : '';
  return say(language, text, { time });
}

/** What is kept (A5): a row for each row of the table that the code uses, and what it leaves out. */
export function privacy(deps: PagesDeps, tongue: Tongue): Html {
  const { language, words } = tongue;
  const { privacy: own } = words;
  const { columns } = own;
  const kept = keeping();
  const row = ({ name, where, until, cookie }: Keeping) => {
    const { what, why } = own.rows[name];
    const called = cookie && deps.jar.nameOf(name as CookieName);
    const said = called && html` <code>${say(language, own.cookie, { name: called })}</code>`;
    return html`<tr>
      <th scope="row">${what}</th>
      <td data-column="${columns.why}">${why}</td>
      <td data-column="${columns.where}">${own.where[where]}${said ?? null}</td>
      <td data-column="${columns.until}">${untilWhen(tongue, until)}</td>
    </tr>`;
  };
  const erasing = {
    embedded: 'erasing',
    redis: 'erasingRedis',
    refused: 'erasingRefused',
  } as const;
  const time = stretch(tongue, ERASED_WITHIN);
  return html`<main>
    <header class="top">
      <h1>${lines(own.heading)}</h1>
      <p>${own.intro}</p>
    </header>
    <table>
      <thead><tr>
        ${[columns.what, columns.why, columns.where, columns.until].map((column) => html`<th scope="col">${column}</th>`)}
      </tr></thead>
      <tbody>${kept.map(row)}</tbody>
    </table>
    <section class="prose">
      <h2>${own.never.heading}</h2>
      <p>${own.never.text}</p>
    </section>
    <section class="prose">
      <h2>${own.count.heading}</h2>
      <p>${own.count.text}</p>
    </section>
    <section class="prose">
      <h2>${own.limits.heading}</h2>
      <div>
        <p>${say(language, own.limits[erasing[deps.store()]], { time })}</p>
        <p>${own.limits.number}</p>
        <p>${own.limits.code}</p>
        <p>${own.limits.network}</p>
      </div>
    </section>
    <section class="prose">
      <h2>${words.operator.heading}</h2>
      ${operatorOf(deps, tongue)}
    </section>
  </main>`;
}
