import type { Answered } from '../protocol/answered.js';
import { ROUTES, type Route } from './access.js';
import type * as z from './carried/zod.js';
import { CONTRACT, given, type JsonSchema, type NameOf, refTo, taken } from './contract.js';
import * as input from './input.js';

/** What is asked with a route, and what comes of it. */
type Row<A> = {
  asks?: z.ZodType;
  query?: z.ZodType;
  /** Statuses of success; by default 200, and 204 where nothing is answered. */
  status?: readonly number[];
  /** Others, which have no answer: why. */
  besides?: { [status: number]: string };
  /** Of a file. */
  type?: string;
  // What is empty for now has no schema.
} & (A extends undefined
  ? { gives?: never }
  : { gives: NameOf<Exclude<A, Record<string, never>>> });

/** Every route has its row, and only what it answers compiles in it. */
type Rows = { [R in Route]: Row<Answered[R]> };

const ics = { gives: 'File', type: 'text/calendar' } as const;
const done = {} as const;

const rows = (languages: readonly string[]): Rows => ({
  'POST /api/passes': { asks: input.newPass, gives: 'EntryPass', status: [201] },
  'POST /api/numbers': { asks: input.newNumber, gives: 'Drawn', status: [201, 200] },
  'POST /api/seats': { asks: input.newSeat, gives: 'Entered', status: [201, 200] },
  'POST /api/returns': { asks: input.newReturn, gives: 'Entered' },
  'GET /api/nosos': { query: input.nosoQuery, gives: 'Nosos' },
  'GET /api/nosos/:id': { gives: 'Noso' },
  'GET /api/nosos/:id/calendar.ics': ics,
  'GET /api/calendar.ics': { query: input.calendarQuery, ...ics },

  'PUT /api/nosos/:id/intent': { gives: 'Intended' },
  'DELETE /api/nosos/:id/intent': done,
  'PUT /api/presence': { asks: input.takeSeat, gives: 'Seat' },
  'GET /api/presence/:noso': { gives: 'Seat' },
  'DELETE /api/presence/:noso': done,

  'POST /api/walls/pairing': { gives: 'WaitingScreen', status: [201] },
  'POST /api/walls/pairing/claim': {
    ...{ asks: input.claimWall, gives: 'Paired' },
    besides: { 202: 'Nobody has paired it yet' },
  },
  'GET /api/walls/me': {
    ...{ query: input.wallGlance, gives: 'Glance' },
    besides: { 304: 'Nothing new since the ETag that was named' },
  },

  'GET /api/cities': { gives: 'Cities' },
  'POST /api/cities': { asks: input.newWish, status: [202] },
  'POST /api/door': { asks: input.doorClicks, gives: 'DoorAnswer' },

  'POST /api/sign-in': { asks: input.signIn },
  'GET /api/sign-in': { gives: 'SignedIn' },
  'DELETE /api/sign-in': done,

  'POST /api/venues': { asks: input.newVenue(languages), gives: 'Venue', status: [201] },
  'GET /api/venues': { gives: 'Venues' },
  'PATCH /api/venues/:id': { asks: input.venuePatch(languages), gives: 'Venue' },
  'DELETE /api/venues/:id': done,
  'POST /api/nosos': { asks: input.newNoso, gives: 'Noso', status: [201] },
  'PATCH /api/nosos/:id': { asks: input.nosoPatch, gives: 'Noso' },
  'DELETE /api/nosos/:id': done,
  'POST /api/nosos/:id/open': { gives: 'Noso' },
  'POST /api/nosos/:id/close': { gives: 'Noso' },
  'POST /api/nosos/:id/cancel': { gives: 'Noso' },
  'GET /api/nosos/:id/code': { gives: 'Code' },
  'GET /api/nosos/:id/record': { gives: 'Record' },
  'PUT /api/nosos/:id/headcount': { asks: input.newHeadcount, gives: 'Counted' },
  'GET /api/nosos/:id/void': { query: input.newVoid, gives: 'TakenBack' },
  'POST /api/nosos/:id/void': { asks: input.newVoid, gives: 'TakenBack' },
  'POST /api/nosos/:id/paper': { asks: input.newPaper, gives: 'PaperDrawn', status: [201] },
  'GET /api/nosos/:id/paper': { gives: 'Paper' },
  'PUT /api/nosos/:id/paper/:number': { gives: 'PaperSeated' },
  'DELETE /api/nosos/:id/paper/:number': done,
  'POST /api/nosos/:id/doors': { asks: input.newDoor, gives: 'Key', status: [201] },
  'GET /api/nosos/:id/doors': { gives: 'Doors' },
  'DELETE /api/doors/:id': done,
  'GET /api/records': { query: input.recordsQuery, gives: 'Records' },
  'POST /api/venues/:id/walls': { asks: input.newWall, gives: 'HungWall', status: [201] },
  'GET /api/venues/:id/walls': { gives: 'Walls' },
  'PATCH /api/walls/:id': { asks: input.wallPatch, gives: 'WallInfo' },
  'POST /api/walls/:id/identify': done,
  'DELETE /api/walls/:id': done,

  'POST /api/series': { asks: input.newSeries, gives: 'Planned', status: [201] },
  'GET /api/series': { gives: 'AllSeries' },
  'GET /api/series/foreseen': { query: input.seriesForeseen, gives: 'Evenings' },
  'GET /api/series/:id': { gives: 'OneSeries' },
  'PUT /api/series/:id/evenings/:date': { gives: 'Planned' },
  'PATCH /api/series/:id': { asks: input.seriesPatch, gives: 'Planned' },
  'DELETE /api/series/:id': done,

  'POST /api/organizers': { asks: input.newOrganizer, gives: 'Key', status: [201] },
  'GET /api/organizers': { gives: 'Organizers' },
  'DELETE /api/organizers/:id': done,
});

