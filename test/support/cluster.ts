// Several real nodes over one Redis, as a Procfile would run them.
import { apiOf, type TestApi } from './api.js';
import { startServer, type TestServer } from './server.js';

export type TestCluster = {
  nodes: TestServer[];
  /** The API of each node. */
  apis: TestApi[];
  stop: () => Promise<void>;
};

/**
 * Starts `count` nodes on the Redis at `url`, each on a port of its own; `main` is the program of each start,
 * where it is another than this build's.
 */
export async function startNodes(
  url: string,
  count: number,
  env: Record<string, string> = {},
  main?: () => string,
): Promise<TestCluster> {
  const nodes = await Promise.all(
    Array.from({ length: count }, () =>
      startServer({ REDIS_URL: url, ...env }, main ? { main } : {}),
    ),
  );
  return {
    nodes,
    apis: nodes.map((node) => apiOf(node.url, node.owner)),
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
