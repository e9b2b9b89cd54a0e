import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { appendToOutbox } from '@plataforma/runtime/outbox';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import type { Transacao as DoAcompanhamento } from '../acompanhamento/application/ports.ts';
import { PostgresReservasRepository } from '../acompanhamento/infrastructure/reservas-repository.ts';
import type { Transacao as DosAvisos } from '../avisos/application/ports.ts';
import type { Transacao as DosContatos } from '../contatos/application/ports.ts';
import { PostgresAdministradores } from '../contatos/infrastructure/administradores-repository.ts';
import { PostgresContatosRepository } from '../contatos/infrastructure/contatos-repository.ts';
import { PostgresEnderecos } from '../contatos/infrastructure/enderecos-repository.ts';
import type { Transacao as DosDispositivos } from '../dispositivos/application/ports.ts';
import { PostgresDispositivosRepository } from '../dispositivos/infrastructure/dispositivos-repository.ts';
import type { MensagensDesligadas } from '../envio/application/encerrar-desligadas.ts';
import type { Transacao as DoEnvio } from '../envio/application/ports.ts';
import { toIntegrationEvent } from '../envio/infrastructure/event-mapper.ts';
import { PostgresFilaDeSaida } from '../envio/infrastructure/fila-de-saida.ts';
import { PostgresMensagensDesligadas } from '../envio/infrastructure/mensagens-desligadas.ts';
import type { OutroCanal } from '../mensagens/domain/canais.ts';
import { PostgresFila } from '../mensagens/infrastructure/fila.ts';
import { PostgresHistorico } from '../mensagens/infrastructure/historico.ts';
import { PostgresCanaisLigados } from '../preferencias/infrastructure/canais-ligados.ts';
import { PostgresPreferenciasRepository } from '../preferencias/infrastructure/preferencias-repository.ts';
import type { Transacao as DasRemocoes } from '../remocoes/application/ports.ts';
import { PostgresRemocoesRepository } from '../remocoes/infrastructure/remocoes-repository.ts';
import type { Transacao as DosRetornos, TransacaoDoResumo } from '../retornos/application/ports.ts';
import { PostgresResumosDeDevolucoes } from '../retornos/infrastructure/resumos-repository.ts';
import { PostgresRetornosRepository } from '../retornos/infrastructure/retornos-repository.ts';
import type { Transacao as DosTelefones } from '../telefones/application/ports.ts';
import { PostgresTelefonesRepository } from '../telefones/infrastructure/telefones-repository.ts';
import { PostgresWebhooksRepository } from '../webhooks/infrastructure/webhooks-repository.ts';

/** What one transaction sees; each room knows its part of it. */
type Transacao = DosContatos &
  DosAvisos &
  DoAcompanhamento &
  DoEnvio & { readonly desligadas: MensagensDesligadas } & DasRemocoes &
  DosRetornos &
  TransacaoDoResumo &
  DosTelefones &
  DosDispositivos;

/**
 * @param historicoCopiado whether the history is copied to another store
 * @param canais those that messages go by, besides e-mail
 */
export function createUnitOfWork(
  dataSource: DataSource,
  historicoCopiado = false,
  canais: readonly OutroCanal[] = [],
): UnitOfWork<Transacao> {
  return new PostgresUnitOfWork(dataSource, (sql) => ({
    contatos: new PostgresContatosRepository(sql),
    enderecos: new PostgresEnderecos(sql),
    canais: new PostgresCanaisLigados(sql, canais),
    preferencias: new PostgresPreferenciasRepository(sql),
    reservas: new PostgresReservasRepository(sql),
    fila: new PostgresFila(sql),
    saida: new PostgresFilaDeSaida(sql),
    desligadas: new PostgresMensagensDesligadas(sql),
    historico: new PostgresHistorico(sql, historicoCopiado),
    remocoes: new PostgresRemocoesRepository(sql),
    dispositivos: new PostgresDispositivosRepository(sql),
    retornos: new PostgresRetornosRepository(sql),
    resumos: new PostgresResumosDeDevolucoes(sql),
    administradores: new PostgresAdministradores(sql),
    telefones: new PostgresTelefonesRepository(sql),
    webhooks: new PostgresWebhooksRepository(sql),
    publicar: (...fatos) => appendToOutbox(sql, fatos.map(toIntegrationEvent)),
  }));
}
