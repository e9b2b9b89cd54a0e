import { Recusa } from '../../contrato/domain/recusa.ts';

export class EmailJaCadastradoError extends Recusa {
  override readonly motivo = 'EMAIL_JA_CADASTRADO';

  constructor() {
    super('Já existe uma conta com este e-mail. Entre com ela ou use outro e-mail.');
  }
}

export class UsuarioNaoEncontradoError extends Recusa {
  override readonly motivo = 'USUARIO_NAO_ENCONTRADO';

  constructor() {
    super('Conta não encontrada.');
  }
}

export class UltimoAdminError extends Recusa {
  override readonly motivo = 'ULTIMO_ADMIN';

  constructor() {
    super('Esta é a última conta de administração. Promova outra antes de mudar esta.');
  }
}

/** The contract refuses such a name before; who calls the domain otherwise hears it here. */
export class NomeInvalidoError extends Recusa {
  override readonly motivo = 'REQUISICAO_INVALIDA';

  constructor(porque: string) {
    super(`Requisição inválida: nome ${porque}.`, { campos: 'nome' });
  }
}

/** Whoever asks may not, or not any more, whatever their token still says. */
export class AcessoNegadoError extends Recusa {
  override readonly motivo = 'ACESSO_NEGADO';

  constructor() {
    super('Você não tem permissão para esta operação.');
  }
}

export class CodigoEmailInvalidoError extends Recusa {
  override readonly motivo = 'CODIGO_EMAIL_INVALIDO';

  constructor() {
    super('Este código não confere ou já venceu.');
  }
}
