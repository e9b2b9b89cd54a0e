/** A secret as it is stored. */
export interface SegredoSelado {
  readonly id: string;
  /** What it was sealed with, beside the key. */
  readonly contexto: string;
  readonly selado: Buffer;
  /** Name of the key that has sealed it, where that alone may open it. */
  readonly selo?: string;
}

/** Those that are due: sealed by another key than the one of this name, and not among those that no key opens. */
export interface SegredosPorSelar {
  readonly selo: string;
  readonly menos: readonly string[];
}

/** Secrets of one kind where they are stored, in one transaction. */
export interface SegredosSelados {
  /** At most so many, locked; what another replica or its owner holds is left for the next time. */
  porSelar(quais: SegredosPorSelar, limite: number): Promise<readonly SegredoSelado[]>;
  guardar(id: string, selado: Buffer, selo: string): Promise<void>;
  /** Since when the one is there that is there for longest; undefined when none is due. */
  desde(quais: SegredosPorSelar): Promise<Date | undefined>;
}
