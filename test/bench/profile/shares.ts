import type { CpuProfile } from './inspector.js';

export type Share = {
  what: string;
  /** µs of the main thread per operation. */
  perOperation: number;
};

/** Which part of the program a function belongs to, by where it was read from. */
export function partOf(name: string, url: string): string {
  if (name === '(garbage collector)') return 'garbage collection';
  if (name === '(idle)') return '(idle)';
  if (name === '(program)' || name === '(root)') return 'native code without a name';
  const library = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (library) return LIBRARIES[library] ?? library;
  const own = /\/(?:dist|src)[^:]*?\/src\/(.+?)\.js$/.exec(url)?.[1];
  if (own) return `src/${own}`;
  const internal = /^node:(?:internal\/)?([a-z_0-9]+)/.exec(url)?.[1];
  if (internal) return `node:${INTERNALS[internal] ?? internal}`;
  return url === '' ? `native: ${name}` : url.replace(/^.*\//, '');
}

const LIBRARIES: Record<string, string> = { jws: 'jsonwebtoken', jwa: 'jsonwebtoken' };
const INTERNALS: Record<string, string> = {
  stream_base_commons: 'net',
  streams: 'stream',
  js_stream_socket: 'net',
  _http_server: 'http',
  _http_common: 'http',
  _http_incoming: 'http',
  _http_outgoing: 'http',
};

/** Sums the time in which a function was on top, by part and by function, largest first. */
export function sharesOf(
  profile: CpuProfile,
  operations: number,
): { parts: Share[]; functions: Share[] } {
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  profile.samples.forEach((sample, index) => {
    const frame = frames.get(sample);
    if (!frame) return;
    const took = profile.timeDeltas[index + 1] ?? 0;
    const { functionName, url, lineNumber } = frame;
    const part = partOf(functionName, url);
    if (part === '(idle)') return;
    const place = `${functionName || '(anonymous)'} ${url.replace(/^.*node_modules\//, '').replace(/^.*\/src\//, 'src/')}:${lineNumber + 1}`;
    parts.set(part, (parts.get(part) ?? 0) + took);
    functions.set(place, (functions.get(place) ?? 0) + took);
  });
  const ranked = (sums: Map<string, number>): Share[] =>
    [...sums]
      .map(([what, us]) => ({ what, perOperation: us / operations }))
      .sort((a, b) => b.perOperation - a.perOperation);
  return { parts: ranked(parts), functions: ranked(functions) };
}
