import { DomainError } from '@plataforma/domain/domain-error';

/** Reasons of notificacoes, as they travel on the wire (see `proto/notificacoes/v1/motivo_erro.proto`). */
export type Motivo = 'PAGINA_INVALIDA' | 'TELEFONE_AUSENTE';

/** Something that notificacoes refuses, as the business means it. Each room has its own. */
export abstract class Recusa extends DomainError {
  abstract override readonly motivo: Motivo;
}
