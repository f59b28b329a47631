import type { DoorAnswer, DoorResult, Refused } from '../../src/protocol/wire.js';
import { fetchInTime } from '../shared/fetchInTime.js';
import type { ClickQueue } from './clickQueue.js';
import { isOpen } from './tally.js';

/** As many clicks as one request may bear. */
const PART = 100;
/** How often a door that has nothing to send asks how things stand, in ms … */
const BEAT = 2000;
/** … and how often where it is told: then for its hours, which no count says. */
const SELDOM = 20_000;
const PATIENCE = 5000;

export type Heard =
  | { is: 'answered'; answer: DoorAnswer; results: DoorResult[] }
  | { is: 'silence' }
  | { is: 'refused'; problem: Refused; body: unknown };

/**
 * Sends what is queued, in parts and in order, and asks again and again, seldom where it is `told` the
 * count anyway. What has no answer is sent
 * again as it was: the server knows each click by its id, from whatever tab it comes.
 */
export function startSender(
  token: string,
  queue: ClickQueue,
  heard: (heard: Heard) => Promise<void>,
  told: () => boolean,
) {
  let timer = 0;
  let sending = false;
  let again = false;
  let unsent = false;

  async function send(): Promise<void> {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    clearTimeout(timer);
    let more = false;
    try {
      more = await once();
    } finally {
      sending = false;
    }
    const soon = more || again;
    again = false;
    if (soon) timer = window.setTimeout(send, 0);
    else wait(BEAT);
  }

  /** Looks each beat whether it is still told, and all is sent. */
  function wait(waited: number): void {
    timer = window.setTimeout(() => {
      if (unsent || !told() || waited >= SELDOM) void send();
      else wait(waited + BEAT);
    }, BEAT);
  }

  /** One part; true if more is to be sent at once. */
  async function once(): Promise<boolean> {
    const clicks = await queue.first(PART);
    const asked = { body: { clicks }, patience: PATIENCE, token };
    const answered = await fetchInTime('POST', '/api/door', asked);
    const { code } = (answered?.body ?? {}) as Partial<Refused>;
    if (
      !answered ||
      (!answered.ok && (code === undefined || answered.status >= 500 || code === 'rate_limited'))
    ) {
      unsent = true;
      await heard({ is: 'silence' });
      return false;
    }
    if (!answered.ok) {
      await heard({ is: 'refused', problem: answered.body as Refused, body: answered.body });
      return false;
    }
    const answer = answered.body as DoorAnswer;
    const results = answer.results.filter((result) => !isOpen(result));
    await queue.remove(results.map(({ id }) => id));
    unsent = results.length < clicks.length;
    await heard({ is: 'answered', answer, results });
    return results.length === clicks.length && clicks.length === PART;
  }

  return { send, stop: () => clearTimeout(timer) };
}
