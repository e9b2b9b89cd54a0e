import { eventHeaders } from '@plataforma/runtime/event-message';
import type { Published } from './provider.ts';

/** What a service stores in. */
interface Database {
  query(sql: string): Promise<Row[]>;
}

interface Row {
  readonly id: string;
  readonly tipo: string;
  readonly agregado: string;
  readonly versao: number;
  readonly assunto: string;
  readonly payload: string;
  readonly cabecalhos: Readonly<Record<string, string>>;
  readonly criadoEm: Date;
}

const OUTBOX = `
  select id, agregado_tipo as tipo, agregado_id as agregado, agregado_versao as versao, assunto, payload::text as payload,
    cabecalhos, criado_em as "criadoEm"
  from outbox order by posicao`;

/** Everything in the outbox of a service, as it leaves. The relay is of the runtime alone, and adds these headers. */
export async function publishedBy(database: Database): Promise<Published[]> {
  const rows = await database.query(OUTBOX);
  return rows.map(({ id, tipo, agregado, versao, assunto, payload, cabecalhos, criadoEm }) => ({
    subject: assunto,
    headers: eventHeaders({ id, assunto, agregado: { tipo, id: agregado, versao }, criadoEm, cabecalhos }),
    payload,
  }));
}
