import { AggregateRoot } from '@plataforma/domain/aggregate';
import { Result } from '@plataforma/domain/result';
import type {
  Autoria,
  Cancelamento,
  DadosReserva,
  EstadoReserva,
  Estorno,
  MotivoNaoAproveitado,
  Mudanca,
  ReservaEvent,
} from './estado-reserva.ts';
import { proximoAnuncio } from './expiracao.ts';
import { Recusa } from './motivo.ts';
import { MINUTO_MS } from './periodo-reserva.ts';
import { aguardaPagamento, ocupa, type StatusReserva } from './status-reserva.ts';

export class ReservaNaoEncontradaError extends Recusa {
  readonly motivo = 'RESERVA_NAO_ENCONTRADA';

  constructor() {
    super('Reserva não encontrada.');
  }
}

export class TransicaoInvalidaError extends Recusa {
  readonly motivo = 'TRANSICAO_INVALIDA';

  constructor(status: StatusReserva, porque: string) {
    super(`A reserva está ${status} e ${porque}.`, { status });
  }
}

type Transicao = Result<void, TransicaoInvalidaError>;

/** A space booked by one customer for one period. */
export class Reserva extends AggregateRoot<ReservaEvent> {
  #estado: EstadoReserva;

  private constructor(estado: EstadoReserva) {
    super();
    this.#estado = estado;
  }

  /** Takes the slot, to be paid within `esperaPagamentoMinutos`; with nothing to pay it is confirmed at once. */
  static criar(dados: DadosReserva, esperaPagamentoMinutos: number, autoria: Autoria): Reserva {
    const reserva = new Reserva({
      ...dados,
      status: 'PENDENTE_COBRANCA',
      versao: 0,
      expiraEm: new Date(autoria.em.getTime() + esperaPagamentoMinutos * MINUTO_MS),
      criadaEm: autoria.em,
      atualizadaEm: autoria.em,
      checkoutUrl: undefined,
      pagamentoId: undefined,
      confirmadaEm: undefined,
      expiracao: undefined,
      cancelamento: undefined,
      estorno: undefined,
      pagamentoNaoAproveitado: undefined,
    });
    const mudanca = reserva.#passo(autoria, {});
    reserva.addDomainEvent({ tipo: 'ReservaCriada', mudanca: { ...mudanca, de: undefined } });
    if (dados.preco.valor.centavos === 0n) reserva.#confirmarGratuita(autoria);
    return reserva;
  }

  /** A reservation read from where it is stored. */
  static restaurar(estado: EstadoReserva): Reserva {
    return new Reserva(estado);
  }

  get estado(): EstadoReserva {
    return this.#estado;
  }

  get id(): string {
    return this.#estado.id;
  }

  /**
   * Notes the charge. Idempotent, and without effect on the status when the payment was faster or the hold has run
   * out meanwhile: pagamentos closes the charge then.
   */
  registrarCobranca(pagamentoId: string, checkoutUrl: string, autoria: Autoria): Transicao {
    const { status, pagamentoId: atual } = this.#estado;
    if (atual === pagamentoId) return Result.ok(undefined);
    if (atual !== undefined) return this.#recusar('não espera esta cobrança');
    const pagavel = status === 'PENDENTE_COBRANCA' && { status: 'PENDENTE_PAGAMENTO' as const, checkoutUrl };
    const mudanca = this.#passo(autoria, { pagamentoId, ...pagavel });
    this.addDomainEvent({ tipo: 'CobrancaRegistrada', pagamentoId, mudanca });
    return Result.ok(undefined);
  }

  /** Notes a declined card. The hold lives on until its deadline, so only the history grows. */
  registrarRecusa(pagamentoId: string, autoria: Autoria): void {
    const mudanca = this.#passo(autoria, {});
    this.addDomainEvent({ tipo: 'PagamentoRecusado', pagamentoId, mudanca });
  }

