import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { DomainError, type Fatos } from '@plataforma/domain/domain-error';
import type { PaginaInvalidaError } from '@plataforma/domain/page-token';

/** What a caller of this service may be refused. */
export type Recusa =
  | ValorInvalidoError
  | ValorNaoCobravelError
  | CobrancaDivergenteError
  | CobrancaEncerradaError
  | TransicaoInvalidaError
  | EstornoAlemDoCapturadoError
  | EstornoRepetidoError
  | PagamentoNaoEncontradoError
  | ProvedorIndisponivelError
  | PaginaInvalidaError
  | PeriodoInvalidoError
  | FusoInvalidoError;

export class ValorInvalidoError extends DomainError {
  override readonly motivo = 'VALOR_INVALIDO';

  constructor(valor: Dinheiro) {
    super('O valor deve ser maior que zero e em reais (BRL).', dados(valor));
  }
}

/** Not what the card processor accepts for a charge. */
export class ValorNaoCobravelError extends DomainError {
  override readonly motivo = 'VALOR_INVALIDO';

  constructor(valor: Dinheiro) {
    super('O valor deve ser em reais (BRL), de R$ 0,50 a R$ 999.999,99.', dados(valor));
  }
}

export class CobrancaDivergenteError extends DomainError {
  override readonly motivo = 'COBRANCA_DIVERGENTE';

  constructor(pagamentoId: string) {
    super('Esta reserva já foi cobrada com outro valor ou de outro cliente.', { pagamentoId });
  }
}

export class CobrancaEncerradaError extends DomainError {
  override readonly motivo = 'COBRANCA_ENCERRADA';

  constructor(pagamentoId: string) {
    super('A cobrança desta reserva já foi encerrada.', { pagamentoId });
  }
}

export class TransicaoInvalidaError extends DomainError {
  override readonly motivo = 'TRANSICAO_INVALIDA';

  constructor(pagamentoId: string, situacao: string) {
    super('A situação do pagamento não permite um estorno.', { pagamentoId, situacao });
  }
}

export class EstornoAlemDoCapturadoError extends DomainError {
  override readonly motivo = 'ESTORNO_ALEM_DO_CAPTURADO';

  constructor(pedido: Dinheiro, disponivel: Dinheiro) {
    super('O estorno excede o que ainda pode ser devolvido deste pagamento.', {
      pedido: Number(pedido.centavos),
      disponivel: Number(disponivel.centavos),
      moeda: disponivel.moeda,
    });
  }
}

export class EstornoRepetidoError extends DomainError {
  override readonly motivo = 'ESTORNO_REPETIDO';

  constructor(pagamentoId: string, pedido: Dinheiro) {
    super(
      'Um estorno deste valor acabou de ser pedido. Se for mesmo outro, envie uma Idempotency-Key própria ou espere um minuto.',
      { pagamentoId, ...dados(pedido) },
    );
  }
}

export class PagamentoNaoEncontradoError extends DomainError {
  override readonly motivo = 'PAGAMENTO_NAO_ENCONTRADO';

  constructor(pagamentoId: string) {
    super('Pagamento não encontrado.', { pagamentoId });
  }
}

/** The charge exists; its checkout is opened as soon as the provider answers again. */
export class ProvedorIndisponivelError extends DomainError {
  override readonly motivo = 'PROVEDOR_INDISPONIVEL';
  /** How the provider did not open it, which callers are not told. */
  override readonly cause: Error;

  constructor(pagamentoId: string, cause: Error) {
    super('O provedor de pagamentos está indisponível. Tente novamente em instantes.', { pagamentoId });
    this.cause = cause;
  }
}

export class PeriodoInvalidoError extends DomainError {
  override readonly motivo = 'PERIODO_INVALIDO';
}

export class FusoInvalidoError extends DomainError {
  override readonly motivo = 'FUSO_INVALIDO';

  constructor(fusoHorario: string) {
    super(`O fuso horário "${fusoHorario}" não existe. Use um nome IANA, como America/Sao_Paulo.`, {
      fusoHorario,
    });
  }
}

function dados(valor: Dinheiro): Fatos {
  return { centavos: Number(valor.centavos), moeda: valor.moeda };
}
