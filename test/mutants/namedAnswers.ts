import { type NamedFault, slip } from './slip.js';

const API = 'src/http/api/api.ts';
const HTTP = 'src/http/http.ts';
const BODY = 'src/http/body.ts';
const METRICS = 'src/http/metricsAccess.ts';

/** Faults of what is answered over HTTP: headers, bounds, whose address counts, what is read back. */
export const ANSWERS: NamedFault[] = [
  slip(
    "answers: another site's script may read them",
    API,
    [
      'if (OWN_ORIGIN.has(route)) demandOwnOrigin(request);',
      "if (OWN_ORIGIN.has(route)) demandOwnOrigin(request);\n      if (request.headers.origin) response.setHeader('Access-Control-Allow-Origin', request.headers.origin);",
    ],
    ['http/policies'],
  ),
  slip(
    "answers: another site's script may read refusals",
    API,
    [
      'deps.refused(refusal.code);\n    sendProblem',
      "deps.refused(refusal.code);\n    if (request.headers.origin) response.setHeader('Access-Control-Allow-Origin', '*');\n    sendProblem",
    ],
    ['http/policies'],
  ),
  slip(
    'answers: what is posted straight bears no header of ours',
    HTTP,
    [
      'setPlainHeaders(response, deps.wall.publicUrl());\n      if (deps.api.direct',
      "if (request.method === 'GET') setPlainHeaders(response, deps.wall.publicUrl());\n      if (deps.api.direct",
    ],
    ['http/policies'],
  ),
  slip(
    'answers: what is no GET bears no header of ours',
    HTTP,
    [
      'setPlainHeaders(response, deps.wall.publicUrl());\n    //',
      "if (request.method === 'GET') setPlainHeaders(response, deps.wall.publicUrl());\n    //",
    ],
    ['http/policies'],
  ),
  slip(
    'answers: OPTIONS says what there is',
    HTTP,
    ["next(request.method === 'OPTIONS' ?", "next(request.method === 'OPTION' ?"],
    ['http/access'],
  ),
  slip(
    'answers: a refusal does not say when to come again',
    'src/http/problem.ts',
    ["if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));", ''],
    ['http/errors'],
  ),
  slip(
    'answers: whoever names a host may add to the policy',
    'src/http/headers.ts',
    ["if (host === undefined || !/^[a-z0-9.:[\\]-]+$/i.test(host)) return '';", ''],
    ['http/policies'],
  ),
  slip(
    'answers: what is asked for and is not there is read back',
    HTTP,
    [
      "deps.api.refuse(new Refusal('not_found', 'no such address'), request, response),",
      "deps.api.refuse(new Refusal('not_found', 'no such address: ' + request.url), request, response),",
    ],
    ['programs/anonymity-seizure'],
  ),
  slip(
    'answers: a cookie is planted in whoever asks',
    API,
    [
      'if (origin === undefined || !cookiesCount(request, deps.publicUrl())) return null;',
      'if (origin === undefined) return null;',
    ],
    ['http/seats'],
  ),
  slip(
    'answers: a body whose length is not said may be of any',
    BODY,
    ['if (read > most) throw unread(request, tooLarge(most));', ''],
    ['http/hostile-http', 'http/readings'],
  ),
  slip(
    'answers: every body may be as large as a door’s',
    API,
    ['LARGER[route] ?? BODY', 'LARGER[route] ?? CLICKS_BODY'],
    ['http/errors', 'http/hostile-http', 'http/doors'],
  ),
  slip(
    'answers: a form may be of any length',
    BODY,
    [
      "named: 'application/x-www-form-urlencoded',\n    most: BODY,",
      "named: 'application/x-www-form-urlencoded',\n    most: 1e9,",
    ],
    ['http/readings', 'http/pages-seat', 'http/hostile-http'],
  ),
  slip(
    'answers: figures say what was asked for',
    API,
    [
      'deps.refused(refusal.code);\n    sendProblem',
      "deps.refused(refusal.code === 'not_found' ? String(request.url).slice(0, 9) : refusal.code);\n    sendProblem",
    ],
    ['http/health'],
  ),
  slip(
    'answers: figures for whoever is not on this machine',
    METRICS,
    ["isLoopbackAddress(socket.remoteAddress ?? '') &&\n", 'socket.remoteAddress !== "" &&\n'],
    ['http/operator'],
  ),
  slip(
    'answers: figures though people find this server elsewhere',
    METRICS,
    [
      '(publicUrl === null || isLoopbackName(nameIn(publicUrl)))',
      '(publicUrl === null || publicUrl !== "")',
    ],
    ['http/operator'],
  ),
  slip(
    'answers: a piece of the token is enough for figures',
    METRICS,
    ['timingSafeEqual(digest(bearer), digest(token))', 'token.startsWith(bearer)'],
    ['http/operator'],
  ),
  slip(
    'answers: anybody may say which address they are',
    'src/http/address.ts',
    ['return () => setting === true;', 'return () => setting !== false;'],
    ['http/operator'],
  ),
  slip(
    'answers: a proxy that is trusted is whoever asks',
    'src/http/address.ts',
    ['proxyAddr(request, trusted)', 'proxyAddr(request, () => false)'],
    ['http/access', 'http/readings', 'cluster/nginx', 'cluster/haproxy'],
  ),
  slip(
    'answers: numbers beforehand without a bound for an address',
    'src/http/api/intentsApi.ts',
    ['intents.draw(noso, own, ask.from())', 'intents.draw(noso, own, ask.from() + Math.random())'],
    ['http/intents'],
  ),
  slip(
    'answers: cities without a bound for an address',
    'src/http/api/citiesApi.ts',
    ['cities.ask(body, from())', 'cities.ask(body, from() + Math.random())'],
    ['http/cities'],
  ),
  slip(
    'answers: screens that wait without a bound for an address',
    'src/http/api/walls.ts',
    ['pairing.begin(from())', 'pairing.begin(from() + Math.random())'],
    ['http/screens'],
  ),
  slip(
    'answers: cities that were asked for are told to all',
    'src/http/api/citiesApi.ts',
    ["who.role === 'organizer' || who.role === 'owner'", "who.role !== 'wall'"],
    ['http/cities'],
  ),
  slip(
    'answers: the code of the moment to a screen that did not ask',
    'src/http/api/walls.ts',
    ["...(withCode === '1' && { code }),", 'code,'],
    ['http/screens'],
  ),
  slip(
    'answers: a tag that changes whatever is shown',
    'src/http/api/walls.ts',
    ['JSON.stringify(shown)', 'JSON.stringify({ ...shown, _ })'],
    ['http/screens'],
  ),
  slip(
    'answers: codes are for searchers to find',
    'src/http/wellKnown.ts',
    ["'/assets/', '/door', '/j', ", "'/assets/', '/door', "],
    ['http/operator'],
  ),
  slip(
    'answers: heads may take as long as they like',
    'src/http/nodeServer.ts',
    ['headersTimeout: 10_000', 'headersTimeout: 10_000_000'],
    ['sockets/hostile-mute', 'http/readings'],
  ),
  slip(
    'answers: bodies may take as long as they like',
    'src/http/nodeServer.ts',
    ['requestTimeout: 10_000', 'requestTimeout: 0'],
    ['sockets/hostile-mute', 'http/readings'],
  ),
  slip(
    'answers: as many requests at once as one likes',
    'src/http/pipelining.ts',
    ['others >= MOST ||', 'others >= 1e9 ||'],
    ['http/hostile-http'],
  ),
  slip(
    'answers: who guesses may send more before the answer',
    'src/http/pipelining.ts',
    ['others > 0 && isHasty(request)', 'false'],
    ['http/pipelining'],
  ),
  slip(
    'answers: a half answer looks like a whole one',
    API,
    ['response.destroy(); //', 'response.end(); //'],
    ['http/errors'],
  ),
];
