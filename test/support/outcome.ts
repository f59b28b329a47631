// One test file in a process of its own, and what may be believed of its output.
import { spawn } from 'node:child_process';
import { machineTimeOf } from './machineTime.js';

export type Outcome = { file: string; passed: number; failed: number; output: string; ms: number };

/**
 * Runs a test file in a process group of its own for at most `limit` ms that the machine gives
 * it, in the folder that we are in unless told. Whatever it started and left behind is ended with it.
 */
export function runFile(
  file: string,
  path: string,
  limit: number,
  cwd = process.cwd(),
): Promise<Outcome> {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', path], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
      detached: process.platform !== 'win32',
    });
    let output = '';
    child.stdout.on('data', (d) => (output += d));
    child.stderr.on('data', (d) => (output += d));
    const given = machineTimeOf(child.pid ?? 0);
    const timer = setInterval(() => {
      if (given() < limit) return;
      output += `\n${file}: stopped after ${limit / 1000} s\n`;
      clearInterval(timer);
      stop(child.pid);
    }, 500);
    // Not `close`: a process that the file left behind may hold its output open for ever.
    child.on('exit', () => stop(child.pid));
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ file, output, ms: Date.now() - started, ...read(output, code) });
    });
  });
}

/**
 * The counts that a file's suites reported. uvu alone exits 0 when a hook throws or when a suite
 * never runs, so a file counts only if it says that it ran at least one test, and that it passed
 * or skipped all of them.
 */
export function read(output: string, code: number | null): { passed: number; failed: number } {
  const sum = (label: string) =>
    [...output.matchAll(new RegExp(`^\\s+${label}:\\s+(\\d+)(?:\\s*/\\s*\\d+)?\\s*$`, 'gm'))]
      .map((m) => Number(m[1]))
      .reduce((a, b) => a + b, 0);
  const total = sum('Total');
  const passed = sum('Passed');
  const skipped = sum('Skipped');
  if (code === 0 && total > 0 && passed + skipped === total) return { passed, failed: 0 };
  return { passed: Math.min(passed, total), failed: Math.max(1, total - passed - skipped) };
}

/** Ends a test file's process group, which holds only what that file started. */
function stop(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
