import express, { type Request, type Response, type Router } from 'express';
import { readCode } from '../../protocol/spelling.js';
import { STEP_SECONDS } from '../../service/codes.js';
import { fieldOf, formBody } from './formBody.js';
import { html, sayHtml } from './html.js';
import type { PagesDeps } from './pagesDeps.js';
import { sendNight } from './send.js';
import { visitOf } from './visit.js';

/** No code: nothing that was typed is read back, not even to whoever typed it (A1). */
const NO_CODE = '-';

/** `/j`: a code that is typed. What it leads to is `/j/:code`'s business, whatever it is. */
export function codePages(deps: PagesDeps): Router {
  const router = express.Router({ strict: true });

  const answer = (code: unknown, response: Response): void => {
    if (typeof code !== 'string' || code.trim() === '') {
      codePage(deps, response);
      return;
    }
    response.redirect(303, `/j/${readCode(code) ?? NO_CODE}`);
  };

  router.get('/j', (request: Request, response: Response) => {
    answer(request.query.code, response);
  });
  router.post('/j', formBody, (request: Request, response: Response) => {
    answer(fieldOf(request.body, 'code'), response);
  });
  return router;
}

function codePage(deps: PagesDeps, response: Response): void {
  const at = visitOf(response);
  const { tongue } = at;
  const { code: words } = tongue.words.phone;
  sendNight(deps, at, {
    title: words.title,
    script: true,
    body: html`<main>
      <h1 class="heading">${words.heading}</h1>
      <p class="ash">${sayHtml(tongue.language, words.changes, { step: STEP_SECONDS })}</p>
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
