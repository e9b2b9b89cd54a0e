import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { aguardaPagamento } from '../../agenda/domain/status-reserva.ts';
import { Recusa } from '../../comum/domain/recusa.ts';
import { mudarReserva } from '../../reservas/application/alterar-reserva.ts';
import type { Cobrancas } from '../../reservas/application/ports.ts';
import { semCreditos } from '../../reservas/domain/aceite.ts';
import { descricaoDaCobranca } from '../../reservas/domain/descricao-da-cobranca.ts';
import type { EstadoReserva, NoticiaDeEstorno } from '../../reservas/domain/estado-reserva.ts';
import { ReservaNaoEncontradaError } from '../../reservas/domain/recusas-da-reserva.ts';
import { ReservaMudouError } from '../../reservas/domain/repositories.ts';
import { Reserva } from '../../reservas/domain/reserva.ts';
import type { OcorrenciaDaSaga } from '../domain/ocorrencia.ts';
import type { PedidoDeCobranca } from '../domain/reserva-saga.ts';
import {
  type ComandoDaSaga,
  type ComandoLocal,
  type ComandoRemoto,
  type FatoDaSaga,
  type PagamentoRecebido,
  reservaSaga,
} from '../domain/reserva-saga.ts';
import {
  CobrancaAdiadaError,
  type CobrancaCriada,
  type ObservadorDaSaga,
  type PagamentosGateway,
  type Transacao,
} from './ports.ts';
import { vagaDeVolta } from './vaga-de-volta.ts';

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly pagamentos: PagamentosGateway;
  readonly clock: Clock;
  readonly observador: ObservadorDaSaga;
}

/** Who changed a reservation when no person did. */
const QUEM = 'servico:pagamentos';

/** Carries out what the saga decides, and notes what the history of the reservation will not tell. */
export class ReservaSagaHandler implements Cobrancas {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The hold is committed: asks for its charge. Whatever goes wrong from here on, the hold stands and its charge comes
   * by the event, so the caller is answered with what is known.
   */
  async reservaCriada(reserva: EstadoReserva): Promise<EstadoReserva> {
    return reserva.status === 'PENDENTE_COBRANCA' ? this.#chamar(reserva, 'ReservaCriada') : reserva;
  }

  /** The customer has accepted it, and that is committed: has their credit used. As for the charge, the event follows. */
  async reservaAceita(reserva: EstadoReserva): Promise<EstadoReserva> {
    return aguardaPagamento(reserva.status) ? this.#chamar(reserva, 'ReservaAceita') : reserva;
  }

