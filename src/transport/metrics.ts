import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** Prometheus metrics. Nothing per NoSo, venue or participant (A1). */
export function createMetrics(gauges: {
  phones: () => number;
  walls: () => number;
  consoles: () => number;
  openNosos: () => number;
}) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('noso_phones_connected', 'Phones connected to this process.', gauges.phones);
  gauge('noso_walls_connected', 'Walls connected to this process.', gauges.walls);
  gauge('noso_consoles_connected', 'Consoles connected to this process.', gauges.consoles);
  gauge('noso_nosos_open', 'NoSos that are open, as this process knows.', gauges.openNosos);
  const seats = new Counter({
    name: 'noso_seats_acknowledged_total',
    help: 'Requests for a seat that this process acknowledged, repeated ones included.',
    registers: [registry],
  });
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
  const take = new Histogram({
    name: 'noso_take_seconds',
    help: 'Time the engine took to seat somebody, refusals included.',
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 2],
    registers: [registry],
  });
  return {
    registry,
    seated: () => seats.inc(),
    refused: (code: string) => refusals.inc({ code }),
    error: () => errors.inc(),
    tookSeat: (seconds: number) => take.observe(seconds),
  };
}
