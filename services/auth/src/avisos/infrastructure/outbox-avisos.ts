import { randomUUID } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AvisoDeSegurancaSchema, TipoAvisoSeguranca } from '@plataforma/contratos/auth/v1/eventos_pb';
import { appendToOutbox, integrationEvent } from '@plataforma/runtime/outbox';
import type { Sql } from '@plataforma/runtime/transaction';
import type { Avisos } from '../application/ports.ts';
import type { Aviso } from '../domain/aviso.ts';

/** Notices as events: notificacoes mails them. Each is an aggregate of its own, for an account may get several at one version. */
export class OutboxAvisos implements Avisos {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async avisar({ usuarioId, tipo, origem, em, email = '', voltaAte }: Aviso): Promise<void> {
    const aviso = {
      ...{ usuarioId, tipo: TipoAvisoSeguranca[tipo], email },
      ...{ enderecoIp: origem.endereco, dispositivo: origem.dispositivo, ocorridoEm: timestampFromDate(em) },
      ...(voltaAte && { voltaAte: timestampFromDate(voltaAte) }),
    };
    const agregado = { tipo: 'aviso', id: randomUUID(), versao: 1 };
    await appendToOutbox(this.#sql, [integrationEvent(AvisoDeSegurancaSchema, aviso, agregado)]);
  }
}
