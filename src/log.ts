import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * What a log line may say. Nothing else can be logged: no address, no agent, no token, no number,
 * at any level (A1).
 */
export type LogFields = {
  /** What happened, in one stable word or two. */
  event: string;
  /** An error's class and code; messages of foreign errors may quote input, so they are left out. */
  error?: unknown;
  noso?: string;
  state?: string;
  port?: number;
  url?: string;
  engine?: string;
  signal?: string;
  ms?: number;
  count?: number;
  detail?: string;
};

const METHODS = ['debug', 'info', 'warn', 'error'] as const;
export type Log = Record<(typeof METHODS)[number], (fields: LogFields) => void>;

/** From which level on something is logged, the most talkative first. */
export const LEVELS = ['trace', ...METHODS, 'fatal', 'silent'] as const;
export type Level = (typeof LEVELS)[number];

/** Structured logs, one JSON object a line. */
export function createLog(level: Level, destination?: DestinationStream): Log {
  const logger: Logger = pino({ level, base: null }, destination as DestinationStream);
  const log = {} as Log;
  for (const each of METHODS) log[each] = (fields) => logger[each](allowed(fields));
  return log;
}

/** Field by field, so that an object with more in it than its type says leaks nothing. */
function allowed(fields: LogFields): Record<string, unknown> {
  const { event, error, noso, state, port, url, engine, signal, ms, count, detail } = fields;
  const line = { event, noso, state, port, url, engine, signal, ms, count, detail };
  return error === undefined ? line : { ...line, ...described(error) };
}

/** Where a line of code is, and nothing else that a message could be made to look like. */
const PLACE = /(?:node:[\w/]+|(?:src|node_modules)\/[\w./@-]+):\d+:\d+/;

/** An error without its message: its class, its code, and where in our code it arose. */
function described(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // A message of several lines may say "at" as well, so it is cut off first.
  const stack = error.stack ?? '';
  const message = stack.indexOf(error.message);
  const at = stack
    .slice(message < 0 ? 0 : message + error.message.length)
    .split('\n')
    .flatMap((line) => PLACE.exec(line)?.[0] ?? [])
    .slice(0, 6);
  return { error: error.name, code, at };
}
