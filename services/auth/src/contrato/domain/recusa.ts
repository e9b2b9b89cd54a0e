import { DomainError } from '@plataforma/domain/domain-error';

/** Reasons of auth, as they travel on the wire (see the `motivo_erro.proto` of `proto/auth/v1` and `proto/comum/v1`). */
export type Motivo =
  | 'CREDENCIAIS_INVALIDAS'
  | 'EMAIL_JA_CADASTRADO'
  | 'SENHA_FRACA'
  | 'TOKEN_RENOVACAO_INVALIDO'
  | 'TOKEN_RENOVACAO_REUTILIZADO'
  | 'SERVICO_DESCONHECIDO'
  | 'AUDIENCIA_NAO_PERMITIDA'
  | 'USUARIO_NAO_ENCONTRADO'
  | 'ULTIMO_ADMIN'
  | 'REQUISICAO_INVALIDA'
  | 'ACESSO_NEGADO'
  | 'MUITAS_TENTATIVAS'
  | 'CODIGO_EMAIL_INVALIDO';

/** Something that auth refuses, as the business means it. Each room has its own. */
export abstract class Recusa extends DomainError {
  abstract override readonly motivo: Motivo;
}

/** Too many attempts, from this address or at this account. */
export class MuitasTentativasError extends Recusa {
  override readonly motivo = 'MUITAS_TENTATIVAS';
  readonly segundos: number;

  constructor(segundos: number) {
    const quando = segundos === 1 ? '1 segundo' : `${segundos} segundos`;
    super(`Muitas tentativas. Tente novamente em ${quando}.`, { tentarNovamenteEm: String(segundos) });
    this.segundos = segundos;
  }
}
