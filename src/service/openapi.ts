import type { z } from 'zod';
import { ROUTES, type Route } from './access.js';
import {
  CONTRACT,
  given,
  type JsonSchema,
  listOf,
  refTo,
  type SchemaName,
  taken,
} from './answers.js';
import * as input from './input.js';

/** What is asked with a route and what comes of it: its body, its query, its statuses and answer. */
type Row = {
  asks?: z.ZodType;
  query?: z.ZodType;
  gives?: SchemaName | JsonSchema;
  /** Of success; 200 by default, 204 where nothing is given. */
  status?: number[];
  /** Of what is given, where it is not JSON. */
  type?: string;
};

const object = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});
const text: JsonSchema = { type: 'string' };
const whole: JsonSchema = { type: 'integer' };
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const city = { city: text, nosos: whole };
const asked = { city: text, count: whole };
const planned = object({ id: text, nosos: list(refTo('Noso')) });
const evenings = { evenings: list(refTo('Evening')) };

const rows = (languages: readonly string[]): Partial<Record<Route, Row>> => ({
  'POST /api/passes': { asks: input.newPass, gives: 'EntryPass', status: [201] },
  'POST /api/numbers': { asks: input.newNumber, gives: 'Drawn', status: [201, 200] },
  'POST /api/seats': { asks: input.newSeat, gives: 'Entered', status: [201, 200] },
  'POST /api/returns': { asks: input.newReturn, gives: 'Entered' },
  'GET /api/nosos': { query: input.nosoQuery, gives: listOf('nosos', 'Noso') },
  'GET /api/nosos/:id': { gives: 'Noso' },
  'GET /api/nosos/:id/calendar.ics': { gives: text, type: 'text/calendar' },
  'GET /api/calendar.ics': { query: input.calendarQuery, gives: text, type: 'text/calendar' },
  'PUT /api/nosos/:id/intent': { gives: object({ noso: text, number: text }) },
  'PUT /api/presence': { asks: input.takeSeat, gives: 'Seat' },
  'GET /api/presence/:noso': { gives: 'Seat' },
  'POST /api/walls/pairing': { gives: 'WaitingScreen', status: [201] },
  'POST /api/walls/pairing/claim': {
    asks: input.claimWall,
    gives: object({ id: text, token: text }),
  },
  'GET /api/walls/me': { query: input.wallGlance, gives: 'Snapshot' },
  'GET /api/cities': {
    gives: {
      type: 'object',
      required: ['cities'],
      // `asked`: to organizers, and from the third request on.
      properties: { cities: list(object(city)), asked: list(object(asked)) },
    },
  },
  'POST /api/cities': { asks: input.newWish, gives: { type: 'object' }, status: [202] },
  'POST /api/door': {
    asks: input.doorClicks,
    gives: object({
      results: { type: 'array', items: { type: 'object' } },
      noso: refTo('Noso'),
      count: whole,
      here: whole,
    }),
  },
  'POST /api/sign-in': { asks: input.signIn },
  'GET /api/sign-in': { gives: { type: 'object' } },
  'POST /api/venues': { asks: input.newVenue(languages), gives: 'Venue', status: [201] },
  'GET /api/venues': { gives: listOf('venues', 'Venue') },
  'PATCH /api/venues/:id': { asks: input.venuePatch(languages), gives: 'Venue' },
  'POST /api/nosos': { asks: input.newNoso, gives: 'Noso', status: [201] },
  'PATCH /api/nosos/:id': { asks: input.nosoPatch, gives: 'Noso' },
  'POST /api/nosos/:id/open': { gives: 'Noso' },
  'POST /api/nosos/:id/close': { gives: 'Noso' },
  'POST /api/nosos/:id/cancel': { gives: 'Noso' },
  'GET /api/nosos/:id/code': { gives: 'Code' },
  'GET /api/nosos/:id/record': { gives: 'Record' },
  'PUT /api/nosos/:id/headcount': {
    asks: input.newHeadcount,
    gives: object({ at: text, count: whole }),
  },
  'POST /api/nosos/:id/void': { asks: input.newVoid, gives: object({ freed: whole, until: text }) },
  'POST /api/nosos/:id/paper': {
    asks: input.newPaper,
    gives: object({ numbers: { type: 'array', items: text } }),
    status: [201],
  },
  'GET /api/nosos/:id/paper': { gives: listOf('paper', 'PaperInfo') },
  'PUT /api/nosos/:id/paper/:number': { gives: object({ number: text }) },
  'POST /api/nosos/:id/doors': { asks: input.newDoor, gives: 'Key', status: [201] },
  'GET /api/nosos/:id/doors': { gives: listOf('doors', 'DoorInfo') },
  'POST /api/series': { asks: input.newSeries, gives: planned, status: [201] },
  'GET /api/series': { gives: listOf('series', 'Series') },
  'GET /api/series/foreseen': { query: input.seriesForeseen, gives: object(evenings) },
  'GET /api/series/:id': {
    gives: { allOf: [refTo('Series'), object(evenings)] },
  },
  'PATCH /api/series/:id': { asks: input.seriesPatch, gives: planned },
  'PUT /api/series/:id/evenings/:date': { gives: planned },
  'GET /api/records': { query: input.recordsQuery, gives: listOf('records', 'Record') },
  'POST /api/venues/:id/walls': {
    asks: input.newWall,
    gives: { type: 'object', required: ['id'], properties: { id: text, url: text, token: text } },
    status: [201],
  },
  'GET /api/venues/:id/walls': { gives: listOf('walls', 'WallInfo') },
  'PATCH /api/walls/:id': { asks: input.wallPatch, gives: { type: 'object' } },
  'POST /api/organizers': { asks: input.newOrganizer, gives: 'Key', status: [201] },
  'GET /api/organizers': { gives: listOf('organizers', 'OrganizerInfo') },
});

/** The HTTP side of the contract as OpenAPI 3.1: every route of the access table, and no other. */
export function openapi(languages: readonly string[]): JsonSchema {
  const known = rows(languages);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [route, role] of Object.entries(ROUTES)) {
    const [verb = '', path = ''] = route.split(' ');
    const braced = path.replace(/:(\w+)/g, '{$1}');
    const operation = operationOf(path, known[route as Route] ?? {}, role);
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

function operationOf(path: string, row: Row, role: string): JsonSchema {
  const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: text,
  }));
  const query = row.query ? taken(row.query) : {};
  const must = new Set((query.required ?? []) as string[]);
  const sought = Object.entries((query.properties ?? {}) as Record<string, JsonSchema>).map(
    ([name, schema]) => ({ name, in: 'query', required: must.has(name), schema }),
  );
  const schema = typeof row.gives === 'string' ? refTo(row.gives) : row.gives;
  const content = schema && { content: { [row.type ?? 'application/json']: { schema } } };
  const statuses = row.status ?? [schema ? 200 : 204];
  const problem = { 'application/problem+json': { schema: refTo('Problem') } };
  return {
    ...(role === 'anyone' ? { security: [] } : { security: [{ bearer: [] }] }),
    'x-role': role,
    parameters: [...named, ...sought],
    ...(row.asks && {
      requestBody: { required: true, content: { 'application/json': { schema: taken(row.asks) } } },
    }),
    responses: {
      ...Object.fromEntries(statuses.map((s) => [s, { description: 'Done', ...content }])),
      default: { description: 'Refused (RFC 9457)', content: problem },
    },
  };
}
