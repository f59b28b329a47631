import type { Credentials, DialectName } from '../load/dialects.js';

export type Setting = {
  /** Phones. */
  n: number;
  walls: number;
  /** How many storms of `n` new phones will be asked for. */
  storms: number;
};

/** A contestant that runs, with a room set up for phones and walls. */
export type Stage = {
  /** The processes that are the contestant: their CPU and memory are what is measured. */
  pids: number[];
  /** The Redis that it uses, if any: its process, and where to ask it. */
  redis: { pid: number; port: number } | null;
  host: string;
  /** One per node. */
  ports: number[];
  dialect: DialectName;
  /** How its phones join. */
  join: 'socket' | 'http';
  /** The walls' tokens; none where there is no count to show. */
  walls: string[];
  /** Empties the room, and says who comes next: phones that were never seated in it. */
  nextStorm(): Promise<Credentials[]>;
  /** More phones for the storm's room, whose numbers nobody has. */
  crowd(size: number): Promise<Credentials[]>;
  /** What the processes last said, for when something went wrong. */
  said(): string;
  stop(): Promise<void>;
};

export type Contestant = {
  key: string;
  name: string;
  /** More phones than this are not asked of it. */
  most: number;
  /** A seat outlives its connection here: the count stands still while phones are away. */
  keepsSeats: boolean;
  start(setting: Setting): Promise<Stage>;
};
