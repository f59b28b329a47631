// What a page keeps alive, apart from what the engine makes of its code: that comes and goes with
// how busy the machine is.
import type { CDPSession } from 'playwright-core';

export type Live = {
  /** Of all that scripts made: objects, arrays, strings, functions, numbers, their shapes. */
  bytes: number;
  /** In the document or kept from it. */
  nodes: number;
  listeners: number;
};

/** What is no script's: compiled code and what was learnt of it, the browser's own, the snapshot's. */
const NOT_OURS = new Set(['code', 'native', 'hidden', 'synthetic']);

/** The parts of a heap snapshot that are read here, as V8 writes them: rows of numbers. */
type Snapshot = {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
};

export async function liveOn(session: CDPSession): Promise<Live> {
  const chunks: string[] = [];
  const keep = ({ chunk }: { chunk: string }) => void chunks.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', keep);
  // Collects what is not kept, and what was only kept by that.
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  session.off('HeapProfiler.addHeapSnapshotChunk', keep);
  const { nodes, snapshot } = JSON.parse(chunks.join('')) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  let bytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = types[0][nodes[at + type] as number] as string;
    if (!NOT_OURS.has(kind)) bytes += nodes[at + size] as number;
  }
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { bytes, nodes: of('Nodes'), listeners: of('JSEventListeners') };
}
