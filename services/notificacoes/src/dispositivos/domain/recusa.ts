import { DomainError } from '@plataforma/domain/domain-error';
import { MAXIMO_NOVOS } from './dispositivo.ts';

export class DispositivoNaoEncontradoError extends DomainError {
  override readonly motivo = 'DISPOSITIVO_NAO_ENCONTRADO';

  constructor() {
    super('Dispositivo não encontrado.');
  }
}

/** What is wrong is told, and nothing of the subscription: it is a secret. */
export class InscricaoPushInvalidaError extends DomainError {
  override readonly motivo = 'INSCRICAO_PUSH_INVALIDA';

  constructor(porque: string) {
    super(`Não é possível enviar mensagens a este dispositivo: ${porque}.`);
  }
}

export class PushNaoOferecidoError extends DomainError {
  override readonly motivo = 'PUSH_NAO_OFERECIDO';

  constructor() {
    super('A plataforma não envia mensagens a este tipo de dispositivo.');
  }
}

export class LimiteDeDispositivosError extends DomainError {
  override readonly motivo = 'LIMITE_DE_DISPOSITIVOS';

  constructor() {
    super(
      `Você já registrou ${MAXIMO_NOVOS} dispositivos novos nas últimas 24 horas. Tente de novo amanhã.`,
      {
        maximo: MAXIMO_NOVOS,
      },
    );
  }
}

/** The session that the call came by has ended, though its token has not. */
export class SessaoEncerradaError extends DomainError {
  override readonly motivo = 'SESSAO_ENCERRADA';

  constructor() {
    super('A sua sessão foi encerrada. Entre de novo.');
  }
}
