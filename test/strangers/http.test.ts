import { execFile } from 'node:child_process';
import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { generateSource } from 'oazapfts';
import * as assert from 'uvu/assert';
import { inFolder } from '../support/program.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { type Document, fitting, read } from './document.js';

const test = suite('a client that was generated from /openapi.json');
const run = promisify(execFile);

/** What is generated, and how it is told whom to ask. */
type Generated = { defaults: { baseUrl: string; fetch: typeof fetch } };
const VISIT = new URL('./visit.js', import.meta.url).href;

/** A folder with the generated module, and what a stranger wrote against it. */
async function strangersFolder(folder: string, document: Document): Promise<void> {
  const spec = join(folder, 'openapi.json');
  await writeFile(spec, JSON.stringify(document));
  await writeFile(join(folder, 'noso.ts'), await generateSource(spec));
  await copyFile('test/strangers/visit.ts', join(folder, 'visit.ts'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  // Strict as strangers are; what is generated knows nothing of the project's one setting beyond that.
  const compilerOptions = { exactOptionalPropertyTypes: false };
  const options = { extends: resolve('tsconfig.json'), compilerOptions, include: ['visit.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...options, exclude: [] }));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
}

/** What the compiler has against it. */
const compile = (folder: string): Promise<string> =>
  run(resolve('node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false']).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );

/** Asks, and holds every answer to the document; `seen` gets what was answered with success. */
function heldTo(document: Document, seen: Set<string>): typeof fetch {
  const fault = fitting(document);
  const places = Object.entries(document.paths).map(([path, operations]) => ({
    ...{ path, operations },
    // The longest that fits is the one that is meant: /walls/me, not /walls/{id}.
    like: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`),
  }));
  return async (input, init) => {
    const response = await fetch(input, init);
    const { pathname } = new URL(String(input));
    const method = (init?.method ?? 'GET').toUpperCase();
    const place = places
      .filter(({ like }) => like.test(pathname))
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
    const operation = place?.operations[method.toLowerCase()];
    const what = `${method} ${place?.path}: ${response.status}`;
    assert.ok(operation, what);
    const body = init?.body && JSON.parse(String(init.body));
    const asks = operation.requestBody?.content?.['application/json']?.schema;
    if (asks) assert.is(fault(asks, body), null, what);
    const said = operation.responses[response.status];
    const text = await response.clone().text();
    assert.ok(said, `${what}, which the document does not know: ${text}`);
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    if (said.content) {
      const schema = said.content[type]?.schema;
      assert.ok(schema, `${what}: ${type}`);
      assert.is(fault(schema, type.endsWith('json') ? JSON.parse(text) : text), null, what);
    }
    seen.add(`${method} ${place?.path} ${response.status}`);
    return response;
  };
}

test(
  'it compiles against what a stranger wrote, asks every route, and every answer is as the document says',
  served((server) =>
    inFolder(async (folder) => {
      const document = await read(`${server.url}/openapi.json`);
      await strangersFolder(folder, document);
      assert.is((await compile(folder)).slice(0, 2000), '');
      const client = join(folder, 'noso.mjs');
      const entryPoints = [join(folder, 'noso.ts')];
      await build({ entryPoints, outfile: client, bundle: true, format: 'esm', platform: 'node' });
      const noso = (await import(pathToFileURL(client).href)) as Generated;
      const { visit } = (await import(VISIT)) as {
        visit: (noso: Generated, owner: string) => Promise<void>;
      };
      const seen = new Set<string>();
      noso.defaults.baseUrl = server.url;
      noso.defaults.fetch = heldTo(document, seen);
      await visit(noso, server.owner);
      const wanted = Object.entries(document.paths).flatMap(([path, operations]) =>
        Object.entries(operations).flatMap(([verb, { responses }]) =>
          Object.keys(responses)
            .filter((status) => status !== 'default')
            .map((status) => `${verb.toUpperCase()} ${path} ${status}`),
        ),
      );
      assert.equal(
        wanted.filter((each) => !seen.has(each)),
        [],
        'in the document, and never answered',
      );
    }),
  ),
  { deadline: 90_000 },
);

test(
  'what the document renames, a stranger’s compiler finds',
  served((server) =>
    inFolder(async (folder) => {
      const text = JSON.stringify(await read(`${server.url}/openapi.json`));
      await strangersFolder(folder, JSON.parse(text.replaceAll('returnCode', 'wayBack')));
      assert.match(await compile(folder), /visit\.ts.*returnCode/);
    }),
  ),
  { deadline: 60_000 },
);
