import { createRequire } from 'node:module';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import * as assert from 'uvu/assert';
import { NAMESPACES, ROUTES } from '../../src/service/access.js';
import { read } from '../strangers/document.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';

const test = suite('the contract as documents');

test(
  'OpenAPI is valid, and has every route and no other, each with what it answers',
  served(async (server) => {
    const document = await read(`${server.url}/openapi.json`);
    const { valid, errors } = await new Validator().validate(document);
    assert.ok(valid, JSON.stringify(errors));
    const routes = Object.entries(document.paths).flatMap(([path, verbs]) =>
      Object.entries(verbs).map(([verb, { responses }]) => {
        const empty = Object.entries(responses).filter(([status, { content }]) =>
          content ? /^(202|204|304)$/.test(status) : /^(200|201)$/.test(status),
        );
        assert.equal(empty, [], `${verb} ${path}`);
        return `${verb.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`;
      }),
    );
    assert.equal(routes.sort(), Object.keys(ROUTES).sort());
  }),
);

test(
  'AsyncAPI is valid, and has every namespace and what may be said there',
  served(async (server) => {
    const document = await read(`${server.url}/asyncapi.json`);
    const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json');
    const ajv = new Ajv({ strict: false, logger: false, meta: false, validateSchema: false });
    formats.default(ajv);
    const check = ajv.compile(schema);
    assert.ok(check(document), JSON.stringify(check.errors?.slice(0, 5)));
    const said = Object.values(document.operations)
      .filter(({ action }) => action === 'receive')
      .flatMap(({ messages }) => messages.map(({ $ref }) => $ref));
    const table = Object.entries(NAMESPACES).flatMap(([namespace, { events }]) =>
      events.map((event) => `#/channels${namespace}/messages/${event}`),
    );
    assert.equal(said.sort(), table.sort());
    const channels = Object.values(document.channels).map(({ address }) => address);
    assert.equal(channels.sort(), Object.keys(NAMESPACES).sort());
  }),
);
