// What is on its way between a server and those who speak with it, all in this process: bytes that one
// end has written and the other has not read, connections that one end has and the other has not.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** The two ends of a connection, by the port of whoever called. */
type Ends = { caller?: Socket; callee?: Socket };

const isGone = (socket: Socket | undefined) => socket === undefined || socket.destroyed;

function isUnderWay({ caller, callee }: Ends): boolean {
  // Who hung up before anybody took the call is waited for by nobody.
  if (!callee) return caller?.destroyed === false;
  if (isGone(caller) || isGone(callee)) return isGone(caller) !== isGone(callee);
  return caller?.bytesWritten !== callee.bytesRead || callee.bytesWritten !== caller.bytesRead;
}

/** How many bytes were carried on the lines that are open; null while anything is under way. */
export type InFlight = { carried: () => number | null; stop: () => void };

/** Watches the connections to the server at `port`, from now on. */
export function watchFlight(port: number): InFlight {
  const calls = new Map<number, Ends>();
  const calling = new Set<Socket>();

  function add(at: number | undefined, ends: Ends): void {
    if (at === undefined) return;
    calls.set(at, { ...calls.get(at), ...ends });
  }
  const called = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    calling.add(socket);
    socket.once('close', () => calling.delete(socket));
    socket.once('connect', () => {
      calling.delete(socket);
      if (socket.remotePort === port) add(socket.localPort, { caller: socket });
    });
  };
  const taken = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    if (socket.localPort === port) add(socket.remotePort, { callee: socket });
  };
  subscribe('net.client.socket', called);
  subscribe('net.server.socket', taken);
  return {
    carried() {
      let bytes = 0;
      for (const [at, ends] of calls) {
        if (isUnderWay(ends)) return null;
        if (isGone(ends.caller) && isGone(ends.callee)) calls.delete(at);
        else bytes += (ends.caller?.bytesRead ?? 0) + (ends.callee?.bytesRead ?? 0);
      }
      return calling.size > 0 ? null : bytes;
    },
    stop() {
      unsubscribe('net.client.socket', called);
      unsubscribe('net.server.socket', taken);
    },
  };
}
