import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import type { Code, DoorAnswer, DoorClick, DoorResult, Entered } from '../../src/protocol/wire.js';
import type { Reply, TestApi } from '../support/api.js';
import { openPhone } from '../support/sockets.js';
import {
  formOf,
  numberOf,
  type Page,
  standing,
  type Visitor,
  viewOf,
  visitorOf,
} from '../support/visitor.js';
import { AGAIN, answered, type House } from './house.js';

/** Somebody with a phone, who is seated. */
export type Sitter = Entered & {
  /** What they asked with: a secret of their own. */
  id: string;
};

export const codeOf = async ({ apis }: House, noso: string): Promise<string> =>
  (
    await answered(apis, (api) =>
      api.call<Code>('GET', `/api/nosos/${noso}/code`, undefined, api.token),
    )
  ).body.code ?? '';

/** So many people, a few at a time. */
export async function come(n: number, one: (k: number) => Promise<void>): Promise<void> {
  for (let k = 0; k < n; k += 8) {
    await Promise.all(Array.from({ length: Math.min(8, n - k) }, (_, j) => one(k + j)));
  }
}

/** Comes in, and asks again with the same id where no answer came, or twice. */
export async function sitDown(house: House, noso: string, twice = false): Promise<Sitter> {
  const id = randomUUID();
  for (;;) {
    const code = await codeOf(house, noso);
    const enter = (api: TestApi) => api.call<Entered>('POST', '/api/seats', { code, id });
    const first = await answered(house.apis, enter);
    // A code has a minute: whoever was held up looks at the wall again.
    if (first.body.code === 'bad_code') continue;
    assert.ok(first.status < 300, JSON.stringify(first.body));
    const last = twice ? await answered([...house.apis].reverse(), enter) : first;
    assert.is(last.body.seat.number, first.body.seat.number, 'P3 the same person');
    return { ...last.body, id };
  }
}

/** The phone connects with its seat's pass, is told its seat, and sleeps (P7). */
export async function lockPhone(
  { nodes }: House,
  { token, seat }: Sitter,
  node = 0,
): Promise<void> {
  const { url } = nodes[node % nodes.length] as House['nodes'][0];
  const phone = await openPhone(url, { token, pass: seat.pass });
  assert.is(phone.seat?.number, seat.number, JSON.stringify(phone.error));
  phone.socket.disconnect();
}

/** What a browser that keeps nothing is shown once: nobody has more of that seat. */
export type Shown = { number: string; returnCode: string };

/** A phone that refuses cookies, and whose owner taps twice: a form, and what comes back. */
export async function sitWithoutCookies(house: House, noso: string): Promise<Shown> {
  const invite = await page(house, async (visitor) => {
    const got = await visitor.get(`/j/${await codeOf(house, noso)}`);
    return viewOf(got) === 'invite' ? got : null;
  });
  const { action, fields } = formOf(invite.html, 'take');
  const tap = () =>
    page(house, async (visitor) => {
      const got = await visitor.post(action, fields);
      // It is asked again by itself while nobody answers.
      return got.status === 503 ? null : shownOn(got);
    });
  const first = await tap();
  assert.equal(await tap(), first, 'P3 a second tap is the same seat');
  return first;
}

/** From one node after the other, with a browser that has nothing. */
async function page<T>({ nodes }: House, ask: (visitor: Visitor) => Promise<T | null>): Promise<T> {
  for (let k = 0; ; k += 1) {
    const { url } = nodes[k % nodes.length] as House['nodes'][0];
    const got = await ask(visitorOf(url)).catch((error: unknown) => {
      if (error instanceof TypeError) return null; // fetch: cut off
      throw error;
    });
    if (got !== null) return got;
    await pause(AGAIN);
  }
}

function shownOn(page: Page): Shown {
  const html = standing(page.html);
  const returnCode = /class="told">(?:<span[^>]*>)?([^<]+)</.exec(html)?.[1];
  assert.is(viewOf(page), 'seated', `${page.status}`);
  assert.match(html, 'This browser keeps nothing.');
  return { number: numberOf(page), returnCode: returnCode ?? '' };
}

/** Goes on in another browser with what the first one showed (P10). */
export async function comeBack(house: House, noso: string, shown: Shown): Promise<Entered> {
  const code = await codeOf(house, noso);
  const { body } = await answered(house.apis, (api) =>
    api.call<{ pass: string }>('POST', '/api/passes', { code }),
  );
  const asked = { pass: body.pass, ...shown };
  const back = await answered(house.apis, (api) =>
    api.call<Entered>('POST', '/api/returns', asked),
  );
  assert.is(back.body.seat?.number, shown.number, JSON.stringify(back.body));
  return back.body;
}

/** A counter at the entrance: its clicks wait in it until they are answered, in their order. */
export class Door {
  readonly results = new Map<string, DoorResult>();
  private queue: DoorClick[] = [];
  answer: DoorAnswer | null = null;

  constructor(
    private readonly token: string,
    private readonly apis: readonly TestApi[],
  ) {}

  press(what: DoorClick['what'], more: Partial<DoorClick> = {}): string {
    const id = randomUUID();
    this.queue.push({ id, what, at: new Date().toISOString(), ...more });
    return id;
  }

  /** Sends all that waits, in parts; what has no answer in time is sent again another time. */
  async send(patience = 60_000): Promise<void> {
    for (const api of this.apis) {
      const part = this.queue.slice(0, 100);
      const asked = api.call<DoorAnswer>('POST', '/api/door', { clicks: part }, this.token);
      const late = pause(patience, null, { ref: false });
      const reply = await Promise.race([asked.catch(() => null), late]);
      if (reply?.status === 200) this.hear(reply);
    }
  }

  private hear({ body }: Reply<DoorAnswer>): void {
    this.answer = body;
    for (const result of body.results) {
      if (!result.ok && result.code === 'unavailable') continue;
      this.results.set(result.id, result);
      this.queue = this.queue.filter(({ id }) => id !== result.id);
    }
  }

  /** Until nothing waits. */
  async sendAll(): Promise<void> {
    do {
      await this.send();
      if (this.queue.length > 0) await pause(AGAIN);
    } while (this.queue.length > 0);
  }

  waiting(): number {
    return this.queue.length;
  }
}
