import { peers } from './contestants/peers.js';
import { liveThrough } from './life.js';
import { startLoad } from './load/remote.js';
import { readOptions } from './options.js';

const options = readOptions(process.argv.slice(2));
const loads = { phones: startLoad(), walls: startLoad() };
for (const peer of peers) {
  if (options.only.length && !options.only.includes(peer.key)) continue;
  const f = await liveThrough(
    peer,
    { n: Math.min(options.n, peer.most), walls: options.walls, storms: 3 },
    { storms: 3, idleFor: 0, settleFor: 1000 },
    loads,
  );
  const show = (s: any) =>
    s && { ...s, latency: undefined, delays: s.delays.map((d: number) => +d.toFixed(1)).join(' ') };
  console.log(
    peer.key,
    JSON.stringify(
      { ...f, cold: show(f.cold), warm: show(f.warm), reconnect: show(f.reconnect) },
      null,
      1,
    ),
  );
}
await loads.phones.stop();
await loads.walls.stop();
