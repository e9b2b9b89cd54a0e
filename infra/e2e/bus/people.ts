import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { delay } from '@plataforma/runtime/wait';
import { PostgresLivroDeCreditos } from '../../../services/pagamentos/src/creditos/infrastructure/livro-de-creditos.ts';
import { cadastrar, darCredito, estornarNoStripe, SALA } from '../torturador/gestos.ts';
import type { Barramento, Replica } from './replicas.ts';

/** A call that a replica took with it holds its idempotency key for more than a minute. */
const PACIENCIA_MS = 90_000;
const PRAZO_DA_CHAMADA_MS = 6_000;
const OLHAR_MS = 50;
const HORA_MS = 3_600_000;
const QUARTO_MS = HORA_MS / 4;
/**
 * A client that asks for a token uses it a while later. A fresh one is refused by a replica whose clock is behind: that is
 * tolerated for seconds only, and no part of this proof.
 */
const VIDA_DO_TOKEN_S = 540;

/** Answers after which a person tries again. */
const TENTAR_DE_NOVO: ReadonlySet<Code> = new Set([
  ...[Code.Unavailable, Code.DeadlineExceeded, Code.Canceled, Code.Aborted, Code.Unauthenticated],
]);

const ADMIN = { sub: 'usr_admin', papeis: ['ADMIN'] };

type Portas = ReturnType<typeof portasDe>;

function portasDe({ grpc, servico }: Replica) {
  const opcoes = { address: grpc, timeoutMs: PRAZO_DA_CHAMADA_MS, retry: { maxAttempts: 1 } };
  return {
    espacos: createGrpcClient(EspacosService, opcoes),
    reservas: createGrpcClient(ReservasService, opcoes),
    caixa: createGrpcClient(PagamentosService, opcoes),
    servico,
  };
}

/** People who book, pay and change their minds, each on the replica that they happen to reach. */
export class Gente {
  readonly #barramento: Barramento;
  readonly #portas: ReadonlyMap<Replica, Portas>;
  readonly #creditos: PostgresLivroDeCreditos;
  #pessoas = 0;
  #chamadas = 0;

  constructor(barramento: Barramento) {
    this.#barramento = barramento;
    this.#portas = new Map(barramento.replicas.map((replica) => [replica, portasDe(replica)]));
    this.#creditos = new PostgresLivroDeCreditos(barramento.servidores.bancos.pagamentos);
  }

  fechar(): void {
    for (const { espacos, reservas, caixa } of this.#portas.values())
      for (const cliente of [espacos, reservas, caixa]) cliente.close();
  }

  /** Somebody with an account, an address and a space of their own, so that scenarios never meet. */
  async nova(): Promise<Pessoa> {
    const id = `cli_${++this.#pessoas}`;
    await cadastrar(this.#barramento.query, id);
    const { id: espacoId } = await this.chamar('reservas', ADMIN, ({ espacos }, como) =>
      espacos.criarEspaco(SALA, como),
    );
    return new Pessoa(this, this.#barramento, { id, espacoId });
  }

  darCredito(clienteId: string, centavos: bigint): Promise<unknown> {
    return darCredito(this.#creditos, clienteId, centavos, new Date());
  }

  /** Calls one replica, and after a failure the next one, under the same idempotency key. */
  async chamar<T>(
    servico: 'reservas' | 'pagamentos',
    quem: { readonly sub: string; readonly papeis: readonly string[] },
    chamada: (portas: Portas, como: { headers: Record<string, string> }) => Promise<T>,
  ): Promise<T> {
    const numero = ++this.#chamadas;
    const token = await this.#barramento.servidores.issuer.token({
      ...quem,
      expiresInSeconds: VIDA_DO_TOKEN_S,
    });
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': `chamada-${numero}` };
    const fim = performance.now() + PACIENCIA_MS;
    for (let tentativa = numero; ; tentativa++) {
      const vivas = this.#barramento.vivas(servico);
      const replica = vivas[tentativa % vivas.length];
      try {
        // For a moment there may be none.
        if (replica) return await this.#naPorta(replica, (portas) => chamada(portas, { headers }));
      } catch (error) {
        const vale = error instanceof ConnectError && TENTAR_DE_NOVO.has(error.code);
        if (!vale || performance.now() > fim) throw error;
      }
      await delay(250);
    }
  }

  async #naPorta<T>(replica: Replica, chamada: (portas: Portas) => Promise<T>): Promise<T> {
    replica.chamadas += 1;
    try {
      return await chamada(this.#portas.get(replica) as Portas);
    } finally {
      replica.chamadas -= 1;
    }
  }
}

/** One customer and their reservation. */
export class Pessoa {
  readonly id: string;
  readonly #espacoId: string;
  readonly #gente: Gente;
  readonly #barramento: Barramento;
  #reservaId = '';

  constructor(gente: Gente, barramento: Barramento, { id, espacoId }: { id: string; espacoId: string }) {
    this.id = id;
    this.#espacoId = espacoId;
    this.#gente = gente;
    this.#barramento = barramento;
  }

  get reservaId(): string {
    return this.#reservaId;
  }

  get #eu() {
    return { sub: this.id, papeis: ['CLIENTE'] };
  }

  /** @param porOutro an administrator books it for them */
  async reservar(emHoras: number, { porOutro = false } = {}): Promise<void> {
    const inicio = new Date(Math.ceil((Date.now() + emHoras * HORA_MS) / QUARTO_MS) * QUARTO_MS);
    const pedido = {
      espacoId: this.#espacoId,
      dataInicio: timestampFromDate(inicio),
      dataFim: timestampFromDate(new Date(inicio.getTime() + HORA_MS)),
      ...(porOutro && { clienteId: this.id }),
    };
    const { id } = await this.#gente.chamar('reservas', porOutro ? ADMIN : this.#eu, ({ reservas }, como) =>
      reservas.criarReserva(pedido, como),
    );
    this.#reservaId = id;
  }

