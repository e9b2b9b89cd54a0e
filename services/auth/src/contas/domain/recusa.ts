import { DomainError } from '@plataforma/domain/domain-error';

export class UsuarioNaoEncontradoError extends DomainError {
  override readonly motivo = 'USUARIO_NAO_ENCONTRADO';

  constructor() {
    super('Conta não encontrada.');
  }
}

export class UltimoAdminError extends DomainError {
  override readonly motivo = 'ULTIMO_ADMIN';

  constructor() {
    super('Esta é a última conta de administração. Promova outra antes de mudar esta.');
  }
}

/** The contract refuses such a name before; a caller of the domain that does not go by it hears it here. */
export class NomeInvalidoError extends DomainError {
  override readonly motivo = 'REQUISICAO_INVALIDA';

  constructor(porque: string) {
    super(`Requisição inválida: nome ${porque}.`, {
      campos: [{ campo: 'nome', problema: porque }],
    });
  }
}

/** The author may not, or not any more, whatever their token still says. */
export class AcessoNegadoError extends DomainError {
  override readonly motivo = 'ACESSO_NEGADO';

  constructor() {
    super('Você não tem permissão para esta operação.');
  }
}

/** An administrator has named their own account where it has to be somebody else's. */
export class ContaPropriaError extends DomainError {
  override readonly motivo = 'ACESSO_NEGADO';

  /** @param emVezDisso what there is for one's own account: `Para ..., use ...`. */
  constructor(emVezDisso: string) {
    super(`Esta operação não vale para a sua própria conta. ${emVezDisso}`);
  }
}

/** An administrator with nothing to be asked for: a password, or a second factor. */
export class ProvaDeAdminNecessariaError extends DomainError {
  override readonly motivo = 'SENHA_NECESSARIA';

  constructor() {
    super(
      'Para isto, sua conta precisa de uma senha, ou de um segundo fator que tenha há sete dias. Defina uma senha pela opção "Esqueci minha senha".',
    );
  }
}

export class CodigoEmailInvalidoError extends DomainError {
  override readonly motivo = 'CODIGO_EMAIL_INVALIDO';

  constructor() {
    super('Este código não confere ou já venceu. Use o código da mensagem mais recente.');
  }
}
