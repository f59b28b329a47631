import express, { type Router } from 'express';

/** A black square, and a clearing in it: what a wall looks like from far away. */
const ICON = Buffer.from(
  'AAABAAEAEBAAAAEAGABQAAAAFgAAAIlQTkcNChoKAAAADUlIRFIAAAAQAAAAEAgCAAAAkJFoNgAAABdJREFUeNpjYBjE4NPbR2hoVMMooCkAACZQYyURGdwOAAAAAElFTkSuQmCC',
  'base64',
);
/** What is for nobody to find by searching: doors that only a code or a key opens. */
const UNSEARCHED = ['/api/', '/assets/', '/door', '/j', '/me', '/organize', '/out', '/wall'];
/** How long what stands in security.txt is good, in ms; it is written anew at each request. */
const GOOD_FOR = 180 * 86_400_000;
const DAY = 86_400;

/** Who is responsible for this server, and how to reach them; null where that is not said. */
export type Operator = { name: string | null; contact: string | null };

/** What programs look for under addresses that everybody knows. */
export function wellKnown(deps: {
  operator: Operator;
  languages: readonly string[];
  publicUrl: () => string;
  /** The contract as documents, by their addresses. */
  documents: Record<string, () => Promise<object>>;
  /** Milliseconds since the epoch. */
  now: () => number;
}): Router {
  const router = express.Router({ strict: true, caseSensitive: true });
  const { contact } = deps.operator;

  router.get('/robots.txt', (_request, response) => {
    const lines = ['User-agent: *', ...UNSEARCHED.map((path) => `Disallow: ${path}`)];
    response.type('text').send(`${lines.join('\n')}\n`);
  });

  router.get('/favicon.ico', (_request, response) => {
    response.set('Cache-Control', `public, max-age=${DAY}`);
    response.type('image/x-icon').send(ICON);
  });

  for (const [path, write] of Object.entries(deps.documents)) {
    // Written when first asked for: most servers are never asked.
    let written: object | null = null;
    router.get(path, async (_request, response) => {
      written ??= await write();
      response.set('Cache-Control', 'no-cache').json(written);
    });
  }

  if (contact !== null) {
    // RFC 9116.
    router.get('/.well-known/security.txt', (_request, response) => {
      const lines = [
        `Contact: ${contact}`,
        `Expires: ${new Date(deps.now() + GOOD_FOR).toISOString()}`,
        `Preferred-Languages: ${deps.languages.join(', ')}`,
        `Canonical: ${deps.publicUrl()}/.well-known/security.txt`,
      ];
      response.type('text').send(`${lines.join('\n')}\n`);
    });
  }
  return router;
}
