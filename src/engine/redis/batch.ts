import { inCompany } from '../company.js';
import { unavailable } from '../deadline.js';
import { ANSWERED, type Pace } from './pace.js';

/** Full batches under way at once: Redis does them one after the other, without waiting between. */
const AT_ONCE = 16;

/** Who has waited for this long, in ms, waits for no company. */
const LATE = 100;

/** What waits to be sent, and whom to answer. */
type Waiting<Item, Answer> = {
  item: Item;
  /** When whoever asked will have given up, by the pace. */
  until: number;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

/**
 * Gathers what is asked within one turn of the event loop, and while an earlier batch is under way,
 * into one command: alone, an item is sent at once; in a storm, hundreds share a round trip, and what
 * fills a whole batch is sent behind the one that is under way.
 * `send` answers its items in order. If it fails all of it and all that waits fails alike, since
 * waiting for another try would outlast the callers' patience. What its caller gave up on before it
 * was sent is not sent.
 */
export class Batch<Item, Answer> {
  private queue: Waiting<Item, Answer>[] = [];
  private underWay = 0;
  private planned = false;
  /** Whether the batch before was of more than one item. */
  private crowded = false;

  constructor(
    private readonly send: (items: Item[]) => Promise<Answer[]>,
    /** Items in one command at most, so that none blocks Redis for long. */
    private readonly most: number,
    private readonly pace: Pace,
  ) {}

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.queue.push({ item, until: this.pace.elapsed + ANSWERED, resolve, reject });
      this.plan();
    });
  }

  get idle(): boolean {
    return this.queue.length === 0 && this.underWay === 0;
  }

  private plan(): void {
    if (this.queue.length === 0) return;
    // In a storm turns are long: who has company, or has waited, does not wait for more.
    const [first] = this.queue;
    const whole = this.queue.length >= this.most;
    const late = first !== undefined && first.until - ANSWERED < this.pace.elapsed - LATE;
    if (this.underWay > 0 && (!(whole || late) || this.underWay >= AT_ONCE)) return;
    if (whole || late) return void this.flush();
    if (this.planned) return;
    this.planned = true;
    inCompany(this.crowded, () => {
      this.planned = false;
      // Whole ones may have gone since: then it goes once one of them is answered.
      if (this.underWay < AT_ONCE) void this.flush();
    });
  }

  private async flush(): Promise<void> {
    const now = this.pace.elapsed;
    while (this.queue[0] && this.queue[0].until < now) this.queue.shift()?.reject(unavailable());
    const batch = this.queue.splice(0, this.most);
    if (batch.length === 0) return;
    this.underWay += 1;
    this.crowded = batch.length > 1;
    this.plan();
    try {
      const answers = await this.send(batch.map((each) => each.item));
      batch.forEach((each, k) => {
        each.resolve(answers[k] as Answer);
      });
    } catch (error) {
      for (const each of [...batch, ...this.queue.splice(0)]) each.reject(error);
    }
    this.underWay -= 1;
    this.plan();
  }
}
