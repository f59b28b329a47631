// A process that closes its connection to a Redis Cluster while the client asks who is master of what.
// Nothing holds it then.
//
//   closer.js <url>
import type { Cluster } from 'ioredis';
import { realClock } from '../../src/clock.js';
import { connect } from '../../src/engine/redis/connect.js';

const clients = await connect(process.argv[2] as string, realClock, () => {}, 60_000);
const cluster = clients.commands as Cluster;
const refresh = cluster.refreshSlotsCache.bind(cluster);
cluster.refreshSlotsCache = (done) => {
  cluster.refreshSlotsCache = refresh;
  refresh(done);
  clients.close();
};