  async #chamar(reserva: EstadoReserva, tipo: 'ReservaCriada' | 'ReservaAceita'): Promise<EstadoReserva> {
    // With nothing to pay there is nothing to ask for: it waits for its customer.
    if (reserva.preco.valor.centavos === 0n) return reserva;
    const comandos = reservaSaga({ tipo, ...pedidoDeCobranca(reserva) }).filter(remoto);
    try {
      let atual = reserva;
      for (const comando of comandos) atual = await this.#cobrar(atual, comando);
      return atual;
    } catch (error) {
      await this.#adiada(reserva.id, { fato: tipo, comando: comandos[0]?.tipo ?? '' }, error);
      return reserva;
    }
  }

  /**
   * A fact from pagamentos, once per message.
   *
   * @throws Recusa when the reservation cannot take it; nothing but that is stored then.
   */
  async receber(consumidor: string, mensagemId: string, fato: FatoDaSaga): Promise<void> {
    const { reservaId, tipo } = fato;
    const sobre = { reservaId, fato: tipo, mensagemId };
    try {
      const ler = ({ reservas }: Transacao) => reservas.findById(reservaId);
      const nova = await this.#deps.uow.runOnce(consumidor, mensagemId, ler, async (tx, reserva) => {
        for (const comando of reservaSaga(fato)) {
          if (remoto(comando)) continue;
          if (reserva) {
            ouFalhar(await this.#executar(tx, reserva, comando, sobre));
          } else if (comando.tipo === 'ReceberPagamento') {
            await this.#devolver(tx, comando);
          } else {
            // Nothing is left to do about it, now or later: no reservation waits for it.
            this.#deps.observador.fatoSemReserva(reservaId, tipo);
          }
        }
      });
      if (!nova) await this.#anotar({ ...sobre, resultado: 'REPETIDA' });
    } catch (error) {
      if (error instanceof Recusa)
        await this.#anotar({ ...sobre, resultado: 'RECUSADA', porque: error.message });
      throw error;
    }
  }

  /** Failing to note it down must not take the hold with it either. */
  async #adiada(
    reservaId: string,
    chamada: Pick<OcorrenciaDaSaga, 'fato' | 'comando'>,
    causa: unknown,
  ): Promise<void> {
    const { observador } = this.#deps;
    try {
      await this.#anotar({ ...chamada, reservaId, resultado: 'ADIADA', porque: mensagemDe(causa) });
      observador.cobrancaAdiada(reservaId, causa);
    } catch (outra) {
      observador.cobrancaAdiada(reservaId, new AggregateError([causa, outra], 'and it could not be noted'));
    }
  }

  #anotar(parte: ParteDaOcorrencia): Promise<void> {
    return this.#deps.uow.run((tx) => tx.ocorrencias.add(this.#ocorrencia(parte)));
  }

  #ocorrencia(parte: ParteDaOcorrencia): OcorrenciaDaSaga {
    return {
      comando: '',
      versao: undefined,
      porque: '',
      mensagemId: '',
      em: this.#deps.clock.now(),
      ...parte,
    };
  }

  async #cobrar(reserva: EstadoReserva, pedido: ComandoRemoto): Promise<EstadoReserva> {
    const { uow, pagamentos } = this.#deps;
    const cobranca =
      pedido.tipo === 'UsarCreditos'
        ? await pagamentos.usarCreditos(pedido)
        : await pagamentos.criarCobranca(pedido);
    const fato = emResposta(pedido.reservaId, ouFalhar(cobranca));
    let atual = reserva;
    for (const comando of reservaSaga(fato)) {
      if (remoto(comando)) continue;
      atual =
        (await this.#registrar(atual, comando)) ??
        ouFalhar(await uow.run((tx) => this.#executarLendo(tx, comando)));
    }
    return atual;
  }

  /**
   * Notes the charge on the reservation as it was committed a moment ago, without reading it again. Undefined when that
   * is not all there is to do, or it has changed since, because the event of the charge was faster: then it has to be
   * read, under its lock.
   */
  async #registrar(lida: EstadoReserva, comando: ComandoLocal): Promise<EstadoReserva | undefined> {
    if (comando.tipo !== 'RegistrarCobranca') return undefined;
    const reserva = Reserva.restaurar(lida);
    ouFalhar(aplicar(reserva, comando, this.#deps.clock.now()));
    if (reserva.estado.versao === lida.versao) return lida;
    try {
      await this.#deps.uow.run(({ reservas }) => reservas.save(reserva));
      return reserva.estado;
    } catch (error) {
      if (error instanceof ReservaMudouError) return undefined;
      throw error;
    }
  }

  /** Money for a reservation that does not exist, or that a restored database has lost. */
  #devolver({ reservas }: Transacao, { reservaId, pagamentoId }: PagamentoRecebido): Promise<void> {
    this.#deps.observador.pagamentoSemReserva(reservaId, pagamentoId);
    return reservas.devolverPagamento(reservaId, pagamentoId, this.#deps.clock.now());
  }

  #avisarDivergencia(reserva: Reserva, { reservaId, pagamentoId, valor }: PagamentoRecebido): void {
    const devolvido = reserva.estado.pagamentoNaoAproveitado === pagamentoId;
    if (devolvido && valor && !reserva.precoEh(valor))
      this.#deps.observador.pagamentoDivergente(reservaId, pagamentoId);
  }

  async #executarLendo(tx: Transacao, comando: ComandoLocal): Promise<Result<EstadoReserva, Recusa>> {
    const reserva = await tx.reservas.findById(comando.reservaId);
    return reserva ? this.#executar(tx, reserva, comando) : Result.fail(new ReservaNaoEncontradaError());
  }

  /** @param sobre the message that brought the fact, if one did: what came of it is noted with the change. */
  #executar(
    tx: Transacao,
    reserva: Reserva,
    comando: ComandoLocal,
    sobre?: SobreAMensagem,
  ): Promise<Result<EstadoReserva, Recusa>> {
    const antes = reserva.estado.versao;
    return mudarReserva(
      tx,
      reserva,
      () => this.#aplicar(tx, reserva, comando),
      async () => {
        if (!sobre) return;
        const { versao } = reserva.estado;
        const feito =
          versao > antes ? ({ resultado: 'FEITA', versao } as const) : ({ resultado: 'SEM_EFEITO' } as const);
        await tx.ocorrencias.add(this.#ocorrencia({ ...sobre, comando: comando.tipo, ...feito }));
      },
    );
  }

  async #aplicar(tx: Transacao, reserva: Reserva, comando: ComandoLocal): Promise<Result<void, Recusa>> {
    const em = this.#deps.clock.now();
    if (comando.tipo !== 'ReceberPagamento') return aplicar(reserva, comando, em);
    const { versao: antes, status } = reserva.estado;
    const autoria = { quem: QUEM, porque: 'pagamento aprovado', em };
    const vagaLivre = status === 'EXPIRADA' && (await vagaDeVolta(tx.reservas, reserva));
    const recebido = reserva.receberPagamento(comando.pagamentoId, vagaLivre, autoria, comando);
    if (reserva.estado.versao > antes) this.#avisarDivergencia(reserva, comando);
    return recebido;
  }
}

