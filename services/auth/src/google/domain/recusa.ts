import { DomainError } from '@plataforma/domain/domain-error';

/** No attempt of this browser, or not confirmed by the issuer: what exactly is wrong helps only who tries things out. */
export class GoogleLoginInvalidoError extends DomainError {
  override readonly motivo = 'GOOGLE_LOGIN_INVALIDO';

  constructor() {
    super('O login com o Google não foi confirmado. Comece de novo.');
  }
}

export class GoogleIndisponivelError extends DomainError {
  override readonly motivo = 'GOOGLE_INDISPONIVEL';

  constructor() {
    super('O login com o Google não está disponível aqui. Entre com e-mail e senha.');
  }
}

export class GoogleEmailNaoVerificadoError extends DomainError {
  override readonly motivo = 'GOOGLE_EMAIL_NAO_VERIFICADO';

  constructor() {
    super('O Google ainda não verificou o seu e-mail. Verifique-o lá ou crie a conta com uma senha.');
  }
}

/** The issuer has proved that the address is this person's, so they may hear that there is an account. */
export class GoogleVinculoNecessarioError extends DomainError {
  override readonly motivo = 'GOOGLE_VINCULO_NECESSARIO';

  constructor() {
    super('Já existe uma conta com este e-mail. Entre com a senha dela e vincule o Google.');
  }
}

/** The person has just proved to be its owner, so they may hear that it is linked. */
export class GoogleDeOutraContaError extends DomainError {
  override readonly motivo = 'GOOGLE_DE_OUTRA_CONTA';

  constructor() {
    super('Esta conta do Google já entra em outra conta. Desvincule-a lá primeiro.');
  }
}

export class GoogleJaVinculadoError extends DomainError {
  override readonly motivo = 'GOOGLE_JA_VINCULADO';

  constructor() {
    super('Uma conta do Google já está vinculada. Desvincule-a antes de vincular outra.');
  }
}

export class UsuarioInativoError extends DomainError {
  override readonly motivo = 'USUARIO_INATIVO';

  constructor() {
    super('Esta conta está suspensa. Fale com a nossa equipe.');
  }
}

export class EnderecoNaoPermitidoError extends DomainError {
  override readonly motivo = 'REQUISICAO_INVALIDA';

  constructor() {
    const problema = 'não é um dos endereços permitidos';
    super(`Requisição inválida: redirectUri ${problema}.`, { campos: [{ campo: 'redirectUri', problema }] });
  }
}