  async pagar(): Promise<void> {
    this.#barramento.servidores.stripe.control.pay(await this.#sessao());
  }

  async recusarCartao(): Promise<void> {
    this.#barramento.servidores.stripe.control.decline(await this.#sessao());
  }

  async cancelar(): Promise<void> {
    const pedido = { reservaId: this.#reservaId, motivo: 'mudança' };
    await this.#gente.chamar('reservas', this.#eu, ({ reservas }, como) =>
      reservas.cancelarReserva(pedido, como),
    );
  }

  async aceitar(): Promise<void> {
    const pedido = { reservaId: this.#reservaId };
    await this.#gente.chamar('reservas', this.#eu, ({ reservas }, como) =>
      reservas.aceitarReserva(pedido, como),
    );
  }

  /** The time to pay is over: as if the reservation were so much older. */
  async deixarVencer(): Promise<void> {
    await this.#sessao();
    const sql = `update reservas set expira_em = expira_em - interval '16 minutes' where id = $1`;
    await this.#barramento.query('reservas', sql, [this.#reservaId]);
  }

  receberCredito(centavos: bigint): Promise<unknown> {
    return this.#gente.darCredito(this.id, centavos);
  }

  /** An administrator gives a part back. */
  async receberEstorno(centavos: bigint): Promise<void> {
    const { id: pagamentoId } = await this.#pagamento(({ id }) => id !== '');
    const pedido = { pagamentoId, motivo: 'à mão', valor: { centavos, moeda: 'BRL' } };
    await this.#gente.chamar('pagamentos', ADMIN, ({ caixa }, como) => caixa.estornarPagamento(pedido, como));
    await this.#pagamento(({ devolvido }) => devolvido === Number(centavos));
  }

  /** Somebody gives a part back in Stripe's dashboard. */
  async receberEstornoNoStripe(centavos: number): Promise<void> {
    const { stripe } = this.#barramento.servidores;
    const { intencaoId } = await this.#pagamento((pagamento) => pagamento.intencaoId !== null);
    await estornarNoStripe(stripe, intencaoId ?? '', centavos);
  }

  /** Waits until the reservation is so. */
  async ate(status: string): Promise<void> {
    const sql = 'select status from reservas where id = $1';
    await this.#esperar(async () => {
      const [reserva] = await this.#barramento.query<{ status: string }>('reservas', sql, [this.#reservaId]);
      return reserva?.status === status ? true : undefined;
    }, `${this.#reservaId} is never ${status}`);
  }

  async #sessao(): Promise<string> {
    const { sessaoId } = await this.#pagamento((pagamento) => pagamento.sessaoId !== null);
    return sessaoId ?? '';
  }

  #pagamento(serve: (pagamento: Pagamento) => boolean): Promise<Pagamento> {
    return this.#esperar(async () => {
      const [pagamento] = await this.#barramento.query<Pagamento>('pagamentos', PAGAMENTO, [this.#reservaId]);
      return pagamento && serve(pagamento) ? pagamento : undefined;
    }, `${this.#reservaId} has no payment as it has to be`);
  }

  async #esperar<T>(olhar: () => Promise<T | undefined>, senao: string): Promise<T> {
    const fim = performance.now() + PACIENCIA_MS;
    for (;;) {
      const visto = await olhar();
      if (visto !== undefined) return visto;
      if (performance.now() > fim) throw new Error(senao);
      await delay(OLHAR_MS);
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
