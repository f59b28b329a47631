/** Names of levels as pino counts them. */
const LEVELS: Record<number, string> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

/** A line of the log for somebody at a terminal: when, how grave, what, and the rest as it is. */
export function plainLine(json: string): string {
  const { level, time, event, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const at = new Date(Number(time)).toTimeString().slice(0, 8);
  const fields = Object.entries(rest).map(([name, value]) =>
    name === 'detail' ? String(value) : `${name} ${Array.isArray(value) ? value[0] : value}`,
  );
  return `  ${at}  ${LEVELS[Number(level)] ?? level}  ${[event, ...fields].join(', ')}\n`;
}
