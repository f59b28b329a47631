import * as assert from 'uvu/assert';
import { asyncapi } from '../../src/service/asyncapi.js';
import { openapi } from '../../src/service/openapi.js';
import { suite } from '../support/suite.js';

// What clients are generated from: whoever changes a name, a status or what is answered breaks them.

const test = suite('the documents of the contract');

/** Copied from the contract: operation, who may ask, and what success is. Additions are welcome. */
const OPERATIONS: Record<string, string> = {
  'POST /api/passes': 'postPasses | anyone | 201 EntryPass',
  'POST /api/numbers': 'postNumbers | anyone | 200 Drawn | 201 Drawn',
  'POST /api/seats': 'postSeats | anyone | 200 Entered | 201 Entered',
  'POST /api/returns': 'postReturns | anyone | 200 Entered',
  'GET /api/nosos': 'getNosos | anyone | 200 Nosos',
  'POST /api/nosos': 'postNosos | key | 201 Noso',
  'GET /api/nosos/{id}': 'getNososId | anyone | 200 Noso',
  'PATCH /api/nosos/{id}': 'patchNososId | key | 200 Noso',
  'DELETE /api/nosos/{id}': 'deleteNososId | key | 204',
  'GET /api/nosos/{id}/calendar.ics': 'getNososIdCalendarIcs | anyone | 200 text/calendar File',
  'GET /api/calendar.ics': 'getCalendarIcs | anyone | 200 text/calendar File',
  'PUT /api/nosos/{id}/intent': 'putNososIdIntent | key | 200 Intended',
  'DELETE /api/nosos/{id}/intent': 'deleteNososIdIntent | key | 204',
  'PUT /api/presence': 'putPresence | key | 200 Seat',
  'GET /api/presence/{noso}': 'getPresenceNoso | key | 200 Seat',
  'DELETE /api/presence/{noso}': 'deletePresenceNoso | key | 204',
  'POST /api/walls/pairing': 'postWallsPairing | anyone | 201 WaitingScreen',
  'POST /api/walls/pairing/claim': 'postWallsPairingClaim | anyone | 200 Paired | 202',
  'GET /api/walls/me': 'getWallsMe | key | 200 Glance | 304',
  'GET /api/cities': 'getCities | anyone | 200 Cities',
  'POST /api/cities': 'postCities | anyone | 202',
  'POST /api/door': 'postDoor | key | 200 DoorAnswer',
  'POST /api/sign-in': 'postSignIn | anyone | 204',
  'GET /api/sign-in': 'getSignIn | key | 200 SignedIn',
  'DELETE /api/sign-in': 'deleteSignIn | anyone | 204',
  'POST /api/venues': 'postVenues | key | 201 Venue',
  'GET /api/venues': 'getVenues | key | 200 Venues',
  'PATCH /api/venues/{id}': 'patchVenuesId | key | 200 Venue',
  'DELETE /api/venues/{id}': 'deleteVenuesId | key | 204',
  'POST /api/nosos/{id}/open': 'postNososIdOpen | key | 200 Noso',
  'POST /api/nosos/{id}/close': 'postNososIdClose | key | 200 Noso',
  'POST /api/nosos/{id}/cancel': 'postNososIdCancel | key | 200 Noso',
  'GET /api/nosos/{id}/code': 'getNososIdCode | key | 200 Code',
  'GET /api/nosos/{id}/record': 'getNososIdRecord | key | 200 Record',
  'PUT /api/nosos/{id}/headcount': 'putNososIdHeadcount | key | 200 Counted',
  'GET /api/nosos/{id}/void': 'getNososIdVoid | key | 200 TakenBack',
  'POST /api/nosos/{id}/void': 'postNososIdVoid | key | 200 TakenBack',
  'POST /api/nosos/{id}/paper': 'postNososIdPaper | key | 201 PaperDrawn',
  'GET /api/nosos/{id}/paper': 'getNososIdPaper | key | 200 Paper',
  'PUT /api/nosos/{id}/paper/{number}': 'putNososIdPaperNumber | key | 200 PaperSeated',
  'DELETE /api/nosos/{id}/paper/{number}': 'deleteNososIdPaperNumber | key | 204',
  'POST /api/nosos/{id}/doors': 'postNososIdDoors | key | 201 Key',
  'GET /api/nosos/{id}/doors': 'getNososIdDoors | key | 200 Doors',
  'DELETE /api/doors/{id}': 'deleteDoorsId | key | 204',
  'GET /api/records': 'getRecords | key | 200 Records',
  'POST /api/venues/{id}/walls': 'postVenuesIdWalls | key | 201 HungWall',
  'GET /api/venues/{id}/walls': 'getVenuesIdWalls | key | 200 Walls',
  'PATCH /api/walls/{id}': 'patchWallsId | key | 200 WallInfo',
  'DELETE /api/walls/{id}': 'deleteWallsId | key | 204',
  'POST /api/walls/{id}/identify': 'postWallsIdIdentify | key | 204',
  'POST /api/series': 'postSeries | key | 201 Planned',
  'GET /api/series': 'getSeries | key | 200 AllSeries',
  'GET /api/series/foreseen': 'getSeriesForeseen | key | 200 Evenings',
  'GET /api/series/{id}': 'getSeriesId | key | 200 OneSeries',
  'PATCH /api/series/{id}': 'patchSeriesId | key | 200 Planned',
  'DELETE /api/series/{id}': 'deleteSeriesId | key | 204',
  'PUT /api/series/{id}/evenings/{date}': 'putSeriesIdEveningsDate | key | 200 Planned',
  'POST /api/organizers': 'postOrganizers | key | 201 Key',
  'GET /api/organizers': 'getOrganizers | key | 200 Organizers',
  'DELETE /api/organizers/{id}': 'deleteOrganizersId | key | 204',
};