type SobreAMensagem = Pick<OcorrenciaDaSaga, 'reservaId' | 'fato' | 'mensagemId'>;

type ParteDaOcorrencia = Pick<OcorrenciaDaSaga, 'reservaId' | 'fato' | 'resultado'> &
  Partial<OcorrenciaDaSaga>;

type ComandoSimples = Exclude<ComandoLocal, { readonly tipo: 'ReceberPagamento' }>;

function aplicar(reserva: Reserva, comando: ComandoSimples, em: Date): Result<void, Recusa> {
  switch (comando.tipo) {
    case 'RegistrarCobranca': {
      const { pagamentoId, checkoutUrl, creditosUsados } = comando;
      const autoria = { quem: QUEM, porque: 'cobrança criada', em };
      return reserva.registrarCobranca(pagamentoId, checkoutUrl, autoria, creditosUsados?.centavos);
    }
    case 'ExpirarReserva':
      return reserva.expirar(
        comando.pagamentoId,
        { quem: QUEM, porque: 'cobrança encerrada sem pagamento', em },
        comando,
      );
    case 'RegistrarDevolucaoRecusada':
      reserva.recusarDevolucao({ quem: QUEM, porque: comando.porque, em });
      return Result.ok(undefined);
    case 'RegistrarEstorno': {
      const { pagamentoId, porque: detalhe, ...noticia } = comando;
      const porque = `${situacaoDe(noticia)}${detalhe ? `: ${detalhe}` : ''}`;
      reserva.registrarEstorno(pagamentoId, noticia, { quem: QUEM, porque, em });
      return Result.ok(undefined);
    }
    case 'RegistrarRecusa':
      reserva.registrarRecusa(comando.pagamentoId, { quem: QUEM, porque: comando.porque, em });
      return Result.ok(undefined);
    default:
      return comando satisfies never;
  }
}

function situacaoDe({ estorno }: NoticiaDeEstorno): string {
  return estorno ? `estorno ${estorno.status.toLowerCase()}` : 'disputa perdida para o banco do cliente';
}

function pedidoDeCobranca(reserva: EstadoReserva): PedidoDeCobranca {
  const { id, clienteId, preco, expiraEm } = reserva;
  const pedido = { reservaId: id, clienteId, valor: preco.valor, expiraEm };
  return { ...pedido, guardarCreditos: semCreditos(reserva), descricao: descricaoDaCobranca(reserva) };
}

function remoto(comando: ComandoDaSaga): comando is ComandoRemoto {
  return comando.tipo === 'CriarCobranca' || comando.tipo === 'UsarCreditos';
}

/** The answer of pagamentos is the same fact that its event tells a moment later. */
function emResposta(reservaId: string, cobranca: CobrancaCriada): FatoDaSaga {
  const { pagamentoId, checkoutUrl, paga, creditosUsados } = cobranca;
  if (paga) return { tipo: 'PagamentoAprovado', reservaId, pagamentoId, creditosUsados };
  if (checkoutUrl === '') throw new CobrancaAdiadaError('the charge has no checkout yet');
  return { tipo: 'CobrancaCriada', reservaId, pagamentoId, checkoutUrl, creditosUsados };
}

function ouFalhar<T>(result: Result<T, Error>): T {
  if (result.isFailure) throw result.error;
  return result.value;
}

/** Down to the cause: the outer error of a call only says that it did not work. */
function mensagemDe(erro: unknown): string {
  if (!(erro instanceof Error)) return String(erro);
  return erro.cause === undefined ? erro.message : `${erro.message}: ${mensagemDe(erro.cause)}`;
}