  /** Idempotent for the same payment: the event may arrive more than once, and before the charge was noted. */
  confirmar(pagamentoId: string, autoria: Autoria): Transicao {
    const { status, pagamentoId: atual } = this.#estado;
    if ((status === 'CONFIRMADA' || status === 'CONCLUIDA') && atual === pagamentoId)
      return Result.ok(undefined);
    if (!aguardaPagamento(status)) return this.#recusar('não pode ser confirmada');
    return this.#confirmar(pagamentoId, autoria);
  }

  /**
   * Takes a payment that was captured, whenever it comes. A reservation that has given up its slot takes it back when
   * it is free; otherwise the payment is given back, once.
   *
   * @param vagaLivre whether the slot of a reservation that expired can be had again; asked under the space's lock.
   */
  receberPagamento(pagamentoId: string, vagaLivre: boolean, autoria: Autoria): Transicao {
    const { status, pagamentoNaoAproveitado } = this.#estado;
    if (this.#confirmadaPor(pagamentoId) || pagamentoNaoAproveitado === pagamentoId)
      return Result.ok(undefined);
    if (status === 'CANCELADA') return this.#naoAproveitar(pagamentoId, 'RESERVA_CANCELADA', autoria);
    if (status !== 'EXPIRADA') return this.confirmar(pagamentoId, autoria);
    if (!vagaLivre || autoria.em >= this.#estado.periodo.inicio)
      return this.#naoAproveitar(pagamentoId, 'SLOT_OCUPADO', autoria);
    return this.#confirmar(pagamentoId, autoria);
  }

  /** The hold ran out. The slot stays taken until pagamentos has said what became of the charge. */
  iniciarExpiracao(autoria: Autoria): Transicao {
    const { status, expiraEm } = this.#estado;
    if (!aguardaPagamento(status) || status === 'EXPIRANDO' || autoria.em < expiraEm)
      return this.#recusar('não pode expirar agora');
    const expiracao = { desde: autoria.em, anuncios: 1, proximoAnuncioEm: proximoAnuncio(1, autoria.em) };
    const mudanca = this.#passo(autoria, { status: 'EXPIRANDO', expiracao });
    this.addDomainEvent({ tipo: 'ReservaExpirando', mudanca });
    return Result.ok(undefined);
  }

  /** Asks pagamentos again, because no answer has come. */
  reanunciarExpiracao(autoria: Autoria): Transicao {
    const { status, expiracao } = this.#estado;
    if (status !== 'EXPIRANDO' || !expiracao || autoria.em < expiracao.proximoAnuncioEm)
      return this.#recusar('não espera resposta de pagamentos');
    const anuncios = expiracao.anuncios + 1;
    const proximoAnuncioEm = proximoAnuncio(anuncios, autoria.em);
    const mudanca = this.#passo(autoria, { expiracao: { ...expiracao, anuncios, proximoAnuncioEm } });
    this.addDomainEvent({ tipo: 'ExpiracaoReanunciada', mudanca });
    return Result.ok(undefined);
  }

  /**
   * The charge is closed and nobody can pay it any more: the slot is free. Idempotent, and without effect on a
   * reservation that was cancelled.
   *
   * @param pagamentoId the closed charge; undefined when there was none.
   */
  expirar(pagamentoId: string | undefined, autoria: Autoria): Transicao {
    const { status, pagamentoId: atual } = this.#estado;
    if (status === 'EXPIRADA' || status === 'CANCELADA') return Result.ok(undefined);
    if (!aguardaPagamento(status)) return this.#recusar('não pode expirar');
    if (atual !== undefined && pagamentoId !== undefined && atual !== pagamentoId)
      return this.#recusar('espera outro pagamento');
    const mudanca = this.#passo(autoria, { status: 'EXPIRADA' });
    this.addDomainEvent({ tipo: 'ReservaExpirada', mudanca });
    return Result.ok(undefined);
  }

  /** Frees the slot at once; `cancelamento` says what goes back. Idempotent: the first cancellation stands. */
  cancelar(cancelamento: Cancelamento, autoria: Autoria): Transicao {
    const { status } = this.#estado;
    if (status === 'CANCELADA') return Result.ok(undefined);
    if (!ocupa(status)) return this.#recusar('não pode ser cancelada');
    const mudanca = this.#passo(autoria, { status: 'CANCELADA', cancelamento });
    this.addDomainEvent({ tipo: 'ReservaCancelada', cancelamento, mudanca });
    return Result.ok(undefined);
  }

  /** Follows a refund. News that are older than what is known change nothing. */
  registrarEstorno(pagamentoId: string, estorno: Estorno, autoria: Autoria): void {
    const atual = this.#estado.estorno;
    if (atual && !maisNovo(estorno, atual)) return;
    const mudanca = this.#passo(autoria, { estorno });
    this.addDomainEvent({ tipo: 'EstornoAtualizado', pagamentoId, mudanca });
  }

  /** It took place. */
  concluir(autoria: Autoria): Transicao {
    const { status, periodo } = this.#estado;
    if (status !== 'CONFIRMADA' || autoria.em < periodo.fim) return this.#recusar('não pode ser concluída');
    const mudanca = this.#passo(autoria, { status: 'CONCLUIDA' });
    this.addDomainEvent({ tipo: 'ReservaConcluida', mudanca });
    return Result.ok(undefined);
  }

  /** Also true after it took place or was cancelled: the payment has had its effect. */
  #confirmadaPor(pagamentoId: string): boolean {
    return this.#estado.confirmadaEm !== undefined && this.#estado.pagamentoId === pagamentoId;
  }

  #confirmar(pagamentoId: string, autoria: Autoria): Transicao {
    const { pagamentoId: atual } = this.#estado;
    if (atual !== undefined && atual !== pagamentoId) return this.#recusar('espera outro pagamento');
    const mudanca = this.#passo(autoria, { status: 'CONFIRMADA', pagamentoId, confirmadaEm: autoria.em });
    this.addDomainEvent({ tipo: 'ReservaConfirmada', pagamentoId, mudanca });
    return Result.ok(undefined);
  }

