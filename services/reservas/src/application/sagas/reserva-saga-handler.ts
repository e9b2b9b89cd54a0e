import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { EstadoReserva } from '../../domain/estado-reserva.ts';
import type { Recusa } from '../../domain/motivo.ts';
import { type Reserva, ReservaNaoEncontradaError } from '../../domain/reserva.ts';
import { alterarReserva } from '../commands/alterar-reserva.ts';
import { vagaDeVolta } from '../disponibilidade.ts';
import {
  CobrancaAdiadaError,
  type Diario,
  type PagamentosGateway,
  type PedidoDeCobranca,
  type Repositorios,
  type UnitOfWork,
} from '../ports.ts';
import { type ComandoLocal, type FatoDaSaga, reservaSaga } from './reserva-saga.ts';

interface Deps {
  readonly uow: UnitOfWork;
  readonly pagamentos: PagamentosGateway;
  readonly clock: Clock;
  readonly diario: Diario;
}

/** Who changed a reservation when no person did. */
const QUEM = 'servico:pagamentos';

/** Carries out what the saga decides. */
export class ReservaSagaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The hold is committed: asks for its charge. Whatever goes wrong from here on, the hold stands and its charge comes
   * by the event, so the caller is answered with what is known.
   */
  async reservaCriada(reserva: EstadoReserva): Promise<EstadoReserva> {
    if (reserva.status !== 'PENDENTE_COBRANCA') return reserva;
    try {
      let atual = reserva;
      for (const comando of reservaSaga(emFato(reserva))) {
        if (comando.tipo === 'CriarCobranca') atual = await this.#cobrar(comando);
      }
      return atual;
    } catch (error) {
      this.#deps.diario.cobrancaAdiada(reserva.id, error);
      return reserva;
    }
  }

  /**
   * A fact from pagamentos, once per message.
   *
   * @throws Recusa when the reservation cannot take it; nothing is stored then.
   */
  async receber(consumidor: string, mensagemId: string, fato: FatoDaSaga): Promise<void> {
    await this.#deps.uow.runOnce(consumidor, mensagemId, async (tx) => {
      for (const comando of reservaSaga(fato)) {
        if (comando.tipo === 'CriarCobranca') continue;
        const feito = await this.#executar(tx, comando);
        const sumiu = feito.isFailure && feito.error instanceof ReservaNaoEncontradaError;
        if (sumiu && comando.tipo === 'ReceberPagamento') await this.#devolver(tx, comando);
        else ouFalhar(feito);
      }
    });
  }

  async #cobrar(pedido: PedidoDeCobranca): Promise<EstadoReserva> {
    const { uow, pagamentos } = this.#deps;
    const { pagamentoId, checkoutUrl } = ouFalhar(await pagamentos.criarCobranca(pedido));
    if (checkoutUrl === '') throw new CobrancaAdiadaError('the charge has no checkout yet');
    const comando = {
      tipo: 'RegistrarCobranca',
      reservaId: pedido.reservaId,
      pagamentoId,
      checkoutUrl,
    } as const;
    return ouFalhar(await uow.run((tx) => this.#executar(tx, comando)));
  }

  /** Money for a reservation that does not exist, or that a restored database has lost. */
  #devolver({ reservas }: Repositorios, { reservaId, pagamentoId }: Pagamento): Promise<void> {
    this.#deps.diario.pagamentoSemReserva(reservaId, pagamentoId);
    return reservas.devolverPagamento(reservaId, pagamentoId, this.#deps.clock.now());
  }

  #executar(tx: Repositorios, comando: ComandoLocal): Promise<Result<EstadoReserva, Recusa>> {
    return alterarReserva(tx, comando.reservaId, async (reserva) => {
      const em = this.#deps.clock.now();
      if (comando.tipo !== 'ReceberPagamento') return aplicar(reserva, comando, em);
      const autoria = { quem: QUEM, porque: 'pagamento aprovado', em };
      const vagaLivre = reserva.estado.status === 'EXPIRADA' && (await vagaDeVolta(tx.reservas, reserva));
      return reserva.receberPagamento(comando.pagamentoId, vagaLivre, autoria, comando.pedeDesfecho);
    });
  }
}

type Pagamento = { readonly reservaId: string; readonly pagamentoId: string };
type ComandoSimples = Exclude<ComandoLocal, { readonly tipo: 'ReceberPagamento' }>;

function aplicar(reserva: Reserva, comando: ComandoSimples, em: Date): Result<void, Recusa> {
  switch (comando.tipo) {
    case 'RegistrarCobranca': {
      const autoria = { quem: QUEM, porque: 'cobrança criada', em };
      return reserva.registrarCobranca(comando.pagamentoId, comando.checkoutUrl, autoria);
    }
    case 'ExpirarReserva':
      return reserva.expirar(comando.pagamentoId, {
        quem: QUEM,
        porque: 'cobrança encerrada sem pagamento',
        em,
      });
    case 'RegistrarEstorno': {
      const porque = `estorno ${comando.estorno.status.toLowerCase()}`;
      reserva.registrarEstorno(comando.pagamentoId, comando.estorno, { quem: QUEM, porque, em });
      return Result.ok(undefined);
    }
    case 'RegistrarRecusa':
      reserva.registrarRecusa(comando.pagamentoId, { quem: QUEM, porque: comando.porque, em });
      return Result.ok(undefined);
    default:
      return comando satisfies never;
  }
}

function emFato(reserva: EstadoReserva): FatoDaSaga {
  const { id, clienteId, preco, espacoNome, expiraEm } = reserva;
  const descricao = `Reserva ${id}: ${espacoNome}`;
  return { tipo: 'ReservaCriada', reservaId: id, clienteId, valor: preco.valor, descricao, expiraEm };
}

function ouFalhar<T>(result: Result<T, Error>): T {
  if (result.isFailure) throw result.error;
  return result.value;
}
