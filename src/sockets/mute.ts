/** The library's part of a connection: it hangs up on who is in no namespace after a while. */
type Client = {
  connectTimeout?: NodeJS.Timeout | undefined;
  readonly server: { readonly _connectTimeout: number };
  readonly nsps: ReadonlyMap<string, unknown>;
  readonly conn: { readonly readyState: string };
  close(): void;
};

/**
 * Whoever waits for our answer is not mute, however long that takes (guessers wait): they are hung up on
 * only if they are in no namespace for as long again after they were refused: then what this returns is
 * called. Reached from outside, as what is in lean.ts.
 */
export function awaitingUs(socket: { client: unknown }): () => void {
  const client = socket.client as Client;
  if (client.connectTimeout === undefined) return () => {};
  clearTimeout(client.connectTimeout);
  client.connectTimeout = undefined;
  return () => {
    if (client.conn.readyState !== 'open') return;
    const mute = () => {
      if (client.nsps.size === 0) client.close();
    };
    client.connectTimeout = setTimeout(mute, client.server._connectTimeout);
  };
}
