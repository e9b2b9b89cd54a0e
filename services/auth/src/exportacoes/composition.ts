import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { EndedSessions } from '@plataforma/runtime/ended-sessions';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import type { Logger } from '@plataforma/runtime/logger';
import { inTurn, oneByOne } from '@plataforma/runtime/one-by-one';
import type { RpcService } from '@plataforma/runtime/rpc';
import type { Background } from '@plataforma/runtime/service';
import { autocommit } from '@plataforma/runtime/transaction';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import type { Auditoria } from '../auditoria/application/ports.ts';
import type { StatementSigner, TokenIssuer } from '../chaves/application/ports.ts';
import type { ConsultaDeUsuarios } from '../contas/application/ports.ts';
import type { OrigemDe } from '../contrato/presentation/origem.ts';
import type { ConfirmOwner } from '../credenciais/application/confirm-owner.ts';
import { deriveKey } from '../selos/infrastructure/secret-box.ts';
import { type MasterKeys, Selos } from '../selos/infrastructure/selos.ts';
import type { SessoesQueries } from '../sessoes/application/sessoes-queries.ts';
import { CollectExportHandler } from './application/collect-export.ts';
import { DownloadExportHandler } from './application/download-export.ts';
import { ExportsQueries } from './application/exports-queries.ts';
import type { Transacao } from './application/ports.ts';
import { RequestExportHandler } from './application/request-export.ts';
import { ArquivosAssinados } from './infrastructure/arquivos-assinados.ts';
import { apagarVencidas, PostgresColeta, situacaoDasExportacoes } from './infrastructure/coleta.ts';
import { fonteDaConta, secoesDaConta } from './infrastructure/dados-da-conta.ts';
import { EnderecosAssinados } from './infrastructure/enderecos.ts';
import { PostgresExportacoesRepository } from './infrastructure/exportacoes-repository.ts';
import { type EnderecosDosServicos, fontesRemotas } from './infrastructure/fontes-remotas.ts';
import { downloadRoute } from './presentation/download-route.ts';
import { exportService } from './presentation/export-service.ts';

interface Deps {
  readonly config: {
    readonly jwtIssuer: string;
    readonly publicUrl: string;
  } & MasterKeys &
    EnderecosDosServicos;
  readonly dataSource: DataSource;
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly sessoes: SessoesQueries;
  readonly endedSessions: Pick<EndedSessions, 'has'>;
  readonly signer: StatementSigner;
  readonly auditoria: Auditoria;
  readonly tokens: TokenIssuer;
  readonly origemDe: OrigemDe;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly workerMetrics: WorkerMetrics;
}

const LANES = 2;
const LOTE_DA_LIMPEZA = 50;
const LIMPEZA_A_CADA_MS = 60_000;

/** Exports of personal data: the calls, the download, and who collects them. */
export function createExportacoes(deps: Deps): {
  readonly service: RpcService;
  readonly route: HttpRoute;
  readonly background: readonly Background[];
} {
  const { config, dataSource, clock, origemDe, logger, workerMetrics: metrics, signer, auditoria } = deps;
  const daConta = fonteDaConta(secoesDaConta(autocommit(dataSource), deps.sessoes));
  const outras = fontesRemotas(deps);
  const fontes = [daConta, ...outras];
  const consulta = new PostgresExportacoesRepository(autocommit(dataSource));
  const coleta = new PostgresColeta(dataSource, new Selos(config, 'exports'));
  const enderecos = new EnderecosAssinados(deriveKey(config.masterKey, 'export-addresses'));
  const arquivos = new ArquivosAssinados({ coleta, signer, issuer: config.jwtIssuer });
  const coletor = new Worker({
    ...{ name: 'exportacoes', lanes: LANES, logger, metrics },
    work: oneByOne(new CollectExportHandler({ ...deps, coleta, fontes })),
    state: () => situacaoDasExportacoes(dataSource, clock.now()),
  });
  const limpeza = new Worker({
    ...{
      name: 'exportacoes-vencidas',
      batch: LOTE_DA_LIMPEZA,
      intervalMs: LIMPEZA_A_CADA_MS,
      logger,
      metrics,
    },
    work: inTurn({ vencidas: (maximo) => apagarVencidas(dataSource, clock.now(), maximo) }),
  });
  const request = new RequestExportHandler({
    ...deps,
    primeiraFonte: fontes[0]?.nome ?? '',
    wake: () => coletor.wake(),
  });
  const exports = new ExportsQueries({ consulta, enderecos, clock });
  const download = new DownloadExportHandler({
    ...{ enderecos, consulta, arquivos, auditoria, clock },
    acabou: ({ usuarioId: id, geracao, sessaoId, desde: emitidoEm }) =>
      deps.endedSessions.has({ tipo: 'USUARIO', id, geracao, sessaoId, emitidoEm }),
  });
  return {
    service: exportService({ request, exports, origemDe, publicUrl: config.publicUrl }),
    route: downloadRoute(download, origemDe),
    // Closed in the opposite order: the connections when no page is asked for any more.
    background: [connections(outras), coletor, limpeza],
  };
}

function connections(fontes: readonly { close(): void }[]): Background {
  return {
    name: 'fontes-de-dados',
    start: async () => {},
    stop: async () => {
      for (const fonte of fontes) fonte.close();
    },
  };
}
