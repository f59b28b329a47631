import { apiOf, type TestApi } from './api.js';
import { startServer, type TestServer } from './server.js';

/** A test body with a server of its own, which is gone afterwards whatever happened. */
export const served =
  (
    work: (server: TestServer, api: TestApi) => Promise<void>,
    env: Record<string, string> = {},
  ): (() => Promise<void>) =>
  async () => {
    const server = await startServer(env);
    try {
      await work(server, apiOf(server.url, server.owner));
    } finally {
      await server.stop();
    }
  };