type Ref = { $ref: string };
type Content = Record<string, { schema: Ref }>;
type Operation = {
  operationId: string;
  security: object[];
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { content?: Content }>;
};
const named = ({ $ref }: Ref) => $ref.split('/').at(-1);

const document = openapi(['en', 'fr']) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties: Record<string, unknown> }> };
};
const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, of]) => [`${verb.toUpperCase()} ${path}`, of] as const),
);

test('F7 every operation is called, allowed and answered as the contract has it', () => {
  const found = operations.map(([route, { operationId, security, responses }]) => {
    const said = Object.entries(responses).flatMap(([status, { content }]) => {
      if (status === 'default') return [];
      const [type, schema] = Object.entries(content ?? {})[0] ?? [];
      if (!schema) return [status];
      const as = type === 'application/json' ? '' : `${type} `;
      return [`${status} ${as}${named(schema.schema)}`];
    });
    const who = security.length === 0 ? 'anyone' : 'key';
    return [route, [operationId, who, ...said].join(' | ')] as const;
  });
  assert.equal(Object.fromEntries(found), OPERATIONS);
  const ids = new Set(operations.map(([, { operationId }]) => operationId));
  assert.is(ids.size, operations.length);
});

test('F8 every refusal is a problem, every body has to be there, every name in a path as well', () => {
  for (const [route, { parameters, requestBody, responses }] of operations) {
    const { content = {} } = responses.default ?? {};
    assert.equal(Object.keys(content), ['application/problem+json'], route);
    assert.is(named(content['application/problem+json']?.schema as Ref), 'Problem', route);
    const inPath = parameters.filter((each) => each.in === 'path');
    assert.equal(
      inPath.map(({ name, required }) => [`{${name}}`, required]),
      (route.match(/\{\w+\}/g) ?? []).map((name) => [name, true]),
      route,
    );
    if (requestBody) assert.is(requestBody.required, true, route);
  }
  const bodies = operations.filter(([, { requestBody }]) => requestBody).map(([route]) => route);
  const sent = operations
    .map(([route]) => route)
    .filter((route) => /^(POST|PUT|PATCH)/.test(route));
  // What needs no more than its address.
  const bare =
    /open$|close$|cancel$|identify$|walls\/pairing$|intent$|paper\/\{number\}$|evenings\/\{date\}$/;
  assert.equal(
    bodies,
    sent.filter((route) => !bare.test(route)),
  );
  const query = (route: string) =>
    operations
      .find(([each]) => each === route)?.[1]
      .parameters.filter((each) => each.in === 'query')
      .map(({ name, required }) => `${name}${required ? '!' : ''}`);
  assert.equal(query('GET /api/nosos'), ['city', 'state', 'from', 'cursor']);
  assert.equal(query('GET /api/series/foreseen'), ['venue!', 'rule!', 'startsAt!']);
  assert.equal(query('GET /api/nosos/{id}/void'), ['since!', 'until']);
});

