import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { DataSource, EntityManager } from 'typeorm';
import type { LivroDeCreditos } from '../../application/ports/creditos.ts';
import { escolherLotes, validadeDoCredito } from '../../domain/credito.ts';

const ABRIR_LOTE = `
  insert into creditos_lotes (id, cliente_id, centavos, criado_em, expira_em) values ($1, $2, $3, $4, $5)
  on conflict (id) do nothing
  returning id`;

const LANCAR = `
  insert into creditos_lancamentos (transacao, lote, conta, centavos, em)
  values ($1, $2, $3, -$5::bigint, $6), ($1, $2, $4, $5::bigint, $6)`;

const SALDO = `
  select coalesce(sum(restante), 0) as centavos from creditos_lotes where cliente_id = $1 and expira_em > $2`;

const DISPONIVEIS = `
  select id, restante from creditos_lotes
  where cliente_id = $1 and expira_em > $2 and restante > 0
  order by criado_em, id for update`;

const JA_USADO = `
  select coalesce(sum(centavos), 0) as centavos from creditos_lancamentos where transacao = $1 and conta = $2`;

const VENCIDOS = `
  select id, cliente_id as "clienteId", restante from creditos_lotes
  where restante > 0 and expira_em <= $1 order by expira_em limit 100 for update skip locked`;

const BONUS = 'plataforma:bonus';
const EXPIRADOS = 'plataforma:expirados';

interface Lancamento {
  readonly transacao: string;
  readonly lote: string;
  readonly de: string;
  readonly para: string;
  readonly centavos: bigint;
  readonly em: Date;
}

/** Tables `creditos_lotes` and `creditos_lancamentos`: credit moves between accounts and never comes from nowhere. */
export class PostgresLivroDeCreditos implements LivroDeCreditos {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  conceder(clienteId: string, valor: Dinheiro, motivo: string, em: Date): Promise<boolean> {
    const { centavos } = valor;
    return this.#dataSource.transaction(async (manager) => {
      const lote = [motivo, clienteId, String(centavos), em, validadeDoCredito(em)];
      const novos: unknown[] = await manager.query(ABRIR_LOTE, lote);
      if (novos.length === 0) return false;
      const para = conta(clienteId);
      await lancar(manager, { transacao: motivo, lote: motivo, de: BONUS, para, centavos, em });
      return true;
    });
  }

  async saldo(clienteId: string, agora: Date): Promise<Dinheiro> {
    const [{ centavos }] = await this.#dataSource.query(SALDO, [clienteId, agora]);
    return Dinheiro.deCentavos(BigInt(centavos));
  }

  usar(clienteId: string, valor: Dinheiro, pagamentoId: string, em: Date): Promise<Dinheiro> {
    const transacao = `uso:${pagamentoId}`;
    const para = `pagamento:${pagamentoId}`;
    return this.#dataSource.transaction(async (manager) => {
      const rows: Array<{ id: string; restante: string }> = await manager.query(DISPONIVEIS, [clienteId, em]);
      const [{ centavos: antes }] = await manager.query(JA_USADO, [transacao, para]);
      if (BigInt(antes) > 0n) return Dinheiro.deCentavos(BigInt(antes));
      const lotes = rows.map(({ id, restante }) => ({ id, restante: BigInt(restante) }));
      let total = 0n;
      for (const { lote, centavos } of escolherLotes(lotes, valor.centavos)) {
        await lancar(manager, { transacao, lote, de: conta(clienteId), para, centavos, em });
        total += centavos;
      }
      return Dinheiro.deCentavos(total);
    });
  }

  expirar(agora: Date): Promise<number> {
    return this.#dataSource.transaction(async (manager) => {
      const vencidos: Array<{ id: string; clienteId: string; restante: string }> = await manager.query(
        VENCIDOS,
        [agora],
      );
      for (const { id: lote, clienteId, restante } of vencidos) {
        const [transacao, centavos] = [`expiracao:${lote}`, BigInt(restante)];
        await lancar(manager, {
          transacao,
          lote,
          de: conta(clienteId),
          para: EXPIRADOS,
          centavos,
          em: agora,
        });
      }
      return vencidos.length;
    });
  }
}

const conta = (clienteId: string): string => `cliente:${clienteId}`;

async function lancar(manager: EntityManager, lancamento: Lancamento): Promise<void> {
  const { transacao, lote, de, para, centavos, em } = lancamento;
  await manager.query(LANCAR, [transacao, lote, de, para, String(centavos), em]);
}
