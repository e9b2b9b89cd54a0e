import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Entrega, Status } from '../../mensagens/domain/notificacao.ts';

/** Who takes messages of ours and tells what became of them. */
export type Provedor = 'sendgrid' | 'resend' | 'twilio';

/** What a provider tells of a message that it took. */
export interface Retorno {
  readonly provedor: Provedor;
  /** As the provider calls what happened: told again, it has the same one. */
  readonly eventoId: string;
  /** Our identity of the message, which has travelled with it. */
  readonly notificacaoId: string;
  readonly situacao: Entrega | 'DESCADASTRADA';
  /** The person wants no more of what they need not get. */
  readonly descadastra: boolean;
  /** Digest of the address that it went to; undefined where the provider does not say. */
  readonly endereco: Buffer | undefined;
  /** Why, in codes. */
  readonly detalhe: string;
  readonly ocorridoEm: Date;
}

/** A message as far as it matters to what is told of it. */
export interface MensagemRetornada {
  readonly canal: Canal;
  readonly status: Status;
  readonly entrega: Entrega | undefined;
}

/** What follows. */
export interface Efeitos {
  /** Where the message is now; undefined when that is known already, or something that is newer. */
  readonly entrega: Entrega | undefined;
  /** What becomes of the address. */
  readonly endereco: 'MARCAR' | 'LIBERAR' | undefined;
  /** What the person need not get is switched off. */
  readonly calar: boolean;
}

/** A message goes only up: what comes late, or in another order, turns nothing back. */
const DEGRAU: Readonly<Record<Entrega, number>> = {
  ATRASADA: 1,
  ENTREGUE: 2,
  NAO_ENTREGUE: 3,
  DEVOLVIDA: 4,
  RECLAMADA: 5,
};

/**
 * What follows from what a provider tells. A message that is said to have come back came back from an address that takes none: only of
 * e-mail, for a telephone may be off. Told again, nothing follows.
 */
export function efeitosDe(
  { situacao, descadastra }: Pick<Retorno, 'situacao' | 'descadastra'>,
  { canal, entrega: antes }: Pick<MensagemRetornada, 'canal' | 'entrega'>,
): Efeitos {
  if (situacao === 'DESCADASTRADA') return { entrega: undefined, endereco: undefined, calar: true };
  if (antes !== undefined && DEGRAU[situacao] <= DEGRAU[antes])
    return { entrega: undefined, endereco: undefined, calar: false };
  return {
    entrega: situacao,
    endereco: canal === 'EMAIL' ? ENDERECO[situacao] : undefined,
    calar: descadastra,
  };
}

const ENDERECO: Readonly<Partial<Record<Entrega, 'MARCAR' | 'LIBERAR'>>> = {
  DEVOLVIDA: 'MARCAR',
  ENTREGUE: 'LIBERAR',
};
