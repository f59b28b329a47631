import { createRequire } from 'node:module';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as assert from 'uvu/assert';
import { ROUTES } from '../../src/service/access.js';
import { served } from '../support/served.js';
import { openPhone, openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('the contract as documents');

type Document = {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, object> };
  channels: Record<string, object>;
};
const read = async (url: string) => {
  const response = await fetch(url);
  assert.is(response.status, 200, url);
  assert.match(response.headers.get('content-type') as string, 'application/json');
  return (await response.json()) as Document;
};

/** What of a value does not fit a schema of the document; null: all fits. */
function faultOf(document: Document, name: string, value: unknown): string | null {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addSchema({ $id: 'doc', components: document.components });
  const check = ajv.compile({ $ref: `doc#/components/schemas/${name}` });
  return check(value) ? null : `${name}: ${JSON.stringify(check.errors)}`;
}
const fits = (...all: Parameters<typeof faultOf>) => assert.is(faultOf(...all), null);

test(
  'OpenAPI is valid, has every route and no other, and what is answered fits',
  served(async (server, api) => {
    const document = await read(`${server.url}/openapi.json`);
    const { valid, errors } = await new Validator().validate(document);
    assert.ok(valid, JSON.stringify(errors));
    const routes = Object.entries(document.paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map(
        (verb) => `${verb.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    assert.equal(routes.sort(), Object.keys(ROUTES).sort());

    const noso = await api.noso();
    fits(document, 'Noso', noso);
    fits(document, 'Venue', noso.venue);
    fits(document, 'Code', await api.code(noso.id));
    const entered = await api.enter(noso.id);
    fits(document, 'Entered', entered.body);
    const { token, pass } = await api.person(noso.id);
    fits(document, 'Seat', (await api.sit(token, pass)).body);
    fits(document, 'Record', await api.record(noso.id));
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const { venue } = noso;
    const template = { venue: venue.id, title: 'Rien', startsAt: inAnHour, minutes: 30 };
    const { id } = await api.own<{ id: string }>('POST', '/api/series', {
      ...{ ...template, rule: 'FREQ=WEEKLY' },
    });
    const series = await api.own<{ evenings: object[] }>('GET', `/api/series/${id}`);
    fits(document, 'Series', series);
    assert.ok(series.evenings.length > 7);
    for (const evening of series.evenings) fits(document, 'Evening', evening);
    const answers = (route: string, verb: string) =>
      JSON.stringify(document.paths[route]?.[verb]?.responses['200']);
    assert.match(answers('/api/nosos/{id}/intent', 'put'), '"number"');
    assert.match(answers('/api/series/{id}', 'get'), '#/components/schemas/Evening');
    assert.match(answers('/api/cities', 'get'), '"asked"');
    fits(document, 'Problem', (await api.call('GET', '/api/organizers')).body);
    assert.ok(faultOf(document, 'Seat', { ...entered.body.seat, number: 7 }), 'it can be told');
  }),
);

test(
  'AsyncAPI is valid, and what is sent fits',
  served(async (server, api) => {
    const document = await read(`${server.url}/asyncapi.json`);
    const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json');
    const ajv = new Ajv({ strict: false, logger: false, meta: false, validateSchema: false });
    formats.default(ajv);
    const check = ajv.compile(schema);
    assert.ok(check(document), JSON.stringify(check.errors?.slice(0, 5)));
    assert.equal(Object.keys(document.channels).sort(), ['door', 'organizer', 'phone', 'wall']);

    const noso = await api.noso({ veil: 0 });
    const wall = openWall(server.url, (await api.wall(noso.venue.id)).token);
    await wall.shows(0);
    const { token, pass } = await api.person(noso.id);
    const phone = await openPhone(server.url, { token, pass });
    await wall.shows(1);
    await until(() => wall.frames.some(({ event }) => event === 'numbers'), { what: 'numbers' });
    fits(document, 'Seat', phone.seat);
    const named = { snapshot: 'Snapshot', count: 'Count', numbers: 'Numbers', code: 'Code' };
    for (const { event, frame } of wall.frames) {
      fits(document, named[event as keyof typeof named], frame);
    }
    phone.socket.disconnect();
    wall.close();
  }),
);
