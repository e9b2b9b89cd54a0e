import { Gauge, type Registry } from 'prom-client';

/** A gauge and where its value comes from. */
export interface ReadGauge {
  readonly name: string;
  readonly help: string;
  /** Reads the value now; rejects when it cannot be had. */
  read(): Promise<number>;
}

/** A gauge with one label: a value for each of its words. */
export interface ReadGaugeByLabel<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly label: L;
  /** Reads the values now, by word; rejects when they cannot be had. */
  read(): Promise<Readonly<Record<string, number>>>;
}

/**
 * A gauge that is read at each scrape. While it cannot be read it is NaN: a database that is away must not take the
 * other metrics of the service along, which are wanted most just then.
 */
export function readGauge(registry: Registry, { name, help, read }: ReadGauge): void {
  new Gauge({
    name,
    help: `${help} NaN while it cannot be read.`,
    registers: [registry],
    async collect() {
      this.set(await read().catch(() => Number.NaN));
    },
  });
}

/** As {@link readGauge}, by one label; without any series while it cannot be read. */
export function readGaugeByLabel<L extends string>(registry: Registry, gauge: ReadGaugeByLabel<L>): void {
  const { name, help, label, read } = gauge;
  new Gauge({
    name,
    help: `${help} Absent while it cannot be read.`,
    labelNames: [label],
    registers: [registry],
    async collect() {
      this.reset();
      const values = await read().catch(() => ({}));
      for (const [word, value] of Object.entries(values))
        this.set({ [label]: word } as Record<L, string>, value);
    },
  });
}
