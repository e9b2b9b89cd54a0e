import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Spaces. */
export class Espacos1764000000001 implements MigrationInterface {
  readonly name = 'Espacos1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table espacos (
        id                          text primary key check (id ~ '^esp_[0-9A-Za-z]+$'),
        nome                        text not null check (length(nome) between 1 and 120),
        tipo                        text not null check (tipo in ('SALA_REUNIAO', 'AUDITORIO', 'QUADRA')),
        capacidade                  integer not null check (capacidade between 1 and 100000),
        endereco                    text not null check (length(endereco) <= 300),
        fuso_horario                text not null,
        moeda                       text not null check (moeda = 'BRL'),
        preco_por_hora_centavos     bigint not null check (preco_por_hora_centavos > 0),
        taxa_limpeza_centavos       bigint not null check (taxa_limpeza_centavos >= 0),
        folga_minutos               integer not null check (folga_minutos between 0 and 240),
        antecedencia_minima_minutos integer not null check (antecedencia_minima_minutos >= 0),
        antecedencia_maxima_dias    integer not null check (antecedencia_maxima_dias >= 1),
        duracao_minima_minutos      integer not null check (duracao_minima_minutos >= 5),
        duracao_maxima_minutos      integer not null check (duracao_maxima_minutos between duracao_minima_minutos and 1440),
        grade_minutos               integer not null check (grade_minutos between 5 and 60),
        pico_centesimos             integer not null check (pico_centesimos between 1 and 1000),
        fim_de_semana_centesimos    integer not null check (fim_de_semana_centesimos between 1 and 1000),
        antecedencia_centesimos     integer not null check (antecedencia_centesimos between 1 and 1000),
        horarios                    jsonb not null check (jsonb_typeof(horarios) = 'array'),
        extras                      jsonb not null check (jsonb_typeof(extras) = 'array'),
        espera_pagamento_minutos    integer not null check (espera_pagamento_minutos between 5 and 60),
        ativo                       boolean not null,
        versao                      integer not null check (versao >= 1),
        criado_em                   timestamptz not null,
        atualizado_em               timestamptz not null check (atualizado_em >= criado_em)
      )`);
    await runner.query('create index espacos_nome_ix on espacos (nome, id)');
    // Newest first: where the counter of identities finds its floor.
    await runner.query('create index espacos_criado_ix on espacos (criado_em)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table espacos');
  }
}
