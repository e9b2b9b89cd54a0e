import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Sql } from '@plataforma/runtime/transaction';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import type { Transacao as DeCancelamentos } from '../cancelamentos/application/ports.ts';
import { PostgresBonusRepository } from '../cancelamentos/infrastructure/bonus-repository.ts';
import { PostgresPessoasRepository } from '../contas/infrastructure/pessoas-repository.ts';
import type { Transacao as DeEspacos } from '../espacos/application/ports.ts';
import { PostgresEspacosRepository } from '../espacos/infrastructure/espacos-repository.ts';
import { PostgresFechamentosRepository } from '../espacos/infrastructure/fechamentos-repository.ts';
import type { Transacao as DaFila } from '../fila-espera/application/ports.ts';
import { PromessasDaFila } from '../fila-espera/application/promessas-da-fila.ts';
import { PostgresFilaRepository } from '../fila-espera/infrastructure/fila-repository.ts';
import type { Transacao as DasRemocoes } from '../remocoes/application/ports.ts';
import { PostgresApagamentoRepository } from '../remocoes/infrastructure/apagamento-repository.ts';
import type { Transacao as DeReservas } from '../reservas/application/ports.ts';
import { PostgresCotacoesRepository } from '../reservas/infrastructure/cotacoes-repository.ts';
import { PostgresReservasRepository } from '../reservas/infrastructure/reservas-repository.ts';
import type { Transacao as DaSaga } from '../saga/application/ports.ts';
import { PostgresOcorrenciasRepository } from '../saga/infrastructure/ocorrencias-repository.ts';
import type { Transacao as DeSeries } from '../series/application/ports.ts';
import { PostgresSeriesRepository } from '../series/infrastructure/series-repository.ts';
import { PostgresTrabalhosAdiados } from '../trabalhos/infrastructure/trabalhos-adiados.ts';

/** All repositories that share one transaction; each room names those that it needs. */
export type Transacao = DeEspacos & DeReservas & DeCancelamentos & DaSaga & DaFila & DeSeries & DasRemocoes;

/** Told after the commit of the spaces whose agenda has changed. Must not fail. */
type AoMudar = (espacoIds: ReadonlySet<string>) => Promise<void>;

export function createUnitOfWork(
  dataSource: DataSource,
  aoMudar: AoMudar = async () => {},
): UnitOfWork<Transacao> {
  return new PostgresUnitOfWork(dataSource, (sql, afterCommit) => {
    const tocados = new Set<string>();
    afterCommit(() => (tocados.size > 0 ? aoMudar(tocados) : undefined));
    return repositories(sql, tocados);
  });
}

/** @param tocados gathers the spaces whose agenda changes. */
function repositories(sql: Sql, tocados: Set<string>): Transacao {
  const reservas = new PostgresReservasRepository(sql, tocados);
  const fechamentos = new PostgresFechamentosRepository(sql, tocados);
  const fila = new PostgresFilaRepository(sql);
  return {
    reservas,
    fechamentos,
    fila,
    promessas: new PromessasDaFila({ reservas, fechamentos, fila }),
    espacos: new PostgresEspacosRepository(sql),
    cotacoes: new PostgresCotacoesRepository(sql),
    series: new PostgresSeriesRepository(sql),
    ocorrencias: new PostgresOcorrenciasRepository(sql),
    pessoas: new PostgresPessoasRepository(sql),
    bonus: new PostgresBonusRepository(sql),
    adiados: new PostgresTrabalhosAdiados(sql),
    apagamento: new PostgresApagamentoRepository(sql),
  };
}
