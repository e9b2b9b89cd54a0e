import { answersOf } from '@plataforma/domain/answers-of';
import { appendToOutbox } from '@plataforma/runtime/outbox';
import { currentTrail, trailHeaders } from '@plataforma/runtime/trail';
import type { Sql } from '@plataforma/runtime/transaction';
import type { CreditosDoPagamento } from '../application/ports.ts';
import type { PagamentoEvent } from '../domain/eventos.ts';
import { movimentoDeCredito } from '../domain/movimento-de-credito.ts';
import { fold } from '../domain/pagamento.ts';
import type { PagamentosRepository, PagamentoVersionado } from '../domain/pagamentos-repository.ts';
import { toIntegrationEvent } from './event-mapper.ts';
import { EventStore } from './event-store.ts';
import { projetar } from './projecao.ts';

export type Ouvinte = (pagamentoId: string, eventos: readonly PagamentoEvent[]) => void;

/** Payments as streams of events, within one transaction. */
export class PagamentosEventSourcedRepository implements PagamentosRepository {
  readonly #sql: Sql;
  readonly #store: EventStore;
  readonly #creditos: CreditosDoPagamento;
  readonly #onAppended: Ouvinte;

  /** @param onAppended told of what was appended, before it is committed */
  constructor(sql: Sql, creditos: CreditosDoPagamento, onAppended: Ouvinte) {
    this.#sql = sql;
    this.#onAppended = onAppended;
    this.#store = new EventStore(sql);
    this.#creditos = creditos;
  }

  async findById(pagamentoId: string): Promise<PagamentoVersionado> {
    return { id: pagamentoId, ...(await this.#store.stateOf(pagamentoId)) };
  }

  async append(
    atual: PagamentoVersionado,
    eventos: readonly PagamentoEvent[],
    causa: string,
  ): Promise<PagamentoVersionado> {
    if (eventos.length === 0) return atual;
    const estado = fold(eventos, atual.estado);
    if (estado.fase === 'INEXISTENTE') throw new Error(`payment ${atual.id} cannot begin with these events`);
    const novo = { id: atual.id, versao: atual.versao + eventos.length, estado };
    const numerados = eventos.map((evento, i) => ({ evento, versao: atual.versao + i + 1 }));
    const movimentos = eventos.flatMap((evento) => movimentoDeCredito(estado, evento) ?? []);
    if (movimentos.length > 0) await this.#creditos.travar(estado.clienteId);
    const trail = currentTrail();
    const escritos = [
      this.#store.append(atual.id, atual.versao, eventos, { causa, ...(trail && trailHeaders(trail)) }),
      this.#store.snapshot(atual.id, atual.versao, novo.versao, estado),
      ...projetar(this.#sql, atual.estado, novo, estado, numerados),
    ];
    if (movimentos.length > 0) await answersOf(escritos);
    for (const movimento of movimentos) await this.#creditos.mover(estado, movimento);
    const publicos = numerados.flatMap(({ evento, versao }) => toIntegrationEvent(estado, evento, versao));
    await answersOf([...escritos, appendToOutbox(this.#sql, publicos)]);
    this.#onAppended(atual.id, eventos);
    return novo;
  }
}
