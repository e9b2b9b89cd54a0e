import type { DadosPorModelo, Modelo, ModeloComDados } from './modelo.ts';

/** What becomes of occurrences of one series within this time is told in one message. */
export const JANELA_DO_RESUMO_MS = 30_000;

/** More than any series has occurrences. */
export const MAXIMO_NO_RESUMO = 60;

/** What is told of many occurrences at once. Reminders and declined cards are each about one of them. */
const RESUMIDOS = [
  ...(['RESERVA_RECEBIDA', 'RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'RESERVA_EXPIRADA'] as const),
] as const satisfies Modelo[];

export type ModeloResumido = (typeof RESUMIDOS)[number];

/** Messages of one model about occurrences of one series. */
export type Resumo = {
  readonly [M in ModeloResumido]: { readonly modelo: M; readonly dados: readonly DadosPorModelo[M][] };
}[ModeloResumido];

/** Messages with the same group go together; undefined for one that goes alone. */
export function grupoDe({ modelo, dados }: ModeloComDados): string | undefined {
  const resumido = RESUMIDOS.some((um) => um === modelo);
  const serieId = 'serieId' in dados ? dados.serieId : undefined;
  return resumido && serieId ? `${serieId}/${modelo}` : undefined;
}

/**
 * How long a message waits: for others that it goes with, or, as the end of a refund of an occurrence, for the digest
 * that says the money is on its way.
 */
export function esperaMs(mensagem: ModeloComDados): number {
  if (grupoDe(mensagem) !== undefined) return JANELA_DO_RESUMO_MS;
  const deEstorno = mensagem.modelo === 'ESTORNO_CONCLUIDO' || mensagem.modelo === 'ESTORNO_FALHOU';
  return deEstorno && mensagem.dados.reserva?.serieId ? 2 * JANELA_DO_RESUMO_MS : 0;
}

/** The messages as one; undefined for what cannot be told together. */
export function resumoDe(mensagens: readonly ModeloComDados[]): Resumo | undefined {
  const [primeira] = mensagens;
  const modelo = RESUMIDOS.find((um) => um === primeira?.modelo);
  if (modelo === undefined || mensagens.some((mensagem) => mensagem.modelo !== modelo)) return undefined;
  return { modelo, dados: mensagens.map(({ dados }) => dados) } as Resumo;
}
