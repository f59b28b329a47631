import { type NamedFault, slip } from './slip.js';

const SERVER = 'src/server.ts';
const SEATS = 'src/http/api/participant.ts';
const INTENTS = 'src/http/api/intentsApi.ts';

/** Faults of how things are put together, and of answers that say a word more than is asked. */
export const WIRING: NamedFault[] = [
  slip(
    'wiring: on pages and over sockets all addresses are one',
    'src/server/apis.ts',
    ['limits.judge(addressOf(request), refusal);', "limits.judge('', refusal);"],
    ['sockets/door.test', 'sockets/access-sockets'],
  ),
  slip(
    'wiring: what a fault says is logged',
    SERVER,
    [
      "log.error({ event: 'fault', error });",
      "log.error({ event: 'fault', error, detail: String(error) });",
    ],
    ['http/errors'],
  ),
  slip(
    'wiring: the link that signs an owner in is logged',
    'src/programs/main.ts',
    [
      "log.info({ event: 'listening', port,",
      "log.info({ event: 'listening', url: server.link(), port,",
    ],
    ['programs/anonymity-seizure'],
  ),
  slip(
    'wiring: an exchange says how many came before',
    SEATS,
    ['body: { pass, expiresAt, noso } };', 'body: { pass, expiresAt, noso, ...{ place: 7 } } };'],
    ['sockets/silence-shapes'],
  ),
  slip(
    'wiring: a seat says how many others there are',
    SEATS,
    [
      'const answer: Entered = { token, seat,',
      'const answer: Entered = { token, seat, ...{ others: 7 },',
    ],
    ['sockets/silence-shapes'],
  ),
  slip(
    'wiring: a seat that was come back to says how many others there are',
    SEATS,
    ['body: { token, seat } };', 'body: { token, seat, ...{ others: 7 } } };'],
    ['sockets/silence-shapes'],
  ),
  slip(
    'wiring: a number for a pass says how many were drawn',
    INTENTS,
    [
      'return { status: again ? 200 : 201, body: { number, token } };',
      'return { status: again ? 200 : 201, body: { number, token, ...{ drawn: 7 } } };',
    ],
    ['sockets/silence-shapes'],
  ),
  slip(
    'wiring: a number beforehand says how many mean to come',
    INTENTS,
    [
      'return { status: own === null ? 201 : 200, body: { number, token } };',
      'return { status: own === null ? 201 : 200, body: { number, token, ...{ drawn: 7 } } };',
    ],
    ['sockets/silence-shapes'],
  ),
  slip(
    'wiring: a refusal says where it stood',
    'src/http/problem.ts',
    [
      'const problem = problemOf(refusal);',
      'const problem = { ...problemOf(refusal), instance: response.req.url };',
    ],
    ['sockets/silence-shapes', 'programs/anonymity-seizure'],
  ),
  slip(
    'wiring: what is on says exactly how many there were',
    'src/http/pages/public.ts',
    ['const about = aboutOf(life.totals);', 'const about = life.totals.total;'],
    ['programs/anonymity.test', 'http/pages-public'],
  ),
  slip(
    'wiring: the page of what is over says exactly how many there were',
    'src/http/pages/nosoPage.ts',
    ['const about = aboutOf(life.totals);', 'const about = life.totals.total;'],
    ['programs/anonymity.test', 'http/pages-noso'],
  ),
  slip(
    'wiring: readiness tells how long',
    'src/http/http.ts',
    ["ready ? 'ready\\n' :", "ready ? 'ready ' + process.uptime() :"],
    ['http/health'],
  ),
  slip(
    'wiring: the tag of what a wall shows is the count',
    'src/http/api/walls.ts',
    ['const tag = tagOf(body);', "const tag = 'W/' + body.count;"],
    ['http/screens'],
  ),
];
