import { type NamedFault, slip } from './slip.js';

const VISIT = 'src/http/pages/visit.ts';
const JOIN = 'src/http/pages/join.ts';
const NOSO = 'src/http/pages/nosoPage.ts';

/** Faults of the pages that are made here: what they bear, keep in a phone, and whom they let do what. */
export const FORMS: NamedFault[] = [
  slip(
    'answers: pages that are asked for their head alone bear no policy',
    'src/http/pages/send.ts',
    ['setPageHeaders(response, {', "if (request.method !== 'HEAD') setPageHeaders(response, {"],
    ['http/policies'],
  ),
  slip(
    'answers: pages that refuse bear no policy',
    'src/http/pages/send.ts',
    ['setPageHeaders(response, {', 'if ((page.status ?? 200) < 500) setPageHeaders(response, {'],
    ['http/pages-down'],
  ),
  slip(
    'answers: a page does not say when to come again',
    'src/http/pages/send.ts',
    [
      "if (page.retryAfter !== undefined) response.set('Retry-After', String(page.retryAfter));",
      '',
    ],
    ['http/pages-down', 'http/pages-seat'],
  ),
  slip(
    'answers: a code that was typed is in the log',
    JOIN,
    ['const { at, place } = stay;', 'const { at, place } = stay;\n    console.error(stay.code);'],
    ['programs/anonymity-seizure'],
  ),
  slip(
    'answers: numbers beforehand on a page without a bound for an address',
    NOSO,
    ['own, deps.from(request))', 'own, deps.from(request) + Math.random())'],
    ['http/intents'],
  ),
  slip(
    'answers: cities on a page without a bound for an address',
    'src/http/pages/public.ts',
    ['deps.from(request)', 'deps.from(request) + Math.random()'],
    ['http/pages-public', 'http/cities'],
  ),
  slip(
    "answers: another site's form sits this phone down",
    VISIT,
    [
      "if (request.method === 'POST' && deps.outside.isForeign(request))",
      "if (request.method === 'PUT' && deps.outside.isForeign(request))",
    ],
    ['http/pages-seat', 'http/pages-public', 'http/pages-noso'],
  ),
  slip(
    'answers: guesses on pages do not count',
    VISIT,
    [
      'await deps.judge(request, asRefusal(error, deps.onError))',
      'await Promise.resolve(asRefusal(error, deps.onError))',
    ],
    ['sockets/door.test'],
  ),
  slip(
    'answers: a pass in an address',
    JOIN,
    [
      'if (at.keeps) {\n        at.response.redirect(303, path(stay));',
      "if (at.keeps) {\n        at.response.redirect(303, path(stay) + '?pass=' + seat.pass);",
    ],
    ['http/pages-seat'],
  ),
  slip(
    'answers: whoever comes back is sent wherever the form says',
    'src/http/pages/comeBack.ts',
    ["return code === null ? '/me' :", "return code === null ? (to ?? '/me') :"],
    ['http/pages-return'],
  ),
  slip(
    'answers: forgetting leaves the pass',
    'src/http/pages/me.ts',
    ["['token', 'pass', 'entry'] as const", "['token', 'entry'] as const"],
    ['http/pages-seat', 'http/pages-return', 'programs/anonymity.test'],
  ),
  slip(
    'answers: forgetting leaves the entry',
    'src/http/pages/me.ts',
    ["['token', 'pass', 'entry'] as const", "['token', 'pass'] as const"],
    ['http/pages-seat'],
  ),
  slip(
    'answers: whoever did not ask to be kept is kept',
    JOIN,
    ["keep: field('keep') === 'yes',", 'keep: true,'],
    ['http/pages-seat'],
  ),
  slip(
    'answers: a number that is not kept is kept in the phone for a year',
    JOIN,
    ["at.keep(kept ? 'token' : 'passing', token);", "at.keep('token', token);"],
    ['http/pages-seat'],
  ),
  slip(
    'answers: a script element may be ended from within',
    'src/http/pages/html.ts',
    [
      "new Html(JSON.stringify(value).replace(/</g, '\\\\u003c'))",
      'new Html(JSON.stringify(value))',
    ],
    ['http/pages-parts', 'http/pages-noso'],
  ),
  slip(
    'answers: a picture that says how many mean to come',
    NOSO,
    [
      "response.set('Cache-Control', 'public, max-age=3600').type('png')",
      "response.set('Cache-Control', 'public, max-age=3600').set('X-Intents', String(noso.gather)).type('png')",
    ],
    ['http/policies'],
  ),
];
