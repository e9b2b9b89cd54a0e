import type { Entrega } from '../../canais/application/carteiro.ts';
import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Cota } from '../domain/limite-diario.ts';
import type { NotificacaoComecada } from './ports.ts';

/** Messages that go as one, or one alone. */
export type Remessa = readonly [NotificacaoComecada, ...NotificacaoComecada[]];

/** Where a message goes by one channel. */
export interface Destino {
  /** As its owner recognises it and nobody else can use it. */
  readonly mascarado: string;
}

/** How messages of one channel go: each channel has its own lane, so that none waits for another one's provider. */
export interface Faixa<D extends Destino> {
  readonly canal: Canal;
  /** Messages that are handed to the provider at the same time. */
  readonly lote: number;
  /** Where this one goes; undefined when it has nowhere to go by this channel, and is given up. */
  destino(tomada: NotificacaoComecada): Promise<D | undefined>;
  /** Whose share of a day these take together; undefined when they are not counted. */
  cota(remessa: Remessa, destino: D): Cota | undefined;
  /** Writes the message and hands it to the provider. What it throws is this message's failure. */
  enviar(remessa: Remessa, destino: D): Promise<Entrega>;
}
