import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each event carries the hash of the one before it, so that nobody changes history unnoticed; and snapshots. */
export class CadeiaInstantaneos1764000000004 implements MigrationInterface {
  readonly name = 'CadeiaInstantaneos1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table eventos_pagamento add column hash_anterior bytea, add column hash bytea');
    await runner.query(HASH);
    await runner.query(ENCADEAR);
    await runner.query('alter table eventos_pagamento disable trigger eventos_pagamento_so_acrescentar');
    await runner.query(ENCADEAR_O_QUE_HA);
    await runner.query('alter table eventos_pagamento enable trigger eventos_pagamento_so_acrescentar');
    await runner.query(`
      alter table eventos_pagamento alter column hash_anterior set not null, alter column hash set not null`);
    await runner.query(`
      create trigger eventos_pagamento_encadear before insert on eventos_pagamento
      for each row execute function encadear_evento()`);
    await runner.query(INSTANTANEOS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table instantaneos_pagamento');
    await runner.query('drop trigger eventos_pagamento_encadear on eventos_pagamento');
    await runner.query('drop function encadear_evento()');
    await runner.query('drop function hash_do_evento(eventos_pagamento)');
    await runner.query('alter table eventos_pagamento drop column hash_anterior, drop column hash');
  }
}

// jsonb has one text for one value, so the array is a canonical form of all that an event says.
const HASH = `
  create function hash_do_evento(e eventos_pagamento) returns bytea language sql stable as $$
    select sha256(convert_to(jsonb_build_array(encode(e.hash_anterior, 'hex'), e.fluxo, e.versao, e.tipo,
      e.versao_esquema, e.dados, e.meta,
      to_char(e.ocorrido_em at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, 'UTF8'))
  $$`;

// A row trigger sees the rows that its own statement has inserted before.
const ENCADEAR = `
  create function encadear_evento() returns trigger language plpgsql as $$
  begin
    if new.versao = 1 then
      new.hash_anterior := '';
    else
      select hash into new.hash_anterior from eventos_pagamento
      where fluxo = new.fluxo and versao = new.versao - 1;
      if not found then
        raise exception 'stream % has no version %', new.fluxo, new.versao - 1 using errcode = 'restrict_violation';
      end if;
    end if;
    new.hash := hash_do_evento(new);
    return new;
  end $$`;

const ENCADEAR_O_QUE_HA = `
  do $$
  declare
    e eventos_pagamento;
    anterior bytea := '';
  begin
    for e in select * from eventos_pagamento order by fluxo, versao loop
      if e.versao = 1 then
        anterior := '';
      end if;
      e.hash_anterior := anterior;
      e.hash := hash_do_evento(e);
      update eventos_pagamento set hash_anterior = e.hash_anterior, hash = e.hash where posicao = e.posicao;
      anterior := e.hash;
    end loop;
  end $$`;

const INSTANTANEOS = `
  create table instantaneos_pagamento (
    fluxo     text primary key,
    versao    integer not null check (versao > 0),
    esquema   integer not null check (esquema > 0),
    estado    jsonb not null,
    criado_em timestamptz not null default now()
  )`;
