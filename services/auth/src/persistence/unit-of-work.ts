import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { EndedSessions } from '@plataforma/runtime/ended-sessions';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import type { Transacao as DaAuditoria, ObservadorDaAuditoria } from '../auditoria/application/ports.ts';
import { AvisosAuditados } from '../auditoria/infrastructure/avisos-auditados.ts';
import { PostgresEventos } from '../auditoria/infrastructure/eventos-repository.ts';
import { OutboxAvisos } from '../avisos/infrastructure/outbox-avisos.ts';
import { PostgresUsuariosRepository } from '../contas/infrastructure/usuarios-repository.ts';
import type { Transacao as DosEnderecos } from '../enderecos/application/ports.ts';
import { PostgresDeixadosRepository } from '../enderecos/infrastructure/deixados-repository.ts';
import { PostgresTrocasRepository } from '../enderecos/infrastructure/trocas-repository.ts';
import type { Transacao as DasExportacoes } from '../exportacoes/application/ports.ts';
import { PostgresExportacoesRepository } from '../exportacoes/infrastructure/exportacoes-repository.ts';
import type { CodigosDeRecuperacao, Transacao as DosFatores } from '../fatores/application/ports.ts';
import { ProvarFator } from '../fatores/application/provar-fator.ts';
import type { Totp } from '../fatores/domain/fator.ts';
import { PostgresFatoresRepository } from '../fatores/infrastructure/fatores-repository.ts';
import type { TransacaoDosVinculos } from '../google/application/ports.ts';
import { PostgresVinculosRepository } from '../google/infrastructure/vinculos-repository.ts';
import type { Transacao as DasIntegracoes } from '../integracoes/application/ports.ts';
import { PostgresChavesApi } from '../integracoes/infrastructure/chaves-api-repository.ts';
import type { Transacao as DasPasskeys } from '../passkeys/application/ports.ts';
import { PostgresPasskeysRepository } from '../passkeys/infrastructure/passkeys-repository.ts';
import type { Transacao as DasPessoas } from '../pessoais/application/ports.ts';
import { PostgresChavesPessoais } from '../pessoais/infrastructure/chaves-pessoais-repository.ts';
import type { TransacaoDasRemocoes } from '../remocoes/application/ports.ts';
import { PostgresRemocoesRepository } from '../remocoes/infrastructure/remocoes-repository.ts';
import type { Selos } from '../selos/infrastructure/selos.ts';
import type { Transacao as DasSenhas } from '../senhas/application/ports.ts';
import { PostgresRedefinicoesRepository } from '../senhas/infrastructure/redefinicoes-repository.ts';
import type { Transacao as DasSessoes } from '../sessoes/application/ports.ts';
import { PostgresEncerramentosRepository } from '../sessoes/infrastructure/encerramentos-repository.ts';

/** What one transaction sees; each room knows its part of it. */
type Transacao = DaAuditoria &
  DasPessoas &
  DosEnderecos &
  DosFatores &
  DasIntegracoes &
  DasPasskeys &
  DasSenhas &
  DasSessoes &
  DasExportacoes &
  TransacaoDosVinculos &
  TransacaoDasRemocoes;

/** What proves a second factor. */
interface Fatores {
  /** Seal the secrets of apps. */
  readonly selos: Selos;
  readonly codigos: CodigosDeRecuperacao;
  readonly totp: Totp;
}

/**
 * @param ended hears of the sessions that a transaction has ended
 * @param observador hears of the security events that a transaction has recorded
 * @param selosDePessoas seal the keys of people
 */
export function createUnitOfWork(
  dataSource: DataSource,
  ended: EndedSessions,
  observador: ObservadorDaAuditoria,
  { selos, codigos, totp }: Fatores,
  selosDePessoas: Selos,
): UnitOfWork<Transacao> {
  return new PostgresUnitOfWork(dataSource, (sql, afterCommit) => {
    const auditoria = new PostgresEventos(sql, observador, afterCommit);
    const avisos = new AvisosAuditados(new OutboxAvisos(sql), auditoria);
    const fatores = new PostgresFatoresRepository(sql, selos);
    const told = (usuarioId: string, geracao: number, em: Date) =>
      afterCommit(() => ended.noteAccount(usuarioId, geracao, em));
    const passkeys = new PostgresPasskeysRepository(sql);
    return {
      auditoria,
      usuarios: new PostgresUsuariosRepository(sql, told),
      remocoes: new PostgresRemocoesRepository(sql, told),
      avisos,
      encerramentos: new PostgresEncerramentosRepository(sql, afterCommit, ended),
      redefinicoes: new PostgresRedefinicoesRepository(sql),
      trocas: new PostgresTrocasRepository(sql),
      deixados: new PostgresDeixadosRepository(sql),
      fatores,
      passkeys,
      exportacoes: new PostgresExportacoesRepository(sql),
      chavesApi: new PostgresChavesApi(sql),
      chavesPessoais: new PostgresChavesPessoais(sql, selosDePessoas),
      vinculos: new PostgresVinculosRepository(sql),
      segundoFator: new ProvarFator({ fatores, outros: passkeys, avisos, auditoria, codigos, totp }),
    };
  });
}
