import express, { type Request, type Response, type Router } from 'express';
import { readCode } from '../../protocol/spelling.js';
import { STEP_SECONDS } from '../../service/codes.js';
import { fieldOf, formBody } from './formBody.js';
import { html, sayHtml } from './html.js';
import type { PagesDeps } from './pagesDeps.js';
import { secureOf } from './seatpage.js';
import { sendNight } from './send.js';
import { visitOf } from './visit.js';

/** No code: nothing that was typed is read back, not even to whoever typed it (A1). */
const NO_CODE = '-';
/** A link, or a message, that holds a code may be pasted. */
const PASTED = 500;
/** How soon a page without a script asks whether a NoSo is open, in seconds. */
const DOORS = 20;

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
  const { phone } = tongue.words;
  const { code: words } = phone;
  const open = [...deps.catalogue.nosos()].some(({ life }) => life.is === 'open');
  const secure = secureOf(deps.publicUrl(), '/j');
  const changes = sayHtml(tongue.language, words.changes, { step: STEP_SECONDS });
  sendNight(deps, at, {
    title: words.title,
    script: true,
    refresh: open ? undefined : DOORS,
    body: html`<main>
      <p class="said" role="status"></p>
      <div data-with="shut"${open ? html` hidden` : null}>
        <h1 class="heading">${words.headingBefore}</h1>
        <p class="ash">${words.before}</p>
      </div>
      <div data-with="open"${open ? null : html` hidden`}>
        <h1 class="heading">${words.heading}</h1>
        <p class="ash">${changes}</p>
      </div>
      <form method="get" action="/j" class="code" data-to-go="${JSON.stringify(words.toGo)}">
        <div class="entry">
          <label for="code" class="said">${words.label}</label>
          <input id="code" name="code" required maxlength="${PASTED}" autocomplete="off"
            autocapitalize="characters" autocorrect="off" spellcheck="false" enterkeyhint="go">
        </div>
        <p class="ash letters">${words.letters}</p>
        <button class="button"><span>${words.enter}</span><span class="wait"></span></button>
      </form>
      <p class="ash aim">${words.aim}</p>
      ${
        secure &&
        html`<p class="ash" data-with="insecure" hidden>${sayHtml(tongue.language, phone.overHttp, {
          link: html`<a href="${secure.href}">${secure.name}</a>`,
        })}</p>`
      }
    </main>`,
  });
}
