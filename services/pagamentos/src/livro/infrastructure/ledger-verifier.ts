import { createHash } from 'node:crypto';
import type { Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import { fold } from '../../pagamento/domain/pagamento.ts';
import { EventStore } from '../../pagamento/infrastructure/event-store.ts';
import {
  decodeEstado,
  ESQUEMA_DO_ESTADO,
  encodeEstado,
} from '../../pagamento/infrastructure/snapshot-codec.ts';
import { verificarCreditos } from './creditos-verifier.ts';
import type { Defeito } from './defeito.ts';
import { verificarProjecoes } from './projecoes-verifier.ts';

export interface RelatorioDoLivro {
  readonly fluxos: number;
  readonly eventos: number;
  readonly defeitos: readonly Defeito[];
}

interface Elo {
  readonly fluxo: string;
  readonly versao: number;
  readonly conteudo: string;
  readonly anterior: string;
  readonly hash: string;
}

const PAGINA = 1_000;

// Written out rather than by the function of the triggers: a person who changes events might change that as well.
const ELOS = `
  select fluxo, versao, encode(hash_anterior, 'hex') as anterior, encode(hash, 'hex') as hash,
    jsonb_build_array(encode(hash_anterior, 'hex'), fluxo, versao, tipo, versao_esquema, dados, meta,
      to_char(ocorrido_em at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text as conteudo
  from eventos_pagamento where (fluxo, versao) > ($1, $2) order by fluxo, versao limit ${PAGINA}`;

// A chain does not tell that its end was cut off; the projection of the payment does.
const PONTAS = `
  with fluxos as (select fluxo, max(versao) as versao from eventos_pagamento group by fluxo)
  select coalesce(p.id, f.fluxo) as fluxo, coalesce(f.versao, 0) as versao,
    'the stream ends at version ' || coalesce(f.versao, 0) || ', the payment says ' || coalesce(p.versao, 0)
      as problema
  from pagamentos p full join fluxos f on f.fluxo = p.id
  where p.versao is distinct from f.versao order by 1`;

const INSTANTANEOS = `
  select fluxo, versao, estado from instantaneos_pagamento where fluxo > $1 and esquema = $2
  order by fluxo limit ${PAGINA}`;

/**
 * Reads the whole ledger again and recomputes every hash: finds events that were changed, removed, added in between or
 * cut off, snapshots and projections that do not say what the events say, and credit that the events do not explain.
 * Everything is read as of one moment, so that it may be done while the service runs.
 */
export async function verificarLivro(dataSource: DataSource): Promise<RelatorioDoLivro> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    await manager.query('set transaction read only');
    const cadeia = await verificarCadeias(manager);
    const pontas: Defeito[] = await manager.query(PONTAS);
    const quebrados = new Set([...cadeia.defeitos, ...pontas].map(({ fluxo }) => fluxo));
    const outros = [
      ...(await verificarInstantaneos(manager)),
      ...(await verificarProjecoes(manager, quebrados)),
      ...(await verificarCreditos(manager)),
    ];
    return { ...cadeia, defeitos: [...cadeia.defeitos, ...pontas, ...outros] };
  });
}

async function verificarCadeias(sql: Sql): Promise<RelatorioDoLivro> {
  const defeitos: Defeito[] = [];
  let fluxos = 0;
  let eventos = 0;
  let ultimo: Elo | undefined;
  for (;;) {
    const elos: Elo[] = await sql.query(ELOS, [ultimo?.fluxo ?? '', ultimo?.versao ?? 0]);
    for (const elo of elos) {
      const antes: Elo | undefined = ultimo?.fluxo === elo.fluxo ? ultimo : undefined;
      const problema = problemaDe(elo, antes);
      if (problema) defeitos.push({ fluxo: elo.fluxo, versao: elo.versao, problema });
      if (!antes) fluxos++;
      eventos++;
      ultimo = elo;
    }
    if (elos.length < PAGINA) return { fluxos, eventos, defeitos };
  }
}

function problemaDe(elo: Elo, antes: Elo | undefined): string | undefined {
  if (elo.versao !== (antes?.versao ?? 0) + 1) return `version ${(antes?.versao ?? 0) + 1} is missing`;
  if (elo.anterior !== (antes?.hash ?? '')) return 'does not follow from the event before it';
  const hash = createHash('sha256').update(elo.conteudo).digest('hex');
  return hash === elo.hash ? undefined : 'was changed after it was written';
}

async function verificarInstantaneos(sql: Sql): Promise<Defeito[]> {
  const store = new EventStore(sql);
  const defeitos: Defeito[] = [];
  let depoisDe = '';
  for (;;) {
    const fotos: Array<{ fluxo: string; versao: number; estado: unknown }> = await sql.query(INSTANTANEOS, [
      depoisDe,
      ESQUEMA_DO_ESTADO,
    ]);
    for (const { fluxo, versao, estado } of fotos) {
      const esperado = encodeEstado(fold(await store.read(fluxo, versao)));
      // Through the codec, so that the order of the fields does not matter.
      if (canonico(encodeEstado(decodeEstado(estado))) !== canonico(esperado))
        defeitos.push({ fluxo, versao, problema: 'the snapshot does not say what the events say' });
      depoisDe = fluxo;
    }
    if (fotos.length < PAGINA) return defeitos;
  }
}

function canonico(json: string): string {
  return JSON.stringify(JSON.parse(json), (_, valor: unknown) =>
    typeof valor === 'object' && valor !== null && !Array.isArray(valor)
      ? Object.fromEntries(Object.entries(valor).sort(([a], [b]) => (a < b ? -1 : 1)))
      : valor,
  );
}
