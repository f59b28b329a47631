import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `work` on a disk of 2 MiB; says so where this may not mount one. */
export async function onSmallDisk(work: (disk: string) => Promise<void>): Promise<void> {
  const disk = await mkdtemp(join(tmpdir(), 'noso-full-'));
  try {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      console.log('NOT TESTED: mounting a small disk is not allowed here');
      return;
    }
    try {
      await work(disk);
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
  } finally {
    await rm(disk, { recursive: true });
  }
}

const filler = (disk: string) => join(disk, 'filler');

/** Leaves no byte free. */
export async function fill(disk: string): Promise<void> {
  const handle = await open(filler(disk), 'a');
  try {
    for (let size = 65_536; size >= 1; ) {
      try {
        const { bytesWritten } = await handle.write(Buffer.alloc(size));
        if (bytesWritten < size) size = Math.floor(size / 2);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    await handle.close();
  }
}

/** Gives back what `fill` took. */
export const makeRoom = (disk: string): Promise<void> => rm(filler(disk));
