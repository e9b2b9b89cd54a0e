import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { ClaimsKey } from '@plataforma/domain/unit-of-work';
import { ConcurrencyError } from '../src/pagamento/application/concurrency.ts';
import type { PagamentoEvent } from '../src/pagamento/domain/eventos.ts';
import { type Cobranca, fold } from '../src/pagamento/domain/pagamento.ts';
import type {
  PagamentosRepository,
  PagamentoVersionado,
} from '../src/pagamento/domain/pagamentos-repository.ts';
import type { TransacaoComWebhooks } from '../src/webhooks/application/ports.ts';

type Work<T> = (tx: TransacaoComWebhooks & ClaimsKey) => Promise<T>;

/** The unit of work without a database: streams of events, credit that is there, marks of webhooks. */
export class InMemoryUnitOfWork {
  readonly streams = new Map<string, PagamentoEvent[]>();
  /** What led to each append that wrote something. */
  readonly causes: string[] = [];
  /** Webhooks that are dealt with. */
  readonly concluidos = new Map<string, string>();
  /** What every customer can spend. */
  disponivel = Dinheiro.zero();
  /** Another transaction is faster so many times, after having appended this. */
  readonly rivals: PagamentoEvent[][] = [];

  /** A payment to which these events have happened. */
  given(id: string, ...eventos: PagamentoEvent[]): this {
    this.streams.set(id, [...(this.streams.get(id) ?? []), ...eventos]);
    return this;
  }

  estado(id: string): Cobranca {
    const estado = fold(this.streams.get(id) ?? []);
    if (estado.fase === 'INEXISTENTE') throw new Error(`${id} does not exist`);
    return estado;
  }

  /** Types of what has happened after the first so many events. */
  since(id: string, versao: number): string[] {
    return (this.streams.get(id) ?? []).slice(versao).map(({ tipo }) => tipo);
  }

  run<T>(work: Work<T>): Promise<T> {
    const pagamentos: PagamentosRepository = {
      findById: async (id) => this.#versionado(id),
      append: async (atual, eventos, causa) => this.#append(atual, eventos, causa),
    };
    return work({
      claimKey: async () => {},
      pagamentos,
      creditos: { disponivel: async () => this.disponivel },
      webhooks: {
        guardar: async ({ id }) => this.#marcar(id, 'PROCESSADO'),
        concluir: async (id, resultado) => this.#marcar(id, resultado),
      },
    });
  }

  runOnce(): Promise<boolean> {
    throw new Error('pagamentos has no inbox');
  }

  #versionado(id: string): PagamentoVersionado {
    const eventos = this.streams.get(id) ?? [];
    return { id, versao: eventos.length, estado: fold(eventos) };
  }

  #append(
    atual: PagamentoVersionado,
    eventos: readonly PagamentoEvent[],
    causa: string,
  ): PagamentoVersionado {
    if (eventos.length === 0) return atual;
    const rival = this.rivals.shift();
    if (rival) this.given(atual.id, ...rival);
    if (this.#versionado(atual.id).versao !== atual.versao) throw new ConcurrencyError('somebody was faster');
    this.causes.push(causa);
    this.given(atual.id, ...eventos);
    return this.#versionado(atual.id);
  }

  #marcar(id: string, resultado: string): boolean {
    if (this.concluidos.has(id)) return false;
    this.concluidos.set(id, resultado);
    return true;
  }
}

/** Methods that answer from a script, one answer a call, and remember what they were asked. */
export function script(answers: Record<string, unknown[]>) {
  const asked: unknown[][] = [];
  const method =
    (name: string) =>
    async (...args: unknown[]): Promise<never> => {
      asked.push([name, ...args]);
      const answer = answers[name]?.shift();
      if (answer instanceof Error) throw answer;
      if (answer === undefined) throw new TypeError(`no answer to ${name} is left`);
      return answer as never;
    };
  return { asked, method };
}
