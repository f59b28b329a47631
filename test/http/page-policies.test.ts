import * as assert from 'uvu/assert';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';

const test = suite('what pages may do');

/** The policy of a page, directive by directive; a style that stands in the page is named by its digest. */
const policyOf = (host: string, framedBy: string) => ({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': 'its own',
  'img-src': "'self' data:",
  'media-src': "'self' data:",
  'connect-src': `'self' ws://${host} wss://${host}`,
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': framedBy,
});

function read(policy: string): Record<string, string> {
  const directives = policy.split('; ').map((each) => {
    const [name = '', ...rest] = each.split(' ');
    return [name, rest.join(' ')] as const;
  });
  assert.is(new Set(directives.map(([name]) => name)).size, directives.length, policy);
  const all = Object.fromEntries(directives);
  if (/^('self'|'sha256-[\w+/]{43}=')$/.test(all['style-src'] ?? '')) all['style-src'] = 'its own';
  return all;
}

test(
  'F7 A1 every page, and every page of an error, has the one policy to the letter; the wall alone may be framed',
  served(
    async ({ url, port }, api) => {
      const noso = await api.noso();
      const { code } = await api.code(noso.id);
      const paths = ['/', '/privacy', '/wall', '/organize', '/organize/print', '/door', '/me'];
      paths.push(
        `/n/${noso.id}`,
        `/j/${code}`,
        '/j/AAA-AAA-AAA',
        '/out',
        '/no-such-page',
        '/n/none',
      );
      let pages = 0;
      for (const path of paths) {
        const response = await fetch(url + path, {
          redirect: 'manual',
          headers: { accept: 'text/html' },
        });
        await response.arrayBuffer();
        const { headers, status } = response;
        assert.is(headers.get('x-content-type-options'), 'nosniff', path);
        assert.is(headers.get('cache-control'), 'no-store', path);
        assert.is(headers.get('x-powered-by'), null, path);
        if (!headers.get('content-type')?.startsWith('text/html')) continue;
        pages += 1;
        const framedBy = path === '/wall' ? 'https://signs.example' : "'none'";
        const policy = read(headers.get('content-security-policy') ?? '');
        assert.equal(policy, policyOf(`127.0.0.1:${port}`, framedBy), `${path}: ${status}`);
        assert.is(headers.get('referrer-policy'), 'same-origin', path);
      }
      assert.ok(pages >= 10, `${pages} pages`);
      // A host that is no host is put into no policy.
      const odd = await api.call('GET', '/api/nosos');
      assert.is(
        odd.headers.get('content-security-policy'),
        null,
        'what no browser shows needs none',
      );
    },
    { FRAME_ANCESTORS: 'https://signs.example' },
  ),
);
