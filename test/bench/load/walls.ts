import { type Connection, dial } from './connection.js';
import { type DialectName, dialects } from './dialects.js';
import { monotonic } from './phones.js';

export type WallsJob = {
  dialect: DialectName;
  host: string;
  ports: number[];
  /** One per wall. */
  tokens: string[];
};

/** What one wall saw since the last `watch`. */
export type WallView = {
  /** What it shows now. */
  count: number;
  lowest: number;
  highest: number;
  /** When it came to show `count` and stayed there; ms, monotonic. */
  since: number;
  /** When it came to hold as many numbers as `count`. Null where it is not told any. */
  numbersSince: number | null;
  numbers: number | null;
  countFrames: number;
  /** The most count frames within any one second. */
  mostInASecond: number;
  frames: number;
  bytes: number;
  numbersBytes: number;
  /** What went wrong; a wall that was cut off or contradicted itself is no wall. */
  fault: string | null;
};

type Wall = WallView & { held: Set<string> | null; stamps: number[]; ready: boolean };

/** A second less what a frame may be late by on its way: ten frames 100 ms apart are ten. */
const SECOND = 950;

const fresh = (count: number) => ({
  lowest: count,
  highest: count,
  countFrames: 0,
  mostInASecond: 0,
  frames: 0,
  bytes: 0,
  numbersBytes: 0,
});

export function newGallery() {
  let walls: Wall[] = [];
  let connections: Connection[] = [];

  /** Connects the walls; ends when each knows a count. */
  async function hang(job: WallsJob): Promise<void> {
    walls = job.tokens.map(() => ({
      count: 0,
      since: monotonic(),
      numbersSince: null,
      numbers: null,
      held: null,
      stamps: [],
      fault: null,
      ready: false,
      ...fresh(0),
    }));
    connections = walls.map((wall, index) => open(job, wall, index));
    const limit = monotonic() + 20_000;
    while (walls.some((wall) => !wall.ready && wall.fault === null) && monotonic() < limit) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const bad = walls.find((wall) => !wall.ready || wall.fault !== null);
    if (bad) throw new Error(`a wall: ${bad.fault ?? 'not told a count within 20 s'}`);
  }

  function open(job: WallsJob, wall: Wall, index: number): Connection {
    const dialect = dialects[job.dialect];
    const token = job.tokens[index] as string;
    const shows = (count: number) => {
      const now = monotonic();
      if (count !== wall.count) wall.since = now;
      wall.count = count;
      wall.lowest = Math.min(wall.lowest, count);
      wall.highest = Math.max(wall.highest, count);
      wall.ready = true;
    };
    const holds = (bytes: number) => {
      wall.numbersBytes += bytes;
      wall.numbers = wall.held?.size ?? null;
      wall.numbersSince = monotonic();
    };
    const address = {
      host: job.host,
      port: job.ports[index % job.ports.length] as number,
      from: null,
    };
    return dial(address, dialect.path, {
      open: (self) => {
        const first = dialect.wallOpens(token);
        if (first !== null) self.send(first);
      },
      text(text, bytes, self) {
        wall.frames += 1;
        wall.bytes += bytes;
        const news = dialect.wall(text, token);
        switch (news.is) {
          case 'reply':
            self.send(news.text);
            break;
          case 'count':
            wall.countFrames += 1;
            wall.stamps.push(monotonic());
            shows(news.count);
            break;
          case 'snapshot':
            shows(news.count);
            wall.held = news.numbers && new Set(news.numbers);
            holds(bytes);
            break;
          case 'numbers':
            for (const number of news.gone) wall.held?.delete(number);
            for (const number of news.seated) wall.held?.add(number);
            holds(bytes);
            break;
          case 'refused':
            wall.fault ??= news.why;
            break;
          case 'nothing':
            break;
        }
      },
      end: (error) => {
        if (error !== null) wall.fault ??= error;
      },
    });
  }

  /** Forgets what was seen so far: figures start from here. */
  async function watch(): Promise<void> {
    for (const wall of walls) {
      Object.assign(wall, fresh(wall.count));
      wall.stamps = [];
    }
  }

  /** What each wall saw since. */
  async function look(): Promise<WallView[]> {
    return walls.map(({ held: _, stamps, ready: __, ...view }) => ({
      ...view,
      mostInASecond: mostWithin(stamps, SECOND),
    }));
  }

  /** The numbers that a wall holds. */
  const held = async (index: number): Promise<string[] | null> => {
    const set = walls[index]?.held;
    return set ? [...set] : null;
  };

  async function takeDown(): Promise<void> {
    for (const connection of connections) connection.drop();
    connections = [];
    walls = [];
  }

  return { hang, watch, look, held, takeDown };
}

/** The most of the ascending `stamps` that fall within any `span`. */
export function mostWithin(stamps: number[], span: number): number {
  let most = 0;
  let first = 0;
  stamps.forEach((stamp, index) => {
    while (stamp - (stamps[first] as number) >= span) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
