import { DomainError } from '@plataforma/domain/domain-error';
import type { Motivo } from './motivo.ts';

/** A business failure of auth. */
export abstract class AuthError extends DomainError {
  abstract override readonly motivo: Motivo;
}

/** Unknown e-mail and wrong password look the same, so that nobody learns who has an account. */
export class CredenciaisInvalidasError extends AuthError {
  override readonly motivo = 'CREDENCIAIS_INVALIDAS';

  constructor() {
    super('E-mail ou senha incorretos.');
  }
}

export class EmailJaCadastradoError extends AuthError {
  override readonly motivo = 'EMAIL_JA_CADASTRADO';

  constructor() {
    super('Já existe uma conta com este e-mail. Entre com ela ou use outro e-mail.');
  }
}

export class SenhaFracaError extends AuthError {
  override readonly motivo = 'SENHA_FRACA';

  constructor(porque: string) {
    super(`Escolha outra senha: ${porque}.`);
  }
}

export class TokenRenovacaoInvalidoError extends AuthError {
  override readonly motivo = 'TOKEN_RENOVACAO_INVALIDO';

  constructor() {
    super('A sessão terminou. Entre novamente.');
  }
}

/** A refresh token that was traded in before: somebody has a copy, so the whole session is over. */
export class TokenRenovacaoReutilizadoError extends AuthError {
  override readonly motivo = 'TOKEN_RENOVACAO_REUTILIZADO';

  constructor() {
    super('Esta sessão foi encerrada por segurança. Entre novamente.');
  }
}

export class ServicoDesconhecidoError extends AuthError {
  override readonly motivo = 'SERVICO_DESCONHECIDO';

  constructor() {
    super('Serviço desconhecido ou segredo incorreto.');
  }
}

export class AudienciaNaoPermitidaError extends AuthError {
  override readonly motivo = 'AUDIENCIA_NAO_PERMITIDA';

  constructor(servico: string, audiencia: string) {
    super(`O serviço ${servico} não pode chamar ${audiencia}.`, { servico, audiencia });
  }
}

export class UsuarioNaoEncontradoError extends AuthError {
  override readonly motivo = 'USUARIO_NAO_ENCONTRADO';

  constructor() {
    super('Conta não encontrada.');
  }
}

export class UltimoAdminError extends AuthError {
  override readonly motivo = 'ULTIMO_ADMIN';

  constructor() {
    super('Esta é a última conta de administração. Promova outra antes de mudar esta.');
  }
}

/** The contract refuses such a name before; who calls the domain otherwise hears it here. */
export class NomeInvalidoError extends AuthError {
  override readonly motivo = 'REQUISICAO_INVALIDA';

  constructor(porque: string) {
    super(`Requisição inválida: nome ${porque}.`, { campos: 'nome' });
  }
}

/** Whoever asks may not, or not any more, whatever their token still says. */
export class AcessoNegadoError extends AuthError {
  override readonly motivo = 'ACESSO_NEGADO';

  constructor() {
    super('Você não tem permissão para esta operação.');
  }
}

/** Too many attempts, from this address or at this account. */
export class MuitasTentativasError extends AuthError {
  override readonly motivo = 'MUITAS_TENTATIVAS';
  readonly segundos: number;

  constructor(segundos: number) {
    const quando = segundos === 1 ? '1 segundo' : `${segundos} segundos`;
    super(`Muitas tentativas. Tente novamente em ${quando}.`, { tentarNovamenteEm: String(segundos) });
    this.segundos = segundos;
  }
}

export class CodigoEmailInvalidoError extends AuthError {
  override readonly motivo = 'CODIGO_EMAIL_INVALIDO';

  constructor() {
    super('Este código não confere ou já venceu.');
  }
}