/** The HTTP side of the contract as OpenAPI 3.1: every route of the access table, and no other. */
export function openapi(languages: readonly string[]): JsonSchema {
  const known = rows(languages);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [route, role] of Object.entries(ROUTES)) {
    const [verb = '', path = ''] = route.split(' ');
    const braced = path.replace(/:(\w+)/g, '{$1}');
    const operation = operationOf(verb, path, known[route as Route], role);
    paths[braced] = { ...paths[braced], [verb.toLowerCase()]: operation };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'NoSo', version: CONTRACT, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: given(),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}

/** `POST /api/nosos/:id/open` → `postNososIdOpen`. */
const nameOf = (verb: string, path: string): string =>
  verb.toLowerCase() +
  path
    .split(/\W+/)
    .slice(2)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

function operationOf(verb: string, path: string, row: Rows[Route], role: string): JsonSchema {
  const text = { type: 'string' };
  const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: text,
  }));
  const query = row.query ? taken(row.query) : {};
  const must = new Set((query.required ?? []) as string[]);
  const sought = Object.entries((query.properties ?? {}) as Record<string, JsonSchema>).map(
    ([name, schema]) => ({ name, in: 'query', required: must.has(name), schema }),
  );
  const schema = row.gives && refTo(row.gives);
  const content = schema && { content: { [row.type ?? 'application/json']: { schema } } };
  const statuses = row.status ?? [schema ? 200 : 204];
  const problem = { 'application/problem+json': { schema: refTo('Problem') } };
  return {
    operationId: nameOf(verb, path),
    ...(role === 'anyone' ? { security: [] } : { security: [{ bearer: [] }] }),
    'x-role': role,
    parameters: [...named, ...sought],
    ...(row.asks && {
      requestBody: { required: true, content: { 'application/json': { schema: taken(row.asks) } } },
    }),
    responses: {
      ...Object.fromEntries(statuses.map((s) => [s, { description: 'Done', ...content }])),
      ...Object.fromEntries(
        Object.entries(row.besides ?? {}).map(([s, description]) => [s, { description }]),
      ),
      default: { description: 'Refused (RFC 9457)', content: problem },
    },
  };
}
