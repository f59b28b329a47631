import { type Connection, dial } from './connection.js';
import { type Credentials, type Dialect, type DialectName, dialects } from './dialects.js';

export type StormJob = {
  dialect: DialectName;
  host: string;
  /** One per node; phones take turns. */
  ports: number[];
  phones: Credentials[];
  /** Handshakes under way at once. */
  inFlight: number;
  /** Dials so many phones a second, evenly, in the place of as many as `inFlight` lets through. */
  perSecond?: number;
};

export type StormResult = {
  acked: number;
  /** What went wrong, and how often. */
  failures: Record<string, number>;
  /** On the machine's monotonic clock, ms. */
  startedAt: number;
  lastAckAt: number;
  /** From dialling to the acknowledgement, ms. */
  latency: number[];
  /** The numbers that the server said were seated, where it says them. */
  numbers: string[];
  /** How often the server says that it will ping, ms. */
  pingInterval: number | null;
  /** Of the load's own process, CPU ms. */
  cpu: number;
};

/** The ports that one loopback address has to give, with room to spare. */
const PER_ADDRESS = 25_000;
/** Of one phone's handshake, ms. */
const PATIENCE = 20_000;

/** Milliseconds on a clock that all processes of this machine share. */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Where the n-th connection to one port comes from: 127.0.0.1, 127.0.1.1, 127.0.2.1, … */
export function source(n: number): string | null {
  const address = Math.floor(n / PER_ADDRESS);
  return address === 0 ? null : `127.0.${address}.1`;
}

const newResult = (): StormResult => ({
  acked: 0,
  failures: {},
  startedAt: monotonic(),
  lastAckAt: 0,
  latency: [],
  numbers: [],
  pingInterval: null,
  cpu: cpuMs(),
});

/** A crowd of phones that stay connected until they are dropped. */
export function newCrowd() {
  let connections: Connection[] = [];
  let phones: Credentials[] = [];
  let alive = 0;
  /** While phones leave. */
  let departure: {
    isAnswer: (text: string) => boolean;
    answered: () => void;
    gone: () => void;
  } | null = null;

  /** Connects every phone; ends when each was acknowledged or has failed. */
  async function storm(job: StormJob): Promise<StormResult> {
    connections = [];
    phones = [];
    alive = 0;
    return more(job);
  }

  /** The same phones again, each with the pass that it was given when it was seated. */
  const again = (job: Omit<StormJob, 'phones'>): Promise<StormResult> => storm({ ...job, phones });

  /** More phones, beside those that are connected. */
  function more(job: StormJob): Promise<StormResult> {
    const joining = job.phones;
    phones = [...phones, ...joining];
    const dialect: Dialect = dialects[job.dialect];
    const result = newResult();
    return new Promise((resolve) => {
      let next = 0;
      let done = 0;
      const settle = () => {
        done += 1;
        if (done === joining.length) resolve({ ...result, cpu: cpuMs() - result.cpu });
        else if (next < joining.length && job.perSecond === undefined) start();
      };
      const start = () => {
        const index = next++;
        connections.push(phone(index, job, dialect, result, settle));
      };
      if (joining.length === 0) resolve(result);
      else if (job.perSecond !== undefined) paced(job.perSecond, joining.length, start);
      else while (next < Math.min(job.inFlight, joining.length)) start();
    });
  }

  function phone(
    index: number,
    job: StormJob,
    dialect: Dialect,
    result: StormResult,
    settle: () => void,
  ): Connection {
    const credentials = job.phones[index] as Credentials;
    const startedAt = monotonic();
    let state: 'joining' | 'seated' | 'failed' = 'joining';
    const failed = (why: string) => {
      if (state === 'seated') alive -= 1;
      if (state === 'joining') {
        result.failures[why] = (result.failures[why] ?? 0) + 1;
        clearTimeout(limit);
        settle();
      }
      state = 'failed';
    };
    const address = {
      host: job.host,
      port: job.ports[index % job.ports.length] as number,
      from: source(Math.floor(index / job.ports.length)),
    };
    const connection = dial(address, dialect.path, {
      open: (self) => {
        const first = dialect.phoneOpens(credentials);
        if (first !== null) self.send(first);
      },
      text(text, _, self) {
        if (departure) {
          if (departure.isAnswer(text)) departure.answered();
          return;
        }
        result.pingInterval ??= dialect.pingInterval(text);
        const news = dialect.phone(text, credentials);
        if (news.is === 'reply') self.send(news.text);
        else if (news.is === 'refused') {
          failed(news.why);
          self.drop();
        } else if (news.is === 'seated' && state === 'joining') {
          state = 'seated';
          alive += 1;
          clearTimeout(limit);
          if (news.pass !== undefined) credentials.pass = news.pass;
          if (news.number !== undefined) result.numbers.push(news.number);
          result.acked += 1;
          result.lastAckAt = monotonic();
          result.latency.push(result.lastAckAt - startedAt);
          settle();
        }
      },
      end(error) {
        failed(error ?? 'dropped');
        departure?.gone();
      },
    });
    const limit = setTimeout(() => {
      failed('no answer in time');
      connection.drop();
    }, PATIENCE);
    return connection;
  }

  /** All phones say that they leave, at once; ends when each was answered and its connection closed. */
  function leave({ dialect }: { dialect: DialectName }): Promise<StormResult> {
    const { leaving } = dialects[dialect];
    if (!leaving) throw new Error(`nobody leaves in ${dialect}`);
    const all = connections;
    connections = [];
    const result = newResult();
    return new Promise((resolve) => {
      let left = all.length;
      const limit = setTimeout(() => {
        result.failures['not let go in time'] = left;
        resolve(result);
      }, PATIENCE);
      departure = {
        isAnswer: leaving.isAnswer,
        answered() {
          result.acked += 1;
          result.lastAckAt = monotonic();
          result.latency.push(result.lastAckAt - result.startedAt);
        },
        gone() {
          left -= 1;
          if (left > 0) return;
          clearTimeout(limit);
          departure = null;
          resolve({ ...result, cpu: cpuMs() - result.cpu });
        },
      };
      for (const connection of all) connection.send(leaving.says);
    });
  }

  /** Cuts every connection at once. */
  async function drop(): Promise<void> {
    const all = connections;
    connections = [];
    for (const connection of all) connection.drop();
  }

  /** How many phones are connected and seated now. */
  const connected = async (): Promise<number> => alive;

  return { storm, again, more, leave, drop, connected };
}

/** Calls `work` `times` times, `perSecond` a second. */
function paced(perSecond: number, times: number, work: () => void): void {
  const startedAt = monotonic();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.min(times, Math.floor(((monotonic() - startedAt) / 1000) * perSecond));
    for (; done < due; done += 1) work();
    if (done === times) clearInterval(timer);
  }, 2);
}
