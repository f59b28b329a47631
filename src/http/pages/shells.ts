import express, { type Request, type Response, type Router } from 'express';
import { hostOf } from '../../service/identity.js';
import type { Words } from '../../service/words.js';
import { setPageHeaders } from '../headers.js';
import { DAY_BARS, document, NIGHT_BARS } from './document.js';
import { type Html, html, json } from './html.js';
import { choose, type Tongue } from './language.js';

/**
 * The pages that live in the browser: a wall, a door, and the organizers' console. The server sends a
 * shell with the words in it, and their script does the rest.
 */
export function shells(
  words: ReadonlyMap<string, Words>,
  frameAncestors: string | null,
  wall: { version: string; publicUrl: () => string; wifi?: string | null },
): Router {
  const router = express.Router();
  const languages = [...words.keys()];
  /** By which a page knows that it is under an address that is not ours. */
  const served = (request: Request) => ({ publicUrl: wall.publicUrl(), host: hostOf(request) });

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
      version: wall.version,
      before: html`${tooOld(words, tongue, request.headers['user-agent'])}
        <script type="application/json" id="about">${json({
          version: wall.version,
          ...served(request),
        })}</script>`,
    });
  });

  router.get('/organize', (request, response) => {
    const asked = typeof request.query.lang === 'string' ? request.query.lang : null;
    const tongue = choose(words, [asked], request.headers['accept-language']);
    const { console: spoken, time, errors } = tongue.words;
    const own = { code: tongue.language, languages, served: served(request) };
    const data = { ...own, console: spoken, time, errors };
    send(request, response, {
      name: 'organizer',
      tongue,
      bars: DAY_BARS,
      words: data,
      framedBy: null,
    });
  });

  // For paper: no more than a shell, since what is on it is asked for as an organizer.
  router.get('/organize/print', (request, response) => {
    const tongue = choose(words, [], request.headers['accept-language']);
    const all = [...words].map(([language, each]) => [
      language,
      { print: each.print, time: each.time },
    ]);
    send(request, response, {
      name: 'print',
      tongue,
      bars: DAY_BARS,
      words: {
        ...{ publicUrl: wall.publicUrl(), wifi: wall.wifi ?? null },
        ...Object.fromEntries(all),
      },
      framedBy: null,
    });
  });

  router.get('/door', (request, response) => {
    const asked = typeof request.query.lang === 'string' ? request.query.lang : null;
    const tongue = choose(words, [asked], request.headers['accept-language']);
    const { language, words: spoken } = tongue;
    const { door, time, errors } = spoken;
    const data = { language, door, time, errors };
    send(request, response, { name: 'door', tongue, bars: DAY_BARS, words: data, framedBy: null });
  });

  return router;
}

function send(
  request: Request,
  response: Response,
  page: {
    name: 'wall' | 'organizer' | 'door' | 'print';
    tongue: Tongue;
    bars: typeof DAY_BARS;
    words: unknown;
    framedBy: string | null;
    /** Of the page's files: another version has other addresses. */
    version?: string;
    before?: Html;
  },
): void {
  const { name, tongue, bars, words, framedBy, version, before = null } = page;
  const of = version === undefined ? '' : `?v=${version}`;
  const title = tongue.words[name === 'organizer' ? 'console' : name].title;
  setPageHeaders(response, { host: request.headers.host, style: null, framedBy });
  response.set('Content-Language', tongue.language).type('html');
  response.send(
    document({
      tongue,
      title,
      bars,
      style: { href: `/assets/${name}/page.css${of}` },
      script: `/assets/${name}/page.js${of}`,
      body: html`${before ?? html`<noscript>NoSo: JavaScript</noscript>`}
        <script type="application/json" id="words">${json(words)}</script>`,
    }).text,
  );
}

/** For screens that cannot run the page, in words that any browser shows; else the page takes it away. */
function tooOld(
  words: ReadonlyMap<string, Words>,
  tongue: Tongue,
  userAgent: string | undefined,
): Html {
  const all = [tongue.words, ...[...words.values()].filter((each) => each !== tongue.words)];
  const [, version] = /Chrom(?:e|ium)\/(\d{1,3})\b/.exec(userAgent ?? '') ?? [];
  const browser = version === undefined ? null : `Chromium ${version}`;
  return html`<div class="old" id="old">${all.map(({ wall, language }) => {
    const [first = '', second = ''] = wall.tooOldMore.split('|');
    const here = browser && wall.itIs.replace('{browser}', browser);
    return html`<h1 lang="${language.code}">${wall.tooOld}</h1>
      <p lang="${language.code}">${first}<br>${second}${here ? html`<br>${here}` : null}</p>`;
  })}</div>`;
}