test('what is one thing alone is that, and counts begin with none', () => {
  const { schemas } = document.components;
  const of = (name: string, field: string) =>
    schemas[name]?.properties[field] as { const?: unknown; minimum?: number };
  assert.is(of('WallInfo', 'earlier').const, true);
  assert.is(of('Failure', 'ok').const, false);
  assert.is(of('Done', 'ok').const, true);
  assert.is(of('ConsoleCount', 'strained').const, true);
  assert.is(of('Count', 'count').minimum, 0);
  assert.equal(
    (schemas.Problem as object & { additionalProperties?: object }).additionalProperties,
    {},
  );
  assert.not.ok('additionalProperties' in (schemas.Failure ?? {}));
  const results = schemas.DoorAnswer?.properties.results as unknown as {
    items: { anyOf: { properties: { ok: { const: boolean } } }[] };
  };
  assert.equal(
    results.items.anyOf.map(({ properties }) => properties.ok.const),
    [true, false],
  );
});

test('S1 F7 what may be said and is told over sockets, in each namespace', () => {
  const { channels, operations } = asyncapi() as {
    channels: Record<string, { messages: Record<string, { name: string; payload?: object }> }>;
    operations: Record<string, { action: string; messages: Ref[]; reply?: { messages: Ref[] } }>;
  };
  const said = Object.entries(channels).map(([name, { messages }]) => [
    name,
    Object.entries(messages).map(([key, { name, payload }]) => {
      const shape = payload === undefined ? '' : '$ref' in payload ? named(payload as Ref) : '{}';
      return `${key} ${name} ${shape}`.trim();
    }),
  ]);
  const refused = 'refused connect_error Refused';
  const failure = (event: string) => `${event}Refused ack Failure`;
  assert.equal(said, [
    [
      'phone',
      ['seated seated Seat', 'closed closed Closed', refused]
        .concat('leave leave', 'leaveDone ack Done')
        .concat(failure('leave')),
    ],
    [
      'wall',
      ['snapshot snapshot Snapshot', 'count count Count', 'numbers numbers Numbers']
        .concat('code code Code', 'identify identify Identify', refused)
        .concat('sync sync {}', 'syncDone ack Snapshot', failure('sync')),
    ],
    [
      'organizer',
      ['nosos nosos Programme', 'count count ConsoleCount', 'notes notes OperatorNotes', refused],
    ],
    ['door', ['count count DoorCount', 'closed closed DoorClosed', refused]],
  ]);
  const flow = Object.entries(operations).map(([name, { action, messages, reply }]) =>
    [
      name,
      action,
      ...messages.map(named),
      ...(reply ? ['→', ...reply.messages.map(named)] : []),
    ].join(' '),
  );
  assert.equal(flow, [
    'phoneTold send seated closed refused',
    'phoneSaysLeave receive leave → leaveDone leaveRefused',
    'wallTold send snapshot count numbers code identify refused',
    'wallSaysSync receive sync → syncDone syncRefused',
    'organizerTold send nosos count notes refused',
    'doorTold send count closed refused',
  ]);
});
