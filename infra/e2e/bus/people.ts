import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { delay } from '@plataforma/runtime/wait';
import { PostgresLivroDeCreditos } from '../../../services/pagamentos/src/creditos/infrastructure/livro-de-creditos.ts';
import { cadastrar, darCredito, estornarNoStripe, SALA } from '../torturer/gestures.ts';
import type { Cluster, Replica } from './cluster.ts';

/** A call that a replica took with it holds its idempotency key for more than a minute. */
const PATIENCE_MS = 90_000;
const CALL_DEADLINE_MS = 6_000;
const LOOK_MS = 50;
const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;
/**
 * A client that asks for a token uses it a while later. A fresh one is refused by a replica whose clock is behind: that is
 * tolerated for seconds only, and no part of this proof.
 */
const TOKEN_LIFE_S = 540;

/** Answers after which a person tries again. */
const TRY_AGAIN: ReadonlySet<Code> = new Set([
  ...[Code.Unavailable, Code.DeadlineExceeded, Code.Canceled, Code.Aborted, Code.Unauthenticated],
]);

const ADMIN = { sub: 'usr_admin', papeis: ['ADMIN'] };

type Clients = ReturnType<typeof clientsOf>;

function clientsOf({ grpc, service }: Replica) {
  const options = { address: grpc, timeoutMs: CALL_DEADLINE_MS, retry: { maxAttempts: 1 } };
  return {
    espacos: createGrpcClient(EspacosService, options),
    reservas: createGrpcClient(ReservasService, options),
    pagamentos: createGrpcClient(PagamentosService, options),
    service,
  };
}

