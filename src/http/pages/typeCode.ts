import express, { type Request, type Response, type Router } from 'express';
import { readCode, STEP } from '../../domain/code.js';
import { html, sayHtml } from './html.js';
import { type PagesDeps, sendNight, visit } from './visit.js';

/** What was typed is cut to this before it goes into an address. */
const LONGEST = 32;

/** `/j`: a code that is typed. What it leads to is `/j/:code`'s business, whatever it is. */
export function codePages(deps: PagesDeps): Router {
  const router = express.Router({ strict: true });

  const answer = (code: unknown, request: Request, response: Response): void => {
    if (typeof code !== 'string' || code.trim() === '') {
      codePage(deps, request, response);
      return;
    }
    const typed = readCode(code) ?? code.trim().slice(0, LONGEST);
    response.redirect(303, `/j/${encodeURIComponent(typed)}`);
  };

  router.get('/j', (request: Request, response: Response) => {
    answer(request.query.code, request, response);
  });
  router.post(
    '/j',
    express.urlencoded({ extended: false, limit: '16kb' }),
    (request: Request, response: Response) => {
      answer((request.body as { code?: unknown } | undefined)?.code, request, response);
    },
  );
  return router;
}

function codePage(deps: PagesDeps, request: Request, response: Response): void {
  const at = visit(deps, request, response);
  const { tongue } = at;
  const { code: words } = tongue.words.phone;
  sendNight(deps, at, {
    tongue,
    title: words.title,
    script: true,
    body: html`<main>
      <h1 class="heading">${words.heading}</h1>
      <p class="ash">${sayHtml(tongue.language, words.changes, { step: STEP / 1000 })}</p>
      <form method="get" action="/j" class="code" data-to-go="${JSON.stringify(words.toGo)}">
        <div class="entry">
          <label for="code" class="said">${words.label}</label>
          <input id="code" name="code" required maxlength="32" autocomplete="off"
            autocapitalize="characters" autocorrect="off" spellcheck="false" enterkeyhint="go">
        </div>
        <p class="ash letters">${words.letters}</p>
        <button class="button"><span>${words.enter}</span><span class="wait"></span></button>
      </form>
      <p class="ash aim">${words.aim}</p>
    </main>`,
  });
}
