import { performance } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { publicFigure } from '../domain/record.js';

export type Metrics = ReturnType<typeof createMetrics>;

/** The longest that a timer can be set to, ms. */
const NEVER = 2 ** 31 - 1;

/**
 * What Prometheus' users expect of any Node process, measured once however many servers are in it.
 * The library's histogram of the event loop's lag is left out: it wakes the process a hundred times
 * a second, which took two thirds of what a server with five walls takes at rest. How busy the loop
 * was since the last look takes its place.
 */
let ofProcess: Registry | null = null;
function processMetrics(): Registry {
  if (ofProcess) return ofProcess;
  const registry = new Registry();
  ofProcess = registry;
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NEVER });
  for (const { name } of registry.getMetricsAsArray()) {
    if (name.startsWith('nodejs_eventloop_lag_')) registry.removeSingleMetric(name);
  }
  let before = performance.eventLoopUtilization();
  new Gauge({
    name: 'nodejs_eventloop_utilization',
    help: 'Share of the time since the last collection that the event loop was busy, 0 to 1.',
    registers: [registry],
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
  return registry;
}

/** How many were seated, as far as figures tell: so that one more or less is not told by them (A6). */
const inTens = (count: number): number => publicFigure(count) ?? 0;

/** A counter of which tens are shown. */
class Rounded extends Counter {
  override async get(): ReturnType<Counter['get']> {
    const shown = await super.get();
    const values = shown.values.map((each) => ({ ...each, value: inTens(each.value) }));
    return { ...shown, values };
  }
}

declare module 'prom-client' {
  interface Histogram<T extends string = string> {
    /** What both ways to read it go through: the library's own types leave it out. */
    getForPromString(): ReturnType<Histogram<T>['get']>;
  }
}

/** A histogram of which tens are shown, and tenths of what they sum up to. */
class RoundedHistogram extends Histogram {
  override async getForPromString(): ReturnType<Histogram['get']> {
    const shown = await super.getForPromString();
    const values = shown.values.map((each) => ({
      ...each,
      value: each.metricName?.endsWith('_sum')
        ? Math.round(each.value * 10) / 10
        : inTens(each.value),
    }));
    return { ...shown, values };
  }
}

/** What there is at the moment, counted by whoever knows. */
type Gauges = {
  phones: () => number;
  walls: () => number;
  consoles: () => number;
  doors: () => number;
  openNosos: () => number;
};

/** Prometheus metrics. Nothing per NoSo, venue or participant (A1). */
export function createMetrics() {
  const registry = new Registry();
  let shown: Gauges | null = null;
  const gauge = (name: string, help: string, read: keyof Gauges) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(shown?.[read]() ?? 0);
      },
    });
  gauge('noso_phones_connected', 'Phones connected to this process.', 'phones');
  gauge('noso_walls_connected', 'Walls connected to this process.', 'walls');
  gauge('noso_consoles_connected', 'Consoles connected to this process.', 'consoles');
  gauge('noso_doors_connected', 'Doors connected to this process.', 'doors');
  gauge('noso_nosos_open', 'NoSos that are open, as this process knows.', 'openNosos');
  const seats = new Rounded({
    name: 'noso_seats_acknowledged_total',
    help: 'Requests for a seat that this process acknowledged, repeated ones included; in tens.',
    registers: [registry],
  });
  const clicks = new Counter({
    name: 'noso_clicks_total',
    help: 'Clicks at doors that this process answered, repeated ones included, by what became of them.',
    labelNames: ['result'],
    registers: [registry],
  });
  clicks.inc({ result: 'ok' }, 0); // shown before there is a door
  const refusals = new Counter({
    name: 'noso_refusals_total',
    help: 'Requests that this process refused, by error code.',
    labelNames: ['code'],
    registers: [registry],
  });
  const errors = new Counter({
    name: 'noso_errors_total',
    help: 'Faults of this process that no rule accounts for.',
    registers: [registry],
  });
  const take = new RoundedHistogram({
    name: 'noso_take_seconds',
    help: 'Time the engine took to seat somebody, refusals included; in tens.',
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 2],
    registers: [registry],
  });
  return {
    /** Everything that /metrics shows. */
    registry: Registry.merge([processMetrics(), registry]),
    /** Shows these from now on, read whenever somebody looks. */
    watch(gauges: Gauges): void {
      shown = gauges;
    },
    seated: () => seats.inc(),
    /** `result` is `ok`, or the code of a refusal. */
    clicked: (result: string) => clicks.inc({ result }),
    refused: (code: string) => refusals.inc({ code }),
    error: () => errors.inc(),
    tookSeat: (seconds: number) => take.observe(seconds),
  };
}