/** People who book, pay and change their minds, each on the replica that they happen to reach. */
export class People {
  readonly #cluster: Cluster;
  readonly #clients: ReadonlyMap<Replica, Clients>;
  readonly #creditos: PostgresLivroDeCreditos;
  #people = 0;
  #calls = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#clients = new Map(cluster.replicas.map((replica) => [replica, clientsOf(replica)]));
    this.#creditos = new PostgresLivroDeCreditos(cluster.servers.databases.pagamentos);
  }

  close(): void {
    for (const { espacos, reservas, pagamentos } of this.#clients.values())
      for (const client of [espacos, reservas, pagamentos]) client.close();
  }

  /** Somebody with an account, an address and a space of their own, so that scenarios never meet. */
  async newPerson(): Promise<Person> {
    const id = `cli_${++this.#people}`;
    await cadastrar(this.#cluster.query, id);
    const { id: espacoId } = await this.call('reservas', ADMIN, ({ espacos }, options) =>
      espacos.criarEspaco(SALA, options),
    );
    return new Person(this, this.#cluster, { id, espacoId });
  }

  darCredito(clienteId: string, centavos: bigint): Promise<unknown> {
    return darCredito(this.#creditos, clienteId, centavos, new Date());
  }

  /** Calls one replica, and after a failure the next one, under the same idempotency key. */
  async call<T>(
    service: 'reservas' | 'pagamentos',
    who: { readonly sub: string; readonly papeis: readonly string[] },
    call: (clients: Clients, options: { headers: Record<string, string> }) => Promise<T>,
  ): Promise<T> {
    const number = ++this.#calls;
    const token = await this.#cluster.servers.issuer.token({
      ...who,
      expiresInSeconds: TOKEN_LIFE_S,
    });
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': `call-${number}` };
    const end = performance.now() + PATIENCE_MS;
    for (let attempt = number; ; attempt++) {
      const reachable = this.#cluster.reachable(service);
      const replica = reachable[attempt % reachable.length];
      try {
        // For a moment there may be none.
        if (replica) return await this.#callAt(replica, (clients) => call(clients, { headers }));
      } catch (error) {
        const retryable = error instanceof ConnectError && TRY_AGAIN.has(error.code);
        if (!retryable || performance.now() > end) throw error;
      }
      await delay(250);
    }
  }

  async #callAt<T>(replica: Replica, call: (clients: Clients) => Promise<T>): Promise<T> {
    replica.calls += 1;
    try {
      return await call(this.#clients.get(replica) as Clients);
    } finally {
      replica.calls -= 1;
    }
  }
}

/** One customer and their reservation. */
export class Person {
  readonly id: string;
  readonly #espacoId: string;
  readonly #people: People;
  readonly #cluster: Cluster;
  #reservaId = '';

  constructor(people: People, cluster: Cluster, { id, espacoId }: { id: string; espacoId: string }) {
    this.id = id;
    this.#espacoId = espacoId;
    this.#people = people;
    this.#cluster = cluster;
  }

  get reservaId(): string {
    return this.#reservaId;
  }

  get #self() {
    return { sub: this.id, papeis: ['CLIENTE'] };
  }

  /** @param porOutro an administrator books it for them */
  async reservar(inHours: number, { porOutro = false } = {}): Promise<void> {
    const inicio = new Date(Math.ceil((Date.now() + inHours * HOUR_MS) / QUARTER_MS) * QUARTER_MS);
    const request = {
      espacoId: this.#espacoId,
      dataInicio: timestampFromDate(inicio),
      dataFim: timestampFromDate(new Date(inicio.getTime() + HOUR_MS)),
      ...(porOutro && { clienteId: this.id }),
    };
    const { id } = await this.#people.call(
      'reservas',
      porOutro ? ADMIN : this.#self,
      ({ reservas }, options) => reservas.criarReserva(request, options),
    );
    this.#reservaId = id;
  }

  async pagar(): Promise<void> {
    this.#cluster.servers.stripe.control.pay(await this.#sessao());
  }

  async recusarCartao(): Promise<void> {
    this.#cluster.servers.stripe.control.decline(await this.#sessao());
  }

  async cancelar(): Promise<void> {
    const request = { reservaId: this.#reservaId, motivo: 'mudança' };
    await this.#people.call('reservas', this.#self, ({ reservas }, options) =>
      reservas.cancelarReserva(request, options),
    );
  }

  async aceitar(): Promise<void> {
    const request = { reservaId: this.#reservaId };
    await this.#people.call('reservas', this.#self, ({ reservas }, options) =>
      reservas.aceitarReserva(request, options),
    );
  }

  /** The time to pay is over: as if the reservation were so much older. */
  async deixarVencer(): Promise<void> {
    await this.#sessao();
    const sql = `update reservas set expira_em = expira_em - interval '16 minutes' where id = $1`;
    await this.#cluster.query('reservas', sql, [this.#reservaId]);
  }

  receberCredito(centavos: bigint): Promise<unknown> {
    return this.#people.darCredito(this.id, centavos);
  }

  /** An administrator gives a part back. */
  async receberEstorno(centavos: bigint): Promise<void> {
    const { id: pagamentoId } = await this.#pagamento(({ id }) => id !== '');
    const request = { pagamentoId, motivo: 'à mão', valor: { centavos, moeda: 'BRL' } };
    await this.#people.call('pagamentos', ADMIN, ({ pagamentos }, options) =>
      pagamentos.estornarPagamento(request, options),
    );
    await this.#pagamento(({ devolvido }) => devolvido === Number(centavos));
  }

  /** Somebody gives a part back in Stripe's dashboard. */
  async receberEstornoNoStripe(centavos: number): Promise<void> {
    const { stripe } = this.#cluster.servers;
    const { intencaoId } = await this.#pagamento((pagamento) => pagamento.intencaoId !== null);
    await estornarNoStripe(stripe, intencaoId ?? '', centavos);
  }

  /** Waits until the reservation is so. */
  async until(status: string): Promise<void> {
    const sql = 'select status from reservas where id = $1';
    await this.#waitFor(async () => {
      const [reserva] = await this.#cluster.query<{ status: string }>('reservas', sql, [this.#reservaId]);
      return reserva?.status === status ? true : undefined;
    }, `${this.#reservaId} is never ${status}`);
  }

  async #sessao(): Promise<string> {
    const { sessaoId } = await this.#pagamento((pagamento) => pagamento.sessaoId !== null);
    return sessaoId ?? '';
  }

  #pagamento(fits: (pagamento: Pagamento) => boolean): Promise<Pagamento> {
    return this.#waitFor(async () => {
      const [pagamento] = await this.#cluster.query<Pagamento>('pagamentos', PAGAMENTO, [this.#reservaId]);
      return pagamento && fits(pagamento) ? pagamento : undefined;
    }, `${this.#reservaId} has no payment as it has to be`);
  }

  async #waitFor<T>(look: () => Promise<T | undefined>, otherwise: string): Promise<T> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (performance.now() > end) throw new Error(otherwise);
      await delay(LOOK_MS);
    }
  }
}

interface Pagamento {
  readonly id: string;
  readonly sessaoId: string | null;
  readonly intencaoId: string | null;
  readonly devolvido: number;
}

const PAGAMENTO = `
  select id, sessao_id as "sessaoId", intencao_id as "intencaoId", (
    select coalesce(sum(centavos), 0)::int from estornos e where e.pagamento_id = p.id and e.situacao = 'CONCLUIDO') as devolvido
  from pagamentos p where reserva_id = $1`;
