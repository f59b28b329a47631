import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Node, parse } from 'acorn';
import { fullAncestor } from 'acorn-walk';
import { transform } from 'esbuild';
import * as assert from 'uvu/assert';
import { suite } from './support/suite.js';

const test = suite('what is read of requests');

/**
 * What each room reads of a request beside its path and its body, by name; `…` stands for all of it,
 * or for a name that only shows as it runs. Whoever sends a header sends one of these, or nothing that
 * counts: what nobody reads can neither turn a frame round nor hold one up (S2), nor be kept (A1).
 */
const READ: Record<string, string[]> = {
  'http headers': [
    // The application's proxies, and who asks for metrics.
    '…',
    'accept-language',
    'authorization',
    'content-encoding',
    'content-length',
    'content-type',
    'cookie',
    'host',
    'if-none-match',
    'origin',
    'transfer-encoding',
    // Which calendar a page names first, and why a wall is too old for it.
    'user-agent',
  ],
  'http query': ['…', 'ask', 'code', 'lang', 'noted', 'to'],
  'service headers': ['…', 'host', 'origin'],
  'service query': ['…'],
  'sockets headers': ['cookie', 'origin', 'upgrade'],
};

/** What is asked of an answer of ours, or of a server's, and is nothing that came. */
const NO_REQUEST = /^(response|reply|res)$/;

/** What is asked of maps and lists that have the name, and is no header's. */
const OF_MAPS = /^(get|set|size|length|slice|properties|required)$/;

type Named = Node & { name?: string; value?: unknown };
type Member = Node & { object: Named & Member; property: Named; computed: boolean };

/** The name of a member, as it stands there; `…` where it only shows as it runs. */
const nameOf = ({ property, computed }: Member): string =>
  computed ? (typeof property.value === 'string' ? property.value : '…') : String(property.name);

/** Which names are read of `what` (`headers`, `query`) in a source. */
async function readsOf(source: string, what: RegExp): Promise<string[]> {
  const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'esnext' });
  const found = new Set<string>();
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  fullAncestor(program, (node, _state, ancestors) => {
    const member = node as Member;
    const asked =
      node.type === 'MemberExpression' &&
      what.test(nameOf(member)) &&
      !NO_REQUEST.test(String(member.object.name));
    const known = node.type === 'Identifier' && what.test((node as Named).name ?? '');
    if (!asked && !known) return;
    const parent = ancestors.at(-2) as Node & Record<string, unknown>;
    if (parent.type === 'MemberExpression') {
      const above = parent as unknown as Member;
      if (above.object === (node as unknown)) found.add(nameOf(above));
    } else if (parent.type === 'VariableDeclarator' && parent.init === node) {
      for (const name of namesIn(parent.id as Node)) found.add(name);
    } else if (parent.type === 'CallExpression' || parent.type === 'SpreadElement') {
      if (parent.callee !== node) found.add('…');
    }
  });
  return [...found];
}

/** The names that a pattern takes out; `…` for what takes all. */
function namesIn(pattern: Node): string[] {
  if (pattern.type !== 'ObjectPattern') return ['…'];
  const { properties } = pattern as unknown as { properties: { type: string; key?: Named }[] };
  return properties.map(({ type, key }) =>
    type === 'Property' ? String(key?.name ?? key?.value ?? '…') : '…',
  );
}

const KINDS = { headers: /^(rawHeaders|headers)$/, query: /^(query|searchParams)$/ };

test('S2 S5 A1 of a request is read what is listed, in the room that it is listed for', async () => {
  const read: Record<string, string[]> = {};
  for (const room of ['domain', 'engine', 'live', 'protocol', 'service', 'sockets', 'http']) {
    const folder = join('src', room);
    const names = (await readdir(folder, { recursive: true })).filter((n) => n.endsWith('.ts'));
    const sources = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    for (const [kind, what] of Object.entries(KINDS)) {
      const all = (await Promise.all(sources.map((source) => readsOf(source, what)))).flat();
      const known = new Set(all.filter((name) => !OF_MAPS.test(name)));
      if (known.size > 0) read[`${room} ${kind}`] = [...known].sort();
    }
  }
  const sorted = Object.entries(READ).map(([room, names]) => [room, [...names].sort()]);
  assert.equal(read, Object.fromEntries(sorted));
});

test('whatever way a header is read is seen', async () => {
  const source = `
    const { origin, ['x-late']: late, ...rest } = request.headers;
    const { headers } = request;
    if (headers['x-reverse'] || headers[name] || socket.request.headers.host) again(headers);
    response.headers.get('etag');
  `;
  const names = await readsOf(source, KINDS.headers);
  assert.equal(names.sort(), ['host', 'origin', 'x-late', 'x-reverse', '…']);
  assert.equal(await readsOf('go(request.query.token)', KINDS.query), ['token']);
});
