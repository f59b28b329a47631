import express, { type Router } from 'express';
import { preferred } from '../../service/dictionary.js';
import type { Words } from '../../service/words.js';

/**
 * The pages that live in the browser: a wall, and the organizers' console. The server sends a
 * shell with the words in it, and their script does the rest.
 */
export function shells(words: ReadonlyMap<string, Words>): Router {
  const router = express.Router();
  const languages = [...words.keys()];

  router.get('/wall', (request, response) => {
    const language = preferred(languages, request.headers['accept-language']);
    const all = Object.fromEntries(
      [...words].map(([code, { wall, time, language: name }]) => [
        code,
        { wall, time, language: name },
      ]),
    );
    const title = words.get(language)?.wall.title ?? 'NoSo';
    response.type('html').send(shell('wall', language, title, all));
  });

  router.get('/organize', (request, response) => {
    const asked = typeof request.query.lang === 'string' ? request.query.lang : '';
    const language = words.has(asked)
      ? asked
      : preferred(languages, request.headers['accept-language']);
    const own = words.get(language) as Words;
    const { console: spoken, time, errors } = own;
    const data = { code: language, languages, console: spoken, time, errors };
    response.type('html').send(shell('organizer', language, spoken.title, data));
  });

  return router;
}

function shell(name: string, language: string, title: string, words: unknown): string {
  // In a script element, only a closing tag could end the data early.
  const data = JSON.stringify(words).replace(/</g, '\\u003c');
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/${name}/page.css">
</head>
<body>
<noscript>NoSo: JavaScript</noscript>
<script type="application/json" id="words">${data}</script>
<script src="/assets/${name}/page.js"></script>
</body>
</html>
`;
}
