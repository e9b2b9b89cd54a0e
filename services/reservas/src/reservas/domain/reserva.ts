import { AggregateRoot } from '@plataforma/domain/aggregate';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { aguardaPagamento, ocupa } from '../../agenda/domain/status-reserva.ts';
import { feitaPorOutro, julgarAceite } from './aceite.ts';
import { anuncios } from './anuncios.ts';
import { estadoInicial } from './estado-inicial.ts';
import type {
  Autoria,
  Cancelamento,
  DadosReserva,
  DetalhesDoPagamento,
  EstadoReserva,
  MotivoNaoAproveitado,
  Mudanca,
  NoticiaDeEstorno,
  ReservaEvent,
} from './estado-reserva.ts';
import { comMovimento, comMovimentoDeOutro, semVolta } from './estornos-da-reserva.ts';
import { recusaDoPagamento } from './pagamento-recebido.ts';
import { TransicaoInvalidaError } from './recusas-da-reserva.ts';

type Transicao = Result<void, TransicaoInvalidaError>;

/** A space booked by one customer for one period. */
export class Reserva extends AggregateRoot<ReservaEvent> {
  #estado: EstadoReserva;

  private constructor(estado: EstadoReserva) {
    super();
    this.#estado = estado;
  }

  /** Takes the slot, to be paid within `esperaPagamentoMinutos`; who books for themselves what costs nothing has it. */
  static criar(dados: DadosReserva, esperaPagamentoMinutos: number, autoria: Autoria): Reserva {
    const reserva = new Reserva(estadoInicial(dados, esperaPagamentoMinutos, autoria));
    const mudanca = reserva.#passo(autoria, {});
    reserva.addDomainEvent({ tipo: 'ReservaCriada', mudanca: { ...mudanca, de: undefined } });
    if (reserva.#gratuita() && !feitaPorOutro(reserva.estado)) reserva.#confirmarGratuita(autoria);
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
  registrarCobranca(pagamentoId: string, checkoutUrl: string, autoria: Autoria, creditos = 0n): Transicao {
    const { status, pagamentoId: atual } = this.#estado;
    if (this.#gratuita()) return Result.ok(undefined);
    if (atual === pagamentoId) return this.#trocarCheckout(checkoutUrl, creditos, autoria);
    if (atual !== undefined) return this.#recusar('não espera esta cobrança');
    const pagavel = status === 'PENDENTE_COBRANCA' && { status: 'PENDENTE_PAGAMENTO' as const, checkoutUrl };
    const mudanca = this.#passo(autoria, { pagamentoId, ...pagavel });
    this.addDomainEvent({ tipo: 'CobrancaRegistrada', pagamentoId, mudanca });
    return Result.ok(undefined);
  }

  /** Its customer takes it, and has their credit used; with nothing to pay that confirms it. Idempotent. */
  aceitar(autoria: Autoria): Transicao {
    const aceite = julgarAceite(this.#estado, autoria.em);
    if (aceite === 'TARDE_DEMAIS') return this.#recusar('não pode mais ser aceita');
    if (aceite === 'FEITO') return Result.ok(undefined);
    const mudanca = this.#passo(autoria, { aceitaEm: autoria.em });
    this.addDomainEvent({ tipo: 'ReservaAceita', mudanca });
    if (this.#gratuita()) this.#confirmarGratuita(autoria);
    return Result.ok(undefined);
  }

  /**
   * Notes a declined card. The hold lives on until its deadline, so only the history grows; what was tried for another
   * payment is none of its history.
   */
  registrarRecusa(pagamentoId: string, autoria: Autoria): void {
    if (this.#deOutro(pagamentoId)) return;
    const mudanca = this.#passo(autoria, {});
    this.addDomainEvent({ tipo: 'PagamentoRecusado', pagamentoId, mudanca });
  }

  /** Also true after it took place or was cancelled: the payment has had its effect. */
  confirmadaPor(pagamentoId: string): boolean {
    return this.#estado.confirmadoEm !== undefined && this.#estado.pagamentoId === pagamentoId;
  }

  /** Idempotent for the same payment: the event may arrive more than once, and before the charge was noted. */
  confirmar(pagamentoId: string, autoria: Autoria, creditosUsados = Dinheiro.zero()): Transicao {
    const { status, pagamentoId: atual } = this.#estado;
    if ((status === 'CONFIRMADA' || status === 'CONCLUIDA') && atual === pagamentoId)
      return Result.ok(undefined);
    if (!aguardaPagamento(status)) return this.#recusar('não pode ser confirmada');
    return this.#confirmar(pagamentoId, autoria, creditosUsados);
  }

  /**
   * Takes a payment that was captured, whenever it comes. A reservation that has given up its slot takes it back when
   * it is free; otherwise the payment is given back, once, as is one beside the payment it has, and one of another
   * amount than the price. A reservation has one charge, so that one leaves nothing to wait for.
   *
   * @param vagaLivre whether the slot of a reservation that expired can be had again; asked under the space's lock.
   */
  receberPagamento(
    pagamentoId: string,
    vagaLivre: boolean,
    autoria: Autoria,
    { valor, creditosUsados = Dinheiro.zero(), pedeDesfecho = false }: DetalhesDoPagamento = {},
  ): Transicao {
    const { status, pagamentoNaoAproveitado } = this.#estado;
    if (this.confirmadaPor(pagamentoId)) {
      if (pedeDesfecho)
        this.addDomainEvent({ tipo: 'PagamentoAproveitado', pagamentoId, mudanca: this.#passo(autoria, {}) });
      return Result.ok(undefined);
    }
    if (pagamentoNaoAproveitado === pagamentoId && !pedeDesfecho) return Result.ok(undefined);
    const motivo = recusaDoPagamento(this.#estado, pagamentoId, valor, vagaLivre, autoria.em);
    if (motivo === 'VALOR_DIVERGENTE') return this.#devolverDivergente(pagamentoId, autoria);
    if (motivo) return this.#naoAproveitar(pagamentoId, motivo, autoria);
    if (status !== 'EXPIRADA') return this.confirmar(pagamentoId, autoria, creditosUsados);
    return this.#confirmar(pagamentoId, autoria, creditosUsados);
  }

  /** The hold ran out. The slot stays taken until pagamentos has said what became of the charge. */
  iniciarExpiracao(autoria: Autoria): Transicao {
    const { status, expiraEm } = this.#estado;
    if (!aguardaPagamento(status) || status === 'EXPIRANDO' || autoria.em < expiraEm)
      return this.#recusar('não pode expirar agora');
    const expiracao = { desde: autoria.em, ...anuncios(1, autoria.em) };
    const mudanca = this.#passo(autoria, { status: 'EXPIRANDO', expiracao });
    this.addDomainEvent({ tipo: 'ReservaExpirando', mudanca });
    return Result.ok(undefined);
  }

  /** Asks pagamentos again, because no answer has come. */
  reanunciarExpiracao(autoria: Autoria): Transicao {
    const { status, expiracao } = this.#estado;
    if (status !== 'EXPIRANDO' || !expiracao || autoria.em < expiracao.proximoAnuncioEm)
      return this.#recusar('não espera resposta de pagamentos');
    const outra = anuncios(expiracao.anuncios + 1, autoria.em);
    const mudanca = this.#passo(autoria, { expiracao: { ...expiracao, ...outra } });
    this.addDomainEvent({ tipo: 'ExpiracaoReanunciada', mudanca });
    return Result.ok(undefined);
  }

  /**
   * The charge is closed and cannot be paid any more: the slot is free. Idempotent, and without effect on a
   * reservation that this very charge has paid: the news are older than the payment then. To one that was cancelled only
   * its own charge, paid, can say that nothing is left to give back: a pagamentos that knows of none has lost it.
   *
   * @param pagamentoId the closed charge; undefined when there was none.
   * @param situacao whether it had been paid, and all of that goes back. Default not.
   */
  expirar(pagamentoId: string | undefined, autoria: Autoria, { foiPaga = false } = {}): Transicao {
    const { status } = this.#estado;
    const pagou = pagamentoId !== undefined && this.confirmadaPor(pagamentoId);
    if (status === 'CANCELADA')
      return pagou && foiPaga ? this.#dispensarDevolucao(autoria) : Result.ok(undefined);
    if (status === 'EXPIRADA' || (this.#gratuita() && status !== 'EXPIRANDO')) return Result.ok(undefined);
    if (pagou) return Result.ok(undefined);
    if (!aguardaPagamento(status)) return this.#recusar('não pode expirar');
    if (pagamentoId !== undefined && this.#deOutro(pagamentoId))
      return this.#recusar('espera outro pagamento');
    const mudanca = this.#passo(autoria, { status: 'EXPIRADA' });
    this.addDomainEvent({ tipo: 'ReservaExpirada', mudanca });
    return Result.ok(undefined);
  }

  /** Whether this is what the reservation costs. */
  precoEh(valor: Dinheiro): boolean {
    return this.#estado.preco.valor.equals(valor);
  }

  /**
   * Frees the slot at once; `cancelamento` says what goes back. Idempotent: the first cancellation stands. Refunds of
   * before say nothing about the one that is due from now on.
   */
  cancelar(cancelamento: Cancelamento, autoria: Autoria): Transicao {
    const { status } = this.#estado;
    if (status === 'CANCELADA') return Result.ok(undefined);
    if (!ocupa(status)) return this.#recusar('não pode ser cancelada');
    const devolucao = cancelamento.reembolso.centavos > 0n ? anuncios(1, autoria.em) : undefined;
    const devido = devolucao && { estorno: undefined };
    const mudanca = this.#passo(autoria, { status: 'CANCELADA', cancelamento, devolucao, ...devido });
    this.addDomainEvent({ tipo: 'ReservaCancelada', cancelamento, mudanca });
    return Result.ok(undefined);
  }

  /** Tells pagamentos again what is to go back, because no refund was heard of. */
  reanunciarCancelamento(autoria: Autoria): Transicao {
    const { devolucao, cancelamento } = this.#estado;
    if (!devolucao || !cancelamento || autoria.em < devolucao.proximoAnuncioEm)
      return this.#recusar('não espera devolução de pagamentos');
    const mudanca = this.#passo(autoria, { devolucao: anuncios(devolucao.anuncios + 1, autoria.em) });
    this.addDomainEvent({ tipo: 'CancelamentoReanunciado', cancelamento, mudanca });
    return Result.ok(undefined);
  }

  /** pagamentos refuses for good what is to go back: telling it again would change nothing. */
  recusarDevolucao(autoria: Autoria): void {
    if (!this.#estado.devolucao) return;
    const mudanca = this.#passo(autoria, { devolucao: undefined });
    this.addDomainEvent({ tipo: 'DevolucaoRecusada', mudanca });
  }

  /** Follows the money that goes back. News that are older than what is known change nothing. */
  registrarEstorno(pagamentoId: string, noticia: NoticiaDeEstorno, autoria: Autoria): void {
    const seguir = this.#deOutro(pagamentoId) ? comMovimentoDeOutro : comMovimento;
    const mudancas = seguir(this.#estado, noticia);
    if (Object.keys(mudancas).length === 0) return;
    const mudanca = this.#passo(autoria, mudancas);
    const tipo = noticia.estorno ? 'EstornoAtualizado' : 'DevolvivelAtualizado';
    this.addDomainEvent({ tipo, pagamentoId, mudanca });
  }

  /** It took place. */
  concluir(autoria: Autoria): Transicao {
    const { status, periodo } = this.#estado;
    if (status !== 'CONFIRMADA' || autoria.em < periodo.fim) return this.#recusar('não pode ser concluída');
    const mudanca = this.#passo(autoria, { status: 'CONCLUIDA' });
    this.addDomainEvent({ tipo: 'ReservaConcluida', mudanca });
    return Result.ok(undefined);
  }

  /** A charge has one checkout without credit and at most one after it: that is the later one, whatever comes late. */
  #trocarCheckout(checkoutUrl: string, creditos: bigint, autoria: Autoria): Transicao {
    const { status, pagamentoId, checkoutUrl: atual } = this.#estado;
    if (status === 'PENDENTE_PAGAMENTO' && pagamentoId && creditos > 0n && checkoutUrl !== atual) {
      const mudanca = this.#passo(autoria, { checkoutUrl });
      this.addDomainEvent({ tipo: 'CobrancaRegistrada', pagamentoId, mudanca });
    }
    return Result.ok(undefined);
  }

  /** pagamentos has nothing that could go back, so nothing does. */
  #dispensarDevolucao(autoria: Autoria): Transicao {
    const { devolucao, cancelamento } = this.#estado;
    if (devolucao && cancelamento) {
      const mudanca = this.#passo(autoria, { devolucao: undefined, cancelamento: semVolta(cancelamento) });
      this.addDomainEvent({ tipo: 'DevolucaoDispensada', mudanca });
    }
    return Result.ok(undefined);
  }

  /** A charge that somebody made for it all the same is none of its business. */
  #gratuita(): boolean {
    return this.#estado.preco.valor.centavos === 0n;
  }

  #deOutro(pagamentoId: string): boolean {
    const { pagamentoId: atual } = this.#estado;
    return atual !== undefined && atual !== pagamentoId;
  }

  #confirmar(pagamentoId: string, autoria: Autoria, creditosUsados: Dinheiro): Transicao {
    if (this.#deOutro(pagamentoId)) return this.#recusar('espera outro pagamento');
    const pagamento = { pagamentoId, creditosUsados, confirmadoEm: autoria.em, pagoEm: autoria.em };
    const mudanca = this.#passo(autoria, { status: 'CONFIRMADA', ...pagamento });
    this.addDomainEvent({ tipo: 'ReservaConfirmada', pagamentoId, mudanca });
    return Result.ok(undefined);
  }

  #confirmarGratuita({ quem, em }: Autoria): void {
    const autoria = { quem, porque: 'nada a pagar', em };
    const mudanca = this.#passo(autoria, { status: 'CONFIRMADA', confirmadoEm: em });
    this.addDomainEvent({ tipo: 'ReservaConfirmada', pagamentoId: undefined, mudanca });
  }

  #devolverDivergente(pagamentoId: string, autoria: Autoria): Transicao {
    this.#naoAproveitar(pagamentoId, 'VALOR_DIVERGENTE', autoria);
    if (!aguardaPagamento(this.#estado.status)) return Result.ok(undefined);
    return this.expirar(pagamentoId, { ...autoria, porque: 'pagamento de outro valor' });
  }

  #naoAproveitar(pagamentoId: string, motivo: MotivoNaoAproveitado, autoria: Autoria): Transicao {
    const mudanca = this.#passo(autoria, { pagamentoNaoAproveitado: pagamentoId });
    this.addDomainEvent({ tipo: 'PagamentoNaoAproveitado', pagamentoId, motivo, mudanca });
    return Result.ok(undefined);
  }

  #passo(autoria: Autoria, mudancas: Partial<EstadoReserva>): Mudanca {
    const { status: de, versao } = this.#estado;
    const atualizadoEm = mudancas.status === undefined ? this.#estado.atualizadoEm : autoria.em;
    this.#estado = { ...this.#estado, ...mudancas, versao: versao + 1, atualizadoEm };
    return { ...autoria, versao: versao + 1, de, para: this.#estado.status };
  }

  #recusar(porque: string): Result<never, TransicaoInvalidaError> {
    return Result.fail(new TransicaoInvalidaError(this.#estado.status, porque));
  }
}
