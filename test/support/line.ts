import { connect, createServer, type Socket } from 'node:net';

/** A way to a Redis on which answers can be lost. */
export type Line = {
  url: string;
  /** From now on, what is asked arrives, and no answer does. */
  deafen(): void;
  /** The line is cut, and made anew it works. */
  hear(): void;
  close(): Promise<void>;
};

const HOST = '127.0.0.1';

export async function deafLine(port: number): Promise<Line> {
  const open = new Set<Socket>();
  let deaf = false;
  const server = createServer((near) => {
    const far = connect(port, HOST);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (data) => {
      if (!deaf) near.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const address = server.address();
  const own = typeof address === 'object' && address ? address.port : 0;
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `redis://${HOST}:${own}`,
    deafen() {
      deaf = true;
    },
    hear() {
      cut();
      deaf = false;
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
