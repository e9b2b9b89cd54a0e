/** A code that was sent to a number, as it is kept: the code itself is not. */
export interface CodigoPedido {
  readonly numero: string;
  readonly resumo: Buffer;
  readonly pedidoEm: Date;
  readonly validoAte: Date;
  readonly tentativas: number;
}

export const CODIGO_VALE_MS = 10 * 60_000;
/** With six digits and five codes a day nobody guesses one in a lifetime. */
const MAX_TENTATIVAS = 5;
const INTERVALO_MS = 60_000;

/** So many codes a day: of one person, and for one number, whoever asks. */
export const CODIGOS_POR_PESSOA = 5;
export const CODIGOS_POR_NUMERO = 3;

/** Whether another code may be asked for so soon. */
export function podePedirOutro(antes: CodigoPedido | undefined, agora: Date): boolean {
  return antes === undefined || agora.getTime() - antes.pedidoEm.getTime() >= INTERVALO_MS;
}

/** Whether a code still opens anything. */
export function aindaVale({ validoAte, tentativas }: CodigoPedido, agora: Date): boolean {
  return agora < validoAte && tentativas < MAX_TENTATIVAS;
}