  #confirmarGratuita({ quem, em }: Autoria): void {
    const autoria = { quem, porque: 'nada a pagar', em };
    const mudanca = this.#passo(autoria, { status: 'CONFIRMADA', confirmadaEm: em });
    this.addDomainEvent({ tipo: 'ReservaConfirmada', pagamentoId: undefined, mudanca });
  }

  #naoAproveitar(pagamentoId: string, motivo: MotivoNaoAproveitado, autoria: Autoria): Transicao {
    const mudanca = this.#passo(autoria, { pagamentoNaoAproveitado: pagamentoId });
    this.addDomainEvent({ tipo: 'PagamentoNaoAproveitado', pagamentoId, motivo, mudanca });
    return Result.ok(undefined);
  }

  #passo(autoria: Autoria, mudancas: Partial<EstadoReserva>): Mudanca {
    const { status: de, versao } = this.#estado;
    const atualizadaEm = mudancas.status === undefined ? this.#estado.atualizadaEm : autoria.em;
    this.#estado = { ...this.#estado, ...mudancas, versao: versao + 1, atualizadaEm };
    return { ...autoria, versao: versao + 1, de, para: this.#estado.status };
  }

  #recusar(porque: string): Result<never, TransicaoInvalidaError> {
    return Result.fail(new TransicaoInvalidaError(this.#estado.status, porque));
  }
}

/** The next refund of a payment, or an outcome of the same one: a refund that was done may still fail. */
function maisNovo(novo: Estorno, atual: Estorno): boolean {
  if (novo.numero !== atual.numero) return novo.numero > atual.numero;
  return novo.status !== 'SOLICITADO' && novo.status !== atual.status;
}
