import { DomainError } from '@plataforma/domain/domain-error';
import { MAXIMO_DE_PASSKEYS } from './passkey.ts';

/** No passkey of ours, or not of this attempt: what exactly is wrong helps only who tries things out. */
export class PasskeyLoginInvalidoError extends DomainError {
  override readonly motivo = 'PASSKEY_LOGIN_INVALIDO';

  constructor() {
    super('A chave de acesso não foi confirmada. Comece de novo.');
  }
}

export class PasskeyRegistroInvalidoError extends DomainError {
  override readonly motivo = 'PASSKEY_REGISTRO_INVALIDO';

  constructor() {
    super('A chave de acesso não pôde ser registrada, ou o prazo passou. Comece de novo.');
  }
}

export class PasskeyJaRegistradaError extends DomainError {
  override readonly motivo = 'PASSKEY_JA_REGISTRADA';

  constructor() {
    super('Esta chave de acesso já está registrada.');
  }
}

export class PasskeyLimiteError extends DomainError {
  override readonly motivo = 'PASSKEY_LIMITE';

  constructor() {
    super(`A conta já tem ${MAXIMO_DE_PASSKEYS} chaves de acesso. Remova uma antes de adicionar outra.`, {
      maximo: MAXIMO_DE_PASSKEYS,
    });
  }
}

/** Also for a passkey of another person. */
export class PasskeyNaoEncontradaError extends DomainError {
  override readonly motivo = 'PASSKEY_NAO_ENCONTRADA';

  constructor() {
    super('Chave de acesso não encontrada.');
  }
}

/** The person has proved who they are, so they may hear why they are not let in. */
export class UsuarioInativoError extends DomainError {
  override readonly motivo = 'USUARIO_INATIVO';

  constructor() {
    super('Esta conta está suspensa. Fale com a nossa equipe.');
  }
}
