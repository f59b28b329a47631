import express, { type Request, type Response, type Router } from 'express';
import type { Words } from '../../service/words.js';
import { setPageHeaders } from '../headers.js';
import { DAY_BARS, document, NIGHT_BARS } from './document.js';
import { html, json } from './html.js';
import { choose, type Tongue } from './language.js';

/**
 * The pages that live in the browser: a wall, and the organizers' console. The server sends a
 * shell with the words in it, and their script does the rest.
 */
export function shells(words: ReadonlyMap<string, Words>, frameAncestors: string | null): Router {
  const router = express.Router();
  const languages = [...words.keys()];

  router.get('/wall', (request, response) => {
    const tongue = choose(words, [], request.headers['accept-language']);
    const all = Object.fromEntries(
      [...words].map(([code, { wall, time, language: name }]) => [
        code,
        { wall, time, language: name },
      ]),
    );
    send(request, response, {
      name: 'wall',
      tongue,
      bars: NIGHT_BARS,
      words: all,
      framedBy: frameAncestors,
    });
  });

  router.get('/organize', (request, response) => {
    const asked = typeof request.query.lang === 'string' ? request.query.lang : null;
    const tongue = choose(words, [asked], request.headers['accept-language']);
    const { console: spoken, time, errors } = tongue.words;
    const data = { code: tongue.language, languages, console: spoken, time, errors };
    send(request, response, {
      name: 'organizer',
      tongue,
      bars: DAY_BARS,
      words: data,
      framedBy: null,
    });
  });

  return router;
}

function send(
  request: Request,
  response: Response,
  page: {
    name: 'wall' | 'organizer';
    tongue: Tongue;
    bars: typeof DAY_BARS;
    words: unknown;
    framedBy: string | null;
  },
): void {
  const { name, tongue, bars, words, framedBy } = page;
  const title = tongue.words[name === 'wall' ? 'wall' : 'console'].title;
  setPageHeaders(response, { host: request.headers.host, style: null, framedBy });
  response.set('Content-Language', tongue.language).type('html');
  response.send(
    document({
      tongue,
      title,
      bars,
      style: { href: `/assets/${name}/page.css` },
      script: `/assets/${name}/page.js`,
      body: html`<noscript>NoSo: JavaScript</noscript>
        <script type="application/json" id="words">${json(words)}</script>`,
    }).text,
  );
}
